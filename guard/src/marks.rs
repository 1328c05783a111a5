//! Marks of classified information, and words that the field advises against.

use crate::finding::{Countries, Kind, Severity};
use crate::scan::{Found, Scan};
use crate::signs::{Class, Sign};
use crate::words::{Hit, Word};

/// Finds marks and words.
pub(crate) fn find(scan: &mut Scan<'_>) {
    let mut found = Vec::new();
    for hit in &scan.hits {
        let longer = scan.hits.iter().any(|other| {
            (std::mem::discriminant(&other.word) == std::mem::discriminant(&hit.word))
                && other.start <= hit.start
                && hit.end <= other.end
                && other.end - other.start > hit.end - hit.start
        });
        if longer {
            continue;
        }
        let one = match hit.word {
            Word::Mark(_, alone) => mark(scan, hit, alone).map(|severity| {
                let found = Found::new(Kind::Classified, severity, hit.start, hit.end);
                Found { countries: whose(scan, hit), ..found }
            }),
            Word::Term(key) => {
                let found = Found::new(Kind::Term, Severity::Suggest, hit.start, hit.end);
                Some(Found { offer: Some(key.into()), ..found })
            }
            _ => None,
        };
        let Some(one) = one else { continue };
        if !found.iter().any(|other: &Found| (other.kind, other.start, other.end) == (one.kind, one.start, one.end)) {
            found.push(one);
        }
    }
    scan.found.extend(found);
}

/// Every country that marks so.
fn whose(scan: &Scan<'_>, hit: &Hit) -> Countries {
    let same = scan.hits.iter().filter(|other| (other.start, other.end) == (hit.start, hit.end));
    same.fold(Countries::default(), |all, other| if let Word::Mark(whose, _) = other.word { all.with(whose) } else { all })
}

fn is_letter(sign: &Sign) -> bool {
    sign.class == Class::Letter
}

/// What a mark weighs: it blocks where it heads a line or stands in a line of capitals, as on a document. Within a
/// sentence it warns; in small letters it is a word like others.
fn mark(scan: &Scan<'_>, hit: &Hit, alone: bool) -> Option<Severity> {
    let signs = scan.signs;
    if signs[hit.start..hit.end].iter().any(|sign| is_letter(sign) && !sign.upper) {
        return None;
    }
    let breaks = |sign: &Sign| matches!(sign.class, Class::Line | Class::Border);
    let start = hit.start - signs[..hit.start].iter().rev().take_while(|sign| !breaks(sign)).count();
    let end = hit.end + signs[hit.end..].iter().take_while(|sign| !breaks(sign)).count();
    let outside = || signs[start..hit.start].iter().chain(&signs[hit.end..end]);
    let only = outside().all(|sign| !matches!(sign.class, Class::Letter | Class::Digit) && sign.code != '=');
    if only {
        return Some(Severity::Block);
    }
    // Only beside its own language's words is a mark that is also a common word one.
    if alone {
        return None;
    }
    let capitals = outside().all(|sign| !is_letter(sign) || sign.upper);
    let words = signs[hit.start..hit.end].iter().any(|sign| !is_letter(sign));
    let heads = signs[start..hit.start].iter().all(|sign| !matches!(sign.class, Class::Letter | Class::Digit));
    let parted = signs.get(hit.end).is_some_and(|sign| sign.class == Class::Odd)
        || (signs.get(hit.end).is_some_and(|sign| sign.class == Class::Space)
            && signs.get(hit.end + 1).is_some_and(|sign| !matches!(sign.class, Class::Letter | Class::Digit)));
    Some(if (capitals && words) || (heads && parted) { Severity::Block } else { Severity::Warn })
}
