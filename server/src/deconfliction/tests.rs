//! Over an invented region: which cards single out a case before and after the rule, and how well files about the same are found.

use super::facets::{Facets, UNSAID};
use super::narrow::{Facet, too_narrow, widened};
use super::sample::{Dice, file, network};
use super::score::{Scale, threshold};

/// A card as its author leaves it after taking each offer in turn: the first that is enough, else the first.
fn kept(card: &Facets, sealed: bool) -> (Facets, Vec<Facet>) {
    let (mut card, mut kept_back) = (*card, Vec::new());
    // One victim and where they come from don't stand together.
    if card.victims == 0 {
        card.victims = UNSAID;
    }
    while let Some(narrow) = too_narrow(&card, sealed, &kept_back) {
        if let Some(facet) = narrow.keep_back.first() {
            kept_back.push(*facet);
            continue;
        }
        let enough = |facet: &&Facet| too_narrow(&widened(&card, **facet), sealed, &kept_back).is_none();
        let facet = narrow.widen.iter().find(enough).or(narrow.widen.first()).expect("there is something to be made wider");
        card = widened(&card, *facet);
    }
    (card, kept_back)
}

/// What others see of a card.
fn seen(card: &Facets, kept_back: &[Facet]) -> Facets {
    let hidden = Facets { from: 0, to: u16::MAX, ..*card };
    kept_back.iter().fold(*card, |card, facet| match facet {
        Facet::Period => Facets { from: hidden.from, to: hidden.to, ..card },
        Facet::Exploitation => Facets { exploitation: 0, ..card },
        facet => widened(&card, *facet),
    })
}

/// What a card says of the people it is about.
fn people(card: &Facets) -> Facets {
    Facets { exploitation: 0, transit: 0, destination: 0, corridor: 0, ..*card }
}

/// Whether a case is as a card says.
fn fits(card: &Facets, case: &Facets) -> bool {
    let all = |card: u32, case: u32| card & !case == 0;
    let said = |card: u8, case: u8| card == UNSAID || card == case;
    all(card.exploitation, case.exploitation)
        && all(card.origin, case.origin)
        && all(card.transit, case.transit)
        && all(card.destination, case.destination)
        && all(card.corridor, case.corridor)
        && (card.ages == 0 || card.ages & case.ages != 0)
        && (card.from <= case.to && case.from <= card.to)
        && said(card.victims, case.victims)
        && said(card.children, case.children)
}

#[test]
fn no_card_that_is_kept_singles_out_one_case() {
    const CASES: usize = 50_000;
    let mut dice = Dice(11);
    let cases: Vec<Facets> = (0..CASES).map(|_| network(&mut dice)).collect();
    let single = |card: &Facets| cases.iter().filter(|case| fits(card, case)).take(2).count() == 1;
    let (mut before, mut after, mut refused, mut cards) = ([0; 2], [0; 2], [0; 2], 0);
    for case in cases.iter().step_by(25) {
        let card = file(&mut dice, case);
        cards += 1;
        for sealed in [true, false] {
            let (kept, kept_back) = kept(&card, sealed);
            let part = |card: &Facets| if sealed { people(card) } else { seen(card, &kept_back) };
            before[usize::from(sealed)] += usize::from(single(&if sealed { people(&card) } else { card }));
            after[usize::from(sealed)] += usize::from(single(&part(&kept)));
            refused[usize::from(sealed)] += usize::from(kept != card || !kept_back.is_empty());
        }
    }
    assert_eq!(after, [0, 0], "of {cards}; before {before:?}, refused at first {refused:?} (shown, sealed)");
    assert!(before[0] * 10 > cards * 4 && before[1] * 100 > cards * 2, "of {cards}, before: {before:?}");
}

#[test]
fn what_the_journey_says_is_wide_enough() {
    let card = super::model::tests::wish().checked(1_795_931_004_000_000).expect("a card").facets();
    assert_eq!(too_narrow(&card, true, &[]), None);
    let narrow = Facets { victims: 2, ages: 1, to: card.from, ..card };
    let refused = too_narrow(&narrow, true, &[]).expect("too narrow");
    assert_eq!(refused.widen.first(), Some(&Facet::Victims));
    assert!(refused.keep_back.is_empty(), "of whom it is about nothing can be kept back");
    let shown = too_narrow(&card, false, &[]).expect("others would see too much");
    assert!(shown.keep_back.contains(&Facet::Origin));
}

/// How much of what is told is right, and of what should be told is told, among so many cards of which 8 in 100 tell of a network that
/// another one tells of, too. Of the cards one in `step` is compared with all others.
#[expect(clippy::cast_precision_loss, reason = "counts of a test")]
fn found(networks: usize, step: usize, seed: u64) -> (f64, f64) {
    let (mut dice, planted) = (Dice(seed), networks * 2 / 23);
    let mut cards: Vec<(usize, u64, Facets)> = Vec::new();
    for n in 0..networks {
        let truth = network(&mut dice);
        let holder = dice.below(44);
        cards.push((n, holder, kept(&file(&mut dice, &truth), true).0));
        if n < planted {
            cards.push((n, (holder + 1 + dice.below(43)) % 44, kept(&file(&mut dice, &truth), true).0));
        }
    }
    let (scale, least) = (Scale::new(), threshold(cards.len()));
    let meet = |one: &Facets, other: &Facets| scale.score(one, other) >= least;
    let right = cards.windows(2).filter(|pair| pair[0].0 == pair[1].0 && meet(&pair[0].2, &pair[1].2)).count() as f64;
    let others = |network: usize, holder: u64| cards.iter().filter(move |card| card.0 != network && card.1 != holder);
    let wrong: usize = cards
        .iter()
        .step_by(step)
        .map(|(network, holder, card)| others(*network, *holder).filter(|other| meet(card, &other.2)).count())
        .sum();
    // Each pair is met from both its sides.
    let wrong = wrong as f64 * step as f64 / 2.0;
    (right / (right + wrong), right / planted as f64)
}

#[test]
fn files_about_the_same_are_found_and_others_are_not() {
    for (networks, step) in [(4_600, 1), (46_000, 10)] {
        let (precision, recall) = found(networks, step, 7);
        assert!(precision >= 0.95 && recall >= 0.95, "{networks}: precision {precision:.3}, recall {recall:.3}");
    }
}

#[test]
fn a_pair_is_weighed_the_same_from_both_sides_and_what_is_unsaid_weighs_nothing() {
    let mut dice = Dice(3);
    let scale = Scale::new();
    for _ in 0..500 {
        let (one, other) = (network(&mut dice), network(&mut dice));
        let close = |a: f32, b: f32| a.total_cmp(&b).is_eq() || (a - b).abs() < 1e-3;
        assert!(close(scale.score(&one, &other), scale.score(&other, &one)));
        let silent = Facets {
            exploitation: 0,
            recruitment: 0,
            control: 0,
            origin: 0,
            transit: 0,
            destination: 0,
            corridor: 0,
            ages: 0,
            victims: UNSAID,
            children: UNSAID,
            money: UNSAID,
            online: UNSAID,
            ..one
        };
        assert!(scale.score(&silent, &silent) < threshold(1), "what says nothing overlaps with nothing");
    }
}
