//! Anything that meets.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::{Audience, GroupKind};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "group")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub short_name: Option<String>,
    pub kind: GroupKind,
    /// May be long: lists leave it out.
    pub purpose: Option<String>,
    pub parent_id: Option<Uuid>,
    /// The organisation that calls the group together.
    pub convener_id: Option<Uuid>,
    pub audience: Audience,
    /// Swedish collation of the name.
    #[serde(with = "crate::values::hex")]
    pub sort_key: Vec<u8>,
    /// The name, short name included, folded for search.
    pub search_key: String,
    pub valid_from: Date,
    pub valid_until: Date,
    pub valid_precision: i16,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::dated!();
crate::record!(versioned, texts: name, short_name as "shortName", purpose);
