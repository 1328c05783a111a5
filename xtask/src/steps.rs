//! A list of named steps: each is run and timed, and the list is shown once more at the end.

use std::time::{Duration, Instant};

use crate::shell::Outcome;

enum Result {
    Passed(Duration),
    Failed(String),
    NotRun,
}

/// Steps done so far.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<(String, Result)>,
    /// A step that the following ones build upon has failed.
    stopped: bool,
}

impl Steps {
    /// Runs a step. Whether it passes or not, the next one is run.
    pub(crate) fn step(&mut self, name: impl Into<String>, work: impl FnOnce() -> Outcome) {
        let name = name.into();
        if self.stopped {
            self.done.push((name, Result::NotRun));
            return;
        }
        println!("\n── {name}");
        let began = Instant::now();
        let result = match work() {
            Ok(()) => Result::Passed(began.elapsed()),
            Err(reason) => {
                eprintln!("{name}: {reason}");
                Result::Failed(reason)
            }
        };
        self.done.push((name, result));
    }

    /// Runs a step without which the following ones make no sense.
    pub(crate) fn need(&mut self, name: impl Into<String>, work: impl FnOnce() -> Outcome) {
        self.step(name, work);
        self.stopped |= matches!(self.done.last(), Some((_, Result::Failed(_))));
    }

    /// Shows the list and its sum; an error if a step failed or was not run.
    pub(crate) fn finish(self) -> Outcome {
        println!();
        for (name, result) in &self.done {
            match result {
                Result::Passed(time) => println!("  passed   {name:<28} {:>6.1} s", time.as_secs_f64()),
                Result::Failed(reason) => println!("  FAILED   {name:<28} {}", reason.lines().next().unwrap_or_default()),
                Result::NotRun => println!("  not run  {name}"),
            }
        }
        let passed = self.done.iter().filter(|(_, result)| matches!(result, Result::Passed(_))).count();
        let failed = self.done.len() - passed;
        println!("{passed} passed, {failed} failed");
        if failed == 0 { Ok(()) } else { std::process::exit(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_stops_only_what_builds_upon_it() {
        let mut steps = Steps::default();
        steps.step("a", || Err("broken".into()));
        steps.step("b", || Ok(()));
        steps.need("c", || Err("broken".into()));
        steps.step("d", || unreachable!("c has failed"));
        let kinds: Vec<_> = steps.done.iter().map(|(_, result)| matches!(result, Result::Passed(_))).collect();
        assert_eq!(kinds, [false, true, false, false]);
        assert!(matches!(steps.done[3].1, Result::NotRun));
    }
}
