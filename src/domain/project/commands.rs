//! What is asked of projects: create, update.

use async_graphql::{InputObject, MaybeUndefined};
use entity::values::{Audience, Date, Fund, GlobalId, NoCode, ProjectPhase, SubjectKind, cci, nuts, share};
use entity::{Dated, project};
use uuid::Uuid;

use super::ProjectInput;
use super::parts::{self, IndicatorInput, PartnerInput, ProjectPartnerInput};
use super::record::{settle, write};
use crate::domain::input::{self, seen_if_given};
use crate::domain::reference;
use crate::domain::source::{self, QuotedInput};
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::error::{Code, Error, Said};
use crate::policy::{self, Action, Permit};

/// What a new project is.
#[derive(Clone, Debug, InputObject)]
pub struct CreateProjectInput {
    /// Whose it is: the organisation, or the unit, whose representatives change it.
    pub owner: GlobalId,
    /// What it is called.
    pub name: String,
    /// What it is about.
    pub summary: Option<String>,
    /// What it is to reach.
    pub objective: Option<String>,
    /// Under what it is kept in registers, such as "RUN/447/2016" or "23-032-S03".
    #[graphql(default)]
    pub references: Vec<String>,
    /// Whom to call about it.
    pub contact: Option<GlobalId>,
    /// The assignment of an agreement under which it is run.
    pub assignment: Option<GlobalId>,
    /// How far it has come.
    pub phase: Option<ProjectPhase>,
    /// Who pays for it.
    pub fund: Option<Fund>,
    /// The programme's CCI number, such as "2021SE05SFPR".
    pub programme: Option<String>,
    /// Which part of the programme.
    pub programme_area: Option<String>,
    /// Which specific objective of the programme.
    pub specific_objective: Option<String>,
    /// Which type of intervention.
    pub intervention_type: Option<String>,
    /// Where it is run in the EU's nomenclature of regions, such as "SE32".
    pub nuts: Option<String>,
    /// What the fund has granted, in whole kronor.
    pub granted: Option<i32>,
    /// What it costs in all, in whole kronor.
    pub total_budget: Option<i32>,
    /// The union's share, in percent.
    pub cofinancing_rate: Option<f64>,
    /// What it is about, in a word or two, such as "Transporter".
    pub subject_area: Option<String>,
    /// Who takes part.
    #[graphql(default)]
    pub partners: Vec<ProjectPartnerInput>,
    /// In which municipalities it is run.
    #[graphql(default)]
    pub municipalities: Vec<GlobalId>,
    /// What it is to reach and reaches, in numbers.
    #[graphql(default)]
    pub indicators: Vec<IndicatorInput>,
    /// Who may see it.
    #[graphql(default_with = "Audience::Public")]
    pub audience: Audience,
    /// From which day on; today when left out, null when nobody knows.
    pub from: MaybeUndefined<Date>,
    /// The day after the last; without an end when left out.
    pub until: Option<Date>,
    /// Where this is taken from.
    #[graphql(default)]
    pub sources: Vec<QuotedInput>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// What is to be different about a project; what is left out stays.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateProjectInput {
    /// Which.
    pub project: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// Whose it is: an organisation for which the asker may create projects.
    pub owner: Option<GlobalId>,
    /// What it is called.
    pub name: Option<String>,
    /// What it is about; null for nothing that is known.
    pub summary: MaybeUndefined<String>,
    /// What it is to reach; null for nothing that is known.
    pub objective: MaybeUndefined<String>,
    /// Under what it is kept in registers: all of it.
    pub references: Option<Vec<String>>,
    /// Whom to call about it; null for nobody.
    pub contact: MaybeUndefined<GlobalId>,
    /// The assignment of an agreement under which it is run; null for none.
    pub assignment: MaybeUndefined<GlobalId>,
    /// How far it has come; null for unknown.
    pub phase: MaybeUndefined<ProjectPhase>,
    /// Who pays for it; null for unknown.
    pub fund: MaybeUndefined<Fund>,
    /// The programme's CCI number; null for none.
    pub programme: MaybeUndefined<String>,
    /// Which part of the programme; null for none.
    pub programme_area: MaybeUndefined<String>,
    /// Which specific objective of the programme; null for none.
    pub specific_objective: MaybeUndefined<String>,
    /// Which type of intervention; null for none.
    pub intervention_type: MaybeUndefined<String>,
    /// Where it is run in the EU's nomenclature of regions; null for unknown.
    pub nuts: MaybeUndefined<String>,
    /// What the fund has granted, in whole kronor; null for unknown.
    pub granted: MaybeUndefined<i32>,
    /// What it costs in all, in whole kronor; null for unknown.
    pub total_budget: MaybeUndefined<i32>,
    /// The union's share, in percent; null for unknown.
    pub cofinancing_rate: MaybeUndefined<f64>,
    /// What it is about, in a word or two; null for nothing.
    pub subject_area: MaybeUndefined<String>,
    /// Who takes part: all of them.
    pub partners: Option<Vec<ProjectPartnerInput>>,
    /// In which municipalities it is run: all of them.
    pub municipalities: Option<Vec<GlobalId>>,
    /// What it is to reach and reaches, in numbers: all of it.
    pub indicators: Option<Vec<IndicatorInput>>,
    /// Who may see it.
    pub audience: Option<Audience>,
    /// The first day; null when nobody knows.
    pub from: MaybeUndefined<Date>,
    /// The day after the last; null for no end.
    pub until: MaybeUndefined<Date>,
    /// Where this is taken from: all of it.
    pub sources: Option<Vec<QuotedInput>>,
    /// Whether to say only what would change, and change nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for CreateProjectInput {
    how!(CreateProject);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = create_for(view, self.owner).await?;
        input::audience(view, self.audience)?;
        seen_if_given(view, self.contact, SubjectKind::Person, "contact").await?;
        seen_if_given(view, self.assignment, SubjectKind::Assignment, "assignment").await?;
        parts::seen(view, &self.partners, &self.municipalities).await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (id, mut entry) = writer.entry_of_new(SubjectKind::Project);
        let name = input::name_if_given;
        let input = ProjectInput {
            name: input::name(&self.name, "name")?,
            summary: input::text_if_given(self.summary.as_ref(), "summary")?,
            objective: input::text_if_given(self.objective.as_ref(), "objective")?,
            owner: self.owner.of(SubjectKind::Organisation),
            contact: self.contact.map(|id| id.of(SubjectKind::Person)),
            assignment: self.assignment.map(|id| id.of(SubjectKind::Assignment)),
            phase: self.phase,
            fund: self.fund,
            programme: self.programme.as_deref().map(programme).transpose()?,
            programme_area: name(self.programme_area.as_ref(), "programmeArea")?,
            specific_objective: name(self.specific_objective.as_ref(), "specificObjective")?,
            intervention_type: name(self.intervention_type.as_ref(), "interventionType")?,
            nuts: self.nuts.as_deref().map(region).transpose()?,
            granted: input::amount(self.granted, "granted")?,
            total_budget: input::amount(self.total_budget, "totalBudget")?,
            cofinancing_rate: self.cofinancing_rate.map(rate).transpose()?,
            subject_area: name(self.subject_area.as_ref(), "subjectArea")?,
            audience: self.audience,
            period: input::begun(&self.from, self.until, writer.app().today())?,
            references: reference::parsed(&self.references)?,
            partners: self.partners.iter().map(PartnerInput::from).collect(),
            municipalities: input::different(&self.municipalities, SubjectKind::Organisation, "municipalities")?,
            indicators: self.indicators.clone(),
            sources: source::quoted(&self.sources)?,
        };
        write(writer, &mut entry, id, input).await?;
        writer.finish::<project::Model>(entry).await?;
        Ok(id)
    }
}

/// To make a project of an organisation.
async fn create_for(view: &View, owner: GlobalId) -> Result<Permit, Error> {
    let subject = (SubjectKind::Organisation, owner.of(SubjectKind::Organisation));
    let permit = policy::permit_on(&view.app, &view.actor, Action::CreateProject, subject).await;
    permit.map_err(|error| error.at("owner"))
}

impl Command for UpdateProjectInput {
    how!(UpdateProject, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let subject = (SubjectKind::Project, self.project.of(SubjectKind::Project));
        let permit = policy::permit_on(&view.app, &view.actor, Action::UpdateProject, subject).await;
        let permit = permit.map_err(|error| error.at("project"))?;
        if let Some(owner) = self.owner {
            create_for(view, owner).await?;
        }
        if let Some(audience) = self.audience {
            input::audience(view, audience)?;
        }
        seen_if_given(view, self.contact.value().copied(), SubjectKind::Person, "contact").await?;
        seen_if_given(view, self.assignment.value().copied(), SubjectKind::Assignment, "assignment").await?;
        let (partners, municipalities) = (self.partners.as_deref(), self.municipalities.as_deref());
        parts::seen(view, partners.unwrap_or_default(), municipalities.unwrap_or_default()).await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.project.of(SubjectKind::Project);
        let was: project::Model = writer.expect(SubjectKind::Project, id, self.expected_version).await?;
        let mut entry = writer.entry(SubjectKind::Project, id);
        settle(writer, &mut entry, self.changed(was)?).await?;
        if let Some(partners) = &self.partners {
            let partners: Vec<PartnerInput> = partners.iter().map(PartnerInput::from).collect();
            parts::put_partners(writer, &mut entry, id, &partners).await?;
        }
        if let Some(ids) = &self.municipalities {
            let ids = input::different(ids, SubjectKind::Organisation, "municipalities")?;
            parts::put_municipalities(writer, &mut entry, id, &ids).await?;
        }
        if let Some(indicators) = &self.indicators {
            parts::put_indicators(writer, &mut entry, id, indicators).await?;
        }
        if let Some(references) = &self.references {
            let references = reference::parsed(references)?;
            reference::put(writer, &mut entry, (SubjectKind::Project, id), references).await?;
        }
        if let Some(quoted) = &self.sources {
            source::put(writer, &mut entry, (SubjectKind::Project, id), source::quoted(quoted)?).await?;
        }
        writer.finish::<project::Model>(entry).await?;
        Ok(id)
    }
}

impl UpdateProjectInput {
    fn changed(&self, mut row: project::Model) -> Result<project::Model, Error> {
        let name = input::changed_name;
        if let Some(given) = &self.name {
            row.name = input::name(given, "name")?;
        }
        row.summary = input::changed_text(&self.summary, row.summary, "summary")?;
        row.objective = input::changed_text(&self.objective, row.objective, "objective")?;
        row.owner_id = self.owner.map_or(row.owner_id, |id| id.of(SubjectKind::Organisation));
        row.contact_id = input::changed(&self.contact.map_value(|id| id.of(SubjectKind::Person)), row.contact_id);
        let assignment = self.assignment.map_value(|id| id.of(SubjectKind::Assignment));
        row.assignment_id = input::changed(&assignment, row.assignment_id);
        row.phase = input::changed(&self.phase, row.phase);
        row.fund = input::changed(&self.fund, row.fund);
        row.programme = checked(&self.programme, row.programme, programme)?;
        row.programme_area = name(&self.programme_area, row.programme_area, "programmeArea")?;
        row.specific_objective = name(&self.specific_objective, row.specific_objective, "specificObjective")?;
        row.intervention_type = name(&self.intervention_type, row.intervention_type, "interventionType")?;
        row.nuts = checked(&self.nuts, row.nuts, region)?;
        row.granted = input::amount(input::changed(&self.granted, row.granted), "granted")?;
        row.total_budget = input::amount(input::changed(&self.total_budget, row.total_budget), "totalBudget")?;
        row.cofinancing_rate = match self.cofinancing_rate {
            MaybeUndefined::Value(percent) => Some(rate(percent)?),
            MaybeUndefined::Null => None,
            MaybeUndefined::Undefined => row.cofinancing_rate,
        };
        row.subject_area = name(&self.subject_area, row.subject_area, "subjectArea")?;
        row.audience = self.audience.unwrap_or(row.audience);
        let period = input::moved(row.period(), input::first_day(&self.from), &self.until);
        row.set_period(period.map_err(|error| error.at("until"))?);
        Ok(row)
    }
}

fn checked(
    input: &MaybeUndefined<String>,
    was: Option<String>,
    check: fn(&str) -> Result<String, Error>,
) -> Result<Option<String>, Error> {
    match input {
        MaybeUndefined::Value(text) => check(text).map(Some),
        other => Ok(input::changed(other, was)),
    }
}

fn programme(text: &str) -> Result<String, Error> {
    let says = "ett CCI-nummer ser ut som 2021SE05SFPR: år, land, fond och program";
    cci(text).map_err(|error| wrong(error, says).at("programme"))
}

fn region(text: &str) -> Result<String, Error> {
    nuts(text).map_err(|error| wrong(error, "en NUTS-kod ser ut som SE32: land och region").at("nuts"))
}

fn rate(percent: f64) -> Result<i32, Error> {
    let says = "en andel är från 0 till 100 procent, med högst två decimaler";
    share(percent).map_err(|error| wrong(error, says).at("cofinancingRate"))
}

fn wrong(error: NoCode, swedish: &'static str) -> Error {
    Error::invalid(Code::InvalidInput, Said::both(error.to_string(), swedish))
}
