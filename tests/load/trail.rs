//! The trail of changes: what was written is on record, and stays there.

use std::collections::BTreeMap;

use entity::{change_value, group, membership, seat};
use samverkan::db::Sql;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use serde_json::{Map, Value};

use super::BASE;
use crate::support::TestApp;

/// How many entries the trail has.
pub async fn changes(app: &TestApp) -> i64 {
    number(app, "SELECT count(*) FROM change").await
}

async fn number(app: &TestApp, sql: &str) -> i64 {
    let rows = app.app.db.query(Sql::text(sql)).await.expect(sql);
    rows[0].try_get_by_index(0).expect("a number")
}

/// What an entry says of a row.
pub struct Written {
    pub verb: String,
    pub table: String,
    pub was: Option<String>,
    pub now: Option<String>,
    /// How many entries there were before.
    pub before: i64,
}

impl Written {
    /// The columns that changed.
    pub fn columns(&self) -> String {
        let columns = |text: &Option<String>| -> BTreeMap<String, Value> {
            serde_json::from_str(text.as_deref().unwrap_or("{}")).expect("a JSON object")
        };
        let (was, now) = (columns(&self.was), columns(&self.now));
        assert!(was.keys().eq(now.keys()), "the same before and after");
        let changed = now.into_iter().filter(|(column, value)| was[column] != *value);
        changed.map(|(column, _)| column).collect::<Vec<_>>().join(" ")
    }
}

/// The rows of the last entries.
pub async fn last_changes(app: &TestApp, entries: i64) -> Vec<Written> {
    let before = changes(app).await - entries;
    let sql = format!(
        "SELECT c.verb, v.row_table, v.was, v.now FROM change c JOIN change_value v ON v.seq = c.seq
         WHERE c.seq IN (SELECT seq FROM change ORDER BY seq DESC LIMIT {entries}) ORDER BY v.id"
    );
    let rows = app.app.db.query(Sql::text(sql)).await.expect("the trail");
    let text = |row: &sea_orm::QueryResult, place| row.try_get_by_index::<Option<String>>(place).expect("text");
    let written = |row| Written {
        verb: text(row, 0).unwrap_or_default(),
        table: text(row, 1).unwrap_or_default(),
        was: text(row, 2),
        now: text(row, 3),
        before,
    };
    rows.iter().map(written).collect()
}

const TABLES: [&str; 20] = [
    "attendance",
    "contact_point",
    "document",
    "figure",
    "group",
    "group_relation",
    "meeting",
    "membership",
    "organisation",
    "organisation_name",
    "person",
    "position",
    "schedule",
    "schedule_group",
    "seat",
    "sitting",
    "sitting_group",
    "source",
    "substitution",
    "tenure",
];

#[tokio::test]
async fn every_row_came_about_by_an_entry() {
    let app = TestApp::demo().await;
    for table in TABLES {
        let unrecorded = format!(
            "SELECT count(*) FROM \"{table}\" t WHERE NOT EXISTS (SELECT 1 FROM change_value v
             WHERE v.row_table = '{table}' AND v.row_id = t.id AND v.was IS NULL AND v.now IS NOT NULL)"
        );
        assert!(number(&app, &format!("SELECT count(*) FROM \"{table}\"")).await > 0, "{table}");
        assert_eq!(number(&app, &unrecorded).await, 0, "{table}");
    }
    let entries = "SELECT count(*) FROM change c WHERE NOT EXISTS (SELECT 1 FROM change_value v WHERE v.seq = c.seq)";
    assert_eq!(number(&app, entries).await, 0, "entries of nothing");
    assert_eq!(number(&app, "SELECT count(*) FROM change WHERE actor <> 'command:load'").await, 0);
}

#[tokio::test]
async fn the_trail_played_from_its_beginning_gives_the_rows() {
    let app = TestApp::demo().await;
    let db = app.app.db.writer();
    let mut rows = BTreeMap::new();
    rows.extend(group::Entity::find().all(db).await.expect("groups").iter().map(|row| (row.id, json_of(row))));
    rows.extend(seat::Entity::find().all(db).await.expect("seats").iter().map(|row| (row.id, json_of(row))));
    rows.extend(membership::Entity::find().all(db).await.expect("members").iter().map(|row| (row.id, json_of(row))));
    let mut played: BTreeMap<_, Value> = rows.keys().map(|id| (*id, Value::Object(Map::new()))).collect();
    let trail = change_value::Entity::find().order_by_asc(change_value::Column::Id).all(db).await.expect("the trail");
    for value in trail {
        let Some(row) = played.get_mut(&value.row_id).and_then(Value::as_object_mut) else { continue };
        let now = serde_json::from_str::<Map<String, Value>>(value.now.as_deref().unwrap_or("{}")).expect("an object");
        row.extend(now);
    }
    assert_eq!(played, rows);
}

fn json_of(row: &impl serde::Serialize) -> Value {
    serde_json::to_value(row).expect("JSON")
}

#[tokio::test]
async fn nobody_can_rewrite_the_trail() {
    let app = TestApp::of(BASE).await;
    let db = app.app.db.writer();
    let before = changes(&app).await;
    for (rule, statement) in [
        ("change_append_only", "UPDATE change SET actor = 'somebody else'"),
        ("change_append_only", "UPDATE change SET at = at"),
        ("change_append_only", "DELETE FROM change"),
        ("change_value_append_only", "DELETE FROM change_value"),
        ("change_value_append_only", "UPDATE change_value SET now = '{}'"),
        ("change_value_append_only", "UPDATE change_value SET was = NULL, now = NULL, row_table = 'person'"),
        ("change_value_append_only", "UPDATE change_value SET was = NULL, now = NULL, seq = seq + 1"),
    ] {
        let refused = db.execute_unprepared(statement).await.expect_err(statement).to_string();
        assert!(refused.contains(rule), "{statement}: {refused}");
    }
    assert_eq!(changes(&app).await, before);
    assert_eq!(number(&app, "SELECT count(*) FROM change_value WHERE now IS NULL").await, 0);
}

#[tokio::test]
async fn the_values_of_an_erased_subject_can_be_nulled() {
    let app = TestApp::of(BASE).await;
    let erase = "UPDATE change_value SET was = NULL, now = NULL WHERE row_table = 'person'";
    app.app.db.writer().execute_unprepared(erase).await.expect("an erasure");
    assert_eq!(number(&app, "SELECT count(*) FROM change_value WHERE now IS NULL").await, 2);
}
