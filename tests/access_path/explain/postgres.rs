//! PostgreSQL: a prepared statement with the plan that it has for all values, as the server asks, and the rows that each scan of it met.

use std::collections::BTreeSet;

use samverkan::db::{Db, Sql};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement, Value};
use serde_json::Value as Json;

use super::{Cost, LARGE};

/// The tables with many rows, as the statistics have it.
pub async fn large(db: &Db) -> BTreeSet<String> {
    let listed = format!("SELECT relname::text FROM pg_class WHERE relkind = 'r' AND reltuples >= {LARGE}");
    let rows = db.query(Sql::text(listed)).await.expect("tables");
    rows.iter().map(|row| row.try_get_by_index(0).expect("a name")).collect()
}

/// Does what the statement says, and tells what it cost.
pub async fn explain(
    transaction: &DatabaseTransaction,
    statement: &Statement,
    large: &BTreeSet<String>,
) -> Result<Cost, DbErr> {
    let values: Vec<(&str, String)> = statement.values.iter().flat_map(|values| &values.0).map(literal).collect();
    let types: Vec<&str> = values.iter().map(|(kind, _)| *kind).collect();
    let types = if types.is_empty() { String::new() } else { format!("({})", types.join(", ")) };
    let given: Vec<&str> = values.iter().map(|(_, literal)| literal.as_str()).collect();
    let given = if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) };
    transaction.execute_unprepared(&format!("PREPARE asked{types} AS {}", statement.sql)).await?;
    let explain = format!("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE asked{given}");
    let explained = Statement::from_string(DbBackend::Postgres, &explain);
    let row = transaction.query_one_raw(explained).await?.expect("a plan");
    let plan: Json = row.try_get_by_index(0).expect("JSON");
    transaction.execute_unprepared("DEALLOCATE asked").await?;
    let plan = &plan[0]["Plan"];
    let mut cost = Cost { returned: number(plan, "Actual Rows"), read: 0, whole: BTreeSet::new(), plan: String::new() };
    scan(plan, large, 0, &mut cost);
    if !statement.sql.starts_with("SELECT") {
        cost.whole.extend(read_by_triggers(transaction, large).await);
    }
    Ok(cost)
}

/// What a value is, and how it is written.
fn literal(value: &Value) -> (&'static str, String) {
    let quoted = |text: String| format!("'{}'", text.replace('\'', "''"));
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (kind, text) = match value {
        Value::Bool(value) => ("boolean", value.map(|value| value.to_string())),
        Value::SmallInt(value) => ("smallint", value.map(|value| value.to_string())),
        Value::Int(value) => ("integer", value.map(|value| value.to_string())),
        Value::BigInt(value) => ("bigint", value.map(|value| value.to_string())),
        Value::BigUnsigned(value) => ("bigint", value.map(|value| value.to_string())),
        Value::String(value) => ("text", value.as_deref().map(str::to_owned)),
        Value::Bytes(value) => ("bytea", value.as_deref().map(|bytes| format!("\\x{}", hex(bytes)))),
        Value::Uuid(value) => ("uuid", value.map(|value| value.to_string())),
        Value::ChronoDate(value) => ("date", value.map(|value| value.to_string())),
        Value::Json(value) => ("jsonb", value.as_ref().map(|value| value.to_string())),
        other => panic!("say in {} how {other:?} is written", file!()),
    };
    (kind, text.map_or_else(|| "NULL".to_owned(), quoted))
}

fn number(node: &Json, key: &str) -> u64 {
    node[key].as_f64().unwrap_or_default() as u64
}

fn words<'a>(node: &'a Json, key: &str) -> &'a str {
    node[key].as_str().unwrap_or_default()
}

/// Adds what a node and those below it have read. A look-up that finds nothing counts as a row: PostgreSQL rounds the rows of a loop.
fn scan(node: &Json, large: &BTreeSet<String>, depth: usize, cost: &mut Cost) {
    let (kind, table, loops) = (words(node, "Node Type"), words(node, "Relation Name"), number(node, "Actual Loops"));
    let met = ["Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck"].map(|key| number(node, key));
    let met = met.iter().sum::<u64>().max(1) * loops;
    let of_table = !table.is_empty() || kind == "Bitmap Index Scan";
    if of_table && kind.ends_with("Scan") {
        cost.read += met;
    }
    if kind == "Seq Scan" && large.contains(table) && loops > 0 {
        cost.whole.insert(table.to_owned());
    }
    let index = words(node, "Index Name");
    let conditions = ["Index Cond", "Recheck Cond", "Filter", "Sort Key"].map(|key| match &node[key] {
        Json::Null => String::new(),
        condition => format!(" [{key}: {condition}]"),
    });
    let line = format!("{kind} {table} {} {index} met {met} in {loops}{}", words(node, "Alias"), conditions.concat());
    cost.plan.push_str(&format!("{:depth$}{line}\n", "", depth = depth * 2));
    for below in node["Plans"].as_array().into_iter().flatten() {
        scan(below, large, depth + 1, cost);
    }
}

/// Large tables that this transaction has read without an index, in triggers too.
async fn read_by_triggers(transaction: &DatabaseTransaction, large: &BTreeSet<String>) -> BTreeSet<String> {
    let listed = "SELECT relname::text FROM pg_stat_xact_user_tables WHERE seq_tup_read > 0";
    let rows = transaction.query_all_raw(Statement::from_string(DbBackend::Postgres, listed)).await.expect(listed);
    let read = rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("a name"));
    read.filter(|table| large.contains(table)).collect()
}
