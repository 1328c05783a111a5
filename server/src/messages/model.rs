//! Types and rules of messages: pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ends::end_in_channel;
use crate::access::handling::{Code, Labels, Permitted, RESTRICTION_MAX, WARNING_MAX, Withheld, is_grading};
use crate::base::clock::rfc3339;
use crate::base::guard;
use crate::base::http::Problem;
use crate::base::secret;
use crate::base::text;
use crate::channels::changes::Digest;
use crate::files::FileView;
use crate::moderation::Held;
use crate::vocabulary::{strictest, strictness};

/// Bytes of a body at most (UTF-8).
pub const BODY_MAX: usize = 16 * 1024;
/// Characters of a quoted message that are shown with the quote.
const EXCERPT: usize = 200;
/// Different reactions on a message at most.
pub(super) const REACTIONS_MAX: usize = 20;
/// People behind one reaction at most.
pub(super) const REACTORS_MAX: usize = 500;
/// Characters of an emoji at most: a family of four with skin tones has eleven.
const EMOJI_MAX: usize = 12;
/// Characters of an idempotency key at most.
pub(super) const KEY_MAX: usize = 255;
/// Files that a message carries at most.
pub(super) const ATTACHMENTS_MAX: usize = 10;
/// Pinned messages of a channel at most.
pub(super) const PINS_MAX: i64 = 50;

/// A message to be posted, by HTTP or by the `post` frame.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = NewMessage)]
pub(super) struct Draft {
    /// Made by the client: the same one again is answered the same and stored once.
    #[serde(rename = "ref")]
    pub(super) reference: Option<Uuid>,
    /// The topic; without it and without `new_topic` the channel's `General`.
    pub(super) topic: Option<Uuid>,
    /// The title of a topic to begin (or to go on with, if there is one of this title).
    pub(super) new_topic: Option<String>,
    /// Markdown.
    pub(super) body: String,
    /// Between the channel's marking and its ceiling; the channel's if not named.
    pub(super) marking: Option<String>,
    /// How it is to be handled beside the marking.
    #[serde(flatten)]
    pub(super) handling: Handling,
    /// Days until it is erased: 1 to 3650, to 90 if it is RED, and no more than its channel keeps. When not named, RED is erased
    /// after 30, and the rest when its channel says so.
    pub(super) expires_in_days: Option<i64>,
    /// A message of the same channel.
    pub(super) quote: Option<Uuid>,
    /// Files of one's own that are ready and hang on nothing, in their order: ten at most.
    #[serde(default)]
    pub(super) attachments: Vec<Uuid>,
}

impl Draft {
    /// What tells one request from another under the same idempotency key: everything that is asked for.
    pub(super) fn fingerprint(&self, channel: Uuid) -> Fingerprint {
        let asked = (channel, self.topic, &self.new_topic, &self.body, &self.marking, self.quote, &self.attachments);
        let mut asked = serde_json::json!(asked);
        // Only where there are any: a key from before there were labels stays the same request.
        if let (true, Some(parts)) = (self.handling.is_some() || self.expires_in_days.is_some(), asked.as_array_mut()) {
            parts.push(serde_json::json!((&self.handling, self.expires_in_days)));
        }
        secret::hash(&asked.to_string())
    }
}

/// Labels as somebody wishes them; what isn't named stays, or is as it goes without saying.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the word of the contract")]
pub(super) struct Handling {
    /// Handling codes `h0` to `h3`, all of them.
    pub(super) handling: Option<Vec<Code>>,
    /// The words of an `h3` (300 characters at most).
    pub(super) restriction: Option<String>,
    /// What may be done upon it: `none`, `ask`, `quiet` or `open`; `ask` goes without saying.
    pub(super) act: Option<Permitted>,
    /// How far source (A, B, C, X) and information (1 to 4) are to be trusted, as in `B2`.
    pub(super) grading: Option<String>,
    /// What is hard to read in it (80 characters at most), in words; an empty one takes the warning away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) warning: Option<String>,
}

impl Handling {
    /// Whether anything is named.
    pub(super) fn is_some(&self) -> bool {
        self.handling.is_some()
            || self.restriction.is_some()
            || self.act.is_some()
            || self.grading.is_some()
            || self.warning.is_some()
    }

    /// As [`Self::over`], and without words that may tell who somebody is: nobody looks at a label before others see it.
    ///
    /// # Errors
    /// Those of [`Self::over`]; `personal_data`.
    pub(super) fn vetted(self, labels: Labels, now: i64) -> Result<Labels, Problem> {
        [&self.restriction, &self.warning].into_iter().flatten().try_for_each(|words| guard::refuse(words, now))?;
        self.over(labels)
    }

    /// These labels with what is wished.
    ///
    /// # Errors
    /// `restriction_missing` for an H3 without words, `grading_unknown`, `warning_invalid`.
    fn over(self, mut labels: Labels) -> Result<Labels, Problem> {
        let missing = |code| Problem::unprocessable(code, "H3 needs words for what is restricted").with("limit", RESTRICTION_MAX);
        labels = labels.coded(self.handling, self.restriction).map_err(missing)?;
        labels.act = self.act.unwrap_or(labels.act);
        if let Some(grading) = self.grading {
            if !is_grading(&grading) {
                return Err(Problem::unprocessable("grading_unknown", "There is no such grading"));
            }
            labels.grading = Some(grading);
        }
        if let Some(words) = self.warning {
            let invalid = || Problem::unprocessable("warning_invalid", "This warning can't be used").with("limit", WARNING_MAX);
            let words = Some(words).filter(|words| !words.trim().is_empty());
            labels.warning = words.map(|words| text::line(&words, WARNING_MAX).ok_or_else(invalid)).transpose()?;
        }
        Ok(labels)
    }
}

impl From<Labels> for Handling {
    fn from(labels: Labels) -> Self {
        let Labels { handling, restriction, act, grading, warning } = labels;
        Self { handling: Some(handling), restriction, act: Some(act), grading, warning }
    }
}

/// SHA-256 of a request.
pub(super) type Fingerprint = [u8; 32];

/// Whether this can be an idempotency key: 1 to [`KEY_MAX`] printable ASCII characters.
pub(super) fn is_key(key: &[u8]) -> bool {
    (1..=KEY_MAX).contains(&key.len()) && key.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

/// What a message says, as its digest covers it: everything that is shown of it as said by its author.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'a> {
    pub(super) id: Uuid,
    pub(super) topic: Uuid,
    pub(super) author: Uuid,
    pub(super) posted_at: i64,
    pub(super) marking: &'a str,
    /// As they are stored.
    pub(super) labels: Option<&'a str>,
    pub(super) quote: Option<Uuid>,
    pub(super) body: &'a str,
    pub(super) html: &'a str,
    /// As they are stored.
    pub(super) attachments: Option<&'a str>,
}

impl Said<'_> {
    /// What stands for it in the chain of its channel.
    pub(super) fn digest(&self, nonce: &[u8]) -> Digest {
        let parts: [&[u8]; 11] = [
            self.id.as_bytes(),
            self.topic.as_bytes(),
            self.author.as_bytes(),
            &self.posted_at.to_be_bytes(),
            self.marking.as_bytes(),
            self.quote.as_ref().map_or(&[], |quote| quote.as_bytes().as_slice()),
            self.body.as_bytes(),
            self.html.as_bytes(),
            nonce,
            self.labels.unwrap_or_default().as_bytes(),
            self.attachments.unwrap_or_default().as_bytes(),
        ];
        // Without labels or attachments it is what it was before there were any.
        let said = match (self.labels, self.attachments) {
            (_, Some(_)) => 11,
            (Some(_), None) => 10,
            (None, None) => 9,
        };
        secret::digest_of(&parts[..said])
    }
}

/// The answer to a post, once it is durable.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Posted {
    /// `posted`.
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    /// The reference it was posted with.
    #[serde(rename = "ref")]
    pub(super) reference: Option<Uuid>,
    /// Its channel.
    pub(super) channel: Uuid,
    /// Its id.
    pub(super) id: Uuid,
    /// Its place.
    pub(super) seq: i64,
}

/// The answer to a post: it was stored, or it waits for a moderator.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Answer {
    /// Everybody sees it.
    Posted(Posted),
    /// A moderator looks at it first.
    Held(Held),
}

/// The body as it will be stored: line ends unified, outer blank lines and marks of the writing direction gone.
///
/// # Errors
/// `body_empty`, `body_too_long` or `body_control`.
pub(super) fn body(text: &str) -> Result<String, Problem> {
    if text.len() > BODY_MAX {
        return Err(Problem::unprocessable("body_too_long", "The message is too long")
            .with("limit", BODY_MAX)
            .with("length", text.len()));
    }
    let unified = text::unified(text);
    let body = unified.trim_end().trim_start_matches('\n');
    if text::has_controls(body) {
        return Err(Problem::unprocessable("body_control", "The message holds control characters"));
    }
    if !body.chars().any(text::is_visible) {
        return Err(body_empty());
    }
    Ok(body.to_owned())
}

/// There is nothing to be read in it.
pub(super) fn body_empty() -> Problem {
    Problem::unprocessable("body_empty", "The message is empty")
}

/// The marking of a message in a channel: the channel's unless a stricter one is asked for.
///
/// # Errors
/// `marking_unknown`.
pub(super) fn marking(asked: Option<&str>, channel: &str) -> Result<String, Problem> {
    let asked = asked.unwrap_or(channel);
    strictness(asked).ok_or_else(|| Problem::unprocessable("marking_unknown", "There is no such handling marking"))?;
    // The effective label is the strictest of channel and message; software doesn't let a message claim less.
    Ok(strictest(asked, channel).to_owned())
}

/// Whether this can be a reaction: one emoji, as UTS #51 puts them together, and nothing else that one can't see.
pub(super) fn is_emoji(text: &str) -> bool {
    let signs: Vec<char> = text.chars().collect();
    if signs.len() > EMOJI_MAX {
        return false;
    }
    match signs[..] {
        // Two letters of a flag; a keycap.
        [first, second] if is_flag_letter(first) => is_flag_letter(second),
        ['0'..='9' | '#' | '*', '\u{20E3}'] | ['0'..='9' | '#' | '*', '\u{FE0F}', '\u{20E3}'] => true,
        _ => signs.split(|c| *c == ZWJ).all(is_part),
    }
}

/// Holds the parts of an emoji together.
const ZWJ: char = '\u{200D}';

fn is_flag_letter(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

/// A pictograph with what may follow it: the emoji variant, a skin tone, the tags of a regional flag.
fn is_part(part: &[char]) -> bool {
    let [base, rest @ ..] = part else { return false };
    let rest = rest.strip_prefix(&['\u{FE0F}']).unwrap_or(rest);
    let rest = if let ['\u{1F3FB}'..='\u{1F3FF}', rest @ ..] = rest { rest } else { rest };
    let tags = match rest {
        [] => true,
        [tags @ .., '\u{E007F}'] => !tags.is_empty() && tags.iter().all(|c| matches!(c, '\u{E0020}'..='\u{E007E}')),
        _ => false,
    };
    text::is_pictograph(*base) && !is_flag_letter(*base) && tags
}

/// A reaction and the people behind it, in the order in which they came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// Who.
    pub accounts: Vec<Uuid>,
}

/// What a quoted message is shown as.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Quote {
    /// The quoted message.
    pub id: Uuid,
    /// Who said it.
    pub author: Uuid,
    /// As others see them.
    pub author_name: String,
    /// How it begins; empty where its words are held back.
    pub excerpt: String,
    /// What is hard to read in it: to be shown instead, until a reader wants it.
    pub warning: Option<String>,
}

/// A message as it goes over the wire, the same for every member.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Message {
    /// Its id, for good: the permalink is `/m/<id>`.
    pub id: Uuid,
    /// Its channel.
    pub channel: Uuid,
    /// Its place in the channel.
    pub seq: i64,
    /// Its last change.
    pub changed_seq: i64,
    /// Its topic.
    pub topic: Uuid,
    /// Who said it.
    pub author: Uuid,
    /// As others see them.
    pub author_name: String,
    /// Country of work.
    pub author_country: Option<String>,
    /// Markdown; empty once deleted.
    pub body: String,
    /// Rendered and sanitised.
    pub html: String,
    /// Handling marking: the strictest of the message's own, its channel's and that of what it quotes.
    pub marking: String,
    /// Handling codes; without any it is H0.
    pub handling: Vec<Code>,
    /// The words of an H3.
    pub restriction: Option<String>,
    /// What may be done upon it.
    pub act: Permitted,
    /// Source and information, as in `B2`.
    pub grading: Option<String>,
    /// What is hard to read in it: to be shown instead of body and HTML, until a reader wants them.
    pub warning: Option<String>,
    /// Why body, HTML and warning are empty here, if they are held back: ask for the message by itself.
    pub withheld: Option<Withheld>,
    /// When it is erased (RFC 3339), if it has an end of its own: what is RED, and what its author gave one.
    pub expires_at: Option<String>,
    /// RFC 3339.
    pub posted_at: String,
    /// RFC 3339, if it was edited.
    pub edited_at: Option<String>,
    /// Whether only the tombstone is left.
    pub deleted: bool,
    /// What it quotes.
    pub quote: Option<Quote>,
    /// What it carries; empty where its words are held back.
    pub attachments: Vec<FileView>,
    /// Reactions.
    pub reactions: Vec<Reaction>,
    /// Who is called by name.
    pub mentions: Vec<Uuid>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// What its author's client called it.
    #[serde(rename = "ref")]
    pub reference: Option<Uuid>,
}

/// A message's row, with its author and its quote.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MessageRow {
    pub(super) id: Uuid,
    pub(super) channel: Uuid,
    pub(super) seq: i64,
    pub(super) changed_seq: i64,
    pub(super) topic: Uuid,
    pub(super) author: Uuid,
    pub(super) author_name: String,
    pub(super) author_country: Option<String>,
    #[sqlx(rename = "ref")]
    pub(super) reference: Option<Uuid>,
    pub(super) body: String,
    pub(super) html: String,
    pub(super) marking: String,
    pub(super) channel_marking: String,
    pub(super) channel_retention: Option<i64>,
    pub(super) labels: Option<String>,
    pub(super) expires_at: Option<i64>,
    pub(super) mentions: Option<String>,
    pub(super) attachments: Option<String>,
    pub(super) reactions: Option<String>,
    pub(super) posted_at: i64,
    pub(super) edited_at: Option<i64>,
    pub(super) deleted_at: Option<i64>,
    pub(super) pinned_at: Option<i64>,
    pub(super) quote: Option<Uuid>,
    pub(super) quote_author: Option<Uuid>,
    pub(super) quote_name: Option<String>,
    pub(super) quote_body: Option<String>,
    pub(super) quote_marking: Option<String>,
    pub(super) quote_labels: Option<String>,
}

impl MessageRow {
    /// How it is to be handled: the strictest of its own marking, its channel's and that of what it quotes. What it
    /// carries is handled as it is.
    pub(super) fn marking(&self) -> &str {
        let quoted = self.quote_marking.as_deref().unwrap_or(&self.marking);
        strictest(strictest(&self.marking, &self.channel_marking), quoted)
    }

    /// The message with its words, for somebody who may have them: see `handling::reading`.
    pub(super) fn opened(mut self) -> Message {
        let (body, html) = (std::mem::take(&mut self.body), std::mem::take(&mut self.html));
        let warning = Labels::of(self.labels.as_deref()).warning;
        let attachments = attached(self.attachments.as_deref());
        Message { body, html, warning, attachments, withheld: None, ..Message::from(self) }
    }
}

/// What a message carries, as it is stored.
pub(super) fn attached(json: Option<&str>) -> Vec<FileView> {
    json.map(serde_json::from_str).and_then(Result::ok).unwrap_or_default()
}

/// How a quoted message begins, without the signs of its Markdown.
pub(super) fn excerpt(body: &str) -> String {
    text::plain(body).chars().take(EXCERPT).collect()
}

impl Message {
    /// The same without its words, if they are held back wherever many are shown.
    pub(super) fn sealed(mut self, labels: &Labels) -> Self {
        self.withheld = Withheld::by(&self.marking, labels).filter(|_| !self.deleted);
        if self.withheld.is_some() {
            self.body.clear();
            self.html.clear();
            self.attachments.clear();
            self.warning = None;
        }
        self
    }
}

/// As it is shown among others: what is to be asked for one by one has no words here.
impl From<MessageRow> for Message {
    fn from(row: MessageRow) -> Self {
        let marking = row.marking().to_owned();
        let labels = Labels::of(row.labels.as_deref());
        let quoted = Labels::of(row.quote_labels.as_deref());
        let quoted_marking = strictest(row.quote_marking.as_deref().unwrap_or_default(), &row.channel_marking);
        let shown = Withheld::by(quoted_marking, &quoted).is_none();
        let quote = row.quote.zip(row.quote_author).map(|(id, author)| Quote {
            id,
            author,
            author_name: row.quote_name.unwrap_or_default(),
            excerpt: excerpt(row.quote_body.as_deref().filter(|_| shown).unwrap_or_default()),
            warning: quoted.warning.filter(|_| shown),
        });
        let in_channel = end_in_channel(row.posted_at, row.channel_retention);
        let parsed = |json: Option<String>| json.as_deref().map(serde_json::from_str);
        Self {
            id: row.id,
            channel: row.channel,
            seq: row.seq,
            changed_seq: row.changed_seq,
            topic: row.topic,
            author: row.author,
            author_name: row.author_name,
            author_country: row.author_country,
            body: row.body,
            html: row.html,
            marking,
            handling: labels.handling.clone(),
            restriction: labels.restriction.clone(),
            act: labels.act,
            grading: labels.grading.clone(),
            warning: labels.warning.clone(),
            withheld: None,
            expires_at: row.expires_at.map(|end| rfc3339(in_channel.map_or(end, |channels| channels.min(end)))),
            posted_at: rfc3339(row.posted_at),
            edited_at: row.edited_at.map(rfc3339),
            deleted: row.deleted_at.is_some(),
            quote,
            attachments: attached(row.attachments.as_deref()),
            reactions: row.reactions.as_deref().map(serde_json::from_str).and_then(Result::ok).unwrap_or_default(),
            mentions: parsed(row.mentions).and_then(Result::ok).unwrap_or_default(),
            pinned: row.pinned_at.is_some(),
            reference: row.reference,
        }
        .sealed(&labels)
    }
}

/// Adds or takes back a person's reaction; `None` if nothing changes, an error if there are too many.
pub(super) fn react(
    mut reactions: Vec<Reaction>,
    emoji: &str,
    account: Uuid,
    on: bool,
) -> Result<Option<Vec<Reaction>>, Problem> {
    let too_many = || Problem::unprocessable("too_many", "There are too many reactions").with("limit", REACTIONS_MAX);
    let at = reactions.iter().position(|reaction| reaction.emoji == emoji);
    let is_there = at.is_some_and(|at| reactions[at].accounts.contains(&account));
    match (on, at) {
        _ if on == is_there => return Ok(None),
        (true, Some(at)) if reactions[at].accounts.len() >= REACTORS_MAX => return Err(too_many()),
        (true, Some(at)) => reactions[at].accounts.push(account),
        (true, None) if reactions.len() >= REACTIONS_MAX => return Err(too_many()),
        (true, None) => reactions.push(Reaction { emoji: emoji.into(), accounts: vec![account] }),
        (false, Some(at)) => {
            reactions[at].accounts.retain(|other| *other != account);
            if reactions[at].accounts.is_empty() {
                reactions.remove(at);
            }
        }
        (false, None) => return Ok(None),
    }
    Ok(Some(reactions))
}

#[cfg(test)]
mod tests;
