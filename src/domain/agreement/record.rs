//! An agreement as it is on record: its row, its parties, what it asks, and its references.

use std::collections::HashMap;

use entity::values::{Audience, Period, ReferenceNumber, SubjectKind, search_key, sort_key};
use entity::{Dated, agreement, agreement_party, assignment, organisation};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::domain::owner::Owner;
use crate::domain::reference;
use crate::domain::source::{self, SourceInput};
use crate::domain::write::{Entry, Outcome, Verbs, Writer, derived};
use crate::error::Error;

/// An agreement, as a verb takes it.
#[derive(Clone, Debug)]
pub struct AgreementInput {
    pub name: String,
    pub purpose: Option<String>,
    /// The organisation in whose register it is kept.
    pub owner: Option<Uuid>,
    pub parent: Option<Uuid>,
    pub audience: Audience,
    pub period: Period,
    pub references: Vec<ReferenceNumber>,
    pub parties: Vec<PartyInput>,
    pub assignments: Vec<AssignmentInput>,
    pub sources: Vec<SourceInput>,
}

/// A party, as a verb takes it.
#[derive(Clone, Debug)]
pub struct PartyInput {
    /// At least one of the two.
    pub organisation: Option<Uuid>,
    pub description: Option<String>,
    /// How many they are, of several that are not named.
    pub number: Option<i32>,
    /// An open bound is that of the agreement, or else of the organisation.
    pub period: Period,
    pub notice: Option<Period>,
}

/// An assignment, as a verb takes it.
#[derive(Clone, Debug)]
pub struct AssignmentInput {
    pub id: Uuid,
    pub name: String,
    pub description: Option<String>,
    pub owner: Option<Owner>,
}

const VERBS: Verbs = Verbs { new: "createAgreement", changed: "updateAgreement", gone: "removeAgreement" };

/// Makes an agreement what it should be.
pub async fn put(writer: &mut Writer, id: Uuid, input: AgreementInput) -> Result<Outcome, Error> {
    let mut entry = Entry::new(VERBS, SubjectKind::Agreement, id);
    write(writer, &mut entry, id, input).await?;
    writer.finish::<agreement::Model>(entry).await
}

/// The same as part of the verb that the entry is of. Parties go first and come last: they lie inside its period.
pub async fn write(writer: &Writer, entry: &mut Entry, id: Uuid, input: AgreementInput) -> Result<(), Error> {
    let (valid_from, valid_until, valid_precision) = input.period.columns();
    let row = agreement::Model {
        id,
        sort_key: sort_key(&[&input.name]),
        search_key: search_key(&input.name),
        name: input.name,
        purpose: input.purpose,
        owner_id: input.owner,
        parent_id: input.parent,
        audience: input.audience,
        valid_from,
        valid_until,
        valid_precision,
        version: 0,
    };
    let existed = existed(writer, input.parties.iter().filter_map(|party| party.organisation)).await?;
    let wanted = parties(id, input.period, &existed, &input.parties);
    let were = agreement_party::Entity::find().filter(agreement_party::Column::AgreementId.eq(id));
    let were = were.all(writer.db()).await?;
    let kept = were.iter().filter(|row| wanted.contains(row)).cloned().collect();
    writer.rewrite(entry, were, kept).await?;
    writer.put(entry, row).await?;
    for party in wanted {
        writer.put(entry, party).await.map_err(|error| error.at("parties"))?;
    }
    let were = assignment::Entity::find().filter(assignment::Column::AgreementId.eq(id)).all(writer.db()).await?;
    let assignments = (1..).zip(input.assignments).map(|(ordinal, input)| assigned(id, ordinal, input));
    writer.replace(entry, were, assignments.collect()).await?;
    reference::put(writer, entry, (SubjectKind::Agreement, id), input.references).await?;
    source::put(writer, entry, (SubjectKind::Agreement, id), input.sources).await
}

/// How long organisations exist.
pub async fn existed(writer: &Writer, ids: impl Iterator<Item = Uuid>) -> Result<HashMap<Uuid, Period>, Error> {
    let named = organisation::Entity::find().filter(organisation::Column::Id.is_in(ids)).all(writer.db()).await?;
    Ok(named.iter().map(|row| (row.id, row.period())).collect())
}

fn parties(
    agreement_id: Uuid,
    within: Period,
    existed: &HashMap<Uuid, Period>,
    inputs: &[PartyInput],
) -> Vec<agreement_party::Model> {
    let row = |(at, input): (usize, &PartyInput)| {
        let named = input.organisation.map_or_else(|| "described".to_owned(), |id| id.to_string());
        let again = inputs[..at].iter().filter(|other| other.organisation == input.organisation).count();
        let existed = input.organisation.and_then(|id| existed.get(&id)).copied().unwrap_or(Period::ALWAYS);
        let (valid_from, valid_until, valid_precision) = input.period.within(within).within(existed).columns();
        let notice = input.notice.map(Period::columns);
        agreement_party::Model {
            id: derived(agreement_id, &format!("party/{named}/{again}")),
            agreement_id,
            organisation_id: input.organisation,
            description: input.description.clone(),
            number: input.number,
            notice_from: notice.map(|(from, ..)| from),
            notice_until: notice.map(|(_, until, _)| until),
            notice_precision: notice.map(|(.., precision)| precision),
            valid_from,
            valid_until,
            valid_precision,
        }
    };
    inputs.iter().enumerate().map(row).collect()
}

fn assigned(agreement_id: Uuid, ordinal: i32, input: AssignmentInput) -> assignment::Model {
    let (group_id, organisation_id) = Owner::columns(input.owner);
    assignment::Model {
        id: input.id,
        agreement_id,
        ordinal,
        name: input.name,
        description: input.description,
        group_id,
        organisation_id,
    }
}
