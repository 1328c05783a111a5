//! How a practice comes into the library and stays there: steps, reviewers, reviews, levels, reports of harm.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::ladder::{self, Ground, TOP};
use super::super::model::TEXT_MAX;
use super::super::states::{REVIEW_AFTER, State, Whose};
use super::super::store::{self, NewHarm, NewReview, Step};
use super::super::{acts, notice};
use super::show::{Around, is_outside};
use super::{Desk, Located, act, overtaken, said};
use crate::access::{Actor, ItemAction};
use crate::audit;
use crate::base::db::Tx;
use crate::base::http::{Json, Path, Problem};
use crate::identity::Caller;

/// Reviewers of a practice: so many, and no more.
const REVIEWERS: std::ops::RangeInclusive<usize> = 2..=4;

/// How far it is to come.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(as = PracticeStepWish)]
pub(super) struct Wish {
    state: State,
    /// Why: needed to send it back, to archive it, to withdraw it.
    note: Option<String>,
    /// From screening to peer review: somebody has looked that nothing in it tells of a person.
    #[serde(default)]
    data_checked: bool,
    /// From screening to peer review: somebody has looked that rights of children and of authors are kept.
    #[serde(default)]
    rights_checked: bool,
}

/// Lets a practice come further, or sends it back.
#[utoipa::path(put, path = "/api/practices/{id}/state", tag = "library", params(("id" = Uuid, Path)), request_body = Wish,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn put_state(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<Wish>,
) -> Result<StatusCode, Problem> {
    let located = desk.locate(&caller, ItemAction::Read, id).await?;
    let state = located.entry.state_at(desk.ctx.now());
    let closed = || Problem::conflict("practice_state", "No step leads there from here").with("state", state.as_str());
    let Some(way) = state.way(wish.state) else {
        // Who may do nothing with it isn't told how it stands.
        desk.locate_any(&caller, id).await?;
        return Err(closed());
    };
    let located = match way.whose {
        Whose::Source => desk.locate(&caller, ItemAction::Change, id).await?,
        Whose::Keeper => desk.locate(&caller, ItemAction::Tend, id).await?,
        Whose::Either => desk.locate_any(&caller, id).await?,
    };
    let note = wish.note.as_deref().filter(|note| !note.trim().is_empty());
    let note = match note {
        None if way.says_why => said("", "note", TEXT_MAX, desk.ctx.now()).map(Some)?,
        None => None,
        Some(note) => Some(said(note, "note", TEXT_MAX, desk.ctx.now())?),
    };
    let around = Around::of(&mut desk.ctx.db.read().await?, id).await?;
    desk.is_ready(&caller, &located, &around, state, &wish).await?;
    let inner = desk.clone();
    let by = caller.account();
    let done: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| take(tx, &inner, &located, &around, (state, wish.state), note.as_deref(), by).await)
        .await;
    done.map(|()| StatusCode::NO_CONTENT)
}

impl Desk {
    /// The practice, for those who answer for it and those who look after it.
    async fn locate_any(&self, caller: &Caller, id: Uuid) -> Result<Located, Problem> {
        match self.locate(caller, ItemAction::Change, id).await {
            Ok(located) => Ok(located),
            Err(_) => self.locate(caller, ItemAction::Tend, id).await,
        }
    }

    /// Whether a practice is ready for a step.
    async fn is_ready(
        &self,
        caller: &Caller,
        located: &Located,
        around: &Around,
        from: State,
        wish: &Wish,
    ) -> Result<(), Problem> {
        match (from, wish.state) {
            (_, State::Submitted) => match located.content.missing() {
                Some(field) => {
                    Err(Problem::unprocessable("practice_incomplete", "Something is missing before it can be handed in")
                        .with("field", field))
                }
                None => Ok(()),
            },
            (_, State::PeerReview) => {
                if !wish.data_checked || !wish.rights_checked {
                    return Err(Problem::unprocessable("practice_unchecked", "Data and rights are to be checked first"));
                }
                let reviewers: Vec<Uuid> = located.entry.reviewers.iter().map(|(account, _)| *account).collect();
                self.fit_to_review(caller, located, &reviewers).await.map(drop)
            }
            (State::PeerReview, State::Published) => {
                if located.entry.is_reviewer(caller.account()) {
                    return Err(Problem::forbidden_for("other_person_needed"));
                }
                if located.entry.harm {
                    return Err(harmed());
                }
                match around.publishing(&located.row, &located.entry) {
                    (count, true) if count >= *REVIEWERS.start() => Ok(()),
                    _ => {
                        Err(Problem::conflict("practice_reviews_missing", "Two reviewers, one of another country, must say yes"))
                    }
                }
            }
            (State::ReviewDue | State::Archived, State::Published) if located.entry.harm => Err(harmed()),
            _ => Ok(()),
        }
    }

    /// These people, if they may review it: of other organisations, one of another country, and not who names them.
    async fn fit_to_review(&self, caller: &Caller, located: &Located, people: &[Uuid]) -> Result<Vec<Uuid>, Problem> {
        let mut people = people.to_vec();
        people.sort_unstable();
        people.dedup();
        if !REVIEWERS.contains(&people.len()) {
            return Err(Problem::unprocessable("practice_reviewers_two", "Two people review a practice"));
        }
        let mut outside = false;
        for account in &people {
            let actor = self.ctx.standing.actor(*account).await?;
            let unfit = |why: &'static str| {
                Problem::unprocessable("practice_reviewer_unfit", "This person can't review it")
                    .with("why", why)
                    .with("account", account.to_string())
            };
            let actor = actor.filter(|actor| actor.is_confirmed()).ok_or_else(|| unfit("unknown"))?;
            if *account == caller.account() {
                return Err(unfit("self"));
            }
            if located.entry.is_own(*account, actor.organisation) {
                return Err(unfit("own"));
            }
            outside |= is_outside(country(&actor), &located.entry);
        }
        if outside {
            Ok(people)
        } else {
            Err(Problem::unprocessable("practice_reviewers_outside", "One of them works in another country"))
        }
    }
}

fn country(actor: &Actor) -> Option<&str> {
    actor.country.as_deref()
}

fn harmed() -> Problem {
    Problem::conflict("practice_harm_open", "A report of harm waits for its answer")
}

/// Takes a step, with what it brings along.
async fn take(
    tx: &mut Tx,
    desk: &Desk,
    located: &Located,
    around: &Around,
    (from, to): (State, State),
    note: Option<&str>,
    by: Uuid,
) -> Result<(), Problem> {
    let (row, at, id) = (&located.row, desk.ctx.now(), located.row.id);
    let comes_in = from == State::PeerReview && to == State::Published;
    let version = row.version + i64::from(comes_in);
    let step = Step {
        state: to.as_str(),
        reason: note.filter(|_| matches!(to, State::Revision | State::Archived | State::Withdrawn)),
        round: row.round + i64::from(to == State::Submitted),
        version,
        reviewed_version: if to == State::Published { version } else { row.reviewed_version },
        screened_by: if to == State::Screening { Some(by) } else { row.screened_by },
        published_at: if comes_in { Some(at) } else { row.published_at },
        review_due_at: if to == State::Published { Some(at + REVIEW_AFTER) } else { row.review_due_at },
        at,
    };
    if !store::set_state(tx, id, &step, row.changed_at).await? {
        return Err(overtaken());
    }
    acts::note_step(tx, &desk.ctx, id, by, to.as_str(), note).await?;
    if comes_in {
        acts::keep_version(tx, row, version, &row.content, by, at, None).await?;
        let voices = around.voices(row, &located.entry);
        let carried = ladder::carried(&ground(located, &voices));
        if carried > located.entry.level {
            store::set_level(tx, id, located.entry.level, carried, Some(by), at, "").await?;
            audit::record(tx, act(&desk.ctx, by, "practice.level", id, levels(located.entry.level, carried))).await?;
        }
    }
    tell(tx, desk, located, to, by);
    if let Some(what) = recorded(to) {
        audit::record(tx, act(&desk.ctx, by, what, id, format!("from={}", from.as_str()))).await?;
    }
    acts::changed(tx, &desk.shelf, id, &located.content, at).await?;
    Ok(())
}

/// What stands in the record of a step: powers that were used, and what leaves the library.
fn recorded(to: State) -> Option<&'static str> {
    match to {
        State::PeerReview => Some("practice.screen"),
        State::Revision => Some("practice.return"),
        State::Published => Some("practice.publish"),
        State::Archived => Some("practice.archive"),
        State::Withdrawn => Some("practice.withdraw"),
        State::Draft | State::Submitted | State::Screening | State::ReviewDue => None,
    }
}

fn tell(tx: &mut Tx, desk: &Desk, located: &Located, to: State, by: Uuid) {
    let (ctx, id) = (&desk.ctx, located.row.id);
    if by != located.row.author {
        notice::tell(tx, ctx, located.row.author, "state", id);
    }
    if to == State::Submitted {
        notice::tell_keepers(tx, ctx, &desk.shelf, id);
    }
    if to == State::PeerReview {
        for (reviewer, _) in &located.entry.reviewers {
            notice::tell(tx, ctx, *reviewer, "review", id);
        }
    }
}

fn levels(from: u8, to: u8) -> String {
    format!("from={from} to={to}")
}

fn ground<'a>(located: &'a Located, voices: &'a [ladder::Voice]) -> Ground<'a> {
    Ground {
        now: located.entry.level,
        harm: located.entry.harm,
        content: &located.content,
        voices,
        countries: 0,
        trial: false,
        result: false,
    }
}

/// Those who review it.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(as = PracticeReviewers)]
pub(super) struct Reviewers {
    /// Two to four people of other organisations, one of another country.
    people: Vec<Uuid>,
}

/// Names those who review a practice, in place of those who were named before.
#[utoipa::path(put, path = "/api/practices/{id}/reviewers", tag = "library", params(("id" = Uuid, Path)),
    request_body = Reviewers,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn put_reviewers(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Reviewers { people }): Json<Reviewers>,
) -> Result<StatusCode, Problem> {
    let located = desk.locate(&caller, ItemAction::Tend, id).await?;
    let state = located.entry.state_at(desk.ctx.now());
    if !matches!(state, State::Screening | State::PeerReview) && !state.stands() {
        return Err(Problem::conflict("practice_state", "Nobody is named as it stands").with("state", state.as_str()));
    }
    let people = desk.fit_to_review(&caller, &located, &people).await?;
    let (inner, by, at) = (desk.clone(), caller.account(), desk.ctx.now());
    let done: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            store::name_reviewers(tx, id, &people, Some(by), at).await?;
            if state != State::Screening {
                for person in people.iter().filter(|person| !located.entry.is_reviewer(**person)) {
                    notice::tell(tx, &inner.ctx, *person, "review", id);
                }
            }
            inner.shelf.changes(tx, id);
            audit::record(tx, act(&inner.ctx, by, "practice.reviewers", id, format!("people={}", people.len()))).await?;
            Ok(())
        })
        .await;
    done.map(|()| StatusCode::NO_CONTENT)
}

/// Whether to publish it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PracticeVerdict)]
pub(super) enum Verdict {
    Publish,
    Revise,
}

/// A review.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(as = PracticeReviewWish)]
pub(super) struct Said {
    /// The level that the evidence carries, 0 to 5.
    level: u8,
    verdict: Verdict,
    /// Why. Once the practice is published, everybody who reads it reads this.
    note: String,
}

/// Reviews a practice, or says something else in the same round.
#[utoipa::path(put, path = "/api/practices/{id}/review", tag = "library", params(("id" = Uuid, Path)), request_body = Said,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn put_review(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(review): Json<Said>,
) -> Result<StatusCode, Problem> {
    let located = desk.locate(&caller, ItemAction::Judge, id).await?;
    let (me, now) = (caller.account(), desk.ctx.now());
    if !located.entry.is_reviewer(me) {
        return Err(Problem::forbidden());
    }
    // They may have changed to an organisation that takes part since they were named.
    if located.entry.is_own(me, caller.actor.organisation) {
        return Err(Problem::forbidden_for("own_item"));
    }
    let state = located.entry.state_at(now);
    if state != State::PeerReview && !state.stands() {
        return Err(Problem::conflict("practice_state", "It isn't reviewed as it stands").with("state", state.as_str()));
    }
    if review.level > TOP {
        return Err(Problem::unprocessable("practice_level_unknown", "There is no such level"));
    }
    let note = said(&review.note, "note", TEXT_MAX, now)?;
    let verdict = if review.verdict == Verdict::Publish { "publish" } else { "revise" };
    let inner = desk.clone();
    let done: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            let round = located.row.round;
            store::put_review(
                tx,
                &NewReview { practice: id, account: me, round, level: review.level, verdict, note: &note, at: now },
            )
            .await?;
            inner.shelf.changes(tx, id);
            notice::tell(tx, &inner.ctx, located.row.author, "state", id);
            notice::tell_keepers(tx, &inner.ctx, &inner.shelf, id);
            audit::record(tx, act(&inner.ctx, me, "practice.review", id, format!("level={} verdict={verdict}", review.level)))
                .await?;
            Ok(())
        })
        .await;
    done.map(|()| StatusCode::NO_CONTENT)
}

/// A level, and why.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(as = PracticeLevelWish)]
pub(super) struct LevelWish {
    /// 0 to 5.
    level: u8,
    why: String,
    /// For level 5: a randomised trial or a systematic review is named in the words.
    #[serde(default)]
    trial: bool,
}

/// Puts a practice on a level of the ladder of evidence.
#[utoipa::path(put, path = "/api/practices/{id}/level", tag = "library", params(("id" = Uuid, Path)), request_body = LevelWish,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn put_level(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<LevelWish>,
) -> Result<StatusCode, Problem> {
    let located = desk.locate(&caller, ItemAction::Judge, id).await?;
    let around = Around::of(&mut desk.ctx.db.read().await?, id).await?;
    let judge = Desk::judge(&caller, &located, &around).ok_or_else(|| Problem::forbidden_for("own_item"))?;
    let (state, now, by) = (located.entry.state_at(desk.ctx.now()), desk.ctx.now(), caller.account());
    if wish.level > TOP {
        return Err(Problem::unprocessable("practice_level_unknown", "There is no such level"));
    }
    let voices = around.voices(&located.row, &located.entry);
    let ground = Ground {
        countries: desk.replicated(&located.entry).await?,
        trial: wish.trial,
        result: !around.results.is_empty(),
        ..ground(&located, &voices)
    };
    match ladder::may_set(wish.level, judge, &ground) {
        Ok(()) => {}
        Err("power") => return Err(Problem::forbidden()),
        Err("harm") => return Err(harmed()),
        Err(lacks) => {
            let lacking = Problem::conflict("practice_level_unsupported", "The evidence doesn't carry this level");
            return Err(lacking.with("lacks", lacks));
        }
    }
    if !state.stands() {
        return Err(Problem::conflict("practice_state", "It isn't in the library").with("state", state.as_str()));
    }
    let why = said(&wish.why, "why", TEXT_MAX, now)?;
    let before = located.entry.level;
    let inner = desk.clone();
    let done: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            if !store::set_level(tx, id, before, wish.level, Some(by), now, &why).await? {
                return Err(overtaken());
            }
            store::set_reviewed(tx, id).await?;
            inner.shelf.changes(tx, id);
            notice::tell(tx, &inner.ctx, located.row.author, "state", id);
            audit::record(tx, act(&inner.ctx, by, "practice.level", id, levels(before, wish.level))).await?;
            Ok(())
        })
        .await;
    done.map(|()| StatusCode::NO_CONTENT)
}

/// A report of harm.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(as = PracticeHarmReport)]
pub(super) struct Report {
    /// What happened, without anything that tells who somebody is.
    what: String,
}

/// What was reported.
#[derive(Serialize, ToSchema)]
#[schema(as = PracticeHarmMade)]
pub(super) struct Reported {
    id: Uuid,
}

/// Reports harm, at once and visibly: for its reviewers, those who look after it and those who have used it.
#[utoipa::path(post, path = "/api/practices/{id}/harms", tag = "library", params(("id" = Uuid, Path)), request_body = Report,
    responses((status = 201, body = Reported), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub(super) async fn report_harm(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Report { what }): Json<Report>,
) -> Result<(StatusCode, Json<Reported>), Problem> {
    let located = desk.locate(&caller, ItemAction::Judge, id).await?;
    let (me, now) = (caller.account(), desk.ctx.now());
    let used = store::uses(&mut desk.ctx.db.read().await?, id).await?.iter().any(|used| used.account == me);
    let named = located.entry.is_reviewer(me) || used || located.entry.may(&caller.actor, ItemAction::Tend);
    if !named {
        return Err(Problem::forbidden());
    }
    if located.entry.is_own(me, caller.actor.organisation) {
        return Err(Problem::forbidden_for("own_item"));
    }
    let what = said(&what, "what", TEXT_MAX, now)?;
    let (inner, harm) = (desk.clone(), desk.ctx.id());
    let done: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            store::insert_harm(tx, &NewHarm { id: harm, practice: id, by: me, at: now, what: &what }).await?;
            inner.shelf.changes(tx, id);
            notice::tell(tx, &inner.ctx, located.row.author, "state", id);
            notice::tell_keepers(tx, &inner.ctx, &inner.shelf, id);
            audit::record(tx, act(&inner.ctx, me, "practice.harm", id, String::new())).await?;
            Ok(())
        })
        .await;
    done.map(|()| (StatusCode::CREATED, Json(Reported { id: harm })))
}

/// What became of a report.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(as = PracticeHarmAnswer)]
pub(super) struct Answer {
    /// What was found and done: it stays readable beside the report.
    answer: String,
}

/// Answers a report of harm: an editor, never of their own.
#[utoipa::path(put, path = "/api/practices/{id}/harms/{harm}/answer", tag = "library",
    params(("id" = Uuid, Path), ("harm" = Uuid, Path)), request_body = Answer,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn answer_harm(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path((id, harm)): Path<(Uuid, Uuid)>,
    Json(Answer { answer }): Json<Answer>,
) -> Result<StatusCode, Problem> {
    let located = desk.locate(&caller, ItemAction::Edit, id).await?;
    let (me, now) = (caller.account(), desk.ctx.now());
    let harms = store::harms(&mut desk.ctx.db.read().await?, id).await?;
    let report = harms.into_iter().find(|known| known.id == harm).ok_or_else(Problem::not_found)?;
    if report.by_account == me {
        return Err(Problem::forbidden_for("other_person_needed"));
    }
    let answer = said(&answer, "answer", TEXT_MAX, now)?;
    let inner = desk.clone();
    let done: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            if !store::answer_harm(tx, id, harm, me, now, &answer).await? {
                return Err(Problem::conflict("already_decided", "This was decided before"));
            }
            inner.shelf.changes(tx, id);
            for person in [located.row.author, report.by_account] {
                notice::tell(tx, &inner.ctx, person, "state", id);
            }
            audit::record(tx, act(&inner.ctx, me, "practice.harm_answer", id, String::new())).await?;
            Ok(())
        })
        .await;
    done.map(|()| StatusCode::NO_CONTENT)
}
