use super::*;

#[test]
fn bodies_are_refused_by_what_is_wrong_with_them() {
    let code = |text: &str| body(text).expect_err("refused").code();
    assert_eq!(code(""), "body_empty");
    assert_eq!(code(" \n\t "), "body_empty");
    assert_eq!(code(&"ж".repeat(8193)), "body_too_long");
    assert_eq!(code("a\u{0}b"), "body_control");
    assert_eq!(code("a\u{202E}b"), "body_control");
    for nothing in ["\u{200B}", "\u{2060}\u{FEFF}\n\u{AD}", "\u{3164}", "\u{200E}\u{200F}", "\u{2028}", "\u{2800}"] {
        assert_eq!(code(nothing), "body_empty", "{nothing:?}");
    }
    assert_eq!(body("a\u{200E}b").ok().as_deref(), Some("ab"), "neutralised, not refused");
    assert_eq!(body("\r\n  a\r\nb \n").ok().as_deref(), Some("  a\nb"));
    assert!(body(&"x".repeat(BODY_MAX)).is_ok());
}

#[test]
fn a_message_is_never_laxer_than_its_channel() {
    assert_eq!(marking(None, "amber").ok().as_deref(), Some("amber"));
    assert_eq!(marking(Some("clear"), "amber").ok().as_deref(), Some("amber"));
    assert_eq!(marking(Some("red"), "amber").ok().as_deref(), Some("red"));
    assert_eq!(marking(Some("pink"), "amber").expect_err("refused").code(), "marking_unknown");
}

#[test]
fn labels_are_checked_and_put_in_order() {
    let wish = |codes: &[Code], words: Option<&str>| Handling {
        handling: Some(codes.to_vec()),
        restriction: words.map(Into::into),
        ..Handling::default()
    };
    let labels =
        wish(&[Code::H3, Code::H0, Code::H1, Code::H3], Some(" Not  by phone ")).over(Labels::default()).expect("labels");
    assert_eq!(
        (labels.handling.as_slice(), labels.restriction.as_deref()),
        ([Code::H1, Code::H3].as_slice(), Some("Not by phone"))
    );
    let refused = |wish: Handling| wish.over(Labels::default()).expect_err("refused").code();
    assert_eq!(refused(wish(&[Code::H3], None)), "restriction_missing");
    assert_eq!(refused(wish(&[Code::H3], Some(" "))), "restriction_missing");
    assert_eq!(refused(Handling { grading: Some("Z9".into()), ..Handling::default() }), "grading_unknown");
    // What isn't named stays; without an H3 there is nothing to be restricted.
    assert_eq!(Handling::default().over(labels.clone()).expect("labels"), labels);
    assert_eq!(wish(&[Code::H1], None).over(labels).expect("labels").restriction, None);
}

#[test]
fn a_warning_is_a_line_that_an_empty_one_takes_away() {
    let wish = |words: &str| Handling { warning: Some(words.into()), ..Handling::default() };
    let labels = wish(" violence  against a child ").over(Labels::default()).expect("labels");
    assert_eq!(labels.warning.as_deref(), Some("violence against a child"));
    assert_eq!(Handling::default().over(labels.clone()).expect("labels"), labels);
    assert_eq!(wish(" ").over(labels).expect("labels").warning, None);
    for bad in ["ж".repeat(WARNING_MAX + 1).as_str(), "a\u{202E}b", "\u{200B}"] {
        assert_eq!(wish(bad).over(Labels::default()).expect_err("refused").code(), "warning_invalid", "{bad:?}");
    }
    assert!(wish("ж".repeat(WARNING_MAX).as_str()).over(Labels::default()).is_ok());
}

#[test]
fn words_are_held_back_by_red_and_by_h3() {
    let h3 = Labels { handling: vec![Code::H3], ..Labels::default() };
    assert_eq!(Withheld::by("amber+strict", &Labels::default()), None);
    assert_eq!(Withheld::by("red", &Labels::default()), Some(Withheld::Red));
    assert_eq!((Withheld::by("green", &h3), Withheld::by("red", &h3)), (Some(Withheld::H3), Some(Withheld::H3)));
}

#[test]
fn reactions_are_emoji() {
    for good in ["👍", "❤️", "👨‍👩‍👧‍👦", "1️⃣", "1\u{20E3}", "🇧🇬", "👍🏽", "👩🏻‍❤️‍💋‍👩🏿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏳️‍🌈", "🫩"]
    {
        assert!(is_emoji(good), "{good}");
    }
    for bad in ["", "ok", "да", "<b>", "👍 👍", "1", "👍👍👍👍👍👍👍👍👍👍👍👍👍"] {
        assert!(!is_emoji(bad), "{bad}");
    }
    for unseen in
        ["\u{202E}", "\u{200B}", "\u{FE0F}", "\u{200D}", "\u{E0067}", "👍\u{202E}", "👍\u{200B}", "👍\u{200D}", "\u{200D}👍"]
    {
        assert!(!is_emoji(unseen), "{unseen:?}");
    }
    for no_emoji in ["—", "–", "…", "́", "€", "a\u{20E3}", "👍👍", "🇧", "🇧🇬🇷🇴", "🇧👍", "👍\u{FE0F}\u{FE0F}", "👍\u{E007F}"]
    {
        assert!(!is_emoji(no_emoji), "{no_emoji:?}");
    }
}

#[test]
fn a_key_is_short_and_printable() {
    for good in ["a", "alert 7", &"k".repeat(255)] {
        assert!(is_key(good.as_bytes()), "{good}");
    }
    for bad in ["", "ключ", "a\tb", &"k".repeat(256)] {
        assert!(!is_key(bad.as_bytes()), "{bad}");
    }
}

#[test]
fn reacting_twice_is_reacting_once() {
    let (ana, bo) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let first = react(Vec::new(), "👍", ana, true).expect("room").expect("changed");
    assert!(react(first.clone(), "👍", ana, true).expect("room").is_none());
    let both = react(first, "👍", bo, true).expect("room").expect("changed");
    assert_eq!(both[0].accounts, [ana, bo]);
    let fewer = react(both, "👍", ana, false).expect("room").expect("changed");
    let none = react(fewer, "👍", bo, false).expect("room").expect("changed");
    assert!(none.is_empty());
}
