//! Schedules as the schema shows them.

use async_graphql::{Description, Object};
use entity::values::{Date, GlobalId, LocalTime, MeetingKind, SittingPlan, SubjectKind};

use super::change::Change;
use super::connection::connections;
use super::group::Group;
use super::meeting::Meeting;
use super::period::Period;
use super::row::Row;
use super::source::Source;
use crate::domain::schedule::{self, DayKind};
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

    /// What sort of meetings they are.
    async fn kind(&self) -> MeetingKind {
        self.0.kind
    }

    /// The parts of each day, in order of time; none where all groups sit together all the time.
    async fn sittings(&self) -> Result<Vec<ScheduleSitting>, Error> {
        let groups = self.0.many("sittings", crate::domain::group::of_schedules).await?;
        let of = |plan: SittingPlan| {
            let own = groups.iter().filter(|group| plan.groups.contains(&group.id)).cloned().collect();
            ScheduleSitting { plan, groups: own }
        };
        Ok(schedule::sittings(&self.0.sittings).into_iter().map(of).filter(|part| !part.groups.is_empty()).collect())
    }

    /// The coming meetings by this plan that somebody has moved, cancelled, recorded or added something to, in order of time. A change of the plan
    /// leaves them as they are.
    async fn deviations(&self) -> Result<Vec<Meeting>, Error> {
        let found = self.0.many("deviations", schedule::deviations).await?;
        Ok(found.into_iter().map(Meeting).collect())
    }

    /// What to think of: coming meetings by this plan on days that are no ordinary working days, in order of time.
    async fn warnings(&self) -> Result<Vec<DayWarning>, Error> {
        let found = self.0.value("warnings", schedule::warnings).await?.unwrap_or_default();
        Ok(found.into_iter().map(DayWarning).collect())
    }

    /// The lists that belong to it.
    #[graphql(flatten)]
    async fn lists(&self) -> ScheduleLists {
        ScheduleLists(self.0.clone())
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

connections! {
    ScheduleLists of schedule::Row {
        /// What has been changed of it, the latest first, for who may change it, auditors and administrators; empty for others.
        history() -> Change by crate::domain::change::of_schedules;
    }
}

/// Del av mötesdag: a part of each day of a schedule.
#[derive(Description)]
pub struct ScheduleSitting {
    plan: SittingPlan,
    groups: Vec<Row<crate::domain::group::Row>>,
}

#[Object(use_type_description)]
impl ScheduleSitting {
    /// When it begins, on the clock of Europe/Stockholm.
    async fn start_time(&self) -> LocalTime {
        self.plan.start_time
    }

    /// How long it lasts, in minutes.
    async fn minutes(&self) -> i32 {
        self.plan.minutes
    }

    /// The groups that take part.
    async fn groups(&self) -> Vec<Group> {
        self.groups.iter().cloned().map(Group).collect()
    }

    /// Whether one can take part remotely; absent when nobody knows.
    async fn digital_offered(&self) -> Option<bool> {
        self.plan.digital_offered
    }
}

/// Varning: a day that is no ordinary working day.
#[derive(Description)]
pub struct DayWarning(pub schedule::Warning);

#[Object(use_type_description)]
impl DayWarning {
    /// The day.
    async fn day(&self) -> Date {
        Date(self.0.day)
    }

    /// Why one rather does not meet.
    async fn kind(&self) -> DayKind {
        self.0.kind
    }

    /// What the day is called, in Swedish.
    async fn name(&self) -> &str {
        self.0.name
    }

    /// Ordinary working days near it, in order of time: the nearest before and after, and the nearest of the same day of the week.
    async fn alternatives(&self) -> Vec<Date> {
        schedule::alternatives(self.0.day).into_iter().map(Date).collect()
    }
}

/// Mötesdag: a day that a schedule would plan a meeting on.
#[derive(Description)]
pub struct PlannedDay(pub chrono::NaiveDate);

#[Object(use_type_description)]
impl PlannedDay {
    /// The day.
    async fn day(&self) -> Date {
        Date(self.0)
    }

    /// What to think of before meeting on it; null on an ordinary working day.
    async fn warning(&self) -> Option<DayWarning> {
        schedule::warning(self.0).map(DayWarning)
    }
}
