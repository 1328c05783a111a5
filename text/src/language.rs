//! The language of a text: by its script, by letters that only some languages have, and by the small words that no
//! sentence does without. What is said in letters alone is equal with and without marks, so the words are folded.

use crate::fold::{fold, words};
use crate::small_words::SMALL_WORDS;

/// A language that words are found in. Bosnian, Croatian, Montenegrin and Serbian are one group: what is written in one
/// is found in the others, in both scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Albanian.
    Albanian,
    /// Bosnian, Croatian, Montenegrin and Serbian, in Latin and in Cyrillic letters.
    SouthSlavic,
    /// Bulgarian.
    Bulgarian,
    /// Macedonian.
    Macedonian,
    /// Romanian.
    Romanian,
    /// Greek.
    Greek,
    /// English.
    English,
    /// French.
    French,
}

use Language::{Albanian, Bulgarian, English, French, Greek, Macedonian, Romanian, SouthSlavic};

impl Language {
    /// All of them, in the order in which they are declared.
    pub const ALL: [Self; 8] = [Albanian, SouthSlavic, Bulgarian, Macedonian, Romanian, Greek, English, French];

    /// The code it has on the wire: that of ISO 639-1, and `bcms` for the group.
    pub fn code(self) -> &'static str {
        match self {
            Albanian => "sq",
            SouthSlavic => "bcms",
            Bulgarian => "bg",
            Macedonian => "mk",
            Romanian => "ro",
            Greek => "el",
            English => "en",
            French => "fr",
        }
    }

    /// The language of a code that the region uses.
    pub fn of_code(code: &str) -> Option<Self> {
        Some(match code {
            "sq" => Albanian,
            "bcms" | "bs" | "cnr" | "hr" | "sr" | "sr-Cyrl" | "sr-Latn" => SouthSlavic,
            "bg" => Bulgarian,
            "mk" => Macedonian,
            "ro" => Romanian,
            "el" => Greek,
            "en" => English,
            "fr" => French,
            _ => return None,
        })
    }

    /// Its place in [`Self::ALL`].
    fn place(self) -> usize {
        self as usize
    }
}

/// The language of a text, as far as it says one. `hint` is what its author chose for themselves: it decides between
/// languages that lie close together, and where the text says nothing. `None` if nothing is known.
pub fn language(text: &str, hint: Option<Language>) -> Option<Language> {
    of_folded(text, &fold(text), hint)
}

/// [`language`] of a text that is folded already.
pub(crate) fn of_folded(text: &str, folded: &str, hint: Option<Language>) -> Option<Language> {
    let letters = Letters::of(text);
    let candidates: &[Language] = match letters.script()? {
        Script::Greek => return Some(Greek),
        Script::Cyrillic => &[SouthSlavic, Bulgarian, Macedonian],
        Script::Latin => &[Albanian, SouthSlavic, Romanian, English, French],
    };
    let mut scores = letters.scores;
    for word in words(folded) {
        if letters.cyrillic > 0 {
            for (one, weight) in article(word) {
                scores[one.place()] += weight;
            }
        }
        let Ok(at) = SMALL_WORDS.binary_search_by_key(&word, |(word, _)| word) else { continue };
        let sharing = &SMALL_WORDS[at].1;
        let held = || sharing.iter().filter(|one| candidates.contains(one));
        let weight = WEIGHTS.get(held().count()).copied().unwrap_or_default();
        held().for_each(|one| scores[one.place()] += weight);
    }
    if let Some(hint) = hint.filter(|hint| candidates.contains(hint)) {
        scores[hint.place()] += HINT;
    }
    let best = candidates.iter().map(|one| scores[one.place()]).max().filter(|best| *best > 0);
    let Some(best) = best else {
        // Bulgarian and Macedonian are written in Latin letters, too, where there is no other keyboard.
        return hint.filter(|hint| *hint != Greek && letters.script() == Some(Script::Latin));
    };
    let mut leading = candidates.iter().copied().filter(|one| scores[one.place()] == best);
    let first = leading.next();
    if leading.next().is_some() { None } else { first }
}

/// What a small word says: by how many languages of the script have it.
const WEIGHTS: [u32; 4] = [0, 4, 2, 1];
/// What the author's choice says: more than a word that two languages share, less than one that is only the other's.
const HINT: u32 = 3;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Greek,
}

/// The letters of a text: how many of each script, and what the rare ones say.
#[derive(Default)]
struct Letters {
    latin: u32,
    cyrillic: u32,
    greek: u32,
    scores: [u32; 8],
}

impl Letters {
    fn of(text: &str) -> Self {
        let mut letters = Self::default();
        for c in text.chars() {
            match c {
                'a'..='z' | 'A'..='Z' => letters.latin += 1,
                '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => {
                    letters.latin += 1;
                    letters.say(latin_letter(c));
                }
                '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => letters.greek += 1,
                '\u{400}'..='\u{52F}' => {
                    letters.cyrillic += 1;
                    letters.say(cyrillic_letter(c));
                }
                _ => {}
            }
        }
        letters
    }

    fn say(&mut self, said: &[(Language, u32)]) {
        for (language, weight) in said {
            self.scores[language.place()] += weight;
        }
    }

    /// The script that most letters are of.
    fn script(&self) -> Option<Script> {
        let most = self.latin.max(self.cyrillic).max(self.greek);
        if most == 0 {
            None
        } else if self.greek == most {
            Some(Script::Greek)
        } else if self.cyrillic == most {
            Some(Script::Cyrillic)
        } else {
            Some(Script::Latin)
        }
    }
}

/// What a Cyrillic letter says: the Serbian and the Macedonian alphabet have љ њ џ ј, one of the two has ђ ћ or ѓ ќ ѕ, and
/// only the Bulgarian of the three has the others.
fn cyrillic_letter(c: char) -> &'static [(Language, u32)] {
    match c {
        'ђ' | 'ћ' | 'Ђ' | 'Ћ' => &[(SouthSlavic, 6)],
        'љ' | 'њ' | 'џ' | 'ј' | 'Љ' | 'Њ' | 'Џ' | 'Ј' => &[(SouthSlavic, 2), (Macedonian, 2)],
        'ѓ' | 'ќ' | 'ѕ' | 'ѝ' | 'Ѓ' | 'Ќ' | 'Ѕ' => &[(Macedonian, 6)],
        'ъ' | 'щ' | 'ь' | 'ю' | 'я' | 'й' | 'Ъ' | 'Щ' | 'Ь' | 'Ю' | 'Я' | 'Й' => &[(Bulgarian, 4)],
        _ => &[],
    }
}

/// What the end of a longer word in Cyrillic letters says: Serbian has no article.
fn article(word: &str) -> &'static [(Language, u32)] {
    let ends = |ends: &[&str]| word.len() > 4 && ends.iter().any(|end| word.ends_with(end));
    if ends(&["ata", "ite", "oto", "eto"]) {
        &[(Bulgarian, 2), (Macedonian, 2)]
    } else if ends(&["ot"]) {
        &[(Macedonian, 2)]
    } else if ends(&["at"]) {
        &[(Bulgarian, 1)]
    } else {
        &[]
    }
}

/// What a Latin letter with a mark says.
fn latin_letter(c: char) -> &'static [(Language, u32)] {
    match c {
        'ë' | 'Ë' => &[(Albanian, 3)],
        'ç' | 'Ç' => &[(Albanian, 1), (French, 1)],
        'č' | 'ć' | 'š' | 'ž' | 'đ' | 'Č' | 'Ć' | 'Š' | 'Ž' | 'Đ' => &[(SouthSlavic, 4)],
        'ă' | 'ș' | 'ț' | 'ş' | 'ţ' | 'Ă' | 'Ș' | 'Ț' | 'Ş' | 'Ţ' => &[(Romanian, 4)],
        'â' | 'î' | 'Â' | 'Î' => &[(Romanian, 2), (French, 1)],
        'é' | 'è' | 'ê' | 'à' | 'ù' | 'û' | 'ô' | 'œ' | 'É' | 'È' | 'Ê' | 'À' | 'Ô' | 'Œ' => &[(French, 3)],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lead_back() {
        for language in Language::ALL {
            assert_eq!(Language::of_code(language.code()), Some(language));
            assert_eq!(Language::ALL[language.place()], language);
        }
        assert_eq!(Language::of_code("tr"), None);
    }
}
