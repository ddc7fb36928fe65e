//! Schedules as the schema shows them.

use async_graphql::{Description, Object};
use entity::values::{Date, GlobalId, LocalTime, SubjectKind};

use super::group::Group;
use super::period::Period;
use super::row::Row;
use super::source::Source;
use crate::domain::schedule;
use crate::error::Error;

/// Mötesplan: a recurring plan of meetings, in Europe/Stockholm.
#[derive(Description)]
pub struct Schedule(pub Row<schedule::Row>);

impl From<Row<schedule::Row>> for Schedule {
    fn from(row: Row<schedule::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Schedule {
    /// The schedule's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Schedule)
    }

    /// The groups that meet by it.
    async fn groups(&self) -> Result<Vec<Group>, Error> {
        let found = self.0.many("groups", crate::domain::group::of_schedules).await?;
        Ok(found.into_iter().map(Group).collect())
    }

    /// When: the value of an RRULE (RFC 5545).
    async fn recurrence(&self) -> Option<&str> {
        self.0.recurrence.as_deref()
    }

    /// How many times a year, where only that is known.
    async fn per_year(&self) -> Option<i32> {
        self.0.per_year
    }

    /// Days on which the rule does not apply.
    async fn except(&self) -> Vec<Date> {
        schedule::days(&self.0.except_days)
    }

    /// Days beside the rule.
    async fn extra(&self) -> Vec<Date> {
        schedule::days(&self.0.extra_days)
    }

    /// At what time meetings begin.
    async fn start_time(&self) -> Option<LocalTime> {
        self.0.start_time.as_deref().and_then(LocalTime::parse)
    }

    /// How long meetings last, in minutes.
    async fn minutes(&self) -> Option<i32> {
        self.0.minutes
    }

    /// Where.
    async fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// Whether one can take part remotely; absent when nobody knows.
    async fn digital_offered(&self) -> Option<bool> {
        self.0.digital_offered
    }

    /// Where to take part remotely.
    async fn digital_url(&self) -> Option<&str> {
        self.0.digital_url.as_deref()
    }

    /// What a reader must know about the plan.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// How long the plan holds.
    async fn period(&self) -> Period {
        Period::new(self.0.period, self.0.view().on())
    }

    /// Counts the changes of the schedule, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }
}
