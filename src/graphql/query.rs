//! The root of the schema.

mod record;

use async_graphql::{Context, Description, Object};
use entity::values::{Date, DateRange, GlobalId, SubjectKind};

use super::change::Change;
use super::connection::{Connection, page};
use super::grant::Grant;
use super::group::{Group, GroupOrder};
use super::identity::Identity;
use super::meeting::Meeting;
use super::membership::Membership;
use super::node::{self, Node};
use super::organisation::{Organisation, OrganisationOrder};
use super::period::OrderDirection;
use super::person::{Person, PersonOrder};
use super::row::{Row, root};
use super::schedule::PlannedDay;
use super::search::{self, SearchResult};
use super::seat::Seat;
use super::selection;
use super::viewer::Viewer;
use crate::domain::change::{self, ChangeFilter};
use crate::domain::grant::{self, GrantFilter};
use crate::domain::group::{self, GroupBy, GroupFilter};
use crate::domain::identity::{self, IdentityFilter};
use crate::domain::meeting::{self, CommonTime, MeetingFilter};
use crate::domain::membership::{self, MembershipFilter};
use crate::domain::organisation::{self, OrganisationBy, OrganisationFilter};
use crate::domain::person::{self, PersonFilter};
use crate::domain::schedule;
use crate::domain::search::SearchType;
use crate::domain::seat::{self, SeatFilter};
use crate::domain::view::View;
use crate::error::Error;
use record::RecordQuery;

/// Everything that can be asked. What the asker may not see does not exist here.
#[derive(Description)]
pub struct Query;

fn seen(ctx: &Context<'_>, as_of: Option<Date>) -> Result<View, Error> {
    let view = ctx.data_opt::<View>().ok_or_else(|| Error::Internal("a request without its view".to_owned()))?;
    Ok(view.as_of(as_of))
}

/// The same, for a page of rows.
fn listed(ctx: &Context<'_>, as_of: Option<Date>) -> Result<View, Error> {
    Ok(seen(ctx, as_of)?.selecting(selection::of_page(ctx)))
}

/// The same, for one row.
fn found(ctx: &Context<'_>, as_of: Option<Date>) -> Result<View, Error> {
    Ok(seen(ctx, as_of)?.selecting(selection::of_object(ctx)))
}

#[Object(use_type_description)]
impl Query {
    /// Who is asking, and what they may.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer, Error> {
        Ok(Viewer(seen(ctx, None)?))
    }

    /// The trail of everything that anybody changed, the latest first. For auditors and administrators; for auditors without what is about people
    /// with protected personal data.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<ChangeFilter>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Change>, Error> {
        let (view, page) = (listed(ctx, None)?, page(ctx, ((first, after), (last, before)))?);
        Ok(root(&view, change::list(&view, &filter.unwrap_or_default(), &page).await?))
    }

    /// Who may do what, the latest grants first. For auditors and administrators.
    async fn grants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<GrantFilter>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Grant>, Error> {
        let (view, page) = (listed(ctx, None)?, page(ctx, ((first, after), (last, before)))?);
        Ok(root(&view, grant::list(&view, &filter.unwrap_or_default(), &page).await?))
    }

    /// Sign-ins that have been given something or have changed something. For auditors and administrators.
    async fn identities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<IdentityFilter>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Identity>, Error> {
        let (view, page) = (listed(ctx, None)?, page(ctx, ((first, after), (last, before)))?);
        Ok(root(&view, identity::list(&view, &filter.unwrap_or_default(), &page).await?))
    }

    /// Anything that has an id, as of the day that the id carries.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: GlobalId) -> Result<Option<Node>, Error> {
        Ok(node::find(&seen(ctx, None)?, &[id]).await?.pop().flatten())
    }

    /// Several things that have ids, in the order of the ids; null for those that do not exist.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their ids, at most 100.")] ids: Vec<GlobalId>,
    ) -> Result<Vec<Option<Node>>, Error> {
        node::find(&seen(ctx, None)?, &ids).await
    }

    /// The record: what was agreed, run and arranged.
    #[graphql(flatten)]
    async fn record(&self) -> RecordQuery {
        RecordQuery
    }

    /// One group.
    async fn group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: GroupBy,
        #[graphql(desc = "The day as of which everything in the answer is seen; today when left out.")] as_of: Option<
            Date,
        >,
    ) -> Result<Option<Group>, Error> {
        let view = found(ctx, as_of)?;
        Ok(group::find(&view, by).await?.map(|row| Group(Row::single(&view, row))))
    }

    /// Groups.
    async fn groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<GroupFilter>,
        #[graphql(desc = "In which order; by name when left out.")] order_by: Option<GroupOrder>,
        #[graphql(desc = "The day as of which everything in the answer is seen; today when left out.")] as_of: Option<
            Date,
        >,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Group>, Error> {
        let (view, page) = (listed(ctx, as_of)?, page(ctx, ((first, after), (last, before)))?);
        let order = order_by.unwrap_or_default();
        let order = (order.field, order.direction == OrderDirection::Desc);
        Ok(root(&view, group::list(&view, &filter.unwrap_or_default(), order, &page).await?))
    }

    /// One organisation.
    async fn organisation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: OrganisationBy,
        #[graphql(desc = "The day as of which everything in the answer is seen; today when left out.")] as_of: Option<
            Date,
        >,
    ) -> Result<Option<Organisation>, Error> {
        let view = found(ctx, as_of)?;
        Ok(organisation::find(&view, by).await?.map(|row| Organisation(Row::single(&view, row))))
    }

    /// Organisations and their units, by name.
    async fn organisations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<OrganisationFilter>,
        #[graphql(desc = "In which order.")] order_by: Option<OrganisationOrder>,
        #[graphql(desc = "The day as of which everything in the answer is seen; today when left out.")] as_of: Option<
            Date,
        >,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Organisation>, Error> {
        let (view, page) = (listed(ctx, as_of)?, page(ctx, ((first, after), (last, before)))?);
        let descending = order_by.unwrap_or_default().direction == OrderDirection::Desc;
        Ok(root(&view, organisation::list(&view, &filter.unwrap_or_default(), descending, &page).await?))
    }

    /// One person. Without signing in, only people who are found through what is public.
    async fn person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person's id.")] id: GlobalId,
        #[graphql(desc = "The day as of which everything in the answer is seen; today when left out.")] as_of: Option<
            Date,
        >,
    ) -> Result<Option<Person>, Error> {
        let view = found(ctx, as_of)?;
        let found = person::by_ids(view.clone(), vec![id.of(SubjectKind::Person)]).await?.pop();
        Ok(found.map(|row| Person(Row::single(&view, row))))
    }

    /// People, by family name and given name. Takes a sign-in.
    async fn people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<PersonFilter>,
        #[graphql(desc = "In which order.")] order_by: Option<PersonOrder>,
        #[graphql(desc = "The day as of which everything in the answer is seen; today when left out.")] as_of: Option<
            Date,
        >,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Person>, Error> {
        let (view, page) = (listed(ctx, as_of)?, page(ctx, ((first, after), (last, before)))?);
        let descending = order_by.unwrap_or_default().direction == OrderDirection::Desc;
        Ok(root(&view, person::list(&view, &filter.unwrap_or_default(), descending, &page).await?))
    }

    /// Seats, by group and role.
    async fn seats(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<SeatFilter>,
        #[graphql(desc = "The day as of which everything in the answer is seen; today when left out.")] as_of: Option<
            Date,
        >,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Seat>, Error> {
        let (view, page) = (listed(ctx, as_of)?, page(ctx, ((first, after), (last, before)))?);
        Ok(root(&view, seat::list(&view, &filter.unwrap_or_default(), &page).await?))
    }

    /// Memberships, those that end first before the others.
    async fn memberships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<MembershipFilter>,
        #[graphql(desc = "The day as of which everything in the answer is seen; today when left out.")] as_of: Option<
            Date,
        >,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Membership>, Error> {
        let (view, page) = (listed(ctx, as_of)?, page(ctx, ((first, after), (last, before)))?);
        Ok(root(&view, membership::list(&view, &filter.unwrap_or_default(), &page).await?))
    }

    /// Meetings of which some part lies on the days, in order of time.
    async fn meetings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The days.")] between: DateRange,
        #[graphql(desc = "Which of them.")] filter: Option<MeetingFilter>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Meeting>, Error> {
        let (view, page) = (listed(ctx, None)?, page(ctx, ((first, after), (last, before)))?);
        Ok(root(&view, meeting::list(&view, between, &filter.unwrap_or_default(), &page).await?))
    }

    /// The days that a schedule would plan meetings on, in order: to see them, and what to think of, before there is one. Errors are those of
    /// `createSchedule`.
    async fn planned_days(
        &self,
        #[graphql(desc = "The value of an RRULE (RFC 5545) that names days.")] recurrence: Option<String>,
        #[graphql(desc = "The first day.")] from: Date,
        #[graphql(desc = "The day after the last.")] until: Option<Date>,
        #[graphql(desc = "Days on which the rule does not apply (EXDATE).", default)] except: Vec<Date>,
        #[graphql(desc = "Days beside the rule (RDATE).", default)] extra: Vec<Date>,
    ) -> Result<Vec<PlannedDay>, Error> {
        let days = schedule::planned_days(recurrence.as_deref(), (from, until), except, extra)?;
        Ok(days.into_iter().map(PlannedDay).collect())
    }

    /// The first times, on working days between 8 and 17, at which these groups could meet and no member of them is to be elsewhere, as far as the
    /// asker sees: what hidden groups and hidden people are up to does not count.
    async fn common_times(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which groups.")] groups: Vec<GlobalId>,
        #[graphql(desc = "On which days, at most 366.")] between: DateRange,
        #[graphql(desc = "How long they want to meet, in minutes, at most 540.")] minutes: i32,
        #[graphql(desc = "At most this many, 100 at the most.", default = 10)] first: i32,
    ) -> Result<Vec<CommonTime>, Error> {
        meeting::common_times(&seen(ctx, None)?, &groups, between, minutes, first).await
    }

    /// Whatever has the text in its name or title, case, accents, å, ä and ö folded: first what is the text, then what begins with it, then what has a word that begins with it, then the rest; in Swedish order within each. A text of one or two signs finds only what begins with it.
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The text, 1 to 100 letters or digits.")] text: String,
        #[graphql(desc = "Among what; everything that the asker may search when left out.")] types: Option<
            Vec<SearchType>,
        >,
        #[graphql(desc = "The day as of which everything in the answer is seen; today when left out.")] as_of: Option<
            Date,
        >,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<SearchResult>, Error> {
        let (view, page) = (seen(ctx, as_of)?, page(ctx, ((first, after), (last, before)))?);
        search::results(&view, &text, types.as_deref(), &page).await
    }
}
