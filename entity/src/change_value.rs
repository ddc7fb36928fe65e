//! What a change did to one row: the columns that changed, as they were and as they are, both as JSON objects. A new row has no
//! `was`, a removed one no `now`. Only the erasure of a subject may null the values; nothing else may change here.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change_value")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub seq: i64,
    /// The table and the id of the row.
    pub row_table: String,
    pub row_id: Uuid,
    pub was: Option<String>,
    pub now: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
