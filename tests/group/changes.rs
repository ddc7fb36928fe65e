//! Making groups and changing them, and who may.

use serde_json::{Value, json};

use crate::support::{Client, TestApp};

/// A network with two groups below it, one of which has a group of its own; and what only administrators see.
pub const WORLD: &str = r#"
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
[[person]]
key = "ann"
givenName = "Ann"
familyName = "Ek"
[[person]]
key = "bo"
givenName = "Bo"
familyName = "Ask"
[[group]]
key = "run"
name = "Nätverket"
kind = "NETWORK"
from = "2010-01-01"
[[group]]
key = "college"
name = "Colleget"
shortName = "VO-C"
kind = "COLLEGE"
purpose = "Vård och omsorg"
parent = "run"
from = "2015-01-01"
sources = [{ document = "avtal", quote = "Colleget finns" }]
[[group]]
key = "styrgrupp"
name = "Lokal styrgrupp"
kind = "STEERING_GROUP"
parent = "college"
from = "2016-01-01"
[[group]]
key = "beredning"
name = "Beredningen"
kind = "WORKING_GROUP"
parent = "run"
from = "2016-01-01"
[[group]]
key = "hemlig"
name = "Hemliga gruppen"
kind = "WORKING_GROUP"
parent = "run"
audience = "ADMINISTRATORS"
[[group]]
key = "under"
name = "Under den hemliga"
kind = "WORKING_GROUP"
parent = "hemlig"
"#;

pub async fn group(client: &Client, slug: &str) -> Value {
    let fields =
        "id version slug name shortName kind purpose audience period { from until } parent { slug } convener { slug }
        sources { quote } chair { person { name } }";
    client.ask(&format!("{{ group(by: {{slug: \"{slug}\"}}) {{ {fields} }} }}")).await["group"].take()
}

pub async fn id(client: &Client, slug: &str) -> Value {
    group(client, slug).await["id"].take()
}

pub async fn organisation(client: &Client, slug: &str) -> Value {
    client.ask(&format!("{{ organisation(by: {{slug: \"{slug}\"}}) {{ id }} }}")).await["organisation"]["id"].take()
}

fn new_group(slug: &str, parent: &Value) -> Value {
    json!({ "slug": slug, "name": "Ny grupp", "kind": "NETWORK", "parent": parent })
}

/// An update that sees the first version.
fn update(group: &Value, what: Value) -> Value {
    let mut input = json!({ "group": group, "expectedVersion": 1 });
    input.as_object_mut().expect("an input").extend(what.as_object().cloned().expect("changes"));
    input
}

#[tokio::test]
async fn a_group_is_made_with_all_its_parts_or_with_what_it_needs() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let whole = json!({ "slug": "ny-grupp", "name": " Ny grupp ", "shortName": "NG", "kind": "COUNCIL", "purpose": "Att mötas",
        "parent": id(&client, "run").await, "convener": organisation(&client, "krokom").await, "audience": "SIGNED_IN",
        "from": "2027-01-01", "until": "2029-01-01", "reason": "Beslut i RUN", "idempotencyKey": "one" });
    let payload = client.done("createGroup", whole.clone(), "group { id version } change { id verb reason }").await;
    assert_eq!(
        (&payload["change"]["verb"], &payload["change"]["reason"]),
        (&json!("createGroup"), &json!("Beslut i RUN"))
    );
    let made = json!({ "id": payload["group"]["id"], "version": 1, "slug": "ny-grupp", "name": "Ny grupp", "shortName": "NG",
        "kind": "COUNCIL", "purpose": "Att mötas", "audience": "SIGNED_IN", "period": { "from": "2027-01-01", "until": "2029-01-01" },
        "parent": { "slug": "run" }, "convener": { "slug": "krokom" }, "sources": [], "chair": null });
    assert_eq!(group(&client, "ny-grupp").await, made);
    assert_eq!(group(&app.public(), "ny-grupp").await, Value::Null, "it is for those who have signed in");

    let again = client.done("createGroup", whole.clone(), "group { id version } change { id verb reason }").await;
    assert_eq!(again, payload, "the same key and input: the same answer, and one group");
    let mut other = whole;
    other["slug"] = json!("another");
    let reused = client.refused("createGroup", other).await;
    assert_eq!((&reused["__typename"], &reused["path"][1]), (&json!("KeyReused"), &json!("idempotencyKey")));
    assert_eq!(group(&client, "another").await, Value::Null);

    client.done("createGroup", new_group("bara-det", &Value::Null), "group { id }").await;
    let bare = group(&app.public(), "bara-det").await;
    assert_eq!((&bare["audience"], &bare["parent"]), (&json!("PUBLIC"), &Value::Null));
    assert_eq!(bare["period"], json!({ "from": "2026-11-21", "until": null }));
    let mut unknown = new_group("sedan-lange", &Value::Null);
    unknown["from"] = Value::Null;
    client.done("createGroup", unknown, "group { id }").await;
    assert_eq!(group(&client, "sedan-lange").await["period"]["from"], Value::Null);
}

#[tokio::test]
async fn what_cannot_be_is_said_with_its_place() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    for (field, wrong, kind, rule) in [
        ("slug", json!("Stora Ö"), "InvalidInput", Value::Null),
        ("slug", json!(""), "InvalidInput", Value::Null),
        ("slug", json!("college"), "RuleBroken", json!("SLUG_TAKEN")),
        ("name", json!("  "), "InvalidInput", Value::Null),
        ("shortName", json!("x".repeat(201)), "InvalidInput", Value::Null),
        ("purpose", json!(""), "InvalidInput", Value::Null),
        ("until", json!("2026-11-21"), "RuleBroken", json!("PERIOD_EMPTY")),
        ("parent", organisation(&client, "krokom").await, "NotFound", Value::Null),
        ("convener", id(&client, "run").await, "NotFound", Value::Null),
    ] {
        let mut input = new_group("ny-grupp", &Value::Null);
        input[field] = wrong;
        let error = client.refused("createGroup", input).await;
        assert_eq!((&error["__typename"], &error["rule"]), (&json!(kind), &rule), "{field}: {error:#}");
        if kind != "RuleBroken" {
            assert_eq!(error["path"], json!(["input", field]));
        }
    }
    assert_eq!(group(&client, "ny-grupp").await, Value::Null);
}

#[tokio::test]
async fn a_group_changes_part_by_part_and_keeps_its_sources() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let was = group(&client, "college").await;
    let renamed =
        update(&was["id"], json!({ "name": "Östra colleget", "reason": "Nytt namn", "idempotencyKey": "name" }));
    let payload = client.done("updateGroup", renamed.clone(), "group { name version } change { verb reason }").await;
    assert_eq!(payload["group"], json!({ "name": "Östra colleget", "version": 2 }));
    assert_eq!(payload["change"], json!({ "verb": "updateGroup", "reason": "Nytt namn" }));
    let mut expected = was.clone();
    (expected["name"], expected["version"]) = (json!("Östra colleget"), json!(2));
    assert_eq!(group(&client, "college").await, expected, "the rest stays");
    let found = client.ask("{ groups(filter: {text: \"ostra\"}) { nodes { slug } } }").await;
    assert_eq!(found["groups"]["nodes"], json!([{ "slug": "college" }]), "it is found by its new name");

    let again = client.done("updateGroup", renamed, "group { version } change { verb }").await;
    assert_eq!((&again["group"]["version"], &again["change"]["verb"]), (&json!(2), &json!("updateGroup")));
    let stale = client.refused("updateGroup", update(&was["id"], json!({ "name": "Sen" }))).await;
    assert_eq!((&stale["__typename"], &stale["currentVersion"]), (&json!("VersionConflict"), &json!(2)));
    assert_eq!((&stale["current"]["id"], &stale["path"][1]), (&was["id"], &json!("expectedVersion")));

    let cleared = json!({ "group": was["id"], "expectedVersion": 2, "shortName": null, "purpose": null, "convener": null, "from": null,
        "slug": "ostra-colleget", "kind": "NETWORK", "audience": "COORDINATORS", "parent": null });
    client.done("updateGroup", cleared, "group { id }").await;
    let now = group(&client, "ostra-colleget").await;
    for part in ["shortName", "purpose", "convener", "parent"] {
        assert_eq!(now[part], Value::Null, "{part}");
    }
    assert_eq!(
        (&now["period"]["from"], &now["audience"], &now["kind"]),
        (&Value::Null, &json!("COORDINATORS"), &json!("NETWORK"))
    );
    let nothing = json!({ "group": was["id"], "expectedVersion": 3, "kind": "NETWORK" });
    let payload = client.done("updateGroup", nothing, "group { version } change { id }").await;
    assert_eq!(
        payload,
        json!({ "group": { "version": 3 }, "change": null, "errors": [] }),
        "what is the same is not written"
    );
}

#[tokio::test]
async fn a_group_never_lies_below_itself() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let (run, below) = (id(&client, "run").await, id(&client, "styrgrupp").await);
    let error = client.refused("updateGroup", update(&run, json!({ "parent": below }))).await;
    assert_eq!((&error["rule"], &error["on"][0]["id"]), (&json!("GROUP_CYCLE"), &below));
}

#[tokio::test]
async fn everybody_makes_and_changes_groups_where_they_may() {
    let app = TestApp::of(WORLD).await;
    let admin = app.administrator();
    let coordinator = app.coordinator("college").await;
    let (own, below, beside) =
        (id(&admin, "college").await, id(&admin, "styrgrupp").await, id(&admin, "beredning").await);
    let (hidden, above) = (id(&admin, "hemlig").await, id(&admin, "run").await);
    for (parent, refused) in [
        (&own, None),
        (&below, None),
        (&beside, Some("NotAllowed")),
        (&above, Some("NotAllowed")),
        (&hidden, Some("NotFound")),
    ] {
        let input = new_group(if refused.is_none() && parent == &own { "ett" } else { "tva" }, parent);
        refused_or_done(&coordinator, "createGroup", input, refused, "parent").await;
    }
    refused_or_done(&coordinator, "createGroup", new_group("tre", &Value::Null), Some("NotAllowed"), "parent").await;
    for (group, refused) in [(&own, None), (&below, None), (&beside, Some("NotAllowed")), (&hidden, Some("NotFound"))] {
        refused_or_done(&coordinator, "updateGroup", update(group, json!({ "purpose": "Ny" })), refused, "group").await;
    }
    refused_or_done(&coordinator, "updateGroup", update(&json!("nonsense"), json!({})), Some("NotFound"), "group")
        .await;
    let mut beyond = update(&own, json!({ "audience": "ADMINISTRATORS" }));
    beyond["expectedVersion"] = json!(2);
    refused_or_done(&coordinator, "updateGroup", beyond, Some("NotAllowed"), "audience").await;
    for client in
        [app.representative("bracke").await, app.signed_in("somebody", Vec::new()), app.public(), app.auditor()]
    {
        for (verb, kind) in
            [("createGroup", "CreateGroup"), ("updateGroup", "UpdateGroup"), ("closeGroup", "CloseGroup")]
        {
            let input = match verb {
                "createGroup" => new_group("fyra", &own),
                _ => update(&own, json!({})),
            };
            let query = format!("mutation($input: {kind}Input!) {{ {verb}(input: $input) {{ change {{ id }} }} }}");
            let answer = client.answer(&query, json!({ "input": input })).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer:#}");
        }
    }
}

#[tokio::test]
async fn moving_a_group_takes_the_right_to_make_one_there() {
    let app = TestApp::of(WORLD).await;
    let admin = app.administrator();
    let coordinator = app.coordinator("college").await;
    let (own, below, beside) =
        (id(&admin, "college").await, id(&admin, "styrgrupp").await, id(&admin, "beredning").await);
    let hidden = id(&admin, "hemlig").await;
    for (parent, refused) in [(&beside, "NotAllowed"), (&Value::Null, "NotAllowed"), (&hidden, "NotFound")] {
        refused_or_done(
            &coordinator,
            "updateGroup",
            update(&below, json!({ "parent": parent })),
            Some(refused),
            "parent",
        )
        .await;
    }
    // Where it is already it may stay, also for those who could not put it there.
    let run = id(&admin, "run").await;
    refused_or_done(&coordinator, "updateGroup", update(&own, json!({ "parent": run, "purpose": "Ny" })), None, "")
        .await;
    refused_or_done(&admin, "updateGroup", update(&below, json!({ "parent": beside })), None, "").await;
    assert_eq!(group(&admin, "styrgrupp").await["parent"]["slug"], "beredning");

    // A parent that is hidden is none, and stays.
    let keeper = app.coordinator("under").await;
    assert_eq!(group(&keeper, "under").await["parent"], Value::Null);
    let under = id(&keeper, "under").await;
    refused_or_done(&keeper, "updateGroup", update(&under, json!({ "parent": null, "purpose": "Ny" })), None, "").await;
    assert_eq!(group(&admin, "under").await["parent"]["slug"], "hemlig");
    let mut input = update(&under, json!({ "parent": hidden }));
    input["expectedVersion"] = json!(2);
    refused_or_done(&keeper, "updateGroup", input.clone(), Some("NotFound"), "parent").await;
    input["parent"] = Value::Null;
    refused_or_done(&admin, "updateGroup", input, None, "").await;
    assert_eq!(group(&admin, "under").await["parent"], Value::Null);
}

/// A mutation that goes well, or fails in this way at this part of the input.
pub async fn refused_or_done(client: &Client, mutation: &str, input: Value, refused: Option<&str>, at: &str) {
    match refused {
        None => drop(client.done(mutation, input, "change { id }").await),
        Some(kind) => {
            let error = client.refused(mutation, input).await;
            assert_eq!((&error["__typename"], &error["path"][1]), (&json!(kind), &json!(at)), "{error:#}");
            if kind == "NotAllowed" {
                let administrator = |role: &Value| role == "ADMINISTRATOR";
                assert!(error["roles"].as_array().is_some_and(|roles| roles.iter().any(administrator)), "{error:#}");
            }
        }
    }
}
