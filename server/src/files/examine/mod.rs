//! Examining what somebody sent: in a process of its own, which may use little memory and time, opens nothing and is asked
//! nothing else. What kills it kills nothing of the server, and is refused.
//!
//! The child is this very program with the word [`COMMAND`]. It reads a size and a name on a
//! line, and the bytes behind it, writes what it found on one line, and
//! behind it the picture that it made anew, if it was one.

mod child;
mod office;
mod pdf;
mod picture;
mod plain;
mod xml;

use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

use super::model::{FILE_MAX, Type};
use crate::base::http::Problem;
use crate::base::vault::Opening;

pub use child::run;

/// The subcommand that examines.
pub const COMMAND: &str = "examine-file";
/// A child that has not answered by then is killed. Its own limit is processor time: this is for one that does nothing.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes of an answer at most: a picture with its thumbnail, and the line before them.
const ANSWER_MAX: u64 = FILE_MAX + 4 * 1024 * 1024;

/// What a file turned out to be.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) of: Type,
    pub(super) width: Option<i64>,
    pub(super) height: Option<i64>,
    /// What stands in it.
    pub(super) text: Option<String>,
    /// The picture made anew.
    pub(super) picture: Option<Vec<u8>>,
    /// A small one of it.
    pub(super) thumbnail: Option<Vec<u8>>,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Refusal {
    /// It is none of the types that are taken.
    FileTypeRefused,
    /// It can't be read as what it says it is.
    FileBroken,
    /// It is locked with a password.
    FileEncrypted,
    /// It does something when it is opened, or brings something along that does.
    FileActive,
    /// It is much larger than it seems, or holds other archives.
    FileExpands,
    /// It has too many pixels.
    PictureTooLarge,
    /// It asks for more memory or time than it may have.
    FileTooComplex,
}

impl Refusal {
    fn problem(self) -> Problem {
        let (code, title) = match self {
            Self::FileTypeRefused => ("file_type_refused", "Files of this type are not taken"),
            Self::FileBroken => ("file_broken", "This file can't be read"),
            Self::FileEncrypted => ("file_encrypted", "This file is locked with a password"),
            Self::FileActive => ("file_active", "This file brings something along that could act"),
            Self::FileExpands => ("file_expands", "This file is much larger than it seems"),
            Self::PictureTooLarge => ("picture_too_large", "This picture has too many pixels"),
            Self::FileTooComplex => ("file_too_complex", "This file takes too much work to examine"),
        };
        Problem::unprocessable(code, title)
    }
}

/// The line that the child writes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Refused(Refusal),
    Document { of: Type, text: String },
    Picture { of: Type, width: u32, height: u32, bytes: usize, thumbnail: usize },
}

/// Examines a file in a child process.
///
/// # Errors
/// Why it is refused.
pub(super) async fn examine(opening: Opening, size: u64, name: &str) -> Result<Found, Problem> {
    let failed = |error: &dyn std::fmt::Display| Problem::internal(error);
    let program = std::env::current_exe().map_err(|error| failed(&error))?;
    let mut command = Command::new(program);
    command.arg(COMMAND).env_clear().current_dir("/").kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let child = command.spawn().map_err(|error| failed(&error))?;
    match tokio::time::timeout(PATIENCE, answer(child, opening, size, name)).await {
        Ok(Ok(answer)) => read(answer),
        Ok(Err(error)) => Err(failed(&error)),
        Err(_) => Err(Refusal::FileTooComplex.problem()),
    }
}

/// Gives the child the file and takes its answer; `None` if it was ended.
async fn answer(mut child: Child, mut opening: Opening, size: u64, name: &str) -> std::io::Result<Option<Vec<u8>>> {
    if let Some(mut stdin) = child.stdin.take() {
        let mut open = stdin.write_all(format!("{size} {name}\n").as_bytes()).await.is_ok();
        // What doesn't read to the end has refused it, or was ended.
        while let Some(chunk) = opening.next().await? {
            open = open && stdin.write_all(&chunk).await.is_ok();
            if !open {
                break;
            }
        }
    }
    let mut answer = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(ANSWER_MAX).read_to_end(&mut answer).await?;
    }
    let status = child.wait().await?;
    Ok(status.success().then_some(answer))
}

/// What the child has found.
fn read(answer: Option<Vec<u8>>) -> Result<Found, Problem> {
    let too_much = || Refusal::FileTooComplex.problem();
    let answer = answer.ok_or_else(too_much)?;
    let end = answer.iter().position(|byte| *byte == b'\n').ok_or_else(too_much)?;
    let (line, rest) = (&answer[..end], &answer[end + 1..]);
    match serde_json::from_slice(line).map_err(|error| Problem::internal(&error))? {
        Line::Refused(refusal) => Err(refusal.problem()),
        Line::Document { of, text } => {
            Ok(Found { of, width: None, height: None, text: Some(text), picture: None, thumbnail: None })
        }
        Line::Picture { of, width, height, bytes, thumbnail } => {
            let (picture, small) =
                rest.split_at_checked(bytes).filter(|(_, small)| small.len() == thumbnail).ok_or_else(too_much)?;
            if picture.len() as u64 > FILE_MAX {
                return Err(Refusal::PictureTooLarge.problem());
            }
            Ok(Found {
                of,
                width: Some(width.into()),
                height: Some(height.into()),
                text: None,
                picture: Some(picture.to_vec()),
                thumbnail: Some(small.to_vec()),
            })
        }
    }
}
