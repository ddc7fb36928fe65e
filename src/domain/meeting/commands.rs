//! What is asked of meetings: plan, move, cancel, record.

use async_graphql::{InputObject, MaybeUndefined};
use chrono::{DateTime, FixedOffset};
use entity::values::{GlobalId, Instant, MeetingKind, MeetingState, SubjectKind, TimePrecision};
use entity::{meeting, schedule, sitting};
use uuid::Uuid;

use super::attendance::{PresenceInput, attend, visible};
use super::checks::{self, wrong};
use super::record::{Rows, SittingInput};
use crate::domain::view::View;
use crate::domain::write::{Command, Entry, Writer, how};
use crate::domain::{input, substitution};
use crate::error::{Error, Rule};
use crate::policy::{self, Action, Permit};

/// The most sittings of a meeting.
const MOST_SITTINGS: usize = 20;

/// A meeting to plan.
#[derive(Clone, Debug, InputObject)]
pub struct PlanMeetingInput {
    /// What sort of meeting it is.
    #[graphql(default_with = "MeetingKind::Formal")]
    pub kind: MeetingKind,
    /// What it is called, where it has a name of its own.
    pub title: Option<String>,
    /// The plan that it belongs to: on its day, none is planned beside it.
    pub schedule: Option<GlobalId>,
    /// Its sittings, 1 to 20. One of several groups is joint.
    pub sittings: Vec<PlannedSittingInput>,
    /// Whether to say only what would change, and change nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// A part of a meeting to plan.
#[derive(Clone, Debug, InputObject)]
pub struct PlannedSittingInput {
    /// When it begins.
    pub starts_at: DateTime<FixedOffset>,
    /// When it ends.
    pub ends_at: DateTime<FixedOffset>,
    /// The groups that take part.
    pub groups: Vec<GlobalId>,
    /// Where it is held.
    pub place: Option<String>,
    /// Whether one can take part remotely; yes when an address for it is given, unknown when nothing is said.
    pub digital_offered: Option<bool>,
    /// Where to take part remotely.
    pub digital_url: Option<String>,
}

/// Where a meeting is to go. What is left out stays.
#[derive(Clone, Debug, InputObject)]
pub struct MoveMeetingInput {
    /// Which.
    pub meeting: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The sitting that is meant; the first when left out. With a sitting of several groups, or with none given, the whole day moves:
    /// all sittings by as much on the clock. With another one, it alone.
    pub sitting: Option<GlobalId>,
    /// When the sitting is to begin.
    pub starts_at: Option<DateTime<FixedOffset>>,
    /// Where it, or the whole day, is to be held; null for nowhere yet.
    pub place: MaybeUndefined<String>,
    /// Whether one can take part remotely; null for unknown.
    pub digital_offered: MaybeUndefined<bool>,
    /// Where to take part remotely; null for nowhere.
    pub digital_url: MaybeUndefined<String>,
    /// Whether to say only what would change, and change nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which meeting is not to be held.
#[derive(Clone, Debug, InputObject)]
pub struct CancelMeetingInput {
    /// Which.
    pub meeting: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which meeting has been held.
#[derive(Clone, Debug, InputObject)]
pub struct RecordMeetingInput {
    /// Which.
    pub meeting: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// Who was there, beside those who are on record already.
    #[graphql(default)]
    pub attendance: Vec<PresenceInput>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for PlanMeetingInput {
    how!(PlanMeeting, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let groups: Vec<GlobalId> = self.sittings.iter().flat_map(|sitting| sitting.groups.iter().copied()).collect();
        if let Some(schedule) = self.schedule {
            let subject = (SubjectKind::Schedule, schedule.of(SubjectKind::Schedule));
            let permit = policy::permit_on(&view.app, &view.actor, Action::PlanMeeting, subject).await;
            permit.map_err(|error| error.at("schedule"))?;
        }
        input::permit_in(view, Action::PlanMeeting, &groups).await.map_err(|error| error.at("sittings"))
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (id, mut entry) = writer.entry_of_new(SubjectKind::Meeting);
        if self.sittings.len() > MOST_SITTINGS {
            return Err(
                wrong("a meeting has at most 20 sittings", "ett möte har högst 20 sammanträdesdelar").at("sittings")
            );
        }
        let sittings = self.sittings.iter().map(PlannedSittingInput::sitting).collect::<Result<_, _>>();
        let mut rows = Rows::planned(id, self.kind, sittings.map_err(|error| error.at("sittings"))?)?;
        rows.meeting.title = self.title.as_deref().map(|title| input::name(title, "title")).transpose()?;
        rows.meeting.schedule_id = self.schedule.map(|id| id.of(SubjectKind::Schedule));
        if let Some(schedule) = rows.meeting.schedule_id {
            // Whoever changes the plan at the same time does so before or after.
            writer.lock::<schedule::Model>(schedule).await?;
        }
        checks::fits(writer, std::slice::from_ref(&rows)).await.map_err(|error| error.at("sittings"))?;
        rows.put(writer, &mut entry).await?;
        writer.finish::<meeting::Model>(entry).await?;
        Ok(id)
    }
}

impl PlannedSittingInput {
    fn sitting(&self) -> Result<SittingInput, Error> {
        let starts_at = checks::instant(self.starts_at, "startsAt")?;
        let ends_at = checks::instant(self.ends_at, "endsAt")?;
        if ends_at <= starts_at {
            return Err(wrong("a sitting ends after it begins", "en sammanträdesdel slutar efter att den har börjat")
                .at("endsAt"));
        }
        let digital_url = self.digital_url.as_deref().map(|url| input::web(url, "digitalUrl")).transpose()?;
        Ok(SittingInput {
            starts_at,
            ends_at,
            precision: TimePrecision::Time,
            groups: input::distinct(&self.groups, SubjectKind::Group, "groups")?,
            place: self.place.as_deref().map(|place| input::name(place, "place")).transpose()?,
            digital_offered: self.digital_offered.or(digital_url.as_ref().map(|_| true)),
            digital_url,
        })
    }
}

impl Command for MoveMeetingInput {
    how!(MoveMeeting, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::MoveMeeting, self.meeting).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (mut rows, mut entry) = planned(writer, self.meeting, self.expected_version).await?;
        let (id, was) = (rows.meeting.id, rows.meeting.starts_at);
        let meant = self.meant(&rows)?;
        // A sitting of several groups holds the day together.
        let alone = self.sitting.is_some() && rows.groups(meant.id).len() == 1;
        let shift = match self.starts_at {
            Some(starts_at) => checks::instant(starts_at, "startsAt")?.naive() - meant.starts_at.naive(),
            None => chrono::TimeDelta::zero(),
        };
        rows.change(|sitting| if alone && sitting.id != meant.id { Ok(()) } else { self.moved(sitting, shift) })?;
        if !shift.is_zero() {
            let first = rows.meeting.moved_from.unwrap_or(was);
            // What is back where it was planned has not been moved.
            rows.meeting.moved_from = Some(first).filter(|first| *first != rows.meeting.starts_at);
        }
        checks::fits(writer, std::slice::from_ref(&rows)).await.map_err(|error| error.at("startsAt"))?;
        let days = (rows.meeting.starts_at.day(), rows.meeting.ends_at.day());
        rows.put(writer, &mut entry).await?;
        if !shift.is_zero() {
            substitution::follow(writer, &mut entry, id, days).await?;
        }
        writer.finish::<meeting::Model>(entry).await?;
        Ok(id)
    }
}

impl MoveMeetingInput {
    fn meant(&self, rows: &Rows) -> Result<sitting::Model, Error> {
        let mut sittings = rows.sittings.iter();
        let found = match self.sitting {
            Some(id) => sittings.find(|sitting| sitting.id == id.of(SubjectKind::Sitting)),
            None => sittings.next(),
        };
        found.cloned().ok_or(Error::NotFound.at("sitting"))
    }

    fn moved(&self, sitting: &mut sitting::Model, shift: chrono::TimeDelta) -> Result<(), Error> {
        let later = |time: Instant| checks::local(time.naive() + shift, "startsAt");
        if !shift.is_zero() {
            if sitting.precision != TimePrecision::Time {
                let unknown = wrong(
                    "nobody knows at what time this sitting begins",
                    "det är okänt när på dagen sammanträdesdelen börjar",
                );
                return Err(unknown.at("startsAt"));
            }
            (sitting.starts_at, sitting.ends_at) = (later(sitting.starts_at)?, later(sitting.ends_at)?);
        }
        sitting.place = input::changed_name(&self.place, sitting.place.take(), "place")?;
        sitting.digital_offered = input::changed(&self.digital_offered, sitting.digital_offered);
        sitting.digital_url = match &self.digital_url {
            MaybeUndefined::Value(url) => Some(input::web(url, "digitalUrl")?),
            other => input::changed(other, sitting.digital_url.take()),
        };
        Ok(())
    }
}

impl Command for CancelMeetingInput {
    how!(CancelMeeting);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::CancelMeeting, self.meeting).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (rows, entry) = planned(writer, self.meeting, self.expected_version).await?;
        settle(writer, entry, rows.meeting, MeetingState::Cancelled).await
    }
}

impl Command for RecordMeetingInput {
    how!(RecordMeeting);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = permit(view, Action::RecordMeeting, self.meeting).await?;
        visible(view, &self.attendance).await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (rows, mut entry) = planned(writer, self.meeting, self.expected_version).await?;
        if rows.meeting.starts_at > writer.app().now() {
            return Err(wrong("this meeting has not begun yet", "det här mötet har inte börjat än").at("meeting"));
        }
        attend(writer, &mut entry, &rows, &self.attendance).await?;
        settle(writer, entry, rows.meeting, MeetingState::Held).await
    }
}

async fn permit(view: &View, action: Action, meeting: GlobalId) -> Result<Permit, Error> {
    let subject = (SubjectKind::Meeting, meeting.of(SubjectKind::Meeting));
    policy::permit_on(&view.app, &view.actor, action, subject).await.map_err(|error| error.at("meeting"))
}

/// The rows of a meeting that is still to be held, and an entry for what the verb does to it.
async fn planned(writer: &Writer, meeting: GlobalId, version: i32) -> Result<(Rows, Entry), Error> {
    let id = meeting.of(SubjectKind::Meeting);
    let found: meeting::Model = writer.expect(SubjectKind::Meeting, id, version).await?;
    if found.state != MeetingState::Planned {
        return Err(Error::conflict_on(Rule::MeetingNotPlanned, SubjectKind::Meeting, id).at("meeting"));
    }
    let rows = Rows::of(writer.db(), vec![found]).await?.pop().ok_or(Error::NotFound)?;
    Ok((rows, writer.entry(SubjectKind::Meeting, id)))
}

async fn settle(
    writer: &mut Writer,
    mut entry: Entry,
    row: meeting::Model,
    state: MeetingState,
) -> Result<Uuid, Error> {
    let id = row.id;
    writer.put(&mut entry, meeting::Model { state, ..row }).await?;
    writer.finish::<meeting::Model>(entry).await?;
    Ok(id)
}
