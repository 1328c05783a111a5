//! The file of the journal. Each line has 36 characters: an id, or a note on the id before it. An id without one is that of a
//! message that was deleted; a time and a reason say when and why it was taken back; `title` makes it that of a topic whose
//! title was erased, `file` that of a file, `case` that of a case room, `card` that of a file card or of a comparison of values.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use uuid::Uuid;

use crate::base::clock;
use crate::messages::store::Erased;

/// Characters of a line and its end.
const LINE: u64 = 37;
/// Characters of a time in a note; a blank and the reason follow.
const TIME: usize = 19;
/// The note on a topic.
const TITLE: &str = "title";
/// The note on a file.
const FILE: &str = "file";
/// The note on a case room.
const CASE: &str = "case";
/// The note on a file card, and on a comparison of values.
const CARD: &str = "card";

/// Something that was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) id: Uuid,
    pub(super) what: What,
}

/// What it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A message.
    Message,
    /// A message that was taken back: when (microseconds, to the second) and why.
    TakenBack(i64, String),
    /// The title of a topic.
    Title,
    /// A file.
    File,
    /// A case room.
    Case,
    /// A file card, or a comparison of values.
    Card,
}

impl From<&Erased> for Entry {
    fn from(erased: &Erased) -> Self {
        let what = match (erased.kind.as_str(), &erased.reason) {
            (TITLE, _) => What::Title,
            (FILE, _) => What::File,
            (CASE, _) => What::Case,
            (CARD, _) => What::Card,
            (_, Some(reason)) => What::TakenBack(erased.at, reason.clone()),
            (_, None) => What::Message,
        };
        Self { id: erased.id, what }
    }
}

impl Entry {
    /// How many lines it takes.
    pub(super) fn lines(&self) -> u64 {
        if self.what == What::Message { 1 } else { 2 }
    }

    fn note(&self) -> Option<String> {
        match &self.what {
            What::Message => None,
            What::TakenBack(at, reason) => Some(format!("{} {reason}", clock::to_the_second(*at))),
            What::Title => Some(TITLE.to_owned()),
            What::File => Some(FILE.to_owned()),
            What::Case => Some(CASE.to_owned()),
            What::Card => Some(CARD.to_owned()),
        }
    }
}

fn noted(note: &str) -> Option<What> {
    match note.trim_end() {
        TITLE => return Some(What::Title),
        FILE => return Some(What::File),
        CASE => return Some(What::Case),
        CARD => return Some(What::Card),
        _ => {}
    }
    let (time, reason) = note.split_at_checked(TIME)?;
    Some(What::TakenBack(clock::of_the_second(time)?, reason.trim_start().to_owned()))
}

/// The entries after so many lines; `None` if there aren't as many.
pub(super) fn named_after(file: &Path, lines: u64) -> io::Result<Option<Vec<Entry>>> {
    let mut file = match File::open(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((lines == 0).then(Vec::new)),
        opened => opened?,
    };
    if file.metadata()?.len() < lines * LINE {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(lines * LINE))?;
    let mut rest = Vec::new();
    file.read_to_end(&mut rest)?;
    let mut entries: Vec<Entry> = Vec::new();
    // The last line may have been broken off: it is no whole one then.
    for line in rest.chunks_exact(usize::try_from(LINE).unwrap_or(usize::MAX)) {
        let line = std::str::from_utf8(line).unwrap_or_default().trim_end();
        match (line.parse(), noted(line), entries.last_mut()) {
            (Ok(id), ..) => entries.push(Entry { id, what: What::Message }),
            (_, Some(what), Some(last)) if last.what == What::Message => last.what = what,
            _ => break,
        }
    }
    Ok(Some(entries))
}

/// Writes entries after so many lines, in place of a line that was broken off.
pub(super) fn append(file: &Path, lines: u64, entries: &[Entry]) -> io::Result<()> {
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
    for entry in entries {
        writeln!(text, "{}", entry.id)?;
        if let Some(note) = entry.note() {
            writeln!(text, "{note:<36.36}")?;
        }
    }
    file.write_all(&text)?;
    file.sync_data()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::base::clock::SECOND;
    use crate::base::secret;

    fn file() -> PathBuf {
        std::env::temp_dir().join(format!("egida-erasures-{}", secret::token()))
    }

    fn message(n: u128) -> Entry {
        Entry { id: Uuid::from_u128(n), what: What::Message }
    }

    fn taken_back(n: u128, reason: &str) -> Entry {
        Entry { id: Uuid::from_u128(n), what: What::TakenBack(1_795_931_004 * SECOND, reason.into()) }
    }

    #[test]
    fn a_line_that_was_broken_off_is_written_anew() {
        let file = file();
        let [first, second, third] = [1, 2, 3].map(message);
        assert_eq!(named_after(&file, 0).expect("nothing yet"), Some(Vec::new()));
        assert_eq!(named_after(&file, 1).expect("nothing yet"), None);
        append(&file, 0, &[first.clone(), second.clone()]).expect("written");
        OpenOptions::new().append(true).open(&file).expect("there").write_all(b"00000000-0000").expect("broken off");
        assert_eq!(named_after(&file, 0).expect("read"), Some(vec![first, second.clone()]));
        append(&file, 2, std::slice::from_ref(&third)).expect("written");
        assert_eq!(named_after(&file, 1).expect("read"), Some(vec![second, third.clone()]));
        assert_eq!(named_after(&file, 4).expect("read"), None);
        assert!(append(&file, 4, &[third]).is_err(), "nothing is written behind a gap");
        std::fs::remove_file(file).expect("removed");
    }

    #[test]
    fn what_was_taken_back_says_when_and_why() {
        let file = file();
        let title = Entry { id: Uuid::from_u128(2), what: What::Title };
        let document = Entry { id: Uuid::from_u128(5), what: What::File };
        let room = Entry { id: Uuid::from_u128(6), what: What::Case };
        let card = Entry { id: Uuid::from_u128(7), what: What::Card };
        let all =
            vec![message(1), taken_back(1, "elsewhere_system"), title, document, room, card, taken_back(3, "unsafe"), message(4)];
        append(&file, 0, &all).expect("written");
        assert_eq!(named_after(&file, 0).expect("read"), Some(all.clone()));
        let lines: u64 = all.iter().map(Entry::lines).sum();
        assert_eq!(std::fs::metadata(&file).expect("there").len(), lines * LINE);
        let text = std::fs::read_to_string(&file).expect("text");
        assert!(text.contains("\n2026-11-29 05:43:24 elsewhere_system\n"), "{text}");
        // Broken off within a note: the id stands, and is written again with the whole of it.
        OpenOptions::new().write(true).open(&file).expect("there").set_len(3 * LINE - 5).expect("broken off");
        assert_eq!(named_after(&file, 0).expect("read"), Some(vec![message(1), message(1)]));
        append(&file, 1, &[taken_back(1, "unsafe")]).expect("written");
        assert_eq!(named_after(&file, 1).expect("read"), Some(vec![taken_back(1, "unsafe")]));
        std::fs::remove_file(file).expect("removed");
    }

    #[test]
    fn a_journal_from_before_there_were_notes_is_read_on() {
        let file = file();
        std::fs::write(&file, format!("{}\n{}\n", Uuid::from_u128(1), Uuid::from_u128(2))).expect("written");
        append(&file, 2, &[taken_back(3, "other")]).expect("written");
        assert_eq!(named_after(&file, 0).expect("read"), Some(vec![message(1), message(2), taken_back(3, "other")]));
        // What isn't ours ends it.
        OpenOptions::new().append(true).open(&file).expect("there").write_all(&[b'x'; 37]).expect("written");
        assert_eq!(named_after(&file, 3).expect("read"), Some(Vec::new()));
        std::fs::remove_file(file).expect("removed");
    }
}
