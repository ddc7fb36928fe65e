//! Meetings, their sittings, and who was there.

mod attendance;
mod checks;
mod clash;
mod commands;
mod count;
mod expected;
mod record;
mod whose;

use async_graphql::InputObject;
use entity::values::{
    Date, DateRange, FOREVER, GlobalId, Instant, MeetingKind, MeetingState, SubjectKind, TimePrecision,
};
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::{Cells, Columns, Identified, Select, row};
use crate::domain::filter::found;
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::view::View;
use crate::error::Error;
use crate::policy::scope;
use whose::What;

pub use attendance::{Attendance, PresenceInput, RecordAttendanceInput, attendance};
pub(super) use checks::{fits, local, wrong};
pub use clash::{CommonTime, DoubleBooking, changed_sittings, common_times, double_bookings, sittings_by_ids};
pub use commands::{CancelMeetingInput, MoveMeetingInput, PlanMeetingInput, PlannedSittingInput, RecordMeetingInput};
pub use count::{MeetingCount, counts};
pub use expected::{Expected, ExpectedReason, expected, of_meetings};
pub use record::{AttendanceInput, MeetingInput, Rows, SittingInput, put};

row! {
    /// What of a meeting is the same for everybody.
    Bare {
        id, kind: MeetingKind, state: MeetingState, title: Option<String>, schedule_id: Option<Uuid> => [schedule],
        moved_from: Option<Instant>, version: i32,
    }
    ; needing nothing: starts_at ends_at place precision groups sittings digital_offered warning double_bookings expected attendance invitations history sources
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

/// Which meetings are wanted; those that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, InputObject)]
pub struct MeetingFilter {
    /// Of one of these kinds.
    pub kinds: Option<Vec<MeetingKind>>,
    /// In one of these states.
    pub states: Option<Vec<MeetingState>>,
    /// With a sitting in which this group takes part.
    pub group: Option<GlobalId>,
    /// To which this person is called, or which they attended: of groups in which they sit on that day, or to stand in.
    pub person: Option<GlobalId>,
    /// Of groups in which this organisation, or a unit of it, has a seat on that day.
    pub organisation: Option<GlobalId>,
    /// By this plan.
    pub schedule: Option<GlobalId>,
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
        .and(scope::sitting(&view.actor, "i"))
        .then("ORDER BY i.starts_at, i.id LIMIT 1)");
    Select::default()
        .row::<Bare>("e", wanted)
        .column(wanted.wants("starts_at"), seen("starts_at", "min"))
        .column(wanted.wants("ends_at"), seen("ends_at", "max"))
        .column(wanted.wants("place"), place)
}

/// What follows FROM for the sittings of groups that the asker sees.
fn seen_sittings(view: &View) -> Sql {
    if scope::sees_all(&view.actor) {
        return Sql::from("sitting_group vsg WHERE 1 = 1");
    }
    Sql::from("sitting_group vsg JOIN \"group\" vg ON vg.id = vsg.group_id WHERE").then(scope::group(&view.actor, "vg"))
}

/// When a meeting with a sitting after an instant begins at the earliest: none is longer than 32 days (the constraint `meeting_length`).
pub(super) fn earliest(after: Instant) -> Instant {
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
fn wanted(view: &View, what: What, days: DateRange, filter: &MeetingFilter) -> Sql {
    let seen = |group| scope::group(&view.actor, group);
    let joint = Sql::from(
        "EXISTS (SELECT 1 FROM sitting_group ja JOIN sitting_group jb ON jb.sitting_id = ja.sitting_id AND jb.group_id <> ja.group_id
         JOIN \"group\" ga ON ga.id = ja.group_id JOIN \"group\" gb ON gb.id = jb.group_id WHERE ja.meeting_id = e.id",
    );
    let joint = joint.and(seen("ga")).and(seen("gb")).then(")");
    let whose = |id: GlobalId, kind, of: fn(&View, What, Sql, Option<DateRange>) -> Sql| {
        Sql::among(what.id(), of(view, what, sql!("?", id.of(kind)), Some(days)))
    };
    Sql::default()
        .and_some(filter.kinds.as_ref(), |kinds| Sql::from("e.kind IN").then(Sql::terms(kinds.iter().copied())))
        .and_some(filter.states.as_ref(), |states| Sql::from("e.state IN").then(Sql::terms(states.iter().copied())))
        .and_some(filter.group, |id| whose(id, SubjectKind::Group, whose::of_group))
        .and_some(filter.person, |id| {
            let known = sql!("EXISTS (SELECT 1 FROM person wp WHERE wp.id = ?", id.of(SubjectKind::Person));
            let known = known.and(scope::person(&view.actor, "wp")).then(")");
            whose(id, SubjectKind::Person, whose::of_person).and(known)
        })
        .and_some(filter.organisation, |id| whose(id, SubjectKind::Organisation, whose::of_organisation))
        .and_some(filter.schedule, |id| found("meeting", "e", sql!("f.schedule_id = ?", id.of(SubjectKind::Schedule))))
        .and_some(filter.joint, |wanted| Sql::from(if wanted { "" } else { "NOT" }).then(joint))
}

/// That a meeting is one of those whose ids a statement selects, and lies on the days, if some are given.
fn theirs(view: &View, whose: Sql, days: Option<DateRange>) -> Sql {
    Sql::among("e.id", whose).and_some(days, |days| touching(view, days))
}

/// The meetings with these ids that the asker may see.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    all(&view, Sql::from("e.id IN").then(Sql::list(ids))).all(&view, "").await
}

/// A page of the meetings on these days that fit, in order of time.
pub async fn list(view: &View, days: DateRange, filter: &MeetingFilter, page: &Page) -> Result<Slice<Row>, Error> {
    all(view, between(view, days).and(wanted(view, What::Meetings, days, filter))).page(view, page).await
}

/// The statement that selects what a calendar shows of the meetings on these days that fit: their sittings, as far as they are of those whose
/// meetings are wanted, in order of time, each once for each of its groups that the asker sees.
pub fn sittings_to_show(view: &View, days: DateRange, filter: &MeetingFilter) -> Sql {
    let (from, until) = (Instant::start_of(days.from.0), Instant::start_of(days.until.0));
    let near = sql!("i.starts_at > ? AND i.starts_at < ? AND i.ends_at > ?", earliest(from), until, from);
    shown(view, near.and(wanted(view, What::Sittings, days, filter))).then(format!("LIMIT {MOST_SHOWN}"))
}

/// The statement that selects the same of all sittings of these meetings.
pub fn sittings_of(view: &View, meetings: &[Uuid]) -> Sql {
    shown(view, Sql::from("e.id IN").then(Sql::list(meetings.iter().copied())))
}

fn shown(view: &View, which: Sql) -> Sql {
    // When a meeting was last changed, the trail knows. Of all its entries only the last is looked up.
    let changed = "(SELECT c.at FROM change_value cv JOIN change c ON c.seq = cv.seq WHERE cv.row_id = e.id ORDER BY cv.seq DESC LIMIT 1)";
    Sql::from(format!(
        "SELECT i.id, i.meeting_id, i.starts_at, i.ends_at, i.precision, i.place, i.digital_url, e.kind, e.state, e.title, e.moved_from, e.version, {changed},
         g.id, g.audience, COALESCE(g.short_name, g.name) FROM sitting i JOIN meeting e ON e.id = i.meeting_id
         JOIN sitting_group l ON l.sitting_id = i.id JOIN \"group\" g ON g.id = l.group_id WHERE"
    ))
    .then(which)
    .and(scope::group(&view.actor, "g"))
    .then("ORDER BY i.starts_at, i.id, g.sort_key, g.id")
}

/// What a calendar shows at most: sittings, each as often as it has groups.
const MOST_SHOWN: usize = 5_000;

/// The meetings of each group.
pub async fn of_groups(
    view: View,
    ids: Vec<Uuid>,
    days: Option<DateRange>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let parent =
        Parent::new("\"group\"", theirs(&view, whose::of_group(&view, What::Meetings, "parent.id", days), days));
    all(&view, Sql::default()).pages(&view, &parent, &ids, &page).await
}

/// The next meeting of each group that is not cancelled.
pub async fn next_of_groups(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    let from = view.from_instant();
    let days = DateRange { from: Date(from.day()), until: Date(FOREVER) };
    let coming =
        with_sitting(&view, sql!("vsg.starts_at >= ?", from)).and(sql!("e.state <> ?", MeetingState::Cancelled));
    let parent =
        Parent::new("\"group\"", Sql::among("e.id", whose::of_group(&view, What::Meetings, "parent.id", Some(days))));
    let pages = all(&view, coming).pages(&view, &parent, &ids, &Page::first(1)).await?;
    let next = ids.into_iter().zip(pages);
    Ok(next.filter_map(|(id, page)| Some((id, page.rows.into_iter().next()?.1))).collect())
}

/// The meetings to which each person is called, or that they attended.
pub async fn of_people(
    view: View,
    ids: Vec<Uuid>,
    days: Option<DateRange>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let parent = Parent::new("person", theirs(&view, whose::of_person(&view, What::Meetings, "parent.id", days), days));
    all(&view, Sql::default()).pages(&view, &parent, &ids, &page).await
}

/// The meetings of the groups in which each organisation, or a unit of it, has a seat.
pub async fn of_organisations(
    view: View,
    ids: Vec<Uuid>,
    days: Option<DateRange>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let parent = Parent::new(
        "organisation",
        theirs(&view, whose::of_organisation(&view, What::Meetings, "parent.id", days), days),
    );
    all(&view, Sql::default()).pages(&view, &parent, &ids, &page).await
}

/// The sittings of each meeting with a group that the asker may see, in order of time.
pub async fn sittings(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Sitting)>, Error> {
    let query = Sql::from(format!("SELECT {} FROM sitting i WHERE i.meeting_id IN", Sitting::columns("i")))
        .then(Sql::list(ids))
        .and(scope::sitting(&view.actor, "i"))
        .then("ORDER BY i.starts_at, i.id");
    Ok(view.rows::<Sitting>(query).await?.into_iter().map(|row| (row.meeting_id, row)).collect())
}
