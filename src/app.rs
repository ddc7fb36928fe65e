//! What every part of the server works with: the database, the clock, and where new ids come from.

use std::sync::Arc;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::Ed25519KeyPair;
use chrono::NaiveDate;
use entity::signing_key;
use entity::values::{Instant, Url};
pub use migration::rules;
use migration::{Migrator, MigratorTrait};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, Set};
use uuid::Uuid;

use crate::config;
use crate::db::{Db, Sql};
pub use crate::db::{TRACES, Usage};
use crate::error::Error;

/// The one clock.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    clock: Clock,
    signing_key: Arc<[u8]>,
    public_url: Arc<str>,
}

impl App {
    /// Opens a database that has this binary's schema.
    pub async fn open(database_url: &str, clock: Clock) -> Result<Self, Error> {
        let db = Db::connect(database_url).await?;
        ready(&db).await?;
        let key = signing_key::Entity::find_by_id(OWN_KEY).one(db.writer()).await?.ok_or_else(older)?;
        let public_url = config::at(config::LISTEN).into();
        Ok(Self { db, clock, signing_key: key.private_key.into(), public_url })
    }

    /// The same, for those who find it at this address.
    #[must_use]
    pub fn found_at(self, public_url: &str) -> Self {
        Self { public_url: public_url.trim_end_matches('/').into(), ..self }
    }

    /// The address of a path, which begins with a slash.
    pub fn url(&self, path: &str) -> Url {
        Url(format!("{}{path}", self.public_url))
    }

    /// The same for one request.
    pub fn for_request(&self) -> Self {
        Self { db: self.db.for_request(), ..self.clone() }
    }

    /// The key with which this directory signs tokens of its own: Ed25519, as PKCS #8.
    pub fn signing_key(&self) -> &[u8] {
        &self.signing_key
    }

    /// A mark on a message that only this directory can make.
    pub fn mark(&self, message: &[u8]) -> Vec<u8> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.signing_key);
        hmac::sign(&key, message).as_ref().to_vec()
    }

    /// Whether a mark on a message is this directory's.
    pub fn has_marked(&self, message: &[u8], mark: &[u8]) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.signing_key);
        hmac::verify(&key, message, mark).is_ok()
    }

    /// Bytes that nobody can guess.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        let filled = aws_lc_rs::rand::fill(&mut bytes);
        filled.map_err(|_| Error::Internal("the system has no random numbers".to_owned()))?;
        Ok(bytes)
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

    /// How busy the database is.
    pub fn usage(&self) -> Usage {
        self.db.usage()
    }

    /// Whether the database answers and has the schema that this binary knows.
    pub async fn ready(&self) -> Result<(), Error> {
        ready(&self.db).await
    }

    /// Closes the database.
    pub async fn close(self) -> Result<(), Error> {
        self.db.close().await
    }
}

/// There is one.
const OWN_KEY: Uuid = Uuid::nil();

fn older() -> Error {
    Error::Unready("the database's schema is older: run `samverkan migrate`".to_owned())
}

async fn ready(db: &Db) -> Result<(), Error> {
    let missing = || Error::Unready("the database has no schema yet: run `samverkan migrate`".to_owned());
    let applied = db.query(Sql::text("SELECT version FROM seaql_migrations")).await.map_err(|_| missing())?;
    let applied: Vec<String> = applied.iter().filter_map(|row| row.try_get_by_index(0).ok()).collect();
    let old = Migrator::migrations().iter().any(|known| !applied.iter().any(|name| name == known.name()));
    match (applied.is_empty(), old) {
        (true, _) => Err(missing()),
        (_, true) => Err(older()),
        // A newer binary may have added to the schema; what this one knows is still there.
        (_, false) => Ok(()),
    }
}

/// Brings a database to this binary's schema, and gives it a key of its own. On PostgreSQL one instance does it at a time.
pub async fn migrate(database_url: &str, clock: &Clock) -> Result<(), Error> {
    let db = Db::create(database_url).await?;
    let done = match migrate_locked(&db).await {
        Ok(()) => own_key(&db, clock()).await,
        failed => failed,
    };
    db.close().await?;
    done
}

async fn own_key(db: &Db, now: Instant) -> Result<(), Error> {
    let key = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new());
    let key = key.map_err(|_| Error::Internal("the system has no random numbers".to_owned()))?;
    let row =
        signing_key::ActiveModel { id: Set(OWN_KEY), private_key: Set(key.as_ref().to_vec()), created_at: Set(now) };
    let kept = OnConflict::column(signing_key::Column::Id).do_nothing().to_owned();
    signing_key::Entity::insert(row).on_conflict(kept).exec_without_returning(db.writer()).await?;
    Ok(())
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
