//! The built binary as a server of its own, and clients that ask it over HTTP with tokens of its command line.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};

use serde_json::{Value, json};

use super::ERRORS;

/// A server process. It is killed when it is dropped.
pub struct Server {
    process: Child,
    /// Where it answers.
    pub url: String,
}

fn samverkan(database: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_samverkan"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SAMVERKAN_")) {
        command.env_remove(name);
    }
    command.args(arguments).args(["--database-url", database]);
    command
}

/// A token of the directory's own key.
pub fn token(database: &str, arguments: &[&str]) -> String {
    let output = samverkan(database, &["token"]).args(arguments).output().expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

impl Server {
    /// Serves a database until it is killed.
    pub fn start(database: &str) -> Self {
        Self::start_with(database, &[])
    }

    /// The same with settings from the environment.
    pub fn start_with(database: &str, settings: &[(&str, &str)]) -> Self {
        let mut command = samverkan(database, &["serve", "--listen", "127.0.0.1:0"]);
        command.envs(settings.iter().copied());
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary runs");
        let mut line = String::new();
        let output = process.stdout.take().expect("a pipe");
        BufReader::new(output).read_line(&mut line).expect("a greeting");
        let url = line.trim().strip_prefix("Listening on ").unwrap_or_else(|| panic!("a greeting: {line}"));
        Self { url: format!("{url}/graphql"), process }
    }

    /// Whoever holds the token.
    pub fn asker(&self, token: &str) -> Asker {
        Asker { http: reqwest::Client::new(), url: self.url.clone(), token: token.to_owned() }
    }

    /// Asks the process to end, as whoever runs it does.
    pub fn terminate(&self) {
        let killed = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        assert!(killed.expect("kill runs").success());
    }

    /// How the process ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.process.try_wait().expect("a process")
    }

    /// Ends the process without a word, as `kill -9` does.
    pub fn kill(&mut self) {
        self.process.kill().expect("a process");
        self.process.wait().expect("its end");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A client with a token.
#[derive(Clone)]
pub struct Asker {
    http: reqwest::Client,
    url: String,
    token: String,
}

impl Asker {
    /// The answer, or nothing when the server went away.
    pub async fn answer(&self, query: &str, variables: Value) -> Option<Value> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = self.http.post(&self.url).bearer_auth(&self.token);
        let request = request.header("content-type", "application/json").body(body);
        let answer = request.send().await.ok()?.bytes().await.ok()?;
        serde_json::from_slice(&answer).ok()
    }

    /// The payload of a mutation, or nothing when the server went away.
    pub async fn change(&self, mutation: &str, input: &Value, fields: &str) -> Option<Value> {
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query =
            format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} errors {{ {ERRORS} }} }} }}");
        let mut answer = self.answer(&query, json!({ "input": input })).await?;
        assert!(answer.get("errors").is_none(), "{mutation}: {answer:#}");
        Some(answer["data"][mutation].take())
    }
}
