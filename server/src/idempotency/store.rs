//! Kept answers.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const FIND: &str = "SELECT request_hash, status, content_type, body FROM idempotency
    WHERE account = $1 AND key_hash = $2 AND created_at > $3";
/// A key that is a day old may be used anew before it is swept.
const KEEP: &str = "INSERT INTO idempotency (account, key_hash, request_hash, status, content_type, body, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (account, key_hash) DO UPDATE SET request_hash = excluded.request_hash, status = excluded.status,
        content_type = excluded.content_type, body = excluded.body, created_at = excluded.created_at";
const FORGET: &str = "DELETE FROM idempotency WHERE created_at <= $1";
/// Nothing else tells which answers hold an id: they are kept as they were sent.
const FORGET_NAMING: &str = "DELETE FROM idempotency WHERE instr(body, $1) > 0";

/// An answer, and the request it was given to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Answer {
    pub(super) request_hash: Vec<u8>,
    pub(super) status: i64,
    pub(super) content_type: Option<String>,
    pub(super) body: Vec<u8>,
}

/// The answer kept for a key after this time (microseconds).
pub(super) async fn find(conn: &mut impl On, account: Uuid, key: &[u8], after: i64) -> Result<Option<Answer>> {
    Ok(on!(conn, c => sqlx::query_as(FIND).bind(account).bind(key).bind(after).fetch_optional(c))?)
}

pub(super) async fn keep(tx: &mut Tx, account: Uuid, key: &[u8], answer: &Answer, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(KEEP)
        .bind(account).bind(key).bind(&answer.request_hash).bind(answer.status).bind(&answer.content_type).bind(&answer.body)
        .bind(at)
        .execute(c))?;
    Ok(())
}

/// Forgets what was kept up to this time (microseconds).
pub(super) async fn forget(tx: &mut Tx, until: i64) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET).bind(until).execute(c))?;
    Ok(())
}

/// Forgets what names this id.
pub(super) async fn forget_naming(tx: &mut Tx, id: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET_NAMING).bind(id.to_string().into_bytes()).execute(c))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::db::{self, Db};
    use crate::base::secret;
    use crate::identity::{self, NewAccount};

    fn somebody(id: Uuid) -> NewAccount {
        NewAccount {
            id,
            email: "ana@example.ro".into(),
            name: "Ana".into(),
            country: None,
            function: None,
            organisation: None,
            language: "en".into(),
            password_hash: String::new(),
            sponsor: None,
            accredited_until: None,
            created_at: 0,
        }
    }

    #[tokio::test]
    async fn answers_are_forgotten_by_age() {
        let folder = std::env::temp_dir().join(format!("egida-keys-{}", secret::token()));
        let db = Db::open(&folder).await.expect("a folder");
        let id = Uuid::from_u128(7);
        let kept: db::Result<()> = db
            .write(async move |tx| {
                identity::create_account(tx, &somebody(id)).await?;
                let answer = Answer { request_hash: vec![1], status: 201, content_type: None, body: vec![2] };
                keep(tx, id, b"old", &answer, 10).await?;
                keep(tx, id, b"new", &answer, 11).await?;
                forget(tx, 10).await
            })
            .await;
        kept.expect("kept");
        let mut conn = db.read().await.expect("a reader");
        assert!(find(&mut conn, id, b"old", 0).await.expect("read").is_none());
        assert!(find(&mut conn, id, b"new", 0).await.expect("read").is_some_and(|answer| answer.status == 201));
        assert!(find(&mut conn, id, b"new", 11).await.expect("read").is_none(), "too old, and not yet swept");
        assert!(find(&mut conn, Uuid::from_u128(8), b"new", 0).await.expect("read").is_none(), "somebody else's");
        drop(conn);
        db.close().await;
        let _ = std::fs::remove_dir_all(folder);
    }
}
