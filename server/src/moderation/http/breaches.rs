//! The clocks of what should never have been seen, for data-protection officers.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::Named;
use crate::access::{ChannelKind, RegionAction};
use crate::audit::{self, Act};
use crate::base::clock::rfc3339;
use crate::base::db;
use crate::base::http::{Json, Page, Path, Problem};
use crate::context::Ctx;
use crate::identity::{self, Caller};
use crate::moderation::decide::note;
use crate::moderation::hold::{open, seal};
use crate::moderation::model::Concern;
use crate::moderation::store::{self, Breach};
use crate::moderation::{notice, review};

pub(super) fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(close)).with_state(ctx)
}

/// What an officer has found.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BreachOutcome)]
enum Outcome {
    /// The supervisory authority was told (GDPR art. 33), and where the risk is high those concerned (art. 34).
    Notified,
    /// It is unlikely to bring a risk to anybody.
    NotNeeded,
}

impl Outcome {
    const EVERY: [(Self, &'static str); 2] = [(Self::Notified, "notified"), (Self::NotNeeded, "not_needed")];

    fn as_str(self) -> &'static str {
        match self {
            Self::Notified => "notified",
            Self::NotNeeded => "not_needed",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find_map(|(outcome, name)| (name == word).then_some(outcome))
    }
}

/// Something that was taken back, without what it said.
#[derive(Serialize, ToSchema)]
#[schema(as = Breach)]
struct Item {
    id: Uuid,
    /// Where it stood, unless that is a closed room, or not known to a restored backup.
    channel: Option<Uuid>,
    country: Option<String>,
    /// Null where a restored backup doesn't know the message.
    author: Option<Named>,
    reason: Concern,
    /// What whoever took it back says.
    note: Option<String>,
    /// How many members of the channel had read as far as there. In an open channel others may have, too.
    readers: i64,
    posted_at: String,
    retracted_at: String,
    /// Null after a restored backup had lost it.
    retracted_by: Option<Named>,
    /// 72 hours later.
    due_at: String,
    /// Null while the clock runs.
    outcome: Option<Outcome>,
    finding: Option<String>,
    closed_at: Option<String>,
    closed_by: Option<Named>,
}

fn item(ctx: &Ctx, row: Breach) -> Item {
    let open_sealed = |sealed: Option<Vec<u8>>| sealed.and_then(|sealed| open(ctx, row.id, &sealed));
    Item {
        id: row.id,
        channel: row.channel.filter(|_| row.kind.as_deref() == Some(ChannelKind::Open.as_str())),
        country: row.country,
        author: row.author.zip(row.author_name).map(|(id, name)| Named { id, name }),
        reason: Concern::of(&row.reason),
        note: open_sealed(row.note),
        readers: row.readers,
        posted_at: rfc3339(row.posted_at),
        retracted_at: rfc3339(row.retracted_at),
        retracted_by: row.retracted_by.zip(row.retracted_by_name).map(|(id, name)| Named { id, name }),
        due_at: rfc3339(row.due_at),
        outcome: row.outcome.as_deref().and_then(Outcome::of),
        finding: open_sealed(row.finding),
        closed_at: row.closed_at.map(rfc3339),
        closed_by: row.closed_by.zip(row.closed_by_name).map(|(id, name)| Named { id, name }),
    }
}

/// What was taken back, 200 at most: open ones first, the most urgent at the top, then the latest that are closed.
#[utoipa::path(get, path = "/api/moderation/breaches", tag = "moderation",
    responses((status = 200, body = Page<Item>), (status = 401), (status = 403)))]
async fn list(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Page<Item>>, Problem> {
    caller.allow(RegionAction::KeepBreaches)?;
    let rows = store::breaches(&mut ctx.db.read().await?).await?;
    Ok(Json(Page::whole(rows.into_iter().map(|row| item(&ctx, row)).collect())))
}

/// How an officer closes a clock.
#[derive(Deserialize, ToSchema)]
#[schema(as = BreachClosing)]
struct Closing {
    outcome: Outcome,
    /// The facts, the effects and what was done (GDPR art. 33, 5), in a line; nothing that tells who somebody is.
    finding: String,
}

/// Closes a clock, with what was found. Asks again who one is.
#[utoipa::path(put, path = "/api/moderation/breaches/{id}/outcome", tag = "moderation", params(("id" = Uuid, Path)),
    request_body = Closing,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn close(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<Closing>,
) -> Result<StatusCode, Problem> {
    caller.allow(RegionAction::KeepBreaches)?;
    identity::stepped_up(&caller)?;
    let place = store::breach_place(&mut ctx.db.read().await?, id).await?;
    let (message, channel) = place.ok_or_else(Problem::not_found)?;
    let missing = || Problem::unprocessable("finding_missing", "Whoever asks later must know what was found");
    let finding = seal(&ctx, id, &note(Some(&wish.finding))?.ok_or_else(missing)?)?;
    let (by, now, inner, word) = (caller.account(), ctx.now(), ctx.clone(), wish.outcome.as_str());
    let done: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if !store::close_breach(tx, id, word, &finding, now, by).await? {
                return Ok(false);
            }
            notice::breaches_changed(tx, &inner);
            let place = channel.map(|channel| format!("channel:{channel} ")).unwrap_or_default();
            let (target, detail) = (format!("message:{message}"), format!("{place}outcome={word}"));
            audit::record(tx, Act { at: now, actor: Some(by), what: "breach.close", target, detail }).await?;
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(review::already()) }
}
