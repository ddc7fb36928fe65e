//! Priorities, follow-up items, activities and results: what a group or an organisation puts first, comes back to, has done and has reached.
//! They are kept alike, and tested alike.

use serde_json::{Value, json};

use crate::support::record::{history, id, may, node, trail, with, world};
use crate::support::{Client, TestApp, all};

/// One of the four: its table, its type, its field, its list, the first word of what there is of it, and whether its lists take states.
struct Noun {
    table: &'static str,
    kind: &'static str,
    field: &'static str,
    list: &'static str,
    word: &'static str,
    states: bool,
}

const NOUNS: [Noun; 4] = [
    Noun { table: "priority", kind: "Priority", field: "priority", list: "priorities", word: "Först", states: true },
    Noun {
        table: "follow_up_item",
        kind: "FollowUpItem",
        field: "followUpItem",
        list: "followUps",
        word: "Igen",
        states: true,
    },
    Noun { table: "activity", kind: "Activity", field: "activity", list: "activities", word: "Gjort", states: false },
    Noun { table: "result", kind: "Result", field: "result", list: "results", word: "Nått", states: false },
];

const FIELDS: &str =
    "id name description version period { from until } assignment { name } sources { document { slug } quote }
    owner { ... on Group { slug } ... on Organisation { slug } }";

impl Noun {
    async fn id(&self, app: &TestApp, of: &str) -> Value {
        id(app, self.table, &format!("{} för {of}", self.word)).await
    }

    fn mutation(&self, verb: &str) -> String {
        format!("{verb}{}", self.kind)
    }

    fn about(&self, id: &Value, version: i32, more: Value) -> Value {
        with(json!({ self.field: id, "expectedVersion": version }), more)
    }

    /// The names in the list of a group or an organisation.
    async fn names(&self, client: &Client, of: &str, slug: &str, arguments: &str) -> Vec<String> {
        let list = format!("list: {}{arguments} {{ totalCount nodes {{ name }} }}", self.list);
        let found = client.ask(&format!("{{ {of}(by: {{slug: {slug:?}}}) {{ {list} }} }}")).await;
        let names = all(&found, &format!("{of}.list.nodes.*.name"));
        assert_eq!(found[of]["list"]["totalCount"], names.len());
        names
    }
}

#[tokio::test]
async fn each_is_listed_for_its_owner_by_time() {
    let app = world().await;
    let public = app.public();
    for noun in NOUNS {
        let (college, krokom) = (format!("{} för colleget", noun.word), format!("{} för Krokom", noun.word));
        let lists: &[(&str, &str, &str, &[&String])] = if noun.states {
            &[
                ("group", "college", "", &[&college]),
                ("group", "college", "(states: [PAST])", &[]),
                ("group", "annan", "", &[]),
                ("organisation", "krokom", "", &[]),
                ("organisation", "krokom", "(states: [PAST])", &[&krokom]),
            ]
        } else {
            &[
                ("group", "college", "", &[&college]),
                ("group", "college", "(year: 2026)", &[&college]),
                ("group", "college", "(year: 2027)", &[]),
                ("group", "annan", "", &[]),
                ("organisation", "krokom", "", &[&krokom]),
                ("organisation", "krokom", "(year: 2019)", &[]),
                ("organisation", "krokom", "(year: 2018)", &[&krokom]),
            ]
        };
        for (of, slug, arguments, names) in lists {
            let found = noun.names(&public, of, slug, arguments).await;
            assert_eq!(found.iter().collect::<Vec<_>>(), *names, "{} of {slug} {arguments}", noun.list);
        }
    }
}

#[tokio::test]
async fn what_is_a_hidden_groups_is_nowhere_for_those_who_do_not_see_the_group() {
    let app = world().await;
    for noun in NOUNS {
        let hidden = noun.id(&app, "den hemliga").await;
        let search = format!(
            "search(text: \"for den hemliga\", types: [{}]) {{ totalCount nodes {{ __typename }} }}",
            noun.table.to_uppercase()
        );
        let query = format!(
            "{{ node(id: {hidden}) {{ id }} {search} group(by: {{slug: \"hemlig\"}}) {{ {} {{ totalCount }} }} }}",
            noun.list
        );
        let unseen = json!({ "node": null, "search": { "totalCount": 0, "nodes": [] }, "group": null });
        for client in [app.public(), app.signed_in("reader", Vec::new()), app.coordinator("run").await] {
            assert_eq!(client.ask(&query).await, unseen, "{}", noun.kind);
        }
        let seen = json!({ "node": { "id": hidden }, "search": { "totalCount": 1, "nodes": [{ "__typename": noun.kind }] },
            "group": { noun.list: { "totalCount": 1 } } });
        for client in [app.administrator(), app.auditor(), app.coordinator("hemlig").await] {
            assert_eq!(client.ask(&query).await, seen, "{}", noun.kind);
        }
        let found = app.public().ask(&format!("{{ {} }}", search.replace("den hemliga", "colleget"))).await;
        assert_eq!(found["search"]["totalCount"], 1, "{}", noun.kind);
    }
}

#[tokio::test]
async fn whose_it_is_may_record_change_and_remove() {
    let app = world().await;
    let (college, krokom, hemlig) = (
        id(&app, "group", "college").await,
        id(&app, "organisation", "krokom").await,
        id(&app, "group", "hemlig").await,
    );
    let (of_group, of_krokom) = (["run", "college"], ["krokom"]);
    let not_group = [("NotAllowed", &["annan", "region", "unit", "berg", "krokom"][..])];
    let not_krokom = [("NotAllowed", &["run", "college", "annan", "region", "unit", "berg"][..])];
    let unseen = [("NotFound", &["run", "college", "annan", "region", "unit", "berg", "krokom"][..])];
    for noun in NOUNS {
        let record = noun.mutation("record");
        let new = |owner: Value| json!({ "owner": owner, "name": " " });
        may(&app, &record, &new(json!({ "group": college })), &of_group, &not_group).await;
        may(&app, &record, &new(json!({ "organisation": krokom })), &of_krokom, &not_krokom).await;
        may(&app, &record, &new(json!({ "group": hemlig })), &[], &unseen).await;
        for verb in ["update", "remove"] {
            let mutation = noun.mutation(verb);
            let about = async |of: &str| noun.about(&noun.id(&app, of).await, 99, json!({}));
            may(&app, &mutation, &about("colleget").await, &of_group, &not_group).await;
            may(&app, &mutation, &about("Krokom").await, &of_krokom, &not_krokom).await;
            may(&app, &mutation, &about("den hemliga").await, &[], &unseen).await;
        }
    }
}

#[tokio::test]
async fn each_is_recorded_once_changed_and_removed() {
    let app = world().await;
    let client = app.coordinator("run").await;
    let owner = json!({ "group": id(&app, "group", "college").await });
    let (kurser, document) = (id(&app, "assignment", "Att hålla kurser").await, id(&app, "document", "rapport").await);
    for noun in NOUNS {
        let fields = format!("{} {{ {FIELDS} }} change {{ verb }}", noun.field);
        let input = json!({ "owner": owner, "name": " Nytt ", "description": "Mer", "assignment": kurser, "from": "2023-01-01", "until": "2027-01-01",
            "sources": [{ "document": document, "quote": "Något nytt" }], "idempotencyKey": noun.table });
        let done = client.done(&noun.mutation("record"), input.clone(), &fields).await;
        let new = done[noun.field].clone();
        let expected = json!({ "id": new["id"], "name": "Nytt", "description": "Mer", "version": 1, "period": { "from": "2023-01-01", "until": "2027-01-01" },
            "assignment": { "name": "Att hålla kurser" }, "sources": [{ "document": { "slug": "rapport" }, "quote": "Något nytt" }],
            "owner": { "slug": "college" } });
        assert_eq!((&new, &done["change"]["verb"]), (&expected, &json!(noun.mutation("record"))));
        assert_eq!(node(&client, &new["id"], noun.kind, FIELDS).await, expected);
        let before = trail(&app).await;
        assert_eq!(client.done(&noun.mutation("record"), input.clone(), &fields).await, done);
        let other = with(input, json!({ "name": "Annat" }));
        assert_eq!(client.refused(&noun.mutation("record"), other).await["__typename"], "KeyReused");

        let update = noun.about(&new["id"], 1, json!({ "name": "Äldre", "dryRun": true }));
        let plan = format!("{} {{ id }} change {{ id }} plan {{ noun kind }}", noun.field);
        let planned = client.done(&noun.mutation("update"), update.clone(), &plan).await;
        assert_eq!((&planned[noun.field], &planned["change"]), (&Value::Null, &Value::Null));
        assert_eq!(planned["plan"], json!([{ "noun": noun.table, "kind": "CHANGED" }]));
        assert_eq!(trail(&app).await, before);
        let update = with(
            update,
            json!({ "dryRun": false, "description": null, "assignment": null, "until": null, "sources": [] }),
        );
        let done = client.done(&noun.mutation("update"), update.clone(), &fields).await;
        let changed = json!({ "name": "Äldre", "description": null, "assignment": null, "sources": [], "version": 2,
            "period": { "from": "2023-01-01", "until": null } });
        assert_eq!(done[noun.field], with(expected, changed));
        let stale = client.refused(&noun.mutation("update"), update).await;
        assert_eq!((&stale["currentVersion"], &stale["current"]["id"]), (&json!(2), &new["id"]));
        let verbs = [noun.mutation("update"), noun.mutation("record")];
        assert_eq!(history(&client, &new["id"], noun.kind).await, verbs);
        assert!(history(&app.representative("krokom").await, &new["id"], noun.kind).await.is_empty());

        let last = format!("{} för colleget", noun.word);
        assert_eq!(
            noun.names(&client, "group", "college", "").await,
            [last.clone(), "Äldre".to_owned()],
            "after those before it"
        );
        client
            .done(&noun.mutation("update"), noun.about(&new["id"], 2, json!({ "ordinal": 0 })), "change { id }")
            .await;
        assert_eq!(noun.names(&client, "group", "college", "").await, ["Äldre".to_owned(), last.clone()]);
        let removed = client.done(&noun.mutation("remove"), noun.about(&new["id"], 3, json!({})), &fields).await;
        assert_eq!((&removed[noun.field], &removed["change"]["verb"]), (&Value::Null, &json!(noun.mutation("remove"))));
        assert_eq!(noun.names(&client, "group", "college", "").await, [last]);
        let again = client.refused(&noun.mutation("remove"), noun.about(&new["id"], 3, json!({}))).await;
        assert_eq!(again["__typename"], "NotFound");
    }
}

#[tokio::test]
async fn each_moves_to_whom_one_may_record_for() {
    let app = world().await;
    let (run, krokom, hemlig) =
        (id(&app, "group", "run").await, id(&app, "organisation", "krokom").await, id(&app, "group", "hemlig").await);
    for noun in NOUNS {
        let (mutation, mine) = (noun.mutation("update"), noun.id(&app, "colleget").await);
        let moved = |owner: Value| noun.about(&mine, 1, json!({ "owner": owner }));
        let client = app.coordinator("college").await;
        for (owner, failure) in [
            (json!({ "group": run }), "NotAllowed"),
            (json!({ "organisation": krokom }), "NotAllowed"),
            (json!({ "group": hemlig }), "NotFound"),
            (json!({ "group": krokom }), "NotFound"),
        ] {
            let refused = client.refused(&mutation, moved(owner)).await;
            assert_eq!(
                (&refused["__typename"], &refused["path"]),
                (&json!(failure), &json!(["input", "owner"])),
                "{mutation}"
            );
        }
        let fields = format!("{} {{ owner {{ ... on Group {{ slug }} }} }}", noun.field);
        let done = app.coordinator("run").await.done(&mutation, moved(json!({ "group": run })), &fields).await;
        assert_eq!(done[noun.field]["owner"]["slug"], "run", "{mutation}");
        assert_eq!(client.refused(&mutation, noun.about(&mine, 2, json!({}))).await["__typename"], "NotAllowed");
    }
}

#[tokio::test]
async fn what_they_cannot_be_is_said_with_its_place() {
    let app = world().await;
    let client = app.representative("krokom").await;
    let owner = json!({ "organisation": id(&app, "organisation", "krokom").await });
    let (dolt, document) = (id(&app, "assignment", "Dolt uppdrag").await, id(&app, "document", "rapport").await);
    let unseen = app.representative("berg").await;
    for noun in NOUNS {
        let mine = noun.id(&app, "Krokom").await;
        for (field, wrong, kind, rule) in [
            ("name", json!(" "), "InvalidInput", Value::Null),
            ("name", json!("x".repeat(201)), "InvalidInput", Value::Null),
            ("description", json!(""), "InvalidInput", Value::Null),
            ("until", json!("2015-01-01"), "RuleBroken", json!("PERIOD_EMPTY")),
            ("assignment", json!("nobody"), "NotFound", Value::Null),
            ("sources", json!([{ "document": document, "unclear": true }]), "InvalidInput", Value::Null),
            ("sources", json!([{ "document": "nothing" }]), "NotFound", Value::Null),
        ] {
            let new = json!({ "owner": owner, "name": "Nytt", "from": "2015-01-01" });
            for (verb, input) in [("record", new), ("update", noun.about(&mine, 1, json!({})))] {
                let mutation = noun.mutation(verb);
                let error = client.refused(&mutation, with(input, json!({ field: wrong }))).await;
                assert_eq!(
                    (&error["__typename"], &error["rule"]),
                    (&json!(kind), &rule),
                    "{mutation} {field}: {error:#}"
                );
                assert_eq!(error["path"][1], json!(field), "{mutation}: {error:#}");
            }
        }
        let berg = json!({ "organisation": id(&app, "organisation", "berg").await });
        let input = json!({ "owner": berg, "name": "Nytt", "assignment": dolt });
        let error = unseen.refused(&noun.mutation("record"), input).await;
        assert_eq!((&error["__typename"], &error["path"]), (&json!("NotFound"), &json!(["input", "assignment"])));
        let today = client
            .done(
                &noun.mutation("record"),
                json!({ "owner": owner, "name": "I dag" }),
                &format!("{} {{ period {{ from until }} }}", noun.field),
            )
            .await;
        // What is done in a year ends with it, unless more is said.
        let until = if noun.states { Value::Null } else { json!("2027-01-01") };
        assert_eq!(today[noun.field]["period"], json!({ "from": "2026-11-21", "until": until }));
        let null = noun.about(&mine, 1, json!({ "from": null }));
        let done =
            client.done(&noun.mutation("update"), null, &format!("{} {{ period {{ from }} }}", noun.field)).await;
        assert_eq!(done[noun.field]["period"]["from"], Value::Null);
    }
}

#[tokio::test]
async fn what_is_removed_takes_its_figures_along() {
    let app = world().await;
    let client = app.coordinator("college").await;
    let gjort = id(&app, "activity", "Gjort för colleget").await;
    let figure =
        node(&client, &gjort, "Activity", "figures { nodes { id version } }").await["figures"]["nodes"][0].take();
    let input = json!({ "activity": gjort, "expectedVersion": 1 });
    client.done("removeActivity", input, "change { id }").await;
    let change = json!({ "figure": figure["id"], "expectedVersion": 1, "value": 13 });
    assert_eq!(client.refused("changeFigure", change).await["__typename"], "NotFound");
    let effects = "query($id: ID!) { changes(filter: {of: $id}, first: 1) { nodes { verb effects { noun kind } } } }";
    let found = app.auditor().ask_with(effects, json!({ "id": gjort })).await["changes"]["nodes"][0].take();
    assert_eq!(found["verb"], "removeActivity");
    for (at, noun) in [(0, "figure"), (1, "activity")] {
        assert_eq!(found["effects"][at], json!({ "noun": noun, "kind": "REMOVED" }));
    }
}
