//! Who reads the trail of changes to do something about them, and up to which entry they have.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trail_reader")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// The last entry that was read.
    pub seq: i64,
}

impl ActiveModelBehavior for ActiveModel {}
