//! What the doors share while the server runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ipnet::IpNet;
use poem::Response;
use poem::http::StatusCode;
use tokio::sync::Semaphore;
use tracing::Instrument;

use super::accept::MediaType;
use super::answer;
use super::backend::Backend;
use super::guard::{Known, Refusal};
use super::observe::RequestId;
use super::origin::Origins;
use crate::config::Http;
use crate::error::Code;

/// Operations under way at once; the next is told to come back.
const MAX_UNDER_WAY: u32 = 1_000;

pub struct Service {
    pub backend: Backend,
    /// How long a body may take to arrive.
    pub patience: Duration,
    /// How long the answer to a query may take.
    pub deadline: Duration,
    /// Whether the schema is told only to whom it concerns.
    pub production: bool,
    /// Whose pages may ask.
    pub origins: Origins,
    /// Whose word counts for where a request comes from.
    pub proxies: Vec<IpNet>,
    /// Documents that need not be looked at again.
    pub documents: Known,
    /// A place for each operation under way, also of clients that have hung up.
    under_way: Arc<Semaphore>,
    stopping: AtomicBool,
}

impl Service {
    pub fn new(backend: Backend, settings: &Http) -> Self {
        Self {
            backend,
            patience: settings.patience,
            deadline: settings.deadline,
            production: settings.production,
            origins: Origins::new(&settings.allowed_origins),
            proxies: settings.trusted_proxies.clone(),
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

    /// What `work` answers. It runs in a task of its own: a client that hangs up cannot cut a transaction in two, and a panic ends no more
    /// than its own request.
    pub async fn run(
        &self,
        media: MediaType,
        id: &RequestId,
        work: impl Future<Output = Response> + Send + 'static,
    ) -> Response {
        let Some(place) = self.under_way.clone().try_acquire_owned().ok() else {
            let refusal = Refusal::new(Code::Unavailable, "too much is under way; try again");
            return answer::refused(StatusCode::SERVICE_UNAVAILABLE, media, &refusal);
        };
        let work = async move {
            let response = work.await;
            drop(place);
            response
        };
        match tokio::spawn(work.in_current_span()).await {
            Ok(response) => response,
            Err(_) => {
                tracing::error!(request_id = id.as_str(), "a request panicked");
                answer::internal(media, id)
            }
        }
    }

    /// Waits until nothing is under way.
    pub async fn idle(&self) {
        // Only closing the semaphore makes this fail, and nobody closes it.
        let _ = self.under_way.acquire_many(MAX_UNDER_WAY).await;
    }
}
