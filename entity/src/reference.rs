//! Under what something is kept in a register: a diary number, a fund's number of a project. It is part of what it refers to.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::SubjectKind;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "reference")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    /// Its place among those of its subject.
    pub ordinal: i32,
    /// The register: `RUN`; empty where the number stands alone.
    pub series: String,
    /// The number in it: `659/2016`.
    pub number: String,
}

impl ActiveModelBehavior for ActiveModel {}

crate::record!(texts: number as "references");
