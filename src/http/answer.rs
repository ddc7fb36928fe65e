//! Answers: always a GraphQL body, always with a code, never with `data` when nothing was executed.

use std::collections::BTreeMap;

use async_graphql::{ErrorExtensionValues, Name, Response as Executed, ServerError, Value};
use poem::Response;
use poem::http::{StatusCode, header};
use serde::Serialize;

use super::accept::MediaType;
use super::guard::Refusal;
use super::language;
use super::observe::RequestId;
use crate::config::MAX_POINTS;
use crate::error::{Code, Language};
use crate::graphql::Cost;

/// Validation errors in one answer; a document with hundreds is not worth more.
const MAX_ERRORS: usize = 5;

const OUR_FAULT: &str = "something went wrong here; quote the request id";
const UNWRITABLE: &str = r#"{"errors":[{"message":"something went wrong here","extensions":{"code":"INTERNAL"}}]}"#;

/// The body, in the order in which it is written. Never through a map: fields keep the order in which they were asked.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<&'a BTreeMap<String, Value>>,
}

/// An answer to a request that never reached the engine, with the status that HTTP has for it.
pub fn refused(status: StatusCode, media: MediaType, refusal: &Refusal) -> Response {
    let mut error = ServerError::new(refusal.message.clone(), refusal.at);
    set(&mut error, "code", refusal.code.as_str());
    respond(status, media, Language::English, &Body::of_error(&error))
}

/// An answer to a well-formed request for a document that is not executed.
pub fn not_executed(media: MediaType, refusal: &Refusal) -> Response {
    refused(request_error_status(media), media, refusal)
}

/// An answer to an operation that is not executed because of what it costs.
pub fn not_afforded(status: StatusCode, media: MediaType, refusal: &Refusal, cost: Cost) -> Response {
    let mut error = ServerError::new(refusal.message.clone(), None);
    set(&mut error, "code", refusal.code.as_str());
    let extensions = costs(cost);
    let body = Body { extensions: Some(&extensions), ..Body::of_error(&error) };
    respond(status, media, Language::English, &body)
}

/// What an operation would cost.
pub fn priced(media: MediaType, cost: Cost) -> Response {
    let body = Body { errors: &[], data: None, extensions: Some(&costs(cost)) };
    respond(StatusCode::OK, media, Language::English, &body)
}

fn costs(cost: Cost) -> BTreeMap<String, Value> {
    let counts = [("objects", cost.objects), ("fields", cost.fields), ("points", cost.points()), ("limit", MAX_POINTS)];
    let counts = counts.map(|(name, count)| (Name::new(name), Value::from(count)));
    BTreeMap::from([("cost".to_owned(), Value::Object(counts.into_iter().collect()))])
}

/// Where nothing is, or nothing that the asker may know of: the one answer to both.
pub fn nothing() -> Response {
    refused(StatusCode::NOT_FOUND, MediaType::Json, &Refusal::new(Code::NotFound, "there is nothing at this path"))
}

/// A panic, or an answer that never came: says nothing but which request it was.
pub fn internal(media: MediaType, id: &RequestId) -> Response {
    let mut error = ServerError::new(OUR_FAULT, None);
    set(&mut error, "code", Code::Internal.as_str());
    set(&mut error, "requestId", id.as_str());
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    respond(status, media, Language::English, &Body::of_error(&error))
}

/// What the engine said, in the caller's language.
pub fn executed(
    media: MediaType,
    language: Language,
    id: &RequestId,
    cost: Option<Cost>,
    mut response: Executed,
) -> Response {
    let request_error = is_request_error(&response);
    if let Some(cost) = cost {
        response.extensions.append(&mut costs(cost));
    }
    if request_error {
        response.errors.truncate(MAX_ERRORS);
    }
    for error in &mut response.errors {
        ensure_code(error, request_error, id);
    }
    let body = Body {
        errors: &response.errors,
        data: Some(&response.data).filter(|_| !request_error),
        extensions: Some(&response.extensions).filter(|extensions| !extensions.is_empty()),
    };
    let status = match request_error {
        true => request_error_status(media),
        false => StatusCode::OK,
    };
    respond(status, media, language, &body)
}

impl<'a> Body<'a> {
    fn of_error(error: &'a ServerError) -> Self {
        Self { errors: std::slice::from_ref(error), data: None, extensions: None }
    }
}

/// Nothing was executed: field errors have a path, errors of the request as a whole have none.
fn is_request_error(response: &Executed) -> bool {
    let errors = &response.errors;
    response.data == Value::Null && !errors.is_empty() && errors.iter().all(|error| error.path.is_empty())
}

/// An error without a code is one that nobody has vetted for publication, unless the validator wrote it.
fn ensure_code(error: &mut ServerError, request_error: bool, id: &RequestId) {
    let code = error.extensions.as_ref().and_then(|own| own.get("code"));
    let internal = match code {
        Some(code) => *code == Value::from(Code::Internal.as_str()),
        None if request_error => {
            set(error, "code", Code::ValidationFailed.as_str());
            false
        }
        None => {
            error.message = OUR_FAULT.to_owned();
            set(error, "code", Code::Internal.as_str());
            true
        }
    };
    if internal {
        set(error, "requestId", id.as_str());
    }
}

fn set(error: &mut ServerError, key: &str, value: &str) {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    extensions.set(key, value);
}

pub fn request_error_status(media: MediaType) -> StatusCode {
    match media {
        MediaType::GraphqlResponse => StatusCode::BAD_REQUEST,
        MediaType::Json => StatusCode::OK,
    }
}

fn respond(status: StatusCode, media: MediaType, language: Language, body: &Body<'_>) -> Response {
    let response = Response::builder()
        .header(header::CONTENT_TYPE, media.content_type())
        .header(header::CONTENT_LANGUAGE, language::tag(language))
        .header(header::VARY, "accept, accept-encoding, accept-language, authorization")
        .header(header::CACHE_CONTROL, "no-store");
    match serde_json::to_vec(body) {
        Ok(bytes) => response.status(status).body(bytes),
        Err(error) => {
            tracing::error!(%error, "an answer cannot be written as JSON");
            response.status(StatusCode::INTERNAL_SERVER_ERROR).body(UNWRITABLE)
        }
    }
}
