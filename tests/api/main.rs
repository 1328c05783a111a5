//! The HTTP contract, held against a real server.

mod accounts;
mod channels;
mod expiry;
mod hardening;
mod hidden;
mod invitations;
mod matrix;
mod messages;
mod posting;
mod reading;
mod record;
mod searching;
mod tampering;
mod topics;
mod vetting;
