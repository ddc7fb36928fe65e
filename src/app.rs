//! What every part of the server works with: the database, the clock, and where new ids come from.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::values::Instant;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend};
use uuid::Uuid;

use crate::db::{Db, Sql};
use crate::error::Error;

/// The one clock.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    clock: Clock,
}

impl App {
    /// Opens a database that has this binary's schema.
    pub async fn open(database_url: &str, clock: Clock) -> Result<Self, Error> {
        let app = Self { db: Db::connect(database_url).await?, clock };
        app.ready().await?;
        Ok(app)
    }

    /// Now.
    pub fn now(&self) -> Instant {
        (self.clock)()
    }

    /// Today in Stockholm.
    pub fn today(&self) -> NaiveDate {
        self.now().day()
    }

    /// A new id, in order of time.
    pub fn new_id(&self) -> Uuid {
        let (seconds, nanos) = (self.now().0.div_euclid(1_000_000), self.now().0.rem_euclid(1_000_000) * 1000);
        Uuid::new_v7(uuid::Timestamp::from_unix(
            uuid::NoContext,
            seconds.unsigned_abs(),
            u32::try_from(nanos).unwrap_or_default(),
        ))
    }

    /// Whether the database answers and has the schema that this binary knows.
    pub async fn ready(&self) -> Result<(), Error> {
        let missing = || Error::Unready("the database has no schema yet: run `samverkan migrate`".to_owned());
        let applied = self.db.query(Sql::text("SELECT version FROM seaql_migrations")).await.map_err(|_| missing())?;
        let applied: Vec<String> = applied.iter().filter_map(|row| row.try_get_by_index(0).ok()).collect();
        let old = Migrator::migrations().iter().any(|known| !applied.iter().any(|name| name == known.name()));
        match (applied.is_empty(), old) {
            (true, _) => Err(missing()),
            (_, true) => Err(Error::Unready("the database's schema is older: run `samverkan migrate`".to_owned())),
            // A newer binary may have added to the schema; what this one knows is still there.
            (_, false) => Ok(()),
        }
    }

    /// Closes the database.
    pub async fn close(self) -> Result<(), Error> {
        self.db.close().await
    }
}

/// Brings a database to this binary's schema. On PostgreSQL one instance does it at a time.
pub async fn migrate(database_url: &str) -> Result<(), Error> {
    let db = Db::create(database_url).await?;
    let done = migrate_locked(&db).await;
    db.close().await?;
    done
}

async fn migrate_locked(db: &Db) -> Result<(), Error> {
    if db.backend() != DbBackend::Postgres {
        // SQLite has one writer, and each migration is a transaction.
        return Ok(Migrator::up(db.writer(), None).await?);
    }
    let lock = db.begin().await?;
    // Another instance may take its time.
    lock.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
    lock.execute_unprepared("SELECT pg_advisory_xact_lock(hashtext('samverkan migrate'))").await?;
    let done = Migrator::up(db.writer(), None).await;
    lock.rollback().await?;
    Ok(done?)
}
