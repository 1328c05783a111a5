//! Closed lists of campaigns. Places in lists that are stored as bits never change: what is new comes last.

/// The countries as bits.
pub(super) const COUNTRIES: [&str; 11] = ["AL", "BA", "BG", "HR", "XK", "MK", "MD", "ME", "RO", "RS", "GR"];
/// Age bands of an audience, as bits.
pub(super) const AGES: [&str; 6] = ["0-5", "6-9", "10-13", "14-15", "16-17", "adults"];
/// Where an audience is met, as bits.
pub(super) const SETTINGS: [&str; 10] =
    ["school", "street", "family", "institution", "reception", "online", "border", "community", "workplace", "professionals"];
/// What a campaign is to bring about.
pub(super) const AIMS: [&str; 5] = ["inform", "change_behaviour", "report", "reduce_demand", "shift_norms"];
/// By what it reaches its audience.
pub(super) const CHANNELS: [&str; 11] =
    ["school", "street", "press", "radio", "television", "social_media", "messaging", "transport", "events", "peers", "print"];
/// What a year of it costs.
pub(super) const BUDGETS: [&str; 3] = ["low", "medium", "high"];
/// Under which licence a material may be copied.
pub(super) const LICENCES: [&str; 5] = ["cc-by", "cc-by-sa", "cc-by-nc", "own", "ask"];
/// The lines of the region that a call to action can name: the child helpline, the line for missing children.
pub(super) const HELPLINES: [&str; 2] = ["116111", "116000"];
/// The languages of its text.
pub(super) const LANGUAGES: [&str; 12] = ["en", "fr", "sq", "bs", "hr", "cnr", "sr-Latn", "sr-Cyrl", "bg", "mk", "ro", "el"];

/// Codes as bits of their list.
///
/// # Errors
/// `tag_unknown` for what isn't in it.
pub(super) fn bits(codes: &[impl AsRef<str>], list: &[&str]) -> Result<i64, &'static str> {
    codes.iter().try_fold(0, |bits, code| {
        let place = list.iter().position(|known| *known == code.as_ref()).ok_or("tag_unknown")?;
        Ok(bits | 1 << place)
    })
}

/// The codes of these bits, in the order of their list.
pub(super) fn of_bits(bits: i64, list: &[&'static str]) -> Vec<&'static str> {
    list.iter().enumerate().filter(|(place, _)| bits & 1 << place != 0).map(|(_, code)| *code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{ALL_COUNTRIES, GLOSSARY_LANGUAGES};

    #[test]
    fn every_country_and_language_has_its_place() {
        assert!(ALL_COUNTRIES.iter().all(|country| COUNTRIES.contains(&country.code.as_str())));
        assert_eq!(ALL_COUNTRIES.len(), COUNTRIES.len());
        assert!(GLOSSARY_LANGUAGES.iter().all(|language| LANGUAGES.contains(language)));
    }

    #[test]
    fn codes_become_bits_and_codes_again() {
        let bits = bits(&["16-17", "0-5", "16-17"], &AGES).expect("known");
        assert_eq!(bits, 0b1_0001);
        assert_eq!(of_bits(bits, &AGES), ["0-5", "16-17"]);
        assert_eq!(super::bits(&["17"], &AGES), Err("tag_unknown"));
        assert_eq!(of_bits(0, &COUNTRIES), Vec::<&str>::new());
    }
}
