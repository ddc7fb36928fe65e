//! Answers: always a GraphQL body, always with a code, never with `data` when nothing was executed.

use std::collections::BTreeMap;

use async_graphql::parser::types::OperationType;
use async_graphql::{ErrorExtensionValues, Name, Response as Executed, ServerError, Value};
use poem::Response;
use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use super::accept::MediaType;
use super::guard::Refusal;
use super::kept;
use super::language;
use super::observe::RequestId;
use crate::config::MAX_POINTS;
use crate::error::{Code, Language};
use crate::graphql::Cost;

/// Validation errors in one answer; a document with hundreds is not worth more.
const MAX_ERRORS: usize = 5;

/// Of most answers: what somebody may see today they may not see tomorrow.
const NO_STORE: &str = "no-store";
const OUR_FAULT: &str = "something went wrong here; quote the request id";
const UNWRITABLE: &str = r#"{"errors":[{"message":"something went wrong here","extensions":{"code":"INTERNAL"}}]}"#;

/// An answer, before a door has given it its form.
pub struct Answer {
    /// To what kind of operation, if that is known.
    pub kind: Option<OperationType>,
    status: Status,
    errors: Vec<ServerError>,
    /// Of what was executed.
    data: Option<Box<Value>>,
    extensions: BTreeMap<String, Value>,
    language: Language,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// Where it may be kept, and for how long.
    keeping: &'static str,
}

/// What HTTP says of it.
#[derive(Clone, Copy)]
enum Status {
    /// The document is not executed: what that is depends on the media type.
    RequestError,
    Is(StatusCode),
}

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

impl Answer {
    fn new(status: Status, errors: Vec<ServerError>) -> Self {
        Self {
            kind: None,
            status,
            errors,
            data: None,
            extensions: BTreeMap::new(),
            language: Language::English,
            headers: Vec::new(),
            keeping: NO_STORE,
        }
    }

    /// To a well-formed request for a document that is not executed.
    pub fn not_executed(refusal: &Refusal) -> Self {
        let mut error = ServerError::new(refusal.message.clone(), refusal.at);
        set(&mut error, "code", refusal.code.as_str());
        Self::new(Status::RequestError, vec![error])
    }

    /// To a request that never reached the engine, with the status that HTTP has for it.
    pub fn refused(status: StatusCode, refusal: &Refusal) -> Self {
        Self { status: Status::Is(status), ..Self::not_executed(refusal) }
    }

    /// A panic, or an answer that never came: says nothing but which request it was.
    pub fn internal(id: &RequestId) -> Self {
        let mut error = ServerError::new(OUR_FAULT, None);
        set(&mut error, "code", Code::Internal.as_str());
        set(&mut error, "requestId", id.as_str());
        Self::new(Status::Is(StatusCode::INTERNAL_SERVER_ERROR), vec![error])
    }

    /// Where the answer did not come within its time.
    pub fn too_slow() -> Self {
        let refusal = Refusal::new(Code::TimedOut, "the answer took too long; ask for less");
        Self::refused(StatusCode::SERVICE_UNAVAILABLE, &refusal)
    }

    /// Where nothing is, or nothing that the asker may know of: the one answer to both.
    pub fn nothing() -> Self {
        let refusal = Refusal::new(Code::NotFound, "there is nothing at this path");
        Self::refused(StatusCode::NOT_FOUND, &refusal)
    }

    /// What an operation would cost.
    pub fn priced(cost: Cost) -> Self {
        Self::new(Status::Is(StatusCode::OK), Vec::new()).costing(cost)
    }

    /// What the engine said, in the caller's language.
    pub fn executed(language: Language, id: &RequestId, cost: Option<Cost>, response: Executed) -> Self {
        let request_error = is_request_error(&response);
        let mut answer = Self::new(Status::Is(StatusCode::OK), response.errors);
        answer.language = language;
        answer.extensions = response.extensions;
        if request_error {
            answer.status = Status::RequestError;
            answer.errors.truncate(MAX_ERRORS);
        } else {
            answer.data = Some(Box::new(response.data));
        }
        for error in &mut answer.errors {
            ensure_code(error, request_error, id);
        }
        match cost {
            Some(cost) => answer.costing(cost),
            None => answer,
        }
    }

    /// The same, which tells what the operation costs.
    #[must_use]
    pub fn costing(mut self, cost: Cost) -> Self {
        self.extensions.extend(costs(cost));
        self
    }

    /// The same with a header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same, which anybody may keep for so long, as `Cache-Control` says it; unless something went wrong.
    #[must_use]
    pub fn kept(mut self, keeping: &'static str) -> Self {
        if self.is_whole() {
            self.keeping = keeping;
        }
        self
    }

    /// Whether everything that was asked for is there.
    fn is_whole(&self) -> bool {
        self.errors.is_empty() && self.data.is_some()
    }

    /// The same to an operation of this kind.
    #[must_use]
    pub fn to(self, kind: OperationType) -> Self {
        Self { kind: Some(kind), ..self }
    }

    /// The code of the first error, or of one that is our fault.
    pub fn error(&self) -> Option<Code> {
        let code = |error: &ServerError| {
            let Value::String(name) = error.extensions.as_ref()?.get("code")? else { return None };
            Code::named(name)
        };
        let codes = || self.errors.iter().filter_map(code);
        codes().find(|code| *code == Code::Internal).or_else(|| codes().next())
    }

    /// What went wrong.
    pub fn errors(&self) -> &[ServerError] {
        &self.errors
    }

    /// Whether a well-formed request asked for something that is not executed.
    pub fn is_request_error(&self) -> bool {
        matches!(self.status, Status::RequestError)
    }

    /// Whether something was executed.
    pub fn is_executed(&self) -> bool {
        self.data.is_some()
    }

    /// The body: JSON, on one line.
    pub fn json(&self) -> String {
        let body = Body {
            errors: &self.errors,
            data: self.data.as_deref(),
            extensions: Some(&self.extensions).filter(|extensions| !extensions.is_empty()),
        };
        serde_json::to_string(&body).unwrap_or_else(|error| {
            tracing::error!(%error, "an answer cannot be written as JSON");
            UNWRITABLE.to_owned()
        })
    }

    /// As HTTP has it.
    pub fn over_http(self, media: MediaType) -> Response {
        let status = match self.status {
            Status::RequestError => request_error_status(media),
            Status::Is(status) => status,
        };
        let mut response = Response::builder()
            .header(header::CONTENT_TYPE, media.content_type())
            .header(header::CONTENT_LANGUAGE, language::tag(self.language))
            .header(header::VARY, "accept, accept-encoding, accept-language, authorization")
            .header(header::CACHE_CONTROL, self.keeping);
        for (name, value) in &self.headers {
            response = response.header(name, value);
        }
        let json = self.json();
        if self.keeping != NO_STORE {
            // Weak: an answer may be compressed.
            response = response.header(header::ETAG, format!("W/{}", kept::tag(&json)));
        }
        response.status(status).body(json)
    }
}

/// An answer to a request that never reached the engine, with the status that HTTP has for it.
pub fn refused(status: StatusCode, media: MediaType, refusal: &Refusal) -> Response {
    Answer::refused(status, refusal).over_http(media)
}

/// See [`Answer::nothing`].
pub fn nothing() -> Response {
    Answer::nothing().over_http(MediaType::Json)
}

/// See [`Answer::internal`].
pub fn internal(media: MediaType, id: &RequestId) -> Response {
    Answer::internal(id).over_http(media)
}

fn costs(cost: Cost) -> BTreeMap<String, Value> {
    let counts = [("objects", cost.objects), ("fields", cost.fields), ("points", cost.points()), ("limit", MAX_POINTS)];
    let counts = counts.map(|(name, count)| (Name::new(name), Value::from(count)));
    BTreeMap::from([("cost".to_owned(), Value::Object(counts.into_iter().collect()))])
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

fn request_error_status(media: MediaType) -> StatusCode {
    match media {
        MediaType::GraphqlResponse | MediaType::EventStream => StatusCode::BAD_REQUEST,
        MediaType::Json => StatusCode::OK,
    }
}
