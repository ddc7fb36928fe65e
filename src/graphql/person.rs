//! People as the schema shows them.

use async_graphql::{Context, Description, InputObject, Object};
use entity::values::{Audience, DateRange, GlobalId, SubjectKind};

use super::connection::{Connection, page};
use super::contact_point::ContactPoint;
use super::meeting::Meeting;
use super::membership::Membership;
use super::period::OrderDirection;
use super::row::Row;
use super::source::Source;
use super::tenure::Tenure;
use crate::domain::membership::MembershipFilter;
use crate::domain::person;
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
        format!("{} {}", self.0.given_name, self.0.family_name)
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
    async fn tenures(&self) -> Result<Vec<Tenure>, Error> {
        let found = self.0.many("tenures".into(), crate::domain::tenure::of_people).await?;
        Ok(found.into_iter().map(Tenure).collect())
    }

    /// Where the person sits and has sat, the latest first; all of it, unless the filter says otherwise.
    async fn memberships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<MembershipFilter>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Membership>, Error> {
        let page = page(ctx, (first, after), (last, before))?;
        let filter = filter.unwrap_or_default();
        self.0
            .page("memberships", &format!("{filter:?}"), page, move |view, ids, page| {
                crate::domain::membership::of_people(view, ids, filter, page)
            })
            .await
    }

    /// How to reach the person, in no capacity in particular: what holds on the day and the asker may see.
    async fn contact_points(&self) -> Result<Vec<ContactPoint>, Error> {
        super::contact_point::of(&self.0).await
    }

    /// The meetings that the person attended, in order of time.
    async fn meetings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only meetings of which some part lies on these days.")] between: Option<DateRange>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Meeting>, Error> {
        let page = page(ctx, (first, after), (last, before))?;
        self.0
            .page("meetings", &format!("{between:?}"), page, move |view, ids, page| {
                crate::domain::meeting::attended_by(view, ids, between, page)
            })
            .await
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }
}
