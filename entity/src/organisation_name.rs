//! A name that an organisation has for a time. An organisation's names cover all time without gaps: the first counts from the beginning, the last for ever.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "organisation_name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub name: String,
    pub short_name: Option<String>,
    /// Swedish collation of the name.
    #[serde(with = "crate::values::hex")]
    pub sort_key: Vec<u8>,
    /// The name, short name included, folded for search.
    pub search_key: String,
    pub valid_from: Date,
    pub valid_until: Date,
    pub valid_precision: i16,
}

impl ActiveModelBehavior for ActiveModel {}

crate::dated!();
crate::record!(texts: name, short_name as "shortName");
