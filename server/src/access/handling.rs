//! How something is to be handled: the labels of the field, what each binds to, and which of two is the stricter. Pure.
//!
//! Markings are those of TLP 2.0 (FIRST), handling codes those of Europol, the grading that of Regulation (EU) 2016/794,
//! article 29; what may be done upon a message is our own, after the permitted actions of IEP 2.0 (FIRST). Labels are never
//! translated; what they mean stands in the catalogues of the page (`tlp_*`, `handling_*`, `permitted_*`, `grading_*`).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::text;

/// Handling markings of TLP 2.0, least strict first.
pub const MARKINGS: [&str; 5] = ["clear", "green", "amber", "amber+strict", "red"];
/// For the named people of a room and nobody else.
pub const RED: &str = "red";
/// The strictest marking that a channel everybody may join can carry: RED is for people who were named.
pub const OPEN_CEILING: &str = "amber+strict";
/// The strictest marking that leaves the platform.
pub const LEAVING: &str = "green";
/// Characters of the words of an H3 at most.
pub const RESTRICTION_MAX: usize = 300;
/// Characters of a content warning at most.
pub const WARNING_MAX: usize = 80;

/// The place of a marking in [`MARKINGS`]; `None` if there is none of that name.
pub fn strictness(marking: &str) -> Option<usize> {
    MARKINGS.iter().position(|known| *known == marking)
}

/// A marking as it is written wherever people read it: never translated (TLP 2.0).
pub fn label(marking: &str) -> String {
    format!("TLP:{}", marking.to_uppercase())
}

/// The stricter of two markings: what is handled by both is handled by this one. (What is no marking is the laxest.)
pub fn strictest<'a>(one: &'a str, other: &'a str) -> &'a str {
    if strictness(other) > strictness(one) { other } else { one }
}

/// Whether a room with this ceiling may hold what is marked so.
pub fn is_carried(marking: &str, ceiling: &str) -> bool {
    strictness(marking) <= strictness(ceiling)
}

/// Whether what is handled so may leave the platform in an export or in print, with its label and its reader's name on it: what
/// is for the community or for everybody (TLP 2.0: no more of AMBER leaves than its recipients' organisations need to know),
/// unless it isn't to be passed on (H2) or is to be acknowledged by each who reads it (H3).
pub fn may_leave(marking: &str, labels: &Labels) -> bool {
    is_carried(marking, LEAVING) && !labels.has(Code::H2) && !labels.has(Code::H3)
}

/// The strictest marking of what may be handed to somebody else's machine, as the setting `marking` of a section names it: the
/// least strict one where it names none.
///
/// # Errors
/// One sentence that names the key, for what is stricter than may leave.
pub fn allowance(section: &str, named: Option<&str>) -> Result<&'static str, String> {
    let named = named.unwrap_or(MARKINGS[0]);
    let known = MARKINGS.into_iter().find(|known| named.eq_ignore_ascii_case(known));
    known
        .filter(|known| is_carried(known, LEAVING))
        .ok_or_else(|| format!("{section}.marking: {named} is neither CLEAR nor GREEN, and nothing stricter leaves"))
}

/// Whether what is handled so may be handed to a machine of somebody else's, such as a translation service, where no more than
/// `allowance` is: not with a code of its own, nor what somebody warns of.
pub fn may_be_handed_over(marking: &str, allowance: &str, labels: &Labels) -> bool {
    is_carried(marking, LEAVING)
        && is_carried(marking, allowance)
        && labels.handling.is_empty()
        && labels.restriction.is_none()
        && labels.warning.is_none()
}

/// A handling code of Europol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Code {
    /// To prevent and fight crime, under the law that applies. What goes without saying has no code of its own.
    H0,
    /// Not in judicial proceedings without the permission of whoever gave it.
    H1,
    /// Not to be passed on without the permission of whoever gave it.
    H2,
    /// Other restrictions, in words, to be acknowledged before reading.
    H3,
}

/// What may be done upon a message, least strict first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ActLabel)]
pub enum Permitted {
    /// The child, the family and authorities may be contacted.
    Open,
    /// Act inside one's organisation, without alerting anyone concerned.
    Quiet,
    /// Ask the source first.
    #[default]
    Ask,
    /// Read only.
    None,
}

impl Permitted {
    /// Whether this is what goes without saying.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Whether this is a grading: source A, B, C or X, information 1 to 4, as in `B2`.
pub fn is_grading(text: &str) -> bool {
    matches!(text.as_bytes(), [b'A' | b'B' | b'C' | b'X', b'1'..=b'4'])
}

/// Why words are held back wherever many are shown together: they are asked for one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Withheld {
    /// For the named people of its room; who asks for it is noted.
    Red,
    /// Its restriction is to be acknowledged first.
    H3,
}

impl Withheld {
    /// What holds the words back of what is handled so, if anything.
    pub fn by(marking: &str, labels: &Labels) -> Option<Self> {
        match (marking, labels.has(Code::H3)) {
            (_, true) => Some(Self::H3),
            (RED, _) => Some(Self::Red),
            _ => None,
        }
    }
}

/// The labels of a message beside its marking. As they are by default they are not stored at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Labels {
    /// Handling codes, ascending; without any it is H0.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub handling: Vec<Code>,
    /// The words of an H3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restriction: Option<String>,
    /// What may be done upon it.
    #[serde(skip_serializing_if = "Permitted::is_default")]
    pub act: Permitted,
    /// Source and information, as in `B2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grading: Option<String>,
    /// What is hard to read in it: its words are covered until a reader wants them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

impl Labels {
    /// Whether there is this code.
    pub fn has(&self, code: Code) -> bool {
        self.handling.contains(&code)
    }

    /// These with other handling codes and other words of an H3, as somebody wishes them; what isn't named stays. Ascending, each code
    /// once, without H0, which goes without saying; words with an H3 alone.
    ///
    /// # Errors
    /// `restriction_missing`: an H3 without words that can be kept.
    pub fn coded(mut self, codes: Option<Vec<Code>>, words: Option<String>) -> Result<Self, &'static str> {
        self.handling = codes.unwrap_or(self.handling);
        self.handling.retain(|code| *code != Code::H0);
        self.handling.sort_unstable();
        self.handling.dedup();
        let words = words.or(self.restriction).filter(|_| self.handling.contains(&Code::H3));
        self.restriction = words.and_then(|words| text::line(&words, RESTRICTION_MAX));
        if self.has(Code::H3) && self.restriction.is_none() { Err("restriction_missing") } else { Ok(self) }
    }

    /// As they are stored; `None` for those that go without saying.
    pub fn stored(&self) -> Option<String> {
        if *self == Self::default() { None } else { serde_json::to_string(self).ok() }
    }

    /// As they were stored. What can't be read binds as strictly as can be: nothing may be done upon it, nor passed on.
    pub fn of(stored: Option<&str>) -> Self {
        let unreadable = || Self { handling: vec![Code::H1, Code::H2, Code::H3], act: Permitted::None, ..Self::default() };
        stored.map_or_else(Self::default, |json| serde_json::from_str(json).unwrap_or_else(|_| unreadable()))
    }

    /// These, bound by those of something that is repeated in it as well: every code, restriction and warning, the stricter act.
    /// The grading stays with what it was given to.
    #[must_use]
    pub fn bound_by(mut self, repeated: &Self) -> Self {
        self.handling.extend(&repeated.handling);
        self.handling.sort_unstable();
        self.handling.dedup();
        self.restriction = both(self.restriction, repeated.restriction.as_deref(), RESTRICTION_MAX);
        self.warning = both(self.warning, repeated.warning.as_deref(), WARNING_MAX);
        self.act = self.act.max(repeated.act);
        self
    }
}

/// One's own words with those of what is repeated, unless they say that already.
fn both(own: Option<String>, repeated: Option<&str>, max: usize) -> Option<String> {
    match (own, repeated) {
        (Some(own), Some(other)) if !own.contains(other) => Some(format!("{own} · {other}").chars().take(max).collect()),
        (own, other) => own.or_else(|| other.map(ToOwned::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_marking_wins_whichever_comes_first() {
        for (at, lax) in MARKINGS.iter().enumerate() {
            for strict in &MARKINGS[at..] {
                assert_eq!((strictest(lax, strict), strictest(strict, lax)), (*strict, *strict));
                assert!(is_carried(lax, strict));
                assert_eq!(is_carried(strict, lax), strict == lax);
            }
            assert_eq!((strictest("unheard of", lax), strictest(lax, "unheard of")), (*lax, *lax));
        }
        assert_eq!(strictest("unheard of", "unknown"), "unheard of");
    }

    #[test]
    fn a_label_is_written_as_the_standard_has_it() {
        assert_eq!((label("red").as_str(), label("amber+strict").as_str()), ("TLP:RED", "TLP:AMBER+STRICT"));
    }

    #[test]
    fn no_more_leaves_than_the_community_may_have() {
        let bound = |code| Labels { handling: vec![code], ..Labels::default() };
        for (marking, leaves) in [("clear", true), ("green", true), ("amber", false), ("amber+strict", false), (RED, false)] {
            assert_eq!(may_leave(marking, &Labels::default()), leaves, "{marking}");
            assert_eq!(may_leave(marking, &bound(Code::H1)), leaves, "{marking}: stamped");
            assert!(!may_leave(marking, &bound(Code::H2)) && !may_leave(marking, &bound(Code::H3)), "{marking}");
        }
    }

    #[test]
    fn nothing_with_a_label_is_handed_over() {
        for allowance in MARKINGS {
            for marking in MARKINGS {
                let allowed = marking == "clear" || marking == "green" && allowance != "clear";
                assert_eq!(may_be_handed_over(marking, allowance, &Labels::default()), allowed, "{marking}, up to {allowance}");
            }
        }
        let coded = [Code::H1, Code::H2, Code::H3].map(|code| Labels { handling: vec![code], ..Labels::default() });
        let warned = Labels { warning: Some("violence".into()), ..Labels::default() };
        for labels in coded.into_iter().chain([warned, Labels::of(Some("{"))]) {
            assert!(!may_be_handed_over("clear", LEAVING, &labels), "{labels:?}");
        }
    }

    #[test]
    fn an_h3_needs_words_and_nothing_else_has_any() {
        use Code::{H0, H1, H2, H3};
        let coded = |codes: &[Code], words: Option<&str>| {
            let labels = Labels::default().coded(Some(codes.to_vec()), words.map(Into::into))?;
            Ok::<_, &str>((labels.handling, labels.restriction))
        };
        assert_eq!(coded(&[H2, H0, H1, H2], Some("by nobody")), Ok((vec![H1, H2], None)));
        assert_eq!(coded(&[H3], Some("  Not by telephone ")), Ok((vec![H3], Some("Not by telephone".into()))));
        for words in [None, Some(" "), Some(&*"w".repeat(RESTRICTION_MAX + 1))] {
            assert_eq!(coded(&[H3], words), Err("restriction_missing"), "{words:?}");
        }
        let stands = Labels { handling: vec![H3], restriction: Some("ours".into()), ..Labels::default() };
        assert_eq!(stands.clone().coded(None, None), Ok(stands), "what isn't named stays");
    }

    #[test]
    fn what_goes_without_saying_is_not_stored() {
        assert_eq!(Labels::default().stored(), None);
        assert_eq!(Labels::of(None), Labels::default());
        let quiet = Labels { act: Permitted::Quiet, grading: Some("B2".into()), handling: vec![Code::H2], ..Labels::default() };
        assert_eq!(quiet.stored().as_deref(), Some(r#"{"handling":["h2"],"act":"quiet","grading":"B2"}"#));
        assert_eq!(Labels::of(quiet.stored().as_deref()), quiet);
        let held = Labels { handling: vec![Code::H2], ..Labels::default() };
        assert_eq!(held.stored().as_deref(), Some(r#"{"handling":["h2"]}"#));
        assert!(held.has(Code::H2) && !held.has(Code::H1) && !Labels::default().has(Code::H0));
    }

    #[test]
    fn what_can_not_be_read_binds_as_strictly_as_can_be() {
        let labels = Labels::of(Some("{"));
        assert!(labels.has(Code::H2) && labels.has(Code::H3) && labels.act == Permitted::None);
    }

    #[test]
    fn who_repeats_something_is_bound_by_it() {
        let own =
            Labels { act: Permitted::Open, handling: vec![Code::H3], restriction: Some("ours".into()), ..Labels::default() };
        let other = Labels {
            act: Permitted::Quiet,
            handling: vec![Code::H1, Code::H3],
            restriction: Some("theirs".into()),
            grading: Some("A1".into()),
            warning: Some("violence".into()),
        };
        let both = own.bound_by(&other);
        assert_eq!((both.handling.as_slice(), both.act), ([Code::H1, Code::H3].as_slice(), Permitted::Quiet));
        assert_eq!((both.restriction.as_deref(), both.grading.as_deref()), (Some("ours · theirs"), None));
        assert_eq!(both.warning.as_deref(), Some("violence"));
        let warned = Labels { warning: Some("w".repeat(WARNING_MAX - 4)), ..Labels::default() };
        assert_eq!(warned.bound_by(&both).warning, Some(format!("{} · v", "w".repeat(WARNING_MAX - 4))), "no longer than one");
        assert_eq!(Labels::default().bound_by(&both).act, Permitted::Ask);
        assert_eq!(both.clone().bound_by(&other).restriction, both.restriction, "who repeats it again repeats no words");
        assert!(Permitted::Open < Permitted::Quiet && Permitted::Quiet < Permitted::Ask && Permitted::Ask < Permitted::None);
    }

    #[test]
    fn a_grading_is_a_source_and_an_information() {
        assert!(["A1", "B2", "C3", "X4"].iter().all(|good| is_grading(good)));
        assert!(["", "A", "D1", "A5", "a1", "A12", "1A"].iter().all(|bad| !is_grading(bad)));
    }
}
