use std::fmt;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rrule::{RRule, Tz, Unvalidated};

use super::Instant;

/// A recurrence rule: the value of an RRULE (RFC 5545, 3.3.10) that names days. At what time of day is not its business.
#[derive(Clone, Debug, PartialEq)]
pub struct Recurrence {
    text: String,
    /// Without its UNTIL.
    rule: RRule<Unvalidated>,
    until: Option<Until>,
}

/// The last occurrence is on or before this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    Day(NaiveDate),
    Instant(Instant),
}

/// Not a recurrence rule of days; says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidRecurrence(pub String);

impl fmt::Display for InvalidRecurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not a recurrence rule such as FREQ=MONTHLY;BYDAY=2TU", self.0)
    }
}

/// Parts that name days, once each. BYHOUR and the like are for the time of day.
const PARTS: [&str; 11] = [
    "FREQ",
    "INTERVAL",
    "COUNT",
    "UNTIL",
    "WKST",
    "BYMONTH",
    "BYWEEKNO",
    "BYYEARDAY",
    "BYMONTHDAY",
    "BYDAY",
    "BYSETPOS",
];
const FREQUENCIES: [&str; 4] = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
const LONGEST: usize = 500;

impl Recurrence {
    /// Parses the value of an RRULE, which begins with its FREQ: daily, weekly, monthly or yearly.
    pub fn parse(text: &str) -> Result<Self, InvalidRecurrence> {
        let wrong = || InvalidRecurrence(format!("{:?}", text.chars().take(80).collect::<String>()));
        let parts: Option<Vec<(&str, &str)>> = text.split(';').map(|part| part.split_once('=')).collect();
        let parts = parts.filter(|_| text.len() <= LONGEST).ok_or_else(wrong)?;
        let once = |name: &str| parts.iter().filter(|(other, _)| *other == name).count() == 1;
        let known = parts.iter().all(|(name, value)| PARTS.contains(name) && once(name) && !value.is_empty());
        let by_days = parts.first().is_some_and(|(name, value)| *name == "FREQ" && FREQUENCIES.contains(value));
        let until = parts.iter().find(|(name, _)| *name == "UNTIL").map(|(_, value)| Until::parse(value));
        let counted = parts.iter().any(|(name, _)| *name == "COUNT");
        let zero = parts.iter().any(|(_, value)| value.split(',').any(is_zero));
        // BYSETPOS chooses among what other parts give.
        let chooses = |(name, _): &(&str, &str)| name.starts_with("BY") && *name != "BYSETPOS";
        let aimless = parts.iter().any(|(name, _)| *name == "BYSETPOS") && !parts.iter().any(chooses);
        if zero || aimless || !known || !by_days || until == Some(None) || (until.is_some() && counted) {
            return Err(wrong());
        }
        let kept = parts.iter().filter(|(name, _)| *name != "UNTIL").map(|(name, value)| format!("{name}={value}"));
        let rule: RRule<Unvalidated> = kept.collect::<Vec<_>>().join(";").parse().map_err(|_| wrong())?;
        // What follows from the day on which it begins is never wrong; the rest is the same for every beginning.
        rule.clone().validate(midnight(NaiveDate::default())).map_err(|_| wrong())?;
        Ok(Self { text: text.to_owned(), rule, until: until.flatten() })
    }

    /// Whether the rule itself says when it ends.
    pub fn ends(&self) -> bool {
        self.until.is_some() || self.rule.get_count().is_some()
    }

    /// The days that the rule gives: from the first day on, which counts as the beginning of intervals and of COUNT and is among them
    /// only if the rule gives it, and before `until`. Meetings begin at this time of day in Stockholm.
    ///
    /// Where the rule gives no day for ages, there is none.
    pub fn days(
        &self,
        first: NaiveDate,
        at: NaiveTime,
        until: NaiveDate,
    ) -> Result<impl Iterator<Item = NaiveDate>, InvalidRecurrence> {
        let set =
            self.rule.clone().build(midnight(first)).map_err(|_| InvalidRecurrence(format!("{:?}", self.text)))?;
        let last = self.until;
        let days = (&set.limit()).into_iter().map(|time| time.date_naive());
        Ok(days.take_while(move |day| *day < until && last.is_none_or(|last| last.allows(*day, at))))
    }
}

/// Nothing is counted from zero, though the parser takes it for some parts: `0`, `-0`, `0MO`.
fn is_zero(item: &str) -> bool {
    let number = item.trim_end_matches(|sign: char| sign.is_ascii_uppercase()).trim_start_matches(['+', '-']);
    number.parse() == Ok(0)
}

impl Until {
    /// `20271231`, `20271231T235959` on the clock of Stockholm, or `20271231T225959Z`.
    fn parse(text: &str) -> Option<Self> {
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y%m%d") {
            return Some(Self::Day(day)).filter(|_| text.len() == 8);
        }
        let (local, utc) = text.strip_suffix('Z').map_or((text, false), |text| (text, true));
        let time = NaiveDateTime::parse_from_str(local, "%Y%m%dT%H%M%S").ok().filter(|_| local.len() == 15)?;
        let instant = if utc { Some(time.and_utc().into()) } else { Instant::from_local(time) };
        instant.map(Self::Instant)
    }

    fn allows(self, day: NaiveDate, at: NaiveTime) -> bool {
        match self {
            Self::Day(last) => day <= last,
            Self::Instant(last) => Instant::from_local(day.and_time(at)).is_some_and(|start| start <= last),
        }
    }
}

impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Days are expanded where every day has the same length; the clock of Stockholm comes afterwards.
fn midnight(day: NaiveDate) -> chrono::DateTime<Tz> {
    day.and_time(NaiveTime::MIN).and_utc().with_timezone(&Tz::UTC)
}
