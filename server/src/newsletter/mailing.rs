//! Sending released issues to those who have subscribed.
//!
//! The queue is in the database, and a mail leaves it once the mail server has taken it or refused it for good. What was under way
//! when the server was killed is sent again: **at least once**, at most one mail twice, for one is sent at a time; and by the
//! same `Message-ID`, by which a mailbox may know it. Nobody is missed.

use std::collections::HashSet;
use std::time::Duration;

use uuid::Uuid;

use super::desk::Post;
use super::edition::Edition;
use super::page::{self, Shown};
use super::store::{self, Due};
use crate::base::clock::{HOUR, MINUTE};
use crate::base::db::Result;
use crate::base::mail::{Mail, Mailer, NotSent};
use crate::base::secret;
use crate::context::Ctx;

/// How often is looked for what is due, when nobody says that there is something.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long after a first failure a mail is tried again; twice as long after each further one.
const AGAIN_AFTER: i64 = MINUTE;
/// But no longer than this.
const AGAIN_WITHIN: i64 = 6 * HOUR;
/// A mail is tried so often: for about two days.
const ATTEMPTS: i64 = 15;

/// Sends what is due for as long as the server runs. Without a mail server nothing is.
pub async fn send(ctx: Ctx, post: Post) {
    let (Some(mailer), Some(origin)) = (post.mailer, post.origin) else { return };
    loop {
        match send_next(&ctx, &mailer, &origin).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the newsletter could not be sent on"),
        }
        let _ = tokio::time::timeout(LOOK_EVERY, post.wake.notified()).await;
    }
}

/// Sends the mail that has been due for longest. `false` if none is.
async fn send_next(ctx: &Ctx, mailer: &Mailer, origin: &str) -> Result<bool> {
    let now = ctx.now();
    let Some(due) = store::due(&mut ctx.db.read().await?, now).await? else { return Ok(false) };
    let edition = due.content.as_deref().and_then(Edition::of);
    // Who was put out since isn't written to any more.
    let let_in = due.status == "active" && due.accredited_until.is_some_and(|until| until > now);
    let Some(edition) = edition.filter(|_| let_in && due.released_at.is_some()) else {
        end(ctx, &due, "left").await?;
        return Ok(true);
    };
    let (way_out, token_hash) = way_out(origin);
    let account = due.account;
    ctx.db.write(async move |tx| store::make_way_out(tx, &token_hash, account, now).await).await?;
    let (subject, html, text) = compose(ctx, &due, &edition, origin, &way_out).await?;
    let id = due.message.simple().to_string();
    let sent = mailer.send(&Mail { to: &due.email, subject: &subject, html, text, id, at: now, way_out: &way_out }).await;
    match sent {
        Ok(()) => end(ctx, &due, "sent").await?,
        Err(NotSent::Refused(why)) => {
            tracing::info!(why = code_of(&why), issue = due.number, "a mail server refused a newsletter for good");
            end(ctx, &due, "refused").await?;
        }
        Err(NotSent::Later(why)) => {
            tracing::info!(why = code_of(&why), issue = due.number, "a newsletter is sent later");
            put_off(ctx, &due, now).await?;
        }
    }
    Ok(true)
}

async fn compose(ctx: &Ctx, due: &Due, edition: &Edition, origin: &str, way_out: &str) -> Result<(String, String, String)> {
    let consenting: HashSet<Uuid> = store::who_consent(&mut ctx.db.read().await?).await?.into_iter().collect();
    let language = page::chosen(edition, &[&due.language]);
    let shown = Shown { edition, language, released_at: due.released_at, consenting: &consenting };
    let (html, text) = shown.mail(&format!("{origin}/news/{}/{language}", edition.number), way_out)?;
    Ok((page::title(edition, language), html, text))
}

/// A fresh way out, and what is kept of it.
fn way_out(origin: &str) -> (String, [u8; 32]) {
    let token = secret::token();
    (format!("{origin}/news/leave/{token}"), secret::hash(&token))
}

/// The first words of what a server has said, up to an address: that belongs into no log.
fn code_of(why: &str) -> String {
    why.split_whitespace().take_while(|word| !word.contains('@')).take(4).collect::<Vec<_>>().join(" ")
}

async fn end(ctx: &Ctx, due: &Due, state: &'static str) -> Result<()> {
    let (message, account, attempts, at) = (due.message, due.account, due.attempts + 1, ctx.now());
    ctx.db
        .write(async move |tx| {
            store::done(tx, message, state, attempts, at).await?;
            if state == "refused" {
                store::refused(tx, account, at).await?;
            }
            Ok(())
        })
        .await
}

async fn put_off(ctx: &Ctx, due: &Due, now: i64) -> Result<()> {
    let (message, attempts) = (due.message, due.attempts + 1);
    if attempts >= ATTEMPTS {
        return end(ctx, due, "given_up").await;
    }
    let due_at = now + wait(attempts);
    ctx.db.write(async move |tx| store::later(tx, message, attempts, due_at).await).await
}

/// How long is waited after so many failures.
fn wait(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts - 1).unwrap_or_default().min(20);
    (AGAIN_AFTER << doublings).min(AGAIN_WITHIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_tried_again_ever_more_slowly_for_about_two_days() {
        assert_eq!((wait(1), wait(2), wait(3)), (MINUTE, 2 * MINUTE, 4 * MINUTE));
        assert_eq!((wait(10), wait(100)), (AGAIN_WITHIN, AGAIN_WITHIN));
        let all: i64 = (1..ATTEMPTS).map(wait).sum();
        assert!((36..=60).contains(&(all / HOUR)), "{} hours", all / HOUR);
    }

    #[test]
    fn no_address_comes_into_the_log() {
        assert_eq!(code_of("refused: 550 ana@office.example is unknown"), "refused: 550");
        assert_eq!(code_of("permanent error (550): 5.1.1 <ana@x.example> no"), "permanent error (550): 5.1.1");
        assert_eq!(code_of("Connection refused"), "Connection refused");
    }
}
