//! What the tests and the benchmark share.

pub mod authenticator;
pub mod embedder;
pub mod institution;
pub mod mailbox;
pub mod provider;
pub mod raw;
pub mod region;
pub mod server_process;
mod template;
pub mod tls;
pub mod translator;
pub mod ws_client;
