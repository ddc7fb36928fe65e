//! Creating and updating organisations.

use serde_json::{Value, json};

use super::world::{WORLD, about, find, id, representative, whole};
use crate::support::TestApp;

const FIELDS: &str = "organisation { id slug name shortName kind organisationNumber municipalityCode parent { slug } period { from until } version }
    change { verb reason }";

#[tokio::test]
async fn an_organisation_is_created_with_all_that_is_known_of_it() {
    let app = TestApp::of(WORLD).await;
    let input = json!({ "kind": "MUNICIPAL_ASSOCIATION", "name": " Räddningstjänsten Östra ", "shortName": "RÖ",
        "organisationNumber": "222000-1990", "municipalityCode": "2305", "from": "2027-01-01", "reason": "Beslut 2026" });
    let payload = app.administrator().done("createOrganisation", input, FIELDS).await;
    let mut organisation = payload["organisation"].clone();
    organisation.as_object_mut().expect("an object").remove("id");
    assert_eq!(
        organisation,
        json!({ "slug": "raddningstjansten-ostra", "name": "Räddningstjänsten Östra", "shortName": "RÖ",
            "kind": "MUNICIPAL_ASSOCIATION", "organisationNumber": "222000-1990", "municipalityCode": "2305", "parent": null,
            "period": { "from": "2027-01-01", "until": null }, "version": 1 })
    );
    assert_eq!(payload["change"], json!({ "verb": "createOrganisation", "reason": "Beslut 2026" }));
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_where_it_stands() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let before = whole(&app).await;
    for (field, value, said) in [
        ("slug", "Stora Bokstäver", "InvalidInput"),
        ("organisationNumber", "222000-1991", "InvalidInput"),
        ("organisationNumber", "811218-9876", "InvalidInput"),
        ("municipalityCode", "230", "InvalidInput"),
        ("shortName", " ", "InvalidInput"),
        ("name", "", "InvalidInput"),
        ("slug", "berg", "SLUG_TAKEN"),
        ("organisationNumber", "2120002460", "ORGANISATION_NUMBER_TAKEN"),
        ("parent", "nonsense", "NotFound"),
        ("until", "2026-01-01", "PERIOD_EMPTY"),
        ("kind", "UNIT", "UNIT_HAS_PARENT"),
    ] {
        let mut input = json!({ "kind": "OTHER", "name": "Ny", "from": "2026-01-01" });
        input[field] = json!(value);
        let error = client.refused("createOrganisation", input).await;
        let rule = if error["rule"].is_null() { &error["__typename"] } else { &error["rule"] };
        assert_eq!(rule, said, "{field} {error:#}");
        if error["rule"].is_null() {
            assert_eq!(error["path"], json!(["input", field]));
        }
    }
    assert_eq!(whole(&app).await, before);
}

#[tokio::test]
async fn representatives_keep_the_units_inside_theirs_and_nothing_else() {
    let app = TestApp::of(WORLD).await;
    let client = representative(&app, "bracke").await;
    let (bracke, berg, skolan) = (id(&app, "bracke").await, id(&app, "berg").await, id(&app, "skolan").await);
    for parent in [&bracke, &skolan] {
        let slug = format!("enhet-{}", if parent == &bracke { 1 } else { 2 });
        let input = json!({ "kind": "UNIT", "name": "Enhet", "slug": slug, "parent": parent });
        client.done("createOrganisation", input, FIELDS).await;
    }
    for (input, path) in [
        (json!({ "kind": "UNIT", "name": "X", "parent": berg }), "parent"),
        (json!({ "kind": "COMPANY", "name": "X", "parent": bracke }), "kind"),
        (json!({ "kind": "COMPANY", "name": "X" }), "parent"),
    ] {
        let error = client.refused("createOrganisation", input).await;
        assert_eq!(
            (&error["__typename"], &error["path"]),
            (&json!("NotAllowed"), &json!(["input", path])),
            "{error:#}"
        );
    }
    for (mutation, more) in [
        ("updateOrganisation", json!({ "slug": "ny" })),
        ("renameOrganisation", json!({ "name": "Nytt" })),
        ("closeOrganisation", json!({})),
    ] {
        for slug in ["bracke", "berg", "bergs-skola"] {
            let error = client.refused(mutation, about(&app, slug, more.clone()).await).await;
            assert_eq!(error["__typename"], "NotAllowed", "{mutation} {slug}");
            assert_eq!(error["path"], json!(["input", "organisation"]));
        }
        client.done(mutation, about(&app, "koket", more).await, "change { id }").await;
        if mutation == "updateOrganisation" {
            client.done(mutation, about(&app, "ny", json!({ "slug": "koket" })).await, "change { id }").await;
        }
    }
    for (more, path) in [
        (json!({ "parent": berg }), "parent"),
        (json!({ "parent": null }), "parent"),
        (json!({ "kind": "COMPANY" }), "kind"),
    ] {
        let error = client.refused("updateOrganisation", about(&app, "skolan", more).await).await;
        assert_eq!(
            (&error["__typename"], &error["path"]),
            (&json!("NotAllowed"), &json!(["input", path])),
            "{error:#}"
        );
    }
}

#[tokio::test]
async fn coordinators_may_not_call_these_at_all() {
    use entity::values::Role;
    use samverkan::policy::Right;
    let app = TestApp::of(WORLD).await;
    let right = Right { role: Role::Coordinator, place: Some(uuid::Uuid::nil()), grant: None };
    let client = app.signed_in("coordinator", vec![right]);
    for (mutation, input) in [
        ("createOrganisation", "kind: OTHER, name: \"X\""),
        ("updateOrganisation", "organisation: \"x\", expectedVersion: 1"),
        ("renameOrganisation", "organisation: \"x\", expectedVersion: 1, name: \"X\""),
        ("closeOrganisation", "organisation: \"x\", expectedVersion: 1"),
        ("mergeOrganisations", "into: \"x\", expectedVersion: 1, organisations: []"),
    ] {
        let query = format!("mutation {{ {mutation}(input: {{{input}}}) {{ change {{ id }} }} }}");
        assert_eq!(client.code(&query).await, "FORBIDDEN", "{mutation}");
        assert_eq!(app.public().code(&query).await, "FORBIDDEN", "{mutation}");
    }
    let query = "mutation { mergeOrganisations(input: {into: \"x\", expectedVersion: 1, organisations: []}) { change { id } } }";
    assert_eq!(representative(&app, "bracke").await.code(query).await, "FORBIDDEN");
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_nothing_else() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let input = json!({ "slug": "skola", "kind": "EDUCATION_PROVIDER", "organisationNumber": "2220001990", "parent": null,
        "from": "2019-07-01" });
    let input = about(&app, "skolan", input).await;
    let organisation = client.done("updateOrganisation", input.clone(), FIELDS).await["organisation"].take();
    assert_eq!(
        organisation,
        json!({ "id": input["organisation"], "slug": "skola", "name": "Skolan", "shortName": null, "kind": "EDUCATION_PROVIDER",
            "organisationNumber": "222000-1990", "municipalityCode": null, "parent": null,
            "period": { "from": "2019-07-01", "until": null }, "version": 2 })
    );
    let stale = client.refused("updateOrganisation", input).await;
    assert_eq!((&stale["__typename"], &stale["currentVersion"]), (&json!("VersionConflict"), &json!(2)));
    let same = about(&app, "skola", json!({ "slug": "skola" })).await;
    assert_eq!(client.done("updateOrganisation", same, "change { id }").await["change"], Value::Null);
    let cleared = about(&app, "skola", json!({ "organisationNumber": null, "from": null })).await;
    let organisation = client.done("updateOrganisation", cleared, FIELDS).await["organisation"].take();
    assert_eq!((&organisation["organisationNumber"], &organisation["period"]["from"]), (&Value::Null, &Value::Null));
    let error = client
        .refused("updateOrganisation", about(&app, "bracke", json!({ "parent": id(&app, "bracke").await })).await)
        .await;
    assert_eq!(error["rule"], "ORGANISATION_CYCLE");
    let taken = about(&app, "berg", json!({ "organisationNumber": "212000-2460" })).await;
    assert_eq!(client.refused("updateOrganisation", taken).await["rule"], "ORGANISATION_NUMBER_TAKEN");
}

#[tokio::test]
async fn a_unit_never_outlasts_what_it_is_part_of() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    client
        .done("closeOrganisation", about(&app, "berg", json!({ "until": "2030-01-01" })).await, "change { id }")
        .await;
    let berg = id(&app, "berg").await;
    let unit = |more: Value| {
        let mut input = json!({ "kind": "UNIT", "name": "Ny enhet", "parent": berg });
        more.as_object().into_iter().flatten().for_each(|(field, value)| input[field] = value.clone());
        input
    };
    for more in [json!({ "until": "2031-01-01" }), json!({ "from": "2030-01-01" })] {
        let error = client.refused("createOrganisation", unit(more)).await;
        assert_eq!((&error["rule"], &error["on"][0]["id"]), (&json!("UNIT_OUTLASTS_ORGANISATION"), &berg));
    }
    let made = client.done("createOrganisation", unit(json!({})), FIELDS).await;
    assert_eq!(made["organisation"]["period"]["until"], "2030-01-01");
}

#[tokio::test]
async fn a_key_makes_an_organisation_once() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let input = json!({ "kind": "OTHER", "name": "En gång", "idempotencyKey": "k1" });
    let first = client.done("createOrganisation", input.clone(), "organisation { id } change { id }").await;
    let before = whole(&app).await;
    assert_eq!(client.done("createOrganisation", input, "organisation { id } change { id }").await, first);
    let other = json!({ "kind": "OTHER", "name": "En annan", "idempotencyKey": "k1" });
    assert_eq!(client.refused("createOrganisation", other).await["__typename"], "KeyReused");
    assert_eq!(whole(&app).await, before);
    assert_eq!(find(&app, "en-gang").await["version"], 1);
}
