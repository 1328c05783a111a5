//! A socket's queue: bounded, so that a reader that never reads costs nobody anything.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

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

/// What a socket's task is to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Send the frames that were taken.
    Send,
    /// Ask whether somebody is still there.
    Ping,
    /// Come to an end.
    End(Close),
}

#[derive(Default)]
struct Waiting {
    frames: Vec<Text>,
    bytes: usize,
    ping: bool,
    close: Option<Close>,
    /// The socket's task, while it waits.
    task: Option<Waker>,
}

impl Waiting {
    fn next(&mut self, batch: &mut Vec<Text>) -> Option<Next> {
        if let Some(close) = self.close {
            return Some(Next::End(close));
        }
        if !self.frames.is_empty() {
            self.bytes = 0;
            std::mem::swap(&mut self.frames, batch);
            return Some(Next::Send);
        }
        std::mem::take(&mut self.ping).then_some(Next::Ping)
    }
}

/// Frames on their way to one socket. Filled from any thread, emptied by the socket's own task.
// A plain mutex: it is held for a push or a swap, never across an await.
#[derive(Default)]
pub struct Outbox(Mutex<Waiting>);

impl Outbox {
    /// Queues a frame. On overflow the socket loses its queue and gets `resync` instead.
    pub fn push(&self, text: Text) {
        self.with(|waiting| {
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
        });
    }

    /// Has the socket ask whether somebody is still there.
    pub fn ping(&self) {
        self.with(|waiting| waiting.ping = true);
    }

    /// Ends the socket: what waits is dropped, so that nothing follows a revocation.
    pub fn close(&self, code: u16, reason: &'static str) {
        self.with(|waiting| {
            if waiting.close.is_none() {
                waiting.frames = Vec::new();
                waiting.bytes = 0;
                waiting.close = Some(Close { code, reason });
            }
        });
    }

    /// Whether the socket is being ended.
    pub fn is_closed(&self) -> bool {
        self.lock().close.is_some()
    }

    /// Something to do, now or when the task is woken for it. Frames to send are all taken into `batch`.
    pub fn poll_take(&self, context: &Context<'_>, batch: &mut Vec<Text>) -> Poll<Next> {
        let mut waiting = self.lock();
        if let Some(next) = waiting.next(batch) {
            return Poll::Ready(next);
        }
        if !waiting.task.as_ref().is_some_and(|task| task.will_wake(context.waker())) {
            waiting.task = Some(context.waker().clone());
        }
        Poll::Pending
    }

    /// Changes what waits and wakes whoever waits for it.
    fn with(&self, change: impl FnOnce(&mut Waiting)) {
        let mut waiting = self.lock();
        change(&mut waiting);
        let task = waiting.task.take();
        drop(waiting);
        if let Some(task) = task {
            task.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    async fn take(outbox: &Outbox, batch: &mut Vec<Text>) -> Next {
        poll_fn(|context| outbox.poll_take(context, batch)).await
    }

    #[tokio::test]
    async fn an_overflowing_box_holds_resync_and_what_came_after() {
        let outbox = Outbox::default();
        for n in 0..=MAX_FRAMES {
            outbox.push(n.to_string().into());
        }
        let mut batch = Vec::new();
        assert_eq!(take(&outbox, &mut batch).await, Next::Send);
        assert_eq!(batch, vec![frame::resync(None), Text::from(MAX_FRAMES.to_string())]);
    }

    #[tokio::test]
    async fn large_frames_overflow_by_their_bytes() {
        let outbox = Outbox::default();
        for _ in 0..20 {
            outbox.push("x".repeat(60 * 1024).into());
        }
        let mut batch = Vec::new();
        take(&outbox, &mut batch).await;
        assert_eq!(batch[0], frame::resync(None));
        assert!(batch.len() < 20);
    }

    #[tokio::test]
    async fn frames_go_before_a_ping() {
        let outbox = Outbox::default();
        outbox.ping();
        outbox.push("first".into());
        let mut batch = Vec::new();
        assert_eq!(take(&outbox, &mut batch).await, Next::Send);
        assert_eq!(take(&outbox, &mut batch).await, Next::Ping);
    }

    #[tokio::test]
    async fn nothing_follows_a_close() {
        let outbox = Outbox::default();
        outbox.push("before".into());
        outbox.close(4401, "signed_out");
        outbox.push("after".into());
        let mut batch = Vec::new();
        assert_eq!(take(&outbox, &mut batch).await, Next::End(Close { code: 4401, reason: "signed_out" }));
        assert!(batch.is_empty());
    }
}
