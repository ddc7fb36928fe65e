//! Creating, updating and ending schedules, and the meetings that follow.

use serde_json::{Value, json};

use crate::meeting::world::{MEETING, WORLD, group, joint_day, keeper, person, plan, seen, with};
use crate::support::{Client, TestApp, all};

const SCHEDULE: &str = "schedule { id version recurrence perYear startTime minutes kind period { from until }
    sittings { startTime minutes digitalOffered groups { slug } } warnings { day kind name alternatives }
    deviations { id state startsAt movedFrom } }";

/// A monthly schedule of a group: every second Tuesday of a year at nine.
async fn monthly(client: &Client, slug: &str) -> Value {
    let input = json!({
        "groups": [group(client, slug).await], "recurrence": "FREQ=MONTHLY;BYDAY=2TU", "startTime": "09:00", "minutes": 90,
        "from": "2026-12-01", "until": "2027-12-01", "place": "Gamla teatern",
    });
    client.done("createSchedule", input, SCHEDULE).await["schedule"].take()
}

/// A group's coming meetings.
async fn meetings(client: &Client, slug: &str) -> Vec<Value> {
    let query = format!("{{ group(by: {{slug: {slug:?}}}) {{ meetings(between: {{from: \"2026-11-22\", until: \"2040-01-01\"}}, first: 100) {{ nodes {{
        id version state startsAt endsAt place schedule {{ id }} sittings {{ id startsAt joint groups {{ slug }} }} }} }} }} }}");
    client.ask(&query).await["group"]["meetings"]["nodes"].as_array().expect("meetings").clone()
}

fn days(meetings: &[Value]) -> Vec<String> {
    meetings.iter().map(|meeting| meeting["startsAt"].as_str().expect("a time")[..16].to_owned()).collect()
}

fn version_of(schedule: &Value) -> Value {
    json!({ "schedule": schedule["id"], "expectedVersion": schedule["version"] })
}

#[tokio::test]
async fn a_schedule_plans_its_meetings_by_the_clock_of_stockholm() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let schedule = monthly(&client, "svom").await;
    assert_eq!(schedule["period"], json!({ "from": "2026-12-01", "until": "2027-12-01" }));
    let planned = meetings(&client, "svom").await;
    assert_eq!(planned.len(), 12);
    assert!(days(&planned).iter().all(|day| day.ends_with("T09:00")), "in summer as in winter: {:?}", days(&planned));
    assert_eq!(
        (&planned[3]["startsAt"], &planned[4]["startsAt"]),
        (&json!("2027-03-09T09:00:00+01:00"), &json!("2027-04-13T09:00:00+02:00"))
    );
    assert_eq!(
        (&planned[0]["endsAt"], &planned[0]["place"]),
        (&json!("2026-12-08T10:30:00+01:00"), &json!("Gamla teatern"))
    );
    assert!(planned.iter().all(|meeting| meeting["schedule"]["id"] == schedule["id"]));
    let july = &schedule["warnings"][0];
    assert_eq!((&july["day"], &july["kind"]), (&json!("2027-07-13"), &json!("JULY_PAUSE")));
    assert_eq!(july["alternatives"], json!(["2027-06-29", "2027-06-30", "2027-08-02", "2027-08-03"]));
    assert_eq!(schedule["warnings"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_day_of_several_parts_is_planned_as_such() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let (svom, buz) = (group(&client, "svom").await, group(&client, "buz").await);
    let input = json!({
        "groups": [svom, buz], "recurrence": "FREQ=MONTHLY;INTERVAL=2;BYDAY=1FR;COUNT=3", "from": "2026-12-01", "digitalOffered": true,
        "sittings": [
            { "startTime": "10:15", "minutes": 105, "groups": [svom], "digitalOffered": false },
            { "startTime": "09:00", "minutes": 60 },
            { "startTime": "10:15", "minutes": 285, "groups": [buz] },
        ],
    });
    let schedule = client.done("createSchedule", input, SCHEDULE).await["schedule"].take();
    // It goes on as long as one of the groups does.
    assert_eq!(schedule["period"]["until"], Value::Null);
    let planned = meetings(&client, "svom").await;
    assert_eq!(days(&planned), ["2026-12-04T09:00", "2027-02-05T09:00", "2027-04-02T09:00"]);
    assert_eq!(all(&planned[0], "sittings.*.joint"), ["true", "false", "false"]);
    assert_eq!(all(&schedule, "sittings.*.digitalOffered"), ["false", "true", "true"]);
    let stranger = json!({ "groups": [svom], "sittings": [{ "startTime": "09:00", "minutes": 60, "groups": [buz] }] });
    assert_eq!(client.refused("createSchedule", stranger).await["path"], json!(["input", "sittings", "groups"]));
}

#[tokio::test]
async fn a_change_moves_what_nobody_has_touched_and_says_what_it_left() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let schedule = monthly(&client, "svom").await;
    let before = meetings(&client, "svom").await;
    let moved = json!({ "startsAt": "2026-12-10T13:00:00+01:00" });
    client.done("moveMeeting", with(seen(&before[0]), moved), MEETING).await;
    client.done("cancelMeeting", seen(&before[1]), MEETING).await;
    let excused = json!({ "attendance": [{ "person": person(&app, "Ek").await, "mode": "EXCUSED" }] });
    client.done("recordAttendance", with(seen(&before[2]), excused), "meeting { id }").await;

    let wednesdays = json!({ "recurrence": "FREQ=MONTHLY;BYDAY=2WE", "startTime": "13:00" });
    let updated =
        client.done("updateSchedule", with(version_of(&schedule), wednesdays), SCHEDULE).await["schedule"].take();
    assert_eq!(updated["version"], 2);
    assert_eq!(all(&updated, "deviations.*.state"), ["PLANNED", "CANCELLED", "PLANNED"]);
    assert_eq!(updated["deviations"][0]["movedFrom"], "2026-12-08T09:00:00+01:00");
    let after = meetings(&client, "svom").await;
    let found = |id: &Value| after.iter().find(|meeting| meeting["id"] == *id);
    for (was, day) in before[3..].iter().zip(["2027-03-10", "2027-04-14", "2027-05-12"]) {
        let now = found(&was["id"]).expect("the same meeting");
        assert_eq!(
            (&now["startsAt"].as_str().expect("a time")[..16], &now["version"]),
            (format!("{day}T13:00").as_str(), &json!(2))
        );
        assert_eq!(now["sittings"][0]["id"], was["sittings"][0]["id"]);
    }
    // Each of the three that stay is the meeting of the Wednesday beside it.
    assert_eq!(days(&after)[..4], ["2026-12-10T13:00", "2027-01-12T09:00", "2027-02-09T09:00", "2027-03-10T13:00"]);
    assert_eq!(after.len(), 12);

    // The same again changes nothing.
    let same = json!({ "recurrence": "FREQ=MONTHLY;BYDAY=2WE" });
    let same =
        client.done("updateSchedule", with(version_of(&updated), same), "schedule { version } change { id }").await;
    assert_eq!(same, json!({ "schedule": { "version": 2 }, "change": null, "errors": [] }));
}

#[tokio::test]
async fn a_day_that_has_its_meeting_gets_no_second_one() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let schedule = monthly(&client, "svom").await;
    let before = meetings(&client, "svom").await;
    let moved = json!({ "startsAt": "2026-12-10T13:00:00+01:00" });
    client.done("moveMeeting", with(seen(&before[0]), moved), MEETING).await;
    let later = json!({ "startTime": "10:00", "extra": ["2026-12-17"], "except": ["2027-07-13"] });
    client.done("updateSchedule", with(version_of(&schedule), later), SCHEDULE).await;
    let after = meetings(&client, "svom").await;
    assert_eq!(after.len(), 12, "{:?}", days(&after));
    assert_eq!(days(&after)[..3], ["2026-12-10T13:00", "2026-12-17T10:00", "2027-01-12T10:00"]);
    assert!(!days(&after).contains(&"2027-07-13T10:00".to_owned()));
}

#[tokio::test]
async fn what_somebody_adds_belongs_to_the_plan_and_stays() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let schedule = monthly(&client, "svom").await;
    let svom = group(&client, "svom").await;
    let input = json!({ "schedule": schedule["id"], "title": "Extra", "sittings": [crate::meeting::world::sitting("2026-12-15", "09:00", "10:00", &[&svom])] });
    client.done("planMeeting", input, MEETING).await;
    let weekly = json!({ "recurrence": "FREQ=WEEKLY;BYDAY=TU;COUNT=4" });
    let updated = client.done("updateSchedule", with(version_of(&schedule), weekly), SCHEDULE).await;
    assert_eq!(all(&updated, "schedule.deviations.*.startsAt"), ["2026-12-15T09:00:00+01:00"]);
    let days = days(&meetings(&client, "svom").await);
    assert_eq!(days, ["2026-12-01T09:00", "2026-12-08T09:00", "2026-12-15T09:00", "2026-12-22T09:00"]);
}

#[tokio::test]
async fn what_has_been_stays_and_is_not_planned_backwards() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let input = json!({ "groups": [group(&client, "svom").await], "recurrence": "FREQ=DAILY;COUNT=10", "startTime": "09:00", "minutes": 60, "from": "2026-11-15" });
    client.done("createSchedule", input, SCHEDULE).await;
    // Today's began this morning.
    let query = "{ group(by: {slug: \"svom\"}) { meetings { nodes { startsAt } } } }";
    let found = all(&client.ask(query).await, "group.meetings.nodes.*.startsAt");
    assert_eq!(found, ["2026-11-22T09:00:00+01:00", "2026-11-23T09:00:00+01:00", "2026-11-24T09:00:00+01:00"]);
}

#[tokio::test]
async fn an_ended_schedule_takes_later_meetings_with_it() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let schedule = monthly(&client, "svom").await;
    let before = meetings(&client, "svom").await;
    client.done("cancelMeeting", seen(&before[11]), MEETING).await;
    let until = json!({ "until": "2027-02-01" });
    let ended = client.done("endSchedule", with(version_of(&schedule), until), SCHEDULE).await["schedule"].take();
    assert_eq!(ended["period"]["until"], "2027-02-01");
    assert_eq!(all(&ended, "deviations.*.id"), all(&before[11], "id"));
    assert_eq!(days(&meetings(&client, "svom").await), ["2026-12-08T09:00", "2027-01-12T09:00", "2027-11-09T09:00"]);
}

#[tokio::test]
async fn a_closed_group_meets_no_more() {
    let app = TestApp::of(WORLD).await;
    let (client, admin) = (keeper(&app).await, app.administrator());
    monthly(&client, "svom").await;
    plan(&client, "svom", "2027-02-20").await;
    let joint = joint_day(&client).await;
    let close = |version: i32| {
        let admin = &admin;
        async move { json!({ "group": group(admin, "svom").await, "expectedVersion": version, "until": "2026-12-03" }) }
    };
    admin.done("closeGroup", close(1).await, "group { id }").await;
    // What follows the plan is gone, what was called otherwise is cancelled, and the other group goes on alone.
    let left = meetings(&client, "svom").await;
    assert_eq!(
        (days(&left), all(&json!(left), "*.state")),
        (vec!["2027-02-20T09:00".to_owned()], vec!["CANCELLED".to_owned()])
    );
    let query = format!(
        "{{ node(id: {}) {{ ... on Meeting {{ state endsAt sittings {{ joint groups {{ slug }} }} }} }} }}",
        joint["id"]
    );
    let joint = client.ask(&query).await["node"].take();
    assert_eq!(
        (&joint["state"], all(&joint, "sittings.*.groups.*.slug")),
        (&json!("PLANNED"), vec!["buz".to_owned(); 2])
    );
}

#[tokio::test]
async fn a_shared_plan_goes_on_without_a_group_that_ends() {
    let app = TestApp::of(WORLD).await;
    let (client, admin) = (keeper(&app).await, app.administrator());
    let (svom, buz) = (group(&client, "svom").await, group(&client, "buz").await);
    let input = json!({
        "groups": [svom, buz], "recurrence": "FREQ=MONTHLY;BYDAY=1TU;COUNT=6", "from": "2026-12-01",
        "sittings": [
            { "startTime": "09:00", "minutes": 60 },
            { "startTime": "10:00", "minutes": 60, "groups": [buz] },
            { "startTime": "10:00", "minutes": 90, "groups": [svom] },
        ],
    });
    let schedule = client.done("createSchedule", input, SCHEDULE).await["schedule"].take();
    let close = json!({ "group": buz, "expectedVersion": 1, "until": "2027-02-01" });
    admin.done("closeGroup", close, "group { id }").await;
    let planned = meetings(&client, "svom").await;
    let sittings = |number: usize| planned[number]["sittings"].as_array().map(Vec::len);
    assert_eq!((planned.len(), sittings(0), sittings(5)), (6, Some(3), Some(2)));
    // That is what the plan says now: nobody has touched anything.
    let later = json!({ "startTime": "08:00", "place": "Gamla teatern" });
    let updated = client.done("updateSchedule", with(version_of(&schedule), later), SCHEDULE).await["schedule"].take();
    assert_eq!(updated["deviations"], json!([]));
    let places = all(&json!(meetings(&client, "svom").await), "*.place");
    assert_eq!(places, ["Gamla teatern"; 6]);
    let apart = json!({ "groups": [buz], "perYear": 1, "from": "2027-03-01" });
    let error = client.refused("createSchedule", apart).await;
    assert_eq!((&error["rule"], &error["on"][0]["id"]), (&json!("SCHEDULE_OUTSIDE_GROUP"), &buz));
}

#[tokio::test]
async fn no_part_of_a_day_is_of_a_group_that_has_left_the_plan() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let (svom, buz) = (group(&client, "svom").await, group(&client, "buz").await);
    let part = |group: &Value| json!([{ "startTime": "09:00", "minutes": 60, "groups": [group] }]);
    let input = json!({ "groups": [svom, buz], "extra": ["2026-12-01", "2030-02-01"], "sittings": part(&buz) });
    let schedule = client.done("createSchedule", input, SCHEDULE).await["schedule"].take();
    // BUZ alone meets, and ends before the second day.
    assert_eq!(days(&meetings(&client, "buz").await), ["2026-12-01T09:00"]);
    let without = with(version_of(&schedule), json!({ "groups": [svom] }));
    let error = client.refused("updateSchedule", without.clone()).await;
    assert_eq!((&error["code"], &error["path"]), (&json!("INVALID_INPUT"), &json!(["input", "sittings"])));
    client.done("updateSchedule", with(without, json!({ "sittings": part(&svom) })), SCHEDULE).await;
    assert!(meetings(&client, "buz").await.is_empty());
    assert_eq!(days(&meetings(&client, "svom").await), ["2026-12-01T09:00", "2030-02-01T09:00"]);
}

#[tokio::test]
async fn a_number_a_year_is_a_plan_without_days() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let input = json!({ "groups": [group(&client, "svom").await], "perYear": 6, "description": "Sex gånger om året" });
    let schedule = client.done("createSchedule", input, SCHEDULE).await["schedule"].take();
    assert_eq!(
        (&schedule["perYear"], &schedule["period"]),
        (&json!(6), &json!({ "from": "2026-11-21", "until": null }))
    );
    assert!(meetings(&client, "svom").await.is_empty());
    let days = json!({ "perYear": null, "extra": ["2026-12-01", "2027-02-01"], "startTime": "09:00", "minutes": 60 });
    client.done("updateSchedule", with(version_of(&schedule), days), SCHEDULE).await;
    assert_eq!(meetings(&client, "svom").await.len(), 2);
}

#[tokio::test]
async fn what_cannot_be_planned_is_refused_with_why() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let good = json!({
        "groups": [group(&client, "svom").await], "recurrence": "FREQ=WEEKLY;COUNT=3", "startTime": "09:00", "minutes": 60, "from": "2026-12-01",
    });
    for (more, rule) in [
        (json!({ "recurrence": "FREQ=WEEKLY" }), "SCHEDULE_ENDLESS"),
        (json!({ "recurrence": "FREQ=DAILY;COUNT=201" }), "SCHEDULE_TOO_LONG"),
        (json!({ "recurrence": "FREQ=YEARLY;COUNT=12" }), "SCHEDULE_TOO_LONG"),
        (json!({ "recurrence": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2" }), "SCHEDULE_EMPTY"),
        (json!({ "recurrence": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;UNTIL=20991231" }), "SCHEDULE_EMPTY"),
        (json!({ "recurrence": "FREQ=WEEKLY;UNTIL=20260101" }), "SCHEDULE_EMPTY"),
        (json!({ "perYear": 3 }), "SCHEDULE_ONE_PLAN"),
        (json!({ "until": "2026-12-01" }), "PERIOD_EMPTY"),
        (
            json!({ "startTime": "00:00", "minutes": 1440, "recurrence": "FREQ=DAILY;COUNT=2", "sittings": [
            { "startTime": "09:00", "minutes": 60 }, { "startTime": "09:30", "minutes": 60 },
        ] }),
            "SITTING_OVERLAP",
        ),
    ] {
        let error = client.refused("createSchedule", with(good.clone(), more.clone())).await;
        assert_eq!(error["rule"], rule, "{more}: {error:#}");
    }
    for (more, field) in [
        (json!({ "recurrence": "every now and then" }), "recurrence"),
        (json!({ "recurrence": "FREQ=HOURLY;COUNT=3" }), "recurrence"),
        (json!({ "recurrence": "FREQ=DAILY;COUNT=3;BYHOUR=2" }), "recurrence"),
        (json!({ "recurrence": "FREQ=DAILY;COUNT=0" }), "recurrence"),
        (json!({ "recurrence": "FREQ=DAILY;COUNT=3;COUNT=4" }), "recurrence"),
        (json!({ "recurrence": "FREQ=DAILY;INTERVAL=0;COUNT=3" }), "recurrence"),
        (json!({ "recurrence": "FREQ=DAILY;COUNT=3;UNTIL=20271231" }), "recurrence"),
        (json!({ "recurrence": "FREQ=MONTHLY;BYMONTHDAY=32;COUNT=3" }), "recurrence"),
        (json!({ "recurrence": "FREQ=DAILY;COUNT=3\nDTSTART:20200101" }), "recurrence"),
        (json!({ "startTime": null }), "startTime"),
        // The night on which the clocks change to summer time.
        (json!({ "startTime": "02:30", "recurrence": "FREQ=WEEKLY;BYDAY=SU;COUNT=52" }), "startTime"),
        (json!({ "minutes": 0 }), "minutes"),
        (json!({ "minutes": 1441 }), "minutes"),
        (json!({ "perYear": 0, "recurrence": null }), "perYear"),
        (json!({ "groups": [] }), "groups"),
        (json!({ "digitalUrl": "ingenstans" }), "digitalUrl"),
    ] {
        let error = client.refused("createSchedule", with(good.clone(), more.clone())).await;
        let path = error["path"].as_array().and_then(|path| path.last()).cloned();
        assert_eq!((&error["code"], path), (&json!("INVALID_INPUT"), Some(json!(field))), "{more}: {error:#}");
    }
    let dates = with(good.clone(), json!({ "from": "1899-12-31" }));
    let query = "mutation($input: CreateScheduleInput!) { createSchedule(input: $input) { errors { __typename } } }";
    assert_eq!(
        client.answer(query, json!({ "input": dates })).await["errors"][0]["extensions"]["code"],
        "VALIDATION_FAILED"
    );
    assert!(meetings(&client, "svom").await.is_empty(), "nothing was planned");
    let at_half_past_two = json!({ "startTime": "02:30", "recurrence": "FREQ=WEEKLY;BYDAY=MO;COUNT=52" });
    client.done("createSchedule", with(good.clone(), at_half_past_two), SCHEDULE).await;
}

#[tokio::test]
async fn a_plan_that_another_meeting_is_in_the_way_of_names_it() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let there = plan(&client, "svom", "2027-02-09").await;
    let input = json!({
        "groups": [group(&client, "svom").await], "recurrence": "FREQ=MONTHLY;BYDAY=2TU;COUNT=12", "startTime": "09:30", "minutes": 90, "from": "2026-12-01",
    });
    let error = client.refused("createSchedule", input.clone()).await;
    assert_eq!((&error["rule"], &error["on"][0]["id"]), (&json!("SITTING_OVERLAP"), &there["id"]));
    client.done("createSchedule", with(input, json!({ "except": ["2027-02-09"] })), SCHEDULE).await;
}

#[tokio::test]
async fn who_keeps_one_of_the_groups_changes_no_plan_of_both() {
    let app = TestApp::of(WORLD).await;
    let (both, one) = (keeper(&app).await, app.coordinator("svom").await);
    let (svom, buz) = (group(&both, "svom").await, group(&both, "buz").await);
    let input = json!({ "groups": [svom, buz], "perYear": 4 });
    let error = one.refused("createSchedule", input.clone()).await;
    assert_eq!((&error["code"], &error["path"]), (&json!("NOT_ALLOWED"), &json!(["input", "groups"])));
    let schedule = both.done("createSchedule", input, SCHEDULE).await["schedule"].take();
    for verb in ["updateSchedule", "endSchedule"] {
        assert_eq!(one.refused(verb, version_of(&schedule)).await["code"], "NOT_ALLOWED", "{verb}");
    }
    let own = one.done("createSchedule", json!({ "groups": [svom], "perYear": 2 }), SCHEDULE).await["schedule"].take();
    let wider = with(version_of(&own), json!({ "groups": [svom, buz] }));
    assert_eq!(one.refused("updateSchedule", wider).await["code"], "NOT_ALLOWED");
    let stale = json!({ "schedule": own["id"], "expectedVersion": 7 });
    assert_eq!(one.refused("endSchedule", stale).await["code"], "VERSION_CONFLICT");
}

#[tokio::test]
async fn a_dry_run_tells_and_plans_nothing() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let input = json!({
        "groups": [group(&client, "svom").await], "recurrence": "FREQ=MONTHLY;COUNT=12", "startTime": "09:00", "minutes": 60, "from": "2026-12-01", "dryRun": true,
    });
    let done = client.done("createSchedule", input, "schedule { id } plan { __typename }").await;
    assert_eq!(done["schedule"], Value::Null);
    // The schedule, its group, and twelve meetings, each with a sitting of a group.
    assert_eq!(done["plan"].as_array().map(Vec::len), Some(2 + 12 * 3));
    assert!(meetings(&client, "svom").await.is_empty());
}

#[tokio::test]
async fn days_are_seen_before_there_is_a_plan() {
    let app = TestApp::of(WORLD).await;
    let query = r#"{ plannedDays(recurrence: "FREQ=WEEKLY;BYDAY=TH;COUNT=3", from: "2026-12-20", extra: ["2027-03-26"], except: ["2027-01-07"])
        { day warning { kind name alternatives } } }"#;
    let days = app.public().ask(query).await["plannedDays"].take();
    assert_eq!(all(&days, "*.day"), ["2026-12-24", "2026-12-31", "2027-03-26"]);
    assert_eq!(all(&days, "*.warning.name"), ["Julafton", "Nyårsafton", "Långfredagen"]);
    assert_eq!(all(&days, "*.warning.kind"), ["EVE", "EVE", "PUBLIC_HOLIDAY"]);
    assert_eq!(days[0]["warning"]["alternatives"], json!(["2026-12-17", "2026-12-23", "2026-12-28", "2027-01-07"]));
    let endless = r#"{ plannedDays(recurrence: "FREQ=WEEKLY", from: "2026-12-20") { day } }"#;
    assert_eq!(app.public().code(endless).await, "CONFLICT");
}
