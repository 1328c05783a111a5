//! What an operator says about the service that makes vectors.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tokio::sync::Semaphore;

use super::client::ANSWER_MAX;
use super::vectors::Vectors;
use crate::access::handling::{MARKINGS, allowance, is_carried};
use crate::base::http::Elsewhere;

/// The section of the settings.
const SECTION: &str = "embeddings";
/// Queries under way to the service at a time.
const AT_ONCE: usize = 8;

/// Search by meaning, where an operator has set a service for it. Copies of it share the vectors.
#[derive(Clone)]
pub struct Meaning(Arc<Settings>);

/// See [`Meaning`].
pub struct Settings {
    pub(super) service: Elsewhere,
    /// The model that is asked, and the one that is asked about queries.
    pub(super) model: String,
    pub(super) query_model: String,
    /// The strictest marking that may leave for the service.
    pub(super) marking: &'static str,
    pub(super) free: Semaphore,
    vectors: RwLock<Vectors>,
    /// Until when no query is sent, since the last one failed (microseconds).
    rests_until: AtomicI64,
}

impl std::ops::Deref for Meaning {
    type Target = Settings;
    fn deref(&self) -> &Settings {
        &self.0
    }
}

impl std::fmt::Debug for Meaning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Meaning({} at {}, up to {})", self.model, self.service.host, self.marking)
    }
}

impl Meaning {
    /// Reads the settings below `embeddings.`; `None` without a URL.
    ///
    /// # Errors
    ///
    /// One sentence that names the key.
    pub fn read<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Result<Option<Self>, String> {
        let own = |key: &str| get(&format!("{SECTION}.{key}"));
        let Some(service) = Elsewhere::read(SECTION, &["model", "query_model", "marking"], &get)? else { return Ok(None) };
        let Some(model) = own("model") else { return Err(format!("{SECTION}.model: is missing beside {SECTION}.url")) };
        Ok(Some(Self(Arc::new(Settings {
            service: Elsewhere { outgoing: service.outgoing.clone().reading(ANSWER_MAX), ..service },
            model: model.to_owned(),
            query_model: own("query_model").unwrap_or(model).to_owned(),
            marking: allowance(SECTION, own("marking"))?,
            free: Semaphore::new(AT_ONCE),
            vectors: RwLock::default(),
            rests_until: AtomicI64::new(0),
        }))))
    }
}

impl Settings {
    pub(super) fn vectors(&self) -> RwLockReadGuard<'_, Vectors> {
        self.vectors.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn vectors_mut(&self) -> RwLockWriteGuard<'_, Vectors> {
        self.vectors.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends no query until this moment.
    pub(super) fn rest_until(&self, at: i64) {
        self.rests_until.store(at, Ordering::Relaxed);
    }

    pub(super) fn rests(&self, now: i64) -> bool {
        now < self.rests_until.load(Ordering::Relaxed)
    }

    /// The markings of what may leave.
    pub(super) fn markings(&self) -> Vec<&'static str> {
        MARKINGS.into_iter().filter(|marking| is_carried(marking, self.marking)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[(&str, &str)]) -> Result<Option<Meaning>, String> {
        Meaning::read(|name| values.iter().find(|(key, _)| *key == name).map(|(_, value)| *value))
    }

    const URL: (&str, &str) = ("embeddings.url", "http://localhost:8000");
    const HOSTS: (&str, &str) = ("embeddings.hosts", "localhost");
    const MODEL: (&str, &str) = ("embeddings.model", "small");

    #[test]
    fn it_is_off_without_an_address() {
        assert!(read(&[]).expect("nothing is wrong").is_none());
        for beside in ["hosts", "key_file", "model", "query_model", "marking", "authorities"] {
            let error = read(&[(&format!("embeddings.{beside}"), "x")]).expect_err(beside);
            assert!(error.starts_with("embeddings.url: "), "{error}");
        }
    }

    #[test]
    fn what_goes_without_saying_is_the_least() {
        let least = read(&[URL, HOSTS, MODEL]).expect("good").expect("a service");
        assert_eq!((least.model.as_str(), least.query_model.as_str(), least.markings()), ("small", "small", vec!["clear"]));
        let more = [URL, HOSTS, MODEL, ("embeddings.query_model", "small-query"), ("embeddings.marking", "GREEN")];
        let more = read(&more).expect("good").expect("a service");
        assert_eq!((more.query_model.as_str(), more.markings()), ("small-query", vec!["clear", "green"]));
        assert_eq!(format!("{more:?}"), "Meaning(small at localhost, up to green)");
    }

    #[test]
    fn mistakes_name_their_key() {
        for (key, value) in [
            ("embeddings.url", "http://vectors.example"),
            ("embeddings.hosts", "vectors.example"),
            ("embeddings.model", ""),
            ("embeddings.marking", "AMBER"),
            ("embeddings.marking", "red"),
            ("embeddings.marking", "pink"),
        ] {
            let values = [URL, HOSTS, MODEL].into_iter().filter(|(name, _)| *name != key).chain([(key, value)]);
            let values: Vec<_> = values.filter(|(_, value)| !value.is_empty()).collect();
            let error = read(&values).expect_err(value);
            assert!(error.starts_with(&format!("{key}: ")), "{key} = {value}: {error}");
        }
    }
}
