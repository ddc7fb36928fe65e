//! The messages of graphql-transport-ws.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::answer::Answer;
use super::super::receive;

pub const ACKNOWLEDGED: &str = r#"{"type":"connection_ack"}"#;
pub const PONG: &str = r#"{"type":"pong"}"#;
/// Longer names of operations are no names. (A close frame has room for 123 bytes.)
const MAX_NAME: usize = 64;

/// What the other end says.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Said {
    ConnectionInit { payload: Option<Map<String, Value>> },
    Subscribe { id: String, payload: Map<String, Value> },
    Complete { id: String },
    Ping {},
    Pong {},
}

/// Why a socket is closed.
pub enum Bye {
    /// The other end has gone, or does not read.
    Gone,
    /// The other end has closed it.
    Left,
    /// For a reason that the protocol has a code for.
    Close(u16, &'static str),
    /// An operation of this name is under way.
    Subscribed(String),
}

impl Said {
    pub fn read(text: &str) -> Result<Self, Bye> {
        let invalid = || Bye::Close(4400, "Invalid message");
        let value = receive::parse(text.as_bytes(), "the message").map_err(|_| invalid())?;
        let said = serde_json::from_value(value).map_err(|_| invalid())?;
        match &said {
            Self::Subscribe { id, .. } | Self::Complete { id } if !(1..=MAX_NAME).contains(&id.len()) => Err(invalid()),
            _ => Ok(said),
        }
    }
}

/// An answer of an operation.
pub fn next(id: &str, answer: &Answer) -> String {
    format!(r#"{{"id":{},"type":"next","payload":{}}}"#, json!(id), answer.json())
}

/// Why an operation is not executed.
pub fn error(id: &str, answer: &Answer) -> String {
    json!({ "id": id, "type": "error", "payload": answer.errors() }).to_string()
}

/// That an operation has been answered.
pub fn complete(id: &str) -> String {
    json!({ "id": id, "type": "complete" }).to_string()
}
