//! What of a schedule's meetings is worth a look: those that no longer follow it, and those on days on which one rather does not meet.

use entity::schedule;
use entity::values::{Instant, MeetingState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::days::{Warning, warning};
use super::following::Coming;
use crate::db::{Sql, sql};
use crate::domain::cells::row;
use crate::domain::meeting;
use crate::domain::view::View;
use crate::error::Error;
use crate::policy::scope;

row! {
    /// When a meeting of a schedule is.
    Day { id, schedule_id: Uuid, starts_at: Instant }
}

/// The coming meetings of each schedule that somebody has moved, cancelled, recorded or added something to: a change of the schedule
/// leaves them as they are.
pub async fn deviations(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, meeting::Row)>, Error> {
    let reader = view.app.db.reader().await;
    let schedules = schedule::Entity::find().filter(schedule::Column::Id.is_in(ids)).all(reader).await?;
    let coming = Coming::of(reader, &schedules, view.app.now()).await?;
    let touched: Vec<Uuid> = coming.into_values().flat_map(Coming::touched).map(|row| row.id).collect();
    let mut found = meeting::by_ids(view, touched).await?;
    found.sort_by_key(|row| (row.starts_at, row.meeting.id));
    Ok(found.into_iter().filter_map(|row| Some((row.meeting.schedule_id?, row))).collect())
}

/// The coming days of each schedule that are no ordinary working days, in order.
pub async fn warnings(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Vec<Warning>)>, Error> {
    let coming = Sql::from("SELECT e.id, e.schedule_id, e.starts_at FROM meeting e WHERE e.schedule_id IN")
        .then(Sql::list(ids.iter().copied()))
        .and(sql!("e.starts_at > ? AND e.state <> ?", view.app.now(), MeetingState::Cancelled))
        .and(scope::meeting(&view.actor, "e"))
        .then("ORDER BY e.starts_at, e.id");
    let days = view.rows::<Day>(coming).await?;
    let of = |id: Uuid| {
        let own = days.iter().filter(|day| day.schedule_id == id);
        (id, own.filter_map(|day| warning(day.starts_at.day())).collect())
    };
    Ok(ids.into_iter().map(of).collect())
}
