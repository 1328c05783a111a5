//! What changes the directory, inside a transaction.

use uuid::Uuid;

use super::model::{Facts, key};
use super::store::{self, OrganisationRow, Unsettled};
use crate::access::{Role, Scope};
use crate::base::db::{Result, Tx};
use crate::context::Ctx;
use crate::identity;
use crate::vocabulary::kind_of_function;

/// Accounts settled in one transaction.
const SETTLED_AT_ONCE: i64 = 500;

/// Binds an account that names its organisation in words to that organisation, which is made if there is none of that name in
/// its country. An account that is bound already, or names none, stays as it is.
pub async fn settle(tx: &mut Tx, ctx: &Ctx, account: Uuid) -> Result<()> {
    for row in store::unsettled(tx, Some(account), 1).await? {
        settle_row(tx, ctx, row).await?;
    }
    Ok(())
}

/// The same for every account: those from before there were organisations, and those that another process has made.
pub async fn settle_all(ctx: &Ctx) -> Result<()> {
    loop {
        let inner = ctx.clone();
        let settled: Result<usize> = ctx
            .db
            .write(async move |tx| {
                let rows = store::unsettled(tx, None, SETTLED_AT_ONCE).await?;
                let count = rows.len();
                for row in rows {
                    settle_row(tx, &inner, row).await?;
                }
                Ok(count)
            })
            .await;
        if settled? == 0 {
            return Ok(());
        }
    }
}

async fn settle_row(tx: &mut Tx, ctx: &Ctx, row: Unsettled) -> Result<()> {
    let found = store::by_key(tx, &key(&row.organisation), row.country.as_deref()).await?;
    let organisation = if let Some(id) = found {
        id
    } else {
        let kind = kind_of_function(row.function.as_deref().unwrap_or_default());
        let facts = Facts::bare(row.organisation.clone(), kind, row.country);
        let id = ctx.id();
        store::insert(tx, id, &facts, ctx.now(), None).await?;
        id
    };
    let name = store::organisation(tx, organisation).await?.map_or(row.organisation, |found| found.name);
    ctx.standing.actor_changes(tx, row.id);
    store::place(tx, row.id, organisation, &name).await
}

/// Moves somebody into an organisation. Whatever they answered for elsewhere, they answer for no longer.
pub(super) async fn place(tx: &mut Tx, ctx: &Ctx, account: Uuid, organisation: &OrganisationRow) -> Result<()> {
    for naming in store::focal_of_accounts(tx, &[account]).await? {
        if naming.organisation != organisation.id {
            remove_focal_point(tx, ctx, naming.organisation, account).await?;
        }
    }
    ctx.standing.actor_changes(tx, account);
    store::place(tx, account, organisation.id, &organisation.name).await
}

/// Lets somebody answer for an organisation, for everything or for one theme.
pub async fn name_focal_point(
    tx: &mut Tx,
    ctx: &Ctx,
    organisation: Uuid,
    account: Uuid,
    theme: Option<&str>,
    by: Option<Uuid>,
) -> Result<()> {
    let scope = Scope::Organisation(organisation);
    identity::grant(tx, ctx, account, Role::FocalPoint, &scope, by).await?;
    store::insert_focal_point(tx, organisation, account, &scope.to_string(), theme).await
}

/// Takes that back. `false` if they did not answer for it.
pub(super) async fn remove_focal_point(tx: &mut Tx, ctx: &Ctx, organisation: Uuid, account: Uuid) -> Result<bool> {
    let scope = Scope::Organisation(organisation).to_string();
    let held = identity::grants(tx, account).await?;
    let grant = held.into_iter().find(|grant| grant.role == Role::FocalPoint.as_str() && grant.scope == scope);
    let Some(grant) = grant else { return Ok(false) };
    store::delete_focal_point(tx, organisation, account).await?;
    identity::revoke_grant(tx, ctx, account, grant.id).await
}
