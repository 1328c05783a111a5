//! What a referral says, and what must be said before it leaves: pure. All of it is sealed; storage sees none of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{ARRIVAL_HOURS, ARRIVAL_LIMITS, Decline};
use crate::base::text;
use crate::vocabulary::{ALL_LANGUAGES, ALL_SERVICES, is_country};

/// Characters of a text at most. A file that is longer belongs into the system of record, not here.
pub(super) const TEXT_MAX: usize = 1_200;
/// Characters of a note at most.
pub(super) const NOTE_MAX: usize = 300;
/// Organisations that may be told at most.
const TOLD_MAX: usize = 10;

/// What makes it lawful to pass on what is known of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReferralBasis)]
pub(super) enum Basis {
    /// Consent: Regulation (EU) 2016/679, article 6(1)(a).
    Consent,
    /// A legal obligation: article 6(1)(c).
    LegalObligation,
    /// Vital interests: article 6(1)(d).
    VitalInterests,
    /// A task in the public interest, such as protecting children: article 6(1)(e).
    PublicTask,
}

/// What those who decide for the child have said to the referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReferralConsent)]
pub(super) enum Consent {
    /// The child is old enough and has consented.
    Given,
    /// The guardian has.
    ByGuardian,
    /// It was refused.
    Refused,
    /// Nobody could be asked.
    NotAsked,
}

/// What the child has said to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReferralAssent)]
pub(super) enum Assent {
    /// Yes.
    Given,
    /// No.
    Refused,
    /// It was not asked.
    NotAsked,
}

/// Who on the child's side has agreed that somebody behind a wall is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReferralAgreed)]
pub(super) enum Agreed {
    Child,
    Guardian,
    Both,
}

/// The channel outside of here by which it travels who the child is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReferralChannel)]
pub(super) enum Channel {
    Primero,
    Siena,
    RegisteredPost,
    InPerson,
    EncryptedMail,
}

/// What a referral says. Everything may be missing while it is a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReferralContent)]
#[serde(default)]
pub(super) struct Content {
    /// What the child needs there and why: at most 1200 characters.
    pub(super) purpose: String,
    /// Codes of services of the vocabulary.
    pub(super) services: Vec<String>,
    /// The language that the child is helped in, as a code of the vocabulary.
    pub(super) language: Option<String>,
    pub(super) legal_basis: Option<Basis>,
    pub(super) consent: Option<Consent>,
    pub(super) assent: Option<Assent>,
    /// What the child itself says to it: at most 1200 characters.
    pub(super) child_view: String,
    /// Why it goes on although consent or assent is missing: a second person of the sender approves it.
    pub(super) override_reason: String,
    /// What must not be told, and to whom: at most 1200 characters.
    pub(super) not_tell: String,
    /// Bodies behind the wall (asylum, police, whoever enforces the law) that the child's side has agreed to.
    pub(super) told_to: Vec<Uuid>,
    /// Who has agreed to that.
    pub(super) told_by: Option<Agreed>,
    pub(super) channel: Option<Channel>,
    /// A reference or a hint to that channel: at most 300 characters.
    pub(super) channel_note: String,
    /// Who is asked at the sender's.
    pub(super) contact_from: Option<Uuid>,
    /// Who is asked at the receiver's: somebody who answers for it and has keys.
    pub(super) contact_to: Option<Uuid>,
}

/// A referral as somebody writes it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = ReferralWish)]
pub(super) struct Wish {
    /// Where the child is to be helped: a country's code.
    #[serde(default)]
    pub(super) to_country: Option<String>,
    /// The organisation that is asked.
    #[serde(default)]
    pub(super) to: Option<Uuid>,
    /// Hours after the hand-over within which the arrival is confirmed: 24 to 336; 48 when not named.
    #[serde(default)]
    pub(super) arrival_hours: Option<i64>,
    #[serde(default)]
    pub(super) content: Content,
}

/// One that can be kept.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    pub(super) to_country: Option<String>,
    pub(super) to: Option<Uuid>,
    pub(super) arrival_hours: i64,
    pub(super) content: Content,
}

impl Wish {
    /// Looks at it.
    ///
    /// # Errors
    /// A problem's code.
    pub(super) fn checked(self) -> Result<Checked, &'static str> {
        let Self { to_country, to, arrival_hours, content } = self;
        let to_country = to_country.filter(|code| !code.is_empty());
        if to_country.as_deref().is_some_and(|code| !is_country(code)) {
            return Err("tag_unknown");
        }
        let arrival_hours = arrival_hours.unwrap_or(ARRIVAL_HOURS);
        if !ARRIVAL_LIMITS.contains(&arrival_hours) {
            return Err("arrival_invalid");
        }
        Ok(Checked { to_country, to, arrival_hours, content: content.checked()? })
    }
}

impl Content {
    fn checked(mut self) -> Result<Self, &'static str> {
        for (words, max) in [
            (&mut self.purpose, TEXT_MAX),
            (&mut self.child_view, TEXT_MAX),
            (&mut self.override_reason, TEXT_MAX),
            (&mut self.not_tell, TEXT_MAX),
            (&mut self.channel_note, NOTE_MAX),
        ] {
            *words = text::paragraphs(words, max).ok_or("text_invalid")?;
        }
        let service = |code: &String| ALL_SERVICES.iter().any(|service| service.code == *code);
        if !self.services.iter().all(service) {
            return Err("tag_unknown");
        }
        self.language = self.language.filter(|code| !code.is_empty());
        let spoken = |code: &String| ALL_LANGUAGES.iter().any(|language| language.code == *code);
        if !self.language.iter().all(spoken) {
            return Err("language_unknown");
        }
        self.services.sort_unstable();
        self.services.dedup();
        self.told_to.sort_unstable();
        self.told_to.dedup();
        if self.told_to.len() > TOLD_MAX {
            return Err("told_many");
        }
        Ok(self)
    }

    /// Every text of it that a person has written.
    pub(super) fn texts(&self) -> [&str; 5] {
        [&self.purpose, &self.child_view, &self.override_reason, &self.not_tell, &self.channel_note]
    }

    /// Whether the child and those who decide for it want it.
    pub(super) fn is_agreed(&self) -> bool {
        matches!(self.consent, Some(Consent::Given | Consent::ByGuardian)) && self.assent == Some(Assent::Given)
    }

    /// What must still be said before it is sent, in the order of the form.
    pub(super) fn missing(&self, to: Option<Uuid>, to_country: Option<&str>) -> Vec<&'static str> {
        let asked = [
            ("services", self.services.is_empty()),
            ("purpose", self.purpose.is_empty()),
            ("to_country", to_country.is_none()),
            ("to", to.is_none()),
            ("contact_to", self.contact_to.is_none()),
            ("legal_basis", self.legal_basis.is_none()),
            ("consent", self.consent.is_none()),
            ("assent", self.assent.is_none()),
            ("child_view", self.child_view.is_empty()),
            ("not_tell", self.not_tell.is_empty()),
            ("told_by", !self.told_to.is_empty() && self.told_by.is_none()),
            ("channel", self.channel.is_none()),
            ("contact_from", self.contact_from.is_none()),
        ];
        asked.into_iter().filter(|(_, missing)| *missing).map(|(name, _)| name).collect()
    }
}

/// That it is to go on without consent or assent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Overriding {
    pub(super) by: Uuid,
    /// When it was approved, and by whom: the text is then as it was read.
    pub(super) approved: Option<(Uuid, i64)>,
}

/// What is told of the child, as it was when the referral was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReferralChild)]
pub(super) struct Child {
    /// Code of an age band.
    pub(super) age_band: String,
    /// `appointed`, `requested` or `none`.
    pub(super) guardian: String,
    /// Whether the best interests were assessed.
    pub(super) bia_done: bool,
    /// `not_needed`, `pending` or `done`: the best interests determination.
    pub(super) bid: String,
}

/// All that is sealed of a referral itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sealed {
    pub(super) content: Content,
    pub(super) overriding: Option<Overriding>,
    pub(super) child: Option<Child>,
}

/// What is sealed of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Said {
    pub(super) text: String,
    pub(super) reason: Option<Decline>,
    /// Who is competent, where somebody else is.
    pub(super) next: Option<Uuid>,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const THERE: Uuid = Uuid::from_u128(4);

    /// One that says everything.
    pub(in crate::referrals) fn whole() -> Content {
        Content {
            purpose: "A place to sleep".into(),
            services: vec!["shelter".into()],
            language: Some("en".into()),
            legal_basis: Some(Basis::PublicTask),
            consent: Some(Consent::ByGuardian),
            assent: Some(Assent::Given),
            child_view: "Wants to go".into(),
            not_tell: "Nothing to the consulate".into(),
            channel: Some(Channel::Primero),
            contact_from: Some(Uuid::from_u128(1)),
            contact_to: Some(Uuid::from_u128(2)),
            ..Content::default()
        }
    }

    #[test]
    fn nothing_is_sent_before_everything_is_said() {
        assert_eq!(whole().missing(Some(THERE), Some("GR")), [""; 0]);
        let all = Content { told_to: vec![THERE], ..Content::default() }.missing(None, None);
        assert_eq!(all.len(), 13, "{all:?}");
        let silent = Content { child_view: String::new(), ..whole() };
        assert_eq!(silent.missing(Some(THERE), Some("GR")), ["child_view"]);
        assert_eq!(Content { told_to: vec![THERE], ..whole() }.missing(Some(THERE), Some("GR")), ["told_by"]);
    }

    type Spoil = fn(&mut Wish);

    #[test]
    fn what_can_not_be_kept_is_refused() {
        let wish = |content| Wish { to_country: Some("GR".into()), to: None, arrival_hours: None, content };
        assert_eq!(wish(whole()).checked().map(|checked| checked.arrival_hours).ok(), Some(48));
        let cases: [(Spoil, &str); 6] = [
            (|w| w.to_country = Some("FR".into()), "tag_unknown"),
            (|w| w.arrival_hours = Some(23), "arrival_invalid"),
            (|w| w.arrival_hours = Some(337), "arrival_invalid"),
            (|w| w.content.services.push("weather".into()), "tag_unknown"),
            (|w| w.content.language = Some("xx".into()), "language_unknown"),
            (|w| w.content.purpose = "a".repeat(TEXT_MAX + 1), "text_invalid"),
        ];
        for (spoil, code) in cases {
            let mut spoilt = wish(whole());
            spoil(&mut spoilt);
            assert_eq!(spoilt.checked().err(), Some(code));
        }
    }
}
