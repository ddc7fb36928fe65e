//! Invitations as the schema shows them.

use async_graphql::{Description, Object};
use chrono::{DateTime, FixedOffset};
use entity::values::{GlobalId, SubjectKind};

use super::person::Person;
use super::row::Row;
use crate::domain::invitation;
use crate::error::Error;

/// Inbjudan: an offer to a person to link their sign-in, by a code.
#[derive(Description)]
pub struct Invitation(pub Row<invitation::Row>);

#[Object(use_type_description)]
impl Invitation {
    /// The invitation's id.
    async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Invitation)
    }

    /// Who is invited.
    async fn person(&self) -> Result<Option<Person>, Error> {
        Ok(self.0.one("person", |row| Some(row.person_id), crate::domain::person::by_ids).await?.map(Person))
    }

    /// Until when it can be accepted.
    async fn expires_at(&self) -> DateTime<FixedOffset> {
        self.0.expires_at.local()
    }

    /// Whether it has been accepted.
    async fn accepted(&self) -> bool {
        self.0.identity_id.is_some()
    }

    /// The code, for the invited person alone: whoever gives it to `acceptInvitation` is taken for that person. Absent once it has been accepted.
    async fn code(&self) -> Option<String> {
        self.0.identity_id.is_none().then(|| invitation::code(&self.0.view().app, self.0.id))
    }
}
