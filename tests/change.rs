//! The trail: who did what, when, why, field by field; who may read it; and that it says everything.

mod edits;
mod replay;

use serde_json::{Value, json};

use crate::support::{Client, TestApp, all};

const WORLD: &str = r#"
[[organisation]]
key = "bracke"
kind = "MUNICIPALITY"
name = "Bräcke kommun"
[[person]]
key = "ann"
givenName = "Ann"
familyName = "Ek"
[[person]]
key = "bo"
givenName = "Bo"
familyName = "Ask"
[[person]]
key = "cia"
givenName = "Cia"
familyName = "Alm"
[[group]]
key = "run"
name = "RUN"
kind = "NETWORK"
[[group.seats]]
key = "bracke"
role = "MEMBER"
organisation = "bracke"
capacity = 2
[[group]]
key = "other"
name = "Annan"
kind = "NETWORK"
[[membership]]
seat = "run/bracke"
person = "ann"
from = "2020-01-01"
"#;

async fn member(client: &Client) -> Value {
    let query = r#"{ group(by: {slug: "run"}) { members { nodes { id version seat { id } } } } }"#;
    client.ask(query).await["group"]["members"]["nodes"][0].take()
}

async fn person(client: &Client, name: &str) -> Value {
    let query = "query($text: String!) { people(filter: {text: $text}) { nodes { id } } }";
    client.ask_with(query, json!({ "text": name })).await["people"]["nodes"][0]["id"].take()
}

async fn ended(client: &Client) -> Value {
    let member = member(client).await;
    let input = json!({ "membership": member["id"], "expectedVersion": member["version"], "until": "2026-12-01",
        "endReason": "Avsägelse", "reason": "Enligt mejl" });
    client.done("endMembership", input, "membership { id } change { id }").await
}

#[tokio::test]
async fn an_entry_says_who_when_what_why_and_each_field_before_and_after() {
    let app = TestApp::of(WORLD).await;
    let representative = app.representative("bracke").await;
    let done = ended(&representative).await;
    let query = "query($id: ID!) { node(id: $id) { ... on Change { at verb reason requestId command identity { issuer subject } person { name }
        onBehalfOf { name } subject { __typename id } effects { noun kind masked on { id } fields { name before after } } } } }";
    let entry = app.administrator().ask_with(query, json!({ "id": done["change"]["id"] })).await["node"].take();
    assert_eq!(
        entry["effects"][0],
        json!({ "noun": "membership", "kind": "CHANGED", "masked": false, "on": { "id": done["membership"]["id"] }, "fields": [
            { "name": "endReason", "before": null, "after": "Avsägelse" }, { "name": "until", "before": null, "after": "2026-12-01" }] })
    );
    assert!(entry["requestId"].as_str().is_some_and(|id| !id.is_empty()));
    for (field, expected) in [
        ("at", json!("2026-11-21T12:00:00+01:00")),
        ("verb", json!("endMembership")),
        ("reason", json!("Enligt mejl")),
        ("command", Value::Null),
        ("identity", json!({ "issuer": "test", "subject": "representative" })),
        ("onBehalfOf", json!({ "name": "Bräcke kommun" })),
        ("subject", json!({ "__typename": "Membership", "id": done["membership"]["id"] })),
    ] {
        assert_eq!(entry[field], expected, "{field}");
    }
}

#[tokio::test]
async fn the_trail_is_filtered_by_who_what_whom_and_when() {
    let app = TestApp::of(WORLD).await;
    let (administrator, representative) = (app.administrator(), app.representative("bracke").await);
    let done = ended(&representative).await;
    let bracke =
        administrator.ask(r#"{ organisation(by: {slug: "bracke"}) { id } }"#).await["organisation"]["id"].take();
    let identity = administrator.ask("{ identities { nodes { id } } }").await["identities"]["nodes"][0]["id"].take();
    for (filter, count) in [
        (json!({ "verbs": ["endMembership"] }), 1),
        (json!({ "verbs": ["endMembership"], "command": "load" }), 0),
        (json!({ "of": done["membership"]["id"] }), 2),
        (json!({ "identity": identity }), 1),
        (json!({ "onBehalfOf": bracke }), 1),
        (json!({ "verbs": ["endMembership"], "since": "2026-11-21T12:00:00+01:00" }), 1),
        (json!({ "verbs": ["endMembership"], "before": "2026-11-21T12:00:00+01:00" }), 0),
    ] {
        let query = "query($filter: ChangeFilter) { changes(filter: $filter) { totalCount nodes { verb } } }";
        let found = administrator.ask_with(query, json!({ "filter": filter })).await;
        assert_eq!(found["changes"]["totalCount"], json!(count), "{filter}");
        assert_eq!(found["changes"]["nodes"].as_array().map(Vec::len), Some(count), "{filter}");
    }
}

#[tokio::test]
async fn history_is_for_who_may_change_the_thing_and_the_trail_for_auditors_and_administrators() {
    let app = TestApp::of(WORLD).await;
    ended(&app.administrator()).await;
    let history = r#"{ group(by: {slug: "run"}) { members { nodes { history { totalCount nodes { verb } } } } } }"#;
    let sees = json!({ "totalCount": 2, "nodes": [{ "verb": "endMembership" }, { "verb": "addMember" }] });
    let nothing = json!({ "totalCount": 0, "nodes": [] });
    for (client, expected, reads) in [
        (app.administrator(), &sees, true),
        (app.auditor(), &sees, true),
        (app.coordinator("run").await, &sees, false),
        (app.representative("bracke").await, &sees, false),
        (app.coordinator("other").await, &nothing, false),
        (app.signed_in("reader", vec![]), &nothing, false),
        (app.public(), &nothing, false),
    ] {
        let found = client.ask(history).await["group"]["members"]["nodes"][0]["history"].take();
        if found != Value::Null {
            assert_eq!(found, *expected);
        }
        assert_eq!(client.code("{ changes { totalCount } }").await, if reads { "" } else { "FORBIDDEN" });
    }
}

#[tokio::test]
async fn for_auditors_protected_people_are_masked() {
    let app = TestApp::of(WORLD).await;
    let administrator = app.administrator();
    let (seat, bo) = (member(&administrator).await["seat"]["id"].take(), person(&administrator, "Bo Ask").await);
    administrator.done("addMember", json!({ "seat": { "id": seat }, "person": bo }), "membership { id }").await;
    let protect = json!({ "person": bo, "expectedVersion": 1, "protected": true });
    administrator.done("protectPerson", protect, "change { id }").await;
    let query = r#"{ changes(first: 100) { nodes { verb effects { masked fields { name before after } } } } }"#;
    let (seen, masked) = (administrator.ask(query).await.to_string(), app.auditor().ask(query).await);
    assert!(seen.contains("\"Bo\"") && seen.contains("\"Ask\""));
    let text = masked.to_string();
    assert!(!text.contains("\"Bo\"") && !text.contains("\"Ask\"") && text.contains("\"Ann\""));
    let id = bo.as_str().expect("an id");
    assert!(seen.contains(id) && !text.contains(id), "not even their id");
    assert!(all(&masked, "changes.nodes.*.effects.*.masked").iter().any(|masked| masked == "true"));
}

/// All cursors of a list, page by page.
async fn walked(client: &Client, list: &str, size: usize) -> Vec<String> {
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let query = format!(
            "query($after: String) {{ {list}(first: {size}, after: $after) {{ totalCount edges {{ cursor }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let mut page = client.ask_with(&query, json!({ "after": after })).await[list].take();
        found.extend(all(&page, "edges.*.cursor"));
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            assert_eq!(page["totalCount"], json!(found.len()), "{list}");
            return found;
        }
        after = page["pageInfo"]["endCursor"].take();
    }
}

#[tokio::test]
async fn the_trail_grants_and_identities_are_read_page_by_page() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    for subject in ["a", "b", "c", "d", "e"] {
        let input = json!({ "identity": { "signIn": { "issuer": "i", "subject": subject } }, "role": "AUDITOR" });
        client.done("grantRole", input, "change { id }").await;
    }
    for (list, least) in [("changes", 12), ("grants", 5), ("identities", 6)] {
        let whole = walked(&client, list, 100).await;
        assert!(whole.len() >= least, "{list}: {}", whole.len());
        for size in [1, 2, 3] {
            assert_eq!(walked(&client, list, size).await, whole, "{list} by {size}");
        }
    }
}
