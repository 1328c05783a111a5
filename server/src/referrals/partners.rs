//! Who could help a child with what it needs, and why somebody can't be chosen: pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::is_walled_off;
use crate::base::clock::DAY;

/// What an organisation said of its places is taken for true this long (microseconds).
pub(super) const CAPACITY_HOLDS: i64 = 14 * DAY;

/// How many children an organisation can take on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReferralCapacity)]
pub(super) enum Capacity {
    /// There are places.
    Open,
    /// There are few.
    Limited,
    /// There is none.
    Full,
}

impl Capacity {
    /// The word in storage.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Limited => "limited",
            Self::Full => "full",
        }
    }

    /// Of a stored word.
    pub(super) fn of(stored: &str) -> Option<Self> {
        [Self::Open, Self::Limited, Self::Full].into_iter().find(|known| known.as_str() == stored)
    }
}

/// Why an organisation can't be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReferralPartnerWhyNot)]
pub(super) enum WhyNot {
    /// It is the one that refers.
    Own,
    /// Nobody answers for it here.
    NoFocalPoint,
    /// Whoever answers for it has no keys yet, and could not open it.
    NoKeys,
    /// The case is part of an exercise, and nobody of them takes part in it.
    NotInExercise,
    /// It has said lately that it is full.
    Full,
}

/// An organisation, as the finder looks at it.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) regime: String,
    pub(super) country: Option<String>,
    pub(super) helps: Vec<String>,
    pub(super) speaks: Vec<String>,
    /// Who answers for it.
    pub(super) focal_points: usize,
    /// Those of them who have keys.
    pub(super) with_keys: usize,
    /// Those of these who take part in the exercise, where there is one.
    pub(super) taking_part: Option<usize>,
    /// What it has said of its places, and when.
    pub(super) capacity: Option<(Capacity, i64)>,
}

/// What is sought.
#[derive(Clone, Debug, Default)]
pub(super) struct Sought {
    pub(super) from: Uuid,
    pub(super) services: Vec<String>,
    pub(super) language: Option<String>,
    pub(super) now: i64,
}

/// How an organisation answers to that.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) candidate: Candidate,
    /// The services sought that it has.
    pub(super) offers: Vec<String>,
    /// Those that it hasn't.
    pub(super) lacks: Vec<String>,
    /// Whether the child's language is spoken there; none was named: yes.
    pub(super) speaks_it: bool,
    /// Stands behind the wall: the child's side must have agreed to it.
    pub(super) walled: bool,
    /// What it says of its places, if lately.
    pub(super) capacity: Option<Capacity>,
    pub(super) why_not: Option<WhyNot>,
}

/// Those that have something of what is sought: who can be chosen first, then who has most of it, speaks the language, has places.
pub(super) fn find(candidates: Vec<Candidate>, sought: &Sought) -> Vec<Judged> {
    let mut found: Vec<Judged> = candidates.into_iter().filter_map(|candidate| judge(candidate, sought)).collect();
    found.sort_by_key(|each| {
        let places = each.capacity.map_or(1, |capacity| match capacity {
            Capacity::Open => 0,
            Capacity::Limited => 1,
            Capacity::Full => 2,
        });
        let regional = each.candidate.country.is_none();
        (each.why_not.is_some(), each.lacks.len(), !each.speaks_it, places, regional, each.candidate.name.clone())
    });
    found
}

fn judge(candidate: Candidate, sought: &Sought) -> Option<Judged> {
    let (offers, lacks): (Vec<String>, Vec<String>) =
        sought.services.iter().cloned().partition(|service| candidate.helps.contains(service));
    if offers.is_empty() && !lacks.is_empty() {
        return None;
    }
    let speaks_it = sought.language.as_ref().is_none_or(|language| candidate.speaks.contains(language));
    let walled = is_walled_off(&candidate.kind, &candidate.regime);
    let said = candidate.capacity.filter(|(_, at)| sought.now - at < CAPACITY_HOLDS).map(|(capacity, _)| capacity);
    let why_not = why_not(&candidate, said, sought.from);
    Some(Judged { candidate, offers, lacks, speaks_it, walled, capacity: said, why_not })
}

fn why_not(candidate: &Candidate, said: Option<Capacity>, from: Uuid) -> Option<WhyNot> {
    match candidate {
        Candidate { id, .. } if *id == from => Some(WhyNot::Own),
        Candidate { focal_points: 0, .. } => Some(WhyNot::NoFocalPoint),
        Candidate { with_keys: 0, .. } => Some(WhyNot::NoKeys),
        Candidate { taking_part: Some(0), .. } => Some(WhyNot::NotInExercise),
        _ if said == Some(Capacity::Full) => Some(WhyNot::Full),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 100 * DAY;

    fn candidate(n: u128, name: &str) -> Candidate {
        Candidate {
            id: Uuid::from_u128(n),
            name: name.into(),
            kind: "NGO-SERVICE".into(),
            regime: "gdpr".into(),
            country: Some("GR".into()),
            helps: vec!["shelter".into(), "legal-aid".into()],
            speaks: vec!["el".into(), "en".into()],
            focal_points: 1,
            with_keys: 1,
            taking_part: None,
            capacity: None,
        }
    }

    fn sought() -> Sought {
        let services = vec!["legal-aid".into(), "shelter".into()];
        Sought { from: Uuid::from_u128(99), services, language: Some("en".into()), now: NOW }
    }

    fn names(candidates: Vec<Candidate>) -> Vec<String> {
        find(candidates, &sought()).into_iter().map(|each| each.candidate.name).collect()
    }

    #[test]
    fn who_has_most_speaks_the_language_and_has_places_comes_first() {
        let shelter = || Candidate { helps: vec!["shelter".into()], ..candidate(2, "half") };
        let mute = Candidate { speaks: vec!["el".into()], ..candidate(3, "mute") };
        let regional = Candidate { country: None, ..candidate(4, "everywhere") };
        let said = |n, name, capacity| Candidate { capacity: Some((capacity, NOW - DAY)), ..candidate(n, name) };
        let all = vec![
            shelter(),
            mute,
            regional,
            candidate(5, "unsaid"),
            said(6, "limited", Capacity::Limited),
            said(7, "open", Capacity::Open),
            Candidate { helps: vec!["hotline".into()], ..candidate(8, "other") },
        ];
        assert_eq!(names(all), ["open", "limited", "unsaid", "everywhere", "mute", "half"]);
        let half = find(vec![shelter()], &sought()).pop().expect("found");
        assert_eq!((half.offers, half.lacks), (vec!["shelter".to_owned()], vec!["legal-aid".to_owned()]));
    }

    #[test]
    fn why_somebody_can_not_be_chosen_is_said() {
        let why = |candidate| find(vec![candidate], &sought()).pop().and_then(|each| each.why_not);
        assert_eq!(why(candidate(1, "a")), None);
        assert_eq!(why(candidate(99, "a")), Some(WhyNot::Own));
        assert_eq!(why(Candidate { focal_points: 0, with_keys: 0, ..candidate(1, "a") }), Some(WhyNot::NoFocalPoint));
        assert_eq!(why(Candidate { with_keys: 0, ..candidate(1, "a") }), Some(WhyNot::NoKeys));
        assert_eq!(why(Candidate { taking_part: Some(0), ..candidate(1, "a") }), Some(WhyNot::NotInExercise));
        assert_eq!(why(Candidate { taking_part: Some(1), ..candidate(1, "a") }), None);
        let full = |at| Candidate { capacity: Some((Capacity::Full, at)), ..candidate(1, "a") };
        assert_eq!(why(full(NOW - DAY)), Some(WhyNot::Full));
        assert_eq!(why(full(NOW - CAPACITY_HOLDS)), None, "that was long ago");
    }

    #[test]
    fn whoever_stands_behind_the_wall_is_shown_as_such() {
        let found = find(vec![Candidate { kind: "ASYLUM".into(), ..candidate(1, "a") }, candidate(2, "b")], &sought());
        assert_eq!(found.iter().map(|each| each.walled).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn the_words_of_storage_read_back() {
        for capacity in [Capacity::Open, Capacity::Limited, Capacity::Full] {
            assert_eq!(Capacity::of(capacity.as_str()), Some(capacity));
        }
        assert_eq!(Capacity::of("some"), None);
    }
}
