//! The clients: each a connection of its own, on which it sends a request as soon as the last is answered. It does no more than it must,
//! since it shares its core with the database.

use std::cell::Cell;
use std::io::Write;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use crate::Outcome;

/// Where to ask, and all of a request but what is asked.
#[derive(Clone)]
pub struct Target {
    address: SocketAddr,
    request: Request,
}

#[derive(Clone)]
enum Request {
    /// What comes before the length of a body.
    Post(String),
    /// What comes after a path.
    Get(String),
}

impl Target {
    /// Bodies for a path.
    pub fn new(address: SocketAddr, path: &str, token: Option<&str>) -> Self {
        let token = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\n{token}content-type: application/json\r\ncontent-length: "
        );
        Self { address, request: Request::Post(head) }
    }

    /// Files, by their paths. What has been sent before is sent again: no tag says that it is known.
    pub fn files(address: SocketAddr) -> Self {
        Self { address, request: Request::Get(format!(" HTTP/1.1\r\nhost: {address}\r\n\r\n")) }
    }
}

impl Request {
    fn write(&self, asked: &str, into: &mut Vec<u8>) -> std::io::Result<()> {
        match self {
            Self::Post(head) => write!(into, "{head}{}\r\n\r\n{asked}", asked.len()),
            Self::Get(tail) => write!(into, "GET {asked}{tail}"),
        }
    }
}

/// A connection that stays open.
pub struct Connection {
    stream: TcpStream,
    request: Request,
    written: Vec<u8>,
    answer: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub async fn open(target: &Target) -> Outcome<Self> {
        let stream = TcpStream::connect(target.address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, request: target.request.clone(), written: Vec::new(), answer: vec![0; 1 << 16] })
    }

    /// The body of the answer. Anything but 200 is an error.
    pub async fn ask(&mut self, asked: &str) -> Outcome<&[u8]> {
        self.written.clear();
        self.request.write(asked, &mut self.written)?;
        self.stream.write_all(&self.written).await?;
        let (mut read, mut whole) = (0, None);
        while whole.is_none_or(|(_, end)| read < end) {
            if read == self.answer.len() {
                self.answer.resize(2 * read, 0);
            }
            let more = self.stream.read(&mut self.answer[read..]).await?;
            if more == 0 {
                return Err(format!("the connection closed after {}", lossy(&self.answer[..read])).into());
            }
            read += more;
            if whole.is_none() {
                whole = bounds(&self.answer[..read])?;
            }
        }
        let (start, end) = whole.unwrap_or_default();
        if !self.answer.starts_with(b"HTTP/1.1 200") {
            return Err(format!("to {asked}\n{}", lossy(&self.answer[..end])).into());
        }
        Ok(&self.answer[start..end])
    }

    /// The same, read.
    pub async fn json(&mut self, asked: &str) -> Outcome<Value> {
        Ok(serde_json::from_slice(self.ask(asked).await?)?)
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Where the body begins and ends, once the head is there.
fn bounds(answer: &[u8]) -> Outcome<Option<(usize, usize)>> {
    let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&answer[..end])?;
    let length = head.lines().filter_map(|line| line.split_once(": ")).find_map(|(name, value)| {
        name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().ok()).flatten()
    });
    let length = length.ok_or_else(|| format!("an answer without a length: {head}"))?;
    Ok(Some((end + 4, end + 4 + length)))
}

/// What clients do together.
pub struct Load {
    pub target: Target,
    /// The bodies, or paths, asked in turn.
    pub bodies: Rc<[String]>,
    /// Whether none may be asked twice.
    pub once: bool,
    /// Which is next.
    pub next: Rc<Cell<usize>>,
    /// Whether an answer is one.
    pub good: fn(&[u8]) -> bool,
    pub clients: usize,
    /// Before anything counts.
    pub warm_up: Duration,
    pub lasts: Duration,
}

/// What came of it.
pub struct Sample {
    pub per_second: f64,
    /// In microseconds, the shortest first.
    latencies: Vec<u32>,
}

impl Sample {
    /// The time in which this part of the requests was answered, in microseconds.
    pub fn percentile(&self, part: f64) -> f64 {
        let place = (self.latencies.len() as f64 * part) as usize;
        self.latencies.get(place.min(self.latencies.len().saturating_sub(1))).map_or(0.0, |latency| f64::from(*latency))
    }
}

impl Load {
    /// Counts the answers that come after the warm-up and before the end.
    pub async fn run(self) -> Outcome<Sample> {
        let mut connections = Vec::new();
        for _ in 0..self.clients {
            connections.push(Connection::open(&self.target).await?);
        }
        let load = Rc::new(self);
        let from = Instant::now() + load.warm_up;
        let local = LocalSet::new();
        let clients: Vec<_> = connections
            .into_iter()
            .map(|connection| {
                let load = load.clone();
                local.spawn_local(async move { load.client(connection, from).await.map_err(|error| error.to_string()) })
            })
            .collect();
        let mut latencies = Vec::new();
        local
            .run_until(async {
                for client in clients {
                    latencies.extend(client.await??);
                }
                Ok::<_, Box<dyn std::error::Error>>(())
            })
            .await?;
        latencies.sort_unstable();
        Ok(Sample { per_second: latencies.len() as f64 / load.lasts.as_secs_f64(), latencies })
    }

    async fn client(&self, mut connection: Connection, from: Instant) -> Outcome<Vec<u32>> {
        let mut latencies = Vec::with_capacity(1 << 14);
        loop {
            let place = self.next.replace(self.next.get() + 1);
            let body = self.bodies.get(if self.once { place } else { place % self.bodies.len() });
            let body = body.ok_or("there is nothing left to ask: fewer seconds or rounds, please")?;
            let asked = Instant::now();
            let answer = connection.ask(body).await?;
            if !(self.good)(answer) {
                return Err(format!("to {body}\n{}", lossy(answer)).into());
            }
            let answered = Instant::now();
            if answered >= from + self.lasts {
                return Ok(latencies);
            }
            if answered >= from {
                latencies.push(u32::try_from((answered - asked).as_micros()).unwrap_or(u32::MAX));
            }
        }
    }
}
