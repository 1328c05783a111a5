//! Why a query can't be understood, for whoever typed it. Pure.

/// Why a query can't be understood: a stable reason for programs, and a sentence for whoever reads the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unclear {
    /// Stable; the screen has a sentence for each in the reader's language.
    pub(super) reason: &'static str,
    /// In English.
    pub(super) detail: String,
    /// What was typed amiss; empty when it is the query as a whole.
    pub(super) word: String,
    /// How it could be typed; empty when there is nothing to show.
    pub(super) example: &'static str,
}

impl Unclear {
    pub(super) fn whole(reason: &'static str, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into(), word: String::new(), example: "" }
    }

    /// `from:` fits more people than are looked for.
    pub(super) fn too_many_people(limit: usize) -> Self {
        Self::whole("too_many_people", format!("from: fits more than {limit} people, type more of the name"))
    }

    pub(super) fn operator(reason: &'static str, operator: &str, value: &str, what: &str) -> Self {
        let (word, example) = (format!("{operator}:{value}"), example(operator));
        Self { reason, detail: format!("{word} {what}, as in {example}"), word, example }
    }
}

fn example(operator: &str) -> &'static str {
    match operator {
        "in" => "in:lobby",
        "from" => "from:ana",
        "before" => "before:2026-01-31",
        "after" => "after:2026-01-01",
        "country" => "country:RO",
        "theme" => "theme:forced-begging",
        "has" => "has:link",
        "lang" => "lang:sr",
        "marking" => "marking:green",
        "kind" => "kind:topic",
        _ => "is:resolved",
    }
}
