//! Routes of confirming, renewing, refusing and leaving.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{Accreditation, How, NOTE_MAX, State as Standing};
use super::store::{self, Row};
use crate::access::{Decision, RegionAction, may_in_region};
use crate::audit::{self, Act};
use crate::base::clock::rfc3339;
use crate::base::db::{self, On, Tx};
use crate::base::http::{Json, Page, Path, Problem};
use crate::base::text;
use crate::channels;
use crate::context::Ctx;
use crate::identity::{self, Caller};

/// The routes of this slice.
pub fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(queue))
        .routes(routes!(own))
        .routes(routes!(show, confirm))
        .routes(routes!(refuse))
        .routes(routes!(depart))
        .with_state(ctx)
}

/// Somebody by id and name.
#[derive(Serialize, ToSchema)]
struct Named {
    id: Uuid,
    name: String,
}

/// Somebody whose accreditation is to be seen to.
#[derive(Serialize, ToSchema)]
struct Candidate {
    id: Uuid,
    name: String,
    /// Under which they were invited: for checking outside of the platform.
    email: String,
    country: Option<String>,
    function: Option<String>,
    organisation: Option<String>,
    /// The law that the organisation keeps personal data under: `gdpr`, `led` or `io`.
    regime: Option<String>,
    /// Who invited them.
    sponsor: Option<Named>,
    state: Standing,
    /// RFC 3339; none while pending.
    accredited_until: Option<String>,
    created_at: String,
    /// Whether the caller may confirm; not if they invited this person.
    may_confirm: bool,
    /// Confirmed people whose names may be taken for this one, letters of other scripts included.
    looks_like: Vec<Named>,
}

impl Candidate {
    fn new(row: Row, caller: &Caller, ctx: &Ctx, others: &Likenesses) -> Self {
        Self {
            looks_like: others.of(row.id, &row.name),
            may_confirm: decide(caller, &row) == Decision::Allow,
            state: standing(ctx, &row),
            id: row.id,
            name: row.name,
            email: row.email,
            country: row.country,
            function: row.function,
            organisation: row.organisation,
            regime: row.regime,
            sponsor: row.sponsor.zip(row.sponsor_name).map(|(id, name)| Named { id, name }),
            accredited_until: row.accredited_until.map(rfc3339),
            created_at: rfc3339(row.created_at),
        }
    }
}

fn standing(ctx: &Ctx, row: &Row) -> Standing {
    Standing::at(ctx.now(), row.accredited_until, ctx.limits.accreditation.near())
}

/// What the names of those look like who are confirmed.
struct Likenesses(HashMap<String, Vec<(Uuid, String)>>);

impl Likenesses {
    async fn now(conn: &mut impl On, now: i64) -> db::Result<Self> {
        let mut kept: HashMap<String, Vec<_>> = HashMap::new();
        for (id, name) in store::confirmed(conn, now).await? {
            kept.entry(text::likeness(&name)).or_default().push((id, name));
        }
        Ok(Self(kept))
    }

    fn of(&self, id: Uuid, name: &str) -> Vec<Named> {
        let alike = self.0.get(&text::likeness(name)).into_iter().flatten();
        alike.filter(|(other, _)| *other != id).map(|(id, name)| Named { id: *id, name: name.clone() }).collect()
    }
}

/// Whether the caller may confirm this person. A renewal is not bound to the second-person rule of the first time.
fn decide(caller: &Caller, row: &Row) -> Decision {
    let sponsor = row.sponsor.filter(|_| row.accredited_until.is_none());
    may_in_region(&caller.actor, RegionAction::Confirm { country: row.country.as_deref(), account: row.id, sponsor })
}

fn may_see(caller: &Caller, row: &Row) -> Decision {
    may_in_region(&caller.actor, RegionAction::SeeInvitation(row.country.as_deref()))
}

/// An active person whom the caller may see the vetting of; for others there is nobody.
async fn candidate(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<Row, Problem> {
    let found = store::person(&mut ctx.db.read().await?, id).await?;
    found.filter(|row| row.status == "active" && may_see(caller, row) == Decision::Allow).ok_or_else(Problem::not_found)
}

/// Who waits to be confirmed, and whose accreditation ends soon, in the countries one looks after.
#[utoipa::path(get, path = "/api/confirmations", tag = "vetting",
    responses((status = 200, body = Page<Candidate>), (status = 401), (status = 403)))]
async fn queue(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Page<Candidate>>, Problem> {
    if !caller.actor.administers() && !caller.actor.is_moderator() {
        caller.allow(RegionAction::UseDirectory)?;
        return Err(Problem::forbidden());
    }
    let (mut conn, now) = (ctx.db.read().await?, ctx.now());
    let rows = store::due(&mut conn, now + ctx.limits.accreditation.near()).await?;
    let others = Likenesses::now(&mut conn, now).await?;
    let seen = rows.into_iter().filter(|row| may_see(&caller, row) == Decision::Allow);
    Ok(Json(Page::whole(seen.map(|row| Candidate::new(row, &caller, &ctx, &others)).collect())))
}

/// One's own accreditation, and who can help with it.
#[derive(Serialize, ToSchema)]
struct OwnVetting {
    state: Standing,
    accredited_until: Option<String>,
    sponsor: Option<Named>,
    /// Who can confirm: moderators of the country, then of the region.
    helpers: Vec<Named>,
}

/// How one's own accreditation stands.
#[utoipa::path(get, path = "/api/me/accreditation", tag = "vetting",
    responses((status = 200, body = OwnVetting), (status = 401)))]
async fn own(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<OwnVetting>, Problem> {
    let (mut conn, now) = (ctx.db.read().await?, ctx.now());
    let row = store::person(&mut conn, caller.account()).await?.ok_or_else(Problem::not_signed_in)?;
    let helpers = store::helpers(&mut conn, row.country.as_deref(), now).await?;
    let others = helpers.into_iter().filter(|(id, _)| *id != row.id);
    Ok(Json(OwnVetting {
        state: standing(&ctx, &row),
        accredited_until: row.accredited_until.map(rfc3339),
        sponsor: row.sponsor.zip(row.sponsor_name).map(|(id, name)| Named { id, name }),
        helpers: others.map(|(id, name)| Named { id, name }).collect(),
    }))
}

/// A confirmation that was given.
#[derive(Serialize, ToSchema)]
struct Confirmed {
    at: String,
    /// `None`: the operator, on the machine itself.
    by: Option<Named>,
    /// By which way outside of the platform.
    how: String,
    note: Option<String>,
    until: String,
}

/// A person's accreditation and how it came about.
#[derive(Serialize, ToSchema)]
struct Dossier {
    person: Candidate,
    /// The latest first.
    confirmations: Vec<Confirmed>,
}

/// How somebody's accreditation stands, for those who look after their country.
#[utoipa::path(get, path = "/api/people/{id}/confirmation", tag = "vetting", params(("id" = Uuid, Path)),
    responses((status = 200, body = Dossier), (status = 401), (status = 404)))]
async fn show(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Dossier>, Problem> {
    let row = candidate(&ctx, &caller, id).await?;
    let mut conn = ctx.db.read().await?;
    let past = store::history(&mut conn, id).await?;
    let others = Likenesses::now(&mut conn, ctx.now()).await?;
    let confirmations = past.into_iter().map(|past| Confirmed {
        at: rfc3339(past.confirmed_at),
        by: past.by.zip(past.by_name).map(|(id, name)| Named { id, name }),
        how: past.how,
        note: past.note,
        until: rfc3339(past.until),
    });
    Ok(Json(Dossier { person: Candidate::new(row, &caller, &ctx, &others), confirmations: confirmations.collect() }))
}

/// How it became known who somebody is.
#[derive(Deserialize, ToSchema)]
struct Confirmation {
    how: How,
    /// A short line for the record of the two; no contact data.
    note: Option<String>,
}

/// Confirms who somebody is, or renews it, for the time that the region has set: a year, unless the operator says otherwise. Never by who invited them.
#[utoipa::path(put, path = "/api/people/{id}/confirmation", tag = "vetting", params(("id" = Uuid, Path)),
    request_body = Confirmation,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn confirm(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<Confirmation>,
) -> Result<StatusCode, Problem> {
    let row = candidate(&ctx, &caller, id).await?;
    if decide(&caller, &row) != Decision::Allow {
        return Err(Problem::forbidden_for("second_person_needed"));
    }
    identity::stepped_up(&caller)?;
    let note = wish.note.filter(|note| !note.trim().is_empty());
    let note = note.map(|note| text::line(&note, NOTE_MAX).ok_or_else(note_invalid)).transpose()?;
    let (by, now, db) = (caller.account(), ctx.now(), ctx.db.clone());
    let given = Accreditation { by: Some(by), how: wish.how, note, until: now + ctx.limits.accreditation.lasts() };
    let done: db::Result<bool> = db.write(async move |tx| accredit(tx, &ctx, &row, now, &given).await).await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(already()) }
}

fn note_invalid() -> Problem {
    Problem::unprocessable("note_invalid", "This note can't be used").with("limit", NOTE_MAX)
}

fn already() -> Problem {
    Problem::conflict("already_confirmed", "This has been confirmed already, or the account has ended")
}

/// Stores a confirmation and opens the house. False if somebody was faster.
async fn accredit(tx: &mut Tx, ctx: &Ctx, row: &Row, now: i64, given: &Accreditation) -> db::Result<bool> {
    if !store::accredit(tx, row.id, given.until, now + ctx.limits.accreditation.near()).await? {
        return Ok(false);
    }
    store::insert_accreditation(tx, ctx.id(), row.id, now, given).await?;
    ctx.standing.actor_changes(tx, row.id);
    let first = row.accredited_until.is_none();
    if first {
        channels::welcome(tx, ctx, row.id, row.country.as_deref()).await?;
    }
    let what = if first { "account.confirm" } else { "account.renew" };
    let target = format!("account:{}", row.id);
    audit::record(tx, Act { at: now, actor: given.by, what, target, detail: given.how.as_str().into() }).await?;
    channels::tell_standing(tx, ctx, row.id);
    Ok(true)
}

/// Refuses a newcomer: nobody could confirm who this is. The account ends.
#[utoipa::path(put, path = "/api/people/{id}/refusal", tag = "vetting", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn refuse(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let row = candidate(&ctx, &caller, id).await?;
    if decide(&caller, &row) != Decision::Allow {
        return Err(Problem::forbidden_for("second_person_needed"));
    }
    identity::stepped_up(&caller)?;
    if row.accredited_until.is_some() {
        return Err(already());
    }
    end(&ctx, &caller, id, "account.refuse").await
}

/// Ends an account because its holder no longer has the job: one's own, or one of a country that one looks after.
#[utoipa::path(put, path = "/api/people/{id}/departure", tag = "vetting",
    params(("id" = String, Path, description = "An account, or me")),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn depart(State(ctx): State<Ctx>, caller: Caller, Path(who): Path<String>) -> Result<StatusCode, Problem> {
    let id = if who == "me" { caller.account() } else { who.parse().map_err(|_| Problem::not_found())? };
    if id != caller.account() {
        let row = candidate(&ctx, &caller, id).await?;
        caller.allow(RegionAction::EndAccount { country: row.country.as_deref(), account: id })?;
        identity::stepped_up(&caller)?;
    }
    end(&ctx, &caller, id, "account.leave").await
}

async fn end(ctx: &Ctx, caller: &Caller, id: Uuid, what: &'static str) -> Result<StatusCode, Problem> {
    let (by, inner) = (caller.account(), ctx.clone());
    let done: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if identity::other_administrators(tx, &inner, id).await? == 0 {
                return Ok(false);
            }
            let now = inner.now();
            if store::leave(tx, id, now).await? {
                identity::set_suspended(tx, &inner, id, true).await?;
                let target = format!("account:{id}");
                audit::record(tx, Act { at: now, actor: Some(by), what, target, detail: String::new() }).await?;
            }
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::conflict("last_administrator", "The last administrator stays")) }
}
