//! graphql-transport-ws and GraphQL over SSE, as their documents have them.

use std::time::Duration;

use poem::http::header;
use samverkan::config::{Connections, Http, MAX_POINTS};
use serde_json::{Value, json};

use super::World;
use super::live::Socket;
use crate::guard::{fragment_bomb, list_bomb};

const ASK: &str = "{ groups { totalCount } }";

/// A question with a long answer, so many times.
fn much(times: usize) -> String {
    let types = "__schema { types { name description fields { name description args { name description } } } }";
    let asked: String = (0..times).map(|number| format!("a{number}: {types} ")).collect();
    format!("{{ {asked} }}")
}

async fn opened(world: &World) -> Socket {
    world.live.open(None).await.expect("a socket")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_breaks_the_protocol_closes_the_socket_with_its_code() {
    let world = World::new().await;
    let (init, subscribe) =
        (json!({ "type": "connection_init" }), json!({ "id": "1", "type": "subscribe", "payload": { "query": ASK } }));
    let slow = super::changed(&format!(r#"(groups: ["{}"])"#, world.group("run").await));
    let waits = json!({ "id": "1", "type": "subscribe", "payload": { "query": slow } });
    let wrong = json!({ "type": "connection_init", "payload": { "Authorization": "Bearer nonsense" } });
    let unnamed = json!({ "id": "", "type": "subscribe", "payload": { "query": ASK } });
    let unknown = json!({ "type": "connection_start" });
    for (said, code) in [
        (vec![&unknown], 4400),
        (vec![&init, &unnamed], 4400),
        (vec![&subscribe], 4401),
        (vec![&wrong], 4403),
        (vec![], 4408),
        (vec![&init, &waits, &waits], 4409),
        (vec![&init, &init], 4429),
    ] {
        let mut socket = opened(&world).await;
        for message in &said {
            socket.say((*message).clone()).await;
        }
        let closed = loop {
            if let Err(code) = socket.heard().await {
                break code;
            }
        };
        assert_eq!(closed, code, "{said:?}");
    }
    for text in ["{", "[]", &"[".repeat(100)] {
        let mut socket = world.live.socket(None).await;
        socket.text(text.to_owned()).await;
        assert_eq!(socket.heard().await, Err(4400), "{text}");
    }
    let mut socket = world.live.socket(None).await;
    for number in 0..21 {
        socket.subscribe(&number.to_string(), &slow).await;
    }
    assert_eq!(socket.heard().await, Err(4429), "more operations than may be under way");
}

/// A minute's budget of a network comes to so many greetings.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_pays_for_greetings_that_prove_nothing() {
    let world = World::with(Http::default(), Some(MAX_POINTS)).await;
    let wrong = json!({ "type": "connection_init", "payload": { "Authorization": "Bearer nonsense" } });
    let mut forbidden = 0;
    let closed = loop {
        let mut socket = opened(&world).await;
        socket.say(wrong.clone()).await;
        match socket.heard().await.expect_err("nobody is let in") {
            4403 if forbidden < MAX_POINTS => forbidden += 1,
            closed => break closed,
        }
    };
    // Clients take it for final that they are forbidden, and come back after this.
    assert_eq!(closed, 1013);
    assert!((MAX_POINTS / 100..MAX_POINTS / 100 + 100).contains(&forbidden), "{forbidden}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queries_and_changes_are_answered_over_a_socket_by_the_rights_of_their_moment() {
    let world = World::new().await;
    let mut socket = world.live.socket(Some(&world.administrator)).await;
    socket.say(json!({ "type": "ping", "payload": {} })).await;
    assert_eq!(socket.heard().await, Ok(json!({ "type": "pong" })));
    socket.subscribe("q", ASK).await;
    let answer = socket.heard().await.expect("an answer");
    assert_eq!((&answer["id"], &answer["type"]), (&json!("q"), &json!("next")));
    assert_eq!(answer["payload"]["data"]["groups"]["totalCount"], 2);
    assert_eq!(socket.heard().await, Ok(json!({ "id": "q", "type": "complete" })));
    // The name is free again.
    let close = r#"mutation { createGroup(input: {name: "Ny", slug: "ny", kind: NETWORK}) { group { slug } errors { ... on UserError { message } } } }"#;
    socket.subscribe("q", close).await;
    let answer = socket.heard().await.expect("an answer");
    assert_eq!(answer["payload"]["data"]["createGroup"]["group"]["slug"], "ny", "{answer:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_over_http_is_refused_over_a_socket() {
    let world = World::new().await;
    let aliases: String = (0..51).map(|number| format!("a{number}: signedIn ")).collect();
    let (lists, fragments) = (list_bomb(), fragment_bomb(30));
    for (query, code) in [
        (lists.as_str(), "NESTED_TOO_DEEP"),
        (fragments.as_str(), "TOO_MANY_ROOT_FIELDS"),
        (&format!("{{ viewer {{ {aliases} }} }}"), "TOO_MANY_ALIASES"),
        ("{ nothing }", "VALIDATION_FAILED"),
        ("{", "SYNTAX_ERROR"),
        ("subscription { changed { cursor } viewer { signedIn } }", "VALIDATION_FAILED"),
        (
            "{ groups(first: 100) { nodes { members(first: 100) { nodes { person { memberships(first: 100) { nodes { id } } } } } } } }",
            "TOO_COSTLY",
        ),
    ] {
        let mut socket = world.live.socket(None).await;
        socket.subscribe("1", query).await;
        let begun = std::time::Instant::now();
        let message = socket.heard().await.expect("a message");
        assert!(begun.elapsed() < Duration::from_millis(500), "{:?} {code}", begun.elapsed());
        assert_eq!(message["type"], "error", "{message:#}");
        assert_eq!(message["payload"][0]["extensions"]["code"], code, "{message:#}");
    }
    let mut socket = world.live.socket(None).await;
    socket.say(json!({ "id": "1", "type": "subscribe", "payload": { "documentId": "sha256:0" } })).await;
    let message = socket.heard().await.expect("a message");
    assert_eq!(message["payload"][0]["extensions"]["code"], "UNKNOWN_DOCUMENT");
    // More than is read.
    let mut socket = world.live.socket(None).await;
    let long = json!({ "id": "1", "type": "subscribe", "payload": { "query": "#".repeat(300_000) } });
    assert!(!socket.try_text(&long.to_string()).await || socket.is_gone().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_other_origins_open_no_sockets() {
    let known = "https://www.example.org";
    let settings = Http { allowed_origins: vec![known.to_owned()], ..Http::default() };
    let world = World::with(settings, None).await;
    let own = format!("http://{}", world.live.address);
    for (origin, may) in [
        (None, true),
        (Some(known), true),
        (Some(own.as_str()), true),
        (Some("https://www.example.com"), false),
        (Some("null"), false),
    ] {
        assert_eq!(world.live.open(origin).await.err(), (!may).then_some(403), "{origin:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_are_for_who_asks_for_them() {
    let world = World::new().await;
    let query = super::changed(&format!(r#"(groups: ["{}"])"#, world.group("run").await));
    let answer = world.live.post(None, &query, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_ACCEPTABLE");
    let mut events = world.live.events(None, ASK).await;
    let told = |name: &str| events.response.headers().get(name).map(|value| value.to_str().expect("text").to_owned());
    assert_eq!(told(header::CONTENT_TYPE.as_str()).as_deref(), Some("text/event-stream; charset=utf-8"));
    assert_eq!(told(header::CONTENT_ENCODING.as_str()), None);
    let (name, data) = events.next().await.expect("an answer");
    assert_eq!((name.as_str(), &data["data"]["groups"]["totalCount"]), ("next", &json!(1)));
    assert_eq!(events.next().await, Some(("complete".to_owned(), Value::Null)));
    // Clients that would take events, too, get other answers as ever, and compressed.
    let request = reqwest::Client::new().post(format!("http://{}/graphql", world.live.address));
    let request = request.header("accept", "application/json, text/event-stream").header("accept-encoding", "gzip");
    let request = request.header("content-type", "application/json").body(json!({ "query": ASK }).to_string());
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.headers()["content-type"], "application/json; charset=utf-8");
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    let mut refused = world.live.events(None, "{").await;
    let (_, data) = refused.next().await.expect("an answer");
    assert_eq!(data["errors"][0]["extensions"]["code"], "SYNTAX_ERROR");
    assert_eq!(refused.next().await, Some(("complete".to_owned(), Value::Null)));
    let unknown = world.live.events(Some("nonsense"), ASK).await.response;
    assert_eq!(unknown.status(), 401);
}

/// Whoever asks for much and reads nothing is dropped when they have kept the server waiting long enough; others notice nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_is_dropped() {
    let connections = Connections { stall: Duration::from_millis(300), ..Connections::default() };
    let world = World::with(Http { connections, ..Http::default() }, None).await;
    let mut lazy = world.live.socket(Some(&world.administrator)).await;
    let much = much(1);
    let begun = std::time::Instant::now();
    let mut asked = 0;
    // A few answers are larger than what systems keep for a socket.
    while lazy
        .try_text(&json!({ "id": asked.to_string(), "type": "subscribe", "payload": { "query": much } }).to_string())
        .await
    {
        asked += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(begun.elapsed() < Duration::from_secs(10), "it is still listened to");
    }
    assert!(asked > 1);
    let mut other = world.live.socket(None).await;
    other.subscribe("1", ASK).await;
    assert_eq!(other.heard().await.expect("an answer")["type"], "next");
}

/// What waits to be sent when it is no longer wanted is not sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_wants_no_more_is_not_first_told_all_that_waits() {
    let world = World::new().await;
    let mut slow = world.live.narrow_socket(Some(&world.administrator)).await;
    let names: Vec<String> = (0..10).map(|number| number.to_string()).collect();
    for name in &names {
        slow.subscribe(name, &much(8)).await;
    }
    // Meanwhile the answers are written, until no more of them is taken.
    tokio::time::sleep(Duration::from_secs(2)).await;
    for name in &names {
        slow.say(json!({ "id": name, "type": "complete" })).await;
    }
    slow.subscribe("last", ASK).await;
    let mut told = 0;
    while slow.heard().await.expect("a message")["id"] != "last" {
        told += 1;
    }
    // Systems keep some of the ten answers and their ends.
    assert!(told < 2 * names.len(), "{told} messages were told");
}
