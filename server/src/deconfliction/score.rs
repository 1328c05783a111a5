//! How likely two cards are about the same: the sum of what each facet says for it (Fellegi and Sunter, 1969). A rare code that
//! both name weighs more than a frequent one; what one of them doesn't say, weighs nothing. Pure, and fast.

use super::facets::{AGES, CONTROL, CORRIDORS, EXPLOITATION, Facets, RECRUITMENT, ROUTE, Shares, UNSAID, VICTIMS, places};

/// How often two descriptions of one thing both name a code that is true of it: where it is plain to see, and how it was done.
const PLAIN: f32 = 0.92;
const METHOD: f32 = 0.75;
/// Quarters over which files are spread, as the weight of a period in common sees it.
const SPREAD: f32 = 16.0;
/// What a pair must reach beyond the logarithm of how many cards there are: the more there are, the more look alike by chance.
/// Negative, since a pair about the same nearly always says far more; the value at which both kinds of mistake are about as frequent.
const MARGIN: f32 = -1.6;
/// As if there were so many cards at least: what says nearly nothing overlaps with nothing.
const CARDS_AT_LEAST: usize = 2_000;

/// What a pair of cards must reach among so many.
#[expect(clippy::cast_precision_loss, reason = "a count of cards is far below 2^24")]
pub(super) fn threshold(cards: usize) -> f32 {
    (cards.max(CARDS_AT_LEAST) as f32).log2() + MARGIN
}

/// The weights of a list's codes: of one that both name, and of one that a single card names.
type Weights = [(f32, f32); 32];

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
    /// By the length of both periods together.
    period: [f32; 32],
}

fn weights(shares: Shares, named_twice: f32) -> Weights {
    let mut all = [(0.0, 0.0); 32];
    for (weight, (_, share)) in all.iter_mut().zip(shares) {
        let share = f32::from(*share) / 1_000.0;
        *weight = ((named_twice / share).log2().max(0.1), ((1.0 - named_twice) / (1.0 - share)).log2());
    }
    all
}

impl Scale {
    /// From the shares of the lists.
    pub(super) fn new() -> Self {
        let mut victims = [0.0; 4];
        for (weight, (_, share)) in victims.iter_mut().zip(VICTIMS) {
            *weight = (550.0 / f32::from(*share)).log2();
        }
        let mut period = [0.0; 32];
        for (weight, together) in period.iter_mut().zip(1_u8..) {
            *weight = (0.95 / (f32::from(together) / SPREAD).min(0.95)).log2();
        }
        Self {
            exploitation: weights(EXPLOITATION, PLAIN),
            recruitment: weights(RECRUITMENT, METHOD),
            control: weights(CONTROL, METHOD),
            route: weights(ROUTE, PLAIN),
            transit: weights(ROUTE, METHOD),
            corridor: weights(CORRIDORS, METHOD),
            ages: weights(AGES, METHOD),
            victims,
            period,
        }
    }

    /// What speaks for two cards being about the same, in bits.
    pub(super) fn score(&self, one: &Facets, other: &Facets) -> f32 {
        let Some(mut sum) = self.time(one, other) else { return f32::NEG_INFINITY };
        sum += set(&self.route, one.origin, other.origin);
        sum += set(&self.route, one.destination, other.destination);
        sum += set(&self.exploitation, one.exploitation, other.exploitation);
        sum += answer(one.children, other.children, 1.0, -4.0);
        sum += set(&self.transit, one.transit, other.transit);
        sum += set(&self.corridor, one.corridor, other.corridor);
        sum += set(&self.recruitment, one.recruitment, other.recruitment);
        sum += set(&self.control, one.control, other.control);
        sum += set(&self.ages, one.ages, other.ages);
        sum += self.victims(one.victims, other.victims);
        sum += answer(one.money, other.money, 0.7, -2.0);
        sum + answer(one.online, other.online, 0.7, -2.0)
    }

    /// What the periods say; `None` if they are too far apart for the same.
    fn time(&self, one: &Facets, other: &Facets) -> Option<f32> {
        let gap = i32::from(one.from.max(other.from)) - i32::from(one.to.min(other.to));
        match gap {
            ..=0 => {
                let together = usize::from(one.to - one.from + 1 + other.to - other.from);
                Some(self.period[together.min(self.period.len()) - 1])
            }
            1 => Some(-2.5),
            _ => None,
        }
    }

    fn victims(&self, one: u8, other: u8) -> f32 {
        if one == UNSAID || other == UNSAID {
            return 0.0;
        }
        match one.abs_diff(other) {
            0 => self.victims[usize::from(one) & 3],
            1 => -0.3,
            _ => -2.0,
        }
    }
}

fn set(weights: &Weights, one: u32, other: u32) -> f32 {
    if one == 0 || other == 0 {
        return 0.0;
    }
    let both: f32 = places(one & other).map(|at| weights[at].0).sum();
    both + places(one ^ other).map(|at| weights[at].1).sum::<f32>()
}

fn answer(one: u8, other: u8, same: f32, different: f32) -> f32 {
    match (one, other) {
        (UNSAID, _) | (_, UNSAID) => 0.0,
        (one, other) if one == other => same,
        _ => different,
    }
}
