//! The last translations, in memory alone: forgotten after an hour, when their message changes, and when it goes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use super::model::Translation;
use super::settings::Service;
use crate::base::clock::HOUR;
use crate::base::db;
use crate::context::Ctx;
use crate::messages::{self, Wording};

/// Translations kept at most.
const KEPT_MAX: usize = 256;
/// How often it is looked whether their messages still stand as they did.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// A translation, and of what.
struct Entry {
    message: Uuid,
    wording: Wording,
    /// When it was made (microseconds).
    at: i64,
    made: Arc<Translation>,
}

/// See the module.
#[derive(Default)]
pub(super) struct Kept(Mutex<VecDeque<Entry>>);

impl Kept {
    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The translation of this wording of a message, if it is there.
    pub(super) fn find(&self, message: Uuid, wording: &Wording, to: &str) -> Option<Arc<Translation>> {
        let entries = self.entries();
        let same = |entry: &&Entry| entry.message == message && entry.wording == *wording && entry.made.to == to;
        entries.iter().find(same).map(|entry| entry.made.clone())
    }

    /// Keeps a translation, in place of the oldest if there are too many.
    pub(super) fn keep(&self, message: Uuid, wording: Wording, at: i64, made: Arc<Translation>) {
        let mut entries = self.entries();
        entries.retain(|entry| entry.message != message || (entry.wording == wording && entry.made.to != made.to));
        while entries.len() >= KEPT_MAX {
            entries.pop_front();
        }
        entries.push_back(Entry { message, wording, at, made });
    }

    /// The messages of which there is something.
    fn messages(&self) -> Vec<Uuid> {
        let mut ids: Vec<_> = self.entries().iter().map(|entry| entry.message).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Forgets what isn't of this wording of a message; all of it when the message is gone.
    fn forget_others(&self, message: Uuid, wording: Option<&Wording>) {
        self.entries().retain(|entry| entry.message != message || Some(&entry.wording) == wording);
    }

    fn forget_before(&self, at: i64) {
        self.entries().retain(|entry| entry.at >= at);
    }
}

/// Forgets what is past its time, for as long as the server runs.
pub async fn sweep(ctx: Ctx, service: Service) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if let Err(error) = look(&ctx, &service.kept).await {
            tracing::warn!(%error, "it could not be looked which translations are to be forgotten");
        }
    }
}

async fn look(ctx: &Ctx, kept: &Kept) -> db::Result<()> {
    kept.forget_before(ctx.now() - HOUR);
    let ids = kept.messages();
    if ids.is_empty() {
        return Ok(());
    }
    let mut conn = ctx.db.read().await?;
    for id in ids {
        kept.forget_others(id, messages::wording(&mut conn, id).await?.as_ref());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(to: &str) -> Arc<Translation> {
        Arc::new(Translation {
            text: "text".into(),
            from: None,
            to: to.into(),
            provider: "translate.example".into(),
            terms: Vec::new(),
            lost: 0,
        })
    }

    fn wording(at: i64) -> Wording {
        Wording { at, marking: "clear".into(), labels: None }
    }

    #[test]
    fn a_translation_is_of_one_wording_in_one_language() {
        let (kept, id) = (Kept::default(), Uuid::from_u128(1));
        kept.keep(id, wording(1), 0, made("fr"));
        kept.keep(id, wording(1), 0, made("en"));
        assert!(kept.find(id, &wording(1), "fr").is_some() && kept.find(id, &wording(1), "en").is_some());
        assert!(kept.find(id, &wording(1), "ro").is_none() && kept.find(id, &wording(2), "fr").is_none());
        assert!(kept.find(id, &Wording { marking: "green".into(), ..wording(1) }, "fr").is_none(), "marked otherwise since");
        kept.keep(id, wording(2), 0, made("fr"));
        assert!(kept.find(id, &wording(1), "en").is_none(), "what it said before is gone");
    }

    #[test]
    fn what_changed_or_went_is_forgotten() {
        let (kept, changed, gone) = (Kept::default(), Uuid::from_u128(1), Uuid::from_u128(2));
        kept.keep(changed, wording(1), 5, made("fr"));
        kept.keep(gone, wording(1), 5, made("fr"));
        kept.forget_others(changed, Some(&wording(1)));
        assert_eq!(kept.messages(), [changed, gone], "as it was");
        kept.forget_others(changed, Some(&wording(2)));
        kept.forget_others(gone, None);
        assert!(kept.messages().is_empty());
        kept.keep(changed, wording(2), 5, made("fr"));
        kept.forget_before(5);
        assert_eq!(kept.messages(), [changed]);
        kept.forget_before(6);
        assert!(kept.messages().is_empty());
    }

    #[test]
    fn there_are_never_too_many() {
        let kept = Kept::default();
        for n in 0..300 {
            kept.keep(Uuid::from_u128(n), wording(1), 0, made("fr"));
        }
        assert_eq!(kept.messages().len(), KEPT_MAX);
        assert!(kept.find(Uuid::from_u128(0), &wording(1), "fr").is_none());
        assert!(kept.find(Uuid::from_u128(299), &wording(1), "fr").is_some());
    }
}
