//! File cards without names, files that meet, and matching without showing values.
//!
//! A card says in codes what an organisation has a file about. It is compared with those of others on the server; that two may be
//! about the same is told to the people who answer for the two organisations and to nobody else, and nothing of what the other card
//! says. What follows is between them: a request, and where both are law enforcement a comparison of values that neither shows.
//!
//! Others call: [`router`] to serve, [`settle`] before anybody is let in, [`sweep`] beside it, [`for_home`] for the page of the week,
//! and for a bulk load [`import_card`].

mod comparing;
mod deck;
mod facets;
mod finding;
mod http;
mod import;
mod locked;
mod model;
mod narrow;
mod notice;
mod points;
#[cfg(test)]
mod sample;
mod score;
mod store;
mod sweep;
#[cfg(test)]
mod tests;

pub use http::{CardsAtHome, for_home, router};
pub use import::{ImportedCard, import_card};
pub use sweep::{settle, sweep};

/// The law-enforcement regime among those of the directory.
const LED: &str = "led";
