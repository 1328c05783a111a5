//! The child process: it makes itself small first, and then looks.

use std::io::{Read, Write};
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, setrlimit};
use rustix::thread::set_no_new_privs;
use unicode_normalization::UnicodeNormalization;

use super::{Line, Refusal, office, pdf, picture, plain};
use crate::files::model::{FILE_MAX, Type, ending};

/// Address space (bytes): the program itself, 25 MiB of a file, and a picture of 40 megapixels twice, as it is turned.
const MEMORY: u64 = 512 * 1024 * 1024;
/// Processor time (seconds).
const SECONDS: u64 = 2;
/// Bytes of a text at most; what stands behind is not searched for.
const TEXT_MAX: usize = 512 * 1024;

/// What was found in the child's words.
type Looked = Result<(Line, Vec<u8>), Refusal>;

/// Examines what comes in, and says what it is. The child process does this and nothing else.
pub fn run() -> ExitCode {
    if confine().is_err() {
        return ExitCode::FAILURE;
    }
    let (mut input, mut out) = (Vec::new(), std::io::stdout().lock());
    if std::io::stdin().lock().take(FILE_MAX + 4096).read_to_end(&mut input).is_err() {
        return ExitCode::FAILURE;
    }
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let name = String::from_utf8_lossy(&input[..end]).into_owned();
    let bytes = input.get(end + 1..).unwrap_or_default();
    let (line, rest) = look(&name, bytes).unwrap_or_else(|refusal| (Line::Refused(refusal), Vec::new()));
    let written = serde_json::to_writer(&mut out, &line).map_err(std::io::Error::other);
    match written.and_then(|()| out.write_all(b"\n")).and_then(|()| out.write_all(&rest)).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Gives up everything that looking at a file doesn't need. What is open, the two pipes, stays open.
fn confine() -> rustix::io::Result<()> {
    let exactly = |value: u64| Rlimit { current: Some(value), maximum: Some(value) };
    setrlimit(Resource::As, exactly(MEMORY))?;
    setrlimit(Resource::Cpu, exactly(SECONDS))?;
    // No further file and no socket, nothing written to a file, no other process, no core.
    setrlimit(Resource::Nofile, exactly(0))?;
    setrlimit(Resource::Fsize, exactly(0))?;
    setrlimit(Resource::Nproc, exactly(0))?;
    setrlimit(Resource::Core, exactly(0))?;
    set_no_new_privs(true)
}

/// What a file is, by what is in it; its name only says what its owner takes it for.
fn look(name: &str, bytes: &[u8]) -> Looked {
    match infer::get(bytes).map(|found| found.mime_type()) {
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
