//! Search: folded substrings, the nearest first, and people only for those who have signed in.

mod changes;
pub mod index;
mod model;

use entity::values::Audience;
use serde_json::json;

use crate::support::{Client, TestApp, all};

const SEARCH: &str = "query ($text: String!, $types: [SearchType!], $asOf: Date) {
    search(text: $text, types: $types, asOf: $asOf, first: 100) { totalCount nodes {
        ... on Organisation { name } ... on Group { name } ... on Position { name: title } ... on Person { name }
    } }
}";

async fn names(client: &Client, text: &str) -> Vec<String> {
    let answer = client.ask_with(SEARCH, json!({ "text": text })).await;
    let names = all(&answer, "search.nodes.*.name");
    assert_eq!(answer["search"]["totalCount"], names.len(), "{text}");
    names
}

fn organisations(names: &[&str]) -> String {
    let organisation = |(number, name): (usize, &&str)| {
        format!("[[organisation]]\nkey = \"o{number}\"\nkind = \"OTHER\"\nname = \"{name}\"\n")
    };
    names.iter().enumerate().map(organisation).collect()
}

#[tokio::test]
async fn ostersund_finds_ostersunds_kommun_first() {
    let app = TestApp::demo().await;
    for text in ["ostersund", "Östersund", "ÖSTERSUND", "östersund", " Östersund! ", "O\u{308}stersund"] {
        let names = names(&app.public(), text).await;
        assert_eq!(names.first().map(String::as_str), Some("Östersunds kommun"), "{text}");
        assert!(names.contains(&"Arbetsförmedlingen Östersund".to_owned()), "{text}: {names:?}");
    }
}

#[tokio::test]
async fn the_text_itself_stands_before_a_beginning_a_word_and_a_part() {
    let ordered = ["Råd", "Rada", "Råd för alla", "Rådet", "Ett råd", "Vårt rådslag", "Barnråd", "Samråd", "Äldreråd"];
    let app = TestApp::of(&organisations(&ordered.iter().rev().copied().collect::<Vec<_>>())).await;
    assert_eq!(names(&app.public(), "råd").await, ordered);
    assert_eq!(names(&app.public(), "rad").await, ordered);
}

#[tokio::test]
async fn a_short_name_is_as_good_as_the_name() {
    let short =
        "[[organisation]]\nkey = \"are\"\nkind = \"MUNICIPALITY\"\nname = \"Åre kommun\"\nshortName = \"Åre\"\n";
    let app = TestApp::of(&format!("{}{short}", organisations(&["Arena", "Bygdens arena"]))).await;
    assert_eq!(names(&app.public(), "Åre").await, ["Åre kommun", "Arena", "Bygdens arena"]);
    let run =
        "[[group]]\nkey = \"run\"\nname = \"Regionalt Utvecklingsnätverk\"\nshortName = \"RUN\"\nkind = \"NETWORK\"\n";
    let app = TestApp::of(&format!("{}{run}", organisations(&["Runda bordet", "Brunn"]))).await;
    assert_eq!(names(&app.public(), "run").await, ["Regionalt Utvecklingsnätverk", "Runda bordet", "Brunn"]);
}

#[tokio::test]
async fn one_or_two_signs_find_only_what_begins_with_them() {
    let app = TestApp::of(&organisations(&["Å", "Ås", "Asp", "Bås", "Stora Ås"])).await;
    let client = app.public();
    assert_eq!(names(&client, "å").await, ["Å", "Asp", "Ås"]);
    assert_eq!(names(&client, "ås").await, ["Ås", "Asp"]);
    assert_eq!(names(&client, "bås").await, ["Bås"]);
}

#[tokio::test]
async fn signs_that_databases_know_are_only_signs() {
    let app = TestApp::of(&organisations(&["Hundra procent", "Under_streck", "Sju"])).await;
    let client = app.public();
    for (text, found) in [
        ("hundra%", vec!["Hundra procent"]),
        ("under_streck", vec!["Under_streck"]),
        ("%sju%", vec!["Sju"]),
        ("s_u", vec![]),
        ("'sju'", vec!["Sju"]),
    ] {
        assert_eq!(names(&client, text).await, found, "{text}");
    }
}

#[tokio::test]
async fn without_letters_or_with_too_many_there_is_nothing_to_search_for() {
    let app = TestApp::of(&organisations(&["Å"])).await;
    let client = app.public();
    for text in ["", " ", "!?%_", "\u{308}", &"a".repeat(101)] {
        let answer = client.answer(SEARCH, json!({ "text": text })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID_SEARCH", "{text:?}");
    }
    assert_eq!(names(&client, &"a".repeat(100)).await, [""; 0]);
}

#[tokio::test]
async fn people_are_found_only_after_signing_in() {
    let app = TestApp::demo().await;
    let people = json!({ "text": "gregorsson", "types": ["PERSON"] });
    for variables in [json!({ "text": "gregorsson" }), people.clone()] {
        let nothing = json!({ "search": { "totalCount": 0, "nodes": [] } });
        assert_eq!(app.public().ask_with(SEARCH, variables).await, nothing);
    }
    let found = app.seeing(Audience::SignedIn).ask_with(SEARCH, people).await;
    assert_eq!(all(&found, "search.nodes.*.name"), ["Marina Gregorsson"]);
}

#[tokio::test]
async fn hidden_groups_are_not_found() {
    let app = TestApp::demo().await;
    let text = "nätverkets arbetsgrupp";
    assert_eq!(names(&app.public(), text).await, [""; 0]);
    let found = names(&app.seeing(Audience::SignedIn), text).await;
    assert_eq!(found, ["Demonstrationsnätverkets arbetsgrupp (påhittad)"]);
}

#[tokio::test]
async fn only_the_types_that_are_asked_for_are_found() {
    let app = TestApp::demo().await;
    let client = app.seeing(Audience::SignedIn);
    let mut sum = 0;
    for (kind, name) in
        [("ORGANISATION", "Organisation"), ("GROUP", "Group"), ("POSITION", "Position"), ("PERSON", "Person")]
    {
        let query = format!("{{ search(text: \"demo\", types: [{kind}], first: 100) {{ nodes {{ __typename }} }} }}");
        let types = all(&client.ask(&query).await, "search.nodes.*.__typename");
        assert!(!types.is_empty() && types.iter().all(|found| found == name), "{kind}: {types:?}");
        sum += types.len();
    }
    let query =
        "{ search(text: \"demo\", types: [], first: 100) { totalCount } all: search(text: \"demo\") { totalCount } }";
    let answer = client.ask(query).await;
    assert_eq!([&answer["search"]["totalCount"], &answer["all"]["totalCount"]], [&json!(0), &json!(sum)]);
}

#[tokio::test]
async fn search_sees_names_and_existence_as_of_the_day() {
    let app = TestApp::demo().await;
    let client = app.public();
    for (text, day, found) in [
        ("regionförbundet", None, vec![]),
        ("regionförbundet", Some("2014-06-01"), vec!["Regionförbundet Jämtlands län"]),
        ("påhittade yrkesskolan", Some("2021-06-30"), vec!["Påhittade yrkesskolan"]),
        ("påhittade yrkesskolan", Some("2021-07-01"), vec![]),
        ("demoskolan", Some("2021-07-01"), vec!["Demoskolan (påhittad)"]),
        ("demonstrationsgruppen", Some("2019-12-31"), vec!["Demonstrationsgruppen (påhittad)"]),
        ("demonstrationsgruppen", Some("2020-01-01"), vec![]),
    ] {
        let types = ["ORGANISATION", "GROUP"];
        let answer = client.ask_with(SEARCH, json!({ "text": text, "asOf": day, "types": types })).await;
        assert_eq!(all(&answer, "search.nodes.*.name"), found, "{text} on {day:?}");
    }
}
