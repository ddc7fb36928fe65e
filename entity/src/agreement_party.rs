//! An organisation that is party to an agreement, from when it joined until it left. It is part of the agreement and changes with it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::Period;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "agreement_party")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub agreement_id: Uuid,
    /// Absent where a source only says what the parties are.
    pub organisation_id: Option<Uuid>,
    /// What a source calls them: "sex av länets kommuner".
    pub description: Option<String>,
    /// How many they are, where a source says it and does not name them.
    pub number: Option<i32>,
    /// When it gave notice: a day, or a month or a year if no more is known.
    pub notice_from: Option<Date>,
    pub notice_until: Option<Date>,
    pub notice_precision: Option<i16>,
    pub valid_from: Date,
    pub valid_until: Date,
    pub valid_precision: i16,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// When it gave notice, if it did.
    pub fn notice(&self) -> Option<Period> {
        Some(Period::stored(self.notice_from?, self.notice_until?, self.notice_precision?))
    }
}

crate::dated!();
crate::record!(texts: description);
