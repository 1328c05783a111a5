//! A request's body as it comes in: it may not dawdle, and not hold up a stop.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::sync::watch;

/// A body of which nothing comes for this long is given up. (The threat model, limits of control 20.)
const IDLE: Duration = Duration::from_secs(30);

/// Why a body is not waited for any longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GivenUp {
    /// It came too slowly.
    #[error("the body came too slowly")]
    TooSlow,
    /// The server stops.
    #[error("the server is stopping")]
    Stopping,
}

impl GivenUp {
    /// The reason among the causes of another error.
    pub fn among(error: &(dyn Error + 'static)) -> Option<Self> {
        let mut cause = Some(error);
        while let Some(error) = cause {
            if let Some(reason) = error.downcast_ref() {
                return Some(*reason);
            }
            cause = error.source();
        }
        None
    }
}

/// A body under way.
pub(super) struct Arriving {
    body: Incoming,
    stop: watch::Receiver<bool>,
    /// What ends the waiting, while something is waited for. Most bodies are there with their head: they need none.
    patience: Option<BoxFuture<'static, GivenUp>>,
}

impl Arriving {
    pub(super) fn new(body: Incoming, stop: watch::Receiver<bool>) -> Self {
        Self { body, stop, patience: None }
    }
}

async fn patience(mut stop: watch::Receiver<bool>) -> GivenUp {
    tokio::select! {
        () = tokio::time::sleep(IDLE) => GivenUp::TooSlow,
        _ = stop.wait_for(|stop| *stop) => GivenUp::Stopping,
    }
}

impl Body for Arriving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) {
            this.patience = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(axum::Error::new)));
        }
        let patience = this.patience.get_or_insert_with(|| patience(this.stop.clone()).boxed());
        let reason = ready!(patience.poll_unpin(context));
        this.patience = None;
        Poll::Ready(Some(Err(axum::Error::new(reason))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
