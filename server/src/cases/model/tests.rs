use super::*;

pub(crate) fn sheet() -> Sheet {
    serde_json::from_value(serde_json::json!({
        "age_band": "14-15", "company": "unaccompanied", "needs": ["shelter", "legal-aid", "shelter"], "consent": "by_guardian",
        "assent": true, "bid": "pending", "guardian": "appointed", "themes": ["forced-begging"], "countries": ["RS", "GR"],
        "home_system": "Primero", "home_reference": "a1b2", "summary": "Waits for a place"
    }))
    .expect("a sheet")
}

#[test]
fn a_sheet_is_checked() {
    type Spoil = fn(&mut Sheet);
    let checked = sheet().checked().expect("a sheet");
    assert_eq!((checked.needs.len(), checked.countries[0].as_str(), checked.agreed()), (2, "GR", true));
    let cases: [(Spoil, Fault); 6] = [
        (|s| s.needs.push("weather".into()), ("case_field_unknown", "needs")),
        (|s| s.themes.push("weather".into()), ("case_field_unknown", "themes")),
        (|s| s.consent = Consent::NotAsked, ("text_invalid", "not_asked_reason")),
        (|s| s.summary = "a".repeat(SUMMARY_MAX + 1), ("text_invalid", "summary")),
        (|s| s.home_system = "a".repeat(HOME_MAX + 1), ("text_invalid", "home_system")),
        (|s| s.home_reference = "two\u{202E}".into(), ("text_invalid", "home_reference")),
    ];
    for (spoil, fault) in cases {
        let mut sheet = sheet();
        spoil(&mut sheet);
        assert_eq!(sheet.checked(), Err(fault));
    }
}

#[test]
fn there_is_no_field_for_who_somebody_is() {
    for field in ["name", "birth_date", "address", "photo", "document_number", "nationality", "ethnicity"] {
        let mut value = serde_json::to_value(sheet()).expect("JSON");
        value[field] = "x".into();
        assert!(serde_json::from_value::<Sheet>(value).is_err(), "{field}");
    }
}

#[test]
fn what_has_a_way_of_its_own_is_entered_on_no_other() {
    let sheet = Content::Sheet { sheet: Box::new(sheet()) };
    assert_eq!(sheet.entered(), Err(("case_field_unknown", "kind")));
    let message = |body: &str| Content::Message { topic: None, body: body.into(), act: Permitted::Ask };
    assert_eq!(message(" ").entered(), Err(("text_invalid", "body")));
    assert_eq!(message(" a ").entered(), Ok(message("a")));
    assert!(!message(&"a".repeat(LONG)).is_long() && message(&"a".repeat(LONG + 1)).is_long());
    let task = |due: &str| Content::Task { title: "Call".into(), owner: None, due: Some(due.into()), done: false, code: None };
    assert_eq!(task("soon").entered(), Err(("case_field_unknown", "due")));
    assert_eq!(task("2026-12-31").entered(), Ok(task("2026-12-31")));
}

#[test]
fn a_reference_has_no_sign_that_is_taken_for_another() {
    assert_eq!(reference([0; 12]), "AA-AAAA");
    let one = reference([0, 9, 0, 24, 0, 22, 0, 14, 0, 18, 1, 5]);
    assert_eq!((one.len(), one.as_bytes()[2]), (7, b'-'));
    for look_alike in "IOSZB012568".chars() {
        assert!(!SIGNS.contains(&(look_alike as u8)), "{look_alike}");
    }
}

#[test]
fn content_reads_back() {
    let one = Content::Task { title: "t".into(), owner: None, due: None, done: true, code: Some("missing_116000".into()) };
    let stored = serde_json::to_string(&one).expect("JSON");
    assert_eq!(serde_json::from_str::<Content>(&stored).expect("content"), one);
    assert_eq!(one.kind(), Kind::Task);
}
