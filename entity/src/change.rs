//! One entry of the append-only trail. Sequence order is commit order. What was and is lives apart, in [`super::change_value`].

use sea_orm::entity::prelude::*;

use crate::values::{Instant, SubjectKind};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub at: Instant,
    /// Who: an identity's id, or the name of the command.
    pub actor: String,
    /// The verb, as the mutation is named: `createGroup`.
    pub verb: String,
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub reason: Option<String>,
    /// Whom the identity was linked to then.
    pub person_id: Option<Uuid>,
    /// For which organisation a representative acted.
    pub on_behalf_of_id: Option<Uuid>,
    /// Which request it was, as logs name it.
    pub request_id: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
