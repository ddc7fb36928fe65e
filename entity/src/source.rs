//! Where something in the directory was taken from.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::SubjectKind;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "source")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub document_id: Uuid,
    pub quote: Option<String>,
    pub note: Option<String>,
    pub unclear: bool,
    pub ordinal: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::record!(texts: quote, note);
