//! What is traced of a request and of an operation: how long it took, and what came of it. Nothing that a client writes as it likes comes
//! into a trace; fields are named by OpenTelemetry's
//! [conventions](https://opentelemetry.io/docs/specs/semconv/http/http-spans/).

use async_graphql::parser::types::OperationType;
use ipnet::IpNet;
use poem::Request;
use poem::http::{Method, StatusCode};
use tracing::Span;
use tracing::field::Empty;

use super::answer::Answer;
use super::network;
use super::observe::RequestId;
use crate::app::TRACES;

/// A request that has arrived. One that a proxy of ours hands on is part of the trace that the proxy names (`traceparent`).
pub fn request(request: &Request, method: &Method, path: &str, id: &RequestId, proxies: &[IpNet]) -> Span {
    let span = tracing::debug_span!(
        target: TRACES,
        "request",
        otel.kind = "server",
        otel.name = format_args!("{method} {path}"),
        otel.status_code = Empty,
        http.request.method = %method,
        http.route = path,
        http.response.status_code = Empty,
        request_id = id.as_str(),
    );
    if !span.is_disabled() && network::is_from(request, proxies) {
        continues(&span, request);
    }
    span
}

/// What was answered to it.
pub fn answered(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

/// An operation that runs. A stored document is known by its name.
pub fn operation(kind: OperationType, stored: Option<&str>) -> Span {
    tracing::debug_span!(
        target: TRACES,
        "operation",
        otel.name = %kind,
        graphql.operation.type = %kind,
        graphql.document.id = stored,
        error.type = Empty,
    )
}

/// What came of it.
pub fn done(span: &Span, answer: &Answer) {
    if let Some(code) = answer.error() {
        span.record("error.type", code.as_str());
    }
}

#[cfg(feature = "opentelemetry")]
fn continues(span: &Span, request: &Request) {
    use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
    use opentelemetry_sdk::propagation::TraceContextPropagator;
    use poem::http::HeaderMap;
    use tracing_opentelemetry::OpenTelemetrySpanExt as _;

    struct Headers<'a>(&'a HeaderMap);

    impl Extractor for Headers<'_> {
        fn get(&self, key: &str) -> Option<&str> {
            self.0.get(key)?.to_str().ok()
        }

        fn keys(&self) -> Vec<&str> {
            self.0.keys().map(|name| name.as_str()).collect()
        }
    }

    let above = TraceContextPropagator::new().extract(&Headers(request.headers()));
    // It fails where nothing is traced.
    let _ = span.set_parent(above);
}

#[cfg(not(feature = "opentelemetry"))]
fn continues(_: &Span, _: &Request) {}
