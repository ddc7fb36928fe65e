//! A calendar with a secret address: which meetings it holds, and by whose rights.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "calendar")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is: it shows what they may see.
    pub identity_id: Uuid,
    pub name: String,
    /// A filter of meetings, as the API writes it.
    pub filter: Json,
    pub revoked: bool,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::record!(versioned, texts: name);
