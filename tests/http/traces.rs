//! Traces, as a collector of OpenTelemetry's receives them from the built server.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use poem::http::header;
use poem::listener::{Acceptor as _, Listener as _, TcpListener};
use poem::{EndpointExt as _, Route, handler, post, web::Data};
use prost::Message as _;
use serde_json::json;

use crate::support::server::{self, Server};
use crate::support::{TestApp, on_postgres};

/// What a client writes wherever it can; none of it may come out.
const SECRET: &str = "hemligt";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const ABOVE: &str = "00f067aa0ba902b7";
const PATIENCE: Duration = Duration::from_secs(10);

type Received = Arc<Mutex<Vec<ExportTraceServiceRequest>>>;

#[handler]
async fn receive(body: Vec<u8>, received: Data<&Received>) {
    let request = ExportTraceServiceRequest::decode(body.as_slice()).expect("OTLP");
    received.lock().expect("no panic").push(request);
}

/// A collector.
struct Collector {
    received: Received,
    url: String,
}

impl Collector {
    async fn start() -> Self {
        let received = Received::default();
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.expect("a port");
        let address = *acceptor.local_addr().remove(0).as_socket_addr().expect("an address");
        let routes = Route::new().at("/v1/traces", post(receive)).data(received.clone());
        tokio::spawn(poem::Server::new_with_acceptor(acceptor).run(routes));
        Self { received, url: format!("http://{address}") }
    }

    /// An operation of this kind, the request that it came with, and what has come of their trace by then: all of the operation
    /// comes before its request.
    async fn request_of(&self, operation: &str) -> (Span, Span, Vec<Span>) {
        let begun = Instant::now();
        loop {
            let all = self.spans();
            if let Some(operation) = all.iter().find(|span| span.name == operation)
                && let Some(request) = all.iter().find(|span| span.span_id == operation.parent_span_id)
            {
                let in_trace = all.iter().filter(|span| span.trace_id == operation.trace_id);
                return (operation.clone(), request.clone(), in_trace.cloned().collect());
            }
            assert!(begun.elapsed() < PATIENCE, "{all:#?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn spans(&self) -> Vec<Span> {
        let received = self.received.lock().expect("no panic");
        let resources = received.iter().flat_map(|request| &request.resource_spans);
        let scopes = resources.flat_map(|resource| &resource.scope_spans);
        scopes.flat_map(|scope| scope.spans.clone()).collect()
    }

    fn text(&self) -> String {
        format!("{:?}", self.received.lock().expect("no panic"))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Asks what reads and what changes, as a proxy that traces hands it on.
async fn ask(server: &Server, token: &str) {
    let query = "query hemligt($text: String) { groups(filter: {text: $text}) { totalCount nodes { name members { nodes { person { name } } } } } }";
    let mutation =
        r#"mutation { createGroup(input: {name: "hemligt", slug: "hemligt", kind: NETWORK}) { group { name } } }"#;
    for text in [query, mutation] {
        let request = reqwest::Client::new().post(&server.url).bearer_auth(token);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let request = request.header("traceparent", format!("00-{TRACE}-{ABOVE}-01"));
        let body = json!({ "query": text, "variables": { "text": SECRET } }).to_string();
        let body: serde_json::Value =
            serde_json::from_slice(&request.body(body).send().await.expect("an answer").bytes().await.expect("a body"))
                .expect("JSON");
        assert!(body.get("errors").is_none(), "{body:#}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_its_operation_and_its_statements_are_one_trace() {
    let (app, collector) = (TestApp::of("").await, Collector::start().await);
    let settings = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url.as_str()),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ("SAMVERKAN_TRUSTED_PROXIES", "127.0.0.0/8"),
    ];
    let mut server = Server::start_with(&app.url, &settings);
    let token = server::token(&app.url, &["--role", "administrator", "--subject", SECRET]);
    ask(&server, &token).await;

    let (asked, request, spans) = collector.request_of("query").await;
    assert_eq!(request.name, "POST /graphql");
    assert_eq!((hex(&request.trace_id), hex(&request.parent_span_id)), (TRACE.to_owned(), ABOVE.to_owned()));
    let statements = spans.iter().filter(|span| span.parent_span_id == asked.span_id).count();
    assert!(statements >= 2, "what it read: {spans:#?}");
    let system = if on_postgres() { "postgresql" } else { "sqlite" };
    let text = collector.text();
    assert!(text.contains(system) && text.contains("SELECT"), "{text}");

    server.terminate();
    let begun = Instant::now();
    let ended = loop {
        match server.ended() {
            Some(ended) => break ended,
            None => tokio::time::sleep(Duration::from_millis(50)).await,
        }
        assert!(begun.elapsed() < PATIENCE, "it ends");
    };
    assert_eq!(ended.code(), Some(0));
    let (changed, request, _) = collector.request_of("mutation").await;
    assert_eq!(request.name, "POST /graphql", "what comes last is sent, too");
    assert_ne!(request.span_id, asked.parent_span_id, "each operation came with its own");
    assert!(changed.events.iter().any(|event| event.name == "statement"), "what it wrote: {changed:#?}");
    let text = collector.text();
    assert!(text.contains("\"samverkan\""), "who says it: {text}");
    assert!(!text.contains(SECRET) && !text.contains(&token), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_but_a_proxy_of_ours_says_which_trace_a_request_is_part_of() {
    let (app, collector) = (TestApp::of("").await, Collector::start().await);
    let settings = [
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &*format!("{}/v1/traces", collector.url)),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
    ];
    let server = Server::start_with(&app.url, &settings);
    let token = server::token(&app.url, &["--role", "administrator"]);
    ask(&server, &token).await;
    let (_, request, _) = collector.request_of("query").await;
    assert_ne!(hex(&request.trace_id), TRACE);
}
