//! A sign-in: what an issuer of tokens calls somebody. Linked to a person or not.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "identity")]
pub struct Model {
    /// Derived from issuer and subject.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub issuer: String,
    pub subject: String,
    pub person_id: Option<Uuid>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::record!(versioned);
