//! Thousands of connections on which nothing is ever asked, and somebody who asks meanwhile.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use super::sockets::{Served, closes_within, connect, get};

const SOCKETS: usize = 2_000;
/// Such a socket is gone after this long.
const GONE: Duration = Duration::from_secs(10);
/// What the machine does besides may take this much.
const NOISE: Duration = Duration::from_millis(25);
/// A machine with other things to do gets another try.
const TRIES: usize = 3;

/// Both ends of a socket are files of this process, which has others.
fn sockets() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let limit = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let files = limit.and_then(|line| line.split_whitespace().next()?.parse().ok());
    files.map_or(SOCKETS, |files: usize| SOCKETS.min(files / 4))
}

/// An honest request: how long it takes.
fn honest(address: SocketAddr) -> Duration {
    let started = Instant::now();
    let answer = get(address, "/graphql?query=%7Bzebra%7D").expect("an answer");
    assert!(answer.ends_with(r#"{"data":{"zebra":1}}"#), "{answer}");
    started.elapsed()
}

fn p99(mut times: Vec<Duration>) -> Duration {
    assert!(times.len() >= 100, "only {}", times.len());
    times.sort_unstable();
    times[times.len() * 99 / 100]
}

/// Half of them say nothing, half of them half of a head.
fn half_open(address: SocketAddr, number: usize) -> Vec<TcpStream> {
    let open = |number| {
        let mut socket = connect(address).expect("a connection");
        if number % 2 == 0 {
            socket.write_all(b"GET /graphql HTTP/1.1\r\nhost: ").expect("it listens");
        }
        socket
    };
    (0..number).map(open).collect()
}

/// The 99th percentile of honest requests without and with the flood.
fn attempt(address: SocketAddr, number: usize) -> (Duration, Duration) {
    let usual = p99((0..400).map(|_| honest(address)).collect());
    let over = AtomicBool::new(false);
    let under_attack = scope(|scope| {
        let asking = scope.spawn(|| {
            let mut times = Vec::new();
            while !over.load(Ordering::Relaxed) {
                times.push(honest(address));
                sleep(Duration::from_millis(1));
            }
            times
        });
        let gone = scope.spawn(|| flood(address, number)).join();
        over.store(true, Ordering::Relaxed);
        gone.expect("every socket is gone");
        p99(asking.join().expect("every answer"))
    });
    (usual, under_attack)
}

/// Waits until all are gone.
fn flood(address: SocketAddr, number: usize) {
    let started = Instant::now();
    let sockets = half_open(address, number);
    let opened = Instant::now();
    println!("{number} sockets opened in {:?}", opened - started);
    for socket in &sockets {
        assert!(closes_within(socket, GONE.saturating_sub(opened.elapsed())), "still open after {GONE:?}");
    }
    println!("and gone {:?} later", opened.elapsed());
}

#[test]
fn sockets_on_which_nothing_is_asked_are_gone_in_ten_seconds_and_nobody_waits_for_them() {
    let server = Served::start();
    let number = sockets();
    let mut measured = Vec::new();
    for _ in 0..TRIES {
        let (usual, under_attack) = attempt(server.address, number);
        println!("99 % of honest requests: {usual:?} usually, {under_attack:?} beside {number} half-open sockets");
        if under_attack <= NOISE.max(2 * usual) {
            return;
        }
        measured.push((usual, under_attack));
    }
    panic!("honest requests take too long beside {number} half-open sockets: {measured:?}");
}
