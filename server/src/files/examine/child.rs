//! The child process: it makes itself small first, and then looks.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, setrlimit};
use rustix::thread::set_no_new_privs;
use unicode_normalization::UnicodeNormalization;

use super::{Line, Refusal, office, pdf, picture, plain};
use crate::files::model::{FILE_MAX, Type, ending};

/// Address space (bytes): the program itself, and all that follows.
const SPACE: u64 = 1024 * 1024 * 1024;
/// Memory for a document (bytes): its 25 MiB, and what is made of it.
const DOCUMENT: u64 = 72 * 1024 * 1024;
/// Memory for a picture (bytes): one of 40 megapixels in colour, twice where it is turned, and what is made of it.
const PICTURE: u64 = 420 * 1024 * 1024;
/// Processor time (seconds).
const SECONDS: u64 = 2;
/// Bytes of a text at most; what stands behind is not searched for.
const TEXT_MAX: usize = 512 * 1024;

/// Bytes of the line before a file at most.
const HEAD_MAX: u64 = 4096;

/// What was found in the child's words.
type Looked = Result<(Line, Vec<u8>), Refusal>;

/// Examines what comes in, and says what it is. The child process does this and nothing else.
pub fn run() -> ExitCode {
    match confine().map_err(std::io::Error::from).and_then(|()| answer()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn answer() -> std::io::Result<()> {
    let mut input = BufReader::new(std::io::stdin().lock());
    let mut head = Vec::new();
    input.by_ref().take(HEAD_MAX).read_until(b'\n', &mut head)?;
    let head = String::from_utf8_lossy(&head).trim_end().to_owned();
    let (size, name) = head.split_once(' ').unwrap_or(("0", ""));
    let size = size.parse::<usize>().map_err(std::io::Error::other)?;
    let mut bytes = Vec::with_capacity(size.min(usize::try_from(FILE_MAX).unwrap_or(0)));
    input.take(FILE_MAX).read_to_end(&mut bytes)?;
    let (line, rest) = look(name, &bytes).unwrap_or_else(|refusal| (Line::Refused(refusal), Vec::new()));
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, &line).map_err(std::io::Error::other)?;
    out.write_all(b"\n")?;
    out.write_all(&rest)?;
    out.flush()
}

/// Gives up everything that looking at a file doesn't need. What is open, the two pipes, stays open.
fn confine() -> rustix::io::Result<()> {
    setrlimit(Resource::As, exactly(SPACE))?;
    setrlimit(Resource::Data, exactly(PICTURE))?;
    setrlimit(Resource::Cpu, exactly(SECONDS))?;
    // No further file and no socket, nothing written to a file, no other process, no core.
    setrlimit(Resource::Nofile, exactly(0))?;
    setrlimit(Resource::Fsize, exactly(0))?;
    setrlimit(Resource::Nproc, exactly(0))?;
    setrlimit(Resource::Core, exactly(0))?;
    set_no_new_privs(true)
}

fn exactly(value: u64) -> Rlimit {
    Rlimit { current: Some(value), maximum: Some(value) }
}

/// What a file is, by what is in it; its name only says what its owner takes it for.
fn look(name: &str, bytes: &[u8]) -> Looked {
    let kind = infer::get(bytes).map(|found| found.mime_type());
    if !matches!(kind, Some("image/jpeg" | "image/png" | "image/webp")) {
        setrlimit(Resource::Data, exactly(DOCUMENT)).map_err(|_| Refusal::FileTooComplex)?;
    }
    match kind {
        Some("image/jpeg") => picture::look(bytes, Type::Jpeg),
        Some("image/png") => picture::look(bytes, Type::Png),
        Some("image/webp") => picture::look(bytes, Type::Webp),
        Some("application/pdf") => pdf::look(bytes).map(|text| document(Type::Pdf, &text)),
        _ if bytes.starts_with(b"PK\x03\x04") => office::look(bytes).map(|(of, text)| document(of, &text)),
        // An office file that is locked with a password is one of the old kind outside.
        Some(_) if bytes.starts_with(b"\xd0\xcf\x11\xe0") && matches!(ending(name).as_deref(), Some("docx")) => {
            Err(Refusal::FileEncrypted)
        }
        Some(_) => Err(Refusal::FileTypeRefused),
        None => plain::look(name, bytes).map(|text| document(Type::Txt, &text)),
    }
}

/// A document with what stands in it, as it is searched for: ligatures undone, white space single, not too long.
fn document(of: Type, text: &str) -> (Line, Vec<u8>) {
    let mut kept = String::with_capacity(text.len().min(TEXT_MAX));
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let room = TEXT_MAX.saturating_sub(kept.len());
        let line: String = line.nfkc().filter(|c| !c.is_control()).collect();
        match line.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end < room).last() {
            Some(end) => kept.push_str(&line[..end]),
            None => break,
        }
        kept.push('\n');
    }
    (Line::Document { of, text: kept.trim_end().to_owned() }, Vec::new())
}
