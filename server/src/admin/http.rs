//! Routes of invitations and accounts.

mod by_provider;
mod grants;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{Extension, FromRef, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{NewInvitation, Workplace, store};
use crate::access::{RegionAction, Role, Scope};
use crate::audit::{self, Act};
use crate::base::attempts::{Attempts, Network};
use crate::base::clock::rfc3339;
use crate::base::db::{self, Conn, Tx};
use crate::base::http::{Cursor, Json, Page, Params, Path, Peer, Problem};
use crate::base::{guard, secret, text};
use crate::channels;
use crate::context::Ctx;
use crate::directory;
use crate::identity::{self, Busy, Caller, Desk, Hasher, LANGUAGES, Me, NAME_MAX, NewAccount, Provider, RoleGrant};
use crate::vetting;
use crate::vocabulary::{ALL_COUNTRIES, ALL_FUNCTIONS, Words, is_country, is_function};

/// Invitations that one address may look at or use each minute.
const PER_MINUTE: u32 = 30;
/// Invitations read at once while those are sought that the caller may see.
const BATCH: i64 = 200;

#[derive(Clone)]
struct Office {
    ctx: Ctx,
    hasher: Hasher,
    desk: Arc<Desk>,
    by_address: Arc<Attempts<Network>>,
}

impl FromRef<Office> for Ctx {
    fn from_ref(office: &Office) -> Self {
        office.ctx.clone()
    }
}

/// The routes of this slice.
pub fn router(ctx: Ctx, hasher: Hasher, desk: Arc<Desk>) -> OpenApiRouter {
    let by_address = Arc::new(Attempts::a_minute(PER_MINUTE));
    let office = Office { ctx: ctx.clone(), hasher, desk, by_address };
    OpenApiRouter::new()
        .routes(routes!(invitations, invite))
        .routes(routes!(revoke))
        .routes(routes!(preview))
        .routes(routes!(accept))
        .routes(routes!(accounts))
        .routes(routes!(suspend, reinstate))
        .with_state(office.clone())
        .merge(by_provider::router(office))
        .merge(grants::router(ctx))
}

fn act<'a>(ctx: &Ctx, actor: Uuid, what: &'a str, target: String, detail: String) -> Act<'a> {
    Act { at: ctx.now(), actor: Some(actor), what, target, detail }
}

/// Who made an invitation.
#[derive(Serialize, ToSchema)]
struct Inviter {
    id: Uuid,
    name: String,
}

/// An invitation as those see it who may make one.
#[derive(Serialize, ToSchema)]
struct Invitation {
    id: Uuid,
    email: String,
    name: String,
    country: Option<String>,
    function: Option<String>,
    organisation: Option<String>,
    /// The same as a row of the directory; null while the directory doesn't have it.
    organisation_id: Option<Uuid>,
    /// The law that the organisation keeps personal data under: `gdpr`, `led` or `io`.
    regime: Option<String>,
    invited_by: Option<Inviter>,
    created_at: String,
    expires_at: String,
    accepted_at: Option<String>,
    revoked_at: Option<String>,
}

impl From<store::Row> for Invitation {
    fn from(row: store::Row) -> Self {
        Self {
            id: row.id,
            email: row.email,
            name: row.name,
            country: row.country,
            function: row.function,
            organisation: row.organisation,
            organisation_id: row.organisation_id,
            regime: row.regime,
            invited_by: row.invited_by.zip(row.inviter).map(|(id, name)| Inviter { id, name }),
            created_at: rfc3339(row.created_at),
            expires_at: rfc3339(row.expires_at),
            accepted_at: row.accepted_at.map(rfc3339),
            revoked_at: row.revoked_at.map(rfc3339),
        }
    }
}

/// Invitations of the countries and into the organisations one may invite for, latest first.
#[utoipa::path(get, path = "/api/invitations", tag = "admin", params(Cursor),
    responses((status = 200, body = Page<Invitation>), (status = 400), (status = 401), (status = 403)))]
async fn invitations(
    State(ctx): State<Ctx>,
    caller: Caller,
    Params(cursor): Params<Cursor>,
) -> Result<Json<Page<Invitation>>, Problem> {
    if !caller.actor.administers() && !caller.actor.is_moderator() && !caller.actor.is_focal_point() {
        caller.allow(RegionAction::UseDirectory)?;
        return Err(Problem::forbidden());
    }
    let limit = cursor.limit()?;
    let rows = visible(&mut ctx.db.read().await?, &caller, cursor.position()?, limit + 1).await?;
    let page = Page::cut(rows, limit, |row| row.id.to_string());
    Ok(Json(Page { items: page.items.into_iter().map(Invitation::from).collect(), next: page.next }))
}

/// The invitations before this one that the caller may see: `enough` of them, or more, or all there are.
async fn visible(conn: &mut Conn, caller: &Caller, mut before: Option<Uuid>, enough: i64) -> db::Result<Vec<store::Row>> {
    let enough = usize::try_from(enough).unwrap_or(usize::MAX);
    let mut seen = Vec::new();
    while seen.len() < enough {
        let rows = store::list(conn, before, BATCH).await?;
        let Some(last) = rows.last() else { break };
        before = Some(last.id);
        seen.extend(rows.into_iter().filter(|row| caller.allow(concerns(row)).is_ok()));
    }
    Ok(seen)
}

fn concerns(row: &store::Row) -> RegionAction<'_> {
    RegionAction::Invite { country: row.country.as_deref(), organisation: row.organisation_id }
}

/// Whom to invite.
#[derive(Default, Deserialize, ToSchema)]
struct Wish {
    email: String,
    name: String,
    country: Option<String>,
    /// Code of the vocabulary. Must be named.
    function: Option<String>,
    /// One of the two must be named. An organisation of the directory: of the same country, or one that serves the whole region.
    organisation_id: Option<Uuid>,
    /// Instead: its name. If the country has none of that name, it is made when the invitation is used.
    organisation: Option<String>,
    /// The law that such a new organisation keeps personal data under: `gdpr`, `led` or `io`. When not named, that which is
    /// usual for the function. An organisation of the directory has its own.
    regime: Option<String>,
}

/// A new invitation and its secret, shown this once.
#[derive(Serialize, ToSchema)]
struct Invited {
    invitation: Invitation,
    /// The link is the server's address and `/join#` and this.
    token: String,
}

/// Invites somebody by professional e-mail address, into an organisation. Who answers for an organisation invites into it.
#[utoipa::path(post, path = "/api/invitations", tag = "admin", request_body = Wish,
    responses((status = 201, body = Invited), (status = 401), (status = 403), (status = 409), (status = 422)))]
async fn invite(State(ctx): State<Ctx>, caller: Caller, Json(wish): Json<Wish>) -> Result<(StatusCode, Json<Invited>), Problem> {
    let mut conn = ctx.db.read().await?;
    let organisation = match (wish.organisation_id, wish.organisation.as_deref()) {
        (None, Some(name)) => directory::organisation_by_name(&mut conn, name, wish.country.as_deref()).await?,
        (known, _) => known,
    };
    caller.allow(RegionAction::Invite { country: wish.country.as_deref(), organisation })?;
    let invitation = checked(wish, organisation)?;
    guard::refuse(&invitation.name, ctx.now())?;
    if let Some(Workplace::Known(id)) = invitation.workplace
        && !directory::works_in(&mut conn, id, invitation.country.as_deref()).await?
    {
        return Err(Problem::unprocessable("organisation_elsewhere", "There is no such organisation for this country"));
    }
    if identity::account_by_email(&mut conn, &invitation.email).await?.is_some() {
        return Err(Problem::conflict("conflict", "There is an account with this address"));
    }
    drop(conn);
    let (by, inner) = (caller.account(), ctx.clone());
    let made: db::Result<(Uuid, String)> =
        ctx.db.write(async move |tx| super::invite(tx, &inner, &invitation, Some(by)).await).await;
    let (id, token) = made?;
    let row = store::by_id(&mut ctx.db.read().await?, id).await?.ok_or_else(Problem::not_found)?;
    Ok((StatusCode::CREATED, Json(Invited { invitation: row.into(), token })))
}

fn checked(wish: Wish, organisation: Option<Uuid>) -> Result<NewInvitation, Problem> {
    let name_invalid = || Problem::unprocessable("name_invalid", "This name can't be used");
    let known = wish.country.as_deref().is_none_or(is_country) && wish.function.as_deref().is_none_or(is_function);
    if !known {
        return Err(Problem::unprocessable("tag_unknown", "There is no such country or function"));
    }
    let regime = directory::regime_of_new(wish.regime.as_deref(), wish.function.as_deref())
        .ok_or_else(|| Problem::unprocessable("tag_unknown", "There is no such legal regime"))?;
    let named = wish.organisation.filter(|text| !text.trim().is_empty());
    let new = || named.map(|text| text::line(&text, NAME_MAX).ok_or_else(name_invalid)).transpose();
    let workplace = match organisation {
        Some(id) => Some(Workplace::Known(id)),
        None => new()?.map(|name| Workplace::New { name, regime }),
    };
    let email = identity::email(&wish.email);
    let invitation = NewInvitation {
        email: email.ok_or_else(|| Problem::unprocessable("email_invalid", "This is not an e-mail address"))?,
        name: text::line(&wish.name, NAME_MAX).ok_or_else(name_invalid)?,
        country: wish.country,
        function: wish.function,
        workplace,
        grant: None,
    };
    // Whoever confirms this person asks at that place for somebody of that function.
    if invitation.function.is_none() {
        return Err(Problem::unprocessable("function_needed", "Name the function"));
    }
    if invitation.workplace.is_none() {
        return Err(Problem::unprocessable("organisation_needed", "Name the organisation"));
    }
    Ok(invitation)
}

/// Takes an invitation back that nobody has used.
#[utoipa::path(delete, path = "/api/invitations/{id}", tag = "admin", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 404), (status = 409)))]
async fn revoke(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let row = store::by_id(&mut ctx.db.read().await?, id).await?.ok_or_else(Problem::not_found)?;
    caller.allow(concerns(&row)).map_err(|_| Problem::not_found())?;
    let (by, inner) = (caller.account(), ctx.clone());
    let done: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            let done = store::revoke(tx, id, inner.now()).await?;
            if done {
                audit::record(tx, act(&inner, by, "invitation.revoke", format!("invitation:{id}"), String::new())).await?;
            }
            Ok(done)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::conflict("conflict", "The invitation was used or taken back")) }
}

/// The secret of an invitation.
#[derive(Deserialize, ToSchema)]
struct Secret {
    token: String,
}

/// What an invitation says to whom it is for.
#[derive(Serialize, ToSchema)]
struct Preview {
    email: String,
    name: String,
    country: Option<String>,
    /// Its name, because who looks at an invitation can't ask for the region yet.
    country_name: Option<Words>,
    /// The neutral footnote that belongs to the name, where there is one.
    country_footnote: Option<Words>,
    function: Option<String>,
    /// Its name.
    function_name: Option<Words>,
    organisation: Option<String>,
    /// The law that the organisation keeps personal data under: `gdpr`, `led` or `io`.
    regime: Option<String>,
    expires_at: String,
    /// The identity providers that may speak for this address: through one of them one can come in without a password.
    providers: Vec<Provider>,
}

/// Looks at an invitation. Unknown, used, expired and taken back are answered the same.
#[utoipa::path(post, path = "/api/invitation-previews", tag = "admin", request_body = Secret,
    responses((status = 200, body = Preview), (status = 404), (status = 429)))]
async fn preview(
    State(office): State<Office>,
    peer: Option<Extension<Peer>>,
    Json(wish): Json<Secret>,
) -> Result<Json<Preview>, Problem> {
    let row = good(&office, peer, &wish.token).await?;
    let country = ALL_COUNTRIES.iter().find(|country| Some(&country.code) == row.country.as_ref());
    let function = ALL_FUNCTIONS.iter().find(|function| Some(&function.code) == row.function.as_ref());
    Ok(Json(Preview {
        providers: office.desk.speak_for(&row.email),
        email: row.email,
        name: row.name,
        country: row.country,
        country_name: country.map(|country| country.name.clone()),
        country_footnote: country.and_then(|country| country.footnote.clone()),
        function: row.function,
        function_name: function.map(|function| function.name.clone()),
        organisation: row.organisation,
        regime: row.regime,
        expires_at: rfc3339(row.expires_at),
    }))
}

fn invalid() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "invitation_invalid", "This invitation isn't good, or no longer")
}

async fn good(office: &Office, peer: Option<Extension<Peer>>, token: &str) -> Result<store::Row, Problem> {
    limit(office, peer)?;
    let found = store::by_hash(&mut office.ctx.db.read().await?, &secret::hash(token)).await?;
    found.filter(|row| row.is_good(office.ctx.now())).ok_or_else(invalid)
}

fn limit(office: &Office, peer: Option<Extension<Peer>>) -> Result<(), Problem> {
    let address = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |Extension(Peer(address))| address);
    if office.by_address.take(Network::of_host(address), office.ctx.now()) { Ok(()) } else { Err(Problem::too_many(30)) }
}

/// What it takes to come in.
#[derive(Deserialize, ToSchema)]
struct Acceptance {
    token: String,
    /// Must be the address the invitation was made for.
    email: String,
    name: String,
    password: String,
    /// Language of the screen.
    language: Option<String>,
}

/// Uses an invitation: creates the account and signs in. Used twice at once, one of the two wins.
#[utoipa::path(post, path = "/api/invitation-acceptances", tag = "admin", request_body = Acceptance,
    responses((status = 201, body = Me), (status = 404), (status = 422), (status = 429), (status = 503)))]
async fn accept(
    State(office): State<Office>,
    session: Session,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Json(wish): Json<Acceptance>,
) -> Result<(StatusCode, Json<Me>), Problem> {
    let row = good(&office, peer, &wish.token).await?;
    if identity::email(&wish.email).as_deref() != Some(row.email.as_str()) {
        return Err(invalid());
    }
    let name =
        text::line(&wish.name, NAME_MAX).ok_or_else(|| Problem::unprocessable("name_invalid", "This name can't be used"))?;
    guard::refuse(&name, office.ctx.now())?;
    if let Some(code) = identity::password_problem(&wish.password, &row.email, &name) {
        return Err(Problem::unprocessable(code, "This password can't be used").with("min", identity::PASSWORD_MIN));
    }
    let password_hash = office.hasher.hash(wish.password).await.map_err(|Busy| Problem::busy(2))?;
    let ctx = office.ctx.clone();
    let account = newcomer(&ctx, &row, name, wish.language, password_hash);
    let id = account.id;
    let inner = ctx.clone();
    let made: db::Result<bool> = ctx.db.write(async move |tx| enter(tx, &inner, &row, &account).await).await;
    if !made? {
        return Err(invalid());
    }
    identity::sign_in(&session, &ctx, id, &identity::label(&headers)).await?;
    let me = identity::me(&ctx, id, false).await?.ok_or_else(Problem::not_signed_in)?;
    Ok((StatusCode::CREATED, Json(me)))
}

/// The account that an invitation promises.
fn newcomer(ctx: &Ctx, row: &store::Row, name: String, language: Option<String>, password_hash: String) -> NewAccount {
    NewAccount {
        id: ctx.id(),
        email: row.email.clone(),
        name,
        country: row.country.clone(),
        function: row.function.clone(),
        organisation: row.organisation.clone(),
        language: language.filter(|language| LANGUAGES.contains(&language.as_str())).unwrap_or_else(|| "en".into()),
        password_hash,
        sponsor: row.invited_by,
        // The first administrator is the operator's word. Everybody else waits for a second person.
        accredited_until: row.role.as_ref().map(|_| ctx.now() + ctx.limits.accreditation.lasts()),
        created_at: ctx.now(),
    }
}

/// Creates the account with all that the invitation promises. `false`, and nothing is stored, if the invitation has been
/// used, taken back or overtaken by time since it was looked at: hashing a password leaves room for that.
async fn enter(tx: &mut Tx, ctx: &Ctx, row: &store::Row, account: &NewAccount) -> db::Result<bool> {
    let now = ctx.now();
    let still_good = store::by_id(tx, row.id).await?.is_some_and(|row| row.is_good(now));
    if !still_good || !identity::create_account(tx, account).await? {
        return Ok(false);
    }
    store::accept(tx, row.id, now, account.id).await?;
    match row.organisation_id {
        Some(organisation) => directory::join(tx, ctx, account.id, organisation).await?,
        None => directory::settle(tx, ctx, account.id, row.regime.as_deref()).await?,
    }
    let grant = row.role.as_deref().zip(row.scope.as_deref());
    if let Some((Ok(role), Ok(scope))) = grant.map(|(role, scope)| (role.parse::<Role>(), scope.parse::<Scope>())) {
        identity::grant(tx, ctx, account.id, role, &scope, row.invited_by).await?;
        let (target, detail) = (format!("account:{}", account.id), format!("{} {scope}", role.as_str()));
        audit::record(tx, Act { at: now, actor: row.invited_by, what: "role.grant", target, detail }).await?;
    }
    channels::welcome_newcomer(tx, ctx, account.id).await?;
    if let Some(until) = account.accredited_until {
        vetting::accredited_by_operator(tx, ctx, account.id, until).await?;
        channels::welcome(tx, ctx, account.id, account.country.as_deref()).await?;
    }
    audit::record(tx, act(ctx, account.id, "invitation.accept", format!("invitation:{}", row.id), String::new())).await?;
    Ok(true)
}

/// Which accounts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AccountsWish {
    /// Part of name, e-mail address or organisation.
    #[param(required = false)]
    q: Option<String>,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

/// An account as administrators see it.
#[derive(Serialize, ToSchema)]
#[schema(as = Account)]
struct AccountView {
    id: Uuid,
    email: String,
    name: String,
    country: Option<String>,
    function: Option<String>,
    organisation: Option<String>,
    /// `active` or `suspended`.
    status: String,
    roles: Vec<RoleGrant>,
    created_at: String,
    last_seen_at: Option<String>,
}

/// Accounts by e-mail address.
#[utoipa::path(get, path = "/api/accounts", tag = "admin", params(AccountsWish),
    responses((status = 200, body = Page<AccountView>), (status = 400), (status = 401), (status = 403)))]
async fn accounts(
    State(ctx): State<Ctx>,
    caller: Caller,
    Params(wish): Params<AccountsWish>,
) -> Result<Json<Page<AccountView>>, Problem> {
    caller.allow(RegionAction::Administer)?;
    let limit = Cursor { cursor: None, limit: wish.limit }.limit()?;
    let mut conn = ctx.db.read().await?;
    let (like, after) = (wish.q.unwrap_or_default(), wish.cursor.unwrap_or_default());
    let rows = identity::accounts(&mut conn, like.trim(), &after, limit + 1).await?;
    let page = Page::cut(rows, limit, |row| row.email.clone());
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        items.push(AccountView {
            roles: identity::grants(&mut conn, row.id).await?,
            id: row.id,
            email: row.email,
            name: row.name,
            country: row.country,
            function: row.function,
            organisation: row.organisation,
            status: row.status,
            created_at: rfc3339(row.created_at),
            last_seen_at: row.last_seen_at.map(rfc3339),
        });
    }
    Ok(Json(Page { items, next: page.next }))
}

/// The account, if the caller may change it: an administrator, and not their own.
async fn other_account(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<(), Problem> {
    caller.allow(RegionAction::Administer)?;
    identity::stepped_up(caller)?;
    identity::account(&mut ctx.db.read().await?, id).await?.ok_or_else(Problem::not_found)?;
    if id == caller.account() { Err(Problem::forbidden()) } else { Ok(()) }
}

fn last_administrator() -> Problem {
    Problem::conflict("last_administrator", "The last administrator stays")
}

/// Suspends an account: its sessions and sockets end at once.
#[utoipa::path(put, path = "/api/accounts/{id}/suspension", tag = "admin", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn suspend(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    set_suspended(ctx, caller, id, true).await
}

/// Lifts a suspension.
#[utoipa::path(delete, path = "/api/accounts/{id}/suspension", tag = "admin", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
async fn reinstate(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    set_suspended(ctx, caller, id, false).await
}

async fn set_suspended(ctx: Ctx, caller: Caller, id: Uuid, suspended: bool) -> Result<StatusCode, Problem> {
    other_account(&ctx, &caller, id).await?;
    let (by, db) = (caller.account(), ctx.db.clone());
    let done: db::Result<bool> = db
        .write(async move |tx| {
            if suspended && identity::other_administrators(tx, &ctx, id).await? == 0 {
                return Ok(false);
            }
            identity::set_suspended(tx, &ctx, id, suspended).await?;
            let what = if suspended { "account.suspend" } else { "account.reinstate" };
            audit::record(tx, act(&ctx, by, what, format!("account:{id}"), String::new())).await?;
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(last_administrator()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(email: &str, name: &str, country: Option<&str>, organisation: Option<&str>) -> Wish {
        let (country, organisation) = (country.map(Into::into), organisation.map(Into::into));
        let function = Some("SOCIAL-WORKER".into());
        Wish { email: email.into(), name: name.into(), country, function, organisation, ..Wish::default() }
    }

    #[test]
    fn an_invitation_is_kept_as_it_will_be_used() {
        let made = checked(wish(" Ana@Example.RO ", " Ana \n Pop ", Some("RO"), Some(" A \n centre ")), None);
        let made = made.expect("an invitation");
        assert_eq!((made.email.as_str(), made.name.as_str()), ("ana@example.ro", "Ana Pop"));
        assert!(matches!(&made.workplace, Some(Workplace::New { name, .. }) if name == "A centre"), "{:?}", made.workplace);
        assert!(made.grant.is_none());
    }

    #[test]
    fn the_legal_regime_belongs_to_the_organisation() {
        let wish = |regime: Option<&str>| Wish {
            function: Some("PROSECUTOR".into()),
            regime: regime.map(Into::into),
            ..wish("ana@example.ro", "Ana", Some("RO"), Some("Parchet"))
        };
        let new = |regime: &str| Some(Workplace::New { name: "Parchet".into(), regime: regime.into() });
        assert_eq!(checked(wish(None), None).expect("an invitation").workplace, new("led"));
        assert_eq!(checked(wish(Some("gdpr")), None).expect("an invitation").workplace, new("gdpr"));
        let known = Uuid::from_u128(7);
        assert_eq!(checked(wish(Some("gdpr")), Some(known)).expect("an invitation").workplace, Some(Workplace::Known(known)));
        assert_eq!(checked(wish(Some("none")), None).expect_err("a fault").code(), "tag_unknown");
    }

    #[test]
    fn an_invitation_that_makes_no_sense_names_its_fault() {
        let fault = |wish| checked(wish, None).expect_err("a fault").code();
        assert_eq!(fault(wish("nowhere", "Ana", None, None)), "email_invalid");
        assert_eq!(fault(wish("ana@example.ro", " ", None, None)), "name_invalid");
        assert_eq!(fault(wish("ana@example.ro", "Ana", Some("FR"), None)), "tag_unknown");
        assert_eq!(fault(wish("ana@example.ro", "Ana", None, Some("evil \u{202E}gnp"))), "name_invalid");
        let named = wish("ana@example.ro", "Ana", None, Some("A centre"));
        assert_eq!(fault(Wish { function: None, ..named }), "function_needed");
        for nowhere in [None, Some("  ")] {
            assert_eq!(fault(wish("ana@example.ro", "Ana", None, nowhere)), "organisation_needed");
        }
    }
}
