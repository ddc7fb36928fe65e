use entity::values::{AttendanceMode, LocalTime, MeetingKind, MeetingState};

use super::fields::Fields;
use super::nested::sources;
use super::times::{local_time, sitting_time};
use super::{Attendance, Meeting, Reference, Schedule, Sitting};

pub fn schedule(f: &mut Fields) -> Option<Schedule> {
    f.not_both("recurrence", "perYear");
    Some(Schedule {
        place: f.place(),
        key: f.whole_key(),
        groups: groups(f),
        recurrence: f.parsed("recurrence", recurrence),
        per_year: f.count("perYear"),
        except: f.dates("except"),
        extra: f.dates("extra"),
        start_time: f.parsed("startTime", |text| LocalTime::parse(text).ok_or("a time of day is written \"09:00\"")),
        minutes: f.count("minutes"),
        meeting_place: f.text("place"),
        digital_offered: f.flag("digitalOffered"),
        digital_url: f.web("digitalUrl"),
        description: f.text("description"),
        period: f.period(),
        sources: sources(f),
    })
}

/// Says whether the text looks like the value of an RRULE. Whether it is one is found out where it is used.
fn recurrence(text: &str) -> Result<String, String> {
    const FREQUENCIES: [&str; 4] = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
    let capitals = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase());
    let part = |part: &str| part.split_once('=').is_some_and(|(name, value)| capitals(name) && !value.is_empty());
    let frequency = text.strip_prefix("FREQ=").and_then(|rest| rest.split(';').next());
    match frequency.is_some_and(|frequency| FREQUENCIES.contains(&frequency)) && text.split(';').all(part) {
        true => Ok(text.to_owned()),
        false => Err(format!("{text:?} is not a recurrence rule such as FREQ=MONTHLY;BYDAY=2TU")),
    }
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
