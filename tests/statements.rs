//! How many SQL statements an answer takes: a number that follows from the query's shape, and never from the rows.

mod answers;
mod workloads;

use entity::values::Audience;

use crate::paging::world::world;
use crate::support::{Client, TestApp, all};

const GROUP_PAGE: &str = r#"{ group(by: {slug: "hub"}) {
    name purpose period { from } parent { name } convener { name }
    subgroups(first: 100) { nodes { name } }
    relations { kind group { name } target { __typename ... on Group { name } ... on Organisation { name } } }
    seats(first: 100) { nodes { state vacantSince organisation { name } appointer { name } position { title } } }
    members(first: 100) { nodes {
        role person { name } onBehalfOf { name } contactPoints { text } decision { body } substitutions { person { name } }
        replaces { period { until } } sources { quote }
    } }
    organisations(first: 100) { nodes { name } }
    chair { person { name } } viceChair { person { name } } contacts { person { name } contactPoints { text } }
    contactPoints { text } nextMeeting { startsAt } meetingCount(year: 2025) { held }
    schedules(first: 100) { nodes { perYear } } figures(first: 100) { nodes { value sources { quote } } }
    meetings(first: 100) { nodes { startsAt place digitalOffered sittings { joint groups { name } } } }
    sources { quote document { title } }
} }"#;

const PERSON_PAGE: &str = r#"{ person(id: "$everywhere") {
    name contactPoints { text }
    tenures { position { title organisation { name } } }
    memberships(first: 100) { nodes { role group { name } onBehalfOf { name } period { from until } replacedBy { person { name } } } }
    meetings(first: 100) { nodes { startsAt groups { name } } }
} }"#;

const DIRECTORY_PAGE: &str = r#"{ groups(first: 50) { nodes {
    name kind
    members(first: 5) { nodes { role person { name } onBehalfOf { name } } }
    nextMeeting { startsAt place }
} } }"#;

const ORGANISATION_PAGE: &str = r#"{ organisation(by: {slug: "all"}) {
    name names { name } parent { name } successor { name } predecessors { name } contactPoints { text }
    units(first: 100) { nodes { name } }
    positions(first: 100) { nodes { title holder { person { name } } } }
    people(first: 100) { nodes { name } }
    representation(first: 100) { nodes { role group { name } person { name } period { until } } }
    vacantSeats(first: 100) { nodes { role group { name } vacantSince } }
    figures(first: 100) { nodes { value } }
} }"#;

const SEARCH_PAGE: &str = r#"{ search(text: "ord", first: 100) { nodes {
    __typename ... on Organisation { name parent { name } } ... on Group { name } ... on Person { name }
    ... on Position { title organisation { name } }
} } }"#;

const AGREEMENT_PAGE: &str = r#"{ agreement(by: {reference: "RUN/1/2010"}) {
    name purpose references period { from } owner { name } parent { name }
    parties { organisation { name } description period { from until } notice { from } }
    assignments(first: 100) { nodes {
        name owner { __typename ... on Group { name } ... on Organisation { name } } projects(first: 5) { nodes { name } }
    } }
    children(first: 100) { nodes { name references owner { name } parties { organisation { name } } } }
    sources { quote document { title } }
} }"#;

const PROJECTS_PAGE: &str = r#"{ projects(first: 100, filter: {year: 2025}) { nodes {
    name summary objective references fund phase owner { name } contact { person { name } contactPoints { text } }
    assignment { name agreement { name } } partners { organisation { name } description } municipalities { name }
    indicators { name target outcome women men } figures(first: 5) { nodes { value } } sources { quote }
} } }"#;

const ROSTER: &str = r#"{ groups(first: 100) { nodes {
    seats(first: 10) { nodes { members(first: 5) { nodes { person { name } onBehalfOf { name } } } } }
} } }"#;

/// Each page with the number of its statements.
const PAGES: [(&str, &str, u64); 8] = [
    ("group", GROUP_PAGE, 38),
    ("person", PERSON_PAGE, 7),
    ("directory", DIRECTORY_PAGE, 3),
    ("organisation", ORGANISATION_PAGE, 13),
    ("search", SEARCH_PAGE, 6),
    ("roster", ROSTER, 3),
    ("agreement", AGREEMENT_PAGE, 14),
    ("projects", PROJECTS_PAGE, 15),
];

/// The pages by name.
pub fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    PAGES.iter().map(|(page, query, _)| (*page, *query))
}

async fn everywhere(client: &Client) -> String {
    let answer = client.ask(r#"{ people(filter: {text: "Eva Överallt"}) { nodes { id } } }"#).await;
    answer["people"]["nodes"][0]["id"].as_str().expect("a person everywhere").to_owned()
}

async fn measured(rows: usize) -> Vec<(&'static str, u64)> {
    let app = TestApp::of(&world(&(1..=rows).collect::<Vec<_>>())).await;
    let client = app.seeing(Audience::SignedIn);
    let person = everywhere(&client).await;
    let mut counts = Vec::new();
    for (page, query, _) in PAGES {
        counts.push((page, client.statements(&query.replace("$everywhere", &person)).await));
    }
    counts
}

fn expected() -> Vec<(&'static str, u64)> {
    PAGES.iter().map(|(page, _, count)| (*page, *count)).collect()
}

#[tokio::test]
async fn a_page_of_one_row_takes_its_number_of_statements() {
    assert_eq!(measured(1).await, expected());
}

#[tokio::test]
async fn a_page_of_a_hundred_rows_takes_no_more() {
    assert_eq!(measured(100).await, expected());
}

/// Lists of several kinds: at the root, of one thing, of each of several, and of search.
const LISTS: [&str; 6] = [
    "{ groups(first: 3) { nodes { id } $ } }",
    "{ memberships(first: 3) { nodes { id } $ } }",
    r#"{ group(by: {slug: "hub"}) { members(first: 3) { nodes { id } $ } } }"#,
    r#"{ organisation(by: {slug: "all"}) { vacantSeats(first: 3) { nodes { id } $ } } }"#,
    "{ groups(first: 3) { nodes { seats(first: 3) { nodes { id } $ } } } }",
    r#"{ search(text: "ord", first: 3) { nodes { __typename } $ } }"#,
];

#[tokio::test]
async fn the_total_takes_one_statement_more_however_it_is_asked_for() {
    let app = TestApp::of(&world(&[1, 2, 3, 4, 5])).await;
    let client = app.public();
    for list in LISTS {
        let without = client.statements(&list.replace('$', "")).await;
        for asked in ["totalCount", "count: totalCount", "... { totalCount }", "totalCount totalCount"] {
            let with = client.statements(&list.replace('$', asked)).await;
            assert_eq!(with, without + 1, "{asked} in {list}");
        }
        for skipped in ["totalCount @skip(if: true)", "... @include(if: false) { totalCount }"] {
            let with = client.statements(&list.replace('$', skipped)).await;
            assert_eq!(with, without, "{skipped} in {list}");
        }
    }
}

#[tokio::test]
async fn what_is_in_the_row_itself_takes_no_statement_of_its_own() {
    let app = TestApp::of(&world(&[1, 2, 3])).await;
    let client = app.public();
    let lean = client.statements("{ groups { nodes { id } } }").await;
    let row = "id slug name shortName kind audience version period { from state } __typename";
    assert_eq!((lean, client.statements(&format!("{{ groups {{ nodes {{ {row} }} }} }}")).await), (1, 1));
    let joined = "role seat { role } person { name } onBehalfOf { name } period { until } decision { body } endReason";
    assert_eq!(client.statements(&format!("{{ memberships {{ nodes {{ {joined} }} }} }}")).await, 1);
}

#[tokio::test]
async fn figures_by_their_ids_take_two_statements_however_many_they_are() {
    let app = TestApp::of(&world(&[1, 2, 3])).await;
    let client = app.public();
    let found = client.ask(r#"{ groups { nodes { figures { nodes { id } } } } }"#).await;
    let ids = all(&found, "groups.nodes.*.figures.nodes.*.id");
    assert!(ids.len() > 2, "several figures");
    for number in [1, ids.len()] {
        let query = format!("{{ nodes(ids: {:?}) {{ ... on Figure {{ value }} }} }}", &ids[..number]);
        assert_eq!(client.statements(&query).await, 2, "{number} figures");
    }
}

#[tokio::test]
async fn a_field_that_is_asked_for_twice_loads_what_each_wants_of_it() {
    let app = TestApp::of(&world(&[1, 2, 3])).await;
    let twice = r#"{ group(by: {slug: "hub"}) { a: members(first: 2) { nodes { id } } b: members(first: 2) { nodes { role } } } }"#;
    assert_eq!(app.public().statements(twice).await, 3);
}
