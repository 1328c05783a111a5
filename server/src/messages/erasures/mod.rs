//! What was erased, journalled outside the data folder: a backup that is restored brings words back, and what was erased
//! since is erased again before anybody is let in (safety controls, 19).
//!
//! The journal names each message by its id; of one that was taken back also when and why, so that a clock that the backup doesn't
//! know of begins again; and the topics whose title was erased; and files, case rooms, file cards, and comparisons of values. Storage keeps how
//! many of its lines it knows of, and up to when; one that was restored knows of fewer.

mod journal;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use uuid::Uuid;

use self::journal::{Entry, What, append, named_after};
use super::change::erase;
use super::store::{self, Facts};
use super::titles;
use crate::audit::{self, Act};
use crate::base::db;
use crate::context::Ctx;
use crate::files;
use crate::moderation;

/// How often it is looked for what was erased since: one step in an index.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Entries written at a time.
const AT_ONCE: i64 = 500;

/// The journal of a region.
#[derive(Clone, Debug)]
pub struct Erasures {
    file: PathBuf,
}

/// How far storage and the journal agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Agreed {
    lines: u64,
    /// Of the last one (microseconds).
    at: i64,
}

impl Agreed {
    fn of(text: &str) -> Option<Self> {
        let (lines, at) = text.split_once(' ')?;
        Some(Self { lines: lines.parse().ok()?, at: at.parse().ok()? })
    }

    async fn stored(ctx: &Ctx) -> db::Result<Self> {
        let text = store::agreed(&mut ctx.db.read().await?).await?;
        Ok(text.as_deref().and_then(Self::of).unwrap_or_default())
    }
}

impl Erasures {
    /// The journal in this file, or beside the data folder.
    pub fn new(file: Option<PathBuf>, folder: &Path) -> Self {
        Self { file: file.unwrap_or_else(|| db::beside(folder, "erasures")) }
    }

    /// Erases again what the journal names and storage doesn't know of; then journals what it lacks.
    ///
    /// # Errors
    /// If storage fails. A journal that can't be read or written is only complained of: a region is to be served all the
    /// same.
    pub async fn settle(&self, ctx: &Ctx) -> db::Result<()> {
        let agreed = Agreed::stored(ctx).await?;
        match named_after(&self.file, agreed.lines) {
            // There are fewer than were written: it is made anew.
            Ok(None) => self.begin_anew(ctx).await,
            Ok(Some(entries)) => {
                let mut again = 0;
                for entry in &entries {
                    again += u64::from(settle_one(ctx, entry).await?);
                }
                if again > 0 {
                    tracing::warn!(again, "what was erased after the backup was made is erased again");
                }
                let lines = agreed.lines + entries.iter().map(Entry::lines).sum::<u64>();
                self.follow(ctx, Agreed { lines, ..agreed }).await
            }
            Err(error) => {
                self.complain(&error);
                Ok(())
            }
        }
    }

    /// Journals what is erased, for as long as the server runs.
    pub async fn keep(self, ctx: Ctx) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if let Err(error) = self.look(&ctx).await {
                tracing::warn!(%error, "what was erased could not be looked for");
            }
        }
    }

    async fn look(&self, ctx: &Ctx) -> db::Result<()> {
        self.follow(ctx, Agreed::stored(ctx).await?).await
    }

    async fn begin_anew(&self, ctx: &Ctx) -> db::Result<()> {
        tracing::warn!(file = %self.file.display(), "the journal of erasures was cut or taken away: it is made anew");
        if let Err(error) = append(&self.file, 0, &[]) {
            self.complain(&error);
            return Ok(());
        }
        self.follow(ctx, Agreed::default()).await
    }

    /// Writes what was erased since, and then notes that it is written: what is written twice does no harm.
    async fn follow(&self, ctx: &Ctx, mut agreed: Agreed) -> db::Result<()> {
        loop {
            let erased = store::erased(&mut ctx.db.read().await?, agreed.at, AT_ONCE).await?;
            let Some(at) = erased.last().map(|erased| erased.at) else { return Ok(()) };
            let entries: Vec<Entry> = erased.iter().map(Entry::from).collect();
            if let Err(error) = append(&self.file, agreed.lines, &entries) {
                self.complain(&error);
                return Ok(());
            }
            agreed = Agreed { lines: agreed.lines + entries.iter().map(Entry::lines).sum::<u64>(), at };
            let noted: db::Result<()> =
                ctx.db.write(async move |tx| store::set_agreed(tx, &format!("{} {}", agreed.lines, agreed.at)).await).await;
            noted?;
        }
    }

    fn complain(&self, error: &io::Error) {
        tracing::warn!(file = %self.file.display(), %error, "erasures: after a restore, erased messages would come back");
    }
}

/// Erases what a restored backup has brought back, and begins a clock again that it has lost; `false` if nothing was to be
/// done.
async fn settle_one(ctx: &Ctx, entry: &Entry) -> db::Result<bool> {
    let id = entry.id;
    match &entry.what {
        What::Message => erase_again(ctx, id).await,
        What::TakenBack(at, reason) => {
            let erased = erase_again(ctx, id).await?;
            Ok(begin_again(ctx, id, *at, reason).await? || erased)
        }
        What::File => {
            let now = ctx.now();
            ctx.db.write(async move |tx| files::erase_again(tx, id, now).await).await
        }
        // Only noted here: the room itself, its keys and files, go when those who know it settle. So do cards and comparisons.
        What::Case => {
            let now = ctx.now();
            ctx.db.write(async move |tx| store::case_gone(tx, id, now).await).await
        }
        What::Card => {
            let now = ctx.now();
            ctx.db.write(async move |tx| store::card_gone(tx, id, now).await).await
        }
        What::Title => {
            let inner = ctx.clone();
            ctx.db.write(async move |tx| titles::erase(tx, &inner, id).await).await
        }
    }
}

async fn erase_again(ctx: &Ctx, id: Uuid) -> db::Result<bool> {
    let Some(facts) = store::facts(&mut ctx.db.read().await?, id).await? else { return Ok(false) };
    let Some(channel) = ctx.standing.channel(facts.channel).await?.filter(|_| facts.deleted_at.is_none()) else {
        return Ok(false);
    };
    let inner = ctx.clone();
    ctx.db
        .write(async move |tx| {
            let Some(facts) = store::facts(tx, id).await?.filter(|facts| facts.deleted_at.is_none()) else { return Ok(false) };
            let now = inner.now();
            erase(tx, &channel, &facts, now, None).await?;
            let (target, detail) = (format!("message:{id}"), format!("channel:{}", channel.id));
            audit::record(tx, Act { at: now, actor: None, what: "message.erase_again", target, detail }).await?;
            Ok(true)
        })
        .await
}

async fn begin_again(ctx: &Ctx, id: Uuid, at: i64, reason: &str) -> db::Result<bool> {
    let (inner, reason) = (ctx.clone(), reason.to_owned());
    ctx.db
        .write(async move |tx| {
            let facts = store::facts(tx, id).await?;
            if let Some(facts) = &facts {
                titles::erase_begun(tx, &inner, facts).await?;
            }
            let taken = facts.as_ref().map(Facts::taken);
            moderation::begin_breach_again(tx, &inner, id, taken.as_ref(), &reason, at).await
        })
        .await
}
