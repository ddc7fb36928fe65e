//! What documents say, record by record: keys are whole, defaults applied, lists of organisations spread out.
//!
//! An absent `Option` means that the document is silent and that the format has no default that the document alone decides.

use entity::values::{
    AttendanceMode, Audience, ContactValue, Date, Exactness, GroupKind, Instant, LocalTime, Measure, MeetingKind,
    MeetingState, MunicipalityCode, OrganisationKind, OrganisationNumber, Period, Recurrence, RelationKind, SeatFill,
    SeatRole, Slug, TimePrecision,
};

use super::{Place, Reference};

/// A document that sources quote.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub place: Place,
    pub key: String,
    pub slug: Slug,
    pub title: String,
    pub publisher: Option<String>,
    pub date: Option<Date>,
    pub url: Option<String>,
    pub note: Option<String>,
}

/// Where a record was taken from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub place: Place,
    pub document: Reference,
    pub quote: Option<String>,
    pub note: Option<String>,
    pub unclear: bool,
}

/// A way to reach the record that it stands in.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactPoint {
    pub place: Place,
    pub value: ContactValue,
    pub label: Option<String>,
    pub audience: Audience,
    pub period: Period,
}

/// A number that a source states of the record that it stands in.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub place: Place,
    /// `<owner>/<measure>/<from>`, the measure in lower case with hyphens, `from` as it is written; or `<owner>/<key>`.
    pub key: String,
    pub measure: Measure,
    pub value: i64,
    /// The upper end of a range.
    pub value_to: Option<i64>,
    pub unit: Option<String>,
    pub exactness: Exactness,
    pub period: Period,
    pub note: Option<String>,
    pub sources: Vec<Source>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Organisation {
    pub place: Place,
    pub key: String,
    pub slug: Slug,
    pub kind: OrganisationKind,
    /// At least one. The only one where the name has not changed, and then of all time.
    pub names: Vec<Name>,
    pub organisation_number: Option<OrganisationNumber>,
    pub municipality_code: Option<MunicipalityCode>,
    pub parent: Option<Reference>,
    pub successor: Option<Reference>,
    pub period: Period,
    pub contact_points: Vec<ContactPoint>,
    pub figures: Vec<Figure>,
    pub sources: Vec<Source>,
}

/// A name that an organisation has for a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    pub place: Place,
    pub name: String,
    pub short_name: Option<String>,
    pub period: Period,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    pub place: Place,
    pub key: String,
    pub given_name: String,
    pub family_name: String,
    pub audience: Audience,
    pub contact_points: Vec<ContactPoint>,
    pub sources: Vec<Source>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    pub place: Place,
    pub key: String,
    pub title: String,
    pub organisation: Reference,
    pub period: Period,
    pub contact_points: Vec<ContactPoint>,
    pub sources: Vec<Source>,
}

/// A person holds a position.
#[derive(Clone, Debug, PartialEq)]
pub struct Tenure {
    pub place: Place,
    pub key: String,
    pub position: Reference,
    pub person: Reference,
    pub period: Period,
    pub end_reason: Option<String>,
    pub sources: Vec<Source>,
}

/// Anything that meets. Its seats are records of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub place: Place,
    pub key: String,
    pub slug: Slug,
    pub name: String,
    pub short_name: Option<String>,
    pub kind: GroupKind,
    pub purpose: Option<String>,
    pub parent: Option<Reference>,
    pub convener: Option<Reference>,
    pub audience: Audience,
    pub period: Period,
    pub relations: Vec<Relation>,
    pub contact_points: Vec<ContactPoint>,
    pub figures: Vec<Figure>,
    pub sources: Vec<Source>,
}

/// How a group relates to another group, or to an organisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    pub place: Place,
    pub kind: RelationKind,
    pub to: RelationTo,
    pub period: Period,
    pub sources: Vec<Source>,
}

/// What a group relates to.
#[derive(Clone, Debug, PartialEq)]
pub enum RelationTo {
    Group(Reference),
    Organisation(Reference),
}

/// A place in a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Seat {
    pub place: Place,
    pub key: String,
    pub group: Reference,
    /// Its place in the group's list, from 1, when `organisations` has been spread out.
    pub ordinal: i32,
    pub role: SeatRole,
    pub organisation: Option<Reference>,
    /// When left out, the organisation whose seat it is.
    pub appointer: Option<Reference>,
    pub fill: SeatFill,
    /// There when, and only when, the seat is filled ex officio.
    pub position: Option<Reference>,
    /// Unbounded when absent.
    pub capacity: Option<i32>,
    pub voting: bool,
    pub description: Option<String>,
    pub period: Period,
    pub contact_points: Vec<ContactPoint>,
    pub sources: Vec<Source>,
}

/// A person on a seat.
#[derive(Clone, Debug, PartialEq)]
pub struct Membership {
    pub place: Place,
    pub key: String,
    pub seat: Reference,
    pub person: Reference,
    /// When absent, the organisation whose seat it is.
    pub on_behalf_of: Option<Reference>,
    pub period: Period,
    pub decision: Option<Decision>,
    pub end_reason: Option<String>,
    pub replaces: Option<Reference>,
    pub substitutions: Vec<Substitution>,
    pub contact_points: Vec<ContactPoint>,
    pub sources: Vec<Source>,
}

/// The decision by which somebody came to sit on a seat; at least one of its parts is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub body: Option<String>,
    pub date: Option<Date>,
    pub reference: Option<String>,
}

/// A person who stands in for a membership.
#[derive(Clone, Debug, PartialEq)]
pub struct Substitution {
    pub place: Place,
    pub person: Reference,
    pub period: Period,
    /// Only for this meeting.
    pub meeting: Option<Reference>,
    /// 1 stands in first. When left out, its place in the list.
    pub order: i32,
    /// When absent, as the seat.
    pub voting: Option<bool>,
    pub sources: Vec<Source>,
}

/// A recurring plan of meetings: by a rule, or only a number a year, or neither.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    pub place: Place,
    pub key: String,
    /// At least one.
    pub groups: Vec<Reference>,
    pub recurrence: Option<Recurrence>,
    pub per_year: Option<i32>,
    pub except: Vec<Date>,
    pub extra: Vec<Date>,
    pub start_time: Option<LocalTime>,
    pub minutes: Option<i32>,
    pub meeting_place: Option<String>,
    pub digital_offered: Option<bool>,
    pub digital_url: Option<String>,
    pub description: Option<String>,
    pub kind: MeetingKind,
    pub sittings: Vec<ScheduleSitting>,
    pub period: Period,
    pub sources: Vec<Source>,
}

/// A part of each day of a schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduleSitting {
    pub place: Place,
    pub start_time: LocalTime,
    pub minutes: i32,
    /// At least one.
    pub groups: Vec<Reference>,
    pub digital_offered: Option<bool>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Meeting {
    pub place: Place,
    pub key: String,
    pub kind: MeetingKind,
    pub state: MeetingState,
    pub title: Option<String>,
    pub schedule: Option<Reference>,
    pub moved_from: Option<Instant>,
    /// At least one.
    pub sittings: Vec<Sitting>,
    pub attendance: Vec<Attendance>,
    pub sources: Vec<Source>,
}

/// A part of a meeting.
#[derive(Clone, Debug, PartialEq)]
pub struct Sitting {
    pub place: Place,
    pub time: SittingTime,
    /// At least one.
    pub groups: Vec<Reference>,
    pub meeting_place: Option<String>,
    pub digital_offered: Option<bool>,
    pub digital_url: Option<String>,
}

/// When a sitting is: from, until, and how exactly that is known. A day or a month lasts until the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SittingTime {
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub precision: TimePrecision,
}

/// Who was at a meeting.
#[derive(Clone, Debug, PartialEq)]
pub struct Attendance {
    pub place: Place,
    pub person: Reference,
    pub mode: AttendanceMode,
    /// For whom, when not as oneself.
    pub membership: Option<Reference>,
}
