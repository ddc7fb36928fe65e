//! Closing a group: it ends, and what lies in it ends with it.

use async_graphql::InputObject;
use entity::values::{Date, GlobalId, Instant, MeetingState, Period, RelationKind, SubjectKind};
use entity::{Dated, group, group_relation, meeting, schedule_group, seat, sitting_group};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::settle;
use crate::domain::meeting::Rows;
use crate::domain::view::View;
use crate::domain::write::{Command, Entry, Writer, how};
use crate::domain::{input, schedule};
use crate::error::{Error, Rule};
use crate::policy::{self, Action, Permit};

/// Which group is to end, and when.
#[derive(Clone, Debug, InputObject)]
pub struct CloseGroupInput {
    /// Which.
    pub group: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The day after the last; today when left out.
    pub until: Option<Date>,
    /// Whether to say only what would change, and change nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for CloseGroupInput {
    how!(CloseGroup, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let group = (SubjectKind::Group, self.group.of(SubjectKind::Group));
        let permit = policy::permit_on(&view.app, &view.actor, Action::CloseGroup, group).await;
        permit.map_err(|error| error.at("group"))
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.group.of(SubjectKind::Group);
        let mut row: group::Model = writer.expect(SubjectKind::Group, id, self.expected_version).await?;
        let period = input::ended(row.period(), self.until, writer.app().today())?;
        row.set_period(period);
        nobody_sits_down(writer, id).await?;
        let mut entry = writer.entry(SubjectKind::Group, id);
        // Plans are those of a group that goes on, as long as it does.
        end_schedules(writer, &mut entry, id, period).await?;
        leave_meetings(writer, &mut entry, id, period).await?;
        settle(writer, &mut entry, row).await?;
        end_service(writer, &mut entry, id, period).await?;
        writer.finish::<group::Model>(entry).await?;
        Ok(id)
    }
}

/// Locks the seats of a group, so that whoever comes or goes at the same time has done so before or finds them closed.
async fn nobody_sits_down(writer: &Writer, group: Uuid) -> Result<(), Error> {
    let seats = seat::Entity::find().filter(seat::Column::GroupId.eq(group)).order_by_asc(seat::Column::Id);
    seats.lock(LockType::NoKeyUpdate).all(writer.db()).await?;
    Ok(())
}

/// Whom a group serves, and who serves it, ends with it. Who took over from whom stays true.
async fn end_service(writer: &Writer, entry: &mut Entry, group: Uuid, within: Period) -> Result<(), Error> {
    let either = Condition::any()
        .add(group_relation::Column::GroupId.eq(group))
        .add(group_relation::Column::ToGroupId.eq(group));
    let serving = group_relation::Entity::find()
        .filter(either)
        .filter(group_relation::Column::Kind.eq(RelationKind::Serves))
        .order_by_asc(group_relation::Column::Id);
    for mut row in serving.all(writer.db()).await? {
        let later = || Error::conflict_on(Rule::GroupRelationOutsideGroup, SubjectKind::GroupRelation, row.id);
        row.set_period(until(row.period(), within).ok_or_else(later)?);
        writer.put(entry, row).await?;
    }
    Ok(())
}

/// A schedule ends with the last of its groups.
async fn end_schedules(writer: &Writer, entry: &mut Entry, group: Uuid, within: Period) -> Result<(), Error> {
    let going_on = group::Entity::find()
        .select_only()
        .column(group::Column::Id)
        .filter(group::Column::Id.ne(group))
        .filter(group::Column::ValidUntil.gt(within.columns().1));
    let of = |groups: Condition| {
        let links = schedule_group::Entity::find().select_only().column(schedule_group::Column::ScheduleId);
        links.filter(groups).into_query()
    };
    let own = of(Condition::all().add(schedule_group::Column::GroupId.eq(group)));
    let shared = of(Condition::all().add(schedule_group::Column::GroupId.in_subquery(going_on.into_query())));
    let ending = entity::schedule::Entity::find()
        .filter(entity::schedule::Column::Id.in_subquery(own))
        .filter(entity::schedule::Column::Id.not_in_subquery(shared))
        .order_by_asc(entity::schedule::Column::Id);
    for row in ending.all(writer.db()).await? {
        let later = || Error::conflict_on(Rule::ScheduleOutsideGroup, SubjectKind::Schedule, row.id);
        let period = until(row.period(), within).ok_or_else(later)?;
        schedule::end(writer, entry, row, period).await?;
    }
    Ok(())
}

/// A group that has ended meets no more: meetings of its own are cancelled, and others go on without it.
async fn leave_meetings(writer: &Writer, entry: &mut Entry, group: Uuid, within: Period) -> Result<(), Error> {
    let later = sitting_group::Entity::find()
        .select_only()
        .column(sitting_group::Column::MeetingId)
        .filter(sitting_group::Column::GroupId.eq(group))
        .filter(sitting_group::Column::StartsAt.gte(Instant::start_of(within.columns().1)));
    let planned = meeting::Entity::find()
        .filter(meeting::Column::Id.in_subquery(later.into_query()))
        .filter(meeting::Column::State.eq(MeetingState::Planned))
        .order_by_asc(meeting::Column::Id);
    let planned = planned.all(writer.db()).await?;
    for rows in Rows::of(writer.db(), planned).await? {
        rows.change_to(rows.clone().without(group), writer, entry).await?;
    }
    Ok(())
}

/// A period that ends where another does, at the latest.
fn until(period: Period, within: Period) -> Option<Period> {
    period.intersection(Period::ALWAYS.ending(within.until().map(|day| day.0)).ok()?)
}
