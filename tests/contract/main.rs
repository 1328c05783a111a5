//! What must not drift without somebody noticing: who knows whom in the house, and what it promises to the outside.

mod house;
mod retrieval;
mod rust_paths;
mod snapshots;
mod tree;
mod vocabulary;
mod web;
