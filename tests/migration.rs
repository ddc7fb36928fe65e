//! Migrations: up, down and up again, the same on both databases, and in step with the entities.

mod entities;
mod names;

use migration::{Migrator, MigratorTrait};
use samverkan::app::{self, App};
use samverkan::db::{Db, Sql};
use samverkan::{demo, domain};
use sea_orm::ConnectionTrait;

use crate::support::{TestApp, clock, fresh_database, on_postgres};

/// The texts in the first column.
async fn texts(db: &Db, sql: &str) -> Vec<String> {
    let rows = db.query(Sql::text(sql)).await.expect(sql);
    rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
}

/// All tables but the migrator's own, and those that SQLite's search indexes are made of: they say nothing that is not in a table.
async fn tables(db: &Db) -> Vec<String> {
    let listed = if on_postgres() {
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    };
    let mut tables = texts(db, listed).await;
    tables.retain(|table| table != "seaql_migrations" && !of_search(table));
    tables.sort();
    tables
}

/// Whether the name is that of a part of a search index.
fn of_search(name: &str) -> bool {
    name.ends_with("_search") || name.contains("_search_")
}

/// Everything that a migration makes, as the database describes it. PostgreSQL's extensions have functions of their own.
async fn description(db: &Db) -> Vec<String> {
    let listed = if on_postgres() {
        "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(collation_name, '')
         FROM information_schema.columns WHERE table_schema = current_schema()
         UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()
         UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
         UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
         UNION ALL SELECT prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
         AND oid NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e')"
    } else {
        "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master"
    };
    let mut lines = texts(db, listed).await;
    lines.sort();
    lines
}

async fn open(url: &str) -> App {
    App::open(url, clock()).await.expect("a database with its schema")
}

async fn load_demo(app: &App) -> String {
    let files = demo::FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    domain::load::files(app, files).await.expect("the demonstration").to_string()
}

async fn rows(db: &Db) -> Vec<(String, i64)> {
    let mut counted = Vec::new();
    for table in tables(db).await {
        let rows = db.query(Sql::text(format!("SELECT count(*) FROM \"{table}\""))).await.expect("a count");
        counted.push((table, rows[0].try_get_by_index(0).expect("a number")));
    }
    counted
}

#[tokio::test]
async fn migrations_go_up_and_down_and_up_again_with_data_in_place() {
    let TestApp { app, url, .. } = TestApp::empty().await;
    let made = description(&app.db).await;
    let first = load_demo(&app).await;
    let filled = rows(&app.db).await;
    let empty: Vec<&str> = filled.iter().filter(|(_, count)| *count == 0).map(|(table, _)| table.as_str()).collect();
    assert_eq!(
        empty,
        ["budget", "calendar", "grant", "idempotency", "identity", "invitation", "meeting_invitation", "trail_reader"],
        "a demonstration without accounts"
    );

    Migrator::down(app.db.writer(), None).await.expect("down, with data in place");
    assert_eq!(tables(&app.db).await, [""; 0]);
    let left: Vec<_> =
        description(&app.db).await.into_iter().filter(|line| !line.contains("seaql_migrations")).collect();
    assert!(left.iter().all(|line| line.contains("sqlite_")), "left behind: {left:#?}");

    app::migrate(&url, &clock()).await.expect("up again");
    assert_eq!(description(&app.db).await, made);
    assert_eq!(load_demo(&app).await, first);
    assert_eq!(rows(&app.db).await, filled);
}

#[tokio::test]
async fn what_was_there_before_the_search_indexes_is_found_after() {
    let app = TestApp::demo_copy().await;
    let query = r#"{ search(text: "demo", first: 100) { totalCount nodes { __typename } } }"#;
    let client = app.administrator();
    let found = client.ask(query).await;
    assert_ne!(found["search"]["totalCount"], 0);
    Migrator::down(app.app.db.writer(), Some(1)).await.expect("down by one");
    app::migrate(&app.url, &clock()).await.expect("up again");
    assert_eq!(client.ask(query).await, found);
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    let TestApp { app, url, .. } = TestApp::empty().await;
    load_demo(&app).await;
    let (made, filled) = (description(&app.db).await, rows(&app.db).await);
    app::migrate(&url, &clock()).await.expect("nothing to do");
    assert_eq!((description(&app.db).await, rows(&app.db).await), (made, filled));
}

#[tokio::test]
async fn a_database_without_a_schema_is_refused_with_what_to_do() {
    let url = fresh_database().await;
    let db = Db::connect(&url).await.expect("a database");
    Migrator::down(db.writer(), None).await.expect("down");
    for also in ["DELETE FROM seaql_migrations", "DROP TABLE seaql_migrations"] {
        db.writer().execute_unprepared(also).await.expect(also);
        let refused = App::open(&url, clock()).await.map(|_| ()).expect_err("a database without a schema");
        assert_eq!(refused.to_string(), "the database has no schema yet: run `samverkan migrate`", "{also}");
    }
    app::migrate(&url, &clock()).await.expect("migrations");
    open(&url).await;
}

#[tokio::test]
async fn a_database_with_an_older_schema_is_refused_with_what_to_do() {
    let TestApp { app, url, .. } = TestApp::empty().await;
    let older = "DELETE FROM seaql_migrations WHERE version = 'm20261121_000002_access'";
    app.db.writer().execute_unprepared(older).await.expect(older);
    let refused = App::open(&url, clock()).await.map(|_| ()).expect_err("an older schema");
    assert_eq!(refused.to_string(), "the database's schema is older: run `samverkan migrate`");
    assert!(app.ready().await.is_err(), "a server that runs notices");
}

#[tokio::test]
async fn a_newer_schema_still_holds_what_this_version_knows() {
    let TestApp { app, url, .. } = TestApp::empty().await;
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_after', 0)";
    app.db.writer().execute_unprepared(newer).await.expect(newer);
    open(&url).await;
}
