//! Listening, letting connections in, and stopping without cutting anything off.

use std::future::{Future, pending};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use poem::{Endpoint, Response};
use tokio::net::{TcpListener, TcpSocket, TcpStream, lookup_host};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::backend::Backend;
use super::connection::Connection;
use super::metrics::{self, One, Places};
use super::service::Service;
use crate::config::{Connections, Http};

/// From "not ready" to closing the door, so that a load balancer can look the other way.
const NOTICE: Duration = Duration::from_secs(1);
/// What is under way may take this long to end; with the notice and the rest, less than ten seconds in all.
const GRACE: Duration = Duration::from_secs(7);
/// Operations whose clients hung up may take this much longer.
const REST: Duration = Duration::from_secs(1);
/// Connections that the system keeps until they are accepted (if `net.core.somaxconn` allows it). Past that it drops what comes, and who
/// comes tries again after a second; it would be 128.
const BACKLOG: u32 = 4096;
/// After an error, no connection is accepted for this long, and twice as long after the next one, up to the longest.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Connections at the door for metrics, each of which costs next to nothing.
const METRICS_PLACES: usize = 16;

/// What a connection is told for which there is no place.
const FULL: &str = "HTTP/1.1 503 Service Unavailable\r\n\
    connection: close\r\n\
    retry-after: 1\r\n\
    cache-control: no-store\r\n\
    content-type: application/json; charset=utf-8\r\n\
    \r\n\
    {\"errors\":[{\"message\":\"too many connections; try again\",\"extensions\":{\"code\":\"UNAVAILABLE\"}}]}";

/// Serves until `stop`, then: not ready, no new connections, what is under way is finished, return. `listening` is told the
/// address once it is bound.
pub async fn serve(
    backend: Backend,
    settings: &Http,
    listening: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let service = Arc::new(Service::new(backend, settings)?);
    let routes = super::endpoint(service.clone(), settings)?;
    let listener = bind(&settings.listen, None).await?;
    let local = listener.local_addr()?;
    let metrics = tell_metrics(service.clone(), settings).await?;
    listening(local);
    let closing = async {
        stop.await;
        service.stop();
        tracing::info!("stopping");
        sleep(NOTICE).await;
    };
    let mut door = Door::new(listener, local, routes, settings.connections, service.metrics.places.clone());
    let served = async {
        door.let_in_until(closing).await;
        service.close();
        door.close().await;
        // Operations whose clients hung up have no connection to wait for.
        if timeout(REST, service.idle()).await.is_err() {
            tracing::warn!("stopped with operations still under way");
        }
    };
    tokio::select! {
        () = served => Ok(()),
        () = metrics => Ok(()),
    }
}

/// Tells metrics, if they are to be told, for as long as anybody waits for it.
async fn tell_metrics(service: Arc<Service>, settings: &Http) -> io::Result<impl Future<Output = ()> + use<>> {
    let door = match &settings.metrics_listen {
        Some(listen) => {
            let listener = bind(listen, None).await?;
            let local = listener.local_addr()?;
            tracing::info!(url = format!("http://{local}{}", metrics::PATH), "metrics");
            let limits = Connections { most: METRICS_PLACES, ..settings.connections };
            Some(Door::new(listener, local, super::metrics_page(service), limits, Places::default()))
        }
        None => None,
    };
    Ok(async move {
        match door {
            Some(mut door) => door.let_in_until(pending()).await,
            None => pending().await,
        }
    })
}

/// Whether there is such an address here. Not on its port, where the server may listen that is to be replaced.
pub async fn try_listening(listen: &str) -> io::Result<()> {
    bind(listen, Some(0)).await.map(drop)
}

/// Listens on the first address of the name on which that is possible; on another port, if one is given.
async fn bind(listen: &str, port: Option<u16>) -> io::Result<TcpListener> {
    let mut last = io::Error::new(io::ErrorKind::InvalidInput, "the name has no address");
    for mut address in lookup_host(listen).await.map_err(|error| explain(listen, &error))? {
        address.set_port(port.unwrap_or(address.port()));
        match bind_to(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(explain(listen, &last))
}

fn bind_to(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Connections that the last server closed do not keep the next from listening. Elsewhere it would let two listen at once.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Where connections come in.
struct Door<E> {
    listener: TcpListener,
    local: SocketAddr,
    endpoint: Arc<E>,
    limits: Connections,
    /// One for each connection that may be open.
    places: Arc<Semaphore>,
    counted: Places,
    /// Whether somebody was turned away, and nobody let in since.
    full: bool,
    /// Tells the connections that no more is to be asked.
    closing: watch::Sender<bool>,
    open: JoinSet<()>,
}

impl<E: Endpoint<Output = Response> + 'static> Door<E> {
    fn new(listener: TcpListener, local: SocketAddr, endpoint: E, limits: Connections, counted: Places) -> Self {
        // The other half of the files is for the database, and for fetching keys and sending mail.
        let most = max_files().map_or(limits.most, |files| limits.most.min(files / 2)).max(1);
        if most < limits.most {
            let wanted = limits.most;
            tracing::info!(most, wanted, "connections are limited by the number of files that this process may open");
        }
        counted.most.set(i64::try_from(most).unwrap_or(i64::MAX));
        Self {
            listener,
            local,
            endpoint: Arc::new(endpoint),
            limits,
            places: Arc::new(Semaphore::new(most)),
            counted,
            full: false,
            closing: watch::Sender::new(false),
            open: JoinSet::new(),
        }
    }

    /// Lets connections in until `stop`, whatever becomes of single ones.
    async fn let_in_until(&mut self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let mut pause = SHORTEST_PAUSE;
        loop {
            let accepted = tokio::select! {
                biased;
                () = stop.as_mut() => return,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((socket, peer)) => {
                    pause = SHORTEST_PAUSE;
                    self.let_in(socket, peer);
                }
                Err(error) if is_of_peer(&error) => {}
                // Mostly there are too many files open. The connection stays where it is, so that trying again at once would fail at once.
                Err(error) => {
                    tracing::warn!(%error, "cannot accept connections");
                    tokio::select! {
                        () = stop.as_mut() => return,
                        () = sleep(pause) => {}
                    }
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    fn let_in(&mut self, socket: TcpStream, peer: SocketAddr) {
        while self.open.try_join_next().is_some() {}
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            if !self.full {
                tracing::warn!("too many connections: turning them away");
            }
            self.full = true;
            self.counted.turned_away.inc();
            return turn_away(socket);
        };
        self.full = false;
        // Without it, the end of an answer may wait until the beginning is acknowledged. It fails only where the peer has left.
        let _ = socket.set_nodelay(true);
        let (local, endpoint, limits) = (self.local, self.endpoint.clone(), self.limits);
        let place = (place, One::of(&self.counted.open));
        let connection = Connection { socket, peer, local, endpoint, limits, place };
        self.open.spawn(connection.serve(self.closing.subscribe()));
    }

    /// Nobody comes in any more; who is in may finish.
    async fn close(self) {
        let Self { listener, closing, mut open, .. } = self;
        drop(listener);
        closing.send_replace(true);
        let empty = async { while open.join_next().await.is_some() {} };
        if timeout(GRACE, empty).await.is_err() {
            tracing::warn!("stopped with connections still open");
        }
    }
}

/// Says so, and closes. Nothing waits for it: a new socket takes this much.
fn turn_away(socket: TcpStream) {
    if let Ok(mut socket) = socket.into_std() {
        let _ = socket.write(FULL.as_bytes());
    }
}

/// Errors of a connection that ended before it was accepted.
fn is_of_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// How many files this process may have open, sockets among them, where the system says so.
fn max_files() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let limit = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    limit.split_whitespace().next()?.parse().ok()
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
