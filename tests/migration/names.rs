//! Indexes, constraints and triggers have the same names on both databases: those of a list that is committed.

use std::collections::BTreeSet;

use samverkan::db::Db;

use super::{of_search, texts};
use crate::support::{TestApp, on_postgres};

/// The names, one a line, after what each is.
const COMMITTED: &str = include_str!("names.txt");

async fn names(db: &Db) -> BTreeSet<String> {
    if on_postgres() { on_postgresql(db).await } else { on_sqlite(db).await }
}

/// What PostgreSQL needs beside: an index under each key, a function under each rule, and a rule against TRUNCATE.
async fn on_postgresql(db: &Db) -> BTreeSet<String> {
    let listed = "SELECT 'constraint ' || conname FROM pg_constraint
         WHERE connamespace = current_schema()::regnamespace AND contype IN ('c', 'f', 'u')
         UNION ALL SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = current_schema()
         AND indexname NOT IN (SELECT conname FROM pg_constraint)
         UNION ALL SELECT 'rule ' || tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname NOT LIKE '%_truncate'";
    texts(db, listed).await.into_iter().collect()
}

/// SQLite names its constraints only in the text of the table, and has a trigger for each event. Its search indexes are tables, which
/// triggers keep up to date.
async fn on_sqlite(db: &Db) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for table in texts(db, "SELECT sql FROM sqlite_master WHERE type = 'table'").await {
        let after = table.split("CONSTRAINT ").skip(1);
        names.extend(after.filter_map(|rest| rest.split(' ').next()).map(|name| format!("constraint {name}")));
    }
    let indexes = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
         UNION ALL SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'";
    for index in texts(db, indexes).await {
        names.insert(format!("index {index}"));
    }
    for trigger in texts(db, "SELECT name FROM sqlite_master WHERE type = 'trigger'").await {
        let (rule, event) = trigger.rsplit_once('_').unwrap_or_default();
        assert!(matches!(event, "insert" | "update" | "delete"), "{trigger}");
        if !of_search(rule) {
            names.insert(format!("rule {rule}"));
        }
    }
    names
}

#[tokio::test]
async fn names_are_those_of_the_list_on_either_database() {
    let found = names(&TestApp::empty().await.app.db).await;
    let committed: BTreeSet<String> = COMMITTED.lines().map(str::to_owned).collect();
    let more: Vec<_> = found.difference(&committed).collect();
    let fewer: Vec<_> = committed.difference(&found).collect();
    assert!(more.is_empty() && fewer.is_empty(), "not in tests/migration/names.txt: {more:#?}\nonly there: {fewer:#?}");
}

#[test]
fn the_list_is_in_order_and_has_no_name_twice() {
    let lines: Vec<&str> = COMMITTED.lines().collect();
    assert!(lines.windows(2).all(|pair| pair[0] < pair[1]), "sort -u mends it");
    let names: BTreeSet<&str> = lines.iter().filter_map(|line| line.split(' ').nth(1)).collect();
    assert_eq!(names.len(), lines.len(), "a name for two things");
}
