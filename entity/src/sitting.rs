//! A part of a meeting with its own time, place, digital offer and groups ([`super::sitting_group`]).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::{Instant, TimePrecision};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "sitting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub meeting_id: Uuid,
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub precision: TimePrecision,
    pub place: Option<String>,
    /// Unknown when absent.
    pub digital_offered: Option<bool>,
    pub digital_url: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

crate::record!(texts: place);
