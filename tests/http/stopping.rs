//! Over real sockets: listening, and stopping without cutting anything off.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use samverkan::config::Http;
use samverkan::http::serve;

use super::sockets::{Served, answer, ask, closes_within, connect, get, request};
use super::toy::{Toy, backend, settings};
use crate::support::fresh_database;
use crate::support::server::Server;

const SLOW: &str = "/graphql?query=%7Bslow%7D";

#[test]
fn stopping_is_announced_and_what_is_under_way_is_finished() {
    let mut server = Served::start();
    let address = server.address;
    let ready = server.get("/health/ready").expect("an answer");
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");
    let slow = thread::spawn(move || get(address, SLOW));
    thread::sleep(Duration::from_millis(100));
    server.stop();
    thread::sleep(Duration::from_millis(100));
    let ready = server.get("/health/ready").expect("an answer");
    assert!(ready.starts_with("HTTP/1.1 503"), "{ready}");
    let live = server.get("/health/live").expect("an answer");
    assert!(live.starts_with("HTTP/1.1 200"), "{live}");
    thread::sleep(Duration::from_millis(1200));
    assert!(server.get("/health/live").is_err(), "the door is closed");
    let slow = slow.join().expect("no panic").expect("an answer");
    assert!(slow.ends_with(r#"{"data":{"slow":3}}"#), "{slow}");
    server.end();
}

#[test]
fn connections_are_closed_when_their_request_is_answered_and_idle_ones_at_once() {
    let mut server = Served::start();
    let (idle, unused, busy) = (server.connect(), server.connect(), server.connect());
    ask(&idle, "/health/live").expect("an answer");
    ask(&busy, "/health/live").expect("an answer");
    (&busy).write_all(request(SLOW).as_bytes()).expect("it listens");
    let whole = request("/health/live");
    let (begun, rest) = whole.split_at(20);
    let half = server.say(begun);
    let stopped = Instant::now();
    server.stop();
    assert!(closes_within(&idle, Duration::from_millis(1900)), "an idle connection");
    assert!(stopped.elapsed() > Duration::from_millis(900), "not before the door is closed");
    assert!(closes_within(&unused, Duration::from_millis(500)), "one on which nothing was asked");
    (&half).write_all(rest.as_bytes()).expect("it listens");
    let live = answer(&half).expect("an answer to what was begun");
    assert!(live.starts_with("HTTP/1.1 200"), "{live}");
    let slow = answer(&busy).expect("an answer to what is under way");
    assert!(slow.to_lowercase().contains("connection: close"), "{slow}");
    assert!(slow.ends_with(r#"{"data":{"slow":3}}"#), "{slow}");
    for socket in [&half, &busy] {
        assert!(closes_within(socket, Duration::from_millis(500)), "nothing more is to be asked");
    }
    server.end();
    assert!(stopped.elapsed() < Duration::from_secs(5), "nobody is waited for who has nothing to say");
}

#[tokio::test]
async fn an_address_in_use_is_said_in_one_line() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let listen = taken.local_addr().expect("its address").to_string();
    let ready = Arc::new(AtomicBool::new(true));
    let backend = backend(&Toy::default(), &ready);
    let settings = Http { listen: listen.clone(), ..settings() };
    let error = serve(backend, &settings, |_| {}, std::future::pending()).await;
    let message = error.expect_err("somebody else has it").to_string();
    assert!(message.starts_with(&format!("cannot listen on {listen}: the address is in use")));
}

/// Together they ask 200 times a second.
const CLIENTS: u32 = 8;
const EACH: Duration = Duration::from_millis(40);
const READY: &str = "/health/ready";
const GROUPS: &str = "/graphql?query=%7Bgroups%7BtotalCount%7D%7D";

fn is_well(answer: &str) -> bool {
    answer.starts_with("HTTP/1.1 200") && answer.contains(r#""data":{"groups""#)
}

fn says_close(answer: &str) -> bool {
    answer.to_lowercase().contains("\r\nconnection: close\r\n")
}

/// Asks for as long as the server says that it is ready, on a connection that it keeps until it is told that it is closed. How many answers
/// there were; all of them must be good.
fn keep_asking(address: SocketAddr, ready: &AtomicBool) -> u32 {
    let (mut kept, mut answers, mut due) = (None, 0, Instant::now());
    while ready.load(Ordering::SeqCst) {
        let socket = kept.take().unwrap_or_else(|| connect(address).expect("the door is open"));
        let answer = ask(&socket, GROUPS).expect("an answer");
        assert!(is_well(&answer), "{answer}");
        answers += 1;
        kept = (!says_close(&answer)).then_some(socket);
        due += EACH;
        thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    answers
}

/// A load balancer that looks five times a second.
fn look(address: SocketAddr, ready: &AtomicBool) {
    while get(address, READY).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")) {
        thread::sleep(Duration::from_millis(200));
    }
    ready.store(false, Ordering::SeqCst);
}

#[tokio::test]
async fn of_two_hundred_requests_a_second_none_fails_when_the_process_is_told_to_end() {
    let mut server = Server::start(&fresh_database().await);
    let address: SocketAddr =
        server.url.trim_start_matches("http://").trim_end_matches("/graphql").parse().expect("an address");
    let ready = AtomicBool::new(true);
    let (answers, took) = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(|| keep_asking(address, &ready))).collect();
        scope.spawn(|| look(address, &ready));
        let idle = connect(address).expect("the door is open");
        thread::sleep(Duration::from_millis(1500));
        let told = Instant::now();
        server.terminate();
        while ready.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(10));
        }
        let last = ask(&idle, GROUPS).expect("the door is still open");
        assert!(is_well(&last) && says_close(&last), "{last}");
        let answers: u32 = clients.into_iter().map(|client| client.join().expect("no request fails")).sum();
        while server.ended().is_none() {
            assert!(told.elapsed() < Duration::from_secs(10), "it has not ended");
            thread::sleep(Duration::from_millis(20));
        }
        (answers, told.elapsed())
    });
    assert_eq!(server.ended().and_then(|status| status.code()), Some(0));
    assert!(answers >= 200, "{answers} answers: too few to prove anything");
    assert!(took < Duration::from_secs(10), "{took:?}");
}
