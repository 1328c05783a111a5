//! A connection that takes a message in a few pieces at most (control 20 of the threat model).
//!
//! The library puts the pieces of a message together before it hands anything over, so that a message in a hundred
//! thousand empty pieces is one that nobody has counted. The heads of the frames are therefore looked at as they pass.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};

/// Further pieces of a message at most (the threat model's figure).
const PIECES: u32 = 16;
/// What a frame's head says of a text or binary message that begins.
const BEGINS: [u8; 2] = [1, 2];
/// What it says of a further piece.
const GOES_ON: u8 = 0;

/// A message came in too many pieces.
#[derive(Clone, Copy, Debug)]
pub(super) struct TooManyPieces;

impl std::fmt::Display for TooManyPieces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a message came in too many pieces")
    }
}

impl std::error::Error for TooManyPieces {}

/// The heads of the frames in a stream of bytes (RFC 6455, 5.2).
#[derive(Debug, Default)]
struct Heads {
    /// The head that is being read: two bytes, a longer length, a mask.
    head: [u8; 14],
    have: usize,
    /// Bytes of a frame's content still to come.
    content: u64,
    /// Further pieces of the message so far.
    pieces: u32,
}

impl Heads {
    /// Looks at what has come. False once a message has too many pieces.
    fn look(&mut self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            if self.content > 0 {
                let passed = bytes.len().min(usize::try_from(self.content).unwrap_or(usize::MAX));
                self.content -= passed as u64;
                bytes = &bytes[passed..];
                continue;
            }
            self.head[self.have] = bytes[0];
            self.have += 1;
            bytes = &bytes[1..];
            if self.have >= 2 && self.have == self.length() && !self.frame() {
                return false;
            }
        }
        true
    }

    /// Bytes of the head, as its second one says.
    fn length(&self) -> usize {
        let longer = match self.head[1] & 0x7f {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        2 + longer + if self.head[1] & 0x80 == 0 { 0 } else { 4 }
    }

    /// A head is there: how much content follows, and which piece this is.
    fn frame(&mut self) -> bool {
        self.have = 0;
        self.content = match self.head[1] & 0x7f {
            126 => u64::from(u16::from_be_bytes([self.head[2], self.head[3]])),
            127 => self.head[2..10].iter().fold(0, |length, byte| length << 8 | u64::from(*byte)),
            short => u64::from(short),
        };
        match self.head[0] & 0x0f {
            GOES_ON => self.pieces += 1,
            kind if BEGINS.contains(&kind) => self.pieces = 0,
            // Pings and the like may stand between the pieces; they are counted as the frames they are.
            _ => {}
        }
        self.pieces <= PIECES
    }
}

/// A stream whose reader is told when a message has too many pieces.
#[derive(Debug)]
pub struct Pieces<S> {
    inner: S,
    heads: Heads,
}

impl<S: AsyncRead + Unpin> Pieces<S> {
    pub(super) fn of(inner: S) -> Self {
        Self { inner, heads: Heads::default() }
    }

    /// Takes off the line what still comes, to its end, so that the other side reads our goodbye and not a reset.
    pub(super) async fn drain(&mut self) {
        let mut nothing = [0; 1024];
        while matches!(self.inner.read(&mut nothing).await, Ok(taken) if taken > 0) {}
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Pieces<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(context, buffer))?;
        let few = self.heads.look(&buffer.filled()[before..]);
        Poll::Ready(if few { Ok(()) } else { Err(io::Error::other(TooManyPieces)) })
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Pieces<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A masked frame with so much content.
    fn frame(first: u8, content: usize) -> Vec<u8> {
        let mut frame = vec![first];
        match u16::try_from(content) {
            Ok(short) if short < 126 => frame.push(0x80 | u8::try_from(short).expect("short")),
            Ok(long) => {
                frame.push(0xfe);
                frame.extend(long.to_be_bytes());
            }
            Err(_) => {
                frame.push(0xff);
                frame.extend((content as u64).to_be_bytes());
            }
        }
        frame.extend([1, 2, 3, 4]);
        frame.extend(vec![0; content]);
        frame
    }

    fn message(pieces: u32) -> Vec<u8> {
        let mut bytes = frame(0x01, 3);
        (1..pieces).for_each(|_| bytes.extend(frame(0x00, 0)));
        bytes.extend(frame(0x80, 200));
        bytes
    }

    #[test]
    fn so_many_pieces_and_no_more() {
        assert!(Heads::default().look(&message(PIECES)));
        assert!(!Heads::default().look(&message(PIECES + 1)));
        let mut heads = Heads::default();
        assert!((0..100).all(|_| heads.look(&message(PIECES))), "each message has pieces of its own");
    }

    #[test]
    fn whole_messages_and_pings_are_no_pieces() {
        let mut heads = Heads::default();
        for content in [0, 125, 126, 65_535, 65_536] {
            assert!((0..40).all(|_| heads.look(&frame(0x81, content)) && heads.look(&frame(0x89, 5))), "{content}");
        }
    }

    #[test]
    fn heads_are_found_however_the_bytes_come() {
        for at_once in [1, 2, 3, 7, 64] {
            let mut heads = Heads::default();
            let few = [message(PIECES), message(3)].concat();
            assert!(few.chunks(at_once).all(|bytes| heads.look(bytes)), "{at_once}");
            assert!(!message(PIECES + 1).chunks(at_once).all(|bytes| heads.look(bytes)), "{at_once}");
        }
    }
}
