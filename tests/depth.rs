//! The deepest query that is answered fits the stack of a thread, also without optimisation.

use crate::support::TestApp;

#[tokio::test]
async fn the_deepest_query_is_answered() {
    let query = "{ groups(first: 3) { nodes { seats(first: 3) { nodes { members(first: 2) { nodes { person { memberships(first: 2) {
        nodes { group { name convener { name } } } } } } } } } } } }";
    let answer = TestApp::demo().await.public().ask(query).await;
    assert_eq!(answer["groups"]["nodes"].as_array().map(Vec::len), Some(3));
}
