//! The meetings of people and of organisations.

use serde_json::{Value, json};

use super::world::{WORLD, joint_day, keeper, person, plan, seen, with};
use crate::support::{Client, TestApp, all};

async fn of(client: &Client, id: &Value, range: &str) -> Vec<String> {
    let query = format!(
        "{{ node(id: {id}) {{ ... on Person {{ meetings{range} {{ nodes {{ startsAt }} }} }} ... on Organisation {{ meetings{range} {{ nodes {{ startsAt }} }} }} }} }}"
    );
    all(&client.ask(&query).await, "node.meetings.nodes.*.startsAt").iter().map(|time| time[..10].to_owned()).collect()
}

#[tokio::test]
async fn people_are_called_to_the_meetings_of_their_groups_while_they_sit() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    for (slug, day) in [
        ("svom", "2019-12-02"),
        ("svom", "2025-12-01"),
        ("buz", "2025-12-02"),
        ("buz", "2026-12-08"),
        ("svom", "2028-03-01"),
    ] {
        plan(&client, slug, day).await;
    }
    joint_day(&client).await;
    let eva = person(&app, "Ek").await;
    assert_eq!(of(&client, &eva, "").await, ["2025-12-01", "2026-12-04", "2026-12-08", "2028-03-01"]);
    let december = "(between: {from: \"2026-12-05\", until: \"2027-01-01\"})";
    assert_eq!(of(&client, &eva, december).await, ["2026-12-08"]);
    let anna = person(&app, "Ask").await;
    assert_eq!(of(&client, &anna, "").await, ["2025-12-01", "2026-12-04"]);
    let list = format!(
        "{{ meetings(between: {{from: \"2019-01-01\", until: \"2030-01-01\"}}, filter: {{person: {anna}}}) {{ nodes {{ startsAt }} }} }}"
    );
    assert_eq!(all(&client.ask(&list).await, "meetings.nodes.*.startsAt").len(), 2);
}

#[tokio::test]
async fn who_stands_in_or_was_there_has_the_meeting_too() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let (coming, held) = (plan(&client, "svom", "2026-12-01").await, plan(&client, "svom", "2026-11-20").await);
    let fia = person(&app, "Fors").await;
    assert_eq!(of(&client, &fia, "").await, [""; 0]);
    let members = "{ group(by: {slug: \"svom\"}) { members(filter: {roles: [MEMBER]}) { nodes { id } } } }";
    let anna = client.ask(members).await["group"]["members"]["nodes"][0]["id"].take();
    let stands_in = json!({ "membership": anna, "person": fia, "meeting": coming["id"] });
    client.done("addSubstitution", stands_in, "substitution { id }").await;
    let there = json!({ "attendance": [{ "person": fia, "mode": "REMOTE" }] });
    client.done("recordAttendance", with(seen(&held), there), "meeting { id }").await;
    assert_eq!(of(&client, &fia, "").await, ["2026-11-20", "2026-12-01"]);
    let excused = json!({ "attendance": [{ "person": person(&app, "Berg").await, "mode": "EXCUSED" }] });
    client.done("recordAttendance", with(seen(&coming), excused), "meeting { id }").await;
    assert_eq!(of(&client, &person(&app, "Berg").await, "").await, [""; 0], "an excuse calls nobody");
}

#[tokio::test]
async fn nobody_learns_from_a_meeting_who_sits_in_a_hidden_group() {
    let app = TestApp::of(WORLD).await;
    let (client, admin) = (keeper(&app).await, app.administrator());
    let (svom, dold) = (super::world::group(&client, "svom").await, super::world::group(&admin, "dold").await);
    let joint = json!({ "sittings": [super::world::sitting("2026-12-01", "09:00", "10:00", &[&svom, &dold])] });
    admin.done("planMeeting", joint, "meeting { id }").await;
    // Fia sits in the hidden group alone: of the meeting that all see, nobody else learns that she comes.
    let fia = person(&app, "Fors").await;
    assert_eq!(of(&admin, &fia, "").await, ["2026-12-01"]);
    assert_eq!(of(&client, &fia, "").await, [""; 0]);
    let list = format!(
        "{{ meetings(between: {{from: \"2026-01-01\", until: \"2028-01-01\"}}, filter: {{person: {fia}}}) {{ totalCount }} }}"
    );
    assert_eq!(client.ask(&list).await["meetings"]["totalCount"], 0);
}

#[tokio::test]
async fn an_organisation_has_the_meetings_of_its_seats_and_those_of_its_units() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    plan(&client, "svom", "2026-12-01").await;
    plan(&client, "buz", "2026-12-02").await;
    let id = |slug: &'static str| {
        let client = &client;
        async move {
            client.ask(&format!("{{ organisation(by: {{slug: {slug:?}}}) {{ id }} }}")).await["organisation"]["id"]
                .take()
        }
    };
    assert_eq!(of(&client, &id("krokom").await, "").await, ["2026-12-01", "2026-12-02"]);
    assert_eq!(of(&client, &id("krokom-skola").await, "").await, ["2026-12-02"]);
    let krokom = id("krokom").await;
    let list = format!(
        "{{ meetings(between: {{from: \"2026-12-02\", until: \"2027-01-01\"}}, filter: {{organisation: {krokom}}}) {{ nodes {{ startsAt }} }} }}"
    );
    assert_eq!(all(&client.ask(&list).await, "meetings.nodes.*.startsAt").len(), 1);
}
