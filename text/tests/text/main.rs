//! What the forms of a word must share, what must stay apart, which language a text is in, and what holds for any string.

#![expect(clippy::print_stdout, reason = "the figures are what these tests are read for")]

mod languages;
mod paradigms;
mod properties;
