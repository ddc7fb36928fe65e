//! Who should come: members, and for those who are excused whoever stands in.

use serde_json::{Value, json};

use super::world::{WORLD, joint_day, keeper, person, plan, seen, with};
use crate::support::{Client, TestApp, all};

const EXPECTED: &str = "membership { person { givenName } role group { slug } } person { givenName } reason voting attendance substitution { order }";

async fn expected(client: &Client, meeting: &Value) -> Value {
    let query =
        format!("{{ node(id: {}) {{ ... on Meeting {{ expected {{ nodes {{ {EXPECTED} }} }} }} }} }}", meeting["id"]);
    client.ask(&query).await["node"]["expected"]["nodes"].take()
}

async fn excuse(client: &Client, meeting: &mut Value, people: &[&Value]) {
    let excused: Vec<Value> = people.iter().map(|id| json!({ "person": id, "mode": "EXCUSED" })).collect();
    let input = with(seen(meeting), json!({ "attendance": excused }));
    meeting["version"] =
        client.done("recordAttendance", input, "meeting { version }").await["meeting"]["version"].take();
}

/// Who comes for Anna, why, and whether they may vote.
async fn for_anna(app: &TestApp, client: &Client, meeting: &Value) -> (Value, Value, Value) {
    let query = format!(
        "{{ node(id: {}) {{ ... on Meeting {{ expected(of: {}) {{ totalCount nodes {{ {EXPECTED} }} }} }} }} }}",
        meeting["id"],
        person(app, "Ask").await
    );
    let mut answer = client.ask(&query).await["node"]["expected"].take();
    assert_eq!(answer["totalCount"], 1);
    let place = &mut answer["nodes"][0];
    (place["person"]["givenName"].take(), place["reason"].take(), place["voting"].take())
}

#[tokio::test]
async fn members_of_the_day_are_expected_and_substitutes_only_for_them() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let meeting = plan(&client, "svom", "2026-12-01").await;
    let expected = expected(&client, &meeting).await;
    assert_eq!(all(&expected, "*.person.givenName"), ["Eva", "Anna", "Gro"]);
    assert_eq!(all(&expected, "*.reason"), ["MEMBER"; 3]);
    assert_eq!(all(&expected, "*.voting"), ["true", "true", "false"]);
    // After Anna's term the seat is vacant.
    let later = plan(&client, "svom", "2028-02-01").await;
    assert_eq!(all(&super::expected::expected(&client, &later).await, "*.person.givenName"), ["Eva", "Gro"]);
}

#[tokio::test]
async fn who_replaces_anna_and_may_they_vote() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let mut meeting = plan(&client, "svom", "2026-12-01").await;
    let asked = |meeting: &Value| {
        let (app, client, meeting) = (&app, &client, meeting.clone());
        async move { for_anna(app, client, &meeting).await }
    };
    assert_eq!(asked(&meeting).await, (json!("Anna"), json!("MEMBER"), json!(true)));
    let anna = person(&app, "Ask").await;
    excuse(&client, &mut meeting, &[&anna]).await;
    assert_eq!(asked(&meeting).await, (json!("Bo"), json!("SUBSTITUTE"), json!(false)));
    excuse(&client, &mut meeting, &[&person(&app, "Berg").await]).await;
    assert_eq!(asked(&meeting).await, (json!("Cia"), json!("SUBSTITUTE"), json!(true)));
    excuse(&client, &mut meeting, &[&person(&app, "Ceder").await]).await;
    assert_eq!(asked(&meeting).await, (json!("Dan"), json!("POOL"), json!(true)));
    excuse(&client, &mut meeting, &[&person(&app, "Dal").await]).await;
    assert_eq!(asked(&meeting).await, (Value::Null, json!("NOBODY"), json!(false)));
    // Who is named for the meeting goes before all.
    let members = "{ group(by: {slug: \"svom\"}) { members(filter: {roles: [MEMBER]}) { nodes { id } } } }";
    let membership = client.ask(members).await["group"]["members"]["nodes"][0]["id"].take();
    let named = json!({ "membership": membership, "person": person(&app, "Fors").await, "meeting": meeting["id"] });
    client.done("addSubstitution", named, "substitution { id }").await;
    assert_eq!(asked(&meeting).await, (json!("Fia"), json!("SUBSTITUTE_FOR_MEETING"), json!(true)));
}

#[tokio::test]
async fn what_was_recorded_goes_before_what_was_to_be() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let meeting = plan(&client, "svom", "2026-11-20").await;
    let members = "{ group(by: {slug: \"svom\"}) { members(filter: {roles: [MEMBER]}) { nodes { id } } } }";
    let anna = client.ask(members).await["group"]["members"]["nodes"][0]["id"].take();
    let record = |meeting: &Value, name: &'static str| {
        let (app, client, anna, meeting) = (&app, &client, anna.clone(), meeting.clone());
        async move {
            let there = json!([{ "person": person(app, name).await, "mode": "IN_ROOM", "inPlaceOf": anna }]);
            let input = with(seen(&meeting), json!({ "attendance": there }));
            client.done("recordAttendance", input, "meeting { id version }").await["meeting"].take()
        }
    };
    let seen_once = record(&meeting, "Ceder").await;
    assert_eq!(for_anna(&app, &client, &meeting).await, (json!("Cia"), json!("SUBSTITUTE"), json!(true)));
    let gone = json!([{ "person": person(&app, "Ceder").await, "mode": null }]);
    let input = with(seen(&seen_once), json!({ "attendance": gone }));
    let again = client.done("recordAttendance", input, "meeting { id version }").await["meeting"].take();
    record(&again, "Fors").await;
    assert_eq!(for_anna(&app, &client, &meeting).await, (json!("Fia"), json!("ATTENDED"), json!(false)));
}

#[tokio::test]
async fn a_joint_day_expects_each_group_and_pages_through_them() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let meeting = joint_day(&client).await;
    let whole = expected(&client, &meeting).await;
    assert_eq!(whole.as_array().map(Vec::len), Some(5), "{whole:#}");
    let mut names = all(&whole, "*.person.givenName");
    let mut paged = Vec::new();
    let mut after = Value::Null;
    loop {
        let query = format!(
            "query($after: String) {{ node(id: {}) {{ ... on Meeting {{ expected(first: 2, after: $after) {{
             nodes {{ person {{ givenName }} }} pageInfo {{ endCursor hasNextPage }} totalCount }} }} }} }}",
            meeting["id"]
        );
        let page = client.ask_with(&query, json!({ "after": after })).await["node"]["expected"].take();
        assert_eq!(page["totalCount"], 5);
        paged.extend(all(&page, "nodes.*.person.givenName"));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(paged, names);
    let back = format!(
        "{{ node(id: {}) {{ ... on Meeting {{ expected(last: 2) {{ nodes {{ person {{ givenName }} }} }} }} }} }}",
        meeting["id"]
    );
    assert_eq!(all(&client.ask(&back).await, "node.expected.nodes.*.person.givenName"), names.split_off(3));
    let wrong =
        format!("{{ node(id: {}) {{ ... on Meeting {{ expected(after: \"?\") {{ totalCount }} }} }} }}", meeting["id"]);
    assert_eq!(client.code(&wrong).await, "INVALID_CURSOR");
}

#[tokio::test]
async fn whoever_is_hidden_is_expected_by_nobody_else() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let meeting = plan(&client, "svom", "2026-12-01").await;
    let anna = person(&app, "Ask").await;
    let protect = json!({ "person": anna, "expectedVersion": 1, "protected": true });
    app.administrator().done("protectPerson", protect, "person { id }").await;
    assert_eq!(all(&expected(&client, &meeting).await, "*.person.givenName"), ["Eva", "Gro"]);
    assert_eq!(all(&expected(&app.administrator(), &meeting).await, "*.person.givenName"), ["Eva", "Anna", "Gro"]);
}

#[tokio::test]
async fn many_meetings_take_as_many_statements_as_one() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    for day in ["2026-12-01", "2026-12-02", "2026-12-03", "2026-12-08"] {
        plan(&client, "svom", day).await;
    }
    let query = |first: u32| {
        format!("{{ meetings(between: {{from: \"2026-12-01\", until: \"2027-01-01\"}}, first: {first}) {{ nodes {{
         expected {{ nodes {{ person {{ name }} membership {{ role }} }} }} doubleBookings {{ person {{ name }} other {{ startsAt }} }} }} }} }}")
    };
    assert_eq!(client.statements(&query(1)).await, client.statements(&query(4)).await);
}
