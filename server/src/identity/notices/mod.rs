//! What somebody is told about the safety of their own account: what changed, and what somebody else may have tried.

mod http;
mod store;

pub(super) use http::router;
pub(super) use store::knows_browser;

use serde_json::json;
use uuid::Uuid;

use crate::base::db::{AfterCommit, Result, Tx};
use crate::context::Ctx;
use crate::realtime::frame;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An authenticator app was set up.
    TotpAdded,
    /// The authenticator app was removed.
    TotpRemoved,
    /// A passkey was added; the detail is its name.
    PasskeyAdded,
    /// A passkey was removed; the detail is its name.
    PasskeyRemoved,
    /// There are new recovery codes.
    RecoveryRenewed,
    /// A recovery code was used; the detail says how many are left.
    RecoveryUsed,
    /// The password was changed.
    PasswordChanged,
    /// Somebody made a link to a new password.
    ResetMade,
    /// A new password was set by such a link.
    PasswordReset,
    /// Somebody signed in with a browser not seen before; the detail is its label.
    NewBrowser,
    /// Somebody who knows the password typed too many wrong codes.
    CodesGuessed,
    /// Somebody asked to take the second factor away.
    RemovalAsked,
    /// That was agreed to; the detail says from when on it holds.
    RemovalAgreed,
    /// The second factor was taken away.
    FactorsRemoved,
    /// Somebody came in through an institution's identity provider for the first time; the detail is its name.
    ProviderBound,
    /// No identity provider names this account any more.
    ProviderUnbound,
}

impl Kind {
    /// The word in storage and on the wire.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::TotpAdded => "totp_added",
            Self::TotpRemoved => "totp_removed",
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRemoved => "passkey_removed",
            Self::RecoveryRenewed => "recovery_renewed",
            Self::RecoveryUsed => "recovery_used",
            Self::PasswordChanged => "password_changed",
            Self::ResetMade => "reset_made",
            Self::PasswordReset => "password_reset",
            Self::NewBrowser => "new_browser",
            Self::CodesGuessed => "codes_guessed",
            Self::RemovalAsked => "removal_asked",
            Self::RemovalAgreed => "removal_agreed",
            Self::FactorsRemoved => "factors_removed",
            Self::ProviderBound => "provider_bound",
            Self::ProviderUnbound => "provider_unbound",
        }
    }
}

/// Tells an account, in all its windows, what happened. `session` is the one that did it, if it was the account's own.
pub(crate) async fn tell(tx: &mut Tx, ctx: &Ctx, account: Uuid, kind: Kind, detail: &str, session: Option<Uuid>) -> Result<()> {
    store::insert(tx, ctx.id(), account, kind.as_str(), detail, session, ctx.now()).await?;
    let hub = ctx.hub.clone();
    tx.after_commit(move || hub.tell(account, &frame::text(&json!({"type": "notice", "code": "security"})), None));
    Ok(())
}
