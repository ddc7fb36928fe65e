//! Projects: what is run, by whom, with whom, where and with what means, and whom to call.

mod changes;

use serde_json::{Value, json};

use crate::support::record::{id, node, world};
use crate::support::{Client, TestApp, all};

async fn names(client: &Client, filter: &str) -> Vec<String> {
    let query = format!("{{ projects(filter: {{{filter}}}) {{ totalCount nodes {{ name }} }} }}");
    let found = client.ask(&query).await;
    let names = all(&found, "projects.nodes.*.name");
    assert_eq!(found["projects"]["totalCount"], names.len(), "{filter}");
    names
}

const SMART: &[&str] = &["Smarta resor"];
const OLD: &[&str] = &["Gammalt projekt"];
const BOTH: &[&str] = &["Gammalt projekt", "Smarta resor"];
const NONE: &[&str] = &[];

#[tokio::test]
async fn projects_are_found_by_what_is_known_of_them() {
    let app = world().await;
    let client = app.public();
    let (region, krokom) = (id(&app, "organisation", "region").await, id(&app, "organisation", "krokom").await);
    let (bracke, berg) = (id(&app, "organisation", "bracke").await, id(&app, "organisation", "berg").await);
    let ever = "states: [PAST, CURRENT, FUTURE]";
    for (filter, found) in [
        (String::new(), SMART),
        ("text: \"RESOR\"".to_owned(), SMART),
        ("text: \"dolt\"".to_owned(), NONE),
        (ever.to_owned(), BOTH),
        ("states: [PAST]".to_owned(), OLD),
        ("states: []".to_owned(), NONE),
        (format!("owner: {region}"), SMART),
        (format!("owner: {krokom}"), NONE),
        (format!("owner: {krokom}, {ever}"), OLD),
        (format!("partner: {krokom}, {ever}"), SMART),
        (format!("partner: {bracke}, {ever}"), NONE),
        (format!("municipality: {bracke}"), SMART),
        (format!("municipality: {berg}"), NONE),
        (format!("funds: [ERDF, JTF], {ever}"), OLD),
        ("funds: [ESF_PLUS]".to_owned(), SMART),
        ("funds: []".to_owned(), NONE),
        ("phases: [IMPLEMENTATION]".to_owned(), SMART),
        ("phases: [CLOSING]".to_owned(), NONE),
        ("subjectArea: \"KOLLEKTIVTRAFIK\"".to_owned(), SMART),
        ("subjectArea: \"kollektiv\"".to_owned(), NONE),
        ("reference: \"run/5/2024\"".to_owned(), SMART),
        ("reference: \"RUN/8/2019\"".to_owned(), NONE),
        ("reference: \"inget\"".to_owned(), NONE),
        ("year: 2016".to_owned(), OLD),
        ("year: 2020".to_owned(), NONE),
        ("during: {from: \"2017-12-31\", until: \"2018-01-01\"}".to_owned(), OLD),
        ("during: {from: \"2018-01-01\", until: \"2024-01-01\"}".to_owned(), NONE),
        ("during: {from: \"2017-01-01\", until: \"2026-01-01\"}".to_owned(), BOTH),
    ] {
        assert_eq!(names(&client, &filter).await, found, "{filter}");
    }
    let then = client.ask("{ projects(asOf: \"2016-01-01\") { nodes { name } } }").await;
    assert_eq!(all(&then, "projects.nodes.*.name"), OLD);
    assert_eq!(client.code("{ projects(filter: {year: 1}) { totalCount } }").await, "INVALID_YEAR");
}

#[tokio::test]
async fn an_organisation_tells_what_it_runs_takes_part_in_and_what_is_run_there() {
    let app = world().await;
    let projects = async |client: &Client, slug: &str, arguments: &str| {
        let list = format!("projects{arguments} {{ totalCount nodes {{ name }} }}");
        let found = client.ask(&format!("{{ organisation(by: {{slug: \"{slug}\"}}) {{ {list} }} }}")).await;
        let names = all(&found, "organisation.projects.nodes.*.name");
        assert_eq!(found["organisation"]["projects"]["totalCount"], names.len());
        names
    };
    let public = app.public();
    for (slug, arguments, found) in [
        ("krokom", "", BOTH),
        ("krokom", "(roles: [OWNER])", OLD),
        ("krokom", "(roles: [PARTNER])", SMART),
        ("krokom", "(roles: [MUNICIPALITY])", SMART),
        ("krokom", "(roles: [PARTNER, OWNER])", BOTH),
        ("krokom", "(roles: [])", NONE),
        ("krokom", "(states: [PAST])", OLD),
        ("krokom", "(year: 2025)", SMART),
        ("krokom", "(roles: [OWNER], year: 2025)", NONE),
        ("bracke", "(roles: [PARTNER])", NONE),
        ("bracke", "", SMART),
        ("region", "", NONE),
        ("regional-utveckling", "(roles: [OWNER])", SMART),
        ("berg", "", NONE),
    ] {
        assert_eq!(projects(&public, slug, arguments).await, found, "{slug} {arguments}");
    }
    let partner = app.representative("bracke").await;
    assert_eq!(projects(&partner, "bracke", "(roles: [PARTNER])").await, ["Dolt projekt"]);
    assert_eq!(projects(&partner, "region", "").await, ["Dolt projekt"]);
}

#[tokio::test]
async fn whom_to_call_about_a_public_project_everybody_sees() {
    let app = world().await;
    let contact = async |client: &Client, project: &str| {
        let id = id(&app, "project", project).await;
        let fields = "contact { person { name projects { totalCount nodes { name } } } contactPoints { value } }";
        node(client, &id, "Project", fields).await["contact"].take()
    };
    let of = |name: &str, project: &str, values: &[&str]| {
        let values: Vec<Value> = values.iter().map(|value| json!({ "value": value })).collect();
        json!({ "person": { "name": name, "projects": { "totalCount": 1, "nodes": [{ "name": project }] } }, "contactPoints": values })
    };
    let public = app.public();
    assert_eq!(
        contact(&public, "Smarta resor").await,
        of("Ann Ek", "Smarta resor", &["smart@example.org", "+46701740605"]),
        "as the project is reached, and for the rest as the person is"
    );
    assert_eq!(
        contact(&public, "Gammalt projekt").await,
        of("Bo Ask", "Gammalt projekt", &["bo@example.org"]),
        "as the person is reached, where the project is not"
    );
    let person = async |client: &Client, name: &str| {
        let person = id(&app, "person", name).await;
        let found = client
            .ask(&format!("{{ person(id: {person}) {{ name contactPoints {{ value }} projects {{ totalCount }} }} }}"))
            .await;
        assert_eq!(node(client, &person, "Person", "name").await["name"], found["person"]["name"]);
        found["person"].clone()
    };
    let ann = json!({ "name": "Ann Ek", "contactPoints": [{ "value": "ann@example.org" }, { "value": "+46701740605" }], "projects": { "totalCount": 1 } });
    assert_eq!(person(&public, "Ann").await, ann);
    assert_eq!(person(&public, "Cia").await, Value::Null, "who is called about a hidden project alone");
    let reader = person(&app.signed_in("reader", Vec::new()), "Cia").await;
    assert_eq!(reader["projects"]["totalCount"], 0, "seen, but not as the contact of what is hidden");
    assert_eq!(person(&app.representative("region").await, "Cia").await["projects"]["totalCount"], 1);
}

#[tokio::test]
async fn a_contact_whom_one_does_not_see_is_not_told() {
    let document = crate::support::record::WORLD
        .replace("familyName = \"Ek\"", "familyName = \"Ek\"\naudience = \"COORDINATORS\"")
        .replace("familyName = \"Ask\"", "familyName = \"Ask\"\naudience = \"ADMINISTRATORS\"");
    let app = TestApp::of(&document).await;
    let seen = async |client: &Client| {
        let query = "{ projects(filter: {states: [PAST, CURRENT]}) { nodes { contact { person { givenName } } } } }";
        all(&client.ask(query).await, "projects.nodes.*.contact")
    };
    assert_eq!(seen(&app.public()).await, ["null", "null"]);
    assert_eq!(seen(&app.signed_in("reader", Vec::new())).await, ["null", "null"]);
    let own = "{\"person\":{\"givenName\":\"Ann\"}}";
    assert_eq!(seen(&app.representative("regional-utveckling").await).await, ["null", own]);
    assert_eq!(seen(&app.representative("krokom").await).await, ["null", "null"], "no partner's");
    let all_of_them = ["Cia", "Bo", "Ann"].map(|name| format!("{{\"person\":{{\"givenName\":\"{name}\"}}}}"));
    assert_eq!(seen(&app.administrator()).await, all_of_them);
}

#[tokio::test]
async fn a_hidden_project_is_nowhere_for_those_who_have_no_part_in_it() {
    let app = world().await;
    let dolt = id(&app, "project", "Dolt projekt").await;
    let query = format!(
        "{{ node(id: {dolt}) {{ id }} byId: project(by: {{id: {dolt}}}) {{ id }} project(by: {{reference: \"RUN/8/2019\"}}) {{ id }}
            projects(filter: {{text: \"dolt\"}}) {{ totalCount nodes {{ id }} }}
            search(text: \"dolt\", types: [PROJECT]) {{ totalCount nodes {{ ... on Project {{ id }} }} }} }}"
    );
    let (none, one) = (json!({ "totalCount": 0, "nodes": [] }), json!({ "id": dolt }));
    let list = json!({ "totalCount": 1, "nodes": [one] });
    let unseen = json!({ "node": null, "byId": null, "project": null, "projects": none, "search": none });
    let seen = json!({ "node": one, "byId": one, "project": one, "projects": list, "search": list });
    let reader = app.signed_in("reader", Vec::new());
    for client in [app.public(), reader, app.representative("krokom").await, app.coordinator("run").await] {
        assert_eq!(client.ask(&query).await, unseen);
    }
    for client in
        [app.administrator(), app.auditor(), app.representative("region").await, app.representative("bracke").await]
    {
        assert_eq!(client.ask(&query).await, seen);
    }
}
