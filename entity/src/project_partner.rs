//! Who takes part in a project. It is part of the project and changes with it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "project_partner")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    /// Its place in the list.
    pub ordinal: i32,
    /// Absent where a source only says what it is called.
    pub organisation_id: Option<Uuid>,
    /// What a source calls it, where it does so otherwise.
    pub description: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

crate::record!(texts: description as "partners");
