//! Members who listen, posters who post, and the count of what arrived when.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::raw::{self, Reader, Writer};
use crate::words;

/// Bytes of a post's body.
pub(crate) const BODY: usize = 300;

/// Where to post and as whom.
pub(crate) struct Place {
    /// The server.
    pub(crate) server: SocketAddr,
    /// The channel's id.
    pub(crate) channel: String,
    /// One bearer token a member.
    pub(crate) tokens: Vec<String>,
}

struct Post {
    sent: Instant,
    /// Receipts and answers still to come.
    missing: usize,
}

/// What was sent and what has arrived.
pub(crate) struct Tally {
    listeners: usize,
    posts: RefCell<Vec<Post>>,
    /// Microseconds from just before a post was sent to each receipt of it.
    latencies: RefCell<Vec<f64>>,
    /// Microseconds from just before a post was sent to its answer.
    answers: RefCell<Vec<f64>>,
    frame_bytes: Cell<usize>,
    unfinished: Cell<usize>,
    /// Anything that should never come: a resync, a refusal, a broken connection.
    trouble: RefCell<Option<String>>,
    finished: Notify,
    /// Posts that may still be sent: one comes back when a post has been answered and has reached everybody.
    pub(crate) credits: Semaphore,
    run: u128,
}

impl Tally {
    /// A tally for so many listeners.
    pub(crate) fn new(listeners: usize, credits: usize) -> Rc<Self> {
        Rc::new(Self {
            listeners,
            posts: RefCell::default(),
            latencies: RefCell::default(),
            answers: RefCell::default(),
            frame_bytes: Cell::default(),
            unfinished: Cell::default(),
            trouble: RefCell::default(),
            finished: Notify::new(),
            credits: Semaphore::new(credits),
            run: Uuid::now_v7().as_u128() & !u128::from(u32::MAX),
        })
    }

    /// Writes the next post and notes the moment. What waits in the socket's buffer counts as sent.
    ///
    /// # Errors
    /// When the connection is gone.
    pub(crate) async fn post(&self, writer: &Writer, channel: &str) -> Result<()> {
        let number = u32::try_from(self.posts.borrow().len())?;
        let reference = Uuid::from_u128(self.run | u128::from(number));
        let body = words::body(number, BODY);
        let frame = format!(
            r#"{{"type":"post","ref":"{reference}","channel":"{channel}","topic":null,"new_topic":null,"body":"{body}","marking":null,"attachments":[]}}"#
        );
        self.posts.borrow_mut().push(Post { sent: Instant::now(), missing: self.listeners + 1 });
        self.unfinished.set(self.unfinished.get() + 1);
        writer.text(&frame).await
    }

    /// Posts sent so far, those of the warm-up too.
    pub(crate) fn posted(&self) -> usize {
        self.posts.borrow().len()
    }

    /// Deliveries since the last [`Tally::restart`].
    pub(crate) fn delivered(&self) -> usize {
        self.latencies.borrow().len()
    }

    /// The latencies of the deliveries (microseconds).
    pub(crate) fn latencies(&self) -> Vec<f64> {
        self.latencies.borrow().clone()
    }

    /// The latencies of the answers (microseconds).
    pub(crate) fn answers(&self) -> Vec<f64> {
        self.answers.borrow().clone()
    }

    /// Bytes of the last `message` frame.
    pub(crate) fn frame_bytes(&self) -> usize {
        self.frame_bytes.get()
    }

    /// Forgets the figures of the warm-up. Only when nothing is under way.
    pub(crate) fn restart(&self) {
        self.latencies.borrow_mut().clear();
        self.answers.borrow_mut().clear();
    }

    /// Waits until every post has been answered and has reached everybody.
    ///
    /// # Errors
    /// When something came that should not, or nothing comes any more.
    pub(crate) async fn settled(&self) -> Result<()> {
        let patience = std::time::Duration::from_secs(20);
        while self.unfinished.get() > 0 {
            self.check()?;
            if tokio::time::timeout(patience, self.finished.notified()).await.is_err() {
                self.check()?;
                bail!("{} posts have not arrived everywhere within {patience:?}", self.unfinished.get());
            }
        }
        self.check()
    }

    /// Fails if something came that should not.
    ///
    /// # Errors
    /// That something.
    pub(crate) fn check(&self) -> Result<()> {
        match &*self.trouble.borrow() {
            Some(trouble) => bail!("{trouble}"),
            None => Ok(()),
        }
    }

    fn received(&self, frame: &[u8]) {
        if let Some(number) = words::number_in(frame) {
            self.frame_bytes.set(frame.len());
            self.arrived(number, &self.latencies);
        } else if frame.starts_with(br#"{"type":"resync""#) {
            self.fail(format!("a listener fell behind: {}", String::from_utf8_lossy(frame)));
        }
    }

    fn answered(&self, frame: &[u8]) {
        if frame.starts_with(br#"{"type":"posted""#) || memchr::memmem::find(frame, br#""type":"posted""#).is_some() {
            match reference(frame) {
                Some(reference) if reference & !u128::from(u32::MAX) == self.run => {
                    #[expect(clippy::cast_possible_truncation, reason = "the number is in the low half by construction")]
                    self.arrived(reference as u32, &self.answers);
                }
                _ => self.fail(format!("an answer to nothing: {}", String::from_utf8_lossy(frame))),
            }
        } else if memchr::memmem::find(frame, br#""type":"refused""#).is_some() {
            self.fail(format!("a post was refused: {}", String::from_utf8_lossy(frame)));
        }
    }

    fn arrived(&self, number: u32, times: &RefCell<Vec<f64>>) {
        let mut posts = self.posts.borrow_mut();
        // A number of an earlier run, out of a seeded folder that was used twice, is not ours.
        let Some(post) = posts.get_mut(number as usize).filter(|post| post.missing > 0) else { return };
        times.borrow_mut().push(post.sent.elapsed().as_secs_f64() * 1e6);
        post.missing -= 1;
        if post.missing == 0 {
            self.unfinished.set(self.unfinished.get() - 1);
            self.credits.add_permits(1);
            self.finished.notify_one();
        }
    }

    fn fail(&self, trouble: String) {
        self.trouble.borrow_mut().get_or_insert(trouble);
        self.finished.notify_one();
        self.credits.close();
    }
}

/// The `ref` of an answer.
fn reference(frame: &[u8]) -> Option<u128> {
    let at = memchr::memmem::find(frame, br#""ref":""#)? + 7;
    let text = std::str::from_utf8(frame.get(at..at + 36)?).ok()?;
    Some(Uuid::parse_str(text).ok()?.as_u128())
}

/// Sockets that read on, each in a task of its own, until this is dropped.
pub(crate) struct Crowd {
    tasks: JoinSet<()>,
    sockets: usize,
}

impl Crowd {
    /// Nobody yet.
    pub(crate) fn new() -> Self {
        Self { tasks: JoinSet::new(), sockets: 0 }
    }

    /// Connects one listener a token, each caught up to now.
    ///
    /// # Errors
    /// When one can't connect.
    pub(crate) async fn listen(&mut self, place: &Place, tally: &Rc<Tally>) -> Result<()> {
        ensure!(place.tokens.len() >= tally.listeners, "{} tokens are too few for {}", place.tokens.len(), tally.listeners);
        for token in &place.tokens[..tally.listeners] {
            let (mut reader, writer) = raw::open(place.server, token, self.next()).await?;
            writer.text(r#"{"type":"resume","cursors":{}}"#).await?;
            reader.read_until(is_live).await.context("waiting to be live")?;
            let tally = tally.clone();
            self.tasks.spawn_local(async move { drain(reader, |frame| tally.received(frame), &tally).await });
        }
        Ok(())
    }

    /// Connects posters, who don't `resume` and so hear nothing but answers.
    ///
    /// # Errors
    /// When one can't connect.
    pub(crate) async fn posters(&mut self, place: &Place, count: usize, tally: &Rc<Tally>) -> Result<Vec<Rc<Writer>>> {
        let mut writers = Vec::with_capacity(count);
        for token in place.tokens.iter().cycle().take(count) {
            let (reader, writer) = raw::open(place.server, token, self.next()).await?;
            let tally = tally.clone();
            self.tasks.spawn_local(async move { drain(reader, |frame| tally.answered(frame), &tally).await });
            writers.push(writer);
        }
        Ok(writers)
    }

    fn next(&mut self) -> usize {
        self.sockets += 1;
        self.sockets
    }
}

/// Whether a frame is `live`.
pub(crate) fn is_live(frame: &[u8]) -> bool {
    frame.starts_with(br#"{"type":"live""#)
}

async fn drain(mut reader: Reader, mut on_frame: impl FnMut(&[u8]), tally: &Tally) {
    loop {
        match reader.read(&mut on_frame).await {
            Ok(true) => {}
            Ok(false) => return tally.fail("the server hung up".into()),
            Err(error) => return tally.fail(format!("{error:#}")),
        }
    }
}
