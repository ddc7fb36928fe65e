//! Stating numbers about what one keeps, correcting them and taking them away.

use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::record::{id, may, node, trail, with, world};

const FIELDS: &str = "figure { id measure value valueTo unit exactness note version period { from until } sources { document { slug } note unclear } }
    change { verb }";

fn of(id: &Value, more: Value) -> Value {
    let year = json!({ "of": id, "measure": "PARTICIPANTS", "value": 40, "from": "2025-01-01", "until": "2026-01-01" });
    with(year, more)
}

/// The numbers of a node, with the upper ends of ranges.
async fn values(app: &TestApp, id: &Value, kind: &str) -> Value {
    node(&app.public(), id, kind, "figures(year: 2025) { nodes { value valueTo } }").await["figures"]["nodes"].take()
}

#[tokio::test]
async fn a_figure_is_recorded_once_corrected_and_taken_away() {
    let app = world().await;
    let client = app.coordinator("run").await;
    let college = id(&app, "group", "college").await;
    let source = json!({ "document": id(&app, "document", "rapport").await, "note": "Svårläst", "unclear": true });
    let input = of(
        &college,
        json!({ "valueTo": 50, "unit": "elever", "exactness": "ABOUT", "note": "Räknat en gång", "sources": [source],
        "idempotencyKey": "one" }),
    );
    let payload = client.done("recordFigure", input.clone(), FIELDS).await;
    let told = json!({ "id": payload["figure"]["id"], "measure": "PARTICIPANTS", "value": 40, "valueTo": 50, "unit": "elever", "exactness": "ABOUT",
        "note": "Räknat en gång", "version": 1, "period": { "from": "2025-01-01", "until": "2026-01-01" },
        "sources": [{ "document": { "slug": "rapport" }, "note": "Svårläst", "unclear": true }] });
    assert_eq!((&payload["figure"], &payload["change"]["verb"]), (&told, &json!("recordFigure")));
    let before = trail(&app).await;
    assert_eq!(client.done("recordFigure", input.clone(), FIELDS).await, payload);
    assert_eq!(client.refused("recordFigure", with(input, json!({ "value": 41 }))).await["__typename"], "KeyReused");
    assert_eq!(
        (values(&app, &college, "Group").await, trail(&app).await),
        (json!([{ "value": 40, "valueTo": 50 }]), before)
    );

    let about = |version: i32, more: Value| with(json!({ "figure": told["id"], "expectedVersion": version }), more);
    let done = client.done("changeFigure", about(1, json!({ "value": 45, "exactness": "EXACT" })), FIELDS).await;
    let changed = with(told.clone(), json!({ "value": 45, "exactness": "EXACT", "version": 2 }));
    assert_eq!((&done["figure"], &done["change"]["verb"]), (&changed, &json!("changeFigure")));
    let stale = client.refused("changeFigure", about(1, json!({ "value": 46 }))).await;
    assert_eq!((&stale["__typename"], &stale["currentVersion"]), (&json!("VersionConflict"), &json!(2)));
    let same = client.done("changeFigure", about(2, json!({ "value": 45 })), FIELDS).await;
    assert_eq!((&same["figure"]["version"], &same["change"]), (&json!(2), &Value::Null));
    let cleared = json!({ "valueTo": null, "unit": null, "note": null, "sources": [], "from": "2024-07-01", "until": "2025-07-01" });
    let done = client.done("changeFigure", about(2, cleared), FIELDS).await["figure"].take();
    for field in ["valueTo", "unit", "note"] {
        assert_eq!(done[field], Value::Null, "{field}");
    }
    assert_eq!((&done["sources"], &done["period"]["from"]), (&json!([]), &json!("2024-07-01")));
    assert_eq!(client.refused("removeFigure", about(2, json!({}))).await["currentVersion"], 3);
    let done = client.done("removeFigure", about(3, json!({})), FIELDS).await;
    assert_eq!((&done["figure"], &done["change"]["verb"]), (&Value::Null, &json!("removeFigure")));
    assert_eq!(client.refused("removeFigure", about(3, json!({}))).await["__typename"], "NotFound");
}

#[tokio::test]
async fn what_a_number_is_about_is_anything_that_somebody_keeps() {
    let app = world().await;
    let unit = app.representative("regional-utveckling").await;
    let college = app.coordinator("college").await;
    let krokom = app.representative("krokom").await;
    for (client, table, name, kind) in [
        (&college, "group", "college", "Group"),
        (&krokom, "organisation", "krokom", "Organisation"),
        (&unit, "project", "Smarta resor", "Project"),
        (&college, "event", "Kurs för alla", "Event"),
        (&krokom, "activity", "Gjort för Krokom", "Activity"),
        (&college, "result", "Nått för colleget", "Result"),
    ] {
        let id = id(&app, table, name).await;
        client.done("recordFigure", of(&id, json!({})), "figure { id }").await;
        assert_eq!(values(&app, &id, kind).await, json!([{ "value": 40, "valueTo": null }]), "{kind}");
    }
    for (table, name) in [
        ("agreement", "Avtal om samverkan"),
        ("assignment", "Att göra något annat"),
        ("priority", "Först för Krokom"),
        ("person", "Ann"),
    ] {
        let error = app.administrator().refused("recordFigure", of(&id(&app, table, name).await, json!({}))).await;
        assert_eq!((&error["__typename"], &error["path"]), (&json!("NotFound"), &json!(["input", "of"])), "{table}");
    }
    let nothing = app.administrator().refused("recordFigure", of(&json!("nothing"), json!({}))).await;
    assert_eq!(nothing["__typename"], "NotFound");
}

#[tokio::test]
async fn who_keeps_what_it_is_about_states_corrects_and_takes_away_a_number() {
    let app = world().await;
    let not_group = [("NotAllowed", &["annan", "region", "unit", "berg", "krokom"][..])];
    let not_krokom = [("NotAllowed", &["run", "college", "annan", "region", "unit", "berg"][..])];
    let not_unit = [("NotAllowed", &["run", "college", "annan", "berg", "krokom"][..])];
    let unseen = [("NotFound", &["run", "college", "annan", "region", "unit", "berg", "krokom"][..])];
    let hidden_project = [("NotFound", &["run", "college", "annan", "unit", "berg", "krokom"][..])];
    type Others<'a> = &'a [(&'a str, &'a [&'a str])];
    let cases: [(&str, &str, &[&str], Others); 7] = [
        ("group", "college", &["run", "college"], &not_group),
        ("organisation", "krokom", &["krokom"], &not_krokom),
        ("project", "Smarta resor", &["region", "unit"], &not_unit),
        ("project", "Dolt projekt", &["region"], &hidden_project),
        ("activity", "Gjort för colleget", &["run", "college"], &not_group),
        ("event", "Hemlig kurs", &[], &unseen),
        ("result", "Nått för den hemliga", &[], &unseen),
    ];
    for (table, name, through, others) in cases {
        let subject = id(&app, table, name).await;
        may(&app, "recordFigure", &of(&subject, json!({ "value": -1 })), through, others).await;
        let figure = app.administrator().done("recordFigure", of(&subject, json!({})), "figure { id }").await;
        let about = json!({ "figure": figure["figure"]["id"], "expectedVersion": 99 });
        may(&app, "changeFigure", &about, through, others).await;
        may(&app, "removeFigure", &about, through, others).await;
    }
}

#[tokio::test]
async fn what_a_figure_cannot_be_is_said_with_its_place() {
    let app = world().await;
    let client = app.coordinator("college").await;
    let college = id(&app, "group", "college").await;
    let figure =
        client.done("recordFigure", of(&college, json!({ "valueTo": 50 })), "figure { id }").await["figure"]["id"]
            .take();
    let before = trail(&app).await;
    let document = id(&app, "document", "rapport").await;
    for (field, wrong, kind, rule) in [
        ("value", json!(-1), "InvalidInput", Value::Null),
        ("valueTo", json!(40), "RuleBroken", json!("FIGURE_RANGE")),
        ("valueTo", json!(-5), "RuleBroken", json!("FIGURE_RANGE")),
        ("until", json!("2025-01-01"), "RuleBroken", json!("PERIOD_EMPTY")),
        ("unit", json!(" "), "InvalidInput", Value::Null),
        ("note", json!(""), "InvalidInput", Value::Null),
        ("sources", json!([{ "document": document, "unclear": true }]), "InvalidInput", Value::Null),
        ("sources", json!([{ "document": "nothing" }]), "NotFound", Value::Null),
    ] {
        let change = json!({ "figure": figure, "expectedVersion": 1 });
        for (mutation, input) in [("recordFigure", of(&college, json!({}))), ("changeFigure", change)] {
            let error = client.refused(mutation, with(input, json!({ field: wrong }))).await;
            assert_eq!((&error["__typename"], &error["rule"]), (&json!(kind), &rule), "{mutation} {field}: {error:#}");
            assert_eq!(error["path"][1], json!(field), "{mutation}: {error:#}");
        }
    }
    let above = json!({ "figure": figure, "expectedVersion": 1, "value": 50 });
    assert_eq!(client.refused("changeFigure", above).await["rule"], "FIGURE_RANGE");
    assert_eq!(trail(&app).await, before);
}
