//! Relating groups to groups and to organisations, and ending that.

use serde_json::{Value, json};

use super::changes::{WORLD, id, organisation, refused_or_done};
use crate::support::{Client, TestApp, all};

const RELATED: &str = r#"
[[group]]
key = "rad"
name = "Rådet"
kind = "COUNCIL"
from = "2012-01-01"
until = "2030-01-01"
relations = [{ kind = "SERVES", organisation = "bracke", from = "2013-01-01" }]
[[group]]
key = "under-radet"
name = "Under rådet"
kind = "WORKING_GROUP"
relations = [{ kind = "SERVES", organisation = "krokom" }]
"#;

const FIELDS: &str = "relation { id version kind period { from until } group { slug relations { id } }
    target { ... on Group { slug } ... on Organisation { slug } } } change { id verb reason }";

async fn relation(client: &Client, slug: &str) -> Value {
    let fields =
        "relations { id version period { until } target { ... on Group { slug } ... on Organisation { slug } } }";
    client.ask(&format!("{{ group(by: {{slug: \"{slug}\"}}) {{ {fields} }} }}")).await["group"]["relations"].take()
}

#[tokio::test]
async fn a_group_comes_to_serve_and_ceases() {
    let app = TestApp::of(&format!("{WORLD}{RELATED}")).await;
    let client = app.administrator();
    let (college, council) = (id(&client, "college").await, id(&client, "rad").await);
    let input = json!({ "group": college, "kind": "SERVES", "to": { "group": council }, "reason": "Beslut", "idempotencyKey": "a" });
    let payload = client.done("relateGroups", input.clone(), FIELDS).await;
    let made = &payload["relation"];
    assert_eq!(
        made["period"],
        json!({ "from": "2026-11-21", "until": "2030-01-01" }),
        "as long as the council is there"
    );
    assert_eq!((&made["group"]["slug"], &made["target"]["slug"]), (&json!("college"), &json!("rad")));
    assert_eq!(made["group"]["relations"], json!([{ "id": made["id"] }]));
    assert_eq!((&payload["change"]["verb"], &payload["change"]["reason"]), (&json!("relateGroups"), &json!("Beslut")));
    assert_eq!(client.done("relateGroups", input, FIELDS).await, payload, "once");
    assert_eq!(all(&relation(&client, "rad").await, "*.target.slug"), ["rad", "bracke"], "both ends know");

    let ended = json!({ "relation": made["id"], "expectedVersion": 1, "until": "2026-11-01" });
    assert_eq!(client.refused("endRelation", ended).await["rule"], "PERIOD_EMPTY");
    let ended = json!({ "relation": made["id"], "expectedVersion": 1, "until": "2031-01-01" });
    assert_eq!(client.refused("endRelation", ended).await["path"], json!(["input", "until"]));
    let ended = json!({ "relation": made["id"], "expectedVersion": 1, "until": "2027-01-01", "reason": "Klart" });
    let payload = client.done("endRelation", ended.clone(), FIELDS).await;
    assert_eq!(
        (&payload["relation"]["period"]["until"], &payload["relation"]["version"]),
        (&json!("2027-01-01"), &json!(2))
    );
    assert_eq!((&payload["change"]["verb"], &payload["change"]["reason"]), (&json!("endRelation"), &json!("Klart")));
    let stale = client.refused("endRelation", ended).await;
    assert_eq!((&stale["currentVersion"], &stale["current"]["id"]), (&json!(2), &made["id"]));
}

#[tokio::test]
async fn a_relation_that_cannot_be_says_which_rule_and_where() {
    let app = TestApp::of(&format!("{WORLD}{RELATED}")).await;
    let client = app.administrator();
    let (college, council) = (id(&client, "college").await, id(&client, "rad").await);
    let bracke = organisation(&client, "bracke").await;
    for (group, kind, to, from, rule, on) in [
        (
            &college,
            "SERVES",
            json!({ "group": council }),
            json!("2030-01-01"),
            "GROUP_RELATION_OUTSIDE_GROUP",
            &council,
        ),
        (
            &college,
            "SERVES",
            json!({ "group": council }),
            json!("2014-12-31"),
            "GROUP_RELATION_OUTSIDE_GROUP",
            &college,
        ),
        (&college, "SERVES", json!({ "group": college }), Value::Null, "GROUP_RELATION_TO_ITSELF", &college),
        (
            &council,
            "SERVES",
            json!({ "organisation": bracke }),
            json!("2026-01-01"),
            "GROUP_RELATION_TWICE",
            &Value::Null,
        ),
    ] {
        let input = json!({ "group": group, "kind": kind, "to": to, "from": from });
        let error = client.refused("relateGroups", input).await;
        assert_eq!(error["rule"], rule, "{error:#}");
        assert!(on.is_null() || error["on"][0]["id"] == *on, "{error:#}");
    }
    for to in [json!({ "group": bracke }), json!({ "organisation": college })] {
        let error = client.refused("relateGroups", json!({ "group": college, "kind": "SERVES", "to": to })).await;
        let field = to.as_object().and_then(|to| to.keys().next().cloned());
        assert_eq!((&error["__typename"], &error["path"]), (&json!("NotFound"), &json!(["input", "to", field])));
    }
    // Who took over from whom holds for good: the one begins when the other is over.
    let input = json!({ "group": college, "kind": "SUCCEEDS", "to": { "group": council }, "from": "2030-01-01" });
    let payload = client.done("relateGroups", input, FIELDS).await;
    assert_eq!(payload["relation"]["period"], json!({ "from": "2030-01-01", "until": null }));
}

#[tokio::test]
async fn relations_that_were_made_by_hand_survive_the_documents() {
    let document = format!("{WORLD}{RELATED}");
    let app = TestApp::of(&document).await;
    let client = app.administrator();
    let input =
        json!({ "group": id(&client, "rad").await, "kind": "SERVES", "to": { "group": id(&client, "run").await } });
    client.done("relateGroups", input, FIELDS).await;
    let before = relation(&client, "rad").await;
    app.load(&document).await.expect("the documents");
    assert_eq!(relation(&client, "rad").await, before);
    app.load(
        &document
            .replace("relations = [{ kind = \"SERVES\", organisation = \"bracke\", from = \"2013-01-01\" }]\n", ""),
    )
    .await
    .expect("documents without the relation");
    assert_eq!(all(&relation(&client, "rad").await, "*.target.slug"), ["run"]);
}

#[tokio::test]
async fn a_group_is_related_by_who_keeps_it() {
    let app = TestApp::of(&format!("{WORLD}{RELATED}")).await;
    let admin = app.administrator();
    let (college, council, run) = (id(&admin, "college").await, id(&admin, "rad").await, id(&admin, "run").await);
    let (hidden, below) = (id(&admin, "hemlig").await, id(&admin, "styrgrupp").await);
    let coordinator = app.coordinator("college").await;
    let serve = |group: &Value, to: &Value| json!({ "group": group, "kind": "SERVES", "to": { "group": to } });
    for (group, to, refused, at) in [
        (&college, &council, None, ""),
        (&below, &college, None, ""),
        (&council, &college, Some("NotAllowed"), "group"),
        (&hidden, &college, Some("NotFound"), "group"),
        (&college, &hidden, Some("NotFound"), "to"),
    ] {
        refused_or_done(&coordinator, "relateGroups", serve(group, to), refused, at).await;
    }
    let other = relation(&admin, "under-radet").await[0]["id"].take();
    let own = admin.done("relateGroups", serve(&college, &run), FIELDS).await["relation"]["id"].take();
    let to_hidden = admin.done("relateGroups", serve(&college, &hidden), FIELDS).await["relation"]["id"].take();
    let from_hidden = admin.done("relateGroups", serve(&hidden, &college), FIELDS).await["relation"]["id"].take();
    let end = |relation: &Value| json!({ "relation": relation, "expectedVersion": 1, "until": "2027-01-01" });
    for (relation, refused) in
        [(&own, None), (&other, Some("NotAllowed")), (&to_hidden, Some("NotFound")), (&from_hidden, Some("NotFound"))]
    {
        refused_or_done(&coordinator, "endRelation", end(relation), refused, "relation").await;
    }
    let seen = coordinator
        .ask_with("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": [own, to_hidden] }))
        .await;
    assert_eq!(seen["nodes"], json!([{ "id": own }, null]));
    for client in [app.representative("bracke").await, app.signed_in("somebody", Vec::new()), app.public()] {
        let end = format!(
            "mutation {{ endRelation(input: {{ relation: {own}, expectedVersion: 1 }}) {{ change {{ id }} }} }}"
        );
        assert_eq!(client.code(&end).await, "FORBIDDEN");
        let relate = format!(
            "mutation {{ relateGroups(input: {{ group: {college}, kind: SERVES, to: {{ group: {run} }} }}) {{ change {{ id }} }} }}"
        );
        assert_eq!(client.code(&relate).await, "FORBIDDEN");
    }
}
