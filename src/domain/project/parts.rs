//! The parts of projects: partners, municipalities and indicators.

use async_graphql::InputObject;
use entity::values::{GlobalId, OrganisationKind, SubjectKind};
use entity::{indicator, organisation, project_municipality, project_partner};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::db::Sql;
use crate::domain::cells::row;
use crate::domain::view::View;
use crate::domain::write::{Entry, Writer, derived};
use crate::domain::{input, organisation as organisations};
use crate::error::{Code, Error, Rule, Said};

/// The most partners, municipalities or indicators of one project.
const MOST: usize = 300;

row! {
    /// Who takes part in a project.
    Partner { id, project_id: Uuid, organisation_id: Option<Uuid>, description: Option<String> }
}

row! {
    /// What a project was to reach, and what it reached.
    Indicator {
        id, project_id: Uuid, name: String, target: Option<i32>, outcome: Option<i32>, women: Option<i32>, men: Option<i32>,
    }
}

/// Who takes part in each project, in the order in which they were given.
pub async fn partners(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Partner)>, Error> {
    let query = Sql::from(format!("SELECT {} FROM project_partner x WHERE x.project_id IN", Partner::columns("x")));
    let query = query.then(Sql::list(ids)).then("ORDER BY x.project_id, x.ordinal, x.id");
    Ok(view.rows::<Partner>(query).await?.into_iter().map(|row| (row.project_id, row)).collect())
}

/// The municipalities in which each project is run, by the name in addresses.
pub async fn municipalities(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, organisations::Row)>, Error> {
    organisations::by_link(&view, "project_municipality l", "l.project_id", ids).await
}

/// What each project was to reach, in the order in which it was given.
pub async fn indicators(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Indicator)>, Error> {
    let query = Sql::from(format!("SELECT {} FROM indicator x WHERE x.project_id IN", Indicator::columns("x")));
    let query = query.then(Sql::list(ids)).then("ORDER BY x.project_id, x.ordinal, x.id");
    Ok(view.rows::<Indicator>(query).await?.into_iter().map(|row| (row.project_id, row)).collect())
}

/// Who takes part in a project, as a verb takes it: at least one of the two.
#[derive(Clone, Debug)]
pub struct PartnerInput {
    pub organisation: Option<Uuid>,
    pub description: Option<String>,
}

/// Who takes part in a project: at least one of the two.
#[derive(Clone, Debug, InputObject)]
pub struct ProjectPartnerInput {
    /// Who.
    pub organisation: Option<GlobalId>,
    /// What a source calls them, where it does so otherwise or they are not in the directory.
    pub description: Option<String>,
}

impl From<&ProjectPartnerInput> for PartnerInput {
    fn from(given: &ProjectPartnerInput) -> Self {
        let organisation = given.organisation.map(|id| id.of(SubjectKind::Organisation));
        Self { organisation, description: given.description.clone() }
    }
}

/// What a project is to reach, and what it reached.
#[derive(Clone, Debug, InputObject)]
pub struct IndicatorInput {
    /// What is counted.
    pub name: String,
    /// How many it is to be.
    pub target: Option<i32>,
    /// How many it was.
    pub outcome: Option<i32>,
    /// Women, of the outcome.
    pub women: Option<i32>,
    /// Men, of the outcome.
    pub men: Option<i32>,
}

/// That the partners and municipalities that are given are there.
pub async fn seen(view: &View, partners: &[ProjectPartnerInput], municipalities: &[GlobalId]) -> Result<(), Error> {
    let partners: Vec<GlobalId> = partners.iter().filter_map(|partner| partner.organisation).collect();
    for (field, ids) in [("partners", partners.as_slice()), ("municipalities", municipalities)] {
        input::at_most(ids.len(), MOST, field)?;
        input::all_seen(view, ids, SubjectKind::Organisation, field).await?;
    }
    Ok(())
}

/// Brings the partners of a project to what they should be.
pub async fn put_partners(writer: &Writer, entry: &mut Entry, id: Uuid, inputs: &[PartnerInput]) -> Result<(), Error> {
    input::at_most(inputs.len(), MOST, "partners")?;
    let were = project_partner::Entity::find().filter(project_partner::Column::ProjectId.eq(id));
    let were = were.all(writer.db()).await?;
    let mut wanted = Vec::new();
    for (ordinal, given) in (1..).zip(inputs) {
        let description = input::text_if_given(given.description.as_ref(), "description");
        let description = description.map_err(|error| error.at("partners"))?;
        let organisation_id = given.organisation;
        if organisation_id.is_none() && description.is_none() {
            let nobody = Said::both(
                "say who: an organisation, or what they are called",
                "ange vem: en organisation, eller vad de kallas",
            );
            return Err(Error::invalid(Code::InvalidInput, nobody).at("partners"));
        }
        let id_of_it = derived(id, &format!("partner/{ordinal}"));
        wanted.push(project_partner::Model { id: id_of_it, project_id: id, ordinal, organisation_id, description });
    }
    writer.replace(entry, were, wanted).await.map_err(|error| error.at("partners"))
}

/// Brings the municipalities of a project to what they should be.
pub async fn put_municipalities(writer: &Writer, entry: &mut Entry, id: Uuid, wanted: &[Uuid]) -> Result<(), Error> {
    input::at_most(wanted.len(), MOST, "municipalities")?;
    let named = organisation::Entity::find().filter(organisation::Column::Id.is_in(wanted.iter().copied()));
    let other = named.all(writer.db()).await?.into_iter().find(|row| row.kind != OrganisationKind::Municipality);
    if let Some(other) = other {
        let kind = Rule::ProjectMunicipalityKind;
        return Err(Error::conflict_on(kind, SubjectKind::Organisation, other.id).at("municipalities"));
    }
    let were = project_municipality::Entity::find().filter(project_municipality::Column::ProjectId.eq(id));
    let were = were.all(writer.db()).await?;
    let row = |organisation: &Uuid| project_municipality::Model {
        id: derived(id, &format!("municipality/{organisation}")),
        project_id: id,
        organisation_id: *organisation,
    };
    let wanted = wanted.iter().map(row).collect();
    writer.replace(entry, were, wanted).await.map_err(|error| error.at("municipalities"))
}

/// Brings the indicators of a project to what they should be.
pub async fn put_indicators(
    writer: &Writer,
    entry: &mut Entry,
    id: Uuid,
    inputs: &[IndicatorInput],
) -> Result<(), Error> {
    input::at_most(inputs.len(), MOST, "indicators")?;
    let were = indicator::Entity::find().filter(indicator::Column::ProjectId.eq(id)).all(writer.db()).await?;
    let mut wanted = Vec::new();
    for (ordinal, given) in (1..).zip(inputs) {
        let name = input::name(&given.name, "name").map_err(|error| error.at("indicators"))?;
        wanted.push(indicator::Model {
            id: derived(id, &format!("indicator/{ordinal}")),
            project_id: id,
            ordinal,
            name,
            target: given.target,
            outcome: given.outcome,
            women: given.women,
            men: given.men,
        });
    }
    writer.replace(entry, were, wanted).await.map_err(|error| error.at("indicators"))
}
