//! PDF: read as a whole, refused if anything in it acts or is locked, and its text.

use pdf_extract::xref::XrefEntry;
use pdf_extract::{Dictionary, Document, Error, Object};

use super::Refusal;

/// Objects of a document at most.
const OBJECTS_MAX: usize = 200_000;
/// Levels of arrays and dictionaries within each other.
const DEPTH_MAX: usize = 64;
/// Names of entries that act, or bring along something that does.
const ACTIVE: [&[u8]; 9] =
    [b"JS", b"JavaScript", b"EmbeddedFile", b"EmbeddedFiles", b"EF", b"AA", b"XFA", b"RichMediaContent", b"RichMediaSettings"];
/// Kinds of actions, annotations and objects that do more than show something or lead somewhere in the document.
const ACTIVE_KINDS: [&[u8]; 13] = [
    b"JavaScript",
    b"Launch",
    b"SubmitForm",
    b"ImportData",
    b"GoToE",
    b"Rendition",
    b"RichMediaExecute",
    b"RichMedia",
    b"Movie",
    b"Sound",
    b"Screen",
    b"3D",
    b"FileAttachment",
];

/// The text of a document.
pub(super) fn look(bytes: &[u8]) -> Result<String, Refusal> {
    // Nothing before it, and nothing behind it.
    if !bytes.starts_with(b"%PDF-") || !ends_as_one(bytes) {
        return Err(Refusal::FileTypeRefused);
    }
    let document = Document::load_mem(bytes).map_err(|error| match error {
        Error::Decryption(_) | Error::InvalidPassword => Refusal::FileEncrypted,
        _ => Refusal::FileBroken,
    })?;
    if document.is_encrypted() || document.encryption_state.is_some() || document.trailer.has(b"Encrypt") {
        return Err(Refusal::FileEncrypted);
    }
    if document.objects.len() > OBJECTS_MAX {
        return Err(Refusal::FileTooComplex);
    }
    acts(&document, &Object::Dictionary(document.trailer.clone()), 0)?;
    document.objects.values().try_for_each(|object| acts(&document, object, 0))?;
    if hides(&document, bytes) {
        return Err(Refusal::FileBroken);
    }
    if document.get_pages().is_empty() {
        return Err(Refusal::FileBroken);
    }
    Ok(text(&document))
}

/// Whether only white space follows the last end of file.
fn ends_as_one(bytes: &[u8]) -> bool {
    const END: &[u8] = b"%%EOF";
    let end = bytes.windows(END.len()).rposition(|window| window == END);
    end.is_some_and(|end| bytes[end + END.len()..].iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0))
}

/// Whether there is an object that was passed over, because it or what it is packed into can't be read here: another program
/// might read it.
fn hides(document: &Document, bytes: &[u8]) -> bool {
    let unpacked = |object: &Object| match object {
        Object::Stream(stream) => !stream.dict.has_type(b"ObjStm") || !stream.dict.has(b"Filter"),
        _ => true,
    };
    !document.objects.values().all(unpacked) || passes_over(document, bytes)
}

fn passes_over(document: &Document, bytes: &[u8]) -> bool {
    document.reference_table.entries.iter().any(|(number, entry)| match entry {
        XrefEntry::Normal { offset, generation } => {
            !document.objects.contains_key(&(*number, *generation)) && begins_object(bytes, *offset)
        }
        XrefEntry::Compressed { .. } => !document.objects.contains_key(&(*number, 0)),
        _ => false,
    })
}

/// Whether an object begins there: `7 0 obj`.
fn begins_object(bytes: &[u8], offset: u32) -> bool {
    let from = usize::try_from(offset).unwrap_or(usize::MAX);
    let head = bytes.get(from..).unwrap_or_default();
    let head = String::from_utf8_lossy(&head[..head.len().min(40)]).into_owned();
    let mut words = head.split_ascii_whitespace();
    let number = |word: Option<&str>| word.is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    number(words.next()) && number(words.next()) && words.next().is_some_and(|word| word.starts_with("obj"))
}

/// Refuses an object that acts, or holds one that does.
fn acts(document: &Document, object: &Object, depth: usize) -> Result<(), Refusal> {
    if depth > DEPTH_MAX {
        return Err(Refusal::FileTooComplex);
    }
    match object {
        Object::Array(items) => items.iter().try_for_each(|item| acts(document, item, depth + 1)),
        Object::Dictionary(entries) => entries_act(document, entries, depth),
        Object::Stream(stream) => entries_act(document, &stream.dict, depth),
        _ => Ok(()),
    }
}

fn entries_act(document: &Document, entries: &Dictionary, depth: usize) -> Result<(), Refusal> {
    for (name, value) in entries {
        if ACTIVE.contains(&name.as_slice()) {
            return Err(Refusal::FileActive);
        }
        let kind = matches!(name.as_slice(), b"S" | b"Subtype" | b"Type").then(|| value.as_name().ok()).flatten();
        if kind.is_some_and(|kind| ACTIVE_KINDS.contains(&kind) || kind == b"EmbeddedFile") {
            return Err(Refusal::FileActive);
        }
        // What is done when it is opened may lead to a place in it, as office programs write it, and do nothing else.
        if name.as_slice() == b"OpenAction" && !leads_within(document, value) {
            return Err(Refusal::FileActive);
        }
        acts(document, value, depth + 1)?;
    }
    Ok(())
}

/// Whether this is a place in the document.
fn leads_within(document: &Document, action: &Object) -> bool {
    match document.dereference(action).map_or(action, |(_, action)| action) {
        Object::Array(_) | Object::Name(_) | Object::String(..) => true,
        Object::Dictionary(entries) => entries.get(b"S").and_then(Object::as_name).is_ok_and(|kind| kind == b"GoTo"),
        _ => false,
    }
}

/// What stands in a document; nothing where that can't be told, as in one that was scanned.
fn text(document: &Document) -> String {
    let mut pages = String::new();
    for page in document.get_pages().keys() {
        // What the reader of text doesn't know it may give up on loudly.
        let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut text = String::new();
            let mut out = pdf_extract::PlainTextOutput::new(&mut text);
            pdf_extract::output_doc_page(document, &mut out, *page).map(|()| text).unwrap_or_default()
        }));
        pages.push_str(&read.unwrap_or_default());
        pages.push('\n');
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_begins_with_its_numbers() {
        assert!(begins_object(b"..\n12 0 obj<<", 3) && begins_object(b"1 0 obj", 0));
        assert!(!begins_object(b"xref 0", 0) && !begins_object(b"1 0", 0) && !begins_object(b"1 0 obj", 90));
    }

    #[test]
    fn a_document_ends_where_it_says() {
        assert!(ends_as_one(b"%PDF-1.7 %%EOF\r\n") && ends_as_one(b"%%EOF one %%EOF\n\0"));
        assert!(!ends_as_one(b"%%EOF PK\x03\x04") && !ends_as_one(b"nothing"));
    }
}
