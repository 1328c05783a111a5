//! Statements on the writer's own thread, without the trip to the engine's.
//!
//! `sqlx` keeps every SQLite connection on a thread of its own and hands each statement over and back; on the path of a
//! post those hand-overs cost more than the work (decision 0009). Here the writer borrows the connection's handle and
//! runs prepared statements itself, for one job ([`Tx::direct`](super::Tx::direct)) or for as long as nothing else is
//! queued ([`Db::write_direct`](super::Db::write_direct)).

use rusqlite::ToSql;
use sqlx::sqlite::{LockedSqliteHandle, SqliteConnection};

use super::writer::{AfterCommit, Effect};
use super::{Error, Result};

/// The engine behind the writer's connection. To be used only while the connection's handle is locked.
#[derive(Default)]
pub(super) struct Engine(Option<rusqlite::Connection>);

impl Engine {
    /// Locks the connection's handle, so that the engine may be used until the lock is dropped.
    pub(super) async fn lock<'a>(&'a mut self, connection: &'a mut SqliteConnection) -> Result<Locked<'a>> {
        let mut handle = connection.lock_handle().await?;
        let engine = match &mut self.0 {
            Some(engine) => engine,
            none => {
                #[expect(unsafe_code, reason = "the one way to run a statement without the hand-over; see the module")]
                // SAFETY: the handle is open and stays so: `Engine::forget` runs before the connection is closed. While
                // the lock is held nobody else uses it, and without the lock the engine can't be reached.
                let opened = unsafe { rusqlite::Connection::from_handle(handle.as_raw_handle().as_ptr()) }?;
                none.insert(opened)
            }
        };
        Ok(Locked { engine, _handle: handle })
    }

    /// Finalises the prepared statements. The connection can be closed after this.
    pub(super) async fn forget(&mut self, connection: &mut SqliteConnection) {
        if let Ok(_handle) = connection.lock_handle().await {
            self.0 = None;
        }
    }
}

/// The engine, ours until this is dropped.
pub(super) struct Locked<'a> {
    engine: &'a rusqlite::Connection,
    _handle: LockedSqliteHandle<'a>,
}

impl Locked<'_> {
    /// The engine as a job sees it.
    pub(super) fn direct<'a>(&'a self, effects: &'a mut Vec<Effect>) -> Direct<'a> {
        Direct { engine: self.engine, effects }
    }

    /// Begins, commits or rolls back.
    pub(super) fn control(&self, sql: &'static str) -> Result<()> {
        self.engine.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Runs something that answers with a row nobody reads.
    pub(super) fn pragma(&self, sql: &'static str) -> Result<()> {
        Ok(self.engine.query_row(sql, [], |_| Ok(()))?)
    }
}

/// The writer's transaction, as a job without awaits sees it.
pub struct Direct<'a> {
    engine: &'a rusqlite::Connection,
    effects: &'a mut Vec<Effect>,
}

impl Direct<'_> {
    /// Runs a statement; the number of rows it changed.
    pub fn execute(&mut self, sql: &'static str, values: &[&dyn ToSql]) -> Result<usize> {
        let mut statement = self.engine.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        Ok(statement.raw_execute()?)
    }

    /// The first row of a query.
    pub fn row<T>(
        &mut self,
        sql: &'static str,
        values: &[&dyn ToSql],
        read: impl FnOnce(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.engine.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        let mut rows = statement.raw_query();
        rows.next()?.map(read).transpose().map_err(Error::from)
    }
}

impl AfterCommit for Direct<'_> {
    fn after_commit(&mut self, effect: impl FnOnce() + Send + 'static) {
        self.effects.push(Box::new(effect));
    }
}

/// Binds `$n` to the n-th value, as `sqlx` does: the engine itself numbers parameters as they appear.
fn bind(statement: &mut rusqlite::Statement<'_>, values: &[&dyn ToSql]) -> Result<()> {
    for position in 1..=statement.parameter_count() {
        let number = statement.parameter_name(position).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let value = number.and_then(|number| values.get(number.checked_sub(1)?)).ok_or(Error::Malformed("parameter"))?;
        statement.raw_bind_parameter(position, value)?;
    }
    Ok(())
}
