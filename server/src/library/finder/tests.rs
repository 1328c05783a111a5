use std::collections::HashSet;

use super::*;
use crate::access::{Role, Scope, Stage, Vetting};

const ME: Uuid = Uuid::from_u128(1);
const HOUSE: Uuid = Uuid::from_u128(2);
const PARTNER: Uuid = Uuid::from_u128(3);
const NOW: i64 = 1_000;

fn person(organisation: Option<Uuid>, grants: &[(Role, Scope)]) -> Actor {
    Actor {
        account: ME,
        name: "Ana".into(),
        country: Some("RO".into()),
        organisation,
        vetting: Vetting::Accredited(1),
        grants: grants.to_vec(),
        channels: HashSet::new(),
        mutes: Vec::new(),
    }
}

fn entry(id: u128, tags: &[(Choice, &str)]) -> Entry {
    let bits = tags.iter().fold(0, |bits, (choice, code)| bits | bit(*choice, code).expect("a code"));
    Entry {
        id: Uuid::from_u128(id),
        author: Uuid::from_u128(99),
        organisation: Some(HOUSE),
        marking: "green",
        state: State::Published,
        review_due_at: None,
        bits: bits | bit(Choice::Level, "0").expect("a level"),
        countries: codes(bits, Choice::Country).collect(),
        themes: codes(bits, Choice::Theme).collect(),
        partners: [PARTNER].into(),
        reviewers: [].into(),
        level: 0,
        harm: false,
        parent: None,
        published_at: Some(i64::try_from(id).expect("small")),
        changed_at: 0,
        endorsements: 0,
        used: 0,
    }
}

fn ids(found: &Found<'_>) -> Vec<u128> {
    found.first(None, usize::MAX).iter().map(|(_, entry)| entry.id.as_u128()).collect()
}

fn wish(chosen: &[(Choice, &str)]) -> Wish {
    let mut wish = Wish::default();
    for (choice, code) in chosen {
        let at = Choice::ALL.iter().position(|known| known == choice).expect("a choice");
        wish.chosen[at] |= bit(*choice, code).expect("a code");
    }
    wish
}

#[test]
fn every_code_has_a_bit_of_its_own() {
    assert!(CODES.len() <= 128, "{}", CODES.len());
    let all: HashSet<u128> = CODES.iter().filter_map(|(choice, code)| bit(*choice, code)).collect();
    assert_eq!(all.len(), CODES.len());
    assert_eq!(bit(Choice::Stage, "identification"), bit(Choice::Stage, "identification"));
    assert_ne!(bit(Choice::Stage, "identification"), bit(Choice::Pillar, "identification"));
    assert_eq!(bit(Choice::Country, "FR"), None);
}

/// The list agrees with the rule for items over every marking, state and reader.
#[test]
fn the_list_shows_what_the_rule_lets_be_read_and_nothing_else() {
    let readers = [
        person(None, &[]),
        person(Some(PARTNER), &[]),
        person(Some(HOUSE), &[]),
        person(None, &[(Role::Moderator, Scope::Country("AL".into()))]),
        person(None, &[(Role::Editor, Scope::Region)]),
        Actor { vetting: Vetting::Pending, ..person(Some(HOUSE), &[]) },
    ];
    let mut table = Vec::new();
    for marking in ["clear", "green", "amber", "amber+strict"] {
        for state in State::ALL.into_iter().filter(|state| *state != State::ReviewDue) {
            for named in [false, true] {
                let reviewers = if named { [(ME, false)].into() } else { [].into() };
                let id = 10 + u128::try_from(table.len()).expect("few");
                table.push(Entry { marking, state, reviewers, ..entry(id, &[(Choice::Country, "AL")]) });
            }
        }
    }
    for (n, reader) in readers.iter().enumerate() {
        let all = wish(&[(Choice::State, "published"), (Choice::State, "archived"), (Choice::State, "withdrawn")]);
        let found: HashSet<u128> = ids(&find(table.iter(), reader, &all, NOW)).into_iter().collect();
        for entry in &table {
            let people = if entry.is_reviewer(ME) { vec![ME] } else { Vec::new() };
            let reads = may_with_item(reader, ItemAction::Read, &entry.item(&people)) == Decision::Allow;
            let shared = entry.state.stage() == Stage::Shared;
            assert_eq!(found.contains(&entry.id.as_u128()), reads && shared, "reader {n}: {entry:?}");
        }
        for view in [View::Mine, View::ToReview, View::ToTend] {
            let found = find(table.iter(), reader, &Wish { view, ..Wish::default() }, NOW);
            assert!(found.entries.iter().all(|(_, entry)| entry.may(reader, ItemAction::Read)), "reader {n}, {view:?}");
        }
    }
}

#[test]
fn who_reviews_it_reads_and_changes_nothing() {
    let waiting = Entry { state: State::PeerReview, reviewers: [(ME, false)].into(), ..entry(1, &[]) };
    let reviewer = person(None, &[]);
    assert!(waiting.may(&reviewer, ItemAction::Read) && waiting.may(&reviewer, ItemAction::Judge));
    for action in [ItemAction::Change, ItemAction::Lower] {
        assert_eq!(waiting.decide(&reviewer, action), Decision::Forbid("forbidden"));
    }
    let stranger = Entry { reviewers: [].into(), ..waiting };
    assert_eq!(stranger.decide(&reviewer, ItemAction::Change), Decision::Hide);
}

#[test]
fn counts_say_what_each_other_choice_would_leave() {
    let table = [
        entry(1, &[(Choice::Country, "AL"), (Choice::Stage, "primary")]),
        entry(2, &[(Choice::Country, "RO"), (Choice::Stage, "primary")]),
        entry(3, &[(Choice::Country, "RO"), (Choice::Stage, "tertiary")]),
    ];
    let reader = person(None, &[]);
    let found = find(table.iter(), &reader, &wish(&[(Choice::Country, "RO"), (Choice::Stage, "primary")]), NOW);
    assert_eq!(ids(&found), [2]);
    let counts = |choice| found.counts(choice).collect::<Vec<_>>();
    assert_eq!(counts(Choice::Country), [("AL", 1), ("RO", 1)]);
    assert_eq!(counts(Choice::Stage), [("primary", 1), ("tertiary", 1)]);
    assert_eq!(counts(Choice::State), [("published", 1)]);
}

#[test]
fn the_newest_come_first_or_the_best_proven_or_what_the_words_fit_best() {
    let table = [Entry { level: 3, ..entry(1, &[]) }, entry(2, &[]), entry(3, &[])];
    let reader = person(None, &[]);
    let order = |sort, found: Option<Vec<Uuid>>| ids(&find(table.iter(), &reader, &Wish { sort, found, ..Wish::default() }, NOW));
    assert_eq!(order(Sort::Newest, None), [3, 2, 1]);
    let all = find(table.iter(), &reader, &Wish::default(), NOW);
    let page = all.first(None, 1);
    assert_eq!((page.len(), page[0].1.id.as_u128()), (1, 3));
    assert_eq!(all.first(Some(page[0].0), 5).iter().map(|(_, entry)| entry.id.as_u128()).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(order(Sort::Level, None), [1, 3, 2]);
    assert_eq!(order(Sort::Best, Some(vec![Uuid::from_u128(2), Uuid::from_u128(1)])), [2, 1]);
}

#[test]
fn what_is_archived_or_withdrawn_is_shown_where_somebody_asks_for_it() {
    let table = [entry(1, &[]), Entry { state: State::Withdrawn, ..entry(2, &[]) }];
    let reader = person(None, &[]);
    assert_eq!(ids(&find(table.iter(), &reader, &Wish::default(), NOW)), [1]);
    let found = find(table.iter(), &reader, &wish(&[(Choice::State, "withdrawn")]), NOW);
    assert_eq!(ids(&found), [2]);
    assert_eq!(found.counts(Choice::State).collect::<Vec<_>>(), [("published", 1), ("withdrawn", 1)]);
}

#[test]
fn a_family_goes_back_to_one_practice_whatever_is_asked_about() {
    let child = |id, parent| Entry { parent: Some(Uuid::from_u128(parent)), ..entry(id, &[]) };
    let table = [entry(1, &[]), child(2, 1), child(3, 2), child(4, 1), entry(5, &[]), child(6, 5)];
    let all: Vec<&Entry> = table.iter().collect();
    for of in &table[..4] {
        let found: Vec<u128> = family(of, &all).iter().map(|entry| entry.id.as_u128()).collect();
        assert_eq!(found, [1, 2, 3, 4]);
    }
}

#[test]
fn what_is_alike_shares_a_theme_and_says_what_it_shares() {
    let tags = |theme: &'static str, country: &'static str| {
        [(Choice::Theme, theme), (Choice::Country, country), (Choice::Stage, "primary")]
    };
    let of = entry(1, &tags("forced-begging", "AL"));
    let table = [
        entry(2, &tags("forced-begging", "RO")),
        entry(3, &tags("forced-begging", "AL")),
        entry(4, &tags("sexual-exploitation", "AL")),
        Entry { marking: "amber+strict", ..entry(5, &tags("forced-begging", "AL")) },
        Entry { parent: Some(of.id), ..entry(6, &tags("forced-begging", "AL")) },
    ];
    let found = related(&of, table.iter(), &person(None, &[]), NOW, 5);
    assert_eq!(found.iter().map(|(entry, _)| entry.id.as_u128()).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(found[0].1, Likeness { themes: vec!["forced-begging"], countries: vec!["AL"], stage: true });
}
