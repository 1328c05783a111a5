//! The place on another machine that keeps the signed heads: a file, such as one on a share, or a URL.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use hyper::header::CONTENT_TYPE;
use tokio::io::AsyncWriteExt;
use url::Url;

use crate::base::http::Outgoing;

/// A place that takes longer than this to take a line has failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where signed heads go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file that lines are appended to.
    File(PathBuf),
    /// A URL that lines are posted to, by plain HTTP: a head holds nothing secret, and its signature shows whether it came
    /// through whole.
    Http(Url),
}

impl FromStr for Place {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with("https://") {
            return Err("https is not spoken here; post to a relay on this machine by http, or name a file");
        }
        if !text.starts_with("http://") {
            return Ok(Self::File(text.into()));
        }
        let url = Url::parse(text).map_err(|_| "this is no URL")?;
        if url.host_str().is_none() || !url.username().is_empty() || url.password().is_some() {
            return Err("a URL needs a host, and can't hold a password");
        }
        Ok(Self::Http(url))
    }
}

impl Place {
    /// `file` or `http`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Http(_) => "http",
        }
    }

    /// Hands lines over; they are safe there when this has gone well.
    ///
    /// # Errors
    /// One sentence. Some of the lines may have arrived all the same.
    pub(super) async fn take(&self, lines: &[String]) -> Result<(), String> {
        let taken = async {
            match self {
                Self::File(path) => append(path, lines).await.map_err(|error| error.to_string()),
                Self::Http(url) => {
                    for line in lines {
                        post(url, line).await?;
                    }
                    Ok(())
                }
            }
        };
        tokio::time::timeout(PATIENCE, taken).await.unwrap_or_else(|_| Err("it takes too long".into()))
    }
}

async fn append(path: &std::path::Path, lines: &[String]) -> std::io::Result<()> {
    let mut file = tokio::fs::OpenOptions::new().create(true).append(true).open(path).await?;
    let mut text = lines.join("\n");
    text.push('\n');
    file.write_all(text.as_bytes()).await?;
    file.flush().await?;
    file.sync_all().await
}

async fn post(url: &Url, line: &str) -> Result<(), String> {
    let question = hyper::Request::post(url.as_str()).header(CONTENT_TYPE, "application/json").body(line.into());
    let question = question.map_err(|error| error.to_string())?;
    let answer = Outgoing::plain().ask_within(PATIENCE, question).await.map_err(|error| error.to_string())?;
    if answer.status().is_success() { Ok(()) } else { Err(format!("it answered {}", answer.status())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_file_or_a_url() {
        assert_eq!("/mnt/notary/heads.jsonl".parse(), Ok(Place::File("/mnt/notary/heads.jsonl".into())));
        assert!(matches!("http://notary.example:8081/heads?of=egida".parse(), Ok(Place::Http(_))));
        for bad in ["https://notary.example/heads", "http://", "http://me:secret@notary.example/"] {
            assert!(bad.parse::<Place>().is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn lines_are_appended_and_a_missing_folder_is_a_failure() {
        let file = std::env::temp_dir().join(format!("egida-heads-{}", crate::base::secret::token()));
        let place = Place::File(file.clone());
        place.take(&["one".into()]).await.expect("taken");
        place.take(&["two".into(), "three".into()]).await.expect("taken");
        assert_eq!(std::fs::read_to_string(&file).expect("a file"), "one\ntwo\nthree\n");
        std::fs::remove_file(&file).expect("removed");
        assert!(Place::File(file.join("nowhere")).take(&["one".into()]).await.is_err());
    }
}
