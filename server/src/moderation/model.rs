//! Types and rules of moderation: pure.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::words;
use crate::base::clock::{DAY, HOUR, MINUTE, SECOND};
use crate::base::text;

/// The first posts of a newcomer that can be held at most.
pub(super) const NEWCOMER_POSTS_MAX: i64 = 20;
/// Seconds between two posts of one person that a channel can ask for at most.
pub(super) const SLOW_MAX: i64 = 3_600;
/// Trigger words of a channel at most.
pub(super) const TRIGGERS_MAX: usize = 100;
/// Characters of a trigger word at most.
pub(super) const TRIGGER_MAX: usize = 60;
/// Characters of a note, a reason or an appeal at most.
pub(super) const NOTE_MAX: usize = 500;
/// A post waits this long for the moderators of its place; then the region's are called, too.
pub(super) const DECIDE_WITHIN: i64 = 8 * HOUR;
/// What waits is erased after this long (domain rules, 3h: 72 h).
pub(super) const KEPT_FOR: i64 = 72 * HOUR;
/// Who takes a post on has it to themselves this long.
pub(super) const CLAIM_FOR: i64 = 30 * MINUTE;
/// A proposal to suspend somebody holds this long (safety controls, 15).
pub(super) const PROPOSAL_FOR: i64 = DAY;
/// Posts of one person that can wait at a time.
pub(super) const WAITING_MAX: i64 = 50;
/// Posts that one person can have shown as they were written within an hour without asking somebody else (safety controls, 15:
/// unmasking in bulk takes two).
pub(super) const UNMASKED_MAX: i64 = 10;
/// The longest mute.
pub(super) const MUTE_MAX: i64 = 90 * DAY;
/// A cell of the statistics below this is not shown.
pub(super) const CELL_MIN: i64 = 5;
/// What ran out is shown to its author this long.
pub(super) const TOLD_FOR: i64 = 7 * DAY;

/// What a channel asks of posts before everybody sees them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ModerationPolicy)]
pub(super) struct Policy {
    /// Every post waits for a moderator.
    pub(super) hold_all: bool,
    /// So many first posts of somebody new in the region wait (0 to 20).
    pub(super) newcomer_posts: i64,
    /// Seconds that must lie between two posts of one person (0 to 3600).
    pub(super) slow_seconds: i64,
    /// Posts with one of these words wait. One that ends in `*` stands for all that begin like it.
    pub(super) trigger_words: Vec<String>,
}

impl Policy {
    /// The policy with its words cleaned; `None` if it can't be one.
    pub(super) fn checked(self) -> Option<Self> {
        let words = self.trigger_words.iter().map(|word| text::line(word, TRIGGER_MAX).filter(|word| words::can_trigger(word)));
        let mut trigger_words = words.collect::<Option<Vec<_>>>()?;
        trigger_words.sort();
        trigger_words.dedup();
        let fits = (0..=NEWCOMER_POSTS_MAX).contains(&self.newcomer_posts)
            && (0..=SLOW_MAX).contains(&self.slow_seconds)
            && trigger_words.len() <= TRIGGERS_MAX;
        fits.then_some(Self { trigger_words, ..self })
    }

    /// Whether it asks nothing.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Why a post waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HoldReason)]
pub(crate) enum Reason {
    /// The guard has found what may be personal data.
    Guard,
    /// One of the first posts of somebody new.
    Newcomer,
    /// The channel holds every post.
    ChannelHolds,
    /// A word that the channel's moderators want to look at.
    TriggerWord,
    /// It came sooner after its author's last post than the channel's slow mode lets it.
    SlowMode,
}

impl Reason {
    const EVERY: [(Self, &'static str); 5] = [
        (Self::Guard, "guard"),
        (Self::Newcomer, "newcomer"),
        (Self::ChannelHolds, "channel_holds"),
        (Self::TriggerWord, "trigger_word"),
        (Self::SlowMode, "slow_mode"),
    ];

    /// The word in storage and on the wire.
    pub(crate) fn as_str(self) -> &'static str {
        Self::EVERY.iter().find(|(reason, _)| *reason == self).map_or("", |(_, word)| word)
    }

    /// Reasons as they are stored: words separated by spaces.
    pub(super) fn stored(reasons: &[Self]) -> String {
        reasons.iter().map(|reason| reason.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The reasons of a stored list.
    pub(super) fn of(stored: &str) -> Vec<Self> {
        let known = |word| Self::EVERY.iter().find(|(_, known)| *known == word).map(|(reason, _)| *reason);
        stored.split(' ').filter_map(known).collect()
    }
}

/// What somebody wants to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// The title of a topic that is to begin with it.
    pub(crate) title: Option<String>,
    /// Markdown.
    pub(crate) body: String,
}

impl Draft {
    /// Title and body as one text: places in it are those of [`Hold::spans`].
    pub(super) fn text(&self) -> String {
        match &self.title {
            None => self.body.clone(),
            Some(title) => format!("{title}\n{}", self.body),
        }
    }

    /// Bytes of [`Self::text`] before the body.
    pub(super) fn before_body(&self) -> usize {
        self.title.as_ref().map_or(0, |title| title.len() + 1)
    }

    /// The same with these parts of its [`Self::text`] covered.
    pub(super) fn masked(&self, spans: &[Range<usize>]) -> Self {
        let text = words::cover(&self.text(), spans);
        match &self.title {
            None => Self { title: None, body: text },
            Some(_) => match text.split_once('\n') {
                Some((title, body)) => Self { title: Some(title.into()), body: body.into() },
                None => Self { title: Some(text), body: String::new() },
            },
        }
    }
}

/// What is known of who wants to say it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Author {
    /// Messages they have posted in the region, counted up to what a policy can ask for.
    pub(super) posts: i64,
    /// When they last posted in the channel (microseconds).
    pub(super) last_at: Option<i64>,
}

/// A post that waits, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hold {
    /// Never empty.
    pub(crate) reasons: Vec<Reason>,
    /// What not to show before somebody has looked: bytes of [`Draft::text`].
    pub(super) spans: Vec<Range<usize>>,
}

/// Why a post at a time (microseconds) is to wait; `None` if everybody may see it at once. `found` is what the guard has found
/// in [`Draft::text`].
pub(super) fn judge(policy: &Policy, draft: &Draft, author: Author, found: Vec<Range<usize>>, now: i64) -> Option<Hold> {
    let free_at = author.last_at.map_or(0, |last| last + policy.slow_seconds * SECOND);
    let triggered = words::triggered(&draft.text(), &policy.trigger_words);
    let cases = [
        (!found.is_empty(), Reason::Guard),
        (author.posts < policy.newcomer_posts, Reason::Newcomer),
        (policy.hold_all, Reason::ChannelHolds),
        (!triggered.is_empty(), Reason::TriggerWord),
        (free_at > now, Reason::SlowMode),
    ];
    let reasons: Vec<_> = cases.into_iter().filter(|(is_so, _)| *is_so).map(|(_, reason)| reason).collect();
    let spans = found.into_iter().chain(triggered).collect();
    (!reasons.is_empty()).then_some(Hold { reasons, spans })
}

/// Where a post that was held stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HeldState)]
pub(crate) enum State {
    /// For a moderator.
    Waiting,
    /// Back with its author, with a suggestion.
    Returned,
    /// Refused, with a reason.
    Refused,
    /// Everybody sees it.
    Released,
    /// Everybody sees it, with parts of it covered.
    ReleasedMasked,
    /// The people of a closed room see it, with parts of it covered.
    Moved,
    /// Its author has taken it back.
    Withdrawn,
    /// Nobody has decided in time: it was erased.
    Expired,
}

impl State {
    const EVERY: [(Self, &'static str); 8] = [
        (Self::Waiting, "waiting"),
        (Self::Returned, "returned"),
        (Self::Refused, "refused"),
        (Self::Released, "released"),
        (Self::ReleasedMasked, "released_masked"),
        (Self::Moved, "moved"),
        (Self::Withdrawn, "withdrawn"),
        (Self::Expired, "expired"),
    ];

    /// The word in storage and on the wire.
    pub(crate) fn as_str(self) -> &'static str {
        Self::EVERY.iter().find(|(state, _)| *state == self).map_or("", |(_, word)| word)
    }

    /// The state of a stored word; what is not known has run out.
    pub(super) fn of(stored: &str) -> Self {
        Self::EVERY.iter().find(|(_, word)| *word == stored).map_or(Self::Expired, |(state, _)| *state)
    }
}

/// What a moderator decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HeldOutcome)]
pub(super) enum Outcome {
    /// As it was written.
    Release,
    /// With what should not be read covered.
    ReleaseMasked,
    /// Into a closed room, with what should not be read covered: the need goes on there, the rest is erased.
    Move,
    /// Back to its author, with another wording.
    Return,
    /// Not here, for a reason.
    Refuse,
}

impl Outcome {
    /// Where it leads.
    pub(super) fn state(self) -> State {
        match self {
            Self::Release => State::Released,
            Self::ReleaseMasked => State::ReleasedMasked,
            Self::Move => State::Moved,
            Self::Return => State::Returned,
            Self::Refuse => State::Refused,
        }
    }
}

/// Why a post is refused or a message reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Concern)]
pub(super) enum Concern {
    /// It may tell who somebody is.
    PersonalData,
    /// It may bring somebody into danger.
    Unsafe,
    /// It belongs into another system: a file, evidence, a tip about a crime under way.
    ElsewhereSystem,
    /// It belongs into another channel.
    OtherChannel,
    /// It hurts somebody.
    Disrespect,
    /// Something else; the note says what.
    Other,
}

impl Concern {
    const EVERY: [(Self, &'static str); 6] = [
        (Self::PersonalData, "personal_data"),
        (Self::Unsafe, "unsafe"),
        (Self::ElsewhereSystem, "elsewhere_system"),
        (Self::OtherChannel, "other_channel"),
        (Self::Disrespect, "disrespect"),
        (Self::Other, "other"),
    ];

    /// The word in storage and on the wire.
    pub(super) fn as_str(self) -> &'static str {
        Self::EVERY.iter().find(|(concern, _)| *concern == self).map_or("", |(_, word)| word)
    }

    /// The concern of a stored word.
    pub(super) fn of(stored: &str) -> Self {
        Self::EVERY.iter().find(|(_, word)| *word == stored).map_or(Self::Other, |(concern, _)| *concern)
    }
}

/// A cell of the statistics as everybody sees it: nothing below [`CELL_MIN`], so that nobody is recognised in it.
pub(super) fn shown(count: i64) -> Option<i64> {
    (count == 0 || count >= CELL_MIN).then_some(count)
}

/// A released post: everything that is needed to make it a message.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its id, from now on the message's.
    pub id: Uuid,
    /// Its channel, or the room it is moved into.
    pub channel: Uuid,
    /// The channel it was written for.
    pub from: Uuid,
    /// How it was to be handled there.
    pub marking: String,
    /// Who wrote it.
    pub author: Uuid,
    /// The title of the topic to begin, as it is to be.
    pub title: Option<String>,
    /// The words as they are to be.
    pub body: String,
    /// The draft as `messages` gave it.
    pub draft: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_000 * SECOND;
    const OLD_HAND: Author = Author { posts: 50, last_at: None };

    fn say(body: &str) -> Draft {
        Draft { title: None, body: body.into() }
    }

    fn reasons(policy: &Policy, draft: &Draft, author: Author, found: Vec<Range<usize>>) -> Vec<Reason> {
        judge(policy, draft, author, found, NOW).map(|hold| hold.reasons).unwrap_or_default()
    }

    #[test]
    fn a_channel_that_asks_nothing_holds_nothing_but_what_the_guard_finds() {
        let none = Policy::default();
        assert_eq!(judge(&none, &say("good morning"), Author { posts: 0, last_at: Some(NOW) }, Vec::new(), NOW), None);
        assert_eq!(reasons(&none, &say("good morning"), OLD_HAND, std::iter::once(0..4).collect()), [Reason::Guard]);
    }

    #[test]
    fn each_part_of_a_policy_holds_what_it_is_for() {
        let all = Policy { hold_all: true, ..Policy::default() };
        let new = Policy { newcomer_posts: 3, ..Policy::default() };
        let words = Policy { trigger_words: vec!["pasoš*".into()], ..Policy::default() };
        assert_eq!(reasons(&all, &say("a"), OLD_HAND, Vec::new()), [Reason::ChannelHolds]);
        for (posts, expected) in [(0, &[Reason::Newcomer][..]), (2, &[Reason::Newcomer]), (3, &[]), (9, &[])] {
            assert_eq!(reasons(&new, &say("a"), Author { posts, last_at: None }, Vec::new()), expected, "{posts}");
        }
        assert_eq!(reasons(&words, &say("Број пасоша?"), OLD_HAND, Vec::new()), [Reason::TriggerWord]);
        assert_eq!(
            reasons(&words, &Draft { title: Some("Pasoši".into()), body: "a".into() }, OLD_HAND, Vec::new()),
            [Reason::TriggerWord]
        );
        assert_eq!(reasons(&words, &say("papers"), OLD_HAND, Vec::new()), []);
    }

    #[test]
    fn in_slow_mode_what_comes_too_soon_waits() {
        let slow = Policy { slow_seconds: 60, ..Policy::default() };
        let again = |last_at| reasons(&slow, &say("a"), Author { last_at, ..OLD_HAND }, Vec::new());
        assert_eq!(again(None), []);
        assert_eq!(again(Some(NOW - 60 * SECOND)), []);
        assert_eq!(again(Some(NOW - 60 * SECOND + 1)), [Reason::SlowMode]);
        assert_eq!(again(Some(NOW)), [Reason::SlowMode]);
    }

    #[test]
    fn a_policy_is_checked_and_its_words_cleaned() {
        let wish = Policy {
            trigger_words: vec![" b  c ".into(), "a*".into(), "a*".into()],
            newcomer_posts: 20,
            slow_seconds: 3_600,
            hold_all: false,
        };
        assert_eq!(wish.clone().checked().expect("a policy").trigger_words, ["a*", "b c"]);
        assert!(wish.clone().checked().is_some_and(|policy| !policy.is_empty()));
        assert!(Policy::default().checked().is_some_and(|policy| policy.is_empty()));
        for bad in [
            Policy { newcomer_posts: 21, ..wish.clone() },
            Policy { newcomer_posts: -1, ..wish.clone() },
            Policy { slow_seconds: 3_601, ..wish.clone() },
            Policy { slow_seconds: -1, ..wish.clone() },
            Policy { trigger_words: vec!["*".into()], ..wish.clone() },
            Policy { trigger_words: vec!["x".repeat(61)], ..wish.clone() },
            Policy { trigger_words: (0..101).map(|n| format!("w{n}")).collect(), ..wish },
        ] {
            assert_eq!(bad.clone().checked(), None, "{bad:?}");
        }
    }

    #[test]
    fn a_title_is_covered_like_a_body() {
        let draft = Draft { title: Some("About Mara".into()), body: "Mara is here".into() };
        let masked = draft.masked(&[6..10, 11..15]);
        assert_eq!(masked, Draft { title: Some(format!("About {}", words::COVER)), body: format!("{} is here", words::COVER) });
    }

    #[test]
    fn words_of_storage_are_read_back() {
        let every: Vec<_> = Reason::EVERY.iter().map(|(reason, _)| *reason).collect();
        assert_eq!(Reason::of(&Reason::stored(&every)), every);
        assert!(State::EVERY.iter().all(|(state, word)| State::of(word) == *state));
        assert!(Concern::EVERY.iter().all(|(concern, word)| Concern::of(word) == *concern));
        assert_eq!((State::of("?"), Concern::of("?"), Reason::of("")), (State::Expired, Concern::Other, Vec::new()));
    }

    #[test]
    fn small_counts_are_not_shown() {
        assert_eq!([0, 1, 4, 5, 70].map(shown), [Some(0), None, None, Some(5), Some(70)]);
    }
}
