//! What every slice is handed: storage, live delivery, standing, time, limits.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::access::Standing;
use crate::audit::Recorder;
use crate::base::clock::Clock;
use crate::base::db::Db;
use crate::base::guard::LastSaid;
use crate::base::ids;
use crate::base::limits::Limits;
use crate::base::seal::Seal;
use crate::base::vault::Vault;
use crate::realtime::Hub;

/// The shared things of a running server. Cheap to clone.
#[derive(Clone)]
pub struct Ctx(Arc<Shared>);

/// See [`Ctx`].
pub struct Shared {
    /// Storage.
    pub db: Db,
    /// Live delivery.
    pub hub: Arc<Hub>,
    /// Who stands where.
    pub standing: Arc<Standing>,
    /// The record of what happens without a transaction.
    pub recorder: Recorder,
    /// Seals what must not be read in a stolen database.
    pub seal: Seal,
    /// The encrypted files.
    pub vault: Vault,
    /// What each author has said just before, for the guard.
    pub last_said: LastSaid,
    /// Told of every message that was posted or changed: the search index follows.
    pub said: Notify,
    /// Time.
    pub clock: Clock,
    /// Limits an operator may set.
    pub limits: Limits,
}

impl Ctx {
    /// Shares these things.
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// The time now (microseconds).
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// A fresh id.
    pub fn id(&self) -> uuid::Uuid {
        ids::make(self.clock)
    }
}

impl std::ops::Deref for Ctx {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}
