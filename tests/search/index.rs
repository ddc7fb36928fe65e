//! A text of three signs or more is looked up in an index, which holds what the tables hold and no more.

use samverkan::app::App;
use samverkan::db::{Db, Sql};
use samverkan::domain::filter;
use samverkan::domain::search::{ALL, hits};
use sea_orm::ConnectionTrait;

use crate::support::{TestApp, clock, on_postgres};

/// Those that are searched.
const TABLES: [&str; 4] = ["group", "organisation_name", "person", "position"];

/// What the database says that it will do.
async fn plan(db: &Db, statement: Sql) -> Vec<String> {
    let (explain, column) = if on_postgres() { ("EXPLAIN", 0) } else { ("EXPLAIN QUERY PLAN", 3) };
    let rows = db.query(Sql::from(explain).then(statement)).await.expect("a plan");
    rows.iter().map(|row| row.try_get_by_index(column).expect("a line")).collect()
}

/// The same database, whose tables PostgreSQL reads whole only where nothing else is left: these are so small that it would.
async fn rather_by_index(app: TestApp) -> TestApp {
    if !on_postgres() {
        return app;
    }
    let name = app.url.rsplit_once('/').expect("postgres://…/database").1;
    let set = format!("ALTER DATABASE {name} SET enable_seqscan = off");
    app.app.db.writer().execute_unprepared(&set).await.expect(&set);
    TestApp::new(App::open(&app.url, clock()).await.expect("the same database"), app.url)
}

/// The search indexes hold a row for each searched row, and none for one that is gone. PostgreSQL sees to that by itself.
pub async fn in_step(app: &TestApp) {
    if on_postgres() {
        return;
    }
    for table in TABLES {
        let rows = format!("SELECT id, search_key FROM \"{table}\"");
        let entries = format!("SELECT row_id, search_key FROM {table}_search_entry");
        for difference in [format!("{rows} EXCEPT {entries}"), format!("{entries} EXCEPT {rows}")] {
            let found = app.app.db.query(Sql::text(&difference)).await.expect("rows");
            assert_eq!(found.len(), 0, "{difference}");
        }
        let check = format!("INSERT INTO {table}_search ({table}_search, rank) VALUES ('integrity-check', 1)");
        app.app.db.writer().execute_unprepared(&check).await.expect(&check);
    }
}

/// How many lines of the plan look into the search index of the table, and those that read a whole table.
fn told(plan: &[String], table: &str) -> (usize, Vec<String>) {
    let (index, whole) = if on_postgres() {
        (format!("Bitmap Index Scan on {table}_search "), "Seq Scan on ")
    } else {
        (format!("SCAN {table}_search VIRTUAL TABLE INDEX 0:L"), "SCAN ")
    };
    let read = |line: &&String| line.contains(whole) && !line.contains("_search VIRTUAL") && !line.contains("SCAN hit");
    (plan.iter().filter(|line| line.contains(&index)).count(), plan.iter().filter(read).cloned().collect())
}

#[tokio::test]
async fn search_looks_into_the_index_of_each_table_once() {
    let app = rather_by_index(TestApp::demo_copy().await).await;
    let view = app.signed_in("reader", Vec::new()).view();
    let searched = hits(&view, "berg", &ALL).expect("something to search among").joins;
    let plan = plan(&app.app.db, Sql::from("SELECT * FROM").then(searched)).await;
    for table in TABLES {
        assert_eq!(told(&plan, table), (1, Vec::new()), "{table} in {plan:#?}");
    }
}

#[tokio::test]
async fn a_filter_looks_into_the_index_from_three_signs_on() {
    let app = rather_by_index(TestApp::demo_copy().await).await;
    let view = app.signed_in("reader", Vec::new()).view();
    for table in TABLES {
        for (text, looks) in [("berg", 1), ("ber", 1), ("be", 0)] {
            let select = Sql::from(format!("SELECT a.id FROM \"{table}\" a WHERE"));
            let plan = plan(&app.app.db, select.then(filter::text(&view, table, "a", text))).await;
            assert_eq!(told(&plan, table), (looks, Vec::new()), "{text} in {table}: {plan:#?}");
        }
    }
}
