//! A recurring plan of meetings for one or several groups ([`super::schedule_group`]).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::MeetingKind;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "schedule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// RFC 5545 RRULE value.
    pub recurrence: Option<String>,
    pub per_year: Option<i32>,
    /// Days on which the rule does not apply.
    pub except_days: Json,
    /// Days beside the rule.
    pub extra_days: Json,
    /// `HH:MM`, Europe/Stockholm.
    pub start_time: Option<String>,
    /// Length.
    pub minutes: Option<i32>,
    pub place: Option<String>,
    /// Unknown when absent.
    pub digital_offered: Option<bool>,
    pub digital_url: Option<String>,
    pub description: Option<String>,
    /// Of its meetings.
    pub kind: MeetingKind,
    /// The parts of a day, as [`crate::values::SittingPlan`]s; none where all groups sit together all the time.
    pub sittings: Json,
    pub valid_from: Date,
    pub valid_until: Date,
    pub valid_precision: i16,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}

crate::dated!();
crate::record!(versioned, texts: place, description);
