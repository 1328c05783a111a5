//! The real `egida` binary, as a process of its own: started, measured, stopped, killed.
//!
//! ```no_run
//! # fn main() -> anyhow::Result<()> {
//! use support::server_process::{Launch, run};
//!
//! let folder = tempfile::tempdir()?;
//! run(folder.path(), &["init"], None)?;
//! let mut server = Launch::egida(folder.path())?.start()?;
//! println!("{} took {:?}", server.url("/healthz"), server.startup());
//! server.kill()?; // SIGKILL, as a power cut would; `stop` asks kindly
//! # Ok(())
//! # }
//! ```

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// What a server prints once it can be reached.
const READY: &str = "listening on ";
/// A server that hasn't said [`READY`] by then won't.
const START_DEADLINE: Duration = Duration::from_secs(30);
/// A server that was asked to stop and is still there by then is killed.
const STOP_DEADLINE: Duration = Duration::from_secs(20);
/// What a server has to say of what it has done is there by then.
const SPOKEN_WITHIN: Duration = Duration::from_secs(5);
/// Lines of a server's stderr kept for a failure's message.
const KEPT_LINES: usize = 100;

/// A built program of this workspace: beside the running one, or one folder up for a test in `deps/`.
///
/// # Errors
/// When it has not been built.
pub fn program(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    own.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(&name))
        .find(|file| file.is_file())
        .with_context(|| format!("{name} is not beside {}: build it first (cargo build --release --workspace)", own.display()))
}

/// Runs `egida --data <data> <arguments>` to its end and gives back what it printed.
///
/// # Errors
/// When it can't be run or ends with an error; the message holds its stderr.
pub fn run(data: &Path, arguments: &[&str], stdin: Option<&str>) -> Result<String> {
    run_program(&program("egida")?, data, arguments, stdin)
}

/// [`run`] for a program that isn't the usual one.
///
/// # Errors
/// As [`run`].
pub fn run_program(program: &Path, data: &Path, arguments: &[&str], stdin: Option<&str>) -> Result<String> {
    let outcome = outcome_of(program, data, arguments, stdin)?;
    if outcome.code != Some(0) {
        bail!("egida {} ended with {:?}: {}", arguments.join(" "), outcome.code, outcome.stderr.trim());
    }
    Ok(outcome.stdout)
}

/// How a command ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

/// Runs `egida --data <data> <arguments>` to its end, whatever that is.
///
/// # Errors
/// When it can't be run.
pub fn outcome(data: &Path, arguments: &[&str]) -> Result<Outcome> {
    outcome_of(&program("egida")?, data, arguments, None)
}

fn outcome_of(program: &Path, data: &Path, arguments: &[&str], stdin: Option<&str>) -> Result<Outcome> {
    let mut child = Command::new(program)
        .arg("--data")
        .arg(data)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} could not be started", program.display()))?;
    // Dropped at the end of the statement, so that the program sees the end of its input. A program that has ended
    // without reading it says why in its own words.
    let _ = child.stdin.take().context("no stdin")?.write_all(stdin.unwrap_or_default().as_bytes());
    let output = child.wait_with_output()?;
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok(Outcome { code: output.status.code(), stdout: String::from_utf8(output.stdout)?, stderr })
}

/// How a server is to be started.
#[derive(Clone, Debug)]
pub struct Launch {
    program: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(String, String)>,
    /// Lines of what it says that are kept.
    kept: usize,
}

impl Launch {
    /// `egida serve` on a data folder and a free port of the loopback.
    ///
    /// # Errors
    /// When the binary has not been built.
    pub fn egida(data: &Path) -> Result<Self> {
        Ok(Self::of(program("egida")?)
            .argument("--data")
            .argument(data)
            .argument("serve")
            .argument("--listen")
            .argument("127.0.0.1:0"))
    }

    /// Any program that says where it listens the way `egida` does.
    pub fn of(program: PathBuf) -> Self {
        Self { program, arguments: Vec::new(), environment: Vec::new(), kept: KEPT_LINES }
    }

    /// Adds an argument.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with another program, which takes the same arguments.
    #[must_use]
    pub fn with_program(mut self, program: PathBuf) -> Self {
        self.program = program;
        self
    }

    /// The same with all that it says kept, for a test that searches it.
    #[must_use]
    pub fn keeping_all(mut self) -> Self {
        self.kept = usize::MAX;
        self
    }

    /// Starts it and waits until it listens.
    ///
    /// # Errors
    /// When it ends or stays silent instead; the message holds its stderr.
    pub fn start(&self) -> Result<ServerProcess> {
        let begun = Instant::now();
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} could not be started", self.program.display()))?;
        let said = Said::default();
        said.keep(child.stderr.take().context("no stderr")?, self.kept);
        let ready = first_line(child.stdout.take().context("no stdout")?, said.clone(), self.kept);
        // From here on `Drop` ends the child, whatever happens.
        let mut server = ServerProcess { child, address: SocketAddr::from(([127, 0, 0, 1], 0)), startup: Duration::ZERO, said };
        let line = ready.recv_timeout(START_DEADLINE).ok().filter(|line| line.starts_with(READY));
        server.startup = begun.elapsed();
        let Some(line) = line else {
            let status = server.child.try_wait()?;
            bail!("{} didn't start (status {status:?}): {}", self.program.display(), server.said());
        };
        let said = line[READY.len()..].trim().trim_end_matches('/');
        let address = said.split_once("://").map_or(said, |(_, address)| address);
        server.address = address.parse().with_context(|| format!("the server says it listens on {address:?}"))?;
        Ok(server)
    }
}

/// A server that runs. It is killed when this is dropped.
#[derive(Debug)]
pub struct ServerProcess {
    child: Child,
    address: SocketAddr,
    startup: Duration,
    said: Said,
}

impl ServerProcess {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a path that begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// From just before the process was made to its saying that it listens.
    pub fn startup(&self) -> Duration {
        self.startup
    }

    /// The last lines it wrote to stderr, and to stdout after it listened; all of them if they are kept.
    pub fn said(&self) -> String {
        self.said.text()
    }

    /// Whether it says these words, within a few seconds: what it writes arrives a moment after it has done what it tells.
    pub fn says(&self, words: &str) -> bool {
        let begun = Instant::now();
        while !self.said().contains(words) {
            if begun.elapsed() > SPOKEN_WITHIN {
                return false;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        true
    }

    /// Whether the process has not ended.
    ///
    /// # Errors
    /// When the system can't tell.
    pub fn is_running(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_none())
    }

    /// CPU time it has used so far, user and system, ended threads included, to the nanosecond.
    ///
    /// # Errors
    /// When the process is gone, or the system has no such clock.
    pub fn cpu(&self) -> Result<Duration> {
        cpu_of(self.child.id())
    }

    /// Bytes of memory resident now (`VmRSS`: its own, and what it maps of files).
    ///
    /// # Errors
    /// When the process is gone, or the system has no `/proc`.
    pub fn resident(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib * 1024)
    }

    /// Ends it at once, with no chance to tidy up (SIGKILL).
    ///
    /// # Errors
    /// When the system refuses.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to stop (SIGTERM) and waits until it has.
    ///
    /// # Errors
    /// When it doesn't: it is killed then.
    pub fn stop(&mut self) -> Result<ExitStatus> {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.child.id())?);
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM)?;
        let asked = Instant::now();
        while asked.elapsed() < STOP_DEADLINE {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        self.kill()?;
        bail!("the server didn't stop within {STOP_DEADLINE:?}: {}", self.said());
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // Both fail when it has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(target_os = "linux")]
fn cpu_of(process: u32) -> Result<Duration> {
    let clock = nix::time::ClockId::pid_cpu_clock_id(nix::unistd::Pid::from_raw(i32::try_from(process)?))?;
    Ok(clock.now()?.into())
}

#[cfg(not(target_os = "linux"))]
fn cpu_of(_process: u32) -> Result<Duration> {
    bail!("the CPU time of another process can be read on Linux only")
}

/// The last lines of a stream, gathered by a thread of their own so that the writer never has to wait.
#[derive(Clone, Debug, Default)]
struct Said(Arc<Mutex<VecDeque<String>>>);

impl Said {
    fn keep(&self, stream: impl Read + Send + 'static, kept: usize) {
        let said = self.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                said.add(line, kept);
            }
        });
    }

    fn add(&self, line: String, kept: usize) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == kept {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn text(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}

/// The first line of a stream that says [`READY`]; the rest is kept with what is said otherwise.
fn first_line(stream: impl Read + Send + 'static, said: Said, kept: usize) -> mpsc::Receiver<String> {
    let (found, ready) = mpsc::channel();
    std::thread::spawn(move || {
        let mut found = Some(found);
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            match found.take() {
                Some(found) if line.starts_with(READY) => drop(found.send(line)),
                waiting => {
                    found = waiting;
                    said.add(line, kept);
                }
            }
        }
    });
    ready
}
