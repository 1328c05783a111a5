//! The HTTP contract, held against a real server.

mod accounts;
mod archived;
mod channels;
mod hardening;
mod hidden;
mod invitations;
mod markings;
mod matrix;
mod messages;
mod posting;
mod reading;
mod retrying;
mod searching;
mod topics;
