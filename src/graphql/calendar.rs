//! Calendars with a secret address, as the schema shows them.

use async_graphql::{Description, Object};
use entity::values::{GlobalId, SubjectKind, Url};

use super::group::Group;
use super::organisation::Organisation;
use super::person::Person;
use super::row::Row;
use crate::domain::calendar;
use crate::error::Error;

/// Kalender: meetings to subscribe to by a secret address. It shows what its owner may see when it is read.
#[derive(Description)]
pub struct Calendar(pub Row<calendar::Row>);

#[Object(use_type_description)]
impl Calendar {
    /// The calendar's id.
    async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Calendar)
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Its address, for its owner alone: whoever has it reads the calendar. Null once it has been revoked, and for administrators.
    async fn url(&self) -> Option<Url> {
        let owner = self.0.view().actor.sign_in().map(crate::policy::SignIn::identity);
        let open = !self.0.revoked && owner == Some(self.0.identity_id);
        open.then(|| calendar::url(&self.0.view().app, self.0.id))
    }

    /// Whose meetings it holds, if it is a person's.
    async fn person(&self) -> Result<Option<Person>, Error> {
        let id = |row: &calendar::Row| row.filter().person.map(|id| id.of(SubjectKind::Person));
        Ok(self.0.one("person", id, crate::domain::person::by_ids).await?.map(Person))
    }

    /// Whose meetings it holds, if it is a group's.
    async fn group(&self) -> Result<Option<Group>, Error> {
        let id = |row: &calendar::Row| row.filter().group.map(|id| id.of(SubjectKind::Group));
        Ok(self.0.one("group", id, crate::domain::group::by_ids).await?.map(Group))
    }

    /// Whose meetings it holds, if it is an organisation's.
    async fn organisation(&self) -> Result<Option<Organisation>, Error> {
        let id = |row: &calendar::Row| row.filter().organisation.map(|id| id.of(SubjectKind::Organisation));
        Ok(self.0.one("organisation", id, crate::domain::organisation::by_ids).await?.map(Organisation))
    }

    /// Whether its address shows nothing any more.
    async fn revoked(&self) -> bool {
        self.0.revoked
    }

    /// Counts the changes of the calendar, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
