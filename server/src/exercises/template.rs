//! What the rooms of an exercise are furnished with: invented files and messages, in English and French.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::vocabulary::Words;

/// What stands before the name of a room, and before every word of the template: nobody takes them for anything else, wherever
/// they are repeated.
pub(super) const SIGN: [(&str, &str); 2] = [("en", "EXERCISE"), ("fr", "EXERCICE")];
/// The same with what it means.
const FICTITIOUS: [(&str, &str); 2] = [("en", "EXERCISE, fictitious"), ("fr", "EXERCICE, fictif")];

/// A room.
#[derive(Debug, Deserialize)]
pub(super) struct Room {
    name: Words,
    messages: Vec<Said>,
}

#[derive(Debug, Deserialize)]
struct Said {
    topic: Words,
    body: Words,
}

/// The rooms of every exercise.
pub(super) static ROOMS: LazyLock<Vec<Room>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../exercise/template.json")).unwrap_or_default());

impl Room {
    /// What it is called.
    pub(super) fn name(&self) -> Words {
        let [(_, en), (_, fr)] = SIGN;
        Words::new(format!("{en} · {}", self.name.en), format!("{fr} · {}", self.name.fr))
    }

    /// What is said in it from the start, in a language: titles of topics with what begins them.
    pub(super) fn said(&self, language: &str) -> impl Iterator<Item = (&str, String)> {
        let french = language == "fr";
        let sign = FICTITIOUS[usize::from(french)].1;
        self.messages.iter().map(move |said| {
            let (topic, body) = if french { (&said.topic.fr, &said.body.fr) } else { (&said.topic.en, &said.body.en) };
            (topic.as_str(), format!("**{sign}**\n\n{body}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::guard::refuse;

    #[test]
    fn every_room_is_furnished_in_both_languages_with_nothing_that_could_be_somebodys() {
        assert_eq!(ROOMS.len(), 3);
        for room in ROOMS.iter() {
            assert!(room.name().en.starts_with("EXERCISE · ") && room.name().fr.starts_with("EXERCICE · "));
            assert!(room.name().en.chars().count() <= 80 && room.name().fr.chars().count() <= 80);
            for (language, sign) in FICTITIOUS {
                let said: Vec<_> = room.said(language).collect();
                assert!(!said.is_empty());
                for (topic, body) in said {
                    assert!(body.starts_with(&format!("**{sign}**")) && !topic.is_empty(), "{body}");
                    assert!(refuse(topic, 0).is_ok() && refuse(&body, 0).is_ok(), "{body}");
                }
            }
        }
    }
}
