//! Attendance: who was at a meeting, how, and for whom.

use async_graphql::InputObject;
use entity::values::{AttendanceMode, GlobalId, MeetingState, SubjectKind};
use entity::{Dated, membership, seat};
use uuid::Uuid;

use super::checks::wrong;
use super::record::{AttendanceInput, Rows, present};
use crate::db::Sql;
use crate::domain::cells::{Cells, Columns, Identified, row};
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::person;
use crate::domain::view::View;
use crate::domain::write::{Command, Entry, Writer, how};
use crate::error::{Error, Rule};
use crate::policy::{self, Action, Permit, scope};

row! {
    /// Somebody's presence, alone.
    BareAttendance { id, meeting_id: Uuid, person_id: Uuid, mode: AttendanceMode, membership_id: Option<Uuid> }
}

/// Somebody's presence at a meeting.
#[derive(Clone, Debug)]
pub struct Attendance {
    pub attendance: BareAttendance,
    pub person: person::Row,
}

impl Columns for Attendance {
    const WIDTH: usize = BareAttendance::WIDTH + person::Row::WIDTH;

    fn read(cells: &mut Cells<'_>) -> Result<Self, sea_orm::DbErr> {
        Ok(Self { attendance: BareAttendance::read(cells)?, person: person::Row::read(cells)? })
    }
}

impl Identified for Attendance {
    fn id(&self) -> Uuid {
        self.attendance.id
    }
}

/// Who was at each meeting, and who was not, by name.
pub async fn attendance(view: View, ids: Vec<Uuid>, page: Page) -> Result<Vec<Slice<Attendance>>, Error> {
    let list = List {
        name: "attendance by name",
        columns: format!("{}, {}", BareAttendance::columns("a"), person::Row::columns("h")).into(),
        main: "a",
        table: "attendance a",
        joins: "JOIN person h ON h.id = a.person_id".into(),
        filter: scope::person_in_place(&view.actor, "h"),
        keys: &[Key::Bytes("h.sort_key"), Key::Id("a.id")],
        descending: false,
        veiled: None,
    };
    list.pages(&view, &Parent::new("meeting", "a.meeting_id = parent.id"), &ids, &page).await
}

/// What is on record of each meeting, whole.
pub(super) async fn of_meetings(view: &View, ids: &[Uuid]) -> Result<Vec<Attendance>, Error> {
    let query = Sql::from(format!(
        "SELECT {}, {} FROM attendance a JOIN person h ON h.id = a.person_id WHERE a.meeting_id IN",
        BareAttendance::columns("a"),
        person::Row::columns("h")
    ));
    let seen = scope::person_in_place(&view.actor, "h");
    view.rows(query.then(Sql::list(ids.iter().copied())).and(seen).then("ORDER BY a.id")).await
}

/// Who was, or is not going to be, at a meeting.
#[derive(Clone, Debug, InputObject)]
pub struct RecordAttendanceInput {
    /// At which.
    pub meeting: GlobalId,
    /// The version of the meeting that was seen.
    pub expected_version: i32,
    /// Who, and how. Who is not named stays as they were.
    pub attendance: Vec<PresenceInput>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Somebody's presence at a meeting.
#[derive(Clone, Debug, InputObject)]
pub struct PresenceInput {
    /// Who.
    pub person: GlobalId,
    /// How. Null takes back what was recorded of them.
    pub mode: Option<AttendanceMode>,
    /// In whose place they were there; left out for those who came as themselves.
    pub in_place_of: Option<GlobalId>,
}

impl Command for RecordAttendanceInput {
    how!(RecordAttendance);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let subject = (SubjectKind::Meeting, self.meeting.of(SubjectKind::Meeting));
        let permit = policy::permit_on(&view.app, &view.actor, Action::RecordAttendance, subject).await;
        let permit = permit.map_err(|error| error.at("meeting"))?;
        visible(view, &self.attendance).await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.meeting.of(SubjectKind::Meeting);
        let meeting = writer.expect(SubjectKind::Meeting, id, self.expected_version).await?;
        let rows = Rows::of(writer.db(), vec![meeting]).await?.pop().ok_or(Error::NotFound)?;
        let mut entry = writer.entry(SubjectKind::Meeting, id);
        attend(writer, &mut entry, &rows, &self.attendance).await?;
        writer.finish::<entity::meeting::Model>(entry).await?;
        Ok(id)
    }
}

/// That the asker sees whoever an input names.
pub(super) async fn visible(view: &View, inputs: &[PresenceInput]) -> Result<(), Error> {
    let people = inputs.iter().map(|input| input.person);
    let memberships = inputs.iter().filter_map(|input| input.in_place_of);
    for (kind, ids) in
        [(SubjectKind::Person, people.collect::<Vec<_>>()), (SubjectKind::Membership, memberships.collect())]
    {
        let ids: Vec<Uuid> = ids.into_iter().map(|id| id.of(kind)).collect();
        let seen = policy::visible(&view.app, &view.actor, kind, &ids).await?;
        if ids.iter().any(|id| !seen.contains(id)) {
            return Err(Error::NotFound.at("attendance"));
        }
    }
    Ok(())
}

/// Records who was, or is not going to be, at a meeting.
pub(super) async fn attend(
    writer: &Writer,
    entry: &mut Entry,
    rows: &Rows,
    inputs: &[PresenceInput],
) -> Result<(), Error> {
    let people: Vec<GlobalId> = inputs.iter().map(|input| input.person).collect();
    if !people.is_empty() {
        crate::domain::input::distinct(&people, SubjectKind::Person, "attendance")?;
    }
    for input in inputs {
        let person = input.person.of(SubjectKind::Person);
        let in_place_of = input.in_place_of.map(|id| id.of(SubjectKind::Membership));
        let wanted = |mode| present(rows.meeting.id, AttendanceInput { person, mode, in_place_of });
        let done = match input.mode {
            Some(mode) => match holds(writer, rows, person, mode, in_place_of).await {
                Ok(()) => writer.put(entry, wanted(mode)).await,
                wrong => wrong,
            },
            None => match writer.find::<entity::attendance::Model>(wanted(AttendanceMode::Absent).id).await? {
                Some(row) => writer.remove(entry, row).await,
                None => Ok(()),
            },
        };
        done.map_err(|error| error.at("attendance"))?;
    }
    Ok(())
}

/// Whether this can be said of somebody and the meeting.
async fn holds(
    writer: &Writer,
    rows: &Rows,
    person: Uuid,
    mode: AttendanceMode,
    in_place_of: Option<Uuid>,
) -> Result<(), Error> {
    let meeting = &rows.meeting;
    if meeting.state == MeetingState::Cancelled {
        return Err(Error::conflict_on(Rule::MeetingNotPlanned, SubjectKind::Meeting, meeting.id));
    }
    if mode != AttendanceMode::Excused && meeting.starts_at > writer.app().now() {
        return Err(wrong("this meeting has not begun yet", "det här mötet har inte börjat än").at("mode"));
    }
    let Some(id) = in_place_of else { return Ok(()) };
    if !mode.is_present() {
        let there = wrong("only who is there is there for another", "bara den som är där är där för någon annan");
        return Err(there.at("inPlaceOf"));
    }
    let membership: membership::Model = writer.find(id).await?.ok_or(Error::NotFound)?;
    let seat: seat::Model = writer.find(membership.seat_id).await?.ok_or(Error::NotFound)?;
    let (from, until, _) = membership.period().columns();
    let called = rows.links.iter().any(|link| link.group_id == seat.group_id && (from..until).contains(&link.day));
    if !called || membership.person_id == person {
        let other = wrong(
            "this takes the membership of another who sits in a group of the meeting on that day",
            "detta tar ett medlemskap för någon annan som den dagen sitter i en grupp som sammanträder",
        );
        return Err(other.at("inPlaceOf"));
    }
    Ok(())
}
