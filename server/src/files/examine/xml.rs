//! The text in XML, without following anything: no entity but the five that XML itself has, no DTD.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::Refusal;

/// How deeply elements may be nested.
const DEPTH_MAX: usize = 256;
/// Bytes of text at most.
const TEXT_MAX: usize = 4 * 1024 * 1024;

/// What is read of an element: its local name, and its attributes with theirs.
pub(super) type Attributes = Vec<(String, String)>;

/// Reads a document: `element` is told of every element that begins, and says what stands for it in the text.
pub(super) fn read(
    xml: &str,
    mut element: impl FnMut(&str, &Attributes) -> Result<Option<char>, Refusal>,
) -> Result<String, Refusal> {
    let mut reader = Reader::from_str(xml);
    let (mut text, mut depth) = (String::new(), 0_usize);
    loop {
        match reader.read_event().map_err(|_| Refusal::FileBroken)? {
            Event::Eof => break,
            Event::DocType(_) => return Err(Refusal::FileActive),
            Event::Start(start) => {
                depth += 1;
                text.extend(element(start.local_name().as_ref(), &attributes(&start)?)?);
            }
            Event::Empty(start) => text.extend(element(start.local_name().as_ref(), &attributes(&start)?)?),
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(piece) => text.push_str(&piece),
            Event::CData(piece) => text.push_str(&piece),
            Event::GeneralRef(entity) => text.push(match &*entity {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                other => character(other).unwrap_or(' '),
            }),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
        if depth > DEPTH_MAX || text.len() > TEXT_MAX {
            return Err(Refusal::FileTooComplex);
        }
    }
    Ok(text)
}

/// The character of a reference by number.
fn character(reference: &str) -> Option<char> {
    let digits = reference.strip_prefix('#')?;
    let number = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    char::from_u32(number.ok()?)
}

fn attributes(start: &quick_xml::events::BytesStart<'_>) -> Result<Attributes, Refusal> {
    let read = start.attributes().map(|attribute| {
        let attribute = attribute.map_err(|_| Refusal::FileBroken)?;
        let name = attribute.key.local_name().as_ref().to_owned();
        Ok((name, attribute.value.into_owned()))
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_and_nothing_is_followed() {
        let word = |name: &str, _: &Attributes| Ok((name == "p").then_some('\n'));
        let text = read("<?xml version='1.0'?><d><p>a &amp; b</p><p>&#x416;<![CDATA[<c>]]></p>&lol;</d>", word).expect("text");
        assert_eq!(text, "\na & b\n\u{416}<c> ");
        assert_eq!(read("<!DOCTYPE d [<!ENTITY lol 'lol'>]><d>&lol;</d>", word), Err(Refusal::FileActive));
        assert_eq!(read("<a><b></a>", word), Err(Refusal::FileBroken));
        assert_eq!(read(&"<a>".repeat(1000), word), Err(Refusal::FileTooComplex));
    }
}
