//! A day at the directory, in order: through two server processes on one database, with tokens of the command line, over HTTP. Each request
//! goes to the other server than the one before it, so that each sees at once what the other wrote.

mod administrator;
mod auditor;
mod coordinator;
mod representative;
mod rules;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::support::ERRORS;
use crate::support::TestApp;
use crate::support::server::{Server, token};

/// Two servers, and what the trail must say at the end of the day.
struct Building {
    servers: [Server; 2],
    turn: AtomicUsize,
    http: reqwest::Client,
    expected: Mutex<Vec<Value>>,
}

/// Somebody with a token, or with none.
struct Client {
    building: Arc<Building>,
    token: Option<String>,
    subject: &'static str,
    /// The organisation that they act for.
    behalf: Option<&'static str>,
}

impl Client {
    /// The status and the answer of whichever server is next.
    async fn send(
        &self,
        query: &str,
        variables: Value,
        with: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> (StatusCode, Value) {
        let turn = self.building.turn.fetch_add(1, Ordering::Relaxed);
        let request = self.building.http.post(&self.building.servers[turn % 2].url);
        let request = request.json(&json!({ "query": query, "variables": variables }));
        let request = self.token.iter().fold(with(request), |request, token| request.bearer_auth(token));
        let answer = request.send().await.expect("an answer");
        (answer.status(), answer.json().await.expect("JSON"))
    }

    /// The whole answer, errors included.
    async fn answer(&self, query: &str, variables: Value) -> Value {
        self.send(query, variables, |request| request).await.1
    }

    /// The `data` of an answer that has no errors.
    async fn ask(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.answer(query, variables).await;
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// What a mutation's payload says.
    async fn change(&self, mutation: &str, input: &Value, fields: &str) -> Value {
        self.ask(&written(mutation, fields), json!({ "input": input })).await[mutation].take()
    }

    /// The same for what must go well, and be in the trail.
    async fn done(&self, mutation: &str, input: Value, fields: &str) -> Value {
        let payload = self.change(mutation, &input, &format!("{fields} change {{ id verb }}")).await;
        assert_eq!(payload["errors"], json!([]), "{mutation}");
        assert_eq!(payload["change"]["verb"], mutation);
        let entry = json!({ "id": payload["change"]["id"], "verb": mutation, "reason": input["reason"], "command": null,
            "identity": { "issuer": "samverkan", "subject": self.subject },
            "onBehalfOf": self.behalf.map(|slug| json!({ "slug": slug })) });
        self.building.expected.lock().expect("the trail").push(entry);
        payload
    }

    /// What would change.
    async fn planned(&self, mutation: &str, mut input: Value) -> Value {
        input["dryRun"] = json!(true);
        let mut payload = self.change(mutation, &input, "change { id } plan { noun kind }").await;
        assert_eq!((&payload["errors"], &payload["change"]), (&json!([]), &Value::Null), "{mutation}");
        payload["plan"].take()
    }

    /// The only failure of what must not go well.
    async fn refused(&self, mutation: &str, input: &Value) -> Value {
        let mut payload = self.change(mutation, input, "change { id }").await;
        assert_eq!(payload["change"], Value::Null, "{mutation}");
        assert_eq!(payload["errors"].as_array().map(Vec::len), Some(1), "{mutation}: {payload:#}");
        payload["errors"][0].take()
    }

    /// May not do this, though others might; these roles could.
    async fn not_allowed(&self, mutation: &str, input: Value, path: &str, roles: &[&str]) {
        let error = self.refused(mutation, &input).await;
        let expected = json!(["NotAllowed", "NOT_ALLOWED", ["input", path], roles]);
        assert_eq!(json!([error["__typename"], error["code"], error["path"], error["roles"]]), expected, "{mutation}");
    }

    /// Is told that there is no such thing.
    async fn not_found(&self, mutation: &str, input: Value, path: &str) {
        let error = self.refused(mutation, &input).await;
        let expected = json!(["NotFound", "NOT_FOUND", ["input", path]]);
        assert_eq!(json!([error["__typename"], error["code"], error["path"]]), expected, "{mutation}");
    }

    /// May never do this, to nothing.
    async fn forbidden(&self, mutation: &str, input: Value) {
        let answer = self.answer(&written(mutation, "change { id }"), json!({ "input": input })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{mutation}: {answer:#}");
        assert_eq!(
            (&answer["errors"][0]["path"], answer["data"].get(mutation)),
            (&json!([mutation]), None),
            "{answer:#}"
        );
    }

    async fn person(&self, name: &str) -> Value {
        let query = "query($name: String!) { people(filter: {text: $name}) { nodes { id name } } }";
        let mut people = self.ask(query, json!({ "name": name })).await["people"]["nodes"].take();
        assert_eq!(people.as_array().map(Vec::len), Some(1), "{name}: {people:#}");
        people[0]["id"].take()
    }

    async fn organisation(&self, slug: &str) -> Value {
        let query = "query($slug: String!) { organisation(by: {slug: $slug}) { id } }";
        self.ask(query, json!({ "slug": slug })).await["organisation"]["id"].take()
    }

    async fn group(&self, slug: &str) -> Value {
        let query = "query($slug: String!) { group(by: {slug: $slug}) { id version } }";
        self.ask(query, json!({ "slug": slug })).await["group"].take()
    }

    /// Who sits in a group for an organisation today.
    async fn members(&self, group: &str, organisation: &str) -> Vec<Value> {
        let query = "query($slug: String!) { group(by: {slug: $slug}) { members(first: 100) { nodes {
            id version person { id name } onBehalfOf { slug } seat { id position { id } } replaces { id person { name } } } } } }";
        let mut found = self.ask(query, json!({ "slug": group })).await["group"]["members"]["nodes"].take();
        let mut members = std::mem::take(found.as_array_mut().expect("members"));
        members.retain(|member| member["onBehalfOf"]["slug"] == organisation);
        members
    }
}

/// The query that sends a mutation.
fn written(mutation: &str, fields: &str) -> String {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} errors {{ {ERRORS} }} }} }}")
}

/// Everybody of the day.
struct Day {
    building: Arc<Building>,
    administrator: Client,
    representative: Client,
    coordinator: Client,
    auditor: Client,
    /// Whom the administrator invites.
    dagny: Client,
    signed_in: Client,
    public: Client,
    garbage: Client,
    // The directory is there as long as the day.
    _app: TestApp,
}

impl Day {
    async fn dawns() -> Self {
        let app = TestApp::demo_copy().await;
        let building = Arc::new(Building {
            servers: [Server::start(&app.url), Server::start(&app.url)],
            turn: AtomicUsize::new(0),
            http: reqwest::Client::new(),
            expected: Mutex::default(),
        });
        let somebody = |token, subject, behalf| Client { building: building.clone(), token, subject, behalf };
        let with = |role, more: &[&str], subject, behalf| {
            let arguments = [&["--role", role, "--subject", subject], more].concat();
            somebody(Some(token(&app.url, &arguments)), subject, behalf)
        };
        Self {
            administrator: with("administrator", &[], "the-administrator", None),
            representative: with("representative", &["--organisation", "bracke"], "brackes-ombud", Some("bracke")),
            coordinator: with("coordinator", &["--group", "vard-och-omsorgscollege"], "colleges-samordnare", None),
            auditor: with("auditor", &[], "the-auditor", None),
            dagny: with("signed-in", &[], "dagny", None),
            signed_in: with("signed-in", &[], "a-reader", None),
            public: somebody(None, "", None),
            garbage: somebody(Some("not.a.token".to_owned()), "", None),
            building,
            _app: app,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_at_the_directory() {
    let day = Day::dawns().await;
    let made = administrator::makes_a_group(&day).await;
    administrator::invites_dagny(&day, &made).await;
    let hidden = administrator::hides_a_group(&day).await;
    representative::replaces_a_member(&day).await;
    representative::lets_a_post_change_hands(&day).await;
    representative::is_refused(&day, &hidden).await;
    coordinator::keeps_a_group_below_the_college(&day).await;
    coordinator::is_refused_elsewhere(&day, &hidden).await;
    rules::of_members(&day, &made).await;
    rules::of_what_there_is(&day, &made).await;
    rules::of_administrators(&day).await;
    rules::of_requests(&day, &made).await;
    rules::of_what_is_written(&day).await;
    auditor::reads_the_day(&day).await;
    auditor::changes_nothing_nor_do_others(&day, &made).await;
}
