//! The server speaks TLS itself when it is given a certificate.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use support::server_process::{Launch, ServerProcess, outcome, run};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion, crypto::ring, version};

const HOST: &str = "egida.example";
/// Above the 5 seconds that a handshake may take.
const PATIENCE: Duration = Duration::from_secs(9);

/// A region behind its own certificate.
struct Fortress {
    server: ServerProcess,
    certificate: CertificateDer<'static>,
    _home: TempDir,
}

fn launch(home: &Path) -> Launch {
    let data = home.join("data");
    run(&data, &["init", "--email", "first@egida.example", "--name", "First", "--origin", "https://egida.example"], None)
        .expect("a region");
    Launch::egida(&data).expect("built").environment("EGIDA_PUBLIC_ORIGIN", "https://egida.example")
}

fn start() -> Fortress {
    let home = tempfile::tempdir().expect("a folder");
    let made = rcgen::generate_simple_self_signed([HOST.to_owned()]).expect("a certificate");
    let (chain, key) = (home.path().join("chain.pem"), home.path().join("key.pem"));
    std::fs::write(&chain, made.cert.pem()).expect("written");
    std::fs::write(&key, made.signing_key.serialize_pem()).expect("written");
    let server = launch(home.path())
        .environment("EGIDA_TLS_CERTIFICATE", &chain.display().to_string())
        .environment("EGIDA_TLS_KEY", &key.display().to_string())
        .start()
        .expect("a server");
    Fortress { server, certificate: made.cert.der().clone(), _home: home }
}

impl Fortress {
    async fn connect(&self, versions: &[&'static SupportedProtocolVersion]) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).expect("a root");
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(self.server.address()).await?;
        TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(HOST).expect("a name"), stream).await
    }

    async fn ask(&self, head: &str) -> String {
        let mut stream = self.connect(&[&version::TLS13]).await.expect("a handshake");
        let request = format!("{head}\r\nhost: {HOST}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }
}

#[tokio::test]
async fn both_versions_of_today_are_spoken_with_the_house_s_headers() {
    let fortress = start();
    for (wished, got) in [(&version::TLS12, ProtocolVersion::TLSv1_2), (&version::TLS13, ProtocolVersion::TLSv1_3)] {
        let stream = fortress.connect(&[wished]).await.expect("a handshake");
        assert_eq!(stream.get_ref().1.protocol_version(), Some(got));
    }
    let answer = fortress.ask("GET /api/session HTTP/1.1").await.to_lowercase();
    assert!(answer.starts_with("http/1.1 401"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=31536000"), "{answer}");
}

#[tokio::test]
async fn a_socket_opens_through_it_for_the_own_origin_alone() {
    let fortress = start();
    let upgrade = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
        sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: egida.v1";
    for (origin, status) in [("https://egida.example", "401"), ("http://egida.example", "403"), ("https://evil.example", "403")] {
        let answer = fortress.ask(&format!("GET /api/socket HTTP/1.1\r\norigin: {origin}\r\n{upgrade}")).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{origin}: {answer}");
    }
}

#[tokio::test]
async fn who_does_not_shake_hands_gets_no_answer_and_is_cut_off() {
    let fortress = start();
    for sent in [&b"GET / HTTP/1.1\r\nhost: egida.example\r\n\r\n"[..], b""] {
        let mut stream = TcpStream::connect(fortress.server.address()).await.expect("connected");
        stream.write_all(sent).await.expect("sent");
        let mut answer = Vec::new();
        let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
        assert!(read.is_ok(), "still open after {PATIENCE:?}");
        assert!(!String::from_utf8_lossy(&answer).contains("HTTP/"), "{answer:?}");
    }
    assert!(fortress.ask("GET / HTTP/1.1").await.starts_with("HTTP/1.1 200"), "and others are served");
}

#[test]
fn a_certificate_of_no_use_is_named_at_the_start() {
    let home = tempfile::tempdir().expect("a folder");
    let bad = home.path().join("bad.pem");
    std::fs::write(&bad, "not a certificate").expect("written");
    let data = home.path().join("data");
    launch(home.path());
    let config = home.path().join("egida.toml");
    let text = format!("public_origin = \"https://egida.example\"\n[tls]\ncertificate = {bad:?}\nkey = {bad:?}\n");
    std::fs::write(&config, text).expect("written");
    let ended = outcome(&data, &["serve", "--config", &config.display().to_string()]).expect("it ran");
    assert_ne!(ended.code, Some(0));
    assert!(ended.stderr.contains("bad.pem"), "{}", ended.stderr);
}
