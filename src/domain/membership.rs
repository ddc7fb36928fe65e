//! Memberships: who sits on which seat, on whose behalf, when.

mod commands;
mod following;

use async_graphql::InputObject;
use entity::Dated;
use entity::values::{Date, DateRange, GlobalId, Period, PeriodState, SeatRole, SubjectKind};
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::{Cells, Columns, Identified, Select, row};
use crate::domain::filter;
use crate::domain::narrow;
use crate::domain::organisation::{self, inside};
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::selection::{Field, Selection};
use crate::domain::source::{self, SourceInput};
use crate::domain::view::View;
use crate::domain::write::{Entry, Outcome, Verbs, Writer};
use crate::domain::{group, person, seat};
use crate::error::{Error, Rule};
use crate::policy::scope;

pub use commands::{AddMemberInput, ChangeMembershipInput, EndMembershipInput, ReplaceMemberInput};
pub use following::follow;
pub(super) use following::held_through;

row! {
    /// A membership, alone.
    Bare {
        id, seat_id: Uuid => [contact_points], person_id: Uuid => [contact_points],
        on_behalf_of_id: Option<Uuid> => [contact_points], decision_body: Option<String> => [decision],
        decision_date: Option<chrono::NaiveDate> => [decision], decision_reference: Option<String> => [decision],
        end_reason: Option<String>, replaces_id: Option<Uuid> => [replaces], version: i32,
    } dated
    ; needing nothing: person group seat role on_behalf_of substitutions replaced_by sources history
}

/// A membership with its seat; and with its person, its group and the organisation that the person sits for, if they are wanted.
#[derive(Clone, Debug)]
pub struct Row {
    pub membership: Bare,
    pub seat: seat::Row,
    pub person: Option<person::Row>,
    pub on_behalf_of: Option<organisation::Row>,
    pub group: Option<group::Row>,
}

impl Columns for Row {
    const WIDTH: usize =
        Bare::WIDTH + seat::Row::WIDTH + person::Row::WIDTH + organisation::Row::WIDTH + group::Row::WIDTH;

    fn read(cells: &mut Cells<'_>) -> Result<Self, sea_orm::DbErr> {
        Ok(Self {
            membership: Bare::read(cells)?,
            seat: seat::Row::read(cells)?,
            person: Columns::read(cells)?,
            on_behalf_of: Columns::read(cells)?,
            group: Columns::read(cells)?,
        })
    }
}

impl Identified for Row {
    fn id(&self) -> Uuid {
        self.membership.id
    }
}

/// Which memberships are wanted; those that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, InputObject)]
pub struct MembershipFilter {
    /// In this group.
    pub group: Option<GlobalId>,
    /// Of this person.
    pub person: Option<GlobalId>,
    /// On a seat of this organisation or on behalf of it; units of it included.
    pub organisation: Option<GlobalId>,
    /// On a seat of one of these roles.
    pub roles: Option<Vec<SeatRole>>,
    /// Whose last day is before this day.
    pub ending_before: Option<Date>,
    /// In one of these states on the day. Without it, and without `during`: those that hold; in `Person.memberships` all.
    pub states: Option<Vec<PeriodState>>,
    /// That held on some day of this range.
    pub during: Option<DateRange>,
}

/// Which members of a group are wanted; those that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, InputObject)]
pub struct MemberFilter {
    /// On a seat of one of these roles.
    pub roles: Option<Vec<SeatRole>>,
    /// On a seat of this organisation or on behalf of it; units of it included.
    pub organisation: Option<GlobalId>,
    /// With the right to vote (`true`) or without (`false`).
    pub voting: Option<bool>,
    /// In one of these states on the day. Without it, and without `during`: those who sit.
    pub states: Option<Vec<PeriodState>>,
    /// Who sat on some day of this range.
    pub during: Option<DateRange>,
}

const BY_ROLE: &[Key] = &[Key::Number("s.role"), Key::Bytes("h.sort_key"), Key::Id("m.id")];
const BY_END: &[Key] = &[Key::Date("m.valid_until"), Key::Id("m.id")];
const BY_START: &[Key] = &[Key::Date("m.valid_from"), Key::Id("m.id")];
const BY_GROUP: &[Key] =
    &[Key::Bytes("g.sort_key"), Key::Id("g.id"), Key::Number("s.role"), Key::Bytes("h.sort_key"), Key::Id("m.id")];

fn all(view: &View, filter: Sql) -> List {
    let wanted = &view.selection;
    let (organisation, join) = match wanted.wants("on_behalf_of") {
        true => organisation::part(view, "o", "m.on_behalf_of_id", &wanted.of("on_behalf_of")),
        false => (Select::default().without(organisation::Row::WIDTH), Sql::default()),
    };
    let joins = Sql::from(
        "JOIN seat s ON s.id = m.seat_id JOIN \"group\" g ON g.id = s.group_id JOIN person h ON h.id = m.person_id",
    );
    List {
        name: "membership by role",
        columns: Select::default()
            .row::<Bare>("m", wanted)
            .row::<seat::Row>("s", &of_seat(wanted))
            .row_if::<person::Row>(wanted.wants("person"), "h", &wanted.of("person"))
            .followed_by(&organisation)
            .row_if::<group::Row>(wanted.wants("group"), "g", &wanted.of("group")),
        main: "m",
        table: "membership m",
        joins: joins.then(join),
        filter: filter.and(scope::group(&view.actor, "g")).and(scope::person_in_place(&view.actor, "h")),
        keys: BY_ROLE,
        descending: false,
        veiled: None,
    }
}

/// What is needed of the seat: its role for the member's own, and where to look for how to reach the member.
fn of_seat(wanted: &Selection) -> Selection {
    if wanted.wants("seat") {
        return Selection::default();
    }
    let needed = [("role", "role"), ("contact_points", "position")];
    let fields = needed.into_iter().filter(|(of_member, _)| wanted.wants(of_member)).map(|(_, of_seat)| of_seat);
    Selection::of_fields(fields.map(|name| Field { name: name.to_owned(), of: Selection::default() }).collect())
}

fn for_organisation(organisation: impl Into<Sql> + Clone) -> Sql {
    Sql::from("(")
        .then(inside("s.organisation_id", organisation.clone()))
        .then("OR")
        .then(inside("m.on_behalf_of_id", organisation))
        .then(")")
}

/// The same, found by the organisation: for lists that hold more than a group's members.
fn found_for_organisation(organisation: impl Into<Sql> + Clone) -> Sql {
    let seated = Sql::from("SELECT fm.id FROM seat fs JOIN membership fm ON fm.seat_id = fs.id WHERE")
        .then(inside("fs.organisation_id", organisation.clone()));
    let sent = Sql::from("SELECT fm.id FROM membership fm WHERE").then(inside("fm.on_behalf_of_id", organisation));
    Sql::among("m.id", seated.then("UNION").then(sent))
}

/// On a seat of one of these roles, where something else finds fewer: SQLite would start from all seats that have the role.
fn roles(roles: &[SeatRole]) -> Sql {
    seat::of_roles("s", roles).looked_at()
}

fn wanted(filter: &MembershipFilter) -> Sql {
    Sql::default()
        .and_some(filter.group, |id| sql!("s.group_id = ?", id.of(SubjectKind::Group)))
        .and_some(filter.person, |id| sql!("m.person_id = ?", id.of(SubjectKind::Person)))
        .and_some(filter.organisation, |id| found_for_organisation(sql!("?", id.of(SubjectKind::Organisation))))
        .and_some(filter.roles.as_deref(), roles)
        .and_some(filter.ending_before, |day| sql!("m.valid_until <= ?", day.0))
}

fn members(view: &View, filter: &MemberFilter) -> Sql {
    filter::period(view, "m", filter.states.as_deref(), filter.during)
        .and_some(filter.roles.as_deref(), roles)
        .and_some(filter.organisation, |id| for_organisation(sql!("?", id.of(SubjectKind::Organisation))))
        .and_some(filter.voting, |voting| sql!("s.voting = ?", voting))
}

async fn select(view: &View, condition: Sql) -> Result<Vec<Row>, Error> {
    all(view, condition).all(view, "ORDER BY s.role, h.sort_key, m.id").await
}

/// The memberships with these ids that the asker may see.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    select(&view, Sql::from("m.id IN").then(Sql::list(ids))).await
}

/// A page of the memberships that fit, those that end first before the others.
pub async fn list(view: &View, filter: &MembershipFilter, page: &Page) -> Result<Slice<Row>, Error> {
    let held = filter::period(view, "m", filter.states.as_deref(), filter.during);
    let to_come = filter::to_come(view, "membership", "m", filter.states.as_deref());
    let narrower = filter.group.or(filter.person).or(filter.organisation).is_some();
    let few = if narrower { Sql::default() } else { seat::found_if_few(view, filter.roles.as_deref()).await? };
    let wanted = held.and(to_come).and(few).and(wanted(filter));
    List { name: "membership by end", keys: BY_END, ..all(view, wanted) }.page(view, page).await
}

/// The members of each group, by role and name.
pub async fn of_groups(
    view: View,
    ids: Vec<Uuid>,
    filter: Option<MemberFilter>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let filter = filter.unwrap_or_default();
    let parent = Parent::new("\"group\"", "s.group_id = parent.id");
    all(&view, members(&view, &filter)).pages(&view, &parent, &ids, &page).await
}

/// Who sits on each seat on the day.
pub async fn of_seats(
    view: View,
    ids: Vec<Uuid>,
    filter: Option<MemberFilter>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let filter = filter.unwrap_or_default();
    all(&view, members(&view, &filter)).pages(&view, &Parent::new("seat", "m.seat_id = parent.id"), &ids, &page).await
}

/// The memberships of each person, the latest first; all of them unless the filter says otherwise.
pub async fn of_people(
    view: View,
    ids: Vec<Uuid>,
    filter: Option<MembershipFilter>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let filter = filter.unwrap_or_default();
    let held = match (&filter.states, filter.during) {
        (None, None) => Sql::default(),
        (states, during) => filter::period(&view, "m", states.as_deref(), during),
    };
    let list = all(&view, held.and(wanted(&filter)));
    let list = List { name: "membership by start", keys: BY_START, descending: true, ..list };
    list.pages(&view, &Parent::new("person", "m.person_id = parent.id"), &ids, &page).await
}

/// Who sits where for each organisation and its units, by group.
pub async fn representing(
    view: View,
    ids: Vec<Uuid>,
    filter: Option<MemberFilter>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let filter = filter.unwrap_or_default();
    let list = List { name: "membership by group", keys: BY_GROUP, ..all(&view, members(&view, &filter)) };
    list.pages(&view, &Parent::new("organisation", found_for_organisation("parent.id")), &ids, &page).await
}

/// Those who sit on seats of these roles in each group on the day, in the order of the roles.
pub async fn in_roles(view: View, groups: Vec<Uuid>, wanted: &[SeatRole]) -> Result<Vec<(Uuid, Row)>, Error> {
    let condition = Sql::from("s.group_id IN").then(Sql::list(groups)).and(roles(wanted)).and(view.current("m"));
    let mut found = select(&view, condition).await?;
    found.sort_by_key(|row| wanted.iter().position(|role| *role == row.seat.role));
    Ok(found.into_iter().map(|row| (row.seat.group_id, row)).collect())
}

/// All who sit in a group on the day, by role and name.
pub async fn sitting_in(view: View, group: Uuid) -> Result<Vec<Row>, Error> {
    select(&view, sql!("s.group_id = ?", group).and(view.current("m"))).await
}

/// Where people sit on the day, by group and role.
pub async fn held_by(view: View, people: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    let held = all(&view, Sql::from("m.person_id IN").then(Sql::list(people)).and(view.current("m")));
    held.all(&view, "ORDER BY g.sort_key, g.id, s.role, m.id").await
}

/// The memberships that took over from each.
pub async fn replacing(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    let found = select(&view, Sql::from("m.replaces_id IN").then(Sql::list(ids))).await?;
    Ok(found.into_iter().filter_map(|row| Some((row.membership.replaces_id?, row))).collect())
}

/// A membership, as a verb takes it.
#[derive(Clone, Debug)]
pub struct MembershipInput {
    pub seat: Uuid,
    pub person: Uuid,
    /// The seat's organisation when absent.
    pub on_behalf_of: Option<Uuid>,
    /// An open bound is that of the seat and of the organisation.
    pub period: Period,
    pub decision: Decision,
    pub end_reason: Option<String>,
    pub replaces: Option<Uuid>,
    pub sources: Vec<SourceInput>,
}

/// By which decision a membership came about.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    pub body: Option<String>,
    pub date: Option<chrono::NaiveDate>,
    pub reference: Option<String>,
}

const VERBS: Verbs = Verbs { new: "addMember", changed: "changeMembership", gone: "removeMembership" };

/// Takes from a membership the days that it should no longer have, if others are to have them first.
pub async fn narrow(
    writer: &mut Writer,
    id: Uuid,
    input: &MembershipInput,
    others: &[Period],
) -> Result<Outcome, Error> {
    let mut entry = Entry::new(VERBS, SubjectKind::Membership, id);
    let seat: Option<entity::seat::Model> = writer.find(input.seat).await?;
    if let (Some(was), Some(seat)) = (writer.find::<entity::membership::Model>(id).await?, seat)
        && let Some(both) = was.period().intersection(input.period.within(seat.period()))
        && narrow::stands_in_the_way(was.period(), both, others)
    {
        narrow::membership(writer, &mut entry, was, both).await?;
    }
    Ok(writer.record(entry))
}

/// Makes a membership what it should be.
pub async fn put(writer: &mut Writer, id: Uuid, input: MembershipInput) -> Result<Outcome, Error> {
    let mut entry = Entry::new(VERBS, SubjectKind::Membership, id);
    let seat = writer.find::<entity::seat::Model>(input.seat).await?.ok_or(Error::NotFound)?;
    write(writer, &mut entry, id, &seat, input).await?;
    writer.finish::<entity::membership::Model>(entry).await
}

/// The same as part of the verb that the entry is of.
async fn write(
    writer: &Writer,
    entry: &mut Entry,
    id: Uuid,
    seat: &entity::seat::Model,
    input: MembershipInput,
) -> Result<(), Error> {
    if let Some(position) = seat.position_id {
        return Err(Error::conflict_on(Rule::SeatGoesWithPosition, SubjectKind::Position, position));
    }
    // Whoever names no end would get one before the beginning, which says nothing of the seat.
    if input.period.intersection(seat.period()).is_none() {
        return Err(Error::conflict_on(Rule::MembershipOutsideSeat, SubjectKind::Seat, seat.id));
    }
    let on_behalf_of = input.on_behalf_of.or(seat.organisation_id);
    let outer = organisation::lasting(writer, on_behalf_of, seat.period()).await?;
    let (valid_from, valid_until, valid_precision) = input.period.within(outer).columns();
    let row = entity::membership::Model {
        id,
        seat_id: input.seat,
        person_id: input.person,
        on_behalf_of_id: on_behalf_of,
        decision_body: input.decision.body,
        decision_date: input.decision.date,
        decision_reference: input.decision.reference,
        end_reason: input.end_reason,
        replaces_id: input.replaces,
        tenure_id: None,
        valid_from,
        valid_until,
        valid_precision,
        version: 0,
    };
    narrow::substitutions(writer, entry, id, row.period()).await?;
    writer.put(entry, row).await?;
    source::put(writer, entry, (SubjectKind::Membership, id), input.sources).await
}
