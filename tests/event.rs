//! Events: courses and other occasions, who arranges them, who sees them, and who keeps them on record.

use serde_json::{Value, json};

use crate::support::record::{history, id, may, node, trail, with, world};
use crate::support::{Client, all};

const FIELDS: &str = "id name description subjectArea place participants exactness audience version period { from until }
    owner { ... on Group { slug } ... on Organisation { slug } } organisers { ... on Group { slug } ... on Organisation { slug } }
    assignment { name } sources { document { slug } quote }";

async fn names(client: &Client, filter: &str) -> Vec<String> {
    let found = client.ask(&format!("{{ events(filter: {{{filter}}}) {{ totalCount nodes {{ name }} }} }}")).await;
    let names = all(&found, "events.nodes.*.name");
    assert_eq!(found["events"]["totalCount"], names.len(), "{filter}");
    names
}

#[tokio::test]
async fn events_are_found_by_what_is_known_of_them_the_latest_first() {
    let app = world().await;
    let client = app.public();
    let (open, shared, both) = (["Kurs för alla"], ["Gemensam kurs"], ["Kurs för alla", "Gemensam kurs"]);
    let (region, krokom) = (id(&app, "organisation", "region").await, id(&app, "organisation", "krokom").await);
    let (college, kurser) = (id(&app, "group", "college").await, id(&app, "assignment", "Att hålla kurser").await);
    for (filter, found) in [
        (String::new(), &both[..]),
        ("text: \"GEMENSAM\"".to_owned(), &shared),
        ("text: \"hemlig\"".to_owned(), &[]),
        ("subjectArea: \"skola & FORSKOLA\"".to_owned(), &open),
        ("subjectArea: \"skola\"".to_owned(), &[]),
        (format!("group: {college}"), &open),
        (format!("organisation: {region}"), &shared),
        (format!("organisation: {krokom}"), &shared),
        (format!("assignment: {kurser}"), &open),
        ("year: 2025".to_owned(), &both),
        ("year: 2024".to_owned(), &shared),
        ("year: 2023".to_owned(), &[]),
        ("during: {from: \"2025-03-01\", until: \"2025-03-02\"}".to_owned(), &open),
        ("during: {from: \"2025-03-02\", until: \"2025-12-31\"}".to_owned(), &[]),
    ] {
        assert_eq!(names(&client, &filter).await, found, "{filter}");
    }
    let lists = "events { totalCount nodes { name } } none: events(year: 2020) { totalCount }";
    let query = format!(
        "{{ group(by: {{slug: \"college\"}}) {{ {lists} }} krokom: organisation(by: {{slug: \"krokom\"}}) {{ {lists} }} }}"
    );
    let list =
        |name: &str| json!({ "events": { "totalCount": 1, "nodes": [{ "name": name }] }, "none": { "totalCount": 0 } });
    assert_eq!(client.ask(&query).await, json!({ "group": list(open[0]), "krokom": list(shared[0]) }));
    let own = names(&app.representative("krokom").await, &format!("organisation: {krokom}")).await;
    assert_eq!(own, ["Dold kurs", "Gemensam kurs"], "alone or with others");
}

#[tokio::test]
async fn a_hidden_event_is_nowhere_and_a_hidden_organiser_is_not_named() {
    let app = world().await;
    let (hemlig, dold) = (id(&app, "event", "Hemlig kurs").await, id(&app, "event", "Dold kurs").await);
    let (group, assignment) = (id(&app, "group", "hemlig").await, id(&app, "assignment", "Dolt uppdrag").await);
    let query = format!(
        "{{ nodes(ids: [{hemlig}, {dold}]) {{ id }} events(filter: {{year: 2025}}) {{ totalCount nodes {{ name }} }}
            byGroup: events(filter: {{group: {group}}}) {{ totalCount nodes {{ name }} }}
            byAssignment: events(filter: {{assignment: {assignment}}}) {{ totalCount nodes {{ name }} }}
            search(text: \"kurs\", types: [EVENT]) {{ totalCount nodes {{ ... on Event {{ name }} }} }}
            organisation(by: {{slug: \"krokom\"}}) {{ events {{ totalCount }} }} }}"
    );
    let none = json!({ "totalCount": 0, "nodes": [] });
    for client in [app.public(), app.signed_in("reader", Vec::new()), app.representative("berg").await] {
        let seen = client.ask(&query).await;
        assert_eq!((&seen["nodes"], &seen["byGroup"], &seen["byAssignment"]), (&json!([null, null]), &none, &none));
        assert_eq!(
            (&seen["events"]["totalCount"], &seen["organisation"]["events"]["totalCount"]),
            (&json!(2), &json!(1))
        );
        assert_eq!(all(&seen, "search.nodes.*.name"), ["Kurs för alla", "Gemensam kurs"]);
    }
    let of_group = app.coordinator("hemlig").await.ask(&query).await;
    assert_eq!(all(&of_group, "byGroup.nodes.*.name"), ["Hemlig kurs", "Gemensam kurs"]);
    assert_eq!(all(&of_group, "byAssignment.nodes.*.name"), ["Gemensam kurs"]);
    let of_krokom = app.representative("krokom").await.ask(&query).await;
    assert_eq!((&of_krokom["nodes"][0], &of_krokom["nodes"][1]["id"]), (&Value::Null, &dold));
    let shared = id(&app, "event", "Gemensam kurs").await;
    let organisers = async |client: Client| {
        let fields = "organisers { ... on Group { slug } ... on Organisation { slug } } assignment { name }";
        node(&client, &shared, "Event", fields).await
    };
    let named = json!({ "organisers": [{ "slug": "region" }, { "slug": "krokom" }], "assignment": null });
    assert_eq!(organisers(app.public()).await, named);
    let all_of_them = json!([{ "slug": "region" }, { "slug": "hemlig" }, { "slug": "krokom" }]);
    assert_eq!(organisers(app.administrator()).await["organisers"], all_of_them);
}

#[tokio::test]
async fn a_dry_run_does_not_name_who_is_hidden() {
    let app = world().await;
    let shared = id(&app, "event", "Gemensam kurs").await;
    let of_region = json!({ "event": shared, "expectedVersion": 1, "organisers": [], "dryRun": true });
    let plan =
        app.representative("region").await.done("updateEvent", of_region, "plan { noun fields { before } }").await;
    let named =
        json!([{ "before": shared }, { "before": "2" }, { "before": id(&app, "organisation", "krokom").await }]);
    let krokom = json!({ "noun": "event_organiser", "fields": named });
    assert_eq!(plan["plan"], json!([krokom, { "noun": "event", "fields": [] }]), "the hidden group is not told");
}

#[tokio::test]
async fn an_event_is_recorded_once_and_changed_part_by_part() {
    let app = world().await;
    let client = app.coordinator("run").await;
    let (owner, krokom) = (
        json!({ "group": id(&app, "group", "college").await }),
        json!({ "organisation": id(&app, "organisation", "krokom").await }),
    );
    let kurser = id(&app, "assignment", "Att hålla kurser").await;
    let input = json!({ "owner": owner, "name": " Ny kurs ", "description": "Om allt", "organisers": [krokom], "assignment": kurser,
        "subjectArea": "Energi", "place": "Salen", "participants": 30, "exactness": "NEARLY", "from": "2026-12-31",
        "sources": [{ "document": id(&app, "document", "rapport").await, "quote": "En ny kurs" }], "idempotencyKey": "one" });
    let fields = format!("event {{ {FIELDS} }} change {{ verb }}");
    let payload = client.done("recordEvent", input.clone(), &fields).await;
    let expected = json!({ "id": payload["event"]["id"], "name": "Ny kurs", "description": "Om allt", "subjectArea": "Energi", "place": "Salen",
        "participants": 30, "exactness": "NEARLY", "audience": "PUBLIC", "version": 1, "period": { "from": "2026-12-31", "until": "2027-01-01" },
        "owner": { "slug": "college" }, "organisers": [{ "slug": "college" }, { "slug": "krokom" }], "assignment": { "name": "Att hålla kurser" },
        "sources": [{ "document": { "slug": "rapport" }, "quote": "En ny kurs" }] });
    assert_eq!((&payload["event"], &payload["change"]["verb"]), (&expected, &json!("recordEvent")));
    let before = trail(&app).await;
    assert_eq!(client.done("recordEvent", input.clone(), &fields).await, payload);
    assert_eq!(
        client.refused("recordEvent", with(input, json!({ "place": "Huset" }))).await["__typename"],
        "KeyReused"
    );
    assert_eq!(trail(&app).await, before);

    let about = |version: i32, more: Value| with(json!({ "event": expected["id"], "expectedVersion": version }), more);
    let dry = about(1, json!({ "participants": null, "organisers": [], "dryRun": true }));
    let plan =
        app.administrator().done("updateEvent", dry.clone(), "event { id } change { id } plan { noun kind }").await;
    assert_eq!((&plan["event"], &plan["change"]), (&Value::Null, &Value::Null));
    let planned = json!([{ "noun": "event", "kind": "CHANGED" }, { "noun": "event_organiser", "kind": "REMOVED" }]);
    assert_eq!((&plan["plan"], trail(&app).await), (&planned, before));
    let of_owner = client.done("updateEvent", dry.clone(), "plan { noun kind }").await;
    assert_eq!(of_owner["plan"], planned);
    let done = client.done("updateEvent", with(dry, json!({ "dryRun": false })), &fields).await;
    let changed =
        json!({ "participants": null, "exactness": null, "organisers": [{ "slug": "college" }], "version": 2 });
    assert_eq!(done["event"], with(expected.clone(), changed));
    let stale = client.refused("updateEvent", about(1, json!({}))).await;
    assert_eq!((&stale["currentVersion"], &stale["current"]["id"]), (&json!(2), &expected["id"]));
    let done = client
        .done(
            "updateEvent",
            about(
                2,
                json!({ "place": null, "description": null, "subjectArea": null, "assignment": null,
        "participants": 3, "sources": [], "until": "2027-01-03" }),
            ),
            &fields,
        )
        .await["event"]
        .take();
    assert_eq!(
        (&done["exactness"], &done["period"]["until"], &done["place"]),
        (&json!("EXACT"), &json!("2027-01-03"), &Value::Null)
    );
    assert_eq!(history(&client, &expected["id"], "Event").await, ["updateEvent", "updateEvent", "recordEvent"]);
    assert!(history(&app.representative("krokom").await, &expected["id"], "Event").await.is_empty());
}

#[tokio::test]
async fn an_event_that_was_not_to_be_is_taken_away_with_its_figures() {
    let app = world().await;
    let client = app.coordinator("run").await;
    let kurs = id(&app, "event", "Kurs för alla").await;
    let input = json!({ "event": kurs, "expectedVersion": 1, "reason": "Blev aldrig av" });
    let figure =
        json!({ "of": kurs, "measure": "PARTICIPANTS", "value": 3, "from": "2026-01-01", "until": "2027-01-01" });
    let figure = client.done("recordFigure", figure, "figure { id }").await["figure"]["id"].take();
    let done = client.done("removeEvent", input.clone(), "event { id } change { verb }").await;
    assert_eq!((&done["event"], &done["change"]["verb"]), (&Value::Null, &json!("removeEvent")));
    assert_eq!(client.ask(&format!("{{ node(id: {kurs}) {{ id }} }}")).await["node"], Value::Null);
    assert_eq!(client.refused("removeEvent", input).await["__typename"], "NotFound");
    let figure = client.refused("removeFigure", json!({ "figure": figure, "expectedVersion": 1 })).await;
    assert_eq!(figure["__typename"], "NotFound");
    assert_eq!(names(&client, "text: \"kurs for alla\"").await, [""; 0]);
}

#[tokio::test]
async fn whose_an_event_is_may_change_it() {
    let app = world().await;
    let (college, krokom) = (id(&app, "group", "college").await, id(&app, "organisation", "krokom").await);
    let hemlig = id(&app, "group", "hemlig").await;
    let new = |owner: Value| json!({ "owner": owner, "name": " ", "from": "2026-01-01" });
    let (of_group, not) = (["run", "college"], [("NotAllowed", &["annan", "region", "unit", "berg", "krokom"][..])]);
    may(&app, "recordEvent", &new(json!({ "group": college })), &of_group, &not).await;
    let not_krokom = [("NotAllowed", &["run", "college", "annan", "region", "unit", "berg"][..])];
    may(&app, "recordEvent", &new(json!({ "organisation": krokom })), &["krokom"], &not_krokom).await;
    let unseen = [("NotFound", &["run", "college", "annan", "region", "unit", "berg", "krokom"][..])];
    may(&app, "recordEvent", &new(json!({ "group": hemlig })), &[], &unseen).await;
    let about = |event: Value| json!({ "event": event, "expectedVersion": 99 });
    let (kurs, hemlig_kurs) = (id(&app, "event", "Kurs för alla").await, id(&app, "event", "Hemlig kurs").await);
    let shared = id(&app, "event", "Gemensam kurs").await;
    for mutation in ["updateEvent", "removeEvent"] {
        may(&app, mutation, &about(kurs.clone()), &of_group, &not).await;
        may(&app, mutation, &about(hemlig_kurs.clone()), &[], &unseen).await;
        let not = [("NotAllowed", &["run", "college", "annan", "unit", "berg", "krokom"][..])];
        may(&app, mutation, &about(shared.clone()), &["region"], &not).await;
    }
    let moved = |owner: Value| json!({ "event": kurs, "expectedVersion": 1, "owner": owner });
    let client = app.coordinator("college").await;
    for (owner, failure) in [
        (json!({ "organisation": krokom }), "NotAllowed"),
        (json!({ "group": id(&app, "group", "run").await }), "NotAllowed"),
        (json!({ "group": hemlig }), "NotFound"),
    ] {
        let refused = client.refused("updateEvent", moved(owner)).await;
        assert_eq!((&refused["__typename"], &refused["path"]), (&json!(failure), &json!(["input", "owner"])));
    }
    let up = moved(json!({ "group": id(&app, "group", "run").await }));
    let done = app.coordinator("run").await.done("updateEvent", up, "event { owner { ... on Group { slug } } }").await;
    assert_eq!(done["event"]["owner"]["slug"], "run");
}

#[tokio::test]
async fn what_an_event_cannot_be_is_said_with_its_place() {
    let app = world().await;
    let client = app.administrator();
    let (region, krokom) = (id(&app, "organisation", "region").await, id(&app, "organisation", "krokom").await);
    let shared = id(&app, "event", "Gemensam kurs").await;
    let before = trail(&app).await;
    for (field, wrong, kind, rule) in [
        ("name", json!(""), "InvalidInput", Value::Null),
        ("place", json!(" "), "InvalidInput", Value::Null),
        ("participants", json!(-1), "InvalidInput", Value::Null),
        ("until", json!("2024-12-31"), "RuleBroken", json!("PERIOD_EMPTY")),
        ("organisers", json!([{ "organisation": krokom }, { "organisation": krokom }]), "InvalidInput", Value::Null),
        ("organisers", json!([{ "organisation": region }]), "InvalidInput", Value::Null),
        ("organisers", json!([{ "organisation": "nobody" }]), "NotFound", Value::Null),
        ("assignment", json!("nobody"), "NotFound", Value::Null),
        ("sources", json!([{ "document": "nothing" }]), "NotFound", Value::Null),
    ] {
        let base = json!({ "owner": { "organisation": region }, "name": "Kurs", "from": "2024-12-31" });
        let change = json!({ "event": shared, "expectedVersion": 1 });
        for (mutation, input) in [("recordEvent", base), ("updateEvent", change)] {
            let error = client.refused(mutation, with(input, json!({ field: wrong }))).await;
            assert_eq!((&error["__typename"], &error["rule"]), (&json!(kind), &rule), "{mutation} {field}: {error:#}");
            assert_eq!(error["path"][1], json!(field), "{mutation}: {error:#}");
        }
    }
    let one_of_them = json!({ "event": shared, "expectedVersion": 1, "owner": { "organisation": krokom } });
    let error = client.refused("updateEvent", one_of_them).await;
    assert_eq!(error["path"], json!(["input", "organisers"]), "nobody arranges it twice: {error:#}");
    assert_eq!(trail(&app).await, before);
    let hidden = app.representative("krokom").await;
    let input = json!({ "owner": { "organisation": krokom }, "name": "Kurs", "from": "2024-12-31",
        "organisers": [{ "group": id(&app, "group", "hemlig").await }] });
    assert_eq!(hidden.refused("recordEvent", input).await["path"], json!(["input", "organisers"]));
}
