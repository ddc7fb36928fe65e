//! Who arranges an event together with the one whose it is. It is part of the event and changes with it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "event_organiser")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub event_id: Uuid,
    /// Its place in the list.
    pub ordinal: i32,
    /// A group, unless it is an organisation.
    pub group_id: Option<Uuid>,
    /// An organisation, unless it is a group.
    pub organisation_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

crate::record!();
