//! Asking another server: by TLS, within a time, up to a size, and never along a redirect.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, HOST, HeaderValue, USER_AGENT};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_rustls::{TlsConnector, rustls};

/// A question must be answered whole within this time, the handshake counted in.
const WITHIN: Duration = Duration::from_secs(5);
/// Bytes of an answer's body at most, unless somebody reads more. The keys of a large provider are about 20 kB.
const ANSWER_MAX: usize = 256 * 1024;
/// Bytes of an answer's head at most.
const HEAD_MAX: usize = 32 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// The address is not one that is asked.
    #[error("{0} is not asked: only https is")]
    Address(Uri),
    /// Name, line, handshake or protocol.
    #[error("it can't be reached: {0}")]
    Unreachable(String),
    /// It shows no certificate of an authority that is trusted, for its name and for today.
    #[error("its certificate is not trusted: {0}")]
    Untrusted(String),
    /// It took longer than there is patience for.
    #[error("it takes too long")]
    Late,
}

/// Asks other servers, trusting certain authorities.
#[derive(Clone)]
pub struct Outgoing {
    tls: Option<TlsConnector>,
    answer_max: usize,
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.tls.is_some() { "Outgoing(https)" } else { "Outgoing(http)" })
    }
}

impl Outgoing {
    /// By TLS alone, trusting the authorities in this file (PEM), or those that the machine trusts.
    ///
    /// # Errors
    ///
    /// One sentence, when there is none that could be trusted.
    pub fn by_tls(authorities: Option<&Path>) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        match authorities {
            Some(file) => {
                let read: Result<Vec<_>, _> = CertificateDer::pem_file_iter(file).and_then(Iterator::collect);
                roots.add_parsable_certificates(read.map_err(|error| format!("{}: {error}", file.display()))?);
            }
            None => {
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
        }
        if roots.is_empty() {
            let place = authorities.map_or_else(|| "this machine".into(), |file| file.display().to_string());
            return Err(format!("{place} holds no certificate of an authority"));
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(rustls::DEFAULT_VERSIONS)
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: Some(TlsConnector::from(Arc::new(config))), answer_max: ANSWER_MAX })
    }

    /// By plain HTTP alone: for a server on this very machine.
    pub fn plain() -> Self {
        Self { tls: None, answer_max: ANSWER_MAX }
    }

    /// The same for whoever expects larger answers, of so many bytes at most.
    #[must_use]
    pub fn reading(self, answer_max: usize) -> Self {
        Self { answer_max, ..self }
    }

    /// Asks, and waits for the whole answer, whatever its status.
    ///
    /// # Errors
    ///
    /// When there is none in time, or it is too large.
    pub async fn ask(&self, question: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, NoAnswer> {
        self.ask_within(WITHIN, question).await
    }

    /// The same for whoever has another patience.
    ///
    /// # Errors
    ///
    /// As [`Outgoing::ask`].
    pub async fn ask_within(&self, time: Duration, question: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, NoAnswer> {
        tokio::time::timeout(time, self.converse(question)).await.unwrap_or(Err(NoAnswer::Late))
    }

    async fn converse(&self, question: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, NoAnswer> {
        let uri = question.uri().clone();
        let refused = || NoAnswer::Address(uri.clone());
        let (scheme, default_port) = if self.tls.is_some() { ("https", 443) } else { ("http", 80) };
        let host = uri.host().filter(|_| uri.scheme_str() == Some(scheme)).ok_or_else(refused)?;
        // A literal address of the newer kind stands in brackets, which neither the resolver nor a certificate wants.
        let name = host.trim_start_matches('[').trim_end_matches(']');
        let stream = TcpStream::connect((name, uri.port_u16().unwrap_or(default_port))).await.map_err(unreachable)?;
        let question = on_the_line(question)?;
        let Some(tls) = &self.tls else { return exchange(stream, question, self.answer_max).await };
        let name = ServerName::try_from(name.to_owned()).map_err(|_| refused())?;
        exchange(tls.connect(name, stream).await.map_err(no_handshake)?, question, self.answer_max).await
    }
}

fn unreachable(error: impl std::fmt::Display) -> NoAnswer {
    NoAnswer::Unreachable(error.to_string())
}

fn no_handshake(error: std::io::Error) -> NoAnswer {
    match error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(why)) => NoAnswer::Untrusted(why.to_string()),
        _ => unreachable(error),
    }
}

/// The question as it is sent: its path alone, and the host beside it.
fn on_the_line(question: Request<Vec<u8>>) -> Result<Request<Full<Bytes>>, NoAnswer> {
    let (mut head, body) = question.into_parts();
    let host = head.uri.authority().map(|authority| HeaderValue::from_str(authority.as_str()));
    let host = host.and_then(Result::ok).ok_or_else(|| NoAnswer::Address(head.uri.clone()))?;
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    head.uri = path.parse().map_err(unreachable)?;
    head.headers.insert(HOST, host);
    head.headers.insert(CONNECTION, HeaderValue::from_static("close"));
    head.headers.insert(USER_AGENT, HeaderValue::from_static("egida"));
    Ok(Request::from_parts(head, Full::new(body.into())))
}

async fn exchange<Stream>(
    stream: Stream,
    question: Request<Full<Bytes>>,
    answer_max: usize,
) -> Result<Response<Vec<u8>>, NoAnswer>
where
    Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let io = TokioIo::new(stream);
    let (mut sender, connection) = http1::Builder::new().max_buf_size(HEAD_MAX).handshake(io).await.map_err(unreachable)?;
    // Ends with this function, whichever way that ends.
    let mut driving = JoinSet::new();
    driving.spawn(connection);
    let (head, body) = sender.send_request(question).await.map_err(unreachable)?.into_parts();
    let body = Limited::new(body, answer_max).collect().await.map_err(unreachable)?.to_bytes();
    Ok(Response::from_parts(head, body.to_vec()))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// Answers one question with these bytes, after this long; gives back its address.
    async fn server(answer: Vec<u8>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a question");
            let mut read = vec![0; 4096];
            let _ = stream.read(&mut read).await;
            let _ = stream.write_all(&answer).await;
            // An answer without an end is waited for.
            if answer.is_empty() {
                tokio::time::sleep(Duration::from_mins(1)).await;
            }
        });
        format!("http://{address}/path?q=1")
    }

    fn question(url: &str) -> Request<Vec<u8>> {
        Request::get(url).body(Vec::new()).expect("a question")
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_is_not_followed() {
        let url = server(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 2\r\n\r\nno".into()).await;
        let answer = Outgoing::plain().ask(question(&url)).await.expect("an answer");
        assert_eq!((answer.status().as_u16(), answer.body().as_slice()), (302, &b"no"[..]));
    }

    #[tokio::test]
    async fn a_body_without_end_is_cut_off() {
        let mut answer = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
        answer.resize(answer.len() + ANSWER_MAX + 1, b'x');
        let url = server(answer).await;
        assert!(matches!(Outgoing::plain().ask(question(&url)).await, Err(NoAnswer::Unreachable(_))));
        let mut answer = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
        answer.resize(answer.len() + ANSWER_MAX + 1, b'x');
        let url = server(answer).await;
        let more = Outgoing::plain().reading(2 * ANSWER_MAX).ask(question(&url)).await.expect("whole");
        assert_eq!(more.body().len(), ANSWER_MAX + 1);
    }

    #[tokio::test]
    async fn silence_ends_in_time() {
        let url = server(Vec::new()).await;
        let answer = Outgoing::plain().ask_within(Duration::from_millis(50), question(&url)).await;
        assert!(matches!(answer, Err(NoAnswer::Late)));
    }

    #[tokio::test]
    async fn plain_http_is_spoken_only_where_it_was_asked_for() {
        let own = std::env::temp_dir().join(format!("egida-roots-{}", crate::base::secret::token()));
        std::fs::write(&own, "no certificate").expect("written");
        let error = Outgoing::by_tls(Some(&own)).expect_err("no authority");
        assert!(error.contains("holds no certificate"), "{error}");
        std::fs::remove_file(own).expect("removed");
        assert!(matches!(Outgoing::plain().ask(question("https://127.0.0.1:1/")).await, Err(NoAnswer::Address(_))));
    }
}
