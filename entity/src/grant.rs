//! What an identity may do, and where, for a period.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::Role;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub identity_id: Uuid,
    pub role: Role,
    /// Where a coordinator may: in this group and those below it.
    pub group_id: Option<Uuid>,
    /// For whom a representative may: this organisation and its units.
    pub organisation_id: Option<Uuid>,
    pub valid_from: Date,
    pub valid_until: Date,
    pub valid_precision: i16,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::dated!();
crate::record!(versioned);
