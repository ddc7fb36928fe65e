//! From an HTTP request to what it asks: the parameters of GraphQL over HTTP, read with limits of size and time.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Name, Request as Execution, Variables};
use poem::error::ReadBodyError;
use poem::http::{StatusCode, header};
use poem::{Body, Request};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::guard::{self, Refusal};
use crate::error::Code;

/// A body of more bytes is not read.
pub const MAX_BODY: usize = 256 * 1024;

/// What a client asks, before anyone has looked at the document.
pub struct Asked {
    pub document: Document,
    pub operation_name: Option<String>,
    variables: Value,
    extensions: Value,
}

/// What is to be run.
pub enum Document {
    /// By what it says.
    Text(Arc<str>),
    /// By the name under which it is stored.
    Stored(String),
}

/// A refusal and the status that HTTP has for it.
pub type Refused = (StatusCode, Refusal);

impl Asked {
    /// The name by which the document is meant, if it is not sent.
    pub fn stored(&self) -> Option<&str> {
        match &self.document {
            Document::Stored(name) => Some(name),
            Document::Text(_) => None,
        }
    }

    /// The engine's form of it, without the document, which goes there already parsed.
    pub fn into_execution(self) -> Result<Execution, Refused> {
        let mut execution = Execution::new(String::new());
        execution.operation_name = self.operation_name;
        execution.variables = Variables::from_json(self.variables);
        if !self.extensions.is_null() {
            execution.extensions =
                serde_json::from_value(self.extensions).map_err(|_| bad("extensions is not an object"))?;
        }
        Ok(execution)
    }

    /// Refuses the first of these variables that is not given, or is null.
    pub fn require(&self, variables: &[Name]) -> Result<(), Refusal> {
        let given = |name: &Name| self.variables.get(name.as_str()).is_some_and(|value| !value.is_null());
        match variables.iter().find(|name| !given(name)) {
            None => Ok(()),
            Some(name) => Err(Refusal::new(Code::ValidationFailed, format!("the variable ${name} must be given"))),
        }
    }

    /// The parameters of GraphQL over HTTP.
    pub fn new(mut parameters: Map<String, Value>) -> Result<Self, Refused> {
        let mut take = |name: &str| parameters.remove(name).unwrap_or_default();
        let document = match (take("query"), take("documentId")) {
            (Value::String(text), Value::Null) => Document::Text(text.into()),
            (Value::Null, Value::String(name)) => Document::Stored(name),
            // Some clients must send a text, and send an empty one beside the name.
            (Value::String(text), Value::String(name)) if text.is_empty() => Document::Stored(name),
            (Value::Null, Value::Null) => return Err(bad("there is no query and no documentId")),
            (Value::String(_), Value::String(_)) => return Err(bad("send a query or a documentId, not both")),
            (_, Value::Null) => return Err(bad("query is not a string")),
            _ => return Err(bad("documentId is not a string")),
        };
        let operation_name = match take("operationName") {
            Value::String(name) if !name.is_empty() => Some(name),
            Value::String(_) | Value::Null => None,
            _ => return Err(bad("operationName is not a string")),
        };
        let mut object = |name: &str| match take(name) {
            value @ (Value::Object(_) | Value::Null) => Ok(value),
            _ => Err(bad(format!("{name} is not an object"))),
        };
        Ok(Self { document, operation_name, variables: object("variables")?, extensions: object("extensions")? })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InUrl {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// The parameters of a GET.
pub fn from_url(request: &Request) -> Result<Asked, Refused> {
    let InUrl { query, document_id, operation_name, variables, extensions } =
        request.params().map_err(|_| bad("the parameters of the URL cannot be read"))?;
    let mut parameters = Map::new();
    parameters.insert("query".into(), query.into());
    parameters.insert("documentId".into(), document_id.into());
    parameters.insert("operationName".into(), operation_name.into());
    for (name, text) in [("variables", variables), ("extensions", extensions)] {
        let text = text.filter(|text| !text.is_empty());
        let value = text.map(|text| parse(text.as_bytes(), name)).transpose()?;
        parameters.insert(name.into(), value.unwrap_or_default());
    }
    Asked::new(parameters)
}

/// The parameters of a POST.
pub async fn from_body(request: &Request, body: Body, patience: Duration) -> Result<Asked, Refused> {
    require_json(request)?;
    let announced = request.header(header::CONTENT_LENGTH);
    if announced.and_then(|length| length.parse().ok()).is_some_and(|length: u64| length > MAX_BODY as u64) {
        return Err(too_large());
    }
    let read = tokio::time::timeout(patience, body.into_bytes_limit(MAX_BODY));
    let bytes = match read.await {
        Err(_) => return Err(too_slow()),
        Ok(Err(ReadBodyError::PayloadTooLarge)) => return Err(too_large()),
        Ok(Err(_)) => return Err(bad("the body broke off")),
        Ok(Ok(bytes)) => bytes,
    };
    match parse(&bytes, "the body")? {
        Value::Object(parameters) => Asked::new(parameters),
        Value::Array(_) => Err(refuse(StatusCode::BAD_REQUEST, Code::BatchNotSupported, "one operation in a request")),
        _ => Err(bad("the body is not an object")),
    }
}

fn require_json(request: &Request) -> Result<(), Refused> {
    let mut parts = request.content_type().unwrap_or_default().split(';').map(str::trim);
    let json = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("application/json"));
    let utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((key, value)) if key.trim().eq_ignore_ascii_case("charset") => {
            let value = value.trim().trim_matches('"');
            value.eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    if json && utf8 {
        return Ok(());
    }
    Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::UnsupportedMediaType, "send application/json in UTF-8"))
}

/// JSON of bounded depth.
pub fn parse(text: &[u8], what: &str) -> Result<Value, Refused> {
    guard::check_json(text).map_err(|refusal| (StatusCode::BAD_REQUEST, refusal))?;
    serde_json::from_slice(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        bad(format!("{what} is not JSON (line {line}, column {column})"))
    })
}

fn bad(message: impl Into<String>) -> Refused {
    refuse(StatusCode::BAD_REQUEST, Code::BadRequest, message)
}

fn too_large() -> Refused {
    let message = format!("the body is longer than {MAX_BODY} bytes");
    refuse(StatusCode::PAYLOAD_TOO_LARGE, Code::BodyTooLarge, message)
}

fn too_slow() -> Refused {
    let message = "the body did not arrive in time";
    refuse(StatusCode::REQUEST_TIMEOUT, Code::BodyTooSlow, message)
}

pub fn refuse(status: StatusCode, code: Code, message: impl Into<String>) -> Refused {
    (status, Refusal::new(code, message))
}
