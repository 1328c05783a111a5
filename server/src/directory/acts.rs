//! What changes the directory, inside a transaction.

use uuid::Uuid;

use super::model::{Facts, key};
use super::store::{self, OrganisationRow, Unsettled};
use crate::access::{Role, Scope};
use crate::base::db::{On, Result, Tx};
use crate::context::Ctx;
use crate::identity;
use crate::vocabulary::{REGIMES, kind, kind_of_function};

/// Accounts settled in one transaction.
const SETTLED_AT_ONCE: i64 = 500;

/// Binds an account that names its organisation in words to that organisation, which is made if there is none of that name in
/// its country: under this legal regime, or else under that of its kind. An account that is bound already, or names none,
/// stays as it is.
pub async fn settle(tx: &mut Tx, ctx: &Ctx, account: Uuid, regime: Option<&str>) -> Result<()> {
    for row in store::unsettled(tx, Some(account), 1).await? {
        settle_row(tx, ctx, row, regime).await?;
    }
    Ok(())
}

/// Binds a new account to an organisation of the directory.
pub async fn join(tx: &mut Tx, ctx: &Ctx, account: Uuid, organisation: Uuid) -> Result<()> {
    let Some(found) = store::organisation(tx, organisation).await? else { return Ok(()) };
    ctx.standing.actor_changes(tx, account);
    store::place(tx, account, organisation, &found.name).await
}

/// An organisation that somebody of a country (`None`: of the whole region) can work in: one of that country, or one that
/// serves the whole region.
pub async fn works_in(conn: &mut impl On, organisation: Uuid, country: Option<&str>) -> Result<bool> {
    let found = store::organisation(conn, organisation).await?;
    Ok(found.is_some_and(|row| row.country.is_none() || row.country.as_deref() == country))
}

/// Whether the directory has this organisation.
pub async fn organisation_exists(conn: &mut impl On, organisation: Uuid) -> Result<bool> {
    Ok(store::organisation(conn, organisation).await?.is_some())
}

/// The organisation of this name in a country, whatever its case, marks and script.
pub async fn organisation_by_name(conn: &mut impl On, name: &str, country: Option<&str>) -> Result<Option<Uuid>> {
    store::by_key(conn, &key(name), country).await
}

/// The legal regime of an organisation that isn't in the directory yet: the one wished for, or else what is usual where
/// people of this function work. `None` if there is no regime of that name.
pub fn regime_of_new(wished: Option<&str>, function: Option<&str>) -> Option<String> {
    let usual = || kind(kind_of_function(function.unwrap_or_default())).map_or(REGIMES[0], |kind| kind.regime.as_str());
    let regime = wished.filter(|regime| !regime.is_empty()).unwrap_or_else(usual);
    REGIMES.contains(&regime).then(|| regime.to_owned())
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
                    settle_row(tx, &inner, row, None).await?;
                }
                Ok(count)
            })
            .await;
        if settled? == 0 {
            return Ok(());
        }
    }
}

async fn settle_row(tx: &mut Tx, ctx: &Ctx, row: Unsettled, regime: Option<&str>) -> Result<()> {
    let found = store::by_key(tx, &key(&row.organisation), row.country.as_deref()).await?;
    let organisation = if let Some(id) = found {
        id
    } else {
        let kind = kind_of_function(row.function.as_deref().unwrap_or_default());
        let mut facts = Facts::bare(row.organisation.clone(), kind, row.country);
        if let Some(regime) = regime {
            regime.clone_into(&mut facts.regime);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_organisation_is_under_the_law_that_is_named_or_usual() {
        let regime = |wished, function| regime_of_new(wished, function);
        assert_eq!(regime(Some("gdpr"), Some("PROSECUTOR")).as_deref(), Some("gdpr"));
        assert_eq!(regime(None, Some("PROSECUTOR")).as_deref(), Some("led"));
        assert_eq!(regime(Some(""), Some("SOCIAL-WORKER")).as_deref(), Some("gdpr"));
        assert_eq!(regime(Some("none"), None), None);
    }
}
