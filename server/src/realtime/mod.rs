//! Live delivery: carries opaque frames to whoever is subscribed, and knows no feature.
//!
//! [`Hub`] holds who listens where, and the last changes of every room; [`Outbox`] is a socket's bounded queue;
//! [`socket`] speaks WebSocket and hands what comes in to the slices by its `type`; [`Relay`] is where frames will
//! pass between nodes.

mod ear;
pub mod frame;
mod hub;
mod outbox;
mod pieces;
mod relay;
mod ring;
pub mod socket;

pub use frame::Text;
pub use hub::{Caught, Hub, Socket, Whose};
pub use outbox::Outbox;
pub use relay::Relay;
pub use ring::Change;
pub use socket::{Frames, Handler};
