//! One kept-alive HTTP connection that asks and waits, without a library's own costs and pools.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection with a bearer token.
pub(crate) struct Http {
    stream: TcpStream,
    host: SocketAddr,
    buffer: Vec<u8>,
}

impl Http {
    /// Connects.
    ///
    /// # Errors
    /// When the server can't be reached.
    pub(crate) async fn open(server: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, host: server, buffer: Vec::new() })
    }

    /// Gets a path and returns the body of the answer.
    ///
    /// # Errors
    /// When the connection breaks or the status is not 200.
    pub(crate) async fn get(&mut self, path: &str, token: &str) -> Result<&[u8]> {
        self.fetch(path, token, "HTTP/1.1 200 ").await
    }

    /// Gets a path at which there is nothing for this reader.
    ///
    /// # Errors
    /// When the connection breaks or the status is not 404.
    pub(crate) async fn get_absent(&mut self, path: &str, token: &str) -> Result<()> {
        self.fetch(path, token, "HTTP/1.1 404 ").await.map(drop)
    }

    async fn fetch(&mut self, path: &str, token: &str, good: &str) -> Result<&[u8]> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\r\n", self.host);
        self.ask(path, request.as_bytes(), good).await
    }

    /// Posts JSON to a path.
    ///
    /// # Errors
    /// When the connection breaks or the status is not 201.
    pub(crate) async fn post(&mut self, path: &str, token: &str, body: &Value) -> Result<()> {
        let (body, host) = (body.to_string(), self.host);
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        self.ask(path, request.as_bytes(), "HTTP/1.1 201 ").await.map(drop)
    }

    async fn ask(&mut self, path: &str, request: &[u8], good: &str) -> Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "{path}: the server hung up");
            if let Some(end) = memchr::memmem::find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = std::str::from_utf8(&self.buffer[..head])?;
        let ok = text.starts_with(good);
        let length = length(text).with_context(|| format!("{path}: no content-length in {text}"))?;
        while self.buffer.len() < head + length {
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "{path}: the server hung up");
        }
        let body = &self.buffer[head..head + length];
        ensure!(ok, "{path}: {}", String::from_utf8_lossy(&self.buffer));
        Ok(body)
    }

    /// Gets a path and parses the body.
    ///
    /// # Errors
    /// As [`Http::get`], and when it isn't JSON.
    pub(crate) async fn get_json(&mut self, path: &str, token: &str) -> Result<Value> {
        Ok(serde_json::from_slice(self.get(path, token).await?)?)
    }
}

fn length(head: &str) -> Option<usize> {
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    })
}
