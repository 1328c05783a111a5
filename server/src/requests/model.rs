//! What a coordination request is: pure rules.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::handling::{Code, Labels, Permitted, RED, is_carried, strictness};
use crate::base::text;

/// Characters of a title at most.
pub(super) const TITLE_MAX: usize = 120;
/// Characters of a request, a question, an explanation or an answer at most: more than this is a file, and belongs elsewhere.
pub(super) const TEXT_MAX: usize = 2_000;
/// Characters of a note of who looks through it at most.
pub(super) const NOTE_MAX: usize = 500;
/// Characters of a reference at most.
pub(super) const REFERENCE_MAX: usize = 80;
/// Requests that an organisation sends in 24 hours at most: a day's work, and no fishing.
pub(super) const SENT_A_DAY: i64 = 20;
/// Drafts that an organisation keeps at most.
pub(super) const DRAFTS_MAX: i64 = 50;
/// The marking of what says nothing else.
const MARKING: &str = "amber";
/// What is as strict as this is looked through by a second person.
const FOUR_EYES: &str = "amber";

/// An enumeration of words that are stored and sent as they are written here.
macro_rules! words {
    ($(#[$about:meta])* $name:ident as $schema:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = $schema)]
        pub(super) enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// All of them.
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in storage.
            pub(super) fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Of a stored word.
            pub(super) fn of(stored: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == stored)
            }
        }
    };
}

words! {
    /// What is asked for (domain, 3d).
    Kind as CoordinationKind {
        /// Who is competent.
        Competence = "competence",
        /// Whether there is an open file: an overlap.
        OpenFile = "open_file",
        /// A legal question.
        LegalQuestion = "legal_question",
        /// Arrangements for the hearing of a child.
        ChildHearing = "child_hearing",
        /// An interpreter or expert.
        Expert = "expert",
        /// Soundings for a joint investigation team.
        JointTeam = "joint_team",
        /// Information given without having been asked for.
        Spontaneous = "spontaneous",
        /// Monitoring after a return.
        Monitoring = "monitoring",
        /// Help with a campaign or training.
        Training = "training",
    }
}

words! {
    /// By when an answer is needed: the terms of Directive (EU) 2023/977, article 5.
    Urgency as CoordinationUrgency {
        /// Eight hours.
        H8 = "h8",
        /// Three calendar days.
        D3 = "d3",
        /// Seven calendar days.
        D7 = "d7",
    }
}

words! {
    /// What an answer comes to.
    Outcome as CoordinationOutcome {
        /// Yes: there is something, or here is what was asked for.
        Hit = "hit",
        /// No overlap among the files that the organisation chose to compare.
        NoHit = "no_hit",
        /// Some of it.
        Partial = "partial",
        /// Refused, with a ground.
        Refused = "refused",
        /// Somebody else is competent, and named.
        NotCompetent = "not_competent",
    }
}

words! {
    /// Why an answer is refused (after Directive (EU) 2023/977, article 6).
    Ground as RefusalGround {
        /// It isn't available.
        NotAvailable = "not_available",
        /// The permission of a judge is missing or was denied.
        Permission = "permission",
        /// It would harm an investigation or somebody's safety.
        Harm = "harm",
        /// It is out of proportion.
        Disproportionate = "disproportionate",
        /// The offence is too minor.
        Minor = "minor",
        /// Something else, in words.
        Other = "other",
    }
}

words! {
    /// Where a request goes on: channels made for what doesn't belong here.
    Channel as FormalChannel {
        /// Europol's network.
        Siena = "siena",
        /// A letter of mutual legal assistance.
        MlaLetter = "mla_letter",
        /// A European Investigation Order.
        Eio = "eio",
        /// A joint investigation team.
        Jit = "jit",
        /// Interpol's network.
        Interpol = "interpol",
        /// The network of financial intelligence units.
        FiuNet = "fiu_net",
    }
}

impl Kind {
    /// Whether files are compared for it: only then there is a "no hit", with its fixed words.
    pub(super) fn compares(self) -> bool {
        self == Self::OpenFile
    }
}

/// A request as somebody writes it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = NewCoordinationRequest)]
pub(super) struct Wish {
    pub(super) kind: Kind,
    /// The organisation that asks: one that the caller speaks for.
    pub(super) asker: Uuid,
    /// The organisation that is asked.
    pub(super) asked: Uuid,
    /// A line of at most 120 characters.
    pub(super) title: String,
    /// At most 2000 characters.
    pub(super) body: String,
    pub(super) urgency: Urgency,
    /// A TLP marking; `amber` when not named.
    #[serde(default)]
    pub(super) marking: Option<String>,
    #[serde(default)]
    pub(super) handling: Vec<Code>,
    /// The words of an `h3`.
    #[serde(default)]
    pub(super) restriction: Option<String>,
    #[serde(default)]
    pub(super) act: Permitted,
    /// The exercise that it belongs to: everything in it is made up.
    #[serde(default)]
    pub(super) exercise: Option<Uuid>,
}

/// What a request says. Sealed where it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Said {
    pub(super) title: String,
    pub(super) body: String,
}

/// A request that can be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Checked {
    pub(super) kind: Kind,
    pub(super) asker: Uuid,
    pub(super) asked: Uuid,
    pub(super) said: Said,
    pub(super) urgency: Urgency,
    pub(super) marking: String,
    pub(super) labels: Labels,
    pub(super) exercise: Option<Uuid>,
}

impl Wish {
    /// Looks at it.
    ///
    /// # Errors
    /// A problem's code.
    pub(super) fn checked(self) -> Result<Checked, &'static str> {
        let title = text::line(&self.title, TITLE_MAX).ok_or("title_invalid")?;
        let body = said(&self.body)?;
        let marking = self.marking.unwrap_or_else(|| MARKING.into());
        if strictness(&marking).is_none() || !is_carried(&marking, RED) {
            return Err("marking_unknown");
        }
        if self.asker == self.asked {
            return Err("same_organisation");
        }
        let labels = Labels { act: self.act, ..Labels::default() }.coded(Some(self.handling), self.restriction)?;
        let (kind, asker, asked, urgency, exercise) = (self.kind, self.asker, self.asked, self.urgency, self.exercise);
        Ok(Checked { kind, asker, asked, said: Said { title, body }, urgency, marking, labels, exercise })
    }
}

impl Checked {
    /// Everything that a person has written, one after the other: what is split over two fields is read as one.
    pub(super) fn written(&self) -> String {
        [Some(self.said.title.as_str()), Some(&self.said.body), self.labels.restriction.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// Some words that somebody says: at least one.
///
/// # Errors
/// `text_invalid`.
pub(super) fn said(words: &str) -> Result<String, &'static str> {
    text::paragraphs(words, TEXT_MAX).filter(|words| !words.is_empty()).ok_or("text_invalid")
}

/// Whether a request that is marked so is looked through by a second person before it is sent.
pub(super) fn takes_two(marking: &str) -> bool {
    strictness(marking) >= strictness(FOUR_EYES)
}

/// What is answered.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = CoordinationAnswer)]
pub(super) struct Reply {
    pub(super) outcome: Outcome,
    /// At most 2000 characters; needed unless files were compared. None with `no_hit`, whose words are fixed.
    #[serde(default)]
    pub(super) text: String,
    /// Why, where it is refused.
    #[serde(default)]
    pub(super) ground: Option<Ground>,
    /// Who is competent, where the asked organisation isn't.
    #[serde(default)]
    pub(super) competent: Option<Uuid>,
}

impl Reply {
    /// Looks at it.
    ///
    /// # Errors
    /// A problem's code: `outcome_unfit`, `text_invalid`, `ground_missing`, `competent_missing`.
    pub(super) fn checked(mut self, kind: Kind) -> Result<Self, &'static str> {
        let words = text::paragraphs(&self.text, TEXT_MAX).ok_or("text_invalid")?;
        if self.outcome == Outcome::NoHit && (!kind.compares() || !words.is_empty()) {
            return Err("outcome_unfit");
        }
        self.ground = self.ground.filter(|_| self.outcome == Outcome::Refused);
        self.competent = self.competent.filter(|_| self.outcome == Outcome::NotCompetent);
        if self.outcome == Outcome::Refused && self.ground.is_none() {
            return Err("ground_missing");
        }
        if self.outcome == Outcome::NotCompetent && self.competent.is_none() {
            return Err("competent_missing");
        }
        let speaks = match self.outcome {
            Outcome::Hit | Outcome::Partial => !kind.compares(),
            Outcome::Refused => self.ground == Some(Ground::Other),
            Outcome::NoHit | Outcome::NotCompetent => false,
        };
        if speaks && words.is_empty() {
            return Err("text_invalid");
        }
        self.text = words;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::handling::MARKINGS;

    fn wish() -> Wish {
        Wish {
            kind: Kind::OpenFile,
            asker: Uuid::from_u128(1),
            asked: Uuid::from_u128(2),
            title: " Begging,  two quarters ".into(),
            body: "Is there an open file?".into(),
            urgency: Urgency::D3,
            marking: None,
            handling: vec![Code::H2, Code::H0, Code::H2],
            restriction: Some("not needed".into()),
            act: Permitted::Ask,
            exercise: None,
        }
    }

    #[test]
    fn a_request_is_checked() {
        type Spoil = fn(&mut Wish);
        let checked = wish().checked().expect("a request");
        assert_eq!((checked.said.title.as_str(), checked.marking.as_str()), ("Begging, two quarters", "amber"));
        assert_eq!((checked.labels.handling.as_slice(), &checked.labels.restriction), ([Code::H2].as_slice(), &None));
        let cases: [(Spoil, &str); 6] = [
            (|w| w.title = " ".into(), "title_invalid"),
            (|w| w.body = " ".into(), "text_invalid"),
            (|w| w.body = "a".repeat(TEXT_MAX + 1), "text_invalid"),
            (|w| w.marking = Some("pink".into()), "marking_unknown"),
            (|w| w.asked = w.asker, "same_organisation"),
            (|w| (w.handling, w.restriction) = (vec![Code::H3], None), "restriction_missing"),
        ];
        for (change, code) in cases {
            let mut wish = wish();
            change(&mut wish);
            assert_eq!(wish.checked(), Err(code));
        }
    }

    #[test]
    fn what_is_written_is_read_as_one() {
        let restricted = Wish { handling: vec![Code::H3], ..wish() };
        let written = restricted.checked().expect("a request").written();
        assert_eq!(written, "Begging, two quarters\nIs there an open file?\nnot needed");
    }

    #[test]
    fn what_is_amber_or_stricter_takes_two() {
        assert_eq!(MARKINGS.map(takes_two), [false, false, true, true, true]);
    }

    #[test]
    fn an_answer_says_what_its_outcome_asks_for() {
        let reply = |outcome, text: &str, ground, competent| Reply { outcome, text: text.into(), ground, competent };
        let (files, law) = (Kind::OpenFile, Kind::LegalQuestion);
        let some = Some(Uuid::from_u128(3));
        for (kind, given, expected) in [
            (files, reply(Outcome::Hit, "", None, None), None),
            (law, reply(Outcome::Hit, "", None, None), Some("text_invalid")),
            (law, reply(Outcome::Partial, "Here", None, None), None),
            (files, reply(Outcome::NoHit, "", None, None), None),
            (files, reply(Outcome::NoHit, "none at all", None, None), Some("outcome_unfit")),
            (law, reply(Outcome::NoHit, "", None, None), Some("outcome_unfit")),
            (law, reply(Outcome::Refused, "", None, None), Some("ground_missing")),
            (law, reply(Outcome::Refused, "", Some(Ground::Harm), None), None),
            (law, reply(Outcome::Refused, "", Some(Ground::Other), None), Some("text_invalid")),
            (law, reply(Outcome::NotCompetent, "", None, None), Some("competent_missing")),
            (law, reply(Outcome::NotCompetent, "", None, some), None),
            (law, reply(Outcome::Hit, &"a".repeat(TEXT_MAX + 1), None, None), Some("text_invalid")),
        ] {
            assert_eq!(given.clone().checked(kind).err(), expected, "{given:?}");
        }
        let odd = reply(Outcome::Hit, "Yes", Some(Ground::Harm), some).checked(law).expect("an answer");
        assert_eq!((odd.ground, odd.competent), (None, None), "what doesn't belong to it is left out");
    }

    #[test]
    fn the_words_of_storage_read_back() {
        assert!(Kind::ALL.iter().all(|one| Kind::of(one.as_str()) == Some(*one)) && Kind::ALL.len() == 9);
        assert!(Urgency::ALL.iter().all(|one| Urgency::of(one.as_str()) == Some(*one)));
        assert!(Outcome::ALL.iter().all(|one| Outcome::of(one.as_str()) == Some(*one)));
        assert!(Ground::ALL.iter().all(|one| Ground::of(one.as_str()) == Some(*one)));
        assert!(Channel::ALL.iter().all(|one| Channel::of(one.as_str()) == Some(*one)));
        assert_eq!(Kind::of("weather"), None);
        // What is sent is what is stored.
        assert!(Kind::ALL.iter().all(|one| serde_json::json!(one) == one.as_str()));
        assert!(Urgency::ALL.iter().all(|one| serde_json::json!(one) == one.as_str()));
        assert!(Outcome::ALL.iter().all(|one| serde_json::json!(one) == one.as_str()));
        assert!(Ground::ALL.iter().all(|one| serde_json::json!(one) == one.as_str()));
        assert!(Channel::ALL.iter().all(|one| serde_json::json!(one) == one.as_str()));
    }
}
