//! The HTTP contract, held against a real server.

mod accounts;
mod archived;
mod backup;
mod channels;
mod commands;
mod expiry;
mod hardening;
mod hidden;
mod idempotency;
mod invitations;
mod markings;
mod matrix;
mod messages;
mod posting;
mod reading;
mod retrying;
mod searching;
mod tls;
mod topics;
mod verifying;
mod vetting;
