//! Projects as the schema shows them.

use async_graphql::{Context, Description, Object};
use entity::values::{Audience, Fund, GlobalId, ProjectPhase, SubjectKind};

use super::agreement::Assignment;
use super::change::Change;
use super::connection::connections;
use super::contact_point::ContactPoint;
use super::figure::Figure;
use super::organisation::Organisation;
use super::period::Period;
use super::person::Person;
use super::row::Row;
use super::source::Source;
use crate::domain::{contact_point, organisation, person, project, reference};
use crate::error::Error;

/// Projekt: what is run for a time, with means and a goal of its own.
#[derive(Description)]
pub struct Project(pub Row<project::Row>);

impl From<Row<project::Row>> for Project {
    fn from(row: Row<project::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Project {
    /// The project's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Project)
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is about.
    async fn summary(&self) -> Result<Option<String>, Error> {
        Ok(self.0.many("texts", project::texts).await?.first().and_then(|row| row.summary.clone()))
    }

    /// What it is to reach.
    async fn objective(&self) -> Result<Option<String>, Error> {
        Ok(self.0.many("texts", project::texts).await?.first().and_then(|row| row.objective.clone()))
    }

    /// Under what it is kept in registers, such as "RUN/447/2016" or "23-032-S03".
    async fn references(&self) -> Result<Vec<String>, Error> {
        Ok(self.0.many("references", reference::of_subjects).await?.iter().map(|row| row.text()).collect())
    }

    /// Whose it is.
    async fn owner(&self) -> Result<Option<Organisation>, Error> {
        Ok(self.0.one("owner", |row| Some(row.owner_id), organisation::by_ids).await?.map(Organisation))
    }

    /// Whom to call about it.
    async fn contact(&self) -> Result<Option<ProjectContact>, Error> {
        let found = self.0.one("contact", |row| row.contact_id, person::by_ids).await?;
        Ok(found.map(|person| ProjectContact { project: self.0.clone(), person }))
    }

    /// The assignment of an agreement under which it is run.
    async fn assignment(&self) -> Result<Option<Assignment>, Error> {
        let find = crate::domain::agreement::assignments_by_ids;
        Ok(self.0.one("assignment", |row| row.assignment_id, find).await?.map(Assignment))
    }

    /// How far it has come, as was last said.
    async fn phase(&self) -> Option<ProjectPhase> {
        self.0.phase
    }

    /// Who pays for it.
    async fn fund(&self) -> Option<Fund> {
        self.0.fund
    }

    /// The programme's CCI number (*code commun d'identification*), such as "2021SE05SFPR".
    async fn programme(&self) -> Option<&str> {
        self.0.programme.as_deref()
    }

    /// Which part of the programme.
    async fn programme_area(&self) -> Option<&str> {
        self.0.programme_area.as_deref()
    }

    /// Which specific objective of the programme.
    async fn specific_objective(&self) -> Option<&str> {
        self.0.specific_objective.as_deref()
    }

    /// Which type of intervention, by its code in the regulation of the fund.
    async fn intervention_type(&self) -> Option<&str> {
        self.0.intervention_type.as_deref()
    }

    /// Where it is run in the EU's nomenclature of regions (NUTS), such as "SE32".
    async fn nuts(&self) -> Option<&str> {
        self.0.nuts.as_deref()
    }

    /// What the fund has granted, in whole kronor.
    async fn granted(&self) -> Option<i32> {
        self.0.granted
    }

    /// What it costs in all, in whole kronor.
    async fn total_budget(&self) -> Option<i32> {
        self.0.total_budget
    }

    /// The union's share, in percent.
    async fn cofinancing_rate(&self) -> Option<f64> {
        self.0.cofinancing_rate.map(|hundredths| f64::from(hundredths) / 100.0)
    }

    /// What it is about, in a word or two.
    async fn subject_area(&self) -> Option<&str> {
        self.0.subject_area.as_deref()
    }

    /// How long it is run.
    async fn period(&self) -> Period {
        Period::new(self.0.period, self.0.view().on())
    }

    /// Who takes part.
    async fn partners(&self) -> Result<Vec<ProjectPartner>, Error> {
        Ok(self.0.many("partners", project::partners).await?.into_iter().map(ProjectPartner).collect())
    }

    /// The municipalities in which it is run, by name.
    async fn municipalities(&self, ctx: &Context<'_>) -> Result<Vec<Organisation>, Error> {
        Ok(self.0.many(ctx, project::municipalities).await?.into_iter().map(Organisation).collect())
    }

    /// What it is to reach and reached, in numbers.
    async fn indicators(&self) -> Result<Vec<Indicator>, Error> {
        Ok(self.0.many("indicators", project::indicators).await?.into_iter().map(Indicator).collect())
    }

    /// How to reach the project itself: what holds on the day and the asker may see.
    async fn contact_points(&self, ctx: &Context<'_>) -> Result<Vec<ContactPoint>, Error> {
        super::contact_point::of(ctx, &self.0).await
    }

    /// The lists that belong to it.
    #[graphql(flatten)]
    async fn lists(&self) -> ProjectLists {
        ProjectLists(self.0.clone())
    }

    /// Who may see it.
    async fn audience(&self) -> Audience {
        self.0.audience
    }

    /// Counts the changes of the project, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }
}

connections! {
    ProjectLists of project::Row {
        /// Numbers that sources state of it.
        figures(year: i32 = "Only figures of this year.") -> Figure by crate::domain::figure::of_projects;
        /// What has been changed of it, the latest first, for who may change it, auditors and administrators; empty for others.
        history() -> Change by crate::domain::change::of_projects;
    }
}

/// Kontaktperson: whom to call about a project.
#[derive(Description)]
pub struct ProjectContact {
    project: Row<project::Row>,
    person: Row<person::Row>,
}

#[Object(use_type_description)]
impl ProjectContact {
    /// Whom to call.
    async fn person(&self) -> Person {
        Person(self.person.clone())
    }

    /// How to reach them about it: per kind of contact point those of the project, or else of the person.
    async fn contact_points(&self) -> Result<Vec<ContactPoint>, Error> {
        let of_project = self.project.many("contactPoints", contact_point::of_subjects).await?;
        let of_person = self.person.many("contactPoints", contact_point::of_subjects).await?;
        let found = contact_point::nearest(vec![of_project, of_person], |row| row.kind);
        Ok(found.into_iter().map(ContactPoint).collect())
    }
}

/// Samarbetspartner: who takes part in a project.
#[derive(Description)]
pub struct ProjectPartner(pub Row<project::Partner>);

#[Object(use_type_description)]
impl ProjectPartner {
    /// Who.
    async fn organisation(&self) -> Result<Option<Organisation>, Error> {
        Ok(self.0.one("organisation", |row| row.organisation_id, organisation::by_ids).await?.map(Organisation))
    }

    /// What a source calls them, where it does so otherwise.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }
}

/// Indikator: what a project is to reach and reached, in numbers.
#[derive(Description)]
pub struct Indicator(pub Row<project::Indicator>);

#[Object(use_type_description)]
impl Indicator {
    /// What is counted.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// How many it was to be.
    async fn target(&self) -> Option<i32> {
        self.0.target
    }

    /// How many it was.
    async fn outcome(&self) -> Option<i32> {
        self.0.outcome
    }

    /// Women, of the outcome.
    async fn women(&self) -> Option<i32> {
        self.0.women
    }

    /// Men, of the outcome.
    async fn men(&self) -> Option<i32> {
        self.0.men
    }
}
