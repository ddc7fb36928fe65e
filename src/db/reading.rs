//! Reading: one connection for all statements of a request.

use std::sync::Arc;

use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, Postgres, Sqlite};
use sea_orm::{DatabaseConnection, DbBackend, DbErr, QueryResult, RuntimeErr, Statement, Values};
use sea_query_sqlx::SqlxValues;
use tokio::sync::Mutex;

/// The connection that a request reads with, once it has read something. Statements that are asked at the same time wait for each other,
/// so that no request waits for a second connection while it has one. A pool tests each connection that comes back with a question of its
/// own: taken for each statement anew, connections would answer as many of those.
#[derive(Clone, Default)]
pub struct Held(Arc<Mutex<Option<Connection>>>);

/// A connection out of a pool.
enum Connection {
    Postgres(PoolConnection<Postgres>),
    Sqlite(PoolConnection<Sqlite>),
}

impl Held {
    /// The rows of a statement.
    pub async fn rows(&self, pool: &DatabaseConnection, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut held = self.0.lock().await;
        let mut connection = match held.take() {
            Some(connection) => connection,
            None => Connection::acquire(pool).await.map_err(failed)?,
        };
        // One that fails, or that nobody waits for any more, goes back to the pool, which looks whether it still works.
        let rows = connection.rows(statement).await.map_err(failed)?;
        *held = Some(connection);
        Ok(rows)
    }

    /// Gives the connection back: what is about to take another is not to wait for one while it has this.
    pub async fn let_go(&self) {
        self.0.lock().await.take();
    }
}

impl Connection {
    async fn acquire(pool: &DatabaseConnection) -> Result<Self, sqlx::Error> {
        Ok(match pool.get_database_backend() {
            DbBackend::Postgres => Self::Postgres(pool.get_postgres_connection_pool().acquire().await?),
            _ => Self::Sqlite(pool.get_sqlite_connection_pool().acquire().await?),
        })
    }

    async fn rows(&mut self, statement: Statement) -> Result<Vec<QueryResult>, sqlx::Error> {
        let values = SqlxValues(statement.values.unwrap_or(Values(Vec::new())));
        let query = sqlx::AssertSqlSafe(statement.sql);
        Ok(match self {
            Self::Postgres(connection) => {
                let rows = sqlx::query_with(query, values).fetch_all(&mut **connection).await?;
                rows.into_iter().map(QueryResult::from).collect()
            }
            Self::Sqlite(connection) => {
                let rows = sqlx::query_with(query, values).fetch_all(&mut **connection).await?;
                rows.into_iter().map(QueryResult::from).collect()
            }
        })
    }
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}
