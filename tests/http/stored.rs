//! Stored documents: meant by the names that builds give them, kept by whoever keeps answers, and alone where nothing else is run.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use poem::endpoint::BoxEndpoint;
use poem::http::{StatusCode, header};
use poem::test::{TestClient, TestResponse};
use poem::{EndpointExt, Response};
use samverkan::config::Http;
use samverkan::error::Code;
use samverkan::http::routes_to;
use serde_json::{Value, json};

use super::toy::{Toy, assert_refused, backend, body_of, settings};

const ZEBRA: &str = "{ zebra }";
/// `printf '{ zebra }' | sha256sum`
const DIGEST: &str = "sha256:1c0dff4a4f15caa608f4e26c7d5eda1255d744e4e316db0b58693072f79cbb22";

/// A manifest of its own.
fn manifest(name: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("manifests");
    std::fs::create_dir_all(&folder).expect("a folder");
    // Tests write theirs at the same time.
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let file = folder.join(format!("{name}-{}-{}.json", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
    std::fs::write(&file, text).expect("a file");
    file
}

fn stored() -> Vec<PathBuf> {
    let codegen = json!({
        "d1": ZEBRA,
        "d2": "query Counted($count: Int) { apple(count: $count) }",
        "d3": "mutation Bump { bump }",
        "d4": "{ zebra fails }",
        "d5": "{ caller }",
    });
    // As relay-compiler does it: MD5, and the same document under another name.
    let relay = json!({ "5d41402abc4b2a76b9719d911017c592": ZEBRA });
    vec![manifest("codegen", &codegen.to_string()), manifest("relay", &relay.to_string())]
}

fn client(only_stored_documents: bool) -> TestClient<BoxEndpoint<'static, Response>> {
    let backend = backend(&Toy::default(), &Arc::new(AtomicBool::new(true)));
    let settings = Http { stored_documents: stored(), only_stored_documents, ..settings() };
    TestClient::new(routes_to(backend, &settings).expect("manifests").boxed())
}

async fn post(only: bool, body: Value) -> TestResponse {
    client(only).post("/graphql").body_json(&body).send().await
}

async fn get(path: &str, header: (header::HeaderName, &str)) -> TestResponse {
    client(false).get(path).header(header.0, header.1).send().await
}

const NO_HEADER: (header::HeaderName, &str) = (header::ACCEPT, "*/*");

#[tokio::test]
async fn a_document_is_run_by_each_of_its_names() {
    for name in ["d1", "5d41402abc4b2a76b9719d911017c592", DIGEST] {
        for only in [false, true] {
            let answer = body_of(post(only, json!({ "documentId": name })).await).await;
            assert_eq!(answer["data"], json!({ "zebra": 1 }), "{name}");
        }
    }
    let counted = json!({ "documentId": "d2", "variables": { "count": 5 }, "operationName": "Counted" });
    assert_eq!(body_of(post(true, counted).await).await["data"], json!({ "apple": 5 }));
    assert_eq!(body_of(post(true, json!({ "documentId": "d3" })).await).await["data"], json!({ "bump": 1 }));
}

#[tokio::test]
async fn what_is_not_stored_is_refused() {
    for name in ["d9", "", "sha256:", &DIGEST.to_uppercase()] {
        let response = post(false, json!({ "documentId": name })).await;
        assert_refused(response, StatusCode::OK, Code::UnknownDocument).await;
    }
    for text in [ZEBRA, "{ __schema { queryType { name } } }", "{"] {
        let response = post(true, json!({ "query": text })).await;
        assert_refused(response, StatusCode::OK, Code::OnlyStoredDocuments).await;
    }
    let beside = json!({ "documentId": "d1", "query": "" });
    assert_eq!(body_of(post(true, beside).await).await["data"], json!({ "zebra": 1 }), "as graphql-ws sends it");
    for body in [json!({ "documentId": 1 }), json!({ "documentId": "d1", "query": ZEBRA }), json!({})] {
        assert_refused(post(false, body).await, StatusCode::BAD_REQUEST, Code::BadRequest).await;
    }
    let response = get("/graphql?documentId=d3", NO_HEADER).await;
    assert_refused(response, StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed).await;
}

#[tokio::test]
async fn what_anybody_may_see_anybody_may_keep() {
    let header = |response: &TestResponse, name: header::HeaderName| {
        response.0.headers().get(name).map(|value| value.to_str().expect("text").to_owned())
    };
    let response = get("/graphql?documentId=d1", NO_HEADER).await;
    assert_eq!(header(&response, header::CACHE_CONTROL).as_deref(), Some("public, max-age=60"));
    let vary = header(&response, header::VARY).expect("what it depends on");
    assert!(["authorization", "accept", "accept-language"].iter().all(|name| vary.contains(name)), "{vary}");
    let tag = header(&response, header::ETAG).expect("a tag");
    assert!(tag.starts_with("W/\""), "{tag}");
    for known in [tag.as_str(), "*", &format!("\"other\", {tag}"), tag.trim_start_matches("W/")] {
        let response = get("/graphql?documentId=d1", (header::IF_NONE_MATCH, known)).await;
        response.assert_status(StatusCode::NOT_MODIFIED);
        assert_eq!(header(&response, header::ETAG).as_ref(), Some(&tag));
        response.assert_text("").await;
    }
    let response = get("/graphql?documentId=d1", (header::IF_NONE_MATCH, "\"other\"")).await;
    response.assert_status_is_ok();
    // Not what is somebody's, what went wrong, what is no stored document, or what is asked by POST.
    for (path, sent) in [
        ("/graphql?documentId=d5", (header::AUTHORIZATION, "Bearer anna")),
        ("/graphql?documentId=d4", NO_HEADER),
        ("/graphql?documentId=d9", NO_HEADER),
        ("/graphql?query=%7Bzebra%7D", NO_HEADER),
    ] {
        let response = get(path, sent).await;
        assert_eq!(header(&response, header::CACHE_CONTROL).as_deref(), Some("no-store"), "{path}");
        assert_eq!(header(&response, header::ETAG), None, "{path}");
    }
    let response = post(false, json!({ "documentId": "d1" })).await;
    assert_eq!(header(&response, header::CACHE_CONTROL).as_deref(), Some("no-store"));
}

#[test]
fn a_manifest_that_cannot_be_right_is_said_to_be_wrong_before_anything_is_served() {
    let deep = format!("{{ {}zebra{} }}", "a { ".repeat(40), " }".repeat(40));
    for (name, text, why) in [
        ("list", "[]".to_owned(), "not an object of documents by name"),
        ("number", r#"{"a": 1}"#.to_owned(), "not an object of documents by name"),
        ("syntax", r#"{"a": "{"}"#.to_owned(), "a: Syntax error"),
        ("deep", json!({ "a": deep }).to_string(), "a: "),
        ("digest", r#"{"sha256:0": "{ zebra }"}"#.to_owned(), "sha256:0 is not the document's digest"),
    ] {
        let file = manifest(name, &text);
        let settings = Http { stored_documents: vec![file.clone()], ..settings() };
        let toy = backend(&Toy::default(), &Arc::new(AtomicBool::new(true)));
        let error = routes_to(toy, &settings).err().expect("an error").to_string();
        let expected = format!("stored_documents: {}: {why}", file.display());
        assert!(error.starts_with(&expected), "{error}");
    }
    let two = vec![manifest("one", r#"{"a": "{ zebra }"}"#), manifest("two", r#"{"a": "{ apple }"}"#)];
    let settings = Http { stored_documents: two, ..settings() };
    let error =
        routes_to(backend(&Toy::default(), &Arc::new(AtomicBool::new(true))), &settings).err().expect("an error");
    assert!(error.to_string().ends_with("a is another document already"), "{error}");
    let missing = Http { stored_documents: vec!["none.json".into()], ..super::toy::settings() };
    let error =
        routes_to(backend(&Toy::default(), &Arc::new(AtomicBool::new(true))), &missing).err().expect("an error");
    assert!(error.to_string().starts_with("stored_documents: none.json: "), "{error}");
}
