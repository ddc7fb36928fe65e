//! A process that may open no more files: connections wait, and nothing ends or spins.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::sockets::{connect, get};
use crate::config::Place;

const LIVE: &str = "/health/live";

/// What a shell says in the place, with the program as `$0`.
fn shell(place: &Path, script: &str) -> Command {
    let mut command = Command::new("sh");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SAMVERKAN_")) {
        command.env_remove(name);
    }
    command.args(["-c", script, env!("CARGO_BIN_EXE_samverkan")]).current_dir(place);
    command
}

struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    /// A server, after the shell has done something else.
    fn start(place: &Path, first: &str) -> Self {
        let log = fs::File::create(place.join("log")).expect("a log");
        let mut command = shell(place, &format!("{first} exec \"$0\" serve --listen 127.0.0.1:0"));
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().expect("a shell");
        let mut greeting = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut greeting).expect("a greeting");
        let address = greeting.trim().rsplit('/').next().and_then(|address| address.parse().ok());
        Self { address: address.unwrap_or_else(|| panic!("a greeting: {greeting}")), child }
    }

    fn files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.child.id())).expect("a process").count()
    }

    /// For how long its threads have computed, in hundredths of a second.
    fn computed(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("a process");
        let (_, fields) = stat.rsplit_once(')').expect("a name in brackets");
        fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().expect("a number")).sum()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn without_files_to_open_it_waits_and_goes_on_when_there_are_some() {
    let place = Place::new("exhausted");
    let place = place.path("");
    assert!(shell(&place, "exec \"$0\" migrate").status().expect("a shell").success());
    let files = Process::start(&place, "").files();
    // Half of this is meant for connections, which is more than there are besides what it has open already.
    let room = files - 4;
    let server = Process::start(&place, &format!("ulimit -n {} &&", files + room));
    let sockets: Vec<TcpStream> = (0..4 * files).map(|_| connect(server.address).expect("a connection")).collect();
    sleep(Duration::from_millis(300));
    let before = server.computed();
    sleep(Duration::from_secs(1));
    let computed = server.computed() - before;
    assert!(computed < 30, "{computed} hundredths of a second");
    let log = fs::read_to_string(place.join("log")).expect("a log");
    assert!(log.contains("cannot accept connections"), "{log}");
    assert!(log.lines().count() < 100, "{log}");
    drop(sockets);
    let freed = Instant::now();
    while !get(server.address, LIVE).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")) {
        assert!(freed.elapsed() < Duration::from_secs(10), "it does not go on");
        sleep(Duration::from_millis(20));
    }
}
