//! What a file card can say: codes of short lists, and nothing else. Types of exploitation, recruitment and control follow the
//! non-personal fields of the Human Trafficking Case Data Standard 2.0 (IOM, CC BY 4.0), made coarser.
//!
//! Packed as bits a card is compared with fifty thousand others in a few milliseconds.

/// How far the file is.
pub(super) const STAGES: [&str; 6] = ["intelligence", "open_investigation", "judicial", "trial", "closed", "protection_only"];
/// A card at this stage is compared with no other.
pub(super) const CLOSED: &str = "closed";

/// A list of codes with how often each is meant, as parts of a thousand of the files that say anything here. Rounded guesses
/// after published overviews: they weigh, they don't count.
pub(super) type Shares = &'static [(&'static str, u16)];

/// Types of exploitation.
pub(super) const EXPLOITATION: Shares = &[
    ("sexual_exploitation", 350),
    ("forced_labour", 250),
    ("domestic_servitude", 60),
    ("forced_begging", 150),
    ("forced_criminality", 120),
    ("forced_marriage", 70),
    ("sexual_material", 60),
    ("organ_removal", 10),
    ("armed_groups", 10),
    ("on_the_route", 120),
    ("other", 40),
];
/// Ways of recruiting.
pub(super) const RECRUITMENT: Shares = &[
    ("family", 250),
    ("partner", 160),
    ("acquaintance", 220),
    ("job_offer", 250),
    ("online", 180),
    ("agency", 60),
    ("smuggler", 120),
    ("abduction", 30),
    ("sale", 60),
    ("institution", 50),
    ("other", 60),
];
/// Means of control.
pub(super) const CONTROL: Shares = &[
    ("debt_bondage", 200),
    ("takes_earnings", 300),
    ("threats", 350),
    ("violence", 280),
    ("sexual_violence", 120),
    ("psychological", 300),
    ("false_promises", 250),
    ("substances", 80),
    ("confinement", 160),
    ("documents_withheld", 150),
    ("needs_withheld", 110),
    ("threat_of_authorities", 90),
    ("long_hours", 140),
    ("hold_over_children", 60),
    ("isolation", 130),
    ("other", 40),
];
/// Countries of a route: the region's, its neighbours and those that many come from or go to.
pub(super) const ROUTE: Shares = &[
    ("AL", 90),
    ("BA", 60),
    ("BG", 160),
    ("GR", 130),
    ("HR", 60),
    ("MD", 90),
    ("ME", 40),
    ("MK", 70),
    ("RO", 200),
    ("RS", 120),
    ("XK", 60),
    ("AT", 80),
    ("CH", 30),
    ("DE", 120),
    ("ES", 50),
    ("FR", 110),
    ("GB", 60),
    ("HU", 90),
    ("IT", 120),
    ("SI", 40),
    ("TR", 90),
    ("UA", 50),
    ("AF", 70),
    ("IQ", 30),
    ("PK", 30),
    ("SY", 70),
];
/// Sections of a border, no town.
pub(super) const CORRIDORS: Shares = &[
    ("AL-GR", 40),
    ("AL-ME", 20),
    ("AL-MK", 20),
    ("AL-XK", 30),
    ("BA-HR", 60),
    ("BA-ME", 20),
    ("BA-RS", 40),
    ("BG-GR", 40),
    ("BG-MK", 20),
    ("BG-RO", 60),
    ("BG-RS", 50),
    ("BG-TR", 60),
    ("GR-MK", 60),
    ("GR-TR", 70),
    ("HR-HU", 30),
    ("HR-ME", 10),
    ("HR-RS", 40),
    ("HR-SI", 50),
    ("HU-RO", 60),
    ("HU-RS", 70),
    ("MD-RO", 60),
    ("MD-UA", 20),
    ("ME-RS", 20),
    ("ME-XK", 10),
    ("MK-RS", 50),
    ("MK-XK", 20),
    ("RO-RS", 40),
    ("RO-UA", 20),
    ("RS-XK", 30),
];
/// Ages of children, in years.
pub(super) const AGES: Shares = &[("0-5", 60), ("6-9", 120), ("10-13", 260), ("14-15", 360), ("16-17", 480)];
/// How many victims.
pub(super) const VICTIMS: Shares = &[("1", 400), ("2-4", 330), ("5-9", 160), ("10+", 110)];
/// The band of one victim.
pub(super) const ONE: &str = "1";
/// Answers to a question.
pub(super) const ANSWERS: [&str; 2] = ["yes", "no"];
/// What is wanted of others. Says nothing of the file and is not compared.
pub(super) const COOPERATION: [&str; 8] = [
    "information",
    "joint_investigation",
    "child_hearing",
    "money_tracing",
    "victim_protection",
    "return_monitoring",
    "mutual_assistance",
    "expertise",
];

/// Where a facet was not said: no bit, or this place.
pub(super) const UNSAID: u8 = u8::MAX;

/// A card as it is compared. A set without a bit, and [`UNSAID`], say nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Facets {
    pub(super) exploitation: u32,
    pub(super) recruitment: u32,
    pub(super) control: u32,
    pub(super) origin: u32,
    pub(super) transit: u32,
    pub(super) destination: u32,
    pub(super) corridor: u32,
    pub(super) ages: u32,
    /// First and last quarter, counted from the first of year 0.
    pub(super) from: u16,
    pub(super) to: u16,
    /// Place in [`VICTIMS`].
    pub(super) victims: u8,
    /// Places in [`ANSWERS`].
    pub(super) children: u8,
    pub(super) money: u8,
    pub(super) online: u8,
}

/// The bit of a code in a list.
pub(super) fn bit(shares: Shares, code: &str) -> Option<u32> {
    shares.iter().position(|(known, _)| *known == code).map(|at| 1 << at)
}

/// The bits of several codes; `None` if one of them isn't in the list.
pub(super) fn bits(shares: Shares, codes: &[String]) -> Option<u32> {
    codes.iter().try_fold(0, |all, code| Some(all | bit(shares, code)?))
}

/// The places of the bits that are set.
pub(super) fn places(mut bits: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = bits.trailing_zeros();
        bits &= bits.wrapping_sub(1);
        (at < u32::BITS).then_some(at as usize)
    })
}

/// A quarter such as `2026-Q2`, counted from the first of year 0; `None` if it is none of 2010 to 2099.
pub(super) fn quarter(text: &str) -> Option<u16> {
    let (year, number) = text.split_once("-Q")?;
    let (year, number): (u16, u16) = (year.parse().ok()?, number.parse().ok()?);
    (text.len() == 7 && (2010..2100).contains(&year) && (1..=4).contains(&number)).then(|| year * 4 + number - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_bits_and_lists_fit_into_them() {
        for list in [EXPLOITATION, RECRUITMENT, CONTROL, ROUTE, CORRIDORS, AGES, VICTIMS] {
            assert!(list.len() <= 32);
            let mut codes: Vec<&str> = list.iter().map(|(code, _)| *code).collect();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(codes.len(), list.len());
            assert!(list.iter().all(|(_, share)| (1..1_000).contains(share)));
        }
        assert_eq!(bit(AGES, "6-9"), Some(2));
        assert_eq!(bits(AGES, &["0-5".into(), "16-17".into()]), Some(0b1_0001));
        assert_eq!(bits(AGES, &["0-5".into(), "18+".into()]), None);
        assert_eq!(places(0b1_0010).collect::<Vec<_>>(), [1, 4]);
        assert_eq!(places(1 << 31).collect::<Vec<_>>(), [31]);
    }

    #[test]
    fn a_quarter_is_a_year_and_one_of_four() {
        assert_eq!(quarter("2026-Q1"), quarter("2025-Q4").map(|last| last + 1));
        for bad in ["2026", "2026-Q0", "2026-Q5", "1999-Q1", "2026-Q01", "26-Q1", "+026-Q1"] {
            assert_eq!(quarter(bad), None, "{bad}");
        }
    }

    #[test]
    fn corridors_lie_between_countries_of_a_route() {
        for (code, _) in CORRIDORS {
            let (one, other) = code.split_once('-').expect("two");
            assert!(one < other && bit(ROUTE, one).is_some() && bit(ROUTE, other).is_some(), "{code}");
        }
    }
}
