//! Calendars as others read them: PyPI's icalendar with recurring-ical-events, and npm's ical.js. `SAMVERKAN_TEST_CALENDAR_READERS` says that
//! they are installed; otherwise nothing is compared here.

use std::process::Command;

use serde_json::{Value, json};

use super::file;
use crate::support::{Client, TestApp};

/// The events that a program reads in a file, each as a line.
fn read(program: &str, script: &str, text: &str) -> Vec<Value> {
    let name = format!("{}-{script}.ics", std::process::id());
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
