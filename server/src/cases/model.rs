//! What stands on a room's sheet and in its entries, and what of it can be kept: pure. Fields for a name, a day of birth, an
//! address, a photograph or a document's number don't exist, and what a client invents is refused.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::words::{About, AgeBand, Bid, Company, Consent, Guardian, How, Kind, Pillar, Procedure, Reason, Sex};
use crate::access::handling::Permitted;
use crate::base::text;
use crate::vocabulary::ALL_SERVICES;
use crate::vocabulary::codes::known;

/// Which terms a member accepts: the wording of the catalogues of this date.
pub(super) const TERMS: &str = "2026-11";
/// Characters of what a sheet says in a few words, at most.
pub(super) const SUMMARY_MAX: usize = 600;
/// Characters of a reason or a short note at most.
pub(super) const NOTE_MAX: usize = 600;
/// Characters of a title at most.
pub(super) const TITLE_MAX: usize = 120;
/// Characters of the home system's name, and of the reference there, at most.
pub(super) const HOME_MAX: usize = 60;
/// Characters of a message, minutes or a decision at most.
pub(super) const BODY_MAX: usize = 8_000;
/// From so many characters on somebody is asked whether this is the file, which belongs into the home system (domain, 6).
pub(super) const LONG: usize = 1_500;
/// People at a meeting at most.
const PEOPLE_MAX: usize = 30;
/// Members of a room at most: need to know ends long before.
pub(super) const MEMBERS_MAX: usize = 40;
/// Items of a room at most.
pub(super) const ITEMS_MAX: i64 = 50_000;

/// Why something can't be kept: a problem's code, and which field.
pub(super) type Fault = (&'static str, &'static str);

/// What is known of the child or the situation, in codes. Sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CaseSheet)]
pub(super) struct Sheet {
    pub(super) age_band: AgeBand,
    /// Only where it is needed.
    #[serde(default)]
    pub(super) sex: Option<Sex>,
    pub(super) company: Company,
    /// Services of the vocabulary.
    #[serde(default)]
    pub(super) needs: Vec<String>,
    pub(super) consent: Consent,
    /// Whether the child itself agrees, beside who decides for it.
    #[serde(default)]
    pub(super) assent: bool,
    /// Why nobody was asked: at most 600 characters.
    #[serde(default)]
    pub(super) not_asked_reason: String,
    /// Whether the child's side agrees that police and asylum bodies are members.
    #[serde(default)]
    pub(super) authorities: bool,
    /// Whether the best interests were assessed.
    #[serde(default)]
    pub(super) bia: bool,
    pub(super) bid: Bid,
    pub(super) guardian: Guardian,
    #[serde(default)]
    pub(super) nrm_pillar: Option<Pillar>,
    #[serde(default)]
    pub(super) trm_sop: Option<Procedure>,
    #[serde(default)]
    pub(super) themes: Vec<String>,
    #[serde(default)]
    pub(super) countries: Vec<String>,
    /// Where the child's file is kept: at most 60 characters.
    #[serde(default)]
    pub(super) home_system: String,
    /// What it is called there, opaque: at most 60 characters.
    #[serde(default)]
    pub(super) home_reference: String,
    /// At most 600 characters.
    #[serde(default)]
    pub(super) summary: String,
}

impl Sheet {
    /// Looks at it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn checked(mut self) -> Result<Self, Fault> {
        let is_service = |code: &String| ALL_SERVICES.iter().any(|service| service.code == *code);
        if !self.needs.iter().all(is_service) {
            return Err(("case_field_unknown", "needs"));
        }
        self.needs.sort_unstable();
        self.needs.dedup();
        (self.countries, self.themes) = known(self.countries, self.themes).ok_or(("case_field_unknown", "themes"))?;
        self.not_asked_reason = text::paragraphs(&self.not_asked_reason, NOTE_MAX).ok_or(("text_invalid", "not_asked_reason"))?;
        if self.consent == Consent::NotAsked && self.not_asked_reason.is_empty() {
            return Err(("text_invalid", "not_asked_reason"));
        }
        self.summary = text::paragraphs(&self.summary, SUMMARY_MAX).ok_or(("text_invalid", "summary"))?;
        self.home_system = short(&self.home_system, HOME_MAX).ok_or(("text_invalid", "home_system"))?;
        self.home_reference = short(&self.home_reference, HOME_MAX).ok_or(("text_invalid", "home_reference"))?;
        Ok(self)
    }

    /// Whether the child's side agrees to what is done together.
    pub(super) fn agreed(&self) -> bool {
        matches!(self.consent, Consent::Given | Consent::ByGuardian | Consent::Assent)
    }
}

/// A line that may be empty.
fn short(line: &str, max: usize) -> Option<String> {
    if line.trim().is_empty() { Some(String::new()) } else { text::line(line, max) }
}

/// What an entry says. Sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = CaseContent)]
pub(super) enum Content {
    /// The sheet as it was then.
    Sheet { sheet: Box<Sheet> },
    /// What some messages are about.
    Topic {
        title: String,
        #[serde(default)]
        resolved: bool,
    },
    /// Something said.
    Message {
        /// The topic's item.
        #[serde(default)]
        topic: Option<Uuid>,
        /// At most 8000 characters.
        body: String,
        /// What may be done upon it.
        #[serde(default)]
        act: Permitted,
    },
    /// Something to be done.
    Task {
        title: String,
        /// Whose it is: a member.
        #[serde(default)]
        owner: Option<Uuid>,
        /// By when: `2026-12-31`.
        #[serde(default)]
        due: Option<String>,
        #[serde(default)]
        done: bool,
        /// Of a checklist: which line of it.
        #[serde(default)]
        code: Option<String>,
    },
    /// People who met, or will.
    Meeting {
        /// When: RFC 3339.
        on: String,
        how: How,
        /// Members.
        #[serde(default)]
        who: Vec<Uuid>,
        #[serde(default)]
        agenda: String,
        #[serde(default)]
        minutes: String,
    },
    /// Something decided.
    Decision {
        about: About,
        text: String,
        /// Why, and by whom where it isn't the room.
        #[serde(default)]
        ground: String,
    },
    /// A line of the timeline.
    Note { text: String },
    /// A file.
    File {
        /// Its name.
        name: String,
        #[serde(default)]
        title: String,
        file: Uuid,
        media_type: String,
        /// Bytes.
        size: i64,
        #[serde(default)]
        topic: Option<Uuid>,
    },
    /// Why and how the room was closed.
    Closing { reason: Reason, report: String, by: Uuid, confirmed_by: Uuid },
}

impl Content {
    /// What it is.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Sheet { .. } => Kind::Sheet,
            Self::Topic { .. } => Kind::Topic,
            Self::Message { .. } => Kind::Message,
            Self::Task { .. } => Kind::Task,
            Self::Meeting { .. } => Kind::Meeting,
            Self::Decision { .. } => Kind::Decision,
            Self::Note { .. } => Kind::Note,
            Self::File { .. } => Kind::File,
            Self::Closing { .. } => Kind::Closing,
        }
    }

    /// The topic it belongs to.
    pub(super) fn topic(&self) -> Option<Uuid> {
        match self {
            Self::Message { topic, .. } | Self::File { topic, .. } => *topic,
            _ => None,
        }
    }

    /// Whether handling codes can be given to it: to what somebody says, decides, notes or files. What is everybody's work (topics,
    /// tasks, meetings) is held back from nobody in its room.
    pub(super) fn can_be_coded(&self) -> bool {
        matches!(self.kind(), Kind::Message | Kind::Decision | Kind::Note | Kind::File)
    }

    /// Every text of it that a person has written.
    pub(super) fn texts(&self) -> Vec<&str> {
        match self {
            Self::Sheet { sheet } => vec![&sheet.summary, &sheet.not_asked_reason, &sheet.home_system, &sheet.home_reference],
            Self::Topic { title, .. } | Self::Task { title, .. } => vec![title],
            Self::Message { body, .. } => vec![body],
            Self::Meeting { agenda, minutes, .. } => vec![agenda, minutes],
            Self::Decision { text, ground, .. } => vec![text, ground],
            Self::Note { text } => vec![text],
            Self::File { name, title, .. } => vec![name, title],
            Self::Closing { report, .. } => vec![report],
        }
    }

    /// Whether it is so long that it may be the file itself.
    pub(super) fn is_long(&self) -> bool {
        self.texts().iter().any(|text| text.chars().count() > LONG)
    }

    /// Looks at what somebody enters as an item of its own.
    ///
    /// # Errors
    /// What is wrong with it; `case_field_unknown` for what has a way of its own (the sheet, files, the closing).
    pub(super) fn entered(self) -> Result<Self, Fault> {
        let body = |said: &str| text::paragraphs(said, BODY_MAX);
        let full = |said: &str, field| body(said).filter(|text| !text.is_empty()).ok_or(("text_invalid", field));
        Ok(match self {
            Self::Topic { title, resolved } => {
                Self::Topic { title: text::line(&title, TITLE_MAX).ok_or(("text_invalid", "title"))?, resolved }
            }
            Self::Message { topic, body, act } => Self::Message { topic, body: full(&body, "body")?, act },
            Self::Task { title, owner, due, done, code } => {
                let title = text::line(&title, TITLE_MAX).ok_or(("text_invalid", "title"))?;
                let due = due.map(|due| super::days::day(&due).ok_or(("case_field_unknown", "due"))).transpose()?;
                Self::Task { title, owner, due, done, code: code.filter(|code| is_code(code)) }
            }
            Self::Meeting { on, how, who, agenda, minutes } => {
                let on: jiff::Timestamp = on.parse().map_err(|_| ("case_field_unknown", "on"))?;
                if who.len() > PEOPLE_MAX {
                    return Err(("case_field_unknown", "who"));
                }
                let agenda = body(&agenda).ok_or(("text_invalid", "agenda"))?;
                let minutes = body(&minutes).ok_or(("text_invalid", "minutes"))?;
                Self::Meeting { on: on.to_string(), how, who, agenda, minutes }
            }
            Self::Decision { about, text, ground } => Self::Decision {
                about,
                text: full(&text, "text")?,
                ground: text::paragraphs(&ground, NOTE_MAX).ok_or(("text_invalid", "ground"))?,
            },
            Self::Note { text } => Self::Note { text: full(&text, "text")? },
            Self::Sheet { .. } | Self::File { .. } | Self::Closing { .. } => return Err(("case_field_unknown", "kind")),
        })
    }
}

/// A word for a catalogue: no text.
fn is_code(code: &str) -> bool {
    !code.is_empty()
        && code.len() <= 40
        && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// What is done when contact with a child is lost, in this order: each a task with its code (116 000 is the European line for
/// missing children).
pub(super) const CHECKLIST: [&str; 6] =
    ["missing_116000", "missing_police", "missing_guardian", "missing_partners", "missing_last_contact", "missing_border"];

/// The signs of a reference: no letter or figure that is taken for another one.
const SIGNS: &[u8; 25] = b"ACDEFGHJKLMNPQRTUVWXY3479";

/// A room's reference of six random bytes: `K7-4QXM`. About 27.9 bits, drawn again where it is taken.
pub(super) fn reference(random: [u8; 12]) -> String {
    let sign = |two: &[u8]| {
        let number = usize::from(u16::from_be_bytes([two[0], two[1]]));
        char::from(SIGNS[number % SIGNS.len()])
    };
    let signs: String = random.chunks_exact(2).map(sign).collect();
    format!("{}-{}", &signs[..2], &signs[2..])
}

#[cfg(test)]
pub(super) mod tests;
