//! The server's own key, with which it signs tokens.

use sea_orm::entity::prelude::*;

use crate::values::Instant;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Ed25519, as PKCS #8.
    pub private_key: Vec<u8>,
    pub created_at: Instant,
}

impl ActiveModelBehavior for ActiveModel {}
