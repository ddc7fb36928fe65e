//! Requests that want to hurt: each is answered with its own code, at once, and the server lives.

use std::time::{Duration, Instant};

use poem::Endpoint;
use poem::http::{StatusCode, header};
use poem::test::{TestClient, TestResponse};
use samverkan::error::Code;
use samverkan::http::MAX_BODY;
use serde_json::{Value, json};

use super::sockets::{Served, answer, request};
use super::toy::{Toy, assert_refused, body_of, client};
use crate::guard::{fragment_bomb, list_bomb};

/// What a refusal may take, in an unoptimised build.
const AT_ONCE: Duration = Duration::from_millis(50);
/// A machine with other things to do gets another try.
const TRIES: usize = 20;

fn nest(before: &str, open: &str, inside: &str, close: &str, depth: usize, after: &str) -> String {
    format!("{before}{}{inside}{}{after}", open.repeat(depth), close.repeat(depth))
}

/// So many of what is made of a number.
fn many(number: usize, one: impl Fn(usize) -> String) -> String {
    (0..number).map(one).collect()
}

fn nested() -> Vec<(&'static str, String, Code)> {
    let deep = Code::NestedTooDeep;
    // A fragment for each level, and each level three fields deep.
    let chain = |length: usize| {
        let one = |i: usize| format!("fragment f{i} on Query {{ a {{ b {{ c {{ ...f{} }} }} }} }} ", i + 1);
        format!("{{ ...f0 }} {} fragment f{length} on Query {{ a }}", many(length, one))
    };
    vec![
        ("lists", list_bomb(), deep),
        ("lists without an end", "{ a(b: ".to_owned() + &"[".repeat(100_000), deep),
        ("objects", nest("{ a(b: ", "{c:", "1", "}", 1500, ") }"), deep),
        ("lists and objects", nest("{ a(b: ", "[{c:", "1", "}]", 700, ") }"), deep),
        ("a default value", nest("query($v: T = ", "[", "1", "]", 1500, ") { a }"), deep),
        ("an object as default", nest("query($v: T = ", "{c:", "1", "}", 1500, ") { a }"), deep),
        ("a type", nest("query($v: ", "[", "T", "]", 1500, ") { a }"), deep),
        ("a type that is never null", nest("query($v: ", "[", "T!", "]!", 900, ") { a }"), deep),
        ("selections", nest("", "{a", "", "}", 1500, ""), deep),
        ("selections of a mutation", nest("mutation ", "{a", "", "}", 1500, ""), deep),
        ("inline fragments", nest("", "{...", "{a}", "}", 1500, ""), deep),
        ("typed inline fragments", nest("", "{... on Query", "{a}", "}", 600, ""), deep),
        ("a directive's argument", nest("{ a @d(b: ", "[", "1", "]", 1500, ") }"), deep),
        ("a variable's directive", nest("query($v: T @d(b: ", "[", "1", "]", 1500, ")) { a }"), deep),
        ("nothing but brackets", "(".repeat(100_000), deep),
        ("just within brackets", nest("", "{...", "{a}", "}", 40, ""), deep),
        ("fields", nest("", "{a", "", "}", 13, ""), Code::TooDeep),
        ("fields through fragments", chain(6), Code::TooDeep),
        ("selections through fragments", chain(12), deep),
        ("introspection", nest("{__schema{types", "{ofType", "{name}", "}", 15, "}}"), Code::TooDeep),
    ]
}

fn fragments() -> Vec<(&'static str, String, Code)> {
    let (roots, fields, cycle) = (Code::TooManyRootFields, Code::TooManyFields, Code::FragmentCycle);
    let bomb = fragment_bomb(29);
    let inline = fragment_bomb(27).replace("{ ...f0 }", "{ ... on Query { ... { ...f0 } } }");
    let below = bomb.replace("{ ...f0 }", "{ a { ...f0 } }");
    let wide = |root: &str| format!("{root} fragment w on T {{ {} }}", "a ".repeat(100));
    let circle = many(14, |i| format!("fragment f{i} on T {{ a {{ ...f{} }} }} ", (i + 1) % 14));
    vec![
        ("a bomb", fragment_bomb(30), roots),
        ("a bomb as long as can be", fragment_bomb(49), Code::NestedTooDeep),
        ("a bomb below a field", below.clone(), fields),
        ("a bomb behind inline fragments", inline, roots),
        ("a bomb in a mutation", format!("mutation {bomb}"), roots),
        ("a bomb in a subscription", format!("subscription {bomb}"), roots),
        ("a bomb that nobody throws", bomb.replace("{ ...f0 }", "{ zebra }"), Code::ValidationFailed),
        ("a bomb in the operation that is not meant", format!("query Other {below}"), fields),
        ("a bomb of aliases", below.replace("__typename", "b: __typename"), Code::TooManyAliases),
        ("a bomb of directives", below.replace("__typename", "__typename @d"), Code::TooManyDirectives),
        ("a wide one", wide(&format!("{{ a {{ {} }} }}", "...w ".repeat(100))), fields),
        ("a wide one at the root", wide("{ ...w }"), roots),
        ("one in itself", "{ ...A } fragment A on Query { ...A }".to_owned(), cycle),
        ("a circle", format!("{{ ...f0 }} {circle}"), cycle),
        ("a circle that nobody enters", format!("{{ zebra }} {circle}"), cycle),
        ("a circle behind inline fragments", "{...A} fragment A on T { ... { ... @d { ...A } } }".to_owned(), cycle),
        (
            "many",
            format!("{{ zebra }} {}", many(51, |i| format!("fragment f{i} on T {{ a }} "))),
            Code::TooManyFragments,
        ),
        ("the same twice", "{ ...A } fragment A on T { a } fragment A on T { a }".to_owned(), Code::SyntaxError),
        ("one that is not there", "{ ...A }".to_owned(), Code::ValidationFailed),
    ]
}

fn floods() -> Vec<(&'static str, String, Code)> {
    let (tokens, aliases, directives) = (Code::TooManyTokens, Code::TooManyAliases, Code::TooManyDirectives);
    let marks = "@d ".repeat(51);
    vec![
        ("aliases", format!("{{ f {{ {} }} }}", many(51, |i| format!("a{i}: zebra "))), aliases),
        ("the same alias", format!("{{ f {{ {} }} }}", "a: zebra ".repeat(51)), aliases),
        ("root fields", format!("{{ {} }}", "zebra ".repeat(21)), Code::TooManyRootFields),
        ("root fields of a mutation", format!("mutation {{ {} }}", "bump ".repeat(21)), Code::TooManyRootFields),
        ("directives on a field", format!("{{ zebra {marks} }}"), directives),
        ("on an operation", format!("query {marks} {{ zebra }}"), directives),
        ("on a variable", format!("query($v: Int {marks}) {{ zebra }}"), directives),
        ("on variables", format!("query({}) {{ zebra }}", many(51, |i| format!("$v{i}: Int @d "))), directives),
        ("on a fragment", format!("{{ ...A }} fragment A on Query {marks} {{ zebra }}"), directives),
        ("on a spread", format!("{{ ...A {marks} }} fragment A on Query {{ zebra }}"), directives),
        ("on an inline fragment", format!("{{ ... {marks} {{ zebra }} }}"), directives),
        ("fields", format!("{{ {} }}", "zebra ".repeat(40_000)), tokens),
        ("arguments", format!("{{ apple({}) }}", "count: 1 ".repeat(20_000)), tokens),
        ("arguments as many as can be", format!("{{ apple({}) }}", "x: 1 ".repeat(600)), Code::ValidationFailed),
        ("variables", format!("query({}) {{ zebra }}", many(10_000, |i| format!("$v{i}: Int "))), tokens),
        (
            "variables as many as can be",
            format!("query({}) {{ zebra }}", "$v: Int ".repeat(450)),
            Code::ValidationFailed,
        ),
        ("elements", format!("{{ apple(count: [{}]) }}", "1 ".repeat(100_000)), tokens),
        ("spreads", format!("{{ {} }}", "...A ".repeat(40_000)), tokens),
        ("dots", "...".repeat(80_000), tokens),
        ("single dots", ".".repeat(200_000), tokens),
        ("exclamation marks", "!".repeat(200_000), tokens),
        ("empty strings", format!("{{ apple(count: [{}]) }}", "\"\"".repeat(50_000)), tokens),
        ("operations", many(5_000, |i| format!("query Q{i} {{ zebra }} ")), tokens),
        ("operations as many as can be", many(390, |i| format!("query Q{i} {{ zebra }} ")), Code::UnknownOperation),
        ("operations of one name", "query Q { zebra } ".repeat(300), Code::SyntaxError),
        ("operations without a name", "{ zebra } ".repeat(300), Code::SyntaxError),
    ]
}

/// More than the parser is given, and less than a body holds.
fn long() -> Vec<(&'static str, String, Code)> {
    let filled = |piece: &str| piece.repeat(100_000 / piece.len());
    let long = |what, before: &str, piece, after: &str| {
        (what, format!("{before}{}{after}", filled(piece)), Code::DocumentTooLong)
    };
    vec![
        long("a comment that does not end", "{ zebra } #", "x", ""),
        long("comments without end", "", "#\n", "{ zebra }"),
        long("a long string", "{ apple(count: \"", "x", "\") }"),
        long("a long block string", "{ apple(count: \"\"\"", "x\n", "\"\"\") }"),
        long("a long number", "{ apple(count: ", "9", ") }"),
        long("a long name", "{ ", "x", " }"),
        long("white space without end", "{ zebra", " ", "}"),
        long("commas without end", "{ zebra", ",", "}"),
    ]
}

fn letters() -> Vec<(&'static str, String, Code)> {
    let (syntax, invalid) = (Code::SyntaxError, Code::ValidationFailed);
    let count = |value: &str| format!("{{ apple(count: {value}) }}");
    let filled = |piece: &str| piece.repeat(8_000 / piece.len());
    vec![
        ("nothing", String::new(), syntax),
        ("only comments", filled("# {\n"), syntax),
        ("only byte order marks", filled("\u{feff}"), syntax),
        ("only commas", filled(","), syntax),
        ("a huge number", count(&filled("9")), syntax),
        ("a huge negative number", count(&format!("-{}", filled("9"))), syntax),
        ("a huge fraction", count(&format!("0.{}", filled("9"))), invalid),
        ("a huge exponent", count("1e999999999"), syntax),
        ("a number with leading zeros", count(&filled("0")), syntax),
        ("a huge string", count(&format!("\"{}\"", filled("x"))), invalid),
        ("a huge block string", count(&format!("\"\"\"{}\"\"\"", filled("x\n"))), invalid),
        ("a block string of quotes", count(&format!("\"\"\"{}\"\"\"", filled("\\\"\"\""))), invalid),
        ("escapes", count(&format!("\"{}\"", filled("\\u00e5"))), invalid),
        ("half a surrogate", count("\"\\ud800\""), syntax),
        ("half an escape", count("\"\\u12\""), syntax),
        ("no such escape", count("\"\\x41\""), syntax),
        ("a string that is not closed", count(&format!("\"{}", filled("x"))), syntax),
        ("a block string that is not closed", count(&format!("\"\"\"{}", filled("\"\" "))), syntax),
        ("a huge name", format!("{{ {} }}", filled("x")), invalid),
        ("a huge enum value", count(&filled("X")), invalid),
        ("a huge directive", format!("{{ zebra @{} }}", filled("x")), invalid),
        ("a name with å", "{ zébra }".to_owned(), syntax),
        ("a null byte", "{ zebra\0 }".to_owned(), syntax),
        ("null bytes", filled("\0"), Code::TooManyTokens),
        ("a null byte in a string", count("\"\0\""), invalid),
        ("emoji", filled("💥"), Code::TooManyTokens),
        ("text from right to left", "{ \u{202e}zebra }".to_owned(), syntax),
        ("a definition", "type Query { zebra: Int }".to_owned(), syntax),
    ]
}

/// A line of the table that `cargo test --test proof hostile -- --nocapture` prints to standard error: what was sent, what came back, and how
/// soon.
async fn tell(what: &str, sent: usize, mut response: TestResponse, took: Duration) -> TestResponse {
    let body = response.0.take_body().into_vec().await.expect("a body");
    let answer: Value = serde_json::from_slice(&body).expect("JSON");
    let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("answered");
    let (status, took) = (response.0.status().as_u16(), took.as_secs_f64() * 1000.0);
    eprintln!("| {what} | {sent} B | {status} | {code} | {took:.1} ms |");
    response.0.set_body(body);
    response
}

/// The answer, and that it came at once.
async fn at_once(what: &str, client: &TestClient<impl Endpoint>, body: &[u8]) -> TestResponse {
    let mut times = Vec::new();
    for _ in 0..TRIES {
        let request = client.post("/graphql").content_type("application/json").body(body.to_vec());
        let started = Instant::now();
        let response = request.send().await;
        let took = started.elapsed();
        if took < AT_ONCE {
            return tell(what, body.len(), response, took).await;
        }
        times.push(took);
        tokio::time::sleep(AT_ONCE).await;
    }
    panic!("{what} took {times:?}");
}

/// Posts documents, each of which is refused with its code and nothing else.
async fn refuse(documents: Vec<(&'static str, String, Code)>) {
    let client = client(&Toy::default());
    let mut wrong = Vec::new();
    for (what, query, code) in documents {
        let body = json!({ "query": query }).to_string();
        let body = body_of(at_once(what, &client, body.as_bytes()).await).await;
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        let codes: Vec<&Value> = errors.iter().map(|error| &error["extensions"]["code"]).collect();
        let refused = (1..=5).contains(&codes.len()) && codes.iter().all(|own| **own == code.as_str());
        if !refused || body.get("data").is_some() {
            wrong.push(format!("{what}: {codes:?}, not {code:?}: {:.200}", body.to_string()));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    lives(&client).await;
}

async fn lives(client: &TestClient<impl Endpoint>) {
    let response = client.post("/graphql").body_json(&json!({ "query": "{ zebra }" })).send().await;
    assert_eq!(body_of(response).await, json!({ "data": { "zebra": 1 } }));
}

#[tokio::test]
async fn what_is_nested_is_refused() {
    refuse(nested()).await;
}

#[tokio::test]
async fn what_explodes_is_refused() {
    refuse(fragments()).await;
}

#[tokio::test]
async fn what_floods_is_refused() {
    refuse(floods()).await;
}

#[tokio::test]
async fn what_is_too_long_is_refused() {
    refuse(long()).await;
}

#[tokio::test]
async fn what_is_not_a_document_is_refused() {
    refuse(letters()).await;
}

/// What looks the same and is harmless is answered.
#[tokio::test]
async fn what_is_only_odd_is_answered() {
    let client = client(&Toy::default());
    let hidden = "{[(".repeat(2_000);
    for (what, query) in [
        ("a comment", format!("#{hidden}\n{{ zebra }}")),
        ("byte order marks", format!("{}{{ zebra }}", "\u{feff}".repeat(3_000))),
        ("commas", format!("{{{}zebra{}}}", ",".repeat(3_000), ",".repeat(3_000))),
        ("directives that change nothing", "{ zebra @skip(if: false) ... @include(if: true) { zebra } }".to_owned()),
        ("the same field", "{ zebra zebra zebra zebra }".to_owned()),
    ] {
        let response = at_once(what, &client, json!({ "query": query }).to_string().as_bytes()).await;
        assert_eq!(body_of(response).await, json!({ "data": { "zebra": 1 } }), "{what}");
    }
    let operations = many(100, |i| format!("query Q{i} {{ zebra }} "));
    let body = json!({ "query": operations, "operationName": "Q99" }).to_string();
    let response = at_once("operations", &client, body.as_bytes()).await;
    assert_eq!(body_of(response).await, json!({ "data": { "zebra": 1 } }));
}

fn bodies() -> Vec<(&'static str, Vec<u8>, Code)> {
    let (bad, deep) = (Code::BadRequest, Code::NestedTooDeep);
    let brackets = |open: &str, close: &str| open.repeat(30_000) + &close.repeat(30_000);
    let with = |name: &str, value: &str| format!(r#"{{"query": "{{ zebra }}", "{name}": {value}}}"#).into_bytes();
    vec![
        ("invalid UTF-8", b"{\"query\": \"{ zebra \xff}\"}".to_vec(), bad),
        ("overlong UTF-8", b"{\"query\": \"{ zebra \xc0\x80}\"}".to_vec(), bad),
        ("a byte order mark", b"\xef\xbb\xbf{\"query\": \"{ zebra }\"}".to_vec(), bad),
        ("UTF-16", "{\"query\": \"{ zebra }\"}".encode_utf16().flat_map(u16::to_le_bytes).collect(), bad),
        ("null bytes", vec![0; 100_000], bad),
        ("half a surrogate", br#"{"query": "\ud800"}"#.to_vec(), bad),
        ("a number beyond all", with("variables", r#"{"n": 1e999}"#), bad),
        ("deep lists", brackets("[", "]").into_bytes(), deep),
        ("deep objects", brackets("{\"a\":", "}").into_bytes(), deep),
        ("brackets without an end", vec![b'['; 200_000], deep),
        ("deep variables", with("variables", &format!(r#"{{"n": {}}}"#, brackets("[", "]"))), deep),
        ("deep extensions", with("extensions", &format!(r#"{{"n": {}}}"#, brackets("[", "]"))), deep),
        ("variables as text", with("variables", r#""{}""#), bad),
        ("an operationName of another kind", with("operationName", r#"["A"]"#), bad),
        (
            "a huge operationName",
            with("operationName", &format!("\"{}\"", "x".repeat(100_000))),
            Code::UnknownOperation,
        ),
        (
            "a batch",
            format!("[{}]", vec![r#"{"query": "{ zebra }"}"#; 5_000].join(",")).into_bytes(),
            Code::BatchNotSupported,
        ),
        ("a batch of nothing", format!("[{}]", vec!["[]"; 50_000].join(",")).into_bytes(), Code::BatchNotSupported),
        ("a body that is too long", vec![b' '; MAX_BODY + 1], Code::BodyTooLarge),
        (
            "the last of two queries",
            br#"{"query": "{ zebra }", "query": "{ nothing }"}"#.to_vec(),
            Code::ValidationFailed,
        ),
    ]
}

#[tokio::test]
async fn what_is_not_a_request_is_refused() {
    let client = client(&Toy::default());
    for (what, body, code) in bodies() {
        let response = at_once(what, &client, &body).await;
        let status = match code {
            Code::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Code::UnknownOperation | Code::ValidationFailed => StatusCode::OK,
            _ => StatusCode::BAD_REQUEST,
        };
        assert_eq!(response.0.status(), status, "{what}");
        assert_refused(response, status, code).await;
    }
    lives(&client).await;
}

#[tokio::test]
async fn variables_that_do_not_fit_are_refused_however_many() {
    let client = client(&Toy::default());
    let query = "query($n: Int) { apple(count: $n) }";
    for (what, n) in [
        ("a list", json!(vec![1; 10_000])),
        ("lists", json!(vec![[[[1]]]; 2_000])),
        ("an object", (0..5_000).map(|i| (i.to_string(), json!(i))).collect::<serde_json::Map<_, _>>().into()),
        ("a text", json!("x".repeat(200_000))),
        ("a number that is too big", json!(u64::MAX)),
        ("a fraction", json!(1.5)),
    ] {
        let body = json!({ "query": query, "variables": { "n": n } }).to_string();
        let response = at_once(what, &client, body.as_bytes()).await;
        assert_refused(response, StatusCode::OK, Code::ValidationFailed).await;
    }
    let unknown: serde_json::Map<String, Value> = (0..2_000).map(|i| (format!("v{i}"), json!(i))).collect();
    let body = json!({ "query": query, "variables": unknown, "extensions": unknown }).to_string();
    let response = at_once("variables that nobody asked for", &client, body.as_bytes()).await;
    assert_eq!(body_of(response).await, json!({ "data": { "apple": 2 } }));
}

#[tokio::test]
async fn a_url_is_as_hostile_as_a_body() {
    let client = client(&Toy::default());
    let deep = "[".repeat(10_000);
    for (what, parameters, code) in [
        ("deep variables", vec![("query", "{zebra}"), ("variables", deep.as_str())], Code::NestedTooDeep),
        ("deep extensions", vec![("query", "{zebra}"), ("extensions", deep.as_str())], Code::NestedTooDeep),
        ("half an object", vec![("query", "{zebra}"), ("variables", "{")], Code::BadRequest),
        ("a list", vec![("query", "{zebra}"), ("variables", "[]")], Code::BadRequest),
        ("two queries", vec![("query", "{zebra}"), ("query", "{nothing}")], Code::BadRequest),
        ("no query", vec![("variables", "{}")], Code::BadRequest),
    ] {
        let request = client.get("/graphql").header(header::ACCEPT, super::toy::GRAPHQL_RESPONSE);
        let length = parameters.iter().map(|(_, value)| value.len()).sum();
        let request = parameters.into_iter().fold(request, |request, (name, value)| request.query(name, &value));
        let started = Instant::now();
        let response = request.send().await;
        let took = started.elapsed();
        assert!(took < 4 * AT_ONCE, "{what} took {took:?}");
        let response = tell(what, length, response, took).await;
        assert_refused(response, StatusCode::BAD_REQUEST, code).await;
    }
    let killer = client.get("/graphql").query("query", &list_bomb()).send().await;
    assert_refused(killer, StatusCode::OK, Code::NestedTooDeep).await;
    let invalid = client.get("/graphql?query=%7Bzebra%ff%7D").send().await;
    assert_refused(invalid, StatusCode::OK, Code::SyntaxError).await;
    lives(&client).await;
}

#[test]
fn a_url_that_is_too_long_ends_at_the_socket() {
    let server = Served::start();
    for length in [40_000, 70_000, 400_000] {
        let answer = answer(&server.say(&request(&format!("/graphql?query=%7Bzebra%7D&x={}", "y".repeat(length)))));
        let answer = answer.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 431") || answer.starts_with("HTTP/1.1 414"), "{answer}");
    }
    let short = server.get(&format!("/graphql?query=%7Bzebra%7D&x={}", "y".repeat(20_000))).expect("an answer");
    assert!(short.ends_with(r#"{"data":{"zebra":1}}"#), "{short}");
}
