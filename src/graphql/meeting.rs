//! Meetings, sittings and attendance as the schema shows them.

use async_graphql::{Description, Object};
use chrono::{DateTime, FixedOffset};
use entity::values::{GlobalId, MeetingKind, MeetingState, SubjectKind, TimePrecision};

use super::attendance::{Attendance, DoubleBooking, Expected};
use super::change::Change;
use super::connection::connections;
use super::group::Group;
use super::meeting_invitation::MeetingInvitation;
use super::row::Row;
use super::schedule::{DayWarning, Schedule};
use super::source::Source;
use crate::domain::meeting;
use crate::error::Error;

/// Möte: one occasion, made up of one or several sittings.
#[derive(Description)]
pub struct Meeting(pub Row<meeting::Row>);

impl From<Row<meeting::Row>> for Meeting {
    fn from(row: Row<meeting::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Meeting {
    /// The meeting's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Meeting)
    }

    /// What sort of meeting it is.
    async fn kind(&self) -> MeetingKind {
        self.0.meeting.kind
    }

    /// Where it stands.
    async fn state(&self) -> MeetingState {
        self.0.meeting.state
    }

    /// What it is called, where it has a name of its own.
    async fn title(&self) -> Option<&str> {
        self.0.meeting.title.as_deref()
    }

    /// When the first sitting begins, with the offset of Europe/Stockholm. Where a source gives only a day or a month, its beginning:
    /// `precision` says so.
    async fn starts_at(&self) -> DateTime<FixedOffset> {
        self.0.starts_at.local()
    }

    /// When the last sitting ends, with the offset of Europe/Stockholm.
    async fn ends_at(&self) -> DateTime<FixedOffset> {
        self.0.ends_at.local()
    }

    /// How exactly its time is known: as exactly as that of its least exact sitting.
    async fn precision(&self) -> Result<TimePrecision, Error> {
        let sittings = self.0.many("sittings", meeting::sittings).await?;
        Ok(sittings.iter().map(|sitting| sitting.precision).max().unwrap_or(TimePrecision::Time))
    }

    /// When it was to begin before it was moved.
    async fn moved_from(&self) -> Option<DateTime<FixedOffset>> {
        self.0.meeting.moved_from.map(|instant| instant.local())
    }

    /// The groups that take part in some sitting.
    async fn groups(&self) -> Result<Vec<Group>, Error> {
        let found = self.0.many("groups", crate::domain::group::of_meetings).await?;
        Ok(found.into_iter().map(Group).collect())
    }

    /// The sittings, in order of time.
    async fn sittings(&self) -> Result<Vec<Sitting>, Error> {
        Ok(self.0.many("sittings", meeting::sittings).await?.into_iter().map(Sitting).collect())
    }

    /// Where the first sitting is held.
    async fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// Whether one can take part remotely in some sitting; absent when nobody knows.
    async fn digital_offered(&self) -> Result<Option<bool>, Error> {
        let sittings = self.0.many("sittings", meeting::sittings).await?;
        Ok(sittings.iter().filter_map(|sitting| sitting.digital_offered).reduce(|a, b| a || b))
    }

    /// The plan that the meeting follows.
    async fn schedule(&self) -> Result<Option<Schedule>, Error> {
        Ok(self.0.one("schedule", |row| row.meeting.schedule_id, crate::domain::schedule::by_ids).await?.map(Schedule))
    }

    /// What to think of before meeting on its day; null on an ordinary working day.
    async fn warning(&self) -> Result<Option<DayWarning>, Error> {
        let sittings = self.0.many("sittings", meeting::sittings).await?;
        let known = sittings.iter().find(|sitting| sitting.precision != TimePrecision::Month);
        Ok(known.and_then(|sitting| crate::domain::schedule::warning(sitting.starts_at.day())).map(DayWarning))
    }

    /// People who are to be elsewhere at the same time, by name: in another sitting of this meeting, or of another one.
    async fn double_bookings(&self) -> Result<Vec<DoubleBooking>, Error> {
        let found = self.0.many("doubleBookings", meeting::double_bookings).await?;
        Ok(found.into_iter().map(DoubleBooking).collect())
    }

    /// The lists that belong to it.
    #[graphql(flatten)]
    async fn lists(&self) -> MeetingLists {
        MeetingLists(self.0.clone())
    }

    /// Counts the changes of the meeting, from 1.
    async fn version(&self) -> i32 {
        self.0.meeting.version
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }
}

connections! {
    MeetingLists of meeting::Row {
        /// Who should come: the members on its day, and for those who are excused whoever stands in; by group, role and name.
        expected(of: GlobalId = "Only the places of this person: who comes for them, and may they vote?") -> Expected by meeting::expected;
        /// What is on record of who was there, and who was not, by name.
        attendance() -> Attendance by meeting::attendance;
        /// Who is told of it by e-mail, by name, for who may change it, auditors and administrators; empty for others.
        invitations() -> MeetingInvitation by crate::domain::meeting_invitation::of_meetings;
        /// What has been changed of it, the latest first, for who may change it, auditors and administrators; empty for others.
        history() -> Change by crate::domain::change::of_meetings;
    }
}

/// Sammanträdesdel: a part of a meeting with its own time, place and groups.
#[derive(Description)]
pub struct Sitting(pub Row<meeting::Sitting>);

#[Object(use_type_description)]
impl Sitting {
    /// The sitting's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Sitting)
    }

    /// When it begins, with the offset of Europe/Stockholm.
    async fn starts_at(&self) -> DateTime<FixedOffset> {
        self.0.starts_at.local()
    }

    /// When it ends, with the offset of Europe/Stockholm.
    async fn ends_at(&self) -> DateTime<FixedOffset> {
        self.0.ends_at.local()
    }

    /// How exactly the time is known.
    async fn precision(&self) -> TimePrecision {
        self.0.precision
    }

    /// The groups that take part.
    async fn groups(&self) -> Result<Vec<Group>, Error> {
        let found = self.0.many("groups", crate::domain::group::of_sittings).await?;
        Ok(found.into_iter().map(Group).collect())
    }

    /// Where it is held.
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

    /// Whether several groups sit together.
    async fn joint(&self) -> Result<bool, Error> {
        Ok(self.0.many("groups", crate::domain::group::of_sittings).await?.len() > 1)
    }
}
