//! Adding, changing, ending and replacing members.

use serde_json::{Value, json};

use crate::support::{Client, TestApp};

const WORLD: &str = r#"
[[organisation]]
key = "bracke"
kind = "MUNICIPALITY"
name = "Bräcke kommun"
[[organisation]]
key = "krokom"
kind = "MUNICIPALITY"
name = "Krokoms kommun"
until = "2030-01-01"
[[person]]
key = "ann"
givenName = "Ann"
familyName = "Ek"
[[person]]
key = "bo"
givenName = "Bo"
familyName = "Ask"
[[person]]
key = "cia"
givenName = "Cia"
familyName = "Alm"
[[group]]
key = "run"
name = "RUN"
kind = "NETWORK"
from = "2010-01-01"
until = "2040-01-01"
[[group.seats]]
key = "bracke"
role = "MEMBER"
organisation = "bracke"
capacity = 1
[[group.seats]]
key = "krokom"
role = "MEMBER"
organisation = "krokom"
[[membership]]
seat = "run/bracke"
person = "ann"
from = "2020-01-01"
[[membership.substitutions]]
person = "bo"
"#;

async fn id(client: &Client, what: &str) -> Value {
    client.ask(&format!("{{ search(text: \"{what}\") {{ nodes {{ ... on Person {{ id }} ... on Organisation {{ id }} ... on Group {{ id }} }} }} }}"))
        .await["search"]["nodes"][0]["id"]
        .take()
}

async fn seat(client: &Client, organisation: &str) -> Value {
    let answer = client.ask("{ group(by: {slug: \"run\"}) { seats { nodes { id organisation { slug } members(filter: {states: [PAST, CURRENT, FUTURE]}) { nodes { id version } } } } } }").await;
    let seats = answer["group"]["seats"]["nodes"].as_array().expect("seats").clone();
    seats.into_iter().find(|seat| seat["organisation"]["slug"] == organisation).expect("a seat")
}

#[tokio::test]
async fn a_member_is_added_for_a_time_by_a_decision_and_for_a_reason() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let (bo, krokom) = (id(&client, "Bo Ask").await, seat(&client, "krokom").await["id"].take());
    let decision = json!({ "body": "Kommunstyrelsen", "date": "2026-11-02", "reference": "KS 12/2026" });
    let payload = client
        .done(
            "addMember",
            json!({ "seat": { "id": krokom }, "person": bo, "from": "2027-01-01", "until": "2029-01-01", "decision": decision,
                "reason": "Ny mandatperiod" }),
            "membership { person { name } onBehalfOf { name } period { from until state } decision { body date reference } version }
             change { verb reason }",
        )
        .await;
    assert_eq!(
        payload["membership"],
        json!({ "person": { "name": "Bo Ask" }, "onBehalfOf": { "name": "Krokoms kommun" },
            "period": { "from": "2027-01-01", "until": "2029-01-01", "state": "FUTURE" }, "decision": decision, "version": 1 })
    );
    assert_eq!(payload["change"], json!({ "verb": "addMember", "reason": "Ny mandatperiod" }));
}

#[tokio::test]
async fn nobody_and_no_day_is_lost_between_two_members() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let old = seat(&client, "bracke").await["members"]["nodes"][0].take();
    let input = json!({ "membership": old["id"], "expectedVersion": 1, "person": id(&client, "Cia Alm").await, "on": "2026-12-01",
        "endReason": "Avsägelse" });
    let mut dry = input.clone();
    dry["dryRun"] = json!(true);
    let planned = client.done("replaceMember", dry, "membership { id } change { id } plan { noun }").await;
    assert_eq!((&planned["membership"], &planned["change"]), (&Value::Null, &Value::Null));
    assert_eq!(planned["plan"].as_array().map(Vec::len), Some(3), "the old one, its substitution, and the new one");
    assert_eq!(seat(&client, "bracke").await["members"]["nodes"], json!([old]), "a dry run changes nothing");

    let fields = "membership { person { name } period { from until } replaces { person { name } endReason period { until } substitutions { period { until } } } }";
    let payload = client.done("replaceMember", input.clone(), fields).await;
    assert_eq!(
        payload["membership"],
        json!({ "person": { "name": "Cia Alm" }, "period": { "from": "2026-12-01", "until": "2040-01-01" },
            "replaces": { "person": { "name": "Ann Ek" }, "endReason": "Avsägelse", "period": { "until": "2026-12-01" },
                "substitutions": [{ "period": { "until": "2026-12-01" } }] } })
    );
    let stale = client.refused("replaceMember", input).await;
    assert_eq!((&stale["__typename"], &stale["currentVersion"]), (&json!("VersionConflict"), &json!(2)));
    assert_eq!(stale["current"]["id"], old["id"]);
}

#[tokio::test]
async fn each_rule_says_which_where_and_what_to_do() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let (ann, bo, bracke) = (id(&client, "Ann Ek").await, id(&client, "Bo Ask").await, seat(&client, "bracke").await);
    let krokom = seat(&client, "krokom").await["id"].take();
    for (seat, person, from, until, rule, on) in [
        (&bracke["id"], &bo, "2026-12-01", None, "SEAT_CAPACITY", "Seat"),
        (&bracke["id"], &ann, "2026-12-01", None, "MEMBERSHIP_TWICE", "Seat"),
        (&bracke["id"], &bo, "2001-12-01", Some("2002-01-01"), "MEMBERSHIP_OUTSIDE_SEAT", "Seat"),
        (&krokom, &bo, "2030-12-01", None, "MEMBERSHIP_OUTSIDE_SEAT", "Seat"),
        (&krokom, &bo, "2029-12-01", Some("2031-01-01"), "MEMBERSHIP_OUTSIDE_ORGANISATION", ""),
        (&krokom, &bo, "2020-12-01", Some("2020-12-01"), "PERIOD_EMPTY", ""),
    ] {
        let input = json!({ "seat": { "id": seat }, "person": person, "from": from, "until": until });
        let error = client.refused("addMember", input).await;
        assert_eq!((&error["rule"], &error["code"]), (&json!(rule), &json!("CONFLICT")), "{error:#}");
        if !on.is_empty() {
            assert_eq!((&error["on"][0]["__typename"], &error["on"][0]["id"]), (&json!(on), seat), "{error:#}");
        }
        assert!(error["remedy"].as_str().is_some_and(|remedy| remedy.len() > 5));
    }
}

#[tokio::test]
async fn whoever_comes_to_a_place_whose_seat_has_ended_gets_another_one() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let (bo, old) = (id(&client, "Bo Ask").await, seat(&client, "krokom").await["id"].take());
    client.done("closeSeat", json!({ "seat": old, "expectedVersion": 1, "until": "2026-01-01" }), "seat { id }").await;
    let place = json!({ "place": { "group": id(&client, "RUN").await, "role": "MEMBER", "organisation": id(&client, "Krokom").await } });
    let fields = "membership { seat { id period { from } } }";
    let before = json!({ "seat": place, "person": bo, "from": "2025-01-01", "until": "2025-06-01" });
    assert_eq!(client.done("addMember", before, fields).await["membership"]["seat"]["id"], old, "it was there then");
    let now =
        client.done("addMember", json!({ "seat": place, "person": bo }), fields).await["membership"]["seat"].take();
    assert_ne!(now["id"], old);
    assert_eq!(now["period"]["from"], json!("2026-11-21"));
    let later = json!({ "seat": place, "person": id(&client, "Cia Alm").await, "from": "2027-01-01" });
    assert_eq!(
        client.done("addMember", later, fields).await["membership"]["seat"],
        now,
        "and is there for the next one"
    );
}
