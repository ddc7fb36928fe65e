//! A schedule as a plan: on which days it has meetings, and what they are like.

use chrono::{Months, NaiveDate, NaiveTime, TimeDelta};
use entity::values::{Date, InvalidRecurrence, LocalTime, MeetingKind, Period, Recurrence, SittingPlan, TimePrecision};
use entity::{Dated, schedule};
use uuid::Uuid;

use crate::domain::meeting::{Rows, SittingInput, local, wrong};
use crate::error::{Error, Rule};

/// The most meetings of a schedule, and the most years.
const MOST_DAYS: usize = 200;
const MOST_YEARS: u32 = 10;

/// What a schedule plans.
#[derive(Clone, Debug)]
pub struct Plan {
    schedule: Uuid,
    recurrence: Option<Recurrence>,
    except: Vec<Date>,
    extra: Vec<Date>,
    /// In order of time. None where it is not said when one meets.
    parts: Vec<SittingPlan>,
    place: Option<String>,
    digital_url: Option<String>,
    kind: MeetingKind,
    period: Period,
    /// The groups that meet, and how long each exists.
    groups: Vec<(Uuid, Period)>,
}

impl Plan {
    /// The plan of a schedule, whose groups these are.
    pub fn of(row: &schedule::Model, mut groups: Vec<(Uuid, Period)>) -> Result<Self, Error> {
        let recurrence = parsed(row.recurrence.as_deref())?;
        let mut parts = sittings(&row.sittings);
        let start_time = row.start_time.as_deref().and_then(LocalTime::parse);
        if let (true, Some(start_time), Some(minutes)) = (parts.is_empty(), start_time, row.minutes) {
            parts.push(SittingPlan {
                start_time,
                minutes,
                groups: groups.iter().map(|(id, _)| *id).collect(),
                digital_offered: row.digital_offered,
            });
        }
        parts.sort_by_key(|part| part.start_time);
        // Who sits in no part of the day calls no meeting.
        groups.retain(|(id, _)| parts.is_empty() || parts.iter().any(|part| part.groups.contains(id)));
        Ok(Self {
            schedule: row.id,
            recurrence,
            except: days(&row.except_days),
            extra: days(&row.extra_days),
            parts,
            place: row.place.clone(),
            digital_url: row.digital_url.clone(),
            kind: row.kind,
            period: row.period(),
            groups,
        })
    }

    /// A rule alone, to see which days it gives.
    pub fn sketch(
        recurrence: Option<&str>,
        period: Period,
        except: Vec<Date>,
        extra: Vec<Date>,
    ) -> Result<Self, Error> {
        let (parts, place, digital_url, groups) = (Vec::new(), None, None, vec![(Uuid::nil(), Period::ALWAYS)]);
        let (schedule, kind, recurrence) = (Uuid::nil(), MeetingKind::Formal, parsed(recurrence)?);
        Ok(Self { schedule, recurrence, except, extra, parts, place, digital_url, kind, period, groups })
    }

    /// The days of its meetings, in order; none where it only says how many a year.
    ///
    /// # Errors
    /// A recurrence without a beginning or an end, and one that gives no day or too many.
    pub fn days(&self) -> Result<Vec<NaiveDate>, Error> {
        let (from, until, _) = self.period.columns();
        let mut days = match &self.recurrence {
            Some(recurrence) => self.recurring(recurrence)?,
            None => Vec::new(),
        };
        days.extend(self.extra.iter().map(|day| day.0));
        let somebody = |day: &NaiveDate| self.groups.iter().any(|(_, period)| exists(*period, *day));
        days.retain(|day| (from..until).contains(day) && !self.except.contains(&Date(*day)) && somebody(day));
        days.sort_unstable();
        days.dedup();
        Ok(days)
    }

    fn recurring(&self, recurrence: &Recurrence) -> Result<Vec<NaiveDate>, Error> {
        let unknown = || wrong("a recurrence needs a first day", "en återkomst behöver en första dag").at("from");
        let first = self.period.from().ok_or_else(unknown)?.0;
        if self.period.until().is_none() && !recurrence.ends() {
            return Err(Error::conflict(Rule::ScheduleEndless).at("recurrence"));
        }
        let at = self.parts.first().map_or(NaiveTime::MIN, |part| part.start_time.0);
        let days = recurrence.days(first, at, self.period.columns().1);
        let days: Vec<NaiveDate> = days.map_err(unparsed)?.take(MOST_DAYS + 1).collect();
        let latest = first.checked_add_months(Months::new(12 * MOST_YEARS)).unwrap_or(first);
        match days.last() {
            None => Err(Error::conflict(Rule::ScheduleEmpty).at("recurrence")),
            Some(last) if days.len() > MOST_DAYS || *last >= latest => {
                Err(Error::conflict(Rule::ScheduleTooLong).at("recurrence"))
            }
            Some(_) => Ok(days),
        }
    }

    /// The meeting of a day.
    ///
    /// # Errors
    /// No time of day, or one that the clocks skip on that day.
    pub fn meeting(&self, id: Uuid, day: NaiveDate) -> Result<Rows, Error> {
        if self.parts.is_empty() {
            let timeless = wrong(
                "days of meetings need startTime and minutes, or sittings",
                "mötesdagar behöver startTime och minutes, eller sittings",
            );
            return Err(timeless.at("startTime"));
        }
        let sitting = |part: &SittingPlan| {
            let starts = day.and_time(part.start_time.0);
            let digital = part.digital_offered;
            Ok(SittingInput {
                starts_at: local(starts, "startTime")?,
                ends_at: local(starts + TimeDelta::minutes(part.minutes.into()), "minutes")?,
                precision: TimePrecision::Time,
                groups: part.groups.clone(),
                place: self.place.clone(),
                digital_offered: digital,
                digital_url: self.digital_url.clone().filter(|_| digital != Some(false)),
            })
        };
        let sittings = self.parts.iter().map(sitting).collect::<Result<_, Error>>()?;
        let mut rows = Rows::planned(id, self.kind, sittings)?;
        rows.meeting.schedule_id = Some(self.schedule);
        // Whoever is not there yet, or no more, is not called.
        let absent = self.groups.iter().filter(|(_, period)| !exists(*period, day));
        Ok(absent.fold(rows, |rows, (group, _)| rows.without(*group)))
    }
}

fn exists(period: Period, day: NaiveDate) -> bool {
    let (from, until, _) = period.columns();
    (from..until).contains(&day)
}

/// The days of a stored list.
pub fn days(stored: &sea_orm::JsonValue) -> Vec<Date> {
    let listed = stored.as_array().into_iter().flatten();
    listed.filter_map(|day| Date::parse(day.as_str()?).ok()).collect()
}

/// The parts of a day in a stored list.
pub fn sittings(stored: &sea_orm::JsonValue) -> Vec<SittingPlan> {
    serde_json::from_value(stored.clone()).unwrap_or_default()
}

fn parsed(rule: Option<&str>) -> Result<Option<Recurrence>, Error> {
    rule.map(|rule| Recurrence::parse(rule).map_err(unparsed)).transpose()
}

fn unparsed(error: InvalidRecurrence) -> Error {
    let swedish = format!("{} är ingen återkomstregel, som FREQ=MONTHLY;BYDAY=2TU", error.0);
    wrong(error.to_string(), swedish).at("recurrence")
}
