//! Whether the record and the channels are still those whose heads were signed.

use std::collections::HashMap;

use super::head::{Head, digest};
use super::key::Public;
use super::store;
use crate::audit;
use crate::base::db::{On, Result};
use crate::base::secret;
use crate::channels::changes;

/// What is wrong, a sentence each. `heads` are the lines of the place off this machine; without them those that are kept
/// here are taken, which whoever can write the folder can write, too. Without keys no signature is checked.
pub async fn verify(conn: &mut impl On, heads: Option<&str>, keys: &[Public]) -> Result<Vec<String>> {
    let lines: Vec<String> = match heads {
        Some(text) => text.lines().map(Into::into).collect(),
        None => store::lines(conn).await?,
    };
    let (heads, mut findings) = read(&lines, keys);
    findings.extend(record(conn, &heads).await?);
    if let Some(newest) = heads.iter().max_by_key(|head| head.head) {
        findings.extend(channels(conn, newest).await?);
    }
    Ok(findings)
}

/// The heads that can be relied on, and what is wrong with the others.
fn read(lines: &[String], keys: &[Public]) -> (Vec<Head>, Vec<String>) {
    let (mut heads, mut findings) = (Vec::<Head>::new(), Vec::new());
    let mut known: HashMap<i64, Head> = HashMap::new();
    for (number, line) in (1..).zip(lines).filter(|(_, line)| !line.trim().is_empty()) {
        let Ok(head) = serde_json::from_str::<Head>(line) else {
            findings.push(format!("heads: line {number} can't be read"));
            continue;
        };
        if !keys.is_empty() && !keys.iter().any(|key| key.id() == head.key) {
            findings.push(format!("heads: line {number} is signed by key {}, which was not given", head.key));
            continue;
        }
        if !keys.is_empty() && !keys.iter().any(|key| head.is_signed_by(key)) {
            findings.push(format!("heads: the signature of line {number} doesn't fit what it says"));
            continue;
        }
        // A head may arrive twice, but not as another one.
        match known.insert(head.head, head.clone()) {
            Some(before) if before != head => {
                findings.push(format!("heads: line {number} is another head {} than the one before it", head.head));
            }
            Some(_) => continue,
            None => {}
        }
        if let Some(before) = heads.last().filter(|before| head.head > before.head + 1) {
            findings.push(format!("heads: head {} is missing before line {number}", before.head + 1));
        }
        heads.push(head);
    }
    (heads, findings)
}

/// Whether the record still holds the rows that were its last ones.
async fn record(conn: &mut impl On, heads: &[Head]) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let last = audit::head(conn).await?.map_or(0, |(n, _)| n);
    if let Some(longest) = heads.iter().max_by_key(|head| head.n).filter(|head| head.n > last) {
        findings.push(format!(
            "audit: the record ends at row {last}, but had {} when head {} was signed at {}: its end was cut off",
            longest.n, longest.head, longest.at
        ));
    }
    let mut inside: Vec<_> = heads.iter().filter(|head| (1..=last).contains(&head.n)).collect();
    inside.sort_by_key(|head| head.n);
    for head in inside {
        let hash = audit::row(conn, head.n).await?.map(|row| secret::hex(&row.hash));
        if hash.as_deref() != Some(head.hash.as_str()) {
            findings.push(format!(
                "audit: row {} isn't the one that head {} was signed over at {}: the record was written anew",
                head.n, head.head, head.at
            ));
            break;
        }
    }
    Ok(findings)
}

/// Whether every channel still holds what it held when a head was signed.
async fn channels(conn: &mut impl On, head: &Head) -> Result<Vec<String>> {
    let Head { head: number, at, .. } = head;
    let kept = store::line(conn, *number).await?;
    let same = kept.is_some_and(|line| serde_json::from_str::<Head>(&line).is_ok_and(|kept| kept == *head));
    if !same {
        return Ok(vec![format!(
            "heads: head {number} of {at} is not kept in this folder: the folder is older than it, or was written anew"
        )]);
    }
    let marks = store::marks(conn, *number).await?;
    if marks.len() != head.channels.count || digest(&marks) != head.channels.digest {
        return Ok(vec![format!("channels: their marks are not those that head {number} was signed over at {at}")]);
    }
    let now: HashMap<_, _> = changes::heads(conn).await?.into_iter().map(|head| (head.id, head)).collect();
    let mut findings = Vec::new();
    for mark in marks {
        let channel = mark.channel;
        let Some(found) = now.get(&channel) else {
            findings.push(format!("channel {channel}: it is gone, but was there when head {number} was signed at {at}"));
            continue;
        };
        let hash = changes::hash_at(conn, channel, mark.seq).await?.unwrap_or_default();
        if found.seq < mark.seq {
            findings.push(format!(
                "channel {channel}: it ends at change {}, but had {} when head {number} was signed at {at}: its end was cut off",
                found.seq, mark.seq
            ));
        } else if hash != mark.hash {
            findings
                .push(format!("channel {channel}: change {} isn't the one that head {number} was signed over at {at}", mark.seq));
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::super::head::example;
    use super::super::key::Key;
    use super::*;

    fn key() -> Key {
        let file = std::env::temp_dir().join(format!("egida-verify-{}", secret::token()));
        let key = Key::load_or_make(&file).expect("a key");
        std::fs::remove_file(file).expect("removed");
        key
    }

    fn line(head: &Head) -> String {
        serde_json::to_string(head).expect("a line")
    }

    #[test]
    fn heads_that_hold_are_read_and_may_arrive_twice() {
        let key = key();
        let signed = [example(3, 5).sign(&key), example(4, 9).sign(&key)];
        let lines = [line(&signed[0]), String::new(), line(&signed[0]), line(&signed[1])];
        let (heads, findings) = read(&lines, &[key.public()]);
        assert_eq!((heads, findings), (signed.to_vec(), Vec::new()));
    }

    #[test]
    fn every_fault_of_a_line_is_named() {
        let (key, other) = (key(), key());
        let good = example(3, 5).sign(&key);
        let cases = [
            (vec!["rubbish".into()], "line 1 can't be read"),
            (vec![line(&example(3, 5).sign(&other))], "which was not given"),
            (vec![line(&Head { n: 6, ..good.clone() })], "the signature of line 1"),
            (vec![line(&good), line(&example(3, 6).sign(&key))], "line 2 is another head 3"),
            (vec![line(&good), line(&example(5, 6).sign(&key))], "head 4 is missing before line 2"),
        ];
        for (lines, fault) in cases {
            let (_, findings) = read(&lines, &[key.public()]);
            assert!(findings.len() == 1 && findings[0].contains(fault), "{fault}: {findings:?}");
        }
    }
}
