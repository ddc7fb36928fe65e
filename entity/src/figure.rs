//! A number that a source states. It is never counted together with recorded rows.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::{Exactness, Measure, SubjectKind};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "figure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub measure: Measure,
    pub value: i64,
    /// The upper end, where a source states a range.
    pub value_to: Option<i64>,
    pub unit: Option<String>,
    pub exactness: Exactness,
    pub note: Option<String>,
    pub valid_from: Date,
    pub valid_until: Date,
    pub valid_precision: i16,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::dated!();
crate::record!(versioned, texts: unit, note);
