//! Organisations as the schema shows them.

use async_graphql::{Context, Description, InputObject, Object};
use entity::values::{DateRange, GlobalId, OrganisationKind, OrganisationNumber, PeriodState, SubjectKind, Url};

use super::activity::Activity;
use super::agreement::Agreement;
use super::change::Change;
use super::connection::connections;
use super::contact_point::ContactPoint;
use super::event::Event;
use super::figure::Figure;
use super::follow_up_item::FollowUpItem;
use super::group::GroupRelation;
use super::meeting::Meeting;
use super::membership::Membership;
use super::period::{OrderDirection, Period};
use super::person::Person;
use super::position::Position;
use super::priority::Priority;
use super::project::Project;
use super::result::ResultItem;
use super::row::Row;
use super::seat::Seat;
use super::source::Source;
use crate::domain::membership::MemberFilter;
use crate::domain::organisation::{self, OrganisationFilter};
use crate::domain::project::ProjectRole;
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
        let names = self.0.many("names", organisation::names).await?;
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
        Ok(self.0.many("predecessors", organisation::predecessors).await?.into_iter().map(Organisation).collect())
    }

    /// The lists that belong to it.
    #[graphql(flatten)]
    async fn lists(&self) -> OrganisationLists {
        OrganisationLists(self.0.clone())
    }

    /// The groups that do their work for this organisation, or took over from it, on the day.
    async fn relations(&self) -> Result<Vec<GroupRelation>, Error> {
        let find = crate::domain::group::relations_to_organisations;
        Ok(self.0.many("relations", find).await?.into_iter().map(GroupRelation).collect())
    }

    /// How to reach the organisation itself: what holds on the day and the asker may see.
    async fn contact_points(&self, ctx: &Context<'_>) -> Result<Vec<ContactPoint>, Error> {
        super::contact_point::of(ctx, &self.0).await
    }

    /// Where the calendar of the meetings of its seats, and those of its units, is, to subscribe to: iCalendar, as the public sees them.
    async fn calendar_url(&self) -> Url {
        crate::domain::calendar::organisation_url(&self.0.view().app, &self.0.slug)
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }
}

connections! {
    OrganisationLists of organisation::Row {
        /// The units directly inside this organisation.
        units(filter: OrganisationFilter = "Which of them.") -> Organisation by organisation::units;
        /// The posts in this organisation, without its units, by title.
        positions() -> Position by crate::domain::position::of_organisations;
        /// The people who hold a post in this organisation or a unit of it on the day, by name.
        people() -> Person by crate::domain::person::of_organisations;
        /// Who of ours sits where, as what, until when: memberships on seats of this organisation or on its behalf, units included; by group.
        representation(filter: MemberFilter = "Which of them.") -> Membership by crate::domain::membership::representing;
        /// The seats of this organisation and its units that are vacant on the day, by group.
        vacant_seats() -> Seat by crate::domain::seat::vacant_of_organisations;
        /// The meetings of groups in which this organisation, or a unit of it, has a seat on that day, in order of time.
        meetings(between: DateRange = "Only meetings of which some part lies on these days.") -> Meeting by crate::domain::meeting::of_organisations;
        /// The agreements to which this organisation itself is party, by name; on the day, unless other states are asked for.
        agreements(states: Vec<PeriodState> = "Only those whose time as a party is in one of these states.") -> Agreement by crate::domain::agreement::of_organisations;
        /// The projects that the organisation has to do with, by name, whether they are run on the day or not.
        projects(roles: Vec<ProjectRole> = "In one of these capacities; in any when left out.", states: Vec<PeriodState> = "Only those in one of these states.", year: i32 = "Only those that were run on some day of this year.") -> Project by crate::domain::project::of_organisations;
        /// The events that the organisation arranges, alone or with others, the latest first.
        events(year: i32 = "Only those on some day of this year.") -> Event by crate::domain::event::of_organisations;
        /// What the organisation puts first, in order of time and then its own; what holds, unless other states are asked for.
        priorities(states: Vec<PeriodState> = "Only those in one of these states.") -> Priority by crate::domain::priority::of_organisations;
        /// What the organisation has on its list of what to come back to; what is on it, unless other states are asked for.
        follow_ups(states: Vec<PeriodState> = "Only those in one of these states.") -> FollowUpItem by crate::domain::follow_up_item::of_organisations;
        /// What the organisation has done, in order of time.
        activities(year: i32 = "Only those of this year.") -> Activity by crate::domain::activity::of_organisations;
        /// What came of what the organisation has done, in order of time.
        results(year: i32 = "Only those of this year.") -> ResultItem by crate::domain::result::of_organisations;
        /// Numbers that sources state about the organisation.
        figures(year: i32 = "Only figures of this year.") -> Figure by crate::domain::figure::of_organisations;
        /// What has been changed of it, the latest first, for who may change it, auditors and administrators; empty for others.
        history() -> Change by crate::domain::change::of_organisations;
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
