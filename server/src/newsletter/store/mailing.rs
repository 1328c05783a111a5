//! Who gets the newsletter by e-mail, what is on its way, and what was printed.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const SUBSCRIBE: &str = "INSERT INTO newsletter_subscription (account, language, at) VALUES ($1, $2, $3)
    ON CONFLICT (account) DO UPDATE SET language = excluded.language, at = excluded.at, refused_at = NULL";
const UNSUBSCRIBE: &str = "DELETE FROM newsletter_subscription WHERE account = $1";
const LEAVE: &str = "UPDATE newsletter_delivery SET state = 'left', done_at = $2 WHERE account = $1 AND state = 'waiting'";
const SUBSCRIPTION: &str = "SELECT language, at, refused_at FROM newsletter_subscription WHERE account = $1";
const SUBSCRIBERS: &str = "SELECT s.account, s.language FROM newsletter_subscription s JOIN account a ON a.id = s.account
    WHERE s.refused_at IS NULL AND a.status = 'active' AND a.accredited_until > $1 ORDER BY s.account";
const QUEUE: &str = "INSERT INTO newsletter_delivery (issue, account, message, language, state, attempts, due_at)
    VALUES ($1, $2, $3, $4, 'waiting', 0, $5) ON CONFLICT DO NOTHING";
const DUE: &str = "SELECT d.account, d.message, d.language, d.attempts, a.email, a.status, a.accredited_until, i.content,
        i.number, i.released_at
    FROM newsletter_delivery d JOIN account a ON a.id = d.account JOIN newsletter_issue i ON i.id = d.issue
    WHERE d.state = 'waiting' AND d.due_at <= $1 ORDER BY d.due_at, d.message LIMIT 1";
const DONE: &str =
    "UPDATE newsletter_delivery SET state = $2, attempts = $3, done_at = $4 WHERE message = $1 AND state = 'waiting'";
const LATER: &str = "UPDATE newsletter_delivery SET attempts = $2, due_at = $3 WHERE message = $1 AND state = 'waiting'";
const REFUSED: &str = "UPDATE newsletter_subscription SET refused_at = $2 WHERE account = $1";
const TALLY: &str = "SELECT state, count(*) FROM newsletter_delivery WHERE issue = $1 GROUP BY state";
const MAKE_WAY_OUT: &str = "INSERT INTO newsletter_way_out (token_hash, account, at) VALUES ($1, $2, $3)";
const WAY_OUT: &str = "SELECT account FROM newsletter_way_out WHERE token_hash = $1";
const PRINTED: &str = "SELECT pdf FROM newsletter_print WHERE issue = $1 AND language = $2";
const KEEP_PRINT: &str = "INSERT INTO newsletter_print (issue, language, pdf, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const FORGET_PRINTS: &str = "DELETE FROM newsletter_print";

/// Somebody's subscription.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::newsletter) struct Subscription {
    pub(in crate::newsletter) language: String,
    pub(in crate::newsletter) at: i64,
    pub(in crate::newsletter) refused_at: Option<i64>,
}

/// A mail that is to be sent.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::newsletter) struct Due {
    pub(in crate::newsletter) account: Uuid,
    pub(in crate::newsletter) message: Uuid,
    pub(in crate::newsletter) language: String,
    pub(in crate::newsletter) attempts: i64,
    pub(in crate::newsletter) email: String,
    pub(in crate::newsletter) status: String,
    pub(in crate::newsletter) accredited_until: Option<i64>,
    pub(in crate::newsletter) content: Option<String>,
    pub(in crate::newsletter) number: i64,
    pub(in crate::newsletter) released_at: Option<i64>,
}

pub(in crate::newsletter) async fn subscribe(tx: &mut Tx, account: Uuid, language: &str, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(SUBSCRIBE).bind(account).bind(language).bind(at).execute(c))?;
    Ok(())
}

/// Ends a subscription, and what of it still waits.
pub(in crate::newsletter) async fn unsubscribe(tx: &mut Tx, account: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(UNSUBSCRIBE).bind(account).execute(c))?;
    on!(tx, c => sqlx::query(LEAVE).bind(account).bind(at).execute(c))?;
    Ok(())
}

pub(in crate::newsletter) async fn subscription(conn: &mut impl On, account: Uuid) -> Result<Option<Subscription>> {
    Ok(on!(conn, c => sqlx::query_as(SUBSCRIPTION).bind(account).fetch_optional(c))?)
}

/// Who gets the next issue, each with their language.
pub(in crate::newsletter) async fn subscribers(conn: &mut impl On, now: i64) -> Result<Vec<(Uuid, String)>> {
    Ok(on!(conn, c => sqlx::query_as(SUBSCRIBERS).bind(now).fetch_all(c))?)
}

pub(in crate::newsletter) async fn queue(tx: &mut Tx, issue: Uuid, to: (Uuid, &str), message: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(QUEUE).bind(issue).bind(to.0).bind(message).bind(to.1).bind(at).execute(c))?;
    Ok(())
}

/// The mail that has been due for longest.
pub(in crate::newsletter) async fn due(conn: &mut impl On, now: i64) -> Result<Option<Due>> {
    Ok(on!(conn, c => sqlx::query_as(DUE).bind(now).fetch_optional(c))?)
}

/// A mail has come to an end: `sent`, `refused`, `given_up` or `left`.
pub(in crate::newsletter) async fn done(tx: &mut Tx, message: Uuid, state: &str, attempts: i64, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(DONE).bind(message).bind(state).bind(attempts).bind(at).execute(c))?;
    Ok(())
}

/// A mail is tried again at a later time.
pub(in crate::newsletter) async fn later(tx: &mut Tx, message: Uuid, attempts: i64, due_at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(LATER).bind(message).bind(attempts).bind(due_at).execute(c))?;
    Ok(())
}

/// An address takes no mail.
pub(in crate::newsletter) async fn refused(tx: &mut Tx, account: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(REFUSED).bind(account).bind(at).execute(c))?;
    Ok(())
}

/// How many mails of an issue are in which state.
pub(in crate::newsletter) async fn tally(conn: &mut impl On, issue: Uuid) -> Result<Vec<(String, i64)>> {
    Ok(on!(conn, c => sqlx::query_as(TALLY).bind(issue).fetch_all(c))?)
}

pub(in crate::newsletter) async fn make_way_out(tx: &mut Tx, token_hash: &[u8], account: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(MAKE_WAY_OUT).bind(token_hash).bind(account).bind(at).execute(c))?;
    Ok(())
}

/// Whose way out this is.
pub(in crate::newsletter) async fn way_out(conn: &mut impl On, token_hash: &[u8]) -> Result<Option<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(WAY_OUT).bind(token_hash).fetch_optional(c))?)
}

pub(in crate::newsletter) async fn printed(conn: &mut impl On, issue: Uuid, language: &str) -> Result<Option<Vec<u8>>> {
    Ok(on!(conn, c => sqlx::query_scalar(PRINTED).bind(issue).bind(language).fetch_optional(c))?)
}

pub(in crate::newsletter) async fn keep_print(tx: &mut Tx, issue: Uuid, language: &str, pdf: &[u8], at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(KEEP_PRINT).bind(issue).bind(language).bind(pdf).bind(at).execute(c))?;
    Ok(())
}

/// Prints are made anew: what they show has changed.
pub(in crate::newsletter) async fn forget_prints(tx: &mut Tx) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET_PRINTS).execute(c))?;
    Ok(())
}
