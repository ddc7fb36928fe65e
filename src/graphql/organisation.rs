//! Organisations as the schema shows them.

use async_graphql::{Context, Description, InputObject, Object};
use entity::values::{GlobalId, OrganisationKind, OrganisationNumber, SubjectKind};

use super::connection::{Connection, page};
use super::contact_point::ContactPoint;
use super::figure::Figure;
use super::membership::Membership;
use super::period::{OrderDirection, Period};
use super::person::Person;
use super::position::Position;
use super::row::Row;
use super::seat::Seat;
use super::source::Source;
use crate::domain::membership::MemberFilter;
use crate::domain::organisation::{self, OrganisationFilter};
use crate::error::Error;

/// How organisations are ordered: by name, in Swedish order.
#[derive(Clone, Copy, Debug, Default, InputObject)]
pub struct OrganisationOrder {
    /// Which way.
    pub direction: OrderDirection,
}

/// Organisation: a municipality, region, agency, university, association and so on, or a unit inside one.
#[derive(Description)]
pub struct Organisation(pub Row<organisation::Row>);

impl From<Row<organisation::Row>> for Organisation {
    fn from(row: Row<organisation::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Organisation {
    /// The organisation's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Organisation)
    }

    /// The organisation's name in addresses, unique and lasting.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// The name that the organisation has on the day.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The short form of the name on the day.
    async fn short_name(&self) -> Option<&str> {
        self.0.short_name.as_deref()
    }

    /// All names that the organisation has had, in order of time.
    async fn names(&self) -> Result<Vec<OrganisationName>, Error> {
        let names = self.0.many("names".into(), organisation::names).await?;
        let existed = self.0.period;
        Ok(names.into_iter().map(|name| OrganisationName { name, existed }).collect())
    }

    /// What sort of organisation it is.
    async fn kind(&self) -> OrganisationKind {
        self.0.kind
    }

    /// The organisation number, `NNNNNN-NNNN`.
    async fn organisation_number(&self) -> Option<String> {
        self.0.organisation_number.as_deref().map(OrganisationNumber::printed)
    }

    /// The municipality code in SCB's list: four digits.
    async fn municipality_code(&self) -> Option<&str> {
        self.0.municipality_code.as_deref()
    }

    /// How long the organisation exists.
    async fn period(&self) -> Period {
        Period::new(self.0.period, self.0.view().on())
    }

    /// Counts the changes of the organisation, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The organisation that this unit is part of.
    async fn parent(&self) -> Result<Option<Organisation>, Error> {
        Ok(self.0.one("parent", |row| row.parent_id, organisation::by_ids).await?.map(Organisation))
    }

    /// The organisation that took over from this one.
    async fn successor(&self) -> Result<Option<Organisation>, Error> {
        Ok(self.0.one("successor", |row| row.successor_id, organisation::by_ids).await?.map(Organisation))
    }

    /// The organisations that this one took over from.
    async fn predecessors(&self) -> Result<Vec<Organisation>, Error> {
        Ok(self
            .0
            .many("predecessors".into(), organisation::predecessors)
            .await?
            .into_iter()
            .map(Organisation)
            .collect())
    }

    /// The units directly inside this organisation.
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<OrganisationFilter>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Organisation>, Error> {
        let page = page(ctx, (first, after), (last, before))?;
        let filter = filter.unwrap_or_default();
        self.0
            .page("units", &format!("{filter:?}"), page, move |view, ids, page| {
                organisation::units(view, ids, filter, page)
            })
            .await
    }

    /// How to reach the organisation itself: what holds on the day and the asker may see.
    async fn contact_points(&self) -> Result<Vec<ContactPoint>, Error> {
        super::contact_point::of(&self.0).await
    }

    /// The posts in this organisation, without its units, by title.
    async fn positions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Position>, Error> {
        let page = page(ctx, (first, after), (last, before))?;
        self.0
            .page("positions", "", page, move |view, ids, page| {
                crate::domain::position::of_organisations(view, ids, page)
            })
            .await
    }

    /// The people who hold a post in this organisation or a unit of it on the day, by name.
    async fn people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Person>, Error> {
        let page = page(ctx, (first, after), (last, before))?;
        self.0
            .page("people", "", page, move |view, ids, page| crate::domain::person::of_organisations(view, ids, page))
            .await
    }

    /// Who of ours sits where, as what, until when: memberships on seats of this organisation or on its behalf, units included; by group.
    async fn representation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<MemberFilter>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Membership>, Error> {
        let page = page(ctx, (first, after), (last, before))?;
        let filter = filter.unwrap_or_default();
        self.0
            .page("representation", &format!("{filter:?}"), page, move |view, ids, page| {
                crate::domain::membership::representing(view, ids, filter, page)
            })
            .await
    }

    /// The seats of this organisation and its units that have room on the day, by group.
    async fn vacant_seats(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Seat>, Error> {
        let page = page(ctx, (first, after), (last, before))?;
        self.0
            .page("vacant_seats", "", page, move |view, ids, page| {
                crate::domain::seat::vacant_of_organisations(view, ids, page)
            })
            .await
    }

    /// Numbers that sources state about the organisation.
    async fn figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only figures of this year.")] year: Option<i32>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Figure>, Error> {
        let page = page(ctx, (first, after), (last, before))?;
        self.0
            .page("figures", &format!("{year:?}"), page, move |view, ids, page| {
                crate::domain::figure::of_organisations(view, ids, year, page)
            })
            .await
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }
}

/// Namn: a name that an organisation has, or had.
#[derive(Description)]
pub struct OrganisationName {
    name: Row<organisation::Name>,
    existed: entity::values::Period,
}

#[Object(use_type_description)]
impl OrganisationName {
    /// The name.
    async fn name(&self) -> &str {
        &self.name.name
    }

    /// The short form of the name.
    async fn short_name(&self) -> Option<&str> {
        self.name.short_name.as_deref()
    }

    /// How long the organisation has, or had, this name.
    async fn period(&self) -> Period {
        let within = self.name.period.intersection(self.existed).unwrap_or(self.name.period);
        Period::new(within, self.name.view().on())
    }
}
