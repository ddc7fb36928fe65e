//! Events: courses, conferences and other occasions, of groups and units.

mod commands;
mod record;

use async_graphql::InputObject;
use entity::values::{Audience, DateRange, Exactness, GlobalId, SubjectKind, search_key};
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::{Select, row};
use crate::domain::filter;
use crate::domain::organisation::inside_one;
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::view::View;
use crate::error::Error;
use crate::policy::scope;

pub use commands::{RecordEventInput, RemoveEventInput, UpdateEventInput};
pub use record::{EventInput, put};

row! {
    /// An event, without its description, which may be long.
    Row {
        id, name: String, group_id: Option<Uuid> => [owner organisers], organisation_id: Option<Uuid> => [owner organisers],
        assignment_id: Option<Uuid> => [assignment], subject_area: Option<String>, place: Option<String>, participants: Option<i32>,
        exactness: Option<Exactness>, audience: Audience, version: i32,
    } dated
    ; needing nothing: description figures sources history
}

row! {
    /// What an event is about, read apart from it because it may be long.
    Description { id, description: String }
}

row! {
    /// Who arranges an event together with the one whose it is.
    Organiser { id, event_id: Uuid, group_id: Option<Uuid>, organisation_id: Option<Uuid> }
}

/// Which events are wanted; those that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, InputObject)]
pub struct EventFilter {
    /// Whose name contains this; case, accents, å, ä and ö are folded.
    pub text: Option<String>,
    /// In this subject area; case, accents, å, ä and ö are folded.
    pub subject_area: Option<String>,
    /// Arranged by this group, alone or with others.
    pub group: Option<GlobalId>,
    /// Arranged by this organisation or a unit of it, alone or with others.
    pub organisation: Option<GlobalId>,
    /// Under this assignment of an agreement.
    pub assignment: Option<GlobalId>,
    /// On some day of this year.
    pub year: Option<i32>,
    /// On some day of this range.
    pub during: Option<DateRange>,
}

fn all(view: &View, filter: Sql) -> List {
    List {
        name: "event by time",
        columns: Select::default().row::<Row>("e", &view.selection),
        main: "e",
        table: "event e",
        joins: Sql::default(),
        filter: filter.and(scope::event(&view.actor, "e")),
        keys: &[Key::Date("e.valid_from"), Key::Id("e.id")],
        descending: true,
        veiled: None,
    }
}

/// A group or an assignment that the asker does not see is none.
fn wanted(view: &View, wanted: &EventFilter) -> Result<Sql, Error> {
    Ok(Sql::default()
        .and_some(wanted.year.map(filter::year).transpose()?, |year| filter::touching("e", year))
        .and_some(wanted.during, |range| filter::touching("e", range))
        .and_some(wanted.subject_area.as_ref(), |area| {
            filter::found("event", "e", sql!("f.subject_area_key = ?", search_key(area)))
        })
        .and_some(wanted.group, |id| {
            let group = id.of(SubjectKind::Group);
            let own = sql!("SELECT x.id FROM event x WHERE x.group_id = ?", group);
            let with = "UNION SELECT x.event_id FROM event_organiser x JOIN \"group\" vg ON vg.id = x.group_id WHERE x.group_id = ?";
            Sql::among("e.id", own.then(sql!(with, group)).and(scope::group(&view.actor, "vg")))
        })
        .and_some(wanted.organisation, |id| {
            let organisation = || inside_one("x.organisation_id", id.of(SubjectKind::Organisation));
            let own = Sql::from("SELECT x.id FROM event x WHERE").then(organisation());
            let with = Sql::from("UNION SELECT x.event_id FROM event_organiser x WHERE").then(organisation());
            Sql::among("e.id", own.then(with))
        })
        .and_some(wanted.assignment, |id| {
            let seen = "SELECT s.id FROM assignment s JOIN agreement a ON a.id = s.agreement_id WHERE s.id = ?";
            let seen = sql!(seen, id.of(SubjectKind::Assignment)).and(scope::agreement(&view.actor, "a"));
            filter::found("event", "e", Sql::among("f.assignment_id", seen))
        }))
}

/// The events with these ids that the asker may see.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    all(&view, Sql::from("e.id IN").then(Sql::list(ids))).all(&view, "").await
}

/// A page of the events that fit, the latest first.
pub async fn list(view: &View, filter: &EventFilter, page: &Page) -> Result<Slice<Row>, Error> {
    let text = |text: &String| filter::text(view, "event", "e", text);
    all(view, wanted(view, filter)?.and_some(filter.text.as_ref(), text)).page(view, page).await
}

/// The events that each group arranges, alone or with others, the latest first; of a year, if one is given.
pub async fn of_groups(view: View, ids: Vec<Uuid>, year: Option<i32>, page: Page) -> Result<Vec<Slice<Row>>, Error> {
    let owns = "SELECT x.id FROM event x WHERE x.group_id = parent.id
        UNION SELECT x.event_id FROM event_organiser x WHERE x.group_id = parent.id";
    arranged(&view, Parent::of_found("\"group\"", "e.id", owns), &ids, year, &page).await
}

/// The events that each organisation arranges, alone or with others, the latest first; of a year, if one is given.
pub async fn of_organisations(
    view: View,
    ids: Vec<Uuid>,
    year: Option<i32>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let owns = "SELECT x.id FROM event x WHERE x.organisation_id = parent.id
        UNION SELECT x.event_id FROM event_organiser x WHERE x.organisation_id = parent.id";
    arranged(&view, Parent::of_found("organisation", "e.id", owns), &ids, year, &page).await
}

/// The events under each assignment, the latest first; of a year, if one is given.
pub async fn of_assignments(
    view: View,
    ids: Vec<Uuid>,
    year: Option<i32>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    arranged(&view, Parent::new("assignment", "e.assignment_id = parent.id"), &ids, year, &page).await
}

async fn arranged(
    view: &View,
    parent: Parent,
    ids: &[Uuid],
    year: Option<i32>,
    page: &Page,
) -> Result<Vec<Slice<Row>>, Error> {
    all(view, filter::states_or_year(view, "e", None, year)?).pages(view, &parent, ids, page).await
}

/// What each event is about.
pub async fn descriptions(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Description)>, Error> {
    let query = Sql::from("SELECT e.id, e.description FROM event e WHERE e.description IS NOT NULL AND e.id IN");
    Ok(view.rows::<Description>(query.then(Sql::list(ids))).await?.into_iter().map(|row| (row.id, row)).collect())
}

/// Who arranges each event together with the one whose it is, in the order in which they were given.
pub async fn organisers(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Organiser)>, Error> {
    let query = Sql::from(format!("SELECT {} FROM event_organiser x WHERE x.event_id IN", Organiser::columns("x")));
    let query = query.then(Sql::list(ids)).then("ORDER BY x.event_id, x.ordinal, x.id");
    Ok(view.rows::<Organiser>(query).await?.into_iter().map(|row| (row.event_id, row)).collect())
}
