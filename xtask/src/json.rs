//! As much of JSON as is needed to read what `egida demo --json` prints.

/// A value. Numbers are kept as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    /// `null`, `true`, `false` and numbers.
    Word(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, in the order it was written in.
    Map(Vec<(String, Json)>),
}

static NULL: Json = Json::Word(String::new());

impl Json {
    /// Reads a document; `None` if it isn't one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let value = value(&mut rest)?;
        rest.trim_start().is_empty().then_some(value)
    }

    /// A member of an object.
    pub(crate) fn get(&self, name: &str) -> &Self {
        let Self::Map(members) = self else { return &NULL };
        members.iter().find(|(key, _)| key == name).map_or(&NULL, |(_, value)| value)
    }

    /// The string, if it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The items of a list; none of anything else.
    pub(crate) fn items(&self) -> &[Self] {
        if let Self::List(items) = self { items } else { &[] }
    }
}

fn value(rest: &mut &str) -> Option<Json> {
    *rest = rest.trim_start();
    match rest.chars().next()? {
        '"' => string(rest).map(Json::Text),
        '[' => sequence(rest, ']', value).map(Json::List),
        '{' => sequence(rest, '}', member).map(Json::Map),
        _ => {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            *rest = after;
            (!word.is_empty()).then(|| Json::Word(word.to_owned()))
        }
    }
}

fn member(rest: &mut &str) -> Option<(String, Json)> {
    *rest = rest.trim_start();
    let name = string(rest)?;
    *rest = rest.trim_start().strip_prefix(':')?;
    Some((name, value(rest)?))
}

/// Items between brackets, with commas between them.
fn sequence<T>(rest: &mut &str, end: char, item: fn(&mut &str) -> Option<T>) -> Option<Vec<T>> {
    let mut items = Vec::new();
    *rest = rest[1..].trim_start();
    if let Some(after) = rest.strip_prefix(end) {
        *rest = after;
        return Some(items);
    }
    loop {
        items.push(item(rest)?);
        *rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(end) {
            *rest = after;
            return Some(items);
        }
        *rest = rest.strip_prefix(',')?;
    }
}

fn string(rest: &mut &str) -> Option<String> {
    let mut units: Vec<u16> = Vec::new();
    let mut chars = rest.strip_prefix('"')?.chars();
    loop {
        match chars.next()? {
            '"' => break,
            '\\' => units.push(match chars.next()? {
                'n' => 10,
                't' => 9,
                'r' => 13,
                'b' => 8,
                'f' => 12,
                'u' => {
                    let digits = chars.as_str().get(..4)?;
                    chars = chars.as_str()[4..].chars();
                    u16::from_str_radix(digits, 16).ok()?
                }
                plain => u16::try_from(u32::from(plain)).ok()?,
            }),
            plain => units.extend_from_slice(plain.encode_utf16(&mut [0; 2])),
        }
    }
    *rest = chars.as_str();
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_written() {
        let parsed =
            Json::parse(r#" {"a": [1, -2.5e3, null, {}], "b": "Ђорђе \"\u0110\" \ud83c\udf3b\n", "c": []} "#).expect("JSON");
        assert_eq!(parsed.get("a").items().len(), 4);
        assert_eq!(parsed.get("b").text(), Some("Ђорђе \"Đ\" 🌻\n"));
        assert_eq!(parsed.get("c").items(), []);
        assert_eq!(parsed.get("d").text(), None);
    }

    #[test]
    fn refuses_what_is_not_json() {
        for text in ["", "{", "[1,]", "[1 2]", "\"a", "{\"a\" 1}", "{} {}", "\"\\ud83c\""] {
            assert_eq!(Json::parse(text), None, "{text}");
        }
    }
}
