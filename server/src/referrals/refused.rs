//! Why nothing of a transaction is stored.

use crate::access::Decision;
use crate::base::db;
use crate::base::http::Problem;

/// Why nothing of a transaction is stored.
pub(super) enum Refused {
    Storage(db::Error),
    By(Problem),
}

impl From<db::Error> for Refused {
    fn from(error: db::Error) -> Self {
        Self::Storage(error)
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::By(problem)
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Storage(error) => error.into(),
            Refused::By(problem) => problem,
        }
    }
}

/// What a decision of the rules means to who has asked: who may not know gets the answer for none.
pub(super) fn granted(decision: Decision) -> Result<(), Problem> {
    match decision {
        Decision::Allow => Ok(()),
        Decision::Forbid(code) => Err(Problem::forbidden_for(code)),
        Decision::Hide => Err(Problem::not_found()),
    }
}

/// What is wrong with what somebody writes, or with a step, by its code.
pub(super) fn faulty(code: &'static str) -> Problem {
    let title = match code {
        "tag_unknown" => "There is no such country or service",
        "language_unknown" => "There is no such language here",
        "arrival_invalid" => "An arrival is due one to fourteen days after the hand-over",
        "told_many" => "Too many bodies are named",
        "reason_missing" => "The others must know why",
        "organisation_unknown" => "There is no such organisation",
        _ => "This text can't be kept",
    };
    let problem = Problem::unprocessable(code, title);
    match code {
        "text_invalid" => problem.with("limit", super::content::TEXT_MAX),
        _ => problem,
    }
}

/// Why a referral doesn't leave, or a step isn't taken, by its code.
pub(super) fn held(code: &'static str) -> Problem {
    let title = match code {
        "basis_without_consent" => "Consent is named as the legal basis, and there is none",
        "consent_missing" => "Consent or assent is missing, and nobody has asked to go on without",
        "override_unapproved" => "A second person must approve that it goes on without consent",
        "override_stale" => "The approval is more than a day old",
        "wall_consent_missing" => "The child's side has not agreed that this body is told",
        "bia_missing" => "The best interests were not assessed",
        "bid_missing" => "The best interests were not determined",
        "partner_unreachable" => "Nobody who answers for it has keys",
        "referral_step" => "There is no such step from here",
        "child_not_accounted_for" => "Say first where the child is",
        _ => "This can't be done now",
    };
    Problem::conflict(code, title)
}
