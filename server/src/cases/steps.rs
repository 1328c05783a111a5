//! The way of a room: which step comes next, and what is missing for it. Pure.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{CHECKLIST, Content, Sheet};
use super::words::{About, Bid, Phase, Side};

/// What gates ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CaseGates)]
#[expect(clippy::struct_excessive_bools, reason = "one answer a gate")]
pub(super) struct Gates {
    /// Whether the child's side agrees.
    pub(super) consent: bool,
    /// Whether the best interests were assessed.
    pub(super) bia: bool,
    /// Whether they were formally determined.
    pub(super) bid: bool,
    /// Whether the plan has a task.
    pub(super) tasks: bool,
    /// Whether every line of the missing-child checklist is done, or there is none.
    pub(super) checklist: bool,
}

impl Gates {
    /// What they say of a room.
    pub(super) fn of<'a>(sheet: &Sheet, tasks: impl IntoIterator<Item = &'a Content>) -> Self {
        let mut gates =
            Self { consent: sheet.agreed(), bia: sheet.bia, bid: sheet.bid == Bid::Done, tasks: false, checklist: true };
        for task in tasks {
            let Content::Task { done, code, .. } = task else { continue };
            gates.tasks = true;
            let of_checklist = code.as_deref().is_some_and(|code| CHECKLIST.contains(&code));
            gates.checklist &= *done || !of_checklist;
        }
        gates
    }
}

/// A step that could come next, and the codes of what is missing for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CaseStep)]
pub(super) struct Step {
    pub(super) to: Phase,
    /// `consent`, `bia`, `tasks`, `checklist`, `second_person`, `side`.
    pub(super) missing: Vec<&'static str>,
}

/// The steps from a phase on, the next right one first. Closing takes a proposal and a second person.
pub(super) fn steps(from: Phase, side: Option<Side>, gates: Gates) -> Vec<Step> {
    let step = |to: &Phase| Step { to: *to, missing: missing(*to, side, gates) };
    after(from).iter().map(step).collect()
}

fn after(from: Phase) -> &'static [Phase] {
    use Phase::{Assessment, Closed, Identification, Implementation, Planning, Review};
    match from {
        Identification => &[Assessment, Closed],
        Assessment => &[Planning, Identification, Closed],
        Planning => &[Implementation, Assessment, Closed],
        Implementation => &[Review, Planning, Closed],
        Review => &[Implementation, Closed, Planning],
        Closed => &[],
    }
}

/// What is missing for a step: no planning without an assessment, nothing carried out without a plan, no closing by one.
pub(super) fn missing(to: Phase, side: Option<Side>, gates: Gates) -> Vec<&'static str> {
    let mut missing = Vec::new();
    if side.is_some() && to != Phase::Closed {
        missing.push("side");
    }
    match to {
        Phase::Planning if !gates.bia => missing.push("bia"),
        Phase::Implementation => {
            if !gates.bia {
                missing.push("bia");
            }
            if !gates.tasks {
                missing.push("tasks");
            }
        }
        Phase::Closed => {
            if !gates.checklist {
                missing.push("checklist");
            }
            missing.push("second_person");
        }
        _ => {}
    }
    missing
}

/// What keeps a room from being closed by a second person now.
pub(super) fn unfinished(gates: Gates) -> Vec<&'static str> {
    if gates.checklist { Vec::new() } else { vec!["checklist"] }
}

/// Looks at a step.
///
/// # Errors
/// `None` for one that doesn't follow, else what is missing.
pub(super) fn step(from: Phase, to: Phase, side: Option<Side>, gates: Gates) -> Result<(), Option<Vec<&'static str>>> {
    if to == Phase::Closed || !after(from).contains(&to) {
        return Err(None);
    }
    let missing = missing(to, side, gates);
    if missing.is_empty() { Ok(()) } else { Err(Some(missing)) }
}

/// Whether a decision needs the formal determination of best interests (UNHCR guidelines, 2021): on a return, a durable solution,
/// a separation from parents.
pub(super) fn needs_determination(about: About) -> bool {
    matches!(about, About::Return | About::DurableSolution | About::Separation)
}

#[cfg(test)]
mod tests {
    use super::super::model::tests::sheet;
    use super::*;

    fn task(done: bool, code: Option<&str>) -> Content {
        Content::Task { title: "t".into(), owner: None, due: None, done, code: code.map(Into::into) }
    }

    #[test]
    fn nothing_is_planned_before_it_is_assessed_nor_done_before_it_is_planned() {
        let none = Gates { checklist: true, ..Gates::default() };
        assert_eq!(step(Phase::Identification, Phase::Assessment, None, none), Ok(()));
        assert_eq!(step(Phase::Identification, Phase::Planning, None, none), Err(None), "no step is left out");
        assert_eq!(step(Phase::Assessment, Phase::Planning, None, none), Err(Some(vec!["bia"])));
        let assessed = Gates { bia: true, ..none };
        assert_eq!(step(Phase::Assessment, Phase::Planning, None, assessed), Ok(()));
        assert_eq!(step(Phase::Planning, Phase::Implementation, None, assessed), Err(Some(vec!["tasks"])));
        let planned = Gates { tasks: true, ..assessed };
        assert_eq!(step(Phase::Planning, Phase::Implementation, None, planned), Ok(()));
        assert_eq!(step(Phase::Implementation, Phase::Review, None, planned), Ok(()));
        assert_eq!(step(Phase::Review, Phase::Implementation, None, planned), Ok(()));
        assert_eq!(step(Phase::Review, Phase::Closed, None, planned), Err(None), "nobody closes by a step");
        assert_eq!(step(Phase::Closed, Phase::Review, None, planned), Err(None), "nothing is opened again");
        assert_eq!(step(Phase::Assessment, Phase::Planning, Some(Side::Suspended), planned), Err(Some(vec!["side"])));
    }

    #[test]
    fn what_is_missing_for_the_next_step_is_said() {
        let gates = Gates::of(&sheet(), []);
        let next = steps(Phase::Assessment, None, gates);
        assert_eq!(next[0], Step { to: Phase::Planning, missing: vec!["bia"] });
        assert_eq!(next[2], Step { to: Phase::Closed, missing: vec!["second_person"] });
        assert!(steps(Phase::Closed, None, gates).is_empty());
    }

    #[test]
    fn a_lost_childs_checklist_is_worked_off_before_closing() {
        let open = Gates::of(&sheet(), &[task(true, None), task(false, Some("missing_116000"))]);
        assert!(open.tasks && !open.checklist);
        assert_eq!(unfinished(open), ["checklist"]);
        let done = Gates::of(&sheet(), &[task(false, None), task(true, Some("missing_116000"))]);
        assert_eq!(unfinished(done), Vec::<&str>::new());
    }

    #[test]
    fn a_return_needs_a_determination() {
        assert!(needs_determination(About::Return) && needs_determination(About::Separation));
        assert!(!needs_determination(About::Service));
    }
}
