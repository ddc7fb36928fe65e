//! Adding, changing and removing contact points.

use entity::values::Role;
use serde_json::{Value, json};

use crate::person::changes::{WORLD, changes, holding, id, representative};
use crate::support::{Client, TestApp, all};

const FIELDS: &str = "contactPoint { id kind value text label audience version period { from until } } change { verb }";

/// The contact points of a node.
async fn of(client: &Client, id: &Value) -> Value {
    let list = "contactPoints { id value version }";
    let kinds = ["Person", "Position", "Membership", "Seat", "Group", "Organisation"];
    let parts: String = kinds.iter().map(|kind| format!("... on {kind} {{ {list} }} ")).collect();
    client.ask(&format!("{{ node(id: {id}) {{ {parts} }} }}")).await["node"]["contactPoints"].take()
}

#[tokio::test]
async fn a_phone_number_is_added_as_it_is_written_and_changed_and_ended() {
    let app = TestApp::of(WORLD).await;
    let client = representative(&app, "Bräcke").await;
    let ann = id(&client, "Ann Ek").await;
    let input =
        json!({ "of": ann, "kind": "PHONE", "value": "0693-161 00 vx", "label": "Växel", "from": "2020-01-01" });
    let done = client.done("addContactPoint", input, FIELDS).await;
    let point = &done["contactPoint"];
    assert_eq!((&point["value"], &point["text"]), (&json!("+4669316100"), &json!("0693-161 00 vx")));
    assert_eq!((&point["audience"], &done["change"]["verb"]), (&json!("PUBLIC"), &json!("addContactPoint")));
    assert_eq!(
        all(&of(&client, &ann).await, "*.value"),
        ["ann@example.org", "+4663146619", "+4669316100"],
        "the last of its kind"
    );

    let update = json!({ "contactPoint": point["id"], "expectedVersion": 1, "value": "0693-162 00", "note": null, "label": null,
        "audience": "SIGNED_IN", "until": "2030-01-01" });
    let done = client.done("updateContactPoint", update.clone(), FIELDS).await;
    let expected = json!({ "id": point["id"], "kind": "PHONE", "value": "+4669316200", "text": "0693-162 00", "label": null,
        "audience": "SIGNED_IN", "version": 2, "period": { "from": "2020-01-01", "until": "2030-01-01" } });
    assert_eq!(done["contactPoint"], expected);
    assert_eq!(client.refused("updateContactPoint", update).await["currentVersion"], 2);
    let later = json!({ "contactPoint": point["id"], "expectedVersion": 2, "until": "2031-01-01" });
    assert_eq!(client.refused("removeContactPoint", later).await["path"], json!(["input", "until"]));
    let backwards = json!({ "contactPoint": point["id"], "expectedVersion": 2, "until": "2019-01-01" });
    assert_eq!(client.refused("removeContactPoint", backwards).await["rule"], "PERIOD_EMPTY");
    let remove = json!({ "contactPoint": point["id"], "expectedVersion": 2 });
    let done = client.done("removeContactPoint", remove, FIELDS).await;
    assert_eq!(done["contactPoint"]["period"]["until"], "2026-11-21");
    assert_eq!(of(&client, &ann).await.as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn what_has_not_been_there_before_today_is_taken_away() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let group = id(&client, "RUN").await;
    for from in ["2026-11-21", "2027-01-01"] {
        let input = json!({ "of": group, "kind": "EMAIL", "value": "run@example.org", "from": from });
        let point = client.done("addContactPoint", input, FIELDS).await["contactPoint"]["id"].take();
        let entries = changes(&app).await;
        let remove = json!({ "contactPoint": point, "expectedVersion": 1 });
        let done = client.done("removeContactPoint", remove.clone(), FIELDS).await;
        assert_eq!((&done["contactPoint"], &done["change"]["verb"]), (&Value::Null, &json!("removeContactPoint")));
        assert_eq!(changes(&app).await, entries + 1);
        assert_eq!(client.refused("removeContactPoint", remove).await["code"], "NOT_FOUND");
    }
    assert_eq!(of(&client, &group).await, json!([]));
}

#[tokio::test]
async fn everything_that_can_be_reached_takes_contact_points_and_nothing_else() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let query = "{ group(by: {slug: \"run\"}) { id members { nodes { id person { id } onBehalfOf { id } seat { id } } } meetings { nodes { id } } } }";
    let group = client.ask(query).await["group"].take();
    let member = &group["members"]["nodes"][0];
    let position = id(&client, "Kamrer").await;
    for subject in [
        &group["id"],
        &member["id"],
        &member["person"]["id"],
        &member["onBehalfOf"]["id"],
        &member["seat"]["id"],
        &position,
    ] {
        let input = json!({ "of": subject, "kind": "WEB", "value": "https://example.org/x" });
        let done = client.done("addContactPoint", input, FIELDS).await;
        assert!(of(&client, subject).await.to_string().contains("https://example.org/x"), "{done}");
    }
    let tenure = client.ask(&format!("{{ node(id: {position}) {{ ... on Position {{ holder {{ id }} }} }} }}")).await;
    for nothing in [&tenure["node"]["holder"]["id"], &json!("inget")] {
        let input = json!({ "of": nothing, "kind": "EMAIL", "value": "a@example.org" });
        let error = client.refused("addContactPoint", input).await;
        assert_eq!((&error["code"], &error["path"]), (&json!("NOT_FOUND"), &json!(["input", "of"])));
    }
    for (kind, value) in [("EMAIL", "inte"), ("PHONE", "12"), ("WEB", "ftp://x"), ("ADDRESS", " ")] {
        let error = client.refused("addContactPoint", json!({ "of": group["id"], "kind": kind, "value": value })).await;
        assert_eq!((&error["code"], &error["path"]), (&json!("INVALID_INPUT"), &json!(["input", "value"])), "{kind}");
    }
}

#[tokio::test]
async fn each_changes_only_what_is_theirs() {
    let app = TestApp::of(WORLD).await;
    let (client, admin) = (representative(&app, "Bräcke").await, app.administrator());
    let email = |of: &Value| json!({ "of": of, "kind": "EMAIL", "value": "x@example.org" });
    for theirs in ["Ann Ek", "Cia Alm", "Bräcke", "Chef"] {
        client.done("addContactPoint", email(&id(&admin, theirs).await), "contactPoint { id }").await;
    }
    for others in ["Bo Ask", "Dan Dal", "Krokom", "Kamrer", "RUN"] {
        let error = client.refused("addContactPoint", email(&id(&admin, others).await)).await;
        assert_eq!(error["code"], "NOT_ALLOWED", "{others}");
    }
    let bo = id(&admin, "Bo Ask").await;
    let point = admin.done("addContactPoint", email(&bo), FIELDS).await["contactPoint"]["id"].take();
    for (mutation, input) in [
        ("updateContactPoint", json!({ "contactPoint": point, "expectedVersion": 1, "value": "y@example.org" })),
        ("removeContactPoint", json!({ "contactPoint": point, "expectedVersion": 1 })),
    ] {
        let error = client.refused(mutation, input).await;
        assert_eq!((&error["code"], &error["path"]), (&json!("NOT_ALLOWED"), &json!(["input", "contactPoint"])));
    }
    let coordinator = holding(&app, Role::Coordinator, "RUN").await;
    coordinator.done("addContactPoint", email(&id(&admin, "RUN").await), "contactPoint { id }").await;
    assert_eq!(coordinator.refused("addContactPoint", email(&bo)).await["code"], "NOT_ALLOWED");
    let query = format!(
        "mutation {{ removeContactPoint(input: {{contactPoint: {point}, expectedVersion: 1}}) {{ errors {{ __typename }} }} }}"
    );
    for nobody in [app.public(), app.signed_in("somebody", Vec::new())] {
        assert_eq!(nobody.code(&query).await, "FORBIDDEN");
    }
}

#[tokio::test]
async fn what_one_may_not_see_one_neither_reads_nor_overwrites() {
    let app = TestApp::of(WORLD).await;
    let (client, admin) = (representative(&app, "Bräcke").await, app.administrator());
    let post = id(&admin, "Chef").await;
    assert_eq!(of(&client, &post).await, json!([]));
    let point = of(&admin, &post).await[0]["id"].take();
    let update = json!({ "contactPoint": point, "expectedVersion": 1, "value": "ny@example.org" });
    let remove = json!({ "contactPoint": point, "expectedVersion": 1 });
    for (mutation, input) in [("updateContactPoint", &update), ("removeContactPoint", &remove)] {
        let error = client.refused(mutation, input.clone()).await;
        assert_eq!((&error["code"], &error["path"]), (&json!("NOT_FOUND"), &json!(["input", "contactPoint"])));
    }
    let further = json!({ "of": post, "kind": "EMAIL", "value": "a@example.org", "audience": "ADMINISTRATORS" });
    let error = client.refused("addContactPoint", further).await;
    assert_eq!((&error["code"], &error["path"]), (&json!("NOT_ALLOWED"), &json!(["input", "audience"])));
    admin.done("updateContactPoint", update, "contactPoint { id }").await;
}
