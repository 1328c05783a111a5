//! What is taken out, written down: each row with its label and with the name of its reader.

use serde::Serialize;
use uuid::Uuid;

use crate::access::handling::{Code, LEAVING, Permitted, label};
use crate::approvals::model::LIST_MARKING;
use crate::base::csv;
use crate::directory::Person;
use crate::messages::Message;
use crate::vocabulary::{H1_STAMP, Words};

/// What is said once about the whole.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Head {
    /// `channel_export` or `member_export`.
    pub(super) kind: &'static str,
    /// The strictest label that can be in it.
    pub(super) label: String,
    pub(super) channel: Option<Uuid>,
    pub(super) channel_name: Option<Words>,
    /// Who takes it out, and answers for where it goes.
    pub(super) exported_for: String,
    pub(super) approved_by: String,
    /// RFC 3339.
    pub(super) exported_at: String,
}

/// A row.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Row {
    /// Something that was said.
    Said(Box<Said>),
    /// Somebody.
    Member(Member),
}

/// Something that was said.
#[derive(Debug, Serialize)]
pub(super) struct Said {
    label: String,
    handling: Vec<Code>,
    /// What H1 binds to, in words, on each that has it.
    stamp: Option<Words>,
    act: Permitted,
    grading: Option<String>,
    /// What is hard to read in it.
    warning: Option<String>,
    posted_at: String,
    edited_at: Option<String>,
    author: String,
    author_id: Uuid,
    topic: String,
    text: String,
    id: Uuid,
}

/// Somebody.
#[derive(Debug, Serialize)]
pub(super) struct Member {
    label: String,
    name: String,
    id: Uuid,
    organisation: Option<String>,
    function: Option<String>,
    country: Option<String>,
    /// RFC 3339.
    since: String,
}

/// The label of the whole.
pub(super) fn whole_label(kind: &str) -> String {
    label(if kind == "channel_export" { LEAVING } else { LIST_MARKING })
}

impl Row {
    /// A message that may leave.
    pub(super) fn said(message: Message, topic: String) -> Self {
        Self::Said(Box::new(Said {
            label: label(&message.marking),
            stamp: message.handling.contains(&Code::H1).then(|| H1_STAMP.clone()),
            handling: message.handling,
            act: message.act,
            grading: message.grading,
            warning: message.warning,
            posted_at: message.posted_at,
            edited_at: message.edited_at,
            author: message.author_name,
            author_id: message.author,
            topic,
            text: message.body,
            id: message.id,
        }))
    }

    /// Somebody of a list, since then (RFC 3339).
    pub(super) fn member(person: Person, since: String) -> Self {
        Self::Member(Member {
            label: label(LIST_MARKING),
            name: person.name,
            id: person.id,
            organisation: person.organisation,
            function: person.function,
            country: person.country,
            since,
        })
    }
}

const SAID: [&str; 15] = [
    "label",
    "handling",
    "stamp",
    "act",
    "grading",
    "warning",
    "posted_at",
    "edited_at",
    "author",
    "author_id",
    "topic",
    "text",
    "id",
    "exported_for",
    "approved_by",
];
const MEMBER: [&str; 9] = ["label", "name", "id", "organisation", "function", "country", "since", "exported_for", "approved_by"];

/// The first line of a table.
pub(super) fn columns(head: &Head) -> String {
    let names: &[&str] = if head.kind == "channel_export" { &SAID } else { &MEMBER };
    format!("{}{}", csv::BOM, csv::line(names.iter().copied()))
}

/// A word as it stands on the wire.
fn word(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(ToOwned::to_owned)).unwrap_or_default()
}

/// A line of a table.
pub(super) fn line(row: &Row, head: &Head) -> String {
    let (to, by) = (head.exported_for.as_str(), head.approved_by.as_str());
    match row {
        Row::Said(said) => {
            let handling: Vec<_> = said.handling.iter().map(word).collect();
            let stamp = said.stamp.as_ref().map(|words| format!("{} / {}", words.en, words.fr)).unwrap_or_default();
            csv::line([
                said.label.as_str(),
                &handling.join(" "),
                &stamp,
                &word(said.act),
                said.grading.as_deref().unwrap_or_default(),
                said.warning.as_deref().unwrap_or_default(),
                &said.posted_at,
                said.edited_at.as_deref().unwrap_or_default(),
                &said.author,
                &said.author_id.to_string(),
                &said.topic,
                &said.text,
                &said.id.to_string(),
                to,
                by,
            ])
        }
        Row::Member(member) => csv::line([
            member.label.as_str(),
            &member.name,
            &member.id.to_string(),
            member.organisation.as_deref().unwrap_or_default(),
            member.function.as_deref().unwrap_or_default(),
            member.country.as_deref().unwrap_or_default(),
            &member.since,
            to,
            by,
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_carries_its_label_and_its_reader() {
        let head = Head {
            kind: "member_export",
            label: whole_label("member_export"),
            channel: None,
            channel_name: None,
            exported_for: "Ana".into(),
            approved_by: "Boris".into(),
            exported_at: String::new(),
        };
        let member = Member {
            label: label(LIST_MARKING),
            name: "=Ivana".into(),
            id: Uuid::from_u128(7),
            organisation: None,
            function: None,
            country: Some("HR".into()),
            since: "2026-11-29T00:00:00Z".into(),
        };
        let line = line(&Row::Member(member), &head);
        assert!(line.starts_with("\"TLP:AMBER\",\"'=Ivana\"") && line.ends_with("\"Ana\",\"Boris\"\r\n"), "{line}");
        assert_eq!(line.matches("\",\"").count() + 1, MEMBER.len());
        assert_eq!(columns(&head).matches(',').count() + 1, MEMBER.len());
        assert_eq!(whole_label("channel_export"), "TLP:GREEN");
    }
}
