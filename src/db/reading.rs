//! Reading: one connection for all statements of a request.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, PgPool, Postgres};
use sea_orm::{ConnAcquireErr, DbErr, QueryResult, RuntimeErr, Statement, Values};
use sea_query_sqlx::SqlxValues;
use tokio::sync::Mutex;

use super::POSTGRES_CONNECTIONS;
use super::readers::{Readers, Taken};
use super::usage::Queue;

/// Where connections come from.
#[derive(Clone)]
pub enum Source {
    Postgres(PgPool),
    Sqlite(Readers),
}

/// The connection that a request reads with, once it has read something. Statements that are asked at the same time wait for each other,
/// so that no request waits for a second connection while it has one. On PostgreSQL the pool tests each connection that comes back with a
/// question of its own: taken for each statement anew, connections would answer as many of those.
#[derive(Clone)]
pub struct Held {
    connection: Arc<Mutex<Option<Connection>>>,
    /// How long the connection may read. On PostgreSQL that is a setting of each connection, and of a statement.
    deadline: Duration,
    /// Microseconds that the database has taken so far.
    busy: Arc<AtomicU64>,
}

/// Counts how long the database takes, whether or not somebody waits for its answer to the end.
struct Watch<'a>(Instant, &'a AtomicU64);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        let took = u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.1.fetch_add(took, Ordering::Relaxed);
    }
}

/// A connection out of a pool.
enum Connection {
    Postgres(PoolConnection<Postgres>),
    Sqlite(Taken),
}

impl Held {
    /// None yet.
    pub fn new(deadline: Duration) -> Self {
        Self { connection: Arc::default(), deadline, busy: Arc::default() }
    }

    /// The rows of a statement.
    pub async fn rows(
        &self,
        source: &Source,
        queue: &Queue,
        mut statement: Statement,
    ) -> Result<Vec<QueryResult>, DbErr> {
        let mut held = self.connection.lock().await;
        let mut lost = 0;
        loop {
            let mut connection = match held.take() {
                Some(connection) => connection,
                None => queue.wait(Connection::acquire(source, self.deadline)).await.map_err(failed)?,
            };
            // One that fails, or that nobody waits for any more, is not used again before its pool has looked whether it still works.
            let again = connection.can_be_lost().then(|| statement.clone());
            let watch = Watch(Instant::now(), &self.busy);
            let rows = connection.rows(statement).await;
            drop(watch);
            match (rows, again) {
                (Ok(rows), _) => {
                    *held = Some(connection);
                    return Ok(rows);
                }
                // When a database restarts, all connections of the pool are gone at once.
                (Err(error), Some(again)) if is_lost(&error) && lost < POSTGRES_CONNECTIONS => {
                    lost += 1;
                    statement = again;
                }
                (Err(error), _) => return Err(failed(error)),
            }
        }
    }

    /// How long the database has taken so far, without the time until there was a connection.
    pub fn busy(&self) -> Duration {
        Duration::from_micros(self.busy.load(Ordering::Relaxed))
    }

    /// Gives the connection back: what is about to take another is not to wait for one while it has this.
    pub async fn let_go(&self) {
        self.connection.lock().await.take();
    }
}

impl Connection {
    async fn acquire(source: &Source, deadline: Duration) -> Result<Self, sqlx::Error> {
        Ok(match source {
            Source::Postgres(pool) => Self::Postgres(pool.acquire().await?),
            Source::Sqlite(readers) => Self::Sqlite(readers.take(deadline).await?),
        })
    }

    /// Whether somebody else may end it.
    fn can_be_lost(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    async fn rows(&mut self, statement: Statement) -> Result<Vec<QueryResult>, sqlx::Error> {
        let values = SqlxValues(statement.values.unwrap_or(Values(Vec::new())));
        let query = sqlx::AssertSqlSafe(statement.sql);
        Ok(match self {
            Self::Postgres(connection) => {
                let rows = sqlx::query_with(query, values).fetch_all(&mut **connection).await?;
                rows.into_iter().map(QueryResult::from).collect()
            }
            Self::Sqlite(taken) => {
                let rows = async |connection: &mut _| sqlx::query_with(query, values).fetch_all(connection).await;
                taken.ask(rows).await?.into_iter().map(QueryResult::from).collect()
            }
        })
    }
}

/// Whether it was the connection that failed: what only reads can be asked again on another.
fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        // The server was told to end it (57P01), has crashed (57P02), or starts (57P03).
        sqlx::Error::Database(error) => error.code().is_some_and(|code| matches!(&*code, "57P01" | "57P02" | "57P03")),
        _ => false,
    }
}

fn failed(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        error => DbErr::Query(RuntimeErr::SqlxError(error.into())),
    }
}
