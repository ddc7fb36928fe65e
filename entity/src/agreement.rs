//! What organisations have agreed on.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::Audience;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "agreement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub purpose: Option<String>,
    /// The organisation in whose register it is kept.
    pub owner_id: Option<Uuid>,
    /// The agreement that it belongs under (*hängavtal*).
    pub parent_id: Option<Uuid>,
    pub audience: Audience,
    pub sort_key: Vec<u8>,
    pub search_key: String,
    pub valid_from: Date,
    pub valid_until: Date,
    pub valid_precision: i16,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::dated!();
crate::record!(versioned, texts: name, purpose);
