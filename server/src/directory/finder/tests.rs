use super::*;
use crate::base::clock::DAY;

const NOW: i64 = 1_000 * DAY;
const BEGGING: usize = 3;
const SHELTER: usize = 20;
const RO: usize = 7;
const EN: usize = 9;

fn entry(n: u128, class: Class, name: &str) -> Entry {
    Entry {
        id: Uuid::from_u128(n),
        class,
        name: format!(" {name}"),
        aliases: String::new(),
        country: Some("RO"),
        function: Some("POLICE"),
        helps: Set::default(),
        speaks: Set::default(),
        confirmed_at: Some(NOW - DAY),
        until: i64::MAX,
    }
}

fn shelf(entries: Vec<Entry>) -> Vec<Arc<Entry>> {
    let mut entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
    entries.sort_by(by_name);
    entries
}

fn names(entries: Vec<Entry>, wish: &Wish) -> Vec<String> {
    let found = find(&shelf(entries), wish, NOW, None, 50);
    found.hits.iter().map(|entry| entry.name.trim().to_owned()).collect()
}

#[test]
fn focal_points_come_before_organisations_and_these_before_people() {
    let all = vec![entry(1, Class::Person, "a"), entry(2, Class::Organisation, "b"), entry(3, Class::FocalPoint, "c")];
    assert_eq!(names(all, &Wish::default()), ["c", "b", "a"]);
}

#[test]
fn of_the_country_comes_before_of_the_region_and_other_countries_are_not_found() {
    let region = Entry { country: None, ..entry(1, Class::Person, "a") };
    let other = Entry { country: Some("RS"), ..entry(2, Class::Person, "b") };
    let all = || vec![region.clone(), other.clone(), entry(3, Class::Person, "c")];
    let within = |place| Wish { place: Some(place), ..Wish::default() };
    assert_eq!(names(all(), &within(Place::Country("RO"))), ["c", "a"]);
    assert_eq!(names(all(), &within(Place::Region)), ["a"]);
    assert_eq!(names(all(), &Wish::default()), ["a", "b", "c"]);
}

#[test]
fn lately_confirmed_comes_before_long_ago_and_that_before_never() {
    let never = Entry { confirmed_at: None, ..entry(1, Class::Person, "a") };
    let old = Entry { confirmed_at: Some(NOW - GOOD_FOR), ..entry(2, Class::Person, "b") };
    assert_eq!(names(vec![never, old, entry(3, Class::Person, "c")], &Wish::default()), ["c", "b", "a"]);
}

#[test]
fn the_readers_language_decides_between_equals_only() {
    let romanian = Entry { speaks: Set::one(RO), ..entry(1, Class::Person, "z") };
    let old = Entry { confirmed_at: None, speaks: Set::one(RO), ..entry(2, Class::Person, "a") };
    let wish = Wish { reader: Some(RO), ..Wish::default() };
    assert_eq!(names(vec![romanian, old, entry(3, Class::Person, "b")], &wish), ["z", "b", "a"]);
}

#[test]
fn everything_that_is_sought_must_fit() {
    let both = Set::one(BEGGING).and(Set::one(SHELTER));
    let all = vec![
        Entry { helps: both, speaks: Set::one(RO), ..entry(1, Class::Person, "a") },
        Entry { helps: both, speaks: Set::one(EN), ..entry(2, Class::Person, "b") },
        Entry { helps: Set::one(SHELTER), speaks: Set::one(RO), ..entry(3, Class::Person, "c") },
        Entry { helps: both, speaks: Set::one(RO), function: Some("JUDGE"), ..entry(4, Class::Person, "d") },
    ];
    let wish =
        Wish { function: Some("POLICE"), topic: Some(SHELTER), theme: Some(BEGGING), language: Some(RO), ..Wish::default() };
    assert_eq!(names(all, &wish), ["a"]);
}

#[test]
fn words_begin_words_of_a_name_or_of_the_organisation() {
    let all = || {
        vec![
            Entry { aliases: " oficiul carpatica".into(), ..entry(1, Class::Person, "ana maria pop") },
            entry(2, Class::Organisation, "oficiul carpatica"),
        ]
    };
    let words = |words: &[&str]| Wish { words: words.iter().map(|word| Word::in_names(word)).collect(), ..Wish::default() };
    assert_eq!(names(all(), &words(&["mar", "ana"])), ["ana maria pop"]);
    assert_eq!(names(all(), &words(&["carp"])), ["oficiul carpatica", "ana maria pop"]);
    assert_eq!(names(all(), &words(&["aria"])), Vec::<String>::new());
}

#[test]
fn words_also_mean_what_somebody_does_and_where_but_names_come_first() {
    let all = || {
        vec![
            Entry { helps: Set::one(SHELTER), ..entry(1, Class::FocalPoint, "a") },
            Entry { helps: Set::one(SHELTER), country: None, ..entry(2, Class::FocalPoint, "b") },
            Entry { helps: Set::one(SHELTER), country: Some("RS"), ..entry(3, Class::Person, "c") },
            entry(4, Class::Person, "shelter for children"),
        ]
    };
    let shelter = Word { helps: Set::one(SHELTER), ..Word::in_names("shelter") };
    let there = Word { countries: vec!["RO"], ..Word::in_names("romania") };
    let wish = |words: &[&Word]| Wish { words: words.iter().copied().cloned().collect(), ..Wish::default() };
    assert_eq!(names(all(), &wish(&[&shelter])), ["shelter for children", "a", "b", "c"]);
    assert_eq!(names(all(), &wish(&[&shelter, &there])), ["a", "b", "shelter for children"]);
    assert_eq!(names(all(), &wish(&[&Word::in_names("shelter"), &Word::in_names("romania")])), Vec::<String>::new());
}

#[test]
fn whose_accreditation_has_run_out_is_not_shown_or_counted() {
    let gone = Entry { until: NOW, ..entry(1, Class::Person, "a") };
    let found = find(&shelf(vec![gone, entry(2, Class::Person, "b")]), &Wish::default(), NOW, None, 50);
    assert_eq!((found.total, found.hits.len(), found.counts.functions["POLICE"]), (1, 1, 1));
}

#[test]
fn counts_say_what_another_choice_would_find() {
    let all = shelf(vec![
        Entry { helps: Set::one(SHELTER), ..entry(1, Class::Person, "a") },
        Entry { helps: Set::one(SHELTER), country: Some("RS"), ..entry(2, Class::Person, "b") },
        Entry { helps: Set::one(BEGGING), ..entry(3, Class::Person, "c") },
        Entry { helps: Set::one(SHELTER), country: None, ..entry(4, Class::Person, "d") },
    ]);
    let wish = Wish { place: Some(Place::Country("RO")), topic: Some(SHELTER), ..Wish::default() };
    let found = find(&all, &wish, NOW, None, 50);
    assert_eq!(found.total, 2);
    assert_eq!(found.counts.countries, BTreeMap::from([(None, 1), (Some("RO"), 1), (Some("RS"), 1)]));
    assert_eq!((found.counts.topics[SHELTER], found.counts.topics[BEGGING]), (2, 1));
    assert_eq!(found.counts.functions, BTreeMap::from([("POLICE", 2)]));
}

#[test]
fn pages_join_without_a_gap_and_marks_read_back() {
    let classes = [Class::Person, Class::FocalPoint, Class::Organisation];
    let all = shelf((0..25).map(|n| entry(n, classes[usize::try_from(n % 3).unwrap()], &format!("name {}", n % 4))).collect());
    let whole = find(&all, &Wish::default(), NOW, None, 50);
    let (mut seen, mut mark) = (Vec::new(), None);
    loop {
        let page = find(&all, &Wish::default(), NOW, mark.as_ref(), 4);
        assert_eq!(page.total, 25);
        seen.extend(page.hits.iter().map(|entry| entry.id));
        let Some(next) = page.next else { break };
        mark = Some(next.to_string().parse().expect("a mark"));
        assert_eq!(mark.as_ref(), Some(&next));
    }
    assert_eq!(seen, whole.hits.iter().map(|entry| entry.id).collect::<Vec<_>>());
    for bad in ["", "1", "1_2_3", "x_00000000-0000-0000-0000-000000000001_a"] {
        assert_eq!(bad.parse::<Mark>(), Err(()), "{bad}");
    }
}
