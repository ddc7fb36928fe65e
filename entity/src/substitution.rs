//! A person who stands in for a membership, for a period or for one meeting.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "substitution")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub membership_id: Uuid,
    pub person_id: Uuid,
    pub meeting_id: Option<Uuid>,
    /// 1 stands in first.
    pub ordinal: i32,
    pub voting: bool,
    pub valid_from: Date,
    pub valid_until: Date,
    pub valid_precision: i16,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::dated!();
crate::record!(versioned);
