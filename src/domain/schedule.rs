//! Schedules: recurring plans of meetings.

use entity::schedule_group;
use entity::values::{Date, LocalTime, Period, SubjectKind};
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

row! {
    /// A schedule.
    Row {
        id, recurrence: Option<String>, per_year: Option<i32>, except_days: sea_orm::JsonValue, extra_days: sea_orm::JsonValue,
        start_time: Option<String>, minutes: Option<i32>, place: Option<String>, digital_offered: Option<bool>,
        digital_url: Option<String>, description: Option<String>, version: i32,
    } dated
}

fn all(view: &View, filter: Sql) -> List {
    List {
        name: "schedule by start",
        columns: Row::columns("e").into(),
        main: "e",
        table: "schedule e",
        joins: Sql::default(),
        filter: filter
            .and("EXISTS (SELECT 1 FROM schedule_group vsg JOIN \"group\" vg ON vg.id = vsg.group_id WHERE vsg.schedule_id = e.id")
            .and(scope::group(&view.actor, "vg"))
            .then(")"),
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

/// The days of a stored list.
pub fn days(stored: &sea_orm::JsonValue) -> Vec<Date> {
    let listed = stored.as_array().into_iter().flatten();
    listed.filter_map(|day| Date::parse(day.as_str()?).ok()).collect()
}

/// A schedule, as a verb takes it.
#[derive(Clone, Debug)]
pub struct ScheduleInput {
    pub groups: Vec<Uuid>,
    pub recurrence: Option<String>,
    pub per_year: Option<i32>,
    pub except: Vec<Date>,
    pub extra: Vec<Date>,
    pub start_time: Option<LocalTime>,
    pub minutes: Option<i32>,
    pub place: Option<String>,
    pub digital_offered: Option<bool>,
    pub digital_url: Option<String>,
    pub description: Option<String>,
    pub period: Period,
    pub sources: Vec<SourceInput>,
}

const VERBS: Verbs = Verbs { new: "createSchedule", changed: "updateSchedule", gone: "removeSchedule" };

/// Makes a schedule what it should be.
pub async fn put(writer: &mut Writer, id: Uuid, input: ScheduleInput) -> Result<Outcome, Error> {
    let days = |days: &[Date]| days.iter().map(|day| day.to_string()).collect::<Vec<_>>().into();
    let (valid_from, valid_until, valid_precision) = input.period.columns();
    let row = entity::schedule::Model {
        id,
        recurrence: input.recurrence,
        per_year: input.per_year,
        except_days: days(&input.except),
        extra_days: days(&input.extra),
        start_time: input.start_time.map(|time| time.to_string()),
        minutes: input.minutes,
        place: input.place,
        digital_offered: input.digital_offered,
        digital_url: input.digital_url,
        description: input.description,
        valid_from,
        valid_until,
        valid_precision,
        version: 0,
    };
    let mut entry = Entry::new(VERBS, SubjectKind::Schedule, id);
    writer.put(&mut entry, row).await?;
    let were =
        schedule_group::Entity::find().filter(schedule_group::Column::ScheduleId.eq(id)).all(writer.db()).await?;
    let link = |group_id| schedule_group::Model { id: derived(id, &format!("{group_id}")), schedule_id: id, group_id };
    writer.replace(&mut entry, were, input.groups.into_iter().map(link).collect()).await?;
    source::put(writer, &mut entry, (SubjectKind::Schedule, id), input.sources).await?;
    writer.finish::<entity::schedule::Model>(entry).await
}
