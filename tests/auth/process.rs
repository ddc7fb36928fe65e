//! Tokens through the real program: made on the command line, sent over a socket, and never in the log.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};

use super::issuer::{AUDIENCE, Answer, TestIssuer};
use super::keys::{OTHER, USUAL};
use crate::config::Place;

/// A server under way, on a port of its own.
struct Served {
    child: Child,
    url: String,
    /// What it said until it listened.
    greeting: String,
}

impl Served {
    /// Ends with the line that says `end`.
    async fn start(mut command: Command, log: &std::path::Path, end: &'static str) -> Self {
        command.stdout(Stdio::piped()).stderr(File::create(log).expect("a log"));
        let mut child = command.spawn().expect("it starts");
        let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            let mut said = String::new();
            for line in stdout.lines().map_while(Result::ok) {
                said.push_str(&line);
                said.push('\n');
                if line.contains(end) {
                    break;
                }
            }
            tell.send(said)
        });
        let greeting = tokio::task::spawn_blocking(move || told.recv_timeout(Duration::from_secs(120)));
        let greeting = greeting.await.expect("no panic").expect("it listens");
        let (_, rest) = greeting.split_once("http://").expect("an address");
        let address = rest.split(['/', '\n']).next().expect("an address");
        Self { child, url: format!("http://{address}"), greeting }
    }

    async fn ask(&self, token: Option<&str>, query: &str, variables: Value) -> Value {
        let request = Client::new().post(format!("{}/graphql", self.url));
        let request = request.json(&json!({ "query": query, "variables": variables }));
        let request = token.into_iter().fold(request, |request, token| request.bearer_auth(token));
        request.send().await.expect("an answer").json().await.expect("JSON")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a command prints when it goes well.
fn printed(place: &Place, arguments: &[&str]) -> String {
    let output = place.run(arguments, &[]);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {complaint}");
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

/// How a command ends, and what it complains of.
fn refused(place: &Place, arguments: &[&str]) -> (Option<i32>, String) {
    let output = place.run(arguments, &[]);
    assert!(output.stdout.is_empty(), "{arguments:?}");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).trim().to_owned())
}

const DOCUMENT: &str = r#"
[[organisation]]
key = "bracke"
name = "Bräcke kommun"
kind = "MUNICIPALITY"
contactPoints = [
  { kind = "PHONE", value = "0693-161 00" },
  { kind = "EMAIL", value = "hemlig@example.org", audience = "SIGNED_IN" },
  { kind = "PHONE", value = "0693-161 01", audience = "ADMINISTRATORS" },
]

[[group]]
key = "run"
name = "RUN"
kind = "NETWORK"
"#;

/// A database that holds the document.
fn loaded(name: &str) -> Place {
    let place = Place::new(name);
    printed(&place, &["migrate"]);
    let file = place.file("document.toml", DOCUMENT);
    printed(&place, &["load", file.to_str().expect("a plain path")]);
    place
}

const CONTACT_POINTS: &str = "{ organisation(by: {slug: \"bracke\"}) { contactPoints { text } } }";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_of_the_command_line_opens_what_takes_a_sign_in() {
    let place = loaded("token");
    let token = printed(&place, &["token", "--role", "signed-in"]);
    let log = place.file("log", "");
    let served = Served::start(place.samverkan(&["serve", "--listen", "127.0.0.1:0"], &[]), &log, "Listening").await;
    let seen = served.ask(None, CONTACT_POINTS, json!({})).await;
    assert_eq!(crate::support::all(&seen, "data.organisation.contactPoints.*.text"), ["0693-161 00"]);
    let seen = served.ask(Some(&token), CONTACT_POINTS, json!({})).await;
    let expected = ["hemlig@example.org", "0693-161 00"];
    assert_eq!(crate::support::all(&seen, "data.organisation.contactPoints.*.text"), expected);
    let (signed, signature) = token.rsplit_once('.').expect("a signature");
    let tampered = format!("{signed}.{}{}", if signature.starts_with('A') { "B" } else { "A" }, &signature[1..]);
    let refused = served.ask(Some(&tampered), CONTACT_POINTS, json!({})).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_administrator_is_made_on_the_command_line() {
    let place = loaded("grant");
    let token = printed(&place, &["token", "--role", "signed-in", "--subject", "anna"]);
    let log = place.file("log", "");
    let served = Served::start(place.samverkan(&["serve", "--listen", "127.0.0.1:0"], &[]), &log, "Listening").await;
    let seen = async || {
        let seen = served.ask(Some(&token), CONTACT_POINTS, json!({})).await;
        crate::support::all(&seen, "data.organisation.contactPoints.*.text").contains(&"0693-161 01".to_owned())
    };
    assert!(!seen().await);
    let grant = ["grant", "--issuer", "samverkan", "--subject", "anna", "--role", "administrator"];
    assert_eq!(printed(&place, &grant), "granted");
    assert!(seen().await, "at once");
    let (code, complaint) = refused(&place, &grant);
    assert_eq!(code, Some(1), "it is granted already: {complaint}");
    let with = |role: &'static str, more: &[&'static str]| {
        [&["grant", "--issuer", "https://id.example", "--subject", "bo", "--role", role], more].concat()
    };
    let note = place.run(&with("coordinator", &["--group", "run"]), &[]);
    assert!(note.status.success());
    assert!(
        String::from_utf8_lossy(&note.stderr).contains("no server with these settings accepts tokens of https://id")
    );
    for (arguments, code, expected) in [
        (with("coordinator", &["--group", "none"]), 1, "there is no group with the slug none"),
        (with("representative", &["--organisation", "run"]), 1, "there is no organisation with the slug run"),
        (with("representative", &[]), 2, "name the organisation"),
        (with("auditor", &["--group", "run"]), 2, "name no group"),
        (with("signed-in", &[]), 2, "possible values: administrator, auditor, coordinator, representative"),
    ] {
        let (ended, complaint) = refused(&place, &arguments);
        assert!(ended == Some(code) && complaint.contains(expected), "{arguments:?}: {complaint}");
    }
}

#[test]
fn a_token_that_would_not_hold_is_not_printed() {
    let place = loaded("refused-token");
    for (arguments, complaint) in [
        (["--role", "coordinator", "--group", "none"], "samverkan: there is no group with the slug none"),
        (
            ["--role", "representative", "--organisation", "run"],
            "samverkan: there is no organisation with the slug run",
        ),
    ] {
        let arguments = [&["token"], arguments.as_slice()].concat();
        assert_eq!(refused(&place, &arguments), (Some(1), complaint.to_owned()));
    }
    let (code, complaint) = refused(&place, &["token", "--role", "coordinator"]);
    assert_eq!(code, Some(2));
    assert!(complaint.contains("name the group"), "{complaint}");
    for arguments in
        [["--role", "coordinator", "--group", "run"], ["--role", "representative", "--organisation", "bracke"]]
    {
        let token = printed(&place, &[&["token"], arguments.as_slice()].concat());
        assert_eq!(token.split('.').count(), 3, "{token}");
    }
    place.file("samverkan.toml", "own_tokens = \"off\"");
    let (code, complaint) = refused(&place, &["token", "--role", "administrator"]);
    assert_eq!(code, Some(1));
    assert!(complaint.contains("own_tokens is off"), "{complaint}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demonstration_prints_tokens_that_outlive_it() {
    let place = Place::new("demo-tokens");
    let log = place.file("log", "");
    let start = || Served::start(place.samverkan(&["serve", "--demo", "--listen", "127.0.0.1:0"], &[]), &log, "Ctrl-C");
    let first = start().await;
    let mut lines = first.greeting.lines().skip_while(|line| !line.starts_with("Tokens"));
    let mut token = |role: &str| {
        assert_eq!(lines.by_ref().find(|line| !line.contains(':')).map(str::trim), Some(role), "{}", first.greeting);
        lines.next().expect("a token").trim().to_owned()
    };
    let tokens = ["administrator", "auditor", "coordinator", "representative", "signed-in"].map(&mut token);
    let curl = first.greeting.lines().find(|line| line.contains("curl") && line.contains("authorization: Bearer"));
    let curl = curl.expect("a line to try");
    assert!(curl.contains(&tokens[4]), "{curl}");
    let ran = Command::new("sh").args(["-c", curl]).output().expect("a shell");
    // Not every machine has curl.
    if ran.status.code() != Some(127) {
        let said = String::from_utf8_lossy(&ran.stdout);
        assert!(said.contains("070-174 06 05"), "{said}");
    }
    let enter = r#"mutation { createPerson(input: {givenName: "Vera", familyName: "Varaktig"}) { person { name } errors { __typename } } }"#;
    let entered = first.ask(Some(&tokens[0]), enter, json!({})).await;
    assert_eq!(entered["data"]["createPerson"]["person"]["name"], json!("Vera Varaktig"), "{entered}");
    drop(first);
    let second = start().await;
    assert!(second.greeting.contains("as it was left"), "{}", second.greeting);
    let found =
        second.ask(Some(&tokens[0]), r#"{ people(filter: {text: "Varaktig"}) { totalCount } }"#, json!({})).await;
    assert_eq!(found["data"]["people"]["totalCount"], json!(1), "what was changed stays");
    for token in &tokens {
        let people = second.ask(Some(token), "{ people(first: 1) { totalCount } }", json!({})).await;
        assert!(people["data"]["people"]["totalCount"].as_i64() > Some(0), "{people}");
    }
}

/// A server whose settings trust two issuers, one of which is dead.
fn settings(place: &Place, alive: &TestIssuer, dead: &TestIssuer) {
    let issuer = |url: &str| format!("[[issuers]]\nissuer = \"{url}\"\naudience = \"{AUDIENCE}\"\n");
    let text = format!("own_tokens = \"on\"\n{}{}", issuer(&alive.url), issuer(&dead.url));
    place.file("samverkan.toml", &text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_names_and_variables_stay_out_of_the_most_talkative_log() {
    let place = loaded("log");
    let (alive, dead) = (TestIssuer::start().await, TestIssuer::start().await);
    alive.publish(&[USUAL.jwk("usual")]);
    dead.describe(Answer::Redirect("http://Hemlistan.example".to_owned()));
    settings(&place, &alive, &dead);
    let log = place.file("log", "");
    let trace = [("SAMVERKAN_LOG", "trace")];
    let command = place.samverkan(&["serve", "--listen", "127.0.0.1:0"], &trace);
    let served = Served::start(command, &log, "Listening").await;
    let own = printed(&place, &["token", "--role", "administrator", "--subject", "Hemlina"]);
    let claims = |issuer: &TestIssuer, until: i64| json!({ "iss": issuer.url, "aud": AUDIENCE, "sub": "Hemlisa", "exp": until, "email": "hemlisa@example.org" });
    let tokens = [
        own,
        USUAL.sign(&USUAL.header("usual"), &claims(&alive, 4_000_000_000)),
        USUAL.sign(&USUAL.header("usual"), &claims(&alive, 1)),
        OTHER.sign(&OTHER.header("Hemlkid"), &claims(&alive, 4_000_000_000)),
        USUAL.sign(&USUAL.header("usual"), &claims(&dead, 4_000_000_000)),
    ];
    let people = "query($text: String) { people(filter: {text: $text}) { totalCount } }";
    for token in &tokens {
        served.ask(Some(token), people, json!({ "text": "Hemligsson" })).await;
    }
    for query in ["{ Hemlfalt }", "{ people(filter: {text: \"Hemligsson\"", "{ search(text: \"Hemligsson\") { x } }"] {
        served.ask(Some(&tokens[0]), query, json!({ "Hemlvariabel": ["Hemligsson"] })).await;
    }
    served.ask(Some("Hemlstrang.Hemlstrang.Hemlstrang"), people, json!({ "text": 7 })).await;
    let client = Client::new();
    for path in ["Hemlvag", "graphql?query={Hemlfalt}&variables={%22Hemlnamn%22:1}", "graphql?token=Hemltoken"] {
        let request = client.get(format!("{}/{path}", served.url)).header("x-request-id", "Heml id");
        request.bearer_auth(&tokens[0]).send().await.expect("an answer");
    }
    let body = client.post(format!("{}/graphql", served.url)).header("content-type", "application/json");
    body.body("{\"query\": \"Hemlkropp").send().await.expect("an answer");
    break_database(&place).await;
    let failed = served.ask(Some(&tokens[0]), people, json!({ "text": "Hemligsson" })).await;
    assert_eq!(failed["errors"][0]["extensions"]["code"], "INTERNAL", "{failed}");
    drop(served);
    let said = std::fs::read_to_string(log).expect("a log");
    for expected in ["answered", "a sign-in cannot be looked up", "keys cannot be fetched", "TRACE"] {
        assert!(said.contains(expected), "{expected} is not in {said}");
    }
    let parts = tokens.iter().flat_map(|token| token.split('.'));
    for secret in parts.chain(["Heml", "heml", "eyJ"]) {
        let lines: Vec<&str> = said.lines().filter(|line| line.contains(secret)).collect();
        assert!(lines.is_empty(), "{secret}: {lines:#?}");
    }
}

/// Takes away what every sign-in looks up.
async fn break_database(place: &Place) {
    let url = format!("sqlite://{}", place.path("samverkan.db").display());
    let db = sea_orm::Database::connect(url).await.expect("the database");
    sea_orm::ConnectionTrait::execute_unprepared(&db, "DROP TABLE \"grant\"").await.expect("dropped");
    db.close().await.expect("closed");
}
