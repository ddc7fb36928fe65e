//! Identities: sign-ins, and whose they are.

mod commands;

use async_graphql::InputObject;
use entity::values::{GlobalId, SubjectKind};
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::row;
use crate::domain::page::{Key, List, Page, Slice};
use crate::domain::view::View;
use crate::domain::write::{Entry, Writer};
use crate::error::Error;
use crate::policy::{self, Action, SignIn, scope};

pub use commands::{AcceptInvitationInput, LinkIdentityInput};

row! {
    /// An identity.
    Row { id, issuer: String, subject: String, person_id: Option<Uuid>, version: i32 }
}

/// Which identities are wanted; those that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, InputObject)]
pub struct IdentityFilter {
    /// Of this issuer.
    pub issuer: Option<String>,
    /// Linked to this person.
    pub person: Option<GlobalId>,
    /// Linked to a person (`true`) or to nobody (`false`).
    pub linked: Option<bool>,
}

fn all(view: &View, filter: Sql) -> List {
    List {
        name: "identity by id",
        columns: Row::columns("i").into(),
        main: "i",
        table: "identity i",
        joins: Sql::default(),
        filter: filter.and(scope::identity(&view.actor, "i")),
        keys: &[Key::Id("i.id")],
        descending: false,
        veiled: None,
    }
}

/// The identities with these ids that the asker may see: their own; auditors and administrators see all.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    all(&view, Sql::from("i.id IN").then(Sql::list(ids))).all(&view, "").await
}

/// A page of the identities that fit. For auditors and administrators.
pub async fn list(view: &View, filter: &IdentityFilter, page: &Page) -> Result<Slice<Row>, Error> {
    policy::callable(&view.actor, Action::ReadGrants)?;
    let wanted = Sql::default()
        .and_some(filter.issuer.as_ref(), |issuer| sql!("i.issuer = ?", issuer.as_str()))
        .and_some(filter.person, |id| sql!("i.person_id = ?", id.of(SubjectKind::Person)))
        .and_some(filter.linked, |linked| {
            Sql::text(if linked { "i.person_id IS NOT NULL" } else { "i.person_id IS NULL" })
        });
    all(view, wanted).page(view, page).await
}

/// The identity of a sign-in, which is entered when it is not there yet.
pub async fn entered(writer: &Writer, entry: &mut Entry, sign_in: &SignIn) -> Result<entity::identity::Model, Error> {
    let id = sign_in.identity();
    if let Some(there) = writer.lock(id).await? {
        return Ok(there);
    }
    let (issuer, subject) = (sign_in.issuer.clone(), sign_in.subject.clone());
    let row = entity::identity::Model { id, issuer, subject, person_id: None, version: 1 };
    writer.put(entry, row.clone()).await?;
    Ok(row)
}
