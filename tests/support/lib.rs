//! What the tests and the benchmark share.

pub mod server_process;
pub mod ws_client;
