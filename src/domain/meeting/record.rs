//! A meeting as it is on record: its row, its sittings, and who was there.

use entity::values::{AttendanceMode, Instant, MeetingKind, MeetingState, SubjectKind, TimePrecision};
use entity::{attendance, sitting, sitting_group};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::domain::source::{self, SourceInput};
use crate::domain::write::{Entry, Outcome, Verbs, Writer, derived};
use crate::error::{Error, Rule};

/// A meeting, as a verb takes it.
#[derive(Clone, Debug)]
pub struct MeetingInput {
    pub kind: MeetingKind,
    pub state: MeetingState,
    pub title: Option<String>,
    pub schedule: Option<Uuid>,
    pub moved_from: Option<Instant>,
    /// At least one.
    pub sittings: Vec<SittingInput>,
    pub attendance: Vec<AttendanceInput>,
    pub sources: Vec<SourceInput>,
}

/// A part of a meeting, as a verb takes it.
#[derive(Clone, Debug)]
pub struct SittingInput {
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub precision: TimePrecision,
    pub groups: Vec<Uuid>,
    pub place: Option<String>,
    pub digital_offered: Option<bool>,
    pub digital_url: Option<String>,
}

/// Somebody's presence, as a verb takes it.
#[derive(Clone, Debug)]
pub struct AttendanceInput {
    pub person: Uuid,
    pub mode: AttendanceMode,
    pub in_place_of: Option<Uuid>,
}

/// The rows of a meeting and of its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    pub meeting: entity::meeting::Model,
    /// In order of time.
    pub sittings: Vec<sitting::Model>,
    pub links: Vec<sitting_group::Model>,
}

const VERBS: Verbs = Verbs { new: "planMeeting", changed: "updateMeeting", gone: "removeMeeting" };

/// Makes a meeting what it should be, sittings and attendance included.
pub async fn put(writer: &mut Writer, id: Uuid, input: MeetingInput) -> Result<Outcome, Error> {
    let mut entry = Entry::new(VERBS, SubjectKind::Meeting, id);
    let mut rows = Rows::planned(id, input.kind, input.sittings)?;
    rows.meeting.state = input.state;
    rows.meeting.title = input.title;
    rows.meeting.schedule_id = input.schedule;
    rows.meeting.moved_from = input.moved_from;
    rows.put(writer, &mut entry).await?;
    let were = attendance::Entity::find().filter(attendance::Column::MeetingId.eq(id)).all(writer.db()).await?;
    let present = |input| present(id, input);
    writer.replace(&mut entry, were, input.attendance.into_iter().map(present).collect()).await?;
    source::put(writer, &mut entry, (SubjectKind::Meeting, id), input.sources).await?;
    writer.finish::<entity::meeting::Model>(entry).await
}

/// The row of somebody's presence.
pub(super) fn present(meeting_id: Uuid, input: AttendanceInput) -> attendance::Model {
    attendance::Model {
        id: derived(meeting_id, &format!("attendance/{}", input.person)),
        meeting_id,
        person_id: input.person,
        mode: input.mode,
        membership_id: input.in_place_of,
    }
}

impl Rows {
    /// A planned meeting.
    pub fn planned(id: Uuid, kind: MeetingKind, inputs: Vec<SittingInput>) -> Result<Self, Error> {
        let missing = || Error::conflict(Rule::MeetingSittingMissing);
        let meeting = entity::meeting::Model {
            id,
            kind,
            state: MeetingState::Planned,
            title: None,
            schedule_id: None,
            moved_from: None,
            starts_at: inputs.iter().map(|sitting| sitting.starts_at).min().ok_or_else(missing)?,
            ends_at: inputs.iter().map(|sitting| sitting.ends_at).max().ok_or_else(missing)?,
            version: 0,
        };
        let mut rows = Self { meeting, sittings: Vec::new(), links: Vec::new() };
        for (ordinal, input) in (1..).zip(inputs) {
            let sitting = sitting::Model {
                id: derived(id, &format!("sitting/{ordinal}")),
                meeting_id: id,
                starts_at: input.starts_at,
                ends_at: input.ends_at,
                precision: input.precision,
                place: input.place,
                digital_offered: input.digital_offered,
                digital_url: input.digital_url,
            };
            rows.links.extend(input.groups.into_iter().map(|group| link(&sitting, group)));
            rows.sittings.push(sitting);
        }
        Ok(rows)
    }

    /// The rows of meetings that are there, and of their parts.
    pub async fn of<C: ConnectionTrait>(db: &C, meetings: Vec<entity::meeting::Model>) -> Result<Vec<Self>, Error> {
        let ids: Vec<Uuid> = meetings.iter().map(|meeting| meeting.id).collect();
        let sittings = sitting::Entity::find().filter(sitting::Column::MeetingId.is_in(ids.iter().copied()));
        let sittings =
            sittings.order_by_asc(sitting::Column::StartsAt).order_by_asc(sitting::Column::Id).all(db).await?;
        let links = sitting_group::Entity::find().filter(sitting_group::Column::MeetingId.is_in(ids));
        let links = links.order_by_asc(sitting_group::Column::Id).all(db).await?;
        let rows = |meeting: entity::meeting::Model| Self {
            sittings: sittings.iter().filter(|row| row.meeting_id == meeting.id).cloned().collect(),
            links: links.iter().filter(|row| row.meeting_id == meeting.id).cloned().collect(),
            meeting,
        };
        Ok(meetings.into_iter().map(rows).collect())
    }

    /// Whether two meetings are the same in all that people say of them.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let sorted = |rows: &Self| {
            let mut rows = rows.clone();
            rows.meeting.version = 0;
            rows.sittings.sort_by_key(|row| row.id);
            rows.links.sort_by_key(|row| row.id);
            rows
        };
        sorted(self) == sorted(other)
    }

    /// The groups that take part in a sitting.
    pub fn groups(&self, sitting: Uuid) -> Vec<Uuid> {
        self.links.iter().filter(|link| link.sitting_id == sitting).map(|link| link.group_id).collect()
    }

    /// Changes the sittings, and what follows from them.
    pub fn change(&mut self, change: impl Fn(&mut sitting::Model) -> Result<(), Error>) -> Result<(), Error> {
        for sitting in &mut self.sittings {
            change(sitting)?;
            let own = self.links.iter_mut().filter(|link| link.sitting_id == sitting.id);
            own.for_each(|row| *row = link(sitting, row.group_id));
        }
        self.set_bounds();
        Ok(())
    }

    /// The meeting without a group: without the sittings that are its alone, and cancelled when no other group takes part.
    #[must_use]
    pub fn without(mut self, group: Uuid) -> Self {
        if self.links.iter().all(|link| link.group_id == group) {
            self.meeting.state = MeetingState::Cancelled;
            return self;
        }
        self.links.retain(|link| link.group_id != group);
        self.sittings.retain(|sitting| self.links.iter().any(|link| link.sitting_id == sitting.id));
        self.set_bounds();
        self
    }

    fn set_bounds(&mut self) {
        self.meeting.starts_at = self.sittings.iter().map(|row| row.starts_at).min().unwrap_or(self.meeting.starts_at);
        self.meeting.ends_at = self.sittings.iter().map(|row| row.ends_at).max().unwrap_or(self.meeting.ends_at);
    }

    /// Brings the meeting to what is wanted of it. A difference of its parts counts in its version, whatever the entry is about.
    pub async fn change_to(&self, wanted: Self, writer: &Writer, entry: &mut Entry) -> Result<(), Error> {
        let same = self.says_the_same(&wanted);
        wanted.put(writer, entry).await?;
        if same { Ok(()) } else { writer.touch::<entity::meeting::Model>(entry, self.meeting.id).await }
    }

    /// Brings the meeting to what its rows say. Links that change go first: none may hold a time that another comes to, or name a sitting that goes.
    pub async fn put(self, writer: &Writer, entry: &mut Entry) -> Result<(), Error> {
        let id = self.meeting.id;
        self.make_room(writer, entry).await?;
        writer.put(entry, self.meeting).await?;
        let were = sitting::Entity::find().filter(sitting::Column::MeetingId.eq(id)).all(writer.db()).await?;
        writer.replace(entry, were, self.sittings).await?;
        for link in self.links {
            writer.put(entry, link).await?;
        }
        Ok(())
    }

    /// Takes away the links that are not among the wanted ones.
    pub async fn make_room(&self, writer: &Writer, entry: &mut Entry) -> Result<(), Error> {
        if entry.makes(self.meeting.id) {
            return Ok(());
        }
        let linked = sitting_group::Entity::find().filter(sitting_group::Column::MeetingId.eq(self.meeting.id));
        let linked = linked.all(writer.db()).await?;
        let kept = linked.iter().filter(|link| self.links.contains(link)).cloned().collect();
        writer.rewrite(entry, linked, kept).await
    }
}

/// The row of a group that takes part in a sitting.
fn link(sitting: &sitting::Model, group_id: Uuid) -> sitting_group::Model {
    let sitting::Model { id, meeting_id, starts_at, ends_at, precision, .. } = *sitting;
    sitting_group::Model {
        id: derived(id, &group_id.to_string()),
        sitting_id: id,
        meeting_id,
        group_id,
        starts_at,
        ends_at,
        precision,
        day: starts_at.day(),
    }
}
