//! Days on which one does not meet without thinking twice: Sundays and public holidays (lag 1989:253 om allmänna helgdagar), the eves that
//! the Annual Leave Act (semesterlag 1977:480, 3 a §) counts as Sundays, Saturdays, and the pause in July. As they are since 2005.

use async_graphql::Enum;
use chrono::{Datelike, NaiveDate, Weekday};
use entity::values::Date;

use super::plan::Plan;
use crate::domain::input;
use crate::error::Error;

/// Why a day is no ordinary working day.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// Helgdag: a public holiday that has a name.
    PublicHoliday,
    /// Helgdagsafton: Midsummer Eve, Christmas Eve or New Year's Eve.
    Eve,
    /// Lördag eller söndag: a Saturday or a Sunday.
    Weekend,
    /// Juliuppehåll: a day in July.
    JulyPause,
}

/// A day that is no ordinary working day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warning {
    pub day: NaiveDate,
    pub kind: DayKind,
    /// In Swedish.
    pub name: &'static str,
}

/// What to think of before meeting on a day, if anything.
pub fn warning(day: NaiveDate) -> Option<Warning> {
    let warn = |kind, name| Some(Warning { day, kind, name });
    match (holiday(day), eve(day), day.weekday()) {
        (Some(name), ..) => warn(DayKind::PublicHoliday, name),
        (_, Some(name), _) => warn(DayKind::Eve, name),
        (.., Weekday::Sat) => warn(DayKind::Weekend, "Lördag"),
        (.., Weekday::Sun) => warn(DayKind::Weekend, "Söndag"),
        _ if day.month() == 7 => warn(DayKind::JulyPause, "Juliuppehåll"),
        _ => None,
    }
}

/// Days to meet instead, in order of time: the nearest before and after without a warning, and the nearest of the same day of the week.
pub fn alternatives(day: NaiveDate) -> Vec<NaiveDate> {
    let clear = |day: &NaiveDate| warning(*day).is_none();
    let before = |step: usize| day.iter_days().rev().step_by(step).skip(1).take(60).find(clear);
    let after = |step: usize| day.iter_days().step_by(step).skip(1).take(60).find(clear);
    let mut days: Vec<NaiveDate> = [before(1), after(1), before(7), after(7)].into_iter().flatten().collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// The days that a recurrence gives from a day on, with those beside it.
pub fn planned_days(
    recurrence: Option<&str>,
    (from, until): (Date, Option<Date>),
    except: Vec<Date>,
    extra: Vec<Date>,
) -> Result<Vec<NaiveDate>, Error> {
    Plan::sketch(recurrence, input::period(from, until)?, except, extra)?.days()
}

fn holiday(day: NaiveDate) -> Option<&'static str> {
    let from_easter = easter(day.year()).map(|easter| (day - easter).num_days());
    let saturday = day.weekday() == Weekday::Sat;
    Some(match (day.month(), day.day(), from_easter) {
        (1, 1, _) => "Nyårsdagen",
        (1, 6, _) => "Trettondedag jul",
        (5, 1, _) => "Första maj",
        (6, 6, _) => "Sveriges nationaldag",
        (12, 25, _) => "Juldagen",
        (12, 26, _) => "Annandag jul",
        (_, _, Some(-2)) => "Långfredagen",
        (_, _, Some(0)) => "Påskdagen",
        (_, _, Some(1)) => "Annandag påsk",
        (_, _, Some(39)) => "Kristi himmelsfärdsdag",
        (_, _, Some(49)) => "Pingstdagen",
        (6, 20..=26, _) if saturday => "Midsommardagen",
        (10, 31, _) | (11, 1..=6, _) if saturday => "Alla helgons dag",
        _ => return None,
    })
}

fn eve(day: NaiveDate) -> Option<&'static str> {
    match (day.month(), day.day()) {
        (6, 19..=25) if day.weekday() == Weekday::Fri => Some("Midsommarafton"),
        (12, 24) => Some("Julafton"),
        (12, 31) => Some("Nyårsafton"),
        _ => None,
    }
}

/// Easter Sunday, by the algorithm of Oudin (1940).
fn easter(year: i32) -> Option<NaiveDate> {
    let (golden, century) = (year % 19, year / 100);
    let correction = (century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15) % 30;
    let moon = correction - (correction / 28) * (1 - (29 / (correction + 1)) * ((21 - golden) / 11));
    let weekday = (year + year / 4 + moon + 2 - century + century / 4) % 7;
    let offset = moon - weekday;
    let month = 3 + (offset + 40) / 44;
    let day = offset + 28 - 31 * (month / 4);
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}
