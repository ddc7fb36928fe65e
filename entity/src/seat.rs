//! A place in a group.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::{SeatFill, SeatRole};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "seat")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub group_id: Uuid,
    pub role: SeatRole,
    /// Whose seat it is.
    pub organisation_id: Option<Uuid>,
    /// Who fills it.
    pub appointer_id: Option<Uuid>,
    pub fill: SeatFill,
    /// The position that fills an ex-officio seat.
    pub position_id: Option<Uuid>,
    /// How many may sit on it at once; unbounded when absent.
    pub capacity: Option<i32>,
    pub voting: bool,
    /// The class of members that a source names.
    pub description: Option<String>,
    /// The seat's place among those of its role in the group.
    pub ordinal: i32,
    pub valid_from: Date,
    pub valid_until: Date,
    pub valid_precision: i16,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::dated!();
crate::record!(versioned, texts: description);
