//! Recovery codes: pure. Ten of them, each good once, for the day the phone is gone.

use crate::base::secret;

/// Codes made at a time.
pub(super) const COUNT: usize = 10;
/// Letters of a code: 120 bits, of which OWASP ASVS 5.0, 6.5.2 asks for 112 where a plain hash is to keep them: nobody who
/// stole the hashes tries 2^120 codes.
const LETTERS: usize = 24;
/// Letters of the codes that were made before, 80 bits: they stay good until they are used or new ones are made.
const LETTERS_BEFORE: usize = 16;
/// Letters in a group.
const GROUP: usize = 4;
/// Crockford's base 32: no letter looks like another.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// New codes, as people write them down.
pub(super) fn make() -> Vec<String> {
    (0..COUNT).map(|_| spell(&secret::random::<LETTERS>())).collect()
}

fn spell(random: &[u8]) -> String {
    let letters: Vec<char> = random.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    letters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// What is kept of a code: the hash of its letters. `None` if this can't be one.
pub(super) fn hash(typed: &str) -> Option<[u8; 32]> {
    let letters: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        })
        .collect();
    let known = [LETTERS, LETTERS_BEFORE].contains(&letters.len()) && letters.bytes().all(|letter| ALPHABET.contains(&letter));
    known.then(|| secret::hash(&letters))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_many_different_and_readable() {
        let codes = make();
        assert_eq!(codes.iter().collect::<HashSet<_>>().len(), COUNT);
        for code in &codes {
            assert_eq!(code.len(), 29, "{code}");
            assert!(hash(code).is_some(), "{code}");
        }
    }

    #[test]
    fn a_code_of_sixteen_letters_is_still_one() {
        let kept = hash("0123-4567-89ab-cdef");
        assert_eq!(kept, Some(secret::hash("0123456789abcdef")));
        for typed in ["0123456789abcdef", " O123-4567-89AB-CDEF ", "0l23-4567-89ab-cdef"] {
            assert_eq!(hash(typed), kept, "{typed}");
        }
        for other in ["0123-4567-89ab-cdeu", "0123-4567-89ab-cdeff", "0123-4567-89ab-cde"] {
            assert_eq!(hash(other), None, "{other}");
        }
    }

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        let kept = hash("0123-4567-89ab-cdef-ghjk-mnpq");
        assert!(kept.is_some());
        for typed in ["0123456789abcdefghjkmnpq", " O123-4567-89AB-CDEF-GHJK-MNPQ ", "oi23 4567 89ab cdef ghjk mnpq"] {
            assert_eq!(hash(typed), kept, "{typed}");
        }
        for other in ["", "123456", "0123-4567-89ab-cdef-ghjk-mnpu", "0123-4567-89ab-cdef-ghjk-mnpqq"] {
            assert_eq!(hash(other), None, "{other}");
        }
    }
}
