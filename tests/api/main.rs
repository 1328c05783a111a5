//! The HTTP contract, held against a real server.

mod accounts;
mod channels;
mod directory;
mod hardening;
mod hidden;
mod invitations;
mod matrix;
mod messages;
mod posting;
mod reading;
mod searching;
mod topics;
