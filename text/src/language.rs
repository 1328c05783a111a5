//! The language of a text: by its script, by letters that only some languages have, and by the small words that no
//! sentence does without. What is said in letters alone is equal with and without marks, so the words are folded.

use std::sync::LazyLock;

use crate::fold::{fold, words};

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
        match self {
            Albanian => 0,
            SouthSlavic => 1,
            Bulgarian => 2,
            Macedonian => 3,
            Romanian => 4,
            Greek => 5,
            English => 6,
            French => 7,
        }
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

/// Every small word of the lists below with the languages that have it, sorted.
static SMALL_WORDS: LazyLock<Vec<(&str, Vec<Language>)>> = LazyLock::new(|| {
    let mut all: Vec<(&str, Vec<Language>)> = Vec::new();
    for (language, list) in LISTS {
        for word in list.split_whitespace() {
            match all.iter_mut().find(|(known, _)| *known == word) {
                Some((_, languages)) => languages.push(language),
                None => all.push((word, vec![language])),
            }
        }
    }
    all.sort_unstable_by_key(|(word, _)| *word);
    all
});

/// Articles, pronouns, prepositions, conjunctions and auxiliary verbs of each language, as folding spells them. Greek needs
/// none: it is alone with its script.
const LISTS: [(Language, &str); 7] = [
    (
        Albanian,
        "ai ajo ata ato cdo cfare cila cilat cilet cili deri dhe disa do duhet duke e edhe eshte i ishte ishin ja jane je
         jemi jo ju ka kam kane kemi keni kete keto kjo ku kur ky me mbi mes midis mund na ndaj ne nen nese nga nje nuk nuk
         ose pa para pas per po por prej pse qe rreth s sa saj se sepse si sipas sot te tek tij tjera tjeter tone tuaj tyre u
         une vetem yne",
    ),
    (
        SouthSlavic,
        "a ali ako bez bi bio bila bilo biti bice ce cemo da dali dok do ga gde gdje i ih ili im ima imaju imamo iz izmedju
         jer je jos ju kad kada kako kao ko koga koja koje koji kojoj kojem kojim kojima koju kod kroz li mi moze mogu moraju
         mozete mu na nad nakon nama nas nase nasa ne nema nego nije nisu nisam nismo njega njih njihov o od on ona oni ono
         osim ova ovaj ove ovo ovog pa po pod posle poslije pre prema preko pri prije radi sa sam samo se smo ste sto su sva
         sve svi svoje svoju ta tada taj te ti to tog tome toga treba tu u uz vas vase vec vi vrlo za zasto zbog zato zeli
         znaci",
    ),
    (
        Bulgarian,
        "a ako az bez beshe bese bil bila bili bjaha bade badat v vav vas vasa vece vie vinagi vse vsicki vsjaka vsjaki ce cesto
         cij da dali dnes do dokato dori e edin edna edno edni za zasto zastoto i iz ili im ima imat ja kade kak kakvo kakto
         kam kato koga kogato kojto kojato koeto koito koj li me mezdu mi mnogo mu moga moze mogat na nad nas nasa nasata ne
         nego neja nesto ni nie nikoj no njakoj njama o ot obace oste pak po pod pri prez pred predi prosto s sa sam samo se
         sega si sled som ste stom su tazi taka takiva tam te tezi ti to tova togava toj tozi trjabva tuk tja tjah u c caka
         ceresto",
    ),
    (
        Macedonian,
        "a ako bez bese bea bi bide bidat bile biloe vas vasa vie vo vrz ve gi go da dali deka do dodeka duri e edna edno edni
         eden za zosto i iz ili im ima imaat imame istoto ja jas kaj kako kade kje koga koe koi koj koja koga kon li me megju
         mi mnogu mozat moze mora mu na nad nasa nas ne nego nejze nekoj nema ni nie niv nivni no nego od odi okolu onaa onoj
         otkako ovaa ovie ova ovoj po pod pokraj poradi pred preku pri pritoa se sega sekoj site samo so spored sto sum sme ste
         taa taka tamu te tie toa togas toj treba tuka u ce uste",
    ),
    (
        Romanian,
        "a acea aceea acest aceasta aceste acestea acestia acestor acestui acolo ai aici al ale am ar are as asa asta atunci au
         avea avem ca cand care carei caror catre ce cea cei cel cele celor chiar cine cu cum da daca dar de deci deja despre
         din dintre doar dupa ea ei el ele era erau este eu face fara fi fie fiecare fiind foarte fost iar ii il in inca intr
         intre isi la le li lor lui lucru mai mea mei multe multi ne ni nici noastra noastre nostru noi nu o ori pana pe pentru
         peste poate pot prin printr s sa sai sau se si spre sub sunt te toate tot toti trebuie un una unde unei unele unor unui
         va vom vor vreau",
    ),
    (
        English,
        "a about after all also an and any are as at be because been before being but by can could did do does for from had has
         have he her here him his how i if in into is it its just may me more must my need no not now of on once one or our out
         over own please she should since so some such than that the their them then there these they this those to today two
         under until up us very was we were what when where which while who whom whose why will with within would yes you your",
    ),
    (
        French,
        "a afin ai ainsi alors apres au aucun aussi autre autres aux avant avec avez avoir avons c car ce cela celle celles celui
         ces cet cette ceux chaque chez comme contre d dans de des deja depuis donc dont du elle elles en encore entre est et
         etait ete etre eu eux faut ici il ils j je jusqu l la le les leur leurs lors lorsque lui m ma mais meme merci mes moi
         moins mon n ne ni nos notre nous on ont ou par parce pas pendant peu peut peuvent plus pour pourquoi qu quand que quel
         quelle quelles quels qui s sa sans se selon sera ses si soit son sont sous sur ta tout toute toutes tous tres un une vers
         vos votre vous y",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_folded() {
        for (word, languages) in SMALL_WORDS.iter() {
            assert_eq!(fold(word), *word);
            let mut once = languages.clone();
            once.dedup();
            assert!(!languages.is_empty());
        }
    }

    #[test]
    fn codes_lead_back() {
        for language in Language::ALL {
            assert_eq!(Language::of_code(language.code()), Some(language));
            assert_eq!(Language::ALL[language.place()], language);
        }
        assert_eq!(Language::of_code("tr"), None);
    }
}
