//! Entering, changing, protecting and merging people, and whose they are.

use entity::values::{GlobalId, Role};
use samverkan::policy::Right;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, all};

pub const WORLD: &str = include_str!("world.toml");

/// The id of the first that a search finds.
pub async fn id(client: &Client, what: &str) -> Value {
    let nodes = "... on Person { id } ... on Organisation { id } ... on Group { id } ... on Position { id }";
    let found = client.ask(&format!("{{ search(text: \"{what}\") {{ nodes {{ {nodes} }} }} }}")).await;
    found["search"]["nodes"].get(0).map_or(Value::Null, |node| node["id"].clone())
}

/// Whoever represents the organisation with this name.
pub async fn representative(app: &TestApp, organisation: &str) -> Client {
    holding(app, Role::Representative, organisation).await
}

/// Whoever has a role in a place.
pub async fn holding(app: &TestApp, role: Role, place: &str) -> Client {
    let found = id(&app.administrator(), place).await;
    let place = GlobalId::parse(found.as_str().expect("an id")).id;
    app.signed_in(&place.to_string(), vec![Right { role, place: Some(place), grant: None }])
}

/// How many entries the trail has.
pub async fn changes(app: &TestApp) -> u64 {
    entity::change::Entity::find().count(app.app.db.reader().await).await.expect("a count")
}

#[tokio::test]
async fn a_person_is_entered_and_renamed_and_found_by_the_new_name() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let input = json!({ "givenName": " Eva ", "familyName": "Öst", "idempotencyKey": "eva" });
    let made = client.done("createPerson", input.clone(), "person { id name audience version } change { verb }").await;
    assert_eq!(made["change"]["verb"], "createPerson");
    let person = made["person"]["id"].clone();
    assert_eq!(made["person"], json!({ "id": person, "name": "Eva Öst", "audience": "PUBLIC", "version": 1 }));
    let again = client.done("createPerson", input, "person { id }").await;
    assert_eq!(again["person"]["id"], person, "the same key makes nobody new");

    let input = json!({ "person": person, "expectedVersion": 1, "familyName": "Ål" });
    let renamed = client.done("updatePerson", input.clone(), "person { name version }").await;
    assert_eq!(renamed["person"], json!({ "name": "Eva Ål", "version": 2 }));
    assert_eq!(id(&client, "Eva Ål").await, person);
    assert_eq!(id(&client, "Eva Öst").await, Value::Null);
    let stale = client.refused("updatePerson", input).await;
    assert_eq!((&stale["code"], &stale["currentVersion"]), (&json!("VERSION_CONFLICT"), &json!(2)));
    let empty = client.refused("createPerson", json!({ "givenName": " ", "familyName": "Öst" })).await;
    assert_eq!((&empty["code"], &empty["path"]), (&json!("INVALID_INPUT"), &json!(["input", "givenName"])));
}

#[tokio::test]
async fn representatives_change_their_own_people_and_nobody_elses() {
    let app = TestApp::of(WORLD).await;
    let (client, admin) = (representative(&app, "Bräcke").await, app.administrator());
    let rename = async |who: &str| json!({ "person": id(&admin, who).await, "expectedVersion": 1, "givenName": "Ny" });
    for theirs in ["Ann Ek", "Cia Alm"] {
        client.done("updatePerson", rename(theirs).await, "person { name }").await;
    }
    for others in ["Bo Ask", "Dan Dal", "Ida Fri"] {
        let error = client.refused("updatePerson", rename(others).await).await;
        assert_eq!((&error["code"], &error["roles"][0]), (&json!("NOT_ALLOWED"), &json!("ADMINISTRATOR")), "{others}");
        assert_eq!(error["path"], json!(["input", "person"]));
    }
    let hidden = json!({ "givenName": "E", "familyName": "F", "audience": "COORDINATORS" });
    assert_eq!(client.refused("createPerson", hidden).await["path"], json!(["input", "audience"]));
}

#[tokio::test]
async fn nobody_makes_somebody_their_own_by_giving_them_a_seat_or_a_post() {
    let app = TestApp::of(WORLD).await;
    let (client, admin) = (representative(&app, "Bräcke").await, app.administrator());
    let seat = admin.ask("{ group(by: {slug: \"run\"}) { seats { nodes { id organisation { slug } } } } }").await;
    let seats = seat["group"]["seats"]["nodes"].as_array().expect("seats");
    let seat = &seats.iter().find(|seat| seat["organisation"]["slug"] == "bracke").expect("a seat")["id"];
    let post = json!({ "organisation": id(&admin, "Bräcke").await, "title": "Rådgivare" });
    for (at, who) in ["Bo Ask", "Dan Dal"].into_iter().enumerate() {
        let person = id(&admin, who).await;
        client.done("addMember", json!({ "seat": { "id": seat }, "person": person }), "membership { id }").await;
        let post = client.done("openPosition", post.clone(), "position { id }").await["position"]["id"].take();
        client.done("startTenure", json!({ "position": post, "person": person }), "tenure { id }").await;
        let rename = json!({ "person": person, "expectedVersion": 1, "givenName": "Ny" });
        assert_eq!(client.refused("updatePerson", rename).await["code"], "NOT_ALLOWED", "{who} {at}");
        let phone = json!({ "of": person, "kind": "PHONE", "value": "063-14 66 19" });
        assert_eq!(client.refused("addContactPoint", phone).await["code"], "NOT_ALLOWED", "{who}");
    }
    let made = client.done("createPerson", json!({ "givenName": "Eva", "familyName": "Ny" }), "person { id }").await;
    let person = &made["person"]["id"];
    let rename = json!({ "person": person, "expectedVersion": 1, "givenName": "Ewa" });
    assert_eq!(client.refused("updatePerson", rename.clone()).await["code"], "NOT_ALLOWED", "nobody's yet");
    let post = client.done("openPosition", post, "position { id }").await["position"]["id"].take();
    client.done("startTenure", json!({ "position": post, "person": person }), "tenure { id }").await;
    client.done("updatePerson", rename, "person { id }").await;
}

#[tokio::test]
async fn others_may_not_call_what_is_not_for_them() {
    let app = TestApp::of(WORLD).await;
    let person = id(&app.administrator(), "Ann Ek").await;
    let create = "mutation { createPerson(input: {givenName: \"A\", familyName: \"B\"}) { errors { __typename } } }";
    let protect = format!(
        "mutation {{ protectPerson(input: {{person: {person}, expectedVersion: 1, protected: true}}) {{ errors {{ __typename }} }} }}"
    );
    let merge = format!(
        "mutation {{ mergePeople(input: {{keep: {person}, expectedVersion: 1, duplicate: {person}, duplicateExpectedVersion: 1}}) {{ errors {{ __typename }} }} }}"
    );
    for client in [app.public(), app.signed_in("somebody", Vec::new())] {
        for mutation in [create, &protect, &merge] {
            assert_eq!(client.code(mutation).await, "FORBIDDEN", "{mutation}");
        }
    }
    let coordinator = holding(&app, Role::Coordinator, "RUN").await;
    for mutation in [&protect, &merge] {
        assert_eq!(coordinator.code(mutation).await, "FORBIDDEN", "{mutation}");
    }
    coordinator.done("createPerson", json!({ "givenName": "E", "familyName": "F" }), "person { id }").await;
}

#[tokio::test]
async fn whoever_is_protected_is_gone_at_once_for_all_but_administrators() {
    let app = TestApp::of(WORLD).await;
    let (client, admin) = (representative(&app, "Bräcke").await, app.administrator());
    let person = id(&admin, "Ann Ek").await;
    let rename = json!({ "person": person, "expectedVersion": 1, "givenName": "Anna", "idempotencyKey": "k" });
    client.done("updatePerson", rename.clone(), "person { name }").await;
    let protect = json!({ "person": person, "expectedVersion": 2, "protected": true });
    let done = admin.done("protectPerson", protect, "person { name version } change { verb }").await;
    assert_eq!(done["person"], json!({ "name": "Anna Ek", "version": 3 }));
    let everywhere = format!(
        "{{ node(id: {person}) {{ id }} nodes(ids: [{person}]) {{ id }} person(id: {person}) {{ name }} search(text: \"Anna Ek\") {{ totalCount }}
           people {{ totalCount nodes {{ name }} }} memberships(filter: {{person: {person}}}) {{ totalCount }}
           group(by: {{slug: \"run\"}}) {{ members {{ totalCount nodes {{ person {{ name }} substitutions {{ person {{ name }} }} }} }} }} }}"
    );
    for other in [&client, &app.signed_in("reader", Vec::new())] {
        let seen = other.ask(&everywhere).await;
        assert!(!seen.to_string().contains("Ek"), "{seen:#}");
        assert_eq!((&seen["node"], &seen["nodes"], &seen["person"]), (&Value::Null, &json!([null]), &Value::Null));
        assert_eq!((&seen["people"]["totalCount"], &seen["search"]["totalCount"]), (&json!(4), &json!(0)));
        assert_eq!(
            (&seen["memberships"]["totalCount"], &seen["group"]["members"]["totalCount"]),
            (&json!(0), &json!(2))
        );
    }
    assert_eq!(admin.ask(&everywhere).await["person"]["name"], "Anna Ek");
    let replayed = client.done("updatePerson", rename, "person { name } change { verb }").await;
    assert_eq!((&replayed["person"], &replayed["change"]["verb"]), (&Value::Null, &json!("updatePerson")));
    let gone =
        client.refused("updatePerson", json!({ "person": person, "expectedVersion": 3, "givenName": "X" })).await;
    assert_eq!(gone["code"], "NOT_FOUND");
    let back = json!({ "person": person, "expectedVersion": 3, "protected": false });
    admin.done("protectPerson", back, "person { name }").await;
    assert_eq!(client.ask(&everywhere).await["person"]["name"], "Anna Ek");
}

const ALL: &str = "id name audience version sources { quote } contactPoints { value } tenures { position { title } }
    memberships { totalCount nodes { group { slug } substitutions { person { name } } } } meetings { totalCount nodes { attendance { totalCount } } }";

#[tokio::test]
async fn two_entries_of_one_person_become_one_and_nothing_is_lost() {
    let app = TestApp::of(WORLD).await;
    let admin = app.administrator();
    let (kept, gone) = (id(&admin, "Ann Ek").await, id(&admin, "Ida Fri").await);
    let input = |dry: bool| json!({ "keep": kept, "expectedVersion": 1, "duplicate": gone, "duplicateExpectedVersion": 1, "dryRun": dry, "reason": "Samma" });
    let before = changes(&app).await;
    let planned = admin.done("mergePeople", input(true), "person { id } change { id } plan { noun }").await;
    assert_eq!((&planned["person"], &planned["change"]), (&Value::Null, &Value::Null));
    let mut tables = all(&planned, "plan.*.noun");
    tables.sort();
    tables.dedup();
    assert_eq!(tables, ["attendance", "contact_point", "membership", "person", "source", "substitution", "tenure"]);
    assert_eq!(changes(&app).await, before, "a dry run changes nothing");

    let mut wrong = input(false);
    wrong["duplicateExpectedVersion"] = json!(7);
    let stale = admin.refused("mergePeople", wrong).await;
    assert_eq!((&stale["path"][1], &stale["current"]["id"]), (&json!("duplicateExpectedVersion"), &gone));
    let done = admin.done("mergePeople", input(false), &format!("person {{ {ALL} }} change {{ verb reason }}")).await;
    let person = &done["person"];
    assert_eq!((&person["id"], &person["name"], &person["audience"]), (&kept, &json!("Ann Ek"), &json!("SIGNED_IN")));
    assert_eq!(all(person, "contactPoints.*.value"), ["ann@example.org", "ida@example.org", "+4663146619"]);
    assert_eq!(all(person, "sources.*.quote"), ["Ann", "Ida"]);
    assert_eq!(all(person, "tenures.*.position.title"), ["Strateg", "Chef"]);
    assert_eq!(person["memberships"]["totalCount"], 3, "{person:#}");
    assert_eq!(person["meetings"]["totalCount"], 2);
    assert_eq!(all(person, "meetings.nodes.*.attendance.totalCount"), ["1", "2"], "both were at one of them, once");
    assert_eq!(done["change"], json!({ "verb": "mergePeople", "reason": "Samma" }));
    assert_eq!(changes(&app).await, before + 1);
    assert_eq!(admin.ask(&format!("{{ node(id: {gone}) {{ id }} }}")).await["node"], Value::Null);
    assert_eq!(id(&admin, "Ida Fri").await, Value::Null);
    let stood_in =
        admin.ask("{ group(by: {slug: \"run\"}) { members { nodes { substitutions { person { id } } } } } }").await;
    assert!(
        all(&stood_in, "group.members.nodes.*.substitutions.*.person.id")
            .contains(&kept.as_str().expect("an id").to_owned())
    );
}

#[tokio::test]
async fn whoever_sat_twice_on_one_seat_is_not_merged_and_nobody_into_themselves() {
    let app = TestApp::of(WORLD).await;
    let admin = app.administrator();
    let (ann, bo) = (id(&admin, "Ann Ek").await, id(&admin, "Cia Alm").await);
    let input = json!({ "keep": ann, "expectedVersion": 1, "duplicate": bo, "duplicateExpectedVersion": 1 });
    let error = admin.refused("mergePeople", input).await;
    assert_eq!((&error["rule"], &error["on"][0]["__typename"]), (&json!("MEMBERSHIP_TWICE"), &json!("Seat")));
    let input = json!({ "keep": ann, "expectedVersion": 1, "duplicate": ann, "duplicateExpectedVersion": 1 });
    assert_eq!(admin.refused("mergePeople", input).await["rule"], "MERGE_WITH_ITSELF");
}

#[tokio::test]
async fn whoever_is_merged_with_somebody_protected_is_protected() {
    let app = TestApp::of(WORLD).await;
    let admin = app.administrator();
    let (kept, gone) = (id(&admin, "Ann Ek").await, id(&admin, "Ida Fri").await);
    admin
        .done("protectPerson", json!({ "person": gone, "expectedVersion": 1, "protected": true }), "change { id }")
        .await;
    let input = json!({ "keep": kept, "expectedVersion": 1, "duplicate": gone, "duplicateExpectedVersion": 2 });
    admin.done("mergePeople", input, "person { id }").await;
    let query = format!("{{ person(id: {kept}) {{ name }} }}");
    assert_eq!(app.signed_in("reader", Vec::new()).ask(&query).await["person"], Value::Null);
    assert_eq!(admin.ask(&query).await["person"]["name"], "Ann Ek");
}
