//! Variables without a value: what they stand in is not given, and null is null.

use serde_json::{Value, json};

use crate::support::TestApp;

const WORLD: &str = r#"
[[group]]
key = "run"
name = "Regionalt utvecklingsnätverk"
shortName = "RUN"
purpose = "Utveckling"
kind = "NETWORK"
from = "2018-01-01"
"#;

#[tokio::test]
async fn a_change_leaves_alone_what_has_no_value_and_clears_what_is_null() {
    let app = TestApp::of(WORLD).await;
    let administrator = app.administrator();
    let change = "mutation($group: ID!, $version: Int!, $name: String, $shortName: String, $purpose: String) {
      updateGroup(input: {group: $group, expectedVersion: $version, name: $name, shortName: $shortName, purpose: $purpose}) {
        group { name shortName purpose } errors { ... on UserError { message } } } }";
    let named = administrator.ask(r#"{ group(by: {slug: "run"}) { id version } }"#).await;
    let variables = json!({ "group": named["group"]["id"], "version": named["group"]["version"], "name": "RUN-nätverket",
        "shortName": null });
    let answer = administrator.ask_with(change, variables).await;
    assert_eq!(
        answer["updateGroup"],
        json!({ "group": { "name": "RUN-nätverket", "shortName": null, "purpose": "Utveckling" }, "errors": [] })
    );
}

#[tokio::test]
async fn a_default_holds_where_a_variable_has_no_value() {
    let app = TestApp::of(WORLD).await;
    let public = app.public();
    let inside = "plannedDays(recurrence: \"FREQ=MONTHLY;COUNT=3\", from: \"2027-01-01\"";
    let without = public.ask(&format!("{{ {inside}) {{ day }} }}")).await;
    let query =
        format!("query($except: [Date!], $extra: [Date!]) {{ {inside}, except: $except, extra: $extra) {{ day }} }}");
    assert_eq!(public.ask_with(&query, json!({})).await, without);
    let query = format!(
        "query A($except: [Date!]) {{ ...F }} query B($except: [Date!]) {{ ...F }} fragment F on Query {{ {inside}, except: $except) {{ day }} }}"
    );
    let body = json!({ "query": query, "operationName": "B" });
    let answer: Value =
        serde_json::from_str(&public.post(&body).send().await.0.into_body().into_string().await.expect("text"))
            .expect("JSON");
    assert_eq!(answer["data"], without, "{answer:#}");
}

#[tokio::test]
async fn what_else_uses_the_variable_still_does() {
    let app = TestApp::of(WORLD).await;
    let public = app.public();
    // An element is null, which a list of what is never null does not take.
    let query = "query($id: ID) { nodes(ids: [$id]) { id } }";
    let answer = public.answer(query, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "VALIDATION_FAILED", "{answer:#}");
    // One that nothing uses is refused, also beside one that is left out.
    let query = "query($first: Int, $unused: Int) { groups(first: $first) { totalCount } }";
    let answer = public.answer(query, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "VALIDATION_FAILED", "{answer:#}");
    let query =
        "query($text: String, $kind: GroupKind) { groups(filter: {text: $text, kinds: [$kind]}) { totalCount } }";
    let answer = public.answer(query, json!({ "kind": "NETWORK" })).await;
    assert_eq!(answer["data"], json!({ "groups": { "totalCount": 1 } }), "{answer:#}");
    // What must be given, is.
    let query = "query($ids: [ID!]) { nodes(ids: $ids) { id } }";
    let answer = public.answer(query, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "VALIDATION_FAILED", "{answer:#}");
}
