//! Substitutions as the schema shows them.

use async_graphql::{Description, Object};
use entity::values::{GlobalId, SubjectKind};

use super::meeting::Meeting;
use super::membership::Membership;
use super::period::Period;
use super::person::Person;
use super::row::Row;
use crate::domain::substitution;
use crate::error::Error;

/// Ersättning: a person who stands in for a member.
#[derive(Description)]
pub struct Substitution(pub Row<substitution::Row>);

impl From<Row<substitution::Row>> for Substitution {
    fn from(row: Row<substitution::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Substitution {
    /// The substitution's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Substitution)
    }

    /// For whom: the membership that the person stands in for.
    async fn membership(&self) -> Result<Option<Membership>, Error> {
        let find = crate::domain::membership::by_ids;
        Ok(self.0.one("membership", |row| Some(row.substitution.membership_id), find).await?.map(Membership))
    }

    /// Who stands in.
    async fn person(&self) -> Result<Option<Person>, Error> {
        Ok(self.0.part("person", |row| Some(&row.person))?.map(Person))
    }

    /// The one meeting for which the person stands in; all, when absent.
    async fn meeting(&self) -> Result<Option<Meeting>, Error> {
        let find = crate::domain::meeting::by_ids;
        Ok(self.0.one("meeting", |row| row.substitution.meeting_id, find).await?.map(Meeting))
    }

    /// For how long.
    async fn period(&self) -> Period {
        Period::new(self.0.substitution.period, self.0.view().on())
    }

    /// In which order: 1 stands in first.
    async fn order(&self) -> i32 {
        self.0.substitution.ordinal
    }

    /// Whether the person may vote when standing in.
    async fn voting(&self) -> bool {
        self.0.substitution.voting
    }

    /// Counts the changes of the substitution, from 1.
    async fn version(&self) -> i32 {
        self.0.substitution.version
    }
}
