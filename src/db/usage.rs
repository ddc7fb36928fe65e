//! How busy the ways into the database are.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sea_orm::sqlx::{self, Pool as SqlxPool};

/// What has been asked of the database, and by how many connections.
#[derive(Debug, Clone)]
pub struct Usage {
    /// Statements sent so far.
    pub statements: u64,
    /// Statements and transactions that wait for a connection.
    pub waiting: usize,
    /// All pools of connections.
    pub pools: Vec<Pool>,
}

/// A pool of connections.
#[derive(Debug, Clone, Copy)]
pub struct Pool {
    /// What it is called.
    pub name: &'static str,
    /// Connections that somebody has.
    pub used: usize,
    /// Connections that nobody has.
    pub idle: usize,
    /// How many there may be.
    pub most: usize,
}

impl Pool {
    pub(super) fn of<D: sqlx::Database>(name: &'static str, pool: &SqlxPool<D>) -> Self {
        let (all, idle) = (pool.size() as usize, pool.num_idle());
        // They are not read at the same moment.
        Self { name, used: all.saturating_sub(idle), idle, most: pool.options().get_max_connections() as usize }
    }
}

/// How many wait.
#[derive(Clone, Default)]
pub struct Queue(Arc<AtomicUsize>);

impl Queue {
    /// Waits for what comes.
    pub async fn wait<T>(&self, comes: impl Future<Output = T>) -> T {
        self.0.fetch_add(1, Ordering::Relaxed);
        let _place = Place(&self.0);
        comes.await
    }

    /// How many wait at this moment.
    pub fn length(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// A place in the queue, left also by who no longer wants what would come.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
