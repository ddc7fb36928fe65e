//! What stands behind the doors in these tests: a schema that panics, fails, waits and mutates on demand.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_graphql::{EmptySubscription, Error, Object, Schema};
use poem::http::StatusCode;
use poem::test::{TestClient, TestResponse};
use poem::{Endpoint, Response};
use samverkan::config::Http;
use samverkan::error::Code;
use samverkan::http::{Backend, routes_to};
use serde_json::{Value, json};

pub(super) const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

#[derive(Clone, Default)]
pub(super) struct Toy {
    pub(super) bumps: Arc<AtomicUsize>,
}

struct Query;

#[Object]
impl Query {
    async fn zebra(&self) -> i32 {
        1
    }

    async fn apple(&self, count: Option<i32>) -> i32 {
        count.unwrap_or(2)
    }

    async fn fails(&self) -> Option<Result<i32, Error>> {
        Some(Err(Error::new("select * from secrets")))
    }

    async fn panics(&self, nothing: Option<i32>) -> i32 {
        nothing.expect("a resolver panics, as this test wants it to")
    }

    async fn slow(&self) -> i32 {
        tokio::time::sleep(Duration::from_millis(2500)).await;
        3
    }
}

struct Mutation(Toy);

#[Object]
impl Mutation {
    async fn bump(&self) -> usize {
        self.0.bumps.fetch_add(1, Ordering::SeqCst) + 1
    }

    async fn bump_slowly(&self) -> usize {
        tokio::time::sleep(Duration::from_millis(300)).await;
        self.0.bumps.fetch_add(1, Ordering::SeqCst) + 1
    }
}

pub(super) fn settings() -> Http {
    Http { listen: "127.0.0.1:0".into(), graphiql_assets: None, patience: Duration::from_millis(200) }
}

pub(super) fn backend(toy: &Toy, ready: &Arc<AtomicBool>) -> Backend {
    let schema = Schema::new(Query, Mutation(toy.clone()), EmptySubscription);
    let ready = ready.clone();
    Backend::of(
        move |_, request| {
            let schema = schema.clone();
            async move { schema.execute(request).await }
        },
        move || {
            let ready = ready.load(Ordering::SeqCst);
            async move { ready }
        },
        || uuid::Uuid::nil().to_string(),
    )
}

pub(super) fn client(toy: &Toy) -> TestClient<impl Endpoint<Output = Response> + use<>> {
    let ready = Arc::new(AtomicBool::new(true));
    TestClient::new(routes_to(backend(toy, &ready), &settings()).expect("no assets to miss"))
}

pub(super) async fn post(body: Value) -> TestResponse {
    let client = client(&Toy::default());
    client.post("/graphql").body_json(&body).send().await
}

pub(super) async fn ask(query: &str) -> TestResponse {
    post(json!({ "query": query })).await
}

pub(super) async fn body_of(response: TestResponse) -> Value {
    let text = response.0.into_body().into_string().await;
    serde_json::from_str(&text.expect("a body")).expect("JSON")
}

/// A refusal: this status, this one code, no data.
pub(super) async fn assert_refused(response: TestResponse, status: StatusCode, code: Code) {
    assert_eq!(response.0.status(), status);
    let kind = response.0.content_type().unwrap_or_default().to_owned();
    let spoken = ["application/json; charset=utf-8", "application/graphql-response+json; charset=utf-8"];
    assert!(spoken.contains(&kind.as_str()), "{kind}");
    let body = body_of(response).await;
    assert_eq!(body["errors"][0]["extensions"]["code"], code.as_str());
    assert!(body["errors"][0]["message"].is_string());
    assert!(body.get("data").is_none(), "{body}");
}
