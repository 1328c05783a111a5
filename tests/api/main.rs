//! The HTTP contract, held against a real server.

mod accounts;
mod channels;
mod expiry;
mod factors;
mod hardening;
mod hidden;
mod invitations;
mod matrix;
mod messages;
mod posting;
mod reading;
mod rescue;
mod searching;
mod topics;
mod vetting;
