//! A WebSocket client that costs next to nothing, so that what is measured is the server.
//!
//! It reads into one buffer shared by all sockets of the thread, looks at frame headers only, and hands payloads out
//! as borrowed bytes. It masks with the key zero, which leaves the payload as it is; the server can't tell and unmasks
//! as always. Each socket comes from its own corner of 127.0.0.0/8, so that the server's limit on sockets of one
//! address is obeyed, not lifted.

use std::cell::RefCell;
use std::future::poll_fn;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context as Poller, Poll, ready};

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::TcpSocket;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// Bytes read from a socket at a time.
const READ_AT_ONCE: usize = 256 * 1024;
/// Sockets from one address: below the server's limit of 64.
const PER_ADDRESS: usize = 50;
/// Bytes of an answer's head at most.
const MAX_HEAD: usize = 8 * 1024;

/// The bit that says "the last of its message", and in the second byte "masked".
const HIGH: u8 = 0x80;
/// In the place of a length: two bytes of it follow.
const LONG: u8 = 126;
/// In the place of a length: eight bytes of it follow.
const LONGER: u8 = 127;
const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;

thread_local! {
    static BUFFER: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ_AT_ONCE].into());
}

/// The half that reads.
pub(crate) struct Reader {
    stream: OwnedReadHalf,
    writer: Rc<Writer>,
    /// The beginning of a frame whose end has not come yet.
    rest: Vec<u8>,
}

/// The half that writes.
pub(crate) struct Writer(OwnedWriteHalf);

/// Connects with a bearer token, as the `number`th socket of the run.
///
/// # Errors
/// When the server can't be reached or refuses.
pub(crate) async fn open(server: SocketAddr, token: &str, number: usize) -> Result<(Reader, Rc<Writer>)> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((source(number)?, 0)))?;
    let stream = socket.connect(server).await.context("no connection")?;
    stream.set_nodelay(true)?;
    let (stream, writer) = stream.into_split();
    let writer = Rc::new(Writer(writer));
    let mut reader = Reader { stream, writer: writer.clone(), rest: Vec::new() };
    let request = format!(
        "GET /api/socket HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ZWdpZGEtYmVuY2gtc29ja2V0\r\n\
         Sec-WebSocket-Protocol: egida.v1\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    writer.write(request.as_bytes()).await?;
    reader.expect_upgrade().await?;
    Ok((reader, writer))
}

fn source(number: usize) -> Result<Ipv4Addr> {
    let corner = u16::try_from(number / PER_ADDRESS)?;
    let [high, low] = corner.to_be_bytes();
    Ok(Ipv4Addr::new(127, high + 1, low, 1))
}

impl Reader {
    /// Reads once, waiting if need be, and hands every whole text frame to `on_text`. False at the end of the stream.
    ///
    /// # Errors
    /// When the connection breaks or the server closes it.
    pub(crate) async fn read(&mut self, mut on_text: impl FnMut(&[u8])) -> Result<bool> {
        poll_fn(|poller| self.poll_read(poller, &mut on_text)).await
    }

    /// Reads until `done` says so of a text frame. What came in the same gulp after that frame is handed to `done`
    /// too, whatever it then says.
    ///
    /// # Errors
    /// As [`Reader::read`], and when the stream ends first.
    pub(crate) async fn read_until(&mut self, mut done: impl FnMut(&[u8]) -> bool) -> Result<()> {
        let mut finished = false;
        while !finished {
            let more = self.read(|text| finished |= done(text)).await?;
            ensure!(more || finished, "the server hung up");
        }
        Ok(())
    }

    fn poll_read(&mut self, poller: &mut Poller<'_>, on_text: &mut dyn FnMut(&[u8])) -> Poll<Result<bool>> {
        BUFFER.with_borrow_mut(|buffer| {
            let mut buffer = ReadBuf::new(buffer);
            ready!(Pin::new(&mut self.stream).poll_read(poller, &mut buffer))?;
            let fresh = buffer.filled();
            if fresh.is_empty() {
                return Poll::Ready(Ok(false));
            }
            if self.rest.is_empty() {
                let used = frames(fresh, &self.writer, on_text)?;
                self.rest.extend_from_slice(&fresh[used..]);
            } else {
                self.rest.extend_from_slice(fresh);
                let used = frames(&self.rest, &self.writer, on_text)?;
                self.rest.drain(..used);
            }
            Poll::Ready(Ok(true))
        })
    }

    async fn expect_upgrade(&mut self) -> Result<()> {
        let mut head = Vec::new();
        let end = loop {
            let fresh = poll_fn(|poller| {
                BUFFER.with_borrow_mut(|buffer| {
                    let mut buffer = ReadBuf::new(buffer);
                    ready!(Pin::new(&mut self.stream).poll_read(poller, &mut buffer))?;
                    head.extend_from_slice(buffer.filled());
                    Poll::Ready(std::io::Result::Ok(buffer.filled().len()))
                })
            });
            ensure!(fresh.await? > 0, "the server hung up during the upgrade");
            if let Some(end) = memchr::memmem::find(&head, b"\r\n\r\n") {
                break end + 4;
            }
            ensure!(head.len() < MAX_HEAD, "the answer to the upgrade has no end");
        };
        ensure!(head.starts_with(b"HTTP/1.1 101 "), "no upgrade: {}", String::from_utf8_lossy(&head));
        // Frames may have come together with the head: they are read as if they came now.
        self.rest = head.split_off(end);
        Ok(())
    }
}

impl Writer {
    /// Sends a text frame.
    ///
    /// # Errors
    /// When the connection is gone.
    pub(crate) async fn text(&self, payload: &str) -> Result<()> {
        self.write(&masked(TEXT, payload.as_bytes())?).await
    }

    async fn write(&self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            self.0.writable().await?;
            match self.0.try_write(bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// A client's frame: masked, with the key zero.
fn masked(kind: u8, payload: &[u8]) -> Result<Vec<u8>> {
    let mut frame = Vec::with_capacity(payload.len() + 8);
    frame.push(HIGH | kind);
    if payload.len() < usize::from(LONG) {
        frame.push(HIGH | u8::try_from(payload.len())?);
    } else {
        frame.push(HIGH | LONG);
        frame.extend_from_slice(&u16::try_from(payload.len())?.to_be_bytes());
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    Ok(frame)
}

/// Hands out the whole frames in `bytes` and returns how many bytes they took.
fn frames(bytes: &[u8], writer: &Writer, on_text: &mut dyn FnMut(&[u8])) -> Result<usize> {
    let mut used = 0;
    while let Some((kind, payload, length)) = frame(&bytes[used..])? {
        match kind {
            TEXT => on_text(payload),
            // A pong that does not fit into the system's buffer is not worth waiting for.
            PING => drop(writer.0.try_write(&masked(PING + 1, payload)?)),
            CLOSE => bail!("the server closed: {}", close_reason(payload)),
            _ => {}
        }
        used += length;
    }
    Ok(used)
}

/// The first frame in `bytes`, if it is whole: its kind, its payload and its length with the header.
fn frame(bytes: &[u8]) -> Result<Option<(u8, &[u8], usize)>> {
    let [first, second, ..] = *bytes else { return Ok(None) };
    ensure!(first & HIGH != 0 && second & HIGH == 0, "a fragmented or masked frame from the server");
    let (header, length) = match (second, bytes) {
        (LONG, [_, _, a, b, ..]) => (4, usize::from(u16::from_be_bytes([*a, *b]))),
        (LONGER, [_, _, length @ ..]) if length.len() >= 8 => {
            let length: [u8; 8] = length[..8].try_into()?;
            (10, usize::try_from(u64::from_be_bytes(length))?)
        }
        (LONG | LONGER, _) => return Ok(None),
        (short, _) => (2, usize::from(short)),
    };
    let payload = bytes.get(header..header + length);
    Ok(payload.map(|payload| (first & 0x0f, payload, header + length)))
}

fn close_reason(payload: &[u8]) -> String {
    match payload {
        [high, low, reason @ ..] => format!("{} {}", u16::from_be_bytes([*high, *low]), String::from_utf8_lossy(reason)),
        _ => "without a code".into(),
    }
}
