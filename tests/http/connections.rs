//! One connection, and a client that takes its time or goes on for ever; and connections of which there are too many.

use std::io::{Read, Write};
use std::thread::sleep;
use std::time::{Duration, Instant};

use samverkan::config::Connections;

use super::sockets::{Served, answer, ask, closes_within, request};

const LIVE: &str = "/health/live";
const SHORT: Duration = Duration::from_millis(400);
/// Enough for what takes `SHORT`, on a machine with other things to do.
const SOON: Duration = Duration::from_secs(5);

fn impatient() -> Served {
    Served::with(Connections { head: SHORT, idle: 3 * SHORT, stall: 2 * SHORT, ..Connections::default() })
}

#[test]
fn a_head_that_comes_byte_by_byte_is_not_waited_for() {
    let server = impatient();
    let mut socket = server.connect();
    let started = Instant::now();
    for byte in b"GET /health/live HTTP/1.1\r\nx: ".iter().chain(std::iter::repeat(&b'y')) {
        if socket.write_all(&[*byte]).is_err() || closes_within(&socket, Duration::from_millis(20)) {
            break;
        }
        assert!(started.elapsed() < SOON, "it is still open");
    }
    assert!(started.elapsed() >= SHORT, "{:?}", started.elapsed());
}

#[test]
fn nothing_and_half_a_head_are_not_waited_for() {
    let server = impatient();
    let half = &request(LIVE)[..20];
    for (what, said) in [("nothing", ""), ("half a head", half), ("blank lines", "\r\n\r\n")] {
        let started = Instant::now();
        assert!(closes_within(&server.say(said), SOON), "{what}");
        assert!(started.elapsed() >= SHORT, "{what}: {:?}", started.elapsed());
    }
}

#[test]
fn a_connection_may_idle_between_requests_but_not_within_one() {
    let server = impatient();
    let (used, begun) = (server.connect(), server.connect());
    // Together longer than either may take.
    for _ in 0..4 {
        ask(&used, LIVE).expect("an answer");
        ask(&begun, LIVE).expect("an answer");
        sleep(SHORT);
    }
    ask(&used, LIVE).expect("an answer");
    let answered = Instant::now();
    (&begun).write_all(b"GET ").expect("it listens");
    assert!(closes_within(&begun, SOON), "half a head");
    let after = answered.elapsed();
    assert!(closes_within(&used, SOON), "nothing more is asked");
    assert!(after < answered.elapsed(), "a head that was begun has less time than one that was not");
    assert!(answered.elapsed() >= 3 * SHORT - Duration::from_millis(50), "{:?}", answered.elapsed());
}

/// More than all buffers on the way hold.
const LONG: usize = 40_000_000;

#[test]
fn an_answer_that_nobody_takes_is_given_up_and_one_that_is_taken_slowly_is_not() {
    let server = impatient();
    let ask = request(&format!("/graphql?query=%7Blong(length:{LONG})%7D"));
    let (mut deaf, mut slow) = (server.say(&ask), server.say(&ask));
    let mut taken = Vec::new();
    let mut part = vec![0; LONG / 40];
    while !taken.ends_with(b"\"}}") {
        let read = slow.read(&mut part).expect("it is still sent");
        assert!(read > 0, "cut off after {} bytes", taken.len());
        taken.extend_from_slice(&part[..read]);
        sleep(Duration::from_millis(10));
    }
    assert!(taken.len() > LONG, "{} bytes", taken.len());
    sleep(4 * SHORT);
    let mut left = 0;
    while let Ok(read @ 1..) = deaf.read(&mut part) {
        left += read;
    }
    assert!(left < LONG, "the whole answer had been kept");
}

#[test]
fn heads_have_a_size_and_headers_a_number() {
    let server = Served::start();
    let head = |headers: &str| format!("GET {LIVE} HTTP/1.1\r\nhost: x\r\n{headers}\r\n");
    let long = |length: usize| head(&format!("x: {}\r\n", "y".repeat(length)));
    let many = |number: usize| head(&"x: y\r\n".repeat(number));
    for (text, status) in [(long(30_000), "200"), (long(40_000), "431"), (many(90), "200"), (many(101), "431")] {
        let answer = answer(&server.say(&text)).expect("an answer");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
}

#[test]
fn requests_that_come_together_are_answered_in_order() {
    let server = Served::start();
    let socket = server.say(&format!("{}{}", request("/graphql?query=%7Bzebra%7D"), request("/nothing")));
    let mut both = String::new();
    let _ = socket.set_read_timeout(Some(SHORT));
    let _ = (&socket).read_to_string(&mut both);
    let (first, second) = (both.find(r#"{"data":{"zebra":1}}"#), both.find("NOT_FOUND"));
    assert!(first.is_some() && first < second, "{both}");
}

#[test]
fn there_is_room_for_so_many_and_the_next_is_told_to_come_back() {
    let server = Served::with(Connections { most: 3, ..Connections::default() });
    let mut inside = [server.connect(), server.connect(), server.connect()].map(Some);
    for socket in inside.iter().flatten() {
        ask(socket, LIVE).expect("an answer");
    }
    let mut told = String::new();
    server.connect().read_to_string(&mut told).expect("an answer to who has not asked yet");
    let (head, body) = told.split_once("\r\n\r\n").expect("a head and a body");
    assert!(head.starts_with("HTTP/1.1 503") && head.contains("retry-after: "), "{head}");
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(body["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    for socket in inside.iter().flatten() {
        ask(socket, LIVE).expect("who is inside is still answered");
    }
    inside[1] = None;
    let freed = Instant::now();
    while !server.get(LIVE).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")) {
        assert!(freed.elapsed() < SOON, "there is room again");
        sleep(Duration::from_millis(5));
    }
}

/// Closed with bytes that were not read, a socket is reset, and who is still sending cannot read what was answered.
#[test]
fn who_sends_too_much_still_reads_that_it_is_too_much() {
    let server = Served::start();
    for _ in 0..20 {
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {LONG}\r\n\r\n"
        );
        let mut socket = server.say(&head);
        socket.write_all(&vec![b' '; LONG]).expect("somebody reads it away");
        let answer = answer(&socket).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("connection: close"), "{answer}");
        assert!(closes_within(&socket, SOON), "nothing more is asked");
    }
}

#[test]
fn who_goes_on_sending_what_nobody_wants_is_left() {
    let server = impatient();
    let mut socket = server.say(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
    );
    let begun = Instant::now();
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    while socket.write_all(chunk.as_bytes()).is_ok() {
        assert!(begun.elapsed() < 20 * SHORT, "it may send for ever");
        sleep(Duration::from_millis(1));
    }
}
