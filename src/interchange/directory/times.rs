//! Times of meetings: local times in Europe/Stockholm, or a day or a month where no more is known.

use entity::values::{Date, Instant, LocalTime, Period, Precision, TimePrecision};

use super::SittingTime;
use super::fields::Fields;

/// `2020-02-14T09:00`.
pub fn local_time(text: &str) -> Result<Instant, String> {
    let wrong = || format!("{text:?} is not a time, \"2020-02-14T09:00\"");
    let (day, time) = text.split_once('T').ok_or_else(wrong)?;
    let (day, time) = (Date::parse(day).map_err(|_| wrong())?, LocalTime::parse(time).ok_or_else(wrong)?);
    Instant::from_local(day.0.and_time(time.0))
        .ok_or_else(|| format!("{text:?} is skipped by the clocks, which change to summer time that night"))
}

/// `starts` and `ends` of a sitting.
pub fn sitting_time(f: &mut Fields) -> Option<SittingTime> {
    let starts = f.required("starts", |f, name| f.parsed(name, start));
    let ends = f.parsed("ends", local_time);
    match starts? {
        Start::Time(starts_at) => {
            if !f.has("ends") {
                f.missing("ends", ": a sitting that starts at a time says when it ends");
            }
            let ends_at = ends?;
            if ends_at <= starts_at {
                f.report_at("ends", "ends before it starts");
            }
            Some(SittingTime { starts_at, ends_at, precision: TimePrecision::Time })
        }
        Start::Span(time) => {
            if f.has("ends") {
                f.report_at("ends", "only a sitting that starts at a time has an end");
            }
            Some(time)
        }
    }
}

enum Start {
    Time(Instant),
    Span(SittingTime),
}

fn start(text: &str) -> Result<Start, String> {
    if text.contains('T') { local_time(text).map(Start::Time) } else { span(text).map(Start::Span) }
}

/// A day or a month, from its start to the start of the next.
fn span(text: &str) -> Result<SittingTime, String> {
    let wrong = || format!("{text:?} is not a time, a day or a month (2020-02-14T09:00, 2020-02-14, 2020-02)");
    let period = Period::parse(Some(text), None, Some(text)).map_err(|_| wrong())?;
    let precision = match period.from_precision() {
        Precision::Day => TimePrecision::Day,
        Precision::Month => TimePrecision::Month,
        Precision::Year => return Err(wrong()),
    };
    let (Some(from), Some(until)) = (period.from(), period.until()) else { return Err(wrong()) };
    Ok(SittingTime { starts_at: Instant::start_of(from.0), ends_at: Instant::start_of(until.0), precision })
}
