//! A group that takes part in a sitting, with the sitting's bounds and day, so that overlaps, and who is a member then, are found by index.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::{Instant, TimePrecision};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "sitting_group")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub sitting_id: Uuid,
    pub meeting_id: Uuid,
    pub group_id: Uuid,
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub precision: TimePrecision,
    /// On which it begins, in Stockholm.
    pub day: Date,
}

impl ActiveModelBehavior for ActiveModel {}

crate::record!();
