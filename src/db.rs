//! The database: connecting, the read pool and the writer, and SQL that both databases read.

pub mod bulk;
mod readers;
mod reading;
mod sql;
mod trace;
mod usage;
mod wake;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use tracing::Instrument as _;

use crate::error::Error;
use readers::Readers;
use reading::{Held, Source};
pub use sql::Sql;
pub(crate) use sql::sql;
pub use trace::TRACES;
use usage::Queue;
pub use usage::{Pool, Usage};
pub use wake::{CHANNEL, Wake};

const POSTGRES_CONNECTIONS: u32 = 16;
/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 200;
/// Rows that a connection to SQLite reads ahead.
const ROWS: usize = 1_000;
const PATIENCE: Duration = Duration::from_secs(10);
/// A connection that has not been used for longer may have broken meanwhile, and is asked first.
const IDLE: Duration = Duration::from_secs(1);

/// Two ways into one database, told apart by what they are for. On SQLite they are one writing and several reading connections.
#[derive(Clone)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
    source: Source,
    /// Of a request alone: others take a connection for each statement.
    held: Option<Held>,
    statements: Arc<AtomicU64>,
    /// For connections.
    queue: Queue,
    /// Told each statement.
    heard: Arc<dyn Fn(&Statement) + Send + Sync>,
}

impl Db {
    /// Connects to a database that is there.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        if sqlite_file(url).is_some_and(|file| !file.exists()) {
            return Err(Error::Unready("there is no database yet: run `samverkan migrate`".to_owned()));
        }
        Self::create(url).await
    }

    /// Connects. A SQLite file that is not there is made.
    pub async fn create(url: &str) -> Result<Self, Error> {
        let write = Database::connect(options(url, false)?).await.map_err(unreachable)?;
        if write.get_database_backend() == DbBackend::Sqlite {
            sqlite_is_sound(&write).await?;
        }
        let read = match write.get_database_backend() {
            DbBackend::Sqlite => Database::connect(options(url, true)?).await.map_err(unreachable)?,
            _ => write.clone(),
        };
        let source = match write.get_database_backend() {
            DbBackend::Sqlite => {
                Source::Sqlite(Readers::new(tuned(url.parse().map_err(wrong)?, true), readers(), PATIENCE))
            }
            _ => Source::Postgres(write.get_postgres_connection_pool().clone()),
        };
        let (statements, queue) = (Arc::default(), Queue::default());
        Ok(Self { read, write, source, held: None, statements, queue, heard: Arc::new(|_| ()) }.heard(|_| ()))
    }

    /// The same database, of which each statement is heard.
    #[must_use]
    pub fn heard(mut self, heard: impl Fn(&Statement) + Send + Sync + 'static) -> Self {
        self.heard = Arc::new(heard);
        for connection in [&mut self.write, &mut self.read] {
            let (counter, heard) = (self.statements.clone(), self.heard.clone());
            connection.set_metric_callback(move |sent| {
                counter.fetch_add(1, Ordering::Relaxed);
                heard(sent.statement);
                trace::done(sent.statement.db_backend, &sent.statement.sql, sent.elapsed);
            });
        }
        self
    }

    /// Which database it is.
    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    /// The rows of a query.
    pub async fn query(&self, sql: Sql) -> Result<Vec<QueryResult>, Error> {
        // Whatever reads would be as large as a statement's whole way through the driver, and so would each field that can be asked for: deep
        // queries would want more stack than a thread has.
        Box::pin(self.ask(sql)).await
    }

    async fn ask(&self, sql: Sql) -> Result<Vec<QueryResult>, Error> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let statement = sql.into_statement(self.backend());
        (self.heard)(&statement);
        let held = self.held.clone().unwrap_or_else(|| Held::new(PATIENCE));
        let span = trace::reading(self.backend(), &statement.sql);
        Ok(held.rows(&self.source, &self.queue, statement).instrument(span).await?)
    }

    /// The same database for one request, which reads with one connection.
    pub fn for_request(&self) -> Self {
        self.within(PATIENCE)
    }

    /// The same, where reading may take no longer than this; on PostgreSQL no statement longer than ten seconds.
    pub fn within(&self, deadline: Duration) -> Self {
        Self { held: Some(Held::new(deadline)), ..self.clone() }
    }

    /// How long the database has taken to read for this request.
    pub fn busy(&self) -> Duration {
        self.held.as_ref().map(Held::busy).unwrap_or_default()
    }

    /// A transaction that writes. On SQLite it is the only one from its first moment on, so that it never has to give way half-way.
    pub async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        let mode = Some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() };
        self.let_go().await;
        Ok(self.queue.wait(self.write.begin_with_options(options)).await?)
    }

    /// The reading connections.
    pub async fn reader(&self) -> &DatabaseConnection {
        self.let_go().await;
        &self.read
    }

    /// What is about to take a connection does not wait for one while it has another.
    async fn let_go(&self) {
        if let Some(held) = &self.held {
            held.let_go().await;
        }
    }

    /// The writing connection, for migrations.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.write
    }

    /// How many statements have been sent so far.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// How busy the ways into it are.
    pub fn usage(&self) -> Usage {
        let pools = match &self.source {
            Source::Postgres(pool) => vec![Pool::of("shared", pool)],
            Source::Sqlite(readers) => vec![
                readers.usage("reader"),
                Pool::of("entity", self.read.get_sqlite_connection_pool()),
                Pool::of("writer", self.write.get_sqlite_connection_pool()),
            ],
        };
        Usage { statements: self.statements(), waiting: self.queue.length(), pools }
    }

    /// Closes all connections.
    pub async fn close(self) -> Result<(), Error> {
        if let Source::Sqlite(readers) = &self.source {
            readers.close().await;
        }
        self.read.close().await?;
        Ok(self.write.close().await?)
    }
}

/// SQLite before 3.51.3 can corrupt a database when a WAL file is reset. This binary carries its own, unless it was linked to another.
async fn sqlite_is_sound(db: &DatabaseConnection) -> Result<(), Error> {
    let asked = Statement::from_string(DbBackend::Sqlite, "SELECT sqlite_version()");
    let version: String = db.query_one_raw(asked).await?.map_or(Ok(String::new()), |row| row.try_get_by_index(0))?;
    let numbers: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if numbers.as_slice() >= [3, 51, 3].as_slice() {
        return Ok(());
    }
    Err(Error::Unready(format!("SQLite {version} may corrupt databases: link 3.51.3 or later")))
}

fn unreachable(error: sea_orm::DbErr) -> Error {
    Error::Internal(format!("the database cannot be reached: {error}"))
}

fn options(url: &str, read_only: bool) -> Result<ConnectOptions, Error> {
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging(false).acquire_timeout(PATIENCE).connect_timeout(PATIENCE);
    options.test_before_acquire_if_idle_for(IDLE);
    if let Some(file) = sqlite_file(url) {
        folder_exists(file)?;
        options.max_connections(if read_only { readers() } else { 1 });
        options.map_sqlx_sqlite_opts(move |sqlite| tuned(sqlite, read_only));
    } else {
        options.max_connections(POSTGRES_CONNECTIONS);
        options.set_application_name("samverkan").statement_timeout(PATIENCE);
        // The tables are small and in memory: an index is nearly always the better way. All statements look rows up by index, whatever the
        // values: planning each anew costs more than running it.
        let settings = [("random_page_cost", "1.1"), ("jit", "off"), ("plan_cache_mode", "force_generic_plan")];
        options.map_sqlx_postgres_opts(move |postgres| postgres.options(settings).statement_cache_capacity(STATEMENTS));
    }
    Ok(options)
}

fn tuned(sqlite: SqliteConnectOptions, read_only: bool) -> SqliteConnectOptions {
    let sqlite = sqlite
        .create_if_missing(!read_only)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(STATEMENTS)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("journal_size_limit", "67108864")
        // A page's rows at once: the thread that reads need not wait for the one that takes them.
        .row_buffer_size(ROWS)
        // 4 MB for each connection; what does not fit is in the system's memory.
        .pragma("cache_size", "-4096");
    if read_only { sqlite.pragma("query_only", "on") } else { sqlite }
}

fn wrong(error: sea_orm::sqlx::Error) -> Error {
    Error::Internal(format!("the database's URL cannot be read: {error}"))
}

/// Twice as many as there are processors: while one reads, another's rows are on their way.
fn readers() -> u32 {
    std::thread::available_parallelism().map_or(4, |cores| 2 * cores.get()).clamp(2, 16) as u32
}

fn sqlite_file(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    Some(Path::new(path.strip_prefix("//").unwrap_or(path).split('?').next().unwrap_or_default()))
}

/// SQLite says only "unable to open database file" where the folder is what is missing.
fn folder_exists(file: &Path) -> Result<(), Error> {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            let message = format!("the folder {} of the database file does not exist", folder.display());
            Err(Error::Unready(message))
        }
        _ => Ok(()),
    }
}
