//! How likely two cards are about the same: the sum of what each facet says for it (Fellegi and Sunter, 1969), in bits: how
//! much more often what the two say is said of one thing than of two. A rare code that both name weighs more than a frequent
//! one; what one of them doesn't say, weighs nothing. Pure, and fast.

use super::facets::{AGES, CONTROL, CORRIDORS, EXPLOITATION, Facets, RECRUITMENT, ROUTE, Shares, UNSAID, VICTIMS, bit, places};

/// How often a description names a code that is true of what it describes: where it is plain to see, and how it was done.
const PLAIN: f32 = 0.95;
const METHOD: f32 = 0.88;
/// How often it names one that isn't, whichever it is.
const WRONG: f32 = 0.03;
/// Quarters over which files are spread.
const SPREAD: f32 = 18.0;
/// Exploitation that is of children more often than not, and the way into it that is then the commonest: of children whose
/// way in is known, nearly half were brought there by family (IOM and Polaris, Counter-Trafficking Data Collaborative, 2017).
const YOUNG: [&str; 3] = ["forced_begging", "forced_criminality", "forced_marriage"];
const FAMILY: &str = "family";
/// What these weigh less because they go together.
const YOUNG_TIE: f32 = 0.6;
const FAMILY_TIE: f32 = 1.3;
/// What a pair must reach beyond the logarithm of how many cards there are: the more there are, the more look alike by chance.
/// The value at which both kinds of mistake are about as frequent.
const MARGIN: f32 = 1.25;
/// As if there were so many cards at least: what says nearly nothing overlaps with nothing.
const CARDS_AT_LEAST: usize = 500;

/// What a pair of cards must reach among so many.
#[expect(clippy::cast_precision_loss, reason = "a count of cards is far below 2^24")]
pub(super) fn threshold(cards: usize) -> f32 {
    (cards.max(CARDS_AT_LEAST) as f32).log2() + MARGIN
}

/// What the codes of a list weigh where both cards name some.
struct Weights {
    /// For all codes together if neither card named any of them.
    neither: f32,
    /// For each code that both name, and that a single card names.
    both: [f32; 32],
    one: [f32; 32],
}

impl Weights {
    /// Of a list of which one code is true as a rule: that a card doesn't name the others goes without saying.
    fn of_one(shares: Shares, named: f32) -> Self {
        Self::new(shares, named, |_| 0.0)
    }

    /// Of a list of which several are: what neither names speaks for the two as well.
    fn of_several(shares: Shares, named: f32) -> Self {
        Self::new(shares, named, |neither| neither)
    }

    fn new(shares: Shares, named: f32, left_out: fn(f32) -> f32) -> Self {
        let mut weights = Self { neither: 0.0, both: [0.0; 32], one: [0.0; 32] };
        let all: f32 = shares.iter().map(|(_, share)| part(*share)).sum();
        for ((both, one), (_, share)) in weights.both.iter_mut().zip(&mut weights.one).zip(shares) {
            let (meant, stray) = (part(*share), WRONG * part(*share) / all);
            let said = meant * named + (1.0 - meant) * stray;
            let same_both = meant * named * named + (1.0 - meant) * stray * stray;
            let same_one = 2.0 * (meant * named * (1.0 - named) + (1.0 - meant) * stray * (1.0 - stray));
            let neither = left_out(((1.0 - same_both - same_one) / ((1.0 - said) * (1.0 - said))).log2());
            weights.neither += neither;
            *both = (same_both / (said * said)).log2() - neither;
            *one = (same_one / (2.0 * said * (1.0 - said))).log2() - neither;
        }
        weights
    }

    fn of(&self, one: u32, other: u32) -> f32 {
        if one == 0 || other == 0 {
            return 0.0;
        }
        let both: f32 = places(one & other).map(|at| self.both[at]).sum();
        self.neither + both + places(one ^ other).map(|at| self.one[at]).sum::<f32>()
    }
}

/// The weights of all facets, made once.
pub(super) struct Scale {
    exploitation: Weights,
    recruitment: Weights,
    control: Weights,
    route: Weights,
    transit: Weights,
    corridor: Weights,
    ages: Weights,
    victims: [f32; 4],
    /// Periods that begin together, by how many quarters their beginnings may lie in.
    begin: [f32; 8],
    young: u32,
    family: u32,
}

impl Scale {
    /// From the shares of the lists.
    pub(super) fn new() -> Self {
        let mut begin = [0.0; 8];
        for (weight, quarters) in begin.iter_mut().zip(0_u8..) {
            *weight = (0.9 * SPREAD / (f32::from(quarters) + 2.0)).log2();
        }
        Self {
            exploitation: Weights::of_one(EXPLOITATION, PLAIN),
            recruitment: Weights::of_several(RECRUITMENT, METHOD),
            control: Weights::of_several(CONTROL, METHOD),
            route: Weights::of_one(ROUTE, PLAIN),
            transit: Weights::of_several(ROUTE, METHOD),
            corridor: Weights::of_one(CORRIDORS, METHOD),
            ages: Weights::of_one(AGES, METHOD),
            victims: std::array::from_fn(|at| (0.55 / part(VICTIMS[at].1)).log2()),
            begin,
            young: YOUNG.into_iter().filter_map(|code| bit(EXPLOITATION, code)).sum(),
            family: bit(RECRUITMENT, FAMILY).unwrap_or_default(),
        }
    }

    /// What speaks for two cards being about the same, in bits.
    pub(super) fn score(&self, one: &Facets, other: &Facets) -> f32 {
        let Some(mut sum) = self.time(one, other) else { return f32::NEG_INFINITY };
        sum += self.route.of(one.origin, other.origin);
        sum += self.route.of(one.destination, other.destination);
        sum += self.exploitation.of(one.exploitation, other.exploitation);
        sum += self.transit.of(one.transit, other.transit);
        sum += self.corridor.of(one.corridor, other.corridor);
        sum += self.recruitment.of(one.recruitment, other.recruitment);
        sum += self.control.of(one.control, other.control);
        sum += self.ages.of(one.ages, other.ages);
        sum += self.victims(one.victims, other.victims);
        sum += answer(one.children, other.children, [1.0, 0.8]);
        sum += answer(one.money, other.money, [1.3, 0.6]);
        sum += answer(one.online, other.online, [1.3, 0.6]);
        sum - self.ties(one, other)
    }

    /// What is counted twice where a form of exploitation, children and family go together.
    fn ties(&self, one: &Facets, other: &Facets) -> f32 {
        if one.exploitation & other.exploitation & self.young == 0 {
            return 0.0;
        }
        let children = if one.children == 0 && other.children == 0 { YOUNG_TIE } else { 0.0 };
        let family = if one.recruitment & other.recruitment & self.family == 0 { 0.0 } else { FAMILY_TIE };
        children + family
    }

    /// What the periods say; `None` if they are too far apart for the same.
    fn time(&self, one: &Facets, other: &Facets) -> Option<f32> {
        if i32::from(one.from.max(other.from)) - i32::from(one.to.min(other.to)) > 1 {
            return None;
        }
        let ((mine, theirs), whole) = ((years(one), years(other)), years(one) + years(other));
        let begin = match apart((one.from, mine), (other.from, theirs)) {
            0 | 1 => self.begin[usize::from(whole) + 1],
            2 | 3 => -1.0,
            _ => -2.5,
        };
        let end = match apart((one.to - mine, mine), (other.to - theirs, theirs)) {
            0 | 1 if whole == 0 => 0.7,
            0 | 1 => 0.3,
            2 | 3 => -0.5,
            _ => -1.5,
        };
        Some(begin + end)
    }

    fn victims(&self, one: u8, other: u8) -> f32 {
        if one == UNSAID || other == UNSAID {
            return 0.0;
        }
        match one.abs_diff(other) {
            0 => self.victims[usize::from(one) & 3],
            1 => -0.3,
            _ => -3.0,
        }
    }
}

/// A share as a part of one.
fn part(share: u16) -> f32 {
    f32::from(share) / 1_000.0
}

/// Within how many quarters after its first one a card's period may have begun, and before its last one ended: within a year
/// where it was said in whole years.
fn years(card: &Facets) -> u16 {
    if card.from.is_multiple_of(4) && card.to % 4 == 3 { 3 } else { 0 }
}

/// Quarters between two spans that begin here and last so much longer than one quarter.
fn apart((one, mine): (u16, u16), (other, theirs): (u16, u16)) -> u16 {
    one.max(other).saturating_sub((one + mine).min(other + theirs))
}

/// What two answers weigh, agreeing on yes or on no.
fn answer(one: u8, other: u8, same: [f32; 2]) -> f32 {
    match (one, other) {
        (UNSAID, _) | (_, UNSAID) => 0.0,
        (one, other) if one == other => same[usize::from(one) & 1],
        _ => -4.0,
    }
}
