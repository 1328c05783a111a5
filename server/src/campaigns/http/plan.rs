//! Planning: a new campaign, what changes of one, who works on it, and where they talk.

use axum::extract::State as Given;
use axum::http::StatusCode;
use uuid::Uuid;

use super::super::model::{Facts, PARTNERS_MAX, State, Wish};
use super::super::views::CampaignView;
use super::super::whole::{Whole, authorise};
use super::super::{found, notice, store};
use super::{Desk, act, faulty, guarded, not_now, one, overtaken};
use crate::access::handling::{is_carried, strictest, strictness};
use crate::access::{ChannelKind, ITEM_CEILING, ItemAction, RegionAction};
use crate::audit;
use crate::base::db::{self, Tx};
use crate::base::http::{Json, Path, Problem};
use crate::channels::{self, NewChannel};
use crate::context::Ctx;
use crate::directory;
use crate::identity::Caller;
use crate::library;
use crate::vocabulary::Words;

/// The least strict marking of a campaign's channel: what partners say while they plan is not for the community yet.
const TALK: &str = "amber";
/// Stricter than this and partners are not told by themselves.
const TOLD: &str = "amber";
/// Characters of a channel's name.
const NAME_MAX: usize = 80;

/// A new campaign: an idea of its author and their organisation.
#[utoipa::path(post, path = "/api/campaigns", tag = "campaigns", request_body = Wish,
    responses((status = 201, body = CampaignView), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn create(
    Given(desk): Given<Desk>,
    caller: Caller,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<CampaignView>), Problem> {
    let ctx = desk.ctx.clone();
    caller.allow(RegionAction::UseDirectory)?;
    let marking = marking(wish.marking.as_deref().unwrap_or("green"))?;
    let who = Who::of(&wish);
    let facts = Facts::fresh(wish).map_err(faulty)?;
    guarded(&ctx, facts.texts())?;
    known(&desk, &caller, facts.practice, None).await?;
    let who = who.checked(&ctx, &caller, None, &marking).await?;
    let (id, owner, at, inner) = (ctx.id(), (caller.account(), caller.actor.organisation), ctx.now(), ctx.clone());
    let made: db::Result<()> = ctx
        .db
        .write(async move |tx| {
            store::insert(tx, id, &facts, &marking, owner, at).await?;
            who.store(tx, &inner, id, None).await?;
            store::note_step(tx, id, owner.0, State::Idea, at).await?;
            found::keep(tx, id).await
        })
        .await;
    made?;
    Ok((StatusCode::CREATED, one::again(&desk, &caller, id).await?))
}

/// Changes a campaign. What was approved says what it says: who wants to change that takes it back to be planned first.
#[utoipa::path(patch, path = "/api/campaigns/{id}", tag = "campaigns", params(("id" = Uuid, Path)), request_body = Wish,
    responses((status = 200, body = CampaignView), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn change(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<Wish>,
) -> Result<Json<CampaignView>, Problem> {
    let ctx = desk.ctx.clone();
    let whole = authorise(&ctx, &caller.actor, ItemAction::Change, id).await?;
    if wish.replans() && !whole.state.is_open() {
        return Err(Problem::conflict("campaign_settled", "What was approved doesn't change any more"));
    }
    let marking = match wish.marking.as_deref() {
        Some(wished) => marking(wished)?,
        None => whole.head.marking.clone(),
    };
    let lowered = strictness(&marking) < strictness(&whole.head.marking);
    if lowered {
        authorise(&ctx, &caller.actor, ItemAction::Lower, id).await?;
    }
    let (replans, who) = (wish.replans(), Who::of(&wish));
    let facts = whole.facts.clone().with(wish).map_err(faulty)?;
    guarded(&ctx, facts.texts())?;
    known(&desk, &caller, facts.practice, whole.head.practice).await?;
    let who = who.checked(&ctx, &caller, Some(&whole), &marking).await?;
    let (at, inner, actor) = (ctx.now(), ctx.clone(), caller.actor.clone());
    let changed: Result<(), Problem> = ctx
        .db
        .write(async move |tx| {
            if replans && whole.detail.asked_at.is_some() {
                // Whoever approves it must approve what they have read.
                store::asks(tx, id, None).await?;
            }
            let stage = if replans { 0 } else { whole.head.stage };
            if !store::set_state(tx, id, (whole.state, whole.state), stage, at).await? {
                return Err(overtaken());
            }
            store::change(tx, id, &facts, at).await?;
            if marking != whole.head.marking {
                store::mark(tx, id, &marking, at).await?;
            }
            if lowered {
                let detail = format!("from={} to={marking}", whole.head.marking);
                audit::record(tx, act(&inner, &actor, "campaign.lower", id, detail)).await?;
            }
            who.store(tx, &inner, id, Some(&whole)).await?;
            found::keep(tx, id).await?;
            Ok(())
        })
        .await;
    changed?;
    one::again(&desk, &caller, id).await
}

/// Refuses a practice that this person may not read, unless it is the one of before.
async fn known(desk: &Desk, caller: &Caller, practice: Option<Uuid>, before: Option<Uuid>) -> Result<(), Problem> {
    if practice == before {
        return Ok(());
    }
    let found = library::named(&desk.ctx, &desk.practices, &caller.actor, practice.as_slice()).await?;
    if practice.is_some() && found.is_empty() { Err(faulty("tag_unknown")) } else { Ok(()) }
}

/// A marking that an item can carry.
fn marking(wished: &str) -> Result<String, Problem> {
    let known = strictness(wished).is_some() && is_carried(wished, ITEM_CEILING);
    let unknown = || Problem::unprocessable("marking_unknown", "There is no such marking for a campaign");
    known.then(|| wished.to_owned()).ok_or_else(unknown)
}

/// Who takes part in it, where that changes.
struct Who {
    partners: Option<Vec<Uuid>>,
    people: Option<Vec<Uuid>>,
}

impl Who {
    fn of(wish: &Wish) -> Self {
        Self { partners: wish.partners.clone(), people: wish.people.clone() }
    }

    /// The same, everybody known. Partners that are new bring those who answer for them: they are to know what is planned with
    /// them.
    async fn checked(mut self, ctx: &Ctx, caller: &Caller, before: Option<&Whole>, marking: &str) -> Result<Self, Problem> {
        let author = before.map_or(caller.account(), |whole| whole.head.author);
        for ids in [&mut self.partners, &mut self.people].into_iter().flatten() {
            ids.sort_unstable();
            ids.dedup();
            if ids.len() > PARTNERS_MAX {
                return Err(faulty("too_many_partners"));
            }
        }
        let mut conn = ctx.db.read().await?;
        if let Some(partners) = &self.partners {
            if directory::organisations_named(&mut conn, partners).await?.len() != partners.len() {
                return Err(faulty("tag_unknown"));
            }
            let known = before.map(|whole| whole.partners.as_slice()).unwrap_or_default();
            let new: Vec<Uuid> = partners.iter().copied().filter(|id| !known.contains(id)).collect();
            if is_carried(marking, TOLD) && !new.is_empty() {
                let focal = directory::focal_points_of(&mut conn, &new).await?;
                let people = self.people.get_or_insert_with(|| before.map(|whole| whole.people.clone()).unwrap_or_default());
                people.extend(focal);
            }
        }
        drop(conn);
        if let Some(people) = &mut self.people {
            people.sort_unstable();
            people.dedup();
            people.retain(|account| *account != author);
            let known = before.map(|whole| whole.people.as_slice()).unwrap_or_default();
            for account in people.iter().filter(|account| !known.contains(account)) {
                let actor = ctx.standing.actor(*account).await?.ok_or_else(|| faulty("person_unknown"))?;
                if !actor.is_confirmed() {
                    return Err(Problem::unprocessable("person_not_confirmed", "This person has not been confirmed yet"));
                }
            }
        }
        Ok(self)
    }

    /// Stores it, tells those who were named, and lets them into its channel and the others out.
    async fn store(&self, tx: &mut Tx, ctx: &Ctx, id: Uuid, before: Option<&Whole>) -> db::Result<()> {
        if let Some(partners) = &self.partners {
            store::set_partners(tx, id, partners).await?;
        }
        let Some(people) = &self.people else { return Ok(()) };
        store::set_people(tx, id, people).await?;
        let known = before.map(|whole| whole.people.as_slice()).unwrap_or_default();
        let new: Vec<Uuid> = people.iter().copied().filter(|account| !known.contains(account)).collect();
        notice::tell(tx, ctx, id, "named", new.iter().copied());
        if let Some(channel) = before.and_then(|whole| whole.head.channel) {
            for account in new {
                channels::join(tx, ctx, channel, account).await?;
            }
            for account in known.iter().filter(|account| !people.contains(account)) {
                channels::leave(tx, ctx, channel, *account).await?;
            }
        }
        Ok(())
    }
}

/// Opens the campaign's own closed channel, with its author and those who work on it as members.
#[utoipa::path(put, path = "/api/campaigns/{id}/channel", tag = "campaigns", params(("id" = Uuid, Path)),
    responses((status = 200, body = CampaignView), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn open_channel(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<CampaignView>, Problem> {
    let ctx = desk.ctx.clone();
    let whole = authorise(&ctx, &caller.actor, ItemAction::Change, id).await?;
    if whole.head.channel.is_some() || whole.state == State::Archived {
        return Err(not_now());
    }
    let new = room(&ctx, &whole);
    let mut members: Vec<Uuid> = whole.team().chain([caller.account()]).collect();
    members.sort_unstable();
    members.dedup();
    let (inner, actor) = (ctx.clone(), caller.actor.clone());
    let opened: Result<(), Problem> = ctx
        .db
        .write(async move |tx| {
            channels::create(tx, &inner, &new, &members).await?;
            if !store::channel(tx, id, new.id).await? {
                return Err(overtaken());
            }
            channels::changed(tx, &inner, new.id, None);
            audit::record(tx, act(&inner, &actor, "campaign.channel", id, format!("channel:{}", new.id))).await?;
            Ok(())
        })
        .await;
    opened?;
    let caller = caller.renewed(&ctx).await?;
    one::again(&desk, &caller, id).await
}

fn room(ctx: &Ctx, whole: &Whole) -> NewChannel {
    use super::super::codes::{COUNTRIES, of_bits};
    let countries = of_bits(whole.head.countries, &COUNTRIES);
    let title: String = whole.head.title.chars().take(NAME_MAX).collect();
    NewChannel {
        id: ctx.id(),
        kind: ChannelKind::Closed,
        purpose: "group",
        slug: None,
        name: Some(Words::new(title.clone(), title)),
        description: None,
        // Whoever looks after its only country, or its theme, looks after what is said about it.
        country: countries.first().filter(|_| countries.len() == 1).map(ToString::to_string),
        theme: Some(whole.head.theme.clone()),
        marking: strictest(&whole.head.marking, TALK).to_owned(),
        ceiling: None,
        grading: false,
        exercise: None,
        retention_days: None,
        listed: false,
        general: ctx.id(),
        direct_key: None,
        created_at: ctx.now(),
        created_by: Some(whole.head.author),
    }
}
