//! An invented region for tests: networks, and the files about them. Some networks are in two files of two organisations, each
//! of which knows a part, gets some of it wrong and dates it otherwise. Its shares and ties are not those that weigh.

use super::facets::{AGES, CONTROL, CORRIDORS, EXPLOITATION, Facets, RECRUITMENT, ROUTE, Shares, UNSAID, VICTIMS, places};

/// Numbers that look random and are the same each time (`SplitMix64`).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A place of a list, by its shares bent: what is frequent is somewhat rarer here, what is rare more frequent.
    fn one(&mut self, shares: Shares) -> u32 {
        let bent = |share: u16| u64::from(share) + 30;
        let mut left = self.below(shares.iter().map(|(_, share)| bent(*share)).sum());
        for (at, (_, share)) in shares.iter().enumerate() {
            let share = bent(*share);
            if left < share {
                return 1 << at;
            }
            left -= share;
        }
        1
    }

    fn some(&mut self, shares: Shares, least: u64, most: u64) -> u32 {
        let many = least + self.below(most - least + 1);
        (0..many).fold(0, |bits, _| bits | self.one(shares))
    }
}

/// The first quarter of the invented years.
const FIRST: u16 = 2022 * 4;
const QUARTERS: u64 = 18;

/// What is true of a network.
pub(super) fn network(dice: &mut Dice) -> Facets {
    let from = FIRST + u16::try_from(dice.below(QUARTERS)).unwrap_or(0);
    let mut exploitation = dice.one(EXPLOITATION);
    if dice.chance(20) {
        exploitation |= dice.one(EXPLOITATION);
    }
    // Begging, crime and marriage that are forced are of children more often, and begin in the family.
    let young = exploitation & 0b11_1000 != 0;
    let children = dice.chance(if young { 75 } else { 30 });
    let first = dice.below(5);
    let ages = if children { (1_u32 << first) | if dice.chance(50) { 1 << (first + 1).min(4) } else { 0 } } else { 0 };
    let mut recruitment = dice.some(RECRUITMENT, 1, 2);
    if young && dice.chance(60) {
        recruitment = 1 | if dice.chance(40) { recruitment } else { 0 };
    }
    let origin = dice.some(ROUTE, 1, 1) | if dice.chance(8) { dice.one(ROUTE) } else { 0 };
    let mut destination = dice.one(ROUTE);
    while destination == origin {
        destination = dice.one(ROUTE);
    }
    Facets {
        exploitation,
        recruitment,
        control: dice.some(CONTROL, 2, 4),
        origin,
        transit: if dice.chance(50) { dice.some(ROUTE, 1, 2) & !origin & !destination } else { 0 },
        destination,
        corridor: if dice.chance(45) { dice.one(CORRIDORS) } else { 0 },
        ages,
        from,
        to: from + u16::try_from(dice.below(5)).unwrap_or(0),
        victims: u8::try_from(dice.one(VICTIMS).trailing_zeros()).unwrap_or(0),
        children: u8::from(!children),
        money: u8::from(!dice.chance(35)),
        online: u8::from(!dice.chance(30)),
    }
}

/// What one organisation's file says of a network.
pub(super) fn file(dice: &mut Dice, truth: &Facets) -> Facets {
    let mut seen = *truth;
    seen.exploitation = partly(dice, truth.exploitation, EXPLOITATION, 3, 2);
    seen.recruitment = partly(dice, truth.recruitment, RECRUITMENT, 8, 4);
    seen.control = partly(dice, truth.control, CONTROL, 10, 5);
    seen.origin = partly(dice, truth.origin, ROUTE, 1, 1);
    seen.destination = partly(dice, truth.destination, ROUTE, 2, 2);
    seen.transit = partly(dice, truth.transit, ROUTE, 12, 3);
    seen.corridor = partly(dice, truth.corridor, CORRIDORS, 10, 0);
    seen.ages = partly(dice, truth.ages, AGES, 8, 0);
    if dice.chance(30) {
        seen.from = truth.from + u16::try_from(dice.below(2)).unwrap_or(0);
    }
    seen.to = seen.from.max(truth.to + u16::try_from(dice.below(2)).unwrap_or(0));
    if dice.chance(20) {
        seen.victims = seen.victims.saturating_add(1).min(3);
    }
    for (facet, unsaid) in [(&mut seen.victims, 15), (&mut seen.children, 8), (&mut seen.money, 50), (&mut seen.online, 40)] {
        if dice.chance(unsaid) {
            *facet = UNSAID;
        }
    }
    seen
}

/// A part of a set: each code may be missing, and one may be wrong (percent).
fn partly(dice: &mut Dice, truth: u32, shares: Shares, missing: u64, wrong: u64) -> u32 {
    let mut seen = places(truth).fold(0, |seen, at| if dice.chance(missing) { seen } else { seen | 1 << at });
    if truth != 0 && dice.chance(wrong) {
        seen |= dice.one(shares);
    }
    seen
}
