//! A project as it is on record: its row, its partners, municipalities and indicators, and its references.

use entity::project;
use entity::values::{Audience, Fund, Period, ProjectPhase, ReferenceNumber, SubjectKind, search_key, sort_key};
use uuid::Uuid;

use super::parts::{self, IndicatorInput, PartnerInput};
use crate::domain::reference;
use crate::domain::source::{self, SourceInput};
use crate::domain::write::{Entry, Outcome, Verbs, Writer};
use crate::error::Error;

/// A project, as a verb takes it.
#[derive(Clone, Debug)]
pub struct ProjectInput {
    pub name: String,
    pub summary: Option<String>,
    pub objective: Option<String>,
    pub owner: Uuid,
    pub contact: Option<Uuid>,
    pub assignment: Option<Uuid>,
    pub phase: Option<ProjectPhase>,
    pub fund: Option<Fund>,
    pub programme: Option<String>,
    pub programme_area: Option<String>,
    pub specific_objective: Option<String>,
    pub intervention_type: Option<String>,
    pub nuts: Option<String>,
    pub granted: Option<i32>,
    pub total_budget: Option<i32>,
    /// In hundredths of a percent.
    pub cofinancing_rate: Option<i32>,
    pub subject_area: Option<String>,
    pub audience: Audience,
    pub period: Period,
    pub references: Vec<ReferenceNumber>,
    pub partners: Vec<PartnerInput>,
    pub municipalities: Vec<Uuid>,
    pub indicators: Vec<IndicatorInput>,
    pub sources: Vec<SourceInput>,
}

const VERBS: Verbs = Verbs { new: "createProject", changed: "updateProject", gone: "removeProject" };

/// Makes a project what it should be.
pub async fn put(writer: &mut Writer, id: Uuid, input: ProjectInput) -> Result<Outcome, Error> {
    let mut entry = Entry::new(VERBS, SubjectKind::Project, id);
    write(writer, &mut entry, id, input).await?;
    writer.finish::<project::Model>(entry).await
}

/// The same as part of the verb that the entry is of.
pub async fn write(writer: &Writer, entry: &mut Entry, id: Uuid, input: ProjectInput) -> Result<(), Error> {
    let (valid_from, valid_until, valid_precision) = input.period.columns();
    let row = project::Model {
        id,
        name: input.name,
        summary: input.summary,
        objective: input.objective,
        owner_id: input.owner,
        contact_id: input.contact,
        assignment_id: input.assignment,
        phase: input.phase,
        fund: input.fund,
        programme: input.programme,
        programme_area: input.programme_area,
        specific_objective: input.specific_objective,
        intervention_type: input.intervention_type,
        nuts: input.nuts,
        granted: input.granted,
        total_budget: input.total_budget,
        cofinancing_rate: input.cofinancing_rate,
        subject_area: input.subject_area,
        subject_area_key: None,
        audience: input.audience,
        sort_key: Vec::new(),
        search_key: String::new(),
        valid_from,
        valid_until,
        valid_precision,
        version: 0,
    };
    settle(writer, entry, row).await?;
    parts::put_partners(writer, entry, id, &input.partners).await?;
    parts::put_municipalities(writer, entry, id, &input.municipalities).await?;
    parts::put_indicators(writer, entry, id, &input.indicators).await?;
    reference::put(writer, entry, (SubjectKind::Project, id), input.references).await?;
    source::put(writer, entry, (SubjectKind::Project, id), input.sources).await
}

/// Writes a project's row, with the keys that follow from its name and its subject area.
pub async fn settle(writer: &Writer, entry: &mut Entry, mut row: project::Model) -> Result<(), Error> {
    row.sort_key = sort_key(&[&row.name]);
    row.search_key = search_key(&row.name);
    row.subject_area_key = row.subject_area.as_deref().map(search_key);
    writer.put(entry, row).await
}
