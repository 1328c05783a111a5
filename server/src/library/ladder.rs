//! The ladder of evidence: which level a practice may stand on, and who may put it there. Pure. (In the spirit of the Maryland
//! scale; the levels are ours, threat model 3e.)

use super::model::Content;

/// The highest level.
pub(super) const TOP: u8 = 5;
/// The highest level that reviewers give by themselves; above it an editor decides.
pub(super) const BY_REVIEW: u8 = 3;
/// The level from which others' practices count as one that works elsewhere, too.
pub(super) const OUTCOME: u8 = 3;

/// What a reviewer has proposed in this round.
#[derive(Clone, Copy, Debug)]
pub(super) struct Voice {
    /// Whether the reviewer works outside the practice's countries.
    pub(super) outside: bool,
    /// The level proposed.
    pub(super) level: u8,
}

/// Who wants to set a level: never somebody whose own it is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Judge {
    /// Looks after the library, or after a country or theme of the practice.
    pub(super) keeper: bool,
    /// Is an editor.
    pub(super) editor: bool,
    /// Has reviewed it in this round.
    pub(super) reviewer: bool,
}

/// What a level stands on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'a> {
    /// The level now.
    pub(super) now: u8,
    /// Whether a report of harm waits for its answer.
    pub(super) harm: bool,
    /// What the practice says.
    pub(super) content: &'a Content,
    /// What its reviewers have proposed.
    pub(super) voices: &'a [Voice],
    /// In how many countries it, its parent or its adaptations stand on level 3 or above.
    pub(super) countries: usize,
    /// Whether a randomised trial or a systematic review is named.
    pub(super) trial: bool,
    /// Whether a campaign that has adapted it has told its results.
    pub(super) result: bool,
}

/// Whether this person may put the practice on this level.
///
/// # Errors
/// What it lacks: `harm`, `theory`, `monitoring`, `results`, `review`, `reviews`, `outside`, `editor`, `replication` or `power`.
pub(super) fn may_set(level: u8, judge: Judge, ground: &Ground<'_>) -> Result<(), &'static str> {
    let Judge { keeper, editor, reviewer } = judge;
    if !(keeper || editor || reviewer) {
        return Err("power");
    }
    if level <= ground.now {
        // Who finds that the evidence carries less needs nobody else.
        return if keeper || editor { Ok(()) } else { Err("power") };
    }
    if ground.harm {
        return Err("harm");
    }
    says(level, ground.content)?;
    // An editor raises by one on what a campaign has shown.
    let lift = u8::from(editor && ground.result && level <= BY_REVIEW);
    let enough = ground.voices.iter().filter(|voice| voice.level + lift >= level);
    let (count, outside) = enough.fold((0, false), |(count, outside), voice| (count + 1, outside || voice.outside));
    if level == 1 {
        return if count >= 1 { Ok(()) } else { Err("review") };
    }
    if count < 2 {
        return Err("reviews");
    }
    if level >= OUTCOME && !outside {
        return Err("outside");
    }
    if level > BY_REVIEW && !editor {
        return Err("editor");
    }
    if level == TOP && ground.countries < 2 && !ground.trial {
        return Err("replication");
    }
    Ok(())
}

/// Whether the practice says what a level must rest on.
fn says(level: u8, content: &Content) -> Result<(), &'static str> {
    let said = |text: &str| !text.trim().is_empty();
    if level >= 1 && !(said(&content.problem) && said(&content.theory)) {
        return Err("theory");
    }
    if level >= 2 && !(said(&content.monitoring) && said(&content.participation)) {
        return Err("monitoring");
    }
    if level >= OUTCOME && !said(&content.results) {
        return Err("results");
    }
    Ok(())
}

/// The highest level that the reviewers' proposals carry by themselves.
pub(super) fn carried(ground: &Ground<'_>) -> u8 {
    let judge = Judge { keeper: true, ..Judge::default() };
    (0..=BY_REVIEW).rev().find(|level| may_set(*level, judge, ground).is_ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Content {
        let text = || "said".to_owned();
        Content {
            problem: text(),
            theory: text(),
            monitoring: text(),
            participation: text(),
            results: text(),
            ..Content::default()
        }
    }

    fn voices(levels: &[(u8, bool)]) -> Vec<Voice> {
        levels.iter().map(|(level, outside)| Voice { level: *level, outside: *outside }).collect()
    }

    const REVIEWER: Judge = Judge { keeper: false, editor: false, reviewer: true };
    const KEEPER: Judge = Judge { keeper: true, editor: false, reviewer: false };
    const EDITOR: Judge = Judge { keeper: true, editor: true, reviewer: false };

    fn ground<'a>(content: &'a Content, voices: &'a [Voice]) -> Ground<'a> {
        Ground { now: 0, harm: false, content, voices, countries: 1, trial: false, result: false }
    }

    #[test]
    fn each_level_needs_its_voices() {
        let content = full();
        for (said, level, judge, answer) in [
            (&[][..], 1, KEEPER, Err("review")),
            (&[(1, false)], 1, REVIEWER, Ok(())),
            (&[(0, false)], 1, REVIEWER, Err("review")),
            (&[(2, false)], 2, KEEPER, Err("reviews")),
            (&[(2, false), (1, true)], 2, KEEPER, Err("reviews")),
            (&[(2, false), (2, false)], 2, REVIEWER, Ok(())),
            (&[(3, false), (3, false)], 3, KEEPER, Err("outside")),
            (&[(3, false), (3, true)], 3, KEEPER, Ok(())),
            (&[(4, false), (4, true)], 4, KEEPER, Err("editor")),
            (&[(4, false), (4, true)], 4, REVIEWER, Err("editor")),
            (&[(4, false), (4, true)], 4, EDITOR, Ok(())),
            (&[(4, true)], 4, EDITOR, Err("reviews")),
            (&[(5, false), (5, true)], 5, EDITOR, Err("replication")),
        ] {
            let voices = voices(said);
            assert_eq!(may_set(level, judge, &ground(&content, &voices)), answer, "{said:?} {level} {judge:?}");
        }
    }

    #[test]
    fn the_top_needs_two_countries_or_a_trial() {
        let (content, voices) = (full(), voices(&[(5, false), (5, true)]));
        for (countries, trial, answer) in [(1, false, Err("replication")), (2, false, Ok(())), (1, true, Ok(()))] {
            let ground = Ground { countries, trial, ..ground(&content, &voices) };
            assert_eq!(may_set(5, EDITOR, &ground), answer);
        }
    }

    #[test]
    fn a_level_rests_on_what_the_practice_says() {
        let voices = voices(&[(3, true), (3, true)]);
        let without = |change: fn(&mut Content)| {
            let mut content = full();
            change(&mut content);
            (1..=3).map(|level| may_set(level, EDITOR, &ground(&content, &voices))).collect::<Vec<_>>()
        };
        assert_eq!(without(|content| content.theory = " ".into()), [Err("theory"); 3]);
        assert_eq!(without(|content| content.problem.clear()), [Err("theory"); 3]);
        assert_eq!(without(|content| content.participation.clear()), [Ok(()), Err("monitoring"), Err("monitoring")]);
        assert_eq!(without(|content| content.results.clear()), [Ok(()), Ok(()), Err("results")]);
    }

    #[test]
    fn a_report_of_harm_stops_every_rise_and_no_fall() {
        let (content, voices) = (full(), voices(&[(3, true), (3, true)]));
        let harmed = Ground { harm: true, now: 2, ..ground(&content, &voices) };
        assert_eq!(may_set(3, EDITOR, &harmed), Err("harm"));
        assert_eq!(may_set(1, KEEPER, &harmed), Ok(()));
        assert_eq!(may_set(1, REVIEWER, &harmed), Err("power"));
    }

    #[test]
    fn an_editor_raises_by_one_on_what_a_campaign_has_shown() {
        let (content, voices) = (full(), voices(&[(2, false), (2, true)]));
        let shown = Ground { now: 2, result: true, ..ground(&content, &voices) };
        assert_eq!(may_set(3, EDITOR, &shown), Ok(()));
        assert_eq!(may_set(3, KEEPER, &shown), Err("reviews"));
        assert_eq!(may_set(4, EDITOR, &shown), Err("reviews"));
        assert_eq!(may_set(3, EDITOR, &Ground { result: false, ..shown }), Err("reviews"));
    }

    #[test]
    fn who_has_no_part_in_judging_it_sets_nothing() {
        let (content, voices) = (full(), voices(&[(3, true), (3, true)]));
        for level in 0..=TOP {
            assert_eq!(may_set(level, Judge::default(), &ground(&content, &voices)), Err("power"), "{level}");
        }
    }

    #[test]
    fn what_reviews_carry_is_found_from_above() {
        let content = full();
        for (said, level) in [(&[][..], 0), (&[(1, false)], 1), (&[(3, false), (2, false)], 2), (&[(5, true), (4, false)], 3)] {
            assert_eq!(carried(&ground(&content, &voices(said))), level, "{said:?}");
        }
    }
}
