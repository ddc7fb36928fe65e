//! Metrics, as Prometheus reads them from the built server.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use poem::http::{StatusCode, header};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::sockets;
use crate::config::Place;
use crate::support::{fresh_database, on_postgres, server};

/// What clients write into requests wherever they can; none of it may come back.
const SECRET: &str = "hemligt";

struct Served {
    child: Child,
    url: String,
    metrics: String,
    database: String,
    _place: Place,
}

impl Served {
    async fn start(name: &str) -> Self {
        let (place, database) = (Place::new(name), fresh_database().await);
        let variables = [("SAMVERKAN_METRICS_LISTEN", "127.0.0.1:0"), ("SAMVERKAN_LOG_FORMAT", "json")];
        let mut command =
            place.samverkan(&["serve", "--listen", "127.0.0.1:0", "--database-url", &database], &variables);
        let log = File::create(place.path("log")).expect("a log");
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().expect("it starts");
        let mut greeting = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut greeting).expect("a greeting");
        let url = greeting.trim().strip_prefix("Listening on ").expect("an address").to_owned();
        let log = std::fs::read_to_string(place.path("log")).expect("a log");
        let told = log.lines().find(|line| line.contains(r#""message":"metrics""#)).expect("where metrics are told");
        let told: Value = serde_json::from_str(told).expect("JSON");
        let metrics = told["fields"]["url"].as_str().expect("a URL").to_owned();
        Self { child, url, metrics, database, _place: place }
    }

    async fn ask(&self, token: Option<&str>, body: String) {
        let request =
            Client::new().post(format!("{}/graphql", self.url)).header(header::CONTENT_TYPE, "application/json");
        let request = request.header("x-request-id", SECRET).body(body);
        let request = token.into_iter().fold(request, |request, token| request.bearer_auth(token));
        request.send().await.expect("an answer").bytes().await.expect("a body");
    }

    async fn page(&self) -> String {
        let response = Client::new().get(&self.metrics).send().await.expect("an answer");
        let kind = response.headers()[header::CONTENT_TYPE].to_str().expect("text").to_owned();
        assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"), "{kind}");
        response.text().await.expect("text")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The samples by name and labels, as they are written.
fn samples(page: &str) -> BTreeMap<&str, f64> {
    let lines = page.lines().filter(|line| !line.starts_with('#'));
    let parts = lines.map(|line| line.rsplit_once(' ').expect("a value"));
    parts.map(|(name, value)| (name, value.parse().expect(name))).collect()
}

const COSTLY: &str = "{ groups(first: 100) { nodes { members(first: 100) { nodes { person { memberships(first: 100) { totalCount } } } } } } }";

/// Requests of all kinds, with the secret wherever a client can write something.
async fn asks(served: &Served) {
    let token = server::token(&served.database, &["--role", "administrator", "--subject", SECRET]);
    for query in ["query hemligt { hemligt: __typename }", "{", COSTLY, "{ hemligt }"] {
        served.ask(Some(&token), json!({ "query": query }).to_string()).await;
    }
    let enter = "mutation($given: String!) { createPerson(input: { givenName: $given, familyName: \"H\" }) { errors { __typename } } }";
    served.ask(Some(&token), json!({ "query": enter, "variables": { "given": "Hemligt" } }).to_string()).await;
    served.ask(None, "{ \"hemligt".to_owned()).await;
    served.ask(Some(SECRET), json!({ "query": "{ __typename }" }).to_string()).await;
    let client = Client::new();
    let strange = Method::from_bytes(b"HEMLIGT").expect("a method");
    client.request(strange, format!("{}/hemligt", served.url)).send().await.expect("an answer");
    for path in ["people/hemligt.vcf", "graphql?query={hemligt}", "health/live", "graphiql/assets/hemligt"] {
        client.get(format!("{}/{path}", served.url)).send().await.expect("an answer");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_asked_is_counted_and_nothing_that_a_client_wrote_is_told() {
    let served = Served::start("metrics-counted").await;
    asks(&served).await;
    let kept = sockets::connect(served.url.trim_start_matches("http://").parse().expect("an address"));
    let page = served.page().await;
    drop(kept);
    let samples = samples(&page);
    for (sample, value) in [
        (r#"samverkan_http_requests_total{method="GET",path="/health/live",status="2xx"}"#, 1.0),
        (r#"samverkan_http_requests_total{method="GET",path="/people/:file",status="4xx"}"#, 1.0),
        (r#"samverkan_http_requests_total{method="GET",path="(unknown)",status="4xx"}"#, 1.0),
        (r#"samverkan_http_requests_total{method="other",path="(unknown)",status="4xx"}"#, 1.0),
        (r#"samverkan_http_request_duration_seconds_count{path="/graphql"}"#, 8.0),
        (r#"samverkan_graphql_operations_total{kind="query",outcome="ok"}"#, 1.0),
        (r#"samverkan_graphql_operations_total{kind="query",outcome="TOO_COSTLY"}"#, 1.0),
        (r#"samverkan_graphql_operations_total{kind="query",outcome="VALIDATION_FAILED"}"#, 2.0),
        (r#"samverkan_graphql_operations_total{kind="mutation",outcome="ok"}"#, 1.0),
        (r#"samverkan_graphql_operations_total{kind="unknown",outcome="SYNTAX_ERROR"}"#, 1.0),
        (r#"samverkan_graphql_operations_total{kind="unknown",outcome="BAD_REQUEST"}"#, 1.0),
        (r#"samverkan_graphql_operations_total{kind="unknown",outcome="UNAUTHENTICATED"}"#, 1.0),
        (r#"samverkan_cost_refusals_total{code="TOO_COSTLY"}"#, 1.0),
        ("samverkan_changes_total", 1.0),
        ("samverkan_operations_under_way", 0.0),
        ("samverkan_subscriptions", 0.0),
        ("samverkan_database_waiting", 0.0),
    ] {
        assert_eq!(samples.get(sample), Some(&value), "{sample} in\n{page}");
    }
    let pool = if on_postgres() { "shared" } else { "writer" };
    let (most, idle) = (
        format!(r#"samverkan_database_connections_max{{pool="{pool}"}}"#),
        format!(r#"samverkan_database_connections{{pool="{pool}",state="idle"}}"#),
    );
    let version = format!(r#"samverkan_build_info{{version="{}"}}"#, env!("CARGO_PKG_VERSION"));
    for (sample, least) in [
        ("samverkan_cost_points_total", 1.0),
        ("samverkan_database_statements_total", 1.0),
        ("samverkan_http_connections", 1.0),
        ("samverkan_http_connections_max", 100.0),
        ("process_resident_memory_bytes", 1e6),
        (&most, 1.0),
        (&idle, 1.0),
        (&version, 1.0),
    ] {
        assert!(samples.get(sample).is_some_and(|value| *value >= least), "{sample} in\n{page}");
    }
    assert!(page.ends_with("# EOF\n") && !page.to_lowercase().contains(SECRET), "{page}");
}

/// The names of all metrics, as Prometheus keeps them.
fn names(page: &str) -> BTreeSet<String> {
    let types = page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    types
        .map(|(name, kind)| match kind {
            "counter" => format!("{name}_total"),
            "info" => format!("{name}_info"),
            _ => name.to_owned(),
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_door_has_its_own_paths_and_the_readme_names_all_metrics() {
    let served = Served::start("metrics-named").await;
    let asked = async |url: String| Client::new().get(url).send().await.expect("an answer").status();
    assert_eq!(asked(format!("{}/metrics", served.url)).await, StatusCode::NOT_FOUND);
    assert_eq!(asked(served.metrics.replace("/metrics", "/graphql")).await, StatusCode::NOT_FOUND);
    // What has never been counted is not told.
    asks(&served).await;
    let page = served.page().await;
    let table = include_str!("../../README.md").lines().skip_while(|line| !line.starts_with("| metric |")).skip(2);
    let rows = table.take_while(|line| line.starts_with('|'));
    let listed: BTreeSet<String> = rows.filter_map(|row| row.split('`').nth(1)).map(str::to_owned).collect();
    assert_eq!(listed, names(&page));
}
