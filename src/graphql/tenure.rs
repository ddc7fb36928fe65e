//! Tenures as the schema shows them.

use async_graphql::{Description, Object};
use entity::values::{GlobalId, SubjectKind};

use super::change::Change;
use super::connection::connections;
use super::period::Period;
use super::person::Person;
use super::position::Position;
use super::row::Row;
use super::source::Source;
use crate::domain::tenure;
use crate::error::Error;

/// Innehav: a person holds a position for a period.
#[derive(Description)]
pub struct Tenure(pub Row<tenure::Row>);

impl From<Row<tenure::Row>> for Tenure {
    fn from(row: Row<tenure::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Tenure {
    /// The tenure's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Tenure)
    }

    /// Who holds the position.
    async fn person(&self) -> Result<Option<Person>, Error> {
        Ok(self.0.part("person", |row| row.person.as_ref())?.map(Person))
    }

    /// The position.
    async fn position(&self) -> Result<Option<Position>, Error> {
        Ok(self.0.part("position", |row| row.position.as_ref())?.map(Position))
    }

    /// How long.
    async fn period(&self) -> Period {
        Period::new(self.0.tenure.period, self.0.view().on())
    }

    /// Why it ended.
    async fn end_reason(&self) -> Option<&str> {
        self.0.tenure.end_reason.as_deref()
    }

    /// Counts the changes of the tenure, from 1.
    async fn version(&self) -> i32 {
        self.0.tenure.version
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }

    /// The lists that belong to it.
    #[graphql(flatten)]
    async fn lists(&self) -> TenureLists {
        TenureLists(self.0.clone())
    }
}

connections! {
    TenureLists of tenure::Row {
        /// What has been changed of it, the latest first, for who may change it, auditors and administrators; empty for others.
        history() -> Change by crate::domain::change::of_tenures;
    }
}
