//! The place on another machine that keeps the signed heads: a file, such as one on a share, or a URL.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::header::CONTENT_TYPE;
use serde::Serialize;
use tokio::io::AsyncWriteExt;
use url::Url;
use utoipa::ToSchema;

use crate::base::http::{NoAnswer, Outgoing};

/// A place that takes longer than this to take a line has failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where signed heads go. Copies of it share how the last delivery went.
#[derive(Clone, Debug)]
pub struct Place {
    to: To,
    failed: Arc<Mutex<Option<Failure>>>,
}

#[derive(Clone, Debug)]
enum To {
    /// A file that lines are appended to.
    File(PathBuf),
    /// A URL that lines are posted to. By plain HTTP, too: a head holds nothing secret, and its signature shows whether it
    /// came through whole. But only a certificate shows that it came to the right place.
    Url(Url, Outgoing),
}

/// Why heads did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecordFailure)]
pub(super) enum Failure {
    /// Nothing answers there, or not in the way that it should.
    Unreachable,
    /// What answers there has no certificate that is trusted.
    Untrusted,
    /// It doesn't take them.
    Refused,
    /// It takes too long.
    Late,
    /// The file can't be written.
    Unwritable,
}

/// The same with what the log is told.
type Refusal = (Failure, String);

impl Place {
    /// A file, or a URL whose server must show a certificate of the authorities in this file (PEM), or of those that the
    /// machine trusts.
    ///
    /// # Errors
    /// One sentence that names the key.
    pub fn read(text: &str, authorities: Option<&Path>) -> Result<Self, String> {
        let to = if text.starts_with("http://") || text.starts_with("https://") {
            let url = Url::parse(text).map_err(|_| "record_head: this is no URL")?;
            if url.host_str().is_none() || !url.username().is_empty() || url.password().is_some() {
                return Err("record_head: a URL needs a host, and can't hold a password".into());
            }
            match url.scheme() {
                "https" => {
                    let outgoing = Outgoing::by_tls(authorities).map_err(|error| format!("record_authorities: {error}"))?;
                    To::Url(url, outgoing)
                }
                _ => To::Url(url, Outgoing::plain()),
            }
        } else {
            To::File(text.into())
        };
        let place = Self { to, failed: Arc::default() };
        if authorities.is_some() && place.kind() != "https" {
            return Err("record_authorities: is only for a record_head that begins with https".into());
        }
        Ok(place)
    }

    /// `file`, `http` or `https`.
    pub fn kind(&self) -> &'static str {
        match &self.to {
            To::File(_) => "file",
            To::Url(url, _) if url.scheme() == "https" => "https",
            To::Url(..) => "http",
        }
    }

    /// The file, if it is one.
    pub fn file(&self) -> Option<&Path> {
        match &self.to {
            To::File(path) => Some(path),
            To::Url(..) => None,
        }
    }

    /// Why the last delivery failed; `None` if it didn't, or if there was none.
    pub(super) fn failed(&self) -> Option<Failure> {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands lines over; they are safe there when this has gone well.
    ///
    /// # Errors
    /// One sentence. Some of the lines may have arrived all the same.
    pub(super) async fn take(&self, lines: &[String]) -> Result<(), String> {
        let taken = tokio::time::timeout(PATIENCE, self.to.take(lines)).await;
        let taken = taken.unwrap_or_else(|_| Err((Failure::Late, NoAnswer::Late.to_string())));
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = taken.as_ref().err().map(|(why, _)| *why);
        taken.map_err(|(_, sentence)| sentence)
    }
}

impl To {
    async fn take(&self, lines: &[String]) -> Result<(), Refusal> {
        match self {
            Self::File(path) => append(path, lines).await.map_err(|error| (Failure::Unwritable, error.to_string())),
            Self::Url(url, outgoing) => {
                for line in lines {
                    post(url, outgoing, line).await?;
                }
                Ok(())
            }
        }
    }
}

async fn append(path: &Path, lines: &[String]) -> std::io::Result<()> {
    let mut file = tokio::fs::OpenOptions::new().create(true).append(true).open(path).await?;
    let mut text = lines.join("\n");
    text.push('\n');
    file.write_all(text.as_bytes()).await?;
    file.flush().await?;
    file.sync_all().await
}

async fn post(url: &Url, outgoing: &Outgoing, line: &str) -> Result<(), Refusal> {
    let question = hyper::Request::post(url.as_str()).header(CONTENT_TYPE, "application/json").body(line.into());
    let question = question.map_err(|error| (Failure::Unreachable, error.to_string()))?;
    let answer = outgoing.ask_within(PATIENCE, question).await.map_err(|error| {
        let why = match error {
            NoAnswer::Untrusted(_) => Failure::Untrusted,
            NoAnswer::Late => Failure::Late,
            NoAnswer::Address(_) | NoAnswer::Unreachable(_) => Failure::Unreachable,
        };
        (why, error.to_string())
    })?;
    if answer.status().is_success() { Ok(()) } else { Err((Failure::Refused, format!("it answered {}", answer.status()))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_file_or_a_url() {
        let file = Place::read("/mnt/notary/heads.jsonl", None).expect("a file");
        assert_eq!((file.kind(), file.file()), ("file", Some(Path::new("/mnt/notary/heads.jsonl"))));
        let url = Place::read("http://notary.example:8081/heads?of=egida", None).expect("a URL");
        assert_eq!((url.kind(), url.file()), ("http", None));
        for (bad, authorities, key) in [
            ("http://", None, "record_head"),
            ("http://me:secret@notary.example/", None, "record_head"),
            ("https://me:secret@notary.example/", None, "record_head"),
            ("https://notary.example/heads", Some("/nowhere/at/all.pem"), "record_authorities"),
            ("http://notary.example/heads", Some("/nowhere/at/all.pem"), "record_authorities"),
            ("/mnt/notary/heads.jsonl", Some("/nowhere/at/all.pem"), "record_authorities"),
        ] {
            let error = Place::read(bad, authorities.map(Path::new)).expect_err(bad);
            assert!(error.starts_with(key), "{bad}: {error}");
        }
    }

    #[tokio::test]
    async fn lines_are_appended_and_a_missing_folder_is_a_failure() {
        let file = std::env::temp_dir().join(format!("egida-heads-{}", crate::base::secret::token()));
        let place = Place::read(&file.display().to_string(), None).expect("a file");
        place.take(&["one".into()]).await.expect("taken");
        place.take(&["two".into(), "three".into()]).await.expect("taken");
        assert_eq!(std::fs::read_to_string(&file).expect("a file"), "one\ntwo\nthree\n");
        std::fs::remove_file(&file).expect("removed");
        let nowhere = Place::read(&file.join("nowhere").display().to_string(), None).expect("a file");
        assert_eq!(nowhere.failed(), None);
        assert!(nowhere.take(&["one".into()]).await.is_err());
        assert_eq!(nowhere.clone().failed(), Some(Failure::Unwritable));
    }
}
