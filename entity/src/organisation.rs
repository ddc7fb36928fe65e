//! An organisation, or a unit inside one (`parent_id`). Its names are dated rows of [`super::organisation_name`].

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::OrganisationKind;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "organisation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub slug: String,
    pub kind: OrganisationKind,
    /// Ten digits.
    pub organisation_number: Option<String>,
    /// Four digits, SCB's list.
    pub municipality_code: Option<String>,
    pub parent_id: Option<Uuid>,
    /// The organisation that took over.
    pub successor_id: Option<Uuid>,
    pub valid_from: Date,
    pub valid_until: Date,
    pub valid_precision: i16,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::dated!();
crate::record!(versioned);
