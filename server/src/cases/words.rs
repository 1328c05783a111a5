//! The words of case rooms, each as it is stored and as it goes over the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One of a list of words.
pub(super) trait Word: Copy + 'static {
    /// All of them, in their order.
    const ALL: &[Self];

    /// The word.
    fn as_str(self) -> &'static str;

    /// Of a word; `None` for one that only a later version knows.
    fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.as_str() == word)
    }
}

/// An enumeration with one word a variant, the same in storage and on the wire.
macro_rules! words {
    ($(#[$about:meta])* $name:ident, $schema:ident { $($(#[$says:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[schema(as = $schema)]
        pub(super) enum $name {
            $($(#[$says])* #[serde(rename = $word)] $variant),+
        }

        impl Word for $name {
            const ALL: &[Self] = &[$(Self::$variant),+];

            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

words! {
    /// How far a room has come (inter-agency guidelines for case management, 2014).
    Phase, CasePhase {
        Identification = "identification",
        Assessment = "assessment",
        Planning = "planning",
        Implementation = "implementation",
        Review = "review",
        Closed = "closed",
    }
}

words! {
    /// What keeps a room from going on.
    Side, CaseSide { Transferred = "transferred", Suspended = "suspended", Duplicate = "duplicate" }
}

words! {
    /// How much danger there is.
    Risk, CaseRisk { Low = "low", Medium = "medium", High = "high" }
}

words! {
    /// Bands of age, never an age.
    AgeBand, CaseAgeBand {
        Unknown = "unknown",
        To5 = "0-5",
        To9 = "6-9",
        To13 = "10-13",
        To15 = "14-15",
        To17 = "16-17",
        Grown = "18+",
    }
}

words! {
    /// Only where it is needed for what is done.
    Sex, CaseSex { Girl = "girl", Boy = "boy", Other = "other" }
}

words! {
    /// With whom a child is.
    Company, CaseCompany {
        Unknown = "unknown",
        Accompanied = "accompanied",
        Unaccompanied = "unaccompanied",
        Separated = "separated",
    }
}

words! {
    /// What the child's side has said to working on it together.
    Consent, CaseConsent {
        NotAsked = "not_asked",
        Given = "given",
        ByGuardian = "by_guardian",
        Assent = "assent",
        Refused = "refused",
    }
}

words! {
    /// The formal determination of best interests (UNHCR guidelines, 2021).
    Bid, CaseBid { NotNeeded = "not_needed", Pending = "pending", Done = "done" }
}

words! {
    /// Whether somebody represents the child.
    Guardian, CaseGuardian { None = "none", Requested = "requested", Appointed = "appointed" }
}

words! {
    /// The pillars of a national referral mechanism (ODIHR handbook, 2nd edition, 2022).
    Pillar, CasePillar {
        Identification = "identification",
        Support = "support",
        Inclusion = "inclusion",
        Justice = "justice",
    }
}

words! {
    /// The procedures of a transnational referral (ICMPD guidelines for South-Eastern Europe, 2009).
    Procedure, CaseProcedure {
        Identification = "identification",
        FirstAssistance = "first_assistance",
        LongerTerm = "longer_term",
        Return = "return",
        Proceedings = "proceedings",
    }
}

words! {
    /// As what somebody is in a room.
    Mandate, CaseMandate {
        CaseManager = "case_manager",
        Guardian = "guardian",
        Lawyer = "lawyer",
        Psychologist = "psychologist",
        SocialWorker = "social_worker",
        Health = "health",
        Shelter = "shelter",
        Interpreter = "interpreter",
        Authority = "authority",
        Police = "police",
        Prosecutor = "prosecutor",
        Asylum = "asylum",
        Coordinator = "coordinator",
        Observer = "observer",
    }
}

words! {
    /// Why somebody needs to be in a room.
    Ground, CaseGround {
        Lead = "lead",
        Service = "service",
        Representation = "legal_representation",
        Guardianship = "guardianship",
        Competence = "competence",
        Referral = "referral",
        Expertise = "expertise",
        Supervision = "supervision",
        Meeting = "meeting",
    }
}

words! {
    /// How people meet.
    How, CaseMeetingHow { InPerson = "in_person", Phone = "phone", Video = "video" }
}

words! {
    /// What a decision is about.
    About, CaseDecisionAbout {
        Plan = "plan",
        Service = "service",
        Return = "return",
        DurableSolution = "durable_solution",
        Separation = "separation",
        Referral = "referral",
        Other = "other",
    }
}

words! {
    /// Why a room is closed.
    Reason, CaseClosureReason {
        Completed = "completed",
        Returned = "returned",
        Reunited = "reunited",
        AgedOut = "aged_out",
        Transferred = "transferred",
        ContactLost = "contact_lost",
        Death = "death",
        Other = "other",
    }
}

words! {
    /// What takes two.
    Proposed, CaseProposalKind {
        Admission = "admission",
        Closure = "closure",
        Erasure = "erasure",
        Handover = "handover",
    }
}

words! {
    /// How it stands with somebody in a room.
    Standing, CaseMemberState {
        Proposed = "proposed",
        Invited = "invited",
        Active = "active",
        Left = "left",
        Removed = "removed",
        Expired = "expired",
        Declined = "declined",
    }
}

words! {
    /// What an entry is.
    Kind, CaseEntryKind {
        Event = "event",
        Sheet = "sheet",
        Topic = "topic",
        Message = "message",
        Task = "task",
        Meeting = "meeting",
        Decision = "decision",
        Note = "note",
        File = "file",
        Closing = "closing",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_and_are_the_same_on_the_wire() {
        for phase in Phase::ALL {
            assert_eq!(Phase::of(phase.as_str()), Some(*phase));
            assert_eq!(serde_json::to_value(phase).expect("a word"), phase.as_str());
        }
        assert_eq!(serde_json::from_str::<AgeBand>("\"14-15\"").expect("a band"), AgeBand::To15);
        assert_eq!(Kind::of("secret"), None);
    }
}
