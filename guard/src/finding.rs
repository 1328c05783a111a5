//! What the guard says of a text. A finding says where something stands and never what: values reach no log through it.

use std::fmt;
use std::ops::Range;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Unique master citizen number of the Yugoslav successor states.
    Jmbg,
    /// Croatian personal identification number.
    Oib,
    /// Romanian personal numeric code.
    Cnp,
    /// Bulgarian uniform civil number.
    Egn,
    /// Bulgarian personal number of a foreigner.
    Lnch,
    /// Moldovan identification number.
    Idnp,
    /// Greek social security number.
    Amka,
    /// Greek tax number.
    Afm,
    /// Greek personal number of 2025.
    GrPa,
    /// Greek identity card of the old kind.
    GrAdt,
    /// Albanian identity number.
    AlNid,
    /// Kosovo* personal number.
    XkPn,
    /// Bank account number.
    Iban,
    /// Second line of a passport's machine-readable zone.
    MrzTd3,
    /// First two lines of an identity card's machine-readable zone.
    MrzTd1,
    /// Payment card number.
    Pan,
    /// E-mail address.
    Email,
    /// Telephone number.
    Phone,
    /// Vehicle registration plate.
    Plate,
    /// A place on the map, to some metres.
    Coordinates,
    /// A date of birth.
    Birth,
    /// Somebody's name, by what stands beside it.
    Name,
    /// An age that stands with a place and an origin.
    Age,
    /// A town that stands with an age and an origin.
    Place,
    /// A mark of classified information.
    Classified,
    /// A word that the field advises against.
    Term,
}

/// Every kind with its stable name, in order.
const NAMES: [(Kind, &str); 26] = [
    (Kind::Jmbg, "jmbg"),
    (Kind::Oib, "oib"),
    (Kind::Cnp, "cnp"),
    (Kind::Egn, "egn"),
    (Kind::Lnch, "lnch"),
    (Kind::Idnp, "idnp"),
    (Kind::Amka, "amka"),
    (Kind::Afm, "afm"),
    (Kind::GrPa, "gr_pa"),
    (Kind::GrAdt, "gr_adt"),
    (Kind::AlNid, "al_nid"),
    (Kind::XkPn, "xk_pn"),
    (Kind::Iban, "iban"),
    (Kind::MrzTd3, "mrz_td3"),
    (Kind::MrzTd1, "mrz_td1"),
    (Kind::Pan, "pan"),
    (Kind::Email, "email"),
    (Kind::Phone, "phone"),
    (Kind::Plate, "plate"),
    (Kind::Coordinates, "coordinates"),
    (Kind::Birth, "birth"),
    (Kind::Name, "name"),
    (Kind::Age, "age"),
    (Kind::Place, "place"),
    (Kind::Classified, "classified"),
    (Kind::Term, "term"),
];

impl Kind {
    /// Its stable name, as in `national-ids.tsv` where it stands there.
    pub fn name(self) -> &'static str {
        NAMES[self as usize].1
    }

    /// The kind of that name; `None` if there is none. The plates of all countries (`plate_al`, …) are one kind.
    pub fn named(name: &str) -> Option<Self> {
        let name = if name.starts_with("plate_") { "plate" } else { name };
        NAMES.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }

    /// Every kind, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(kind, _)| *kind)
    }
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A better word is offered.
    Suggest,
    /// The author is asked.
    Warn,
    /// The message isn't published.
    Block,
}

impl Severity {
    /// Its stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Suggest => "suggest",
            Self::Warn => "warn",
            Self::Block => "block",
        }
    }
}

/// The codes of the eleven countries, in order.
const CODES: [&str; 11] = ["AL", "BA", "BG", "GR", "HR", "MD", "ME", "MK", "RO", "RS", "XK"];

/// Countries whose number or town it may be; empty where that says nothing.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Countries(u16);

impl Countries {
    /// The country of this code; none if it isn't one of the region.
    pub fn of(code: &str) -> Self {
        Self(CODES.iter().position(|known| *known == code).map_or(0, |at| 1 << at))
    }

    /// Their codes, in order.
    pub fn codes(self) -> impl Iterator<Item = &'static str> {
        CODES.iter().enumerate().filter(move |(at, _)| self.0 >> at & 1 == 1).map(|(_, code)| *code)
    }

    /// Those of both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Debug for Countries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.codes()).finish()
    }
}

/// Something found, without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// Whose it may be.
    pub countries: Countries,
    /// How much it weighs.
    pub severity: Severity,
    /// Where, in bytes of the text; both ends lie between characters.
    pub span: Range<usize>,
    /// What could be said instead: `10-13` for an age, `Q1 2009` for a date, `RS north` for a town, the key of a
    /// wording for a term. Never made of more than the finding's own words.
    pub offer: Option<String>,
}

/// Something found in messages read as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    /// What.
    pub kind: Kind,
    /// Whose it may be.
    pub countries: Countries,
    /// How much it weighs.
    pub severity: Severity,
    /// Where: the place of the message among those given, and bytes in it.
    pub parts: Vec<(usize, Range<usize>)>,
    /// As in [`Finding::offer`].
    pub offer: Option<String>,
}
