//! Planning, moving, cancelling and recording meetings.

use entity::values::Role;
use serde_json::{Value, json};

use super::world::{MEETING, WORLD, group, joint_day, keeper, person, plan, seen, sitting, with};
use crate::support::{TestApp, all};

#[tokio::test]
async fn a_day_opens_jointly_and_goes_on_apart() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let meeting = joint_day(&client).await;
    assert_eq!(meeting["startsAt"], "2026-12-04T09:00:00+01:00");
    assert_eq!(meeting["endsAt"], "2026-12-04T15:00:00+01:00");
    assert_eq!((&meeting["state"], &meeting["kind"]), (&json!("PLANNED"), &json!("FORMAL")));
    assert_eq!(all(&meeting, "sittings.*.joint"), ["true", "false", "false"]);
    let seen = app.public().ask("{ group(by: {slug: \"buz\"}) { nextMeeting { title } } }").await;
    assert_eq!(seen["group"]["nextMeeting"]["title"], "Gemensam mötesdag");
    let trail = "{ changes(first: 1) { nodes { verb subject { __typename } } } }";
    let trail = app.administrator().ask(trail).await;
    assert_eq!(trail["changes"]["nodes"][0]["verb"], "planMeeting");
    assert_eq!(trail["changes"]["nodes"][0]["subject"]["__typename"], "Meeting");
}

#[tokio::test]
async fn moving_the_joint_opening_moves_the_day_and_whoever_stands_in_then() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let meeting = joint_day(&client).await;
    let members = "{ group(by: {slug: \"svom\"}) { members(filter: {roles: [MEMBER]}) { nodes { id } } } }";
    let anna = client.ask(members).await["group"]["members"]["nodes"][0]["id"].take();
    let stands_in = json!({ "membership": anna, "person": person(&app, "Gran").await, "meeting": meeting["id"] });
    let fields = "substitution { id period { from until } }";
    let substitution = client.done("addSubstitution", stands_in, fields).await["substitution"].take();
    assert_eq!(substitution["period"], json!({ "from": "2026-12-04", "until": "2026-12-05" }));

    let opening = &meeting["sittings"][0]["id"];
    let to = json!({ "sitting": opening, "startsAt": "2027-06-10T13:00:00+02:00" });
    let fields = format!("{MEETING} moved {{ id startsAt groups {{ slug }} }}");
    let moved = client.done("moveMeeting", with(seen(&meeting), to), &fields).await;
    assert_eq!(moved["meeting"]["movedFrom"], "2026-12-04T09:00:00+01:00");
    // The clock counts, also over the change to summer time.
    let times = ["2027-06-10T13:00:00+02:00", "2027-06-10T14:15:00+02:00", "2027-06-10T14:15:00+02:00"];
    assert_eq!(all(&moved, "moved.*.startsAt"), times);
    assert_eq!(all(&moved, "moved.*.id"), all(&meeting, "sittings.*.id"));
    let query =
        format!("{{ node(id: {}) {{ ... on Substitution {{ period {{ from until }} }} }} }}", substitution["id"]);
    assert_eq!(client.ask(&query).await["node"]["period"], json!({ "from": "2027-06-10", "until": "2027-06-11" }));

    // One sitting of one group goes alone.
    let mut sittings = meeting["sittings"].as_array().expect("sittings").iter();
    let own = sittings.find(|sitting| sitting["groups"] == json!([{ "slug": "svom" }])).expect("a sitting of SVOM");
    let alone = json!({ "sitting": own["id"], "startsAt": "2027-06-10T15:00:00+02:00" });
    let alone = client.done("moveMeeting", with(seen(&moved["meeting"]), alone), &fields).await;
    assert_eq!(alone["moved"].as_array().map(Vec::len), Some(1));
    assert_eq!(all(&alone, "moved.*.groups.*.slug"), ["svom"]);
    assert_eq!(alone["meeting"]["startsAt"], moved["meeting"]["startsAt"]);

    // What comes back has not been moved.
    let back = json!({ "startsAt": "2026-12-04T09:00:00+01:00" });
    let back = client.done("moveMeeting", with(seen(&alone["meeting"]), back), &fields).await;
    assert_eq!(back["meeting"]["movedFrom"], Value::Null);
    assert_eq!(back["meeting"]["version"], 4);
}

#[tokio::test]
async fn a_meeting_gets_another_place_and_nothing_else() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let meeting = plan(&client, "svom", "2026-12-01").await;
    let place =
        json!({ "place": "Gamla teatern", "digitalUrl": "https://mote.example.com/svom", "digitalOffered": true });
    let moved = client.done("moveMeeting", with(seen(&meeting), place), &format!("{MEETING} moved {{ place }}")).await;
    let sitting = &moved["meeting"]["sittings"][0];
    assert_eq!(
        (&sitting["place"], &sitting["digitalUrl"]),
        (&json!("Gamla teatern"), &json!("https://mote.example.com/svom"))
    );
    assert_eq!(moved["meeting"]["movedFrom"], Value::Null);
    let nowhere = json!({ "place": null, "digitalUrl": null });
    let moved = client.done("moveMeeting", with(seen(&moved["meeting"]), nowhere), MEETING).await;
    let sitting = &moved["meeting"]["sittings"][0];
    assert_eq!([&sitting["place"], &sitting["digitalUrl"]], [&Value::Null; 2]);
    assert_eq!(sitting["digitalOffered"], true);
    assert_eq!(moved["meeting"]["version"], 3);
}

#[tokio::test]
async fn a_cancelled_meeting_stays_on_record_and_makes_room() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let meeting = plan(&client, "svom", "2026-12-01").await;
    let cancelled = client.done("cancelMeeting", seen(&meeting), MEETING).await;
    assert_eq!(cancelled["meeting"]["state"], "CANCELLED");
    for (verb, more) in [
        ("moveMeeting", json!({ "startsAt": "2026-12-02T09:00:00+01:00" })),
        ("cancelMeeting", json!({})),
        ("recordMeeting", json!({})),
    ] {
        let error = client.refused(verb, with(seen(&cancelled["meeting"]), more)).await;
        assert_eq!((&error["rule"], &error["on"][0]["id"]), (&json!("MEETING_NOT_PLANNED"), &meeting["id"]), "{verb}");
    }
    plan(&client, "svom", "2026-12-01").await;
    let error = client.refused("cancelMeeting", seen(&meeting)).await;
    assert_eq!((&error["code"], &error["currentVersion"]), (&json!("VERSION_CONFLICT"), &json!(2)));
}

#[tokio::test]
async fn what_has_been_held_is_recorded_with_who_was_there() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let coming = plan(&client, "svom", "2026-12-01").await;
    let error = client.refused("recordMeeting", seen(&coming)).await;
    assert_eq!((&error["code"], &error["path"]), (&json!("INVALID_INPUT"), &json!(["input", "meeting"])));
    let meeting = plan(&client, "svom", "2026-11-20").await;
    let (eva, gro) = (person(&app, "Ek").await, person(&app, "Gran").await);
    let there = json!({ "attendance": [{ "person": eva, "mode": "IN_ROOM" }, { "person": gro, "mode": "REMOTE" }] });
    let fields = "meeting { id version state attendance { nodes { mode person { givenName } } } }";
    let held = client.done("recordMeeting", with(seen(&meeting), there), fields).await["meeting"].take();
    assert_eq!((&held["state"], &held["version"]), (&json!("HELD"), &json!(2)));
    assert_eq!(all(&held, "attendance.nodes.*.person.givenName"), ["Eva", "Gro"]);
    assert_eq!(all(&held, "attendance.nodes.*.mode"), ["IN_ROOM", "REMOTE"]);
}

#[tokio::test]
async fn attendance_is_recorded_taken_back_and_checked() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let meeting = plan(&client, "svom", "2026-11-20").await;
    let members = "{ group(by: {slug: \"svom\"}) { members(filter: {roles: [MEMBER]}) { nodes { id } } } }";
    let anna = client.ask(members).await["group"]["members"]["nodes"][0]["id"].take();
    let (bo, person_anna, eva) = (person(&app, "Berg").await, person(&app, "Ask").await, person(&app, "Ek").await);
    let fields = "meeting { id version attendance { nodes { mode person { givenName } inPlaceOf { id } } } }";
    let record = |meeting: &Value, attendance: Value| with(seen(meeting), json!({ "attendance": attendance }));
    let for_anna =
        json!([{ "person": bo, "mode": "REMOTE", "inPlaceOf": anna }, { "person": person_anna, "mode": "EXCUSED" }]);
    let done = client.done("recordAttendance", record(&meeting, for_anna), fields).await["meeting"].take();
    assert_eq!(all(&done, "attendance.nodes.*.person.givenName"), ["Anna", "Bo"]);
    assert_eq!(done["attendance"]["nodes"][1]["inPlaceOf"]["id"], anna);
    for (attendance, field) in [
        (json!([{ "person": person_anna, "mode": "IN_ROOM", "inPlaceOf": anna }]), "inPlaceOf"),
        (json!([{ "person": bo, "mode": "ABSENT", "inPlaceOf": anna }]), "inPlaceOf"),
        (json!([{ "person": bo, "mode": "IN_ROOM" }, { "person": bo, "mode": "REMOTE" }]), "attendance"),
        (json!([{ "person": meeting["id"], "mode": "IN_ROOM" }]), "attendance"),
        (json!([{ "person": bo, "mode": "IN_ROOM", "inPlaceOf": bo }]), "attendance"),
    ] {
        let error = client.refused("recordAttendance", record(&done, attendance.clone())).await;
        assert_eq!(error["path"].as_array().and_then(|path| path.last()), Some(&json!(field)), "{attendance}");
    }
    let gone = json!([{ "person": bo, "mode": null }, { "person": eva, "mode": null }]);
    let done = client.done("recordAttendance", record(&done, gone), fields).await["meeting"].take();
    assert_eq!(all(&done, "attendance.nodes.*.person.givenName"), ["Anna"]);
    // Before a meeting only an excuse can be known.
    let coming = plan(&client, "svom", "2026-12-01").await;
    let error =
        client.refused("recordAttendance", record(&coming, json!([{ "person": eva, "mode": "IN_ROOM" }]))).await;
    assert_eq!(error["path"], json!(["input", "attendance", "mode"]));
    client.done("recordAttendance", record(&coming, json!([{ "person": eva, "mode": "EXCUSED" }])), fields).await;
}

#[tokio::test]
async fn only_who_keeps_all_groups_changes_their_day() {
    let app = TestApp::of(WORLD).await;
    let (both, svom) = (keeper(&app).await, app.coordinator("svom").await);
    let meeting = joint_day(&both).await;
    for (verb, more) in [
        ("moveMeeting", json!({ "startsAt": "2026-12-05T09:00:00+01:00" })),
        ("cancelMeeting", json!({})),
        ("recordMeeting", json!({})),
    ] {
        let error = svom.refused(verb, with(seen(&meeting), more.clone())).await;
        assert_eq!(
            (&error["code"], &error["roles"]),
            (&json!("NOT_ALLOWED"), &json!(["ADMINISTRATOR", "COORDINATOR"])),
            "{verb}"
        );
        let reader = app.signed_in("reader", vec![app.right(Role::Representative, "krokom").await]);
        let query = format!(
            "mutation($input: {}{}Input!) {{ {verb}(input: $input) {{ errors {{ __typename }} }} }}",
            verb[..1].to_uppercase(),
            &verb[1..]
        );
        let answer = reader.answer(&query, json!({ "input": with(seen(&meeting), more) })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{verb}");
    }
    // Who was there, each group says itself.
    let excused = json!({ "attendance": [{ "person": person(&app, "Ek").await, "mode": "EXCUSED" }] });
    svom.done("recordAttendance", with(seen(&meeting), excused), "meeting { id }").await;
    let (a, b) = (group(&svom, "svom").await, group(&svom, "buz").await);
    let joint = json!({ "sittings": [sitting("2026-12-10", "09:00", "10:00", &[&a, &b])] });
    let error = svom.refused("planMeeting", joint).await;
    assert_eq!((&error["code"], &error["path"]), (&json!("NOT_ALLOWED"), &json!(["input", "sittings"])));
    plan(&svom, "svom", "2026-12-10").await;
}

#[tokio::test]
async fn a_hidden_group_and_its_meetings_are_not_there() {
    let app = TestApp::of(WORLD).await;
    let (client, admin) = (keeper(&app).await, app.administrator());
    let hidden = plan(&admin, "dold", "2026-12-01").await;
    for verb in ["cancelMeeting", "recordMeeting"] {
        assert_eq!(client.refused(verb, seen(&hidden)).await["code"], "NOT_FOUND", "{verb}");
    }
    let group = group(&admin, "dold").await;
    let input = json!({ "sittings": [sitting("2026-12-02", "09:00", "10:00", &[&group])] });
    assert_eq!(client.refused("planMeeting", input).await["code"], "NOT_FOUND");
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_what_is_in_the_way() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let (svom, buz) = (group(&client, "svom").await, group(&client, "buz").await);
    let there = plan(&client, "svom", "2026-12-01").await;
    let at = |day: &str, from: &str, until: &str| json!([sitting(day, from, until, &[&svom])]);
    let error = client.refused("planMeeting", json!({ "sittings": at("2026-12-01", "09:30", "11:00") })).await;
    assert_eq!((&error["rule"], &error["on"][0]["id"]), (&json!("SITTING_OVERLAP"), &there["id"]));
    let twice =
        json!([sitting("2026-12-03", "09:00", "10:00", &[&svom]), sitting("2026-12-03", "09:30", "11:00", &[&svom])]);
    assert_eq!(client.refused("planMeeting", json!({ "sittings": twice })).await["rule"], "SITTING_OVERLAP");
    let over = json!([sitting("2030-02-01", "09:00", "10:00", &[&buz])]);
    let error = client.refused("planMeeting", json!({ "sittings": over })).await;
    assert_eq!((&error["rule"], &error["on"][0]["id"]), (&json!("MEETING_OUTSIDE_GROUP"), &buz));
    let long = json!([{ "startsAt": "2026-12-01T12:00:00Z", "endsAt": "2027-02-01T12:00:00Z", "groups": [svom] }]);
    assert_eq!(client.refused("planMeeting", json!({ "sittings": long })).await["rule"], "MEETING_LENGTH");
    for (sittings, path) in [
        (at("2026-12-03", "09:00", "09:00"), json!(["input", "sittings", "endsAt"])),
        (at("1899-12-03", "09:00", "10:00"), json!(["input", "sittings", "startsAt"])),
        (at("2100-12-03", "09:00", "10:00"), json!(["input", "sittings", "startsAt"])),
        (
            json!([with(sitting("2026-12-03", "09:00", "10:00", &[&svom]), json!({ "digitalUrl": "mote" }))]),
            json!(["input", "sittings", "digitalUrl"]),
        ),
        (json!([sitting("2026-12-03", "09:00", "10:00", &[&svom, &svom])]), json!(["input", "sittings", "groups"])),
        (json!([]), json!(["input", "sittings"])),
    ] {
        let error = client.refused("planMeeting", json!({ "sittings": sittings })).await;
        assert_eq!((&error["code"], &error["path"]), (&json!("INVALID_INPUT"), &path), "{error:#}");
    }
    let to = json!({ "startsAt": "2026-12-01T09:30:00+01:00", "sitting": svom });
    assert_eq!(client.refused("moveMeeting", with(seen(&there), to)).await["path"], json!(["input", "sitting"]));
    // Moved over itself, a meeting is in nobody's way.
    let later = json!({ "startsAt": "2026-12-01T09:30:00+01:00" });
    client.done("moveMeeting", with(seen(&there), later), "meeting { id }").await;
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_and_changes_nothing() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let meeting = joint_day(&client).await;
    let to = json!({ "startsAt": "2026-12-11T09:00:00+01:00", "dryRun": true });
    let done =
        client.done("moveMeeting", with(seen(&meeting), to), "meeting { id } moved { id } plan { __typename }").await;
    assert_eq!((&done["meeting"], &done["moved"]), (&Value::Null, &json!([])));
    assert!(done["plan"].as_array().is_some_and(|plan| plan.len() >= 4), "{done:#}");
    let query = format!("{{ node(id: {}) {{ ... on Meeting {{ startsAt version }} }} }}", meeting["id"]);
    let node = client.ask(&query).await["node"].take();
    assert_eq!(node, json!({ "startsAt": "2026-12-04T09:00:00+01:00", "version": 1 }));
}

#[tokio::test]
async fn a_key_plans_once_and_history_tells_who_moved_what() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let svom = group(&client, "svom").await;
    let input = json!({ "sittings": [sitting("2026-12-01", "09:00", "10:00", &[&svom])], "idempotencyKey": "k" });
    let first = client.done("planMeeting", input.clone(), MEETING).await["meeting"].take();
    assert_eq!(client.done("planMeeting", input, MEETING).await["meeting"], first);
    let to = json!({ "startsAt": "2026-12-02T09:00:00+01:00", "reason": "Sjukdom" });
    client.done("moveMeeting", with(seen(&first), to), "meeting { id }").await;
    let query =
        format!("{{ node(id: {}) {{ ... on Meeting {{ history {{ nodes {{ verb reason }} }} }} }} }}", first["id"]);
    let told = client.ask(&query).await;
    assert_eq!(told["node"]["history"]["nodes"][0], json!({ "verb": "moveMeeting", "reason": "Sjukdom" }));
    assert_eq!(all(&told, "node.history.nodes.*.verb"), ["moveMeeting", "planMeeting"]);
    let hidden = app.public().ask(&query).await;
    assert_eq!(hidden["node"]["history"]["nodes"], json!([]));
}
