//! The coming meetings of a schedule: those that nobody has touched follow it, the others stay as they are.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::values::{Instant, Period};
use entity::{
    Dated, attendance, group, meeting, schedule, schedule_group, sitting, sitting_group, source, substitution,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::plan::Plan;
use crate::domain::meeting::{Rows, fits};
use crate::domain::write::{Entry, Writer};
use crate::error::Error;

/// The coming meetings of a schedule.
#[derive(Debug, Default)]
pub struct Coming {
    /// As the plan made them.
    untouched: Vec<Rows>,
    /// Those that somebody has moved, cancelled, recorded or added something to.
    touched: Vec<meeting::Model>,
}

impl Coming {
    /// Of each schedule, in a fixed number of statements.
    pub async fn of<C: ConnectionTrait>(
        db: &C,
        schedules: &[schedule::Model],
        now: Instant,
    ) -> Result<HashMap<Uuid, Self>, Error> {
        let ids = || schedules.iter().map(|row| row.id);
        let linked = schedule_group::Entity::find().filter(schedule_group::Column::ScheduleId.is_in(ids()));
        let linked = linked.order_by_asc(schedule_group::Column::Id).all(db).await?;
        let groups = group::Entity::find().filter(group::Column::Id.is_in(linked.iter().map(|link| link.group_id)));
        let groups: HashMap<Uuid, Period> =
            groups.all(db).await?.into_iter().map(|group| (group.id, group.period())).collect();
        let later = Condition::any().add(meeting::Column::StartsAt.gt(now)).add(meeting::Column::MovedFrom.gt(now));
        let meetings = meeting::Entity::find().filter(meeting::Column::ScheduleId.is_in(ids())).filter(later);
        let meetings =
            meetings.order_by_asc(meeting::Column::StartsAt).order_by_asc(meeting::Column::Id).all(db).await?;
        let kept = kept(db, meetings.iter().map(|row| row.id).collect()).await?;
        let mut coming: HashMap<Uuid, Self> = ids().map(|id| (id, Self::default())).collect();
        let meeting = |schedule: Uuid| {
            let own = linked.iter().filter(|link| link.schedule_id == schedule);
            own.filter_map(|link| Some((link.group_id, *groups.get(&link.group_id)?))).collect()
        };
        let plans: HashMap<Uuid, Plan> =
            schedules.iter().filter_map(|row| Some((row.id, Plan::of(row, meeting(row.id)).ok()?))).collect();
        for rows in Rows::of(db, meetings).await? {
            let Some(schedule) = rows.meeting.schedule_id else { continue };
            let Some(of) = coming.get_mut(&schedule) else { continue };
            let plan = plans.get(&schedule).filter(|_| !kept.contains(&rows.meeting.id));
            match plan.and_then(|plan| plan.meeting(rows.meeting.id, rows.meeting.starts_at.day()).ok()) {
                Some(planned) if planned.says_the_same(&rows) => of.untouched.push(rows),
                _ => of.touched.push(rows.meeting),
            }
        }
        Ok(coming)
    }

    /// Those that somebody has touched.
    pub fn touched(self) -> Vec<meeting::Model> {
        self.touched
    }

    /// Takes away what nobody has touched from the end of a period on.
    pub async fn end(self, writer: &Writer, entry: &mut Entry, period: Period) -> Result<(), Error> {
        let until = period.columns().1;
        for rows in self.untouched.iter().filter(|rows| rows.meeting.starts_at.day() >= until) {
            remove(writer, entry, rows).await?;
        }
        Ok(())
    }

    /// Brings what nobody has touched to what the plan says, and adds what is missing.
    pub async fn follow(self, writer: &Writer, entry: &mut Entry, plan: &Plan) -> Result<(), Error> {
        let now = writer.app().now();
        let mut days = plan.days()?;
        days.retain(|day| *day >= now.day());
        if days.first() == Some(&now.day()) && plan.meeting(Uuid::nil(), now.day())?.meeting.starts_at <= now {
            days.remove(0);
        }
        let left = self.touched.iter().map(|row| row.moved_from.unwrap_or(row.starts_at).day()).collect();
        let Pairs { moved, gone, free } = pair(&self.untouched, left, &days);
        for rows in gone {
            remove(writer, entry, rows).await?;
        }
        let changed = moved.iter().map(|(rows, day)| plan.meeting(rows.meeting.id, *day));
        let changed = changed.collect::<Result<Vec<_>, _>>()?;
        let new = free.iter().map(|day| plan.meeting(writer.app().new_id(), *day)).collect::<Result<Vec<_>, _>>()?;
        for rows in &changed {
            rows.make_room(writer, entry).await?;
        }
        fits(writer, &[changed.clone(), new.clone()].concat()).await?;
        for ((was, _), wanted) in moved.iter().zip(changed) {
            was.change_to(wanted, writer, entry).await?;
        }
        add(writer, entry, new).await
    }
}

/// How far from a day of the plan a touched meeting may be and still be the meeting of that day.
const NEAR: u64 = 6;

/// What becomes of meetings and days.
struct Pairs<'a> {
    /// Untouched meetings, each with its day.
    moved: Vec<(&'a Rows, NaiveDate)>,
    /// Untouched meetings for which there is no day.
    gone: Vec<&'a Rows>,
    /// Days without a meeting.
    free: Vec<NaiveDate>,
}

/// Lets each meeting that is there be that of the nearest day that is wanted, the nearest of all first: an untouched one moves to it, and a
/// touched one takes its place where it is.
fn pair<'a>(untouched: &'a [Rows], touched: Vec<NaiveDate>, wanted: &[NaiveDate]) -> Pairs<'a> {
    let days: Vec<NaiveDate> = untouched.iter().map(|rows| rows.meeting.starts_at.day()).chain(touched).collect();
    let mut pairs: Vec<(u64, usize, usize)> = Vec::new();
    for (here, is) in days.iter().enumerate() {
        let apart = |to_be: &NaiveDate| (*is - *to_be).num_days().unsigned_abs();
        let all = wanted.iter().enumerate().map(|(there, to_be)| (apart(to_be), here, there));
        pairs.extend(all.filter(|(apart, ..)| here < untouched.len() || *apart <= NEAR));
    }
    pairs.sort_unstable();
    let (mut of_day, mut of_meeting) = (vec![None; wanted.len()], vec![None; days.len()]);
    for (_, here, there) in pairs {
        if of_day[there].is_none() && of_meeting[here].is_none() {
            (of_day[there], of_meeting[here]) = (Some(here), Some(there));
        }
    }
    let (moved, gone): (Vec<_>, Vec<_>) = untouched.iter().zip(of_meeting).partition(|(_, there)| there.is_some());
    Pairs {
        moved: moved.into_iter().filter_map(|(rows, there)| Some((rows, wanted[there?]))).collect(),
        gone: gone.into_iter().map(|(rows, _)| rows).collect(),
        free: wanted.iter().zip(of_day).filter(|(_, here)| here.is_none()).map(|(day, _)| *day).collect(),
    }
}

async fn remove(writer: &Writer, entry: &mut Entry, rows: &Rows) -> Result<(), Error> {
    for link in &rows.links {
        writer.remove(entry, link.clone()).await?;
    }
    for sitting in &rows.sittings {
        writer.remove(entry, sitting.clone()).await?;
    }
    writer.remove(entry, rows.meeting.clone()).await
}

async fn add(writer: &Writer, entry: &mut Entry, rows: Vec<Rows>) -> Result<(), Error> {
    let (mut meetings, mut sittings, mut links) = (Vec::new(), Vec::new(), Vec::new());
    for rows in rows {
        meetings.push(rows.meeting);
        sittings.extend(rows.sittings);
        links.extend(rows.links);
    }
    writer.add::<meeting::Model>(entry, meetings).await?;
    writer.add::<sitting::Model>(entry, sittings).await?;
    writer.add::<sitting_group::Model>(entry, links).await
}

/// Those of the meetings on which something hangs that somebody added.
async fn kept<C: ConnectionTrait>(db: &C, ids: Vec<Uuid>) -> Result<Vec<Uuid>, Error> {
    let attended = attendance::Entity::find().select_only().column(attendance::Column::MeetingId);
    let attended = attended.filter(attendance::Column::MeetingId.is_in(ids.iter().copied()));
    let stood_in = substitution::Entity::find().select_only().column(substitution::Column::MeetingId);
    let stood_in = stood_in.filter(substitution::Column::MeetingId.is_in(ids.iter().copied()));
    let told = source::Entity::find().select_only().column(source::Column::SubjectId);
    let told = told.filter(source::Column::SubjectId.is_in(ids));
    let mut kept: Vec<Uuid> = attended.into_tuple().all(db).await?;
    kept.extend(stood_in.into_tuple::<Uuid>().all(db).await?);
    kept.extend(told.into_tuple::<Uuid>().all(db).await?);
    Ok(kept)
}
