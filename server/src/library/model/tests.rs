use super::*;

fn practice() -> Content {
    Content { title: " A club \n after school ".into(), language: "sq".into(), ..Content::default() }
}

fn fault(change: impl FnOnce(&mut Content)) -> Option<&'static str> {
    let mut content = practice();
    change(&mut content);
    content.checked().err().map(|fault| fault.field)
}

#[test]
fn a_draft_needs_a_title_and_a_language() {
    assert_eq!(practice().checked().map(|content| content.title), Ok("A club after school".into()));
    assert_eq!(fault(|content| content.title = " ".into()), Some("title"));
    assert_eq!(fault(|content| content.language = "de".into()), Some("language"));
}

#[test]
fn codes_are_those_of_the_closed_lists() {
    assert_eq!(fault(|content| content.stage = "first".into()), Some("stage"));
    assert_eq!(fault(|content| content.pillar = "none".into()), Some("pillar"));
    assert_eq!(fault(|content| content.countries = vec!["FR".into()]), Some("countries"));
    assert_eq!(fault(|content| content.themes = vec!["weather".into()]), Some("themes"));
    assert_eq!(fault(|content| content.ages = vec!["18".into()]), Some("ages"));
    assert_eq!(fault(|content| content.tests.feasible.verdict = "maybe".into()), Some("tests"));
    assert_eq!(fault(|content| content.materials = vec![Material::default()]), Some("materials"));
    for (from, to, field) in [("2021-13", "", "from"), ("21-1", "", "from"), ("2021-09", "2021-08", "to")] {
        assert_eq!(fault(|content| (content.from, content.to) = (from.into(), to.into())), Some(field));
    }
    assert_eq!(fault(|content| (content.from, content.to) = ("2021-09".into(), "2021-09".into())), None);
}

#[test]
fn limits_are_kept_to_the_sign() {
    assert_eq!(fault(|content| content.summary = "s".repeat(SUMMARY_MAX)), None);
    assert_eq!(fault(|content| content.summary = "s".repeat(SUMMARY_MAX + 1)), Some("summary"));
    assert_eq!(fault(|content| content.limits = "l".repeat(TEXT_MAX + 1)), Some("limits"));
    assert_eq!(fault(|content| content.steps = vec!["s".into(); LIST_MAX + 1]), Some("steps"));
    assert_eq!(fault(|content| content.theory = "evil \u{202E}gnp".into()), Some("theory"));
}

#[test]
fn the_minimum_is_ticked_off_by_what_is_said() {
    let long = || "w".repeat(ENOUGH);
    let all = |minimum: Minimum| [minimum.problem, minimum.mechanism, minimum.outcome, minimum.repeatable];
    assert_eq!(all(practice().minimum()), [false; 4]);
    let told = Content { problem: long(), theory: long(), ..practice() };
    assert_eq!(all(told.minimum()), [true, true, false, false]);
    let watched = Content { monitoring: long(), ..told.clone() };
    assert!(watched.minimum().outcome, "strong plausibility");
    let mut evaluated = Content { results: long(), ..told };
    assert!(!evaluated.minimum().outcome, "results that nobody calls effective");
    evaluated.tests.effective.verdict = "partly".into();
    assert!(evaluated.minimum().outcome);
    let steps = Content { steps: vec!["s".into(); 3], staff: "two".into(), cost: "low".into(), ..practice() };
    assert!(steps.minimum().repeatable);
}

#[test]
fn the_guard_reads_every_text_there_is() {
    let mut content = practice();
    content.steps = vec!["a step".into()];
    content.tests.replicable.note = "a note".into();
    content.materials = vec![Material { title: "a film".into(), ..Material::default() }];
    content.adaptation = Some(Adaptation { dropped: "a part".into(), ..Adaptation::default() });
    let read: Vec<_> = content.texts().into_iter().map(|(_, text)| text).collect();
    for said in ["a step", "a note", "a film", "a part"] {
        assert!(read.contains(&said), "{said}");
    }
    let mut filled = practice();
    let fields: Vec<_> = filled.long().into_iter().map(|(field, what)| (field, *what = field.into()).0).collect();
    for field in fields {
        assert!(filled.texts().contains(&(field, field)), "{field}");
    }
}

#[test]
fn it_is_found_by_its_codes() {
    let content = Content { countries: vec!["AL".into()], stage: "primary".into(), ..practice() };
    assert_eq!(content.tags(), "country:AL stage:primary language:sq");
}
