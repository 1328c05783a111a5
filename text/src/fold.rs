//! Folding: one spelling for what is equal to a reader.

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Lower case, no accents, Cyrillic in Latin letters, đ as dj, ı as i, final sigma as sigma: what is equal to a reader
/// is equal here. Folding twice is folding once.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if text.is_ascii() {
        out.extend(text.chars().map(|c| c.to_ascii_lowercase()));
    } else if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        spell(text.chars(), &mut out);
    } else {
        // Letters whose mark is the letter (й, ѓ, ќ) must be met before the marks are taken off.
        spell(text.nfc(), &mut out);
    }
    out
}

/// The words of a folded text, as the index cuts them.
pub fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn spell(chars: impl Iterator<Item = char>, out: &mut String) {
    for c in chars {
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase());
        } else {
            c.to_lowercase().for_each(|c| letter(c, out));
        }
    }
}

/// A small letter with its marks; what it is compatible with may be capitals or Cyrillic again (™, ᵸ).
fn letter(c: char, out: &mut String) {
    if settle(c, out) {
        return;
    }
    for part in std::iter::once(c).nfkd().filter(|part| !is_combining_mark(*part)) {
        for part in part.to_lowercase() {
            if !settle(part, out) {
                out.push(part);
            }
        }
    }
}

/// Writes a letter that needs no taking apart.
fn settle(c: char, out: &mut String) -> bool {
    match (latin(c), c) {
        (Some(letters), _) => out.push_str(letters),
        (None, 'ς') => out.push('σ'),
        (None, 'α'..='ω') => out.push(c),
        (None, _) if c.is_ascii() => out.push(c),
        (None, _) => return false,
    }
    true
}

/// The Latin letters for a Cyrillic one of Serbian, Macedonian or Bulgarian, and for letters that have no accent to lose.
fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'а' | 'ъ' => "a",
        'б' => "b",
        'в' => "v",
        'г' => "g",
        'д' => "d",
        'ђ' | 'đ' | 'ð' => "dj",
        'ѓ' => "gj",
        'е' | 'ѐ' | 'э' | 'ё' => "e",
        'ж' | 'з' => "z",
        'ѕ' | 'џ' => "dz",
        'и' | 'ѝ' | 'і' | 'ї' | 'ı' | 'ы' => "i",
        'й' | 'ј' => "j",
        'к' => "k",
        'л' | 'ł' => "l",
        'љ' => "lj",
        'м' => "m",
        'н' => "n",
        'њ' => "nj",
        'о' | 'ø' => "o",
        'п' => "p",
        'р' => "r",
        'с' | 'ш' => "s",
        'т' => "t",
        'ћ' | 'ц' | 'ч' => "c",
        'ќ' => "kj",
        'у' => "u",
        'ф' => "f",
        'х' => "h",
        'щ' => "st",
        'ь' => "",
        'ю' => "ju",
        'я' => "ja",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serbian_is_equal_in_both_scripts() {
        assert_eq!(fold("Жртве трговине децом"), fold("žrtve trgovine decom"));
        assert_eq!(fold("Њујорк, џеп, ћирилица, ђак"), fold("Njujork, džep, ćirilica, đak"));
    }

    #[test]
    fn greek_needs_no_accents_and_no_small_letters() {
        assert_eq!(fold("Εμπορία ανθρώπων, ΟΔΟΣ"), fold("εμπορια ανθρωπων, οδος"));
    }

    #[test]
    fn romanian_and_albanian_need_no_marks() {
        assert_eq!(fold("ușor, fëmijë, İstanbul, ığdır"), "usor, femije, istanbul, igdir");
    }

    #[test]
    fn marks_of_their_own_fold_as_one_with_their_letter() {
        assert_eq!(fold("Đura, c\u{30C}eka, и\u{306}"), "djura, ceka, j");
    }

    #[test]
    fn no_mark_and_no_disguise_keeps_a_letter_in_its_script() {
        assert_eq!(fold("вода\u{301}, а\u{306}, ᵸ, ™, ǽ"), "voda, a, n, tm, ae");
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for text in ["Đorđe", "ЩЪРБ", "Ξένος ς", "ﬁle ĳ", "ǅ"] {
            assert_eq!(fold(&fold(text)), fold(text), "{text}");
        }
        for c in '\0'..=char::MAX {
            let once = fold(c.encode_utf8(&mut [0; 4]));
            assert_eq!(fold(&once), once, "{c:?}");
        }
    }
}
