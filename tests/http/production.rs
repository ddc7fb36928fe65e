//! In production the schema is told only to whom it concerns, and pages of other origins are let in by name.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use poem::endpoint::BoxEndpoint;
use poem::http::{Method, StatusCode, header};
use poem::test::TestClient;
use poem::{EndpointExt, Response};
use samverkan::config::Http;
use samverkan::error::Code;
use samverkan::http::routes_to;
use serde_json::json;

use super::toy::{Toy, assert_refused, backend, settings};
use crate::support::TestApp;

const PAGE: &str = "https://www.example.org";

fn client(settings: Http) -> TestClient<BoxEndpoint<'static, Response>> {
    let backend = backend(&Toy::default(), &Arc::new(AtomicBool::new(true)));
    TestClient::new(routes_to(backend, &settings).expect("no assets to miss").boxed())
}

#[tokio::test]
async fn introspection_is_for_administrators_and_auditors() {
    let app = TestApp::demo().await;
    for production in [false, true] {
        let client = client(Http { production, ..settings() });
        for (actor, may) in [
            (app.public(), false),
            (app.signed_in("reader", Vec::new()), false),
            (app.coordinator("run").await, false),
            (app.auditor(), true),
            (app.administrator(), true),
        ] {
            for (query, introspects) in [
                ("{ __schema { types { name } } }", true),
                ("{ zebra ...S } fragment S on Query { __type(name: \"Query\") { name } }", true),
                ("{ __typename zebra }", false),
            ] {
                let request = client.post("/graphql").body_json(&json!({ "query": query })).data(actor.actor());
                let response = request.send().await;
                match introspects && production && !may {
                    true => assert_refused(response, StatusCode::OK, Code::Forbidden).await,
                    false => assert!(response.0.into_body().into_string().await.expect("a body").contains("\"data\"")),
                }
            }
        }
    }
}

#[tokio::test]
async fn there_is_no_graphiql() {
    for (production, status) in [(false, StatusCode::OK), (true, StatusCode::NOT_FOUND)] {
        let client = client(Http { production, ..settings() });
        client.get("/graphiql").send().await.assert_status(status);
    }
}

#[tokio::test]
async fn pages_of_named_origins_may_read_answers_and_others_may_not() {
    let client = client(Http { allowed_origins: vec![PAGE.to_owned()], ..settings() });
    for (origin, allowed) in [
        (PAGE, true),
        ("http://www.example.org", false),
        ("https://www.example.org:8443", false),
        ("https://www.example.org.example.com", false),
        ("null", false),
    ] {
        for path in ["/graphql", "/graphql?query=%7Bzebra%7D", "/health/live", "/nothing"] {
            let response = client.get(path).header(header::ORIGIN, origin).send().await;
            let named = response.0.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
            assert_eq!(named.is_some_and(|named| named == origin), allowed, "{path} from {origin}");
            assert!(response.0.headers().get_all(header::VARY).iter().any(|vary| vary == "origin"));
        }
        let asks = client.request(Method::OPTIONS, "/graphql").header(header::ORIGIN, origin);
        let response = asks.header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST").send().await;
        response.assert_status(StatusCode::NO_CONTENT);
        let headers = response.0.headers();
        assert_eq!(headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN), allowed, "{origin}");
        let told = |name| headers.get(name).is_some_and(|told| told.to_str().is_ok_and(|told| !told.is_empty()));
        assert_eq!(told(header::ACCESS_CONTROL_ALLOW_METHODS) && told(header::ACCESS_CONTROL_ALLOW_HEADERS), allowed);
        assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), "tokens are sent by hand");
    }
    let alone = client.get("/health/live").send().await;
    alone.assert_header_is_not_exist(header::ACCESS_CONTROL_ALLOW_ORIGIN);
}
