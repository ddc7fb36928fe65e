//! The measured workloads: how many statements each takes. Who asks takes one more with each request that carries a token.

use entity::values::Audience;
use serde_json::{Value, json};

use super::everywhere;
use crate::paging::world::world;
use crate::support::{Client, TestApp};
use crate::workload::Workload;

/// Each with the number of its statements.
const EXPECTED: [(Workload, u64); 8] = [
    (Workload::W1, 3),
    (Workload::W2, 3),
    (Workload::W3, 2),
    (Workload::W4, 4),
    // One for all kinds, and one for the rows of each kind that is found: people alone are called so.
    (Workload::W5, 2),
    (Workload::W6, 1),
    (Workload::W9, 8),
    (Workload::W10, 4),
];
/// In one transaction, with the entry of the trail.
const ADDING: u64 = 9;
/// Whose calendar it is with what they may, and the sittings with their groups.
const CALENDAR: u64 = 2;

const NEWCOMERS: &str = "
[[person]]
key = \"new1\"
givenName = \"Ett\"
familyName = \"Nykomling\"
[[person]]
key = \"new2\"
givenName = \"Två\"
familyName = \"Nykomling\"
";

fn variables(workload: Workload, person: &str, start: &str) -> Value {
    match workload {
        Workload::W1 => json!({ "slug": "hub" }),
        Workload::W2 => json!({ "after": null }),
        Workload::W3 => json!({ "start": "All" }),
        Workload::W4 => json!({ "id": person, "days": { "from": "2026-01-01", "until": "2028-01-01" } }),
        Workload::W5 => json!({ "text": "Alla" }),
        Workload::W9 => json!({ "reference": "RUN/1/2010" }),
        Workload::W10 => json!({ "fund": "ESF", "year": 2025 }),
        _ => json!({ "after": start }),
    }
}

async fn measured(rows: usize) -> (Vec<(Workload, u64)>, u64, u64) {
    let app = TestApp::of(&(world(&(1..=rows).collect::<Vec<_>>()) + NEWCOMERS)).await;
    let client = app.seeing(Audience::SignedIn);
    let person = everywhere(&client).await;
    let start = client.ask("{ people(first: 1) { pageInfo { endCursor } } }").await;
    let start = start["people"]["pageInfo"]["endCursor"].as_str().expect("a cursor").to_owned();
    let mut counts = Vec::new();
    for (workload, _) in EXPECTED {
        let before = app.app.db.statements();
        client.ask_with(workload.query(), variables(workload, &person, &start)).await;
        counts.push((workload, app.app.db.statements() - before));
    }
    (counts, adding(&app).await, calendar(&app, &client, &person).await)
}

/// The second change of an identity: with the first came its own row.
async fn adding(app: &TestApp) -> u64 {
    let client = app.administrator();
    let asked = r#"{ group(by: {slug: "hub"}) { seats(first: 100) { nodes { id capacity } } }
        people(filter: {text: "Nykomling"}) { nodes { id } } }"#;
    let found = client.ask(asked).await;
    let seats = found["group"]["seats"]["nodes"].as_array().expect("seats");
    let seat = seats.iter().find(|seat| seat["capacity"].is_null()).expect("a seat with room");
    let mut taken = 0;
    for person in found["people"]["nodes"].as_array().expect("people") {
        let input = json!({ "seat": { "id": seat["id"] }, "person": person["id"], "from": "2026-12-01" });
        let before = app.app.db.statements();
        let answer = client.ask_with(Workload::W7.query(), json!({ "input": input })).await;
        assert_eq!(answer["addMember"]["errors"], json!([]));
        taken = app.app.db.statements() - before;
    }
    taken
}

async fn calendar(app: &TestApp, client: &Client, person: &str) -> u64 {
    let input = json!({ "name": "Möten", "filter": { "person": person } });
    let made = client.ask_with(Workload::W8.query(), json!({ "input": input })).await;
    let url = made["createCalendar"]["calendar"]["url"].as_str().expect("an address");
    let path = format!("/calendars/{}?from=2027-01-01&until=2028-01-01", url.rsplit_once('/').expect("a secret").1);
    let before = app.app.db.statements();
    let response = app.public().get(&path).send().await;
    let text = response.0.into_body().into_string().await.expect("a text");
    assert!(text.contains("BEGIN:VEVENT"), "{text}");
    app.app.db.statements() - before
}

#[tokio::test]
async fn a_workload_takes_its_number_of_statements_for_one_row_and_for_a_hundred() {
    for rows in [1, 100] {
        assert_eq!(measured(rows).await, (EXPECTED.to_vec(), ADDING, CALENDAR), "with {rows} rows");
    }
}
