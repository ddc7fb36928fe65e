//! Meetings: their sittings, together and apart, who was there, and which comes next.

mod changes;
mod clashes;
mod counts;
mod expected;
mod whose;
pub mod world;

use entity::values::Audience;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, all};

/// Two groups that all see, one that those see who have signed in, and somebody on a seat.
const GROUPS: &str = r#"
[[group]]
key = "g"
name = "Gruppen"
kind = "NETWORK"
[[group.seats]]
key = "s"
role = "CHAIR"
[[group]]
key = "h"
name = "Hopen"
kind = "NETWORK"
[[group]]
key = "hidden"
name = "Den dolda"
kind = "NETWORK"
audience = "SIGNED_IN"
[[person]]
key = "ann"
givenName = "Ann"
familyName = "Öst"
[[person]]
key = "bo"
givenName = "Bo"
familyName = "Ask"
[[membership]]
key = "g/ann"
seat = "g/s"
person = "ann"
"#;

fn meeting(key: &str, more: &str, starts: &str, ends: &str, groups: &str) -> String {
    format!(
        "[[meeting]]\nkey = \"{key}\"\ntitle = \"{key}\"\n{more}\nsittings = [{{ starts = \"{starts}\", ends = \"{ends}\", groups = [{groups}] }}]\n"
    )
}

async fn titles(client: &Client, from: &str, until: &str, filter: &str) -> Vec<String> {
    let query = format!(
        "{{ meetings(between: {{from: \"{from}\", until: \"{until}\"}}, filter: {{{filter}}}) {{ totalCount nodes {{ title }} }} }}"
    );
    let answer = client.ask(&query).await;
    let titles = all(&answer, "meetings.nodes.*.title");
    assert_eq!(answer["meetings"]["totalCount"], titles.len());
    titles
}

#[tokio::test]
async fn a_day_opens_jointly_and_goes_on_apart() {
    let app = TestApp::demo().await;
    let query = r#"{ meetings(between: {from: "2020-02-14", until: "2020-02-15"}, filter: {joint: true}) { nodes {
        title startsAt endsAt place digitalOffered groups { slug }
        sittings { joint startsAt endsAt precision digitalOffered digitalUrl groups { slug } }
    } } }"#;
    let answer = app.public().ask(query).await;
    assert_eq!(answer["meetings"]["nodes"].as_array().map(Vec::len), Some(1));
    let day = &answer["meetings"]["nodes"][0];
    assert_eq!(all(day, "groups.*.slug"), ["kommunchefgruppen", "samverkansradet"]);
    assert_eq!(
        (&day["startsAt"], &day["endsAt"]),
        (&day["sittings"][0]["startsAt"], &json!("2020-02-14T15:00:00+01:00"))
    );
    assert_eq!(all(day, "sittings.*.joint"), ["true", "false", "false"]);
    assert_eq!(day["sittings"][0]["groups"].as_array().map(Vec::len), Some(2));
    let mut apart = all(day, "sittings.*.groups.*.slug").split_off(2);
    apart.sort();
    assert_eq!(apart, ["kommunchefgruppen", "samverkansradet"]);
    assert_eq!(all(day, "sittings.*.precision"), ["TIME", "TIME", "TIME"]);
    assert_eq!(day["digitalOffered"], true);
    assert_eq!(day["sittings"][0]["digitalUrl"], "https://mote.example.com/gemensam");
}

#[tokio::test]
async fn a_month_that_a_source_gives_is_shown_as_a_month() {
    let app = TestApp::demo().await;
    let query = r#"{ meetings(between: {from: "2019-09-15", until: "2019-09-16"}) { nodes {
        title kind state startsAt endsAt place digitalOffered sittings { precision } sources { unclear }
    } } }"#;
    let answer = app.public().ask(query).await;
    assert_eq!(
        answer["meetings"]["nodes"],
        json!([{
            "title": "Studiebesök vid Brysselkontoret", "kind": "STUDY_VISIT", "state": "HELD",
            "startsAt": "2019-09-01T00:00:00+02:00", "endsAt": "2019-10-01T00:00:00+02:00",
            "place": "Brysselkontoret", "digitalOffered": null, "sittings": [{ "precision": "MONTH" }], "sources": [{ "unclear": true }],
        }])
    );
}

#[tokio::test]
async fn meetings_between_two_days_are_those_that_touch_them() {
    let document = [
        meeting("eve", "", "2026-03-01T22:00", "2026-03-02T00:00", "\"g\""),
        meeting("over", "", "2026-03-02T23:30", "2026-03-03T00:30", "\"g\""),
        meeting("day", "", "2026-03-03T09:00", "2026-03-03T10:00", "\"g\""),
        meeting("morrow", "", "2026-03-04T00:00", "2026-03-04T01:00", "\"g\""),
    ];
    let app = TestApp::of(&format!("{GROUPS}{}", document.concat())).await;
    let client = app.public();
    assert_eq!(titles(&client, "2026-03-02", "2026-03-03", "").await, ["over"]);
    assert_eq!(titles(&client, "2026-03-03", "2026-03-04", "").await, ["over", "day"]);
    assert_eq!(titles(&client, "2026-03-01", "2026-03-05", "").await, ["eve", "over", "day", "morrow"]);
    assert_eq!(titles(&client, "2026-03-05", "2026-03-06", "").await, [""; 0]);
}

#[tokio::test]
async fn meetings_are_filtered_by_kind_state_group_and_jointness() {
    let document = [
        meeting("formal", "state = \"HELD\"", "2026-03-01T09:00", "2026-03-01T10:00", "\"g\""),
        meeting("inside", "kind = \"INTERNAL\"", "2026-03-02T09:00", "2026-03-02T10:00", "\"h\""),
        meeting(
            "visit",
            "kind = \"STUDY_VISIT\"\nstate = \"CANCELLED\"",
            "2026-03-03T09:00",
            "2026-03-03T10:00",
            "\"g\", \"h\"",
        ),
    ];
    let app = TestApp::of(&format!("{GROUPS}{}", document.concat())).await;
    let client = app.public();
    let group = client.ask(r#"{ group(by: {slug: "g"}) { id } }"#).await["group"]["id"].take();
    for (filter, found) in [
        ("kinds: [FORMAL]".to_owned(), vec!["formal"]),
        ("kinds: [INTERNAL, STUDY_VISIT]".to_owned(), vec!["inside", "visit"]),
        ("states: [PLANNED]".to_owned(), vec!["inside"]),
        ("states: [HELD, CANCELLED]".to_owned(), vec!["formal", "visit"]),
        (format!("group: {group}"), vec!["formal", "visit"]),
        ("joint: true".to_owned(), vec!["visit"]),
        ("joint: false".to_owned(), vec!["formal", "inside"]),
        (format!("group: {group}, joint: false"), vec!["formal"]),
        ("kinds: []".to_owned(), vec![]),
    ] {
        assert_eq!(titles(&client, "2026-03-01", "2026-04-01", &filter).await, found, "{filter}");
    }
}

#[tokio::test]
async fn a_group_that_the_asker_may_not_see_makes_no_meeting_joint() {
    let document = [
        meeting("with", "", "2026-03-01T09:00", "2026-03-01T10:00", "\"g\", \"hidden\""),
        meeting("alone", "", "2026-03-02T09:00", "2026-03-02T10:00", "\"hidden\""),
    ];
    let app = TestApp::of(&format!("{GROUPS}{}", document.concat())).await;
    let query = r#"{ meetings(between: {from: "2026-03-01", until: "2026-04-01"}) { nodes { title groups { slug } sittings { joint } } } }"#;
    let seen = app.public().ask(query).await;
    assert_eq!(
        seen["meetings"]["nodes"],
        json!([{ "title": "with", "groups": [{ "slug": "g" }], "sittings": [{ "joint": false }] }])
    );
    for (client, joint) in [(app.public(), vec![]), (app.seeing(Audience::SignedIn), vec!["with"])] {
        assert_eq!(titles(&client, "2026-03-01", "2026-04-01", "joint: true").await, joint);
    }
    let hidden =
        app.seeing(Audience::SignedIn).ask(r#"{ group(by: {slug: "hidden"}) { id } }"#).await["group"]["id"].take();
    assert_eq!(titles(&app.public(), "2026-03-01", "2026-04-01", &format!("group: {hidden}")).await, [""; 0]);
}

#[tokio::test]
async fn the_next_meeting_is_counted_from_now_or_from_the_chosen_day_and_never_cancelled() {
    let app = TestApp::demo().await;
    let client = app.public();
    for (group, as_of, starts) in [
        ("kommunchefgruppen", "", json!("2026-11-27T09:00:00+01:00")),
        ("kommunchefgruppen", ", asOf: \"2026-10-16\"", json!("2026-11-27T09:00:00+01:00")),
        ("kommunchefgruppen", ", asOf: \"2020-02-14\"", json!("2020-02-14T09:00:00+01:00")),
        ("kommunchefgruppen", ", asOf: \"2020-02-15\"", json!("2020-06-05T09:00:00+02:00")),
        ("samverkansradet", "", json!("2026-12-04T09:00:00+01:00")),
        ("kommunchefgruppen", ", asOf: \"2030-01-01\"", json!(null)),
        ("nitus", "", json!(null)),
    ] {
        let query = format!("{{ group(by: {{slug: \"{group}\"}}{as_of}) {{ nextMeeting {{ startsAt state }} }} }}");
        let next = client.ask(&query).await["group"]["nextMeeting"].take();
        assert_eq!(next["startsAt"], starts, "{group} {as_of}");
        assert_ne!(next["state"], "CANCELLED");
    }
}

#[tokio::test]
async fn a_meeting_of_today_is_next_until_it_has_begun() {
    // The tests' clock stands at noon.
    let document = [
        meeting("began", "", "2026-11-21T11:59", "2026-11-21T14:00", "\"g\""),
        meeting("cancelled", "state = \"CANCELLED\"", "2026-11-21T12:00", "2026-11-21T14:00", "\"g\""),
        meeting("next", "", "2026-11-21T14:00", "2026-11-21T15:00", "\"g\""),
    ];
    let app = TestApp::of(&format!("{GROUPS}{}", document.concat())).await;
    for (as_of, title) in [("", "next"), (", asOf: \"2026-11-21\"", "began"), (", asOf: \"2026-11-20\"", "began")] {
        let query = format!("{{ group(by: {{slug: \"g\"}}{as_of}) {{ nextMeeting {{ title }} }} }}");
        assert_eq!(app.public().ask(&query).await["group"]["nextMeeting"]["title"], title, "{as_of}");
    }
}

#[tokio::test]
async fn a_moved_meeting_says_when_it_was_to_be() {
    let app = TestApp::demo().await;
    let query = r#"{ meetings(between: {from: "2020-10-01", until: "2020-11-01"}) { nodes { startsAt movedFrom schedule { description groups { slug } } } } }"#;
    let moved = app.public().ask(query).await["meetings"]["nodes"][0].take();
    assert_eq!(moved["startsAt"], "2020-10-23T09:00:00+02:00");
    assert_eq!(moved["movedFrom"], "2020-10-09T09:00:00+02:00");
    assert_eq!(all(&moved, "schedule.groups.*.slug"), ["kommunchefgruppen", "samverkansradet"]);
}

#[tokio::test]
async fn sittings_of_one_group_do_not_overlap_unless_one_is_cancelled() {
    let first = meeting("first", "", "2026-03-01T09:00", "2026-03-01T11:00", "\"g\"");
    let overlap = "test.toml:1: meeting: the group already has a sitting at that time";
    for (second, refused) in [
        (meeting("second", "", "2026-03-01T10:59", "2026-03-01T12:00", "\"g\", \"h\""), true),
        (meeting("second", "", "2026-03-01T08:00", "2026-03-01T12:00", "\"g\""), true),
        (meeting("second", "state = \"HELD\"", "2026-03-01T09:30", "2026-03-01T10:00", "\"g\""), true),
        (meeting("second", "", "2026-03-01T11:00", "2026-03-01T12:00", "\"g\""), false),
        (meeting("second", "", "2026-03-01T09:00", "2026-03-01T11:00", "\"h\""), false),
        (meeting("second", "state = \"CANCELLED\"", "2026-03-01T09:00", "2026-03-01T11:00", "\"g\""), false),
        (
            "[[meeting]]\nkey = \"second\"\nsittings = [{ starts = \"2026-03-01\", groups = [\"g\"] }]\n".to_owned(),
            false,
        ),
    ] {
        let app = TestApp::of(&format!("{GROUPS}{first}")).await;
        let loaded = app.load(&second).await;
        let expected = if refused { Some(vec![overlap.to_owned()]) } else { None };
        assert_eq!(loaded.err(), expected, "{second}");
    }
}

#[tokio::test]
async fn a_cancelled_meeting_cannot_be_planned_again_over_another() {
    let cancelled = meeting("first", "state = \"CANCELLED\"", "2026-03-01T09:00", "2026-03-01T11:00", "\"g\"");
    let second = meeting("second", "", "2026-03-01T10:00", "2026-03-01T11:00", "\"g\"");
    let app = TestApp::of(&format!("{GROUPS}{cancelled}{second}")).await;
    let again = app.load(&cancelled.replace("CANCELLED", "PLANNED")).await;
    assert_eq!(again, Err(vec!["test.toml:1: meeting: the group already has a sitting at that time".to_owned()]));
}

#[tokio::test]
async fn a_cancelled_meeting_can_be_planned_again_for_another_time() {
    let cancelled = meeting("first", "state = \"CANCELLED\"", "2026-03-01T09:00", "2026-03-01T11:00", "\"g\"");
    let second = meeting("second", "", "2026-03-01T10:00", "2026-03-01T11:00", "\"g\"");
    let app = TestApp::of(&format!("{GROUPS}{cancelled}{second}")).await;
    let later = meeting("first", "", "2026-03-01T13:00", "2026-03-01T15:00", "\"g\"");
    assert_eq!(app.load(&later).await.err(), None);
    let over_second = cancelled.replace("T09:00", "T10:00");
    assert_eq!(app.load(&over_second).await.err(), None, "a meeting that is cancelled takes up no time");
}

#[tokio::test]
async fn attendance_says_who_was_there_how_and_for_whom() {
    let attendance = "state = \"HELD\"\nattendance = [{ person = \"ann\", mode = \"IN_ROOM\" }, { person = \"bo\", mode = \"REMOTE\", membership = \"g/ann\" }]";
    let document = meeting("m", attendance, "2026-03-01T09:00", "2026-03-01T11:00", "\"g\"");
    let app = TestApp::of(&format!("{GROUPS}{document}")).await;
    let query = r#"{ meetings(between: {from: "2026-03-01", until: "2026-03-02"}) { nodes { attendance { totalCount nodes {
        mode person { id name } inPlaceOf { person { name } }
    } } } } }"#;
    let answer = app.public().ask(query).await;
    let present = &answer["meetings"]["nodes"][0]["attendance"];
    let rows: Vec<Value> = present["nodes"].as_array().cloned().unwrap_or_default();
    let row =
        |row: &Value| (row["person"]["name"].clone(), row["mode"].clone(), row["inPlaceOf"]["person"]["name"].clone());
    let expected =
        [(json!("Bo Ask"), json!("REMOTE"), json!("Ann Öst")), (json!("Ann Öst"), json!("IN_ROOM"), json!(null))];
    assert_eq!(rows.iter().map(row).collect::<Vec<_>>(), expected);
    assert_eq!(present["totalCount"], 2);

    let ann = &rows[1]["person"]["id"];
    for (between, meetings) in [
        ("", 1),
        ("(between: {from: \"2026-03-01\", until: \"2026-03-02\"})", 1),
        ("(between: {from: \"2026-03-02\", until: \"2026-03-03\"})", 0),
    ] {
        let query = format!("{{ person(id: {ann}) {{ meetings{between} {{ totalCount }} }} }}");
        assert_eq!(app.public().ask(&query).await["person"]["meetings"]["totalCount"], meetings, "{between}");
    }
}
