//! What the doors share while the server runs.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ipnet::IpNet;
use poem::http::StatusCode;
use tokio::sync::{Semaphore, watch};
use tracing::Instrument;

use super::answer::Answer;
use super::backend::Backend;
use super::guard::{Known, Refusal};
use super::metrics::{Metrics, One};
use super::observe::RequestId;
use super::origin::Origins;
use super::stored::Stored;
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
    /// Documents that are meant by their names.
    pub stored: Stored,
    /// Documents that need not be looked at again.
    pub documents: Known,
    /// How long the other end of a socket may take over what is sent.
    pub stall: Duration,
    /// Tells those who follow something that nothing more will be told.
    closing: watch::Sender<bool>,
    pub metrics: Metrics,
    /// A place for each operation under way, also of clients that have hung up.
    under_way: Arc<Semaphore>,
    stopping: AtomicBool,
}

impl Service {
    /// Fails when stored documents cannot be read.
    pub fn new(backend: Backend, settings: &Http) -> io::Result<Self> {
        Ok(Self {
            backend,
            patience: settings.patience,
            deadline: settings.deadline,
            production: settings.production,
            origins: Origins::new(&settings.allowed_origins),
            proxies: settings.trusted_proxies.clone(),
            stored: Stored::read(settings)
                .map_err(|error| io::Error::new(error.kind(), format!("stored_documents: {error}")))?,
            documents: Known::default(),
            stall: settings.connections.stall,
            closing: watch::Sender::new(false),
            metrics: Metrics::new(),
            under_way: Arc::new(Semaphore::new(MAX_UNDER_WAY as usize)),
            stopping: AtomicBool::new(false),
        })
    }

    /// From now on not ready; what comes is still answered.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// From now on nobody follows anything any more.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// One for each who follows something; it tells when that ends.
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// What comes of `work`, or what is answered where nothing does. It runs in a task of its own: a client that hangs up cannot cut a
    /// transaction in two, and a panic ends no more than its own request.
    pub async fn run<T: Send + 'static>(
        &self,
        id: &RequestId,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Answer> {
        let Some(place) = self.under_way.clone().try_acquire_owned().ok() else {
            let refusal = Refusal::new(Code::Unavailable, "too much is under way; try again");
            return Err(Answer::refused(StatusCode::SERVICE_UNAVAILABLE, &refusal));
        };
        let counted = One::of(&self.metrics.under_way);
        let work = async move {
            let done = work.await;
            drop((place, counted));
            done
        };
        tokio::spawn(work.in_current_span()).await.map_err(|_| {
            tracing::error!(request_id = id.as_str(), "a request panicked");
            Answer::internal(id)
        })
    }

    /// Counts an answer to an operation.
    pub fn count(&self, answer: &Answer) {
        self.metrics.operation(answer.kind, answer.error());
    }

    /// Waits until nothing is under way, and nobody follows anything.
    pub async fn idle(&self) {
        self.closing.closed().await;
        // Only closing the semaphore makes this fail, and nobody closes it.
        let _ = self.under_way.acquire_many(MAX_UNDER_WAY).await;
    }
}
