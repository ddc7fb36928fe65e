//! Closing a group: what ends with it, what stays, what is in the way, and that nobody comes any more.

use serde_json::{Value, json};

use super::changes::{WORLD, group, id, organisation, refused_or_done};
use crate::support::{Client, TestApp, all};

/// What lies in the college, and what hangs on it.
const INSIDE: &str = r#"
[[group.seats]]
key = "ordforande"
role = "CHAIR"
organisation = "bracke"
[[group.seats]]
key = "ledamot"
role = "MEMBER"
organisation = "krokom"
until = "2020-01-01"
[[membership]]
seat = "rad/ordforande"
person = "ann"
from = "2024-01-01"
[[membership.substitutions]]
person = "bo"
[[membership]]
seat = "rad/ledamot"
person = "bo"
from = "2018-01-01"
[[group]]
key = "under-radet"
name = "Under rådet"
kind = "WORKING_GROUP"
parent = "rad"
relations = [{ kind = "SERVES", group = "rad" }]
[[group]]
key = "efter-radet"
name = "Efter rådet"
kind = "COUNCIL"
relations = [{ kind = "SUCCEEDS", group = "rad", from = "2027-01-01" }]
[[schedule]]
key = "eget"
groups = ["rad"]
perYear = 4
from = "2020-01-01"
[[schedule]]
key = "delat"
groups = ["rad", "college"]
perYear = 2
from = "2020-01-01"
[[meeting]]
key = "planerat"
title = "planerat"
sittings = [{ starts = "2027-05-02T09:00", ends = "2027-05-02T10:00", groups = ["rad"] }]
"#;

fn world(more: &str) -> String {
    let council =
        "[[group]]\nkey = \"rad\"\nname = \"Rådet\"\nkind = \"COUNCIL\"\nparent = \"run\"\nfrom = \"2012-01-01\"\n
        relations = [{ kind = \"SERVES\", organisation = \"bracke\", from = \"2013-01-01\" }]\n";
    format!("{WORLD}{council}{INSIDE}{more}")
}

/// All that a closing may touch.
async fn state(client: &Client) -> Value {
    let all_time = "filter: {states: [PAST, CURRENT, FUTURE]}";
    let fields = format!(
        "version period {{ until }} chair {{ id }} seats({all_time}) {{ nodes {{ id version role period {{ until }} }} }}
         members({all_time}) {{ nodes {{ person {{ name }} period {{ until }} substitutions {{ period {{ until }} }} }} }}
         schedules {{ nodes {{ perYear period {{ until }} }} }} relations {{ kind group {{ slug }} period {{ until }} }}
         meetings {{ nodes {{ title state }} }} subgroups {{ nodes {{ slug parent {{ slug }} period {{ until }} }} }}"
    );
    client.ask(&format!("{{ group(by: {{slug: \"rad\"}}) {{ {fields} }} }}")).await["group"].take()
}

fn close(group: &Value) -> Value {
    json!({ "group": group, "expectedVersion": 1, "until": "2027-01-01", "reason": "Nedlagd", "idempotencyKey": "close" })
}

#[tokio::test]
async fn what_lies_in_a_group_ends_with_it_and_the_rest_stays() {
    let app = TestApp::of(&world("")).await;
    let client = app.administrator();
    let (council, before) = (id(&client, "rad").await, state(&client).await);
    let mut dry = close(&council);
    dry["dryRun"] = json!(true);
    let planned = client.done("closeGroup", dry, "group { id } change { id } plan { noun }").await;
    assert_eq!((&planned["group"], &planned["change"]), (&Value::Null, &Value::Null));
    let mut tables = all(&planned["plan"], "*.noun");
    tables.sort();
    assert_eq!(
        tables,
        ["group", "group_relation", "group_relation", "meeting", "membership", "schedule", "seat", "substitution"]
    );
    assert_eq!(state(&client).await, before, "a dry run changes nothing");

    let payload = client.done("closeGroup", close(&council), "group { id version } change { id verb reason }").await;
    assert_eq!((&payload["change"]["verb"], &payload["change"]["reason"]), (&json!("closeGroup"), &json!("Nedlagd")));
    assert_eq!(
        client.done("closeGroup", close(&council), "group { id version } change { id verb reason }").await,
        payload
    );
    let now = state(&client).await;
    assert_eq!((&now["version"], &now["period"]["until"]), (&json!(2), &json!("2027-01-01")));
    assert_eq!(all(&now, "seats.nodes.*.period.until"), ["2027-01-01", "2020-01-01"]);
    assert_eq!(all(&now, "seats.nodes.*.version"), ["2", "1"], "what was over is as it was");
    assert_eq!(all(&now, "members.nodes.*.period.until"), ["2027-01-01", "2020-01-01"]);
    assert_eq!(now["members"]["nodes"][0]["substitutions"], json!([{ "period": { "until": "2027-01-01" } }]));
    let mut schedules: Vec<_> = now["schedules"]["nodes"].as_array().cloned().unwrap_or_default();
    schedules.sort_by_key(|schedule| schedule["perYear"].as_i64());
    assert_eq!(
        all(&json!(schedules), "*.period.until"),
        ["null", "2027-01-01"],
        "the other group goes on by the shared one"
    );
    assert_eq!(all(&now, "relations.*.period.until"), ["2027-01-01"; 2], "whom it serves, and who serves it");
    assert_eq!(now["meetings"], json!({ "nodes": [{ "title": "planerat", "state": "CANCELLED" }] }));
    let below = json!({ "slug": "under-radet", "parent": { "slug": "rad" }, "period": { "until": null } });
    assert_eq!(now["subgroups"], json!({ "nodes": [below] }));
    let then = "relations { kind target { ... on Group { slug } } }";
    let heir =
        client.ask(&format!("{{ group(by: {{slug: \"efter-radet\"}}, asOf: \"2027-06-01\") {{ {then} }} }}")).await;
    assert_eq!(heir["group"]["relations"], json!([{ "kind": "SUCCEEDS", "target": { "slug": "rad" } }]));
    let stale = client.refused("closeGroup", json!({ "group": council, "expectedVersion": 1 })).await;
    assert_eq!((&stale["__typename"], &stale["currentVersion"]), (&json!("VersionConflict"), &json!(2)));
}

#[tokio::test]
async fn what_would_begin_later_is_in_the_way_and_an_end_comes_no_later() {
    let senare = "[[group.seats]]\nkey = \"senare\"\nrole = \"MEMBER\"\nfrom = \"2027-01-01\"\n";
    let serves = "relations = [{ kind = \"SERVES\", group = \"rad\", from = \"2028\" }]\n";
    for (seat, more, rule, kind) in [
        (senare, "", "SEAT_OUTSIDE_GROUP", "Seat"),
        (
            "",
            "[[membership]]\nseat = \"rad/ordforande\"\nperson = \"bo\"\nfrom = \"2027-02-01\"\n",
            "MEMBERSHIP_OUTSIDE_SEAT",
            "Membership",
        ),
        (
            "",
            "[[schedule]]\nkey = \"nytt\"\ngroups = [\"rad\"]\nperYear = 1\nfrom = \"2028\"\n",
            "SCHEDULE_OUTSIDE_GROUP",
            "Schedule",
        ),
        (
            "",
            &format!("[[group]]\nkey = \"sen\"\nname = \"Sen\"\nkind = \"COUNCIL\"\n{serves}"),
            "GROUP_RELATION_OUTSIDE_GROUP",
            "GroupRelation",
        ),
    ] {
        let (ledamot, ann) = ("[[group.seats]]\nkey = \"ledamot\"", "person = \"ann\"\nfrom = \"2024-01-01\"\n");
        let document = world(more).replace(ledamot, &format!("{seat}{ledamot}"));
        let document = document.replace(ann, &format!("{ann}until = \"2027-02-01\"\n"));
        let app = TestApp::of(&document).await;
        let client = app.administrator();
        let (council, before) = (id(&client, "rad").await, state(&client).await);
        let error = client.refused("closeGroup", close(&council)).await;
        assert_eq!((&error["rule"], &error["on"][0]["__typename"]), (&json!(rule), &json!(kind)), "{error:#}");
        assert_eq!(state(&client).await, before);
    }
    let app = TestApp::of(&world("")).await;
    let client = app.administrator();
    let council = id(&client, "rad").await;
    client.done("closeGroup", close(&council), "group { id }").await;
    for until in ["2027-01-02", "2012-01-01"] {
        let error =
            client.refused("closeGroup", json!({ "group": council, "expectedVersion": 2, "until": until })).await;
        assert_eq!(error["path"], json!(["input", "until"]), "{error:#}");
    }
}

#[tokio::test]
async fn a_closed_group_takes_no_one() {
    let app = TestApp::of(&world("")).await;
    let client = app.administrator();
    let council = id(&client, "rad").await;
    let input = json!({ "group": council, "expectedVersion": 1 });
    client.done("closeGroup", input, "group { period { state lastDay } }").await;
    assert_eq!(group(&client, "rad").await["period"]["until"], "2026-11-21", "today, when nothing else is said");
    assert_eq!(group(&client, "rad").await["chair"], Value::Null);
    let chair = state(&client).await["seats"]["nodes"][0]["id"].take();
    let bo = client.ask("{ search(text: \"Bo Ask\") { nodes { ... on Person { id } } } }").await["search"]["nodes"][0]
        ["id"]
        .take();
    let bracke = organisation(&client, "bracke").await;
    for from in [Value::Null, json!("2026-11-21"), json!("2027-01-01")] {
        let place = json!({ "group": council, "role": "CHAIR", "organisation": bracke });
        for (seat, rule, on) in [
            (json!({ "id": chair }), "MEMBERSHIP_OUTSIDE_SEAT", &chair),
            (json!({ "place": place }), "SEAT_OUTSIDE_GROUP", &council),
        ] {
            let error = client.refused("addMember", json!({ "seat": seat, "person": bo, "from": from })).await;
            assert_eq!((&error["rule"], &error["on"][0]["id"]), (&json!(rule), on), "{error:#}");
        }
        let nowhere =
            json!({ "seat": { "place": { "group": council, "role": "OBSERVER" } }, "person": bo, "from": from });
        assert_eq!(client.refused("addMember", nowhere).await["rule"], "MEMBERSHIP_OUTSIDE_SEAT");
        let mut seat = json!({ "group": council, "role": "MEMBER", "from": from });
        if from.is_null() {
            drop(seat.as_object_mut().and_then(|seat| seat.remove("from")));
        }
        let error = client.refused("openSeat", seat).await;
        assert_eq!((&error["rule"], &error["on"][0]["id"]), (&json!("SEAT_OUTSIDE_GROUP"), &council), "{error:#}");
    }
    assert_eq!(state(&client).await["seats"]["nodes"].as_array().map(Vec::len), Some(2), "no seat was left behind");
}

#[tokio::test]
async fn a_group_is_closed_from_above() {
    let app = TestApp::of(WORLD).await;
    let admin = app.administrator();
    let coordinator = app.coordinator("college").await;
    for (slug, refused) in [
        ("styrgrupp", None),
        ("college", Some("NotAllowed")),
        ("beredning", Some("NotAllowed")),
        ("hemlig", Some("NotFound")),
    ] {
        let input = json!({ "group": id(&admin, slug).await, "expectedVersion": 1 });
        refused_or_done(&coordinator, "closeGroup", input, refused, "group").await;
    }
    assert_eq!(group(&admin, "styrgrupp").await["period"]["until"], "2026-11-21");
    assert_eq!(group(&admin, "beredning").await["period"]["until"], Value::Null);
}

#[tokio::test]
async fn what_was_closed_too_early_goes_on() {
    let app = TestApp::of(&world("")).await;
    let client = app.administrator();
    let closed =
        client.done("closeGroup", close(&id(&client, "rad").await), "group { id version }").await["group"].take();
    let update =
        |version: i64, until: Value| json!({ "group": closed["id"], "expectedVersion": version, "until": until });
    let version = closed["version"].as_i64().expect("a version");
    let earlier = client.refused("updateGroup", update(version, json!("2020-01-01"))).await;
    assert_eq!((&earlier["code"], &earlier["path"]), (&json!("INVALID_INPUT"), &json!(["input", "until"])));
    let fields = "group { version period { until state } }";
    let open = client.done("updateGroup", update(version, Value::Null), fields).await["group"].take();
    assert_eq!(open["period"], json!({ "until": null, "state": "CURRENT" }));
    assert_eq!(open["version"], json!(version + 1));
}
