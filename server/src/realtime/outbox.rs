//! A socket's queue: bounded, so that a reader that never reads costs nobody anything.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::frame::{self, Text};

/// Frames waiting for one socket at most.
const MAX_FRAMES: usize = 1024;
/// Bytes waiting for one socket at most.
const MAX_BYTES: usize = 1024 * 1024;

/// Why and how a socket is to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Close {
    /// The WebSocket close code.
    pub code: u16,
    /// The reason, in the words of the contract.
    pub reason: &'static str,
}

#[derive(Default)]
struct Waiting {
    frames: Vec<Text>,
    bytes: usize,
    close: Option<Close>,
}

/// Frames on their way to one socket. Filled from any thread, emptied by the socket's own task.
#[derive(Default)]
pub struct Outbox {
    // A plain mutex: it is held for a push or a swap, never across an await.
    waiting: Mutex<Waiting>,
    wake: Notify,
}

impl Outbox {
    /// Queues a frame. On overflow the socket loses its queue and gets `resync` instead.
    pub fn push(&self, text: Text) {
        let mut waiting = self.lock();
        if waiting.close.is_some() {
            return;
        }
        if waiting.frames.len() >= MAX_FRAMES || waiting.bytes + text.len() > MAX_BYTES {
            let resync = frame::resync(None);
            waiting.bytes = resync.len();
            waiting.frames = vec![resync];
        }
        waiting.bytes += text.len();
        waiting.frames.push(text);
        let first = waiting.frames.len() == 1;
        drop(waiting);
        // Whoever empties the box takes all of it: only the first frame needs to wake.
        if first {
            self.wake.notify_one();
        }
    }

    /// Ends the socket: what waits is dropped, so that nothing follows a revocation.
    pub fn close(&self, code: u16, reason: &'static str) {
        let mut waiting = self.lock();
        if waiting.close.is_none() {
            waiting.frames = Vec::new();
            waiting.bytes = 0;
            waiting.close = Some(Close { code, reason });
        }
        drop(waiting);
        self.wake.notify_one();
    }

    /// Waits for something to send and takes all of it into `batch`.
    pub async fn take(&self, batch: &mut Vec<Text>) -> Option<Close> {
        loop {
            {
                let mut waiting = self.lock();
                if waiting.close.is_some() {
                    return waiting.close;
                }
                if !waiting.frames.is_empty() {
                    waiting.bytes = 0;
                    std::mem::swap(&mut waiting.frames, batch);
                    return None;
                }
            }
            self.wake.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_overflowing_box_holds_resync_and_what_came_after() {
        let outbox = Outbox::default();
        for n in 0..=MAX_FRAMES {
            outbox.push(n.to_string().into());
        }
        let mut batch = Vec::new();
        assert_eq!(outbox.take(&mut batch).await, None);
        assert_eq!(batch, vec![frame::resync(None), Text::from(MAX_FRAMES.to_string())]);
    }

    #[tokio::test]
    async fn large_frames_overflow_by_their_bytes() {
        let outbox = Outbox::default();
        for _ in 0..20 {
            outbox.push("x".repeat(60 * 1024).into());
        }
        let mut batch = Vec::new();
        outbox.take(&mut batch).await;
        assert_eq!(batch[0], frame::resync(None));
        assert!(batch.len() < 20);
    }

    #[tokio::test]
    async fn nothing_follows_a_close() {
        let outbox = Outbox::default();
        outbox.push("before".into());
        outbox.close(4401, "signed_out");
        outbox.push("after".into());
        let mut batch = Vec::new();
        assert_eq!(outbox.take(&mut batch).await, Some(Close { code: 4401, reason: "signed_out" }));
        assert!(batch.is_empty());
    }
}
