//! The writer: a thread of its own that runs queued jobs and commits them together.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{Notify, mpsc, oneshot, watch};

use super::{Error, Result};
use crate::faults::{Fault, injected};

/// Jobs waiting for the writer at most; further callers wait in line.
const QUEUE: usize = 1024;
/// Jobs committed together at most: beyond this a batch gains little and the first of it waits long.
const BATCH: usize = 64;
/// How often the log is folded back into the main file.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(2);
/// Pages in the log (of 4 KiB) from which on the writer itself makes room: under a lasting load the log would
/// otherwise never be started anew.
const LONG_LOG: i64 = 16_384;

/// The writer's transaction, as a job sees it.
pub struct Tx {
    connection: SqliteConnection,
    effects: Vec<Box<dyn FnOnce() + Send>>,
}

impl Tx {
    /// Does `effect` once the transaction is durable, in the order in which transactions commit.
    /// It runs on the writer's thread: hand over and return.
    pub fn after_commit(&mut self, effect: impl FnOnce() + Send + 'static) {
        self.effects.push(Box::new(effect));
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
trait Job: Send {
    /// Runs inside the transaction; true if it went well. The answer is kept until [`Job::answer`].
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, bool>;
    /// Tells the caller. `stored` says whether the commit held.
    fn answer(self: Box<Self>, stored: Result<()>);
}

struct Pending<F, T, E> {
    job: F,
    outcome: Option<std::result::Result<T, E>>,
    reply: oneshot::Sender<std::result::Result<T, E>>,
}

impl<F, T, E> Job for Pending<F, T, E>
where
    F: AsyncFnMut(&mut Tx) -> std::result::Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, bool> {
        Box::pin(async move {
            let outcome = (self.job)(tx).await;
            let well = outcome.is_ok();
            self.outcome = Some(outcome);
            well
        })
    }

    fn answer(self: Box<Self>, stored: Result<()>) {
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

/// The way in to the writer.
pub(super) struct Handle {
    queue: mpsc::Sender<Box<dyn Job>>,
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
        let (reply, answer) = oneshot::channel();
        let pending = Box::new(Pending { job, outcome: None, reply });
        self.queue.send(pending).await.map_err(|_| Error::Stopped)?;
        answer.await.unwrap_or_else(|_| Err(Error::Stopped.into()))
    }

    pub(super) async fn stop(&self) {
        self.stopping.notify_one();
        let mut stopped = self.stopped.clone();
        let _ = stopped.wait_for(|stopped| *stopped).await;
    }
}

/// Starts the writer's thread and, beside it, the one that folds the log back.
pub(super) fn start(connection: SqliteConnection, tidy: SqliteConnectOptions) -> Handle {
    let (queue, jobs) = mpsc::channel(QUEUE);
    let (stopped_in, stopped) = watch::channel(false);
    let stopping = Arc::new(Notify::new());
    let heard = stopping.clone();
    let long_log = Arc::new(AtomicBool::new(false));
    let tidier = tokio::spawn(checkpoints(tidy, long_log.clone()));
    let runtime = tokio::runtime::Handle::current();
    let thread = std::thread::Builder::new().name("egida-writer".into());
    #[expect(clippy::expect_used, reason = "without its writer the server can't start")]
    thread
        .spawn(move || {
            // The thread sleeps on a futex and not in the reactor: it is woken for every statement.
            let _entered = runtime.enter();
            futures_executor::block_on(async move {
                let tx = Tx { connection, effects: Vec::new() };
                work(tx, jobs, &heard, &long_log).await;
                tidier.abort();
                let _ = stopped_in.send(true);
            });
        })
        .expect("a thread for the writer");
    Handle { queue, stopped, stopping }
}

async fn work(mut tx: Tx, mut jobs: mpsc::Receiver<Box<dyn Job>>, stopping: &Notify, long_log: &AtomicBool) {
    let mut batch = Vec::with_capacity(BATCH);
    // Begun before its first job is there: one trip to the engine less to wait for. It holds no lock until it writes.
    let mut begun = tx.control("BEGIN").await;
    loop {
        tokio::select! {
            biased;
            got = jobs.recv_many(&mut batch, BATCH) => if got == 0 { break },
            () = stopping.notified() => { jobs.close(); continue }
        }
        if begun.is_ok() && commit(&mut tx, &mut jobs, &mut batch).await {
            acknowledge(&mut tx, &mut batch);
        } else {
            undo(&mut tx).await;
            for job in batch.drain(..) {
                alone(&mut tx, job).await;
            }
        }
        if long_log.swap(false, Ordering::Relaxed) {
            let _ = tx.control("PRAGMA wal_checkpoint(RESTART)").await;
        }
        begun = tx.control("BEGIN").await;
    }
    undo(&mut tx).await;
    let _ = tx.control("PRAGMA optimize").await;
    let _ = tx.connection.close().await;
}

/// Runs the batch, and what queues up meanwhile, and commits it. False if a job or the commit failed: nothing is stored
/// then, and each job is to run in a transaction of its own.
async fn commit(tx: &mut Tx, jobs: &mut mpsc::Receiver<Box<dyn Job>>, batch: &mut Vec<Box<dyn Job>>) -> bool {
    let mut ready = 0;
    while ready < batch.len() {
        if !batch[ready].run(tx).await {
            return false;
        }
        ready += 1;
        if ready == batch.len() && ready < BATCH {
            while let Ok(job) = jobs.try_recv() {
                batch.push(job);
                if batch.len() == BATCH {
                    break;
                }
            }
        }
    }
    if injected(Fault::AckBeforeCommit) {
        acknowledge(tx, batch);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tx.control("COMMIT").await.is_ok()
}

/// Lets the effects out, in order, and answers the jobs.
fn acknowledge(tx: &mut Tx, batch: &mut Vec<Box<dyn Job>>) {
    for effect in tx.effects.drain(..) {
        effect();
    }
    for job in batch.drain(..) {
        job.answer(Ok(()));
    }
}

/// A transaction for one job, after a batch it was in has failed.
async fn alone(tx: &mut Tx, mut job: Box<dyn Job>) {
    let stored = async {
        tx.control("BEGIN IMMEDIATE").await?;
        if job.run(tx).await { tx.control("COMMIT").await } else { Err(Error::Engine(sqlx::Error::WorkerCrashed)) }
    }
    .await;
    if stored.is_ok() {
        for effect in tx.effects.drain(..) {
            effect();
        }
    } else {
        undo(tx).await;
    }
    job.answer(stored);
}

async fn undo(tx: &mut Tx) {
    tx.effects.clear();
    // Fails when the engine has rolled back by itself, which is what is wanted.
    let _ = tx.control("ROLLBACK").await;
}

/// Folds the log back into the main file now and then, on a connection that no post waits for.
async fn checkpoints(options: SqliteConnectOptions, long_log: Arc<AtomicBool>) {
    use sqlx::ConnectOptions;
    let Ok(mut connection) = options.connect().await else { return };
    loop {
        tokio::time::sleep(CHECKPOINT_EVERY).await;
        match sqlx::query_as::<_, (i64, i64, i64)>("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(&mut connection).await {
            Ok((_, pages, _)) => long_log.store(pages > LONG_LOG, Ordering::Relaxed),
            Err(error) => tracing::warn!(%error, "the log could not be folded back"),
        }
    }
}
