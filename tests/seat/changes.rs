//! Opening seats, changing and closing them, and who may.

use serde_json::{Value, json};

use crate::support::{Client, TestApp, all};

const WORLD: &str = r#"
[[document]]
key = "avtal"
title = "Avtal"
[[organisation]]
key = "bracke"
kind = "MUNICIPALITY"
name = "Bräcke kommun"
[[organisation]]
key = "krokom"
kind = "MUNICIPALITY"
name = "Krokoms kommun"
until = "2030-01-01"
[[position]]
title = "chef"
organisation = "bracke"
[[person]]
key = "ann"
givenName = "Ann"
familyName = "Ek"
[[person]]
key = "bo"
givenName = "Bo"
familyName = "Ask"
[[tenure]]
position = "bracke/chef"
person = "bo"
from = "2019-01-01"
[[group]]
key = "run"
name = "Nätverket"
kind = "NETWORK"
from = "2010-01-01"
until = "2040-01-01"
[[group.seats]]
key = "ordforande"
role = "CHAIR"
organisation = "bracke"
sources = [{ document = "avtal", quote = "Bräcke leder" }]
[[group.seats]]
key = "alla"
role = "MEMBER"
capacity = "unbounded"
[[membership]]
seat = "run/ordforande"
person = "ann"
from = "2020-01-01"
[[membership.substitutions]]
person = "bo"
[[group]]
key = "beredning"
name = "Beredningen"
kind = "WORKING_GROUP"
parent = "run"
[[group]]
key = "annan"
name = "Annan"
kind = "NETWORK"
[[group.seats]]
key = "ledamot"
role = "MEMBER"
[[group]]
key = "hemlig"
name = "Hemliga gruppen"
kind = "WORKING_GROUP"
audience = "ADMINISTRATORS"
[[group.seats]]
key = "ledamot"
role = "MEMBER"
"#;

const FIELDS: &str = "seat { id version role fill capacity voting description state vacantSince period { from until } organisation { slug }
    appointer { slug } position { title } sources { quote } members(filter: {states: [PAST, CURRENT, FUTURE]}) {
        nodes { person { name } period { from until } substitutions { period { until } } } } } change { id verb reason }";

async fn id(client: &Client, noun: &str, slug: &str) -> Value {
    client.ask(&format!("{{ {noun}(by: {{slug: \"{slug}\"}}) {{ id }} }}")).await[noun]["id"].take()
}

async fn position(client: &Client) -> Value {
    let query = "{ organisation(by: {slug: \"bracke\"}) { positions { nodes { id } } } }";
    client.ask(query).await["organisation"]["positions"]["nodes"][0]["id"].take()
}

async fn seats(client: &Client, group: &str) -> Vec<String> {
    let answer = client.ask(&format!("{{ group(by: {{slug: \"{group}\"}}) {{ seats {{ nodes {{ id }} }} }} }}")).await;
    all(&answer, "group.seats.nodes.*.id")
}

#[tokio::test]
async fn a_seat_is_opened_after_the_last_of_its_role() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let (run, bracke, krokom) = (
        id(&client, "group", "run").await,
        id(&client, "organisation", "bracke").await,
        id(&client, "organisation", "krokom").await,
    );
    let bare = client.done("openSeat", json!({ "group": run, "role": "MEMBER", "organisation": krokom }), FIELDS).await;
    let expected = json!({ "id": bare["seat"]["id"], "version": 1, "role": "MEMBER", "fill": "APPOINTED", "capacity": 1, "voting": true,
        "description": null, "state": "VACANT", "vacantSince": "2026-11-21", "period": { "from": "2026-11-21", "until": "2030-01-01" },
        "organisation": { "slug": "krokom" }, "appointer": { "slug": "krokom" }, "position": null, "sources": [], "members": { "nodes": [] } });
    assert_eq!(bare["seat"], expected);
    let whole = json!({ "group": run, "role": "OBSERVER", "organisation": krokom, "appointer": bracke, "fill": "ELECTED", "capacity": null,
        "voting": true, "description": "fackliga företrädare", "from": "2012-01-01", "until": "2020-01-01", "reason": "Avtal",
        "idempotencyKey": "one" });
    let payload = client.done("openSeat", whole.clone(), FIELDS).await;
    let expected = json!({ "id": payload["seat"]["id"], "version": 1, "role": "OBSERVER", "fill": "ELECTED", "capacity": null, "voting": true,
        "description": "fackliga företrädare", "state": "VACANT", "vacantSince": null, "period": { "from": "2012-01-01", "until": "2020-01-01" },
        "organisation": { "slug": "krokom" }, "appointer": { "slug": "bracke" }, "position": null, "sources": [], "members": { "nodes": [] } });
    assert_eq!(payload["seat"], expected);
    assert_eq!((&payload["change"]["verb"], &payload["change"]["reason"]), (&json!("openSeat"), &json!("Avtal")));
    assert_eq!(client.done("openSeat", whole, FIELDS).await, payload, "once");
    let second = client.done("openSeat", json!({ "group": run, "role": "MEMBER", "from": null }), FIELDS).await;
    assert_eq!(second["seat"]["period"], json!({ "from": "2010-01-01", "until": "2040-01-01" }));
    let observer = client.done("openSeat", json!({ "group": run, "role": "ADJUNCT" }), FIELDS).await;
    assert_eq!(observer["seat"]["voting"], false);
    let ids = seats(&client, "run").await;
    assert_eq!(
        ids[2..],
        [&bare["seat"]["id"], &second["seat"]["id"], &observer["seat"]["id"]]
            .map(|id| id.as_str().unwrap_or_default().to_owned())
    );
}

#[tokio::test]
async fn whoever_holds_the_position_sits_there_at_once() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let (run, position) = (id(&client, "group", "run").await, position(&client).await);
    let input =
        json!({ "group": run, "role": "MEMBER", "fill": "EX_OFFICIO", "position": position, "from": "2018-01-01" });
    let seat = client.done("openSeat", input, FIELDS).await["seat"].take();
    let sits = json!([{ "person": { "name": "Bo Ask" }, "period": { "from": "2019-01-01", "until": "2040-01-01" }, "substitutions": [] }]);
    assert_eq!(seat["members"]["nodes"], sits);
    // What has been is not undone by changing how the seat is filled.
    let other = json!({ "seat": seat["id"], "expectedVersion": 1, "fill": "APPOINTED", "position": null });
    let error = client.refused("updateSeat", other).await;
    assert_eq!(
        (&error["rule"], &error["on"][0]["id"], &error["path"][1]),
        (&json!("SEAT_HAS_HISTORY"), &seat["id"], &json!("position"))
    );
    // A seat that was given the position by mistake, for later, can lose it, and another one can get it.
    let input =
        json!({ "group": run, "role": "MEMBER", "fill": "EX_OFFICIO", "position": position, "from": "2028-01-01" });
    let seat = client.done("openSeat", input, FIELDS).await["seat"].take();
    let free = json!({ "seat": seat["id"], "expectedVersion": 1, "fill": "APPOINTED", "position": null });
    let free = client.done("updateSeat", free, FIELDS).await["seat"].take();
    assert_eq!((&free["position"], &free["members"]["nodes"]), (&Value::Null, &json!([])));
    let back = json!({ "seat": seat["id"], "expectedVersion": 2, "fill": "EX_OFFICIO", "position": position, "from": "2027-06-01" });
    let back = client.done("updateSeat", back, FIELDS).await["seat"].take();
    assert_eq!(all(&back, "members.nodes.*.period.from"), ["2027-06-01"]);
    for wrong in [json!({ "fill": "APPOINTED" }), json!({ "position": null })] {
        let mut input = json!({ "seat": seat["id"], "expectedVersion": 3 });
        input.as_object_mut().expect("an input").extend(wrong.as_object().cloned().expect("changes"));
        assert_eq!(client.refused("updateSeat", input).await["rule"], "SEAT_EX_OFFICIO_POSITION");
    }
}

#[tokio::test]
async fn a_seat_changes_part_by_part() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let chair = seats(&client, "run").await.remove(0);
    let krokom = id(&client, "organisation", "krokom").await;
    let input = json!({ "seat": chair, "expectedVersion": 1, "appointer": krokom, "description": "presidiet", "voting": false,
        "capacity": 2, "reason": "Nytt avtal" });
    let payload = client.done("updateSeat", input.clone(), FIELDS).await;
    let now = &payload["seat"];
    assert_eq!(
        (&now["version"], &now["appointer"]["slug"], &now["organisation"]["slug"]),
        (&json!(2), &json!("krokom"), &json!("bracke"))
    );
    assert_eq!(
        (&now["description"], &now["voting"], &now["capacity"]),
        (&json!("presidiet"), &json!(false), &json!(2))
    );
    assert_eq!(
        (all(now, "members.nodes.*.person.name"), all(now, "sources.*.quote")),
        (vec!["Ann Ek".into()], vec!["Bräcke leder".into()])
    );
    assert_eq!(
        (&payload["change"]["verb"], &payload["change"]["reason"]),
        (&json!("updateSeat"), &json!("Nytt avtal"))
    );
    let stale = client.refused("updateSeat", input).await;
    assert_eq!(
        (&stale["__typename"], &stale["currentVersion"], &stale["current"]["id"]),
        (&json!("VersionConflict"), &json!(2), &json!(chair))
    );

    let input = json!({ "seat": chair, "expectedVersion": 2, "appointer": null, "description": null, "capacity": null, "until": "2035-01-01" });
    let now = client.done("updateSeat", input, FIELDS).await["seat"].take();
    assert_eq!(
        (&now["appointer"]["slug"], &now["description"], &now["capacity"]),
        (&json!("bracke"), &Value::Null, &Value::Null)
    );
    assert_eq!(
        (&now["period"]["until"], all(&now, "members.nodes.*.period.until")),
        (&json!("2035-01-01"), vec!["2035-01-01".to_owned()])
    );
    let input = json!({ "seat": chair, "expectedVersion": 3, "until": null, "organisation": null });
    let now = client.done("updateSeat", input, FIELDS).await["seat"].take();
    assert_eq!(
        (&now["period"]["until"], &now["organisation"], &now["appointer"]),
        (&json!("2040-01-01"), &Value::Null, &Value::Null)
    );
}

#[tokio::test]
async fn a_seat_that_cannot_be_says_which_rule() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let (open, krokom) = (seats(&client, "run").await.remove(1), id(&client, "organisation", "krokom").await);
    let both = json!({ "seat": open, "expectedVersion": 1, "organisation": krokom, "from": "2031-01-01" });
    let error = client.refused("updateSeat", both).await;
    assert_eq!((&error["rule"], &error["on"][0]["id"]), (&json!("SEAT_OUTSIDE_ORGANISATION"), &krokom));
    for (what, rule) in [
        (json!({ "capacity": 0 }), "SEAT_CAPACITY_POSITIVE"),
        (json!({ "from": "2009-12-31" }), "SEAT_OUTSIDE_GROUP"),
        (json!({ "from": "2030-01-01", "until": "2030-01-01" }), "PERIOD_EMPTY"),
    ] {
        let mut input = json!({ "seat": open, "expectedVersion": 1 });
        input.as_object_mut().expect("an input").extend(what.as_object().cloned().expect("changes"));
        assert_eq!(client.refused("updateSeat", input).await["rule"], rule);
    }
}

#[tokio::test]
async fn a_capacity_is_never_less_than_those_who_sit() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let open = seats(&client, "run").await.remove(1);
    for name in ["Ann Ek", "Bo Ask"] {
        let person =
            client.ask(&format!("{{ search(text: \"{name}\") {{ nodes {{ ... on Person {{ id }} }} }} }}")).await;
        let input = json!({ "seat": { "id": open }, "person": person["search"]["nodes"][0]["id"] });
        client.done("addMember", input, "membership { id }").await;
    }
    let error = client.refused("updateSeat", json!({ "seat": open, "expectedVersion": 1, "capacity": 1 })).await;
    assert_eq!((&error["rule"], &error["on"][0]["id"]), (&json!("SEAT_CAPACITY"), &json!(open)));
    client.done("updateSeat", json!({ "seat": open, "expectedVersion": 1, "capacity": 2 }), "seat { id }").await;
}

#[tokio::test]
async fn a_seat_ends_with_who_sits_on_it() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let chair = seats(&client, "run").await.remove(0);
    let look = || async {
        client.ask(&format!("{{ node(id: \"{chair}\") {{ ... on Seat {{ version period {{ until }} members {{ nodes {{ version }} }} }} }} }}")).await
    };
    let before = look().await;
    let input = json!({ "seat": chair, "expectedVersion": 1, "until": "2027-01-01", "reason": "Slopas", "idempotencyKey": "close" });
    let mut dry = input.clone();
    dry["dryRun"] = json!(true);
    let planned = client.done("closeSeat", dry, "seat { id } change { id } plan { noun }").await;
    assert_eq!((&planned["seat"], &planned["change"]), (&Value::Null, &Value::Null));
    assert_eq!(all(&planned["plan"], "*.noun"), ["substitution", "membership", "seat"]);
    assert_eq!(look().await, before);
    let payload = client.done("closeSeat", input.clone(), FIELDS).await;
    assert_eq!(payload["seat"]["period"]["until"], "2027-01-01");
    let sat = json!([{ "person": { "name": "Ann Ek" }, "period": { "from": "2020-01-01", "until": "2027-01-01" },
        "substitutions": [{ "period": { "until": "2027-01-01" } }] }]);
    assert_eq!(payload["seat"]["members"]["nodes"], sat);
    assert_eq!((&payload["change"]["verb"], &payload["change"]["reason"]), (&json!("closeSeat"), &json!("Slopas")));
    assert_eq!(client.done("closeSeat", input, FIELDS).await, payload, "once");
    for (until, path) in [("2027-01-02", "until"), ("2010-01-01", "until")] {
        let error = client.refused("closeSeat", json!({ "seat": chair, "expectedVersion": 2, "until": until })).await;
        assert_eq!(error["path"], json!(["input", path]), "{error:#}");
    }
    let error =
        client.refused("closeSeat", json!({ "seat": chair, "expectedVersion": 2, "until": "2019-06-01" })).await;
    assert_eq!(
        (&error["rule"], &error["on"][0]["__typename"]),
        (&json!("MEMBERSHIP_OUTSIDE_SEAT"), &json!("Membership"))
    );
}

#[tokio::test]
async fn a_chair_that_ends_leaves_a_vacancy_that_shows() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let chair = "group(by: {slug: \"run\"}) { chair { id version person { name } } }";
    let vacant = format!(
        "{{ {chair} seats(filter: {{state: VACANT, roles: [CHAIR]}}) {{ nodes {{ id vacantSince group {{ slug }} }} }}
           organisation(by: {{slug: \"bracke\"}}) {{ vacantSeats {{ nodes {{ id state }} }} }} }}"
    );
    let before = client.ask(&vacant).await;
    assert_eq!((&before["seats"]["nodes"], &before["organisation"]["vacantSeats"]["nodes"]), (&json!([]), &json!([])));
    let input = json!({ "membership": before["group"]["chair"]["id"], "expectedVersion": 1, "until": "2026-11-01", "endReason": "Avsägelse" });
    client.done("endMembership", input, "membership { id }").await;
    let seat = seats(&client, "run").await.remove(0);
    for client in [client, app.public()] {
        let after = client.ask(&vacant).await;
        assert_eq!(after["group"]["chair"], Value::Null);
        assert_eq!(
            after["seats"]["nodes"],
            json!([{ "id": seat, "vacantSince": "2026-11-01", "group": { "slug": "run" } }])
        );
        assert_eq!(after["organisation"]["vacantSeats"]["nodes"], json!([{ "id": seat, "state": "VACANT" }]));
    }
}

#[tokio::test]
async fn seats_are_changed_by_who_keeps_the_group() {
    let app = TestApp::of(WORLD).await;
    let admin = app.administrator();
    let coordinator = app.coordinator("run").await;
    for (slug, refused) in
        [("run", None), ("beredning", None), ("annan", Some("NotAllowed")), ("hemlig", Some("NotFound"))]
    {
        let group = id(&admin, "group", slug).await;
        let input = json!({ "group": group, "role": "MEMBER" });
        refused_or_done(&coordinator, "openSeat", input, refused, "group").await;
        let last = seats(&admin, slug).await.pop();
        let input = json!({ "seat": last, "expectedVersion": 1, "voting": false });
        refused_or_done(&coordinator, "updateSeat", input, refused, "seat").await;
        let input =
            json!({ "seat": last, "expectedVersion": if refused.is_none() { 2 } else { 1 }, "until": "2027-01-01" });
        refused_or_done(&coordinator, "closeSeat", input, refused, "seat").await;
    }
    let (run, seat) = (id(&admin, "group", "run").await, seats(&admin, "run").await.remove(0));
    for client in [app.representative("bracke").await, app.signed_in("somebody", Vec::new()), app.public()] {
        for mutation in [
            format!("openSeat(input: {{ group: {run}, role: MEMBER }})"),
            format!("updateSeat(input: {{ seat: \"{seat}\", expectedVersion: 1 }})"),
            format!("closeSeat(input: {{ seat: \"{seat}\", expectedVersion: 1 }})"),
        ] {
            assert_eq!(client.code(&format!("mutation {{ {mutation} {{ change {{ id }} }} }}")).await, "FORBIDDEN");
        }
    }
}

async fn refused_or_done(client: &Client, mutation: &str, input: Value, refused: Option<&str>, at: &str) {
    match refused {
        None => drop(client.done(mutation, input, "change { id }").await),
        Some(kind) => {
            let error = client.refused(mutation, input).await;
            assert_eq!((&error["__typename"], &error["path"][1]), (&json!(kind), &json!(at)), "{error:#}");
        }
    }
}
