//! Double bookings, and times at which nobody is in two places.

use serde_json::{Value, json};

use super::world::{WORLD, group, joint_day, keeper, plan, seen};
use crate::support::{Client, TestApp, all};

const BOOKED: &str = "doubleBookings { person { givenName } sitting { startsAt } other { startsAt groups { slug } } }";

async fn double_bookings(client: &Client, meeting: &Value) -> Value {
    let query = format!("{{ node(id: {}) {{ ... on Meeting {{ {BOOKED} }} }} }}", meeting["id"]);
    client.ask(&query).await["node"]["doubleBookings"].take()
}

#[tokio::test]
async fn who_sits_in_both_groups_cannot_sit_in_both_at_once() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let meeting = joint_day(&client).await;
    // Eva is in both groups, whose sittings after the joint opening are at the same time.
    let booked = double_bookings(&client, &meeting).await;
    assert_eq!(all(&booked, "*.person.givenName"), ["Eva", "Eva"]);
    let mut groups = all(&booked, "*.other.groups.*.slug");
    groups.sort();
    assert_eq!(groups, ["buz", "svom"]);
    // Another meeting, at the same time.
    let other = plan(&client, "svom", "2026-12-01").await;
    assert_eq!(double_bookings(&client, &other).await, json!([]));
    let same = plan(&client, "buz", "2026-12-01").await;
    assert_eq!(all(&double_bookings(&client, &same).await, "*.person.givenName"), ["Eva"]);
    assert_eq!(all(&double_bookings(&client, &other).await, "*.other.groups.*.slug"), ["buz"]);
    client.done("cancelMeeting", seen(&same), "meeting { id }").await;
    assert_eq!(double_bookings(&client, &other).await, json!([]));
    // Eva was in one of them only, then.
    plan(&client, "buz", "2025-12-01").await;
    let before = plan(&client, "svom", "2025-12-01").await;
    assert_eq!(double_bookings(&client, &before).await, json!([]));
}

#[tokio::test]
async fn what_a_hidden_group_does_is_not_told() {
    let app = TestApp::of(WORLD).await;
    let (client, admin) = (keeper(&app).await, app.administrator());
    let meeting = plan(&client, "buz", "2026-12-01").await;
    plan(&admin, "dold", "2026-12-01").await;
    assert_eq!(double_bookings(&client, &meeting).await, json!([]));
    assert_eq!(all(&double_bookings(&admin, &meeting).await, "*.person.givenName"), ["Fia"]);
}

async fn times(client: &Client, slugs: &[&str], rest: &str) -> Value {
    let mut groups = Vec::new();
    for slug in slugs {
        groups.push(group(client, slug).await.to_string());
    }
    let query = format!("{{ commonTimes(groups: [{}], {rest}) {{ startsAt endsAt }} }}", groups.join(", "));
    client.ask(&query).await["commonTimes"].take()
}

#[tokio::test]
async fn common_times_are_those_at_which_no_member_is_elsewhere() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    plan(&client, "buz", "2026-11-24").await;
    // SVOM's Eva is with BUZ from nine to ten.
    let day = r#"between: {from: "2026-11-24", until: "2026-11-25"}, minutes: 60, first: 3"#;
    let found = times(&client, &["svom"], day).await;
    let hours = |found: &Value| all(found, "*.startsAt").iter().map(|time| time[11..16].to_owned()).collect::<Vec<_>>();
    assert_eq!(hours(&found), ["08:00", "10:00", "10:30"]);
    assert_eq!(found[0]["endsAt"], "2026-11-24T09:00:00+01:00");
    // Not on holidays and weekends, not before now, and not in office hours that are too short.
    let christmas = r#"between: {from: "2026-12-24", until: "2027-01-08"}, minutes: 540, first: 100"#;
    let days: Vec<String> = all(&times(&client, &["svom", "buz"], christmas).await, "*.startsAt");
    let days: Vec<&str> = days.iter().map(|time| &time[..10]).collect();
    assert_eq!(days, ["2026-12-28", "2026-12-29", "2026-12-30", "2027-01-04", "2027-01-05", "2027-01-07"]);
    let past = r#"between: {from: "2026-11-01", until: "2026-11-22"}, minutes: 60"#;
    assert_eq!(times(&client, &["svom"], past).await, json!([]));
}

#[tokio::test]
async fn a_question_that_makes_no_sense_is_answered_with_why() {
    let app = TestApp::of(WORLD).await;
    let (client, admin) = (keeper(&app).await, app.administrator());
    let (svom, hidden) = (group(&client, "svom").await, group(&admin, "dold").await);
    let week = r#"between: {from: "2026-12-01", until: "2026-12-08"}"#;
    for (arguments, code) in [
        (format!("groups: [{svom}], {week}, minutes: 0"), "INVALID_INPUT"),
        (format!("groups: [{svom}], {week}, minutes: 541"), "INVALID_INPUT"),
        (format!("groups: [{svom}], {week}, minutes: 60, first: 101"), "INVALID_INPUT"),
        (format!("groups: [], {week}, minutes: 60"), "INVALID_INPUT"),
        (format!("groups: [{svom}, {svom}], {week}, minutes: 60"), "INVALID_INPUT"),
        (format!("groups: [{hidden}], {week}, minutes: 60"), "NOT_FOUND"),
        (
            format!("groups: [{svom}], between: {{from: \"2026-01-01\", until: \"2028-01-01\"}}, minutes: 60"),
            "INVALID_INPUT",
        ),
    ] {
        assert_eq!(client.code(&format!("{{ commonTimes({arguments}) {{ startsAt }} }}")).await, code, "{arguments}");
    }
}
