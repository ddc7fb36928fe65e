//! SQLite: the plan, and how many steps the virtual machine took, triggers included.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use samverkan::db::{Db, Sql};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Statement};

use super::{Cost, LARGE};

/// How often steps are counted.
const GRAIN: u64 = 10;
/// Steps that reading a row takes, with its comparisons and what is made of it.
const A_ROW: u64 = 8;

/// Steps after which a statement is given up.
const MOST: u64 = 3_000_000;

/// Counts the steps of the writing connection, of which there is one.
pub struct Steps(Arc<AtomicU64>);

impl Steps {
    /// From now on.
    pub async fn count(db: &Db) -> Self {
        let steps = Arc::new(AtomicU64::new(0));
        let counter = steps.clone();
        let mut connection = db.writer().get_sqlite_connection_pool().acquire().await.expect("the writing connection");
        let mut handle = connection.lock_handle().await.expect("its handle");
        handle.set_progress_handler(i32::try_from(GRAIN).expect("a number"), move || {
            counter.fetch_add(GRAIN, Ordering::Relaxed) < MOST
        });
        Self(steps)
    }
}

/// The tables with many rows.
pub async fn large(db: &Db) -> BTreeSet<String> {
    let listed = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%_search%'";
    let mut large = BTreeSet::new();
    for row in db.query(Sql::text(listed)).await.expect("tables") {
        let table: String = row.try_get_by_index(0).expect("a name");
        let counted = db.query(Sql::text(format!("SELECT count(*) FROM \"{table}\""))).await.expect("a count");
        if counted[0].try_get_by_index::<i64>(0).expect("a number").unsigned_abs() >= LARGE {
            large.insert(table);
        }
    }
    large
}

/// Does what the statement says, and tells what it cost.
pub async fn explain(
    transaction: &DatabaseTransaction,
    statement: &Statement,
    large: &BTreeSet<String>,
    steps: &Steps,
) -> Result<Cost, DbErr> {
    steps.0.store(0, Ordering::Relaxed);
    let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {}", statement.sql), ..statement.clone() };
    let lines = transaction.query_all_raw(explain).await?;
    let lines: Vec<String> = lines.iter().map(|row| row.try_get_by_index(3).expect("a line")).collect();
    steps.0.store(0, Ordering::Relaxed);
    let returned = match transaction.query_all_raw(statement.clone()).await {
        Ok(rows) => rows.len() as u64,
        Err(_) if steps.0.load(Ordering::Relaxed) >= MOST => 0,
        Err(error) => return Err(error),
    };
    let read = steps.0.load(Ordering::Relaxed) / A_ROW;
    let whole = lines.iter().filter_map(|line| whole(line, &statement.sql, large)).collect();
    Ok(Cost { returned, read, whole, plan: lines.join("\n") })
}

/// The large table that a line of a plan reads from beginning to end, or makes an index of for the while.
fn whole(line: &str, sql: &str, large: &BTreeSet<String>) -> Option<String> {
    let mut words = line.split_whitespace();
    let (how, alias) = (words.next()?, words.next()?);
    let without_index = how == "SCAN" && !line.contains(" INDEX ");
    if !without_index && !line.contains("AUTOMATIC") {
        return None;
    }
    let named = |table: &&String| {
        alias == *table || sql.contains(&format!(" {table} {alias}")) || sql.contains(&format!("\"{table}\" {alias}"))
    };
    large.iter().find(named).cloned()
}
