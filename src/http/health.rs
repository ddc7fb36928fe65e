//! Is the process alive, and should it be sent requests?

use std::sync::Arc;

use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::{Response, handler};

use super::service::Service;

#[handler]
pub fn live() -> Response {
    text(StatusCode::OK, "alive\n")
}

/// Not ready while the database is out of reach or not of this binary's schema, nor from the moment it stops.
#[handler]
pub async fn ready(Data(service): Data<&Arc<Service>>) -> Response {
    if service.is_stopping() {
        return text(StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match service.backend.ready().await {
        true => text(StatusCode::OK, "ready\n"),
        false => text(StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
    }
}

fn text(status: StatusCode, body: &'static str) -> Response {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .body(body)
}
