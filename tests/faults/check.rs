//! The checker: what was promised against what is there. Pure, so that it can be shown to fail.

use std::collections::BTreeMap;
use std::fmt;

/// A channel's place for a message: its id and its `seq`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The message's id.
    pub(crate) id: String,
    /// Its `seq` in the channel.
    pub(crate) seq: i64,
}

/// What a poster sent, and what it was told.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    /// The channel's id.
    pub(crate) channel: String,
    /// The body. Each attempt at the same post has the same; no two posts do.
    pub(crate) body: String,
    /// Every `posted` that came for it, over all attempts.
    pub(crate) answers: Vec<Place>,
}

/// A message as history has it in the end.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// The message's id and `seq`.
    pub(crate) place: Place,
    /// The body.
    pub(crate) body: String,
}

/// What one reader was sent of one channel, in the order of arrival, over all its connections.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// The reader's name, for the message.
    pub(crate) reader: String,
    /// The channel's id.
    pub(crate) channel: String,
    /// The cursor it began with: it is owed everything after this.
    pub(crate) from: i64,
    /// The messages.
    pub(crate) messages: Vec<Place>,
}

/// A run's evidence.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    /// Everything that was sent.
    pub(crate) sent: Vec<Sent>,
    /// The whole history of each channel, as it was read.
    pub(crate) stored: BTreeMap<String, Vec<Stored>>,
    /// What the readers saw.
    pub(crate) seen: Vec<Seen>,
}

/// A broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// An acknowledged post is not in the history, or not where the answer said.
    Lost(String),
    /// A post is in the history more than once.
    Doubled(String),
    /// The same post was answered in two ways.
    TwoAnswers(String),
    /// A message that nobody sent.
    Unknown(String),
    /// A channel's history is not in ascending `seq` order.
    Disorder(String),
    /// A `seq` of a channel is missing from its history.
    Hole(String),
    /// A reader got a message before one of a lower `seq`.
    Reordered(String),
    /// A reader got a message twice.
    Repeated(String),
    /// A reader never got a message it was owed.
    Gap(String),
    /// A reader got a message that the history doesn't have.
    Phantom(String),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost(what) => write!(f, "lost: {what}"),
            Self::Doubled(what) => write!(f, "doubled: {what}"),
            Self::TwoAnswers(what) => write!(f, "answered in two ways: {what}"),
            Self::Unknown(what) => write!(f, "sent by nobody: {what}"),
            Self::Disorder(what) => write!(f, "history out of order: {what}"),
            Self::Hole(what) => write!(f, "a hole in the history: {what}"),
            Self::Reordered(what) => write!(f, "seen out of order: {what}"),
            Self::Repeated(what) => write!(f, "seen twice: {what}"),
            Self::Gap(what) => write!(f, "never seen: {what}"),
            Self::Phantom(what) => write!(f, "seen but not stored: {what}"),
        }
    }
}

/// Every broken promise in the evidence; empty when all were kept.
///
/// The channels must have held nothing before the run, and nothing but posts may have happened in them: then `seq`
/// counts the messages without a hole.
pub(crate) fn broken(evidence: &Evidence) -> Vec<Broken> {
    let mut broken = Vec::new();
    for (channel, stored) in &evidence.stored {
        history(channel, stored, &mut broken);
    }
    posts(evidence, &mut broken);
    for seen in &evidence.seen {
        let stored = evidence.stored.get(&seen.channel).map_or(&[][..], Vec::as_slice);
        reader(seen, stored, &mut broken);
    }
    broken
}

fn history(channel: &str, stored: &[Stored], broken: &mut Vec<Broken>) {
    for pair in stored.windows(2) {
        let (before, after) = (pair[0].place.seq, pair[1].place.seq);
        if after <= before {
            broken.push(Broken::Disorder(format!("channel {channel}: {after} after {before}")));
        } else if after != before + 1 {
            broken.push(Broken::Hole(format!("channel {channel}: between {before} and {after}")));
        }
    }
}

fn posts(evidence: &Evidence, broken: &mut Vec<Broken>) {
    let mut copies: BTreeMap<(&str, &str), Vec<&Place>> = BTreeMap::new();
    for (channel, stored) in &evidence.stored {
        for message in stored {
            copies.entry((channel, &message.body)).or_default().push(&message.place);
        }
    }
    for sent in &evidence.sent {
        let copies = copies.remove(&(sent.channel.as_str(), sent.body.as_str())).unwrap_or_default();
        if copies.len() > 1 {
            broken.push(Broken::Doubled(format!("{:?} is at {copies:?}", sent.body)));
        }
        let Some(first) = sent.answers.first() else { continue };
        if sent.answers.iter().any(|answer| answer != first) {
            broken.push(Broken::TwoAnswers(format!("{:?}: {:?}", sent.body, sent.answers)));
        }
        if !copies.contains(&first) {
            broken.push(Broken::Lost(format!("{:?} was acknowledged at {first:?}, is at {copies:?}", sent.body)));
        }
    }
    // What is left was sent by nobody.
    broken.extend(copies.into_keys().map(|(channel, body)| Broken::Unknown(format!("channel {channel}: {body:?}"))));
}

fn reader(seen: &Seen, stored: &[Stored], broken: &mut Vec<Broken>) {
    let name = format!("{} in channel {}", seen.reader, seen.channel);
    for pair in seen.messages.windows(2) {
        if pair[1].seq < pair[0].seq {
            broken.push(Broken::Reordered(format!("{name}: {} after {}", pair[1].seq, pair[0].seq)));
        }
    }
    let mut times: BTreeMap<&Place, usize> = BTreeMap::new();
    for place in &seen.messages {
        *times.entry(place).or_default() += 1;
    }
    for message in stored.iter().filter(|message| message.place.seq > seen.from) {
        match times.remove(&message.place) {
            None => broken.push(Broken::Gap(format!("{name}: {:?}", message.place))),
            Some(1) => {}
            Some(times) => broken.push(Broken::Repeated(format!("{name}: {:?}, {times} times", message.place))),
        }
    }
    broken.extend(times.into_keys().map(|place| Broken::Phantom(format!("{name}: {place:?}"))));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(seq: i64) -> Place {
        Place { id: format!("id-{seq}"), seq }
    }

    /// Five posts, the last one never answered and never stored, and a reader who came after the first.
    fn kept() -> Evidence {
        let sent = |seq: i64| Sent { channel: "c".into(), body: format!("body {seq}"), answers: vec![place(seq)] };
        let stored = |seq: i64| Stored { place: place(seq), body: format!("body {seq}") };
        let unanswered = Sent { answers: Vec::new(), ..sent(5) };
        let seen = Seen { reader: "r".into(), channel: "c".into(), from: 1, messages: (2..=4).map(place).collect() };
        Evidence {
            sent: (1..=4).map(sent).chain([unanswered]).collect(),
            stored: BTreeMap::from([("c".into(), (1..=4).map(stored).collect())]),
            seen: vec![seen],
        }
    }

    fn stored(evidence: &mut Evidence) -> &mut Vec<Stored> {
        evidence.stored.get_mut("c").expect("the one channel")
    }

    /// The kinds of promises that a change to the evidence breaks.
    fn breaks(change: impl FnOnce(&mut Evidence)) -> Vec<&'static str> {
        let mut evidence = kept();
        change(&mut evidence);
        let kind = |broken: &Broken| match broken {
            Broken::Lost(_) => "lost",
            Broken::Doubled(_) => "doubled",
            Broken::TwoAnswers(_) => "two answers",
            Broken::Unknown(_) => "unknown",
            Broken::Disorder(_) => "disorder",
            Broken::Hole(_) => "hole",
            Broken::Reordered(_) => "reordered",
            Broken::Repeated(_) => "repeated",
            Broken::Gap(_) => "gap",
            Broken::Phantom(_) => "phantom",
        };
        broken(&evidence).iter().map(kind).collect()
    }

    #[test]
    fn kept_promises_pass() {
        assert_eq!(broken(&kept()), []);
    }

    #[test]
    fn an_unanswered_post_may_be_stored_once_but_not_twice() {
        let unanswered = |evidence: &mut Evidence, seq| {
            stored(evidence).push(Stored { place: place(seq), body: "body 5".into() });
            evidence.seen[0].messages.push(place(seq));
        };
        assert!(breaks(|evidence| unanswered(evidence, 5)).is_empty());
        let twice = breaks(|evidence| {
            unanswered(evidence, 5);
            unanswered(evidence, 6);
        });
        assert_eq!(twice, ["doubled"]);
    }

    #[test]
    fn an_answer_given_twice_is_fine_when_it_is_the_same() {
        assert!(breaks(|evidence| evidence.sent[1].answers.push(place(2))).is_empty());
        assert_eq!(breaks(|evidence| evidence.sent[1].answers.push(place(3))), ["two answers"]);
    }

    #[test]
    fn a_lost_message_is_found() {
        // The last one: no hole gives it away.
        let lost = breaks(|evidence| drop(stored(evidence).pop()));
        assert_eq!(lost, ["lost", "phantom"]);
        let lost_unseen = breaks(|evidence| {
            stored(evidence).pop();
            evidence.seen[0].messages.pop();
        });
        assert_eq!(lost_unseen, ["lost"]);
        let lost_amid = breaks(|evidence| drop(stored(evidence).remove(2)));
        assert_eq!(lost_amid, ["hole", "lost", "phantom"]);
    }

    #[test]
    fn a_message_elsewhere_than_answered_is_found() {
        let moved = breaks(|evidence| {
            let messages = stored(evidence);
            let body = std::mem::take(&mut messages[2].body);
            messages[2].body = std::mem::replace(&mut messages[3].body, body);
        });
        assert_eq!(moved, ["lost", "lost"]);
    }

    #[test]
    fn a_doubled_message_is_found() {
        let doubled = breaks(|evidence| {
            stored(evidence).push(Stored { place: place(5), body: "body 2".into() });
            evidence.seen[0].messages.push(place(5));
        });
        assert_eq!(doubled, ["doubled"]);
    }

    #[test]
    fn a_message_of_nobody_is_found() {
        assert_eq!(breaks(|evidence| drop(evidence.sent.remove(0))), ["unknown"]);
    }

    #[test]
    fn a_disordered_history_is_found() {
        assert_eq!(breaks(|evidence| stored(evidence).swap(1, 2)), ["hole", "disorder", "hole"]);
    }

    #[test]
    fn a_reordering_before_a_reader_is_found() {
        assert_eq!(breaks(|evidence| evidence.seen[0].messages.swap(0, 1)), ["reordered"]);
    }

    #[test]
    fn a_repetition_before_a_reader_is_found() {
        assert_eq!(breaks(|evidence| evidence.seen[0].messages.push(place(4))), ["repeated"]);
        assert_eq!(breaks(|evidence| evidence.seen[0].messages.push(place(3))), ["reordered", "repeated"]);
    }

    #[test]
    fn a_gap_before_a_reader_is_found() {
        assert_eq!(breaks(|evidence| drop(evidence.seen[0].messages.remove(1))), ["gap"]);
        // At the end too: a reader is owed everything up to the head.
        assert_eq!(breaks(|evidence| drop(evidence.seen[0].messages.pop())), ["gap"]);
    }

    #[test]
    fn a_phantom_before_a_reader_is_found() {
        assert_eq!(breaks(|evidence| evidence.seen[0].messages.push(place(9))), ["phantom"]);
    }
}
