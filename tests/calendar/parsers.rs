//! Calendars as others read them: PyPI's icalendar with recurring-ical-events, and npm's ical.js. `SAMVERKAN_TEST_CALENDAR_READERS` says that
//! they are installed; otherwise nothing is compared here.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use super::file;
use crate::meeting::world::{MEETING, keeper, plan, seen};
use crate::meeting_invitation::Post;
use crate::support::{Client, TestApp};

/// What a program reads in a file, a line each: of a calendar, its events of some years.
fn read(program: &str, script: &str, text: &str) -> Vec<Value> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("{}-{}-{script}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("a file");
    let script = format!("{}/tests/tools/{script}", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(program).arg(&script).arg(&path).args(["2019", "2028"]).output().expect(program);
    std::fs::remove_file(&path).expect("a file");
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).expect("text");
    said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// What GraphQL tells of a group's sittings, in the words of the calendar.
async fn told(client: &Client, slug: &str) -> Vec<Value> {
    let query = format!(
        "{{ group(by: {{slug: {slug:?}}}) {{ meetings(first: 100) {{ nodes {{ state version sittings {{ id startsAt endsAt precision place groups {{ slug }} }} }} }} }} }}"
    );
    let answer = client.ask(&query).await;
    let utc = |time: &Value| {
        let time = chrono::DateTime::parse_from_rfc3339(time.as_str().expect("a time")).expect("a time");
        time.to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string()
    };
    let mut events = Vec::new();
    for meeting in answer["group"]["meetings"]["nodes"].as_array().expect("meetings") {
        for sitting in meeting["sittings"].as_array().expect("sittings") {
            let theirs = sitting["groups"].as_array().is_some_and(|groups| groups.contains(&json!({ "slug": slug })));
            if theirs && sitting["precision"] == "TIME" {
                let state = if meeting["state"] == "CANCELLED" { "CANCELLED" } else { "CONFIRMED" };
                let place = sitting["place"].as_str().unwrap_or_default();
                events.push(json!([
                    utc(&sitting["startsAt"]),
                    utc(&sitting["endsAt"]),
                    state,
                    place,
                    meeting["version"].as_i64().expect("a number") - 1
                ]));
            }
        }
    }
    events.sort_by_key(ToString::to_string);
    events
}

#[tokio::test]
async fn two_other_programs_read_the_same() {
    if std::env::var_os("SAMVERKAN_TEST_CALENDAR_READERS").is_none() {
        return;
    }
    let app = TestApp::demo().await;
    for slug in ["kommunchefgruppen", "samverkansradet", "svom", "fou-radet", "socsam"] {
        let text = file(&app.public(), &format!("/groups/{slug}.ics?from=2019-01-01&until=2028-01-01")).await;
        let (python, node) = (read("python3", "read_calendar.py", &text), read("node", "read_calendar.mjs", &text));
        assert_eq!(python, node, "{slug}");
        let event = |event: &Value| {
            json!([event["start"], event["end"], event["status"], event["location"], event["sequence"]])
        };
        let mut events: Vec<Value> = python.iter().map(event).collect();
        events.sort_by_key(ToString::to_string);
        assert_eq!(events, told(&app.public(), slug).await, "{slug}");
        assert!(!events.is_empty(), "{slug}");
    }
}

#[tokio::test]
async fn other_programs_read_an_invitation_and_its_calendar() {
    if std::env::var_os("SAMVERKAN_TEST_CALENDAR_READERS").is_none() {
        return;
    }
    let post = Post::start().await;
    let client = keeper(&post.app).await;
    let meeting = plan(&client, "svom", "2026-12-18").await;
    let mut letters = post.letters().await;
    client.done("cancelMeeting", seen(&meeting), MEETING).await;
    letters.extend(post.letters().await);
    for (letter, (method, status, sequence)) in
        [(&letters[0], ("REQUEST", "CONFIRMED", 0)), (&letters[3], ("CANCEL", "CANCELLED", 1))]
    {
        let event = &read("node", "read_calendar.mjs", &letter.calendar)[0];
        let message = read("python3", "read_invitation.py", &letter.raw).remove(0);
        assert_eq!((&event["uid"], &event["sequence"]), (&message["uid"], &message["sequence"]));
        assert_eq!(
            message,
            json!({
                "kind": "multipart/alternative", "from": "\"Region Jämtland Härjedalen, Samverkan\" <samverkan@example.org>",
                "to": "anna@example.org", "subject": letter.subject, "text": letter.text, "said": method, "method": method,
                "uid": letter.value("UID"), "sequence": sequence, "status": status,
                "organizer": ["mailto:samverkan@example.org", "Region Jämtland Härjedalen, Samverkan"],
                "attendee": "mailto:anna@example.org",
            })
        );
    }
}
