//! Projects: what is run for a time with means of its own, by whom, with whom and where, and what it was to reach and reached.

mod commands;
mod parts;
mod record;

use async_graphql::{Enum, InputObject, OneofObject};
use entity::values::{Audience, DateRange, Fund, GlobalId, PeriodState, ProjectPhase, SubjectKind, search_key};
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::{Select, row};
use crate::domain::organisation::inside_one;
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::view::View;
use crate::domain::{filter, reference};
use crate::error::Error;
use crate::policy::scope;

pub use commands::{CreateProjectInput, UpdateProjectInput};
pub use parts::{
    Indicator, IndicatorInput, Partner, PartnerInput, ProjectPartnerInput, indicators, municipalities, partners,
};
pub use record::{ProjectInput, put};

row! {
    /// A project, without its summary and objective, which may be long.
    Row {
        id, name: String, owner_id: Uuid => [owner], contact_id: Option<Uuid> => [contact], assignment_id: Option<Uuid> => [assignment],
        phase: Option<ProjectPhase>, fund: Option<Fund>, programme: Option<String>, programme_area: Option<String>,
        specific_objective: Option<String>, intervention_type: Option<String>, nuts: Option<String>, granted: Option<i32>,
        total_budget: Option<i32>, cofinancing_rate: Option<i32>, subject_area: Option<String>, audience: Audience, version: i32,
    } dated
    ; needing nothing: summary objective references partners municipalities indicators sources
}

row! {
    /// What a project is about and for, read apart from it because it may be long.
    Texts { id, summary: Option<String>, objective: Option<String> }
}

/// Names one project.
#[derive(Clone, Debug, OneofObject)]
pub enum ProjectBy {
    /// Its id.
    Id(GlobalId),
    /// One of its references, such as `23-032-S03`.
    Reference(String),
}

/// In what capacity an organisation has to do with a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ProjectRole {
    /// Projektägare: it is the organisation's.
    Owner,
    /// Samarbetspartner: the organisation takes part.
    Partner,
    /// Kommun: it is run in the municipality.
    Municipality,
}

const ROLES: [ProjectRole; 3] = [ProjectRole::Owner, ProjectRole::Partner, ProjectRole::Municipality];

/// Which projects are wanted; those that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, InputObject)]
pub struct ProjectFilter {
    /// Whose name contains this; case, accents, å, ä and ö are folded.
    pub text: Option<String>,
    /// Kept under this reference.
    pub reference: Option<String>,
    /// Of this organisation, or a unit of it.
    pub owner: Option<GlobalId>,
    /// In which this organisation, or a unit of it, is a partner.
    pub partner: Option<GlobalId>,
    /// Run in this municipality.
    pub municipality: Option<GlobalId>,
    /// Paid by one of these funds.
    pub funds: Option<Vec<Fund>>,
    /// In one of these phases.
    pub phases: Option<Vec<ProjectPhase>>,
    /// In this subject area; case, accents, å, ä and ö are folded.
    pub subject_area: Option<String>,
    /// In one of these states on the day. Without it, and without a year or a range: those that are run.
    pub states: Option<Vec<PeriodState>>,
    /// Run on some day of this year.
    pub year: Option<i32>,
    /// Run on some day of this range.
    pub during: Option<DateRange>,
}

const BY_NAME: &[Key] = &[Key::Bytes("p.sort_key"), Key::Id("p.id")];

fn all(view: &View, filter: Sql) -> List {
    List {
        name: "project by name",
        columns: Select::default().row::<Row>("p", &view.selection),
        main: "p",
        table: "project p",
        joins: Sql::default(),
        filter: filter.and(scope::project(&view.actor, "p")),
        keys: BY_NAME,
        descending: false,
        veiled: None,
    }
}

fn wanted(view: &View, wanted: &ProjectFilter) -> Result<Sql, Error> {
    let among = |of: &str, id: GlobalId| {
        Sql::among("p.id", Sql::from(of).then(inside_one("x.organisation_id", id.of(SubjectKind::Organisation))))
    };
    Ok(filter::period_or_year(view, "p", wanted.states.as_deref(), wanted.during, wanted.year)?
        .and_some(wanted.reference.as_ref(), |text| reference::names("p.id", text))
        .and_some(wanted.owner, |id| {
            filter::found("project", "p", inside_one("f.owner_id", id.of(SubjectKind::Organisation)))
        })
        .and_some(wanted.partner, |id| among("SELECT x.project_id FROM project_partner x WHERE", id))
        .and_some(wanted.municipality, |id| among("SELECT x.project_id FROM project_municipality x WHERE", id))
        .and_some(wanted.funds.as_ref(), |funds| Sql::from("p.fund IN").then(Sql::terms(funds.iter().copied())))
        .and_some(wanted.phases.as_ref(), |phases| Sql::from("p.phase IN").then(Sql::terms(phases.iter().copied())))
        .and_some(wanted.subject_area.as_ref(), |area| {
            filter::found("project", "p", sql!("f.subject_area_key = ?", search_key(area)))
        }))
}

async fn select(view: &View, condition: Sql) -> Result<Vec<Row>, Error> {
    all(view, condition).all(view, "").await
}

/// The projects with these ids that the asker may see.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    select(&view, Sql::from("p.id IN").then(Sql::list(ids))).await
}

/// One project.
pub async fn find(view: &View, by: ProjectBy) -> Result<Option<Row>, Error> {
    let condition = match by {
        ProjectBy::Id(id) => sql!("p.id = ?", id.of(SubjectKind::Project)),
        ProjectBy::Reference(text) => reference::names("p.id", &text),
    };
    Ok(select(view, condition).await?.pop())
}

/// A page of the projects that fit, by name.
pub async fn list(view: &View, filter: &ProjectFilter, page: &Page) -> Result<Slice<Row>, Error> {
    let text = |text: &String| filter::text(view, "project", "p", text);
    let to_come = filter::to_come(view, "project", "p", filter.states.as_deref());
    all(view, wanted(view, filter)?.and(to_come).and_some(filter.text.as_ref(), text)).page(view, page).await
}

/// The projects with which each organisation has to do in one of the capacities, any unless some are given, by name; all of them, unless
/// states or a year are given.
pub async fn of_organisations(
    view: View,
    ids: Vec<Uuid>,
    roles: Option<Vec<ProjectRole>>,
    states: Option<Vec<PeriodState>>,
    year: Option<i32>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let found = |role: &ProjectRole| match role {
        ProjectRole::Owner => "SELECT x.id FROM project x WHERE x.owner_id = parent.id",
        ProjectRole::Partner => "SELECT x.project_id FROM project_partner x WHERE x.organisation_id = parent.id",
        ProjectRole::Municipality => {
            "SELECT x.project_id FROM project_municipality x WHERE x.organisation_id = parent.id"
        }
    };
    let roles = roles.unwrap_or(ROLES.to_vec());
    let any = ROLES.iter().filter(|role| roles.contains(role)).map(found).collect::<Vec<_>>().join(" UNION ");
    if any.is_empty() {
        return Ok(ids.iter().map(|_| Slice::empty(&page)).collect());
    }
    let held = filter::states_or_year(&view, "p", states.as_deref(), year)?;
    all(&view, held).pages(&view, &Parent::of_found("organisation", "p.id", any), &ids, &page).await
}

/// The projects that each person is the contact of, by name, whether they are run on the day or not.
pub async fn of_people(view: View, ids: Vec<Uuid>, page: Page) -> Result<Vec<Slice<Row>>, Error> {
    all(&view, Sql::default()).pages(&view, &Parent::new("person", "p.contact_id = parent.id"), &ids, &page).await
}

/// The projects that are run under each assignment, by name; of a year, if one is given.
pub async fn of_assignments(
    view: View,
    ids: Vec<Uuid>,
    year: Option<i32>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let held = filter::states_or_year(&view, "p", None, year)?;
    all(&view, held).pages(&view, &Parent::new("assignment", "p.assignment_id = parent.id"), &ids, &page).await
}

/// What each project is about and for.
pub async fn texts(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Texts)>, Error> {
    let query = Sql::from("SELECT p.id, p.summary, p.objective FROM project p WHERE p.id IN").then(Sql::list(ids));
    Ok(view.rows::<Texts>(query).await?.into_iter().map(|row| (row.id, row)).collect())
}
