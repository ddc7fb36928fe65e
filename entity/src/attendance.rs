//! Who was at a meeting, how, and for whom.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::AttendanceMode;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "attendance")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub meeting_id: Uuid,
    pub person_id: Uuid,
    pub mode: AttendanceMode,
    /// For whom, when not as oneself.
    pub membership_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

crate::record!();
