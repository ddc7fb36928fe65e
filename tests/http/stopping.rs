//! Over real sockets: listening, and stopping without cutting anything off.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use samverkan::config::Http;
use samverkan::http::serve;

use super::toy::{Toy, backend, settings};

/// A request over a socket of its own: the whole answer.
fn over_socket(address: SocketAddr, request: &str) -> std::io::Result<String> {
    let mut socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(Duration::from_secs(10)))?;
    socket.write_all(request.as_bytes())?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer)?;
    Ok(answer)
}

fn get_over_socket(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    over_socket(address, &request)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_is_announced_and_what_is_under_way_is_finished() {
    let ready = Arc::new(AtomicBool::new(true));
    let backend = backend(&Toy::default(), &ready);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (tell, told) = std::sync::mpsc::channel();
    let server = tokio::spawn(async move {
        let announce = move |address| tell.send(address).expect("somebody listens");
        let stopping = async move {
            let _ = stopped.await;
        };
        serve(backend, &settings(), announce, stopping).await
    });
    let told = tokio::task::spawn_blocking(move || told.recv_timeout(Duration::from_secs(5)));
    let address: SocketAddr = told.await.expect("no panic").expect("it listens");
    let get = |path: &'static str| tokio::task::spawn_blocking(move || get_over_socket(address, path));
    let ready = get("/health/ready").await.expect("no panic").expect("an answer");
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");
    let slow = get("/graphql?query=%7Bslow%7D");
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.send(()).expect("the server waits for it");
    tokio::time::sleep(Duration::from_millis(100)).await;
    let ready = get("/health/ready").await.expect("no panic").expect("an answer");
    assert!(ready.starts_with("HTTP/1.1 503"), "{ready}");
    let live = get("/health/live").await.expect("no panic").expect("an answer");
    assert!(live.starts_with("HTTP/1.1 200"), "{live}");
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert!(get("/health/live").await.expect("no panic").is_err(), "the door is closed");
    let slow = slow.await.expect("no panic").expect("an answer");
    assert!(slow.ends_with(r#"{"data":{"slow":3}}"#), "{slow}");
    server.await.expect("no panic").expect("it ends well");
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
