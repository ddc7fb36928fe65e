//! The toy behind a real socket, and clients that write what they like.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::JoinHandle;
use std::time::Duration;

use samverkan::config::{Connections, Http};
use samverkan::http::serve;
use tokio::sync::oneshot;

use super::toy::{Toy, backend, settings};

/// No client waits longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server in a thread of its own. It is stopped when it is dropped.
pub(super) struct Served {
    pub(super) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Served {
    pub(super) fn start() -> Self {
        Self::with(Connections::default())
    }

    pub(super) fn with(connections: Connections) -> Self {
        let settings = Http { connections, ..settings() };
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let backend = backend(&Toy::default(), &Arc::new(AtomicBool::new(true)));
            let announce = move |address| tell.send(address).expect("somebody listens");
            let stopping = async move { _ = stopped.await };
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
            runtime.block_on(serve(backend, &settings, announce, stopping))
        });
        let address = told.recv_timeout(PATIENCE).expect("it listens");
        Self { address, stop: Some(stop), thread: Some(thread) }
    }

    /// Tells it to stop, and does not wait for it.
    pub(super) fn stop(&mut self) {
        self.stop.take().expect("once").send(()).expect("the server waits for it");
    }

    /// Waits until it has ended.
    pub(super) fn end(mut self) {
        self.thread.take().expect("once").join().expect("no panic").expect("it ends well");
    }

    pub(super) fn connect(&self) -> TcpStream {
        connect(self.address).expect("a connection")
    }

    /// A connection on which this was said.
    pub(super) fn say(&self, text: &str) -> TcpStream {
        let mut socket = self.connect();
        socket.write_all(text.as_bytes()).expect("it listens");
        socket
    }

    /// The answer on a connection of its own.
    pub(super) fn get(&self, path: &str) -> io::Result<String> {
        get(self.address, path)
    }
}

pub(super) fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpStream::connect_timeout(&address, PATIENCE)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.set_write_timeout(Some(PATIENCE))?;
    Ok(socket)
}

pub(super) fn get(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut socket = connect(address)?;
    write!(socket, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer)?;
    Ok(answer)
}

/// What is asked on a connection that is to stay open.
pub(super) fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n")
}

/// One answer on a connection that stays open.
pub(super) fn answer(socket: &TcpStream) -> io::Result<String> {
    let mut reader = BufReader::new(socket);
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let start = head.len();
        if reader.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(value) = head[start..].to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(head + &String::from_utf8_lossy(&body))
}

/// Asks on a connection that stays open.
pub(super) fn ask(mut socket: &TcpStream, path: &str) -> io::Result<String> {
    socket.write_all(request(path).as_bytes())?;
    answer(socket)
}

/// Whether the other end closes the connection in that time, without another word.
pub(super) fn closes_within(mut socket: &TcpStream, time: Duration) -> bool {
    socket.set_read_timeout(Some(time.max(Duration::from_millis(1)))).expect("a socket");
    match socket.read(&mut [0; 1]) {
        Ok(read) => read == 0,
        Err(error) => !matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut),
    }
}
