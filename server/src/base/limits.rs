//! Limits that belong to no single slice. Each slice names its own beside its rules.

use serde::Serialize;
use utoipa::ToSchema;

use super::clock::DAY;

/// The largest request body (bytes). Uploads have a route and a limit of their own.
pub const REQUEST_BODY: usize = 256 * 1024;
/// The largest socket frame, which is also the largest socket message (bytes).
pub const SOCKET_FRAME: usize = 64 * 1024;
/// Rows on a page when the caller names no number.
pub const PAGE: i64 = 50;
/// Rows on a page at most.
pub const PAGE_MAX: i64 = 100;
/// Unread messages and mentions are counted up to here; the screen then shows "99+".
pub const COUNT_CAP: i64 = 100;

/// What an operator or a benchmark may set (see `docs/operating.md`).
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Frames a socket may send each second, lasting.
    pub frames_per_second: u32,
    /// Frames a socket may send at once before that rate counts.
    pub frames_burst: u32,
    /// Messages an account may post by HTTP each second, lasting, over all of its sessions and tokens.
    pub posts_per_second: u32,
    /// Messages an account may post by HTTP at once before that rate counts.
    pub posts_burst: u32,
    /// Sockets of one person at a time; one more closes the oldest.
    pub sockets_per_account: usize,
    /// Sockets from one network address at a time.
    pub sockets_per_address: usize,
    /// Sockets in all.
    pub sockets: usize,
    /// Searches a person may ask for each second, lasting.
    pub searches_per_second: u32,
    /// Failed sign-ins for one account from one network each minute; other limits of signing in are multiples of it.
    pub sign_ins_per_minute: u32,
    /// For how long somebody is let in.
    pub accreditation: Accreditation,
    /// For how long a coordination request is kept after it was closed (days).
    pub request_days: u32,
}

/// For how long somebody is let in after having been confirmed, and when the end is told beforehand. In days: a month is no
/// fixed time, and a region that tries things out wants less than one.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Accreditation {
    /// How long it lasts (days).
    pub days: u32,
    /// How long before its end (days) there are reminders: the first is quiet and goes to its holder and to those who may
    /// renew it, the second is urgent.
    pub reminder_days: [u32; 2],
}

impl Accreditation {
    /// The longest there may be (days): ten years.
    pub const DAYS_MAX: u32 = 3_650;

    /// How long it lasts (microseconds).
    pub fn lasts(self) -> i64 {
        i64::from(self.days) * DAY
    }

    /// How long before its end it is near (microseconds): reminded of, and to be renewed.
    pub fn near(self) -> i64 {
        i64::from(self.reminder_days[0]) * DAY
    }
}

impl Default for Accreditation {
    fn default() -> Self {
        // Safety controls, 8: twelve months.
        Self { days: 365, reminder_days: [30, 7] }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frames_per_second: 20,
            frames_burst: 60,
            // An integration may bring what another system holds; a person never notices.
            posts_per_second: 200,
            posts_burst: 2_000,
            sockets_per_account: 8,
            sockets_per_address: 64,
            sockets: 12_000,
            searches_per_second: 1,
            sign_ins_per_minute: 10,
            accreditation: Accreditation::default(),
            request_days: 1_095,
        }
    }
}
