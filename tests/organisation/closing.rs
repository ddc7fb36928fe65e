//! Closing: an organisation ends, and what belongs to it.

use serde_json::{Value, json};

use super::world::{WORLD, about, announced, find, id, whole};
use crate::support::{TestApp, all};

#[tokio::test]
async fn what_belongs_to_an_organisation_ends_with_it() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let input = about(&app, "bracke", json!({ "until": "2029-06-01", "reason": "Läggs ned" })).await;
    announced(&app, "closeOrganisation", input).await;
    let query = r#"{
        group(by: {slug: "run"}, asOf: "2029-02-01") {
            seats { nodes { role organisation { slug } period { until } members(filter: {states: [CURRENT]}) { nodes { person { name } onBehalfOf { slug } period { until } substitutions { period { until } } } } } }
        }
        organisation(by: {slug: "bracke"}, asOf: "2029-02-01") {
            period { until } contactPoints { period { until } } positions { nodes { period { until } holder { person { name } } } }
            units { nodes { slug period { until } units { nodes { slug period { until } positions { nodes { title period { until } } } } } } }
        }
    }"#;
    let answer = client.ask(query).await;
    let until = json!({ "until": "2029-06-01" });
    let seats = answer["group"]["seats"]["nodes"].as_array().expect("seats");
    for seat in seats {
        let ours = seat["organisation"]["slug"] == "bracke";
        let expected = if ours { "2029-06-01" } else { "null" };
        assert_eq!(all(seat, "period.until"), [expected], "{seat:#}");
        for member in seat["members"]["nodes"].as_array().into_iter().flatten() {
            assert_eq!(member["period"], until, "{seat:#}");
        }
    }
    assert_eq!(seats.iter().filter(|seat| seat["members"]["nodes"] != json!([])).count(), 4);
    let organisation = &answer["organisation"];
    assert_eq!((&organisation["period"], &organisation["contactPoints"]), (&until, &json!([{ "period": until }])));
    assert_eq!(
        organisation["positions"]["nodes"],
        json!([{ "period": until, "holder": { "person": { "name": "Cia Alm" } } }])
    );
    assert_eq!(
        organisation["units"]["nodes"],
        json!([{ "slug": "skolan", "period": until, "units": { "nodes": [{ "slug": "koket", "period": until,
            "positions": { "nodes": [{ "title": "Kock", "period": until }] } }] } }])
    );
    let after = client.ask(r#"{ group(by: {slug: "run"}, asOf: "2029-06-01") { members { totalCount } } }"#).await;
    assert_eq!(after["group"]["members"]["totalCount"], 0);
}

#[tokio::test]
async fn what_would_begin_only_later_is_in_the_way_and_named() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let unit = json!({ "kind": "UNIT", "name": "Sen", "parent": id(&app, "koket").await, "from": "2040-01-01" });
    let unit = client.done("createOrganisation", unit, "organisation { id }").await["organisation"]["id"].take();
    let before = whole(&app).await;
    for (slug, until, rule, on) in [
        ("bracke", "2035-01-01", "UNIT_OUTLASTS_ORGANISATION", "Organisation"),
        ("skolan", "2035-01-01", "UNIT_OUTLASTS_ORGANISATION", "Organisation"),
        ("nya", "2020-01-01", "PERIOD_EMPTY", ""),
    ] {
        let error = client.refused("closeOrganisation", about(&app, slug, json!({ "until": until })).await).await;
        assert_eq!(error["rule"], rule, "{error:#}");
        if !on.is_empty() {
            assert_eq!((&error["on"][0]["__typename"], &error["on"][0]["id"]), (&json!(on), &unit));
        }
    }
    assert_eq!(whole(&app).await, before);
    client
        .done(
            "closeOrganisation",
            json!({ "organisation": unit, "expectedVersion": 1, "until": "2041-01-01" }),
            "change { id }",
        )
        .await;
    client.done("updateOrganisation", json!({ "organisation": unit, "expectedVersion": 2, "from": "2019-01-01", "parent": id(&app, "berg").await }), "change { id }").await;
    let error =
        client.refused("closeOrganisation", about(&app, "bracke", json!({ "until": "2028-07-01" })).await).await;
    assert_eq!(
        (&error["rule"], &error["on"][0]["__typename"]),
        (&json!("MEMBERSHIP_OUTSIDE_SEAT"), &json!("Membership"))
    );
}

#[tokio::test]
async fn an_organisation_is_closed_once_in_the_version_that_was_seen() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let mut input = about(&app, "nya", json!({ "idempotencyKey": "close" })).await;
    let first =
        client.done("closeOrganisation", input.clone(), "organisation { period { until state } } change { id }").await;
    assert_eq!(first["organisation"]["period"], json!({ "until": "2026-11-21", "state": "PAST" }));
    assert_eq!(client.done("closeOrganisation", input.clone(), "change { id }").await["change"], first["change"]);
    input["idempotencyKey"] = Value::Null;
    assert_eq!(client.refused("closeOrganisation", input).await["__typename"], "VersionConflict");
    let again = about(&app, "nya", json!({})).await;
    assert_eq!(client.done("closeOrganisation", again, "change { id }").await["change"], Value::Null);
    let error = client.refused("closeOrganisation", about(&app, "nya", json!({ "until": "2027-01-01" })).await).await;
    assert_eq!((&error["__typename"], &error["path"]), (&json!("InvalidInput"), &json!(["input", "until"])));
    assert_eq!(find(&app, "nya").await["version"], 2);
}
