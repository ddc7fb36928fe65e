//! Grants as the schema shows them.

use async_graphql::{Description, Object};
use entity::values::{GlobalId, Role, SubjectKind};

use super::group::Group;
use super::identity::Identity;
use super::organisation::Organisation;
use super::period::Period;
use super::row::Row;
use crate::domain::grant;
use crate::error::Error;

/// Behörighet: what an identity may do, and where, for a period.
#[derive(Description)]
pub struct Grant(pub Row<grant::Row>);

impl From<Row<grant::Row>> for Grant {
    fn from(row: Row<grant::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Grant {
    /// The grant's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Grant)
    }

    /// Whose it is.
    async fn identity(&self) -> Result<Option<Identity>, Error> {
        let find = crate::domain::identity::by_ids;
        Ok(self.0.one("identity", |row| Some(row.identity_id), find).await?.map(Identity))
    }

    /// What the identity may do.
    async fn role(&self) -> Role {
        self.0.role
    }

    /// A coordinator's group; those below it are meant too.
    async fn group(&self) -> Result<Option<Group>, Error> {
        Ok(self.0.one("group", |row| row.group_id, crate::domain::group::by_ids).await?.map(Group))
    }

    /// A representative's organisation; its units are meant too.
    async fn organisation(&self) -> Result<Option<Organisation>, Error> {
        let find = crate::domain::organisation::by_ids;
        Ok(self.0.one("organisation", |row| row.organisation_id, find).await?.map(Organisation))
    }

    /// How long.
    async fn period(&self) -> Period {
        Period::new(self.0.period, self.0.view().on())
    }

    /// Counts the changes of the grant, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
