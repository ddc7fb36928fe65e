//! Groups as the schema shows them.

use async_graphql::{Context, Description, InputObject, Object, Union};
use entity::values::{Audience, DateRange, GlobalId, GroupKind, RelationKind, SeatRole, SubjectKind};

use super::connection::{Connection, page};
use super::contact_point::{Contact, ContactPoint};
use super::figure::Figure;
use super::meeting::{Meeting, MeetingCount};
use super::membership::Membership;
use super::organisation::Organisation;
use super::period::{OrderDirection, Period};
use super::row::Row;
use super::schedule::Schedule;
use super::seat::Seat;
use super::source::Source;
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
        Ok(self.0.many("purpose".into(), group::purposes).await?.first().map(|row| row.purpose.clone()))
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

    /// The groups directly below this one.
    async fn subgroups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<GroupFilter>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Group>, Error> {
        let page = page(ctx, (first, after), (last, before))?;
        let filter = filter.unwrap_or_default();
        self.0
            .page("subgroups", &format!("{filter:?}"), page, move |view, ids, page| {
                group::subgroups(view, ids, filter, page)
            })
            .await
    }

    /// How the group relates to other groups and to organisations on the day, in either direction.
    async fn relations(&self) -> Result<Vec<GroupRelation>, Error> {
        Ok(self.0.many("relations".into(), group::relations).await?.into_iter().map(GroupRelation).collect())
    }

    /// The organisation that calls the group together.
    async fn convener(&self) -> Result<Option<Organisation>, Error> {
        Ok(self.0.one("convener", |row| row.convener_id, crate::domain::organisation::by_ids).await?.map(Organisation))
    }

    /// The group's seats, by role.
    async fn seats(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<SeatFilter>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Seat>, Error> {
        let page = page(ctx, (first, after), (last, before))?;
        let filter = filter.unwrap_or_default();
        self.0
            .page("seats", &format!("{filter:?}"), page, move |view, ids, page| {
                crate::domain::seat::of_groups(view, ids, filter, page)
            })
            .await
    }

    /// Who sits in the group, by role and name; on the day, unless the filter says otherwise.
    async fn members(
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
            .page("members", &format!("{filter:?}"), page, move |view, ids, page| {
                member::of_groups(view, ids, filter, page)
            })
            .await
    }

    /// The organisations whose seats these are on the day: whose group it is, whether or not anybody sits.
    async fn organisations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Organisation>, Error> {
        let page = page(ctx, (first, after), (last, before))?;
        self.0
            .page("organisations", "", page, move |view, ids, page| {
                crate::domain::organisation::of_groups(view, ids, page)
            })
            .await
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
        let found = self.0.many("contacts".into(), |view, ids| member::in_roles(view, ids, &ROLES)).await?;
        Ok(found.into_iter().map(Contact).collect())
    }

    /// How to reach the group itself: what holds on the day and the asker may see.
    async fn contact_points(&self) -> Result<Vec<ContactPoint>, Error> {
        super::contact_point::of(&self.0).await
    }

    /// The group's plans of meetings, the latest first.
    async fn schedules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Schedule>, Error> {
        let page = page(ctx, (first, after), (last, before))?;
        self.0
            .page("schedules", "", page, move |view, ids, page| crate::domain::schedule::of_groups(view, ids, page))
            .await
    }

    /// The group's meetings, in order of time.
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
                crate::domain::meeting::of_groups(view, ids, between, page)
            })
            .await
    }

    /// The group's next meeting that is not cancelled: from now, or from the chosen day on.
    async fn next_meeting(&self) -> Result<Option<Meeting>, Error> {
        let found = self.0.many("nextMeeting".into(), crate::domain::meeting::next_of_groups).await?;
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

    /// Numbers that sources state about the group.
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
                crate::domain::figure::of_groups(view, ids, year, page)
            })
            .await
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }
}

impl Group {
    async fn in_role(&self, field: &str, role: SeatRole) -> Result<Option<Membership>, Error> {
        let find = move |view, ids| async move { member::in_roles(view, ids, &[role]).await };
        Ok(self.0.many(field.to_owned(), find).await?.into_iter().next().map(Membership))
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
