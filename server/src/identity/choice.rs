//! What may be chosen as a password: pure.

use crate::base::text;
use crate::vocabulary::ALL_COUNTRIES;

/// Characters of a password at least: NIST SP 800-63B-4, 3.1.1.2 asks for 15 where the password may be the only factor.
/// It asks for 8 beside a second one, but a factor that is lost or removed must not leave a short password behind.
pub const PASSWORD_MIN: usize = 15;
/// Below this it is the length that is wrong with a password, whatever else is.
const SHORT: usize = 8;
/// Characters of a piece that a password may not merely repeat.
const PIECE_MAX: usize = 8;
/// Characters that may follow the repeated pieces and make nothing better: a year's two digits, a sign.
const TAIL_MAX: usize = 3;
/// Letters and digits there must be beside what is guessed first.
const BESIDE_MIN: usize = 4;
/// Letters of a word of a name or address that is looked for: shorter ones are in many words.
const WORD_MIN: usize = 3;
/// What everybody here has in mind.
const PLATFORM: &str = "egida";
/// Characters of a password at most, so that hashing a gift of megabytes costs nothing.
pub const PASSWORD_MAX: usize = 256;

/// The five thousand most common passwords of 15 characters and more, folded and sorted, and some shorter ones of the
/// region. `common-passwords.md` says where they come from.
const COMMON_PASSWORDS: &str = include_str!("common-passwords.txt");

/// What is wrong with a new password of whoever has this address and name, as a problem code. No composition rules:
/// length and a block-list (NIST SP 800-63B-4, 3.1.1.2).
pub fn password_problem(password: &str, email: &str, name: &str) -> Option<&'static str> {
    let length = password.chars().count();
    if length > PASSWORD_MAX {
        return Some("password_too_long");
    }
    let folded = text::fold(password);
    let common = is_listed(&folded) || is_guessed(&folded, email, name) || repeats(&folded);
    match (length >= PASSWORD_MIN, common) {
        (_, true) if length >= SHORT => Some("password_too_common"),
        (false, _) => Some("password_too_short"),
        _ => None,
    }
}

/// Whether it is one of those that are tried first. A look through the whole list takes a hundredth of what hashing
/// takes, and nothing is kept in memory for it.
fn is_listed(folded: &str) -> bool {
    COMMON_PASSWORDS.lines().any(|line| line == folded)
}

/// Whether there is next to nothing in it beside whose account it is, the countries and what it is for: that is guessed
/// first.
fn is_guessed(folded: &str, email: &str, name: &str) -> bool {
    let (name, email) = (text::fold(name), text::fold(email));
    let local = email.split('@').next().unwrap_or_default();
    let own = name.split(|c: char| !c.is_alphanumeric()).chain(local.split(|c: char| !c.is_alphanumeric()));
    let countries = ALL_COUNTRIES
        .iter()
        .flat_map(|country| [&country.name.en, &country.name.fr])
        .map(|name| text::fold(name.trim_end_matches('*')));
    let mut words: Vec<String> = std::iter::once(local).chain(own).map(ToOwned::to_owned).chain(countries).collect();
    words.push(PLATFORM.into());
    words.retain(|word| word == local || word.chars().count() >= WORD_MIN);
    // The longest first, so that no part of a word is left over.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let beside = words.iter().filter(|word| !word.is_empty()).fold(folded.to_owned(), |rest, word| rest.replace(word, ""));
    beside.chars().filter(|c| c.is_alphanumeric()).count() < BESIDE_MIN
}

/// Whether a text is one short piece over and over: `aaaaaa`, `passwordpassword`, `1231231`; also with a short tail.
fn repeats(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let is_one_piece = |letters: &[char]| {
        (1..=PIECE_MAX.min(letters.len() / 2)).any(|piece| letters.iter().zip(&letters[piece..]).all(|(one, other)| one == other))
    };
    (0..=TAIL_MAX.min(letters.len())).any(|tail| is_one_piece(&letters[..letters.len() - tail]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_and_not_common() {
        assert_eq!(password_problem("short", "a@b.ro", "Ana Pop"), Some("password_too_short"));
        assert_eq!(password_problem(&"x".repeat(300), "a@b.ro", "Ana Pop"), Some("password_too_long"));
        assert_eq!(password_problem("password1234", "a@b.ro", "Ana Pop"), Some("password_too_common"));
        assert_eq!(password_problem("aaaaaaaaaaaaaa", "a@b.ro", "Ana Pop"), Some("password_too_common"));
        assert_eq!(password_problem("anamaria.popescu12", "anamaria.popescu@b.ro", "Ana Pop"), Some("password_too_common"));
        assert_eq!(password_problem("four calm herons walk", "a@b.ro", "Ana Pop"), None);
    }

    #[test]
    fn fourteen_characters_are_one_too_few_and_repeating_adds_none() {
        assert_eq!(password_problem("calm herons wa", "a@b.ro", "Ana Pop"), Some("password_too_short"));
        assert_eq!(password_problem("calm herons wal", "a@b.ro", "Ana Pop"), None);
        assert_eq!(password_problem("ab", "ab@b.ro", "Ana Pop"), Some("password_too_short"));
        for piece in ["abcabcabcabcabcabc", "heron12 heron12 heron12 ", "zzzzzzzzzzzzzzzz", "egidaegidaegida12"] {
            assert_eq!(password_problem(piece, "a@b.ro", "Ana Pop"), Some("password_too_common"), "{piece}");
        }
    }

    #[test]
    fn the_most_common_ones_of_that_length_are_refused() {
        // OWASP ASVS 5.0, 6.2.4: at least the 3,000 most common passwords that match our own rules.
        let long: Vec<_> = COMMON_PASSWORDS.lines().filter(|line| line.chars().count() >= PASSWORD_MIN).collect();
        assert!(long.len() >= 3_000, "{}", long.len());
        for password in COMMON_PASSWORDS.lines() {
            for typed in [password.to_owned(), password.to_uppercase()] {
                assert_eq!(password_problem(&typed, "a@b.ro", "Ana Pop"), Some("password_too_common"), "{typed}");
            }
        }
    }

    #[test]
    fn the_list_is_sorted_and_folded_and_holds_no_address() {
        let lines: Vec<_> = COMMON_PASSWORDS.lines().collect();
        assert!(lines.windows(2).all(|pair| pair[0] < pair[1]));
        for line in lines {
            assert!(text::fold(line) == line && !line.contains('@') && line.chars().count() >= SHORT, "{line}");
        }
    }

    #[test]
    fn what_is_known_of_its_owner_makes_no_password() {
        let problem = |password| password_problem(password, "ana.popescu@justitie.example", "Ana-Maria Ionescu");
        for guessed in
            ["Popescu-Ionescu-1", "anamariaionescu12", "Ionescu România 24", "Bosnie-Herzégovine!!", "ana.popescu ionescu egida"]
        {
            assert!(problem(guessed).is_some(), "{guessed}");
        }
        for fine in ["Popescu grows tulips", "Moldova has calm herons", "egida demo region"] {
            assert_eq!(problem(fine), None, "{fine}");
        }
    }
}
