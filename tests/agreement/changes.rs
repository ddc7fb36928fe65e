//! Making agreements and changing them, and who may.

use entity::values::Role;
use serde_json::{Value, json};

use crate::support::record::{history, id, may, node, trail, with, world};
use crate::support::{Client, TestApp, all};

const FIELDS: &str = "id name purpose references audience version owner { slug } parent { name } period { from until }
    sources { document { slug } quote note unclear }";

/// An input about the agreement as it is.
async fn about(app: &TestApp, agreement: &str, more: Value) -> Value {
    let id = id(app, "agreement", agreement).await;
    let version = node(&app.administrator(), &id, "Agreement", "version").await["version"].take();
    with(json!({ "agreement": id, "expectedVersion": version }), more)
}

#[tokio::test]
async fn an_agreement_is_made_once_and_told_with_its_sources() {
    let app = world().await;
    let unit = app.representative("regional-utveckling").await;
    let (owner, parent) =
        (id(&app, "organisation", "regional-utveckling").await, id(&app, "agreement", "Hängavtal").await);
    let document = id(&app, "document", "rapport").await;
    let whole = json!({ "name": " Nytt avtal ", "purpose": "Att samverka", "owner": owner, "parent": parent, "audience": "SIGNED_IN",
        "references": [" run/7/2026 ", "24-001"], "from": "2026-01-01", "until": "2029-01-01", "reason": "Beslut", "idempotencyKey": "one",
        "sources": [{ "document": document, "quote": "Ett nytt avtal", "note": "Otydligt datum", "unclear": true }] });
    let fields = format!("agreement {{ {FIELDS} }} change {{ verb reason }}");
    let payload = unit.done("createAgreement", whole.clone(), &fields).await;
    assert_eq!(
        payload["agreement"],
        json!({ "id": payload["agreement"]["id"], "name": "Nytt avtal", "purpose": "Att samverka", "references": ["RUN/7/2026", "24-001"],
            "audience": "SIGNED_IN", "version": 1, "owner": { "slug": "regional-utveckling" }, "parent": { "name": "Hängavtal" },
            "period": { "from": "2026-01-01", "until": "2029-01-01" },
            "sources": [{ "document": { "slug": "rapport" }, "quote": "Ett nytt avtal", "note": "Otydligt datum", "unclear": true }] })
    );
    assert_eq!(payload["change"], json!({ "verb": "createAgreement", "reason": "Beslut" }));
    assert_eq!(node(&unit, &payload["agreement"]["id"], "Agreement", FIELDS).await, payload["agreement"]);
    let before = trail(&app).await;
    assert_eq!(unit.done("createAgreement", whole.clone(), &fields).await, payload, "the same key: the same agreement");
    let other = with(whole, json!({ "name": "Ett annat" }));
    assert_eq!(unit.refused("createAgreement", other).await["__typename"], "KeyReused");
    assert_eq!(trail(&app).await, before);

    let bare = json!({ "name": "Bart", "owner": owner });
    let bare = unit.done("createAgreement", bare, &fields).await["agreement"].take();
    assert_eq!(
        (&bare["period"], &bare["audience"]),
        (&json!({ "from": "2026-11-21", "until": null }), &json!("PUBLIC"))
    );
    let undated = json!({ "name": "Utan början", "from": null });
    let undated = app.administrator().done("createAgreement", undated, &fields).await["agreement"].take();
    assert_eq!((&undated["period"]["from"], &undated["owner"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn an_agreement_changes_part_by_part() {
    let app = world().await;
    let unit = app.representative("regional-utveckling").await;
    let agreement = id(&app, "agreement", "Avtal om samverkan").await;
    let was = node(&unit, &agreement, "Agreement", FIELDS).await;
    let update =
        json!({ "agreement": agreement, "expectedVersion": 1, "name": "Östligt avtal", "idempotencyKey": "name" });
    let done = unit.done("updateAgreement", update.clone(), "agreement { version } change { id verb }").await;
    assert_eq!((&done["agreement"]["version"], &done["change"]["verb"]), (&json!(2), &json!("updateAgreement")));
    let again = unit.done("updateAgreement", update.clone(), "agreement { version } change { id verb }").await;
    assert_eq!(again, done);
    let expected = with(was, json!({ "name": "Östligt avtal", "version": 2 }));
    assert_eq!(node(&unit, &agreement, "Agreement", FIELDS).await, expected, "the rest stays");
    let found = app.public().ask("{ agreements(filter: {text: \"ostligt\"}) { totalCount } }").await;
    assert_eq!(found["agreements"]["totalCount"], 1, "it is found by its new name");
    let stale = with(update, json!({ "name": "Sen", "idempotencyKey": null }));
    let stale = unit.refused("updateAgreement", stale).await;
    assert_eq!((&stale["__typename"], &stale["currentVersion"]), (&json!("VersionConflict"), &json!(2)));
    assert_eq!((&stale["current"]["id"], &stale["path"][1]), (&agreement, &json!("expectedVersion")));

    let nothing = json!({ "agreement": agreement, "expectedVersion": 2, "name": "Östligt avtal", "references": ["RUN/1/2010", "23-032-S03"] });
    let done = unit.done("updateAgreement", nothing, "agreement { version } change { id }").await;
    assert_eq!(
        (&done["agreement"]["version"], &done["change"]),
        (&json!(2), &Value::Null),
        "what is the same is not written"
    );
    let parts = json!({ "agreement": agreement, "expectedVersion": 2, "references": ["23-032-S03", "RUN/2/2010"], "sources": [] });
    let done = unit.done("updateAgreement", parts, "agreement { version references sources { quote } }").await;
    assert_eq!(
        done["agreement"],
        json!({ "version": 3, "references": ["23-032-S03", "RUN/2/2010"], "sources": [] }),
        "a change of a part counts"
    );
    let cleared = json!({ "agreement": agreement, "expectedVersion": 3, "purpose": null, "parent": null, "from": null, "until": null,
        "references": [], "audience": "COORDINATORS" });
    let done = unit.done("updateAgreement", cleared, &format!("agreement {{ {FIELDS} }}")).await["agreement"].take();
    assert_eq!(done["period"], json!({ "from": null, "until": null }));
    assert_eq!((&done["references"], &done["audience"]), (&json!([]), &json!("COORDINATORS")));
    let taken = json!({ "name": "Nytt", "references": ["RUN/1/2010"] });
    app.administrator().done("createAgreement", taken, "agreement { id }").await;
}

#[tokio::test]
async fn whose_register_it_is_in_may_change_an_agreement_and_a_party_may_leave_it() {
    let app = world().await;
    let (avtal, dolt) =
        (id(&app, "agreement", "Avtal om samverkan").await, id(&app, "agreement", "Dolt avtal om samverkan").await);
    let (owners, others) = (["region", "unit"], [("NotAllowed", &["krokom", "berg"][..])]);
    let owner = id(&app, "organisation", "regional-utveckling").await;
    may(&app, "createAgreement", &json!({ "name": " ", "owner": owner }), &owners, &others).await;
    let all_of_them = [("NotAllowed", &["region", "unit", "krokom", "berg"][..])];
    may(&app, "createAgreement", &json!({ "name": " " }), &[], &all_of_them).await;
    let about = |id: &Value| json!({ "agreement": id, "expectedVersion": 99 });
    let hidden = [("NotAllowed", &["krokom"][..]), ("NotFound", &["unit", "berg"])];
    for (mutation, more) in [
        ("updateAgreement", json!({})),
        ("endAgreement", json!({})),
        ("joinAgreement", json!({ "description": "alla" })),
        ("addAssignment", json!({ "name": "Mer" })),
    ] {
        may(&app, mutation, &with(about(&avtal), more.clone()), &owners, &others).await;
        may(&app, mutation, &with(about(&dolt), more), &["region"], &hidden).await;
    }
    let assignment = json!({ "assignment": id(&app, "assignment", "Att hålla kurser").await, "expectedVersion": 99 });
    let unseen = json!({ "assignment": id(&app, "assignment", "Dolt uppdrag").await, "expectedVersion": 99 });
    for mutation in ["updateAssignment", "removeAssignment"] {
        may(&app, mutation, &assignment, &owners, &others).await;
        may(&app, mutation, &unseen, &["region"], &hidden).await;
    }
    let party = json!({ "party": party(&app, &avtal, "krokom").await, "expectedVersion": 99 });
    let unseen = json!({ "party": self::party(&app, &dolt, "krokom").await, "expectedVersion": 99 });
    may(&app, "changeParty", &party, &owners, &others).await;
    may(&app, "changeParty", &unseen, &["region"], &hidden).await;
    for mutation in ["giveNotice", "leaveAgreement"] {
        may(&app, mutation, &party, &["region", "unit", "krokom"], &[("NotAllowed", &["berg"])]).await;
        may(&app, mutation, &unseen, &["region", "krokom"], &[("NotFound", &["unit", "berg"])]).await;
    }
}

/// The id of a party by its organisation, or of the one that has none.
pub async fn party(app: &TestApp, agreement: &Value, slug: &str) -> Value {
    let found = node(&app.administrator(), agreement, "Agreement", "parties { id organisation { slug } }").await;
    let parties = found["parties"].as_array().expect("parties");
    parties.iter().find(|party| party["organisation"]["slug"] == slug).expect(slug)["id"].clone()
}

#[tokio::test]
async fn an_agreement_moves_to_whom_one_may_create_agreements_for() {
    let app = world().await;
    let unit = app.representative("regional-utveckling").await;
    let krokom = id(&app, "organisation", "krokom").await;
    let moved = about(&app, "Avtal om samverkan", json!({ "owner": krokom })).await;
    for (owner, failure) in
        [(krokom, "NotAllowed"), (Value::Null, "NotAllowed"), (id(&app, "group", "college").await, "NotFound")]
    {
        let refused = unit.refused("updateAgreement", with(moved.clone(), json!({ "owner": owner }))).await;
        assert_eq!(
            (&refused["__typename"], &refused["path"]),
            (&json!(failure), &json!(["input", "owner"])),
            "{owner}"
        );
    }
    let rights =
        [app.right(Role::Representative, "regional-utveckling").await, app.right(Role::Representative, "krokom").await];
    let both = app.signed_in("both", rights.to_vec());
    let done = both.done("updateAgreement", moved, "agreement { owner { slug } version }").await;
    assert_eq!(done["agreement"], json!({ "owner": { "slug": "krokom" }, "version": 2 }));
    let back = about(&app, "Avtal om samverkan", json!({ "name": "Vårt igen" })).await;
    assert_eq!(unit.refused("updateAgreement", back).await["__typename"], "NotAllowed", "it is theirs no more");
    let hidden = about(&app, "Hängavtal", json!({ "audience": "ADMINISTRATORS" })).await;
    let refused = app.representative("region").await.refused("updateAgreement", hidden).await;
    assert_eq!(refused["path"], json!(["input", "audience"]), "nobody hides something from themselves");
}

/// Everything about the hidden agreement, by each way in.
async fn hidden(app: &TestApp, client: &Client) -> Value {
    let (dolt, hemlig) = (id(app, "agreement", "Dolt avtal om samverkan").await, id(app, "group", "hemlig").await);
    let (party, assignment) = (party(app, &dolt, "krokom").await, id(app, "assignment", "Dolt uppdrag").await);
    let query = format!(
        "{{ node(id: {dolt}) {{ id }} nodes(ids: [{party}, {assignment}]) {{ id }} byId: agreement(by: {{id: {dolt}}}) {{ id }}
            agreement(by: {{reference: \"RUN/9/2019\"}}) {{ id }} agreements(filter: {{text: \"dolt\"}}) {{ totalCount nodes {{ id }} }}
            group: agreements(filter: {{group: {hemlig}}}) {{ totalCount nodes {{ id }} }}
            search(text: \"dolt\", types: [AGREEMENT]) {{ totalCount nodes {{ __typename }} }}
            organisation(by: {{slug: \"krokom\"}}) {{ agreements {{ totalCount nodes {{ name }} }} }} }}"
    );
    client.ask(&query).await
}

#[tokio::test]
async fn a_hidden_agreement_is_nowhere_for_those_who_keep_nothing_of_it() {
    let app = world().await;
    let none = json!({ "totalCount": 0, "nodes": [] });
    let unseen = json!({ "node": null, "nodes": [null, null], "byId": null, "agreement": null, "agreements": none, "group": none,
        "search": none, "organisation": { "agreements": { "totalCount": 1, "nodes": [{ "name": "Avtal om samverkan" }] } } });
    let reader = app.signed_in("reader", Vec::new());
    for client in [app.public(), reader, app.representative("berg").await, app.coordinator("run").await] {
        assert_eq!(hidden(&app, &client).await, unseen);
    }
    for client in [app.administrator(), app.representative("region").await, app.representative("krokom").await] {
        let seen = hidden(&app, &client).await;
        assert_eq!((&seen["agreement"]["id"], &seen["agreements"]["totalCount"]), (&seen["byId"]["id"], &json!(1)));
        assert!(seen["node"].is_object() && seen["nodes"][0].is_object() && seen["nodes"][1].is_object(), "{seen:#}");
        assert_eq!(
            (&seen["search"]["totalCount"], &seen["organisation"]["agreements"]["totalCount"]),
            (&json!(1), &json!(2))
        );
    }
    let on_group = hidden(&app, &app.coordinator("hemlig").await).await;
    assert_eq!(on_group["group"]["totalCount"], 2, "on whose group it falls sees what asks it");
}

#[tokio::test]
async fn an_agreement_moves_past_its_old_end_in_one_change() {
    let app = world().await;
    let moved = json!({ "from": "2010-01-01", "until": "2012-01-01" });
    let moved = about(&app, "Gammalt avtal", moved).await;
    let krokom = app.representative("krokom").await;
    let done = krokom.done("updateAgreement", moved, "agreement { period { from until } }").await;
    assert_eq!(done["agreement"]["period"], json!({ "from": "2010-01-01", "until": "2012-01-01" }));
    let late = about(&app, "Gammalt avtal", json!({ "from": "2012-01-01" })).await;
    let error = krokom.refused("updateAgreement", late).await;
    assert_eq!((&error["rule"], &error["path"]), (&json!("PERIOD_EMPTY"), &json!(["input", "from"])));
}

#[tokio::test]
async fn what_an_agreement_cannot_be_is_said_with_its_place() {
    let app = world().await;
    let client = app.administrator();
    let (nobody, college) = (json!("nobody"), id(&app, "group", "college").await);
    let document = id(&app, "document", "rapport").await;
    let long: Vec<String> = (0..51).map(|number| format!("RUN/{number}/1999")).collect();
    for (field, wrong, kind, rule) in [
        ("name", json!(" "), "InvalidInput", Value::Null),
        ("name", json!("x".repeat(201)), "InvalidInput", Value::Null),
        ("purpose", json!(""), "InvalidInput", Value::Null),
        ("references", json!(["RUN"]), "InvalidInput", Value::Null),
        ("references", json!(["RUN/3/2020", " run/3/2020"]), "InvalidInput", Value::Null),
        ("references", json!(long), "InvalidInput", Value::Null),
        ("references", json!(["RUN/5/2024"]), "RuleBroken", json!("REFERENCE_TAKEN")),
        ("until", json!("2026-11-21"), "RuleBroken", json!("PERIOD_EMPTY")),
        ("owner", college.clone(), "NotFound", Value::Null),
        ("parent", nobody.clone(), "NotFound", Value::Null),
        ("sources", json!([{ "document": document, "unclear": true }]), "InvalidInput", Value::Null),
        ("sources", json!([{ "document": document, "quote": " " }]), "InvalidInput", Value::Null),
        ("sources", json!([{ "document": nobody }]), "NotFound", Value::Null),
    ] {
        let error = client.refused("createAgreement", with(json!({ "name": "Nytt" }), json!({ field: wrong }))).await;
        assert_eq!((&error["__typename"], &error["rule"]), (&json!(kind), &rule), "{field}: {error:#}");
        assert_eq!(error["path"][1], json!(field), "{error:#}");
    }
    let within = about(&app, "Avtal om samverkan", json!({ "parent": id(&app, "agreement", "Hängavtal").await })).await;
    let error = client.refused("updateAgreement", within).await;
    assert_eq!((&error["rule"], &error["path"]), (&json!("AGREEMENT_CYCLE"), &json!(["input", "parent"])));
    let earlier = about(&app, "Avtal om samverkan", json!({ "until": "2029-01-01" })).await;
    let error = client.refused("updateAgreement", earlier).await;
    assert_eq!((&error["__typename"], &error["path"]), (&json!("InvalidInput"), &json!(["input", "until"])));
    let over = about(&app, "Gammalt avtal", json!({})).await;
    assert_eq!(client.refused("endAgreement", over).await["path"], json!(["input", "until"]), "it is over already");
}

#[tokio::test]
async fn a_dry_run_tells_what_would_come_and_history_what_has_come() {
    let app = world().await;
    let unit = app.representative("regional-utveckling").await;
    let before = trail(&app).await;
    let plan = "agreement { id } change { id } plan { noun kind fields { name before after } }";
    let renamed = about(&app, "Avtal om samverkan", json!({ "name": "Annat", "dryRun": true })).await;
    let done = unit.done("updateAgreement", renamed.clone(), plan).await;
    assert_eq!((&done["agreement"], &done["change"]), (&Value::Null, &Value::Null));
    let field = json!({ "name": "name", "before": "Avtal om samverkan", "after": "Annat" });
    assert_eq!(done["plan"], json!([{ "noun": "agreement", "kind": "CHANGED", "fields": [field] }]));
    let ended = about(&app, "Avtal om samverkan", json!({ "until": "2027-01-01", "dryRun": true })).await;
    let done = unit.done("endAgreement", ended, plan).await;
    assert_eq!(all(&done, "plan.*.noun").len(), 4, "the agreement and its three parties: {done:#}");
    let party = party(&app, &renamed["agreement"], "krokom").await;
    for mutation in ["giveNotice", "leaveAgreement"] {
        let input = json!({ "party": party, "expectedVersion": 1, "dryRun": true });
        let done = app.representative("krokom").await.done(mutation, input, plan).await;
        assert_eq!(all(&done, "plan.*.noun")[0], "agreement_party", "{mutation}: {done:#}");
    }
    assert_eq!(trail(&app).await, before);

    unit.done("updateAgreement", with(renamed.clone(), json!({ "dryRun": false })), "change { id }").await;
    for client in [unit, app.representative("region").await, app.administrator(), app.auditor()] {
        assert_eq!(history(&client, &renamed["agreement"], "Agreement").await, ["updateAgreement", "createAgreement"]);
    }
    for client in [app.public(), app.representative("krokom").await, app.coordinator("college").await] {
        assert!(history(&client, &renamed["agreement"], "Agreement").await.is_empty());
    }
}
