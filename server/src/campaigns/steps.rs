//! How a campaign comes from one state to the next, and what it needs for that: pure.

use serde::Serialize;
use utoipa::ToSchema;

use super::indicators::Indicator;
use super::model::{Facts, Pretest, State};

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Whoever works on it.
    Own,
    /// Whoever works on it, or looks after its countries and theme: it may do harm.
    Either,
}

/// Who takes the step from one state to another; `None`: there is no such step. To be approved is no step of its own people.
pub(super) fn step(from: State, to: State) -> Option<Who> {
    use State::{Approved, Archived, Ended, Evaluated, Idea, Paused, Planned, Pretested, Running};
    match (from, to) {
        (Running, Paused) => Some(Who::Either),
        // What was approved is planned anew: it is approved and tried out again.
        (Idea | Approved | Pretested, Planned)
        | (Planned, Idea)
        | (Approved, Pretested)
        | (Pretested | Paused, Running)
        | (Running | Paused, Ended)
        | (Ended, Evaluated)
        // Given up, or done with.
        | (Idea | Planned | Approved | Pretested | Ended | Evaluated, Archived) => Some(Who::Own),
        _ => None,
    }
}

/// The state that follows, when all goes well.
pub(super) fn next(state: State) -> Option<State> {
    match state {
        State::Paused => Some(State::Running),
        State::Running => Some(State::Ended),
        State::Archived => None,
        _ => State::ALL.into_iter().skip_while(|known| *known != state).nth(1),
    }
}

/// Something that is asked of a campaign before a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CampaignCheck)]
pub(super) struct Check {
    /// Before which state.
    pub(super) before: State,
    /// What: `countries`, `audience`, `weeks`, `messages`, `call_to_action`, `safeguarding`, `approval`, `pretest`,
    /// `harm_indicator`, `capacity`, `materials`, `results`, `harm_result` or `outcome`.
    pub(super) code: &'static str,
    /// Whether it is there.
    pub(super) done: bool,
}

/// What the checks look at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing<'a> {
    pub(super) facts: &'a Facts,
    pub(super) approved: bool,
    pub(super) pretest: Option<&'a Pretest>,
    pub(super) indicators: &'a [Indicator],
    /// A helpline has said that it can answer.
    pub(super) capacity: bool,
    /// Materials that nobody has approved yet.
    pub(super) unapproved: usize,
    pub(super) results: bool,
}

/// Everything that is asked of a campaign on its way, in its order. What doesn't concern it isn't asked.
pub(super) fn checks(standing: Standing<'_>) -> Vec<Check> {
    let Standing { facts, approved, pretest, indicators, capacity, unapproved, results } = standing;
    let plan = &facts.plan;
    let helpline = plan.helpline.is_some();
    let harm = || indicators.iter().filter(|indicator| indicator.is_of_harm());
    let others = || indicators.iter().filter(|indicator| !indicator.is_of_harm());
    let asked = [
        (State::Planned, "countries", true, facts.countries != 0),
        (State::Planned, "audience", true, facts.ages != 0),
        (State::Planned, "weeks", true, facts.days.is_some()),
        (State::Approved, "messages", true, !plan.messages.is_empty()),
        (State::Approved, "call_to_action", true, !plan.call_to_action.is_empty()),
        (State::Approved, "safeguarding", true, !plan.safeguarding.is_empty()),
        (State::Approved, "approval", true, approved),
        (State::Pretested, "pretest", true, pretest.is_some()),
        (State::Running, "harm_indicator", true, harm().next().is_some()),
        (State::Running, "capacity", helpline, capacity),
        (State::Running, "materials", unapproved > 0, false),
        (State::Evaluated, "results", true, results),
        (State::Evaluated, "outcome", true, others().any(|indicator| indicator.actual.is_some())),
        (State::Evaluated, "harm_result", true, harm().next().is_some() && harm().all(|indicator| indicator.actual.is_some())),
    ];
    let concerns = asked.into_iter().filter(|(_, _, concerns, _)| *concerns);
    concerns.map(|(before, code, _, done)| Check { before, code, done }).collect()
}

/// What is missing before it may come into this state. Who stops it for a while, ends it or gives it up is asked for nothing.
pub(super) fn missing(checks: &[Check], to: State) -> Vec<&'static str> {
    if matches!(to, State::Idea | State::Paused | State::Ended | State::Archived) {
        return Vec::new();
    }
    checks.iter().filter(|check| check.before <= to && !check.done).map(|check| check.code).collect()
}

#[cfg(test)]
mod tests {
    use super::super::model::Plan;
    use super::*;

    fn facts(helpline: bool) -> Facts {
        let plan = Plan {
            messages: vec!["m".into()],
            call_to_action: "c".into(),
            safeguarding: "s".into(),
            helpline: helpline.then(|| "116111".into()),
            ..Plan::default()
        };
        Facts {
            title: "t".into(),
            language: "en".into(),
            theme: "forced-begging".into(),
            aim: "report".into(),
            countries: 1,
            ages: 1,
            settings: 0,
            days: Some((1, 2)),
            practice: None,
            plan,
        }
    }

    fn measured(kind: &str, actual: Option<f64>) -> Indicator {
        let (unit, series) = (String::new(), Vec::new());
        Indicator { kind: kind.into(), unit, baseline: None, target: None, actual, series, below_five: false }
    }

    fn standing<'a>(facts: &'a Facts, pretest: Option<&'a Pretest>, indicators: &'a [Indicator]) -> Standing<'a> {
        Standing { facts, approved: true, pretest, indicators, capacity: false, unapproved: 0, results: false }
    }

    #[test]
    fn nothing_runs_without_a_pretest_an_indicator_of_harm_and_somebody_who_answers() {
        let (facts, tested) = (facts(true), Pretest { people: 9, understood: 80, changed: "c".into() });
        let all = [measured("reach", None), measured("harm_stigma", None)];
        let asked = |pretest, indicators: &[Indicator], capacity, unapproved| {
            missing(&checks(Standing { capacity, unapproved, ..standing(&facts, pretest, indicators) }), State::Running)
        };
        assert_eq!(asked(None, &all[..1], false, 2), ["pretest", "harm_indicator", "capacity", "materials"]);
        assert_eq!(asked(Some(&tested), &all[..1], true, 0), ["harm_indicator"]);
        assert_eq!(asked(Some(&tested), &all, false, 0), ["capacity"]);
        assert_eq!(asked(Some(&tested), &all, true, 0), [""; 0]);
    }

    #[test]
    fn where_no_line_is_named_nobody_must_answer() {
        let (facts, tested) = (facts(false), Pretest { people: 9, understood: 80, changed: "c".into() });
        let all = [measured("harm_stigma", None)];
        assert!(missing(&checks(standing(&facts, Some(&tested), &all)), State::Running).is_empty());
    }

    #[test]
    fn an_idea_is_planned_once_it_has_a_place_an_audience_and_weeks() {
        let empty = Facts { countries: 0, ages: 0, days: None, plan: Plan::default(), ..facts(false) };
        let checks = checks(standing(&empty, None, &[]));
        assert_eq!(missing(&checks, State::Planned), ["countries", "audience", "weeks"]);
        assert_eq!(missing(&checks, State::Archived), [""; 0]);
        assert!(missing(&checks, State::Approved).ends_with(&["messages", "call_to_action", "safeguarding"]));
    }

    #[test]
    fn nothing_is_evaluated_without_results_an_outcome_and_what_harm_there_was() {
        let (facts, tested) = (facts(false), Pretest { people: 9, understood: 80, changed: "c".into() });
        let none = [measured("reach", None), measured("harm_stigma", None)];
        let found = missing(&checks(standing(&facts, Some(&tested), &none)), State::Evaluated);
        assert_eq!(found, ["results", "outcome", "harm_result"]);
        let all = [measured("reach", Some(1.0)), measured("harm_stigma", Some(0.0))];
        let known = Standing { results: true, ..standing(&facts, Some(&tested), &all) };
        assert!(missing(&checks(known), State::Evaluated).is_empty());
    }

    #[test]
    fn every_step_is_one_of_these() {
        let steps: Vec<String> = State::ALL
            .into_iter()
            .map(|from| {
                let to: Vec<_> = State::ALL.into_iter().filter(|to| step(from, *to).is_some()).map(State::as_str).collect();
                format!("{} > {}", from.as_str(), to.join(" "))
            })
            .collect();
        assert_eq!(
            steps,
            [
                "idea > planned archived",
                "planned > idea archived",
                "approved > planned pretested archived",
                "pretested > planned running archived",
                "running > paused ended",
                "paused > running ended",
                "ended > evaluated archived",
                "evaluated > archived",
                "archived > ",
            ]
        );
        assert_eq!(step(State::Running, State::Paused), Some(Who::Either));
        assert_eq!(step(State::Paused, State::Running), Some(Who::Own));
    }

    #[test]
    fn what_follows_is_known() {
        let followed: Vec<_> = State::ALL.into_iter().map(|state| next(state).map(State::as_str)).collect();
        let names = ["planned", "approved", "pretested", "running", "ended", "running", "evaluated", "archived"];
        assert_eq!(followed, names.into_iter().map(Some).chain([None]).collect::<Vec<_>>());
    }
}
