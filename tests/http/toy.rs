//! What stands behind the doors in these tests: a schema that panics, fails, waits and mutates on demand.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_graphql::{Context, EmptySubscription, Object, Schema};
use poem::http::StatusCode;
use poem::test::{TestClient, TestResponse};
use poem::{Endpoint, Response};
use samverkan::auth::Unauthenticated;
use samverkan::config::Http;
use samverkan::domain::group::GroupBy;
use samverkan::error::{Code, Error};
use samverkan::graphql::Caller;
use samverkan::http::{Arrival, Backend, File, FileAsked, Unknown, routes_to};
use samverkan::policy::{Actor, SignIn};
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

    async fn fails(&self) -> Option<Result<i32, async_graphql::Error>> {
        Some(Err(async_graphql::Error::new("select * from secrets")))
    }

    async fn panics(&self, nothing: Option<i32>) -> i32 {
        nothing.expect("a resolver panics, as this test wants it to")
    }

    async fn caller(&self, context: &Context<'_>) -> String {
        let caller = context.data_unchecked::<Caller>();
        format!("{} {:?}", caller.actor.sign_in().map_or("public", |sign_in| &sign_in.subject), caller.language)
    }

    async fn long(&self, length: usize) -> String {
        "x".repeat(length)
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
    Http { listen: "127.0.0.1:0".into(), patience: Duration::from_millis(200), ..Http::default() }
}

pub(super) fn backend(toy: &Toy, ready: &Arc<AtomicBool>) -> Backend {
    // Without suggestions, like ours.
    let schema = Schema::build(Query, Mutation(toy.clone()), EmptySubscription).disable_suggestions().finish();
    let ready = ready.clone();
    Backend::of(
        move |caller, request| {
            let schema = schema.clone();
            async move { schema.execute(request.data(caller)).await }
        },
        |arrival, asked| async move { file(&arrival, asked).await },
        |authorization| async move { sign_in(&authorization).map(Arrival::from) },
        move || {
            let ready = ready.load(Ordering::SeqCst);
            async move { ready }
        },
        || uuid::Uuid::nil().to_string(),
    )
}

/// There is one file, which says who asks; asking for some others fails.
async fn file(arrival: &Arrival, asked: FileAsked) -> Result<Option<File>, Error> {
    let FileAsked::GroupCard { group: GroupBy::Slug(slug), .. } = asked else { return Ok(None) };
    match slug.as_str() {
        "there" => {
            let text = arrival.actor.sign_in().map_or("public", |sign_in| &sign_in.subject).repeat(100);
            Ok(Some(File { media_type: "text/plain", name: "there.txt".into(), text, personal: false }))
        }
        "panics" => panic!("a file panics, as this test wants it to"),
        "fails" => Err(Error::Internal("select * from secrets".into())),
        "unready" => Err(Error::Unready("no schema".into())),
        "busy" => Err(Error::Busy),
        "slow" => {
            tokio::time::sleep(Duration::from_millis(2500)).await;
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// Anna is known; some others cannot be looked up; the rest is nobody.
fn sign_in(authorization: &[u8]) -> Result<Actor, Unknown> {
    let sign_in = SignIn { issuer: "toy".into(), subject: "anna".into(), claims: Vec::new() };
    match authorization {
        b"Bearer anna" => Ok(Actor::signed_in(sign_in, None, Vec::new())),
        b"Bearer fails" => Err(Error::Internal("select * from secrets".into()).into()),
        b"Bearer unready" => Err(Error::Unready("no schema".into()).into()),
        b"Bearer expired" => Err(Unauthenticated::Expired.into()),
        _ => Err(Unauthenticated::NotBearer.into()),
    }
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
