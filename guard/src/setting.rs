//! What a text is measured by: where it is to stand, what day it is, and which addresses are everybody's.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::phones;
use crate::signs::plain;

/// A day of the Gregorian calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Such as 2026.
    pub year: u16,
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
}

/// Where a text is to stand: each has its column of rules in `national-ids.tsv`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Room {
    /// A channel.
    #[default]
    Open,
    /// A case room.
    Case,
}

/// How a text is read.
#[derive(Clone)]
pub struct Setting {
    pub(crate) room: Room,
    pub(crate) today: Day,
    emails: HashSet<String>,
    phones: HashSet<String>,
}

/// Hotlines: numbers that are there to be passed on.
static HOTLINES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    const COUNTRIES: &str = include_str!("../../server/vocabulary/countries.tsv");
    const COLUMNS: [&str; 5] =
        ["emergency", "child_helpline", "child_helpline_operator", "trafficking_hotline", "trafficking_hotline_operator"];
    let mut lines = COUNTRIES.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let head = lines.next().unwrap_or_default();
    let places: Vec<_> = (0..head.len()).filter(|at| COLUMNS.contains(&head[*at])).collect();
    let cells = lines.flat_map(|cells| places.iter().filter_map(|at| cells.get(*at).copied()).collect::<Vec<_>>());
    cells.flat_map(phones::numbers_in).collect()
});

impl Setting {
    /// For a channel, without any addresses of a directory.
    pub fn new(today: Day) -> Self {
        Self { room: Room::Open, today, emails: HashSet::new(), phones: HashSet::new() }
    }

    /// For another kind of room.
    #[must_use]
    pub fn in_room(mut self, room: Room) -> Self {
        self.room = room;
        self
    }

    /// Lets these e-mail addresses pass: those of the directory.
    #[must_use]
    pub fn allowing_emails<'a>(mut self, emails: impl IntoIterator<Item = &'a str>) -> Self {
        self.emails.extend(emails.into_iter().map(plain));
        self
    }

    /// Lets these telephone numbers pass, in whatever way they are written: those of the directory.
    #[must_use]
    pub fn allowing_phones<'a>(mut self, numbers: impl IntoIterator<Item = &'a str>) -> Self {
        self.phones.extend(numbers.into_iter().map(|number| phones::significant(&phones::digits(number))));
        self
    }

    pub(crate) fn allows_email(&self, address: &str) -> bool {
        self.emails.contains(address)
    }

    /// `number`: as [`phones::significant`] gives it.
    pub(crate) fn allows_phone(&self, number: &str) -> bool {
        self.phones.contains(number) || HOTLINES.contains(number)
    }
}
