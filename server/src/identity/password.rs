//! Hashing passwords: memory-hard, off the async threads, a bounded number at once.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use flume::{Receiver, RecvTimeoutError, Sender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::base::behind::Behind;

/// Memory of one hash (KiB): 64 MiB.
const MEMORY_KIB: u32 = 64 * 1024;
/// Memory of a key's derivation (KiB): 128 MiB, for what lies at rest for years.
const DERIVED_MEMORY_KIB: u32 = 128 * 1024;
/// Passes over that memory.
const PASSES: u32 = 3;
/// Callers who wait for a hash or have one made, at most; further ones are told to come back.
const QUEUE: usize = 32;
/// How long the memory of the last hash is kept for the next one.
const KEPT_FOR: Duration = Duration::from_secs(30);

/// In place of a hash, for an account whose holder comes in through their institution and has chosen no password.
pub const NO_PASSWORD: &str = "";

/// More hashing is asked for than can be done.
#[derive(Clone, Copy, Debug)]
pub struct Busy;

/// The memory that hashes work in, one after the other.
type Room = Vec<Block>;
type Job = Box<dyn FnOnce(&mut Room) + Send>;

/// A place among those who wait for a hash. Whoever asks storage first which hash it is takes one before: in a flood,
/// most are told to come back, and that is to cost next to nothing.
pub struct Turn {
    _place: OwnedSemaphorePermit,
}

/// Hashes and verifies passwords, so many at a time that a core is left for the rest of the server.
#[derive(Clone)]
pub struct Hasher {
    places: Arc<Semaphore>,
    jobs: Sender<Job>,
    /// Verified in place of an account's that doesn't exist, so that both answers take the same time.
    dummy: Arc<str>,
}

impl Hasher {
    /// A hasher for this machine.
    pub fn new() -> Self {
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let (jobs, asked) = flume::unbounded();
        for _ in 0..cores.saturating_sub(1).max(1) {
            let asked = asked.clone();
            // Where no thread is to be had, nobody takes the jobs and every answer is `Busy`.
            let _ = thread::Builder::new().name("egida-hash".into()).spawn(move || serve(&asked));
        }
        Self {
            places: Arc::new(Semaphore::new(QUEUE)),
            jobs,
            // The PHC string of a random password nobody knows, with the parameters above.
            dummy: "$argon2id$v=19$m=65536,t=3,p=1$c29tZXJhbmRvbXNhbHQxMg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into(),
        }
    }

    /// The PHC string of a password.
    pub async fn hash(&self, password: String) -> Result<String, Busy> {
        self.run(self.turn()?, move |room| hash_in(room, &password)).await?.ok_or(Busy)
    }

    /// A key that nobody finds without this secret: the same for the same salt, after twice the memory of a hash.
    pub async fn derive(&self, secret: String, salt: [u8; 16]) -> Result<[u8; 32], Busy> {
        let work = move |room: &mut Room| {
            let params = Params::new(DERIVED_MEMORY_KIB, PASSES, 1, Some(32)).ok()?;
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            work_out(room, &argon2, &secret, &salt)?.as_bytes().try_into().ok()
        };
        self.run(self.turn()?, work).await?.ok_or(Busy)
    }

    /// A turn to hash, if not too many wait for theirs.
    pub fn turn(&self) -> Result<Turn, Busy> {
        self.places.clone().try_acquire_owned().map(|place| Turn { _place: place }).map_err(|_| Busy)
    }

    /// Whether `password` is the one behind `hash`. Without a hash the answer is no, after the same work.
    pub async fn verify(&self, turn: Turn, password: String, hash: Option<String>) -> Result<bool, Busy> {
        let hash = hash.filter(|hash| hash != NO_PASSWORD);
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.dummy.to_string());
        let matches = self.run(turn, move |room| is_of(room, &hash, &password).unwrap_or(false)).await?;
        Ok(known && matches)
    }

    async fn run<T: Send + 'static>(&self, turn: Turn, work: impl FnOnce(&mut Room) -> T + Send + 'static) -> Result<T, Busy> {
        let (done, answer) = oneshot::channel();
        let job: Job = Box::new(move |room| {
            let _until_done = turn;
            // Whoever asked may have left meanwhile.
            if !done.is_closed() {
                let _ = done.send(work(room));
            }
        });
        self.jobs.send(job).map_err(|_| Busy)?;
        answer.await.map_err(|_| Busy)
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}

/// Does one job after the other. The thread and its memory stay for the next one: while a thread begins or asks for pages,
/// even those before it in line wait.
fn serve(jobs: &Receiver<Job>) {
    let behind = Behind::everybody();
    let mut room = Room::new();
    loop {
        match jobs.recv_timeout(KEPT_FOR) {
            Ok(job) => behind.compute(|| job(&mut room)),
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => room = Room::new(),
        }
    }
}

/// Whether a hash was made with less work than today's are, and is to be made anew when its password is at hand.
pub(super) fn is_outdated(hash: &str) -> bool {
    let asked = |parsed: &PasswordHash, name: &str| parsed.params.get_decimal(name).unwrap_or_default();
    PasswordHash::new(hash).is_ok_and(|parsed| {
        parsed.algorithm.as_str() != "argon2id" || asked(&parsed, "m") < MEMORY_KIB || asked(&parsed, "t") < PASSES
    })
}

fn hash_in(room: &mut Room, password: &str) -> Option<String> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(Params::DEFAULT_OUTPUT_LEN)).ok()?;
    let salt = Salt::generate();
    let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
    let hash = PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(&params).ok()?,
        salt: Some(salt),
        hash: Some(work_out(room, &Argon2::new(algorithm, version, params), password, &salt)?),
    };
    Some(hash.to_string())
}

/// Whether this is the hash of that password (compared in constant time); `None` if it is no hash at all.
fn is_of(room: &mut Room, hash: &str, password: &str) -> Option<bool> {
    let hash = PasswordHash::new(hash).ok()?;
    let (algorithm, version) = (Algorithm::try_from(hash.algorithm.as_str()).ok()?, Version::try_from(hash.version?).ok()?);
    let argon2 = Argon2::new(algorithm, version, Params::try_from(&hash).ok()?);
    let made = work_out(room, &argon2, password, hash.salt.as_ref()?)?;
    Some(hash.hash? == made)
}

fn work_out(room: &mut Room, argon2: &Argon2<'_>, password: &str, salt: &[u8]) -> Option<Output> {
    let mut made = [0; Output::MAX_LENGTH];
    let made = made.get_mut(..argon2.params().output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN))?;
    let blocks = argon2.params().block_count();
    if room.len() < blocks {
        room.resize(blocks, Block::default());
    }
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, made, room).ok()?;
    Output::new(made).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_nothing_else_is() {
        let hasher = Hasher::new();
        let turn = || hasher.turn().expect("nobody waits");
        let hash = hasher.hash("four calm herons".into()).await.expect("not busy");
        assert!(hash.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{hash}");
        assert!(hasher.verify(turn(), "four calm herons".into(), Some(hash.clone())).await.expect("not busy"));
        assert!(!hasher.verify(turn(), "four calm heron".into(), Some(hash)).await.expect("not busy"));
        assert!(!hasher.verify(turn(), "anything".into(), None).await.expect("not busy"));
    }

    #[tokio::test]
    async fn a_key_comes_of_the_same_secret_and_salt_alone() {
        let hasher = Hasher::new();
        let key = async |secret: &str, salt| hasher.derive(secret.into(), [salt; 16]).await.expect("not busy");
        let first = key("four calm herons", 1).await;
        assert_eq!(first, key("four calm herons", 1).await);
        assert_ne!(first, key("four calm herons", 2).await);
        assert_ne!(first, key("four calm heron", 1).await);
    }

    #[test]
    fn a_hash_that_cost_less_is_outdated() {
        let of = |kind: &str, memory: u32, passes: u32| {
            format!("${kind}$v=19$m={memory},t={passes},p=1$c29tZXJhbmRvbXNhbHQxMg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        };
        assert!(is_outdated(&of("argon2id", MEMORY_KIB - 1, PASSES)));
        assert!(is_outdated(&of("argon2id", MEMORY_KIB, PASSES - 1)));
        assert!(is_outdated(&of("argon2i", MEMORY_KIB, PASSES)));
        assert!(!is_outdated(&of("argon2id", MEMORY_KIB, PASSES)));
        assert!(!is_outdated(&of("argon2id", 2 * MEMORY_KIB, PASSES + 1)), "nobody is weakened");
    }

    #[tokio::test]
    async fn so_many_wait_and_no_more() {
        let hasher = Hasher::new();
        let mut turns: Vec<Turn> = (0..QUEUE).map(|_| hasher.turn().expect("a place")).collect();
        assert!(hasher.turn().is_err());
        assert!(hasher.hash("four calm herons".into()).await.is_err());
        turns.pop();
        assert!(hasher.hash("four calm herons".into()).await.is_ok());
    }

    #[test]
    fn the_dummy_costs_what_a_real_one_costs() {
        let hasher = Hasher::new();
        let dummy = PasswordHash::new(&hasher.dummy).expect("a PHC string");
        assert_eq!(dummy.params.get_decimal("m"), Some(MEMORY_KIB));
        assert_eq!(dummy.params.get_decimal("t"), Some(PASSES));
    }
}
