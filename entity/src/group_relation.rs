//! How a group relates to another group or to an organisation; exactly one of the two is set.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::RelationKind;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "group_relation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub group_id: Uuid,
    pub kind: RelationKind,
    pub to_group_id: Option<Uuid>,
    pub to_organisation_id: Option<Uuid>,
    pub valid_from: Date,
    pub valid_until: Date,
    pub valid_precision: i16,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::dated!();
crate::record!(versioned);
