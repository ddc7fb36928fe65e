//! What an agreement asks (*uppdrag*), and of which group or unit. It is part of the agreement and changes with it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub agreement_id: Uuid,
    /// Its place in the agreement.
    pub ordinal: i32,
    pub name: String,
    pub description: Option<String>,
    /// The group that it falls on, unless it is a unit, or nobody says.
    pub group_id: Option<Uuid>,
    /// The unit that it falls on, unless it is a group, or nobody says.
    pub organisation_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

crate::record!(texts: name, description);
