//! The doors: what they let in, what they answer, and how they close.

mod accept;
mod body;
mod caller;
mod connections;
mod exhausted;
mod file;
mod flood;
mod hostile;
mod metrics;
mod production;
mod sockets;
mod stopping;
mod stored;
mod toy;
mod traces;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use poem::http::{HeaderName, Method, StatusCode, header};
use poem::test::TestClient;
use samverkan::config::Http;
use samverkan::error::Code;
use samverkan::http::routes_to;
use serde_json::json;

use crate::guard::{fragment_bomb, list_bomb};
use toy::{GRAPHQL_RESPONSE, Toy, ask, assert_refused, backend, body_of, client, post, settings};

#[tokio::test]
async fn fields_are_answered_in_the_order_in_which_they_were_asked() {
    let response = ask("{ zebra apple }").await;
    let text = response.0.into_body().into_string().await.expect("a body");
    assert_eq!(text, r#"{"data":{"zebra":1,"apple":2}}"#);
}

#[tokio::test]
async fn get_honours_its_parameters() {
    let toy = Toy::default();
    let client = client(&toy);
    let request = client
        .get("/graphql")
        .query("query", &"query A { zebra } query B($n: Int) { apple(count: $n) }")
        .query("operationName", &"B")
        .query("variables", &r#"{"n": 7}"#)
        .query("extensions", &"{}");
    let response = request.send().await;
    response.assert_status_is_ok();
    assert_eq!(body_of(response).await, json!({ "data": { "apple": 7 } }));
}

#[tokio::test]
async fn a_mutation_or_subscription_by_get_is_not_executed() {
    let toy = Toy::default();
    let client = client(&toy);
    for (query, name) in
        [("mutation { bump }", ""), ("query A { zebra } mutation B { bump }", "B"), ("subscription { ticks }", "")]
    {
        for method in [Method::GET, Method::HEAD] {
            let request = client.request(method.clone(), "/graphql").query("query", &query);
            let response = request.query("operationName", &name).send().await;
            response.assert_header(header::ALLOW, "POST");
            match method {
                Method::GET => {
                    let status = StatusCode::METHOD_NOT_ALLOWED;
                    assert_refused(response, status, Code::MethodNotAllowed).await;
                }
                _ => response.assert_status(StatusCode::METHOD_NOT_ALLOWED),
            }
        }
    }
    assert_eq!(toy.bumps.load(Ordering::SeqCst), 0);
    let body = json!({ "query": "query A { zebra } mutation B { bump }", "operationName": "B" });
    let response = client.post("/graphql").body_json(&body).send().await;
    assert_eq!(body_of(response).await, json!({ "data": { "bump": 1 } }));
}

#[tokio::test]
async fn the_status_of_a_request_error_depends_on_the_media_type() {
    for (query, code) in [
        ("{", Code::SyntaxError),
        ("{ nothing }", Code::ValidationFailed),
        ("query A { zebra } query B { zebra }", Code::UnknownOperation),
        ("{ a { b { c { d { e { f { g { h { i { j { k { l { m } } } } } } } } } } } } }", Code::TooDeep),
    ] {
        for (accept, status) in [("application/json", StatusCode::OK), (GRAPHQL_RESPONSE, StatusCode::BAD_REQUEST)] {
            let client = client(&Toy::default());
            let request = client.post("/graphql").body_json(&json!({ "query": query }));
            let response = request.header(header::ACCEPT, accept).send().await;
            assert_refused(response, status, code).await;
        }
    }
}

#[tokio::test]
async fn both_killers_are_refused_and_the_server_lives() {
    for (killer, code) in [(list_bomb(), Code::NestedTooDeep), (fragment_bomb(30), Code::TooManyRootFields)] {
        let started = Instant::now();
        let response = ask(&killer).await;
        let took = started.elapsed();
        assert!(took < Duration::from_millis(50), "{took:?}");
        assert_refused(response, StatusCode::OK, code).await;
    }
    ask("{ zebra }").await.assert_status_is_ok();
}

#[tokio::test]
async fn a_required_variable_must_be_given() {
    let query = "query($n: Int!, $m: Int! = 1) { zebra @skip(if: true) apple(count: $n) b: apple(count: $m) }";
    for variables in [json!(null), json!({}), json!({ "n": null })] {
        let response = post(json!({ "query": query, "variables": variables })).await;
        assert_refused(response, StatusCode::OK, Code::ValidationFailed).await;
    }
    let response = post(json!({ "query": query, "variables": { "n": 3 } })).await;
    assert_eq!(body_of(response).await, json!({ "data": { "apple": 3, "b": 1 } }));
}

#[tokio::test]
async fn the_default_of_a_variable_counts_wherever_it_is_used() {
    let query = "query($n: Int = 7, $x: Boolean! = true) { apple(count: $n) zebra @skip(if: $x) }";
    for (variables, data) in [
        (json!({}), json!({ "apple": 7 })),
        (json!({ "x": false }), json!({ "apple": 7, "zebra": 1 })),
        (json!({ "n": null }), json!({ "apple": 2 })),
    ] {
        let response = post(json!({ "query": query, "variables": variables })).await;
        assert_eq!(body_of(response).await, json!({ "data": data }), "{variables}");
    }
}

#[tokio::test]
async fn at_most_five_validation_errors_are_listed() {
    let response = ask("{ a b c d e f g h }").await;
    let body = body_of(response).await;
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(5));
}

#[tokio::test]
async fn an_error_that_nobody_vetted_says_nothing() {
    let response = ask("{ zebra fails }").await;
    response.assert_status_is_ok();
    let body = body_of(response).await;
    assert_eq!(body["data"], json!({ "zebra": 1, "fails": null }));
    assert_eq!(body["errors"][0]["extensions"]["code"], "INTERNAL");
    assert_eq!(body["errors"][0]["path"], json!(["fails"]));
    assert!(!body.to_string().contains("secrets"), "{body}");
}

#[tokio::test]
async fn a_panic_is_internal_with_the_request_id() {
    let client = client(&Toy::default());
    let request = client.post("/graphql").body_json(&json!({ "query": "{ panics }" }));
    let response = request.header("x-request-id", "abc-1").send().await;
    response.assert_header("x-request-id", "abc-1");
    assert_eq!(response.0.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body = body_of(response).await;
    let extensions = &body["errors"][0]["extensions"];
    assert_eq!(*extensions, json!({ "code": "INTERNAL", "requestId": "abc-1" }));
    assert!(!body.to_string().contains("resolver"), "{body}");
    let next = client.post("/graphql").body_json(&json!({ "query": "{ zebra }" }));
    next.send().await.assert_status_is_ok();
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_given_up_and_a_change_is_not() {
    let (toy, ready) = (Toy::default(), Arc::new(AtomicBool::new(true)));
    let settings = Http { deadline: Duration::from_millis(100), ..settings() };
    let client = TestClient::new(routes_to(backend(&toy, &ready), &settings).expect("no assets to miss"));
    let started = Instant::now();
    let slow = client.post("/graphql").body_json(&json!({ "query": "{ slow }" })).send().await;
    assert!(started.elapsed() < Duration::from_secs(1));
    assert_refused(slow, StatusCode::SERVICE_UNAVAILABLE, Code::TimedOut).await;
    let change = client.post("/graphql").body_json(&json!({ "query": "mutation { bumpSlowly }" })).send().await;
    assert_eq!(body_of(change).await, json!({ "data": { "bumpSlowly": 1 } }));
}

#[tokio::test]
async fn a_client_that_hangs_up_does_not_stop_its_mutation() {
    let toy = Toy::default();
    let client = client(&toy);
    let request = client.post("/graphql").body_json(&json!({ "query": "mutation { bumpSlowly }" }));
    let hung_up = tokio::time::timeout(Duration::from_millis(100), request.send()).await;
    assert!(hung_up.is_err(), "the mutation takes longer than that");
    assert_eq!(toy.bumps.load(Ordering::SeqCst), 0);
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(toy.bumps.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn other_methods_are_405_and_options_says_which_are_not() {
    let client = client(&Toy::default());
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE] {
        let response = client.request(method, "/graphql").send().await;
        response.assert_header(header::ALLOW, "GET, HEAD, POST, OPTIONS");
        let status = StatusCode::METHOD_NOT_ALLOWED;
        assert_refused(response, status, Code::MethodNotAllowed).await;
    }
    let options = client.request(Method::OPTIONS, "/graphql");
    let preflight = options.header(header::ORIGIN, "https://elsewhere.example");
    let response = preflight.header("access-control-request-method", "POST").send().await;
    response.assert_status(StatusCode::NO_CONTENT);
    response.assert_header(header::ALLOW, "GET, HEAD, POST, OPTIONS");
    let cors = HeaderName::from_static("access-control-allow-origin");
    response.assert_header_is_not_exist(cors);
    let head = client.head("/graphql").query("query", &"{ zebra }").send().await;
    head.assert_status_is_ok();
    head.assert_text("").await;
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_narrow_headers() {
    let client = client(&Toy::default());
    for path in ["/", "/graphql", "/graphiql", "/health/live", "/health/ready", "/nothing"] {
        let response = client.get(path).send().await;
        let id = response.0.header("x-request-id").unwrap_or_default();
        assert_eq!(id.len(), 36, "{path}: {id}");
        response.assert_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        let policy = response.0.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.is_some_and(|policy| policy.starts_with("default-src 'none'")), "{path}");
    }
    // What could break a log line, or fill it, is replaced.
    for id in ["a b", "[31m", "a\"b", &"a".repeat(65), ""] {
        let response = client.get("/health/live").header("x-request-id", id).send().await;
        assert_eq!(response.0.header("x-request-id").map(str::len), Some(36), "{id:?}");
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_answered_in_the_same_words() {
    let client = client(&Toy::default());
    let nothing = client.get("/nothing").send().await;
    assert_refused(nothing, StatusCode::NOT_FOUND, Code::NotFound).await;
    let posted = client.post("/health/live").send().await;
    posted.assert_header(header::ALLOW, "GET, HEAD");
    assert_refused(posted, StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed).await;
}

#[tokio::test]
async fn health_tells_alive_from_ready() {
    let ready = Arc::new(AtomicBool::new(true));
    let routes = routes_to(backend(&Toy::default(), &ready), &settings());
    let client = TestClient::new(routes.expect("no assets to miss"));
    client.get("/health/ready").send().await.assert_status_is_ok();
    ready.store(false, Ordering::SeqCst);
    let response = client.get("/health/ready").send().await;
    response.assert_status(StatusCode::SERVICE_UNAVAILABLE);
    client.get("/health/live").send().await.assert_status_is_ok();
}

#[test]
fn codes_are_written_in_capitals_and_each_is_its_own() {
    let mut names: Vec<&str> = Code::all().map(Code::as_str).collect();
    assert!(names.contains(&"TOO_MANY_ROOT_FIELDS"));
    assert!(names.contains(&"INTERNAL"));
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}
