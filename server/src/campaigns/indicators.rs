//! What a campaign is measured by: pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::line;

/// Indicators of a campaign at most.
pub(super) const INDICATORS_MAX: usize = 24;
/// Weeks of a series at most.
const SERIES_MAX: usize = 110;
/// The largest figure of one.
const FIGURE_MAX: f64 = 1e9;
/// Fewer people than this aren't told to others: somebody might know who they are.
const TOLD_FROM: f64 = 5.0;

/// What can be measured, from the first who hear of it to those who are helped, and the harm it may do.
const KINDS: [&str; 16] = [
    "reach",
    "frequency",
    "recall_unprompted",
    "recall_prompted",
    "understanding",
    "intention",
    "helpline_contacts",
    "relevant_share",
    "referrals",
    "identified_victims",
    "answer_minutes",
    "knowledge_gain",
    "cost_per_contact",
    "harm_stigma",
    "harm_misunderstanding",
    "harm_false_reports",
];
/// Counts of people who may be known by others.
const OF_PEOPLE: [&str; 2] = ["referrals", "identified_victims"];
/// How the kinds of harm begin.
const HARM: &str = "harm_";

/// Something it is measured by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignIndicator)]
pub(super) struct Indicator {
    /// What: `reach`, `recall_prompted`, `helpline_contacts`, `harm_stigma` and so on.
    pub(super) kind: String,
    /// Of what, in words.
    #[serde(default)]
    pub(super) unit: String,
    /// Before it.
    pub(super) baseline: Option<f64>,
    /// What is hoped for.
    pub(super) target: Option<f64>,
    /// What came of it.
    pub(super) actual: Option<f64>,
    /// Pairs of a week of the campaign (from 1) and what came of that week.
    #[serde(default)]
    pub(super) series: Vec<(i64, f64)>,
    /// Whether figures of it are below five and not told to this reader.
    #[serde(default, skip_deserializing)]
    pub(super) below_five: bool,
}

impl Indicator {
    /// Whether it looks for harm.
    pub(super) fn is_of_harm(&self) -> bool {
        self.kind.starts_with(HARM)
    }

    /// The same, checked.
    ///
    /// # Errors
    /// The code of what is wrong with it.
    fn checked(mut self) -> Result<Self, &'static str> {
        if !KINDS.contains(&self.kind.as_str()) {
            return Err("tag_unknown");
        }
        if self.series.len() > SERIES_MAX {
            return Err("too_many");
        }
        self.series.sort_by_key(|(week, _)| *week);
        let weeks_right = self.series.iter().all(|(week, _)| (1..=110).contains(week))
            && self.series.windows(2).all(|pair| pair[0].0 != pair[1].0);
        let figures = [self.baseline, self.target, self.actual].into_iter().flatten();
        let mut all = figures.chain(self.series.iter().map(|(_, value)| *value));
        if !weeks_right || all.any(|figure| !(0.0..=FIGURE_MAX).contains(&figure)) {
            return Err("campaign_figure_invalid");
        }
        Ok(Self { unit: line(&self.unit)?, below_five: false, ..self })
    }

    /// As others see it than its own people: small counts of people are left out. A series that has such counts is left out
    /// whole, because it tells them beside its sum.
    fn for_others(mut self) -> Self {
        if !OF_PEOPLE.contains(&self.kind.as_str()) {
            return self;
        }
        let small = |figure: &f64| *figure < TOLD_FROM;
        for figure in [&mut self.baseline, &mut self.actual] {
            if figure.as_ref().is_some_and(small) {
                *figure = None;
                self.below_five = true;
            }
        }
        if self.series.iter().any(|(_, value)| small(value)) {
            self.series.clear();
            self.below_five = true;
        }
        self
    }
}

/// What a campaign is measured by, checked.
///
/// # Errors
/// The code of what is wrong with it.
pub(super) fn checked(wished: Vec<Indicator>) -> Result<Vec<Indicator>, &'static str> {
    if wished.len() > INDICATORS_MAX {
        return Err("too_many");
    }
    wished.into_iter().map(Indicator::checked).collect()
}

/// As this reader sees them: whole for those whose campaign it is.
pub(super) fn shown(indicators: Vec<Indicator>, own: bool) -> Vec<Indicator> {
    if own { indicators } else { indicators.into_iter().map(Indicator::for_others).collect() }
}

/// The texts among them.
pub(super) fn texts(indicators: &[Indicator]) -> impl Iterator<Item = &str> {
    indicators.iter().map(|indicator| indicator.unit.as_str()).filter(|unit| !unit.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indicator(kind: &str, actual: f64, series: &[(i64, f64)]) -> Indicator {
        Indicator {
            kind: kind.into(),
            unit: "people".into(),
            baseline: None,
            target: Some(3.0),
            actual: Some(actual),
            series: series.to_vec(),
            below_five: false,
        }
    }

    #[test]
    fn small_counts_of_people_are_for_its_own_people() {
        let few = indicator("identified_victims", 4.0, &[]);
        assert_eq!(shown(vec![few.clone()], true)[0].actual, Some(4.0));
        let told = &shown(vec![few], false)[0];
        assert_eq!((told.actual, told.target, told.below_five), (None, Some(3.0), true));
        let enough = &shown(vec![indicator("referrals", 5.0, &[(1, 5.0)])], false)[0];
        assert_eq!((enough.actual, enough.series.len(), enough.below_five), (Some(5.0), 1, false));
        let other = &shown(vec![indicator("helpline_contacts", 2.0, &[(1, 1.0)])], false)[0];
        assert_eq!((other.actual, other.series.len(), other.below_five), (Some(2.0), 1, false));
    }

    #[test]
    fn no_small_count_follows_from_a_sum_and_its_parts() {
        let told = &shown(vec![indicator("referrals", 11.0, &[(1, 7.0), (2, 4.0)])], false)[0];
        assert_eq!((told.actual, told.series.len(), told.below_five), (Some(11.0), 0, true));
    }

    #[test]
    fn figures_make_sense() {
        assert!(checked(vec![indicator("reach", 0.0, &[(2, 1.5), (1, 3.0)])]).is_ok_and(|all| all[0].series[0].0 == 1));
        assert_eq!(checked(vec![indicator("luck", 1.0, &[])]), Err("tag_unknown"));
        for (actual, series) in [(-1.0, &[][..]), (f64::NAN, &[]), (1.0, &[(0, 1.0)]), (1.0, &[(1, 1.0), (1, 2.0)])] {
            assert_eq!(checked(vec![indicator("reach", actual, series)]), Err("campaign_figure_invalid"));
        }
        assert_eq!(checked(vec![indicator("reach", 1.0, &[]); 25]), Err("too_many"));
    }

    #[test]
    fn harm_is_known_by_its_kind() {
        assert!(indicator("harm_stigma", 0.0, &[]).is_of_harm() && !indicator("reach", 0.0, &[]).is_of_harm());
        assert_eq!(KINDS.iter().filter(|kind| kind.starts_with(HARM)).count(), 3);
    }
}
