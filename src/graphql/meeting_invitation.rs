//! Invitations by e-mail as the schema shows them.

use async_graphql::{Description, Object};
use chrono::{DateTime, FixedOffset};
use entity::values::InvitationStanding;

use super::group::Group;
use super::meeting::Sitting;
use super::person::Person;
use super::row::Row;
use crate::domain::meeting_invitation::{self, InvitationDelivery};
use crate::error::Error;

/// Kallelse: what somebody is told by e-mail of a sitting, and what became of it. There are such only where the server sends mail, and
/// until 30 days after the sitting.
#[derive(Description)]
pub struct MeetingInvitation(pub Row<meeting_invitation::Row>);

impl From<Row<meeting_invitation::Row>> for MeetingInvitation {
    fn from(row: Row<meeting_invitation::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl MeetingInvitation {
    /// Who is told; of several who share an address, the first.
    async fn person(&self) -> Result<Option<Person>, Error> {
        Ok(self.0.part("person", |row| Some(&row.person))?.map(Person))
    }

    /// In which group they are called, or were.
    async fn group(&self) -> Result<Option<Group>, Error> {
        let find = crate::domain::group::by_ids;
        Ok(self.0.one("group", |row| Some(row.invitation.group_id), find).await?.map(Group))
    }

    /// To which sitting; null when it is not planned any more.
    async fn sitting(&self) -> Result<Option<Sitting>, Error> {
        let find = crate::domain::meeting::sittings_by_ids;
        Ok(self.0.one("sitting", |row| Some(row.invitation.sitting_id), find).await?.map(Sitting))
    }

    /// What they are to know.
    async fn standing(&self) -> InvitationStanding {
        self.0.invitation.standing
    }

    /// What they have been told; null when no message has been taken yet.
    async fn told(&self) -> Option<InvitationStanding> {
        self.0.invitation.told
    }

    /// When the mail server last took a message to them, with the offset of Europe/Stockholm.
    async fn told_at(&self) -> Option<DateTime<FixedOffset>> {
        self.0.invitation.told_at.map(|instant| instant.local())
    }

    /// What has become of the latest message.
    async fn delivery(&self) -> InvitationDelivery {
        self.0.delivery()
    }
}
