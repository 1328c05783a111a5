//! A mail server (RFC 5321), small and obedient: it keeps what it was sent, and can fail in several ways.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::ws_client::PATIENCE;

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temper {
    /// It takes everything.
    Well,
    /// It knows nobody: refused for good at `RCPT`.
    Nobody,
    /// Come back later, at `RCPT`.
    Later,
    /// It takes a mail and never says so.
    Silent,
}

/// A mail as it came in.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipient.
    pub to: String,
    /// Headers and body, as they were sent, dots unstuffed.
    pub data: String,
}

impl Letter {
    /// A header's value, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.data.split("\r\n\r\n").next()?.replace("\r\n ", " ");
        let mut headers = head.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }

    /// All of it, its quoted-printable lines put together again (RFC 2045, 6.7).
    pub fn text(&self) -> String {
        let joined = self.data.replace("=\r\n", "");
        let (mut bytes, mut rest) = (Vec::new(), joined.as_bytes());
        while let Some((first, after)) = rest.split_first() {
            let digits = (*first == b'=').then(|| after.get(..2)).flatten().and_then(|two| std::str::from_utf8(two).ok());
            match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
                Some(byte) => {
                    bytes.push(byte);
                    rest = &after[2..];
                }
                None => {
                    bytes.push(*first);
                    rest = after;
                }
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

struct Shared {
    temper: Temper,
    letters: Vec<Letter>,
    asked: usize,
}

/// A mail server that runs for as long as its test does.
#[derive(Clone)]
pub struct Mailbox {
    port: String,
    shared: Arc<Mutex<Shared>>,
}

impl std::fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mailbox({})", self.port)
    }
}

impl Mailbox {
    /// Starts one on a free port of this machine.
    ///
    /// # Panics
    /// When it can't listen.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port().to_string();
        let shared = Arc::new(Mutex::new(Shared { temper: Temper::Well, letters: Vec::new(), asked: 0 }));
        let mailbox = Self { port, shared };
        let served = mailbox.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mailbox = served.clone();
                tokio::spawn(async move { mailbox.serve(stream).await });
            }
        });
        mailbox
    }

    /// What a server is told to send by it; `origin` is where links in mails lead.
    pub fn settings<'a>(&'a self, origin: &'a str) -> [(&'static str, &'a str); 5] {
        [
            ("EGIDA_MAIL_HOST", "127.0.0.1"),
            ("EGIDA_MAIL_PORT", self.port.as_str()),
            ("EGIDA_MAIL_TLS", "none"),
            ("EGIDA_MAIL_FROM", "Egida <news@egida.example>"),
            ("EGIDA_PUBLIC_ORIGIN", origin),
        ]
    }

    /// Answers like this from now on.
    pub fn is(&self, temper: Temper) {
        self.shared().temper = temper;
    }

    /// What it was sent so far.
    pub fn letters(&self) -> Vec<Letter> {
        self.shared().letters.clone()
    }

    /// Waits until it has so many letters.
    ///
    /// # Panics
    /// When they don't come.
    pub async fn holds(&self, count: usize) -> Vec<Letter> {
        let began = Instant::now();
        while self.letters().len() < count {
            assert!(began.elapsed() < PATIENCE, "{} letters of {count}", self.letters().len());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.letters()
    }

    /// Waits until so many recipients were named to it.
    ///
    /// # Panics
    /// When they aren't.
    pub async fn was_asked(&self, count: usize) {
        let began = Instant::now();
        while self.shared().asked < count {
            assert!(began.elapsed() < PATIENCE, "asked {} times", self.shared().asked);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        say(&mut stream, "220 mail.example ready").await?;
        let mut letter = Letter { from: String::new(), to: String::new(), data: String::new() };
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            let (verb, rest) = line.trim_end().split_once([' ', ':']).unwrap_or((line.trim_end(), ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" | "HELO" => say(&mut stream, "250 mail.example").await?,
                "MAIL" => {
                    letter.from = address(rest);
                    say(&mut stream, "250 go on").await?;
                }
                "RCPT" => {
                    letter.to = address(rest);
                    let temper = {
                        let mut shared = self.shared();
                        shared.asked += 1;
                        shared.temper
                    };
                    let answer = match temper {
                        Temper::Nobody => format!("550 5.1.1 <{}> is nobody here", letter.to),
                        Temper::Later => "451 4.2.0 come back later".to_owned(),
                        Temper::Well | Temper::Silent => "250 go on".to_owned(),
                    };
                    say(&mut stream, &answer).await?;
                }
                "DATA" => {
                    say(&mut stream, "354 go on").await?;
                    letter.data = data(&mut stream).await?;
                    let temper = {
                        let mut shared = self.shared();
                        shared.letters.push(letter.clone());
                        shared.temper
                    };
                    if temper == Temper::Silent {
                        // Until the other side goes away.
                        stream.read_line(&mut String::new()).await.ok()?;
                        return None;
                    }
                    say(&mut stream, "250 taken").await?;
                }
                "RSET" | "NOOP" => say(&mut stream, "250 well").await?,
                "QUIT" => {
                    say(&mut stream, "221 bye").await?;
                    return Some(());
                }
                _ => say(&mut stream, "502 unknown").await?,
            }
        }
    }
}

async fn say(stream: &mut BufReader<TcpStream>, words: &str) -> Option<()> {
    stream.write_all(format!("{words}\r\n").as_bytes()).await.ok()
}

/// What stands between the angle brackets of a path.
fn address(path: &str) -> String {
    path.split(['<', '>']).nth(1).unwrap_or_default().to_owned()
}

async fn data(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line == ".\r\n" {
            return Some(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
