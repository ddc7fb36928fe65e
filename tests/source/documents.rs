//! Entering documents and changing them, and who may.

use serde_json::{Value, json};

use crate::support::record::{everybody, id, node, trail, tried, with, world};

const FIELDS: &str = "document { id slug title publisher date url note version } change { verb }";

#[tokio::test]
async fn a_document_is_entered_once_and_changed_by_administrators() {
    let app = world().await;
    let client = app.coordinator("annan").await;
    let input = json!({ "slug": "protokoll", "title": " Protokollet ", "publisher": "Regionen", "date": "2026-02-01",
        "url": "https://example.org/protokoll", "note": "Ett utdrag", "idempotencyKey": "one" });
    let payload = client.done("createDocument", input.clone(), FIELDS).await;
    let told = json!({ "id": payload["document"]["id"], "slug": "protokoll", "title": "Protokollet", "publisher": "Regionen", "date": "2026-02-01",
        "url": "https://example.org/protokoll", "note": "Ett utdrag", "version": 1 });
    assert_eq!((&payload["document"], &payload["change"]["verb"]), (&told, &json!("createDocument")));
    let before = trail(&app).await;
    assert_eq!(client.done("createDocument", input.clone(), FIELDS).await, payload);
    assert_eq!(
        client.refused("createDocument", with(input, json!({ "title": "Annat" }))).await["__typename"],
        "KeyReused"
    );
    assert_eq!(trail(&app).await, before);
    let fields = "id slug title publisher date url note version";
    assert_eq!(node(&app.public(), &told["id"], "Document", fields).await, told);
    let query = format!(
        "{{ document(by: {{slug: \"protokoll\"}}) {{ {fields} }} documents {{ totalCount nodes {{ slug }} }} }}"
    );
    let found = app.public().ask(&query).await;
    assert_eq!((&found["document"], &found["documents"]["totalCount"]), (&told, &json!(2)));

    let administrator = app.administrator();
    let about = |version: i32, more: Value| with(json!({ "document": told["id"], "expectedVersion": version }), more);
    let done =
        administrator.done("updateDocument", about(1, json!({ "title": "Utdraget", "note": null })), FIELDS).await;
    assert_eq!(done["document"], with(told.clone(), json!({ "title": "Utdraget", "note": null, "version": 2 })));
    let stale = administrator.refused("updateDocument", about(1, json!({ "title": "Sen" }))).await;
    assert_eq!((&stale["currentVersion"], &stale["current"]["id"]), (&json!(2), &told["id"]));
    let same = administrator.done("updateDocument", about(2, json!({ "title": "Utdraget" })), FIELDS).await;
    assert_eq!((&same["document"]["version"], &same["change"]), (&json!(2), &Value::Null));
    let cleared = about(2, json!({ "slug": "utdrag", "publisher": null, "date": null, "url": null }));
    let done = administrator.done("updateDocument", cleared, FIELDS).await["document"].take();
    let bare = json!({ "id": told["id"], "slug": "utdrag", "title": "Utdraget", "publisher": null, "date": null, "url": null, "note": null, "version": 3 });
    assert_eq!(done, bare);
    assert_eq!(app.public().ask("{ document(by: {slug: \"protokoll\"}) { id } }").await["document"], Value::Null);
}

#[tokio::test]
async fn who_keeps_something_enters_documents_and_administrators_alone_change_them() {
    let app = world().await;
    let before = trail(&app).await;
    let (new, known) = (
        json!({ "slug": "ny", "title": " " }),
        json!({ "document": id(&app, "document", "rapport").await, "expectedVersion": 99 }),
    );
    for (who, client) in everybody(&app).await {
        let enters = if ["public", "reader", "auditor"].contains(&who) { "FORBIDDEN" } else { "through" };
        assert_eq!(tried(&client, "createDocument", &new).await, enters, "{who}");
        let changes = if who == "administrator" { "through" } else { "FORBIDDEN" };
        assert_eq!(tried(&client, "updateDocument", &known).await, changes, "{who}");
    }
    assert_eq!(trail(&app).await, before);
}

#[tokio::test]
async fn what_a_document_cannot_be_is_said_with_its_place() {
    let app = world().await;
    let client = app.administrator();
    let known = client.done("createDocument", json!({ "slug": "protokoll", "title": "Protokollet" }), FIELDS).await;
    for (field, wrong, kind, rule) in [
        ("slug", json!("Stora Ö"), "InvalidInput", Value::Null),
        ("slug", json!("rapport"), "RuleBroken", json!("SLUG_TAKEN")),
        ("title", json!(" "), "InvalidInput", Value::Null),
        ("title", json!("x".repeat(201)), "InvalidInput", Value::Null),
        ("publisher", json!(""), "InvalidInput", Value::Null),
        ("url", json!("ftp://example.org"), "InvalidInput", Value::Null),
        ("note", json!(""), "InvalidInput", Value::Null),
    ] {
        let change = json!({ "document": known["document"]["id"], "expectedVersion": 1 });
        for (mutation, input) in
            [("createDocument", json!({ "slug": "ny", "title": "Ny" })), ("updateDocument", change)]
        {
            let error = client.refused(mutation, with(input, json!({ field: wrong }))).await;
            assert_eq!((&error["__typename"], &error["rule"]), (&json!(kind), &rule), "{mutation} {field}: {error:#}");
            assert_eq!(error["path"], json!(["input", field]), "{mutation}");
        }
    }
    let nothing = client.refused("updateDocument", json!({ "document": "nothing", "expectedVersion": 1 })).await;
    assert_eq!((&nothing["__typename"], &nothing["path"]), (&json!("NotFound"), &json!(["input", "document"])));
}
