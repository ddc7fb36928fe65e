//! Every table can be made again from the trail alone.

use std::collections::BTreeMap;

use entity::change_value;
use proptest::test_runner::{Config, TestRunner};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder, TransactionTrait};
use serde_json::{Map, Value};

use super::edits::{Edit, edited, edits};
use crate::support::TestApp;

type Columns = Map<String, Value>;

fn columns(text: &Option<String>) -> Option<Columns> {
    text.as_ref().map(|text| serde_json::from_str(text).expect("JSON"))
}

macro_rules! tables {
    ($($table:ident)+) => {
        /// Does to a row what the trail says.
        async fn apply(db: &impl sea_orm::ConnectionTrait, change: &change_value::Model) {
            match change.row_table.as_str() {
                $(stringify!($table) => {
                    let there = entity::$table::Entity::find_by_id(change.row_id).one(db).await.expect("a row");
                    match (columns(&change.now), there) {
                        (Some(now), None) => {
                            let row: entity::$table::Model = serde_json::from_value(Value::Object(now)).expect("a whole row");
                            let row = row.into_active_model().reset_all();
                            entity::$table::Entity::insert(row).exec_without_returning(db).await.expect("a new row");
                        }
                        (Some(now), Some(there)) => {
                            let Value::Object(mut row) = serde_json::to_value(&there).expect("JSON") else { panic!("a row") };
                            for (column, before) in columns(&change.was).expect("what was") {
                                assert_eq!(row[&column], before, "{} {column}", change.row_table);
                            }
                            row.extend(now);
                            let row: entity::$table::Model = serde_json::from_value(Value::Object(row)).expect("a row");
                            row.into_active_model().reset_all().update(db).await.expect("a changed row");
                        }
                        (None, _) => {
                            entity::$table::Entity::delete_by_id(change.row_id).exec(db).await.expect("one row less");
                        }
                    }
                })+
                other => panic!("{other}: a table that this test does not know"),
            }
        }

        /// Everything in the directory, by table.
        async fn everything(app: &TestApp) -> BTreeMap<&'static str, Vec<String>> {
            let db = app.app.db.writer();
            let mut all = BTreeMap::new();
            $(
                let rows = entity::$table::Entity::find().all(db).await.expect("rows");
                let mut rows: Vec<String> = rows.iter().map(|row| serde_json::to_string(row).expect("JSON")).collect();
                rows.sort();
                all.insert(stringify!($table), rows);
            )+
            all
        }
    };
}

tables! {
    activity agreement agreement_party assignment attendance contact_point document event event_organiser figure follow_up_item grant group group_relation identity indicator invitation meeting
    membership organisation organisation_name person position priority project project_municipality project_partner reference result schedule schedule_group seat sitting sitting_group source substitution tenure
}

#[expect(clippy::disallowed_methods, reason = "a transaction on an empty database that nobody else knows")]
async fn replayed(app: &TestApp) -> TestApp {
    let copy = TestApp::empty().await;
    let trail = change_value::Entity::find().order_by_asc(change_value::Column::Id).all(app.app.db.writer()).await;
    let trail = trail.expect("the trail");
    for entry in trail.chunk_by(|one, next| one.seq == next.seq) {
        let transaction = copy.app.db.writer().begin().await.expect("a transaction");
        for change in entry {
            apply(&transaction, change).await;
        }
        transaction.commit().await.expect("an entry");
    }
    copy
}

async fn same_again(app: &TestApp) {
    let (made, again) = (everything(app).await, everything(&replayed(app).await).await);
    for (table, rows) in made {
        assert_eq!(rows, again[table], "{table}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demonstration_is_made_again_from_its_trail() {
    same_again(&TestApp::demo().await).await;
}

#[test]
fn whatever_is_edited_is_made_again_from_the_trail() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let well = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(Config { cases: 10, failure_persistence: None, ..Config::default() });
    let property = |edits: Vec<Edit>| {
        runtime.block_on(async {
            let (app, done) = edited(&edits).await;
            well.set(well.get() + done);
            same_again(&app).await;
        });
        Ok(())
    };
    runner.run(&edits(), property).expect("the same again");
    assert!(well.get() > 20, "of the edits only {} went well: nothing is proved", well.get());
}
