//! The keys of an issuer, kept for a while.
//!
//! A token that no kept key signed may be signed by a new one: then the keys are fetched, at most every [`SPACING`], however many such
//! tokens come. Keys older than [`FRESH`] are fetched before they are used, so that a withdrawn one stops. An issuer that does not answer
//! is asked again every so often; until it does, what is kept holds for a [`DAY`]. Requests that want the same keys share one fetch, and a
//! client that hangs up does not end it.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use entity::values::Instant;
use reqwest::{Client, StatusCode};
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use super::jwks::{self, Key};
use super::token::Token;
use crate::app::App;
use crate::config::{self, is_safe_url};

/// Between two fetches, in microseconds: two a minute, and a new key works within one.
const SPACING: i64 = 30_000_000;
/// Until keys are fetched again: a withdrawn one stops within five minutes.
const FRESH: i64 = 4 * 60_000_000;
/// Until the keys of an issuer that does not answer are given up.
const DAY: i64 = 24 * 60 * 60_000_000;
/// For a whole fetch.
const PATIENCE: Duration = Duration::from_secs(5);
/// A longer answer is not read.
const MAX_BODY: usize = 256 * 1024;
const DISCOVERY: &str = "/.well-known/openid-configuration";

/// An issuer's keys.
pub struct Keys {
    app: App,
    client: Client,
    issuer: config::Issuer,
    kept: ArcSwap<Kept>,
    /// Held while keys are fetched.
    last: Mutex<Option<Instant>>,
    failed: ArcSwap<Option<Instant>>,
}

/// What the last fetch that succeeded brought.
#[derive(Default)]
struct Kept {
    keys: Vec<Key>,
    at: Option<Instant>,
}

impl Kept {
    fn signed(&self, token: &Token<'_>) -> bool {
        self.keys.iter().any(|key| key.signed(token))
    }

    fn is_younger(&self, age: i64, now: Instant) -> bool {
        self.at.is_some_and(|at| now.0 - at.0 < age)
    }
}

impl Keys {
    /// None yet.
    pub fn new(app: App, client: Client, issuer: config::Issuer) -> Self {
        let (kept, failed) = (ArcSwap::default(), ArcSwap::default());
        Self { app, client, issuer, kept, last: Mutex::default(), failed }
    }

    /// Whether one of the keys signed the token.
    pub async fn signed(self: &Arc<Self>, token: &Token<'_>) -> bool {
        let now = self.app.now();
        let kept = self.current(now).await;
        if kept.is_younger(DAY, now) && kept.signed(token) {
            return true;
        }
        // Perhaps by a key that is newer than those.
        finished(self.renew(kept.clone())).await;
        let newer = self.kept.load_full();
        !Arc::ptr_eq(&kept, &newer) && newer.signed(token)
    }

    async fn current(self: &Arc<Self>, now: Instant) -> Arc<Kept> {
        let kept = self.kept.load_full();
        if kept.is_younger(FRESH, now) {
            return kept;
        }
        let renewing = self.renew(kept.clone());
        // An issuer that just failed to answer is not waited for as long as there is something to go by.
        let failing = self.failed.load().is_some_and(|at| now.0 - at.0 < FRESH);
        if failing && kept.is_younger(DAY, now) {
            return kept;
        }
        finished(renewing).await;
        self.kept.load_full()
    }

    /// Fetches the keys, unless somebody else has since `seen`, or it is too early for that.
    fn renew(self: &Arc<Self>, seen: Arc<Kept>) -> JoinHandle<()> {
        let this = self.clone();
        tokio::spawn(async move {
            let mut last = this.last.lock().await;
            let now = this.app.now();
            let early = last.is_some_and(|last| (now.0 - last.0).abs() < SPACING);
            if early || !Arc::ptr_eq(&seen, &this.kept.load_full()) {
                return;
            }
            *last = Some(now);
            let fetched = tokio::time::timeout(PATIENCE, this.fetch()).await;
            match fetched.unwrap_or_else(|_| Err("no answer in time".to_owned())) {
                Ok(keys) => {
                    this.failed.store(Arc::new(None));
                    this.kept.store(Arc::new(Kept { keys, at: Some(now) }));
                }
                Err(reason) => {
                    this.failed.store(Arc::new(Some(now)));
                    tracing::warn!(issuer = this.issuer.issuer, reason, "an issuer's keys cannot be fetched");
                }
            }
        })
    }

    async fn fetch(&self) -> Result<Vec<Key>, String> {
        let url = match &self.issuer.jwks_url {
            Some(url) => url.clone(),
            None => self.discover().await?,
        };
        let set = self.get(&url).await?;
        jwks::read(&set, &self.issuer.algorithms).ok_or_else(|| "the answer is not a set of keys".to_owned())
    }

    /// Where the issuer says that its keys are. It must say so under the very name that its tokens have.
    async fn discover(&self) -> Result<String, String> {
        let found = self.get(&format!("{}{DISCOVERY}", self.issuer.issuer.trim_end_matches('/'))).await?;
        if found["issuer"].as_str() != Some(&self.issuer.issuer) {
            return Err("the discovery document is that of another issuer".to_owned());
        }
        let url = found["jwks_uri"].as_str().filter(|url| is_safe_url(url));
        url.map(str::to_owned).ok_or_else(|| "the discovery document names no https:// URL of keys".to_owned())
    }

    async fn get(&self, url: &str) -> Result<Value, String> {
        let explain = |error: reqwest::Error| error.without_url().to_string();
        let mut response = self.client.get(url).send().await.map_err(explain)?;
        if response.status() != StatusCode::OK {
            return Err(format!("the answer is {}", response.status()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(explain)? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err("the answer is too long".to_owned());
            }
            body.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&body).map_err(|_| "the answer is not JSON".to_owned())
    }
}

/// Only a panic could make the task fail, and then the keys are as they were.
async fn finished(renewing: JoinHandle<()>) {
    if renewing.await.is_err() {
        tracing::error!("fetching keys panicked");
    }
}
