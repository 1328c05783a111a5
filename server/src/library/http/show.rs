//! A practice on its page: what it says, how it stands, what the reader may do with it.

use std::collections::HashMap;

use axum::extract::State as Given;
use uuid::Uuid;

use super::super::beside::HELD;
use super::super::finder::{self, Entry};
use super::super::ladder::{self, Ground, Judge, OUTCOME, Voice};
use super::super::model::Content;
use super::super::states::{State, Whose};
use super::super::store::{self, HarmRow, ListRow, PracticeRow, ResultRow, ReviewRow, TranslationRow, UseRow};
use super::super::views::{
    CampaignResult, Can, Discussion, Endorsement, Harm, Item, LevelSet, Organisation, Practice, Review, Reviewer, Rung,
    StepTaken, TranslationState, Used,
};
use super::{Desk, Located};
use crate::access::handling::{LEAVING, is_carried};
use crate::access::{Action, Decision, ItemAction, may};
use crate::base::clock::rfc3339;
use crate::base::db::{self, Conn};
use crate::base::http::{Json, Path, Problem};
use crate::channels::topics;
use crate::context::Ctx;
use crate::directory::{self, Person};
use crate::files::{self, FileView};
use crate::identity::Caller;

/// All that is stored around a practice.
pub(super) struct Around {
    partners: Vec<(Uuid, String)>,
    pub(super) reviews: Vec<ReviewRow>,
    reviewers: Vec<Uuid>,
    harms: Vec<HarmRow>,
    steps: Vec<store::StepRow>,
    translations: Vec<TranslationRow>,
    endorsements: Vec<(Uuid, i64)>,
    uses: Vec<UseRow>,
    files: Vec<FileView>,
    pub(super) results: Vec<ResultRow>,
}

impl Around {
    pub(super) async fn of(conn: &mut Conn, id: Uuid) -> db::Result<Self> {
        Ok(Self {
            partners: store::partners(conn, id).await?,
            reviews: store::reviews(conn, id).await?,
            reviewers: store::reviewers(conn, id).await?,
            harms: store::harms(conn, id).await?,
            steps: store::steps(conn, id).await?,
            translations: store::translations(conn, id).await?,
            endorsements: store::endorsements(conn, id).await?,
            uses: store::uses(conn, id).await?,
            files: files::of(conn, HELD, &[id]).await?.remove(&id).unwrap_or_default(),
            results: store::results(conn, id).await?,
        })
    }

    /// Everybody who is named in it.
    fn people(&self, row: &PracticeRow) -> Vec<Uuid> {
        let mut people = vec![row.author];
        people.extend(row.level_by);
        people.extend(self.reviews.iter().map(|review| review.account));
        people.extend(&self.reviewers);
        people.extend(self.harms.iter().flat_map(|harm| [Some(harm.by_account), harm.answered_by]).flatten());
        people.extend(self.steps.iter().map(|step| step.by_account));
        people.extend(self.translations.iter().flat_map(|each| [Some(each.translator), each.checked_by]).flatten());
        people.extend(self.endorsements.iter().map(|(account, _)| *account));
        people.extend(self.uses.iter().map(|used| used.account));
        people.sort_unstable();
        people.dedup();
        people
    }

    /// What the reviewers who count have proposed in this round.
    pub(super) fn voices(&self, row: &PracticeRow, entry: &Entry) -> Vec<Voice> {
        let current = self.reviews.iter().filter(|review| review.round == row.round && self.reviewers.contains(&review.account));
        let voice = |review: &ReviewRow| Voice {
            outside: is_outside(review.country.as_deref(), entry),
            level: u8::try_from(review.level).unwrap_or(0),
        };
        current.map(voice).collect()
    }

    /// How many reviewers of this round would publish it, and whether one of them works outside its countries.
    pub(super) fn publishing(&self, row: &PracticeRow, entry: &Entry) -> (usize, bool) {
        let current = self.reviews.iter().filter(|review| review.round == row.round && self.reviewers.contains(&review.account));
        let publish = current.filter(|review| review.verdict == "publish");
        publish.fold((0, false), |(count, outside), review| (count + 1, outside || is_outside(review.country.as_deref(), entry)))
    }

    /// Whether somebody has reviewed it in this round.
    pub(super) fn has_reviewed(&self, row: &PracticeRow, account: Uuid) -> bool {
        self.reviews.iter().any(|review| review.round == row.round && review.account == account)
    }
}

/// Whether somebody who works there works outside the practice's countries.
pub(super) fn is_outside(country: Option<&str>, entry: &Entry) -> bool {
    country.is_none_or(|country| !entry.countries.contains(&country))
}

impl Desk {
    /// Who the caller is to the evidence of a practice; `None`: it is their own.
    pub(super) fn judge(caller: &Caller, located: &Located, around: &Around) -> Option<Judge> {
        let entry = &located.entry;
        if entry.is_own(caller.account(), caller.actor.organisation) {
            return None;
        }
        let may = |action| entry.may(&caller.actor, action);
        let reviewer = around.has_reviewed(&located.row, caller.account()) && entry.is_reviewer(caller.account());
        Some(Judge { keeper: may(ItemAction::Tend), editor: may(ItemAction::Edit), reviewer })
    }

    /// In how many countries it stands on level 3 or above, its parent and its adaptations with it.
    pub(super) async fn replicated(&self, entry: &Entry) -> db::Result<usize> {
        let entries = self.shelf.entries(&self.ctx).await?;
        let all: Vec<&Entry> = entries.values().map(AsRef::as_ref).collect();
        let (family, now) = (finder::family(entry, &all), self.ctx.now());
        let standing = family.iter().filter(|one| one.state_at(now).stands() && (one.level >= OUTCOME || one.id == entry.id));
        let countries: std::collections::HashSet<_> = standing.flat_map(|one| one.countries.iter()).collect();
        Ok(countries.len())
    }

    /// The page of a practice.
    pub(super) async fn page(&self, caller: &Caller, located: Located) -> Result<Practice, Problem> {
        let Located { entry, row, content } = &located;
        let mut conn = self.ctx.db.read().await?;
        let around = Around::of(&mut conn, row.id).await?;
        let people = directory::people_by_id(&mut conn, &self.ctx, &around.people(row)).await?;
        let people: HashMap<Uuid, Person> = people.into_iter().map(|person| (person.id, person)).collect();
        let discussion = discussion(&self.ctx, &mut conn, caller, row.topic).await?;
        drop(conn);
        let parent = match row.parent {
            Some(parent) => self.shelf.entry(&self.ctx, parent).await?.filter(|entry| entry.may(&caller.actor, ItemAction::Read)),
            None => None,
        };
        let parent = parent.map(|entry| entry.id);
        let judge = Self::judge(caller, &located, &around);
        let ladder = match judge.filter(|judge| judge.keeper || judge.editor || judge.reviewer) {
            Some(judge) => self.ladder(judge, &located, &around).await?,
            None => Vec::new(),
        };
        let can = self.can(caller, &located, &around, &ladder);
        let works_on =
            can.change || judge.is_some_and(|judge| judge.keeper || judge.editor) || entry.is_reviewer(caller.account());
        Ok(dressed(&self.ctx, caller, row, content, entry, around, &people, Told { parent, discussion, ladder, can, works_on }))
    }

    async fn ladder(&self, judge: Judge, located: &Located, around: &Around) -> db::Result<Vec<Rung>> {
        let voices = around.voices(&located.row, &located.entry);
        let ground = Ground {
            now: located.entry.level,
            harm: located.entry.harm,
            content: &located.content,
            voices: &voices,
            countries: self.replicated(&located.entry).await?,
            trial: false,
            result: !around.results.is_empty(),
        };
        Ok((0..=ladder::TOP).map(|level| Rung { level, lacks: ladder::may_set(level, judge, &ground).err() }).collect())
    }

    fn can(&self, caller: &Caller, located: &Located, around: &Around, ladder: &[Rung]) -> Can {
        let (entry, me, now) = (&located.entry, caller.account(), self.ctx.now());
        let (may, state) = (|action| entry.may(&caller.actor, action), entry.state_at(now));
        let own = entry.is_own(me, caller.actor.organisation);
        let (change, tend) = (may(ItemAction::Change), may(ItemAction::Tend));
        let whose = |whose: Whose| match whose {
            Whose::Source => change,
            Whose::Keeper => tend,
            Whose::Either => change || tend,
        };
        let used = around.uses.iter().any(|used| used.account == me);
        let endorsed = around.endorsements.iter().any(|(account, _)| *account == me);
        let judges = state.stands() && !own && may(ItemAction::Judge);
        Can {
            change: change && (state.is_written() || state.stands()),
            delete: change && state == State::Draft && located.row.round == 0,
            steps: State::ALL.into_iter().filter(|to| state.way(*to).is_some_and(|way| whose(way.whose))).collect(),
            name_reviewers: tend && (matches!(state, State::Screening | State::PeerReview) || state.stands()),
            review: entry.is_reviewer(me) && !own && (state == State::PeerReview || state.stands()),
            level: state.stands() && ladder.iter().any(|rung| rung.lacks.is_none()),
            report_harm: !own && (entry.is_reviewer(me) || tend || used) && state != State::Withdrawn,
            answer_harm: may(ItemAction::Edit) && entry.harm,
            translate: state.stands(),
            keep_translations: change || tend,
            endorse: judges && caller.actor.organisation.is_some() && !endorsed && !entry.harm,
            endorsed,
            r#use: judges && caller.actor.country.is_some(),
            used,
            discuss: (change || tend) && located.row.topic.is_none(),
            adapt: state.stands(),
            take_out: may(ItemAction::TakeOut),
        }
    }
}

/// What was found out for the reader.
struct Told {
    parent: Option<Uuid>,
    discussion: Option<Discussion>,
    ladder: Vec<Rung>,
    can: Can,
    works_on: bool,
}

/// The topic where it is talked about, for somebody who may read there.
async fn discussion(ctx: &Ctx, conn: &mut Conn, caller: &Caller, topic: Option<Uuid>) -> db::Result<Option<Discussion>> {
    let Some(topic) = topic else { return Ok(None) };
    let Some(row) = topics::topic(conn, topic).await? else { return Ok(None) };
    let channel = ctx.standing.channel(row.channel).await?;
    let reads = channel.is_some_and(|channel| may(&caller.actor, Action::Read, &channel) == Decision::Allow);
    Ok(reads.then_some(Discussion { topic, channel: row.channel, title: row.title, messages: row.messages }))
}

#[expect(clippy::too_many_arguments, reason = "everything that a page shows comes together here")]
fn dressed(
    ctx: &Ctx,
    caller: &Caller,
    row: &PracticeRow,
    content: &Content,
    entry: &Entry,
    around: Around,
    people: &HashMap<Uuid, Person>,
    told: Told,
) -> Practice {
    let person = |id: Uuid| people.get(&id).cloned();
    let list_row = ListRow {
        id: row.id,
        title: content.title.clone(),
        summary: content.summary.clone(),
        language: content.language.clone(),
        created_at: row.created_at,
        organisation_name: row.organisation_name.clone(),
    };
    let me = caller.account();
    let organisation = |(id, name)| Organisation { id, name };
    let reviews = shown_reviews(&around, row, entry, me, told.works_on);
    let reviews = reviews.into_iter().map(|review| review_of(review, row, entry, me, person(review.account))).collect();
    let results = around.results.iter().filter(|result| is_told(result, caller)).map(result).collect();
    let level_set = row.level_at.map(|at| LevelSet {
        person: row.level_by.and_then(person),
        at: rfc3339(at),
        why: row.level_why.clone().unwrap_or_default(),
    });
    let reviewers = around.reviewers.iter().filter(|_| told.works_on);
    let steps = around.steps.into_iter().filter(|_| told.works_on);
    Practice {
        item: Item::new(list_row, entry, person(row.author), ctx.now()),
        content: content.clone(),
        minimum: content.minimum(),
        missing: content.missing(),
        partners: around.partners.into_iter().map(organisation).collect(),
        files: around.files,
        parent: told.parent,
        version: row.version,
        reviewed_version: row.reviewed_version,
        reason: row.reason.clone(),
        review_due_at: row.review_due_at.map(rfc3339),
        level_set,
        ladder: told.ladder,
        reviewers: reviewers
            .map(|id| Reviewer { id: *id, person: person(*id), done: entry.reviewers.contains(&(*id, true)) })
            .collect(),
        reviews,
        harms: around.harms.into_iter().map(|harm| harm_of(harm, &person)).collect(),
        steps: steps
            .map(|step| StepTaken {
                at: rfc3339(step.at),
                person: person(step.by_account),
                state: State::of(&step.state, None, 0),
                note: step.note,
            })
            .collect(),
        translations: around.translations.iter().map(|each| translation_of(each, row.version, me, &person)).collect(),
        endorsed_by: around
            .endorsements
            .iter()
            .map(|(account, at)| Endorsement { person: person(*account), at: rfc3339(*at) })
            .collect(),
        used_by: around
            .uses
            .into_iter()
            .map(|used| Used { person: person(used.account), country: used.country, note: used.note, at: rfc3339(used.at) })
            .collect(),
        results,
        discussion: told.discussion,
        can: told.can,
    }
}

/// What of the reviews this reader sees. Once it is published everybody reads them; before that, those who work on it, and a
/// reviewer nobody else's before their own.
fn shown_reviews<'a>(around: &'a Around, row: &PracticeRow, entry: &Entry, me: Uuid, works_on: bool) -> Vec<&'a ReviewRow> {
    let waits = entry.is_reviewer(me) && !around.has_reviewed(row, me);
    let shown = |review: &&ReviewRow| {
        let open = row.published_at.is_some() || works_on;
        review.account == me || open && !(waits && review.round == row.round)
    };
    around.reviews.iter().filter(shown).collect()
}

fn review_of(review: &ReviewRow, row: &PracticeRow, entry: &Entry, me: Uuid, person: Option<Person>) -> Review {
    Review {
        person,
        own: review.account == me,
        level: review.level,
        verdict: review.verdict.clone(),
        note: review.note.clone(),
        at: rfc3339(review.at),
        current: review.round == row.round,
        outside: is_outside(review.country.as_deref(), entry),
    }
}

fn harm_of(harm: HarmRow, person: &impl Fn(Uuid) -> Option<Person>) -> Harm {
    Harm {
        id: harm.id,
        person: person(harm.by_account),
        at: rfc3339(harm.at),
        what: harm.what,
        answered_by: harm.answered_by.and_then(person),
        answered_at: harm.answered_at.map(rfc3339),
        answer: harm.answer,
    }
}

/// A translation without its words, beside the version that stands.
pub(super) fn translation_of(
    row: &TranslationRow,
    version: i64,
    me: Uuid,
    person: &impl Fn(Uuid) -> Option<Person>,
) -> TranslationState {
    let content: super::super::model::Translated = serde_json::from_str(&row.content).unwrap_or_default();
    TranslationState {
        language: row.language.clone(),
        title: content.title,
        current: row.of_version == version,
        of_version: row.of_version,
        translator: person(row.translator),
        own: row.translator == me,
        machine: row.machine,
        checked_by: row.checked_by.and_then(person),
        changed_at: rfc3339(row.changed_at),
    }
}

/// What a campaign has told is read by those whom its own marking leaves.
fn is_told(result: &ResultRow, caller: &Caller) -> bool {
    let own = result.by_account == caller.account()
        || result.organisation.is_some() && result.organisation == caller.actor.organisation;
    own || is_carried(&result.marking, LEAVING)
}

fn result(row: &ResultRow) -> CampaignResult {
    CampaignResult {
        campaign: row.campaign,
        title: row.title.clone(),
        result: row.result.clone(),
        marking: row.marking.clone(),
        at: rfc3339(row.at),
    }
}

/// One practice.
#[utoipa::path(get, path = "/api/practices/{id}", tag = "library", params(("id" = Uuid, Path)),
    responses((status = 200, body = Practice), (status = 401), (status = 404)))]
pub(super) async fn show(Given(desk): Given<Desk>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Practice>, Problem> {
    let located = desk.locate(&caller, ItemAction::Read, id).await?;
    Ok(Json(desk.page(&caller, located).await?))
}
