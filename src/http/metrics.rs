//! What is counted while the server runs, and the page on which Prometheus reads it.
//!
//! Values of labels are `&'static str`: nothing that a client makes up can become one, nor can there be more of them than are written in
//! the code.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use poem::http::{Method, StatusCode, header};
use poem::web::Data;
use poem::{Response, handler};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::backend::Measured;
use super::service::Service;
use crate::error::Code;

/// Where the page is.
pub const PATH: &str = "/metrics";
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// From what is answered from memory to what is given up.
const SECONDS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Others may be anything.
const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"];

type Label = (&'static str, &'static str);

/// All that is counted.
pub struct Metrics {
    registry: Registry,
    requests: Family<[Label; 3], Counter>,
    durations: Family<[Label; 1], Histogram, fn() -> Histogram>,
    operations: Family<[Label; 2], Counter>,
    points: Counter,
    refusals: Family<[Label; 1], Counter>,
    /// Connections at the public door.
    pub places: Places,
    /// Operations and files under way.
    pub under_way: Gauge,
    /// Subscriptions that somebody listens to.
    pub subscriptions: Gauge,
    database: Database,
    memory: Gauge,
}

/// Connections at a door.
#[derive(Clone, Default)]
pub struct Places {
    pub open: Gauge,
    /// How many there may be.
    pub most: Gauge,
    pub turned_away: Counter,
}

#[derive(Default)]
struct Database {
    statements: Counter,
    connections: Family<[Label; 2], Gauge>,
    most: Family<[Label; 1], Gauge>,
    waiting: Gauge,
    changes: Counter,
}

/// One of what a gauge counts, for as long as it is kept.
pub struct One(Gauge);

impl One {
    pub fn of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for One {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// Nothing has been counted.
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::default(),
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            operations: Family::default(),
            points: Counter::default(),
            refusals: Family::default(),
            places: Places::default(),
            under_way: Gauge::default(),
            subscriptions: Gauge::default(),
            database: Database::default(),
            memory: Gauge::default(),
        };
        let mut registry = Registry::default();
        // The name that all programs have for it.
        let help = "Memory that is not swapped out";
        registry.register_with_unit("process_resident_memory", help, Unit::Bytes, metrics.memory.clone());
        let ours = registry.sub_registry_with_prefix("samverkan");
        ours.register("build", "The version that runs", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        metrics.register_requests(ours);
        metrics.register_operations(ours);
        metrics.database.register(ours);
        metrics.registry = registry;
        metrics
    }

    fn register_requests(&self, registry: &mut Registry) {
        registry.register("http_requests", "Requests answered", self.requests.clone());
        let help = "From the head of a request to that of its answer";
        registry.register_with_unit("http_request_duration", help, Unit::Seconds, self.durations.clone());
        registry.register("http_connections", "Connections open", self.places.open.clone());
        registry.register("http_connections_max", "Connections that may be open", self.places.most.clone());
        let help = "Connections for which there was no place";
        registry.register("http_connections_turned_away", help, self.places.turned_away.clone());
    }

    fn register_operations(&self, registry: &mut Registry) {
        let help = "GraphQL operations answered; of unknown kind is what could not be read";
        registry.register("graphql_operations", help, self.operations.clone());
        registry.register("cost_points", "Points that operations were charged", self.points.clone());
        registry.register("cost_refusals", "Operations not run because of their cost", self.refusals.clone());
        let help = "Operations and files under way, also of clients that have hung up";
        registry.register("operations_under_way", help, self.under_way.clone());
        registry.register("subscriptions", "Subscriptions that somebody listens to", self.subscriptions.clone());
    }

    /// A request was answered.
    pub fn request(&self, method: &Method, path: &'static str, status: StatusCode, took: Duration) {
        let method = METHODS.into_iter().find(|known| *known == method.as_str()).unwrap_or("other");
        let status = match status.as_u16() / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        self.requests.get_or_create(&[("method", method), ("path", path), ("status", status)]).inc();
        self.durations.get_or_create(&[("path", path)]).observe(took.as_secs_f64());
    }

    /// An operation was answered, well or with this error first. It is of no kind where it could not be read.
    pub fn operation(&self, kind: Option<OperationType>, error: Option<Code>) {
        let kind = match kind {
            Some(OperationType::Query) => "query",
            Some(OperationType::Mutation) => "mutation",
            Some(OperationType::Subscription) => "subscription",
            None => "unknown",
        };
        let outcome = error.map_or("ok", Code::as_str);
        self.operations.get_or_create(&[("kind", kind), ("outcome", outcome)]).inc();
    }

    /// An operation was charged for.
    pub fn charged(&self, points: u64) {
        self.points.inc_by(points);
    }

    /// An operation was not run because of what it costs.
    pub fn refused(&self, code: Code) {
        self.refusals.get_or_create(&[("code", code.as_str())]).inc();
    }

    /// The page.
    fn text(&self) -> Result<String, fmt::Error> {
        if let Some(bytes) = resident_memory() {
            self.memory.set(bytes);
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl Database {
    fn register(&self, registry: &mut Registry) {
        registry.register("database_statements", "Statements sent to the database", self.statements.clone());
        registry.register("database_connections", "Connections to the database", self.connections.clone());
        let help = "Connections to the database that there may be";
        registry.register("database_connections_max", help, self.most.clone());
        let help = "Statements and transactions that wait for a connection";
        registry.register("database_waiting", help, self.waiting.clone());
        let help = "The number of the last change in the trail, the same on all instances: not to be summed";
        registry.register("changes", help, self.changes.clone());
    }

    /// As it is at this moment.
    fn set(&self, measured: &Measured) {
        let usage = &measured.database;
        self.statements.inner().store(usage.statements, Ordering::Relaxed);
        self.waiting.set(gauged(usage.waiting));
        for pool in &usage.pools {
            let connections = |state| self.connections.get_or_create_owned(&[("pool", pool.name), ("state", state)]);
            connections("used").set(gauged(pool.used));
            connections("idle").set(gauged(pool.idle));
            self.most.get_or_create(&[("pool", pool.name)]).set(gauged(pool.most));
        }
        if let Some(changes) = measured.changes {
            self.changes.inner().store(changes, Ordering::Relaxed);
        }
    }
}

/// Answers [`PATH`].
#[handler]
pub async fn show(Data(service): Data<&Arc<Service>>) -> Response {
    if let Some(measured) = service.backend.measure().await {
        service.metrics.database.set(&measured);
    }
    match service.metrics.text() {
        Ok(text) => Response::builder().header(header::CONTENT_TYPE, OPEN_METRICS).body(text),
        Err(error) => {
            tracing::error!(%error, "the metrics cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into()
        }
    }
}

fn gauged(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// What this process has in memory, where the system says so.
fn resident_memory() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: i64 = resident.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
