//! What the guard must find, must leave alone, and must never do.

#![expect(clippy::print_stdout, reason = "the figures are what these tests are read for")]

mod cues;
mod disguises;
mod ordinary;
mod properties;
mod rates;
mod support;
mod vectors;
