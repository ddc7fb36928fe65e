//! One occasion; it consists of sittings. Its bounds are those of its sittings.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::{Instant, MeetingKind, MeetingState};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "meeting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: MeetingKind,
    pub state: MeetingState,
    pub title: Option<String>,
    pub schedule_id: Option<Uuid>,
    pub moved_from: Option<Instant>,
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::record!(versioned, texts: title);
