//! The HTTP contract, held against a real server.

mod accounts;
mod archived;
mod backup;
mod channels;
mod commands;
mod directory;
mod expiry;
mod factors;
mod hardening;
mod hidden;
mod idempotency;
mod invitations;
mod markings;
mod matrix;
mod messages;
mod posting;
mod reading;
mod record;
mod rescue;
mod retrying;
mod searching;
mod tampering;
mod tls;
mod topics;
mod verifying;
mod vetting;
