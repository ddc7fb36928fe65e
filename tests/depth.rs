//! The deepest queries that are answered leave room on the stack of a thread, also without optimisation.

use std::thread;

use serde_json::Value;
use tokio::runtime;

use crate::support::TestApp;

/// Three quarters of what Rust gives a thread, in bytes.
const MOST: usize = 1536 * 1024;

/// Queries as deep as they may be, through what has the most fields, and what they find at the bottom.
const DEEPEST: [(&str, &str); 3] = [
    (
        "{ memberships(first: 1) { nodes { group { members(first: 1) { nodes { person { memberships(first: 1) { nodes { group {
            members(first: 1) { nodes { id } } } } } } } } } } } }",
        "/memberships/nodes/0/group/members/nodes/0/person/memberships/nodes/0/group/members/nodes/0/id",
    ),
    (
        "{ memberships(first: 1) { nodes { group { organisations(first: 1) { nodes { representation(first: 1) { nodes {
            group { organisations(first: 1) { nodes { period { state } } } } } } } } } } } }",
        "/memberships/nodes/0/group/organisations/nodes/0/representation/nodes/0/group/organisations/nodes/0/period/state",
    ),
    (
        "{ groups(first: 1) { nodes { history(first: 1) { nodes { effects { on { ... on Group { history(first: 1) {
            nodes { effects { on { ... on Group { period { state } } } } } } } } } } } } } }",
        "/groups/nodes/0/history/nodes/0/effects/0/on/history/nodes/0/effects/0/on/period/state",
    ),
];

#[test]
fn the_deepest_queries_leave_room_on_the_stack() {
    let ask = || {
        let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let client = TestApp::demo().await.administrator();
            for (query, deepest) in DEEPEST {
                let answer = client.ask(query).await;
                assert!(answer.pointer(deepest).is_some_and(Value::is_string), "{answer:#}");
            }
        });
    };
    thread::Builder::new()
        .name("the deepest".to_owned())
        .stack_size(MOST)
        .spawn(ask)
        .expect("a thread")
        .join()
        .expect("answers");
}
