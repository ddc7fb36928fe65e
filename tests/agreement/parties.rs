//! Joining agreements, giving notice and leaving them, and what they ask of whom.

use serde_json::{Value, json};

use super::changes::party;
use crate::support::TestApp;
use crate::support::record::{id, node, trail, with, world};

async fn avtal(app: &TestApp) -> Value {
    id(app, "agreement", "Avtal om samverkan").await
}

/// The agreement's version, which every change of a party counts up.
async fn version(app: &TestApp) -> Value {
    node(&app.administrator(), &avtal(app).await, "Agreement", "version").await["version"].take()
}

async fn join(app: &TestApp, more: Value) -> Value {
    with(json!({ "agreement": avtal(app).await, "expectedVersion": version(app).await }), more)
}

async fn of_party(app: &TestApp, slug: &str, more: Value) -> Value {
    let party = party(app, &avtal(app).await, slug).await;
    with(json!({ "party": party, "expectedVersion": version(app).await }), more)
}

/// Who is party, from when until when, by slug or description.
async fn parties(app: &TestApp) -> Vec<(String, Value, Value)> {
    let fields = "parties { organisation { slug } description period { from until } }";
    let found = node(&app.public(), &avtal(app).await, "Agreement", fields).await;
    let named =
        |party: &Value| party["organisation"]["slug"].as_str().or(party["description"].as_str()).map(str::to_owned);
    let row = |party: &Value| {
        (named(party).expect("a name"), party["period"]["from"].clone(), party["period"]["until"].clone())
    };
    found["parties"].as_array().expect("parties").iter().map(row).collect()
}

fn one(name: &str, from: &str, until: &str) -> (String, Value, Value) {
    let day = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    (name.to_owned(), day(from), day(until))
}

#[tokio::test]
async fn an_organisation_joins_from_a_day_on_and_within_its_own_time_and_the_agreements() {
    let app = world().await;
    let unit = app.representative("regional-utveckling").await;
    let berg = id(&app, "organisation", "berg").await;
    let today = join(&app, json!({ "organisation": berg, "until": "2027-01-01", "idempotencyKey": "join" })).await;
    let fields = "agreement { version parties { organisation { slug } } } change { id verb }";
    let done = unit.done("joinAgreement", today.clone(), fields).await;
    assert_eq!((&done["agreement"]["version"], &done["change"]["verb"]), (&json!(2), &json!("joinAgreement")));
    assert_eq!(unit.done("joinAgreement", today, fields).await, done, "once");
    let later = join(&app, json!({ "organisation": berg, "from": "2028-01-01" })).await;
    unit.done("joinAgreement", later, fields).await;
    let before =
        join(&app, json!({ "organisation": berg, "from": null, "until": "2016-01-01", "description": "Bergs kommun" }))
            .await;
    unit.done("joinAgreement", before, fields).await;
    let described = join(&app, json!({ "description": "två bolag", "number": 2, "from": "2026-01-01" })).await;
    unit.done("joinAgreement", described, fields).await;
    let expected = [
        one("tre kommuner till", "2010-01-01", "2030-01-01"),
        one("bracke", "2010-01-01", "2030-01-01"),
        one("krokom", "2012-01-01", "2030-01-01"),
        one("berg", "2015-01-01", "2016-01-01"),
        one("två bolag", "2026-01-01", "2030-01-01"),
        one("berg", "2026-11-21", "2027-01-01"),
        one("berg", "2028-01-01", "2030-01-01"),
    ];
    assert_eq!(parties(&app).await, expected);
    assert_eq!(version(&app).await, json!(5));
}

#[tokio::test]
async fn nobody_joins_twice_at_once_or_outside_or_without_a_name() {
    let app = world().await;
    let unit = app.representative("regional-utveckling").await;
    let (krokom, berg) = (id(&app, "organisation", "krokom").await, id(&app, "organisation", "berg").await);
    let before = trail(&app).await;
    for (more, kind, rule, field) in [
        (json!({ "organisation": krokom }), "RuleBroken", json!("AGREEMENT_PARTY_TWICE"), "organisation"),
        (json!({ "organisation": krokom, "from": null }), "RuleBroken", json!("AGREEMENT_PARTY_TWICE"), "organisation"),
        (
            json!({ "organisation": berg, "from": "2030-01-01" }),
            "RuleBroken",
            json!("AGREEMENT_PARTY_OUTSIDE_AGREEMENT"),
            "organisation",
        ),
        (
            json!({ "organisation": krokom, "from": "2009-12-31", "until": "2011-01-01" }),
            "RuleBroken",
            json!("AGREEMENT_PARTY_OUTSIDE_AGREEMENT"),
            "organisation",
        ),
        (
            json!({ "organisation": berg, "from": "2014-12-31" }),
            "RuleBroken",
            json!("AGREEMENT_PARTY_OUTSIDE_ORGANISATION"),
            "organisation",
        ),
        (json!({ "organisation": berg, "until": "2026-11-21" }), "RuleBroken", json!("PERIOD_EMPTY"), "until"),
        (json!({ "organisation": "nobody" }), "NotFound", Value::Null, "organisation"),
        (json!({ "organisation": id(&app, "group", "run").await }), "NotFound", Value::Null, "organisation"),
        (json!({}), "InvalidInput", Value::Null, "organisation"),
        (json!({ "description": " " }), "InvalidInput", Value::Null, "description"),
        (json!({ "description": "alla", "number": 0 }), "InvalidInput", Value::Null, "number"),
    ] {
        let error = unit.refused("joinAgreement", join(&app, more.clone()).await).await;
        assert_eq!((&error["__typename"], &error["rule"]), (&json!(kind), &rule), "{more}: {error:#}");
        assert_eq!(error["path"], json!(["input", field]), "{more}");
    }
    assert_eq!(trail(&app).await, before);
}

#[tokio::test]
async fn a_party_gives_notice_once_and_leaves_after_it_joined() {
    let app = world().await;
    let krokom = app.representative("krokom").await;
    let fields = "agreement { version parties { organisation { slug } period { until } notice { from lastDay } } } change { verb }";
    for (mutation, slug, more, rule, field) in [
        ("leaveAgreement", "krokom", json!({ "until": "2012-01-01" }), json!("PERIOD_EMPTY"), "until"),
        ("leaveAgreement", "krokom", json!({ "until": "2031-01-01" }), Value::Null, "until"),
        ("giveNotice", "krokom", json!({ "on": "2011-12-31" }), json!("AGREEMENT_PARTY_NOTICE_WITHIN"), "party"),
        ("giveNotice", "krokom", json!({ "on": "2030-01-01" }), json!("AGREEMENT_PARTY_NOTICE_WITHIN"), "party"),
        ("giveNotice", "krokom", json!({ "until": "2026-11-21" }), json!("AGREEMENT_PARTY_NOTICE_WITHIN"), "party"),
        ("giveNotice", "bracke", json!({}), json!("AGREEMENT_PARTY_NOTICE_GIVEN"), "party"),
        ("leaveAgreement", "bracke", json!({ "until": "2026-05-01" }), json!("AGREEMENT_PARTY_NOTICE_WITHIN"), "party"),
        ("changeParty", "bracke", json!({ "from": "2030-01-01" }), json!("PERIOD_EMPTY"), "until"),
        ("changeParty", "krokom", json!({ "number": 0 }), Value::Null, "number"),
    ] {
        let error = app.administrator().refused(mutation, of_party(&app, slug, more.clone()).await).await;
        assert_eq!((&error["rule"], &error["path"]), (&rule, &json!(["input", field])), "{mutation} {more}: {error:#}");
    }
    let notice = of_party(&app, "krokom", json!({ "until": "2027-06-01" })).await;
    let done = krokom.done("giveNotice", notice.clone(), fields).await;
    assert_eq!(done["change"]["verb"], "giveNotice");
    let noticed = json!({ "organisation": { "slug": "krokom" }, "period": { "until": "2027-06-01" },
        "notice": { "from": "2026-11-21", "lastDay": "2026-11-21" } });
    assert_eq!(done["agreement"]["parties"][2], noticed);
    let stale = krokom.refused("giveNotice", notice).await;
    assert_eq!((&stale["__typename"], &stale["currentVersion"]), (&json!("VersionConflict"), &json!(2)));
    let again = krokom.refused("giveNotice", of_party(&app, "krokom", json!({})).await).await;
    assert_eq!(again["rule"], "AGREEMENT_PARTY_NOTICE_GIVEN");
    let left =
        krokom.done("leaveAgreement", of_party(&app, "krokom", json!({ "until": "2026-12-01" })).await, fields).await;
    assert_eq!(left["agreement"]["parties"][2]["period"]["until"], "2026-12-01");
    let wrong =
        of_party(&app, "krokom", json!({ "notice": null, "until": null, "description": "Krokoms kommun" })).await;
    let done = app.representative("region").await.done("changeParty", wrong, fields).await;
    let party = &done["agreement"]["parties"][2];
    assert_eq!((&party["notice"], &party["period"]["until"]), (&Value::Null, &json!("2030-01-01")), "it was wrong");
    let left = krokom.done("leaveAgreement", of_party(&app, "krokom", json!({})).await, fields).await;
    assert_eq!(left["agreement"]["parties"][2]["period"]["until"], "2026-11-21", "today, when nothing is said");
}

#[tokio::test]
async fn parties_follow_when_an_agreement_ends_or_goes_on_but_for_those_who_gave_notice() {
    let app = world().await;
    let unit = app.representative("regional-utveckling").await;
    let longer = join(&app, json!({ "from": "2008-01-01", "until": "2035-01-01" })).await;
    unit.done("updateAgreement", longer, "change { id }").await;
    let expected = [
        one("tre kommuner till", "2008-01-01", "2035-01-01"),
        one("bracke", "2008-01-01", "2030-01-01"),
        one("krokom", "2012-01-01", "2035-01-01"),
    ];
    assert_eq!(parties(&app).await, expected);
    let begins = join(&app, json!({ "from": "2013-01-01" })).await;
    unit.done("updateAgreement", begins, "change { id }").await;
    let ends = join(&app, json!({ "until": "2029-01-01" })).await;
    unit.done("endAgreement", ends, "change { id }").await;
    let expected = [
        one("tre kommuner till", "2013-01-01", "2029-01-01"),
        one("bracke", "2013-01-01", "2029-01-01"),
        one("krokom", "2013-01-01", "2029-01-01"),
    ];
    assert_eq!(parties(&app).await, expected, "nobody is party to what does not hold");
    let open = join(&app, json!({ "until": null })).await;
    unit.done("updateAgreement", open, "change { id }").await;
    let expected = [
        one("tre kommuner till", "2013-01-01", ""),
        one("bracke", "2013-01-01", "2029-01-01"),
        one("krokom", "2013-01-01", ""),
    ];
    assert_eq!(parties(&app).await, expected);
    let late =
        join(&app, json!({ "organisation": id(&app, "organisation", "berg").await, "from": "2028-01-01" })).await;
    unit.done("joinAgreement", late, "change { id }").await;
    let error = unit.refused("endAgreement", join(&app, json!({ "until": "2028-01-01" })).await).await;
    assert_eq!(error["rule"], "AGREEMENT_PARTY_OUTSIDE_AGREEMENT", "it would have been party on no day");
    unit.done("endAgreement", join(&app, json!({ "until": "2028-01-02" })).await, "change { id }").await;
    assert_eq!(parties(&app).await[3], one("berg", "2028-01-01", "2028-01-02"));
}

const ASSIGNMENTS: &str = "agreement { version assignments { nodes { id name description owner { ... on Group { slug } ... on Organisation { slug } } } } }";

#[tokio::test]
async fn assignments_are_added_changed_and_removed_unless_something_is_under_them() {
    let app = world().await;
    let unit = app.representative("regional-utveckling").await;
    let owner = json!({ "organisation": id(&app, "organisation", "krokom").await });
    let added =
        join(&app, json!({ "name": " Att mötas ", "description": "Ofta", "owner": owner, "idempotencyKey": "a" }))
            .await;
    let done = unit.done("addAssignment", added.clone(), ASSIGNMENTS).await;
    assert_eq!(unit.done("addAssignment", added, ASSIGNMENTS).await, done);
    let nodes = done["agreement"]["assignments"]["nodes"].as_array().expect("assignments").clone();
    assert_eq!((nodes.len(), &nodes[0]["name"]), (3, &json!("Att hålla kurser")), "after those that are there");
    let new =
        json!({ "id": nodes[2]["id"], "name": "Att mötas", "description": "Ofta", "owner": { "slug": "krokom" } });
    assert_eq!(nodes[2], new);
    let of = |at: usize, version: i32| json!({ "assignment": nodes[at]["id"], "expectedVersion": version });
    let changed =
        with(of(2, 2), json!({ "owner": { "group": id(&app, "group", "college").await }, "description": null }));
    let done = unit.done("updateAssignment", changed, ASSIGNMENTS).await["agreement"].take();
    assert_eq!(done["version"], 3);
    let now = &done["assignments"]["nodes"][2];
    assert_eq!(
        (&now["owner"]["slug"], &now["description"], &now["name"]),
        (&json!("college"), &Value::Null, &json!("Att mötas"))
    );

    for (mutation, input, kind, field) in [
        ("updateAssignment", with(of(2, 3), json!({ "name": "" })), "InvalidInput", "name"),
        (
            "updateAssignment",
            with(of(2, 3), json!({ "owner": { "group": id(&app, "group", "hemlig").await } })),
            "NotFound",
            "owner",
        ),
        ("updateAssignment", with(of(2, 3), json!({ "owner": { "organisation": "nobody" } })), "NotFound", "owner"),
        ("updateAssignment", of(2, 2), "VersionConflict", "expectedVersion"),
        ("removeAssignment", of(2, 2), "VersionConflict", "expectedVersion"),
        ("removeAssignment", of(0, 3), "RuleBroken", "assignment"),
    ] {
        let error = unit.refused(mutation, input).await;
        assert_eq!(
            (&error["__typename"], &error["path"]),
            (&json!(kind), &json!(["input", field])),
            "{mutation}: {error:#}"
        );
    }
    let in_use = unit.refused("removeAssignment", of(0, 3)).await;
    assert_eq!((&in_use["rule"], &in_use["on"][0]["id"]), (&json!("ASSIGNMENT_IN_USE"), &nodes[0]["id"]));
    let done = unit.done("removeAssignment", of(2, 3), ASSIGNMENTS).await;
    assert_eq!(done["agreement"]["assignments"]["nodes"].as_array().map(Vec::len), Some(2));
    let gone = unit.refused("removeAssignment", of(2, 4)).await;
    assert_eq!((&gone["__typename"], &gone["path"]), (&json!("NotFound"), &json!(["input", "assignment"])));
    let seen = node(
        &app.public(),
        &id(&app, "agreement", "Öppet avtal").await,
        "Agreement",
        "assignments { nodes { name owner { __typename } } }",
    )
    .await;
    assert_eq!(seen["assignments"]["nodes"], json!([{ "name": "För den hemliga gruppen", "owner": null }]));
}

#[tokio::test]
async fn each_part_of_an_agreement_is_found_again_by_its_id() {
    let app = world().await;
    let (public, avtal) = (app.public(), avtal(&app).await);
    let party = party(&app, &avtal, "krokom").await;
    let party =
        node(&public, &party, "AgreementParty", "id agreement { id } organisation { slug } period { from until }")
            .await;
    assert_eq!((&party["agreement"]["id"], &party["organisation"]["slug"]), (&avtal, &json!("krokom")));
    let kurser = id(&app, "assignment", "Att hålla kurser").await;
    let lists = "priorities { nodes { name } } followUps { nodes { name } } activities { nodes { name } } results { nodes { name } }
        projects { nodes { name } } events { nodes { name } } early: activities(year: 2020) { totalCount } none: projects(year: 2028) { totalCount }";
    let found = node(&public, &kurser, "Assignment", &format!("agreement {{ id }} {lists}")).await;
    let list = |name: &str| json!({ "nodes": [{ "name": name }] });
    let expected = json!({ "agreement": { "id": avtal }, "priorities": list("Först för colleget"), "followUps": list("Igen för colleget"),
        "activities": list("Gjort för colleget"), "results": list("Nått för colleget"), "projects": list("Smarta resor"),
        "events": list("Kurs för alla"), "early": { "totalCount": 0 }, "none": { "totalCount": 0 } });
    assert_eq!(found, expected);
}
