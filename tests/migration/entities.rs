//! Entities agree with the tables.

use std::collections::{BTreeMap, BTreeSet};

use samverkan::db::Db;
use sea_orm::{ColumnTrait, EntityName, EntityTrait, IdenStatic, Iterable};

use super::{tables, texts};
use crate::support::{TestApp, on_postgres};

/// Tables of which there is no entity, because what is in them is asked and told in SQL alone: by `src/domain/budget.rs`.
const IN_SQL: [&str; 1] = ["budget"];

/// A column's name, and whether it may be null.
type Columns = BTreeSet<(String, bool)>;

fn of_entity<E: EntityTrait + EntityName>(entity: &E) -> (String, Columns) {
    let column = |column: E::Column| (column.as_str().to_owned(), column.def().is_null());
    (entity.table_name().to_owned(), E::Column::iter().map(column).collect())
}

macro_rules! of_entities {
    ($($noun:ident)+) => { BTreeMap::from([$(of_entity(&entity::$noun::Entity)),+]) };
}

fn entities() -> BTreeMap<String, Columns> {
    of_entities! {
        activity agreement agreement_party assignment attendance calendar change change_value contact_point document event event_organiser figure follow_up_item grant group group_relation idempotency identity indicator invitation meeting meeting_invitation membership organisation organisation_name person position priority project project_municipality project_partner reference result schedule schedule_group seat signing_key sitting sitting_group source substitution tenure trail_reader
    }
}

async fn of_table(db: &Db, table: &str) -> Columns {
    let listed = if on_postgres() {
        format!(
            "SELECT column_name || ' ' || is_nullable FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name = '{table}'"
        )
    } else {
        // A primary key of whole numbers is never null, though SQLite does not say so.
        format!(
            "SELECT name || ' ' || CASE WHEN \"notnull\" = 1 OR pk > 0 THEN 'NO' ELSE 'YES' END
             FROM pragma_table_info('{table}')"
        )
    };
    let lines = texts(db, &listed).await;
    let column = |line: &String| line.rsplit_once(' ').map(|(name, null)| (name.to_owned(), null == "YES"));
    lines.iter().filter_map(column).collect()
}

#[tokio::test]
async fn each_table_has_an_entity_with_its_columns() {
    let app = TestApp::empty().await;
    let mut found = BTreeMap::new();
    for table in tables(&app.app.db).await {
        let columns = of_table(&app.app.db, &table).await;
        assert!(!columns.is_empty(), "{table}");
        found.insert(table, columns);
    }
    let entities = entities();
    let told: BTreeSet<&str> = entities.keys().map(String::as_str).chain(IN_SQL).collect();
    assert_eq!(found.keys().map(String::as_str).collect::<BTreeSet<_>>(), told);
    assert_eq!(told.len(), entities.len() + IN_SQL.len(), "some table is told twice");
    for (table, columns) in entities {
        assert_eq!(found[&table], columns, "{table}: the table, and then the entity");
    }
}
