//! Opening a channel.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::model::{ChannelView, DESCRIPTION_MAX, DIRECT_PEOPLE, NAME_MAX, Naming, NewChannel, ceiling, direct_key};
use super::super::store;
use super::{act, name_invalid, view};
use crate::access::{Action, ChannelKind, RegionAction};
use crate::audit;
use crate::base::db;
use crate::base::http::{Json, Problem};
use crate::channels;
use crate::context::Ctx;
use crate::identity::Caller;
use crate::vocabulary::{is_country, is_theme};

/// A channel to be opened: a direct one by its people, another by its name and place.
#[derive(Deserialize, ToSchema)]
pub(super) struct Opening {
    /// `open`, `closed` or `direct`.
    kind: String,
    /// The others, for a direct channel.
    #[serde(default)]
    people: Vec<Uuid>,
    name: Option<Naming>,
    description: Option<Naming>,
    country: Option<String>,
    theme: Option<String>,
    /// What a post gets that names no marking; `green` when not named.
    marking: Option<String>,
    /// The strictest marking; as strict as the kind can carry when not named: `amber+strict` where everybody may join, else `red`.
    ceiling: Option<String>,
    /// Whether every post is graded.
    grading: Option<bool>,
    /// How many days what is said is kept: 1 to 3650; until somebody deletes it when not named.
    retention_days: Option<i64>,
}

/// Opens a channel. The same people always get the same direct channel.
#[utoipa::path(post, path = "/api/channels", tag = "channels", request_body = Opening,
    responses((status = 200, body = ChannelView), (status = 201, body = ChannelView), (status = 401), (status = 403), (status = 409), (status = 422)))]
pub(super) async fn create(
    State(ctx): State<Ctx>,
    caller: Caller,
    Json(opening): Json<Opening>,
) -> Result<(StatusCode, Json<ChannelView>), Problem> {
    let kind: ChannelKind = opening.kind.parse().map_err(|()| Problem::bad_request("kind must be open, closed or direct"))?;
    let (new, members) = match kind {
        ChannelKind::Direct => direct(&ctx, &caller, &opening).await?,
        ChannelKind::Open | ChannelKind::Closed => (group(&ctx, &caller, kind, opening)?, vec![caller.account()]),
    };
    let (id, key, account) = (new.id, new.direct_key.clone(), caller.account());
    let made: db::Result<bool> = {
        let ctx = ctx.clone();
        let db = ctx.db.clone();
        db.write(async move |tx| {
            let made = channels::create(tx, &ctx, &new, &members).await?;
            if made && new.kind != ChannelKind::Direct {
                channels::changed(tx, &ctx, id, None);
                audit::record(tx, act(&ctx, account, "channel.open", id, String::new())).await?;
            }
            Ok(made)
        })
        .await
    };
    let made = made?;
    let id = match key {
        Some(key) if !made => store::by_direct_key(&mut ctx.db.read().await?, &key).await?.ok_or_else(Problem::not_found)?,
        _ if !made => return Err(Problem::conflict("conflict", "There is such a channel already")),
        _ => id,
    };
    // The caller became a member a moment ago: ask for the standing anew.
    let caller = caller.renewed(&ctx).await?;
    let channel = channels::authorise(&ctx, &caller.actor, Action::Know, id).await?;
    let status = if made { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(view(&ctx, &caller, &channel).await?)))
}

async fn direct(ctx: &Ctx, caller: &Caller, opening: &Opening) -> Result<(NewChannel, Vec<Uuid>), Problem> {
    let mut people = opening.people.clone();
    people.push(caller.account());
    people.sort_unstable();
    people.dedup();
    if !DIRECT_PEOPLE.contains(&people.len()) {
        return Err(Problem::unprocessable("people_count", "A direct channel is for two to eight people")
            .with("limit", *DIRECT_PEOPLE.end()));
    }
    caller.allow(RegionAction::Converse)?;
    for person in &people {
        confirmed(ctx, *person).await?;
    }
    let channel =
        NewChannel { purpose: "direct", direct_key: Some(direct_key(&people)), ..blank(ctx, caller, ChannelKind::Direct) };
    Ok((channel, people))
}

/// Only who has been confirmed can be brought into a channel.
pub(super) async fn confirmed(ctx: &Ctx, account: Uuid) -> Result<(), Problem> {
    let actor = ctx.standing.actor(account).await?.ok_or_else(Problem::not_found)?;
    if actor.is_confirmed() {
        Ok(())
    } else {
        Err(Problem::unprocessable("person_not_confirmed", "This person has not been confirmed yet"))
    }
}

fn group(ctx: &Ctx, caller: &Caller, kind: ChannelKind, opening: Opening) -> Result<NewChannel, Problem> {
    let (country, theme) = (opening.country, opening.theme);
    if country.as_deref().is_some_and(|code| !is_country(code)) || theme.as_deref().is_some_and(|slug| !is_theme(slug)) {
        return Err(Problem::unprocessable("tag_unknown", "There is no such country or theme"));
    }
    caller.allow(RegionAction::OpenChannel(country.as_deref(), theme.as_deref()))?;
    let name = opening.name.and_then(|name| name.words(NAME_MAX)).ok_or_else(name_invalid)?;
    let description = opening.description.map(|text| text.words(DESCRIPTION_MAX).ok_or_else(name_invalid)).transpose()?;
    let marking = opening.marking.unwrap_or_else(|| "green".into());
    let ceiling = Some(ceiling(kind, &marking, opening.ceiling.as_deref())?);
    let slug = match (&country, &theme) {
        (Some(country), Some(theme)) => Some(format!("{}-{theme}", country.to_lowercase())),
        _ => None,
    };
    let purpose = if slug.is_some() { "cell" } else { "group" };
    Ok(NewChannel {
        purpose,
        slug,
        name: Some(name),
        description,
        country,
        theme,
        marking,
        ceiling,
        grading: opening.grading.unwrap_or_default(),
        retention_days: channels::retention(opening.retention_days)?,
        listed: kind == ChannelKind::Open,
        ..blank(ctx, caller, kind)
    })
}

fn blank(ctx: &Ctx, caller: &Caller, kind: ChannelKind) -> NewChannel {
    NewChannel {
        id: ctx.id(),
        kind,
        purpose: "group",
        slug: None,
        name: None,
        description: None,
        country: None,
        theme: None,
        marking: "green".into(),
        ceiling: None,
        grading: false,
        retention_days: None,
        exercise: None,
        listed: false,
        general: ctx.id(),
        direct_key: None,
        created_at: ctx.now(),
        created_by: Some(caller.account()),
    }
}
