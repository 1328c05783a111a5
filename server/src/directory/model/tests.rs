use super::*;

fn wish(name: &str, kind: &str) -> Wish {
    Wish { name: Some(name.into()), kind: Some(kind.into()), ..Wish::default() }
}

#[test]
fn a_new_organisation_is_under_the_law_of_its_kind() {
    assert_eq!(Facts::fresh(wish("A", "PROSECUTION")).map(|facts| facts.regime).as_deref(), Ok("led"));
    assert_eq!(Facts::fresh(wish("A", "NGO-SERVICE")).map(|facts| facts.regime).as_deref(), Ok("gdpr"));
    let other = Wish { regime: Some("led".into()), ..wish("A", "LABOUR") };
    assert_eq!(Facts::fresh(other).map(|facts| facts.regime).as_deref(), Ok("led"));
}

#[test]
fn an_organisation_that_makes_no_sense_names_its_fault() {
    let with = |wish: Wish| Facts::fresh(wish).expect_err("a fault");
    assert_eq!(with(wish(" ", "POLICE")), "name_invalid");
    assert_eq!(with(Wish { name: None, ..wish("", "POLICE") }), "name_invalid");
    assert_eq!(with(wish("A", "SOCIAL-WORKER")), "tag_unknown");
    assert_eq!(with(Wish { country: Some("FR".into()), ..wish("A", "POLICE") }), "tag_unknown");
    assert_eq!(with(Wish { regime: Some("none".into()), ..wish("A", "POLICE") }), "tag_unknown");
    assert_eq!(with(Wish { host: Some("javascript:alert(1)".into()), ..wish("A", "POLICE") }), "host_invalid");
    assert_eq!(with(Wish { description: Some("x".repeat(DESCRIPTION_MAX + 1)), ..wish("A", "POLICE") }), "text_invalid");
    assert_eq!(with(Wish { topics: Some(vec!["weather".into()]), ..wish("A", "POLICE") }), "tag_unknown");
}

#[test]
fn addresses_are_those_that_organisations_have_published() {
    let texts = ["Write to duty.desk-ns@a.example or call +381 21 000 00 00, not 116 111.", "tel. 021 000 0000; info@a.example"];
    let addresses = Addresses::written_in(&texts.map(str::to_owned), 1_795_824_000_000_000);
    assert_eq!(addresses.emails.iter().collect::<Vec<_>>(), ["duty.desk-ns@a.example"]);
    assert_eq!(addresses.phones.iter().collect::<Vec<_>>(), ["+381 21 000 00 00", "021 000 0000"]);
    assert_eq!(Addresses::written_in(&["Shelter for 12 people, since 2009.".into()], 0), Addresses::default());
}

#[test]
fn an_empty_text_takes_away_what_is_there() {
    let made = Facts::fresh(Wish {
        host: Some("a.example".into()),
        description: Some("text".into()),
        country: Some("RO".into()),
        ..wish("A", "POLICE")
    });
    let made = made.expect("an organisation");
    let empty = || Some(String::new());
    let changed = made.clone().with(Wish { host: empty(), description: empty(), country: empty(), ..Wish::default() });
    let changed = changed.expect("an organisation");
    assert_eq!((changed.host, changed.description, changed.country), (None, None, None));
    assert_eq!(made.clone().with(Wish::default()), Ok(made));
}

#[test]
fn codes_are_stored_in_the_order_of_the_vocabulary_and_once() {
    let wished = ["shelter", "forced-begging", "shelter"].map(ToOwned::to_owned);
    assert_eq!(topics_of(&wished).as_deref(), Ok("forced-begging shelter"));
    assert_eq!(codes("forced-begging shelter"), ["forced-begging", "shelter"]);
    let all: Vec<String> = ALL_TOPICS.iter().map(ToString::to_string).collect();
    assert_eq!(topics_of(&all), Err("too_many_topics"));
}

#[test]
fn a_website_is_kept_as_its_host() {
    assert_eq!(host_of("https://www.Help.example/contact?x=1").as_deref(), Some("www.help.example"));
    assert_eq!(host_of(" help.example. ").as_deref(), Some("help.example"));
    for bad in
        ["", "localhost", "10.0.0.1", "a..example", "user@help.example", "help.example:8080", "-a.example", "помощь.example"]
    {
        assert_eq!(host_of(bad), None, "{bad}");
    }
}

#[test]
fn private_addresses_are_seen_in_a_line() {
    for bad in ["Write to ana@help.example", "Call +40 721 555 019", "tel. 0721/555.019", "٠٧٢١٥٥٥٠١٩"] {
        assert!(names_an_address(bad), "{bad}");
    }
    for good in ["Child line 116 111, day and night", "Mon-Fri 08:00-16:00", "Away until 2026-12-20", "@ the office"] {
        assert!(!names_an_address(good), "{good}");
    }
}

#[test]
fn presence_is_coarse() {
    let now = 100 * DAY;
    assert_eq!(seen(true, None, now), "here");
    assert_eq!(seen(false, Some(now - 1), now), "today");
    assert_eq!(seen(false, Some(now - DAY), now), "week");
    assert_eq!(seen(false, Some(now - 7 * DAY), now), "longer");
    assert_eq!(seen(false, None, now), "longer");
}

#[test]
fn what_was_confirmed_is_due_after_six_months() {
    let now = 1_000 * DAY;
    assert!(is_due(None, now));
    assert!(!is_due(Some(now - GOOD_FOR + 1), now));
    assert!(is_due(Some(now - GOOD_FOR), now));
}

#[test]
fn names_are_compared_without_signs_and_marks() {
    assert_eq!(key("Oficiul de Coordonare «Carpatica»"), "oficiul de coordonare carpatica");
    assert_eq!(key("Центар «Липа»"), key("Centar Lipa"));
    assert_eq!(key("«»"), "«»");
}
