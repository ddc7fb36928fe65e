//! Seats: places in groups.

mod commands;

use async_graphql::InputObject;
use chrono::NaiveDate;
use entity::Dated;
use entity::values::{DateRange, GlobalId, Period, PeriodState, SeatFill, SeatRole, SeatState, SubjectKind};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

pub use commands::{CloseSeatInput, OpenSeatInput, UpdateSeatInput};

use crate::db::{Sql, sql};
use crate::domain::cells::{Select, row};
use crate::domain::filter;
use crate::domain::membership;
use crate::domain::narrow;
use crate::domain::organisation::{self, inside};
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::source::{self, SourceInput};
use crate::domain::view::View;
use crate::domain::write::{Entry, Outcome, Verbs, Writer};
use crate::error::{Error, Rule};
use crate::policy::scope;

row! {
    /// A seat.
    Row {
        id, group_id: Uuid => [group], role: SeatRole, organisation_id: Option<Uuid> => [organisation],
        appointer_id: Option<Uuid> => [appointer], fill: SeatFill, position_id: Option<Uuid> => [position],
        capacity: Option<i32> => [state vacant_since], voting: bool, description: Option<String>, version: i32,
    } dated => [state vacant_since]
    ; needing nothing: members contact_points sources history
}

/// Which seats are wanted; those that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, InputObject)]
pub struct SeatFilter {
    /// Vacant or filled on the day.
    pub state: Option<SeatState>,
    /// Of one of these roles.
    pub roles: Option<Vec<SeatRole>>,
    /// In this group.
    pub group: Option<GlobalId>,
    /// Of this organisation or a unit of it.
    pub organisation: Option<GlobalId>,
    /// That this organisation, or a unit of it, appoints to.
    pub appointer: Option<GlobalId>,
    /// In one of these states on the day. Without it, and without `during`: those that exist.
    pub states: Option<Vec<PeriodState>>,
    /// That existed on some day of this range.
    pub during: Option<DateRange>,
}

const BY_GROUP: &[Key] =
    &[Key::Bytes("g.sort_key"), Key::Id("g.id"), Key::Number("s.role"), Key::Number("s.ordinal"), Key::Id("s.id")];
const IN_GROUP: &[Key] = &[Key::Number("s.role"), Key::Number("s.ordinal"), Key::Id("s.id")];

fn all(view: &View, filter: Sql) -> List {
    List {
        name: "seat by group",
        columns: Select::default().row::<Row>("s", &view.selection),
        main: "s",
        table: "seat s",
        joins: "JOIN \"group\" g ON g.id = s.group_id".into(),
        filter: filter.and(scope::group(&view.actor, "g")),
        keys: BY_GROUP,
        descending: false,
        veiled: None,
    }
}

fn wanted(view: &View, filter: &SeatFilter) -> Sql {
    filter::period(view, "s", filter.states.as_deref(), filter.during)
        .and_some(filter.state, |state| in_state(view, state))
        .and_some(filter.roles.as_deref(), |roles| of_roles("s", roles))
        .and_some(filter.group, |id| sql!("s.group_id = ?", id.of(SubjectKind::Group)))
        .and_some(filter.organisation, |id| {
            filter::found("seat", "s", inside("f.organisation_id", sql!("?", id.of(SubjectKind::Organisation))))
        })
        .and_some(filter.appointer, |id| {
            filter::found("seat", "s", inside("f.appointer_id", sql!("?", id.of(SubjectKind::Organisation))))
        })
}

/// Seats, under the alias, of one of these roles.
pub fn of_roles(of: &str, roles: &[SeatRole]) -> Sql {
    Sql::from(format!("{of}.role IN")).then(Sql::terms(roles.iter().copied()))
}

/// How many seats are found first, and what hangs on them sorted, at most. Of more, a page is soon full in the order of a list.
const FEW: i64 = 2_000;

/// In a list of all: the seats of these roles, found first, if they are few. SQLite, which keeps no statistics, would look for a role that
/// hardly any seat has along the whole list.
pub async fn found_if_few(view: &View, roles: Option<&[SeatRole]>) -> Result<Sql, Error> {
    let Some(roles) = roles else { return Ok(Sql::default()) };
    let found = Sql::from("SELECT 1 FROM seat f WHERE").then(of_roles("f", roles)).then(format!("LIMIT {FEW}"));
    let counted = view.app.db.query(Sql::from("SELECT count(*) FROM (").then(found).then(") found")).await?;
    let count: i64 = counted.first().map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(if count < FEW { filter::found("seat", "s", of_roles("f", roles)) } else { Sql::default() })
}

/// A seat is vacant while fewer people than its capacity sit on it; an unbounded one while nobody does. Only people whom the asker
/// may see count.
fn in_state(view: &View, state: SeatState) -> Sql {
    let compare = if state == SeatState::Vacant { "<" } else { ">=" };
    Sql::from("(SELECT count(*) FROM membership sm JOIN person sh ON sh.id = sm.person_id WHERE sm.seat_id = s.id")
        .and(view.current("sm"))
        .and(scope::person_in_place(&view.actor, "sh"))
        .then(format!(") {compare} COALESCE(s.capacity, 1)"))
}

/// The seats with these ids that the asker may see.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    all(&view, Sql::from("s.id IN").then(Sql::list(ids))).all(&view, "").await
}

/// The same list, read in the order of the groups: SQLite joins in the order of writing where the join is a cross join.
fn group_by_group(list: List) -> List {
    let filter = Sql::from("s.group_id = g.id").and(list.filter);
    List { table: "\"group\" g CROSS JOIN seat s", joins: Sql::default(), filter, ..list }
}

/// A page of the seats that fit: in a list of all, few are found first and sorted, and many met group by group.
pub async fn list(view: &View, filter: &SeatFilter, page: &Page) -> Result<Slice<Row>, Error> {
    let narrower = filter.group.or(filter.organisation).or(filter.appointer).is_some();
    let few = if narrower { Sql::default() } else { found_if_few(view, filter.roles.as_deref()).await? };
    let by_group = !narrower && few.is_empty();
    let list = all(view, wanted(view, filter).and(few));
    let list = if by_group { group_by_group(list) } else { list };
    list.page(view, page).await
}

/// The seats of each group, by role.
pub async fn of_groups(
    view: View,
    ids: Vec<Uuid>,
    filter: Option<SeatFilter>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let filter = filter.unwrap_or_default();
    let list = List { name: "seat in group", keys: IN_GROUP, ..all(&view, wanted(&view, &filter)) };
    list.pages(&view, &Parent::new("\"group\"", "s.group_id = parent.id"), &ids, &page).await
}

/// The seats that each position fills.
pub async fn of_positions(view: View, ids: Vec<Uuid>, page: Page) -> Result<Vec<Slice<Row>>, Error> {
    let parent = Parent::new("position", "s.position_id = parent.id");
    all(&view, view.current("s")).pages(&view, &parent, &ids, &page).await
}

/// The vacant seats of each organisation and its units.
pub async fn vacant_of_organisations(view: View, ids: Vec<Uuid>, page: Page) -> Result<Vec<Slice<Row>>, Error> {
    let parent = Parent::new("organisation", filter::found("seat", "s", inside("f.organisation_id", "parent.id")));
    let vacant = view.current("s").and(in_state(&view, SeatState::Vacant));
    all(&view, vacant).pages(&view, &parent, &ids, &page).await
}

/// When each seat has been sat on, by people whom the asker may see, in order of time.
pub async fn occupied(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Occupied)>, Error> {
    let query = Sql::from(format!(
        "SELECT {} FROM membership m JOIN person h ON h.id = m.person_id WHERE m.seat_id IN",
        Occupied::columns("m")
    ))
    .then(Sql::list(ids))
    .and(scope::person_in_place(&view.actor, "h"))
    .then("ORDER BY m.valid_from, m.id");
    Ok(view.rows::<Occupied>(query).await?.into_iter().map(|row| (row.seat_id, row)).collect())
}

row! {
    /// A membership, for counting who sat when.
    Occupied { id, seat_id: Uuid } dated
}

impl Row {
    /// Whether there is room on the seat on a day.
    pub fn state(&self, occupied: &[Period], on: NaiveDate) -> SeatState {
        if self.has_room(occupied, on) { SeatState::Vacant } else { SeatState::Filled }
    }

    fn has_room(&self, occupied: &[Period], on: NaiveDate) -> bool {
        let sitting = occupied.iter().filter(|period| period.state(on) == PeriodState::Current).count();
        i64::try_from(sitting).unwrap_or(i64::MAX) < i64::from(self.capacity.unwrap_or(1))
    }

    /// The first day of the unbroken time up to a day in which there has been room on the seat; `None` when there is none, or when
    /// the seat has been vacant since a beginning that nobody knows.
    pub fn vacant_since(&self, occupied: &[Period], on: NaiveDate) -> Option<NaiveDate> {
        if !self.has_room(occupied, on) || self.period.state(on) != PeriodState::Current {
            return None;
        }
        // Only where somebody begins can a seat become full, and only where somebody ends can room come back.
        let begun = occupied.iter().map(|period| period.columns().0).filter(|day| *day <= on);
        match begun.filter(|day| !self.has_room(occupied, *day)).max() {
            None => self.period.from().map(|date| date.0),
            Some(full) => {
                let ended = occupied.iter().map(|period| period.columns().1);
                ended.filter(|day| *day > full && self.has_room(occupied, *day)).min()
            }
        }
    }
}

/// A seat, as a verb takes it.
#[derive(Clone, Debug)]
pub struct SeatInput {
    pub group: Uuid,
    pub role: SeatRole,
    pub organisation: Option<Uuid>,
    /// The seat's own organisation when absent.
    pub appointer: Option<Uuid>,
    pub fill: SeatFill,
    pub position: Option<Uuid>,
    pub capacity: Option<i32>,
    pub voting: bool,
    pub description: Option<String>,
    pub ordinal: i32,
    /// An open bound is that of the group and of the organisation.
    pub period: Period,
    pub sources: Vec<SourceInput>,
}

const VERBS: Verbs = Verbs { new: "openSeat", changed: "updateSeat", gone: "removeSeat" };

/// Makes a seat what it should be. Whoever holds the position of an ex-officio seat comes to sit on it in the same step.
pub async fn put(writer: &mut Writer, id: Uuid, input: SeatInput) -> Result<Outcome, Error> {
    let mut entry = Entry::new(VERBS, SubjectKind::Seat, id);
    write(writer, &mut entry, id, input).await?;
    writer.finish::<entity::seat::Model>(entry).await
}

/// The same as part of the verb that the entry is of.
pub(super) async fn write(writer: &Writer, entry: &mut Entry, id: Uuid, input: SeatInput) -> Result<(), Error> {
    let period = placed(writer, input.group, input.organisation, input.period).await?;
    let (valid_from, valid_until, valid_precision) = period.columns();
    let row = entity::seat::Model {
        id,
        group_id: input.group,
        role: input.role,
        organisation_id: input.organisation,
        appointer_id: input.appointer.or(input.organisation),
        fill: input.fill,
        position_id: input.position,
        capacity: input.capacity,
        voting: input.voting,
        description: input.description,
        ordinal: input.ordinal,
        valid_from,
        valid_until,
        valid_precision,
        version: 0,
    };
    settle(writer, entry, row).await?;
    source::put(writer, entry, (SubjectKind::Seat, id), input.sources).await
}

/// The period with open bounds taken from the group and the organisation. Where one of them is over, or has not begun, nothing is left.
async fn placed(writer: &Writer, group: Uuid, organisation: Option<Uuid>, period: Period) -> Result<Period, Error> {
    let group: entity::group::Model = writer.find(group).await?.ok_or(Error::NotFound)?;
    if period.intersection(group.period()).is_none() {
        return Err(Error::conflict_on(Rule::SeatOutsideGroup, SubjectKind::Group, group.id));
    }
    let outer = organisation::lasting(writer, organisation, group.period()).await?;
    match organisation {
        Some(id) if period.intersection(outer).is_none() => {
            Err(Error::conflict_on(Rule::SeatOutsideOrganisation, SubjectKind::Organisation, id))
        }
        _ => Ok(period.within(outer)),
    }
}

/// Gives a seat its row. Who sits there comes along, and follows the position if there is one.
async fn settle(writer: &Writer, entry: &mut Entry, row: entity::seat::Model) -> Result<(), Error> {
    let was: Option<entity::seat::Model> = writer.find(row.id).await?;
    let followed = was.and_then(|seat| seat.position_id).filter(|position| Some(*position) != row.position_id);
    let positions: Vec<Uuid> = followed.into_iter().chain(row.position_id).collect();
    narrow::memberships(writer, entry, row.id, row.period()).await?;
    writer.put(entry, row).await?;
    // Who sat there by another position leaves first.
    for position in positions {
        let position = writer.find(position).await?.ok_or(Error::NotFound)?;
        membership::follow(writer, entry, &position).await?;
    }
    Ok(())
}

/// The place after the last seat of a role in a group.
pub(super) async fn next_ordinal(writer: &Writer, group: Uuid, role: SeatRole) -> Result<i32, Error> {
    let seats = entity::seat::Entity::find()
        .filter(entity::seat::Column::GroupId.eq(group))
        .filter(entity::seat::Column::Role.eq(role))
        .order_by_desc(entity::seat::Column::Ordinal);
    Ok(seats.one(writer.db()).await?.map_or(1, |last| last.ordinal.saturating_add(1)))
}
