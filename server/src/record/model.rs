//! What a row of the record says, taken apart: pure.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::clock::DAY;
use crate::base::http::Problem;
use crate::vocabulary::Words;

/// Characters of an act or a target at most.
const WORD_MAX: usize = 80;

/// Somebody or something in the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RecordThing)]
pub(super) struct Thing {
    /// `account`, `channel`, `topic`, `message`, `invitation`, `network`, …
    pub(super) kind: String,
    /// Its id, as it is recorded.
    pub(super) id: String,
    /// A person's name, or that of a channel the reader may know of.
    pub(super) name: Option<Words>,
}

impl Thing {
    /// From `kind:id`.
    pub(super) fn parse(text: &str) -> Self {
        let (kind, id) = text.split_once(':').unwrap_or((text, ""));
        Self { kind: kind.into(), id: id.into(), name: None }
    }

    /// Its id, if it is an account.
    pub(super) fn account(&self) -> Option<Uuid> {
        if self.kind == "account" { self.id.parse().ok() } else { None }
    }

    /// Its id, if it is a channel.
    pub(super) fn channel(&self) -> Option<Uuid> {
        if self.kind == "channel" { self.id.parse().ok() } else { None }
    }
}

/// What a request is about, as the record names it: the thing in its path, or the route's first word.
pub fn target_of(path: &str) -> String {
    let mut parts = path.trim_start_matches("/api/").split('/');
    let (area, id) = (parts.next().unwrap_or_default(), parts.next().and_then(|id| id.parse::<Uuid>().ok()));
    let kind = match area {
        "channels" => "channel",
        "topics" => "topic",
        "messages" => "message",
        "accounts" | "people" => "account",
        "invitations" => "invitation",
        "campaigns" => "campaign",
        _ => "route",
    };
    match id {
        Some(id) if kind != "route" => format!("{kind}:{id}"),
        _ => format!("route:{area}"),
    }
}

/// The further things that a row's details name.
pub(super) fn about(detail: &str) -> Vec<Thing> {
    let parts = detail.split([' ', ',', '=']);
    parts
        .filter_map(|part| match part.parse::<Uuid>() {
            Ok(account) => Some(Thing { kind: "account".into(), id: account.to_string(), name: None }),
            Err(_) => part.split_once(':').map(|_| Thing::parse(part)),
        })
        .collect()
}

/// How often it happened, for a row that counts.
pub(super) fn count(detail: &str) -> i64 {
    detail.split(' ').find_map(|part| part.strip_prefix("count=")?.parse().ok()).unwrap_or(1)
}

/// A part of an act's name, or `kind:id`, as a filter may ask for.
///
/// # Errors
/// `bad_request` for anything else.
pub(super) fn word(text: Option<String>, what: &str) -> Result<Option<String>, Problem> {
    let text = text.filter(|text| !text.is_empty());
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "._:-/".contains(c));
    match text {
        Some(text) if text.len() > WORD_MAX || !plain(&text) => Err(Problem::bad_request(format!("{what} is not one of ours"))),
        text => Ok(text),
    }
}

/// A moment: RFC 3339, or a date, which is its midnight in UTC. (microseconds)
///
/// # Errors
/// `bad_request` for anything else.
pub(super) fn moment(text: Option<&str>, what: &str) -> Result<Option<i64>, Problem> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let at = text.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_microsecond);
    let midnight = || {
        let day = text.parse::<jiff::civil::Date>()?.since((jiff::Unit::Day, jiff::civil::date(1970, 1, 1)))?;
        Ok::<_, jiff::Error>(i64::from(day.get_days()) * DAY)
    };
    at.or_else(|_| midnight()).map(Some).map_err(|_| Problem::bad_request(format!("{what} is neither a date nor a moment")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_name_what_they_are_about() {
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let named = |detail: &str| about(detail).iter().map(|thing| format!("{}:{}", thing.kind, thing.id)).collect::<Vec<_>>();
        assert_eq!(named(&a.to_string()), [format!("account:{a}")]);
        assert_eq!(named(&format!("from channel:{a} to channel:{b}")), [format!("channel:{a}"), format!("channel:{b}")]);
        assert_eq!(named(&format!("count=3 also=channel:{a},topic:{b}")), [format!("channel:{a}"), format!("topic:{b}")]);
        assert_eq!(named("moderator country:RO"), ["country:RO"]);
        assert_eq!(named(""), [""; 0]);
    }

    #[test]
    fn a_path_names_what_it_is_about() {
        let id = Uuid::from_u128(1);
        assert_eq!(target_of(&format!("/api/channels/{id}/archive")), format!("channel:{id}"));
        assert_eq!(target_of(&format!("/api/accounts/{id}/roles/{id}")), format!("account:{id}"));
        for (path, route) in [("/api/accounts", "accounts"), ("/api/record.csv", "record.csv"), ("/api/channels/x y", "channels")]
        {
            assert_eq!(target_of(path), format!("route:{route}"));
        }
    }

    #[test]
    fn counts_are_read() {
        assert_eq!((count("count=12 also=channel:x"), count(""), count("count=x")), (12, 1, 1));
    }

    #[test]
    fn filters_are_words_and_moments() {
        assert_eq!(word(Some("account.suspend".into()), "act").expect("a word"), Some("account.suspend".into()));
        assert_eq!(word(Some(String::new()), "act").expect("nothing"), None);
        for bad in ["a'b", "a b", &"x".repeat(81)] {
            assert!(word(Some(bad.into()), "act").is_err(), "{bad}");
        }
        assert_eq!(moment(Some("1970-01-02"), "from").expect("a day"), Some(DAY));
        assert_eq!(moment(Some("1970-01-01T00:00:01+00:00"), "from").expect("a moment"), Some(1_000_000));
        assert_eq!(moment(Some("1969-12-31"), "from").expect("a day"), Some(-DAY));
        assert!(moment(Some("yesterday"), "from").is_err());
    }
}
