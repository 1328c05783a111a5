//! TLS in the binary, for a region without a proxy: certificate and key from files, TLS 1.2 and 1.3.

use std::path::Path;
use std::sync::Arc;

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ConfigBuilder, ServerConfig};
use tokio_rustls::server::TlsStream;
use tokio_rustls::{TlsAcceptor, rustls};

/// The only protocol spoken behind it.
const PROTOCOL: &[u8] = b"http/1.1";

/// A certificate with its key, ready to be shown.
#[derive(Clone, Debug)]
pub struct Tls(Arc<ServerConfig>);

impl Tls {
    /// Reads a certificate chain (the server's own first) and its private key, both PEM.
    ///
    /// # Errors
    ///
    /// One sentence that says which of the files is of no use, and why.
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, String> {
        let wrong = |path: &Path, why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
        let chain: Vec<_> =
            CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect).map_err(|error| wrong(certificate, &error))?;
        if chain.is_empty() {
            return Err(wrong(certificate, &"holds no certificate"));
        }
        let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, &error))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(rustls::DEFAULT_VERSIONS)
            .map(ConfigBuilder::<ServerConfig, _>::with_no_client_auth)
            .and_then(|builder| builder.with_single_cert(chain, secret))
            .map_err(|error| wrong(certificate, &error))?;
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        Ok(Self(Arc::new(config)))
    }

    /// Shakes hands with who has just connected.
    pub(super) async fn accept(&self, stream: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        TlsAcceptor::from(self.0.clone()).accept(stream).await
    }
}
