//! Waiting for somebody to have written something. On PostgreSQL whoever commits a change says so; that is heard at once or not at all, so
//! one looks now and then in any case. On SQLite one only looks.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::PgPool;
use sea_orm::sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::Db;
use super::reading::Source;

/// What whoever commits a change to PostgreSQL tells all instances on.
pub const CHANNEL: &str = "samverkan_change";
/// How long a change may go unnoticed of which nobody has been told.
const TICK: Duration = Duration::from_millis(250);

/// Wakes whoever waits for changes.
pub struct Wake {
    told: Arc<Notify>,
    listening: Option<JoinHandle<()>>,
}

impl Db {
    /// From now on.
    pub fn wake(&self) -> Wake {
        let told = Arc::<Notify>::default();
        let listening = match &self.source {
            Source::Postgres(pool) => {
                // A connection of its own: those of the pool are for questions.
                let own = PgPoolOptions::new().max_connections(1).connect_lazy_with((*pool.connect_options()).clone());
                Some(tokio::spawn(listen(own, told.clone())))
            }
            Source::Sqlite(_) => None,
        };
        Wake { told, listening }
    }
}

impl Wake {
    /// Returns when something may have been written since the last time.
    pub async fn next(&self) {
        // Nobody need have said anything.
        let _ = timeout(TICK, self.told.notified()).await;
    }
}

impl Drop for Wake {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

async fn listen(pool: PgPool, told: Arc<Notify>) {
    loop {
        if let Ok(mut listener) = PgListener::connect_with(&pool).await
            && listener.listen(CHANNEL).await.is_ok()
        {
            told.notify_one();
            // Nothing, when the connection was lost and is there again: meanwhile something may have been said.
            while listener.try_recv().await.is_ok() {
                told.notify_one();
            }
        }
        sleep(TICK).await;
    }
}
