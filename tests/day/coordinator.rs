//! After noon: the college's coordinator keeps the college and what is below it, and nothing else.

use serde_json::{Value, json};

use super::Day;
use super::administrator::Hidden;

pub async fn keeps_a_group_below_the_college(day: &Day) {
    let client = &day.coordinator;
    let group = client.group("vo-c-lokal-styrgrupp-1").await["id"].take();
    let berg = client.organisation("berg").await;
    let input = json!({ "group": group, "role": "OBSERVER", "organisation": berg, "capacity": null, "from": "2025-01-01",
        "description": "följer årets arbete", "reason": "Ett försök" });
    let seat =
        client.done("openSeat", input, "seat { id capacity version voting group { slug } }").await["seat"].take();
    let expected = json!({ "id": seat["id"], "capacity": null, "version": 1, "voting": false, "group": { "slug": "vo-c-lokal-styrgrupp-1" } });
    assert_eq!(seat, expected);
    let person =
        client.done("createPerson", json!({ "givenName": "Obs", "familyName": "Ervatör" }), "person { id }").await;
    let place = json!({ "place": { "group": group, "role": "OBSERVER", "organisation": berg } });
    let input = json!({ "seat": place, "person": person["person"]["id"], "from": "2025-02-01" });
    let member =
        client.done("addMember", input, "membership { id role seat { id } onBehalfOf { slug } }").await["membership"]
            .take();
    let expected = json!({ "id": member["id"], "role": "OBSERVER", "seat": { "id": seat["id"] }, "onBehalfOf": { "slug": "berg" } });
    assert_eq!(member, expected, "on the seat that is there");
    let input = json!({ "seat": seat["id"], "expectedVersion": 1, "reason": "Försöket är slut" });
    let mut plan = client.planned("closeSeat", input.clone()).await;
    plan.as_array_mut().expect("effects").sort_by_key(Value::to_string);
    assert_eq!(plan, json!([{ "kind": "CHANGED", "noun": "membership" }, { "kind": "CHANGED", "noun": "seat" }]));
    let closed = client.done("closeSeat", input, "seat { version period { state } members { nodes { id } } }").await;
    assert_eq!(closed["seat"], json!({ "version": 2, "period": { "state": "PAST" }, "members": { "nodes": [] } }));
    let query = "query($id: ID!) { node(id: $id) { ... on Membership { period { state } version } } }";
    let ended = day.public.ask(query, json!({ "id": member["id"] })).await;
    assert_eq!(ended["node"], json!({ "period": { "state": "PAST" }, "version": 2 }));
}

pub async fn is_refused_elsewhere(day: &Day, hidden: &Hidden) {
    let client = &day.coordinator;
    let roles = ["ADMINISTRATOR", "COORDINATOR"];
    let run = client.group("run").await;
    client.not_allowed("openSeat", json!({ "group": run["id"], "role": "MEMBER" }), "group", &roles).await;
    let input = json!({ "group": run["id"], "expectedVersion": run["version"], "name": "Mitt" });
    client.not_allowed("updateGroup", input, "group", &roles).await;
    let college = client.group("vard-och-omsorgscollege").await;
    let input = json!({ "group": college["id"], "expectedVersion": college["version"] });
    client.not_allowed("closeGroup", input, "group", &roles).await;
    client.not_found("openSeat", json!({ "group": hidden.group, "role": "MEMBER" }), "group").await;
    let bracke = client.organisation("bracke").await;
    let input = json!({ "organisation": bracke, "title": "Min post" });
    client.forbidden("openPosition", input).await;
}
