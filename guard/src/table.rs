//! `national-ids.tsv`: which identifiers there are, what happens to them, and the words that announce them.

use std::sync::LazyLock;

use crate::finding::{Countries, Kind, Severity};
use crate::setting::Room;

/// The table, as it is shared with everybody who works on the guard.
pub const NATIONAL_IDS: &str = include_str!("../data/national-ids.tsv");

/// What happens to an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    Block,
    BlockWithContext,
    Warn,
    WarnWithContext,
}

/// A row of the table.
pub(crate) struct Row {
    pub kind: Kind,
    pub countries: Countries,
    /// The rule of its shape; for plates a regular expression.
    pub shape: &'static str,
    pub context: &'static str,
    open: Policy,
    case: Policy,
}

pub(crate) static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| rows().collect());

impl Policy {
    fn read(text: &str) -> Self {
        match text {
            "block with context word, else warn" => Self::BlockWithContext,
            "warn with context word" => Self::WarnWithContext,
            // "block" and "block on shape alone".
            text if text.starts_with("block") => Self::Block,
            // "warn" and "warn unless in the directory".
            _ => Self::Warn,
        }
    }

    /// What it says, if a context word is near or isn't.
    pub(crate) fn severity(self, context: bool) -> Option<Severity> {
        match self {
            Self::Block => Some(Severity::Block),
            Self::BlockWithContext => Some(if context { Severity::Block } else { Severity::Warn }),
            Self::Warn => Some(Severity::Warn),
            Self::WarnWithContext => context.then_some(Severity::Warn),
        }
    }
}

/// What happens to a kind in a room. All rows of a kind say the same.
pub(crate) fn policy(kind: Kind, room: Room) -> Policy {
    static POLICIES: LazyLock<Vec<[Policy; 2]>> = LazyLock::new(|| {
        let of = |kind| ROWS.iter().find(|row| row.kind == kind).map_or([Policy::Warn; 2], |row| [row.open, row.case]);
        Kind::all().map(of).collect()
    });
    POLICIES[kind as usize][usize::from(room == Room::Case)]
}

/// The countries that have an identifier of this kind.
pub(crate) fn countries(kind: Kind) -> Countries {
    static COUNTRIES: LazyLock<Vec<Countries>> = LazyLock::new(|| {
        let of = |kind| ROWS.iter().filter(|row| row.kind == kind).fold(Countries::default(), |all, row| all.with(row.countries));
        Kind::all().map(of).collect()
    });
    COUNTRIES[kind as usize]
}

fn rows() -> impl Iterator<Item = Row> {
    let mut lines = NATIONAL_IDS.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    lines.filter_map(move |line| {
        let cells: Vec<&'static str> = line.split('\t').collect();
        let cell = |name: &str| head.iter().position(|known| *known == name).and_then(|at| cells.get(at)).copied();
        Some(Row {
            kind: Kind::named(cell("id")?)?,
            countries: Countries::of(cell("country")?),
            shape: cell("shape")?,
            context: cell("context_words")?,
            open: Policy::read(cell("open_channel")?),
            case: Policy::read(cell("case_room_default")?),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table_is_read() {
        assert_eq!(ROWS.len(), 44);
        assert_eq!(NATIONAL_IDS.lines().count(), 45);
        assert_eq!(policy(Kind::Oib, Room::Open), Policy::BlockWithContext);
        assert_eq!(policy(Kind::Oib, Room::Case), Policy::Block);
        assert_eq!(policy(Kind::AlNid, Room::Open), Policy::Block);
        assert_eq!(policy(Kind::Plate, Room::Open), Policy::WarnWithContext);
        assert_eq!(countries(Kind::Plate).codes().count(), 11);
    }

    #[test]
    fn rows_of_a_kind_say_the_same() {
        for row in ROWS.iter() {
            assert_eq!((row.open, row.case), (policy(row.kind, Room::Open), policy(row.kind, Room::Case)), "{}", row.kind.name());
        }
    }
}
