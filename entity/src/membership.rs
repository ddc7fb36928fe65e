//! A person on a seat for a period, on behalf of an organisation.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub seat_id: Uuid,
    pub person_id: Uuid,
    pub on_behalf_of_id: Option<Uuid>,
    pub decision_body: Option<String>,
    pub decision_date: Option<Date>,
    pub decision_reference: Option<String>,
    pub end_reason: Option<String>,
    /// The membership that this one took over from.
    pub replaces_id: Option<Uuid>,
    /// The tenure that wrote an ex-officio membership.
    pub tenure_id: Option<Uuid>,
    pub valid_from: Date,
    pub valid_until: Date,
    pub valid_precision: i16,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::dated!();
crate::record!(versioned, texts: decision_body as "decision.body", end_reason as "endReason");
