//! Pictures: decoded and made anew, so that nothing of a file is left but what one sees.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::{Line, Refusal};
use crate::files::model::Type;

/// Pixels at most.
const PIXELS_MAX: u64 = 40_000_000;
/// Pixels of a side at most.
const SIDE_MAX: u32 = 20_000;
/// Bytes that decoding may ask for: 40 megapixels in colour, and what lies beside them.
const DECODED_MAX: u64 = 200 * 1024 * 1024;
/// From so many pixels on it is looked how few bytes they come from.
const DENSE_FROM: u64 = 10_000_000;
/// Pixels of a large picture that one byte may stand for: a drawing on white has thirty.
const DENSITY_MAX: u64 = 100;
/// Pixels of a thumbnail's longer side.
const THUMBNAIL: u32 = 320;
/// How well a photograph is kept, and its thumbnail.
const QUALITY: u8 = 88;
const THUMBNAIL_QUALITY: u8 = 80;

/// The picture made anew, behind it its thumbnail.
pub(super) fn look(bytes: &[u8], of: Type) -> Result<(Line, Vec<u8>), Refusal> {
    let (mut picture, turned) = decoded(bytes, of)?;
    picture.apply_orientation(turned);
    let (width, height) = (picture.width(), picture.height());
    let opaque = !picture.color().has_alpha();
    // What has no transparency and isn't drawn is a photograph.
    let of = match of {
        Type::Webp if opaque => Type::Jpeg,
        Type::Webp => Type::Png,
        of => of,
    };
    let small = flat(&picture.thumbnail(THUMBNAIL.min(width), THUMBNAIL.min(height)));
    let mut out = Vec::new();
    match of {
        Type::Jpeg => jpeg(&mut out, picture, QUALITY)?,
        _ => png(&mut out, picture)?,
    }
    let whole = out.len();
    jpeg(&mut out, DynamicImage::ImageRgb8(small), THUMBNAIL_QUALITY)?;
    let line = Line::Picture { of, width, height, bytes: whole, thumbnail: out.len() - whole };
    Ok((line, out))
}

/// The pixels, and how they are to be turned.
fn decoded(bytes: &[u8], of: Type) -> Result<(DynamicImage, Orientation), Refusal> {
    let broken = |_| Refusal::FileBroken;
    let format = match of {
        Type::Jpeg => ImageFormat::Jpeg,
        Type::Png => ImageFormat::Png,
        _ => ImageFormat::WebP,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODED_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > PIXELS_MAX || width.max(height) > SIDE_MAX || decoder.total_bytes() > DECODED_MAX {
        return Err(Refusal::PictureTooLarge);
    }
    if pixels > DENSE_FROM && pixels / bytes.len().max(1) as u64 > DENSITY_MAX {
        return Err(Refusal::FileExpands);
    }
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    Ok((picture, turned))
}

/// The picture on white.
fn flat(picture: &DynamicImage) -> image::RgbImage {
    let with_alpha = picture.to_rgba8();
    image::RgbImage::from_fn(with_alpha.width(), with_alpha.height(), |x, y| {
        let image::Rgba([red, green, blue, alpha]) = *with_alpha.get_pixel(x, y);
        let over = |value: u8| {
            let mixed = (u32::from(value) * u32::from(alpha) + 255 * (255 - u32::from(alpha))) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

fn jpeg(out: &mut Vec<u8>, picture: DynamicImage, quality: u8) -> Result<(), Refusal> {
    let picture = match picture {
        grey @ DynamicImage::ImageLuma8(_) => grey,
        other => DynamicImage::ImageRgb8(other.into_rgb8()),
    };
    picture.write_with_encoder(JpegEncoder::new_with_quality(out, quality)).map_err(|_| Refusal::FileTooComplex)
}

fn png(out: &mut Vec<u8>, picture: DynamicImage) -> Result<(), Refusal> {
    let picture = match (picture.color().has_alpha(), picture.color().has_color()) {
        (true, _) => DynamicImage::ImageRgba8(picture.into_rgba8()),
        (false, true) => DynamicImage::ImageRgb8(picture.into_rgb8()),
        (false, false) => DynamicImage::ImageLuma8(picture.into_luma8()),
    };
    let encoder = PngEncoder::new_with_quality(out, CompressionType::Fast, FilterType::Adaptive);
    picture.write_with_encoder(encoder).map_err(|_| Refusal::FileTooComplex)
}
