//! What the tests of the guard share: seeded dice, invented numbers that hold, disguises, and strings made to confuse.

pub(crate) mod dice;
pub(crate) mod disguise;
pub(crate) mod made_up;
pub(crate) mod strings;

use egida_guard::{Day, NATIONAL_IDS, Setting};

/// The day on which all tests take place.
pub(crate) const TODAY: Day = Day { year: 2026, month: 11, day: 28 };

/// For an open channel with a directory of one invented person.
pub(crate) fn setting() -> Setting {
    Setting::new(TODAY).allowing_emails(["ana.directory@demo.egida.example"]).allowing_phones(["+381 11 000 00 01"])
}

/// The rows of the table, each as a function from column name to cell.
pub(crate) fn rows() -> impl Iterator<Item = impl Fn(&str) -> &'static str> {
    let mut lines = NATIONAL_IDS.lines();
    let head: Vec<&str> = lines.next().expect("a head").split('\t').collect();
    lines.map(move |line| {
        let (head, cells) = (head.clone(), line.split('\t').collect::<Vec<_>>());
        move |name: &str| cells[head.iter().position(|known| *known == name).expect("a column")]
    })
}
