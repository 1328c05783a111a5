//! Types and rules of files: pure.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::clock::rfc3339;
use crate::base::text::is_visible;

/// Bytes of a file at most.
pub const FILE_MAX: u64 = 25 * 1024 * 1024;
/// Bytes that somebody's files may take together.
pub(super) const ACCOUNT_MAX: i64 = 1024 * 1024 * 1024;
/// Bytes that somebody may send in a day.
pub(super) const DAY_MAX: i64 = 512 * 1024 * 1024;
/// Files that somebody can begin each second, lasting, and at once.
pub(super) const BEGINS: (u32, u32) = (1, 60);
/// Files that hang on nothing, of one person, at most.
pub(super) const LOOSE_MAX: i64 = 100;
/// Characters of a name at most, its ending included.
const NAME_MAX: usize = 120;
/// Characters that some system takes for more than a part of a name.
const AWKWARD: [char; 9] = ['<', '>', ':', '"', '|', '?', '*', '/', '\\'];

/// What a file is for its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = FileKind)]
pub enum Kind {
    /// A picture, made anew here.
    Image,
    /// A document, as it was sent.
    Document,
    /// Anything else.
    Other,
}

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Document => "document",
            Self::Other => "other",
        }
    }

    pub(super) fn of(word: &str) -> Self {
        match word {
            "image" => Self::Image,
            "document" => Self::Document,
            _ => Self::Other,
        }
    }
}

/// The types that are taken, by what is in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Type {
    Jpeg,
    Png,
    Webp,
    Pdf,
    Docx,
    Odt,
    Txt,
}

impl Type {
    /// How it is named on the wire.
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Txt => "text/plain; charset=utf-8",
        }
    }

    /// The endings that its names may have; the first is the one that is given.
    pub(super) fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Webp => &["webp"],
            Self::Pdf => &["pdf"],
            Self::Docx => &["docx"],
            Self::Odt => &["odt"],
            Self::Txt => &["txt"],
        }
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Jpeg | Self::Png | Self::Webp => Kind::Image,
            Self::Pdf | Self::Docx | Self::Odt | Self::Txt => Kind::Document,
        }
    }
}

/// A file as it goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = File)]
pub struct FileView {
    /// Its id.
    pub id: Uuid,
    /// Its name: one line, with the ending that fits what is in it.
    pub name: String,
    /// What is in it.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// What it is for its reader.
    pub kind: Kind,
    /// Of a picture, in pixels.
    pub width: Option<i64>,
    /// Of a picture, in pixels.
    pub height: Option<i64>,
    /// Whether there is a small picture of it.
    pub thumbnail: bool,
    /// Whether there is a picture of its first page.
    pub preview: bool,
    /// RFC 3339.
    pub created_at: String,
}

/// A file as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) owner: Uuid,
    pub(super) state: String,
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) kind: String,
    pub(super) size: i64,
    pub(super) width: Option<i64>,
    pub(super) height: Option<i64>,
    pub(super) key: Vec<u8>,
    pub(super) blob: String,
    pub(super) thumb: Option<String>,
    pub(super) thumb_size: Option<i64>,
    pub(super) holder_kind: Option<String>,
    pub(super) holder: Option<Uuid>,
    pub(super) created_at: i64,
    /// Whether it goes into a sealed space: then its name isn't kept here, and it is in no index.
    pub(super) sealed: bool,
}

impl Row {
    /// Whether it came in whole and was examined.
    pub(super) fn is_ready(&self) -> bool {
        self.state == "ready"
    }

    /// Bytes of it, or those that were announced.
    pub(super) fn length(&self) -> u64 {
        u64::try_from(self.size).unwrap_or(0)
    }

    /// As others see it.
    pub(super) fn view(&self) -> FileView {
        FileView {
            id: self.id,
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            size: self.size,
            kind: Kind::of(&self.kind),
            width: self.width,
            height: self.height,
            thumbnail: self.thumb.is_some(),
            preview: false,
            created_at: rfc3339(self.created_at),
        }
    }
}

/// A name as somebody's machine gave it, made fit to be shown and kept: its last part, on one line, without what nobody sees,
/// what turns the writing direction, and what some system takes for more than a name.
pub(super) fn name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let kept: String = last.chars().map(|c| if AWKWARD.contains(&c) { '_' } else { c }).collect();
    let seen: String =
        kept.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| *c == ' ' || is_visible(*c)).collect();
    let joined = seen.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect::<String>();
    let trimmed = joined.trim_matches(|c: char| c == '.' || c == ' ');
    let (stem, ending) = parts(trimmed);
    let ending = ending.map(|ending| format!(".{ending}")).unwrap_or_default();
    let room = NAME_MAX - ending.chars().count();
    let stem: String = stem.chars().take(room).collect();
    match stem.trim_end_matches(['.', ' ']) {
        "" => format!("file{ending}"),
        stem => format!("{stem}{ending}"),
    }
}

/// A name with an ending that says what is in the file.
pub(super) fn named(name: &str, of: Type) -> String {
    let (stem, ending) = parts(name);
    let fits = ending.is_some_and(|ending| of.endings().iter().any(|known| ending.eq_ignore_ascii_case(known)));
    if fits { name.to_owned() } else { self::name(&format!("{stem}.{}", of.endings()[0])) }
}

/// What is kept of the name of a file that goes into a sealed space: its ending.
pub(super) fn nameless(given: &str) -> String {
    match ending(given) {
        Some(ending) => format!("file.{ending}"),
        None => "file".to_owned(),
    }
}

/// The ending of a name, in lower case.
pub(super) fn ending(name: &str) -> Option<String> {
    parts(name).1.map(str::to_ascii_lowercase)
}

/// What stands before the last point of a name, and its ending, if that is one.
fn parts(name: &str) -> (&str, Option<&str>) {
    match name.rsplit_once('.') {
        Some((stem, ending))
            if !stem.is_empty() && (1..=8).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            (stem, Some(ending))
        }
        _ => (name, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_is_no_part_of_a_name() {
        for (given, kept) in [
            ("Report 2026.pdf", "Report 2026.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\Ana\\scan.PDF", "scan.PDF"),
            ("a\u{0}b\u{7}.txt", "ab.txt"),
            ("invoice\u{202E}fdp.exe", "invoicefdp.exe"),
            ("\u{200B}a\u{FEFF}\n b.png", "a b.png"),
            ("....", "file"),
            ("", "file"),
            (" .pdf", "pdf"),
            ("///", "file"),
            ("<a href=\"x\">.txt", "_a href=_x__.txt"),
            ("Извештај\u{301}.odt", "Извештај\u{301}.odt"),
            ("e\u{301}.png", "é.png"),
        ] {
            assert_eq!(name(given), kept, "{given:?}");
        }
        let long = name(&format!("{}.docx", "я".repeat(10_000)));
        assert_eq!((long.chars().count(), long.ends_with("я.docx")), (NAME_MAX, true));
    }

    #[test]
    fn of_a_sealed_files_name_the_ending_is_kept() {
        assert_eq!(nameless("Ana's passport.PDF"), "file.pdf");
        assert_eq!(nameless("Ana"), "file");
    }

    #[test]
    fn an_ending_says_what_is_in_a_file() {
        for (given, of, named_so) in [
            ("photo.JPEG", Type::Jpeg, "photo.JPEG"),
            ("photo.html", Type::Jpeg, "photo.jpg"),
            ("report.pdf.exe", Type::Pdf, "report.pdf.pdf"),
            ("notes", Type::Txt, "notes.txt"),
            ("v1. The plan", Type::Docx, "v1. The plan.docx"),
        ] {
            assert_eq!(named(given, of), named_so, "{given}");
        }
    }
}
