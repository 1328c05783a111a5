//! What was erased, journalled outside the data folder: a backup that is restored brings words back, and what was erased
//! since is erased again before anybody is let in (safety controls, 19).
//!
//! The journal is one line of an id for each message. Storage keeps how many of them it knows of, and up to when; one that
//! was restored knows of fewer.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use uuid::Uuid;

use super::change::erase;
use super::store;
use crate::audit::{self, Act};
use crate::base::db;
use crate::context::Ctx;

/// How often it is looked for what was erased since: one step in an index.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Characters of an id and the end of its line.
const LINE: u64 = 37;
/// Ids written at a time.
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
            Ok(Some(ids)) => {
                let mut again = 0;
                for id in &ids {
                    again += u64::from(erase_again(ctx, *id).await?);
                }
                if again > 0 {
                    tracing::warn!(again, "messages that were erased after the backup was made are erased again");
                }
                let lines = agreed.lines + ids.len() as u64;
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
            let Some((_, at)) = erased.last().copied() else { return Ok(()) };
            let ids: Vec<Uuid> = erased.iter().map(|(id, _)| *id).collect();
            if let Err(error) = append(&self.file, agreed.lines, &ids) {
                self.complain(&error);
                return Ok(());
            }
            agreed = Agreed { lines: agreed.lines + ids.len() as u64, at };
            let noted: db::Result<()> =
                ctx.db.write(async move |tx| store::set_agreed(tx, &format!("{} {}", agreed.lines, agreed.at)).await).await;
            noted?;
        }
    }

    fn complain(&self, error: &io::Error) {
        tracing::warn!(file = %self.file.display(), %error, "erasures: after a restore, erased messages would come back");
    }
}

/// Erases what a restored backup has brought back; `false` if it isn't there or is erased.
async fn erase_again(ctx: &Ctx, id: Uuid) -> db::Result<bool> {
    let Some(facts) = store::facts(&mut ctx.db.read().await?, id).await? else { return Ok(false) };
    let Some(channel) = ctx.standing.channel(facts.channel).await?.filter(|_| facts.deleted_at.is_none()) else {
        return Ok(false);
    };
    let now = ctx.now();
    ctx.db
        .write(async move |tx| {
            let Some(facts) = store::facts(tx, id).await?.filter(|facts| facts.deleted_at.is_none()) else { return Ok(false) };
            erase(tx, &channel, &facts, now, None).await?;
            let (target, detail) = (format!("message:{id}"), format!("channel:{}", channel.id));
            audit::record(tx, Act { at: now, actor: None, what: "message.erase_again", target, detail }).await?;
            Ok(true)
        })
        .await
}

/// The ids after so many lines; `None` if there aren't as many.
fn named_after(file: &Path, lines: u64) -> io::Result<Option<Vec<Uuid>>> {
    let mut file = match File::open(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((lines == 0).then(Vec::new)),
        opened => opened?,
    };
    if file.metadata()?.len() < lines * LINE {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(lines * LINE))?;
    let mut rest = String::new();
    file.read_to_string(&mut rest)?;
    // The last line may have been broken off.
    Ok(Some(rest.lines().map_while(|line| line.parse().ok()).collect()))
}

/// Writes ids after so many lines, in place of a line that was broken off.
fn append(file: &Path, lines: u64, ids: &[Uuid]) -> io::Result<()> {
    let mut open = OpenOptions::new();
    open.write(true).create(true).truncate(false);
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let mut file = open.open(file)?;
    // Made longer it would hold lines that name nobody. The next start makes it anew.
    if file.metadata()?.len() < lines * LINE {
        return Err(io::Error::other("the journal was cut or taken away"));
    }
    file.set_len(lines * LINE)?;
    file.seek(SeekFrom::End(0))?;
    let mut text = Vec::new();
    for id in ids {
        writeln!(text, "{id}")?;
    }
    file.write_all(&text)?;
    file.sync_data()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::secret;

    #[test]
    fn a_line_that_was_broken_off_is_written_anew() {
        let file = std::env::temp_dir().join(format!("egida-erasures-{}", secret::token()));
        let [first, second, third] = [1, 2, 3].map(Uuid::from_u128);
        assert_eq!(named_after(&file, 0).expect("nothing yet"), Some(Vec::new()));
        assert_eq!(named_after(&file, 1).expect("nothing yet"), None);
        append(&file, 0, &[first, second]).expect("written");
        OpenOptions::new().append(true).open(&file).expect("there").write_all(b"00000000-0000").expect("broken off");
        assert_eq!(named_after(&file, 0).expect("read"), Some(vec![first, second]));
        append(&file, 2, &[third]).expect("written");
        assert_eq!(named_after(&file, 1).expect("read"), Some(vec![second, third]));
        assert_eq!(named_after(&file, 4).expect("read"), None);
        assert!(append(&file, 4, &[third]).is_err(), "nothing is written behind a gap");
        std::fs::remove_file(file).expect("removed");
    }
}
