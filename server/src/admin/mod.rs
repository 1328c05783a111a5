//! Letting people in and running the platform: invitations, accounts, roles.
//!
//! Others call: [`invite`] for the first administrator, [`power`] for what can be granted.

mod http;
mod store;

pub use http::router;

use uuid::Uuid;

use crate::access::{Role, Scope};
use crate::audit::{self, Act};
use crate::base::clock::HOUR;
use crate::base::db::{Result, Tx};
use crate::base::secret;
use crate::context::Ctx;
use crate::vocabulary::{is_country, is_theme};

/// An invitation is good for this long.
const GOOD_FOR: i64 = 72 * HOUR;

/// Where somebody is invited to work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Workplace {
    /// In this organisation of the directory.
    Known(Uuid),
    /// In one that the directory doesn't have yet: it is made when the invitation is used.
    New {
        /// Its name.
        name: String,
        /// The law it keeps personal data under.
        regime: String,
    },
}

/// An invitation to be made.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// Lower case; nobody with another address can use it.
    pub email: String,
    /// The name it proposes.
    pub name: String,
    /// Country of work.
    pub country: Option<String>,
    /// Code of the vocabulary.
    pub function: Option<String>,
    /// Where this person works.
    pub workplace: Option<Workplace>,
    /// A power that comes with it: for the first administrator alone.
    pub grant: Option<(Role, Scope)>,
}

/// Makes an invitation: its id and its secret, of which only a hash is kept.
pub async fn invite(tx: &mut Tx, ctx: &Ctx, invitation: &NewInvitation, by: Option<Uuid>) -> Result<(Uuid, String)> {
    let (id, token, now) = (ctx.id(), secret::token(), ctx.now());
    store::insert(tx, id, &secret::hash(&token), invitation, by, now, now + GOOD_FOR).await?;
    let target = format!("invitation:{id}");
    audit::record(tx, Act { at: now, actor: by, what: "invitation.create", target, detail: String::new() }).await?;
    Ok((id, token))
}

/// The power that these words mean; `None` if there is no such role or scope, or the two don't go together.
pub fn power(role: &str, scope: &str) -> Option<(Role, Scope)> {
    let (role, scope) = (role.parse::<Role>().ok()?, scope.parse::<Scope>().ok()?);
    let known = match &scope {
        Scope::Region | Scope::Channel(_) => true,
        Scope::Country(code) => is_country(code),
        Scope::Theme(slug) => is_theme(slug),
        // Focal points are named in the directory.
        Scope::Organisation(_) => false,
    };
    // The platform is run, and its record read, as a whole or not at all.
    let fits = role == Role::Moderator || (scope == Scope::Region && role != Role::FocalPoint);
    (known && fits).then_some((role, scope))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_is_of_the_vocabulary() {
        assert_eq!(power("moderator", "country:RO"), Some((Role::Moderator, Scope::Country("RO".into()))));
        assert_eq!(power("moderator", "theme:forced-begging"), Some((Role::Moderator, Scope::Theme("forced-begging".into()))));
        assert_eq!(power("moderator", "region"), Some((Role::Moderator, Scope::Region)));
        for (role, scope) in [
            ("king", "region"),
            ("moderator", "country:FR"),
            ("moderator", "theme:weather"),
            ("moderator", "channel:7"),
            ("focal_point", "region"),
        ] {
            assert_eq!(power(role, scope), None, "{role} {scope}");
        }
    }

    #[test]
    fn the_platform_is_administered_as_a_whole() {
        assert_eq!(power("administrator", "region"), Some((Role::Administrator, Scope::Region)));
        for scope in ["country:RO", "theme:forced-begging", "channel:00000000-0000-0000-0000-000000000007"] {
            assert_eq!(power("administrator", scope), None, "{scope}");
        }
    }
}
