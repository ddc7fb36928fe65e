//! Meetings, their sittings, and who was there.

mod count;

use async_graphql::InputObject;
use entity::values::{
    AttendanceMode, DateRange, GlobalId, Instant, MeetingKind, MeetingState, SubjectKind, TimePrecision,
};
use entity::{attendance, sitting, sitting_group};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::{Cells, Columns, Identified, Select, row};
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::person;
use crate::domain::source::{self, SourceInput};
use crate::domain::view::View;
use crate::domain::write::{Entry, Outcome, Verbs, Writer, derived};
use crate::error::{Error, Rule};
use crate::policy::scope;

pub use count::{MeetingCount, counts};

row! {
    /// What of a meeting is the same for everybody.
    Bare {
        id, kind: MeetingKind, state: MeetingState, title: Option<String>, schedule_id: Option<Uuid> => [schedule],
        moved_from: Option<Instant>, version: i32,
    }
    ; needing nothing: starts_at ends_at place precision groups sittings digital_offered attendance sources
}

/// A meeting as far as the asker sees it: its sittings may be fewer than there are.
#[derive(Clone, Debug)]
pub struct Row {
    pub meeting: Bare,
    /// When the first sitting begins.
    pub starts_at: Instant,
    /// When the last sitting ends.
    pub ends_at: Instant,
    /// Where the first sitting is held of those that say where.
    pub place: Option<String>,
}

impl Columns for Row {
    const WIDTH: usize = Bare::WIDTH + 3;

    fn read(cells: &mut Cells<'_>) -> Result<Self, sea_orm::DbErr> {
        Ok(Self { meeting: Bare::read(cells)?, starts_at: cells.take()?, ends_at: cells.take()?, place: cells.take()? })
    }
}

impl Identified for Row {
    fn id(&self) -> Uuid {
        self.meeting.id
    }
}

row! {
    /// A part of a meeting.
    Sitting {
        id, meeting_id: Uuid, starts_at: Instant, ends_at: Instant, precision: TimePrecision, place: Option<String>,
        digital_offered: Option<bool>, digital_url: Option<String>,
    }
}

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

/// Which meetings are wanted; those that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, InputObject)]
pub struct MeetingFilter {
    /// Of one of these kinds.
    pub kinds: Option<Vec<MeetingKind>>,
    /// In one of these states.
    pub states: Option<Vec<MeetingState>>,
    /// With a sitting in which this group takes part.
    pub group: Option<GlobalId>,
    /// With a sitting of several groups (`true`), or with none such (`false`).
    pub joint: Option<bool>,
}

const BY_START: &[Key] = &[Key::Number("e.starts_at"), Key::Id("e.id")];

fn all(view: &View, filter: Sql) -> List {
    List {
        name: "meeting by start",
        columns: columns(view),
        main: "e",
        table: "meeting e",
        joins: Sql::default(),
        filter: filter.and(scope::meeting(&view.actor, "e")),
        keys: BY_START,
        descending: false,
        // A sitting that the asker does not see may be the first.
        veiled: Some(scope::meeting(&view.actor, "e")),
    }
}

/// A meeting begins and ends with the sittings that the asker sees, which may be fewer than there are.
fn columns(view: &View) -> Select {
    let wanted = &view.selection;
    let seen = |column: &str, bound: &str| match scope::sees_all(&view.actor) {
        true => Sql::from(format!("e.{column}")),
        false => Sql::from(format!("(SELECT {bound}(vsg.{column}) FROM"))
            .then(seen_sittings(view))
            .then("AND vsg.meeting_id = e.id)"),
    };
    let place = Sql::from("(SELECT i.place FROM sitting i WHERE i.meeting_id = e.id AND i.place IS NOT NULL")
        .and(sitting_is_seen(view))
        .then("ORDER BY i.starts_at, i.id LIMIT 1)");
    Select::default()
        .row::<Bare>("e", wanted)
        .column(wanted.wants("starts_at"), seen("starts_at", "min"))
        .column(wanted.wants("ends_at"), seen("ends_at", "max"))
        .column(wanted.wants("place"), place)
}

/// That a group that the asker sees takes part in the sitting `i`.
fn sitting_is_seen(view: &View) -> Sql {
    if scope::sees_all(&view.actor) {
        return Sql::default();
    }
    Sql::from(
        "EXISTS (SELECT 1 FROM sitting_group vsg JOIN \"group\" vg ON vg.id = vsg.group_id WHERE vsg.sitting_id = i.id",
    )
    .and(scope::group(&view.actor, "vg"))
    .then(")")
}

/// What follows FROM for the sittings of groups that the asker sees.
fn seen_sittings(view: &View) -> Sql {
    if scope::sees_all(&view.actor) {
        return Sql::from("sitting_group vsg WHERE 1 = 1");
    }
    Sql::from("sitting_group vsg JOIN \"group\" vg ON vg.id = vsg.group_id WHERE").then(scope::group(&view.actor, "vg"))
}

/// When a meeting with a sitting after an instant begins at the earliest: none is longer than 32 days (the constraint `meeting_length`).
fn earliest(after: Instant) -> Instant {
    Instant(after.0 - 32 * DAY)
}

/// Meetings with a sitting that the asker sees and that fits.
fn with_sitting(view: &View, fitting: Sql) -> Sql {
    let seen = Sql::from("EXISTS (SELECT 1 FROM").then(seen_sittings(view)).and("vsg.meeting_id = e.id");
    seen.and(fitting).then(")")
}

/// Meetings of which some part lies in the days.
fn touching(view: &View, days: DateRange) -> Sql {
    let (from, until) = (Instant::start_of(days.from.0), Instant::start_of(days.until.0));
    with_sitting(view, sql!("vsg.starts_at < ? AND vsg.ends_at > ?", until, from))
}

/// The same among all meetings, by the index on when they begin. Those of a group are found by the group: told this too, PostgreSQL
/// looks for them among all that begin then.
fn between(view: &View, days: DateRange) -> Sql {
    let (from, until) = (Instant::start_of(days.from.0), Instant::start_of(days.until.0));
    // Few last longer than a day. The first of those that go on shows from when on all have to be looked at.
    let day_before = Instant(from.0 - DAY);
    let first = sql!(
        "e.starts_at >= COALESCE((SELECT l.starts_at FROM meeting l WHERE l.ends_at - l.starts_at > 86400000000
         AND l.starts_at >= ? AND l.starts_at < ? AND l.ends_at > ? ORDER BY l.starts_at LIMIT 1), ?)",
        earliest(from),
        day_before,
        from,
        day_before
    );
    first.and(sql!("e.starts_at < ?", until)).and(touching(view, days))
}

/// In microseconds.
const DAY: i64 = 24 * 3600 * 1_000_000;

/// Only groups that the asker sees count: a sitting that they share with others is not joint.
fn wanted(view: &View, filter: &MeetingFilter) -> Sql {
    let seen = |group| scope::group(&view.actor, group);
    let joint = Sql::from(
        "EXISTS (SELECT 1 FROM sitting_group ja JOIN sitting_group jb ON jb.sitting_id = ja.sitting_id AND jb.group_id <> ja.group_id
         JOIN \"group\" ga ON ga.id = ja.group_id JOIN \"group\" gb ON gb.id = jb.group_id WHERE ja.meeting_id = e.id",
    );
    let joint = joint.and(seen("ga")).and(seen("gb")).then(")");
    let of_group =
        "SELECT wg.meeting_id FROM sitting_group wg JOIN \"group\" gw ON gw.id = wg.group_id WHERE gw.id = ?";
    Sql::default()
        .and_some(filter.kinds.as_ref(), |kinds| Sql::from("e.kind IN").then(Sql::terms(kinds.iter().copied())))
        .and_some(filter.states.as_ref(), |states| Sql::from("e.state IN").then(Sql::terms(states.iter().copied())))
        .and_some(filter.group, |id| Sql::among("e.id", sql!(of_group, id.of(SubjectKind::Group)).and(seen("gw"))))
        .and_some(filter.joint, |wanted| Sql::from(if wanted { "" } else { "NOT" }).then(joint))
}

/// Groups and their meetings; those alone that can have a sitting after an instant, if one is given.
fn of_group(after: Option<Instant>) -> Parent {
    let linked = Sql::from("SELECT eg.meeting_id FROM sitting_group eg WHERE eg.group_id = parent.id")
        .and_some(after, |after| sql!("eg.starts_at >= ?", earliest(after)));
    Parent::new("\"group\"", Sql::among("e.id", linked))
}

/// The meetings with these ids that the asker may see.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    all(&view, Sql::from("e.id IN").then(Sql::list(ids))).all(&view, "").await
}

/// A page of the meetings on these days that fit, in order of time.
pub async fn list(view: &View, days: DateRange, filter: &MeetingFilter, page: &Page) -> Result<Slice<Row>, Error> {
    all(view, between(view, days).and(wanted(view, filter))).page(view, page).await
}

/// The meetings of each group.
pub async fn of_groups(
    view: View,
    ids: Vec<Uuid>,
    days: Option<DateRange>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let parent = of_group(days.map(|days| Instant::start_of(days.from.0)));
    let days = days.map(|days| touching(&view, days)).unwrap_or_default();
    all(&view, days).pages(&view, &parent, &ids, &page).await
}

/// The next meeting of each group that is not cancelled.
pub async fn next_of_groups(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    let from = view.from_instant();
    let coming =
        with_sitting(&view, sql!("vsg.starts_at >= ?", from)).and(sql!("e.state <> ?", MeetingState::Cancelled));
    let pages = all(&view, coming).pages(&view, &of_group(Some(from)), &ids, &Page::first(1)).await?;
    let next = ids.into_iter().zip(pages);
    Ok(next.filter_map(|(id, page)| Some((id, page.rows.into_iter().next()?.1))).collect())
}

/// The meetings that each person attended.
pub async fn attended_by(
    view: View,
    ids: Vec<Uuid>,
    days: Option<DateRange>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let owns = Sql::among("e.id", "SELECT ea.meeting_id FROM attendance ea WHERE ea.person_id = parent.id");
    let days = days.map(|days| touching(&view, days)).unwrap_or_default();
    all(&view, days).pages(&view, &Parent::new("person", owns), &ids, &page).await
}

/// The sittings of each meeting with a group that the asker may see, in order of time.
pub async fn sittings(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Sitting)>, Error> {
    let query = Sql::from(format!("SELECT {} FROM sitting i WHERE i.meeting_id IN", Sitting::columns("i")))
        .then(Sql::list(ids))
        .and(sitting_is_seen(&view))
        .then("ORDER BY i.starts_at, i.id");
    Ok(view.rows::<Sitting>(query).await?.into_iter().map(|row| (row.meeting_id, row)).collect())
}

/// Who was at each meeting, by name.
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

const VERBS: Verbs = Verbs { new: "planMeeting", changed: "updateMeeting", gone: "removeMeeting" };

/// Makes a meeting what it should be, sittings and attendance included.
pub async fn put(writer: &mut Writer, id: Uuid, input: MeetingInput) -> Result<Outcome, Error> {
    let missing = || Error::conflict(Rule::MeetingSittingMissing);
    let row = entity::meeting::Model {
        id,
        kind: input.kind,
        state: input.state,
        title: input.title,
        schedule_id: input.schedule,
        moved_from: input.moved_from,
        starts_at: input.sittings.iter().map(|sitting| sitting.starts_at).min().ok_or_else(missing)?,
        ends_at: input.sittings.iter().map(|sitting| sitting.ends_at).max().ok_or_else(missing)?,
        version: 0,
    };
    let mut entry = Entry::new(VERBS, SubjectKind::Meeting, id);
    let (sittings, links) = parts(id, input.sittings);
    // Links that change go first: none may hold a time that another comes to, or name a sitting that goes.
    let linked = sitting_group::Entity::find().filter(sitting_group::Column::MeetingId.eq(id)).all(writer.db()).await?;
    let kept = linked.iter().filter(|link| links.contains(link)).cloned().collect();
    writer.rewrite(&mut entry, linked, kept).await?;
    writer.put(&mut entry, row).await?;
    let were = sitting::Entity::find().filter(sitting::Column::MeetingId.eq(id)).all(writer.db()).await?;
    writer.replace(&mut entry, were, sittings).await?;
    for link in links {
        writer.put(&mut entry, link).await?;
    }
    let were = attendance::Entity::find().filter(attendance::Column::MeetingId.eq(id)).all(writer.db()).await?;
    let present = |input: AttendanceInput| attendance::Model {
        id: derived(id, &format!("attendance/{}", input.person)),
        meeting_id: id,
        person_id: input.person,
        mode: input.mode,
        membership_id: input.in_place_of,
    };
    writer.replace(&mut entry, were, input.attendance.into_iter().map(present).collect()).await?;
    source::put(writer, &mut entry, (SubjectKind::Meeting, id), input.sources).await?;
    writer.finish::<entity::meeting::Model>(entry).await
}

/// The rows of a meeting's sittings, and of the groups that take part in them.
fn parts(meeting_id: Uuid, inputs: Vec<SittingInput>) -> (Vec<sitting::Model>, Vec<sitting_group::Model>) {
    let (mut sittings, mut groups) = (Vec::new(), Vec::new());
    for (ordinal, input) in (1..).zip(inputs) {
        let SittingInput { starts_at, ends_at, precision, .. } = input;
        let id = derived(meeting_id, &format!("sitting/{ordinal}"));
        groups.extend(input.groups.into_iter().map(|group_id| sitting_group::Model {
            id: derived(id, &group_id.to_string()),
            sitting_id: id,
            meeting_id,
            group_id,
            starts_at,
            ends_at,
            precision,
        }));
        sittings.push(sitting::Model {
            id,
            meeting_id,
            starts_at,
            ends_at,
            precision,
            place: input.place,
            digital_offered: input.digital_offered,
            digital_url: input.digital_url,
        });
    }
    (sittings, groups)
}
