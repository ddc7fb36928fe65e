//! What is traced of statements: their text, which never holds a value, as OpenTelemetry's
//! [conventions](https://opentelemetry.io/docs/specs/semconv/database/database-spans/) name it.

use std::time::Duration;

use sea_orm::DbBackend;
use tracing::Span;

/// All that is traced, and nothing that is only logged.
pub const TRACES: &str = "samverkan::trace";

/// A statement that reads, for as long as it takes. What nobody has asked for is not traced.
pub fn reading(backend: DbBackend, sql: &str) -> Span {
    if Span::current().is_none() {
        return Span::none();
    }
    tracing::debug_span!(
        target: TRACES,
        "statement",
        otel.kind = "client",
        otel.name = sql.split_whitespace().next(),
        db.system.name = system(backend),
        db.query.text = sql,
    )
}

/// One of a change that has been made, or one through an entity: known only once it is done.
pub fn done(backend: DbBackend, sql: &str, took: Duration) {
    let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    tracing::debug!(
        target: TRACES,
        { db.system.name = system(backend), db.query.text = sql, microseconds },
        "statement"
    );
}

fn system(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "postgresql",
        _ => "sqlite",
    }
}
