//! Who may do what. [`may`], [`may_in_region`] and [`may_with_item`] are the one place where roles are read: HTTP, socket, search
//! and every later way out ask them.

pub mod cards;
mod cases;
mod escrow;
pub mod handling;
mod items;
mod policy;
mod reach;
mod referrals;
#[expect(clippy::similar_names, reason = "who asks and who is asked are called so")]
mod requests;
mod standing;
mod store;
mod strength;
#[cfg(test)]
mod tables;

pub use cases::{CaseAction, CaseRoom, Invitation, Part, Way, may_confirm, may_in_case, may_open_case, way_in};
pub use escrow::{Unfit, escrow_house, holds_escrow, may_agree};
pub use items::{ITEM_CEILING, Item, ItemAction, Stage, Tended, may_with_item, organisations_of, tended};
pub use policy::{Action, Actor, Channel, ChannelKind, Decision, Mute, RegionAction, Role, Scope, Vetting, may, may_in_region};
pub use reach::readable_items;
pub use referrals::{ReferralAction, ReferralFacts, ReferralSide, is_walled_off, may_with_referral, referral_side};
pub use requests::{
    Request, RequestAction, RequestSide, RequestState, counts_for, may_request, may_with_request, side_of, stays_within_walls,
};
pub use standing::{Standing, ask_for_second_factor};
pub use strength::{SecondFactor, asleep, awake_in, without_powers};

use uuid::Uuid;

use crate::base::db::{Result, Tx};

/// The facts of a channel as this transaction leaves them, for whoever goes on with one that it has made.
pub async fn channel(tx: &mut Tx, id: Uuid) -> Result<Option<Channel>> {
    store::channel(tx, id).await
}
