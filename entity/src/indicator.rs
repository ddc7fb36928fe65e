//! What a project was to reach, and what it reached. It is part of the project and changes with it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "indicator")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    /// Its place in the list.
    pub ordinal: i32,
    pub name: String,
    pub target: Option<i32>,
    pub outcome: Option<i32>,
    /// Of the outcome.
    pub women: Option<i32>,
    /// Of the outcome.
    pub men: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}

crate::record!(texts: name as "indicators");
