//! One campaign.

use axum::extract::State as Given;
use uuid::Uuid;

use super::super::held::HELD;
use super::super::indicators::shown;
use super::super::steps::{self, missing};
use super::super::store::{self, Bar, Filter, Reader};
use super::super::views::{CampaignView, Can, Done, MaterialView, Named, StepView, cards};
use super::super::whole::{Whole, authorise};
use super::Desk;
use crate::access::{Action, Actor, Decision, ItemAction, may};
use crate::base::clock::rfc3339;
use crate::base::db::On;
use crate::base::http::{Json, Path, Problem};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::{directory, files, library};

/// Clashes told with a campaign.
const CLASHES: i64 = 10;

/// One campaign, with what is missing before it comes into its next state.
#[utoipa::path(get, path = "/api/campaigns/{id}", tag = "campaigns", params(("id" = Uuid, Path)),
    responses((status = 200, body = CampaignView), (status = 401), (status = 404)))]
pub(super) async fn show(Given(desk): Given<Desk>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<CampaignView>, Problem> {
    again(&desk, &caller, id).await
}

/// The campaign as it now stands, for its reader.
pub(super) async fn again(desk: &Desk, caller: &Caller, id: Uuid) -> Result<Json<CampaignView>, Problem> {
    let whole = authorise(&desk.ctx, &caller.actor, ItemAction::Read, id).await?;
    view(desk, &caller.actor, whole).await.map(Json)
}

async fn view(desk: &Desk, actor: &Actor, whole: Whole) -> Result<CampaignView, Problem> {
    let (ctx, reader) = (&desk.ctx, Reader::of(actor));
    let adapted = library::named(ctx, &desk.practices, actor, whole.head.practice.as_slice()).await?;
    let mut conn = ctx.db.read().await?;
    let card = store::among(&mut conn, &reader, &Filter::default(), None, &[whole.head.id]).await?;
    let card = cards(&mut conn, ctx, &reader, card).await?.pop().ok_or_else(Problem::not_found)?;
    let can = can(&mut conn, &whole, actor).await?;
    let (checks, next) = (whole.checks(), steps::next(whole.state));
    let clashes = if card.clash {
        let rows = store::clashing_with(&mut conn, &reader, bar(&whole), CLASHES).await?;
        cards(&mut conn, ctx, &reader, rows).await?
    } else {
        Vec::new()
    };
    let detail = &whole.detail;
    let judges = [ItemAction::Change, ItemAction::Tend].map(|action| whole.may(actor, action)).contains(&Decision::Allow);
    let spoken_for = directory::organisations_named(&mut conn, detail.capacity_organisation.as_slice()).await?;
    let mut capacity = done(&mut conn, ctx, detail.capacity_by.zip(detail.capacity_at), detail.capacity_note.as_ref()).await?;
    if let Some(capacity) = &mut capacity {
        capacity.organisation = spoken_for.into_iter().next().map(|organisation| organisation.name);
    }
    let own = whole.is_own(actor);
    let carried = files::of(&mut conn, HELD, &[whole.head.id]).await?.remove(&whole.head.id).unwrap_or_default();
    let channel = match whole.head.channel {
        Some(id) if knows(ctx, actor, id).await? => Some(id),
        _ => None,
    };
    Ok(CampaignView {
        practice: adapted.into_iter().next().map(|practice| Named { id: practice.id, name: practice.title }),
        partners: directory::organisations_named(&mut conn, &whole.partners).await?,
        people: directory::people_by_id(&mut conn, ctx, &whole.people).await?,
        channel,
        has_channel: whole.head.channel.is_some(),
        approval_asked: done(&mut conn, ctx, detail.asked_by.zip(detail.asked_at), None).await?,
        approved: done(&mut conn, ctx, detail.approved_by.zip(detail.approved_at), None).await?,
        returned: done(&mut conn, ctx, detail.returned_by.zip(detail.returned_at), detail.returned_note.as_ref()).await?,
        capacity,
        steps: store::steps(&mut conn, whole.head.id).await?.into_iter().map(StepView::new).collect(),
        missing: next.map(|next| missing(&checks, next)).unwrap_or_default(),
        results: detail.results.clone(),
        materials: whole.materials.into_iter().map(|row| MaterialView::new(row, &carried, actor.account, judges)).collect(),
        indicators: shown(whole.indicators, own),
        plan: whole.facts.plan,
        pretest: whole.pretest,
        card,
        clashes,
        checks,
        next,
        can,
    })
}

/// Whether somebody may know of its channel.
async fn knows(ctx: &Ctx, actor: &Actor, id: Uuid) -> Result<bool, Problem> {
    let channel = ctx.standing.channel(id).await?;
    Ok(channel.is_some_and(|channel| may(actor, Action::Know, &channel) == Decision::Allow))
}

async fn can(conn: &mut impl On, whole: &Whole, actor: &Actor) -> Result<Can, Problem> {
    use super::super::model::State;
    let allowed = |action| whole.may(actor, action) == Decision::Allow;
    let helpline = whole.helpline_of(conn, actor).await?.is_some();
    Ok(Can {
        change: allowed(ItemAction::Change),
        lower: allowed(ItemAction::Lower),
        approve: whole.detail.asked_at.is_some() && !whole.is_own(actor) && allowed(ItemAction::Tend),
        pause: whole.state == State::Running && (allowed(ItemAction::Change) || allowed(ItemAction::Tend)),
        answer: whole.facts.plan.helpline.is_some() && allowed(ItemAction::Answer { helpline }),
    })
}

/// Its weeks and its audience; without weeks nothing meets it.
fn bar(whole: &Whole) -> Bar {
    let head = &whole.head;
    Bar {
        id: head.id,
        first_week: head.first_week.unwrap_or(i64::MAX),
        last_week: head.last_week.unwrap_or(i64::MIN),
        countries: head.countries,
        ages: head.ages,
        settings: head.settings,
    }
}

async fn done(conn: &mut impl On, ctx: &Ctx, what: Option<(Uuid, i64)>, note: Option<&String>) -> Result<Option<Done>, Problem> {
    let Some((by, at)) = what else { return Ok(None) };
    let by = directory::people_by_id(conn, ctx, &[by]).await?.pop();
    Ok(Some(Done { by, at: rfc3339(at), note: note.cloned().filter(|note| !note.is_empty()), organisation: None }))
}
