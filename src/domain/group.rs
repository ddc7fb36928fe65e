//! Groups and their relations.

mod closing;
mod commands;
mod relation;

use async_graphql::{InputObject, OneofObject};
use entity::Dated;
use entity::values::{Audience, DateRange, GlobalId, GroupKind, Period, PeriodState, Slug, SubjectKind, sort_key};
use uuid::Uuid;

pub use closing::CloseGroupInput;
pub use commands::{CreateGroupInput, UpdateGroupInput};
pub use relation::{
    EndRelationInput, RelateGroupsInput, Relation, RelationInput, RelationTarget, relate, relations, relations_by_ids,
    relations_to_organisations,
};

use crate::db::{Sql, sql};
use crate::domain::cells::{Select, row};
use crate::domain::filter;
use crate::domain::narrow;
use crate::domain::organisation::inside;
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::source::{self, SourceInput};
use crate::domain::view::View;
use crate::domain::write::{Entry, Outcome, Verbs, Writer};
use crate::error::Error;
use crate::policy::scope;

row! {
    /// A group, without its purpose, which may be long.
    Row {
        id, slug: String => [card_url calendar_url], name: String, short_name: Option<String>, kind: GroupKind, parent_id: Option<Uuid> => [parent],
        convener_id: Option<Uuid> => [convener], audience: Audience, version: i32,
    } dated
    ; needing nothing: purpose relations chair vice_chair contacts contact_points next_meeting meeting_count sources subgroups seats members
        organisations schedules meetings figures history
}

/// Names one group.
#[derive(Clone, Debug, OneofObject)]
pub enum GroupBy {
    /// Its id.
    Id(GlobalId),
    /// Its slug, such as `kommunchefgruppen`.
    Slug(String),
}

/// Which groups are wanted; those that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, InputObject)]
pub struct GroupFilter {
    /// Of one of these kinds.
    pub kinds: Option<Vec<GroupKind>>,
    /// Directly below this group.
    pub parent: Option<GlobalId>,
    /// Without a group above them (`true`), or with one (`false`).
    pub top: Option<bool>,
    /// In which this organisation, or a unit of it, has a seat on the day.
    pub organisation: Option<GlobalId>,
    /// Called together by this organisation or a unit of it.
    pub convener: Option<GlobalId>,
    /// Whose name or short name contains this; case, accents, å, ä and ö are folded.
    pub text: Option<String>,
    /// In one of these states on the day. Without it, and without `during`: those that exist.
    pub states: Option<Vec<PeriodState>>,
    /// That existed on some day of this range.
    pub during: Option<DateRange>,
}

/// What groups are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, async_graphql::Enum)]
pub enum GroupOrderField {
    /// Namn: by name, in Swedish order.
    #[default]
    Name,
    /// Började: by the day on which the group began, then by name.
    From,
}

const BY_NAME: &[Key] = &[Key::Bytes("g.sort_key"), Key::Id("g.id")];
const BY_START: &[Key] = &[Key::Date("g.valid_from"), Key::Bytes("g.sort_key"), Key::Id("g.id")];

fn all(view: &View, filter: Sql) -> List {
    List {
        name: "group by name",
        columns: Select::default().row::<Row>("g", &view.selection),
        main: "g",
        table: "\"group\" g",
        joins: Sql::default(),
        filter: filter.and(scope::group(&view.actor, "g")),
        keys: BY_NAME,
        descending: false,
        veiled: None,
    }
}

fn wanted(view: &View, filter: &GroupFilter, kind: &str) -> Sql {
    filter::period(view, "g", filter.states.as_deref(), filter.during)
        .and_some(filter.kinds.as_ref(), |kinds| {
            Sql::from(format!("{kind} IN")).then(Sql::terms(kinds.iter().copied()))
        })
        .and_some(filter.parent, |parent| sql!("g.parent_id = ?", parent.of(SubjectKind::Group)).and(has_parent(view)))
        .and_some(filter.top, |top| Sql::from(if top { "NOT" } else { "" }).then(has_parent(view)))
        .and_some(filter.organisation, |id| {
            let seats = Sql::from("SELECT os.group_id FROM seat os WHERE").then(view.current("os"));
            Sql::among("g.id", seats.and(inside("os.organisation_id", sql!("?", id.of(SubjectKind::Organisation)))))
        })
        .and_some(filter.convener, |id| {
            filter::found("group", "g", inside("f.convener_id", sql!("?", id.of(SubjectKind::Organisation))))
        })
}

/// A parent that the asker does not see is none. The offset keeps PostgreSQL from reading all groups beforehand.
fn has_parent(view: &View) -> Sql {
    Sql::from("EXISTS (SELECT 1 FROM \"group\" up WHERE up.id = g.parent_id")
        .and(scope::group(&view.actor, "up"))
        .then("LIMIT 1 OFFSET 0)")
}

async fn select(view: &View, condition: Sql) -> Result<Vec<Row>, Error> {
    all(view, condition).all(view, "").await
}

/// The groups with these ids that the asker may see.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    select(&view, Sql::from("g.id IN").then(Sql::list(ids))).await
}

/// One group.
pub async fn find(view: &View, by: GroupBy) -> Result<Option<Row>, Error> {
    let condition = match by {
        GroupBy::Id(id) => sql!("g.id = ?", id.of(SubjectKind::Group)),
        GroupBy::Slug(slug) => sql!("g.slug = ?", slug),
    };
    Ok(select(view, condition).await?.pop())
}

/// A page of the groups that fit.
pub async fn list(
    view: &View,
    filter: &GroupFilter,
    (field, descending): (GroupOrderField, bool),
    page: &Page,
) -> Result<Slice<Row>, Error> {
    let text = |text: &String| filter::text(view, "group", "g", text);
    let to_come = filter::to_come(view, "group", "g", filter.states.as_deref());
    let wanted = wanted(view, filter, "g.kind").and(to_come).and_some(filter.text.as_ref(), text);
    let list = List { descending, ..all(view, wanted) };
    let list = match field {
        GroupOrderField::Name => list,
        GroupOrderField::From => List { name: "group by start", keys: BY_START, ..list },
    };
    list.page(view, page).await
}

/// The groups directly below each group.
pub async fn subgroups(
    view: View,
    ids: Vec<Uuid>,
    filter: Option<GroupFilter>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let filter = filter.unwrap_or_default();
    let parent = Parent::new("\"group\"", "g.parent_id = parent.id");
    let text = |text: &String| filter::text_among_few("g.search_key", text);
    let wanted = wanted(&view, &filter, &filter::looked_at("g.kind")).and_some(filter.text.as_ref(), text);
    all(&view, wanted).pages(&view, &parent, &ids, &page).await
}

/// What each group is for.
pub async fn purposes(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Purpose)>, Error> {
    let query = Sql::from("SELECT g.id, g.purpose FROM \"group\" g WHERE g.purpose IS NOT NULL AND g.id IN");
    Ok(view.rows::<Purpose>(query.then(Sql::list(ids))).await?.into_iter().map(|row| (row.id, row)).collect())
}

row! {
    /// A group's purpose, read apart from the group because it may be long.
    Purpose { id, purpose: String }
}

/// The groups that meet by each schedule.
pub async fn of_schedules(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    by_link(&view, "schedule_group l", "l.schedule_id", ids).await
}

/// The groups that take part in each sitting.
pub async fn of_sittings(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    by_link(&view, "sitting_group l", "l.sitting_id", ids).await
}

/// The groups that take part in each meeting.
pub async fn of_meetings(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    by_link(&view, "sitting_group l", "l.meeting_id", ids).await
}

async fn by_link(view: &View, table: &str, owner: &str, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    let query = Sql::from(format!(
        "SELECT {owner}, {} FROM {table} JOIN \"group\" g ON g.id = l.group_id WHERE {owner} IN",
        Row::columns("g")
    ))
    .then(Sql::list(ids))
    .and(scope::group(&view.actor, "g"))
    .then(format!("ORDER BY g.sort_key, g.id, {owner}"));
    let mut found = view.rows::<(Uuid, Row)>(query).await?;
    // A group can take part in several sittings of one meeting.
    found.dedup_by(|(owner, row), (before, group)| owner == before && row.id == group.id);
    Ok(found)
}

/// A group, as a verb takes it.
#[derive(Clone, Debug)]
pub struct GroupInput {
    pub slug: Slug,
    pub name: String,
    pub short_name: Option<String>,
    pub kind: GroupKind,
    pub purpose: Option<String>,
    pub parent: Option<Uuid>,
    pub convener: Option<Uuid>,
    pub audience: Audience,
    pub period: Period,
    pub sources: Vec<SourceInput>,
}

const VERBS: Verbs = Verbs { new: "createGroup", changed: "updateGroup", gone: "removeGroup" };

/// Makes a group what it should be.
pub async fn put(writer: &mut Writer, id: Uuid, input: GroupInput) -> Result<Outcome, Error> {
    let mut entry = Entry::new(VERBS, SubjectKind::Group, id);
    write(writer, &mut entry, id, input).await?;
    writer.finish::<entity::group::Model>(entry).await
}

/// The same as part of the verb that the entry is of.
async fn write(writer: &Writer, entry: &mut Entry, id: Uuid, input: GroupInput) -> Result<(), Error> {
    let (valid_from, valid_until, valid_precision) = input.period.columns();
    let row = entity::group::Model {
        id,
        slug: input.slug.into(),
        name: input.name,
        short_name: input.short_name,
        kind: input.kind,
        purpose: input.purpose,
        parent_id: input.parent,
        convener_id: input.convener,
        audience: input.audience,
        sort_key: Vec::new(),
        search_key: String::new(),
        valid_from,
        valid_until,
        valid_precision,
        version: 0,
    };
    settle(writer, entry, row).await?;
    source::put(writer, entry, (SubjectKind::Group, id), input.sources).await
}

/// Gives a group its row, with the keys that follow from its name. What lies in it comes along.
async fn settle(writer: &Writer, entry: &mut Entry, mut row: entity::group::Model) -> Result<(), Error> {
    row.sort_key = sort_key(&[&row.name]);
    row.search_key = filter::name_key(&row.name, row.short_name.as_deref());
    narrow::seats(writer, entry, row.id, row.period()).await?;
    writer.put(entry, row).await
}
