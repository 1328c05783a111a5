//! Types and rules of what takes two: pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::clock::DAY;

/// What was asked for can be approved and done for this long (safety controls, 15).
pub(super) const HOLDS_FOR: i64 = DAY;
/// What has ended is shown, and kept, this long.
pub(super) const SHOWN_FOR: i64 = 7 * DAY;
/// Rows of what takes two that are shown at most.
pub(super) const SHOWN_MAX: usize = 200;
/// What one person can have asked for at a time.
pub(super) const OPEN_MAX: i64 = 20;
/// Posts that can be shown as they were written at once.
pub(super) const POSTS_MAX: usize = 50;
/// How a list of people is handled: it says who works on what, which is for those who need to know.
pub(super) const LIST_MARKING: &str = "amber";

/// The form of what is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ExportFormat)]
pub(super) enum Format {
    /// A table (RFC 4180).
    Csv,
    /// For another program.
    Json,
    /// To be printed by the page.
    Print,
}

/// Something that takes two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = ApprovalWhat)]
pub(super) enum What {
    /// Taking out what is said in a channel, as far as its markings let it.
    ChannelExport {
        /// The channel.
        channel: Uuid,
        /// Its form.
        format: Format,
    },
    /// Taking out who belongs to a channel, or everybody.
    MemberExport {
        /// The channel; null for everybody on the platform.
        channel: Option<Uuid>,
        /// Its form.
        format: Format,
    },
    /// Showing several posts that wait as they were written.
    Unmasking {
        /// The posts, 1 to 50.
        posts: Vec<Uuid>,
    },
    /// Changing how long a channel keeps what is said.
    Retention {
        /// The channel.
        channel: Uuid,
        /// 1 to 3650; null to keep it until somebody deletes it.
        days: Option<i64>,
    },
}

impl What {
    /// The channel it is about, if it is about one.
    pub(super) fn channel(&self) -> Option<Uuid> {
        match self {
            Self::ChannelExport { channel, .. } | Self::Retention { channel, .. } => Some(*channel),
            Self::MemberExport { channel, .. } => *channel,
            Self::Unmasking { .. } => None,
        }
    }

    /// Whether its parameters can be what somebody means; a retention is looked at by the channels.
    pub(super) fn is_sound(&self) -> bool {
        let Self::Unmasking { posts } = self else { return true };
        let mut unique = posts.clone();
        unique.sort_unstable();
        unique.dedup();
        (1..=POSTS_MAX).contains(&posts.len()) && unique.len() == posts.len()
    }

    /// The word of its kind in storage and on the wire.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::ChannelExport { .. } => "channel_export",
            Self::MemberExport { .. } => "member_export",
            Self::Unmasking { .. } => "unmasking",
            Self::Retention { .. } => "retention",
        }
    }

    /// As the record has it: the kind and its parameters.
    pub(super) fn recorded(&self) -> String {
        let place = self.channel().map_or_else(|| "region".to_owned(), |id| format!("channel:{id}"));
        let kind = self.kind();
        match self {
            Self::ChannelExport { format, .. } | Self::MemberExport { format, .. } => {
                format!("{kind} {place} format={}", format.as_str())
            }
            Self::Unmasking { posts } => format!("{kind} posts={}", posts.len()),
            Self::Retention { days, .. } => {
                let days = days.map_or_else(|| "unlimited".into(), |days| days.to_string());
                format!("{kind} {place} days={days}")
            }
        }
    }
}

impl Format {
    /// The word on the wire.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Print => "print",
        }
    }
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ApprovalState)]
pub(super) enum State {
    /// For another person to decide.
    Waiting,
    /// To be done by who has asked for it, once.
    Approved,
    /// Another person has said no.
    Refused,
    /// Who had asked for it has taken that back.
    Withdrawn,
    /// Done.
    Used,
    /// Nothing came of it in time.
    Expired,
}

impl State {
    /// Of a stored word, at a time (microseconds).
    pub(super) fn of(stored: &str, expires_at: i64, now: i64) -> Self {
        match stored {
            "refused" => Self::Refused,
            "withdrawn" => Self::Withdrawn,
            "used" => Self::Used,
            _ if expires_at <= now => Self::Expired,
            "approved" => Self::Approved,
            "waiting" => Self::Waiting,
            // What can't be read is not to be done.
            _ => Self::Expired,
        }
    }

    /// Whether something may still come of it.
    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Approved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Uuid = Uuid::from_u128(7);

    #[test]
    fn after_a_day_nothing_comes_of_it() {
        for (stored, before, after) in [
            ("waiting", State::Waiting, State::Expired),
            ("approved", State::Approved, State::Expired),
            ("refused", State::Refused, State::Refused),
            ("withdrawn", State::Withdrawn, State::Withdrawn),
            ("used", State::Used, State::Used),
            ("unheard of", State::Expired, State::Expired),
        ] {
            assert_eq!((State::of(stored, 10, 9), State::of(stored, 10, 10)), (before, after), "{stored}");
            assert_eq!(before.is_open(), matches!(stored, "waiting" | "approved"));
        }
    }

    #[test]
    fn parameters_are_what_somebody_can_mean() {
        let show = |posts: &[u128]| What::Unmasking { posts: posts.iter().copied().map(Uuid::from_u128).collect() };
        assert!(show(&[1]).is_sound() && show(&(1..=50).collect::<Vec<_>>()).is_sound());
        assert!(!show(&[]).is_sound() && !show(&[1, 2, 1]).is_sound() && !show(&(1..=51).collect::<Vec<_>>()).is_sound());
    }

    #[test]
    fn it_is_read_as_it_was_asked_for_and_nothing_else_is() {
        let text = r#"{"kind":"channel_export","channel":"00000000-0000-0000-0000-000000000007","format":"csv"}"#;
        let what = What::ChannelExport { channel: ROOM, format: Format::Csv };
        assert_eq!(serde_json::from_str::<What>(text).ok(), Some(what.clone()));
        assert_eq!(serde_json::to_string(&what).ok().as_deref(), Some(text));
        for bad in [
            r#"{"kind":"everything"}"#,
            r#"{"kind":"retention","channel":"00000000-0000-0000-0000-000000000007","days":"never"}"#,
            r#"{"kind":"unmasking","posts":[],"also":1}"#,
        ] {
            assert!(serde_json::from_str::<What>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_record_says_what_and_never_what_it_holds() {
        assert_eq!(What::Unmasking { posts: vec![ROOM] }.recorded(), "unmasking posts=1");
        assert_eq!(What::MemberExport { channel: None, format: Format::Json }.recorded(), "member_export region format=json");
        assert!(What::Retention { channel: ROOM, days: None }.recorded().ends_with("days=unlimited"));
    }
}
