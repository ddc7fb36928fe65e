//! A document that sources quote.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub slug: String,
    pub title: String,
    pub publisher: Option<String>,
    pub published_on: Option<Date>,
    pub url: Option<String>,
    pub note: Option<String>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::record!(versioned, texts: title, publisher, note);
