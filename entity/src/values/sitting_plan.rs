use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::LocalTime;

/// A part of each day of a schedule: when, how long, and which of its groups sit then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SittingPlan {
    /// When it begins.
    pub start_time: LocalTime,
    /// How long it lasts.
    pub minutes: i32,
    /// Who takes part.
    pub groups: Vec<Uuid>,
    /// Unknown when absent.
    pub digital_offered: Option<bool>,
}
