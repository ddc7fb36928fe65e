//! What operations cost: counted by hand, told and enforced, and never less than what comes.

mod budget;
mod random;

use std::time::{Duration, Instant};

use poem::http::{StatusCode, header};
use samverkan::config::MAX_POINTS;
use samverkan::db::Sql;
use samverkan::error::Code;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, on_postgres};

/// The `cost` of an answer.
async fn cost(client: &Client, query: &str, variables: Value) -> (u64, u64) {
    let answer = client.answer(query, variables).await;
    let cost = &answer["extensions"]["cost"];
    let count = |name: &str| cost[name].as_u64().unwrap_or_else(|| panic!("{query}: {answer}"));
    assert_eq!(count("points"), count("objects") + count("fields"));
    assert_eq!(count("limit"), MAX_POINTS);
    (count("objects"), count("fields"))
}

#[tokio::test]
async fn the_cost_is_what_the_directives_say() {
    let client = TestApp::demo().await.public();
    for (query, variables, objects, fields) in [
        ("{ __typename }", json!({}), 0, 0),
        ("{ viewer { signedIn } }", json!({}), 1, 1),
        // A page, 25 groups.
        ("{ groups { nodes { name } } }", json!({}), 26, 2),
        ("{ groups(first: 3) { nodes { name } } }", json!({}), 4, 2),
        ("{ groups(last: 4) { nodes { name } } }", json!({}), 5, 2),
        ("{ groups(first: 3) { edges { node { name } } pageInfo { hasNextPage } } }", json!({}), 8, 6),
        ("{ groups(first: 3) { totalCount } }", json!({}), 1, 51),
        // 3 groups, with a page each, and 2 members each, with a person each.
        ("{ groups(first: 3) { nodes { members(first: 2) { nodes { person { name } } } } } }", json!({}), 19, 14),
        // 3 groups with 50 sources each.
        ("{ groups(first: 3) { nodes { sources { quote } } } }", json!({}), 154, 5),
        ("query($n: Int) { groups(first: $n) { nodes { name } } }", json!({ "n": 7 }), 8, 2),
        ("query($n: Int = 5) { groups(first: $n) { nodes { name } } }", json!({}), 6, 2),
        ("query($n: Int) { groups(first: $n) { nodes { name } } }", json!({ "n": null }), 26, 2),
        // What is left out costs nothing.
        ("query($x: Boolean!) { viewer @include(if: $x) { signedIn } }", json!({ "x": false }), 0, 0),
        ("{ viewer @skip(if: true) { signedIn } }", json!({}), 0, 0),
        // Fragments, wherever they are spread; of several types the dearest.
        ("{ viewer { ...V } } fragment V on Viewer { person { name } ... { signedIn } }", json!({}), 2, 2),
        (
            r#"{ search(text: "ja", first: 2) { nodes { ... on Group { parent { name } } ... on Person { sources { quote } } } } }"#,
            json!({}),
            103,
            53,
        ),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ["x", "y", "z"] }), 3, 1),
        ("{ __schema { types { name } } }", json!({}), 0, 1000),
    ] {
        assert_eq!(cost(&client, query, variables.clone()).await, (objects, fields), "{query} {variables}");
    }
}

#[tokio::test]
async fn what_costs_too_much_is_not_answered_and_says_what_it_would_cost() {
    let app = TestApp::demo().await;
    let client = app.public();
    let dear = "{ groups(first: 100) { nodes { members(first: 100) { nodes { person { memberships(first: 100) { nodes { id } } } } } } } }";
    let before = app.app.db.statements();
    let answer = client.answer(dear, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], Code::TooCostly.as_str());
    assert!(answer.get("data").is_none(), "{answer}");
    // The groups' page and the groups; a page for each and its members; their people; a page for each and its memberships.
    assert_eq!(answer["extensions"]["cost"]["objects"], 1 + 100 + 100 + 2 * 10_000 + 10_000 + 1_000_000);
    assert_eq!(app.app.db.statements(), before, "nothing was read");
    // A number that the engine refuses changes nothing of that.
    let huge = dear.replace("first: 100", "first: 2000000000");
    let answer = client.answer(&huge, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], Code::TooCostly.as_str());
    let request =
        client.post(&json!({ "query": dear })).header(header::ACCEPT, "application/graphql-response+json").send().await;
    request.assert_status(StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_dry_run_tells_the_cost_and_does_nothing() {
    let app = TestApp::demo().await;
    let client = app.public();
    let before = app.app.db.statements();
    let request =
        client.post(&json!({ "query": "{ groups(first: 3) { nodes { name } } }" })).header("graphql-cost", "validate");
    let response = request.send().await;
    response.assert_status_is_ok();
    let cost = json!({ "objects": 4, "fields": 2, "points": 6, "limit": MAX_POINTS });
    response.assert_json(json!({ "extensions": { "cost": cost } })).await;
    assert_eq!(app.app.db.statements(), before, "nothing was read");
}

#[tokio::test]
async fn every_page_of_the_tests_can_be_afforded() {
    let client = TestApp::demo().await.public();
    for (page, query) in crate::statements::pages() {
        let (objects, fields) = cost(&client, query, json!({})).await;
        assert!(objects + fields <= MAX_POINTS, "{page}: {objects} objects, {fields} fields");
    }
}

/// What would never end is ended by the database: on SQLite when the request's time is up, on PostgreSQL when the statement's is.
#[tokio::test]
async fn a_statement_that_takes_too_long_is_cancelled_and_its_connection_lives_on() {
    let app = TestApp::demo().await.app;
    let endless = match on_postgres() {
        true => "SELECT pg_sleep(60)",
        false => "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
    };
    let (db, started) = (app.db.within(Duration::from_millis(300)), Instant::now());
    let failed = db.query(Sql::text(endless)).await.expect_err("too long");
    assert_eq!(failed.code(), Code::TimedOut);
    let limit = Duration::from_secs(if on_postgres() { 12 } else { 2 });
    assert!(started.elapsed() < limit, "{:?}", started.elapsed());
    for _ in 0..40 {
        assert_eq!(app.db.query(Sql::text("SELECT 1")).await.expect("an answer").len(), 1);
    }
}
