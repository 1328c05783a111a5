//! Messages, their earlier wordings and who is called in them.

use rusqlite::ToSql;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::ends::RED_DAYS;
use super::model::{MessageRow, Said};
use crate::access::handling::RED;
use crate::base::clock::DAY;
use crate::base::db::{Direct, Error, On, Result, Tx, set_setting, setting};
use crate::base::guard::Around;
use crate::channels::changes::{self, Change, Digest, Kind, Nonce};
use crate::channels::topics;
use crate::moderation::Taken;
use crate::vocabulary::strictest;

/// Takes the channel's next number for a post, if at the moment of writing the author still belongs to the channel, the
/// channel, the topic and what is quoted still stand as they did, and the reference is new, or that of the post that waited
/// and is now released: one statement on the hottest path. The channel's marking comes along, as it is at that moment.
const ADMIT: &str = "UPDATE channel SET seq = seq + 1 WHERE id = $1 AND archived_at IS NULL
        AND EXISTS (SELECT 1 FROM membership WHERE channel = $1 AND account = $2)
        AND NOT EXISTS (SELECT 1 FROM message WHERE author = $2 AND ref = $3)
        AND NOT EXISTS (SELECT 1 FROM held WHERE author = $2 AND ref = $3 AND id <> $6)
        AND ($4 IS NULL OR EXISTS (SELECT 1 FROM topic WHERE id = $4 AND channel = $1))
        AND ($5 IS NULL OR EXISTS (SELECT 1 FROM message WHERE id = $5 AND channel = $1 AND deleted_at IS NULL))
    RETURNING seq, marking, (SELECT hash FROM channel_change x WHERE x.channel = $1 AND x.seq = channel.seq - 1)";
const BY_REF: &str = "SELECT id, coalesce(first_channel, channel) AS channel, coalesce(first_seq, seq) AS seq, request
    FROM message WHERE author = $1 AND ref = $2";
const INSERT: &str =
    "INSERT INTO message (id, channel, seq, changed_seq, topic, author, ref, body, html, marking, quote, mentions, posted_at, request,
        nonce, labels, expires_at, attachments)
    VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) RETURNING n";
/// Nobody is called by their own message.
const MENTION: &str = "INSERT INTO mention (account, channel, topic, seq, message)
    SELECT $1, channel, topic, seq, n FROM message WHERE n = $2 AND author <> $1";
const MOVE_MENTIONS: &str = "UPDATE mention SET channel = $2, seq = $3 WHERE message = $1";
const UNMENTION: &str = "DELETE FROM mention WHERE message = $1";
const FACTS: &str =
    "SELECT m.n, m.id, m.channel, m.changed_seq, m.topic, m.quote, m.nonce, m.author, m.body, m.html, m.attachments, m.reactions, m.marking, c.marking AS channel_marking, m.labels, m.posted_at,
        m.edited_at, m.deleted_at, m.expires_at, m.pinned_at, c.archived_at, c.retention_days AS channel_retention, q.marking AS quote_marking
    FROM message m JOIN channel c ON c.id = m.channel
        LEFT JOIN message q ON q.id = m.quote AND q.channel = m.channel AND q.deleted_at IS NULL WHERE m.id = $1";
const PLACE: &str = "SELECT channel FROM message WHERE id = $1";
/// What the author of a message has said at about the same time and place. Others may have said much between.
const AROUND: &str = "SELECT m.seq < e.seq AS earlier, m.body FROM message e JOIN message m ON m.channel = e.channel
        AND m.seq BETWEEN e.seq - 50 AND e.seq + 50 AND m.seq <> e.seq
    WHERE e.n = $1 AND m.author = e.author AND m.deleted_at IS NULL
        AND m.posted_at BETWEEN e.posted_at - $2 AND e.posted_at + $2 ORDER BY m.seq";
const REVISE: &str = "INSERT INTO message_revision (message, at, body, html) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const REVISIONS: &str = "SELECT at, body, html FROM message_revision WHERE message = $1 ORDER BY at";
const FORGET_REVISIONS: &str = "DELETE FROM message_revision WHERE message = $1";
const EDIT: &str =
    "UPDATE message SET body = $2, html = $3, mentions = $4, edited_at = $5, changed_seq = $6, nonce = $7, labels = $8
    WHERE n = $1";
const DELETE: &str = "UPDATE message SET body = '', html = '', mentions = NULL, attachments = NULL, reactions = NULL, quote = NULL, pinned_at = NULL,
    pinned_by = NULL, nonce = NULL, request = NULL, labels = NULL, expires_at = NULL, deleted_at = $2, deleted_by = $3, changed_seq = $4 WHERE n = $1";
const FORGET_ACKNOWLEDGED: &str = "DELETE FROM message_acknowledgement WHERE message = $1";
const LABEL: &str = "UPDATE message SET labels = $2, changed_seq = $3 WHERE n = $1";
const MARK: &str = "UPDATE message SET marking = $2, expires_at = $3, changed_seq = $4 WHERE n = $1";
const EXPIRED: &str = "SELECT id FROM message WHERE expires_at <= $1 AND deleted_at IS NULL ORDER BY expires_at LIMIT 100";
/// The setting that says how far the journal of erasures is written.
const JOURNALLED: &str = "erasures.reach";
/// Deletions, retractions (with why), titles of topics, files, case rooms and file cards, in one order of time.
const ERASED: &str = "WITH gone AS (
        SELECT id, deleted_at AS at, NULL AS reason, '' AS kind FROM message WHERE deleted_at > $1
        UNION ALL SELECT message, retracted_at, reason, '' FROM breach WHERE retracted_at > $1
        UNION ALL SELECT id, title_erased_at, NULL, 'title' FROM topic WHERE title_erased_at > $1
        UNION ALL SELECT id, at, NULL, 'file' FROM file_gone WHERE at > $1
        UNION ALL SELECT id, at, NULL, 'case' FROM case_gone WHERE at > $1
        UNION ALL SELECT id, at, NULL, 'card' FROM card_gone WHERE at > $1)
    SELECT id, at, reason, kind FROM gone
    WHERE at <= coalesce((SELECT at FROM gone ORDER BY at LIMIT 1 OFFSET $2), 9223372036854775807) ORDER BY at";
const CASE_GONE: &str = "INSERT INTO case_gone (id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const CARD_GONE: &str = "INSERT INTO card_gone (id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const SET_EXPIRY: &str = "UPDATE message SET expires_at = $2, changed_seq = $3 WHERE n = $1";
const PAST: &str = "SELECT id, seq FROM message WHERE channel = $1 AND seq > $2 AND posted_at <= $3 AND deleted_at IS NULL
    ORDER BY seq LIMIT $4";
const BEGAN: &str = "SELECT n FROM message WHERE topic = $1 ORDER BY seq LIMIT 1";
const STANDS: &str = "SELECT 1 FROM message WHERE topic = $1 AND deleted_at IS NULL LIMIT 1";
const BARE: &str = "SELECT t.id FROM topic t WHERE t.channel = $1 AND NOT t.general AND t.title <> '' AND t.last_at <= $2
        AND NOT EXISTS (SELECT 1 FROM message m WHERE m.topic = t.id AND m.deleted_at IS NULL) LIMIT $3";
const REACT: &str = "UPDATE message SET reactions = $2, changed_seq = $3 WHERE n = $1";
const PIN: &str = "UPDATE message SET pinned_at = $2, pinned_by = $3, changed_seq = $4 WHERE n = $1";
const PINS: &str = "SELECT count(*) FROM message WHERE channel = $1 AND pinned_at IS NOT NULL";
/// `+` keeps the engine at the topic's own index. A topic of another channel is one without messages here.
const EDGE: &str = "SELECT seq, CASE WHEN $2 IS NULL
        THEN EXISTS (SELECT 1 FROM message m WHERE m.channel = $1 AND m.seq > $3)
        ELSE EXISTS (SELECT 1 FROM message m WHERE m.topic = $2 AND m.seq > $3 AND +m.channel = $1) END
    FROM channel WHERE id = $1";
const OF_TOPIC: &str =
    "SELECT n, id, channel, seq, changed_seq, topic, author, posted_at, marking, labels, quote, body, html, attachments, nonce, deleted_at, expires_at
    FROM message WHERE topic = $1 ORDER BY seq LIMIT $2";
const SAID: &str =
    "SELECT n, id, channel, seq, changed_seq, topic, author, posted_at, marking, labels, quote, body, html, attachments, nonce, deleted_at, expires_at
    FROM message WHERE channel = $1 AND seq > $2 ORDER BY seq LIMIT $3";
const EXISTS: &str = "SELECT 1 FROM message WHERE id = $1";
const WORDING: &str =
    "SELECT coalesce(edited_at, posted_at) AS at, marking, labels FROM message WHERE id = $1 AND deleted_at IS NULL";
const SET_NONCE: &str = "UPDATE message SET nonce = $2 WHERE n = $1";
const MOVE: &str = "UPDATE message SET channel = $2, seq = $3, changed_seq = $3, marking = $4, expires_at = $5,
        first_channel = coalesce(first_channel, channel), first_seq = coalesce(first_seq, seq)
    WHERE n = $1";

/// A message with its author, its channel's marking and its quote. A quoted message that was deleted or has left the
/// channel shows nothing.
const SELECT: &str =
    "SELECT m.id, m.channel, m.seq, m.changed_seq, m.topic, m.author, a.name AS author_name, a.country AS author_country,
        m.ref, m.body, m.html, m.marking, c.marking AS channel_marking, c.retention_days AS channel_retention, m.labels, m.expires_at, m.mentions, m.attachments, m.reactions, m.posted_at, m.edited_at,
        m.deleted_at, m.pinned_at, m.quote, q.author AS quote_author, b.name AS quote_name, substr(q.body, 1, 400) AS quote_body,
        q.marking AS quote_marking, q.labels AS quote_labels
    FROM message m JOIN account a ON a.id = m.author JOIN channel c ON c.id = m.channel
        LEFT JOIN message q ON q.id = m.quote AND q.channel = m.channel AND q.deleted_at IS NULL
        LEFT JOIN account b ON b.id = q.author";

/// What a change must know of a message.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Facts {
    pub(super) n: i64,
    pub(super) id: Uuid,
    pub(super) channel: Uuid,
    pub(super) changed_seq: i64,
    pub(super) topic: Uuid,
    pub(super) quote: Option<Uuid>,
    pub(super) nonce: Option<Vec<u8>>,
    pub(super) author: Uuid,
    pub(super) body: String,
    pub(super) html: String,
    pub(super) attachments: Option<String>,
    pub(super) reactions: Option<String>,
    pub(super) marking: String,
    pub(super) channel_marking: String,
    /// That of what it quotes, while that is there.
    pub(super) quote_marking: Option<String>,
    pub(super) labels: Option<String>,
    pub(super) posted_at: i64,
    pub(super) edited_at: Option<i64>,
    pub(super) deleted_at: Option<i64>,
    pub(super) expires_at: Option<i64>,
    pub(super) pinned_at: Option<i64>,
    /// How many days its channel keeps it.
    pub(super) channel_retention: Option<i64>,
    /// When its channel was archived.
    pub(super) archived_at: Option<i64>,
}

impl Facts {
    /// How it is to be handled: the strictest of its own marking, its channel's and that of what it quotes.
    pub(super) fn handling(&self) -> &str {
        strictest(strictest(&self.marking, &self.channel_marking), self.quote_marking.as_deref().unwrap_or(&self.marking))
    }

    /// The message as one that is taken back.
    pub(super) fn taken(&self) -> Taken {
        Taken { message: self.id, channel: self.channel, author: self.author, posted_at: self.posted_at }
    }

    /// The message as its digest covers it.
    pub(super) fn covered(&self) -> Covered<'_> {
        let said = Said {
            id: self.id,
            topic: self.topic,
            author: self.author,
            posted_at: self.posted_at,
            marking: &self.marking,
            labels: self.labels.as_deref(),
            quote: self.quote,
            body: &self.body,
            html: &self.html,
            attachments: self.attachments.as_deref(),
        };
        let (nonce, deleted) = (self.nonce.as_deref(), self.deleted_at.is_some());
        Covered { n: self.n, channel: self.channel, changed_seq: self.changed_seq, nonce, deleted, said }
    }
}

/// Which wording of a message: when it was written, and how it is marked and labelled.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Wording {
    /// When (microseconds).
    pub at: i64,
    /// Its own marking.
    pub marking: String,
    /// As they are stored.
    pub labels: Option<String>,
}

/// A message as its digest covers it, and where that digest stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Covered<'a> {
    pub(super) n: i64,
    pub(super) channel: Uuid,
    pub(super) changed_seq: i64,
    pub(super) nonce: Option<&'a [u8]>,
    pub(super) deleted: bool,
    pub(super) said: Said<'a>,
}

/// What an author has posted by a reference, where it was posted.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Earlier {
    pub(super) id: Uuid,
    pub(super) channel: Uuid,
    pub(super) seq: i64,
    /// What was asked for, if it came with an idempotency key.
    pub(super) request: Option<Vec<u8>>,
}

/// A message as it is read in passing over many: to move it, or to check it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Whole {
    pub(super) n: i64,
    pub(super) id: Uuid,
    pub(super) channel: Uuid,
    pub(super) seq: i64,
    pub(super) changed_seq: i64,
    pub(super) topic: Uuid,
    pub(super) author: Uuid,
    pub(super) posted_at: i64,
    pub(super) marking: String,
    pub(super) labels: Option<String>,
    pub(super) quote: Option<Uuid>,
    pub(super) body: String,
    pub(super) html: String,
    pub(super) attachments: Option<String>,
    pub(super) nonce: Option<Vec<u8>>,
    pub(super) deleted_at: Option<i64>,
    pub(super) expires_at: Option<i64>,
}

impl Whole {
    /// The message as its digest covers it.
    pub(super) fn covered(&self) -> Covered<'_> {
        let said = Said {
            id: self.id,
            topic: self.topic,
            author: self.author,
            posted_at: self.posted_at,
            marking: &self.marking,
            labels: self.labels.as_deref(),
            quote: self.quote,
            body: &self.body,
            html: &self.html,
            attachments: self.attachments.as_deref(),
        };
        let (nonce, deleted) = (self.nonce.as_deref(), self.deleted_at.is_some());
        Covered { n: self.n, channel: self.channel, changed_seq: self.changed_seq, nonce, deleted, said }
    }
}

/// What the channel said to a post that it takes.
pub(super) struct Admitted {
    pub(super) seq: i64,
    pub(super) marking: String,
    /// The hash of the change before, for the chain.
    pub(super) before: Option<Digest>,
}

/// A message about to be stored.
pub(super) struct NewRow<'a> {
    pub(super) id: Uuid,
    pub(super) channel: Uuid,
    pub(super) seq: i64,
    pub(super) topic: Uuid,
    pub(super) author: Uuid,
    pub(super) reference: Option<Uuid>,
    pub(super) body: &'a str,
    pub(super) html: &'a str,
    pub(super) marking: &'a str,
    pub(super) labels: Option<&'a str>,
    pub(super) expires_at: Option<i64>,
    pub(super) quote: Option<Uuid>,
    pub(super) mentions: Option<&'a str>,
    pub(super) attachments: Option<&'a str>,
    pub(super) posted_at: i64,
    pub(super) request: Option<&'a [u8]>,
    /// Random bytes inside its digest.
    pub(super) nonce: Nonce,
}

impl<'a> NewRow<'a> {
    /// The same, no laxer than its channel is now. What has become RED by that is erased in its time, too.
    pub(super) fn within(&self, channel: &'a str) -> Self {
        let marking = strictest(self.marking, channel);
        let expires_at = self.expires_at.or_else(|| (marking == RED).then_some(self.posted_at + RED_DAYS * DAY));
        Self { marking, expires_at, ..*self }
    }

    /// What stands for it in the chain of its channel.
    pub(super) fn digest(&self) -> Digest {
        let said = Said {
            id: self.id,
            topic: self.topic,
            author: self.author,
            posted_at: self.posted_at,
            marking: self.marking,
            labels: self.labels,
            quote: self.quote,
            body: self.body,
            html: self.html,
            attachments: self.attachments,
        };
        said.digest(&self.nonce)
    }
}

/// What a message is known by once it is stored.
pub(super) struct Placed {
    pub(super) n: i64,
    pub(super) seq: i64,
    /// As it was stored: never laxer than its channel.
    pub(super) marking: String,
    /// When it is erased (microseconds), if it is RED.
    pub(super) expires_at: Option<i64>,
}

/// Admits a post that begins a topic. `m.seq` and `m.topic` are not used.
pub(super) async fn admit(tx: &mut Tx, m: &NewRow<'_>) -> Result<Option<Admitted>> {
    let row: Option<(i64, String, Option<Vec<u8>>)> = on!(tx, c => sqlx::query_as(ADMIT)
        .bind(m.channel).bind(m.author).bind(m.reference).bind(None::<Uuid>).bind(m.quote).bind(m.id)
        .fetch_optional(c))?;
    let before = |hash: Option<Vec<u8>>| hash.and_then(|hash| hash.try_into().ok());
    Ok(row.map(|(seq, marking, hash)| Admitted { seq, marking, before: before(hash) }))
}

/// Posts to a topic that exists; `None` if it was not admitted. `m.seq` is not used.
pub(super) fn post(direct: &mut Direct<'_>, m: &NewRow<'_>) -> Result<Option<Placed>> {
    let admitted = direct.row(ADMIT, &[&m.channel, &m.author, &m.reference, &m.topic, &m.quote, &m.id], |row| {
        Ok(Admitted { seq: row.get(0)?, marking: row.get(1)?, before: row.get(2)? })
    })?;
    let Some(Admitted { seq, marking: channels, before }) = admitted else { return Ok(None) };
    let m = m.within(&channels);
    let marking = m.marking;
    let digest = m.digest();
    let change = Change { kind: Kind::Post, id: m.id, digest: &digest };
    changes::note_directly(direct, m.channel, seq, before.as_ref().map(Digest::as_slice), &change)?;
    let values: [&dyn ToSql; 17] = [
        &m.id,
        &m.channel,
        &seq,
        &m.topic,
        &m.author,
        &m.reference,
        &m.body,
        &m.html,
        &marking,
        &m.quote,
        &m.mentions,
        &m.posted_at,
        &m.request,
        &m.nonce,
        &m.labels,
        &m.expires_at,
        &m.attachments,
    ];
    let n = direct.row(INSERT, &values, |row| row.get(0))?.ok_or(Error::Malformed("message number"))?;
    topics::posted_directly(direct, m.topic, seq, m.posted_at)?;
    Ok(Some(Placed { n, seq, marking: marking.to_owned(), expires_at: m.expires_at }))
}

/// What an author has posted by a reference.
pub(super) async fn by_ref(conn: &mut impl On, author: Uuid, reference: Uuid) -> Result<Option<Earlier>> {
    Ok(on!(conn, c => sqlx::query_as(BY_REF).bind(author).bind(reference).fetch_optional(c))?)
}

pub(super) async fn insert(tx: &mut Tx, m: &NewRow<'_>) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(INSERT)
        .bind(m.id).bind(m.channel).bind(m.seq).bind(m.topic).bind(m.author).bind(m.reference).bind(m.body).bind(m.html)
        .bind(m.marking).bind(m.quote).bind(m.mentions).bind(m.posted_at).bind(m.request)
        .bind(m.nonce.as_slice()).bind(m.labels).bind(m.expires_at).bind(m.attachments)
        .fetch_one(c))?)
}

/// Replaces who is called in a message.
pub(super) async fn set_mentions(tx: &mut Tx, message: i64, accounts: &[Uuid]) -> Result<()> {
    on!(tx, c => sqlx::query(UNMENTION).bind(message).execute(c))?;
    for account in accounts {
        on!(tx, c => sqlx::query(MENTION).bind(account).bind(message).execute(c))?;
    }
    Ok(())
}

pub(super) async fn facts(conn: &mut impl On, id: Uuid) -> Result<Option<Facts>> {
    Ok(on!(conn, c => sqlx::query_as(FACTS).bind(id).fetch_optional(c))?)
}

/// What the author of a message has said around it, within so many microseconds.
pub(super) async fn around(conn: &mut impl On, n: i64, within: i64) -> Result<Around> {
    let rows: Vec<(bool, String)> = on!(conn, c => sqlx::query_as(AROUND).bind(n).bind(within).fetch_all(c))?;
    let (before, after): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(earlier, _)| *earlier);
    let said = |rows: Vec<(bool, String)>| rows.into_iter().map(|(_, body)| body).collect();
    Ok(Around { before: said(before), after: said(after) })
}

/// The channel that a message is in.
pub(super) async fn place(conn: &mut impl On, id: Uuid) -> Result<Option<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(PLACE).bind(id).fetch_optional(c))?)
}

/// A message that stands, of this channel. Of another's, nothing is read: how long that takes would tell of it.
pub(super) async fn quotable(conn: &mut impl On, channel: Uuid, id: Uuid) -> Result<Option<MessageRow>> {
    let sql = format!("{SELECT} WHERE m.id = $1 AND m.channel = $2 AND m.deleted_at IS NULL");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(id).bind(channel).fetch_optional(c))?)
}

pub(super) async fn message(conn: &mut impl On, id: Uuid) -> Result<Option<MessageRow>> {
    let sql = format!("{SELECT} WHERE m.id = $1");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

/// Messages before a place, nearest first.
pub(super) async fn before(
    conn: &mut impl On,
    channel: Uuid,
    topic: Option<Uuid>,
    seq: i64,
    limit: i64,
) -> Result<Vec<MessageRow>> {
    page(conn, channel, topic, seq, limit, "m.seq < $3 ORDER BY m.seq DESC").await
}

/// Messages after a place, nearest first.
pub(super) async fn after(
    conn: &mut impl On,
    channel: Uuid,
    topic: Option<Uuid>,
    seq: i64,
    limit: i64,
) -> Result<Vec<MessageRow>> {
    page(conn, channel, topic, seq, limit, "m.seq > $3 ORDER BY m.seq").await
}

/// The number of the channel's last change, and whether something was said after a place.
pub(super) async fn edge(conn: &mut impl On, channel: Uuid, topic: Option<Uuid>, seq: i64) -> Result<(i64, bool)> {
    Ok(on!(conn, c => sqlx::query_as(EDGE).bind(channel).bind(topic).bind(seq).fetch_one(c))?)
}

async fn page(
    conn: &mut impl On,
    channel: Uuid,
    topic: Option<Uuid>,
    seq: i64,
    limit: i64,
    range: &str,
) -> Result<Vec<MessageRow>> {
    // With a topic its own index serves; `+` keeps the engine from taking the channel's and filtering.
    let place = if topic.is_some() { "+m.channel = $1 AND m.topic = $2" } else { "m.channel = $1 AND $2 IS NULL" };
    let sql = format!("{SELECT} WHERE {place} AND {range} LIMIT $4");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(channel).bind(topic).bind(seq).bind(limit).fetch_all(c))?)
}

/// Messages whose last change is in a range, ascending by it.
pub(super) async fn changed(conn: &mut impl On, channel: Uuid, after: i64, upto: i64) -> Result<Vec<MessageRow>> {
    let sql = format!("{SELECT} WHERE m.channel = $1 AND m.changed_seq > $2 AND m.changed_seq <= $3 ORDER BY m.changed_seq");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(channel).bind(after).bind(upto).fetch_all(c))?)
}

/// The pinned messages of a channel, last pinned first.
pub(super) async fn pinned(conn: &mut impl On, channel: Uuid) -> Result<Vec<MessageRow>> {
    let sql = format!("{SELECT} WHERE m.channel = $1 AND m.pinned_at IS NOT NULL ORDER BY m.pinned_at DESC LIMIT 50");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(channel).fetch_all(c))?)
}

pub(super) async fn pins(conn: &mut impl On, channel: Uuid) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(PINS).bind(channel).fetch_one(c))?)
}

pub(super) async fn revise(tx: &mut Tx, message: i64, at: i64, body: &str, html: &str) -> Result<()> {
    on!(tx, c => sqlx::query(REVISE).bind(message).bind(at).bind(body).bind(html).execute(c))?;
    Ok(())
}

/// Time, body and HTML of the earlier wordings, oldest first.
pub(super) async fn revisions(conn: &mut impl On, message: i64) -> Result<Vec<(i64, String, String)>> {
    Ok(on!(conn, c => sqlx::query_as(REVISIONS).bind(message).fetch_all(c))?)
}

/// What an edited message says from now on.
pub(super) struct Edited<'a> {
    pub(super) body: &'a str,
    pub(super) html: &'a str,
    pub(super) mentions: Option<&'a str>,
    pub(super) at: Option<i64>,
    pub(super) nonce: Nonce,
    pub(super) labels: Option<&'a str>,
}

pub(super) async fn edit(tx: &mut Tx, n: i64, e: &Edited<'_>, seq: i64) -> Result<()> {
    on!(tx, c => sqlx::query(EDIT)
        .bind(n).bind(e.body).bind(e.html).bind(e.mentions).bind(e.at).bind(seq).bind(e.nonce.as_slice()).bind(e.labels)
        .execute(c))?;
    Ok(())
}

pub(super) async fn set_nonce(tx: &mut Tx, n: i64, nonce: &Nonce) -> Result<()> {
    on!(tx, c => sqlx::query(SET_NONCE).bind(n).bind(nonce.as_slice()).execute(c))?;
    Ok(())
}

/// Leaves the tombstone: no body, no wording, no words that somebody has acknowledged, nobody called.
pub(super) async fn delete(tx: &mut Tx, n: i64, at: i64, by: Option<Uuid>, seq: i64) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET_REVISIONS).bind(n).execute(c))?;
    on!(tx, c => sqlx::query(FORGET_ACKNOWLEDGED).bind(n).execute(c))?;
    on!(tx, c => sqlx::query(UNMENTION).bind(n).execute(c))?;
    on!(tx, c => sqlx::query(DELETE).bind(n).bind(at).bind(by).bind(seq).execute(c))?;
    Ok(())
}

/// Gives a message other labels beside its marking.
pub(super) async fn label(tx: &mut Tx, n: i64, labels: Option<&str>, seq: i64) -> Result<()> {
    on!(tx, c => sqlx::query(LABEL).bind(n).bind(labels).bind(seq).execute(c))?;
    Ok(())
}

/// Gives a message another marking, and an end if it is RED.
pub(super) async fn mark(tx: &mut Tx, n: i64, marking: &str, expires_at: Option<i64>, seq: i64) -> Result<()> {
    on!(tx, c => sqlx::query(MARK).bind(n).bind(marking).bind(expires_at).bind(seq).execute(c))?;
    Ok(())
}

/// The next messages whose time has come.
pub(super) async fn expired(conn: &mut impl On, at: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(EXPIRED).bind(at).fetch_all(c))?)
}

/// Something that was erased.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Erased {
    /// A message, or the topic whose title it was.
    pub(super) id: Uuid,
    /// When (microseconds).
    pub(super) at: i64,
    /// Why the message was taken back, if it was.
    pub(super) reason: Option<String>,
    /// `title` of a topic, `file`, `case` for a case room, `card` for a file card or a comparison of values; empty: a message.
    pub(super) kind: String,
}

/// What was erased after a time (microseconds), oldest first: so many, and whatever else at the moment of the last.
pub(super) async fn erased(conn: &mut impl On, after: i64, limit: i64) -> Result<Vec<Erased>> {
    Ok(on!(conn, c => sqlx::query_as(ERASED).bind(after).bind(limit - 1).fetch_all(c))?)
}

/// Notes that a case room was erased: where a backup has brought it back, it goes before anybody is let in. `false` if that is
/// known.
pub(super) async fn case_gone(tx: &mut Tx, id: Uuid, at: i64) -> Result<bool> {
    note_gone(tx, CASE_GONE, id, at).await
}

/// The same of a file card, or of a comparison of values.
pub(super) async fn card_gone(tx: &mut Tx, id: Uuid, at: i64) -> Result<bool> {
    note_gone(tx, CARD_GONE, id, at).await
}

async fn note_gone(tx: &mut Tx, sql: &'static str, id: Uuid, at: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(sql).bind(id).bind(at).execute(c))?.rows_affected() == 1)
}

/// Gives a message an end (microseconds), or none.
pub(super) async fn set_expiry(tx: &mut Tx, n: i64, expires_at: Option<i64>, seq: i64) -> Result<()> {
    on!(tx, c => sqlx::query(SET_EXPIRY).bind(n).bind(expires_at).bind(seq).execute(c))?;
    Ok(())
}

/// What still stands in a channel after a place and was posted up to a time, with its places, in their order.
pub(super) async fn past(conn: &mut impl On, channel: Uuid, after: i64, until: i64, limit: i64) -> Result<Vec<(Uuid, i64)>> {
    Ok(on!(conn, c => sqlx::query_as(PAST).bind(channel).bind(after).bind(until).bind(limit).fetch_all(c))?)
}

/// The number of the message that began a topic.
pub(super) async fn began(conn: &mut impl On, topic: Uuid) -> Result<Option<i64>> {
    Ok(on!(conn, c => sqlx::query_scalar(BEGAN).bind(topic).fetch_optional(c))?)
}

/// Whether a message of a topic still stands.
pub(super) async fn stands(conn: &mut impl On, topic: Uuid) -> Result<bool> {
    let found: Option<i64> = on!(conn, c => sqlx::query_scalar(STANDS).bind(topic).fetch_optional(c))?;
    Ok(found.is_some())
}

/// Topics of a channel that have a title and no message any more, where the last one was posted up to a time.
pub(super) async fn bare(conn: &mut impl On, channel: Uuid, until: i64, limit: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(BARE).bind(channel).bind(until).bind(limit).fetch_all(c))?)
}

/// How far the journal of erasures is written, as [`set_agreed`] has noted it.
pub(super) async fn agreed(conn: &mut impl On) -> Result<Option<String>> {
    setting(conn, JOURNALLED).await
}

pub(super) async fn set_agreed(tx: &mut Tx, agreed: &str) -> Result<()> {
    set_setting(tx, JOURNALLED, agreed).await
}

pub(super) async fn react(tx: &mut Tx, n: i64, reactions: Option<&str>, seq: i64) -> Result<()> {
    on!(tx, c => sqlx::query(REACT).bind(n).bind(reactions).bind(seq).execute(c))?;
    Ok(())
}

pub(super) async fn pin(tx: &mut Tx, n: i64, at: Option<i64>, by: Uuid, seq: i64) -> Result<()> {
    on!(tx, c => sqlx::query(PIN).bind(n).bind(at).bind(at.map(|_| by)).bind(seq).execute(c))?;
    Ok(())
}

/// A topic's messages in order.
pub(super) async fn of_topic(conn: &mut impl On, topic: Uuid, limit: i64) -> Result<Vec<Whole>> {
    Ok(on!(conn, c => sqlx::query_as(OF_TOPIC).bind(topic).bind(limit).fetch_all(c))?)
}

/// Messages of a channel after a place.
pub(super) async fn said(conn: &mut impl On, channel: Uuid, after: i64, limit: i64) -> Result<Vec<Whole>> {
    Ok(on!(conn, c => sqlx::query_as(SAID).bind(channel).bind(after).bind(limit).fetch_all(c))?)
}

/// The wording of a message, unless it was deleted.
pub(super) async fn wording(conn: &mut impl On, id: Uuid) -> Result<Option<Wording>> {
    Ok(on!(conn, c => sqlx::query_as(WORDING).bind(id).fetch_optional(c))?)
}

/// Whether there is such a message in any channel.
pub(super) async fn exists(conn: &mut impl On, id: Uuid) -> Result<bool> {
    let found: Option<i64> = on!(conn, c => sqlx::query_scalar(EXISTS).bind(id).fetch_optional(c))?;
    Ok(found.is_some())
}

pub(super) async fn relocate(tx: &mut Tx, n: i64, channel: Uuid, seq: i64, marking: &str, ends: Option<i64>) -> Result<()> {
    on!(tx, c => sqlx::query(MOVE).bind(n).bind(channel).bind(seq).bind(marking).bind(ends).execute(c))?;
    on!(tx, c => sqlx::query(MOVE_MENTIONS).bind(n).bind(channel).bind(seq).execute(c))?;
    Ok(())
}
