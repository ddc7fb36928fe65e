//! The databases: filled once by the server's own binary, and copied for what writes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;
use entity::values::Instant;
use samverkan::app::App;
use samverkan::db::{Db, Sql};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use serde::Serialize;

use crate::Outcome;
use crate::process::{self, Pinned, samverkan};

const CLUSTER: &str = "SAMVERKAN_BENCH_POSTGRES";
const SEED: &str = "1";

/// How much there is in a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[value(rename_all = "verbatim")]
pub enum Size {
    /// One county.
    S,
    /// A nation.
    L,
}

impl Size {
    /// How many people and meetings there are at least, once it is filled.
    fn rows(self) -> [(&'static str, i64); 2] {
        match self {
            Self::S => [("person", 2_000), ("meeting", 2_000)],
            Self::L => [("person", 200_000), ("meeting", 400_000)],
        }
    }
}

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    /// What it is called in the table.
    pub fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// Puts the database's processes on their core, as long as the guard lives.
    pub async fn pin(self) -> Outcome<Pinned> {
        if self == Self::Sqlite {
            return Ok(Pinned::default());
        }
        let cluster = Db::connect(&cluster()?).await?;
        let rows = cluster.query(Sql::text("SELECT pg_backend_pid()")).await?;
        let backend: i32 = rows.first().ok_or("no process")?.try_get_by_index(0)?;
        let pinned = process::parent(u32::try_from(backend)?).and_then(Pinned::family);
        cluster.close().await?;
        pinned.map_err(|error| format!("PostgreSQL must run on this machine: {error}").into())
    }
}

fn cluster() -> Outcome<String> {
    std::env::var(CLUSTER).map_err(|_| format!("{CLUSTER} names no cluster (postgres://user@host/postgres)").into())
}

/// The application on a database, in this process.
#[expect(clippy::disallowed_methods, reason = "a program of its own")]
pub async fn open(url: &str) -> Outcome<App> {
    Ok(App::open(url, Arc::new(|| Instant::from(chrono::Utc::now()))).await?)
}

async fn on_cluster(statement: &str) -> Outcome<()> {
    let db = sea_orm::Database::connect(cluster()?).await?;
    let done = db.execute_unprepared(statement).await;
    db.close().await?;
    done?;
    Ok(())
}

/// A database, by its name.
#[derive(Clone, Debug)]
pub struct Database {
    kind: Kind,
    name: String,
    /// Where it is.
    pub url: String,
}

impl Database {
    fn named(kind: Kind, name: String) -> Outcome<Self> {
        let url = match kind {
            Kind::Sqlite => format!("sqlite://{}", file(&name).display()),
            Kind::Postgres => {
                let cluster = cluster()?;
                let server = cluster.rsplit_once('/').map(|(server, _)| server.to_owned());
                format!("{}/{name}", server.ok_or_else(|| format!("{CLUSTER} is no address of a database"))?)
            }
        };
        Ok(Self { kind, name, url })
    }

    /// The database of a size; filled, unless it is.
    pub async fn filled(kind: Kind, size: Size, fresh: bool) -> Outcome<Self> {
        let found = Self::named(kind, format!("samverkan_bench_{size:?}").to_lowercase())?;
        if fresh || !found.is_filled(size).await {
            eprintln!("filling {}", found.url);
            found.fill(size).await?;
        }
        // A database of an earlier version becomes one of this.
        process::run(samverkan(&found.url, &["migrate"]))?;
        Ok(found)
    }

    async fn is_filled(&self, size: Size) -> bool {
        let Ok(db) = Db::connect(&self.url).await else { return false };
        let mut filled = true;
        for (table, wanted) in size.rows() {
            let rows = db.query(Sql::text(format!("SELECT count(*) FROM {table}"))).await;
            let count = rows.ok().and_then(|rows| rows.first()?.try_get_by_index::<i64>(0).ok());
            filled &= count.is_some_and(|count| count >= wanted);
        }
        db.close().await.is_ok() && filled
    }

    async fn fill(&self, size: Size) -> Outcome<()> {
        self.drop().await?;
        match self.kind {
            Kind::Sqlite => std::fs::create_dir_all(folder())?,
            Kind::Postgres => on_cluster(&format!("CREATE DATABASE {}", self.name)).await?,
        }
        process::run(samverkan(&self.url, &["migrate"]))?;
        process::run(samverkan(&self.url, &["generate", "--size", &format!("{size:?}"), "--seed", SEED]))?;
        self.settle().await
    }

    /// What PostgreSQL would come to do by itself, and not in the middle of a measurement.
    async fn settle(&self) -> Outcome<()> {
        if self.kind == Kind::Sqlite {
            return Ok(());
        }
        let db: DatabaseConnection = sea_orm::Database::connect(&self.url).await?;
        for statement in ["VACUUM ANALYZE", "CHECKPOINT"] {
            db.execute_unprepared(statement).await?;
        }
        Ok(db.close().await?)
    }

    /// A copy to write to. Nobody may be connected.
    pub async fn copy(&self) -> Outcome<Self> {
        let copy = Self::named(self.kind, format!("{}_copy", self.name))?;
        copy.drop().await?;
        match self.kind {
            Kind::Sqlite => drop(std::fs::copy(file(&self.name), file(&copy.name))?),
            Kind::Postgres => {
                let statement = format!("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", copy.name, self.name);
                on_cluster(&statement).await?;
                copy.settle().await?;
            }
        }
        Ok(copy)
    }

    /// Removes it, if it is there.
    pub async fn drop(&self) -> Outcome<()> {
        match self.kind {
            Kind::Sqlite => {
                for suffix in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(format!("{}{suffix}", file(&self.name).display()));
                }
                Ok(())
            }
            Kind::Postgres => on_cluster(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).await,
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench")
}

fn file(name: &str) -> PathBuf {
    folder().join(format!("{name}.db"))
}
