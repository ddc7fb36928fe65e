use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::Date;

/// The stored lower bound of a period that is open backwards.
pub const START_OF_TIME: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).unwrap();
/// The stored upper bound of a period that is open forwards.
pub const FOREVER: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();

/// How exactly a bound of a period is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, async_graphql::Enum)]
pub enum Precision {
    /// Dag: the day is known.
    Day,
    /// Månad: only the month is known, as in "februari 2020".
    Month,
    /// År: only the year is known, as in "efter år 2020".
    Year,
}

/// Where a period stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, async_graphql::Enum)]
pub enum PeriodState {
    /// Kommande: it has not begun.
    Future,
    /// Pågående: the day lies in it.
    Current,
    /// Avslutad: it is over.
    Past,
}

/// A half-open range of days, `[from, until)`, in Europe/Stockholm. This type alone knows how open bounds and precision are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    from: NaiveDate,
    until: NaiveDate,
    precision: i16,
}

/// What is wrong with the bounds of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidPeriod {
    /// A bound is not a date, a month or a year.
    Bound(String),
    /// The period ends before or when it begins.
    Empty,
}

impl fmt::Display for InvalidPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bound(text) => write!(f, "\"{text}\" is not a date, a month or a year (2019-06-01, 2019-06, 2019)"),
            Self::Empty => f.write_str("the period ends before it begins"),
        }
    }
}

impl Period {
    /// All time.
    pub const ALWAYS: Self = Self { from: START_OF_TIME, until: FOREVER, precision: 0 };

    /// A period of whole days; `None` leaves the bound open.
    pub fn new(from: Option<NaiveDate>, until: Option<NaiveDate>) -> Result<Self, InvalidPeriod> {
        Self { from: from.unwrap_or(START_OF_TIME), until: until.unwrap_or(FOREVER), precision: 0 }.checked()
    }

    /// A period as documents write it: each bound a day, a month or a year; `last_day` is the last day, month or year inside.
    pub fn parse(from: Option<&str>, until: Option<&str>, last_day: Option<&str>) -> Result<Self, InvalidPeriod> {
        let (from, from_precision) = from.map_or(Ok((START_OF_TIME, Precision::Day)), bound)?;
        let (until, until_precision) = match (until, last_day) {
            (Some(until), _) => bound(until)?,
            (None, Some(last)) => bound(last).map(|(first, precision)| (after(first, precision), precision))?,
            (None, None) => (FOREVER, Precision::Day),
        };
        let precision = from_precision as i16 + 3 * until_precision as i16;
        Self { from, until, precision }.checked()
    }

    /// The year as a period.
    pub fn year(year: i32) -> Option<Self> {
        let first = |year| NaiveDate::from_ymd_opt(year, 1, 1);
        Self::new(Some(first(year)?), Some(first(year.checked_add(1)?)?)).ok()
    }

    /// A period as it is stored.
    pub fn stored(from: NaiveDate, until: NaiveDate, precision: i16) -> Self {
        Self { from, until, precision }
    }

    /// The columns in which it is stored.
    pub fn columns(self) -> (NaiveDate, NaiveDate, i16) {
        (self.from, self.until, self.precision)
    }

    fn checked(self) -> Result<Self, InvalidPeriod> {
        if self.from < self.until { Ok(self) } else { Err(InvalidPeriod::Empty) }
    }

    /// The first day; `None` when open.
    pub fn from(self) -> Option<Date> {
        (self.from != START_OF_TIME).then_some(Date(self.from))
    }

    /// The day after the last; `None` when open.
    pub fn until(self) -> Option<Date> {
        (self.until != FOREVER).then_some(Date(self.until))
    }

    /// The last day; `None` when open.
    pub fn last_day(self) -> Option<Date> {
        self.until().and_then(|until| until.0.pred_opt()).map(Date)
    }

    /// How exactly the first day is known.
    pub fn from_precision(self) -> Precision {
        precision(self.precision % 3)
    }

    /// How exactly the end is known.
    pub fn until_precision(self) -> Precision {
        precision(self.precision / 3)
    }

    /// The same period from another day on.
    pub fn beginning(self, from: NaiveDate) -> Result<Self, InvalidPeriod> {
        Self { from, precision: self.precision - self.precision % 3, ..self }.checked()
    }

    /// The same period until another day; `None` leaves the end open.
    pub fn ending(self, until: Option<NaiveDate>) -> Result<Self, InvalidPeriod> {
        Self { until: until.unwrap_or(FOREVER), precision: self.precision % 3, ..self }.checked()
    }

    /// Where the period stands on a day.
    pub fn state(self, on: NaiveDate) -> PeriodState {
        match () {
            () if on < self.from => PeriodState::Future,
            () if on < self.until => PeriodState::Current,
            () => PeriodState::Past,
        }
    }

    /// Whether every day of `other` lies in this period.
    pub fn contains(self, other: Self) -> bool {
        self.from <= other.from && other.until <= self.until
    }

    /// The days that lie in both.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let (from, from_precision) = if self.from >= other.from {
            (self.from, self.from_precision())
        } else {
            (other.from, other.from_precision())
        };
        let (until, until_precision) = if self.until <= other.until {
            (self.until, self.until_precision())
        } else {
            (other.until, other.until_precision())
        };
        let precision = from_precision as i16 + 3 * until_precision as i16;
        Self { from, until, precision }.checked().ok()
    }

    /// The period with each open bound taken from the period it lies in.
    pub fn within(self, outer: Self) -> Self {
        let (from, from_precision) = if self.from == START_OF_TIME {
            (outer.from, outer.from_precision())
        } else {
            (self.from, self.from_precision())
        };
        let (until, until_precision) = if self.until == FOREVER {
            (outer.until, outer.until_precision())
        } else {
            (self.until, self.until_precision())
        };
        Self { from, until, precision: from_precision as i16 + 3 * until_precision as i16 }
    }
}

fn precision(stored: i16) -> Precision {
    match stored {
        1 => Precision::Month,
        2 => Precision::Year,
        _ => Precision::Day,
    }
}

fn bound(text: &str) -> Result<(NaiveDate, Precision), InvalidPeriod> {
    let (padded, precision) = match text.len() {
        4 => (format!("{text}-01-01"), Precision::Year),
        7 => (format!("{text}-01"), Precision::Month),
        _ => (text.to_owned(), Precision::Day),
    };
    let date = Date::parse(&padded).map_err(|_| InvalidPeriod::Bound(text.chars().take(40).collect()))?;
    Ok((date.0, precision))
}

fn after(first: NaiveDate, precision: Precision) -> NaiveDate {
    let next = match precision {
        Precision::Day => first.checked_add_days(Days::new(1)),
        Precision::Month => first.checked_add_months(Months::new(1)),
        Precision::Year => NaiveDate::from_ymd_opt(first.year() + 1, 1, 1),
    };
    next.unwrap_or(FOREVER)
}
