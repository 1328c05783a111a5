use super::*;

fn wish() -> Wish {
    Wish {
        title: Some(" Who  promised you? ".into()),
        language: Some("bg".into()),
        theme: Some("forced-begging".into()),
        aim: Some("report".into()),
        ..Wish::default()
    }
}

#[test]
fn a_new_campaign_has_a_title_a_language_a_theme_and_an_aim() {
    let made = Facts::fresh(wish()).expect("a campaign");
    assert_eq!((made.title.as_str(), made.days), ("Who promised you?", None));
    assert_eq!(Facts::fresh(Wish { title: None, ..wish() }), Err("title_invalid"));
    assert_eq!(Facts::fresh(Wish { aim: None, ..wish() }), Err("tag_unknown"));
    assert_eq!(Facts::fresh(Wish { theme: Some("weather".into()), ..wish() }), Err("tag_unknown"));
    assert_eq!(Facts::fresh(Wish { language: Some("de".into()), ..wish() }), Err("tag_unknown"));
    assert_eq!(Facts::fresh(Wish { helpline: Some("112".into()), ..wish() }), Err("tag_unknown"));
}

#[test]
fn a_wish_changes_what_it_names_and_an_empty_text_takes_it_away() {
    let made = Facts::fresh(Wish {
        evidence: Some("Seen.\r\nTwice.".into()),
        helpline: Some("116111".into()),
        messages: Some(vec!["One".into(), " ".into()]),
        start: Some("2026-12-28".into()),
        end: Some("2027-01-03".into()),
        ..wish()
    });
    let made = made.expect("a campaign");
    assert_eq!((made.plan.evidence.as_str(), made.plan.messages.len()), ("Seen.\nTwice.", 1));
    assert_eq!(made.days.map(|(first, last)| last - first), Some(6));
    assert_eq!(made.clone().with(Wish::default()), Ok(made.clone()));
    let empty = || Some(String::new());
    let wish = Wish { evidence: empty(), helpline: empty(), start: empty(), end: empty(), ..Wish::default() };
    let changed = made.with(wish).expect("a campaign");
    assert_eq!((changed.plan.evidence.as_str(), changed.plan.helpline, changed.days), ("", None, None));
}

#[test]
fn days_are_in_their_order_and_not_too_many() {
    assert_eq!(days("", ""), Ok(None));
    for (start, end) in [("2026-05-02", "2026-05-01"), ("2026-05-01", ""), ("soon", "2026-05-01"), ("2026-05-01", "2028-05-02")] {
        assert_eq!(days(start, end), Err("campaign_weeks_invalid"), "{start} {end}");
    }
    assert!(days("2026-05-01", "2026-05-01").is_ok() && days("2026-05-01", "2028-04-30").is_ok());
}

#[test]
fn a_pretest_says_who_understood_it_and_what_was_changed() {
    let test = |people, understood, changed: &str| Pretest { people, understood, changed: changed.into() }.checked();
    assert!(test(12, 75, " The title. ").is_ok_and(|test| test.changed == "The title."));
    assert_eq!(test(0, 75, "x"), Err("campaign_pretest_invalid"));
    assert_eq!(test(12, 101, "x"), Err("campaign_pretest_invalid"));
    assert_eq!(test(12, 75, "\u{200b}"), Err("text_missing"));
}

#[test]
fn who_works_on_it_is_not_what_it_says() {
    assert!(!Wish { people: Some(Vec::new()), partners: Some(Vec::new()), ..Wish::default() }.replans());
    assert!(Wish { end: Some(String::new()), ..Wish::default() }.replans());
    assert!(Wish { safeguarding: Some(String::new()), ..Wish::default() }.replans());
}

#[test]
fn what_is_under_way_can_clash_and_what_is_settled_is_not_planned_any_more() {
    let under_way: Vec<_> = State::ALL.into_iter().filter(|state| state.is_under_way()).map(State::as_str).collect();
    assert_eq!(under_way, ["planned", "approved", "pretested", "running", "paused"]);
    assert!(State::ALL.into_iter().all(|state| State::of(state.as_str()) == Some(state)));
    assert_eq!(State::of("over"), None);
    let open: Vec<_> = State::ALL.into_iter().filter(|state| state.is_open()).map(State::as_str).collect();
    assert_eq!(open, ["idea", "planned"]);
}
