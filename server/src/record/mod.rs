//! The record of acts as others rely on it: its head signed and sent to another machine, read by auditors, and by those
//! whom it concerns.
//!
//! Others call: [`router`] to serve, [`Keeper`] to sign and send, [`verify`] to check, [`arrived`] for the figures, [`Key`]
//! and [`Place`] for the settings.

mod head;
mod http;
mod keeper;
mod key;
mod model;
mod place;
mod rows;
mod store;
mod verify;

pub use http::router;
pub use keeper::{Keeper, arrived};
pub use key::{Key, Public, beside};
pub use model::target_of;
pub use place::Place;
pub use verify::verify;
