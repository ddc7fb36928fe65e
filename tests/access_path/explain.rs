//! What a statement costs the database: how much it reads for the rows that it returns.

mod postgres;
mod sqlite;

use std::collections::BTreeSet;

use samverkan::db::Db;
use sea_orm::{DatabaseTransaction, DbErr, Statement};

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
    large: BTreeSet<String>,
    steps: Option<sqlite::Steps>,
}

/// Rows from which on a table is large.
pub const LARGE: u64 = 1_000;

impl Explainer {
    /// For this database.
    pub async fn new(db: &Db) -> Self {
        if on_postgres() {
            return Self { large: postgres::large(db).await, steps: None };
        }
        Self { large: sqlite::large(db).await, steps: Some(sqlite::Steps::count(db).await) }
    }

    /// Does what the statement says, in a transaction of the caller's, and tells what it cost.
    pub async fn explain(&self, transaction: &DatabaseTransaction, statement: &Statement) -> Result<Cost, DbErr> {
        match &self.steps {
            Some(steps) => sqlite::explain(transaction, statement, &self.large, steps).await,
            None => postgres::explain(transaction, statement, &self.large).await,
        }
    }
}
