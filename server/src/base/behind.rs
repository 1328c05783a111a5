//! Long computing that those at work aren't to feel.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use flume::{Receiver, Sender};
use rustix::thread::{CpuSet, Pid, gettid, sched_setaffinity};
use thread_priority::{
    NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy, thread_native_id,
};

/// How long somebody waits at most for a thread that computes behind them.
const BEAT: Duration = Duration::from_micros(250);
/// After so many beats is looked on which processor the thread is now.
const LOOK_AFTER: u32 = 16;
/// Where the number of the processor stands in `/proc/…/stat`, counted from after the name (proc(5): field 39 of all).
const PROCESSOR: usize = 36;

/// A thread that has stepped back in line. It gives the processor up to whoever wakes.
pub struct Behind {
    computing: Arc<AtomicBool>,
    begins: Sender<()>,
}

impl Behind {
    /// Lets everybody go before this thread, from now on: one that has stepped back can't step forward again. A lower
    /// `nice` alone would let it finish its slice of 3 ms first (Linux since 6.6). Where the system knows no such thing,
    /// it stays in line.
    pub fn everybody() -> Self {
        let (begins, begun) = flume::bounded(1);
        let computing = Arc::new(AtomicBool::new(false));
        let (me, still) = (gettid(), computing.clone());
        // Before this one steps back: a thread begins where the one stands that begins it.
        let _ = thread::Builder::new().name("egida-pulse".into()).spawn(move || pulse(me, &begun, &still));
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        let _ = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle);
        Self { computing, begins }
    }

    /// Computes something.
    pub fn compute<T>(&self, work: impl FnOnce() -> T) -> T {
        self.computing.store(true, Ordering::Release);
        let _ = self.begins.try_send(());
        let result = work();
        self.computing.store(false, Ordering::Release);
        result
    }
}

/// Makes the kernel look again who is next, often, where a thread computes. Whoever wakes within microseconds of having
/// slept has had more than their share by a hair; Linux (6.18, EEVDF) then goes on with the one that has stepped back, and
/// looks again at its next tick only, 4 ms later.
fn pulse(of: Pid, begun: &Receiver<()>, computing: &AtomicBool) {
    while begun.recv().is_ok() {
        let mut beats = 0;
        while computing.load(Ordering::Acquire) {
            if beats % LOOK_AFTER == 0 {
                follow(of);
            }
            beats += 1;
            thread::sleep(BEAT);
        }
    }
}

/// Goes to the processor on which the other thread is.
fn follow(other: Pid) {
    let Some(processor) = processor_of(other) else { return };
    let mut there = CpuSet::new();
    there.set(processor);
    let _ = sched_setaffinity(None, &there);
}

fn processor_of(thread: Pid) -> Option<usize> {
    let stat = fs::read_to_string(format!("/proc/self/task/{}/stat", thread.as_raw_nonzero())).ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    let processor = after_name.split_whitespace().nth(PROCESSOR)?.parse().ok()?;
    (processor < CpuSet::MAX_CPU).then_some(processor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_computed_behind_comes_back() {
        let computed = thread::spawn(|| Behind::everybody().compute(|| 6 * 7));
        assert_eq!(computed.join().expect("computed"), 42);
    }

    #[test]
    fn a_thread_is_found_on_a_processor() {
        assert!(processor_of(gettid()).is_some());
    }
}
