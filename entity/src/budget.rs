//! From when on an asker may ask for as much as ever again.

use sea_orm::entity::prelude::*;

use crate::values::Instant;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "budget")]
pub struct Model {
    /// An identity, or what a network is called.
    #[sea_orm(primary_key, auto_increment = false)]
    pub holder: Uuid,
    pub full_at: Instant,
}

impl ActiveModelBehavior for ActiveModel {}
