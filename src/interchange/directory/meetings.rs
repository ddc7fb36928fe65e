use entity::values::{AttendanceMode, LocalTime, MeetingKind, MeetingState, Recurrence};

use super::fields::Fields;
use super::nested::sources;
use super::times::{local_time, sitting_time};
use super::{Attendance, Meeting, Reference, Schedule, ScheduleSitting, Sitting};

pub fn schedule(f: &mut Fields) -> Option<Schedule> {
    f.not_both("recurrence", "perYear");
    Some(Schedule {
        place: f.place(),
        key: f.whole_key(),
        groups: groups(f),
        recurrence: f.parsed("recurrence", Recurrence::parse),
        per_year: f.count("perYear"),
        except: f.dates("except"),
        extra: f.dates("extra"),
        start_time: start_time(f, "startTime"),
        minutes: f.count("minutes"),
        meeting_place: f.text("place"),
        digital_offered: f.flag("digitalOffered"),
        digital_url: f.web("digitalUrl"),
        description: f.text("description"),
        kind: f.term("kind").unwrap_or(MeetingKind::Formal),
        sittings: schedule_sittings(f),
        period: f.period(),
        sources: sources(f),
    })
}

fn schedule_sittings(f: &mut Fields) -> Vec<ScheduleSitting> {
    f.list("sittings", |f| {
        let (start_time, minutes) = (f.required("startTime", start_time), f.required("minutes", Fields::count));
        Some(ScheduleSitting {
            place: f.place(),
            groups: groups(f),
            digital_offered: f.flag("digitalOffered"),
            start_time: start_time?,
            minutes: minutes?,
        })
    })
}

fn start_time(f: &mut Fields, name: &'static str) -> Option<LocalTime> {
    f.parsed(name, |text| LocalTime::parse(text).ok_or("a time of day is written \"09:00\""))
}

pub fn meeting(f: &mut Fields) -> Option<Meeting> {
    Some(Meeting {
        place: f.place(),
        key: f.whole_key(),
        kind: f.term("kind").unwrap_or(MeetingKind::Formal),
        state: f.term("state").unwrap_or(MeetingState::Planned),
        title: f.text("title"),
        schedule: f.reference("schedule"),
        moved_from: f.parsed("movedFrom", local_time),
        sittings: sittings(f),
        attendance: f.list("attendance", attendance),
        sources: sources(f),
    })
}

fn sittings(f: &mut Fields) -> Vec<Sitting> {
    if !f.has("sittings") {
        f.missing("sittings", "");
    }
    f.list("sittings", |f| {
        let time = sitting_time(f);
        Some(Sitting {
            place: f.place(),
            groups: groups(f),
            meeting_place: f.text("place"),
            digital_offered: f.flag("digitalOffered"),
            digital_url: f.web("digitalUrl"),
            // The last field: nothing is left unread when it fails.
            time: time?,
        })
    })
}

fn attendance(f: &mut Fields) -> Option<Attendance> {
    Some(Attendance {
        place: f.place(),
        person: f.required("person", Fields::reference).unwrap_or_default(),
        mode: f.required("mode", Fields::term).unwrap_or(AttendanceMode::InRoom),
        membership: f.reference("membership"),
    })
}

fn groups(f: &mut Fields) -> Vec<Reference> {
    f.required("groups", Fields::references).unwrap_or_default()
}
