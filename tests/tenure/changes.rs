//! Starting, changing and ending tenures, and the seats that change hands with them.

use samverkan::{demo, domain};
use serde_json::{Value, json};

use crate::person::changes::{WORLD, changes, id, representative};
use crate::support::{Client, TestApp, all};

/// The demonstration, to change.
async fn demonstration() -> TestApp {
    let app = TestApp::empty().await;
    let files = demo::FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    assert!(domain::load::files(&app.app, files).await.is_ok());
    app
}

/// The socialchef of Krokom, with the seats that go with the post and all who have sat there by it.
async fn socialchef(client: &Client) -> Value {
    let members = "members(filter: {states: [PAST, CURRENT, FUTURE]}) { nodes { id version endReason person { name } period { from until } replaces { id } } }";
    let seats = format!("seats {{ nodes {{ id group {{ slug }} {members} }} }}");
    let query = format!(
        "{{ organisation(by: {{slug: \"krokom\"}}) {{ positions {{ nodes {{ id title holder {{ id person {{ name }} }} {seats} }} }} }} }}"
    );
    let answer = client.ask(&query).await;
    let found = answer["organisation"]["positions"]["nodes"].as_array().expect("positions").clone();
    let social = |post: &Value| post["title"].as_str().is_some_and(|title| title.starts_with("socialchef"));
    found.into_iter().find(social).expect("a socialchef")
}

#[tokio::test]
async fn when_krokoms_socialchef_changes_the_seats_change_hands_on_that_day_in_one_step() {
    let app = demonstration().await;
    let client = representative(&app, "Krokoms kommun").await;
    let before = socialchef(&client).await;
    let old_seats = before["seats"]["nodes"].as_array().expect("seats");
    assert!(!old_seats.is_empty());
    let made =
        client.done("createPerson", json!({ "givenName": "Nya", "familyName": "Chefsson" }), "person { id }").await;
    let entries = changes(&app).await;
    let input = json!({ "position": before["id"], "person": made["person"]["id"], "from": "2027-01-01", "takesOver": true,
        "endReason": "Pension", "idempotencyKey": "byte" });
    let fields = "tenure { id person { name } period { from state } version } change { verb }";
    let done = client.done("startTenure", input.clone(), fields).await;
    assert_eq!(done["change"]["verb"], "startTenure");
    assert_eq!(done["tenure"]["period"], json!({ "from": "2027-01-01", "state": "FUTURE" }));
    assert_eq!(changes(&app).await, entries + 1, "one step is one entry");
    let after = socialchef(&client).await;
    assert_eq!(after["holder"]["person"]["name"], "Ulf Fiktivberg", "until then");
    assert_eq!(after["seats"]["nodes"].as_array().map(Vec::len), Some(old_seats.len()));
    for (seat, was) in after["seats"]["nodes"].as_array().expect("seats").iter().zip(old_seats) {
        let mut sat = seat["members"]["nodes"].as_array().expect("members").clone();
        sat.sort_by_key(|member| member["period"]["from"].to_string());
        let (new, old) = (sat.pop().expect("the new one"), sat.pop().expect("the old one"));
        assert_eq!(sat.len() + 1, was["members"]["nodes"].as_array().map_or(0, Vec::len), "{seat:#}");
        assert_eq!((&new["person"]["name"], &new["period"]["from"]), (&json!("Nya Chefsson"), &json!("2027-01-01")));
        assert_eq!((&old["person"]["name"], &old["period"]["until"]), (&json!("Ulf Fiktivberg"), &json!("2027-01-01")));
        assert_eq!((&new["replaces"]["id"], &old["endReason"]), (&old["id"], &json!("Pension")));
        for (day, name) in [("2026-12-31", "Ulf Fiktivberg"), ("2027-01-01", "Nya Chefsson")] {
            let members =
                "members(first: 100) { nodes { seat { position { title organisation { slug } } } person { name } } }";
            let query =
                format!("{{ group(by: {{slug: {}}}, asOf: \"{day}\") {{ {members} }} }}", seat["group"]["slug"]);
            let found = client.ask(&query).await;
            let nodes = found["group"]["members"]["nodes"].as_array().expect("members");
            let by_post = |node: &&Value| {
                let post = &node["seat"]["position"];
                post["organisation"]["slug"] == "krokom" && post["title"] == before["title"]
            };
            let there: Vec<_> = nodes.iter().filter(by_post).map(|node| &node["person"]["name"]).collect();
            assert!(!there.is_empty() && there.iter().all(|sits| *sits == name), "{day} {there:?}");
        }
    }
    let again = client.done("startTenure", input, "tenure { id }").await;
    assert_eq!(again["tenure"]["id"], done["tenure"]["id"]);
    assert_eq!(changes(&app).await, entries + 1);
}

#[tokio::test]
async fn without_taking_over_a_position_that_is_held_stays_with_its_holder() {
    let app = TestApp::of(WORLD).await;
    let (client, admin) = (representative(&app, "Bräcke").await, app.administrator());
    let (post, person) = (id(&admin, "Chef").await, id(&admin, "Cia Alm").await);
    for takes_over in [json!({}), json!({ "takesOver": true, "from": "2019-01-01" })] {
        let mut input = json!({ "position": post, "person": person });
        input.as_object_mut().expect("input").extend(takes_over.as_object().expect("more").clone());
        let error = client.refused("startTenure", input).await;
        let on = json!([{ "__typename": "Position", "id": post }]);
        assert_eq!((&error["rule"], &error["on"]), (&json!("POSITION_ONE_HOLDER"), &on), "{error:#}");
    }
    let others = json!({ "position": id(&admin, "Kamrer").await, "person": person, "takesOver": true });
    assert_eq!(client.refused("startTenure", others).await["code"], "NOT_ALLOWED");
    let nobody = json!({ "position": post, "person": post, "takesOver": true });
    assert_eq!(client.refused("startTenure", nobody).await["path"], json!(["input", "person"]));
}

/// The tenures of the strategist and who sits by the post.
async fn strategist(client: &Client) -> Value {
    let query = "{ organisation(by: {slug: \"regionen\"}) { positions { nodes { id version period { until } holder { id }
        tenures { nodes { id version endReason period { from until } } }
        seats { nodes { state vacantSince members(filter: {states: [PAST, CURRENT, FUTURE]}) { nodes { endReason version period { from until } } } } } } } } }";
    client.ask(query).await["organisation"]["positions"]["nodes"][0].take()
}

#[tokio::test]
async fn a_tenure_that_ends_or_moves_takes_the_seats_along() {
    let app = TestApp::of(WORLD).await;
    let client = representative(&app, "Regionen").await;
    let tenure = strategist(&client).await["tenures"]["nodes"][0]["id"].take();
    let input = json!({ "tenure": tenure, "expectedVersion": 1, "endReason": "Ny tjänst" });
    let done = client.done("endTenure", input.clone(), "tenure { version period { until } endReason }").await;
    let ended = json!({ "version": 2, "period": { "until": "2026-11-21" }, "endReason": "Ny tjänst" });
    assert_eq!(done["tenure"], ended);
    let after = strategist(&client).await;
    assert_eq!(after["holder"], Value::Null);
    let seat = &after["seats"]["nodes"][0];
    assert_eq!((&seat["state"], &seat["vacantSince"]), (&json!("VACANT"), &json!("2026-11-21")));
    let sat =
        json!({ "endReason": "Ny tjänst", "version": 2, "period": { "from": "2020-01-01", "until": "2026-11-21" } });
    assert_eq!(seat["members"]["nodes"], json!([sat]));
    assert_eq!(client.refused("endTenure", input).await["currentVersion"], 2);
    let later = json!({ "tenure": tenure, "expectedVersion": 2, "until": "2027-01-01" });
    assert_eq!(client.refused("endTenure", later).await["path"], json!(["input", "until"]));

    let moved =
        json!({ "tenure": tenure, "expectedVersion": 2, "from": "2021-01-01", "until": null, "endReason": null });
    client.done("changeTenure", moved, "tenure { id }").await;
    let after = strategist(&client).await;
    let sits = json!({ "from": "2021-01-01", "until": null });
    assert_eq!(after["seats"]["nodes"][0]["members"]["nodes"][0]["period"], sits);
    assert_eq!(after["seats"]["nodes"][0]["members"]["nodes"][0]["endReason"], Value::Null);
    let other = representative(&app, "Bräcke").await;
    let theirs = json!({ "tenure": tenure, "expectedVersion": 3 });
    assert_eq!(other.refused("endTenure", theirs).await["code"], "NOT_ALLOWED");
}

#[tokio::test]
async fn a_position_that_is_closed_leaves_its_seats_vacant() {
    let app = TestApp::of(WORLD).await;
    let client = representative(&app, "Regionen").await;
    let before = strategist(&client).await;
    let input = json!({ "position": before["id"], "expectedVersion": 1, "dryRun": true });
    let planned = client.done("closePosition", input.clone(), "position { id } change { id } plan { noun }").await;
    assert_eq!((&planned["position"], &planned["change"]), (&Value::Null, &Value::Null));
    let mut tables = all(&planned, "plan.*.noun");
    tables.sort();
    assert_eq!(tables, ["membership", "position", "tenure"]);
    assert_eq!(strategist(&client).await, before, "a dry run changes nothing");
    let input = json!({ "position": before["id"], "expectedVersion": 1 });
    let entries = changes(&app).await;
    let done =
        client.done("closePosition", input, "position { version period { until } seats { nodes { state } } }").await;
    let closed =
        json!({ "version": 2, "period": { "until": "2026-11-21" }, "seats": { "nodes": [{ "state": "VACANT" }] } });
    assert_eq!(done["position"], closed);
    assert_eq!(changes(&app).await, entries + 1);
    let later = json!({ "position": before["id"], "expectedVersion": 2, "until": "2030-01-01" });
    assert_eq!(client.refused("closePosition", later).await["code"], "INVALID_INPUT");
}

#[tokio::test]
async fn a_position_is_opened_and_changed_by_its_organisation() {
    let app = TestApp::of(WORLD).await;
    let (client, other) = (representative(&app, "Krokom").await, representative(&app, "Bräcke").await);
    let krokom = id(&client, "Krokom").await;
    let input = json!({ "organisation": krokom, "title": "Rektor", "from": "2020-01-01" });
    assert_eq!(other.refused("openPosition", input.clone()).await["code"], "NOT_ALLOWED");
    let fields = "position { id title version period { from until } organisation { slug } }";
    let done = client.done("openPosition", input, fields).await;
    let post = &done["position"]["id"];
    let opened = json!({ "id": post, "title": "Rektor", "version": 1, "period": { "from": "2020-01-01", "until": null },
        "organisation": { "slug": "krokom" } });
    assert_eq!(done["position"], opened);
    let held = json!({ "position": post, "person": id(&client, "Dan Dal").await, "from": "2021-01-01", "until": "2022-01-01" });
    client.done("startTenure", held, "tenure { id }").await;
    let update = json!({ "position": post, "expectedVersion": 1, "title": "Skolchef", "from": "2021-06-01" });
    assert_eq!(other.refused("updatePosition", update.clone()).await["code"], "NOT_ALLOWED");
    let done = client.done("updatePosition", update, "position { title tenures { nodes { period { from } } } }").await;
    let updated = json!({ "title": "Skolchef", "tenures": { "nodes": [{ "period": { "from": "2021-06-01" } }] } });
    assert_eq!(done["position"], updated);
    assert_eq!(id(&client, "Skolchef").await, *post);
    let never = json!({ "position": post, "expectedVersion": 2, "from": "2023-01-01" });
    let error = client.refused("updatePosition", never).await;
    assert_eq!((&error["rule"], &error["on"][0]["__typename"]), (&json!("TENURE_OUTSIDE_POSITION"), &json!("Tenure")));
}
