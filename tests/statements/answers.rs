//! Answers to the byte: whichever database holds the demonstration, they are those of the committed file.

use serde_json::json;

use crate::support::TestApp;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/answers.txt");

/// Queries of many kinds: order, dates, times, flags, missing values, nested pages, cursors, history.
const QUERIES: [&str; 10] = [
    r#"{ groups(first: 12, orderBy: {field: FROM, direction: DESC}) { totalCount edges { cursor node { id slug name kind period { from until state } } } } }"#,
    r#"{ organisations(last: 8) { totalCount pageInfo { hasPreviousPage startCursor } nodes { name kind organisationNumber municipalityCode parent { slug } } } }"#,
    r#"{ group(by: {slug: "kommunchefgruppen"}) { purpose members(first: 4) { edges { cursor node { id role period { from lastDay fromPrecision untilPrecision } person { name } onBehalfOf { name } contactPoints { kind value text label } } } } contacts { role person { name } } } }"#,
    r#"{ group(by: {slug: "samverkansradet"}, asOf: "2019-06-01") { id chair { person { name } period { from until } replacedBy { person { name } endReason } } seats(first: 6) { nodes { role fill capacity voting state vacantSince organisation { slug } } } meetingCount(year: 2019) { recorded stated held } } }"#,
    r#"{ meetings(between: {from: "2020-02-01", until: "2020-07-01"}) { edges { cursor node { title kind state startsAt endsAt sittings { startsAt precision joint digitalOffered groups { slug } } attendance(first: 3) { totalCount nodes { mode person { name } } } } } } }"#,
    r#"{ search(text: "ostersund") { totalCount edges { cursor node { __typename ... on Organisation { name } ... on Position { title } ... on Group { name } } } } }"#,
    r#"{ organisation(by: {municipalityCode: "2305"}) { representation(first: 6) { edges { cursor node { role group { slug } person { name } period { until } } } } vacantSeats { nodes { group { slug } role vacantSince } } sources { quote note unclear document { slug date } } } }"#,
    r#"{ seats(filter: {state: VACANT, roles: [CHAIR, MEMBER]}, first: 10) { totalCount edges { cursor node { role group { slug } organisation { slug } description } } } }"#,
    r#"{ group(by: {slug: "socsam"}) { schedules { nodes { recurrence except extra startTime minutes digitalOffered period { from until } } } figures { nodes { value } } relations { kind } nextMeeting { startsAt } } memberships(first: 5, filter: {endingBefore: "2027-06-01"}) { edges { cursor node { period { until } decision { body date reference } } } } }"#,
    r#"{ groups(first: 101) { nodes { id } } people { nodes { id } } node(id: "none") { id } organisation(by: {slug: "skr"}) { names { name shortName period { from } } successor { slug } predecessors { slug } } }"#,
];

/// One command mends the file: `SAMVERKAN_WRITE=1 cargo test --test proof statements::answers`
#[tokio::test]
async fn answers_are_the_same_to_the_byte_on_either_database() {
    let app = TestApp::demo().await;
    let mut answers = String::new();
    for query in QUERIES {
        answers += &format!("{query}\n{}\n\n", app.public().text(query, json!({})).await);
    }
    if std::env::var_os("SAMVERKAN_WRITE").is_some() {
        std::fs::write(FILE, &answers).expect("the file of answers");
    }
    let committed = std::fs::read_to_string(FILE).unwrap_or_default();
    for (answer, expected) in answers.lines().zip(committed.lines().chain(std::iter::repeat(""))) {
        assert_eq!(
            answer, expected,
            "if it is meant to be so: SAMVERKAN_WRITE=1 cargo test --test proof statements::answers"
        );
    }
    assert_eq!(answers, committed);
}

#[tokio::test]
async fn asking_again_gives_the_same_bytes() {
    let app = TestApp::demo().await;
    for query in QUERIES {
        let (once, again) = (app.public().text(query, json!({})).await, app.public().text(query, json!({})).await);
        assert_eq!(once, again);
    }
}
