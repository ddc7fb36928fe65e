//! That a mutation with a key has been carried out: what it was asked, and which Change came of it. Never what it answered.

use sea_orm::entity::prelude::*;

use crate::values::Instant;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    /// Derived from the identity and the key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub input_hash: Vec<u8>,
    pub subject_id: Uuid,
    /// Absent when everything was as wanted already.
    pub change_seq: Option<i64>,
    pub at: Instant,
}

impl ActiveModelBehavior for ActiveModel {}
