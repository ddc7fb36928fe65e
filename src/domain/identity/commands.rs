//! What is asked of identities: whose they are.

use async_graphql::InputObject;
use entity::values::{GlobalId, SubjectKind};
use entity::{identity, invitation};
use uuid::Uuid;

use super::entered;
use crate::domain::input::seen_if_given;
use crate::domain::invitation::find_by_code;
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::error::{Error, Rule};
use crate::policy::{self, Action, Permit};

/// Whose sign-in an identity is.
#[derive(Clone, Debug, InputObject)]
pub struct LinkIdentityInput {
    /// The identity.
    pub identity: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// Whose it is; nobody's when left out.
    pub person: Option<GlobalId>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// The code by which somebody links their own sign-in.
#[derive(Clone, Debug, InputObject)]
pub struct AcceptInvitationInput {
    /// The code of the invitation.
    pub code: String,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for LinkIdentityInput {
    how!(LinkIdentity);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let identity = (SubjectKind::Identity, self.identity.of(SubjectKind::Identity));
        let permit = policy::permit_on(&view.app, &view.actor, Action::LinkIdentity, identity).await;
        let permit = permit.map_err(|error| error.at("identity"))?;
        seen_if_given(view, self.person, SubjectKind::Person, "person").await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.identity.of(SubjectKind::Identity);
        let was: identity::Model = writer.expect(SubjectKind::Identity, id, self.expected_version).await?;
        let mut entry = writer.entry(SubjectKind::Identity, id);
        let person_id = self.person.map(|person| person.of(SubjectKind::Person));
        writer.put(&mut entry, identity::Model { person_id, ..was }).await?;
        writer.finish::<identity::Model>(entry).await?;
        Ok(id)
    }
}

impl Command for AcceptInvitationInput {
    how!(AcceptInvitation);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        policy::permit(&view.actor, Action::AcceptInvitation)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let sign_in = writer.permit().actor().sign_in().cloned().ok_or(Error::NotFound)?;
        let found = find_by_code(writer, &self.code).await?.ok_or_else(|| Error::NotFound.at("code"))?;
        if found.identity_id.is_some() || found.expires_at <= writer.app().now() {
            return Err(Error::conflict(Rule::InvitationSpent).at("code"));
        }
        let id = sign_in.identity();
        let mut entry = writer.entry(SubjectKind::Identity, id);
        let was = entered(writer, &mut entry, &sign_in).await?;
        if was.person_id.is_some_and(|person| person != found.person_id) {
            return Err(Error::conflict_on(Rule::IdentityLinked, SubjectKind::Identity, id));
        }
        writer.put(&mut entry, identity::Model { person_id: Some(found.person_id), ..was }).await?;
        writer.put(&mut entry, invitation::Model { identity_id: Some(id), ..found }).await?;
        writer.finish::<identity::Model>(entry).await?;
        Ok(id)
    }
}
