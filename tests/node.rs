//! Ids: opaque, of one noun, and with the day that was chosen; whatever is no id is the id of nothing.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::values::Audience;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, all};

const NODES: &str = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";

/// An id of each noun, from the demonstration.
async fn ids(client: &Client, as_of: &str) -> BTreeMap<&'static str, String> {
    let query = format!(
        r#"{{ group(by: {{slug: "fou-radet"}}{as_of}) {{
            id seats(filter: {{roles: [MEMBER]}}, first: 1) {{ nodes {{ id organisation {{ id }} position {{ id tenures {{ nodes {{ id }} }} }} }} }}
            members(first: 1) {{ nodes {{ id person {{ id }} }} }} stoodInFor: members(first: 100) {{ nodes {{ substitutions {{ id }} }} }}
            schedules {{ nodes {{ id }} }} meetings(first: 1) {{ nodes {{ id }} }} relations {{ id }}
        }} }}"#
    );
    let group = client.ask(&query).await["group"].take();
    let query = format!(
        r#"{{ agreement(by: {{reference: "RUN/658/2017"}}{as_of}) {{ id parties {{ id }} assignments {{ nodes {{ id }} }} sources {{ document {{ id }} }} }}
            project(by: {{reference: "RUN/447/2016"}}{as_of}) {{ id }} events(first: 1{as_of}) {{ nodes {{ id }} }}
            svom: group(by: {{slug: "svom"}}{as_of}) {{
                priorities(states: [PAST, CURRENT], first: 1) {{ nodes {{ id }} }} followUps(states: [PAST, CURRENT], first: 1) {{ nodes {{ id }} }}
                activities(first: 1) {{ nodes {{ id }} }}
            }}
            larcentrum: organisation(by: {{slug: "samordning-larcentrum"}}{as_of}) {{ results(first: 20) {{ nodes {{ id figures {{ nodes {{ id }} }} }} }} }} }}"#
    );
    let record = client.ask(&query).await;
    let of_record = |path: &str| all(&record, path).remove(0);
    let id = |path: &str| all(&group, path).remove(0);
    BTreeMap::from([
        ("Activity", of_record("svom.activities.nodes.*.id")),
        ("Agreement", of_record("agreement.id")),
        ("AgreementParty", of_record("agreement.parties.*.id")),
        ("Assignment", of_record("agreement.assignments.nodes.*.id")),
        ("Document", of_record("agreement.sources.*.document.id")),
        ("Event", of_record("events.nodes.*.id")),
        ("Figure", of_record("larcentrum.results.nodes.*.figures.nodes.*.id")),
        ("FollowUpItem", of_record("svom.followUps.nodes.*.id")),
        ("Priority", of_record("svom.priorities.nodes.*.id")),
        ("Project", of_record("project.id")),
        ("Result", of_record("larcentrum.results.nodes.*.id")),
        ("Group", id("id")),
        ("GroupRelation", id("relations.*.id")),
        ("Seat", id("seats.nodes.*.id")),
        ("Organisation", id("seats.nodes.*.organisation.id")),
        ("Position", id("seats.nodes.*.position.id")),
        ("Substitution", id("stoodInFor.nodes.*.substitutions.*.id")),
        ("Tenure", id("seats.nodes.*.position.tenures.nodes.*.id")),
        ("Membership", id("members.nodes.*.id")),
        ("Person", id("members.nodes.*.person.id")),
        ("Schedule", id("schedules.nodes.*.id")),
        ("Meeting", id("meetings.nodes.*.id")),
    ])
}

#[tokio::test]
async fn every_type_that_is_a_node_can_be_fetched_again() {
    let app = TestApp::demo().await;
    let client = app.public();
    let schema = client.ask(r#"{ __type(name: "Node") { possibleTypes { name } } }"#).await;
    let mut types = all(&schema, "__type.possibleTypes.*.name");
    types.sort();
    let ids = ids(&client, "").await;
    // These three exist only where somebody has changed something; the tests of grants and changes fetch them.
    types.retain(|name| !["Change", "Grant", "Identity"].contains(&name.as_str()));
    assert_eq!(ids.keys().copied().collect::<Vec<_>>(), types);
    for (kind, id) in ids {
        let answer = client.ask(&format!("{{ node(id: \"{id}\") {{ __typename id }} }}")).await;
        assert_eq!(answer["node"], json!({ "__typename": kind, "id": id }));
    }
}

#[tokio::test]
async fn an_id_carries_the_day_that_was_chosen() {
    let app = TestApp::demo().await;
    let client = app.public();
    let (today, then) = (ids(&client, "").await, ids(&client, ", asOf: \"2019-06-01\"").await);
    for (kind, id) in &then {
        let ids = json!({ "ids": [id, &today[kind]] });
        let answer = client.ask_with(NODES, ids).await;
        assert_eq!(all(&answer, "nodes.*.id"), [id.clone(), today[kind].clone()], "{kind}");
        assert_ne!(id, &today[kind], "{kind}");
    }
    let members = "... on Group { members(first: 100) { nodes { id person { name } } } }";
    let direct = client
        .ask(&format!("{{ group(by: {{slug: \"fou-radet\"}}, asOf: \"2019-06-01\") {{ __typename {members} }} }}"))
        .await;
    let again = client.ask(&format!("{{ node(id: \"{}\") {{ __typename {members} }} }}", then["Group"])).await;
    let now = client.ask(&format!("{{ node(id: \"{}\") {{ __typename {members} }} }}", today["Group"])).await;
    assert_eq!(again["node"], direct["group"]);
    assert_ne!(all(&now, "node.members.nodes.*.person.name"), all(&again, "node.members.nodes.*.person.name"));
}

#[tokio::test]
async fn nodes_keeps_order_and_duplicates() {
    let app = TestApp::demo().await;
    let client = app.public();
    let ids = ids(&client, "").await;
    let (group, seat) = (&ids["Group"], &ids["Seat"]);
    let answer = client.ask_with(NODES, json!({ "ids": [seat, "no such id", group, seat, group] })).await;
    let found: Vec<&Value> = answer["nodes"].as_array().into_iter().flatten().map(|node| &node["id"]).collect();
    assert_eq!(found, [&json!(seat), &Value::Null, &json!(group), &json!(seat), &json!(group)]);
    assert_eq!(client.ask_with(NODES, json!({ "ids": [] })).await, json!({ "nodes": [] }));
}

#[tokio::test]
async fn a_hundred_nodes_are_fetched_and_a_hundred_and_one_refused() {
    let app = TestApp::demo().await;
    let client = app.public();
    let group = &ids(&client, "").await["Group"];
    let answer = client.ask_with(NODES, json!({ "ids": vec![group; 100] })).await;
    assert_eq!(all(&answer, "nodes.*.id"), vec![group.clone(); 100]);
    let refused = client.answer(NODES, json!({ "ids": vec![group; 101] })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "TOO_MANY_IDS");
}

/// Ids that name nothing that the public may see: malformed, unknown, of other nouns, hidden.
async fn ids_of_nothing(app: &TestApp) -> Vec<String> {
    let hidden = r#"{ group(by: {slug: "demonstrationsnatverket-arbetsgrupp"}) { id seats { nodes { id } } } }"#;
    let hidden = app.seeing(Audience::SignedIn).ask(hidden).await;
    let group = URL_SAFE_NO_PAD.decode(hidden["group"]["id"].as_str().expect("an id")).expect("bytes");
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let mut unknown = group.clone();
    unknown[16] ^= 1;
    let mut foreign = group.clone();
    foreign[0] = 99;
    let with_day = |day: i32| encode(&[group.as_slice(), &day.to_be_bytes()].concat());
    vec![
        all(&hidden, "group.id").remove(0),
        all(&hidden, "group.seats.nodes.*.id").remove(0),
        encode(&unknown),
        encode(&foreign),
        encode(&group[..16]),
        encode(&[group.as_slice(), &[0]].concat()),
        with_day(i32::MAX),
        with_day(0),
        format!("{}=", encode(&group)),
        String::new(),
        "1".to_owned(),
        "åäö \u{0} '; DROP TABLE person; --".to_owned(),
        "A".repeat(10_000),
    ]
}

#[tokio::test]
async fn whatever_names_nothing_gets_the_same_answer_to_the_byte() {
    let app = TestApp::demo().await;
    let client = app.public();
    for query in [
        "query ($id: ID!) { node(id: $id) { id } }",
        "query ($id: ID!) { group(by: {id: $id}) { id } }",
        "query ($id: ID!) { organisation(by: {id: $id}) { id } }",
        "query ($id: ID!) { person(id: $id) { id } }",
        "query ($id: ID!) { groups(filter: {organisation: $id}) { totalCount nodes { id } } }",
        "query ($id: ID!) { groups(filter: {parent: $id}) { totalCount nodes { id } } }",
        "query ($id: ID!) { seats(filter: {group: $id}) { totalCount nodes { id } } }",
        "query ($id: ID!) { memberships(filter: {group: $id}) { totalCount nodes { id } } }",
        "query ($id: ID!) { meetings(between: {from: \"2018-01-01\", until: \"2030-01-01\"}, filter: {group: $id}) { totalCount nodes { id } } }",
    ] {
        let nothing = client.text(query, json!({ "id": "nothing" })).await;
        assert!(!nothing.contains("errors"), "{query}: {nothing}");
        for id in ids_of_nothing(&app).await {
            assert_eq!(client.text(query, json!({ "id": id })).await, nothing, "{query} with {id:.60}");
        }
    }
}

#[tokio::test]
async fn an_id_of_one_noun_is_none_of_another() {
    let app = TestApp::demo().await;
    let client = app.public();
    for (kind, id) in ids(&client, "").await {
        let others = format!(
            "{{ group: group(by: {{id: \"{id}\"}}) {{ id }} organisation: organisation(by: {{id: \"{id}\"}}) {{ id }} person: person(id: \"{id}\") {{ id }} }}"
        );
        let answer = client.ask(&others).await;
        for noun in ["group", "organisation", "person"] {
            assert_eq!(answer[noun].is_null(), noun != kind.to_lowercase(), "{noun} by the id of a {kind}");
        }
    }
}
