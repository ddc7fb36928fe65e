//! The connections that SQLite is read with: a pool of our own, since each must be told how long what it reads may take.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sea_orm::sqlx::{self, Connection as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::usage;

/// Instructions of SQLite's machine between two looks at the clock: less than a millisecond.
const INSTRUCTIONS: i32 = 10_000;

/// A pool. Cheap to clone.
#[derive(Clone)]
pub struct Readers(Arc<Pool>);

struct Pool {
    options: SqliteConnectOptions,
    /// How long to wait for a connection.
    patience: Duration,
    idle: Mutex<Vec<Reader>>,
    most: usize,
    places: Arc<Semaphore>,
}

/// A connection, and until when it may read.
struct Reader {
    connection: SqliteConnection,
    /// In milliseconds since the first was opened.
    until: Arc<AtomicU64>,
}

/// A connection out of the pool. It goes back when it is dropped, unless it is in the middle of something.
pub struct Taken {
    reader: Option<Reader>,
    pool: Arc<Pool>,
    _place: OwnedSemaphorePermit,
}

impl Readers {
    /// A pool of at most so many connections.
    pub fn new(options: SqliteConnectOptions, most: u32, patience: Duration) -> Self {
        let most = most as usize;
        let places = Arc::new(Semaphore::new(most));
        Self(Arc::new(Pool { options, patience, idle: Mutex::default(), most, places }))
    }

    /// A connection that may read for this long.
    pub async fn take(&self, deadline: Duration) -> Result<Taken, sqlx::Error> {
        let pool = self.0.clone();
        let place = timeout(pool.patience, pool.places.clone().acquire_owned()).await;
        let place = place.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = pool.idle().pop();
        let reader = match idle {
            Some(reader) => reader,
            None => Reader::open(&pool.options).await?,
        };
        reader.until.store(now().saturating_add(millis(deadline)), Ordering::Relaxed);
        Ok(Taken { reader: Some(reader), pool, _place: place })
    }

    /// How busy it is.
    pub fn usage(&self, name: &'static str) -> usage::Pool {
        let used = self.0.most.saturating_sub(self.0.places.available_permits());
        usage::Pool { name, used, idle: self.0.idle().len(), most: self.0.most }
    }

    /// Closes all connections, once each has come back.
    pub async fn close(&self) {
        self.0.places.close();
        let idle = std::mem::take(&mut *self.0.idle());
        for reader in idle {
            // What is only read has nothing to lose.
            drop(reader.connection.close().await);
        }
    }
}

impl Pool {
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Reader>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reader {
    async fn open(options: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let mut connection = SqliteConnection::connect_with(options).await?;
        let until = Arc::new(AtomicU64::new(0));
        let own = until.clone();
        let goes_on = move || now() < own.load(Ordering::Relaxed);
        connection.lock_handle().await?.set_progress_handler(INSTRUCTIONS, goes_on);
        Ok(Self { connection, until })
    }
}

impl Taken {
    /// What the connection answers. One that fails, or that nobody waits for any more, does not go back.
    pub async fn ask<T>(
        &mut self,
        question: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        let mut reader = self.reader.take().ok_or(sqlx::Error::WorkerCrashed)?;
        let answer = question(&mut reader.connection).await?;
        self.reader = Some(reader);
        Ok(answer)
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(reader) = self.reader.take()
            && !self.pool.places.is_closed()
        {
            self.pool.idle().push(reader);
        }
    }
}

fn now() -> u64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    millis(START.elapsed())
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
