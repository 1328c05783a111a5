//! DOCX and ODT: archives of XML. Nothing in them may act, lock, lead elsewhere or be larger than it seems.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::Refusal;
use super::xml::{self, Attributes};
use crate::files::model::Type;

/// Entries of an archive at most.
const ENTRIES_MAX: usize = 1_000;
/// Bytes of all of them together at most.
const UNPACKED_MAX: u64 = 200 * 1024 * 1024;
/// How many times larger than the archive they may be.
const RATIO_MAX: u64 = 100;
/// What is smaller than this may have any ratio: much XML is nearly nothing (bytes).
const SMALL: u64 = 1024 * 1024;
/// Bytes of the XML that is read at most.
const XML_MAX: u64 = 16 * 1024 * 1024;

/// The type of an archive and the text in it.
pub(super) fn look(bytes: &[u8]) -> Result<(Type, String), Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::FileBroken)?;
    let names = entries(&mut archive, bytes.len() as u64)?;
    let has = |name: &str| names.iter().any(|known| known == name);
    if has("word/document.xml") && has("[Content_Types].xml") {
        return docx(&mut archive, &names).map(|text| (Type::Docx, text));
    }
    if has("mimetype") && has("content.xml") {
        return odt(&mut archive, &names).map(|text| (Type::Odt, text));
    }
    Err(Refusal::FileTypeRefused)
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The names of the entries, after a look at all of them.
fn entries(archive: &mut Archive<'_>, length: u64) -> Result<Vec<String>, Refusal> {
    // Nothing before the archive, and nothing behind it.
    if archive.offset() != 0 || !archive.comment().is_empty() {
        return Err(Refusal::FileTypeRefused);
    }
    if archive.len() > ENTRIES_MAX {
        return Err(Refusal::FileExpands);
    }
    if archive.has_overlapping_entries().map_err(|_| Refusal::FileBroken)? {
        return Err(Refusal::FileExpands);
    }
    let (mut names, mut all) = (Vec::new(), 0_u64);
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| Refusal::FileBroken)?;
        if entry.encrypted() {
            return Err(Refusal::FileEncrypted);
        }
        all = all.saturating_add(entry.size());
        let name = entry.name().map_err(|_| Refusal::FileBroken)?.into_owned();
        acts(&name)?;
        names.push(name);
    }
    if all > UNPACKED_MAX || all > SMALL && all / length.max(1) > RATIO_MAX {
        return Err(Refusal::FileExpands);
    }
    let mut left = UNPACKED_MAX;
    for index in 0..archive.len() {
        left = left.saturating_sub(unpacked(archive, index, left)?);
    }
    Ok(names)
}

/// Unpacks an entry to see how large it is, and whether it is an archive itself.
fn unpacked(archive: &mut Archive<'_>, index: usize, left: u64) -> Result<u64, Refusal> {
    let entry = archive.by_index(index).map_err(|_| Refusal::FileBroken)?;
    let said = entry.size();
    let mut entry = entry.take(left.min(said).saturating_add(1));
    let mut start = Vec::with_capacity(512);
    entry.by_ref().take(512).read_to_end(&mut start).map_err(|_| Refusal::FileBroken)?;
    let kind = infer::get(&start).map(|found| found.matcher_type());
    if matches!(kind, Some(infer::MatcherType::Archive | infer::MatcherType::App)) || start.starts_with(b"PK\x03\x04") {
        return Err(Refusal::FileActive);
    }
    let rest = std::io::copy(&mut entry, &mut std::io::sink()).map_err(|_| Refusal::FileBroken)?;
    let size = rest + start.len() as u64;
    if size > said || size > left { Err(Refusal::FileExpands) } else { Ok(size) }
}

/// Refuses an entry by a name that says that it acts, or that leads out of the archive.
fn acts(name: &str) -> Result<(), Refusal> {
    let lower = name.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split(['/', '\\']).collect();
    let file = parts.last().copied().unwrap_or_default();
    if lower.starts_with(['/', '\\']) || parts.contains(&"..") || lower.contains('\0') {
        return Err(Refusal::FileBroken);
    }
    let folder = parts.iter().any(|part| matches!(*part, "embeddings" | "activex" | "basic" | "scripts" | "macros" | "dialogs"));
    let ending = file.rsplit_once('.').map(|(_, ending)| ending);
    let archive = matches!(
        ending,
        Some(
            "zip"
                | "docx"
                | "docm"
                | "xlsx"
                | "xlsm"
                | "pptx"
                | "odt"
                | "ods"
                | "jar"
                | "7z"
                | "rar"
                | "gz"
                | "exe"
                | "dll"
                | "js"
                | "vbs"
                | "hta"
                | "html"
                | "htm"
                | "svg"
                | "class"
        )
    );
    // Word writes its settings of printers as `.bin`; whatever else is one is a macro or an object.
    let binary = ending == Some("bin") && !file.starts_with("printersettings");
    if folder || archive || binary || file.starts_with("vbaproject") || file.starts_with("oleobject") {
        return Err(Refusal::FileActive);
    }
    Ok(())
}

/// An entry as text.
fn part(archive: &mut Archive<'_>, name: &str) -> Result<String, Refusal> {
    let entry = archive.by_name(name).map_err(|_| Refusal::FileBroken)?;
    let mut bytes = Vec::new();
    entry.take(XML_MAX + 1).read_to_end(&mut bytes).map_err(|_| Refusal::FileBroken)?;
    if bytes.len() as u64 > XML_MAX {
        return Err(Refusal::FileTooComplex);
    }
    String::from_utf8(bytes).map_err(|_| Refusal::FileBroken)
}

fn attribute<'a>(attributes: &'a Attributes, name: &str) -> Option<&'a str> {
    attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn docx(archive: &mut Archive<'_>, names: &[String]) -> Result<String, Refusal> {
    let mut document = false;
    xml::read(&part(archive, "[Content_Types].xml")?, |_, attributes| {
        let kind = attribute(attributes, "ContentType").unwrap_or_default();
        document |= kind.ends_with("wordprocessingml.document.main+xml");
        if kind.to_ascii_lowercase().contains("macroenabled") || kind.contains("vbaProject") {
            return Err(Refusal::FileActive);
        }
        Ok(None)
    })?;
    if !document {
        return Err(Refusal::FileTypeRefused);
    }
    for name in names.iter().filter(|name| has_ending(name, "rels")) {
        xml::read(&part(archive, name)?, |_, attributes| relationship(attributes).map(|()| None))?;
    }
    let mut text = String::new();
    let spoken = |name: &str| {
        name == "word/document.xml"
            || ["word/header", "word/footer", "word/footnotes", "word/endnotes", "word/comments"]
                .iter()
                .any(|start| name.starts_with(start))
                && has_ending(name, "xml")
    };
    // The text itself before what stands around it.
    let mut parts: Vec<&String> = names.iter().filter(|name| spoken(name)).collect();
    parts.sort_by_key(|name| *name != "word/document.xml");
    for name in parts {
        text.push_str(&xml::read(&part(archive, name)?, |element, _| Ok(gap(element)))?);
        text.push('\n');
    }
    Ok(text)
}

/// Refuses what is fetched from elsewhere when a document is opened; a link that somebody has to click is none of it.
fn relationship(attributes: &Attributes) -> Result<(), Refusal> {
    let external = attribute(attributes, "TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
    let kind = attribute(attributes, "Type").unwrap_or_default();
    if external && !kind.ends_with("/hyperlink") || kind.ends_with("/oleObject") || kind.ends_with("/vbaProject") {
        return Err(Refusal::FileActive);
    }
    Ok(())
}

fn odt(archive: &mut Archive<'_>, names: &[String]) -> Result<String, Refusal> {
    if part(archive, "mimetype")?.trim() != "application/vnd.oasis.opendocument.text" {
        return Err(Refusal::FileTypeRefused);
    }
    if names.iter().any(|name| name == "META-INF/manifest.xml") {
        xml::read(&part(archive, "META-INF/manifest.xml")?, |element, _| match element {
            "encryption-data" => Err(Refusal::FileEncrypted),
            _ => Ok(None),
        })?;
    }
    for name in names.iter().filter(|name| *name == "styles.xml" || name.ends_with("/content.xml")) {
        xml::read(&part(archive, name)?, |element, attributes| fetched(element, attributes).map(|()| None))?;
    }
    xml::read(&part(archive, "content.xml")?, |element, attributes| fetched(element, attributes).map(|()| gap(element)))
}

/// Refuses what acts in an ODT or is fetched from elsewhere.
fn fetched(element: &str, attributes: &Attributes) -> Result<(), Refusal> {
    let place = attribute(attributes, "href").unwrap_or_default();
    let elsewhere = place.contains("://") || place.starts_with("//");
    let acts = matches!(element, "event-listener" | "script" | "applet" | "plugin" | "object-ole" | "floating-frame");
    if acts || elsewhere && element != "a" {
        return Err(Refusal::FileActive);
    }
    Ok(())
}

/// What stands for an element in the text.
fn gap(element: &str) -> Option<char> {
    match element {
        "p" | "h" | "br" | "line-break" | "tr" | "table-row" => Some('\n'),
        "tab" | "s" | "tc" | "table-cell" => Some(' '),
        _ => None,
    }
}

/// Whether the name of a part ends so, in whichever case.
fn has_ending(name: &str, ending: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, found)| found.eq_ignore_ascii_case(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_act_or_lead_out_are_refused() {
        for good in ["word/document.xml", "word/media/image1.png", "word/printerSettings/printerSettings1.bin", "Pictures/1.jpg"]
        {
            assert_eq!(acts(good), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("word/vbaProject.bin", Refusal::FileActive),
            ("word/embeddings/oleObject1.bin", Refusal::FileActive),
            ("word/embeddings/sheet.xlsx", Refusal::FileActive),
            ("Basic/Standard/Module1.xml", Refusal::FileActive),
            ("Scripts/python/x.py", Refusal::FileActive),
            ("a.zip", Refusal::FileActive),
            ("../../etc/passwd", Refusal::FileBroken),
            ("word\\..\\x.xml", Refusal::FileBroken),
            ("/etc/passwd", Refusal::FileBroken),
        ] {
            assert_eq!(acts(bad), Err(why), "{bad}");
        }
    }
}
