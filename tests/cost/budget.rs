//! Budgets: whose they are, how they are used up and fill up again, and that instances share them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use entity::values::{GlobalId, Instant, SubjectKind};
use poem::endpoint::BoxEndpoint;
use poem::http::uri::Scheme;
use poem::http::{self, StatusCode, header};
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Body, Endpoint, EndpointExt, Request, RequestParts, Response, ResponseParts};
use samverkan::app::App;
use samverkan::auth::Tokens;
use samverkan::config::{self, Http, MAX_POINTS};
use samverkan::db::Sql;
use samverkan::domain::budget::Budgets;
use samverkan::error::Code;
use samverkan::graphql::{self, Cost};
use samverkan::http::{Backend, routes_to};
use samverkan::policy::{Actor, SignIn};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{clock, fresh_database, on_postgres};

/// A fifth of a budget, and what is left of it.
const DEAR: &str = "{ groups(first: 100) { nodes { seats(first: 94) { nodes { id } nodes { id } } } } viewer { rateLimit { limit remaining resetAt } } }";
const POINTS: u64 = 2 + 101 + 200 + 200 + 2 * 9_400 + 4;

/// An instance of the server, and what time it is there.
struct Instance {
    door: BoxEndpoint<'static, Response>,
    app: App,
    time: Arc<AtomicI64>,
}

/// Who asks, and from where.
#[derive(Clone, Copy, Default)]
struct From<'a> {
    subject: Option<&'a str>,
    address: &'a str,
    forwarded: &'a str,
}

fn at(address: &str) -> From<'_> {
    From { address, ..From::default() }
}

impl Instance {
    async fn of(database: &str, proxies: &[&str]) -> Self {
        let time = Arc::new(AtomicI64::new(clock()().0));
        let now = time.clone();
        let app = App::open(database, Arc::new(move || Instant(now.load(Ordering::SeqCst)))).await;
        let app = app.expect("a database");
        let tokens = Tokens::new(app.clone(), &config::Tokens { own: true, issuers: Vec::new() }).expect("a key");
        let backend = Backend::new(app.clone(), graphql::schema(app.clone()), tokens);
        let backend = backend.with_budgets(app.clone(), MAX_POINTS);
        let trusted_proxies = proxies.iter().map(|proxy| proxy.parse().expect("a network")).collect();
        let settings = Http { trusted_proxies, ..Http::default() };
        Self { door: routes_to(backend, &settings).expect("routes").boxed(), app, time }
    }

    /// One where whatever is asked costs a point or little more, and takes the database its time.
    async fn slow(database: &str) -> Self {
        let app = App::open(database, clock()).await.expect("a database");
        let backend = Backend::of(
            |caller, _| async move {
                counts(caller.app).await;
                async_graphql::Response::new(async_graphql::Value::Null)
            },
            |arrival, _| async move {
                counts(arrival.app).await;
                Ok(None)
            },
            |_| async { Ok(Actor::public().into()) },
            || async { true },
            || Uuid::nil().to_string(),
        );
        let backend = backend.priced(|_, _, _| Cost { objects: 1, fields: 0 });
        let backend = backend.with_budgets(app.clone(), MAX_POINTS).charging_time();
        let door = routes_to(backend, &Http::default()).expect("routes").boxed();
        Self { door, app, time: Arc::default() }
    }

    async fn answer(&self, from: From<'_>, query: &str) -> (ResponseParts, Value) {
        let request = http::Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
        let (parts, text) = self.send(from, request, Body::from_json(json!({ "query": query })).expect("a body")).await;
        (parts, serde_json::from_str(&text).expect("JSON"))
    }

    /// What a file's path says, and to whoever sends this token.
    async fn get(&self, from: From<'_>, path: &str, token: Option<&str>) -> (ResponseParts, String) {
        let request = http::Request::get(path);
        let request = match token {
            Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        };
        self.send(from, request, Body::empty()).await
    }

    async fn send(&self, from: From<'_>, request: http::request::Builder, body: Body) -> (ResponseParts, String) {
        let request = request.header("x-forwarded-for", from.forwarded).body(()).expect("a request");
        let peer = Addr::SocketAddr(SocketAddr::new(from.address.parse().expect("an address"), 4711));
        let parts = (request.into_parts().0, LocalAddr(peer.clone()), RemoteAddr(peer), Scheme::HTTP);
        let mut request = Request::from_parts(RequestParts::from(parts), body);
        if let Some(subject) = from.subject {
            let sign_in = SignIn { issuer: "test".into(), subject: subject.into(), claims: Vec::new() };
            request.extensions_mut().insert(Actor::signed_in(sign_in, None, Vec::new()));
        }
        let (parts, body) = self.door.get_response(request).await.into_parts();
        (parts, body.into_string().await.expect("a body"))
    }

    /// How many points are left after a dear operation, or in how many seconds it can be asked.
    async fn ask(&self, from: From<'_>) -> Result<u64, u64> {
        let (parts, body) = self.answer(from, DEAR).await;
        if parts.status == StatusCode::TOO_MANY_REQUESTS {
            assert_eq!(body["errors"][0]["extensions"]["code"], Code::RateLimited.as_str());
            assert!(body.get("data").is_none(), "{body}");
            let wait = parts.headers[header::RETRY_AFTER].to_str().expect("text");
            return Err(wait.parse().expect("seconds"));
        }
        assert_eq!((parts.status, &body["extensions"]["cost"]["points"]), (StatusCode::OK, &json!(POINTS)), "{body}");
        let limit = &body["data"]["viewer"]["rateLimit"];
        assert_eq!(limit["limit"], MAX_POINTS);
        Ok(limit["remaining"].as_u64().expect("a number"))
    }

    fn wait(&self, seconds: u64) {
        self.time.fetch_add(seconds as i64 * 1_000_000, Ordering::SeqCst);
    }
}

/// What keeps both databases busy for longer than a point pays for.
async fn counts(app: Option<App>) {
    let rows =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT count(*) FROM n";
    app.expect("the request's directory").db.query(Sql::text(rows)).await.expect("a number");
}

/// How often a dear operation goes into a whole budget.
const TIMES: u64 = MAX_POINTS / POINTS;

#[tokio::test]
async fn a_budget_is_used_up_and_fills_up_again() {
    let instance = Instance::of(&fresh_database().await, &[]).await;
    let here = at("192.0.2.1");
    for time in 1..=TIMES {
        assert_eq!(instance.ask(here).await, Ok(MAX_POINTS - time * POINTS));
    }
    let missing = (TIMES + 1) * POINTS - MAX_POINTS;
    let wait = (missing * 60).div_ceil(MAX_POINTS);
    assert_eq!(instance.ask(here).await, Err(wait));
    instance.wait(wait - 1);
    assert_eq!(instance.ask(here).await, Err(1), "refused, it has taken nothing");
    instance.wait(1);
    assert!(instance.ask(here).await.is_ok());
    instance.wait(60);
    assert_eq!(instance.ask(here).await, Ok(MAX_POINTS - POINTS), "and never more than a whole one");
}

#[tokio::test]
async fn whoever_has_signed_in_has_their_own_and_a_network_shares_one() {
    let instance = Instance::of(&fresh_database().await, &["10.0.0.0/8", "2001:db8:ffff::1/128"]).await;
    let full = Ok(MAX_POINTS - POINTS);
    let less = Ok(MAX_POINTS - 2 * POINTS);
    let signed_in = |subject, address| From { subject: Some(subject), address, ..From::default() };
    let behind = |address, forwarded| From { address, forwarded, ..From::default() };
    for (from, left) in [
        (at("192.0.2.1"), full),
        (at("192.0.2.254"), less),
        (at("192.0.3.1"), full),
        (at("2001:db8:1::1"), full),
        (at("2001:db8:1:ffff::1"), less),
        (at("2001:db8:2::1"), full),
        (signed_in("a", "192.0.2.1"), full),
        (signed_in("a", "198.51.100.1"), less),
        (signed_in("b", "192.0.2.1"), full),
        // Behind our proxies it is who asked them; what others write is not believed.
        (behind("10.1.2.3", "203.0.113.7"), full),
        (behind("10.9.9.9", "192.0.2.9, 203.0.113.8, 10.1.1.1"), less),
        (behind("2001:db8:ffff::1", "nonsense, 198.51.100.7"), full),
        (behind("::ffff:10.1.2.3", "198.51.100.8"), less),
        (behind("10.1.2.3", "198.51.100.9, nonsense"), full),
        (behind("172.16.0.1", "192.0.2.1"), full),
    ] {
        let (subject, address) = (from.subject, (from.address, from.forwarded));
        assert_eq!(instance.ask(from).await, left, "{subject:?} at {address:?}");
    }
}

#[tokio::test]
async fn what_is_refused_before_it_has_a_price_costs_the_network_a_little_and_what_is_too_dear_nothing() {
    let instance = Instance::of(&fresh_database().await, &[]).await;
    let here = at("192.0.2.1");
    let too_dear =
        DEAR.replace("first: 94", "first: 100").replace("nodes { id } nodes { id }", &"nodes { id } ".repeat(22));
    let mut left = MAX_POINTS;
    // Of what the schema does not know, nothing has a price.
    for (query, points) in
        [("{", 100), ("{ ...F } fragment F on Query { ...F }", 100), ("{ nothing }", 0), (too_dear.as_str(), 0)]
    {
        let (parts, body) = instance.answer(here, query).await;
        assert_eq!(parts.status, StatusCode::OK, "{body}");
        assert!(body["errors"][0]["extensions"]["code"].is_string(), "{body}");
        left -= points + POINTS;
        assert_eq!(instance.ask(here).await, Ok(left), "{query}");
    }
}

#[tokio::test]
async fn what_has_a_price_is_paid_for_before_the_engine_finds_it_wrong() {
    let instance = Instance::of(&fresh_database().await, &[]).await;
    let here = at("192.0.2.1");
    let (parts, body) = instance.answer(here, "{ groups(first: 100) { nodes { id nothing } } }").await;
    assert_eq!(parts.status, StatusCode::OK, "{body}");
    assert_eq!(body["errors"][0]["extensions"]["code"], Code::ValidationFailed.as_str());
    assert_eq!(body["extensions"]["cost"]["points"], 1 + 100 + 2);
    assert_eq!(instance.ask(here).await, Ok(MAX_POINTS - 103 - POINTS));
}

#[tokio::test]
async fn a_file_is_paid_for_like_an_answer() {
    let instance = Instance::of(&fresh_database().await, &[]).await;
    let (here, mut left) = (at("192.0.2.1"), MAX_POINTS);
    let id = GlobalId { kind: Some(SubjectKind::Person), id: Uuid::from_u128(1), lens: None };
    let person = format!("/people/{id}.json");
    for (path, points) in [
        (person.as_str(), 100),
        ("/groups/none.vcf", 2_000),
        ("/groups/none.ics", 2_000),
        ("/organisations/none.ics", 2_000),
        ("/calendars/none.ics", 2_000),
        // Nothing that could be there.
        ("/groups/none.exe", 0),
        ("/groups/none.vcf?version=2.1", 0),
    ] {
        let (parts, text) = instance.get(here, path, None).await;
        assert!([StatusCode::NOT_FOUND, StatusCode::BAD_REQUEST].contains(&parts.status), "{path}: {text}");
        left -= points + POINTS;
        assert_eq!(instance.ask(here).await, Ok(left), "{path}");
    }
    let mut last = None;
    while last.is_none() {
        let (parts, text) = instance.get(here, "/groups/none.ics", None).await;
        last = (parts.status == StatusCode::TOO_MANY_REQUESTS).then_some((parts, text));
    }
    let (parts, text) = last.expect("an answer");
    assert!(parts.headers[header::RETRY_AFTER].to_str().expect("text").parse::<u64>().expect("seconds") >= 1);
    let body: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(body["errors"][0]["extensions"]["code"], Code::RateLimited.as_str());
    let before = instance.app.db.statements();
    for _ in 0..10 {
        let (parts, _) = instance.get(here, "/groups/none.ics", None).await;
        assert_eq!(parts.status, StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(instance.app.db.statements(), before, "the database is not asked what is known");
    assert!(instance.ask(From { subject: Some("a"), ..here }).await.is_ok(), "who has signed in has their own");
}

#[tokio::test]
async fn what_takes_the_database_longer_than_was_paid_for_is_paid_for_afterwards() {
    let database = fresh_database().await;
    let (instance, other) = (Instance::slow(&database).await, Instance::slow(&database).await);
    for (address, path) in [("192.0.2.1", None), ("198.51.100.1", Some("/groups/none.vcf"))] {
        let ask = async |instance: &Instance| match path {
            None => instance.answer(at(address), "{ slow }").await.0,
            Some(path) => instance.get(at(address), path, None).await.0,
        };
        let first = ask(&instance).await.status;
        assert!([StatusCode::OK, StatusCode::NOT_FOUND].contains(&first), "{first}");
        let mut parts = ask(&instance).await;
        // By their price alone, all of them could be asked for.
        for _ in 0..90 {
            if parts.status == StatusCode::TOO_MANY_REQUESTS {
                break;
            }
            parts = ask(&instance).await;
        }
        assert_eq!(parts.status, StatusCode::TOO_MANY_REQUESTS, "the budget is used up");
        assert!(parts.headers[header::RETRY_AFTER].to_str().expect("text").parse::<u64>().expect("seconds") <= 61);
        if on_postgres() {
            assert_eq!(ask(&other).await.status, StatusCode::TOO_MANY_REQUESTS, "instances share what is owed");
        }
    }
}

#[tokio::test]
async fn whoever_proves_nothing_costs_their_network_a_little() {
    let instance = Instance::of(&fresh_database().await, &[]).await;
    let (here, refused) = (at("192.0.2.1"), 100);
    for _ in 0..3 {
        let (parts, _) = instance.get(here, "/groups/none.ics", Some("nonsense")).await;
        assert_eq!(parts.status, StatusCode::UNAUTHORIZED);
        assert!(parts.headers.contains_key(header::WWW_AUTHENTICATE));
    }
    assert_eq!(instance.ask(here).await, Ok(MAX_POINTS - 3 * refused - POINTS));
    let mut flood = 0;
    while instance.get(here, "/groups/none.ics", Some("nonsense")).await.0.status == StatusCode::UNAUTHORIZED {
        flood += 1;
    }
    assert_eq!(flood, (MAX_POINTS - POINTS) / refused - 3);
    let before = instance.app.db.statements();
    let (parts, _) = instance.get(here, "/groups/none.ics", Some("nonsense")).await;
    assert_eq!(parts.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(parts.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(instance.app.db.statements(), before, "the database is not asked what is known");
    assert!(instance.ask(From { subject: Some("a"), ..here }).await.is_ok(), "who has signed in has their own");
    assert!(instance.ask(at("198.51.100.1")).await.is_ok());
}

/// On PostgreSQL each would be looked up.
#[tokio::test]
async fn a_budget_among_many_costs_no_more_than_one_among_few() {
    if on_postgres() {
        return;
    }
    let app = App::open(&fresh_database().await, clock()).await.expect("a database");
    let budgets = Budgets::new(MAX_POINTS);
    let spend = |from: u128| {
        let (app, budgets) = (&app, &budgets);
        async move {
            let started = std::time::Instant::now();
            for holder in from..from + 10_000 {
                budgets.spend(app, Uuid::from_u128(holder), 1).await.expect("a budget").expect("enough");
            }
            started.elapsed()
        }
    };
    let few = spend(0).await;
    spend(10_000).await;
    let many = spend(20_000).await;
    assert!(many < few * 20, "{few:?}, {many:?}");
}

/// On SQLite there is one instance.
#[tokio::test]
async fn instances_share_a_budget() {
    if !on_postgres() {
        return;
    }
    let database = fresh_database().await;
    let instances = [Instance::of(&database, &[]).await, Instance::of(&database, &[]).await];
    let (mut answered, here) = (0, at("192.0.2.1"));
    for time in 0..20 {
        answered += u64::from(instances[time % 2].ask(here).await.is_ok());
    }
    assert_eq!(answered, TIMES, "twenty operations are more than one budget has");
    // Small ones are paid out of shares; what one instance has taken is not there for the other.
    instances.iter().for_each(|instance| instance.wait(60));
    let small = "{ viewer { signedIn } groups(first: 100) { nodes { id } } }";
    let mut points = 0;
    for time in 0..2_400 {
        let (parts, body) = instances[time % 2].answer(here, small).await;
        if parts.status == StatusCode::OK {
            points += body["extensions"]["cost"]["points"].as_u64().expect("points");
        }
    }
    assert!(points <= MAX_POINTS && points > MAX_POINTS * 9 / 10, "{points}");
}
