//! Practices as they go over the wire.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::finder::{Choice, Entry, codes};
use super::model::{Content, Minimum, Translated};
use super::states::State;
use super::store::ListRow;
use crate::base::clock::rfc3339;
use crate::directory::Person;
use crate::files::FileView;

/// An organisation by its name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PracticeOrganisation)]
pub(super) struct Organisation {
    pub(super) id: Uuid,
    pub(super) name: String,
}

/// A practice as lists show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PracticeItem)]
pub(super) struct Item {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) language: String,
    pub(super) marking: &'static str,
    pub(super) countries: Vec<&'static str>,
    pub(super) themes: Vec<&'static str>,
    /// `None`: the account is suspended.
    pub(super) author: Option<Person>,
    pub(super) organisation: Option<Organisation>,
    /// RFC 3339.
    pub(super) created_at: String,
    /// RFC 3339.
    pub(super) changed_at: String,
    /// RFC 3339.
    pub(super) published_at: Option<String>,
    pub(super) state: State,
    /// Where in prevention, protection or prosecution it belongs.
    pub(super) stage: Option<&'static str>,
    /// The pillar of a national referral mechanism.
    pub(super) pillar: Option<&'static str>,
    pub(super) ages: Vec<&'static str>,
    pub(super) settings: Vec<&'static str>,
    /// The level of its evidence, 0 to 5.
    pub(super) level: u8,
    /// Whether a report of harm waits for its answer.
    pub(super) harm: bool,
    /// The practice that it adapts, whether or not the reader may see that.
    pub(super) adapts: bool,
    pub(super) endorsements: u32,
    /// In how many countries it was used by others.
    pub(super) used: u32,
}

impl Item {
    pub(super) fn new(row: ListRow, entry: &Entry, author: Option<Person>, now: i64) -> Self {
        let of = |choice| codes(entry.bits, choice);
        Self {
            id: row.id,
            title: row.title,
            summary: row.summary,
            language: row.language,
            marking: entry.marking,
            countries: entry.countries.to_vec(),
            themes: entry.themes.to_vec(),
            author,
            organisation: entry.organisation.zip(row.organisation_name).map(|(id, name)| Organisation { id, name }),
            created_at: rfc3339(row.created_at),
            changed_at: rfc3339(entry.changed_at),
            published_at: entry.published_at.map(rfc3339),
            state: entry.state_at(now),
            stage: of(Choice::Stage).next(),
            pillar: of(Choice::Pillar).next(),
            ages: of(Choice::Age).collect(),
            settings: of(Choice::Setting).collect(),
            level: entry.level,
            harm: entry.harm,
            adapts: entry.parent.is_some(),
            endorsements: entry.endorsements,
            used: entry.used,
        }
    }
}

/// Somebody who was named to review it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PracticeReviewer)]
pub(super) struct Reviewer {
    pub(super) id: Uuid,
    pub(super) person: Option<Person>,
    /// Whether they have, in this round.
    pub(super) done: bool,
}

/// What a reviewer has said.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PracticeReview)]
pub(super) struct Review {
    pub(super) person: Option<Person>,
    /// Whether it is the caller's own.
    pub(super) own: bool,
    /// The level that the evidence carries, 0 to 5.
    pub(super) level: i64,
    /// `publish` or `revise`.
    pub(super) verdict: String,
    pub(super) note: String,
    /// RFC 3339.
    pub(super) at: String,
    /// Whether it is of the round that counts now.
    pub(super) current: bool,
    /// Whether the reviewer works outside the practice's countries.
    pub(super) outside: bool,
}

/// A report of harm.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PracticeHarm)]
pub(super) struct Harm {
    pub(super) id: Uuid,
    pub(super) person: Option<Person>,
    /// RFC 3339.
    pub(super) at: String,
    pub(super) what: String,
    pub(super) answered_by: Option<Person>,
    /// RFC 3339.
    pub(super) answered_at: Option<String>,
    pub(super) answer: Option<String>,
}

/// A step that was taken.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PracticeStep)]
pub(super) struct StepTaken {
    /// RFC 3339.
    pub(super) at: String,
    pub(super) person: Option<Person>,
    pub(super) state: State,
    pub(super) note: Option<String>,
}

/// Who put it on its level, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PracticeLevel)]
pub(super) struct LevelSet {
    pub(super) person: Option<Person>,
    /// RFC 3339.
    pub(super) at: String,
    pub(super) why: String,
}

/// A level, and what it lacks for the caller to put the practice on it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PracticeRung)]
pub(super) struct Rung {
    pub(super) level: u8,
    /// Nothing: the caller may. Else `harm`, `theory`, `monitoring`, `results`, `review`, `reviews`, `outside`, `editor`,
    /// `replication` or `power`.
    pub(super) lacks: Option<&'static str>,
}

/// A translation without its words.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PracticeTranslationState)]
pub(super) struct TranslationState {
    pub(super) language: String,
    pub(super) title: String,
    /// Whether it is of the version that stands; else the original has gone on.
    pub(super) current: bool,
    pub(super) of_version: i64,
    pub(super) translator: Option<Person>,
    /// Whether it is the caller's own.
    pub(super) own: bool,
    /// Whether it began as the text of a machine.
    pub(super) machine: bool,
    pub(super) checked_by: Option<Person>,
    /// RFC 3339.
    pub(super) changed_at: String,
}

/// A translation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PracticeTranslation)]
pub(super) struct Translation {
    #[serde(flatten)]
    pub(super) state: TranslationState,
    pub(super) content: Translated,
}

/// Somebody stands by it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PracticeEndorsement)]
pub(super) struct Endorsement {
    pub(super) person: Option<Person>,
    /// RFC 3339.
    pub(super) at: String,
}

/// Somebody has used it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PracticeUse)]
pub(super) struct Used {
    pub(super) person: Option<Person>,
    pub(super) country: String,
    pub(super) note: String,
    /// RFC 3339.
    pub(super) at: String,
}

/// What came of a campaign that has adapted it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PracticeResult)]
pub(super) struct CampaignResult {
    pub(super) campaign: Uuid,
    pub(super) title: String,
    pub(super) result: String,
    pub(super) marking: String,
    /// RFC 3339.
    pub(super) at: String,
}

/// Where it is talked about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PracticeDiscussion)]
pub(super) struct Discussion {
    pub(super) topic: Uuid,
    pub(super) channel: Uuid,
    pub(super) title: String,
    pub(super) messages: i64,
}

/// What the caller may do with it.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = PracticeCan)]
#[expect(clippy::struct_excessive_bools, reason = "rights that have nothing to do with each other")]
pub(super) struct Can {
    /// Change what it says.
    pub(super) change: bool,
    /// Take the draft away.
    pub(super) delete: bool,
    /// Let it come this far.
    pub(super) steps: Vec<State>,
    /// Name its reviewers.
    pub(super) name_reviewers: bool,
    /// Review it.
    pub(super) review: bool,
    /// Put it on a level.
    pub(super) level: bool,
    /// Report harm.
    pub(super) report_harm: bool,
    /// Answer a report of harm.
    pub(super) answer_harm: bool,
    /// Translate it.
    pub(super) translate: bool,
    /// Check, or take away, others' translations.
    pub(super) keep_translations: bool,
    pub(super) endorse: bool,
    pub(super) endorsed: bool,
    /// Say that it was used in one's country.
    pub(super) r#use: bool,
    pub(super) used: bool,
    /// Bind it to the topic where it is talked about.
    pub(super) discuss: bool,
    pub(super) adapt: bool,
    /// Print or export it.
    pub(super) take_out: bool,
}

/// A practice.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Practice {
    #[serde(flatten)]
    pub(super) item: Item,
    pub(super) content: Content,
    /// What of EUCPN's minimum it meets.
    pub(super) minimum: Minimum,
    /// What is missing before it can be handed in: the name of a field.
    pub(super) missing: Option<&'static str>,
    pub(super) partners: Vec<Organisation>,
    /// The files of its materials.
    pub(super) files: Vec<FileView>,
    /// What it adapts, if the reader may see that.
    pub(super) parent: Option<Uuid>,
    /// 0 until it is published.
    pub(super) version: i64,
    /// The version that was last reviewed.
    pub(super) reviewed_version: i64,
    /// Why it was sent back, archived or withdrawn.
    pub(super) reason: Option<String>,
    /// RFC 3339.
    pub(super) review_due_at: Option<String>,
    pub(super) level_set: Option<LevelSet>,
    pub(super) ladder: Vec<Rung>,
    pub(super) reviewers: Vec<Reviewer>,
    pub(super) reviews: Vec<Review>,
    pub(super) harms: Vec<Harm>,
    /// For those who work on it and those who look after it.
    pub(super) steps: Vec<StepTaken>,
    pub(super) translations: Vec<TranslationState>,
    pub(super) endorsed_by: Vec<Endorsement>,
    pub(super) used_by: Vec<Used>,
    pub(super) results: Vec<CampaignResult>,
    /// Nothing where there is none, or the reader may not read there.
    pub(super) discussion: Option<Discussion>,
    pub(super) can: Can,
}
