//! Files that mean harm: each is refused or cleaned, quickly and with little memory. All of them are made here.

use std::io::{Cursor, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use image::{ImageFormat, RgbImage};
use nix::sys::resource::{UsageWho, getrusage};
use serde_json::{Value, json};
use support::region::{Region, text};
use support::server_process::program;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A hostile file is refused within this long.
const WITHIN: Duration = Duration::from_secs(2);
/// And with no more memory than this (KiB).
const MEMORY: i64 = 100 * 1024;
/// Stands in what must not come through.
const CANARY: &str = "gps-canary-44.8125N";

/// Runs the examination as the server does: what it found, behind it the picture, and how long it took.
fn examined(name: &str, bytes: &[u8]) -> (Value, Vec<u8>, Duration) {
    let begun = Instant::now();
    let mut child = Command::new(program("egida").expect("built"))
        .arg("examine-file")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a child");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = [format!("{} {name}\n", bytes.len()).as_bytes(), bytes].concat();
    // It may have ended before it has read all.
    let feeding = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("an end");
    feeding.join().expect("fed");
    let end = output.stdout.iter().position(|byte| *byte == b'\n');
    let line = match end.filter(|_| output.status.success()) {
        Some(end) => serde_json::from_slice(&output.stdout[..end]).expect("a line"),
        // What was ended is refused as too complex.
        None => json!({"refused": "file_too_complex"}),
    };
    (line, end.map_or_else(Vec::new, |end| output.stdout[end + 1..].to_vec()), begun.elapsed())
}

/// Bytes of memory that the hungriest child so far has had (KiB): where tests share a process, one of another test may be among them.
fn hungriest() -> i64 {
    getrusage(UsageWho::RUSAGE_CHILDREN).expect("figures").max_rss()
}

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let drawn = RgbImage::from_fn(width, height, |x, y| {
        let tone = |value: u32| u8::try_from(value % 239).expect("a byte");
        image::Rgb([tone(x), tone(y), tone(x + y)])
    });
    let mut out = Cursor::new(Vec::new());
    drawn.write_to(&mut out, format).expect("a picture");
    out.into_inner()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |mut crc, byte| {
        crc ^= u32::from(*byte);
        (0..8).for_each(|_| crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 });
        crc
    })
}

fn chunk(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [kind.as_slice(), body].concat();
    [&u32::try_from(body.len()).expect("short").to_be_bytes(), named.as_slice(), &crc(&named).to_be_bytes()].concat()
}

/// A PNG that says it is enormous.
fn huge_png() -> Vec<u8> {
    let head = [&60_000_u32.to_be_bytes()[..], &60_000_u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [
        b"\x89PNG\r\n\x1a\n".as_slice(),
        &chunk(*b"IHDR", &head),
        &chunk(*b"IDAT", &[0x78, 0x9c, 0x03, 0, 0, 0, 0, 1]),
        &chunk(*b"IEND", b""),
    ]
    .concat()
}

/// A PNG whose few bytes become forty megapixels.
fn dense_png() -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image::GrayImage::new(6_300, 6_300).write_to(&mut out, ImageFormat::Png).expect("a picture");
    out.into_inner()
}

/// What cameras write beside a picture: how it is turned, where it was taken, and a small picture.
fn exif() -> Vec<u8> {
    let small = picture(16, 16, ImageFormat::Jpeg);
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    let (ifd1, gps, text): (u32, u32, u32) =
        (8 + 2 + 2 * 12 + 4, 8 + 2 + 2 * 12 + 4 + 2 + 2 * 12 + 4, 8 + 2 + 2 * 12 + 4 + 2 + 2 * 12 + 4 + 2 + 12 + 4);
    let thumbnail = text + u32::try_from(CANARY.len()).expect("short");
    let mut tiff = [&b"II*\0"[..], &8_u32.to_le_bytes(), &2_u16.to_le_bytes()].concat();
    tiff.extend(entry(0x0112, 3, 1, 6));
    tiff.extend(entry(0x8825, 4, 1, gps));
    tiff.extend(ifd1.to_le_bytes());
    tiff.extend(2_u16.to_le_bytes());
    tiff.extend(entry(0x0201, 4, 1, thumbnail));
    tiff.extend(entry(0x0202, 4, 1, u32::try_from(small.len()).expect("short")));
    tiff.extend(0_u32.to_le_bytes());
    tiff.extend(1_u16.to_le_bytes());
    tiff.extend(entry(0x001D, 2, u32::try_from(CANARY.len()).expect("short"), text));
    tiff.extend(0_u32.to_le_bytes());
    tiff.extend(CANARY.as_bytes());
    tiff.extend(small);
    [b"Exif\0\0".as_slice(), &tiff].concat()
}

/// A photograph as a camera writes it.
fn photograph() -> Vec<u8> {
    let plain = picture(120, 80, ImageFormat::Jpeg);
    let exif = exif();
    let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
    [&plain[..2], &[0xFF, 0xE1], &length, &exif, &plain[2..]].concat()
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(*name, options).expect("an entry");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("an archive").into_inner()
}

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
const BODY: &str = r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Agreed steps &amp; the of&#64257;ce</w:t></w:r></w:p></w:body></w:document>"#;

fn docx(more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut entries: Vec<(&str, &[u8])> = vec![("[Content_Types].xml", TYPES.as_bytes())];
    if !more.iter().any(|(name, _)| *name == "word/document.xml") {
        entries.push(("word/document.xml", BODY.as_bytes()));
    }
    entries.extend_from_slice(more);
    archive(&entries)
}

fn odt(content: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut entries: Vec<(&str, &[u8])> =
        vec![("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", content.as_bytes())];
    entries.extend_from_slice(more);
    archive(&entries)
}

/// A document of these objects; the first is its catalogue, the third its page.
fn pdf(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        // Bytes are written as the characters of these numbers.
        let bytes = object.chars().map(|c| u8::try_from(u32::from(c)).expect("a byte"));
        out.extend(format!("{} 0 obj\n", n + 1).into_bytes().into_iter().chain(bytes).chain(*b"\nendobj\n"));
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for place in &places {
        out.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    out.extend(format!("trailer\n<</Size {}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).into_bytes());
    out
}

pub fn page(catalogue: &str, page: &str, more: &[&str]) -> Vec<u8> {
    let words = "BT /F1 12 Tf 72 700 Td (What was agreed about shelters) Tj ET";
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R{catalogue}>>"),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>{page}>>"),
        format!("<</Length {}>>\nstream\n{words}\nendstream", words.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    objects.extend(more.iter().map(|object| (*object).to_owned()));
    pdf(&objects, "")
}

/// A stream that becomes two thousand times larger.
fn flate_bomb(kind: &str) -> String {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("a", SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).expect("an entry");
    let zeros = vec![b' '; 1024 * 1024];
    (0..300).for_each(|_| zip.write_all(&zeros).expect("written"));
    let whole = zip.finish().expect("an archive").into_inner();
    // What lies between the entry's head and the table of contents, in the hull of zlib.
    let to = whole.windows(4).rposition(|window| window == b"PK\x01\x02").expect("a table");
    let packed: String = [&[0x78, 0x9c], &whole[31..to]].concat().into_iter().map(char::from).collect();
    format!("<<{kind}/Filter/FlateDecode/Length {}>>\nstream\n{packed}\nendstream", to - 31 + 2)
}

/// All that is refused, with the reasons that may be given.
#[expect(clippy::too_many_lines, reason = "a list, and what its lines are made of")]
fn refused() -> Vec<(&'static str, &'static str, Vec<u8>, &'static [&'static str])> {
    const TYPE: &[&str] = &["file_type_refused"];
    const BROKEN: &[&str] = &["file_broken"];
    const ACTIVE: &[&str] = &["file_active"];
    const EXPANDS: &[&str] = &["file_expands"];
    const ANY: &[&str] = &["file_broken", "file_type_refused", "file_too_complex", "file_expands"];
    let relationship = |kind: &str, mode: &str| {
        format!(
            r#"<Relationships><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="https://evil.example/x" TargetMode="{mode}"/></Relationships>"#
        )
    };
    let half = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let laughs = {
        let entity = |n: usize| format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10));
        let entities = (1..10).map(entity).collect::<Vec<_>>().concat();
        format!("<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY a0 \"lol\">{entities}]><w:document>&a9;</w:document>")
    };
    let many: Vec<(String, &[u8])> = (0..1_100).map(|n| (format!("word/media/i{n}.png"), b"x".as_slice())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let zeros = vec![0_u8; 120 * 1024 * 1024];
    let nested = archive(&[("b.txt", &zeros[..10_000_000])]);
    let encrypted = {
        let mut plain = docx(&[]);
        // The flag that says so, in every head.
        for at in 0..plain.len() - 4 {
            if plain[at..].starts_with(b"PK\x03\x04") {
                plain[at + 6] |= 1;
            } else if plain[at..].starts_with(b"PK\x01\x02") {
                plain[at + 8] |= 1;
            }
        }
        plain
    };
    let lying = {
        let mut plain = docx(&[("word/media/i.png", &zeros[..50_000_000])]);
        for at in 0..plain.len() - 4 {
            if plain[at..].starts_with(b"PK\x01\x02") && plain[at + 24..at + 28] == 50_000_000_u32.to_le_bytes() {
                plain[at + 24..at + 28].copy_from_slice(&1_000_u32.to_le_bytes());
            }
        }
        plain
    };
    let prefixed = [b"<html>".as_slice(), &docx(&[])].concat();
    let mut files = vec![
        ("a picture of 60,000 by 60,000", "a.png", huge_png(), &["picture_too_large"][..]),
        ("forty megapixels in a few bytes", "a.png", dense_png(), EXPANDS),
        ("half a PNG", "a.png", half(picture(300, 300, ImageFormat::Png)), BROKEN),
        ("half a WebP", "a.webp", half(picture(300, 300, ImageFormat::WebP)), BROKEN),
        ("a head without a picture", "a.jpg", b"\xFF\xD8\xFF\xE0".to_vec(), BROKEN),
        ("half a PDF", "a.pdf", half(page("", "", &[])), ANY),
        ("half a DOCX", "a.docx", half(docx(&[])), ANY),
        ("half an ODT", "a.odt", half(odt("<d/>", &[])), ANY),
        ("a GIF", "a.jpg", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), TYPE),
        ("an SVG", "a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), TYPE),
        ("a page", "a.jpg", b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), TYPE),
        ("a page as text", "a.txt", b"  <html><script>alert(1)</script>".to_vec(), TYPE),
        ("a script", "a.js", b"alert(1)".to_vec(), TYPE),
        ("XML", "a.xml", b"<?xml version='1.0'?><a/>".to_vec(), TYPE),
        ("a program of Windows", "a.pdf", [b"MZ\x90\0".as_slice(), &[0; 100]].concat(), TYPE),
        ("a program of Linux", "a.docx", [b"\x7fELF\x02\x01\x01".as_slice(), &[0; 100]].concat(), TYPE),
        ("an archive", "a.zip", archive(&[("a.txt", b"x")]), TYPE),
        ("nothing but zeros", "a.txt", vec![0; 1000], TYPE),
        ("a page before a document", "a.docx", prefixed, TYPE),
        ("a page before a PDF", "a.pdf", [b"<html>".as_slice(), &page("", "", &[])].concat(), TYPE),
        ("an archive behind a PDF", "a.pdf", [page("", "", &[]), archive(&[("a.html", b"x")])].concat(), TYPE),
        ("a PDF that runs a script", "a.pdf", page("/OpenAction 6 0 R", "", &["<</S/JavaScript/JS(app.alert(1))>>"]), ACTIVE),
        (
            "a PDF with named scripts",
            "a.pdf",
            page("/Names<</JavaScript<</Names[(a)6 0 R]>>>>", "", &["<</S/JavaScript/JS(x)>>"]),
            ACTIVE,
        ),
        ("a PDF that opens an address", "a.pdf", page("/OpenAction<</S/URI/URI(https://evil.example)>>", "", &[]), ACTIVE),
        ("a PDF with an action of a page", "a.pdf", page("", "/AA<</O 6 0 R>>", &["<</S/Launch/F(cmd.exe)>>"]), ACTIVE),
        (
            "a PDF that starts a program",
            "a.pdf",
            page("", "/Annots[6 0 R]", &["<</Type/Annot/Subtype/Link/Rect[0 0 1 1]/A<</S/Launch/F(cmd.exe)>>>>"]),
            ACTIVE,
        ),
        (
            "a PDF with a file inside",
            "a.pdf",
            page(
                "/Names<</EmbeddedFiles<</Names[(a)6 0 R]>>>>",
                "",
                &["<</Type/Filespec/F(a.exe)/EF<</F 7 0 R>>>>", "<</Type/EmbeddedFile/Length 1>>\nstream\nx\nendstream"],
            ),
            ACTIVE,
        ),
        (
            "a PDF with a form that acts",
            "a.pdf",
            page("/AcroForm<</XFA 6 0 R/Fields[]>>", "", &["<</Length 1>>\nstream\nx\nendstream"]),
            ACTIVE,
        ),
        (
            "a locked PDF",
            "a.pdf",
            pdf(
                &[
                    "<</Type/Catalog/Pages 2 0 R>>".into(),
                    "<</Type/Pages/Kids[]/Count 0>>".into(),
                    format!("<</Filter/Standard/V 2/R 3/Length 128/P -44/O<{0}>/U<{0}>>>", "00".repeat(32)),
                ],
                "/Encrypt 3 0 R/ID[<00><00>]",
            ),
            &["file_encrypted", "file_broken"],
        ),
        (
            "a PDF without pages",
            "a.pdf",
            pdf(&["<</Type/Catalog/Pages 2 0 R>>".into(), "<</Type/Pages/Kids[]/Count 0>>".into()], ""),
            BROKEN,
        ),
        (
            "a PDF whose pages are each other's",
            "a.pdf",
            pdf(&["<</Type/Catalog/Pages 2 0 R>>".into(), "<</Type/Pages/Kids[2 0 R]/Count 1>>".into()], ""),
            ANY,
        ),
        ("a PDF nested without end", "a.pdf", page(&format!("/X {deep}"), "", &[]), ANY),
        (
            "a PDF whose tables go round",
            "a.pdf",
            pdf(&["<</Type/Catalog/Pages 2 0 R>>".into(), "<</Type/Pages/Kids[]/Count 0>>".into()], "/Prev 9"),
            ANY,
        ),
        (
            "a page that unpacks without end",
            "a.pdf",
            pdf(
                &[
                    "<</Type/Catalog/Pages 2 0 R>>".into(),
                    "<</Type/Pages/Kids[3 0 R]/Count 1>>".into(),
                    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>".into(),
                    flate_bomb(""),
                ],
                "",
            ),
            ANY,
        ),
        ("a DOCX with macros", "a.docx", docx(&[("word/vbaProject.bin", b"x")]), ACTIVE),
        ("a DOCX with an object", "a.docx", docx(&[("word/embeddings/oleObject1.bin", b"x")]), ACTIVE),
        (
            "a DOCX with a template elsewhere",
            "a.docx",
            docx(&[("word/_rels/settings.xml.rels", relationship("attachedTemplate", "External").as_bytes())]),
            ACTIVE,
        ),
        (
            "a DOCX with a picture elsewhere",
            "a.docx",
            docx(&[("word/_rels/document.xml.rels", relationship("image", "External").as_bytes())]),
            ACTIVE,
        ),
        ("a DOCX with an archive", "a.docx", docx(&[("word/media/i.png", &nested)]), ACTIVE),
        ("a DOCX that is much larger inside", "a.docx", docx(&[("word/media/i.png", &zeros)]), EXPANDS),
        ("a DOCX that lies about its size", "a.docx", lying, ANY),
        ("a DOCX of too many entries", "a.docx", docx(&many), EXPANDS),
        ("a locked DOCX", "a.docx", encrypted, &["file_encrypted"]),
        ("a DOCX that leads out", "a.docx", docx(&[("../../../etc/cron.d/x", b"x")]), BROKEN),
        ("a billion laughs", "a.docx", docx(&[("word/document.xml", laughs.as_bytes())]), ACTIVE),
        ("a DOCX nested without end", "a.docx", docx(&[("word/document.xml", "<a>".repeat(100_000).as_bytes())]), ANY),
        (
            "a DOCX that isn't",
            "a.docx",
            archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", BODY.as_bytes())]),
            TYPE,
        ),
        ("an ODT with a script", "a.odt", odt("<d><script xmlns='x'/></d>", &[]), ACTIVE),
        ("an ODT with macros", "a.odt", odt("<d/>", &[("Basic/Standard/Module1.xml", b"<x/>")]), ACTIVE),
        (
            "an ODT with a picture elsewhere",
            "a.odt",
            odt("<d xmlns:x='x'><image x:href='https://evil.example/i.png'/></d>", &[]),
            ACTIVE,
        ),
        ("a locked ODT", "a.odt", odt("<d/>", &[("META-INF/manifest.xml", b"<m><encryption-data/></m>")]), &["file_encrypted"]),
        (
            "an office file of the old kind",
            "a.docx",
            [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600]].concat(),
            &["file_encrypted"],
        ),
    ];
    files.push(("a page with the name of a PDF", "a.pdf", b"<html><body>%PDF-1.7</body></html>".to_vec(), TYPE));
    files
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures of each")]
fn what_means_harm_is_refused_at_once_and_with_little_memory() {
    let mut wrong = Vec::new();
    let most = MEMORY.max(hungriest());
    for (what, name, bytes, reasons) in refused() {
        let (line, _, took) = examined(name, &bytes);
        let peak = hungriest();
        println!("{what}: {} bytes, {line}, {took:?}, at most {} MiB so far", bytes.len(), peak / 1024);
        if !line["refused"].as_str().is_some_and(|reason| reasons.contains(&reason)) {
            wrong.push(format!("{what}: {line}, not one of {reasons:?}"));
        }
        if took > WITHIN || peak > most {
            wrong.push(format!("{what}: {took:?}, {peak} KiB"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[test]
fn pictures_come_out_without_what_one_does_not_see() {
    let mut jpeg_with_more = picture(120, 80, ImageFormat::Jpeg);
    jpeg_with_more.extend(archive(&[("payload-canary.html", b"<script>")]));
    jpeg_with_more.extend(b"<html><script>payload-canary</script>");
    let mut png = picture(120, 80, ImageFormat::Png);
    let end = png.len() - 12;
    png.splice(end..end, [chunk(*b"tEXt", format!("Comment\0{CANARY}").as_bytes()), chunk(*b"eXIf", &exif()[6..])].concat());
    png.extend(b"payload-canary");
    for (what, name, bytes, size) in [
        ("a photograph", "a.jpg", photograph(), (80, 120)),
        ("a JPEG with an archive and a page behind it", "a.jpg", jpeg_with_more, (120, 80)),
        ("a PNG with notes", "a.png", png, (120, 80)),
    ] {
        assert!(holds(&bytes, CANARY.as_bytes()) || holds(&bytes, b"payload-canary"), "{what}");
        let (line, out, took) = examined(name, &bytes);
        let told = &line["picture"];
        assert_eq!((told["width"].as_u64(), told["height"].as_u64()), (Some(size.0), Some(size.1)), "{what}: {line}");
        for gone in [CANARY.as_bytes(), b"payload-canary", b"Exif", b"tEXt", b"eXIf", b"<script>"] {
            assert!(!holds(&out, gone), "{what}: {}", String::from_utf8_lossy(gone));
        }
        let whole = usize::try_from(told["bytes"].as_u64().expect("bytes")).expect("short");
        let read = image::load_from_memory(&out[..whole]).expect("a picture");
        assert_eq!((u64::from(read.width()), u64::from(read.height())), size, "{what}");
        let small = image::load_from_memory(&out[whole..]).expect("a thumbnail");
        assert!(small.width().max(small.height()) <= 320);
        assert!(took < WITHIN, "{what}: {took:?}");
    }
    // Half a JPEG may still show something; then that is all there is of it.
    let whole = picture(600, 400, ImageFormat::Jpeg);
    let (line, ..) = examined("a.jpg", &whole[..whole.len() / 2]);
    assert!(line["refused"] == "file_broken" || line["picture"]["width"] == 600, "{line}");
}

#[test]
#[expect(clippy::print_stdout, reason = "the figure of a large one")]
fn honest_files_are_taken_and_read() {
    let most = MEMORY.max(hungriest());
    for (name, bytes, words) in [
        ("a.txt", "Договорени кораци".as_bytes().to_vec(), "Договорени кораци"),
        ("a.pdf", page("/OpenAction[3 0 R/XYZ null null 0]", "", &[]), "What was agreed about shelters"),
        (
            "a.docx",
            docx(&[(
                "word/_rels/document.xml.rels",
                br#"<R><Relationship Type="x/hyperlink" Target="https://a.example" TargetMode="External"/></R>"#,
            )]),
            "Agreed steps & the office",
        ),
        ("a.odt", odt("<d xmlns:text='t'><text:p>Koraci<text:s/>dogovoreni</text:p></d>", &[]), "Koraci dogovoreni"),
    ] {
        let (line, _, took) = examined(name, &bytes);
        assert!(line["document"]["text"].as_str().is_some_and(|text| text.contains(words)), "{name}: {line}");
        assert!(took < WITHIN, "{name}: {took:?}");
    }
    for (name, format) in [("a.jpg", ImageFormat::Jpeg), ("a.png", ImageFormat::Png), ("a.webp", ImageFormat::WebP)] {
        let (line, ..) = examined(name, &picture(300, 200, format));
        assert_eq!(line["picture"]["width"], 300, "{name}: {line}");
    }
    // What nothing refers to is unpacked no further than there is room, and no page shows it.
    let (_, _, took) = examined("a.pdf", &page("", "", &[&flate_bomb("/Type/ObjStm/N 1/First 4")]));
    assert!(took < WITHIN && hungriest() <= most, "{took:?}, {} KiB", hungriest());
    let large = picture(4_000, 3_000, ImageFormat::Jpeg);
    let (line, _, took) = examined("a.jpg", &large);
    println!("a photograph of 12 megapixels: {took:?}, at most {} MiB", hungriest() / 1024);
    assert_eq!(line["picture"]["width"], 4_000, "{line}");
}

#[tokio::test]
async fn what_is_refused_leaves_nothing_and_names_are_only_names() {
    let region = Region::start(&[]).expect("a region");
    let owner = region.person("member.ro").await;
    for (name, bytes, code) in [
        ("a.png", huge_png(), "picture_too_large"),
        ("a.pdf", page("/OpenAction 6 0 R", "", &["<</S/JavaScript/JS(x)>>"]), "file_active"),
        ("a.svg", b"<svg/>".to_vec(), "file_type_refused"),
        ("a.txt", b"JMBG 0101901710008".to_vec(), "personal_data"),
        ("a.txt", b"DR\xc5\xbdAVNA TAJNA\nof a plan".to_vec(), "personal_data"),
    ] {
        let answer = owner.send_file(name, &bytes).await;
        let problem = answer.refused(422, code);
        assert!(!problem.to_string().contains("0101901710008"), "{problem}");
    }
    assert_eq!(lying(region.folder()), 0, "what was refused is gone");
    for (given, kept) in [
        ("../../../etc/passwd", "passwd.txt".to_owned()),
        ("invoice\u{202E}fdp.txt", "invoicefdp.txt".to_owned()),
        ("nul\u{0}byte.txt", "nulbyte.txt".to_owned()),
        ("C:\\temp\\a.txt", "a.txt".to_owned()),
    ] {
        let sent = owner.send_file(given, b"words").await.is(200);
        assert_eq!(sent["file"]["name"], kept, "{given:?}");
    }
    let long = owner.send_file(&format!("{}.txt", "я".repeat(10_000)), b"words").await.is(200);
    assert_eq!(text(&long["file"]["name"]).chars().count(), 120);
}

/// How many files lie in the folder of files.
fn lying(data: &Path) -> usize {
    walkdir::WalkDir::new(data.join("files")).into_iter().flatten().filter(|entry| entry.file_type().is_file()).count()
}
