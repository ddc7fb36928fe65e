//! Schedules: recurring plans of meetings.

mod commands;
mod days;
mod deviations;
mod following;
mod plan;

use entity::schedule_group;
use entity::values::{Date, LocalTime, MeetingKind, Period, Recurrence, SittingPlan, SubjectKind};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::db::Sql;
use crate::domain::cells::row;
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::source::{self, SourceInput};
use crate::domain::view::View;
use crate::domain::write::{Entry, Outcome, Verbs, Writer, derived};
use crate::error::Error;
use crate::policy::scope;

pub(super) use commands::end;
pub use commands::{CreateScheduleInput, EndScheduleInput, ScheduleSittingInput, UpdateScheduleInput};
pub use days::{DayKind, Warning, alternatives, planned_days, warning};
pub use deviations::{deviations, warnings};
pub use plan::{days, sittings};

row! {
    /// A schedule.
    Row {
        id, recurrence: Option<String>, per_year: Option<i32>, except_days: sea_orm::JsonValue, extra_days: sea_orm::JsonValue,
        start_time: Option<String>, minutes: Option<i32>, place: Option<String>, digital_offered: Option<bool>,
        digital_url: Option<String>, description: Option<String>, kind: MeetingKind, sittings: sea_orm::JsonValue, version: i32,
    } dated
}

fn all(view: &View, filter: Sql) -> List {
    List {
        name: "schedule by start",
        columns: Row::columns("e").into(),
        main: "e",
        table: "schedule e",
        joins: Sql::default(),
        filter: filter.and(scope::schedule(&view.actor, "e")),
        keys: &[Key::Date("e.valid_from"), Key::Id("e.id")],
        descending: true,
        veiled: None,
    }
}

/// The schedules with these ids that the asker may see.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    all(&view, Sql::from("e.id IN").then(Sql::list(ids))).all(&view, "").await
}

/// The schedules of each group, past ones included, the latest first.
pub async fn of_groups(view: View, ids: Vec<Uuid>, page: Page) -> Result<Vec<Slice<Row>>, Error> {
    let owns = Sql::among("e.id", "SELECT eg.schedule_id FROM schedule_group eg WHERE eg.group_id = parent.id");
    all(&view, Sql::default()).pages(&view, &Parent::new("\"group\"", owns), &ids, &page).await
}

/// A schedule, as a verb takes it.
#[derive(Clone, Debug)]
pub struct ScheduleInput {
    pub groups: Vec<Uuid>,
    pub recurrence: Option<Recurrence>,
    pub per_year: Option<i32>,
    pub except: Vec<Date>,
    pub extra: Vec<Date>,
    pub start_time: Option<LocalTime>,
    pub minutes: Option<i32>,
    pub place: Option<String>,
    pub digital_offered: Option<bool>,
    pub digital_url: Option<String>,
    pub description: Option<String>,
    pub kind: MeetingKind,
    /// The parts of each day; none where all groups sit together all the time.
    pub sittings: Vec<SittingPlan>,
    pub period: Period,
    pub sources: Vec<SourceInput>,
}

const VERBS: Verbs = Verbs { new: "createSchedule", changed: "updateSchedule", gone: "removeSchedule" };

/// Makes a schedule what it should be. Its meetings are documents' own.
pub async fn put(writer: &mut Writer, id: Uuid, input: ScheduleInput) -> Result<Outcome, Error> {
    let sources = input.sources.clone();
    let groups = input.groups.clone();
    let mut entry = Entry::new(VERBS, SubjectKind::Schedule, id);
    write(writer, &mut entry, row(id, input)?, &groups).await?;
    source::put(writer, &mut entry, (SubjectKind::Schedule, id), sources).await?;
    writer.finish::<entity::schedule::Model>(entry).await
}

fn row(id: Uuid, input: ScheduleInput) -> Result<entity::schedule::Model, Error> {
    let (valid_from, valid_until, valid_precision) = input.period.columns();
    Ok(entity::schedule::Model {
        id,
        recurrence: input.recurrence.map(|rule| rule.to_string()),
        per_year: input.per_year,
        except_days: listed(&input.except),
        extra_days: listed(&input.extra),
        start_time: input.start_time.map(|time| time.to_string()),
        minutes: input.minutes,
        place: input.place,
        digital_offered: input.digital_offered,
        digital_url: input.digital_url,
        description: input.description,
        kind: input.kind,
        sittings: parts(&input.sittings)?,
        valid_from,
        valid_until,
        valid_precision,
        version: 0,
    })
}

/// Days as they are stored.
fn listed(days: &[Date]) -> sea_orm::JsonValue {
    days.iter().map(|day| day.to_string()).collect::<Vec<_>>().into()
}

/// The parts of a day as they are stored.
fn parts(sittings: &[SittingPlan]) -> Result<sea_orm::JsonValue, Error> {
    serde_json::to_value(sittings).map_err(|error| Error::Internal(error.to_string()))
}

/// Writes a schedule and who meets by it.
async fn write(writer: &Writer, entry: &mut Entry, row: entity::schedule::Model, groups: &[Uuid]) -> Result<(), Error> {
    let id = row.id;
    writer.put(entry, row).await?;
    let were = schedule_group::Entity::find().filter(schedule_group::Column::ScheduleId.eq(id));
    let were = were.all(writer.db()).await?;
    let link = |group_id: &Uuid| schedule_group::Model {
        id: derived(id, &group_id.to_string()),
        schedule_id: id,
        group_id: *group_id,
    };
    writer.replace(entry, were, groups.iter().map(link).collect()).await
}
