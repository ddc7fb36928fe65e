//! Contact points and contacts as the schema shows them.

use async_graphql::{Context, Description, Object};
use entity::values::{Audience, ContactPointKind, ContactValue, GlobalId, SeatRole, SubjectKind};

use super::membership::Membership;
use super::period::Period;
use super::person::Person;
use super::row::Row;
use crate::domain::cells::Identified;
use crate::domain::{contact_point, membership};
use crate::error::Error;

/// Kontaktuppgift: a way to reach someone or something.
#[derive(Description)]
pub struct ContactPoint(pub Row<contact_point::Row>);

#[Object(use_type_description)]
impl ContactPoint {
    /// The contact point's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::ContactPoint)
    }

    /// What it is.
    async fn kind(&self) -> ContactPointKind {
        self.0.kind
    }

    /// The value for a machine: a phone number in E.164, an e-mail address, an address, a web address.
    async fn value(&self) -> &str {
        &self.0.value
    }

    /// The value for a reader: a Swedish phone number in national form, with what stood after it, as in "063-14 66 19 vx".
    async fn text(&self) -> String {
        if self.0.kind != ContactPointKind::Phone {
            return self.0.value.clone();
        }
        let printed = ContactValue::printed_phone(&self.0.value);
        self.0.note.as_ref().map_or(printed.clone(), |note| format!("{printed} {note}"))
    }

    /// What it is for, such as "växel".
    async fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// Who may see it.
    async fn audience(&self) -> Audience {
        self.0.audience
    }

    /// How long it holds.
    async fn period(&self) -> Period {
        Period::new(self.0.period, self.0.view().on())
    }

    /// Counts the changes of the contact point, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// The contact points of any row.
pub async fn of<R: Identified + Clone + Send + Sync + 'static>(
    ctx: &Context<'_>,
    row: &Row<R>,
) -> Result<Vec<ContactPoint>, Error> {
    Ok(row.many(ctx, contact_point::of_subjects).await?.into_iter().map(ContactPoint).collect())
}

/// How to reach a member in that capacity.
pub async fn effective(row: &Row<membership::Row>) -> Result<Vec<ContactPoint>, Error> {
    let found = row.many_from_rows("contactPoints", contact_point::effective).await?;
    Ok(found.into_iter().map(ContactPoint).collect())
}

/// Kontaktperson: whom to call, and in what capacity.
#[derive(Description)]
pub struct Contact(pub Row<membership::Row>);

#[Object(use_type_description)]
impl Contact {
    /// Whom to call.
    async fn person(&self) -> Result<Person, Error> {
        self.0.part("person", |row| row.person.as_ref())?.map(Person).ok_or(Error::NotFound)
    }

    /// In what capacity.
    async fn role(&self) -> SeatRole {
        self.0.seat.role
    }

    /// The membership that makes the person a contact.
    async fn membership(&self) -> Membership {
        Membership(self.0.clone())
    }

    /// How to reach the person in that capacity.
    async fn contact_points(&self) -> Result<Vec<ContactPoint>, Error> {
        effective(&self.0).await
    }
}
