//! The command line as a process: what it says, and how it ends.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};

use super::Place;

impl Place {
    /// The command line, run here, with these variables and none of the surrounding ones that are ours.
    pub fn samverkan(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_samverkan"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SAMVERKAN_") {
                command.env_remove(name);
            }
        }
        command.current_dir(&self.0).args(arguments).envs(variables.iter().copied());
        command
    }

    pub fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let output = self.samverkan(arguments, variables).output();
        output.expect("the binary runs")
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn help_teaches_and_mistakes_are_2() {
    let place = Place::new("help");
    let help = place.run(&["--help"], &[]);
    assert_eq!(help.status.code(), Some(0));
    let text = String::from_utf8_lossy(&help.stdout).into_owned();
    for word in
        ["serve --demo", "migrate", "schema", "load", "token", "grant", "SAMVERKAN_DATABASE_URL", "samverkan.toml"]
    {
        assert!(text.contains(word), "{word} is not in: {text}");
    }
    for (arguments, variables) in [
        (vec![], vec![]),
        (vec!["sreve"], vec![]),
        (vec!["load"], vec![]),
        (vec!["serve", "--lsten", "x"], vec![]),
        (vec!["migrate", "--listen", "a:1"], vec![]),
        (vec!["serve", "--listen", "x"], vec![]),
        (vec!["token"], vec![]),
        (vec!["grant", "--role", "administrator"], vec![]),
        (vec!["token", "--role", "king"], vec![]),
        (vec!["token", "--role", "auditor", "--hours", "0"], vec![]),
        (vec!["token", "--role", "auditor", "--hours", "721"], vec![]),
        (vec!["token", "--role", "auditor", "--subject", ""], vec![]),
        (vec!["token", "--role", "auditor", "--group", "run"], vec![]),
        (vec!["token", "--role", "signed-in", "--organisation", "bracke"], vec![]),
        (vec!["token", "--role", "coordinator"], vec![]),
        (vec!["token", "--role", "coordinator", "--organisation", "bracke"], vec![]),
        (vec!["token", "--role", "representative", "--group", "run", "--organisation", "bracke"], vec![]),
        (vec!["migrate"], vec![("SAMVERKAN_OWN_TOKENS", "yes")]),
        (vec!["migrate"], vec![("SAMVERKAN_DATABSE_URL", "sqlite://x.db")]),
        (vec!["migrate"], vec![("SAMVERKAN_LOG", "a=b=c")]),
        (vec!["migrate", "--config", "absent.toml"], vec![]),
    ] {
        let output = place.run(&arguments, &variables);
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {}", said(&output));
        assert!(!said(&output).contains("panicked"), "{}", said(&output));
    }
}

#[test]
fn the_schema_is_printed_without_a_database() {
    let place = Place::new("schema");
    let output = place.run(&["schema"], &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("type Query"));
    assert_eq!(fs::read_dir(&place.0).expect("a directory").count(), 0);
}

#[test]
fn what_cannot_be_read_or_reached_is_one_line_and_1() {
    let place = Place::new("failing");
    let output = place.run(&["load", "absent.toml"], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).starts_with("samverkan: absent.toml: "), "{}", said(&output));
    assert_eq!(place.run(&["migrate"], &[]).status.code(), Some(0));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("its address").to_string();
    let output = place.run(&["serve", "--listen", &address], &[("SAMVERKAN_LOG", "off")]);
    assert_eq!(output.status.code(), Some(1));
    let expected = format!("samverkan: cannot listen on {address}: the address is in use");
    assert!(said(&output).starts_with(&expected), "{}", said(&output));
    assert_eq!(said(&output).lines().count(), 1, "{}", said(&output));
}

#[test]
fn a_served_process_answers_and_ends_well_at_sigterm() {
    let place = Place::new("serving");
    assert_eq!(place.run(&["migrate"], &[]).status.code(), Some(0));
    let variables = [("SAMVERKAN_LOG", "samverkan=info"), ("SAMVERKAN_LOG_FORMAT", "json")];
    let mut command = place.samverkan(&["serve", "--listen", "127.0.0.1:0"], &variables);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    stdout.read_line(&mut line).expect("a line");
    let address = line.trim().strip_prefix("Listening on http://").expect("an address").to_owned();
    let secret = "GET /graphql?query=%7B__typename%7D&variables=%7B%22hemligt%22%3A1%7D HTTP/1.1\r\n";
    let answer = get(&address, secret);
    assert!(answer.contains(r#"{"data":{"__typename":"Query"},"extensions":"#), "{answer}");
    let answer = get(&address, "GET /people/hemligt HTTP/1.1\r\n");
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    let pid = child.id().to_string();
    let killed = Command::new("kill").args(["-TERM", &pid]).status();
    assert!(killed.expect("kill runs").success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let log = said(&output);
    let answered: Vec<&str> = log.lines().filter(|line| line.contains("samverkan::request")).collect();
    assert_eq!(answered.len(), 2, "{log}");
    for word in
        ["\"method\":\"GET\"", "\"path\":\"/graphql\"", "\"status\":200", "\"microseconds\":", "\"request_id\":"]
    {
        assert!(answered[0].contains(word), "{word} is not in {}", answered[0]);
    }
    assert!(!log.contains("hemligt") && !log.contains("__typename"), "{log}");
}

fn get(address: &str, line: &str) -> String {
    let mut socket = TcpStream::connect(address).expect("it listens");
    let request = format!("{line}host: x\r\nconnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("it answers");
    answer
}
