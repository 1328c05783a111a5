//! The front door: hyper's own connection builder, because `axum::serve` leaves half-sent headers open for ever.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Body as _;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

use super::body::Arriving;
use super::tls::Tls;

/// A client has this long to shake hands, and this long to send a request's head, from the first moment of the connection
/// or of its idleness.
const HEADER_TIMEOUT: Duration = Duration::from_secs(5);
/// Header lines of a request at most.
const MAX_HEADERS: usize = 64;
/// Bytes of a request's head at most, and of hyper's buffer.
const MAX_HEAD: usize = 16 * 1024;
/// Connections at a time; further ones wait in the system's queue.
const MAX_CONNECTIONS: usize = 16_384;
/// Unanswered bytes on a connection for this long end it (`TCP_USER_TIMEOUT`): a pulled cable is noticed.
const USER_TIMEOUT: Duration = Duration::from_secs(30);
/// On a stop, requests under way have this long to finish.
const GRACE: Duration = Duration::from_secs(10);

/// Who is at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Serves until `stop` turns true, then lets what is under way finish. Without `tls` by plain HTTP.
pub async fn serve(listener: TcpListener, app: Router, tls: Option<Tls>, mut stop: watch::Receiver<bool>) {
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let slot = tokio::select! {
            slot = slots.clone().acquire_owned() => match slot { Ok(slot) => slot, Err(_) => break },
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, most likely: wait for some to be given back.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            _ = stop.wait_for(|stop| *stop) => break,
        };
        while connections.try_join_next().is_some() {}
        let (app, tls, stop) = (app.clone(), tls.clone(), stop.clone());
        connections.spawn(async move {
            welcome(stream, peer, app, tls, stop).await;
            drop(slot);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, async { while connections.join_next().await.is_some() {} }).await;
}

async fn welcome(stream: TcpStream, peer: SocketAddr, app: Router, tls: Option<Tls>, stop: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let _ = socket2::SockRef::from(&stream).set_tcp_user_timeout(Some(USER_TIMEOUT));
    let Some(tls) = tls else { return connection(stream, peer, app, stop).await };
    let shaken = tokio::time::timeout(HEADER_TIMEOUT, tls.accept(stream)).await;
    if let Ok(Ok(stream)) = shaken {
        connection(stream, peer, app, stop).await;
    }
}

async fn connection<Stream>(stream: Stream, peer: SocketAddr, app: Router, mut stop: watch::Receiver<bool>)
where
    Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let stopping = stop.clone();
    let app = app.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(Peer(peer.ip()));
        request.map(|body| if body.is_end_stream() { Body::empty() } else { Body::new(Arriving::new(body, stopping.clone())) })
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app))
        .with_upgrades();
    tokio::pin!(serving);
    let stopped = async move { stop.wait_for(|stop| *stop).await.is_ok() };
    tokio::select! {
        _ = serving.as_mut() => return,
        _ = stopped => {}
    }
    serving.as_mut().graceful_shutdown();
    let _ = serving.await;
}
