//! Whom to call when a child is in danger: known to everybody, before anything else.

use support::region::{Region, items};

#[tokio::test]
async fn whom_to_call_is_told_to_everybody_and_says_how_it_was_looked_up() {
    let region = Region::shared();
    let people = [
        region.anonymous(),
        region.person("pending.ro").await,
        region.person("expired.gr").await,
        region.person("member.rs").await,
    ];
    let mut told = Vec::new();
    for person in people {
        told.push(person.get("/api/numbers").await.is(200));
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "the same for all");
    let countries = items(&told[0]);
    assert_eq!(countries.len(), 11);
    for country in countries {
        assert!(country["emergency"]["fr"].as_str().is_some_and(|numbers| numbers.contains("112")), "{country}");
        assert!(country["check"]["en"].as_str().is_some_and(|check| !check.is_empty()), "{country}");
    }
    let of = |code: &str| countries.iter().find(|country| country["country"] == code).expect("a country").clone();
    assert_eq!(of("RO")["child_helpline"]["number"], "116 111");
    assert_eq!(of("RS")["missing_children"]["number"], "116 000");
    assert!(of("XK")["name"]["en"].as_str().is_some_and(|name| name.ends_with('*')));
}
