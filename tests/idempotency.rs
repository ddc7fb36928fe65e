//! Keys: the same request sent again does nothing again, for a day, and each identity has its own.

use samverkan::policy::Right;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::support::TestApp;

fn administrators() -> Vec<Right> {
    vec![Right { role: entity::values::Role::Administrator, place: None, grant: None }]
}

fn person(name: &str, key: &str) -> Value {
    json!({ "givenName": "Anna", "familyName": name, "idempotencyKey": key })
}

const PERSON: &str = "person { id } change { id }";

async fn people(app: &TestApp) -> Value {
    app.administrator().ask("{ people { totalCount } }").await["people"]["totalCount"].take()
}

#[tokio::test]
async fn a_key_is_remembered_for_a_day_and_by_whom_it_was_sent() {
    let app = TestApp::empty().await;
    let (ann, bo) = (app.signed_in("ann", administrators()), app.signed_in("bo", administrators()));
    let first = ann.done("createPerson", person("Ek", "k"), PERSON).await;
    assert_eq!(ann.done("createPerson", person("Ek", "k"), PERSON).await, first);
    assert_eq!(people(&app).await, json!(1));
    let other = ann.refused("createPerson", person("Alm", "k")).await;
    assert_eq!((&other["__typename"], &other["path"]), (&json!("KeyReused"), &json!(["input", "idempotencyKey"])));
    assert_ne!(bo.done("createPerson", person("Ek", "k"), PERSON).await, first, "another one's key");
    assert_eq!(people(&app).await, json!(2));
    for (hours, again) in [(23, true), (2, false)] {
        let later = format!("UPDATE idempotency SET at = at - {}", hours * 3_600_000_000_i64);
        app.app.db.writer().execute_unprepared(&later).await.expect("time passes");
        let sent = ann.done("createPerson", person("Ek", "k"), PERSON).await;
        assert_eq!(sent == first, again, "{hours}");
    }
    assert_eq!(people(&app).await, json!(3));
}

#[tokio::test]
async fn what_fails_takes_no_key_and_what_changes_nothing_does() {
    let app = TestApp::empty().await;
    let client = app.administrator();
    let refused =
        client.refused("createPerson", json!({ "givenName": "", "familyName": "Ek", "idempotencyKey": "k" })).await;
    assert_eq!(refused["code"], json!("INVALID_INPUT"));
    let made = client.done("createPerson", person("Ek", "k"), PERSON).await;
    let same =
        json!({ "person": made["person"]["id"], "expectedVersion": 1, "familyName": "Ek", "idempotencyKey": "same" });
    for _ in 0..2 {
        let nothing = client.done("updatePerson", same.clone(), PERSON).await;
        assert_eq!((&nothing["change"], &nothing["person"]), (&Value::Null, &made["person"]));
    }
}

#[tokio::test]
async fn keys_and_reasons_have_a_length() {
    let client = TestApp::empty().await.administrator();
    for (field, text) in
        [("idempotencyKey", String::new()), ("idempotencyKey", "k".repeat(101)), ("reason", "r".repeat(1001))]
    {
        let mut input = json!({ "givenName": "Anna", "familyName": "Ek" });
        input[field] = json!(text);
        let error = client.refused("createPerson", input).await;
        assert_eq!((&error["code"], &error["path"]), (&json!("INVALID_INPUT"), &json!(["input", field])));
    }
}
