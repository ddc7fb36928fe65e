//! What is asked of people: create, update, protect, merge.

use async_graphql::InputObject;
use entity::person;
use entity::values::{Audience, GlobalId, Role, SubjectKind};
use uuid::Uuid;

use super::{merge, row};
use crate::domain::input;
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::error::{Error, Rule};
use crate::policy::{self, Action, Permit};

/// Who is to be in the directory.
#[derive(Clone, Debug, InputObject)]
pub struct CreatePersonInput {
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Who may see the person; no fewer than include the asker everywhere.
    #[graphql(default_with = "Audience::Public")]
    pub audience: Audience,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// What is to be different about a person; what is left out stays.
#[derive(Clone, Debug, InputObject)]
pub struct UpdatePersonInput {
    /// Who.
    pub person: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Who may see the person.
    pub audience: Option<Audience>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Who is to be protected, or no longer.
#[derive(Clone, Debug, InputObject)]
pub struct ProtectPersonInput {
    /// Who.
    pub person: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// Whether the person's data are protected. Who is protected exists for administrators alone, from this moment on.
    pub protected: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which two entries are one person.
#[derive(Clone, Debug, InputObject)]
pub struct MergePeopleInput {
    /// Who stays, with this name.
    pub keep: GlobalId,
    /// The version of who stays that was seen.
    pub expected_version: i32,
    /// Who goes. All that is theirs becomes that of the one who stays.
    pub duplicate: GlobalId,
    /// The version of who goes that was seen.
    pub duplicate_expected_version: i32,
    /// Whether to say only what would change, and change nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for CreatePersonInput {
    how!(CreatePerson);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = policy::permit(&view.actor, Action::CreatePerson)?;
        // Nobody keeps a person yet who has no place: further hidden, they would be gone for whoever enters them.
        if self.audience > view.actor.sees() {
            return Err(Error::NotAllowed(vec![Role::Administrator]).at("audience"));
        }
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = writer.app().new_id();
        let given_name = input::name(&self.given_name, "givenName")?;
        let family_name = input::name(&self.family_name, "familyName")?;
        settle(writer, row(id, given_name, family_name, self.audience, false)).await
    }
}

impl Command for UpdatePersonInput {
    how!(UpdatePerson);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = permit(view, Action::UpdatePerson, self.person, "person").await?;
        if let Some(wanted) = self.audience {
            input::audience(view, wanted)?;
        }
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.person.of(SubjectKind::Person);
        let was: person::Model = writer.expect(SubjectKind::Person, id, self.expected_version).await?;
        let named = |new: &Option<String>, old: String, field| match new {
            Some(name) => input::name(name, field),
            None => Ok(old),
        };
        let given_name = named(&self.given_name, was.given_name, "givenName")?;
        let family_name = named(&self.family_name, was.family_name, "familyName")?;
        settle(writer, row(id, given_name, family_name, self.audience.unwrap_or(was.audience), was.protected)).await
    }
}

impl Command for ProtectPersonInput {
    how!(ProtectPerson);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::ProtectPerson, self.person, "person").await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.person.of(SubjectKind::Person);
        let was: person::Model = writer.expect(SubjectKind::Person, id, self.expected_version).await?;
        settle(writer, person::Model { protected: self.protected, ..was }).await
    }
}

impl Command for MergePeopleInput {
    how!(MergePeople, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::MergePeople, self.duplicate, "duplicate").await?;
        let permit = permit(view, Action::MergePeople, self.keep, "keep").await?;
        let (kept, gone) = self.ids();
        if kept == gone {
            return Err(Error::conflict_on(Rule::MergeWithItself, SubjectKind::Person, gone).at("duplicate"));
        }
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (kept, gone) = self.ids();
        merge::claim(writer, kept, gone).await?;
        let kept: person::Model = writer.expect(SubjectKind::Person, kept, self.expected_version).await?;
        let gone = writer.expect(SubjectKind::Person, gone, self.duplicate_expected_version).await;
        let gone: person::Model = gone.map_err(|error| match error {
            Error::At { error, .. } => error.at("duplicateExpectedVersion"),
            other => other.at("duplicate"),
        })?;
        merge::merge(writer, kept, gone).await
    }
}

impl MergePeopleInput {
    fn ids(&self) -> (Uuid, Uuid) {
        (self.keep.of(SubjectKind::Person), self.duplicate.of(SubjectKind::Person))
    }
}

async fn permit(view: &View, action: Action, person: GlobalId, field: &'static str) -> Result<Permit, Error> {
    let subject = (SubjectKind::Person, person.of(SubjectKind::Person));
    policy::permit_on(&view.app, &view.actor, action, subject).await.map_err(|error| error.at(field))
}

async fn settle(writer: &mut Writer, row: person::Model) -> Result<Uuid, Error> {
    let id = row.id;
    let mut entry = writer.entry(SubjectKind::Person, id);
    writer.put(&mut entry, row).await?;
    writer.finish::<person::Model>(entry).await?;
    Ok(id)
}
