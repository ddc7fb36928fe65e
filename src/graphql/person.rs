//! People as the schema shows them.

use async_graphql::{Context, Description, InputObject, Object};
use entity::values::{Audience, DateRange, GlobalId, SubjectKind, Url};

use super::change::Change;
use super::connection::connections;
use super::contact_point::ContactPoint;
use super::meeting::Meeting;
use super::membership::Membership;
use super::period::OrderDirection;
use super::project::Project;
use super::row::Row;
use super::source::Source;
use super::tenure::Tenure;
use crate::domain::membership::MembershipFilter;
use crate::domain::{card, person};
use crate::error::Error;

/// How people are ordered: by family name, then given name, in Swedish order.
#[derive(Clone, Copy, Debug, Default, InputObject)]
pub struct PersonOrder {
    /// Which way.
    pub direction: OrderDirection,
}

/// Person: a human in the directory.
#[derive(Description)]
pub struct Person(pub Row<person::Row>);

impl From<Row<person::Row>> for Person {
    fn from(row: Row<person::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Person {
    /// The person's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Person)
    }

    /// Given name.
    async fn given_name(&self) -> &str {
        &self.0.given_name
    }

    /// Family name.
    async fn family_name(&self) -> &str {
        &self.0.family_name
    }

    /// Given name and family name.
    async fn name(&self) -> String {
        self.0.name()
    }

    /// Who may see the person.
    async fn audience(&self) -> Audience {
        self.0.audience
    }

    /// Counts the changes of the person, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The positions that the person holds and has held, the latest first: title and employer come from here.
    async fn tenures(&self, ctx: &Context<'_>) -> Result<Vec<Tenure>, Error> {
        let found = self.0.many(ctx, crate::domain::tenure::of_people).await?;
        Ok(found.into_iter().map(Tenure).collect())
    }

    /// The lists that belong to it.
    #[graphql(flatten)]
    async fn lists(&self) -> PersonLists {
        PersonLists(self.0.clone())
    }

    /// How to reach the person, in no capacity in particular: what holds on the day and the asker may see.
    async fn contact_points(&self, ctx: &Context<'_>) -> Result<Vec<ContactPoint>, Error> {
        super::contact_point::of(ctx, &self.0).await
    }

    /// Where the person's card for address books is: a vCard, of the chosen day if there is one.
    async fn card_url(&self) -> Url {
        self.0.view().app.url(&card::path_of_person(self.0.global_id(SubjectKind::Person)))
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }
}

connections! {
    PersonLists of person::Row {
        /// Where the person sits and has sat, the latest first; all of it, unless the filter says otherwise.
        memberships(filter: MembershipFilter = "Which of them.") -> Membership by crate::domain::membership::of_people;
        /// The meetings to which the person is called, in order of time: of groups in which they sit on that day, and those at which they are named to
        /// stand in; and those that they attended.
        meetings(between: DateRange = "Only meetings of which some part lies on these days.") -> Meeting by crate::domain::meeting::of_people;
        /// The projects that the person is the contact of, by name, whether they are run on the day or not.
        projects() -> Project by crate::domain::project::of_people;
        /// What has been changed of it, the latest first, for who may change it, auditors and administrators; empty for others.
        history() -> Change by crate::domain::change::of_people;
    }
}
