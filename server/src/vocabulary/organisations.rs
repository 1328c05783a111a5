//! Kinds of organisations, and under which law they keep data.

use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

use super::{ROLES, Words, rows};

/// Legal regimes of personal data: the General Data Protection Regulation (EU) 2016/679, the Law Enforcement Directive (EU)
/// 2016/680, and the own rules of intergovernmental organisations.
pub const REGIMES: [&str; 3] = ["gdpr", "led", "io"];

/// A kind of organisation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrganisationKind {
    /// Code of the vocabulary.
    pub code: String,
    /// English and French.
    pub name: Words,
    /// What it does.
    pub definition: String,
    /// The regime that organisations of this kind usually work under: `gdpr`, `led` or `io`.
    pub regime: String,
    /// Whether such organisations open case rooms.
    pub opens_rooms: bool,
    /// Whether they send coordination requests.
    pub sends_requests: bool,
    /// Whether they compare values of their files without showing them.
    pub matches: bool,
}

/// The kinds of organisations, in the order of the vocabulary.
pub static ALL_KINDS: LazyLock<Vec<OrganisationKind>> = LazyLock::new(|| {
    rows(ROLES)
        .filter(|row| row("kind") == "org_type")
        .map(|row| OrganisationKind {
            code: row("code").into(),
            name: Words::new(row("name_en"), row("name_fr")),
            definition: row("definition").into(),
            regime: row("legal_regime").to_lowercase(),
            opens_rooms: row("can_open_case_room") == "yes",
            sends_requests: row("can_send_coordination_request") == "yes",
            matches: row("can_use_matching") == "yes",
        })
        .collect()
});

/// The kind of this code.
pub fn kind(code: &str) -> Option<&'static OrganisationKind> {
    ALL_KINDS.iter().find(|kind| kind.code == code)
}

/// The kind of organisation that somebody of this function works in, as far as the function says so: a prosecutor works in a
/// prosecution service. For organisations of which only a name is known.
pub fn kind_of_function(function: &str) -> &'static str {
    if let Some(kind) = kind(function) {
        return &kind.code;
    }
    match function {
        "INVESTIGATOR" | "AIS" | "ARIS" | "BELGRADE-CENTRE" => "POLICE",
        "PROSECUTOR" => "PROSECUTION",
        "JUDGE" => "COURT",
        "FINANCIAL-INVESTIGATOR" => "FIU",
        "SOCIAL-WORKER" | "GUARDIAN" => "CPA",
        "LABOUR-INSPECTOR" => "LABOUR",
        "FORENSIC-DOCTOR" => "HEALTH",
        "TEACHER" => "EDUCATION",
        "CAMPAIGN-OFFICER" => "NGO-PREVENTION",
        "SA-THB" | "RARC" | "ML" | "LOI" | "CCAS" => "EMBASSY",
        _ => "NGO-SERVICE",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::ALL_FUNCTIONS;

    #[test]
    fn every_kind_has_a_regime() {
        assert_eq!(ALL_KINDS.len(), 18);
        assert!(ALL_KINDS.iter().all(|kind| REGIMES.contains(&kind.regime.as_str())), "{ALL_KINDS:?}");
        assert_eq!(kind("POLICE").map(|kind| kind.regime.as_str()), Some("led"));
        assert_eq!(kind("IGO").map(|kind| kind.regime.as_str()), Some("io"));
    }

    #[test]
    fn who_may_open_rooms_send_requests_and_match_stands_in_the_vocabulary() {
        let may = |code| kind(code).map(|kind| (kind.opens_rooms, kind.sends_requests, kind.matches));
        assert_eq!(may("PROSECUTION"), Some((true, true, true)));
        assert_eq!(may("NGO-SERVICE"), Some((true, true, false)));
        assert_eq!(may("FIU"), Some((false, true, false)));
        assert_eq!(may("ACADEMIA"), Some((false, false, false)));
    }

    #[test]
    fn every_function_leads_to_a_kind() {
        for function in ALL_FUNCTIONS.iter() {
            assert!(kind(kind_of_function(&function.code)).is_some(), "{}", function.code);
        }
        assert_eq!(kind_of_function("PROSECUTOR"), "PROSECUTION");
        assert_eq!(kind_of_function("HELPLINE"), "HELPLINE");
    }
}
