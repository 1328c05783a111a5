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

/// Articles, pronouns, adverbs, prepositions, conjunctions and auxiliary verbs of each language, as folding spells them. Greek needs
/// none: it is alone with its script.
const LISTS: [(Language, &str); 7] = [
    (
        Albanian,
        "ai ajo ata atje ato behet cdo cfare cila cilat cilet cili deri dhe dikush disa dje do duhet duke e edhe eshte
         faleminderit i ishin ishte ja jane je jemi jo ju ka kam kane kemi keni kete keto ketu kishte kjo ku kur kush ky lidhur
         mbi me mes midis mire mund mundet na ndaj ndonje ne nen nese neser nga nje njeri nuk ose pa para pas per pershendetje
         po por pra prane prej pse qe qene rreth s sa saj se sepse si sipas sone sot tani te tek tij tjera tjeter tone tuaj
         tyre u une vetem yne",
    ),
    (
        SouthSlavic,
        "a ako ali bez bi bice bila bili bilo bio bismo biti blizu ce cemo da dali danas do dok ga gde gdje hoce hvala i ih ili
         im ima imaju imam imamo iz izmedju ja je jedan jedna jedno jer jesmo jeste jesu jos ju juce jucer kad kada kako kao ko
         kod koga koja koje kojem koji kojim kojima kojoj koju kome kroz li mi mogu molim mora moraju moze mozete mu na nad
         nakon nam nama nas nasa nase nece necemo nego neki neko nekoliko nema netko nije nisam nisi nismo nisu njega njegov
         njen njih njihov o od odmah oko on ona oni ono osim ova ovaj ovde ovdje ove ovo ovog pa po pod posle poslije pre preko
         prema pri prije radi s sa sad sada sam samo se smo sta ste sto su sutra sva svaki sve svi svih svoje svoju ta tada taj
         tamo te ti to tog toga tome treba trebamo tu u uz vam vas vasa vase vec vi vrlo za zasto zato zbog zeli zelim",
    ),
    (
        Bulgarian,
        "a ako az badat bade be beha bese bez bil bila bili bjaha blagodarja blizo ce cesto da dali dnes do dokato dori e edin
         edna edni edno i ili im ima imame imat iz ja kade kak kakto kakvo kam kato koeto koga kogato koito koj kojato kojto li
         me mezdu mi mnogo moga mogat molja moze mu na nad nas nasa nasata ne nego neja nejnata nejnijat neka nesto ni nie
         nikoj njakoj njama o okolo oste ot pak po pod pred predi prez pri s sa sam samo se sega si sled ste taka tam tazi te
         tezi ti tja tjah to togava toj tova tozi trjabva tuk u utre v vas vasa vav vcera vece vie vinagi vse vseki vsicki
         vsjaka vsjaki za zasto zastoto",
    ),
    (
        Macedonian,
        "a ako bea bese bez bi bidat bide bile blagodaram blizu da dali deka denes do dodeka duri e eden edna edni edno gi go i
         ili im ima imaat imame imate istoto iz ja jas kade kaj kako ke kje koe koga koi koj koja kon li me megju mi mnogu
         molam mora mozat moze mu na nad nas nasa nasiot ne nego nejze nejziniot nekoj nekoja nema ni nie niv nivniot no od
         okolu on onaa onoj otkako ova ovaa ovde ovie ovoj pa po pod pokraj poradi pred preku pri pritoa sakame samo se sega
         sekoj site sme so spored ste sto sum taa taka tamu te tie toa togas toj treba tuka u uste utre vas vasa vcera ve vie
         vo vrz za zosto",
    ),
    (
        Romanian,
        "a acea aceasta aceea acest aceste acestea acestia acestor acestui acolo acum ai aici al ale am ar are as asa asta
         atunci au avea avem aveti azi buna ca cand care carei caror catre ce cea cei cel cele celor chiar cine cineva cu cum
         da daca dar de deci deja despre din dintre doar dupa ea ei el ele era erau este eu face fara fi fie fiecare fiind
         foarte fost iar ieri ii il in inca intr intre isi la langa le li lor lui mai maine mea mei multe multi multumesc ne ni
         nici nimeni noastra noastre noi nostru nu o ori pana pe pentru peste poate pot prin printr s sa sai sau se si spre sub
         sunt te toate tot toti trebuie un una unde unei unele unor unui va vom vor vreau",
    ),
    (
        English,
        "a about after again all also an and any anybody anyone are as at be because been before being but by can could did do
         does for from had has have he hello her here him his how i if in into is it its just may me more must my near need no
         not now of on once one or our out over own please she should since so some somebody someone such than thanks that the
         their them then there these they this those to today tomorrow two under until up us very was we were what when where
         which while who whom whose why will with within would yes yesterday you your",
    ),
    (
        French,
        "a afin ai ainsi alors apres au aucun aujourd aussi autre autres aux avant avec avez avoir avons bonjour c car ce cela
         celle celles celui ces cet cette ceux chaque chez comme comment contre d dans de deja demain depuis des deux doit donc
         dont du elle elles en encore entre est et etait ete etre eu eux faut hier hui ici il ils j je jusqu l la le les leur
         leurs lors lorsque lui m ma maintenant mais meme merci mes moi moins mon n ne ni nos notre nous on ont ou par parce
         pas pendant personne peu peut peuvent plus pour pourquoi pres qu quand que quel quelle quelles quelqu quels qui s sa
         sans se selon sera ses si soit son sont sous sur ta tous tout toute toutes tres un une vers vos votre vous y",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_folded_sorted_and_single() {
        for (language, list) in LISTS {
            assert_eq!(fold(list), list);
            assert!(list.split_whitespace().collect::<Vec<_>>().is_sorted_by(|one, next| one < next), "{language:?}");
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
