//! What a statement costs the database: how much it reads for the rows that it returns.

mod postgres;
mod sqlite;

use std::collections::BTreeSet;

use samverkan::db::Db;
use sea_orm::{DatabaseTransaction, DbErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait};

use crate::support::on_postgres;

/// What the database did for a statement.
pub struct Cost {
    /// Rows that it returned.
    pub returned: u64,
    /// Rows that it read, of tables and of indexes.
    pub read: u64,
    /// Large tables that it read without an index.
    pub whole: BTreeSet<String>,
    /// Its plan.
    pub plan: String,
}

/// Explains statements, and knows which tables are large.
pub struct Explainer {
    /// Connections of its own, whose steps nobody else takes.
    db: Db,
    large: BTreeSet<String>,
    steps: Option<sqlite::Steps>,
}

/// Rows from which on a table is large.
pub const LARGE: u64 = 1_000;

impl Explainer {
    /// For this database.
    pub async fn new(url: &str) -> Self {
        let db = Db::connect(url).await.expect("a database");
        let (large, steps) = if on_postgres() {
            (postgres::large(&db).await, None)
        } else {
            (sqlite::large(&db).await, Some(sqlite::Steps::count(&db).await))
        };
        Self { db, large, steps }
    }

    /// A transaction, in which others are not in the way until something is written.
    pub async fn begin(&self) -> DatabaseTransaction {
        let mode = Some(SqliteTransactionMode::Deferred);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() };
        self.db.writer().begin_with_options(options).await.expect("a transaction")
    }

    /// Does what the statement says, in a transaction of [`Explainer::begin`], and tells what it cost.
    pub async fn explain(&self, transaction: &DatabaseTransaction, statement: &Statement) -> Result<Cost, DbErr> {
        match &self.steps {
            Some(steps) => sqlite::explain(transaction, statement, &self.large, steps).await,
            None => postgres::explain(transaction, statement, &self.large).await,
        }
    }
}
