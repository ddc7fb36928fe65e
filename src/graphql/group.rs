//! Groups as the schema shows them.

use async_graphql::{Context, Description, InputObject, Object, Union};
use entity::values::{Audience, DateRange, GlobalId, GroupKind, PeriodState, RelationKind, SeatRole, SubjectKind, Url};

use super::activity::Activity;
use super::agreement::Agreement;
use super::attendance::MeetingCount;
use super::change::Change;
use super::connection::connections;
use super::contact_point::{Contact, ContactPoint};
use super::event::Event;
use super::figure::Figure;
use super::follow_up_item::FollowUpItem;
use super::meeting::Meeting;
use super::membership::Membership;
use super::organisation::Organisation;
use super::period::{OrderDirection, Period};
use super::priority::Priority;
use super::result::ResultItem;
use super::row::Row;
use super::schedule::Schedule;
use super::seat::Seat;
use super::source::Source;
use crate::domain::card;
use crate::domain::group::{self, GroupFilter, GroupOrderField};
use crate::domain::membership::{self as member, MemberFilter};
use crate::domain::seat::SeatFilter;
use crate::error::Error;

/// How groups are ordered.
#[derive(Clone, Copy, Debug, Default, InputObject)]
pub struct GroupOrder {
    /// By what.
    pub field: GroupOrderField,
    /// Which way.
    pub direction: OrderDirection,
}

/// Grupp: anything that meets, such as a network, a council, a steering group.
#[derive(Description)]
pub struct Group(pub Row<group::Row>);

impl From<Row<group::Row>> for Group {
    fn from(row: Row<group::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Group {
    /// The group's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Group)
    }

    /// The group's name in addresses, unique and lasting.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// The group's name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The short form of the name, such as "RUN". It need not be unique.
    async fn short_name(&self) -> Option<&str> {
        self.0.short_name.as_deref()
    }

    /// What sort of group it is.
    async fn kind(&self) -> GroupKind {
        self.0.kind
    }

    /// What the group is for.
    async fn purpose(&self) -> Result<Option<String>, Error> {
        Ok(self.0.many("purpose", group::purposes).await?.first().map(|row| row.purpose.clone()))
    }

    /// How long the group exists.
    async fn period(&self) -> Period {
        Period::new(self.0.period, self.0.view().on())
    }

    /// Who may see the group.
    async fn audience(&self) -> Audience {
        self.0.audience
    }

    /// Counts the changes of the group, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The group above this one.
    async fn parent(&self) -> Result<Option<Group>, Error> {
        Ok(self.0.one("parent", |row| row.parent_id, group::by_ids).await?.map(Group))
    }

    /// The lists that belong to it.
    #[graphql(flatten)]
    async fn lists(&self) -> GroupLists {
        GroupLists(self.0.clone())
    }

    /// How the group relates to other groups and to organisations on the day, in either direction.
    async fn relations(&self) -> Result<Vec<GroupRelation>, Error> {
        Ok(self.0.many("relations", group::relations).await?.into_iter().map(GroupRelation).collect())
    }

    /// The organisation that calls the group together.
    async fn convener(&self) -> Result<Option<Organisation>, Error> {
        Ok(self.0.one("convener", |row| row.convener_id, crate::domain::organisation::by_ids).await?.map(Organisation))
    }

    /// Who leads the group on the day.
    async fn chair(&self) -> Result<Option<Membership>, Error> {
        self.in_role("chair", SeatRole::Chair).await
    }

    /// Who leads the group in the chair's absence on the day.
    async fn vice_chair(&self) -> Result<Option<Membership>, Error> {
        self.in_role("viceChair", SeatRole::ViceChair).await
    }

    /// Whom to call about the group: those who sit on its contact, convener and secretary seats on the day, in that order.
    async fn contacts(&self) -> Result<Vec<Contact>, Error> {
        const ROLES: [SeatRole; 3] = [SeatRole::Contact, SeatRole::Convener, SeatRole::Secretary];
        let found = self.0.many("contacts", |view, ids| member::in_roles(view, ids, &ROLES)).await?;
        Ok(found.into_iter().map(Contact).collect())
    }

    /// How to reach the group itself: what holds on the day and the asker may see.
    async fn contact_points(&self, ctx: &Context<'_>) -> Result<Vec<ContactPoint>, Error> {
        super::contact_point::of(ctx, &self.0).await
    }

    /// The group's next meeting that is not cancelled: from now, or from the chosen day on.
    async fn next_meeting(&self, ctx: &Context<'_>) -> Result<Option<Meeting>, Error> {
        let found = self.0.many(ctx, crate::domain::meeting::next_of_groups).await?;
        Ok(found.into_iter().next().map(Meeting))
    }

    /// How often the group met in a year, as recorded and as stated.
    async fn meeting_count(
        &self,
        #[graphql(desc = "The year, such as 2019.")] year: i32,
    ) -> Result<MeetingCount, Error> {
        let find = |view, ids| crate::domain::meeting::counts(view, ids, year);
        Ok(MeetingCount(self.0.value(format!("meetingCount {year}"), find).await?.unwrap_or_default()))
    }

    /// Where the calendar of the group's meetings is, to subscribe to: iCalendar, as the public sees them.
    async fn calendar_url(&self) -> Url {
        crate::domain::calendar::group_url(&self.0.view().app, &self.0.slug)
    }

    /// Where the cards of the group and its members for address books are: vCards, of the chosen day if there is one.
    async fn card_url(&self) -> Url {
        self.0.view().app.url(&card::path_of_group(&self.0.slug, self.0.global_id(SubjectKind::Group)))
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }
}

connections! {
    GroupLists of group::Row {
        /// The groups directly below this one.
        subgroups(filter: GroupFilter = "Which of them.") -> Group by group::subgroups;
        /// The group's seats, by role.
        seats(filter: SeatFilter = "Which of them.") -> Seat by crate::domain::seat::of_groups;
        /// Who sits in the group, by role and name; on the day, unless the filter says otherwise. Somebody with two seats is there twice.
        members(filter: MemberFilter = "Which of them.") -> Membership by member::of_groups;
        /// The organisations whose seats these are on the day: whose group it is, whether or not anybody sits. Without roles those of
        /// its chairs and ordinary members.
        organisations(roles: Vec<SeatRole> = "Those with seats of one of these roles.") -> Organisation by crate::domain::organisation::of_groups;
        /// The group's plans of meetings, the latest first.
        schedules() -> Schedule by crate::domain::schedule::of_groups;
        /// The group's meetings, in order of time.
        meetings(between: DateRange = "Only meetings of which some part lies on these days.") -> Meeting by crate::domain::meeting::of_groups;
        /// The agreements that ask something of the group, by name; those that hold, unless other states are asked for.
        agreements(states: Vec<PeriodState> = "Only those in one of these states.") -> Agreement by crate::domain::agreement::of_groups;
        /// The events that the group arranges, alone or with others, the latest first.
        events(year: i32 = "Only those on some day of this year.") -> Event by crate::domain::event::of_groups;
        /// What the group puts first, in order of time and then its own; what holds, unless other states are asked for.
        priorities(states: Vec<PeriodState> = "Only those in one of these states.") -> Priority by crate::domain::priority::of_groups;
        /// What the group has on its list of what to come back to; what is on it, unless other states are asked for.
        follow_ups(states: Vec<PeriodState> = "Only those in one of these states.") -> FollowUpItem by crate::domain::follow_up_item::of_groups;
        /// What the group has done, in order of time.
        activities(year: i32 = "Only those of this year.") -> Activity by crate::domain::activity::of_groups;
        /// What came of what the group has done, in order of time.
        results(year: i32 = "Only those of this year.") -> ResultItem by crate::domain::result::of_groups;
        /// Numbers that sources state about the group.
        figures(year: i32 = "Only figures of this year.") -> Figure by crate::domain::figure::of_groups;
        /// What has been changed of it, the latest first, for who may change it, auditors and administrators; empty for others.
        history() -> Change by crate::domain::change::of_groups;
    }
}

impl Group {
    async fn in_role(&self, field: &'static str, role: SeatRole) -> Result<Option<Membership>, Error> {
        let find = move |view, ids| async move { member::in_roles(view, ids, &[role]).await };
        Ok(self.0.many(field, find).await?.into_iter().next().map(Membership))
    }
}

/// Relation: how one group relates to another group or to an organisation.
#[derive(Description)]
pub struct GroupRelation(pub Row<group::Relation>);

#[Object(use_type_description)]
impl GroupRelation {
    /// The relation's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::GroupRelation)
    }

    /// How the group relates to the target.
    async fn kind(&self) -> RelationKind {
        self.0.kind
    }

    /// The group that serves, or that took over.
    async fn group(&self) -> Result<Option<Group>, Error> {
        Ok(self.0.one("group", |row| Some(row.group_id), group::by_ids).await?.map(Group))
    }

    /// What it serves, or took over from.
    async fn target(&self) -> Result<Option<RelationTarget>, Error> {
        let group = self.0.one("targetGroup", |row| row.to_group_id, group::by_ids).await?;
        let find = crate::domain::organisation::by_ids;
        let organisation = self.0.one("targetOrganisation", |row| row.to_organisation_id, find).await?;
        let group = group.map(|row| RelationTarget::Group(Group(row)));
        Ok(group.or(organisation.map(|row| RelationTarget::Organisation(Organisation(row)))))
    }

    /// How long the relation holds.
    async fn period(&self) -> Period {
        Period::new(self.0.period, self.0.view().on())
    }

    /// Counts the changes of the relation, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }
}

/// The other end of a relation.
#[derive(Union)]
pub enum RelationTarget {
    /// A group.
    Group(Group),
    /// An organisation.
    Organisation(Organisation),
}
