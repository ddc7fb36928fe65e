//! A way to reach a person, position, membership, seat, group or organisation.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::{Audience, ContactPointKind, SubjectKind};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "contact_point")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub kind: ContactPointKind,
    /// Phones in E.164.
    pub value: String,
    /// What stood after a phone number: "vx".
    pub note: Option<String>,
    pub label: Option<String>,
    pub audience: Audience,
    /// Its place among those of its kind.
    pub ordinal: i32,
    pub valid_from: Date,
    pub valid_until: Date,
    pub valid_precision: i16,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    fn is_text(&self) -> bool {
        self.kind != ContactPointKind::Phone
    }
}

crate::dated!();
crate::record!(versioned, texts: value if is_text, note, label);
