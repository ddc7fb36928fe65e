//! One question, as the server and as the floor are asked it.

use chrono::NaiveDate;
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::workload::Workload;

/// A value for the floor's SQL.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Argument {
    Text(String),
    Id(Uuid),
    Bytes(#[serde(with = "entity::values::hex")] Vec<u8>),
    Day(NaiveDate),
    Number(i64),
}

impl Argument {
    /// As the database takes it.
    pub fn value(self) -> Value {
        match self {
            Self::Text(text) => text.into(),
            Self::Id(id) => id.into(),
            Self::Bytes(bytes) => bytes.into(),
            Self::Day(day) => day.into(),
            Self::Number(number) => number.into(),
        }
    }
}

/// The bodies of the two requests.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Of a file, its path.
    pub server: String,
    pub floor: String,
}

impl Ask {
    /// With variables for the one and arguments for the other.
    pub fn new(workload: Workload, variables: serde_json::Value, arguments: &[Argument]) -> Self {
        let server = serde_json::json!({ "query": workload.query(), "variables": variables });
        Self::file(server.to_string(), arguments)
    }

    /// A file, and what the floor knows of it.
    pub fn file(path: String, arguments: &[Argument]) -> Self {
        Self { server: path, floor: serde_json::json!(arguments).to_string() }
    }
}
