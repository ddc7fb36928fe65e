//! What is run for a time, with means and a goal of its own.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::{Audience, Fund, ProjectPhase};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "project")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub summary: Option<String>,
    pub objective: Option<String>,
    pub owner_id: Uuid,
    /// The contact person.
    pub contact_id: Option<Uuid>,
    /// The assignment of an agreement under which it is run.
    pub assignment_id: Option<Uuid>,
    pub phase: Option<ProjectPhase>,
    pub fund: Option<Fund>,
    /// The programme's CCI number (*code commun d'identification*): `2021SE05SFPR`.
    pub programme: Option<String>,
    pub programme_area: Option<String>,
    pub specific_objective: Option<String>,
    pub intervention_type: Option<String>,
    /// Where it is run in the EU's nomenclature of regions: `SE32`.
    pub nuts: Option<String>,
    /// What the fund has granted, in whole kronor.
    pub granted: Option<i32>,
    /// In whole kronor.
    pub total_budget: Option<i32>,
    /// The union's share, in hundredths of a percent.
    pub cofinancing_rate: Option<i32>,
    pub subject_area: Option<String>,
    /// The subject area, folded.
    pub subject_area_key: Option<String>,
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
crate::record!(versioned, texts: name, summary, objective, programme_area as "programmeArea", specific_objective as "specificObjective",
    intervention_type as "interventionType", subject_area as "subjectArea");
