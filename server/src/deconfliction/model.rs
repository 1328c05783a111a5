//! A file card as somebody writes it: codes of short lists, a span of quarters, markings. There is no field for words.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::facets::{
    AGES, ANSWERS, CONTROL, COOPERATION, CORRIDORS, EXPLOITATION, Facets, ONE, RECRUITMENT, ROUTE, STAGES, Shares, UNSAID,
    VICTIMS, bits, quarter,
};
use super::narrow::Facet;
use crate::access::ITEM_CEILING;
use crate::access::handling::{Code, Permitted, is_carried, is_grading, strictness};
use crate::base::clock::DAY;

/// Cards that an organisation may make or change in a day (UTC): who tries out many learns what others have.
pub(super) const CARDS_A_DAY: i64 = 20;
/// Overlaps that one card is told of at most, the likeliest first.
pub(super) const OVERLAPS_MAX: usize = 12;
/// Until a card is to be looked at again where nobody says when, and at most (microseconds).
const REVIEW_AFTER: i64 = 180 * DAY;
const REVIEW_MAX: i64 = 366 * DAY;
/// After its people were reminded a card goes (microseconds).
pub(super) const GOES_AFTER: i64 = 30 * DAY;
/// For how long an organisation isn't told again of the same card of another, once its own is gone (microseconds).
pub(super) const TOLD_FOR: i64 = 30 * DAY;
/// Codes of one facet at most.
const CODES_MAX: usize = 6;
/// Quarters of a card's period at most.
const QUARTERS_MAX: u16 = 12;

/// Who may know of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = CardVisibility)]
pub(super) enum Visibility {
    /// Whom its marking leaves.
    Shown,
    /// Its holder alone.
    Sealed,
}

/// A file card as somebody writes it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCard)]
pub(super) struct Wish {
    /// Whose card it is: one of the organisations that the writer speaks for. As where they work when not named.
    #[serde(default)]
    pub(super) organisation: Option<Uuid>,
    pub(super) visibility: Visibility,
    /// How far the file is: a code of the desk's lists, as for all that follows.
    pub(super) stage: String,
    /// One form at least, as the facets after it at most six.
    pub(super) exploitation: Vec<String>,
    #[serde(default)]
    pub(super) recruitment: Vec<String>,
    #[serde(default)]
    pub(super) control: Vec<String>,
    #[serde(default)]
    pub(super) origin: Vec<String>,
    #[serde(default)]
    pub(super) transit: Vec<String>,
    #[serde(default)]
    pub(super) destination: Vec<String>,
    /// A section of a border.
    #[serde(default)]
    pub(super) corridor: Option<String>,
    /// The first quarter, such as `2026-Q2`.
    pub(super) from: String,
    /// The last one, at most three years later.
    pub(super) to: String,
    /// How many victims. One, and where they come from, don't stand together.
    #[serde(default)]
    pub(super) victims: Option<String>,
    #[serde(default)]
    pub(super) children: Option<String>,
    /// Only where children are.
    #[serde(default)]
    pub(super) ages: Vec<String>,
    #[serde(default)]
    pub(super) money: Option<String>,
    #[serde(default)]
    pub(super) online: Option<String>,
    #[serde(default)]
    pub(super) cooperation: Vec<String>,
    /// `clear`, `green`, `amber` or `amber+strict`.
    pub(super) marking: String,
    /// Handling codes; no H3, whose words nobody looks at.
    #[serde(default)]
    pub(super) handling: Vec<Code>,
    #[serde(default)]
    pub(super) act: Permitted,
    /// Source and information, as in `B2` (Regulation (EU) 2016/794, article 29).
    pub(super) grading: String,
    /// When it is to be looked at again: `2026-12-31`, at most a year ahead; half a year ahead when not named.
    #[serde(default)]
    pub(super) review_due: Option<String>,
    /// Facets of a shown card that are compared and not shown.
    #[serde(default)]
    pub(super) kept_back: Vec<Facet>,
    /// The exercise that it is invented for.
    #[serde(default)]
    pub(super) exercise: Option<Uuid>,
}

/// A card that can be kept: what lies locked in storage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CardFacts)]
pub(super) struct Checked {
    pub(super) visibility: Visibility,
    pub(super) stage: String,
    pub(super) exploitation: Vec<String>,
    pub(super) recruitment: Vec<String>,
    pub(super) control: Vec<String>,
    pub(super) origin: Vec<String>,
    pub(super) transit: Vec<String>,
    pub(super) destination: Vec<String>,
    pub(super) corridor: Option<String>,
    /// Null where others don't see the period.
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
    pub(super) victims: Option<String>,
    pub(super) children: Option<String>,
    pub(super) ages: Vec<String>,
    pub(super) money: Option<String>,
    pub(super) online: Option<String>,
    pub(super) cooperation: Vec<String>,
    pub(super) marking: String,
    pub(super) handling: Vec<Code>,
    pub(super) act: Permitted,
    pub(super) grading: String,
    pub(super) kept_back: Vec<Facet>,
}

/// Codes of a list, each once and in its order.
fn listed(shares: Shares, codes: &[String]) -> Result<Vec<String>, &'static str> {
    let bits = bits(shares, codes).filter(|_| codes.len() <= CODES_MAX).ok_or("card_code_unknown")?;
    Ok(shares.iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0).map(|(_, (code, _))| (*code).to_owned()).collect())
}

fn one_of(known: &[&str], code: Option<String>) -> Result<Option<String>, &'static str> {
    match code {
        Some(code) if !known.contains(&code.as_str()) => Err("card_code_unknown"),
        code => Ok(code),
    }
}

impl Wish {
    /// Looks at it. Not whether it is too narrow.
    ///
    /// # Errors
    /// A problem's code.
    pub(super) fn checked(self, now: i64) -> Result<Checked, &'static str> {
        let stage = one_of(&STAGES, Some(self.stage))?.ok_or("card_code_unknown")?;
        let exploitation = listed(EXPLOITATION, &self.exploitation)?;
        if exploitation.is_empty() {
            return Err("card_form_missing");
        }
        period(&self.from, &self.to, now).ok_or("card_period_invalid")?;
        let origin = listed(ROUTE, &self.origin)?;
        let bands: Vec<&str> = VICTIMS.iter().map(|(code, _)| *code).collect();
        let victims = one_of(&bands, self.victims)?;
        if victims.as_deref() == Some(ONE) && !origin.is_empty() {
            return Err("card_origin_of_one");
        }
        let children = one_of(&ANSWERS, self.children)?;
        let ages = listed(AGES, &self.ages)?;
        if !ages.is_empty() && children.as_deref() != Some("yes") {
            return Err("card_ages_of_whom");
        }
        let handling = bound(&self.marking, self.handling, &self.grading)?;
        let mut kept_back = if self.visibility == Visibility::Shown { self.kept_back } else { Vec::new() };
        kept_back.sort_unstable();
        kept_back.dedup();
        let cooperation = wanted(self.cooperation)?;
        Ok(Checked {
            visibility: self.visibility,
            stage,
            exploitation,
            recruitment: listed(RECRUITMENT, &self.recruitment)?,
            control: listed(CONTROL, &self.control)?,
            origin,
            transit: listed(ROUTE, &self.transit)?,
            destination: listed(ROUTE, &self.destination)?,
            corridor: listed(CORRIDORS, self.corridor.as_slice())?.pop(),
            from: Some(self.from),
            to: Some(self.to),
            victims,
            children,
            ages,
            money: one_of(&ANSWERS, self.money)?,
            online: one_of(&ANSWERS, self.online)?,
            cooperation,
            marking: self.marking,
            handling,
            act: self.act,
            grading: self.grading,
            kept_back,
        })
    }
}

/// The handling codes of a card whose marking and grading are some.
fn bound(marking: &str, mut handling: Vec<Code>, grading: &str) -> Result<Vec<Code>, &'static str> {
    if strictness(marking).is_none() || !is_carried(marking, ITEM_CEILING) {
        return Err("marking_unknown");
    }
    if handling.contains(&Code::H3) {
        return Err("card_words_none");
    }
    if !is_grading(grading) {
        return Err("card_grading_missing");
    }
    handling.retain(|code| *code != Code::H0);
    handling.sort_unstable();
    handling.dedup();
    Ok(handling)
}

/// What is wanted of others, each once.
fn wanted(mut cooperation: Vec<String>) -> Result<Vec<String>, &'static str> {
    cooperation.sort_unstable();
    cooperation.dedup();
    let known = cooperation.iter().all(|code| COOPERATION.contains(&code.as_str()));
    if known { Ok(cooperation) } else { Err("card_code_unknown") }
}

/// A span of quarters that begins before now.
fn period(from: &str, to: &str, now: i64) -> Option<(u16, u16)> {
    let (from, to) = (quarter(from)?, quarter(to)?);
    let today = jiff::Timestamp::from_microsecond(now).ok()?.strftime("%Y-Q%q").to_string();
    let this = quarter(&today).unwrap_or(u16::MAX);
    (from <= to && to - from < QUARTERS_MAX && from <= this && to <= this.saturating_add(1)).then_some((from, to))
}

/// When a card is to be looked at again (microseconds): the end of the day that was named.
///
/// # Errors
/// A problem's code.
pub(super) fn review(day: Option<&str>, now: i64) -> Result<i64, &'static str> {
    let Some(day) = day else { return Ok(now + REVIEW_AFTER) };
    let date: Date = day.parse().map_err(|_| "card_review_invalid")?;
    let start = jiff::tz::Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).map_err(|_| "card_review_invalid")?.as_microsecond();
    let due = start.saturating_add(DAY - 1);
    if day.len() == 10 && (now..=now + REVIEW_MAX).contains(&due) { Ok(due) } else { Err("card_review_invalid") }
}

impl Checked {
    /// As it is compared.
    pub(super) fn facets(&self) -> Facets {
        let of = |shares, codes: &[String]| bits(shares, codes).unwrap_or(0);
        let place = |known: &[&str], code: Option<&String>| {
            let at = code.and_then(|code| known.iter().position(|known| known == code));
            at.and_then(|at| u8::try_from(at).ok()).unwrap_or(UNSAID)
        };
        let bands: Vec<&str> = VICTIMS.iter().map(|(code, _)| *code).collect();
        let at = |text: Option<&String>| text.and_then(|text| quarter(text)).unwrap_or(0);
        Facets {
            exploitation: of(EXPLOITATION, &self.exploitation),
            recruitment: of(RECRUITMENT, &self.recruitment),
            control: of(CONTROL, &self.control),
            origin: of(ROUTE, &self.origin),
            transit: of(ROUTE, &self.transit),
            destination: of(ROUTE, &self.destination),
            corridor: of(CORRIDORS, self.corridor.as_slice()),
            ages: of(AGES, &self.ages),
            from: at(self.from.as_ref()),
            to: at(self.to.as_ref()),
            victims: place(&bands, self.victims.as_ref()),
            children: place(&ANSWERS, self.children.as_ref()),
            money: place(&ANSWERS, self.money.as_ref()),
            online: place(&ANSWERS, self.online.as_ref()),
        }
    }

    /// What others see of it: nothing of how it was done, nothing that is kept back.
    pub(super) fn seen(mut self) -> Self {
        self.recruitment.clear();
        self.control.clear();
        (self.money, self.online) = (None, None);
        for facet in std::mem::take(&mut self.kept_back) {
            match facet {
                Facet::Victims => self.victims = None,
                Facet::Corridor => self.corridor = None,
                Facet::Transit => self.transit.clear(),
                Facet::Ages => self.ages.clear(),
                Facet::Children => (self.children, self.ages) = (None, Vec::new()),
                Facet::Period => (self.from, self.to) = (None, None),
                Facet::Exploitation => self.exploitation.clear(),
                Facet::Destination => self.destination.clear(),
                Facet::Origin => self.origin.clear(),
            }
        }
        self
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// 29 November 2026.
    const NOW: i64 = 1_795_931_004_000_000;

    pub(in super::super) fn wish() -> Wish {
        let json = r#"{"visibility": "sealed", "stage": "judicial", "exploitation": ["forced_begging"], "recruitment": ["family"],
            "control": ["takes_earnings", "threats"], "origin": ["RO"], "destination": ["GR"], "from": "2026-Q2", "to": "2026-Q4",
            "children": "yes", "ages": ["10-13", "14-15"], "marking": "amber", "handling": ["h2"], "grading": "B2"}"#;
        serde_json::from_str(json).expect("a wish")
    }

    #[test]
    fn a_card_is_codes_and_nothing_else() {
        type Spoil = fn(&mut Wish);
        let checked = wish().checked(NOW).expect("a card");
        assert_eq!((checked.act, checked.handling.as_slice()), (Permitted::Ask, [Code::H2].as_slice()));
        let cases: [(Spoil, &str); 16] = [
            (|w| w.stage = "rumour".into(), "card_code_unknown"),
            (|w| w.exploitation.clear(), "card_form_missing"),
            (|w| w.exploitation.push("a boy in the market".into()), "card_code_unknown"),
            (|w| w.control = vec!["threats".into(); 7], "card_code_unknown"),
            (|w| w.origin = vec!["Bihor".into()], "card_code_unknown"),
            (|w| w.corridor = Some("GR-RO".into()), "card_code_unknown"),
            (|w| w.cooperation = vec!["call me".into()], "card_code_unknown"),
            (|w| w.from = "2026-03-14".into(), "card_period_invalid"),
            (|w| w.to = "2026-Q1".into(), "card_period_invalid"),
            (|w| w.from = "2023-Q4".into(), "card_period_invalid"),
            (|w| w.to = "2027-Q2".into(), "card_period_invalid"),
            (|w| w.victims = Some("1".into()), "card_origin_of_one"),
            (|w| w.children = None, "card_ages_of_whom"),
            (|w| w.marking = "red".into(), "marking_unknown"),
            (|w| w.handling.push(Code::H3), "card_words_none"),
            (|w| w.grading = "sure".into(), "card_grading_missing"),
        ];
        for (change, code) in cases {
            let mut wish = wish();
            change(&mut wish);
            assert_eq!(wish.checked(NOW).expect_err("refused"), code);
        }
        assert!(serde_json::from_str::<Wish>(r#"{"note": "a boy"}"#).is_err(), "there is no field for words");
    }

    #[test]
    fn a_card_reads_back_as_it_was_locked_away() {
        let checked = wish().checked(NOW).expect("a card");
        let json = serde_json::to_vec(&checked).expect("written");
        assert_eq!(serde_json::from_slice::<Checked>(&json).expect("read"), checked);
        assert_eq!(checked.facets().ages, 0b1100);
    }

    #[test]
    fn others_see_neither_how_it_was_done_nor_what_is_kept_back() {
        let mut wish = wish();
        (wish.visibility, wish.money, wish.corridor) = (Visibility::Shown, Some("yes".into()), Some("BG-GR".into()));
        wish.kept_back = Facet::ALL.to_vec();
        let seen = wish.clone().checked(NOW).expect("a card").seen();
        assert_eq!(
            seen.facets(),
            Facets { victims: UNSAID, children: UNSAID, money: UNSAID, online: UNSAID, ..Facets::default() }
        );
        wish.visibility = Visibility::Sealed;
        assert!(wish.checked(NOW).expect("a card").kept_back.is_empty(), "of a sealed card nothing is shown");
    }

    #[test]
    fn a_card_is_looked_at_again_within_a_year() {
        assert_eq!(review(None, NOW), Ok(NOW + REVIEW_AFTER));
        assert_eq!(review(Some("2026-11-29"), NOW).map(|due| due >= NOW), Ok(true));
        for bad in ["2026-11-28", "2028-01-01", "soon", "20270101"] {
            assert_eq!(review(Some(bad), NOW), Err("card_review_invalid"), "{bad}");
        }
    }
}
