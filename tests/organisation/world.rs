//! A municipality with units, seats, posts and people, and those that it could go up in.

use entity::values::{GlobalId, Role};
use samverkan::db::Sql;
use samverkan::policy::Right;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Client, TestApp};

pub const WORLD: &str = r#"
[[organisation]]
key = "bracke"
kind = "MUNICIPALITY"
name = "Bräcke kommun"
shortName = "Bräcke"
organisationNumber = "212000-2460"
contactPoints = [{ kind = "EMAIL", value = "kommun@bracke.se" }]
[[organisation]]
key = "skolan"
kind = "UNIT"
name = "Skolan"
parent = "bracke"
[[organisation]]
key = "koket"
kind = "UNIT"
name = "Köket"
parent = "skolan"
[[organisation]]
key = "berg"
kind = "MUNICIPALITY"
name = "Bergs kommun"
[[organisation]]
key = "bergs-skola"
kind = "UNIT"
name = "Bergs skola"
parent = "berg"
[[organisation]]
key = "nya"
kind = "MUNICIPALITY"
name = "Nya kommunen"
from = "2020-01-01"
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
[[person]]
key = "dan"
givenName = "Dan"
familyName = "Lind"
[[position]]
title = "Chef"
organisation = "bracke"
from = "2010-01-01"
contactPoints = [{ kind = "EMAIL", value = "chef@bracke.se" }]
[[tenure]]
position = "bracke/chef"
person = "bo"
from = "2015-01-01"
until = "2028-01-01"
[[tenure]]
position = "bracke/chef"
person = "cia"
from = "2028-01-01"
[[position]]
title = "Kock"
organisation = "koket"
[[group]]
key = "run"
name = "RUN"
kind = "NETWORK"
from = "2010-01-01"
convener = "bracke"
relations = [{ kind = "SERVES", organisation = "bracke", from = "2012-01-01" }]
seats = [
  { key = "bracke", role = "MEMBER", organisation = "bracke", capacity = 1 },
  { key = "chef", role = "ADJUNCT", organisation = "bracke", fill = "EX_OFFICIO", position = "bracke/chef" },
  { key = "alone", role = "OBSERVER", fill = "EX_OFFICIO", position = "bracke/chef" },
  { key = "berg", role = "CHAIR", organisation = "berg", appointer = "bracke" },
  { key = "nya", role = "MEMBER", organisation = "nya", capacity = 1 },
]
[[membership]]
seat = "run/bracke"
person = "ann"
from = "2020-01-01"
until = "2029-01-01"
[[membership.substitutions]]
person = "cia"
[[membership]]
seat = "run/bracke"
person = "dan"
from = "2029-01-01"
[[membership]]
seat = "run/berg"
person = "dan"
onBehalfOf = "bracke"
from = "2020-01-01"
until = "2030-01-01"
[[membership.substitutions]]
person = "cia"
from = "2028-06-01"
"#;

/// An organisation's id, as the API gives it out.
pub async fn id(app: &TestApp, slug: &str) -> Value {
    find(app, slug).await["id"].take()
}

/// Its id and version.
pub async fn find(app: &TestApp, slug: &str) -> Value {
    let query = format!("{{ organisation(by: {{slug: \"{slug}\"}}) {{ id version }} }}");
    app.administrator().ask(&query).await["organisation"].take()
}

/// An input about an organisation in its present version.
pub async fn about(app: &TestApp, slug: &str, more: Value) -> Value {
    let found = find(app, slug).await;
    let mut input = json!({ "organisation": found["id"], "expectedVersion": found["version"] });
    for (field, value) in more.as_object().into_iter().flatten() {
        input[field] = value.clone();
    }
    input
}

pub fn uuid(id: &Value) -> Uuid {
    GlobalId::parse(id.as_str().expect("an id")).id
}

/// Somebody who represents an organisation.
pub async fn representative(app: &TestApp, slug: &str) -> Client {
    let place = Some(uuid(&id(app, slug).await));
    app.signed_in("representative", vec![Right { role: Role::Representative, place, grant: None }])
}

const TABLES: [&str; 13] = [
    "organisation",
    "organisation_name",
    "position",
    "tenure",
    "group",
    "group_relation",
    "seat",
    "membership",
    "substitution",
    "contact_point",
    "grant",
    "change",
    "idempotency",
];

/// How many rows each table has, and all versions and days in it: what no dry run and no refusal changes.
pub async fn whole(app: &TestApp) -> Value {
    let mut tables = json!({});
    for table in TABLES {
        let rows = match table {
            "change" | "idempotency" => format!("SELECT count(*) || '' FROM {table}"),
            "organisation_name" => {
                "SELECT name || ' ' || valid_from || ' ' || valid_until FROM organisation_name ORDER BY 1".into()
            }
            _ => format!("SELECT valid_from || ' ' || valid_until || ' ' || version FROM \"{table}\" ORDER BY 1"),
        };
        let rows = app.app.db.query(Sql::text(&rows)).await.expect(table);
        let rows: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect();
        tables[table] = json!(rows);
    }
    tables
}

/// The dry run of a mutation says which rows the real one then writes, and changes nothing itself.
pub async fn announced(app: &TestApp, mutation: &str, input: Value) {
    let client = app.administrator();
    let before = whole(app).await;
    let mut dry = input.clone();
    dry["dryRun"] = json!(true);
    let planned = client.done(mutation, dry, "organisation { id } change { id } plan { noun }").await;
    assert_eq!((&planned["organisation"], &planned["change"]), (&Value::Null, &Value::Null));
    assert_eq!(whole(app).await, before, "a dry run changes nothing");
    client.done(mutation, input, "change { id }").await;
    let written = "SELECT row_table FROM change_value WHERE seq = (SELECT max(seq) FROM change) AND row_table <> 'identity' ORDER BY id";
    let rows = app.app.db.query(Sql::text(written)).await.expect("the trail");
    let written: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect();
    assert_eq!(crate::support::all(&planned, "plan.*.noun"), written);
}
