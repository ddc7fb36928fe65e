//! How often groups met: what the directory records, and what sources state.

use entity::values::{AttendanceMode, Instant, Measure, MeetingState};
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::row;
use crate::domain::figure;
use crate::domain::view::View;
use crate::error::Error;
use crate::policy::scope;

row! {
    /// What is recorded of a group's meetings.
    Recorded { id, meetings: i64, formal: i64, digital_known: i64, digital: i64, joint: i64 }
}

row! {
    /// How often members of a group were there.
    Attended { id, attendance: i64, remote: i64 }
}

/// How often a group met in a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeetingCount {
    /// Meetings that the directory records as held.
    pub recorded: i64,
    /// Formal ones among them.
    pub formal: i64,
    /// Those among them of which it is known whether one could take part remotely.
    pub digital_known: i64,
    /// Those at which one could.
    pub digital: i64,
    /// Those with a sitting together with other groups that the asker sees.
    pub joint: i64,
    /// How often members were at them, or others in their place.
    pub attendance: i64,
    /// Remotely.
    pub remote: i64,
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
    let held = sql!(
        "e.state = ? AND c.starts_at >= ? AND c.starts_at < ?",
        MeetingState::Held,
        Instant::start_of(from),
        Instant::start_of(until)
    );
    let of_groups = || held.clone().and("c.group_id IN").then(Sql::list(ids.iter().copied()));
    let recorded =
        view.rows::<Recorded>(meetings(&view).then("WHERE").then(of_groups()).then("GROUP BY c.group_id")).await?;
    let attended = attended(&view).and(of_groups()).then("GROUP BY c.group_id");
    let attended = view.rows::<Attended>(attended).await?;
    let stated = figure::of_year(view, ids.clone(), year).await?;
    Ok(ids.iter().map(|id| (*id, count(*id, &recorded, &attended, &stated))).collect())
}

/// What is counted of the meetings `e` of the groups `c`, up to its conditions.
fn meetings(view: &View) -> Sql {
    let of = |condition: &str| format!("count(DISTINCT CASE WHEN {condition} THEN e.id END)");
    let together = Sql::from(
        "EXISTS (SELECT 1 FROM sitting_group o JOIN \"group\" og ON og.id = o.group_id WHERE o.sitting_id = c.sitting_id AND o.group_id <> c.group_id",
    );
    Sql::from(format!("SELECT c.group_id, count(DISTINCT e.id), {},", of("e.kind = 'FORMAL'")))
        .then(format!("{}, {},", of("i.digital_offered IS NOT NULL"), of("i.digital_offered")))
        .then("count(DISTINCT CASE WHEN")
        .then(together)
        .and(scope::group(&view.actor, "og"))
        .then(") THEN e.id END)")
        .then("FROM sitting_group c JOIN meeting e ON e.id = c.meeting_id JOIN sitting i ON i.id = c.sitting_id")
}

/// What is counted of those who were there, up to the conditions on the meetings `e` of the groups `c`. Guests are no members' attendance.
fn attended(view: &View) -> Sql {
    let there = [AttendanceMode::InRoom, AttendanceMode::Remote];
    Sql::from(
        "SELECT c.group_id, count(DISTINCT a.id), count(DISTINCT CASE WHEN a.mode = 'REMOTE' THEN a.id END)
         FROM sitting_group c JOIN meeting e ON e.id = c.meeting_id JOIN attendance a ON a.meeting_id = e.id
         JOIN person h ON h.id = a.person_id
         WHERE (EXISTS (SELECT 1 FROM membership m JOIN seat s ON s.id = m.seat_id WHERE a.membership_id IS NULL AND m.person_id = a.person_id
         AND s.group_id = c.group_id AND m.valid_from <= c.day AND m.valid_until > c.day)
         OR EXISTS (SELECT 1 FROM membership m JOIN seat s ON s.id = m.seat_id WHERE m.id = a.membership_id AND s.group_id = c.group_id))",
    )
    .and(Sql::from("a.mode IN").then(Sql::terms(there)))
    .and(scope::person_in_place(&view.actor, "h"))
}

fn count(group: Uuid, recorded: &[Recorded], attended: &[Attended], stated: &[(Uuid, figure::Row)]) -> MeetingCount {
    let figures = stated.iter().filter(|(owner, _)| *owner == group).map(|(_, figure)| figure);
    let sum = |measure| {
        let values = figures.clone().filter(|figure| figure.measure == measure).map(|figure| figure.value);
        values.reduce(|a, b| a + b).map(|sum| (measure, sum))
    };
    // A count of all meetings says more than one of the formal ones alone.
    let stated = sum(Measure::MeetingsHeld).or_else(|| sum(Measure::FormalMeetingsHeld));
    let recorded = recorded.iter().find(|row| row.id == group);
    let attended = attended.iter().find(|row| row.id == group);
    let meetings = |number: fn(&Recorded) -> i64| recorded.map_or(0, number);
    MeetingCount {
        recorded: meetings(|row| row.meetings),
        formal: meetings(|row| row.formal),
        digital_known: meetings(|row| row.digital_known),
        digital: meetings(|row| row.digital),
        joint: meetings(|row| row.joint),
        attendance: attended.map_or(0, |row| row.attendance),
        remote: attended.map_or(0, |row| row.remote),
        stated: stated.map(|(_, sum)| sum),
        measure: stated.map(|(measure, _)| measure),
    }
}
