//! Periods and directions as the schema shows them.

use async_graphql::{Description, Enum, Object};
use chrono::NaiveDate;
use entity::values::{Date, PeriodState, Precision};

/// Which way a list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum OrderDirection {
    /// Stigande: first to last.
    #[default]
    Asc,
    /// Fallande: last to first.
    Desc,
}

/// Period: the days from `from` up to but without `until`, in Europe/Stockholm. An absent bound is open or unknown.
#[derive(Description)]
pub struct Period {
    period: entity::values::Period,
    on: NaiveDate,
}

impl Period {
    /// A period, seen on a day.
    pub fn new(period: entity::values::Period, on: NaiveDate) -> Self {
        Self { period, on }
    }
}

#[Object(use_type_description)]
impl Period {
    /// The first day.
    async fn from(&self) -> Option<Date> {
        self.period.from()
    }

    /// The day after the last.
    async fn until(&self) -> Option<Date> {
        self.period.until()
    }

    /// The last day, as documents print it.
    async fn last_day(&self) -> Option<Date> {
        self.period.last_day()
    }

    /// How exactly the beginning is known.
    async fn from_precision(&self) -> Precision {
        self.period.from_precision()
    }

    /// How exactly the end is known.
    async fn until_precision(&self) -> Precision {
        self.period.until_precision()
    }

    /// Where the period stands on the day as of which it is seen.
    async fn state(&self) -> PeriodState {
        self.period.state(self.on)
    }
}
