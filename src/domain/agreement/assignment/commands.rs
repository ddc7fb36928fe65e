//! What is asked of assignments: add, update, remove. An assignment is part of its agreement, whose version counts its changes.

use async_graphql::{InputObject, MaybeUndefined};
use entity::values::{GlobalId, SubjectKind};
use entity::{agreement, assignment};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::domain::agreement::commands::permit;
use crate::domain::input;
use crate::domain::owner::{Owner, OwnerInput};
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::error::{Error, Rule};
use crate::policy::{self, Action, Permit};

/// What an agreement asks, after what it asks already.
#[derive(Clone, Debug, InputObject)]
pub struct AddAssignmentInput {
    /// Which agreement.
    pub agreement: GlobalId,
    /// The version of the agreement that was seen.
    pub expected_version: i32,
    /// What it is called.
    pub name: String,
    /// What is to be done.
    pub description: Option<String>,
    /// On whom it falls.
    pub owner: Option<OwnerInput>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// What is to be different about an assignment; what is left out stays.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateAssignmentInput {
    /// Which.
    pub assignment: GlobalId,
    /// The version of the agreement that was seen.
    pub expected_version: i32,
    /// What it is called.
    pub name: Option<String>,
    /// What is to be done; null for nothing more.
    pub description: MaybeUndefined<String>,
    /// On whom it falls; null for nobody in particular.
    pub owner: MaybeUndefined<OwnerInput>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which assignment an agreement does not ask. One that somebody has done something under stays.
#[derive(Clone, Debug, InputObject)]
pub struct RemoveAssignmentInput {
    /// Which.
    pub assignment: GlobalId,
    /// The version of the agreement that was seen.
    pub expected_version: i32,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for AddAssignmentInput {
    how!(AddAssignment);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = permit(view, Action::AddAssignment, self.agreement).await?;
        if let Some(owner) = self.owner {
            input::subjects_seen(view, [owner.subject()], "owner").await?;
        }
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let agreement_id = self.agreement.of(SubjectKind::Agreement);
        writer.expect::<agreement::Model>(SubjectKind::Agreement, agreement_id, self.expected_version).await?;
        let of_agreement = assignment::Column::AgreementId.eq(agreement_id);
        let others = assignment::Entity::find().filter(of_agreement).all(writer.db()).await?;
        let (group_id, organisation_id) = Owner::columns(self.owner.map(Owner::from));
        let row = assignment::Model {
            id: writer.app().new_id(),
            agreement_id,
            ordinal: others.iter().map(|other| other.ordinal).max().unwrap_or_default() + 1,
            name: input::name(&self.name, "name")?,
            description: input::text_if_given(self.description.as_ref(), "description")?,
            group_id,
            organisation_id,
        };
        let mut entry = writer.entry(SubjectKind::Agreement, agreement_id);
        writer.put(&mut entry, row).await?;
        writer.finish::<agreement::Model>(entry).await?;
        Ok(agreement_id)
    }
}

impl Command for UpdateAssignmentInput {
    how!(UpdateAssignment);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = of_assignment(view, Action::UpdateAssignment, self.assignment).await?;
        if let MaybeUndefined::Value(owner) = self.owner {
            input::subjects_seen(view, [owner.subject()], "owner").await?;
        }
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let mut row = expected(writer, self.assignment, self.expected_version).await?;
        if let Some(name) = &self.name {
            row.name = input::name(name, "name")?;
        }
        row.description = input::changed_text(&self.description, row.description, "description")?;
        (row.group_id, row.organisation_id) = match self.owner {
            MaybeUndefined::Undefined => (row.group_id, row.organisation_id),
            MaybeUndefined::Null => (None, None),
            MaybeUndefined::Value(owner) => Owner::columns(Some(owner.into())),
        };
        let id = row.agreement_id;
        let mut entry = writer.entry(SubjectKind::Agreement, id);
        writer.put(&mut entry, row).await?;
        writer.finish::<agreement::Model>(entry).await?;
        Ok(id)
    }
}

impl Command for RemoveAssignmentInput {
    how!(RemoveAssignment);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        of_assignment(view, Action::RemoveAssignment, self.assignment).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let row = expected(writer, self.assignment, self.expected_version).await?;
        let id = row.agreement_id;
        let mut entry = writer.entry(SubjectKind::Agreement, id);
        writer.remove(&mut entry, row).await.map_err(|error| in_use(error, self.assignment))?;
        writer.finish::<agreement::Model>(entry).await?;
        Ok(id)
    }
}

/// The database keeps what something is done under.
fn in_use(error: Error, assignment: GlobalId) -> Error {
    match error {
        Error::Conflict { rule: Rule::ReferenceMissing, .. } => {
            let id = assignment.of(SubjectKind::Assignment);
            Error::conflict_on(Rule::AssignmentInUse, SubjectKind::Assignment, id).at("assignment")
        }
        other => other,
    }
}

async fn of_assignment(view: &View, action: Action, assignment: GlobalId) -> Result<Permit, Error> {
    let subject = (SubjectKind::Assignment, assignment.of(SubjectKind::Assignment));
    policy::permit_on(&view.app, &view.actor, action, subject).await.map_err(|error| error.at("assignment"))
}

/// The assignment, if its agreement, which is locked, is as the asker has seen it.
async fn expected(writer: &Writer, assignment: GlobalId, version: i32) -> Result<assignment::Model, Error> {
    let id = assignment.of(SubjectKind::Assignment);
    let gone = || Error::NotFound.at("assignment");
    let of = writer.find::<assignment::Model>(id).await?.ok_or_else(gone)?.agreement_id;
    writer.expect::<agreement::Model>(SubjectKind::Agreement, of, version).await?;
    writer.lock(id).await?.ok_or_else(gone)
}
