//! Calendars: what subscribers read, what they are told when nothing has changed, and whose secret opens what.

mod parsers;

use poem::http::StatusCode;
use poem::test::TestResponse;
use serde_json::{Value, json};

use crate::meeting::world::{MEETING, WORLD, group, joint_day, keeper, person, plan, seen, with};
use crate::support::{Client, TestApp, all};

async fn file(client: &Client, path: &str) -> String {
    let response = client.get(path).send().await;
    response.assert_status_is_ok();
    response.0.into_body().into_string().await.expect("a text")
}

/// The lines of a file, unfolded.
fn lines(text: &str) -> Vec<String> {
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "lines are folded at 75 octets");
    assert!(!text.replace("\r\n", "").contains('\n'), "lines end as RFC 5545 wants");
    text.replace("\r\n ", "").lines().map(str::to_owned).collect()
}

/// The values of a property, in order.
fn values(text: &str, name: &str) -> Vec<String> {
    let lines = lines(text);
    let named = lines.iter().filter(|line| line.split([':', ';']).next() == Some(name));
    named.map(|line| line.split_once(':').expect("a value").1.to_owned()).collect()
}

fn header(response: &TestResponse, name: &str) -> String {
    response.0.header(name).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_joint_days_of_2020_stand_in_both_groups_calendars() {
    let app = TestApp::demo().await;
    let year = "from=2020-01-01&until=2021-01-01";
    let managers = file(&app.public(), &format!("/groups/kommunchefgruppen.ics?{year}")).await;
    let council = file(&app.public(), &format!("/groups/samverkansradet.ics?{year}")).await;
    // The opening in common, and each group's own sitting: four days.
    assert_eq!(values(&managers, "DTSTART")[..2], ["20200214T080000Z", "20200214T091500Z"]);
    assert_eq!(values(&managers, "DTEND")[..2], ["20200214T090000Z", "20200214T110000Z"]);
    assert_eq!(values(&council, "DTEND")[..2], ["20200214T090000Z", "20200214T140000Z"]);
    assert_eq!(values(&managers, "DTSTART").len(), 8);
    let in_common = |text: &str| values(text, "UID").into_iter().step_by(2).collect::<Vec<_>>();
    assert_eq!(in_common(&managers), in_common(&council), "the same events in both");
    assert_eq!(values(&managers, "SUMMARY")[0], "Gemensam mötesdag: Kommunchefgruppen\\, Samverkansrådet");
    assert_eq!(values(&managers, "SUMMARY")[1], "Gemensam mötesdag: Kommunchefgruppen");
    let states = values(&managers, "STATUS");
    assert_eq!(states[2..4], ["CANCELLED", "CANCELLED"]);
    assert_eq!(states.iter().filter(|state| *state == "CONFIRMED").count(), 6);
    assert!(values(&managers, "DESCRIPTION").iter().any(|text| text.starts_with("Flyttat från 2020-10-09 09:00.")));
    assert_eq!(values(&managers, "NAME"), ["Kommunchefgruppen"]);
    assert_eq!(values(&managers, "REFRESH-INTERVAL"), ["PT3600S"]);
    assert_eq!(values(&managers, "SOURCE"), ["http://127.0.0.1:8080/groups/kommunchefgruppen.ics"]);
}

#[tokio::test]
async fn who_has_it_already_is_told_so_until_something_changes() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let meeting = plan(&client, "svom", "2026-12-01").await;
    let public = app.public();
    let first = public.get("/groups/svom.ics").send().await;
    first.assert_header("content-type", "text/calendar; charset=utf-8");
    let tag = header(&first, "etag");
    assert!(tag.starts_with('"'), "a strong tag: {tag}");
    let text = first.0.into_body().into_string().await.expect("a text");
    let again =
        public.get("/groups/svom.ics").header("if-none-match", &tag).header("accept-encoding", "gzip, br").send().await;
    again.assert_status(StatusCode::NOT_MODIFIED);
    let packed = public.get("/groups/svom.ics").header("accept-encoding", "gzip, br").send().await;
    assert_eq!((header(&packed, "content-encoding"), header(&packed, "etag")), (String::new(), tag.clone()));

    let moved = json!({ "startsAt": "2026-12-02T09:00:00+01:00" });
    let moved = client.done("moveMeeting", with(seen(&meeting), moved), MEETING).await["meeting"].take();
    let changed = public.get("/groups/svom.ics").header("if-none-match", &tag).send().await;
    changed.assert_status_is_ok();
    let changed = changed.0.into_body().into_string().await.expect("a text");
    assert_eq!(values(&changed, "UID"), values(&text, "UID"));
    assert_eq!((values(&text, "SEQUENCE"), values(&changed, "SEQUENCE")), (vec!["0".to_owned()], vec!["1".to_owned()]));
    client.done("cancelMeeting", seen(&moved), MEETING).await;
    let cancelled = file(&public, "/groups/svom.ics").await;
    assert_eq!(
        (values(&cancelled, "STATUS"), values(&cancelled, "SEQUENCE")),
        (vec!["CANCELLED".to_owned()], vec!["2".to_owned()])
    );
    assert_eq!(values(&cancelled, "SUMMARY"), ["Inställt: SVOM"]);
    assert_eq!(values(&cancelled, "TRANSP"), ["TRANSPARENT"]);
}

#[tokio::test]
async fn a_plans_new_place_is_a_change_of_each_of_its_meetings() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let input = json!({
        "groups": [group(&client, "svom").await], "recurrence": "FREQ=MONTHLY;BYDAY=2TU;COUNT=3", "startTime": "09:00",
        "minutes": 90, "from": "2026-12-01",
    });
    let schedule = client.done("createSchedule", input, "schedule { id version }").await["schedule"].take();
    let sequences = async || values(&file(&app.public(), "/groups/svom.ics").await, "SEQUENCE");
    assert_eq!(sequences().await, ["0"; 3]);
    let place = json!({ "schedule": schedule["id"], "expectedVersion": schedule["version"], "place": "Gamla teatern" });
    client.done("updateSchedule", place, "schedule { id }").await;
    assert_eq!(sequences().await, ["1"; 3]);
}

#[tokio::test]
async fn days_that_are_known_as_such_are_whole_days_and_months_are_none() {
    let documents = r#"
[[group]]
key = "g"
name = "Gruppen; för, allt"
kind = "NETWORK"
[[meeting]]
key = "a"
sittings = [{ starts = "2026-12-01", groups = ["g"] }]
[[meeting]]
key = "b"
sittings = [{ starts = "2026-12", groups = ["g"] }]
"#;
    let app = TestApp::of(documents).await;
    let text = file(&app.public(), "/groups/g.ics").await;
    let lines = lines(&text);
    assert!(lines.contains(&"DTSTART;VALUE=DATE:20261201".to_owned()), "{text}");
    assert!(lines.contains(&"DTEND;VALUE=DATE:20261202".to_owned()), "{text}");
    assert_eq!(values(&text, "UID").len(), 1);
    assert_eq!(values(&text, "NAME"), ["Gruppen\\; för\\, allt"]);
}

#[tokio::test]
async fn nobody_reads_of_what_they_do_not_see() {
    let app = TestApp::of(WORLD).await;
    let (client, admin) = (keeper(&app).await, app.administrator());
    plan(&admin, "dold", "2026-12-01").await;
    let (svom, dold) = (group(&client, "svom").await, group(&admin, "dold").await);
    let joint =
        json!({ "sittings": [crate::meeting::world::sitting("2026-12-02", "09:00", "10:00", &[&svom, &dold])] });
    admin.done("planMeeting", joint, "meeting { id }").await;
    let unknown = app.public().get("/groups/nothing.ics").send().await;
    let hidden = app.public().get("/groups/dold.ics").send().await;
    unknown.assert_status(StatusCode::NOT_FOUND);
    hidden.assert_status(StatusCode::NOT_FOUND);
    let body = |response: TestResponse| async { response.0.into_body().into_string().await.expect("a body") };
    assert_eq!(body(hidden).await, body(unknown).await);
    assert_eq!(values(&file(&admin, "/groups/dold.ics").await, "UID").len(), 2);
    assert_eq!(values(&file(&app.public(), "/groups/svom.ics").await, "SUMMARY"), ["SVOM"]);
    assert_eq!(values(&file(&app.public(), "/organisations/bracke.ics").await, "SUMMARY"), ["SVOM"]);
    assert_eq!(values(&file(&admin, "/organisations/bracke.ics").await, "SUMMARY").len(), 2);
}

#[tokio::test]
async fn a_calendar_of_ones_own_shows_what_its_owner_may_see_until_it_is_revoked() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    joint_day(&client).await;
    plan(&client, "buz", "2026-12-08").await;
    plan(&client, "svom", "2025-12-09").await;
    let eva = person(&app, "Ek").await;
    let reader = app.signed_in("reader", Vec::new());
    let input = json!({ "name": "Evas möten", "filter": { "person": eva }, "idempotencyKey": "k" });
    let fields = "calendar { id name url revoked version person { givenName } group { id } } change { verb }";
    let made = reader.done("createCalendar", input.clone(), fields).await;
    assert_eq!(made["change"]["verb"], "createCalendar");
    let calendar = &made["calendar"];
    assert_eq!((&calendar["person"]["givenName"], &calendar["group"]), (&json!("Eva"), &Value::Null));
    assert_eq!(reader.done("createCalendar", input, "calendar { id }").await["calendar"]["id"], calendar["id"]);
    let own = reader.ask("{ viewer { calendars { id url } } }").await;
    assert_eq!(all(&own, "viewer.calendars.*.url"), all(calendar, "url"));

    let path = calendar["url"].as_str().expect("an address").trim_start_matches("http://127.0.0.1:8080").to_owned();
    let response = app.public().get(&path).send().await;
    assert_eq!(header(&response, "cache-control"), "private, no-cache");
    let text = file(&app.public(), &path).await;
    assert_eq!(values(&text, "NAME"), ["Evas möten"]);
    // The joint opening once, both sittings after it, and the other meeting.
    assert_eq!(
        values(&text, "DTSTART"),
        ["20261204T080000Z", "20261204T091500Z", "20261204T091500Z", "20261208T080000Z"]
    );

    // Whoever changes a letter of it reads nothing.
    let mut guessed = path.clone().into_bytes();
    let place = guessed.len() - 10;
    guessed[place] = if guessed[place] == b'A' { b'B' } else { b'A' };
    for other in
        [String::from_utf8(guessed).expect("a path"), "/calendars/AAAA.ics".to_owned(), "/calendars/.ics".to_owned()]
    {
        app.public().get(&other).send().await.assert_status(StatusCode::NOT_FOUND);
    }

    let revoke = json!({ "calendar": calendar["id"], "expectedVersion": 1 });
    assert_eq!(client.refused("revokeCalendar", revoke.clone()).await["code"], "NOT_FOUND");
    let auditor = app.auditor();
    assert_eq!(auditor.refused("revokeCalendar", revoke.clone()).await["code"], "NOT_FOUND");
    let revoked = reader.done("revokeCalendar", revoke, "calendar { url revoked }").await["calendar"].take();
    assert_eq!(revoked, json!({ "url": null, "revoked": true }));
    app.public().get(&path).send().await.assert_status(StatusCode::NOT_FOUND);
    assert_eq!(reader.ask("{ viewer { calendars { id } } }").await["viewer"]["calendars"], json!([]));
}

#[tokio::test]
async fn an_administrator_revokes_what_has_got_about_and_reads_no_address() {
    let app = TestApp::of(WORLD).await;
    let reader = app.signed_in("reader", Vec::new());
    let svom = group(&reader, "svom").await;
    let input = json!({ "name": "SVOM", "filter": { "group": svom, "kinds": ["FORMAL"] } });
    let made = reader.done("createCalendar", input, "calendar { id version }").await["calendar"].take();
    let revoke = json!({ "calendar": made["id"], "expectedVersion": 1 });
    let done = app.administrator().done("revokeCalendar", revoke, "calendar { url revoked }").await;
    assert_eq!(done["calendar"], json!({ "url": null, "revoked": true }));
}

#[tokio::test]
async fn what_the_owner_may_no_longer_see_is_gone_from_the_calendar() {
    let app = TestApp::of(WORLD).await;
    let admin = app.administrator();
    plan(&admin, "dold", "2026-12-01").await;
    // The right of a token lasts as long as the token: what is kept is what has been granted.
    let dold = group(&admin, "dold").await;
    let made =
        admin.done("createCalendar", json!({ "name": "Dold", "filter": { "group": dold } }), "calendar { url }").await;
    let path =
        made["calendar"]["url"].as_str().expect("an address").trim_start_matches("http://127.0.0.1:8080").to_owned();
    assert_eq!(values(&file(&admin, &path).await, "UID"), [""; 0]);
    let grant =
        json!({ "identity": { "signIn": { "issuer": "test", "subject": "administrator" } }, "role": "ADMINISTRATOR" });
    admin.done("grantRole", grant, "grant { id }").await;
    assert_eq!(values(&file(&app.public(), &path).await, "UID").len(), 1);
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let app = TestApp::of(WORLD).await;
    let (reader, admin) = (app.signed_in("reader", Vec::new()), app.administrator());
    let dold = group(&admin, "dold").await;
    let hidden = json!({ "name": "x", "filter": { "group": dold } });
    let error = reader.refused("createCalendar", hidden).await;
    assert_eq!((&error["code"], &error["path"]), (&json!("NOT_FOUND"), &json!(["input", "filter", "group"])));
    let nameless = json!({ "name": " ", "filter": {} });
    assert_eq!(reader.refused("createCalendar", nameless).await["path"], json!(["input", "name"]));
    let query = "mutation { createCalendar(input: { name: \"x\", filter: {} }) { errors { __typename } } }";
    assert_eq!(app.public().code(query).await, "FORBIDDEN");
    for path in ["/groups/svom.ics?from=igår", "/groups/svom.ics?until=1899-01-01"] {
        app.public().get(path).send().await.assert_status(StatusCode::BAD_REQUEST);
    }
    app.public().get("/organisations/bracke.vcf").send().await.assert_status(StatusCode::NOT_FOUND);
    let empty = file(&app.public(), "/groups/svom.ics?from=2027-01-01&until=2026-01-01").await;
    assert_eq!(values(&empty, "UID"), [""; 0]);
}

#[tokio::test]
async fn a_year_of_twenty_groups_takes_as_many_statements_as_one() {
    let mut document = String::from("[[person]]\nkey = \"p\"\ngivenName = \"Pia\"\nfamilyName = \"Ek\"\n");
    for number in 0..20 {
        document.push_str(&format!(
            "[[group]]\nkey = \"g{number}\"\nname = \"Grupp {number}\"\nkind = \"NETWORK\"\n[[group.seats]]\nkey = \"s\"\nrole = \"MEMBER\"\n
             [[membership]]\nseat = \"g{number}/s\"\nperson = \"p\"\nfrom = \"2020-01-01\"\n"
        ));
        for month in 1..=12 {
            let hour = number % 12 + 6;
            document.push_str(&format!(
                "[[meeting]]\nkey = \"m{number}-{month}\"\nsittings = [{{ starts = \"2027-{month:02}-{:02}T{hour:02}:00\", ends = \"2027-{month:02}-{:02}T{hour:02}:50\", groups = [\"g{number}\"] }}]\n",
                number + 1, number + 1
            ));
        }
    }
    let app = TestApp::of(&document).await;
    let reader = app.signed_in("reader", Vec::new());
    let (one, everything) = (group(&reader, "g1").await, person(&app, "Ek").await);
    let mut counts = Vec::new();
    for filter in [json!({ "group": one }), json!({ "person": everything })] {
        let made = reader.done("createCalendar", json!({ "name": "x", "filter": filter }), "calendar { url }").await;
        let url = made["calendar"]["url"].as_str().expect("an address").to_owned();
        let path = format!("{}?from=2027-01-01&until=2028-01-01", url.trim_start_matches("http://127.0.0.1:8080"));
        let before = app.app.db.statements();
        let text = file(&app.public(), &path).await;
        counts.push((app.app.db.statements() - before, values(&text, "UID").len()));
    }
    // Whose calendar it is with what they may, and the sittings.
    assert_eq!(counts, [(2, 12), (2, 240)]);
}
