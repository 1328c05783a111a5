//! The writer: a thread of its own that runs queued jobs and commits them together.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{Notify, mpsc, oneshot, watch};

use super::direct::{Direct, Engine, Locked};
use super::log::{Log, fold_back_often};
use super::{Error, Result};
use crate::faults::{Fault, injected};

/// Jobs waiting for the writer at most; further callers wait in line.
const QUEUE: usize = 1024;
/// Jobs committed together at most: beyond this a batch gains little and the first of it waits long.
const BATCH: usize = 64;

/// What is to be done once a transaction is durable.
pub(super) type Effect = Box<dyn FnOnce() + Send>;

/// A transaction, to register what follows it.
pub trait AfterCommit {
    /// Does `effect` once the transaction is durable, in the order in which transactions commit.
    /// It runs on the writer's thread: hand over and return.
    fn after_commit(&mut self, effect: impl FnOnce() + Send + 'static);
}

/// The writer's transaction, as a job sees it.
pub struct Tx {
    connection: SqliteConnection,
    engine: Engine,
    effects: Vec<Effect>,
    log: Arc<Log>,
}

impl AfterCommit for Tx {
    fn after_commit(&mut self, effect: impl FnOnce() + Send + 'static) {
        self.effects.push(Box::new(effect));
    }
}

impl Tx {
    /// Runs `work` in this transaction on the writer's own thread.
    pub async fn direct<T>(&mut self, work: impl FnOnce(&mut Direct<'_>) -> Result<T>) -> Result<T> {
        let locked = self.engine.lock(&mut self.connection).await?;
        work(&mut locked.direct(&mut self.effects))
    }

    /// Something was erased in this transaction that is to be found in no file within a minute. The engine overwrites what
    /// it erases in its main file; the log is emptied for it once this is durable.
    pub fn erases(&mut self) {
        let log = self.log.clone();
        self.after_commit(move || log.holds_erased.store(true, Ordering::Relaxed));
    }

    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    async fn control(&mut self, sql: &'static str) -> Result<()> {
        sqlx::query(sql).execute(&mut self.connection).await?;
        Ok(())
    }
}

/// A job in the queue, whatever it answers.
enum Job {
    /// Awaits the engine's thread for each of its statements.
    Awaiting(Box<dyn Awaiting>),
    /// Runs its statements on the writer's own thread.
    Direct(Box<dyn Running>),
}

impl Job {
    fn is_direct(&self) -> bool {
        matches!(self, Self::Direct(_))
    }

    /// Runs inside the transaction; true if it went well. The answer is kept until [`Job::answer`].
    async fn run(&mut self, tx: &mut Tx) -> bool {
        match self {
            Self::Awaiting(job) => job.run(tx).await,
            Self::Direct(job) => tx.direct(|direct| Ok(job.run(direct))).await.unwrap_or(false),
        }
    }

    /// Tells the caller. `stored` says whether the commit held.
    fn answer(self, stored: Result<()>) {
        match self {
            Self::Awaiting(job) => job.answer(stored),
            Self::Direct(job) => job.answer(stored),
        }
    }
}

trait Awaiting: Send {
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, bool>;
    fn answer(self: Box<Self>, stored: Result<()>);
}

trait Running: Send {
    fn run(&mut self, direct: &mut Direct<'_>) -> bool;
    fn answer(self: Box<Self>, stored: Result<()>);
}

struct Pending<F, T, E> {
    job: F,
    outcome: Option<std::result::Result<T, E>>,
    reply: oneshot::Sender<std::result::Result<T, E>>,
}

impl<F, T, E: From<Error>> Pending<F, T, E> {
    fn keep(&mut self, outcome: std::result::Result<T, E>) -> bool {
        let well = outcome.is_ok();
        self.outcome = Some(outcome);
        well
    }

    fn tell(self, stored: Result<()>) {
        let outcome = match (stored, self.outcome) {
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(Error::Stopped.into()),
            // The job's own refusal says more than the rollback that followed it.
            (Err(_), Some(Err(own))) => Err(own),
            (Err(error), _) => Err(error.into()),
        };
        // A caller that no longer waits has lost interest, not its work.
        let _ = self.reply.send(outcome);
    }
}

impl<F, T, E> Awaiting for Pending<F, T, E>
where
    F: AsyncFnMut(&mut Tx) -> std::result::Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, bool> {
        Box::pin(async move {
            let outcome = (self.job)(tx).await;
            self.keep(outcome)
        })
    }

    fn answer(self: Box<Self>, stored: Result<()>) {
        self.tell(stored);
    }
}

impl<F, T, E> Running for Pending<F, T, E>
where
    F: FnMut(&mut Direct<'_>) -> std::result::Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, direct: &mut Direct<'_>) -> bool {
        let outcome = (self.job)(direct);
        self.keep(outcome)
    }

    fn answer(self: Box<Self>, stored: Result<()>) {
        self.tell(stored);
    }
}

/// The way in to the writer.
pub(super) struct Handle {
    queue: mpsc::Sender<Job>,
    stopped: watch::Receiver<bool>,
    stopping: Arc<Notify>,
}

impl Handle {
    /// A way in that leads nowhere.
    pub(super) fn stopped() -> Self {
        Self { queue: mpsc::channel(1).0, stopped: watch::channel(true).1, stopping: Arc::default() }
    }

    pub(super) async fn submit<F, T, E>(&self, job: F) -> std::result::Result<T, E>
    where
        F: AsyncFnMut(&mut Tx) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.queue(|reply| Job::Awaiting(Box::new(Pending { job, outcome: None, reply }))).await
    }

    pub(super) async fn submit_direct<F, T, E>(&self, job: F) -> std::result::Result<T, E>
    where
        F: FnMut(&mut Direct<'_>) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.queue(|reply| Job::Direct(Box::new(Pending { job, outcome: None, reply }))).await
    }

    async fn queue<T, E: From<Error>>(
        &self,
        pending: impl FnOnce(oneshot::Sender<std::result::Result<T, E>>) -> Job,
    ) -> std::result::Result<T, E> {
        let (reply, answer) = oneshot::channel();
        self.queue.send(pending(reply)).await.map_err(|_| Error::Stopped)?;
        answer.await.unwrap_or_else(|_| Err(Error::Stopped.into()))
    }

    pub(super) async fn stop(&self) {
        self.stopping.notify_one();
        let mut stopped = self.stopped.clone();
        let _ = stopped.wait_for(|stopped| *stopped).await;
    }
}

/// Starts the writer's thread and, beside it, who tells what it has stored and who folds the log back.
pub(super) fn start(connection: SqliteConnection, tidy: SqliteConnectOptions) -> Handle {
    let (queue, jobs) = mpsc::channel(QUEUE);
    let (stored, to_tell) = mpsc::unbounded_channel();
    let (stopped_in, stopped) = watch::channel(false);
    let stopping = Arc::new(Notify::new());
    let heard = stopping.clone();
    let log = Arc::new(Log::default());
    let tidier = tokio::spawn(fold_back_often(tidy, log.clone()));
    tokio::spawn(async move {
        tell(to_tell).await;
        tidier.abort();
        let _ = stopped_in.send(true);
    });
    let runtime = tokio::runtime::Handle::current();
    let thread = std::thread::Builder::new().name("egida-writer".into());
    #[expect(clippy::expect_used, reason = "without its writer the server can't start")]
    thread
        .spawn(move || {
            // The thread sleeps on a futex and not in the reactor: it is woken for every batch.
            let _entered = runtime.enter();
            let tx = Tx { connection, engine: Engine::default(), effects: Vec::new(), log };
            futures_executor::block_on(work(tx, jobs, &stored, &heard));
        })
        .expect("a thread for the writer");
    Handle { queue, stopped, stopping }
}

/// What one commit has stored: what is to follow, in order, and whom to answer after that.
struct Stored {
    effects: Vec<Effect>,
    jobs: Vec<Job>,
}

/// Lets the effects out and answers the jobs, commit after commit. On the runtime, because waking hundreds of sockets is
/// several times dearer from a thread outside of it; and the writer is at the next batch meanwhile.
async fn tell(mut stored: mpsc::UnboundedReceiver<Stored>) {
    while let Some(Stored { effects, jobs }) = stored.recv().await {
        for effect in effects {
            effect();
        }
        for job in jobs {
            job.answer(Ok(()));
        }
    }
}

async fn work(mut tx: Tx, mut jobs: mpsc::Receiver<Job>, stored: &mpsc::UnboundedSender<Stored>, stopping: &Notify) {
    let mut batch = Vec::with_capacity(BATCH);
    while more(&mut jobs, &mut batch, stopping).await {
        let well = if batch.iter().all(Job::is_direct) && !injected(Fault::AckBeforeCommit) {
            commit_directly(&mut tx, &mut jobs, &mut batch, stored, stopping).await
        } else {
            commit(&mut tx, &mut jobs, &mut batch, stored).await
        };
        if !well {
            undo(&mut tx).await;
            for job in batch.drain(..) {
                alone(&mut tx, job, stored).await;
            }
        }
        if tx.log.is_long.swap(false, Ordering::Relaxed) {
            let _ = tx.control("PRAGMA wal_checkpoint(RESTART)").await;
        }
    }
    let _ = tx.control("PRAGMA optimize").await;
    tx.engine.forget(&mut tx.connection).await;
    let _ = tx.connection.close().await;
}

/// Waits for jobs, unless some are left over. False if there will be none.
async fn more(jobs: &mut mpsc::Receiver<Job>, batch: &mut Vec<Job>, stopping: &Notify) -> bool {
    while batch.is_empty() {
        tokio::select! {
            biased;
            got = jobs.recv_many(batch, BATCH) => if got == 0 { return false },
            () = stopping.notified() => jobs.close(),
        }
    }
    true
}

/// Runs the batch, and what queues up meanwhile, commits it and tells everybody. False if a job or the commit failed:
/// nothing is stored then, and each job is to run in a transaction of its own.
async fn commit(
    tx: &mut Tx,
    jobs: &mut mpsc::Receiver<Job>,
    batch: &mut Vec<Job>,
    stored: &mpsc::UnboundedSender<Stored>,
) -> bool {
    if tx.control("BEGIN").await.is_err() {
        return false;
    }
    let mut ready = 0;
    while ready < batch.len() {
        if batch[ready].is_direct() {
            // One lock for all that stand together. Each asks the engine's thread to let go by a message, and fifty that it
            // hasn't read fill its queue: with a lock each, it waited for us to let go, and we for room in the queue.
            let Ok(locked) = tx.engine.lock(&mut tx.connection).await else { return false };
            match run_directly(&locked, &mut tx.effects, jobs, batch, ready) {
                Some(done) => ready = done,
                None => return false,
            }
        } else if batch[ready].run(tx).await {
            ready += 1;
            if ready == batch.len() {
                take_waiting(jobs, batch);
            }
        } else {
            return false;
        }
    }
    if injected(Fault::AckBeforeCommit) {
        hand_over(&mut tx.effects, batch.drain(..), stored);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    if tx.control("COMMIT").await.is_err() {
        return false;
    }
    hand_over(&mut tx.effects, batch.drain(..), stored);
    true
}

/// The same for jobs that need no hand-over, batch after batch on this thread, until something else is queued: that is
/// left in `batch`.
async fn commit_directly(
    tx: &mut Tx,
    jobs: &mut mpsc::Receiver<Job>,
    batch: &mut Vec<Job>,
    stored: &mpsc::UnboundedSender<Stored>,
    stopping: &Notify,
) -> bool {
    let Ok(locked) = tx.engine.lock(&mut tx.connection).await else { return false };
    loop {
        let Some(done) = store_directly(&locked, &mut tx.effects, jobs, batch) else { return false };
        hand_over(&mut tx.effects, batch.drain(..done), stored);
        if tx.log.is_long.swap(false, Ordering::Relaxed) {
            let _ = locked.pragma("PRAGMA wal_checkpoint(RESTART)");
        }
        if !more(jobs, batch, stopping).await || !batch.iter().all(Job::is_direct) {
            return true;
        }
    }
}

/// Runs and commits the direct jobs at the head of the batch; how many, or `None` if one or the commit failed.
fn store_directly(
    locked: &Locked<'_>,
    effects: &mut Vec<Effect>,
    jobs: &mut mpsc::Receiver<Job>,
    batch: &mut Vec<Job>,
) -> Option<usize> {
    locked.control("BEGIN IMMEDIATE").ok()?;
    let done = run_directly(locked, effects, jobs, batch, 0)?;
    locked.control("COMMIT").ok()?;
    Some(done)
}

/// Runs the direct jobs that stand together from `ready` on, and what queues up behind them meanwhile; where they end, or
/// `None` if one failed.
fn run_directly(
    locked: &Locked<'_>,
    effects: &mut Vec<Effect>,
    jobs: &mut mpsc::Receiver<Job>,
    batch: &mut Vec<Job>,
    mut ready: usize,
) -> Option<usize> {
    while let Some(Job::Direct(job)) = batch.get_mut(ready) {
        if !job.run(&mut locked.direct(effects)) {
            return None;
        }
        ready += 1;
        if ready == batch.len() {
            take_waiting(jobs, batch);
        }
    }
    Some(ready)
}

/// Lets what has queued up since into the batch, as far as it may grow.
fn take_waiting(jobs: &mut mpsc::Receiver<Job>, batch: &mut Vec<Job>) {
    while batch.len() < BATCH {
        let Ok(job) = jobs.try_recv() else { return };
        batch.push(job);
    }
}

/// Gives what is durable to [`tell`].
fn hand_over(effects: &mut Vec<Effect>, jobs: impl Iterator<Item = Job>, stored: &mpsc::UnboundedSender<Stored>) {
    // Fails when the runtime is gone, and with it everybody who could be told.
    let _ = stored.send(Stored { effects: std::mem::take(effects), jobs: jobs.collect() });
}

/// A transaction for one job, after a batch it was in has failed.
async fn alone(tx: &mut Tx, mut job: Job, stored: &mpsc::UnboundedSender<Stored>) {
    let outcome = async {
        tx.control("BEGIN IMMEDIATE").await?;
        if job.run(tx).await { tx.control("COMMIT").await } else { Err(Error::Engine(sqlx::Error::WorkerCrashed)) }
    }
    .await;
    match outcome {
        Ok(()) => hand_over(&mut tx.effects, std::iter::once(job), stored),
        Err(error) => {
            undo(tx).await;
            job.answer(Err(error));
        }
    }
}

async fn undo(tx: &mut Tx) {
    tx.effects.clear();
    // Fails when the engine has rolled back by itself, which is what is wanted.
    let _ = tx.control("ROLLBACK").await;
}
