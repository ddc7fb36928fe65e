//! Agreements as the schema shows them.

use async_graphql::{Description, Object};
use entity::values::{Audience, GlobalId, SubjectKind};

use super::activity::Activity;
use super::change::Change;
use super::connection::connections;
use super::event::Event;
use super::follow_up_item::FollowUpItem;
use super::organisation::Organisation;
use super::owner::{Owner, owner};
use super::period::Period;
use super::priority::Priority;
use super::project::Project;
use super::result::ResultItem;
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

    /// The organisation in whose register it is kept.
    async fn owner(&self) -> Result<Option<Organisation>, Error> {
        let find = crate::domain::organisation::by_ids;
        Ok(self.0.one("owner", |row| row.owner_id, find).await?.map(Organisation))
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
        /// What has been changed of it, the latest first, for who may change it, auditors and administrators; empty for others.
        history() -> Change by crate::domain::change::of_agreements;
    }
}

/// Avtalspart: an organisation that is party to an agreement, from when it joined until it leaves; or several that a source does not name.
#[derive(Description)]
pub struct AgreementParty(pub Row<agreement::Party>);

#[Object(use_type_description)]
impl AgreementParty {
    /// The party's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::AgreementParty)
    }

    /// The agreement.
    async fn agreement(&self) -> Result<Option<Agreement>, Error> {
        Ok(self.0.one("agreement", |row| Some(row.party.agreement_id), agreement::by_ids).await?.map(Agreement))
    }

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

    /// The group or the unit that it falls on.
    async fn owner(&self) -> Result<Option<Owner>, Error> {
        owner(&self.0, |row| row.group_id, |row| row.organisation_id).await
    }

    /// The lists that belong to it.
    #[graphql(flatten)]
    async fn lists(&self) -> AssignmentLists {
        AssignmentLists(self.0.clone())
    }
}

connections! {
    AssignmentLists of agreement::Assignment {
        /// What was put first under it, in order of time.
        priorities(year: i32 = "Only those that held on some day of this year.") -> Priority by crate::domain::priority::of_assignments;
        /// What is or was to be come back to under it, in order of time.
        follow_ups(year: i32 = "Only those that were on the list on some day of this year.") -> FollowUpItem by crate::domain::follow_up_item::of_assignments;
        /// What has been done under it, in order of time.
        activities(year: i32 = "Only those of this year.") -> Activity by crate::domain::activity::of_assignments;
        /// What came of it, in order of time.
        results(year: i32 = "Only those of this year.") -> ResultItem by crate::domain::result::of_assignments;
        /// The projects that are run under it, by name.
        projects(year: i32 = "Only those that were run on some day of this year.") -> Project by crate::domain::project::of_assignments;
        /// The events under it, the latest first.
        events(year: i32 = "Only those of this year.") -> Event by crate::domain::event::of_assignments;
    }
}
