use std::fmt;

use chrono::{Datelike, NaiveDate};

/// A calendar day, `YYYY-MM-DD`, in the calendar of Europe/Stockholm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub NaiveDate);

/// The text is not a day of the years 1900 to 2199.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidDate(pub String);

impl fmt::Display for InvalidDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" is not a date of the form YYYY-MM-DD between 1900 and 2199", self.0)
    }
}

impl Date {
    /// Parses `YYYY-MM-DD`. Years outside 1900 to 2199 are taken for slips of the finger.
    pub fn parse(text: &str) -> Result<Self, InvalidDate> {
        let wrong = || InvalidDate(text.chars().take(40).collect());
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| wrong())?;
        if text.len() != 10 || !(1900..2200).contains(&date.year()) {
            return Err(wrong());
        }
        Ok(Self(date))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A calendar day, `YYYY-MM-DD` (ISO 8601), in the calendar of Europe/Stockholm; years 1900 to 2199.
#[async_graphql::Scalar(name = "Date", specified_by_url = "https://scalars.graphql.org/andimarek/local-date.html")]
impl async_graphql::ScalarType for Date {
    fn parse(value: async_graphql::Value) -> async_graphql::InputValueResult<Self> {
        match &value {
            async_graphql::Value::String(text) => Ok(Self::parse(text).map_err(|e| e.to_string())?),
            _ => Err(async_graphql::InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> async_graphql::Value {
        async_graphql::Value::String(self.to_string())
    }
}

/// A range of days: `from` and the days after it, up to but without `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::InputObject)]
pub struct DateRange {
    /// The first day of the range.
    pub from: Date,
    /// The day after the last day of the range.
    pub until: Date,
}
