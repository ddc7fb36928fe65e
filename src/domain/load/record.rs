//! Loading the record: agreements, projects, events, and what owners say of their work.

use entity::values::SubjectKind;
use uuid::Uuid;

use super::Loading;
use super::commands::{contact_points, figures, sources, to, to_any};
use super::references::id;
use crate::domain::account::ItemInput;
use crate::domain::agreement::{self, AgreementInput, AssignmentInput, PartyInput};
use crate::domain::event::{self, EventInput};
use crate::domain::owner::Owner;
use crate::domain::project::{self, IndicatorInput, PartnerInput, ProjectInput};
use crate::domain::{activity, contact_point, figure, follow_up_item, priority, result};
use crate::error::Error;
use crate::interchange::directory as document;

impl Loading {
    pub(super) async fn agreements(&mut self, records: Vec<document::Agreement>) -> Result<(), Error> {
        let before = |record: &document::Agreement| record.parent.iter().map(|parent| parent.key.clone()).collect();
        for record in self.ordered("agreement", records, |record| &record.key, before, |record| &record.place) {
            let (id, place, input) = (id("agreement", &record.key), record.place.clone(), agreed(record));
            let parties = input.parties.iter().filter_map(|party| party.organisation);
            let owners = input.assignments.iter().filter_map(|assignment| Some(assignment.owner?.id()));
            let needs: Vec<Uuid> = input.parent.into_iter().chain(parties).chain(owners).collect();
            step!(self, "agreement", place, id, needs, agreement::put(&mut self.writer, id, input));
        }
        Ok(())
    }

    pub(super) async fn projects(&mut self, records: Vec<document::Project>) -> Result<(), Error> {
        for mut record in records {
            let (id, place) = (id("project", &record.key), record.place.clone());
            let of = (SubjectKind::Project, id);
            let contacts = contact_points(std::mem::take(&mut record.contact_points));
            let stated = figures(std::mem::take(&mut record.figures));
            let input = project(record);
            let partners = input.partners.iter().filter_map(|partner| partner.organisation);
            let others = input.contact.into_iter().chain(input.assignment).chain([input.owner]);
            let needs: Vec<Uuid> = others.chain(partners).chain(input.municipalities.iter().copied()).collect();
            step!(self, "project", place, id, needs, async {
                let outcome = project::put(&mut self.writer, id, input).await?;
                let contacts = contact_point::put(&mut self.writer, of, contacts).await?;
                Ok(outcome.with(contacts).with(figure::put(&mut self.writer, of, stated).await?))
            });
        }
        Ok(())
    }

    pub(super) async fn events(&mut self, records: Vec<document::Event>) -> Result<(), Error> {
        for mut record in records {
            let (id, place) = (id("event", &record.key), record.place.clone());
            let stated = figures(std::mem::take(&mut record.figures));
            let input = event(record);
            let others = input.assignment.into_iter().chain([input.owner.id()]);
            let needs: Vec<Uuid> = others.chain(input.organisers.iter().map(|organiser| organiser.id())).collect();
            step!(self, "event", place, id, needs, async {
                let outcome = event::put(&mut self.writer, id, input).await?;
                Ok(outcome.with(figure::put(&mut self.writer, (SubjectKind::Event, id), stated).await?))
            });
        }
        Ok(())
    }

    pub(super) async fn items(
        &mut self,
        (table, noun): (&str, &'static str),
        kind: SubjectKind,
        records: Vec<document::Item>,
    ) -> Result<(), Error> {
        for mut record in records {
            let (id, place) = (id(table, &record.key), record.place.clone());
            let stated = figures(std::mem::take(&mut record.figures));
            let input = item(record);
            let needs: Vec<Uuid> = input.assignment.into_iter().chain([input.owner.id()]).collect();
            step!(self, noun, place, id, needs, async {
                let writer = &mut self.writer;
                let outcome = match kind {
                    SubjectKind::Priority => priority::put(writer, id, input).await?,
                    SubjectKind::FollowUpItem => follow_up_item::put(writer, id, input).await?,
                    SubjectKind::Activity => activity::put(writer, id, input).await?,
                    _ => result::put(writer, id, input).await?,
                };
                Ok(outcome.with(figure::put(writer, (kind, id), stated).await?))
            });
        }
        Ok(())
    }
}

fn owner(owner: &document::Owner) -> Owner {
    match owner {
        document::Owner::Group(group) => Owner::Group(to("group", group)),
        document::Owner::Organisation(organisation) => Owner::Organisation(to("organisation", organisation)),
    }
}

fn agreed(record: document::Agreement) -> AgreementInput {
    let party = |party: document::Party| PartyInput {
        organisation: to_any("organisation", party.organisation.as_ref()),
        description: party.description,
        number: party.number,
        period: party.period,
        notice: party.notice,
    };
    let assignment = |assignment: document::Assignment| AssignmentInput {
        id: id("assignment", &assignment.key),
        name: assignment.name,
        description: assignment.description,
        owner: assignment.owner.as_ref().map(owner),
    };
    AgreementInput {
        name: record.name,
        purpose: record.purpose,
        owner: to_any("organisation", record.owner.as_ref()),
        parent: to_any("agreement", record.parent.as_ref()),
        audience: record.audience,
        period: record.period,
        references: record.references,
        parties: record.parties.into_iter().map(party).collect(),
        assignments: record.assignments.into_iter().map(assignment).collect(),
        sources: sources(record.sources),
    }
}

fn project(record: document::Project) -> ProjectInput {
    let partner = |partner: document::Partner| PartnerInput {
        organisation: to_any("organisation", partner.organisation.as_ref()),
        description: partner.description,
    };
    let indicator = |indicator: document::Indicator| IndicatorInput {
        name: indicator.name,
        target: indicator.target,
        outcome: indicator.outcome,
        women: indicator.women,
        men: indicator.men,
    };
    ProjectInput {
        name: record.name,
        summary: record.summary,
        objective: record.objective,
        owner: to("organisation", &record.owner),
        contact: to_any("person", record.contact.as_ref()),
        assignment: to_any("assignment", record.assignment.as_ref()),
        phase: record.phase,
        fund: record.fund,
        programme: record.programme,
        programme_area: record.programme_area,
        specific_objective: record.specific_objective,
        intervention_type: record.intervention_type,
        nuts: record.nuts,
        granted: record.granted,
        total_budget: record.total_budget,
        cofinancing_rate: record.cofinancing_rate,
        subject_area: record.subject_area,
        audience: record.audience,
        period: record.period,
        references: record.references,
        partners: record.partners.into_iter().map(partner).collect(),
        municipalities: record.municipalities.iter().map(|named| to("organisation", named)).collect(),
        indicators: record.indicators.into_iter().map(indicator).collect(),
        sources: sources(record.sources),
    }
}

fn event(record: document::Event) -> EventInput {
    EventInput {
        name: record.name,
        description: record.description,
        owner: owner(&record.owner),
        organisers: record.organisers.iter().map(owner).collect(),
        assignment: to_any("assignment", record.assignment.as_ref()),
        subject_area: record.subject_area,
        place: record.meeting_place,
        participants: record.participants,
        audience: record.audience,
        period: record.period,
        sources: sources(record.sources),
    }
}

fn item(record: document::Item) -> ItemInput {
    ItemInput {
        owner: owner(&record.owner),
        assignment: to_any("assignment", record.assignment.as_ref()),
        ordinal: record.ordinal,
        name: record.name,
        description: record.description,
        period: record.period,
        sources: sources(record.sources),
    }
}
