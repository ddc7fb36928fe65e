//! Bodies: of the wrong kind, malformed, too large, too slow.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use poem::Body;
use poem::http::{StatusCode, header};
use samverkan::error::Code;
use samverkan::http::MAX_BODY;

use super::toy::{GRAPHQL_RESPONSE, Toy, assert_refused, client};

#[tokio::test]
async fn a_body_that_is_not_json_by_its_own_account_is_not_executed() {
    let toy = Toy::default();
    let client = client(&toy);
    let body = r#"{"query": "mutation { bump }"}"#;
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=iso-8859-1",
        "",
    ] {
        let mut request = client.post("/graphql").body(body);
        if !kind.is_empty() {
            request = request.content_type(kind);
        }
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        assert_refused(request.send().await, status, Code::UnsupportedMediaType).await;
    }
    assert_eq!(toy.bumps.load(Ordering::SeqCst), 0);
    let typed = client.post("/graphql").body(body).content_type("Application/JSON; charset=\"UTF-8\"");
    typed.send().await.assert_status_is_ok();
}

#[tokio::test]
async fn malformed_requests_are_400_in_either_media_type() {
    let deep = "[".repeat(100) + &"]".repeat(100);
    for (body, code) in [
        ("".to_owned(), Code::BadRequest),
        ("{".to_owned(), Code::BadRequest),
        ("null".to_owned(), Code::BadRequest),
        ("{}".to_owned(), Code::BadRequest),
        (r#"{"query": 1}"#.to_owned(), Code::BadRequest),
        (r#"{"query": "{zebra}", "variables": []}"#.to_owned(), Code::BadRequest),
        (r#"{"query": "{zebra}", "extensions": "x"}"#.to_owned(), Code::BadRequest),
        (r#"{"query": "{zebra}", "operationName": 1}"#.to_owned(), Code::BadRequest),
        (r#"[{"query": "{zebra}"}]"#.to_owned(), Code::BatchNotSupported),
        ("[]".to_owned(), Code::BatchNotSupported),
        (format!(r#"{{"query": "{{zebra}}", "variables": {{"a": {deep}}}}}"#), Code::NestedTooDeep),
    ] {
        for accept in ["application/json", GRAPHQL_RESPONSE] {
            let client = client(&Toy::default());
            let request = client.post("/graphql").content_type("application/json");
            let request = request.header(header::ACCEPT, accept).body(body.clone());
            assert_refused(request.send().await, StatusCode::BAD_REQUEST, code).await;
        }
    }
    let client = client(&Toy::default());
    let variables = client.get("/graphql").query("query", &"{zebra}").query("variables", &deep);
    assert_refused(variables.send().await, StatusCode::BAD_REQUEST, Code::NestedTooDeep).await;
}

/// An endless body that counts what is taken from it.
struct Endless(Arc<AtomicUsize>);

impl tokio::io::AsyncRead for Endless {
    fn poll_read(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        buffer: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        let length = buffer.remaining().min(4096);
        buffer.put_slice(&vec![b' '; length]);
        self.0.fetch_add(length, Ordering::SeqCst);
        std::task::Poll::Ready(Ok(()))
    }
}

/// A body that never comes.
struct Never;

impl tokio::io::AsyncRead for Never {
    fn poll_read(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        _: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Pending
    }
}

#[tokio::test]
async fn a_large_body_is_refused_before_it_is_read() {
    let client = client(&Toy::default());
    let json = |body| client.post("/graphql").content_type("application/json").body(body);
    let announced = json(Body::from_async_read(Never)).header("content-length", MAX_BODY + 1);
    let status = StatusCode::PAYLOAD_TOO_LARGE;
    assert_refused(announced.send().await, status, Code::BodyTooLarge).await;
    let read = Arc::new(AtomicUsize::new(0));
    let endless = json(Body::from_async_read(Endless(read.clone())));
    assert_refused(endless.send().await, status, Code::BodyTooLarge).await;
    assert!(read.load(Ordering::SeqCst) < MAX_BODY + 64 * 1024);
    let padding = " ".repeat(MAX_BODY - 22);
    let largest = format!(r#"{{"query": "{{ zebra }}"{padding}}}"#);
    assert_eq!(largest.len(), MAX_BODY);
    json(Body::from(largest)).send().await.assert_status_is_ok();
}

#[tokio::test]
async fn a_slow_body_is_408() {
    let client = client(&Toy::default());
    let never = Body::from_async_read(Never);
    let request = client.post("/graphql").content_type("application/json").body(never);
    let response = request.send().await;
    // What still comes would be taken for the next request.
    response.assert_header("connection", "close");
    assert_refused(response, StatusCode::REQUEST_TIMEOUT, Code::BodyTooSlow).await;
}
