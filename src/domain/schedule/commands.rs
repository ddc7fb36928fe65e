//! What is asked of schedules: create, update, end. Coming meetings follow in the same step.

use async_graphql::{InputObject, MaybeUndefined};
use entity::values::{
    Date, FOREVER, GlobalId, LocalTime, MeetingKind, Period, START_OF_TIME, SittingPlan, SubjectKind,
};
use entity::{Dated, group, schedule, schedule_group};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::following::Coming;
use super::plan::Plan;
use super::{listed, parts, write};
use crate::domain::input;
use crate::domain::meeting::wrong;
use crate::domain::view::View;
use crate::domain::write::{Command, Entry, Writer, how};
use crate::error::{Error, Rule};
use crate::policy::{self, Action, Permit};

/// The most parts of a day.
const MOST_SITTINGS: usize = 20;
/// The most days that are listed beside a rule.
const MOST_LISTED: usize = 200;
const DAY: i32 = 24 * 60;

/// A plan of meetings. With a recurrence or extra days, each coming meeting is planned at once; with a number a year, or with neither, none is.
#[derive(Clone, Debug, InputObject)]
pub struct CreateScheduleInput {
    /// The groups that meet by it.
    pub groups: Vec<GlobalId>,
    /// When: the value of an RRULE (RFC 5545) that names days: `FREQ=MONTHLY;BYDAY=2TU`. It ends by its COUNT or UNTIL, or with the schedule; at most 200 meetings in 10 years.
    pub recurrence: Option<String>,
    /// How many times a year, where only that is known.
    pub per_year: Option<i32>,
    /// Days on which the rule does not apply (EXDATE).
    #[graphql(default)]
    pub except: Vec<Date>,
    /// Days beside the rule (RDATE).
    #[graphql(default)]
    pub extra: Vec<Date>,
    /// At what time meetings begin, on the clock of Europe/Stockholm.
    pub start_time: Option<LocalTime>,
    /// How long meetings last, in minutes.
    pub minutes: Option<i32>,
    /// The parts of each day, such as a joint opening and then a sitting of each group; then `startTime` and `minutes` are theirs. Without parts all groups sit together.
    #[graphql(default)]
    pub sittings: Vec<ScheduleSittingInput>,
    /// Where.
    pub place: Option<String>,
    /// Whether one can take part remotely; yes when an address for it is given, unknown when nothing is said.
    pub digital_offered: Option<bool>,
    /// Where to take part remotely.
    pub digital_url: Option<String>,
    /// What sort of meetings they are.
    #[graphql(default_with = "MeetingKind::Formal")]
    pub kind: MeetingKind,
    /// What a reader must know about the plan.
    pub description: Option<String>,
    /// The first day, from which intervals and COUNT count; today when left out.
    pub from: Option<Date>,
    /// The day after the last; as long as a group of it exists when left out.
    pub until: Option<Date>,
    /// Whether to say only what would change, and change nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// A part of each day of a schedule.
#[derive(Clone, Debug, InputObject)]
pub struct ScheduleSittingInput {
    /// When it begins, on the clock of Europe/Stockholm.
    pub start_time: LocalTime,
    /// How long it lasts, in minutes.
    pub minutes: i32,
    /// Which of the schedule's groups take part; all of them when left out.
    pub groups: Option<Vec<GlobalId>>,
    /// Whether one can take part remotely; as the schedule says when left out.
    pub digital_offered: Option<bool>,
}

/// What is to be different about a schedule; what is left out stays. Coming meetings that nobody has touched follow.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateScheduleInput {
    /// Which.
    pub schedule: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The groups that meet by it.
    pub groups: Option<Vec<GlobalId>>,
    /// When: the value of an RRULE (RFC 5545) that names days; null for none.
    pub recurrence: MaybeUndefined<String>,
    /// How many times a year; null where that is unknown, or follows from the recurrence.
    pub per_year: MaybeUndefined<i32>,
    /// Days on which the rule does not apply (EXDATE).
    pub except: Option<Vec<Date>>,
    /// Days beside the rule (RDATE).
    pub extra: Option<Vec<Date>>,
    /// At what time meetings begin; null for unknown.
    pub start_time: MaybeUndefined<LocalTime>,
    /// How long meetings last, in minutes; null for unknown.
    pub minutes: MaybeUndefined<i32>,
    /// The parts of each day; an empty list for none.
    pub sittings: Option<Vec<ScheduleSittingInput>>,
    /// Where; null for nowhere yet.
    pub place: MaybeUndefined<String>,
    /// Whether one can take part remotely; null for unknown.
    pub digital_offered: MaybeUndefined<bool>,
    /// Where to take part remotely; null for nowhere.
    pub digital_url: MaybeUndefined<String>,
    /// What sort of meetings they are.
    pub kind: Option<MeetingKind>,
    /// What a reader must know about the plan; null for nothing.
    pub description: MaybeUndefined<String>,
    /// The first day.
    pub from: Option<Date>,
    /// The day after the last; null for as long as a group of it exists.
    pub until: MaybeUndefined<Date>,
    /// Whether to say only what would change, and change nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which schedule is to end, and when. Later meetings that nobody has touched go; the others stay.
#[derive(Clone, Debug, InputObject)]
pub struct EndScheduleInput {
    /// Which.
    pub schedule: GlobalId,
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

impl Command for CreateScheduleInput {
    how!(CreateSchedule, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        input::permit_in(view, Action::CreateSchedule, &self.groups).await.map_err(|error| error.at("groups"))
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (id, mut entry) = writer.entry_of_new(SubjectKind::Schedule);
        let blank = super::ScheduleInput {
            groups: Vec::new(),
            recurrence: None,
            per_year: None,
            except: Vec::new(),
            extra: Vec::new(),
            start_time: None,
            minutes: None,
            place: None,
            digital_offered: None,
            digital_url: None,
            description: None,
            kind: self.kind,
            sittings: Vec::new(),
            period: input::period(self.from.unwrap_or(Date(writer.app().today())), None)?,
            sources: Vec::new(),
        };
        let mut row = super::row(id, blank)?;
        let groups = self.as_changes().apply(&mut row, Vec::new())?;
        settle(writer, &mut entry, None, row, groups).await?;
        writer.finish::<schedule::Model>(entry).await?;
        Ok(id)
    }
}

impl CreateScheduleInput {
    /// A new schedule is an empty one that is changed.
    fn as_changes(&self) -> UpdateScheduleInput {
        fn set<T: Clone>(value: &Option<T>) -> MaybeUndefined<T> {
            value.clone().map_or(MaybeUndefined::Undefined, MaybeUndefined::Value)
        }
        UpdateScheduleInput {
            schedule: GlobalId { kind: None, id: Uuid::nil(), lens: None },
            expected_version: 0,
            groups: Some(self.groups.clone()),
            recurrence: set(&self.recurrence),
            per_year: set(&self.per_year),
            except: Some(self.except.clone()),
            extra: Some(self.extra.clone()),
            start_time: set(&self.start_time),
            minutes: set(&self.minutes),
            sittings: Some(self.sittings.clone()),
            place: set(&self.place),
            digital_offered: set(&self.digital_offered.or(self.digital_url.as_ref().map(|_| true))),
            digital_url: set(&self.digital_url),
            kind: Some(self.kind),
            description: set(&self.description),
            from: None,
            until: set(&self.until),
            dry_run: self.dry_run,
            reason: None,
            idempotency_key: None,
        }
    }
}

impl Command for UpdateScheduleInput {
    how!(UpdateSchedule, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = permit(view, Action::UpdateSchedule, self.schedule).await?;
        if let Some(groups) = &self.groups {
            let in_each = input::permit_in(view, Action::CreateSchedule, groups).await;
            in_each.map_err(|error| error.at("groups"))?;
        }
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.schedule.of(SubjectKind::Schedule);
        let was: schedule::Model = writer.expect(SubjectKind::Schedule, id, self.expected_version).await?;
        let mut entry = writer.entry(SubjectKind::Schedule, id);
        let mut row = was.clone();
        let groups = self.apply(&mut row, groups(writer, id).await?)?;
        settle(writer, &mut entry, Some(was), row, groups).await?;
        writer.finish::<schedule::Model>(entry).await?;
        Ok(id)
    }
}

impl UpdateScheduleInput {
    /// Changes the row, and says which groups are to meet by it.
    fn apply(&self, row: &mut schedule::Model, groups: Vec<Uuid>) -> Result<Vec<Uuid>, Error> {
        let groups = match &self.groups {
            Some(ids) => input::distinct(ids, SubjectKind::Group, "groups")?,
            None => groups,
        };
        row.recurrence = input::changed(&self.recurrence, row.recurrence.take());
        row.per_year = positive(input::changed(&self.per_year, row.per_year), 366, "perYear")?;
        for (days, column, field) in
            [(&self.except, &mut row.except_days, "except"), (&self.extra, &mut row.extra_days, "extra")]
        {
            let Some(days) = days else { continue };
            if days.len() > MOST_LISTED {
                return Err(wrong("this takes at most 200 days", "detta tar högst 200 dagar").at(field));
            }
            *column = listed(days);
        }
        let start_time = row.start_time.as_deref().and_then(LocalTime::parse);
        row.start_time = input::changed(&self.start_time, start_time).map(|time| time.to_string());
        row.minutes = positive(input::changed(&self.minutes, row.minutes), DAY, "minutes")?;
        row.place = input::changed_name(&self.place, row.place.take(), "place")?;
        row.digital_offered = input::changed(&self.digital_offered, row.digital_offered);
        row.digital_url = match &self.digital_url {
            MaybeUndefined::Value(url) => Some(input::web(url, "digitalUrl")?),
            other => input::changed(other, row.digital_url.take()),
        };
        row.kind = self.kind.unwrap_or(row.kind);
        row.description = input::changed_text(&self.description, row.description.take(), "description")?;
        row.set_period(input::moved(row.period(), self.from, &self.until).map_err(|error| error.at("until"))?);
        if let Some(sittings) = &self.sittings {
            row.sittings = parts(&plans(sittings, &groups, row.digital_offered)?)?;
        }
        let strange = |id: &Uuid| !groups.contains(id);
        if super::sittings(&row.sittings).iter().any(|part| part.groups.iter().any(strange)) {
            return Err(stranger().at("sittings"));
        }
        if row.recurrence.is_some() && row.per_year.is_some() {
            return Err(Error::conflict(Rule::ScheduleOnePlan).at("perYear"));
        }
        Ok(groups)
    }
}

impl Command for EndScheduleInput {
    how!(EndSchedule, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::EndSchedule, self.schedule).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.schedule.of(SubjectKind::Schedule);
        let was: schedule::Model = writer.expect(SubjectKind::Schedule, id, self.expected_version).await?;
        let mut entry = writer.entry(SubjectKind::Schedule, id);
        let period = input::ended(was.period(), self.until, writer.app().today())?;
        end(writer, &mut entry, was, period).await?;
        writer.finish::<schedule::Model>(entry).await?;
        Ok(id)
    }
}

async fn permit(view: &View, action: Action, schedule: GlobalId) -> Result<Permit, Error> {
    let subject = (SubjectKind::Schedule, schedule.of(SubjectKind::Schedule));
    policy::permit_on(&view.app, &view.actor, action, subject).await.map_err(|error| error.at("schedule"))
}

/// Gives a schedule an earlier end. Later meetings that nobody has touched go.
pub async fn end(writer: &Writer, entry: &mut Entry, was: schedule::Model, period: Period) -> Result<(), Error> {
    let mut row = was.clone();
    row.set_period(period);
    let groups = groups(writer, row.id).await?;
    let coming = Coming::of(writer.db(), std::slice::from_ref(&was), writer.app().now()).await?.remove(&row.id);
    coming.unwrap_or_default().end(writer, entry, period).await?;
    write(writer, entry, row, &groups).await
}

/// Brings a schedule, and the coming meetings that nobody has touched, to what they should be.
async fn settle(
    writer: &Writer,
    entry: &mut Entry,
    was: Option<schedule::Model>,
    row: schedule::Model,
    groups: Vec<Uuid>,
) -> Result<(), Error> {
    let mut row = row;
    let existing = existing(writer, &groups).await?;
    row.set_period(within(&existing, row.period())?);
    let plan = Plan::of(&row, existing)?;
    let coming = Coming::of(writer.db(), was.as_slice(), writer.app().now()).await?.remove(&row.id);
    write(writer, entry, row, &groups).await?;
    coming.unwrap_or_default().follow(writer, entry, &plan).await
}

/// A schedule begins and ends while a group of it exists; one that says no end ends with the last of them.
fn within(groups: &[(Uuid, Period)], period: Period) -> Result<Period, Error> {
    let bounds = || groups.iter().map(|(_, period)| period.columns());
    let begins = bounds().map(|(from, ..)| from).min().unwrap_or(START_OF_TIME);
    let ends = bounds().map(|(_, until, _)| until).max().unwrap_or(FOREVER);
    let (from, until, _) = period.columns();
    let outside = (period.from().is_some() && from < begins) || (period.until().is_some() && until > ends);
    if from >= ends || outside {
        let on = groups.iter().map(|(id, _)| (SubjectKind::Group, *id)).collect();
        return Err(Error::Conflict { rule: Rule::ScheduleOutsideGroup, on }.at("groups"));
    }
    let end = Some(ends).filter(|ends| period.until().is_none() && *ends != FOREVER);
    end.map_or(Ok(period), |end| period.ending(Some(end)).map_err(|_| Error::conflict(Rule::PeriodEmpty)))
}

/// The groups, and how long each exists.
async fn existing(writer: &Writer, groups: &[Uuid]) -> Result<Vec<(Uuid, Period)>, Error> {
    let found = group::Entity::find().filter(group::Column::Id.is_in(groups.iter().copied())).all(writer.db()).await?;
    let period = |id: &Uuid| found.iter().find(|group| group.id == *id).map(|group| (*id, group.period()));
    Ok(groups.iter().filter_map(period).collect())
}

async fn groups(writer: &Writer, schedule: Uuid) -> Result<Vec<Uuid>, Error> {
    let links = schedule_group::Entity::find().filter(schedule_group::Column::ScheduleId.eq(schedule));
    let links = links.order_by_asc(schedule_group::Column::Id).all(writer.db()).await?;
    Ok(links.into_iter().map(|link| link.group_id).collect())
}

fn positive(number: Option<i32>, most: i32, field: &'static str) -> Result<Option<i32>, Error> {
    match number {
        Some(number) if !(1..=most).contains(&number) => {
            Err(wrong(format!("this takes a number from 1 to {most}"), format!("detta tar ett tal från 1 till {most}"))
                .at(field))
        }
        number => Ok(number),
    }
}

fn stranger() -> Error {
    wrong("this names a group that is none of the schedule's", "detta anger en grupp som inte hör till mötesplanen")
}

/// The parts of a day, of groups that meet by the schedule.
fn plans(inputs: &[ScheduleSittingInput], all: &[Uuid], digital: Option<bool>) -> Result<Vec<SittingPlan>, Error> {
    if inputs.len() > MOST_SITTINGS {
        return Err(
            wrong("a meeting has at most 20 sittings", "ett möte har högst 20 sammanträdesdelar").at("sittings")
        );
    }
    let plan = |input: &ScheduleSittingInput| {
        let groups = match &input.groups {
            Some(ids) => input::distinct(ids, SubjectKind::Group, "groups")?,
            None => all.to_vec(),
        };
        if groups.iter().any(|group| !all.contains(group)) {
            return Err(stranger().at("groups"));
        }
        positive(Some(input.minutes), DAY, "minutes")?;
        let digital_offered = input.digital_offered.or(digital);
        Ok(SittingPlan { start_time: input.start_time, minutes: input.minutes, groups, digital_offered })
    };
    inputs.iter().map(plan).collect::<Result<_, Error>>().map_err(|error| error.at("sittings"))
}
