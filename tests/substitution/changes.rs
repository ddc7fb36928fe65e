//! Adding and ending substitutions.

use entity::values::Role;
use serde_json::{Value, json};

use crate::person::changes::{WORLD, holding, id, representative};
use crate::support::{Client, TestApp};

/// The membership of Dan on Krokom's seat, and who may stand in.
async fn of_dan(client: &Client) -> Value {
    let fields = "id person { name } substitutions { id version order voting person { name } }";
    let mut answer =
        client.ask(&format!("{{ group(by: {{slug: \"run\"}}) {{ members {{ nodes {{ {fields} }} }} }} }}")).await;
    let members = answer["group"]["members"]["nodes"].as_array_mut().expect("members");
    members.iter_mut().find(|member| member["person"]["name"] == "Dan Dal").expect("Dan").take()
}

#[tokio::test]
async fn whoever_stands_in_comes_after_the_last_and_votes_as_the_seat() {
    let app = TestApp::of(WORLD).await;
    let (client, other) = (representative(&app, "Krokom").await, representative(&app, "Bräcke").await);
    let input = json!({ "membership": of_dan(&client).await["id"], "person": id(&client, "Bo Ask").await, "idempotencyKey": "k" });
    let error = other.refused("addSubstitution", input.clone()).await;
    assert_eq!((&error["code"], &error["path"]), (&json!("NOT_ALLOWED"), &json!(["input", "membership"])));
    let fields = "substitution { id version order voting period { from until } person { name } membership { id } } change { verb }";
    let done = client.done("addSubstitution", input.clone(), fields).await;
    assert_eq!(done["change"]["verb"], "addSubstitution");
    let new = &done["substitution"];
    assert_eq!((&new["order"], &new["voting"], &new["version"]), (&json!(2), &json!(true), &json!(1)));
    assert_eq!(new["period"], json!({ "from": "2026-11-21", "until": null }));
    assert_eq!(new["membership"]["id"], input["membership"]);
    let again = client.done("addSubstitution", input, "substitution { id }").await;
    assert_eq!(again["substitution"]["id"], new["id"]);
    assert_eq!(of_dan(&client).await["substitutions"].as_array().map(Vec::len), Some(2));
    let node =
        client.ask(&format!("{{ node(id: {}) {{ __typename ... on Substitution {{ order }} }} }}", new["id"])).await;
    assert_eq!(node["node"], json!({ "__typename": "Substitution", "order": 2 }));
}

#[tokio::test]
async fn what_cannot_be_is_refused_where_it_is() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let (dan, bo) = (of_dan(&client).await["id"].take(), id(&client, "Bo Ask").await);
    let meeting = client.ask("{ group(by: {slug: \"radet\"}) { meetings { nodes { id } } } }").await;
    let meeting = &meeting["group"]["meetings"]["nodes"][0]["id"];
    for (more, field) in [
        (json!({ "order": 0 }), "order"),
        (json!({ "person": id(&client, "Dan Dal").await }), "person"),
        (json!({ "meeting": meeting }), "meeting"),
        (json!({ "meeting": dan }), "meeting"),
    ] {
        let mut input = json!({ "membership": dan, "person": bo });
        input.as_object_mut().expect("input").extend(more.as_object().expect("more").clone());
        assert_eq!(client.refused("addSubstitution", input).await["path"], json!(["input", field]), "{more}");
    }
    let before = json!({ "membership": dan, "person": bo, "from": "2019-01-01" });
    let error = client.refused("addSubstitution", before).await;
    assert_eq!((&error["rule"], &error["on"][0]["id"]), (&json!("SUBSTITUTION_OUTSIDE_MEMBERSHIP"), &dan));
}

#[tokio::test]
async fn somebody_stands_in_for_one_meeting_on_its_day() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let group = client.ask("{ group(by: {slug: \"radet\"}) { meetings { nodes { id startsAt } } members { nodes { id person { name } seat { position { id } } } } } }").await;
    let members = group["group"]["members"]["nodes"].as_array().expect("members");
    let member = members.iter().find(|member| member["seat"]["position"].is_null()).expect("a member");
    let input = json!({ "membership": member["id"], "person": id(&client, "Bo Ask").await, "voting": false, "order": 5,
        "meeting": group["group"]["meetings"]["nodes"][1]["id"] });
    let fields = "substitution { order voting period { from until } meeting { startsAt } }";
    let done = client.done("addSubstitution", input, fields).await;
    let expected = json!({ "order": 5, "voting": false, "period": { "from": "2026-10-01", "until": "2026-10-02" },
        "meeting": { "startsAt": group["group"]["meetings"]["nodes"][1]["startsAt"] } });
    assert_eq!(done["substitution"], expected);
}

#[tokio::test]
async fn a_substitution_ends_and_no_later_than_it_would() {
    let app = TestApp::of(WORLD).await;
    let (client, other) = (holding(&app, Role::Coordinator, "RUN").await, representative(&app, "Bräcke").await);
    let found = of_dan(&client).await["substitutions"][0].take();
    let input = json!({ "substitution": found["id"], "expectedVersion": 1 });
    assert_eq!(other.refused("endSubstitution", input.clone()).await["code"], "NOT_ALLOWED");
    let done = client.done("endSubstitution", input.clone(), "substitution { version period { until } }").await;
    assert_eq!(done["substitution"], json!({ "version": 2, "period": { "until": "2026-11-21" } }));
    assert_eq!(of_dan(&client).await["substitutions"], json!([]));
    assert_eq!(client.refused("endSubstitution", input).await["currentVersion"], 2);
    let later = json!({ "substitution": found["id"], "expectedVersion": 2, "until": "2027-01-01" });
    assert_eq!(client.refused("endSubstitution", later).await["code"], "INVALID_INPUT");
}

#[tokio::test]
async fn who_stands_in_for_somebody_protected_is_not_found_by_others() {
    let app = TestApp::of(WORLD).await;
    let (client, admin) = (representative(&app, "Krokom").await, app.administrator());
    let found = of_dan(&client).await["substitutions"][0].take();
    let dan = json!({ "person": id(&admin, "Dan Dal").await, "expectedVersion": 1, "protected": true });
    admin.done("protectPerson", dan, "change { id }").await;
    let node = format!("{{ node(id: {}) {{ id }} }}", found["id"]);
    assert_eq!((&client.ask(&node).await["node"], &admin.ask(&node).await["node"]["id"]), (&Value::Null, &found["id"]));
    let end = json!({ "substitution": found["id"], "expectedVersion": 1 });
    assert_eq!(client.refused("endSubstitution", end).await["code"], "NOT_FOUND");
}
