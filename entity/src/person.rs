//! A human in the directory. There is no personal identity number, in any field.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::Audience;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub given_name: String,
    pub family_name: String,
    pub audience: Audience,
    /// Skyddade personuppgifter: exists for administrators only.
    pub protected: bool,
    /// Swedish collation of family name, then given name.
    #[serde(with = "crate::values::hex")]
    pub sort_key: Vec<u8>,
    /// Given and family name, folded for search.
    pub search_key: String,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::record!(versioned, texts: given_name as "givenName", family_name as "familyName");
