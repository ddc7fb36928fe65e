//! Agreements as the schema shows them.

use async_graphql::{Description, Object};
use entity::values::{Audience, GlobalId, SubjectKind};

use super::connection::connections;
use super::group::Group;
use super::organisation::Organisation;
use super::period::Period;
use super::row::Row;
use super::source::Source;
use crate::domain::{agreement, reference};
use crate::error::Error;

/// Avtal: what organisations have agreed on.
#[derive(Description)]
pub struct Agreement(pub Row<agreement::Row>);

impl From<Row<agreement::Row>> for Agreement {
    fn from(row: Row<agreement::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Agreement {
    /// The agreement's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Agreement)
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is for.
    async fn purpose(&self) -> Result<Option<String>, Error> {
        Ok(self.0.many("purpose", agreement::purposes).await?.first().map(|row| row.purpose.clone()))
    }

    /// Under what it is kept in registers, such as the diary number "RUN/659/2016".
    async fn references(&self) -> Result<Vec<String>, Error> {
        Ok(self.0.many("references", reference::of_subjects).await?.iter().map(|row| row.text()).collect())
    }

    /// Who is, was or will be party to it: by when they joined, then by the organisation's slug.
    async fn parties(&self) -> Result<Vec<AgreementParty>, Error> {
        Ok(self.0.many("parties", agreement::parties).await?.into_iter().map(AgreementParty).collect())
    }

    /// How long it holds.
    async fn period(&self) -> Period {
        Period::new(self.0.period, self.0.view().on())
    }

    /// The agreement that it belongs under.
    async fn parent(&self) -> Result<Option<Agreement>, Error> {
        Ok(self.0.one("parent", |row| row.parent_id, agreement::by_ids).await?.map(Agreement))
    }

    /// The lists that belong to it.
    #[graphql(flatten)]
    async fn lists(&self) -> AgreementLists {
        AgreementLists(self.0.clone())
    }

    /// Who may see it.
    async fn audience(&self) -> Audience {
        self.0.audience
    }

    /// Counts the changes of the agreement, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }
}

connections! {
    AgreementLists of agreement::Row {
        /// The agreements directly under it (*hängavtal*), by name, whether they hold on the day or not.
        children() -> Agreement by agreement::children;
        /// What it asks, in its order.
        assignments() -> Assignment by agreement::assignments;
    }
}

/// Part: an organisation that is party to an agreement, from when it joined until it leaves; or several that a source does not name.
#[derive(Description)]
pub struct AgreementParty(pub Row<agreement::Party>);

#[Object(use_type_description)]
impl AgreementParty {
    /// Who.
    async fn organisation(&self) -> Result<Option<Organisation>, Error> {
        let find = crate::domain::organisation::by_ids;
        Ok(self.0.one("organisation", |row| row.party.organisation_id, find).await?.map(Organisation))
    }

    /// What a source calls them.
    async fn description(&self) -> Option<&str> {
        self.0.party.description.as_deref()
    }

    /// How many they are, where a source says only that.
    async fn number(&self) -> Option<i32> {
        self.0.party.number
    }

    /// From when they joined until they leave.
    async fn period(&self) -> Period {
        Period::new(self.0.party.period, self.0.view().on())
    }

    /// The day, month or year in which they gave notice.
    async fn notice(&self) -> Option<Period> {
        self.0.notice.map(|notice| Period::new(notice, self.0.view().on()))
    }
}

/// Uppdrag: what an agreement asks, and of whom.
#[derive(Description)]
pub struct Assignment(pub Row<agreement::Assignment>);

impl From<Row<agreement::Assignment>> for Assignment {
    fn from(row: Row<agreement::Assignment>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Assignment {
    /// The assignment's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Assignment)
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What is to be done.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// The agreement that asks it.
    async fn agreement(&self) -> Result<Option<Agreement>, Error> {
        Ok(self.0.one("agreement", |row| Some(row.agreement_id), agreement::by_ids).await?.map(Agreement))
    }

    /// The group that it falls on.
    async fn group(&self) -> Result<Option<Group>, Error> {
        Ok(self.0.one("group", |row| row.group_id, crate::domain::group::by_ids).await?.map(Group))
    }

    /// The unit that it falls on.
    async fn organisation(&self) -> Result<Option<Organisation>, Error> {
        let find = crate::domain::organisation::by_ids;
        Ok(self.0.one("organisation", |row| row.organisation_id, find).await?.map(Organisation))
    }
}
