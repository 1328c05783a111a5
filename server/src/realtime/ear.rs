//! Listening only when something has come: most of the times a socket's task wakes, it is to send.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::{Stream, StreamExt};

/// What the other side's bytes wake: the task, after noting that there is something to read.
struct Drum {
    came: AtomicBool,
    task: Waker,
}

impl Wake for Drum {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.came.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

/// A task's ear on one stream. A look at a connection on which nothing has come costs as much as a tenth of a frame sent,
/// and in a full room every frame said is sent by each.
pub(super) struct Ear {
    drum: Arc<Drum>,
    waker: Waker,
}

impl Ear {
    /// An ear of the task that this wakes.
    pub(super) fn of(task: &Waker) -> Self {
        let drum = Arc::new(Drum { came: AtomicBool::new(true), task: task.clone() });
        Self { waker: drum.clone().into(), drum }
    }

    /// The stream's next item, if anything has come since it had none.
    pub(super) fn hear<S: Stream + Unpin>(&self, stream: &mut S) -> Poll<Option<S::Item>> {
        // Taken down before the look: what comes meanwhile is not missed.
        if !self.drum.came.swap(false, Ordering::Acquire) {
            return Poll::Pending;
        }
        let heard = stream.poll_next_unpin(&mut Context::from_waker(&self.waker));
        if heard.is_ready() {
            self.drum.came.store(true, Ordering::Release);
        }
        heard
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::time::Duration;

    use futures_util::stream::poll_fn as stream;
    use tokio::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn nothing_is_looked_at_twice_and_nothing_missed() {
        let (say, mut said) = mpsc::unbounded_channel();
        let mut looks = 0;
        let mut line = stream(|context| {
            looks += 1;
            said.poll_recv(context)
        });
        let ear = poll_fn(|context| Poll::Ready(Ear::of(context.waker()))).await;
        assert_eq!(ear.hear(&mut line), Poll::Pending);
        assert_eq!(ear.hear(&mut line), Poll::Pending);
        say.send(1).expect("heard");
        say.send(2).expect("heard");
        assert_eq!(ear.hear(&mut line), Poll::Ready(Some(1)));
        assert_eq!(ear.hear(&mut line), Poll::Ready(Some(2)));
        assert_eq!(ear.hear(&mut line), Poll::Pending);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(10)).await;
            say.send(3).expect("heard");
        });
        assert_eq!(poll_fn(|_| ear.hear(&mut line)).await, Some(3), "the task is woken");
        assert_eq!(poll_fn(|_| ear.hear(&mut line)).await, None, "and told of the end");
        drop(line);
        assert_eq!(looks, 6);
    }
}
