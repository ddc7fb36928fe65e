//! What every answer gets: a request id, headers that narrow what a browser may do with it, and one line in the log.

use std::fmt::Display;
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use poem::{Endpoint, IntoResponse, Request, Response, Result};
use tracing::Instrument as _;

use super::accept::MediaType;
use super::answer;
use super::file;
use super::guard::Refusal;
use super::plain::Plain;
use super::service::Service;
use super::trace;
use crate::error::Code;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Which request this is, in the answer's header and in the log.
#[derive(Clone, Debug)]
pub struct RequestId(String);

impl RequestId {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id that [`Observe`] gave the request.
    pub fn of(request: &Request) -> Self {
        request.extensions().get::<RequestId>().cloned().unwrap_or_else(|| Self("unknown".to_owned()))
    }

    /// A proxy's id is kept, if it is one that can be logged as it is.
    fn received(request: &Request) -> Option<Self> {
        let id = request.header(REQUEST_ID)?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        ((1..=64).contains(&id.len()) && id.bytes().all(plain)).then(|| Self(id.to_owned()))
    }
}

/// Wraps all routes.
pub struct Observe<E> {
    pub routes: E,
    pub service: Arc<Service>,
}

impl<E: Endpoint> Endpoint for Observe<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let started = Instant::now();
        let id = RequestId::received(&request).unwrap_or_else(|| RequestId(self.service.backend.new_id()));
        request.extensions_mut().insert(id.clone());
        let method = request.method().clone();
        let path = loggable(request.uri().path());
        let plain = Plain::of(&mut request);
        let page = self.service.origins.page(&request);
        if let Some(page) = &page
            && page.only_wonders
        {
            let mut response = page.preflight();
            finish(&mut response, &id);
            self.service.metrics.request(&method, path, response.status(), started.elapsed());
            return Ok(response);
        }
        let span = trace::request(&request, &method, path, &id, &self.service.proxies);
        let mut response = match self.routes.call(request).instrument(span.clone()).await {
            Ok(response) => response.into_response(),
            Err(error) => rewritten(error.into_response(), &id),
        };
        if response.status() == StatusCode::METHOD_NOT_ALLOWED && response.content_type().is_none() {
            response = rewritten(response, &id);
        }
        if let Some(left) = plain.left() {
            response = left;
        }
        finish(&mut response, &id);
        let unread = [StatusCode::PAYLOAD_TOO_LARGE, StatusCode::REQUEST_TIMEOUT].contains(&response.status());
        if unread || self.service.is_stopping() {
            // Who keeps a connection is to have left it before it is closed.
            response.headers_mut().entry(header::CONNECTION).or_insert(HeaderValue::from_static("close"));
        }
        self.service.origins.tell(page, &mut response);
        let took = started.elapsed();
        trace::answered(&span, response.status());
        self.service.metrics.request(&method, path, response.status(), took);
        log(&method, path, response.status(), took.as_micros(), &id);
        Ok(response)
    }
}

fn log(method: &impl Display, path: &str, status: StatusCode, microseconds: u128, id: &RequestId) {
    tracing::info!(
        target: "samverkan::request",
        %method,
        path,
        status = status.as_u16(),
        microseconds,
        request_id = id.as_str(),
        "answered"
    );
}

/// Paths of ours. Others may hold anything, names included, and stay out of the log.
fn loggable(path: &str) -> &'static str {
    static FILES: LazyLock<[String; 4]> =
        LazyLock::new(|| file::FOLDERS.map(|folder| format!("{folder}{}", file::NAME)));
    let ours = ["/", "/graphql", "/graphiql", "/health/live", "/health/ready"];
    if let Some(own) = ours.into_iter().find(|own| *own == path) {
        return own;
    }
    if path.strip_prefix("/graphiql/assets/").is_some_and(super::graphiql::is_asset) {
        return "/graphiql/assets/:name";
    }
    let folder = file::FOLDERS.iter().position(|folder| path.starts_with(folder));
    folder.map_or("(unknown)", |folder| FILES[folder].as_str())
}

/// An error of the router, in the words that all errors here are in.
fn rewritten(original: Response, id: &RequestId) -> Response {
    let status = original.status();
    let (code, message) = match status {
        StatusCode::NOT_FOUND => return answer::nothing(),
        StatusCode::METHOD_NOT_ALLOWED => (Code::MethodNotAllowed, "this path is read with GET"),
        status if status.is_client_error() => (Code::BadRequest, "the request cannot be read"),
        _ => return answer::internal(MediaType::Json, id),
    };
    let mut response = answer::refused(status, MediaType::Json, &Refusal::new(code, message));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        let methods = HeaderValue::from_static("GET, HEAD");
        response.headers_mut().insert(header::ALLOW, methods);
    }
    response
}

fn finish(response: &mut Response, id: &RequestId) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        headers.insert(REQUEST_ID, id);
    }
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
}
