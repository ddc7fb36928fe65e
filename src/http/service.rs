//! What the doors share while the server runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::backend::Backend;
use super::guard::Known;

/// Operations under way at once; the next is told to come back.
const MAX_UNDER_WAY: u32 = 1_000;

pub struct Service {
    pub backend: Backend,
    /// How long a body may take to arrive.
    pub patience: Duration,
    /// Documents that need not be looked at again.
    pub documents: Known,
    /// A place for each operation under way, also of clients that have hung up.
    pub under_way: Arc<Semaphore>,
    stopping: AtomicBool,
}

impl Service {
    pub fn new(backend: Backend, patience: Duration) -> Self {
        Self {
            backend,
            patience,
            documents: Known::default(),
            under_way: Arc::new(Semaphore::new(MAX_UNDER_WAY as usize)),
            stopping: AtomicBool::new(false),
        }
    }

    /// From now on not ready; what comes is still answered.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Waits until nothing is under way.
    pub async fn idle(&self) {
        // Only closing the semaphore makes this fail, and nobody closes it.
        let _ = self.under_way.acquire_many(MAX_UNDER_WAY).await;
    }
}
