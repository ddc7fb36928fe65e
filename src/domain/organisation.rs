//! Organisations and their units.

mod belongings;
mod closing;
mod commands;
mod merge;
mod naming;

use async_graphql::{InputObject, OneofObject};
use entity::values::{
    DateRange, GlobalId, MunicipalityCode, OrganisationKind, OrganisationNumber, Period, PeriodState, SeatRole, Slug,
    SubjectKind,
};
use entity::{Dated, organisation_name};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::{Chosen, Columns, Select, row};
use crate::domain::filter;
use crate::domain::narrow;
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::selection::Selection;
use crate::domain::source::{self, SourceInput};
use crate::domain::view::View;
use crate::domain::write::{Entry, Outcome, Verbs, Writer};
use crate::error::Error;
use crate::policy::scope::below;

pub use closing::CloseOrganisationInput;
pub use commands::{CreateOrganisationInput, UpdateOrganisationInput};
pub use merge::{MergeOrganisationsInput, MergedInput};
pub use naming::RenameOrganisationInput;

row! {
    /// An organisation with the name that it has on the day of the view, as [`name_on`] joins it.
    Row {
        id, slug: String => [calendar_url], name: String as "_name", short_name: Option<String> as "_name", kind: OrganisationKind,
        organisation_number: Option<String>, municipality_code: Option<String>, parent_id: Option<Uuid> => [parent],
        successor_id: Option<Uuid> => [successor], version: i32,
    } dated => [names]
    ; needing nothing: predecessors relations contact_points sources units positions people representation vacant_seats figures history
}

row! {
    /// A name that an organisation has, or had.
    Name { id, organisation_id: Uuid, name: String, short_name: Option<String> } dated
}

/// Joins an organisation, where there is one, with its name on the day.
fn join(view: &View, of: &str, on: &str) -> Sql {
    Sql::from(format!("LEFT JOIN organisation {of} ON {on}")).then("LEFT").then(name_on(view, of))
}

/// The columns of the organisation that a column names, if there is one, and the join that they need. Where no more than a name is
/// wanted there is none: the name is looked up for the rows that are shown, not for all that are sorted.
pub fn part(view: &View, of: &str, key: &str, wanted: &Selection) -> (Select, Sql) {
    if !wanted.is_among(&[Row::NOTHING, &["name", "short_name"]]) {
        return (Select::default().row::<Row>(of, wanted), join(view, of, &format!("{of}.id = {key}")));
    }
    let named = |column: &str| {
        let name = format!("(SELECT n.{column} FROM organisation_name n WHERE n.organisation_id = {key}");
        Sql::from(name).and(view.current("n")).then(")")
    };
    let columns = Select::default()
        .column(true, key)
        .column(false, "")
        .column(wanted.wants("name"), named("name"))
        .column(wanted.wants("short_name"), named("short_name"));
    (columns.without(Row::WIDTH - 4), Sql::default())
}

/// Joins the name that an organisation has on the day. Its names cover all time, so there is exactly one.
fn name_on(view: &View, of: &str) -> Sql {
    sql!(
        format!(
            "JOIN organisation_name {of}_name ON {of}_name.organisation_id = {of}.id
             AND {of}_name.valid_from <= ? AND {of}_name.valid_until > ?"
        ),
        view.on(),
        view.on()
    )
}

/// Names one organisation.
#[derive(Clone, Debug, OneofObject)]
pub enum OrganisationBy {
    /// Its id.
    Id(GlobalId),
    /// Its slug, such as `bracke`.
    Slug(String),
    /// Its organisation number, `NNNNNN-NNNN` or ten digits. Of several that had it one after the other, the one that has it on the day.
    OrganisationNumber(String),
    /// Its municipality code in SCB's list, four digits.
    MunicipalityCode(String),
}

/// Which organisations are wanted; those that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, InputObject)]
pub struct OrganisationFilter {
    /// Of one of these kinds.
    pub kinds: Option<Vec<OrganisationKind>>,
    /// Units directly inside this organisation.
    pub parent: Option<GlobalId>,
    /// Whose name or short name contains this; case, accents, å, ä and ö are folded.
    pub text: Option<String>,
    /// In one of these states on the day. Without it, and without `during`: those that exist.
    pub states: Option<Vec<PeriodState>>,
    /// That existed on some day of this range.
    pub during: Option<DateRange>,
}

const BY_NAME: &[Key] = &[Key::Bytes("o_name.sort_key"), Key::Id("o.id")];

fn all(view: &View, filter: Sql) -> List {
    List {
        name: "organisation by name",
        columns: Select::default().row::<Row>("o", &view.selection),
        main: "o",
        table: "organisation o",
        joins: name_on(view, "o"),
        filter,
        keys: BY_NAME,
        descending: false,
        veiled: None,
    }
}

fn wanted(view: &View, filter: &OrganisationFilter, kind: &str) -> Sql {
    filter::period(view, "o", filter.states.as_deref(), filter.during)
        .and_some(filter.kinds.as_ref(), |kinds| {
            Sql::from(format!("{kind} IN")).then(Sql::terms(kinds.iter().copied()))
        })
        .and_some(filter.parent, |parent| sql!("o.parent_id = ?", parent.of(SubjectKind::Organisation)))
}

async fn select(view: &View, condition: Sql) -> Result<Vec<Row>, Error> {
    all(view, condition).all(view, "").await
}

/// The organisations with these ids.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    select(&view, Sql::from("o.id IN").then(Sql::list(ids))).await
}

/// One organisation.
pub async fn find(view: &View, by: OrganisationBy) -> Result<Option<Row>, Error> {
    let condition = match by {
        OrganisationBy::Id(id) => sql!("o.id = ?", id.of(SubjectKind::Organisation)),
        OrganisationBy::Slug(slug) => sql!("o.slug = ?", slug),
        OrganisationBy::OrganisationNumber(number) => match OrganisationNumber::parse(&number) {
            Ok(number) => sql!("o.organisation_number = ?", number.digits()),
            Err(_) => return Ok(None),
        },
        OrganisationBy::MunicipalityCode(code) => sql!("o.municipality_code = ?", code),
    };
    // Of several that had a number one after the other: the one of the day, else the latest.
    let latest =
        sql!("ORDER BY CASE WHEN o.valid_from <= ? AND o.valid_until > ? THEN 0 ELSE 1 END", view.on(), view.on());
    Ok(select(view, condition.then(latest).then(", o.valid_from DESC, o.id LIMIT 1")).await?.pop())
}

/// A page of the organisations that fit.
pub async fn list(
    view: &View,
    filter: &OrganisationFilter,
    descending: bool,
    page: &Page,
) -> Result<Slice<Row>, Error> {
    let text = |text: &String| filter::text(view, "organisation_name", "o_name", text);
    let wanted = wanted(view, filter, "o.kind").and_some(filter.text.as_ref(), text);
    List { descending, ..all(view, wanted) }.page(view, page).await
}

/// The units directly inside each organisation.
pub async fn units(
    view: View,
    ids: Vec<Uuid>,
    filter: Option<OrganisationFilter>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let filter = filter.unwrap_or_default();
    let parent = Parent::new("organisation", "o.parent_id = parent.id");
    let text = |text: &String| filter::text_among_few("o_name.search_key", text);
    let wanted = wanted(&view, &filter, &filter::looked_at("o.kind")).and_some(filter.text.as_ref(), text);
    all(&view, wanted).pages(&view, &parent, &ids, &page).await
}

/// The organisations whose seats of these roles each group has on the day; without roles, those that are members of it: of its
/// chairs and ordinary members.
pub async fn of_groups(
    view: View,
    ids: Vec<Uuid>,
    roles: Option<Vec<SeatRole>>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let roles = roles.unwrap_or_else(|| vec![SeatRole::Chair, SeatRole::ViceChair, SeatRole::Member]);
    let seats = Sql::from("SELECT gs.organisation_id FROM seat gs WHERE gs.group_id = parent.id AND")
        .then(view.current("gs"))
        .then("AND gs.role IN")
        .then(Sql::terms(roles));
    let parent = Parent::new("\"group\"", Sql::among("o.id", seats));
    all(&view, Sql::default()).pages(&view, &parent, &ids, &page).await
}

/// The organisations that each organisation took over from.
pub async fn predecessors(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    let found =
        select(&view, Sql::from("o.successor_id IN").then(Sql::list(ids)).then("ORDER BY o_name.sort_key, o.id"))
            .await?;
    Ok(found.into_iter().filter_map(|row| Some((row.successor_id?, row))).collect())
}

/// The organisations that a table `l` links to each owner, by name.
pub async fn by_link(view: &View, table: &str, owner: &str, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    let columns = Select::default().column(true, owner).row::<Row>("o", &view.selection);
    let linked = Sql::from(format!("FROM {table} JOIN organisation o ON o.id = l.organisation_id"))
        .then(name_on(view, "o"))
        .then(format!("WHERE {owner} IN"))
        .then(Sql::list(ids))
        .then("ORDER BY o_name.sort_key, o.id");
    view.select(&columns, linked).await
}

/// All names of each organisation, in order of time.
pub async fn names(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Name)>, Error> {
    let query = Sql::from(format!("SELECT {} FROM organisation_name n WHERE n.organisation_id IN", Name::columns("n")))
        .then(Sql::list(ids))
        .then("ORDER BY n.valid_from");
    Ok(view.rows::<Name>(query).await?.into_iter().map(|name| (name.organisation_id, name)).collect())
}

/// The condition that a column names the organisation `root` or a unit inside it, however deep.
pub fn inside(column: &str, root: impl Into<Sql>) -> Sql {
    Sql::from(format!("{column} IN (")).then(below("organisation", Sql::from("SELECT").then(root))).then(")")
}

/// The same of one organisation, whatever the row: they are found once, and PostgreSQL takes them for few.
pub fn inside_one(column: &str, root: Uuid) -> Sql {
    Sql::among(column, below("organisation", sql!("SELECT ?", root)))
}

/// An organisation, as a verb takes it.
#[derive(Clone, Debug)]
pub struct OrganisationInput {
    pub slug: Slug,
    pub kind: OrganisationKind,
    /// In order of time; at least one.
    pub names: Vec<NameInput>,
    pub organisation_number: Option<OrganisationNumber>,
    pub municipality_code: Option<MunicipalityCode>,
    pub parent: Option<Uuid>,
    pub successor: Option<Uuid>,
    pub period: Period,
    pub sources: Vec<SourceInput>,
}

/// A name of an organisation, as a verb takes it.
#[derive(Clone, Debug)]
pub struct NameInput {
    pub name: String,
    pub short_name: Option<String>,
    pub period: Period,
}

const VERBS: Verbs = Verbs { new: "createOrganisation", changed: "updateOrganisation", gone: "removeOrganisation" };

/// The part of a period in which an organisation exists: what belongs to it cannot last longer.
pub async fn lasting(writer: &Writer, id: Option<Uuid>, period: Period) -> Result<Period, Error> {
    let Some(id) = id else { return Ok(period) };
    let organisation: entity::organisation::Model = writer.find(id).await?.ok_or(Error::NotFound)?;
    // Without a common day whatever is put there breaks a rule, which says more than we could here.
    Ok(organisation.period().intersection(period).unwrap_or(period))
}

/// Makes an organisation what it should be.
pub async fn put(writer: &mut Writer, id: Uuid, input: OrganisationInput) -> Result<Outcome, Error> {
    let mut entry = Entry::new(VERBS, SubjectKind::Organisation, id);
    write(writer, &mut entry, id, input).await?;
    writer.finish::<entity::organisation::Model>(entry).await
}

/// The same as part of the verb that the entry is of.
async fn write(writer: &Writer, entry: &mut Entry, id: Uuid, input: OrganisationInput) -> Result<(), Error> {
    let names = naming::of_all_time(id, &input.names)?;
    let (valid_from, valid_until, valid_precision) = input.period.columns();
    let row = entity::organisation::Model {
        id,
        slug: input.slug.into(),
        kind: input.kind,
        organisation_number: input.organisation_number.map(|number| number.digits().to_owned()),
        municipality_code: input.municipality_code.map(Into::into),
        parent_id: input.parent,
        successor_id: input.successor,
        valid_from,
        valid_until,
        valid_precision,
        version: 0,
    };
    narrow::organisation(writer, entry, id, input.period).await?;
    writer.put(entry, row).await?;
    let were = organisation_name::Entity::find().filter(organisation_name::Column::OrganisationId.eq(id));
    let were = were.all(writer.db()).await?;
    // Names that move on are put last to first, so that none begins on a day on which the next still does.
    let moves_on =
        |name: &organisation_name::Model| were.iter().any(|was| was.id == name.id && was.valid_from < name.valid_from);
    let (on, mut names): (Vec<_>, Vec<_>) = names.into_iter().partition(moves_on);
    names.extend(on.into_iter().rev());
    writer.replace(entry, were, names).await?;
    source::put(writer, entry, (SubjectKind::Organisation, id), input.sources).await
}
