//! Generated directories: as large as asked for, the same for the same seed, and only into an empty database.

use std::process::Command;

use samverkan::domain::generate::{Size, generate};
use serde_json::Value;

use crate::support::{TestApp, fresh_database};

const PAGES: [&str; 6] = [
    "{ groups(first: 20) { totalCount nodes { id name kind period { from until } members(first: 5) { nodes { role person { name } onBehalfOf { name } } } nextMeeting { startsAt place } } } }",
    "{ people(first: 20) { totalCount nodes { id name contactPoints { kind value } tenures { position { title organisation { name } } } } } }",
    "{ organisations(first: 20) { nodes { id name kind parent { name } units { totalCount } } } }",
    r#"{ search(text: "berg", first: 20) { totalCount nodes { __typename } } }"#,
    "{ agreements(first: 10) { totalCount nodes { id references owner { name } parties { organisation { name } notice { from } } assignments { nodes { name } } } } projects(first: 10) { totalCount nodes { id references municipalities { name } partners { organisation { name } } indicators { outcome women men } } } }",
    "{ events(first: 10) { totalCount nodes { id name organisers { __typename } participants period { from until } } } groups(first: 50) { nodes { priorities { nodes { id } } followUps { nodes { id } } activities { nodes { id } } results { nodes { id } } } } }",
];

async fn generated(seed: u64) -> TestApp {
    let app = TestApp::empty().await;
    generate(&app.app, Size::S, seed, &|_| ()).await.expect("a directory that proves itself");
    app
}

async fn pages(app: &TestApp) -> Vec<Value> {
    let client = app.administrator();
    let mut pages = Vec::new();
    for page in PAGES {
        pages.push(client.ask(page).await);
    }
    pages
}

#[tokio::test]
async fn the_same_seed_gives_the_same_directory_and_another_another() {
    let (one, same, other) = (generated(1).await, generated(1).await, generated(2).await);
    let shown = pages(&one).await;
    assert_eq!(shown, pages(&same).await);
    let another = pages(&other).await;
    assert_ne!(shown[0]["groups"]["nodes"], another[0]["groups"]["nodes"]);
    assert_eq!(shown[0]["groups"]["nodes"].as_array().map(Vec::len), Some(20));
    assert_eq!(shown[1]["people"]["nodes"].as_array().map(Vec::len), Some(20));
    assert_eq!(shown[4]["agreements"]["nodes"].as_array().map(Vec::len), Some(10));
    assert_eq!(shown[4]["projects"]["nodes"].as_array().map(Vec::len), Some(10));
    assert_eq!(shown[5]["events"]["totalCount"], 120);
}

#[tokio::test]
async fn nothing_is_generated_into_a_directory_that_holds_something() {
    let app = generated(1).await;
    let before = pages(&app).await;
    let again = generate(&app.app, Size::S, 2, &|_| ()).await;
    assert_eq!(again.map_err(|error| error.to_string()), Err("the directory is not empty".to_owned()));
    assert_eq!(pages(&app).await, before);
}

#[tokio::test]
async fn progress_is_told_for_every_row_of_the_five_kinds() {
    let app = TestApp::empty().await;
    let made = std::sync::atomic::AtomicUsize::new(0);
    let count = |rows| {
        made.fetch_add(rows, std::sync::atomic::Ordering::Relaxed);
    };
    generate(&app.app, Size::S, 3, &count).await.expect("a directory");
    assert_eq!(made.into_inner(), Size::S.total());
}

#[tokio::test]
async fn triggers_and_indexes_are_there_afterwards() {
    let app = generated(1).await;
    // A member more than a seat has room for: the rule is the trigger's.
    let client = app.administrator();
    let answer = client
        .ask("{ seats(first: 100, filter: {state: FILLED, roles: [CHAIR]}) { nodes { id fill } } people(last: 1) { nodes { id } } }")
        .await;
    let seats = answer["seats"]["nodes"].as_array().expect("seats");
    let seat = seats.iter().find(|seat| seat["fill"] == "APPOINTED").expect("a chair who is appointed");
    let input = serde_json::json!({ "seat": { "id": seat["id"] }, "person": answer["people"]["nodes"][0]["id"] });
    assert_eq!(client.refused("addMember", input).await["rule"], "SEAT_CAPACITY");
    crate::search::index::in_step(&app).await;
}

#[tokio::test]
async fn the_command_line_generates_too() {
    let url = fresh_database().await;
    let run = || {
        Command::new(env!("CARGO_BIN_EXE_samverkan")).args(["generate", "--size", "S", "--database-url", &url]).output()
    };
    let first = run().expect("the binary");
    let said = String::from_utf8_lossy(&first.stdout);
    assert!(first.status.success() && said.contains("generated and proved"), "{said}");
    let second = run().expect("the binary");
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(second.status.code() == Some(1) && said.contains("the directory is not empty"), "{said}");
}
