//! The record of a small world, and what tests of it share.

use entity::values::{GlobalId, SubjectKind, Term};
use sea_orm::prelude::Uuid;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use super::{Client, TestApp, all};

/// See its first lines.
pub const WORLD: &str = include_str!("record.toml");

/// The directory that holds it.
pub async fn world() -> TestApp {
    TestApp::of(WORLD).await
}

/// The id of a row of a table, by its slug or, where it has none, its name; whoever may see it.
pub async fn id(app: &TestApp, table: &str, name: &str) -> Value {
    let column = match table {
        "organisation" | "group" | "document" => "slug",
        "person" => "given_name",
        _ => "name",
    };
    let db = app.app.db.writer();
    let query = format!("SELECT id FROM \"{table}\" WHERE {column} = '{name}'");
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), query)).await.expect("a query");
    let row = row.unwrap_or_else(|| panic!("no {table} {name}"));
    let id: Uuid = row.try_get("", "id").expect("an id");
    json!(GlobalId { kind: SubjectKind::parse(&table.to_uppercase()), id, lens: None }.to_string())
}

/// An input with more fields, or with others in their place.
pub fn with(mut input: Value, more: Value) -> Value {
    input.as_object_mut().expect("an input").extend(more.as_object().cloned().expect("fields"));
    input
}

/// What a node says.
pub async fn node(client: &Client, id: &Value, kind: &str, fields: &str) -> Value {
    client.ask(&format!("{{ node(id: {id}) {{ ... on {kind} {{ {fields} }} }} }}")).await["node"].take()
}

/// Every organisation whose representative there can be, the group whose coordinator there can be, and others: who asks.
pub async fn everybody(app: &TestApp) -> Vec<(&'static str, Client)> {
    vec![
        ("public", app.public()),
        ("reader", app.signed_in("reader", Vec::new())),
        ("auditor", app.auditor()),
        ("administrator", app.administrator()),
        ("region", app.representative("region").await),
        ("unit", app.representative("regional-utveckling").await),
        ("krokom", app.representative("krokom").await),
        ("berg", app.representative("berg").await),
        ("run", app.coordinator("run").await),
        ("college", app.coordinator("college").await),
        ("annan", app.coordinator("annan").await),
    ]
}

/// What comes of it when somebody tries what nobody can: an input that is refused after the asker has been let through, as its version is stale
/// or a name in it is empty. "through", the name of another failure, or the code of the error.
pub async fn tried(client: &Client, mutation: &str, input: &Value) -> String {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let errors = "errors { __typename ... on NotAllowed { roles } }";
    let query = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {errors} }} }}");
    let answer = client.answer(&query, json!({ "input": input })).await;
    if let Some(code) = answer["errors"][0]["extensions"]["code"].as_str() {
        return code.to_owned();
    }
    let failure = &answer["data"][mutation]["errors"][0];
    match failure["__typename"].as_str().expect("a failure") {
        "VersionConflict" | "InvalidInput" => "through".to_owned(),
        "NotAllowed" => {
            assert!(failure["roles"].as_array().is_some_and(|roles| !roles.is_empty()), "it says who may");
            "NotAllowed".to_owned()
        }
        other => other.to_owned(),
    }
}

/// Asserts who may: those who are named and administrators are let through, the others are answered as they are listed, or with FORBIDDEN.
pub async fn may(app: &TestApp, mutation: &str, input: &Value, through: &[&str], others: &[(&str, &[&str])]) {
    let before = trail(app).await;
    for (who, client) in everybody(app).await {
        let other = others.iter().find(|(_, names)| names.contains(&who)).map_or("FORBIDDEN", |(answer, _)| answer);
        let expected = if who == "administrator" || through.contains(&who) { "through" } else { other };
        assert_eq!(tried(&client, mutation, input).await, expected, "{mutation} by {who}");
    }
    assert_eq!(trail(app).await, before, "{mutation} changed something");
}

/// How much has been changed so far.
pub async fn trail(app: &TestApp) -> Value {
    app.administrator().ask("{ changes { totalCount } }").await["changes"]["totalCount"].take()
}

/// The verbs in the history of a node as somebody sees it.
pub async fn history(client: &Client, id: &Value, kind: &str) -> Vec<String> {
    all(&node(client, id, kind, "history { nodes { verb } }").await, "history.nodes.*.verb")
}
