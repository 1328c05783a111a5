//! Hashing passwords: memory-hard, off the async threads, a bounded number at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use thread_priority::{
    NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy, thread_native_id,
};
use tokio::sync::{Semaphore, oneshot};

/// Memory of one hash (KiB): 64 MiB.
const MEMORY_KIB: u32 = 64 * 1024;
/// Passes over that memory.
const PASSES: u32 = 3;
/// Callers waiting for a hash at most; further ones are told to come back.
const QUEUE: usize = 32;

/// In place of a hash, for an account whose holder comes in through their institution and has chosen no password.
pub const NO_PASSWORD: &str = "";

/// More hashing is asked for than can be done.
#[derive(Clone, Copy, Debug)]
pub struct Busy;

/// Hashes and verifies passwords, so many at a time that a core is left for the rest of the server.
#[derive(Clone)]
pub struct Hasher {
    cores: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    /// Verified in place of an account's that doesn't exist, so that both answers take the same time.
    dummy: Arc<str>,
}

impl Hasher {
    /// A hasher for this machine.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            cores: Arc::new(Semaphore::new(cores.saturating_sub(1).max(1))),
            waiting: Arc::default(),
            // The PHC string of a random password nobody knows, with the parameters above.
            dummy: "$argon2id$v=19$m=65536,t=3,p=1$c29tZXJhbmRvbXNhbHQxMg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into(),
        }
    }

    /// The PHC string of a password.
    pub async fn hash(&self, password: String) -> Result<String, Busy> {
        self.run(move || hash_now(&password)).await?.ok_or(Busy)
    }

    /// Whether `password` is the one behind `hash`. Without a hash the answer is no, after the same work.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Busy> {
        let hash = hash.filter(|hash| hash != NO_PASSWORD);
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.dummy.to_string());
        let matches = self
            .run(move || {
                PasswordHash::new(&hash)
                    .is_ok_and(|parsed| argon2().is_some_and(|a| a.verify_password(password.as_bytes(), &parsed).is_ok()))
            })
            .await?;
        Ok(known && matches)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        if self.waiting.fetch_add(1, Ordering::SeqCst) >= QUEUE {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            return Err(Busy);
        }
        let permit = self.cores.clone().acquire_owned().await;
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        let permit = permit.map_err(|_| Busy)?;
        let (done, answer) = oneshot::channel();
        // A thread of its own: one that has stepped back in line can't step forward again.
        let thread = std::thread::Builder::new().name("egida-hash".into());
        thread
            .spawn(move || {
                let _held = permit;
                step_back();
                let _ = done.send(work());
            })
            .map_err(|_| Busy)?;
        answer.await.map_err(|_| Busy)
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}

/// Lets everybody else go first: this thread gives the processor up at once to whoever wakes, so that a flood of sign-ins
/// isn't felt by those who write to each other. A lower `nice` alone lets a hash finish its slice of 3 ms first (Linux
/// since 6.6). Where the system knows no such thing, it stays in line.
fn step_back() {
    let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
    let _ = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle);
}

/// Whether a hash was made with less work than today's are, and is to be made anew when its password is at hand.
pub(super) fn is_outdated(hash: &str) -> bool {
    let asked = |parsed: &PasswordHash, name: &str| parsed.params.get_decimal(name).unwrap_or_default();
    PasswordHash::new(hash).is_ok_and(|parsed| {
        parsed.algorithm.as_str() != "argon2id" || asked(&parsed, "m") < MEMORY_KIB || asked(&parsed, "t") < PASSES
    })
}

/// Hashes on the calling thread, for the command line.
pub fn hash_now(password: &str) -> Option<String> {
    argon2()?.hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
}

fn argon2() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_nothing_else_is() {
        let hasher = Hasher::new();
        let hash = hasher.hash("four calm herons".into()).await.expect("not busy");
        assert!(hash.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{hash}");
        assert!(hasher.verify("four calm herons".into(), Some(hash.clone())).await.expect("not busy"));
        assert!(!hasher.verify("four calm heron".into(), Some(hash)).await.expect("not busy"));
        assert!(!hasher.verify("anything".into(), None).await.expect("not busy"));
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

    #[test]
    fn the_dummy_costs_what_a_real_one_costs() {
        let hasher = Hasher::new();
        let dummy = PasswordHash::new(&hasher.dummy).expect("a PHC string");
        assert_eq!(dummy.params.get_decimal("m"), Some(MEMORY_KIB));
        assert_eq!(dummy.params.get_decimal("t"), Some(PASSES));
    }
}
