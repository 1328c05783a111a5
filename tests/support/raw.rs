//! HTTP written by hand, for what no client library would send.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sends these bytes and gives back what comes for them: until the end, or until there is silence after the head.
///
/// # Panics
/// When the server can't be reached.
pub async fn exchange(address: SocketAddr, bytes: &str, patience: Duration) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    stream.write_all(bytes.as_bytes()).await.expect("written");
    let (mut answer, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let pause = if answer.is_empty() { patience } else { Duration::from_millis(200) };
        match tokio::time::timeout(pause, stream.read(&mut piece)).await {
            Ok(Ok(0) | Err(_)) | Err(_) => return String::from_utf8_lossy(&answer).into_owned(),
            Ok(Ok(length)) => answer.extend_from_slice(&piece[..length]),
        }
    }
}

/// The status of an answer; 0 if there was none.
pub fn status(answer: &str) -> u16 {
    answer.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok()).unwrap_or(0)
}

/// The head of a request that opens a socket with this token.
pub fn upgrade(address: SocketAddr, token: &str) -> String {
    format!(
        "GET /api/socket HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: egida.v1\r\n\
         authorization: Bearer {token}\r\n\r\n"
    )
}
