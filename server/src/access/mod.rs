//! Who may do what. [`may`] is the one place where roles are read: HTTP, socket, search and every later way out ask it.

pub mod handling;
mod policy;
mod standing;
mod store;
mod strength;
#[cfg(test)]
mod tables;

pub use policy::{Action, Actor, Channel, ChannelKind, Decision, Mute, RegionAction, Role, Scope, Vetting, may, may_in_region};
pub use standing::{Standing, ask_for_second_factor};
pub use strength::{SecondFactor, asleep, awake_in, without_powers};
