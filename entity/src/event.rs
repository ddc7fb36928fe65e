//! A course, a conference or another occasion, of a group or a unit.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::{Audience, Exactness};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub description: Option<String>,
    /// The group whose it is, unless it is a unit's.
    pub group_id: Option<Uuid>,
    /// The unit whose it is, unless it is a group's.
    pub organisation_id: Option<Uuid>,
    /// The assignment of an agreement under which it was arranged.
    pub assignment_id: Option<Uuid>,
    pub subject_area: Option<String>,
    /// The subject area, folded.
    pub subject_area_key: Option<String>,
    pub place: Option<String>,
    /// How many took part.
    pub participants: Option<i32>,
    /// How exactly that is known.
    pub exactness: Option<Exactness>,
    pub audience: Audience,
    pub sort_key: Vec<u8>,
    pub search_key: String,
    pub valid_from: Date,
    pub valid_until: Date,
    pub valid_precision: i16,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::dated!();
crate::record!(versioned, texts: name, description, subject_area as "subjectArea", place);
