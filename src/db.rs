//! The database: connecting, the read pool and the writer, and SQL that both databases read.

pub mod bulk;
mod reading;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
};

use crate::error::Error;
use reading::Held;

const POSTGRES_CONNECTIONS: u32 = 16;
/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 200;
const PATIENCE: Duration = Duration::from_secs(10);
/// A connection that has not been used for longer may have broken meanwhile, and is asked first.
const IDLE: Duration = Duration::from_secs(1);

/// Two ways into one database, told apart by what they are for. On SQLite they are one writing and several reading connections.
#[derive(Clone)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
    /// Of a request alone: others take a connection for each statement.
    held: Option<Held>,
    statements: Arc<AtomicU64>,
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
        let statements = Arc::new(AtomicU64::new(0));
        let mut write = Database::connect(options(url, false)?).await.map_err(unreachable)?;
        if write.get_database_backend() == DbBackend::Sqlite {
            sqlite_is_sound(&write).await?;
        }
        let read = match write.get_database_backend() {
            DbBackend::Sqlite => Database::connect(options(url, true)?).await.map_err(unreachable)?,
            _ => write.clone(),
        };
        let counter = statements.clone();
        write.set_metric_callback(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        Ok(Self { read, write, held: None, statements })
    }

    /// Which database it is.
    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    /// The rows of a query.
    pub async fn query(&self, sql: Sql) -> Result<Vec<QueryResult>, Error> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let held = self.held.clone().unwrap_or_default();
        Ok(held.rows(&self.read, sql.into_statement(self.backend())).await?)
    }

    /// The same database for one request, which reads with one connection.
    pub fn for_request(&self) -> Self {
        Self { held: Some(Held::default()), ..self.clone() }
    }

    /// A transaction that writes. On SQLite it is the only one from its first moment on, so that it never has to give way half-way.
    pub async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        let mode = Some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() };
        if let Some(held) = &self.held {
            held.let_go().await;
        }
        Ok(self.write.begin_with_options(options).await?)
    }

    /// The reading connection.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.read
    }

    /// The writing connection, for migrations.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.write
    }

    /// How many statements have been sent so far.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Closes all connections.
    pub async fn close(self) -> Result<(), Error> {
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
        options.map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .create_if_missing(!read_only)
                .foreign_keys(true)
                .busy_timeout(PATIENCE)
                .statement_cache_capacity(STATEMENTS)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .pragma("journal_size_limit", "67108864")
                // 8 MB for each connection; what does not fit is in the system's memory.
                .pragma("cache_size", "-8192");
            if read_only { sqlite.pragma("query_only", "on") } else { sqlite }
        });
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

/// Where the list of [`Sql::among`] begins and ends.
const AMONG: char = '\u{1}';
const AMONG_END: char = '\u{2}';

/// SQL under construction: text with a `?` for each value. The same text runs on both databases.
#[derive(Clone, Debug, Default)]
pub struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// SQL with its values, in order.
    pub fn new(text: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Self {
        Self { text: text.into(), values: values.into_iter().collect() }
    }

    /// SQL without values.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(text, [])
    }

    /// `(?, ?, …)`, or a list that nothing is in. The last value is repeated until there are 1, 2, 4, 8 …, so that lists of all lengths
    /// make few different statements, and the databases need not plan each anew.
    pub fn list<V: Into<Value>>(values: impl IntoIterator<Item = V>) -> Self {
        let mut values: Vec<Value> = values.into_iter().map(Into::into).collect();
        let Some(last) = values.last().cloned() else { return Self::text("(NULL)") };
        values.resize(values.len().next_power_of_two(), last);
        Self::row(values)
    }

    /// `(?, ?, …)`: values beside each other, to compare with as many columns.
    pub fn row(values: Vec<Value>) -> Self {
        let marks = vec!["?"; values.len()].join(",");
        Self { text: format!("({marks})"), values }
    }

    /// Whether there is nothing of it yet.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The condition that a column is among what a statement selects that is the same for every row.
    pub fn among(column: &str, statement: impl Into<Sql>) -> Self {
        Self::text(format!("{column} {AMONG}")).then(statement).then(AMONG_END.to_string())
    }

    /// This, then that, with a space between.
    #[must_use]
    pub fn then(mut self, next: impl Into<Sql>) -> Self {
        let next = next.into();
        self.text.push(' ');
        self.text.push_str(&next.text);
        self.values.extend(next.values);
        self
    }

    /// Both conditions.
    #[must_use]
    pub fn and(self, next: impl Into<Sql>) -> Self {
        let next = next.into();
        match (self.text.is_empty(), next.text.is_empty()) {
            (true, _) => next,
            (_, true) => self,
            _ => self.then("AND").then(next),
        }
    }

    /// The condition too, when there is something to ask for.
    #[must_use]
    pub fn and_some<T>(self, wanted: Option<T>, condition: impl FnOnce(T) -> Sql) -> Self {
        match wanted {
            Some(wanted) => self.and(condition(wanted)),
            None => self,
        }
    }

    /// PostgreSQL numbers its placeholders. Our SQL holds no question mark in a literal. It also reckons the costs of a list anew for each
    /// row and rather reads whole tables, unless the list is an array, which it computes once.
    fn into_statement(self, backend: DbBackend) -> Statement {
        let postgres = backend == DbBackend::Postgres;
        let mut text = String::with_capacity(self.text.len() + 3 * self.values.len());
        let mut number = 0;
        for sign in self.text.chars() {
            match sign {
                AMONG => text.push_str(if postgres { "= ANY (ARRAY (" } else { "IN (" }),
                AMONG_END => text.push_str(if postgres { "))" } else { ")" }),
                '?' if postgres => {
                    number += 1;
                    // Writing to a string does not fail.
                    let _ = write!(text, "${number}");
                }
                sign => text.push(sign),
            }
        }
        Statement::from_sql_and_values(backend, text, self.values)
    }
}

impl From<&str> for Sql {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Sql {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

/// `sql!("a = ? AND b < ?", a, b)`: SQL with its values.
macro_rules! sql {
    ($text:expr $(, $value:expr)* $(,)?) => {
        $crate::db::Sql::new($text, [$(sea_orm::Value::from($value)),*])
    };
}
pub(crate) use sql;
