use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

/// The time zone of everything that is local in the directory.
pub const STOCKHOLM: Tz = chrono_tz::Europe::Stockholm;

/// A point in time, stored as microseconds since 1970-01-01T00:00:00Z so that both databases hold the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType, Serialize, Deserialize)]
pub struct Instant(pub i64);

impl Instant {
    /// The instant at which Stockholm's clocks show this; `None` for a time that the change to summer time skips.
    /// Of a time that occurs twice in autumn, the first.
    pub fn from_local(local: NaiveDateTime) -> Option<Self> {
        STOCKHOLM.from_local_datetime(&local).earliest().map(|time| Self(time.timestamp_micros()))
    }

    /// The first instant of a day in Stockholm.
    pub fn start_of(day: NaiveDate) -> Self {
        // Stockholm's clocks have never skipped midnight since 1900, so the fallback is never taken.
        Self::from_local(day.and_time(NaiveTime::MIN))
            .unwrap_or_else(|| Self(day.and_time(NaiveTime::MIN).and_utc().timestamp_micros()))
    }

    /// The point in time, in UTC.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }

    /// The point in time as Stockholm's clocks show it, with their offset from UTC.
    pub fn local(self) -> DateTime<FixedOffset> {
        self.utc().with_timezone(&STOCKHOLM).fixed_offset()
    }

    /// What Stockholm's clocks show.
    pub fn naive(self) -> NaiveDateTime {
        self.utc().with_timezone(&STOCKHOLM).naive_local()
    }

    /// The day in Stockholm.
    pub fn day(self) -> NaiveDate {
        self.utc().with_timezone(&STOCKHOLM).date_naive()
    }
}

impl From<DateTime<Utc>> for Instant {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.timestamp_micros())
    }
}

/// A time of day on the clock in Stockholm, to the minute, stored as `HH:MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime(pub NaiveTime);

impl LocalTime {
    /// Parses `HH:MM`.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 5).then(|| NaiveTime::parse_from_str(text, "%H:%M").ok()).flatten().map(Self)
    }
}

impl Serialize for LocalTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a time of day is written HH:MM"))
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%H:%M"))
    }
}

/// A time of day, `HH:MM`, on the clock of Europe/Stockholm.
#[async_graphql::Scalar(name = "LocalTime")]
impl async_graphql::ScalarType for LocalTime {
    fn parse(value: async_graphql::Value) -> async_graphql::InputValueResult<Self> {
        match &value {
            async_graphql::Value::String(text) => {
                Self::parse(text).ok_or_else(|| "a time of day is written HH:MM".into())
            }
            _ => Err(async_graphql::InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> async_graphql::Value {
        async_graphql::Value::String(self.to_string())
    }
}
