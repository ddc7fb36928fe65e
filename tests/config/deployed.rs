//! What runs the server elsewhere: a service of systemd and a container.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use samverkan::config::{Flags, Settings};

use super::Place;

const UNIT: &str = include_str!("../../deploy/samverkan.service");
const DOCKERFILE: &str = include_str!("../../Dockerfile");
const MANIFEST: &str = include_str!("../../Cargo.toml");

/// What follows each line's beginning.
fn after<'a>(text: &'a str, beginning: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines().filter_map(move |line| line.trim_start().strip_prefix(beginning))
}

#[test]
fn the_container_is_set_up_with_settings_that_there_are() {
    let variables = after(DOCKERFILE, "ENV ").map(|line| line.split_once('=').expect("a value"));
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let settings = Settings::from(&Flags::default(), variables, Path::new("none.toml")).expect("settings");
    let port = settings.http.listen.rsplit_once(':').expect("a port").1;
    assert_eq!(after(DOCKERFILE, "EXPOSE ").collect::<Vec<_>>(), [port]);
    let rust = after(MANIFEST, "rust-version = ").find(|version| version.starts_with('"')).expect("a version");
    assert!(DOCKERFILE.starts_with(&format!("FROM rust:{}-slim", rust.trim_matches('"'))));
}

#[test]
fn the_containers_health_check_tells_ready_from_gone() {
    let place = Place::new("container");
    assert_eq!(place.run(&["migrate"], &[]).status.code(), Some(0));
    let mut command = place.samverkan(&["serve", "--listen", "127.0.0.1:0"], &[("SAMVERKAN_LOG", "off")]);
    let mut server = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut greeting = String::new();
    BufReader::new(server.stdout.take().expect("a pipe")).read_line(&mut greeting).expect("a greeting");
    let port = greeting.trim().rsplit_once(':').expect("a port").1.to_owned();
    let command = after(DOCKERFILE, "CMD ").next().expect("the health check's command");
    let command: Vec<String> = serde_json::from_str(command).expect("a list");
    let check = command[2].replace("8080", &port);
    let healthy = || Command::new(&command[0]).args([&command[1], &check]).stderr(Stdio::null()).status();
    let ready = healthy().map(|status| status.success());
    server.kill().expect("a process");
    server.wait().expect("its end");
    // Not every machine has bash.
    if let Ok(ready) = ready {
        assert!(ready, "{check}");
        assert!(!healthy().expect("bash").success());
    }
}

#[test]
fn the_service_gives_the_server_the_time_that_it_takes_to_stop() {
    let only = |key| after(UNIT, key).collect::<Vec<_>>();
    let seconds: u32 = only("TimeoutStopSec=")[0].parse().expect("seconds");
    assert!(seconds > 10, "the server takes up to ten");
    assert_eq!(only("KillSignal="), ["SIGTERM"]);
    for arguments in [only("ExecStartPre="), only("ExecStart=")] {
        let help = arguments[0].strip_prefix("/usr/local/bin/samverkan ").expect("the server");
        let help: Vec<&str> = help.split(' ').chain(["--help"]).collect();
        assert_eq!(Place::new("unit").run(&help, &[]).status.code(), Some(0), "{help:?}");
    }
    let [variable] = only("Environment=")[..] else { panic!("one variable") };
    assert!(variable.starts_with("SAMVERKAN_CONFIG=%d/") && UNIT.contains("LoadCredential=samverkan.toml:"));
}
