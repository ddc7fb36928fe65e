//! Who comes to meetings, and how often groups meet, as the schema shows it.

use async_graphql::{Description, Object};
use entity::values::{AttendanceMode, Measure};

use super::meeting::Sitting;
use super::membership::Membership;
use super::person::Person;
use super::row::Row;
use super::substitution::Substitution;
use crate::domain::meeting::{self, ExpectedReason};
use crate::error::Error;

/// Närvaro: who was at a meeting, how, and for whom.
#[derive(Description)]
pub struct Attendance(pub Row<meeting::Attendance>);

impl From<Row<meeting::Attendance>> for Attendance {
    fn from(row: Row<meeting::Attendance>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Attendance {
    /// Who was there.
    async fn person(&self) -> Result<Option<Person>, Error> {
        Ok(self.0.part("person", |row| Some(&row.person))?.map(Person))
    }

    /// How.
    async fn mode(&self) -> AttendanceMode {
        self.0.attendance.mode
    }

    /// In whose place; absent for those who came as themselves.
    async fn in_place_of(&self) -> Result<Option<Membership>, Error> {
        let find = crate::domain::membership::by_ids;
        Ok(self.0.one("inPlaceOf", |row| row.attendance.membership_id, find).await?.map(Membership))
    }
}

/// Förväntad: a member's place at a meeting, and who should come to it.
#[derive(Description)]
pub struct Expected(pub Row<meeting::Expected>);

impl From<Row<meeting::Expected>> for Expected {
    fn from(row: Row<meeting::Expected>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Expected {
    /// Whose place it is.
    async fn membership(&self) -> Result<Option<Membership>, Error> {
        Ok(self.0.part("membership", |row| Some(&row.membership))?.map(Membership))
    }

    /// Who should come: the member, or who stands in; null when the member is excused and nobody is left.
    async fn person(&self) -> Result<Option<Person>, Error> {
        Ok(self.0.part("person", |row| row.person.as_ref())?.map(Person))
    }

    /// Why they.
    async fn reason(&self) -> ExpectedReason {
        self.0.reason
    }

    /// Whether they may vote there.
    async fn voting(&self) -> bool {
        self.0.voting
    }

    /// By which they stand in, if they were named.
    async fn substitution(&self) -> Result<Option<Substitution>, Error> {
        let find = crate::domain::substitution::by_ids;
        Ok(self.0.one("substitution", |row| row.substitution, find).await?.map(Substitution))
    }

    /// What is on record of the member: excused, absent, or there.
    async fn attendance(&self) -> Option<AttendanceMode> {
        self.0.mode
    }
}

/// Dubbelbokning: somebody who is to be in two sittings at once.
#[derive(Description)]
pub struct DoubleBooking(pub Row<meeting::DoubleBooking>);

#[Object(use_type_description)]
impl DoubleBooking {
    /// Who.
    async fn person(&self) -> Result<Option<Person>, Error> {
        Ok(self.0.part("person", |row| Some(&row.person))?.map(Person))
    }

    /// The sitting of this meeting.
    async fn sitting(&self) -> Result<Option<Sitting>, Error> {
        Ok(self.0.one("sitting", |row| Some(row.sitting), meeting::sittings_by_ids).await?.map(Sitting))
    }

    /// The sitting at the same time.
    async fn other(&self) -> Result<Option<Sitting>, Error> {
        Ok(self.0.one("other", |row| Some(row.other), meeting::sittings_by_ids).await?.map(Sitting))
    }
}

/// Mötesantal: how often a group met in a year. What is recorded and what is stated are two accounts of the same meetings and are never
/// added up.
#[derive(Description)]
pub struct MeetingCount(pub meeting::MeetingCount);

#[Object(use_type_description)]
impl MeetingCount {
    /// Meetings that the directory records as held in the year, whatever their kind.
    async fn recorded(&self) -> i32 {
        number(self.0.recorded)
    }

    /// Formal ones among the recorded.
    async fn formal(&self) -> i32 {
        number(self.0.formal)
    }

    /// Those among the recorded at which one could take part remotely.
    async fn digital(&self) -> i32 {
        number(self.0.digital)
    }

    /// The share of those, from 0 to 1, among the recorded of which it is known; null when it is known of none.
    async fn digital_share(&self) -> Option<f64> {
        (self.0.digital_known > 0).then(|| self.0.digital as f64 / self.0.digital_known as f64)
    }

    /// Those among the recorded with a sitting together with another group.
    async fn joint(&self) -> i32 {
        number(self.0.joint)
    }

    /// How often members were at the recorded meetings, or others in their place.
    async fn attendance(&self) -> i32 {
        number(self.0.attendance)
    }

    /// How often of these remotely.
    async fn remote(&self) -> i32 {
        number(self.0.remote)
    }

    /// What a source states, if any does.
    async fn stated(&self) -> Option<i32> {
        self.0.stated.map(number)
    }

    /// What the stated number counts: a source may count only the formal ones.
    async fn measure(&self) -> Option<Measure> {
        self.0.measure
    }

    /// The number to print: what a source states, or else what is recorded.
    async fn held(&self) -> i32 {
        number(self.0.held())
    }
}

fn number(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
