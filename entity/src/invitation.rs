//! An offer to a person to link their sign-in, by a code that only they have been given.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::Instant;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    /// SHA-256 of the code; the code itself is not kept.
    #[serde(with = "crate::values::hex")]
    pub code_hash: Vec<u8>,
    pub expires_at: Instant,
    /// Who accepted it.
    pub identity_id: Option<Uuid>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::record!(versioned);
