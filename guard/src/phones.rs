//! Numbering plans of the eleven countries, and numbers compared without how they are written.

use std::sync::LazyLock;

use crate::finding::Countries;
use crate::signs::plain;
use crate::words::lines;

const PLANS: &str = include_str!("../data/phones.tsv");

/// How a country's numbers are made.
pub(crate) struct Plan {
    pub country: Countries,
    pub code: &'static str,
    /// First digits, and the least and most digits of a national number that begins so.
    national: Vec<(&'static str, usize, usize)>,
    /// First digits of lines that belong to no subscriber.
    free: Vec<&'static str>,
}

pub(crate) static ALL: LazyLock<Vec<Plan>> = LazyLock::new(|| lines(PLANS).filter_map(|cells| plan(&cells)).collect());

fn plan(cells: &[&'static str]) -> Option<Plan> {
    let &[country, code, national, free] = cells else { return None };
    let shape = |text: &'static str| {
        let (first, digits) = text.split_once(':')?;
        let (least, most) = digits.split_once('-').unwrap_or((digits, digits));
        Some((first, least.parse().ok()?, most.parse().ok()?))
    };
    Some(Plan {
        country: Countries::of(country),
        code,
        national: national.split(' ').filter_map(shape).collect(),
        free: free.split(' ').collect(),
    })
}

/// The countries in which this can be a number as it is dialled there.
pub(crate) fn national(digits: &str) -> Countries {
    let fits = |plan: &&Plan| {
        plan.national.iter().any(|(first, least, most)| (*least..=*most).contains(&digits.len()) && digits.starts_with(first))
    };
    ALL.iter().filter(fits).fold(Countries::default(), |all, plan| all.with(plan.country))
}

/// Whether a number, as it is dialled in its country, is a free line.
pub(crate) fn is_free(digits: &str) -> bool {
    ALL.iter().any(|plan| plan.free.iter().any(|first| digits.starts_with(first)))
}

/// The plan of the country that digits after `+` begin with.
pub(crate) fn plan_of(digits: &str) -> Option<&'static Plan> {
    ALL.iter().find(|plan| digits.starts_with(plan.code))
}

/// The digits of a written number, with its `+`.
pub(crate) fn digits(number: &str) -> String {
    plain(number).chars().filter(|sign| sign.is_ascii_digit() || *sign == '+').collect()
}

/// A number without the ways of dialling it: no code of a country, no leading zero.
pub(crate) fn significant(digits: &str) -> String {
    let abroad = digits.strip_prefix('+').or_else(|| digits.strip_prefix("00"));
    let home = abroad.map_or(digits, |rest| plan_of(rest).map_or(rest, |plan| &rest[plan.code.len()..]));
    home.trim_start_matches('0').to_owned()
}

/// The numbers written in a text, each as [`significant`] gives it.
pub(crate) fn numbers_in(text: &str) -> Vec<String> {
    let parts = plain(text);
    let parts = parts.split(|sign: char| !(sign.is_ascii_digit() || matches!(sign, '+' | ' ' | '-')));
    parts.map(|part| significant(&digits(part))).filter(|number| !number.is_empty()).collect()
}
