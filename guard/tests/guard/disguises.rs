//! Numbers written so that no program reads them: of 200 disguises of each blocked kind at least 99 % are blocked.

use crate::support::dice::Dice;
use crate::support::made_up::{BLOCKED, id, value};
use crate::support::{disguise, rows, setting};
use egida_guard::{Kind, Severity, joined, scan};

const VARIANTS: usize = 200;

/// Kinds that are blocked only where a word announces them.
const NEED_A_WORD: [&str; 7] = ["oib", "lnch", "idnp", "afm", "gr_pa", "xk_pn", "al_nid"];

/// A word that announces the kind, itself disguised now and then.
fn word(kind: &str, dice: &mut Dice) -> String {
    let all: Vec<&str> =
        rows().filter(|row| row("id") == id(kind)).flat_map(|row| row("context_words").split(", ").collect::<Vec<_>>()).collect();
    let word = *dice.pick(&all);
    match dice.below(4) {
        0 => word.to_uppercase(),
        1 => disguise::alike(&word.to_uppercase(), dice),
        _ => word.into(),
    }
}

/// A text of one or two messages with the disguised number in it.
fn hidden(kind: &str, at: usize, dice: &mut Dice) -> Vec<String> {
    let plain = value(kind, dice);
    let zone = kind.starts_with("mrz");
    let lettered = ["iban", "mrz_td3", "mrz_td1", "gr_pa", "al_nid", "iban_letters"].contains(&kind);
    let mut announced = NEED_A_WORD.contains(&kind) || (!zone && dice.chance(50));
    let mut messages = vec![match at % 8 {
        0 => disguise::script(&plain, dice),
        1 => disguise::unseen(&plain, dice),
        2 => disguise::grouped(&plain, dice),
        3 => {
            // Rows of decimals look like this: without a word nobody can tell.
            announced |= !zone;
            disguise::scattered(&plain, dice)
        }
        4 if lettered => disguise::alike(&plain, dice),
        4 => {
            announced = true;
            disguise::lettered(&plain, dice)
        }
        5 => disguise::file(&plain, dice),
        6 => disguise::link(&plain, dice),
        _ => {
            let unseen = disguise::unseen(&plain, dice);
            disguise::script(&unseen, dice)
        }
    }];
    if announced {
        messages[0] = format!("{}: {}", word(kind, dice), messages[0]);
    }
    if at % 16 == 2 {
        // The second half comes as another message.
        let signs: Vec<char> = messages[0].chars().collect();
        let from = signs.len() - signs.len() / 3;
        messages = vec![signs[..from].iter().collect(), signs[from..].iter().collect()];
    }
    let last = messages.len() - 1;
    messages[0] = format!("Dobar dan, {}", messages[0]);
    messages[last] += " i hvala";
    messages
}

#[test]
fn disguised_numbers_are_blocked() {
    let (mut all, mut missed) = (0, Vec::new());
    for kind in BLOCKED {
        let mut dice = Dice(7);
        let before = missed.len();
        for at in 0..VARIANTS {
            let messages = hidden(kind, at, &mut dice);
            let found: Vec<(Kind, Severity)> = if let [one] = messages.as_slice() {
                scan(one, &setting()).into_iter().map(|finding| (finding.kind, finding.severity)).collect()
            } else {
                let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
                joined(&messages, &setting()).into_iter().map(|spread| (spread.kind, spread.severity)).collect()
            };
            all += 1;
            if !found.iter().any(|(_, severity)| *severity == Severity::Block) {
                missed.push(format!("{kind}: {messages:?} {found:?}"));
            }
        }
        println!("{kind:<13} {} of {VARIANTS} blocked", VARIANTS - (missed.len() - before));
        assert!((missed.len() - before) * 100 <= VARIANTS, "{kind}:\n{}", missed[before..].join("\n"));
    }
    println!("{} of {all} disguised numbers are blocked; not:\n{}", all - missed.len(), missed.join("\n"));
}

#[test]
fn a_number_over_three_messages_is_found_and_what_came_before_is_not_told_again() {
    let setting = setting();
    let split = joined(&["JMBG 0101", "901", "710008"], &setting);
    assert_eq!(split.len(), 1, "{split:?}");
    assert_eq!(split[0].parts, [(0, 5..9), (1, 0..3), (2, 0..6)]);
    assert!(joined(&["JMBG 0101901710008", "thank you", "see you"], &setting).is_empty());
    let last = joined(&["see", "you", "JMBG 0101901710008"], &setting);
    assert_eq!(last[0].parts, [(2, 5..18)]);
    assert!(joined(&["we met 12", "30 people came", "at 5"], &setting).is_empty());
    assert!(joined(&[], &setting).is_empty());
}
