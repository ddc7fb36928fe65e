//! Identities as the schema shows them.

use async_graphql::{Description, Object};
use entity::values::{GlobalId, SubjectKind};

use super::grant::Grant;
use super::person::Person;
use super::row::Row;
use crate::domain::identity;
use crate::error::Error;

/// Identitet: a sign-in, as the issuer of its tokens names it.
#[derive(Description)]
pub struct Identity(pub Row<identity::Row>);

impl From<Row<identity::Row>> for Identity {
    fn from(row: Row<identity::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Identity {
    /// The identity's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Identity)
    }

    /// Who issues its tokens.
    async fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// What the issuer calls it.
    async fn subject(&self) -> &str {
        &self.0.subject
    }

    /// Whose it is.
    async fn person(&self) -> Result<Option<Person>, Error> {
        Ok(self.0.one("person", |row| row.person_id, crate::domain::person::by_ids).await?.map(Person))
    }

    /// What it may do on the day, and where.
    async fn grants(&self) -> Result<Vec<Grant>, Error> {
        let found = self.0.many("grants", crate::domain::grant::of_identities).await?;
        Ok(found.into_iter().map(Grant).collect())
    }

    /// Counts the changes of the identity, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
