//! Schedules and meetings of a group: some held, with who was there, most planned.

use chrono::{NaiveDate, NaiveTime};
use entity::values::{AttendanceMode, Instant, MeetingKind, MeetingState, TimePrecision};
use entity::{attendance, meeting, schedule, schedule_group, sitting, sitting_group};
use serde_json::json;
use uuid::Uuid;

use super::World;
use super::draw::{earlier, later};
use super::groups::Group;
use crate::domain::write::derived;
use crate::error::Error;

/// Days between a group's meetings.
const INTERVAL: usize = 28;
const HOUR: i64 = 3_600_000_000;

impl World<'_> {
    /// So many meetings, four weeks apart, a third of them held; all of them, of a group that has ended.
    pub(super) async fn meetings(&mut self, group: &Group, wanted: usize, members: &[Uuid]) -> Result<(), Error> {
        let schedule_id = self.schedule(group).await?;
        let exists = self.today < group.valid_until;
        let held = if exists { wanted / 3 } else { wanted };
        let first = earlier(self.today.min(group.valid_until), (held * INTERVAL) as u64);
        // Each group has its own days: those of neighbours, who sometimes meet together, never fall together otherwise.
        let first = later(first, (self.groups.len() * 2 % 14) as u64);
        let together = self.neighbour.filter(|_| exists && self.groups.len() % 10 == 1);
        for number in 0..wanted {
            let day = later(first, (number * INTERVAL) as u64);
            let over = day < self.today;
            let state = match (over, self.draw.percent(3)) {
                (_, true) => MeetingState::Cancelled,
                (true, false) => MeetingState::Held,
                (false, false) => MeetingState::Planned,
            };
            let with = together.filter(|_| self.draw.percent(30));
            let id = self.meeting(&[Some(group.id), with], schedule_id, day, state).await?;
            if state == MeetingState::Held && self.draw.percent(20) {
                self.attendance(id, members).await?;
            }
            self.sink.made(1);
        }
        Ok(())
    }

    async fn schedule(&mut self, group: &Group) -> Result<Option<Uuid>, Error> {
        if !self.draw.percent(50) {
            return Ok(None);
        }
        let by_rule = self.draw.percent(60);
        let row = schedule::Model {
            id: self.draw.id(),
            recurrence: by_rule.then(|| "FREQ=WEEKLY;INTERVAL=4;BYDAY=TU".to_owned()),
            per_year: (!by_rule).then_some(13),
            except_days: json!([]),
            extra_days: json!([]),
            start_time: Some("09:00".to_owned()),
            minutes: Some(180),
            place: Some("Samlingssalen".to_owned()),
            digital_offered: Some(true),
            digital_url: None,
            description: None,
            kind: MeetingKind::Formal,
            sittings: json!([]),
            valid_from: group.valid_from,
            valid_until: group.valid_until,
            valid_precision: 0,
            version: 1,
        };
        let schedule_id = row.id;
        self.sink.add(row).await?;
        let id = derived(schedule_id, &group.id.to_string());
        self.sink.add(schedule_group::Model { id, schedule_id, group_id: group.id }).await?;
        Ok(Some(schedule_id))
    }

    /// A meeting of a morning.
    async fn meeting(
        &mut self,
        groups: &[Option<Uuid>],
        schedule_id: Option<Uuid>,
        day: NaiveDate,
        state: MeetingState,
    ) -> Result<Uuid, Error> {
        let starts_at = day.and_time(NaiveTime::MIN) + chrono::Duration::hours(9);
        let starts_at = Instant::from_local(starts_at).unwrap_or_else(|| Instant::start_of(day));
        let ends_at = Instant(starts_at.0 + (2 + self.draw.below(3) as i64) * HOUR);
        let kind = if self.draw.percent(80) { MeetingKind::Formal } else { MeetingKind::Internal };
        let id = self.draw.id();
        let row = meeting::Model {
            id,
            kind,
            state,
            title: None,
            schedule_id,
            moved_from: None,
            starts_at,
            ends_at,
            version: 1,
        };
        self.sink.add(row).await?;
        let digital = self.draw.percent(60);
        let row = sitting::Model {
            id: derived(id, "sitting/1"),
            meeting_id: id,
            starts_at,
            ends_at,
            precision: TimePrecision::Time,
            place: Some(super::names::place(&mut self.draw)),
            digital_offered: Some(digital),
            digital_url: digital.then(|| format!("https://example.org/mote/{}", id.simple())),
        };
        let sitting_id = row.id;
        self.sink.add(row).await?;
        for group_id in groups.iter().flatten().copied() {
            let row = sitting_group::Model {
                id: derived(sitting_id, &group_id.to_string()),
                sitting_id,
                meeting_id: id,
                group_id,
                starts_at,
                ends_at,
                precision: TimePrecision::Time,
                day,
            };
            self.sink.add(row).await?;
        }
        Ok(id)
    }

    /// Five of those who sit today.
    async fn attendance(&mut self, meeting_id: Uuid, members: &[Uuid]) -> Result<(), Error> {
        for person_id in members.iter().take(5) {
            let mode = if self.draw.percent(50) { AttendanceMode::InRoom } else { AttendanceMode::Remote };
            let id = derived(meeting_id, &format!("attendance/{person_id}"));
            let row = attendance::Model { id, meeting_id, person_id: *person_id, mode, membership_id: None };
            self.sink.add(row).await?;
        }
        Ok(())
    }
}
