//! Making projects and changing them, and who may.

use entity::values::Role;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::record::{history, id, may, node, trail, with, world};

const FIELDS: &str = "id name summary objective owner { slug } contact { person { name } } assignment { name } phase fund programme programmeArea
    specificObjective interventionType nuts granted totalBudget cofinancingRate subjectArea references audience version
    period { from until } partners { organisation { slug } description } municipalities { slug }
    indicators { name target outcome women men } sources { document { slug } quote }";

async fn whole(app: &TestApp) -> Value {
    json!({ "owner": id(app, "organisation", "krokom").await, "name": " Nytt projekt ", "summary": "Om resor", "objective": "Fler resor",
        "references": ["24-001-s01"], "contact": id(app, "person", "Ann").await, "assignment": id(app, "assignment", "Att hålla kurser").await,
        "phase": "PREPARATION", "fund": "ESF_PLUS", "programme": "2021se05sfpr", "programmeArea": "A", "specificObjective": "4.1",
        "interventionType": "134", "nuts": "se32", "granted": 100, "totalBudget": 100, "cofinancingRate": 66.67, "subjectArea": "Transporter",
        "partners": [{ "organisation": id(app, "organisation", "berg").await, "description": "Bergs kommun" }, { "description": "andra" }],
        "municipalities": [id(app, "organisation", "berg").await, id(app, "organisation", "krokom").await],
        "indicators": [{ "name": "Resor", "target": 5, "outcome": 3, "women": 2, "men": 1 }, { "name": "Fler" }],
        "audience": "SIGNED_IN", "from": "2025-01-01", "until": "2027-01-01",
        "sources": [{ "document": id(app, "document", "rapport").await, "quote": "Ett nytt projekt" }] })
}

#[tokio::test]
async fn a_project_is_made_once_with_all_its_parts_and_told_with_its_sources() {
    let app = world().await;
    let krokom = app.representative("krokom").await;
    let input = with(whole(&app).await, json!({ "idempotencyKey": "one", "reason": "Beviljat" }));
    let fields = format!("project {{ {FIELDS} }} change {{ verb reason }}");
    let payload = krokom.done("createProject", input.clone(), &fields).await;
    let expected = json!({ "id": payload["project"]["id"], "name": "Nytt projekt", "summary": "Om resor", "objective": "Fler resor",
        "owner": { "slug": "krokom" }, "contact": { "person": { "name": "Ann Ek" } }, "assignment": { "name": "Att hålla kurser" },
        "phase": "PREPARATION", "fund": "ESF_PLUS", "programme": "2021SE05SFPR", "programmeArea": "A", "specificObjective": "4.1",
        "interventionType": "134", "nuts": "SE32", "granted": 100, "totalBudget": 100, "cofinancingRate": 66.67, "subjectArea": "Transporter",
        "references": ["24-001-S01"], "audience": "SIGNED_IN", "version": 1, "period": { "from": "2025-01-01", "until": "2027-01-01" },
        "partners": [{ "organisation": { "slug": "berg" }, "description": "Bergs kommun" }, { "organisation": null, "description": "andra" }],
        "municipalities": [{ "slug": "berg" }, { "slug": "krokom" }],
        "indicators": [{ "name": "Resor", "target": 5, "outcome": 3, "women": 2, "men": 1 },
            { "name": "Fler", "target": null, "outcome": null, "women": null, "men": null }],
        "sources": [{ "document": { "slug": "rapport" }, "quote": "Ett nytt projekt" }] });
    assert_eq!(payload["project"], expected);
    assert_eq!(payload["change"], json!({ "verb": "createProject", "reason": "Beviljat" }));
    assert_eq!(node(&krokom, &expected["id"], "Project", FIELDS).await, expected);
    let before = trail(&app).await;
    assert_eq!(krokom.done("createProject", input.clone(), &fields).await, payload);
    let reused = krokom.refused("createProject", with(input, json!({ "name": "Ett annat" }))).await;
    assert_eq!((&reused["__typename"], trail(&app).await), (&json!("KeyReused"), before));
}

#[tokio::test]
async fn a_project_changes_part_by_part() {
    let app = world().await;
    let krokom = app.representative("krokom").await;
    let was =
        krokom.done("createProject", whole(&app).await, &format!("project {{ {FIELDS} }}")).await["project"].take();
    let about = |version: i32, more: Value| with(json!({ "project": was["id"], "expectedVersion": version }), more);
    let parts = about(1, json!({ "indicators": [{ "name": "Resor", "outcome": 4 }], "phase": "CLOSING" }));
    krokom.done("updateProject", parts.clone(), "change { id }").await;
    let only = json!([{ "name": "Resor", "target": null, "outcome": 4, "women": null, "men": null }]);
    let expected = with(was.clone(), json!({ "indicators": only, "phase": "CLOSING", "version": 2 }));
    assert_eq!(node(&krokom, &was["id"], "Project", FIELDS).await, expected, "the rest stays");
    let stale = krokom.refused("updateProject", parts).await;
    assert_eq!((&stale["currentVersion"], &stale["current"]["id"]), (&json!(2), &was["id"]));
    let same = about(
        2,
        json!({ "name": "Nytt projekt", "references": ["24-001-S01"], "municipalities": whole(&app).await["municipalities"] }),
    );
    let same = krokom.done("updateProject", same, "project { version } change { id }").await;
    assert_eq!((&same["project"]["version"], &same["change"]), (&json!(2), &Value::Null));

    let swapped =
        json!([{ "description": "andra" }, { "organisation": whole(&app).await["partners"][0]["organisation"] }]);
    let done = krokom
        .done("updateProject", about(2, json!({ "partners": swapped })), &format!("project {{ {FIELDS} }}"))
        .await;
    let partners = json!([{ "organisation": null, "description": "andra" }, { "organisation": { "slug": "berg" }, "description": null }]);
    assert_eq!((&done["project"]["partners"], &done["project"]["version"]), (&partners, &json!(3)));
    let mut cleared =
        about(3, json!({ "partners": [], "municipalities": [], "indicators": [], "references": [], "sources": [] }));
    let may_be_null = [
        "summary",
        "objective",
        "contact",
        "assignment",
        "phase",
        "fund",
        "programme",
        "programmeArea",
        "specificObjective",
        "interventionType",
        "nuts",
        "granted",
        "totalBudget",
        "cofinancingRate",
        "subjectArea",
    ];
    for field in may_be_null {
        cleared[field] = Value::Null;
    }
    let cleared = with(cleared, json!({ "from": null, "until": null }));
    let done = krokom.done("updateProject", cleared, &format!("project {{ {FIELDS} }}")).await["project"].take();
    for field in may_be_null {
        assert_eq!(done[field], Value::Null, "{field}");
    }
    for field in ["partners", "municipalities", "indicators", "references", "sources"] {
        assert_eq!(done[field], json!([]), "{field}");
    }
    assert_eq!(done["period"], json!({ "from": null, "until": null }));
}

#[tokio::test]
async fn whose_it_is_may_change_a_project_and_pass_it_on_to_whom_they_may_act_for() {
    let app = world().await;
    let (unit, krokom) =
        (id(&app, "organisation", "regional-utveckling").await, id(&app, "organisation", "krokom").await);
    let others = [("NotAllowed", &["krokom", "berg"][..])];
    may(&app, "createProject", &json!({ "owner": unit, "name": " " }), &["region", "unit"], &others).await;
    let group = json!({ "owner": id(&app, "group", "run").await, "name": "X" });
    let refused = app.representative("region").await.refused("createProject", group).await;
    assert_eq!((&refused["__typename"], &refused["path"]), (&json!("NotFound"), &json!(["input", "owner"])));
    let (smart, dolt) = (id(&app, "project", "Smarta resor").await, id(&app, "project", "Dolt projekt").await);
    let about = |id: &Value| json!({ "project": id, "expectedVersion": 99 });
    may(&app, "updateProject", &about(&smart), &["region", "unit"], &others).await;
    may(&app, "updateProject", &about(&dolt), &["region"], &[("NotFound", &["unit", "krokom", "berg"])]).await;
    let partner = app.representative("bracke").await.refused("updateProject", about(&dolt)).await;
    assert_eq!(partner["__typename"], "NotAllowed", "a partner sees it");

    let hidden = json!({ "owner": id(&app, "organisation", "berg").await, "name": "X", "assignment": id(&app, "assignment", "Dolt uppdrag").await });
    let refused = app.representative("berg").await.refused("createProject", hidden).await;
    assert_eq!((&refused["__typename"], &refused["path"]), (&json!("NotFound"), &json!(["input", "assignment"])));
    let moved = json!({ "project": smart, "expectedVersion": 1, "owner": krokom });
    let refused = app.representative("regional-utveckling").await.refused("updateProject", moved.clone()).await;
    assert_eq!((&refused["__typename"], &refused["path"]), (&json!("NotAllowed"), &json!(["input", "owner"])));
    let rights = [app.right(Role::Representative, "region").await, app.right(Role::Representative, "krokom").await];
    let done = app.signed_in("both", rights.to_vec()).done("updateProject", moved, "project { owner { slug } }").await;
    assert_eq!(done["project"]["owner"]["slug"], "krokom");
}

#[tokio::test]
async fn what_a_project_cannot_be_is_said_with_its_place() {
    let app = world().await;
    let krokom = app.representative("krokom").await;
    let made = krokom.done("createProject", whole(&app).await, "project { id }").await;
    let base = with(whole(&app).await, json!({ "references": ["24-002"] }));
    let (unit, berg) = (id(&app, "organisation", "regional-utveckling").await, id(&app, "organisation", "berg").await);
    let before = trail(&app).await;
    let indicator = |more: Value| json!([with(json!({ "name": "Resor" }), more)]);
    for (field, wrong, rule) in [
        ("name", json!(" "), ""),
        ("objective", json!(""), ""),
        ("programmeArea", json!(" "), ""),
        ("subjectArea", json!("x".repeat(201)), ""),
        ("programme", json!("2021SE"), ""),
        ("programme", json!("SE212105SFPR"), ""),
        ("nuts", json!("32"), ""),
        ("nuts", json!("SE3210"), ""),
        ("cofinancingRate", json!(101), ""),
        ("cofinancingRate", json!(-1), ""),
        ("cofinancingRate", json!(33.333), ""),
        ("granted", json!(-1), ""),
        ("totalBudget", json!(-1), ""),
        ("granted", json!(101), "PROJECT_AMOUNTS"),
        ("references", json!(["RUN"]), ""),
        ("references", json!(["24-002", "24-002 "]), ""),
        ("references", json!(["RUN/1/2010"]), "REFERENCE_TAKEN"),
        ("until", json!("2025-01-01"), "PERIOD_EMPTY"),
        ("municipalities", json!([unit]), "PROJECT_MUNICIPALITY_KIND"),
        ("municipalities", json!([berg, berg]), ""),
        ("municipalities", json!(["nobody"]), "NotFound"),
        ("partners", json!([{}]), ""),
        ("partners", json!([{ "description": "" }]), ""),
        ("partners", json!([{ "organisation": "nobody" }]), "NotFound"),
        ("indicators", indicator(json!({ "name": "" })), ""),
        ("indicators", indicator(json!({ "target": -1 })), "INDICATOR_NOT_NEGATIVE"),
        ("indicators", indicator(json!({ "outcome": 3, "women": 2, "men": 2 })), "INDICATOR_WOMEN_MEN"),
        ("indicators", indicator(json!({ "women": 2 })), "INDICATOR_WOMEN_MEN"),
        ("contact", json!("nobody"), "NotFound"),
        ("assignment", json!("nobody"), "NotFound"),
        ("sources", json!([{ "document": "nothing" }]), "NotFound"),
    ] {
        let what = format!("{field}: {wrong}");
        let change = with(json!({ "project": made["project"]["id"], "expectedVersion": 1 }), json!({ field: wrong }));
        let (kind, rule) = match rule {
            "" => ("InvalidInput", Value::Null),
            "NotFound" => ("NotFound", Value::Null),
            rule => ("RuleBroken", json!(rule)),
        };
        for (mutation, input) in
            [("createProject", with(base.clone(), json!({ field: wrong }))), ("updateProject", change)]
        {
            let error = krokom.refused(mutation, input).await;
            assert_eq!((&error["__typename"], &error["rule"]), (&json!(kind), &rule), "{mutation} {what}: {error:#}");
            assert_eq!(error["path"][1], json!(field), "{mutation} {what}: {error:#}");
        }
    }
    assert_eq!(trail(&app).await, before);
}

#[tokio::test]
async fn a_dry_run_tells_what_would_come_and_history_what_has_come() {
    let app = world().await;
    let unit = app.representative("regional-utveckling").await;
    let smart = id(&app, "project", "Smarta resor").await;
    let before = trail(&app).await;
    let krokom = id(&app, "organisation", "krokom").await;
    let input = json!({ "project": smart, "expectedVersion": 1, "granted": 5000, "subjectArea": "Resor", "municipalities": [krokom],
            "dryRun": true });
    let plan = "project { id } change { id } plan { noun kind fields { name before after } }";
    let fields = json!([{ "name": "granted", "before": "4000", "after": "5000" },
        { "name": "subjectArea", "before": "Kollektivtrafik", "after": "Resor" }]);
    let planned = json!({ "noun": "project", "kind": "CHANGED", "fields": fields });
    assert_eq!(unit.done("updateProject", input.clone(), plan).await["plan"][0], planned);
    for client in [&unit, &app.administrator()] {
        let done = client.done("updateProject", input.clone(), plan).await;
        assert_eq!((&done["project"], &done["change"], &done["plan"][0]), (&Value::Null, &Value::Null, &planned));
        assert_eq!(
            (&done["plan"][1]["noun"], &done["plan"][1]["kind"]),
            (&json!("project_municipality"), &json!("REMOVED"))
        );
    }
    let indicators = json!([{ "name": "Resor", "target": 10, "outcome": 13, "women": 7, "men": 5 }]);
    let indicators = json!({ "project": smart, "expectedVersion": 1, "indicators": indicators, "dryRun": true });
    assert_eq!(
        unit.done("updateProject", indicators, plan).await["plan"],
        json!([{ "noun": "indicator", "kind": "CHANGED", "fields": [{ "name": "outcome", "before": "12", "after": "13" }] },
            { "noun": "project", "kind": "CHANGED", "fields": [] }])
    );
    assert_eq!(trail(&app).await, before);
    unit.done("updateProject", with(input, json!({ "dryRun": false })), plan).await;
    for client in [unit, app.representative("region").await, app.auditor(), app.administrator()] {
        assert_eq!(history(&client, &smart, "Project").await, ["updateProject", "createProject"]);
    }
    for client in [app.public(), app.representative("krokom").await, app.coordinator("run").await] {
        assert!(history(&client, &smart, "Project").await.is_empty());
    }
}
