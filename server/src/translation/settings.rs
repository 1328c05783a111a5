//! What an operator says about the translation service.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::kept::Kept;
use crate::access::handling::allowance;
use crate::base::http::{Elsewhere, Outgoing};

/// The section of the settings.
const SECTION: &str = "translation";
/// The languages that are offered unless an operator names others: those of the region and of the catalogues.
const LANGUAGES: &str = "en, fr, sq, bs, hr, sr, bg, mk, ro, el";
/// Characters of the code of a language at most.
const LANGUAGE_MAX: usize = 12;
/// Questions to the service at a time.
const AT_ONCE: usize = 8;

/// The service that translates. Copies of it share what it has translated last.
#[derive(Clone)]
pub struct Service(Arc<Settings>);

/// See [`Service`].
pub struct Settings {
    /// Where it takes questions.
    pub(super) url: String,
    /// Whose it is, as readers are told.
    pub(super) host: String,
    pub(super) outgoing: Outgoing,
    pub(super) key: Option<String>,
    /// The strictest marking that may leave for it.
    pub(super) marking: &'static str,
    /// Codes of the languages that it is asked for.
    pub(super) languages: Vec<String>,
    pub(super) kept: Kept,
    pub(super) free: Semaphore,
}

impl std::ops::Deref for Service {
    type Target = Settings;
    fn deref(&self) -> &Settings {
        &self.0
    }
}

/// Without the key.
impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Service({}, up to {})", self.host, self.marking)
    }
}

impl Service {
    /// Reads the settings below `translation.`; `None` without a URL.
    ///
    /// # Errors
    ///
    /// One sentence that names the key.
    pub fn read<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Result<Option<Self>, String> {
        let own = |key: &str| get(&format!("{SECTION}.{key}"));
        let Some(service) = Elsewhere::read(SECTION, &["marking", "languages"], &get)? else { return Ok(None) };
        let Elsewhere { url, host, outgoing, key } = service;
        Ok(Some(Self(Arc::new(Settings {
            url: format!("{url}/translate"),
            host,
            outgoing,
            key,
            marking: allowance(SECTION, own("marking"))?,
            languages: languages(own("languages").unwrap_or(LANGUAGES))?,
            kept: Kept::default(),
            free: Semaphore::new(AT_ONCE),
        }))))
    }
}

fn languages(text: &str) -> Result<Vec<String>, String> {
    let named: Vec<_> = list(text).map(ToOwned::to_owned).collect();
    match named.iter().find(|code| !is_language(code)) {
        Some(wrong) => Err(format!("translation.languages: {wrong} is not the code of a language")),
        None if named.is_empty() => Err("translation.languages: names none".into()),
        None => Ok(named),
    }
}

/// Whether this looks like the code of a language.
pub(super) fn is_language(code: &str) -> bool {
    code.len() <= LANGUAGE_MAX
        && code.len() >= 2
        && code.starts_with(|c: char| c.is_ascii_lowercase())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[(&str, &str)]) -> Result<Option<Service>, String> {
        Service::read(|name| values.iter().find(|(key, _)| *key == name).map(|(_, value)| *value))
    }

    const URL: (&str, &str) = ("translation.url", "http://localhost:5000/");
    const HOSTS: (&str, &str) = ("translation.hosts", "translate.example, Localhost");

    #[test]
    fn it_is_off_without_an_address() {
        assert!(read(&[]).expect("nothing is wrong").is_none());
        for beside in ["hosts", "key_file", "marking", "languages", "authorities"] {
            let error = read(&[(&format!("translation.{beside}"), "x")]).expect_err(beside);
            assert!(error.starts_with("translation.url: "), "{error}");
        }
    }

    #[test]
    fn what_goes_without_saying_is_the_least() {
        let service = read(&[URL, HOSTS]).expect("good").expect("a service");
        assert_eq!((service.url.as_str(), service.host.as_str()), ("http://localhost:5000/translate", "localhost"));
        assert_eq!((service.marking, service.languages.len(), service.key.is_none()), ("clear", 10, true));
        let below = read(&[("translation.url", "http://localhost/api/v1"), HOSTS, ("translation.marking", "GREEN")]);
        let below = below.expect("good").expect("a service");
        assert_eq!((below.url.as_str(), below.marking), ("http://localhost/api/v1/translate", "green"));
    }

    #[test]
    fn mistakes_name_their_key() {
        for (key, value) in [
            ("translation.url", "localhost"),
            ("translation.url", "http://translate.example/"),
            ("translation.url", "ftp://localhost/"),
            ("translation.url", "http://me:secret@localhost/"),
            ("translation.url", "http://localhost/?key=secret"),
            ("translation.hosts", "translate.example"),
            ("translation.hosts", "localhost.example"),
            ("translation.hosts", " , "),
            ("translation.key_file", "/nowhere/at/all"),
            ("translation.key_file", "/dev/null"),
            ("translation.marking", "amber"),
            ("translation.marking", "amber+strict"),
            ("translation.marking", "RED"),
            ("translation.marking", "pink"),
            ("translation.languages", "en, English please"),
            ("translation.languages", ","),
            ("translation.authorities", "/nowhere/at/all.pem"),
        ] {
            let values: Vec<_> = [URL, HOSTS].into_iter().filter(|(name, _)| *name != key).chain([(key, value)]).collect();
            let error = read(&values).expect_err(value);
            assert!(error.starts_with(key) && !error.contains("secret"), "{key} = {value}: {error}");
        }
    }

    #[test]
    fn its_key_is_not_shown() {
        let file = std::env::temp_dir().join(format!("egida-translation-{}", crate::base::secret::token()));
        std::fs::write(&file, " hush \n").expect("written");
        let service =
            read(&[URL, HOSTS, ("translation.key_file", &file.display().to_string())]).expect("good").expect("a service");
        std::fs::remove_file(file).expect("removed");
        assert_eq!(service.key.as_deref(), Some("hush"));
        assert_eq!(format!("{service:?}"), "Service(localhost, up to clear)");
    }
}
