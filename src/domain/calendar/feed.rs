//! What a calendar holds: the sittings of its meetings from half a year back to over a year ahead, unless other days are asked for; cancelled ones
//! included.

use chrono::Days;
use entity::values::{
    Audience, Date, DateRange, GlobalId, Instant, MeetingKind, MeetingState, SubjectKind, Term, TimePrecision, Url,
};
use uuid::Uuid;

use super::{ORGANISATIONS, owned, parsed};
use crate::app::App;
use crate::domain::card::GROUPS;
use crate::domain::cells::row;
use crate::domain::group::{self, GroupBy};
use crate::domain::meeting::{self, MeetingFilter};
use crate::domain::organisation::{self, OrganisationBy};
use crate::domain::view::View;
use crate::error::Error;
use crate::interchange::calendar::{Calendar, Event};

/// The first day that is asked for, and the day after the last.
pub type Bounds = (Option<Date>, Option<Date>);

/// Days back and ahead, when nothing is asked for.
const BACK: Days = Days::new(183);
const AHEAD: Days = Days::new(400);

row! {
    /// A sitting with what a calendar says of its meeting, and a group; all of its groups, once they are together.
    Sitting {
        id, meeting_id: Uuid, starts_at: Instant, ends_at: Instant, precision: TimePrecision, place: Option<String>, digital_url: Option<String>,
        kind: MeetingKind, state: MeetingState, title: Option<String>, moved_from: Option<Instant>, version: i32, changed_at: Option<Instant>,
        group_id: Uuid, audience: Audience, groups: String,
    }
}

/// The calendar of a group.
pub async fn of_group(view: &View, slug: String, bounds: Bounds) -> Result<Option<Calendar>, Error> {
    let Some(group) = group::find(view, GroupBy::Slug(slug)).await? else { return Ok(None) };
    let filter = MeetingFilter { group: Some(id(SubjectKind::Group, group.id)), ..Default::default() };
    let url = group_url(&view.app, &group.slug);
    Ok(Some(Calendar { name: group.name, url: url.0, events: events(view, &filter, bounds).await? }))
}

/// The calendar of an organisation and its units.
pub async fn of_organisation(view: &View, slug: String, bounds: Bounds) -> Result<Option<Calendar>, Error> {
    let Some(found) = organisation::find(view, OrganisationBy::Slug(slug)).await? else { return Ok(None) };
    let filter = MeetingFilter { organisation: Some(id(SubjectKind::Organisation, found.id)), ..Default::default() };
    let url = organisation_url(&view.app, &found.slug);
    Ok(Some(Calendar { name: found.name, url: url.0, events: events(view, &filter, bounds).await? }))
}

/// The calendar that a secret opens, as its owner sees it.
pub async fn of_owner(app: &App, secret: &str, bounds: Bounds) -> Result<Option<Calendar>, Error> {
    let Some((view, found)) = owned(app, secret).await? else { return Ok(None) };
    let (url, events) = (super::url(app, found.id), events(&view, &parsed(&found.filter), bounds).await?);
    Ok(Some(Calendar { name: found.name, url: url.0, events }))
}

/// Where a group's calendar is.
pub fn group_url(app: &App, slug: &str) -> Url {
    app.url(&format!("{GROUPS}{slug}.ics"))
}

/// Where an organisation's calendar is.
pub fn organisation_url(app: &App, slug: &str) -> Url {
    app.url(&format!("{ORGANISATIONS}{slug}.ics"))
}

fn id(kind: SubjectKind, id: Uuid) -> GlobalId {
    GlobalId { kind: Some(kind), id, lens: None }
}

/// What a calendar shows of the meetings that fit.
async fn events(view: &View, filter: &MeetingFilter, (from, until): Bounds) -> Result<Vec<Event>, Error> {
    let today = view.on();
    let from = from.or(today.checked_sub_days(BACK).map(Date)).unwrap_or(Date(today));
    let until = until.or(today.checked_add_days(AHEAD).map(Date)).unwrap_or(Date(today));
    let days = DateRange { from, until };
    let sittings: Vec<Sitting> = view.rows(meeting::sittings_to_show(view, days, filter)).await?;
    Ok(shown(sittings))
}

/// What a calendar shows of sittings, of which each comes once for each of its groups. A month that a source gives is no day to show.
pub fn shown(mut sittings: Vec<Sitting>) -> Vec<Event> {
    sittings.dedup_by(|row, first| {
        let same = row.id == first.id;
        if same {
            first.groups.extend([", ", &row.groups]);
        }
        same
    });
    sittings.retain(|row| row.precision != TimePrecision::Month);
    sittings.into_iter().map(event).collect()
}

fn event(row: Sitting) -> Event {
    let cancelled = row.state == MeetingState::Cancelled;
    let title = row.title.map_or(row.groups.clone(), |title| format!("{title}: {}", row.groups));
    let moved = row.moved_from.map(|from| format!("Flyttat från {}.", from.local().format("%Y-%m-%d %H:%M")));
    let digital = row.digital_url.as_ref().map(|url| format!("Delta digitalt: {url}"));
    let description: Vec<String> = moved.into_iter().chain(digital).collect();
    Event {
        id: row.id,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        whole_days: row.precision == TimePrecision::Day,
        sequence: row.version - 1,
        changed_at: row.changed_at.unwrap_or(Instant(0)),
        // Many calendars show what is cancelled like everything else.
        title: if cancelled { format!("{}: {title}", row.state.swedish()) } else { title },
        description: Some(description.join("\n")).filter(|text| !text.is_empty()),
        place: row.place,
        digital_url: row.digital_url,
        category: row.kind.swedish().to_owned(),
        cancelled,
    }
}
