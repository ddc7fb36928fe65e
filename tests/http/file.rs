//! Files: what is sent, what is sent again, and what is said where there is none.

use std::sync::Arc;
use std::time::{Duration, Instant};

use poem::http::{Method, StatusCode, header};
use poem::test::{TestClient, TestResponse};
use samverkan::config::Http;
use samverkan::error::Code;
use samverkan::http::routes_to;

use super::toy::{Toy, assert_refused, backend, body_of, client, settings};

const THERE: &str = "/groups/there.vcf";

async fn get(path: &str, headers: &[(header::HeaderName, &str)]) -> TestResponse {
    let client = client(&Toy::default());
    let request = headers.iter().fold(client.get(path), |request, (name, value)| request.header(name, *value));
    request.send().await
}

fn tag(response: &TestResponse) -> String {
    response.0.header(header::ETAG).expect("a tag").to_owned()
}

#[tokio::test]
async fn a_file_says_what_it_is_and_who_may_keep_it() {
    let public = get(THERE, &[]).await;
    public.assert_status_is_ok();
    public.assert_header(header::CONTENT_TYPE, "text/plain");
    public.assert_header(header::CONTENT_DISPOSITION, "inline; filename=\"there.txt\"");
    public.assert_header(header::CACHE_CONTROL, "public, max-age=300");
    public.assert_header(header::VARY, "authorization");
    public.assert_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    let anna = get(THERE, &[(header::AUTHORIZATION, "Bearer anna")]).await;
    anna.assert_header(header::CACHE_CONTROL, "private, no-cache");
    anna.assert_header(header::VARY, "authorization");
    assert_ne!(tag(&public), tag(&anna), "another text");
    anna.assert_text("anna".repeat(100)).await;
    public.assert_text("public".repeat(100)).await;
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    let tag = tag(&get(THERE, &[]).await);
    assert!(tag.starts_with('"'), "the bytes are always the same: {tag}");
    let weak = format!("W/{tag}");
    let listed = format!("\"other\", W/\"another\",{weak}");
    for known in [tag.as_str(), &weak, &listed, "*"] {
        let response = get(THERE, &[(header::IF_NONE_MATCH, known)]).await;
        response.assert_status(StatusCode::NOT_MODIFIED);
        response.assert_header(header::ETAG, &tag);
        response.assert_header(header::CACHE_CONTROL, "public, max-age=300");
        response.assert_header(header::VARY, "authorization");
        response.assert_text("").await;
    }
    let in_two_lines = [(header::IF_NONE_MATCH, "\"other\""), (header::IF_NONE_MATCH, tag.as_str())];
    get(THERE, &in_two_lines).await.assert_status(StatusCode::NOT_MODIFIED);
    for unknown in ["\"other\"", "W/\"other\", \"another\"", "", &tag[1..5]] {
        get(THERE, &[(header::IF_NONE_MATCH, unknown)]).await.assert_status_is_ok();
    }
    let nothing = get("/groups/nothing.vcf", &[(header::IF_NONE_MATCH, "*")]).await;
    assert_refused(nothing, StatusCode::NOT_FOUND, Code::NotFound).await;
}

#[tokio::test]
async fn a_file_is_never_compressed_so_that_its_tag_is_that_of_its_bytes() {
    let plain = get(THERE, &[]).await;
    let asked = get(THERE, &[(header::ACCEPT_ENCODING, "gzip, br")]).await;
    assert_eq!(asked.0.header(header::CONTENT_ENCODING), None);
    assert_eq!(tag(&plain), tag(&asked));
    assert_eq!(asked.0.into_body().into_bytes().await.ok(), plain.0.into_body().into_bytes().await.ok());
}

#[tokio::test]
async fn a_file_is_read_with_get_and_head() {
    let client = client(&Toy::default());
    let head = client.head(THERE).send().await;
    head.assert_status_is_ok();
    assert_eq!(tag(&head), tag(&get(THERE, &[]).await));
    head.assert_text("").await;
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::TRACE] {
        let response = client.request(method, THERE).send().await;
        response.assert_header(header::ALLOW, "GET, HEAD");
        assert_refused(response, StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed).await;
    }
}

#[tokio::test]
async fn who_proves_nothing_gets_nothing() {
    for authorization in ["Bearer expired", "Basic YTpi", ""] {
        let response = get(THERE, &[(header::AUTHORIZATION, authorization)]).await;
        assert!(response.0.header(header::WWW_AUTHENTICATE).is_some_and(|value| value.starts_with("Bearer")));
        assert_refused(response, StatusCode::UNAUTHORIZED, Code::Unauthenticated).await;
    }
    let twice = [(header::AUTHORIZATION, "Bearer anna"), (header::AUTHORIZATION, "Bearer anna")];
    assert_refused(get(THERE, &twice).await, StatusCode::UNAUTHORIZED, Code::Unauthenticated).await;
    let unready = get(THERE, &[(header::AUTHORIZATION, "Bearer unready")]).await;
    assert_refused(unready, StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable).await;
    let fails = get(THERE, &[(header::AUTHORIZATION, "Bearer fails")]).await;
    assert_refused(fails, StatusCode::INTERNAL_SERVER_ERROR, Code::Internal).await;
}

#[tokio::test]
async fn a_file_that_is_not_there_is_a_path_at_which_nothing_is() {
    let mut answers = Vec::new();
    for path in ["/groups/nothing.vcf", "/groups/there", "/groups/there.exe", "/groups/.vcf", "/groups/%ff.vcf", "/no"]
    {
        let response = get(path, &[]).await;
        response.assert_status(StatusCode::NOT_FOUND);
        response.assert_header(header::CACHE_CONTROL, "no-store");
        answers.push(body_of(response).await);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn a_file_that_fails_says_no_more_than_a_query_does() {
    for (path, status, code) in [
        ("/groups/fails.vcf", StatusCode::INTERNAL_SERVER_ERROR, Code::Internal),
        ("/groups/panics.vcf", StatusCode::INTERNAL_SERVER_ERROR, Code::Internal),
        ("/groups/unready.vcf", StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable),
        ("/groups/busy.vcf", StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable),
        ("/groups/there.vcf?version=2.1", StatusCode::BAD_REQUEST, Code::BadRequest),
        ("/groups/there.vcf?version=", StatusCode::BAD_REQUEST, Code::BadRequest),
        ("/groups/there.vcf?version=3.0&version=4.0", StatusCode::BAD_REQUEST, Code::BadRequest),
    ] {
        let response = get(path, &[]).await;
        response.assert_header(header::CACHE_CONTROL, "no-store");
        assert!(response.0.header(header::ETAG).is_none(), "{path}");
        assert_refused(response, status, code).await;
    }
    let failed = body_of(get("/groups/fails.vcf", &[]).await).await;
    assert!(!failed.to_string().contains("secrets") && failed["errors"][0]["extensions"]["requestId"].is_string());
}

#[tokio::test]
async fn a_file_that_takes_too_long_is_given_up() {
    let settings = Http { deadline: Duration::from_millis(50), ..settings() };
    let backend = backend(&Toy::default(), &Arc::default());
    let client = TestClient::new(routes_to(backend, &settings).expect("routes"));
    let started = Instant::now();
    let response = client.get("/groups/slow.vcf").send().await;
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    assert_refused(response, StatusCode::SERVICE_UNAVAILABLE, Code::TimedOut).await;
}
