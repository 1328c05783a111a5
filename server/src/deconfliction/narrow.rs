//! Which cards would single out one case. How narrow a combination of facets is, is added up from how rare each of them is; it is
//! never looked up among the cards that are there, since an answer that depends on sealed cards would tell of them. Pure.
//!
//! Two sums are bounded: what any card says of **who** it is about, and **all that others see** of one that is shown. A facet
//! of a shown card can be kept back instead of being made wider: it is then compared and shown to nobody. How people were
//! recruited and controlled, money and online traces are never shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facets::{AGES, CORRIDORS, EXPLOITATION, Facets, ROUTE, Shares, UNSAID, VICTIMS, places};

/// Bits that each of the two sums may have: a combination that fewer than one file in 180 meets is refused. In a generated set of
/// 50,000 files no card that passes singles out one (`tests.rs`).
const BITS_MAX: f32 = 7.5;
/// Quarters over which files are spread, and how long a file's own period is beyond its first quarter, on the average.
const SPREAD: f32 = 16.0;
const OWN_LENGTH: f32 = 2.0;

/// A facet that others may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CardFacet)]
pub(super) enum Facet {
    Victims,
    Corridor,
    Transit,
    Ages,
    Children,
    Period,
    Exploitation,
    Destination,
    Origin,
}

impl Facet {
    /// All of them; what helps least to find the other file comes first, because it is best given up.
    pub(super) const ALL: [Self; 9] = [
        Self::Victims,
        Self::Corridor,
        Self::Transit,
        Self::Ages,
        Self::Children,
        Self::Period,
        Self::Exploitation,
        Self::Destination,
        Self::Origin,
    ];

    /// Whether it says something of the people a file is about.
    fn is_of_people(self) -> bool {
        matches!(self, Self::Victims | Self::Ages | Self::Children | Self::Period | Self::Origin)
    }

    /// The word in JSON.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Victims => "victims",
            Self::Corridor => "corridor",
            Self::Transit => "transit",
            Self::Ages => "ages",
            Self::Children => "children",
            Self::Period => "period",
            Self::Exploitation => "exploitation",
            Self::Destination => "destination",
            Self::Origin => "origin",
        }
    }
}

/// What is too narrow, the best to give up first: of these, one is to be made wider, or kept back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Narrow {
    /// Facets of which any makes the card wider.
    pub(super) widen: Vec<Facet>,
    /// Facets of a shown card that can be compared without being shown.
    pub(super) keep_back: Vec<Facet>,
}

/// Why a card is refused; `None` if it may be kept. `kept_back` are the facets of a shown card that others don't see; of a sealed
/// one they see none.
pub(super) fn too_narrow(card: &Facets, sealed: bool, kept_back: &[Facet]) -> Option<Narrow> {
    let people = bits(card, Facet::is_of_people) > BITS_MAX;
    let seen = |facet: Facet| !sealed && !kept_back.contains(&facet);
    let shown = bits(card, seen) > BITS_MAX;
    let counts = |facet: Facet| people && facet.is_of_people() || shown && seen(facet);
    let helps = |facet: &Facet| counts(*facet) && widened(card, *facet) != *card;
    let widen = Facet::ALL.into_iter().filter(helps).collect();
    let keep_back =
        Facet::ALL.into_iter().filter(|facet| !people && shown && seen(*facet) && measure(card, *facet) > 0.0).collect();
    (people || shown).then_some(Narrow { widen, keep_back })
}

/// How narrow the card is in these facets.
fn bits(card: &Facets, among: impl Fn(Facet) -> bool) -> f32 {
    Facet::ALL.into_iter().filter(|facet| among(*facet)).map(|facet| measure(card, facet)).sum()
}

/// How narrow one facet is, in bits: what nobody said is as wide as can be. Of several codes all are true; of several ages any.
fn measure(card: &Facets, facet: Facet) -> f32 {
    let length = f32::from(card.to.saturating_sub(card.from)) + 1.0;
    match facet {
        Facet::Exploitation => all_of(EXPLOITATION, card.exploitation),
        Facet::Origin => all_of(ROUTE, card.origin),
        Facet::Transit => all_of(ROUTE, card.transit),
        Facet::Destination => all_of(ROUTE, card.destination),
        Facet::Corridor => all_of(CORRIDORS, card.corridor),
        Facet::Period => (SPREAD / (length + OWN_LENGTH)).log2().max(0.0),
        Facet::Victims if card.victims == UNSAID => 0.0,
        Facet::Victims => -share(VICTIMS, usize::from(card.victims)).log2(),
        Facet::Children if card.children == UNSAID => 0.0,
        Facet::Children => 1.0,
        Facet::Ages if card.ages == 0 => 0.0,
        Facet::Ages => -places(card.ages).map(|at| share(AGES, at)).sum::<f32>().min(1.0).log2(),
    }
}

/// The same card with one facet made wider, as the page offers it: a period of whole years, of several forms of exploitation the
/// commonest, anything else unsaid.
pub(super) fn widened(card: &Facets, facet: Facet) -> Facets {
    let mut wide = *card;
    match facet {
        Facet::Exploitation => {
            let by_share = |one: &usize, other: &usize| share(EXPLOITATION, *one).total_cmp(&share(EXPLOITATION, *other));
            wide.exploitation = places(card.exploitation).max_by(by_share).map_or(0, |at| 1 << at);
        }
        Facet::Origin => wide.origin = 0,
        Facet::Transit => wide.transit = 0,
        Facet::Destination => wide.destination = 0,
        Facet::Corridor => wide.corridor = 0,
        Facet::Period => (wide.from, wide.to) = (card.from - card.from % 4, card.to - card.to % 4 + 3),
        Facet::Victims => wide.victims = UNSAID,
        // Ages are said of children.
        Facet::Children => (wide.children, wide.ages) = (UNSAID, 0),
        Facet::Ages => wide.ages = 0,
    }
    wide
}

fn share(shares: Shares, at: usize) -> f32 {
    shares.get(at).map_or(1.0, |(_, share)| f32::from(*share) / 1_000.0)
}

fn all_of(shares: Shares, bits: u32) -> f32 {
    places(bits).map(|at| -share(shares, at).log2()).sum()
}
