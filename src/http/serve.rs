//! Listening, and stopping without cutting anything off.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use poem::Server;
use poem::listener::{Acceptor, Listener, TcpListener};
use tokio::time::{Instant, sleep, timeout_at};

use super::backend::Backend;
use super::service::Service;
use crate::config::Http;

/// From "not ready" to closing the door, so that a load balancer can look the other way.
const NOTICE: Duration = Duration::from_secs(1);
/// What is under way may take this long to end; with the notice and the rest, less than ten seconds in all.
const GRACE: Duration = Duration::from_secs(7);
/// Operations whose clients hung up may take this much longer.
const REST: Duration = Duration::from_secs(1);
/// A connection on which nothing happens is closed.
const IDLE: Duration = Duration::from_secs(75);

/// Serves until `stop`, then: not ready, no new connections, what is under way is finished, return. `listening` is told the
/// address once it is bound.
pub async fn serve(
    backend: Backend,
    settings: &Http,
    listening: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let service = Arc::new(Service::new(backend, settings));
    let routes = super::endpoint(service.clone(), settings)?;
    let acceptor = TcpListener::bind(settings.listen.clone())
        .into_acceptor()
        .await
        .map_err(|error| explain(&settings.listen, &error))?;
    let bound = acceptor.local_addr();
    if let Some(address) = bound.iter().find_map(|address| address.as_socket_addr()) {
        listening(*address);
    }
    let closing = async {
        stop.await;
        service.stop();
        tracing::info!("stopping");
        sleep(NOTICE).await;
    };
    let server = Server::new_with_acceptor(acceptor).idle_timeout(IDLE);
    server.run_with_graceful_shutdown(routes, closing, Some(GRACE)).await?;
    // Operations whose clients hung up have no connection to wait for.
    if timeout_at(Instant::now() + REST, service.idle()).await.is_err() {
        tracing::warn!("stopped with operations still under way");
    }
    Ok(())
}

fn explain(listen: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot listen on {listen}: {}", reason(error)))
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => "the address is in use, perhaps by another samverkan".into(),
        io::ErrorKind::PermissionDenied => "not permitted; ports below 1024 need privileges".into(),
        _ => error.to_string(),
    }
}
