//! Double bookings: people who sit in two groups that meet at the same time; and times at which nobody would.

use async_graphql::SimpleObject;
use chrono::{DateTime, FixedOffset, NaiveTime, TimeDelta};
use entity::values::{DateRange, GlobalId, Instant, MeetingState, SubjectKind, TimePrecision};
use uuid::Uuid;

use super::checks::wrong;
use super::{Sitting, earliest};
use crate::db::{Sql, sql};
use crate::domain::cells::{Cells, Columns, Identified, row};
use crate::domain::schedule::warning;
use crate::domain::view::View;
use crate::domain::write::derived;
use crate::domain::{input, person};
use crate::error::Error;
use crate::policy::{self, scope};

/// Somebody who is to be in two places at once.
#[derive(Clone, Debug)]
pub struct DoubleBooking {
    /// Whose meeting was looked at.
    meeting: Uuid,
    pub person: person::Row,
    /// Of the meeting that was looked at.
    pub sitting: Uuid,
    /// At the same time, of the same meeting or of another.
    pub other: Uuid,
}

impl Columns for DoubleBooking {
    const WIDTH: usize = 3 + person::Row::WIDTH;

    fn read(cells: &mut Cells<'_>) -> Result<Self, sea_orm::DbErr> {
        let (meeting, sitting, other) = (cells.take()?, cells.take()?, cells.take()?);
        Ok(Self { meeting, sitting, other, person: person::Row::read(cells)? })
    }
}

impl Identified for DoubleBooking {
    fn id(&self) -> Uuid {
        derived(self.person.id, &format!("{} {}", self.sitting, self.other))
    }
}

/// How sittings of the groups that somebody sits in follow from those of another, `a`: the person is `h`, the other sitting `b`.
const ELSEWHERE: &str = "JOIN seat sa ON sa.group_id = a.group_id
    JOIN membership ma ON ma.seat_id = sa.id AND ma.valid_from <= a.day AND ma.valid_until > a.day
    JOIN person h ON h.id = ma.person_id
    JOIN membership mb ON mb.person_id = ma.person_id
    JOIN seat sb ON sb.id = mb.seat_id
    JOIN sitting_group b ON b.group_id = sb.group_id AND mb.valid_from <= b.day AND mb.valid_until > b.day
    JOIN meeting eb ON eb.id = b.meeting_id
    JOIN \"group\" gb ON gb.id = b.group_id";

/// The double bookings of each meeting, by name. Cancelled meetings take up no time, nor do days and months that a source gives.
pub async fn double_bookings(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, DoubleBooking)>, Error> {
    let time = TimePrecision::Time;
    let query = Sql::from(format!(
        "SELECT DISTINCT a.meeting_id, a.sitting_id, b.sitting_id, {}, h.sort_key FROM sitting_group a
         JOIN meeting ea ON ea.id = a.meeting_id JOIN \"group\" ga ON ga.id = a.group_id {ELSEWHERE} WHERE a.meeting_id IN",
        person::Row::columns("h")
    ))
    .then(Sql::list(ids))
    .and("b.sitting_id <> a.sitting_id AND b.starts_at < a.ends_at AND a.starts_at < b.ends_at AND b.starts_at > a.starts_at - 2764800000000")
    .and(sql!("ea.state <> ? AND eb.state <> ?", MeetingState::Cancelled, MeetingState::Cancelled))
    .and(sql!("a.precision = ? AND b.precision = ?", time, time))
    .and(scope::group(&view.actor, "ga"))
    .and(scope::group(&view.actor, "gb"))
    .and(scope::person_in_place(&view.actor, "h"))
    .then("ORDER BY a.meeting_id, h.sort_key, h.id, a.sitting_id, b.sitting_id");
    Ok(view.rows::<DoubleBooking>(query).await?.into_iter().map(|row| (row.meeting, row)).collect())
}

/// The sittings with these ids, as far as the asker sees a group of them.
pub async fn sittings_by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Sitting>, Error> {
    let query = Sql::from(format!("SELECT {} FROM sitting i WHERE i.id IN", Sitting::columns("i")))
        .then(Sql::list(ids))
        .and(scope::sitting(&view.actor, "i"));
    view.rows(query.then("ORDER BY i.starts_at, i.id")).await
}

/// The sittings that an entry of the trail changed, as far as the asker sees a group of them.
pub async fn changed_sittings(view: View, seq: i64) -> Result<Vec<Sitting>, Error> {
    let query = Sql::from(format!("SELECT {} FROM sitting i WHERE", Sitting::columns("i")))
        .then(Sql::among(
            "i.id",
            sql!("SELECT cv.row_id FROM change_value cv WHERE cv.seq = ? AND cv.row_table = 'sitting'", seq),
        ))
        .and(scope::sitting(&view.actor, "i"));
    view.rows(query.then("ORDER BY i.starts_at, i.id")).await
}

/// A time at which groups can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, SimpleObject)]
pub struct CommonTime {
    /// When it begins, with the offset of Europe/Stockholm.
    pub starts_at: DateTime<FixedOffset>,
    /// When it ends, with the offset of Europe/Stockholm.
    pub ends_at: DateTime<FixedOffset>,
}

row! {
    /// When somebody is taken.
    Taken { id, starts_at: Instant, ends_at: Instant }
}

/// Office hours, within which times are proposed, and the steps in which they begin.
const OPENS: NaiveTime = NaiveTime::from_hms_opt(8, 0, 0).unwrap();
const CLOSES: NaiveTime = NaiveTime::from_hms_opt(17, 0, 0).unwrap();
const STEP: TimeDelta = TimeDelta::minutes(30);
/// The most days that are looked at, and the most times that are proposed.
const MOST_DAYS: i64 = 366;
const MOST_TIMES: usize = 100;

/// The first times on working days at which no member of the groups, as the asker sees them, is to be elsewhere.
pub async fn common_times(
    view: &View,
    groups: &[GlobalId],
    days: DateRange,
    minutes: i32,
    first: i32,
) -> Result<Vec<CommonTime>, Error> {
    let groups = input::distinct(groups, SubjectKind::Group, "groups")?;
    if policy::visible(&view.app, &view.actor, SubjectKind::Group, &groups).await?.len() < groups.len() {
        return Err(Error::NotFound);
    }
    let (length, wanted) = (TimeDelta::minutes(minutes.into()), usize::try_from(first).unwrap_or_default());
    if length < TimeDelta::minutes(1) || length > CLOSES - OPENS {
        return Err(wrong("a meeting takes 1 to 540 minutes", "ett möte tar 1 till 540 minuter"));
    }
    if !(0..=MOST_DAYS).contains(&(days.until.0 - days.from.0).num_days()) || first < 0 || wanted > MOST_TIMES {
        return Err(wrong(
            "this looks at 0 to 366 days for 0 to 100 times",
            "detta ser på 0 till 366 dagar efter 0 till 100 tider",
        ));
    }
    let taken = taken(view, &groups, days).await?;
    let working = days.from.0.iter_days().take_while(|day| *day < days.until.0).filter(|day| warning(*day).is_none());
    let starts = working.flat_map(|day| {
        let opens = day.and_time(OPENS);
        let last = day.and_time(CLOSES) - length;
        std::iter::successors(Some(opens), |start| Some(*start + STEP)).take_while(move |start| *start <= last)
    });
    // Nobody sets the clocks during office hours.
    let times = starts.filter_map(|start| Some((Instant::from_local(start)?, Instant::from_local(start + length)?)));
    let now = view.app.now();
    let free = |(start, end): &(Instant, Instant)| {
        *start > now && taken.iter().all(|taken| taken.ends_at <= *start || *end <= taken.starts_at)
    };
    let times = times.filter(free).take(wanted);
    Ok(times.map(|(start, end)| CommonTime { starts_at: start.local(), ends_at: end.local() }).collect())
}

/// When the groups meet already, and when their members do in other groups.
async fn taken(view: &View, groups: &[Uuid], days: DateRange) -> Result<Vec<Taken>, Error> {
    let (from, until) = (Instant::start_of(days.from.0), Instant::start_of(days.until.0));
    let during = |of: &str| {
        sql!(
            format!(
                "{of}.starts_at > ? AND {of}.starts_at < ? AND {of}.ends_at > ? AND {of}.precision = ? AND e{of}.state <> ?"
            ),
            earliest(from),
            until,
            from,
            TimePrecision::Time,
            MeetingState::Cancelled
        )
    };
    let own = Sql::from(
        "SELECT a.sitting_id, a.starts_at, a.ends_at FROM sitting_group a JOIN meeting ea ON ea.id = a.meeting_id WHERE a.group_id IN",
    );
    let elsewhere = Sql::from(
        "SELECT b.sitting_id, b.starts_at, b.ends_at FROM seat sa JOIN membership ma ON ma.seat_id = sa.id
         JOIN person h ON h.id = ma.person_id JOIN membership mb ON mb.person_id = ma.person_id JOIN seat sb ON sb.id = mb.seat_id
         JOIN sitting_group b ON b.group_id = sb.group_id AND mb.valid_from <= b.day AND mb.valid_until > b.day
         AND ma.valid_from <= b.day AND ma.valid_until > b.day
         JOIN meeting eb ON eb.id = b.meeting_id JOIN \"group\" gb ON gb.id = b.group_id WHERE sa.group_id IN",
    );
    let list = || Sql::list(groups.iter().copied());
    let query = own.then(list()).and(during("a")).then("UNION").then(elsewhere).then(list()).and(during("b"));
    view.rows(query.and(scope::group(&view.actor, "gb")).and(scope::person_in_place(&view.actor, "h"))).await
}
