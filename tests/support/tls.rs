//! TLS before a server that speaks plain HTTP.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// Takes TLS off every connection and hands the rest on to `behind`, with a certificate of its own: where that is, as an
/// origin, and the certificate (PEM).
///
/// # Panics
/// When it can't listen.
pub async fn tls_before(behind: SocketAddr) -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a certificate that fits");
    let front = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let origin = format!("https://localhost:{}", front.local_addr().expect("an address").port());
    tokio::spawn(unwrap(front, TlsAcceptor::from(Arc::new(config)), behind));
    (origin, made.cert.pem())
}

async fn unwrap(front: TcpListener, acceptor: TlsAcceptor, behind: SocketAddr) {
    while let Ok((stream, _)) = front.accept().await {
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            let Ok(mut outer) = acceptor.accept(stream).await else { return };
            let Ok(mut inner) = TcpStream::connect(behind).await else { return };
            let _ = tokio::io::copy_bidirectional(&mut outer, &mut inner).await;
        });
    }
}
