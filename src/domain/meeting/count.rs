//! How often groups met: what the directory records, and what sources state.

use entity::values::{Instant, Measure, MeetingState};
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::row;
use crate::domain::figure;
use crate::domain::view::View;
use crate::error::Error;

row! {
    /// How many meetings of a group are recorded as held.
    Recorded { id, recorded: i64 }
}

/// How often a group met in a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeetingCount {
    /// Meetings that the directory records as held.
    pub recorded: i64,
    /// What sources state.
    pub stated: Option<i64>,
    /// What the stated number counts.
    pub measure: Option<Measure>,
}

impl MeetingCount {
    /// The number to print: what a source states, or else what is recorded. They are two accounts of the same meetings and are
    /// never added up.
    pub fn held(&self) -> i64 {
        self.stated.unwrap_or(self.recorded)
    }
}

/// How often each group met in a year, as recorded and as stated.
pub async fn counts(view: View, ids: Vec<Uuid>, year: i32) -> Result<Vec<(Uuid, MeetingCount)>, Error> {
    let (from, until, _) = figure::year(year)?.columns();
    let query = sql!(
        "SELECT c.group_id, count(DISTINCT e.id) FROM sitting_group c JOIN meeting e ON e.id = c.meeting_id
         WHERE e.state = ? AND c.starts_at >= ? AND c.starts_at < ? AND c.group_id IN",
        MeetingState::Held,
        Instant::start_of(from),
        Instant::start_of(until)
    );
    let recorded =
        view.rows::<Recorded>(query.then(Sql::list(ids.iter().copied())).then("GROUP BY c.group_id")).await?;
    let stated = figure::of_year(view, ids.clone(), year).await?;
    Ok(ids.into_iter().map(|id| (id, count(id, &recorded, &stated))).collect())
}

fn count(group: Uuid, recorded: &[Recorded], stated: &[(Uuid, figure::Row)]) -> MeetingCount {
    let figures = stated.iter().filter(|(owner, _)| *owner == group).map(|(_, figure)| figure);
    let sum = |measure| {
        let values = figures.clone().filter(|figure| figure.measure == measure).map(|figure| figure.value);
        values.reduce(|a, b| a + b).map(|sum| (measure, sum))
    };
    // A count of all meetings says more than one of the formal ones alone.
    let stated = sum(Measure::MeetingsHeld).or_else(|| sum(Measure::FormalMeetingsHeld));
    MeetingCount {
        recorded: recorded.iter().find(|row| row.id == group).map_or(0, |row| row.recorded),
        stated: stated.map(|(_, sum)| sum),
        measure: stated.map(|(measure, _)| measure),
    }
}
