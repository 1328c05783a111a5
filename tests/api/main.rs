//! The HTTP contract, held against a real server.

mod accounts;
mod backup;
mod channels;
mod commands;
mod expiry;
mod hardening;
mod hidden;
mod idempotency;
mod invitations;
mod matrix;
mod messages;
mod posting;
mod reading;
mod searching;
mod topics;
mod verifying;
mod vetting;
