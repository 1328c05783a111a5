//! Sending mail through the operator's own mail server. Off unless one is set.

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

/// The section of the settings.
const SECTION: &str = "mail";
/// The mail server must have answered each step within this time.
const WITHIN: Duration = Duration::from_secs(30);
/// Where a server listens by its way of TLS, unless an operator says otherwise.
const PORTS: [(&str, u16); 3] = [("starttls", 587), ("tls", 465), ("none", 25)];

/// The way to the operator's mail server. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Without the password.
impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mailer({})", self.from)
    }
}

/// A mail, in HTML and plain text.
#[derive(Clone, Debug)]
pub struct Mail<'a> {
    /// The address.
    pub to: &'a str,
    /// The line above it.
    pub subject: &'a str,
    /// For who reads HTML.
    pub html: String,
    /// For who doesn't.
    pub text: String,
    /// What it is known by, the same at every attempt: the part before the `@`.
    pub id: String,
    /// When it was written (microseconds).
    pub at: i64,
    /// Where one press ends what it belongs to (RFC 8058).
    pub way_out: &'a str,
}

/// Why a mail wasn't taken.
#[derive(Debug, thiserror::Error)]
pub enum NotSent {
    /// The server says that it never will be.
    #[error("refused: {0}")]
    Refused(String),
    /// Perhaps another time.
    #[error("{0}")]
    Later(String),
}

impl Mailer {
    /// Reads the settings below `mail.`; `None` without a host.
    ///
    /// # Errors
    /// One sentence that names the key.
    pub fn read<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Result<Option<Self>, String> {
        let get = |key: &str| get(&format!("{SECTION}.{key}"));
        let Some(host) = get("host") else {
            let beside = ["port", "tls", "user", "password_file", "from"].into_iter().find(|key| get(key).is_some());
            return beside.map_or(Ok(None), |key| Err(format!("mail.host: is missing beside mail.{key}")));
        };
        let from = get("from").ok_or("mail.from: is needed with mail.host")?;
        let from = from.parse().map_err(|_| format!("mail.from: {from} is not an address, as in Egida <news@egida.example>"))?;
        let (way, tls) = tls(host, get("tls").unwrap_or("starttls"))?;
        let port = match get("port") {
            None => way,
            Some(text) => text.parse().map_err(|_| format!("mail.port: {text} is not a port"))?,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host).port(port).tls(tls).timeout(Some(WITHIN));
        if let Some(user) = get("user") {
            let file = get("password_file").ok_or("mail.password_file: is needed with mail.user")?;
            let password = std::fs::read_to_string(file).map_err(|error| format!("mail.password_file: {file}: {error}"))?;
            builder = builder.credentials(Credentials::new(user.to_owned(), password.trim_end().to_owned()));
        } else if get("password_file").is_some() {
            return Err("mail.user: is missing beside mail.password_file".into());
        }
        Ok(Some(Self { transport: builder.build(), from }))
    }

    /// Hands a mail to the server.
    ///
    /// # Errors
    /// Whether it is worth trying again.
    pub async fn send(&self, mail: &Mail<'_>) -> Result<(), NotSent> {
        let message = self.message(mail).map_err(NotSent::Refused)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(NotSent::Refused(error.to_string())),
            Err(error) => Err(NotSent::Later(error.to_string())),
        }
    }

    fn message(&self, mail: &Mail<'_>) -> Result<Message, String> {
        let told = |error: &dyn std::fmt::Display| error.to_string();
        let to: Address = mail.to.parse().map_err(|error| told(&error))?;
        let written = SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(mail.at).unwrap_or_default());
        let raw = |name: &'static str, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        let part = |kind: ContentType, body: String| {
            SinglePart::builder().header(kind).header(ContentTransferEncoding::QuotedPrintable).body(body)
        };
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject)
            .date(written)
            .message_id(Some(format!("<{}@{}>", mail.id, self.from.email.domain())))
            .raw_header(raw("List-Unsubscribe", format!("<{}>", mail.way_out)))
            .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()))
            .raw_header(raw("Auto-Submitted", "auto-generated".into()))
            .multipart(
                MultiPart::alternative()
                    .singlepart(part(ContentType::TEXT_PLAIN, mail.text.clone()))
                    .singlepart(part(ContentType::TEXT_HTML, mail.html.clone())),
            )
            .map_err(|error| told(&error))
    }
}

/// The usual port of a way of TLS, and the way.
fn tls(host: &str, way: &str) -> Result<(u16, Tls), String> {
    let port = PORTS.iter().find(|(known, _)| *known == way).map(|(_, port)| *port);
    let port = port.ok_or_else(|| format!("mail.tls: {way} is none of starttls, tls and none"))?;
    let parameters = || TlsParameters::new(host.to_owned()).map_err(|error| format!("mail.host: {error}"));
    match way {
        "tls" => Ok((port, Tls::Wrapper(parameters()?))),
        "starttls" => Ok((port, Tls::Required(parameters()?))),
        // Names and addresses of members cross no network in the clear.
        _ if !matches!(host, "localhost" | "127.0.0.1" | "::1") => {
            Err(format!("mail.tls: none is for a mail server on this very machine, and {host} is another one"))
        }
        _ => Ok((port, Tls::None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[(&str, &str)]) -> Result<Option<Mailer>, String> {
        Mailer::read(|name| values.iter().find(|(key, _)| *key == name).map(|(_, value)| *value))
    }

    const HOST: (&str, &str) = ("mail.host", "localhost");
    const FROM: (&str, &str) = ("mail.from", "Egida <news@egida.example>");

    #[test]
    fn it_is_off_without_a_host() {
        assert!(read(&[]).expect("nothing is wrong").is_none());
        for beside in ["port", "tls", "user", "password_file", "from"] {
            let error = read(&[(&format!("mail.{beside}"), "x")]).expect_err(beside);
            assert!(error.starts_with("mail.host: "), "{error}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_by_its_key() {
        for (values, key) in [
            (vec![HOST], "mail.from"),
            (vec![HOST, ("mail.from", "nobody")], "mail.from"),
            (vec![HOST, FROM, ("mail.tls", "perhaps")], "mail.tls"),
            (vec![("mail.host", "mail.example"), FROM, ("mail.tls", "none")], "mail.tls"),
            (vec![HOST, FROM, ("mail.port", "smtp")], "mail.port"),
            (vec![HOST, FROM, ("mail.user", "u")], "mail.password_file"),
            (vec![HOST, FROM, ("mail.password_file", "p")], "mail.user"),
            (vec![HOST, FROM, ("mail.user", "u"), ("mail.password_file", "/nowhere")], "mail.password_file"),
        ] {
            let error = read(&values).expect_err(key);
            assert!(error.starts_with(key), "{error}");
        }
        assert!(read(&[HOST, FROM, ("mail.tls", "none")]).expect("good").is_some());
        assert!(read(&[("mail.host", "mail.example"), FROM]).expect("good").is_some());
    }

    #[test]
    fn a_mail_says_who_how_and_the_way_out_and_follows_nobody() {
        let mailer = read(&[HOST, FROM, ("mail.tls", "none")]).expect("good").expect("a mailer");
        let mail = Mail {
            to: "ana@office.example",
            subject: "Издание 3",
            html: "<p>Здраво</p>".into(),
            text: "Здраво".into(),
            id: "abc".into(),
            at: 1_791_072_000_000_000,
            way_out: "https://egida.example/news/leave/t",
        };
        let message = String::from_utf8(mailer.message(&mail).expect("a message").formatted()).expect("ASCII");
        for line in [
            "From: Egida <news@egida.example>",
            "To: ana@office.example",
            "Message-ID: <abc@egida.example>",
            "List-Unsubscribe: <https://egida.example/news/leave/t>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "Date: Sun, 04 Oct 2026",
            "multipart/alternative",
            "text/plain; charset=utf-8",
            "text/html; charset=utf-8",
        ] {
            assert!(message.contains(line), "{line}: {message}");
        }
    }
}
