//! What must hold of a meeting's times and groups, beside what the database itself holds.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime};
use entity::values::{Instant, MeetingState, SubjectKind, TimePrecision};
use entity::{Dated, group, sitting_group};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::earliest;
use super::record::Rows;
use crate::domain::write::Writer;
use crate::error::{Code, Error, Rule, Said};

/// A wrong input.
pub fn wrong(english: impl Into<String>, swedish: impl Into<String>) -> Error {
    Error::invalid(Code::InvalidInput, Said::both(english.into(), swedish.into()))
}

/// A point in time that somebody gives: of the years 1900 to 2099, beyond which nobody knows the clocks.
pub fn instant(time: DateTime<FixedOffset>, field: &'static str) -> Result<Instant, Error> {
    let instant = Instant::from(time.to_utc());
    if (1900..2100).contains(&instant.day().year()) {
        return Ok(instant);
    }
    Err(wrong("this takes a time of the years 1900 to 2099", "detta tar en tid under åren 1900 till 2099").at(field))
}

/// The same by Stockholm's clocks, which skip an hour in spring.
pub fn local(time: NaiveDateTime, field: &'static str) -> Result<Instant, Error> {
    let skipped = || {
        let printed = time.format("%Y-%m-%d %H:%M");
        wrong(
            format!("{printed} does not exist: the clocks change to summer time that night"),
            format!("{printed} finns inte: klockan ställs om till sommartid den natten"),
        )
    };
    let instant = Instant::from_local(time).ok_or_else(|| skipped().at(field))?;
    self::instant(instant.local(), field)
}

/// Groups meet only while they exist, and in one place at a time. Says which group does not exist, or which meeting is in the way.
pub async fn fits(writer: &Writer, meetings: &[Rows]) -> Result<(), Error> {
    let links = || meetings.iter().flat_map(|rows| &rows.links);
    let (Some(first), Some(last)) = (links().map(|link| link.starts_at).min(), links().map(|link| link.ends_at).max())
    else {
        return Ok(());
    };
    let mut ids: Vec<Uuid> = links().map(|link| link.group_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let groups = group::Entity::find().filter(group::Column::Id.is_in(ids.iter().copied())).all(writer.db()).await?;
    for link in links() {
        let group = groups.iter().find(|group| group.id == link.group_id).ok_or(Error::NotFound)?;
        let (from, until, _) = group.period().columns();
        if !(from..until).contains(&link.day) {
            return Err(Error::conflict_on(Rule::MeetingOutsideGroup, SubjectKind::Group, group.id));
        }
    }
    let near = sitting_group::Entity::find()
        .filter(sitting_group::Column::GroupId.is_in(ids))
        .filter(sitting_group::Column::StartsAt.gt(earliest(first)))
        .filter(sitting_group::Column::StartsAt.lt(last))
        .all(writer.db())
        .await?;
    let own: Vec<Uuid> = meetings.iter().map(|rows| rows.meeting.id).collect();
    let others = near.iter().filter(|near| !own.contains(&near.meeting_id));
    let in_the_way: Vec<Uuid> =
        others.filter(|near| links().any(|link| overlap(link, near))).map(|near| near.meeting_id).collect();
    let state = entity::meeting::Column::State.ne(MeetingState::Cancelled);
    let in_the_way =
        entity::meeting::Entity::find().filter(entity::meeting::Column::Id.is_in(in_the_way)).filter(state);
    match in_the_way.one(writer.db()).await? {
        Some(meeting) => Err(Error::conflict_on(Rule::SittingOverlap, SubjectKind::Meeting, meeting.id)),
        None => Ok(()),
    }
}

/// Whether one group would sit in two places. A day or a month that a source gives is no appointment.
fn overlap(one: &sitting_group::Model, other: &sitting_group::Model) -> bool {
    one.group_id == other.group_id
        && one.precision == TimePrecision::Time
        && other.precision == TimePrecision::Time
        && one.starts_at < other.ends_at
        && other.starts_at < one.ends_at
}
