//! Every number that the three source documents print, and what of ours holds it: `printed.tsv` lists the numbers in the order of the
//! documents, each with the phrase in which it stands, and `docs/figures.md` shows both beside each other.

use std::fs;

use entity::values::{GlobalId, SubjectKind};
use samverkan::domain::load;
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

const PRINTED: &str = include_str!("printed.tsv");
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/figures.md");

/// A line of the list.
struct Line<'a> {
    document: &'a str,
    phrase: &'a str,
    printed: &'a str,
    /// What holds it, or `- ` and why it states nothing.
    ours: &'a str,
}

fn lines() -> Vec<Line<'static>> {
    let line = |line: &'static str| match line.split('\t').collect::<Vec<_>>()[..] {
        [document, phrase, printed, ours] => Line { document, phrase, printed, ours },
        _ => panic!("four columns: {line}"),
    };
    PRINTED.lines().filter(|line| !line.starts_with('#')).map(line).collect()
}

/// What is printed, as a number or a range of ours; the text itself where it is none.
fn said(printed: &str) -> String {
    let words = ["noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta"];
    let first_word = words.iter().position(|word| printed == *word || printed == format!("{word}årsperiod"));
    if let Some(number) = first_word {
        return number.to_string();
    }
    let digits = |text: &str| text.replace([' ', '\u{a0}'], "").parse::<i64>().ok();
    if let Some(number) = digits(printed) {
        return number.to_string();
    }
    match printed.split_once(['-', '–']).map(|(from, to)| (digits(from), digits(to))) {
        // "5-6000" says its thousands once.
        Some((Some(from), Some(to))) if from < 10 && to >= 1000 => format!("{}–{to}", from * 1000),
        Some((Some(from), Some(to))) => format!("{from}–{to}"),
        _ => printed.to_owned(),
    }
}

async fn node(client: &Client, kind: SubjectKind, noun: &str, key: &str, fields: &str) -> Value {
    let id = GlobalId { kind: Some(kind), id: load::id(noun, key), lens: None }.to_string();
    let query = format!("query ($id: ID!) {{ node(id: $id) {{ {fields} }} }}");
    client.ask_with(&query, json!({ "id": id })).await["node"].take()
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

async fn figure(client: &Client, key: &str) -> String {
    let found = node(client, SubjectKind::Figure, "figure", key, "... on Figure { value valueTo exactness }").await;
    let number = match &found["valueTo"] {
        Value::Null => shown(&found["value"]),
        to => format!("{}–{to}", found["value"]),
    };
    format!("{}{number}", word(&found["exactness"]))
}

/// How exactly a number is stated, as the documents say it.
fn word(exactness: &Value) -> &'static str {
    match exactness.as_str() {
        Some("ABOUT") => "ca ",
        Some("AT_LEAST") => "minst ",
        Some("NEARLY") => "knappt ",
        _ => "",
    }
}

async fn project(client: &Client, key: &str, field: &str) -> String {
    let found = node(client, SubjectKind::Project, "project", key, &format!("... on Project {{ {field} }}")).await;
    shown(&found[field])
}

/// `<project> <name of the indicator> <its field>`
async fn indicator(client: &Client, what: &str) -> String {
    let (key, rest) = what.split_once(' ').expect("a project");
    let (name, field) = rest.rsplit_once(' ').expect("a field");
    let fields = format!("... on Project {{ indicators {{ name {field} }} }}");
    let found = node(client, SubjectKind::Project, "project", key, &fields).await;
    let of_name = found["indicators"].as_array().into_iter().flatten().find(|indicator| indicator["name"] == name);
    of_name.map_or_else(|| format!("no indicator {name}"), |indicator| shown(&indicator[field]))
}

async fn references(client: &Client, what: &str) -> Vec<String> {
    let (noun, key) = what.split_once(' ').expect("a noun");
    let kind = if noun == "project" { SubjectKind::Project } else { SubjectKind::Agreement };
    let fields = "... on Project { references } ... on Agreement { references }";
    let found = node(client, kind, noun, key, fields).await;
    found["references"].as_array().into_iter().flatten().map(shown).collect()
}

async fn count(client: &Client, group: &str, list: &str) -> String {
    let query = format!("{{ group(by: {{slug: \"{group}\"}}) {{ {list} {{ totalCount }} }} }}");
    let name = list.split('(').next().expect("a list");
    shown(&client.ask(&query).await["group"][name]["totalCount"])
}

/// What of ours stands in for what is printed; where several things do, the one that agrees.
async fn ours(client: &Client, line: &Line<'_>) -> String {
    let (sort, what) = line.ours.split_once(' ').expect("a sort");
    match sort {
        "figure" => figure(client, what).await,
        "indicator" => indicator(client, what).await,
        "participants" => {
            let fields = "... on Event { participants exactness }";
            let found = node(client, SubjectKind::Event, "event", what, fields).await;
            format!("{}{}", word(&found["exactness"]), found["participants"])
        }
        "project" => {
            let (key, field) = what.split_once(' ').expect("a field");
            project(client, key, field).await
        }
        "agreement" => {
            let key = what.split(' ').next().expect("a key");
            let fields = "... on Agreement { parties { number } }";
            let found = node(client, SubjectKind::Agreement, "agreement", key, fields).await;
            let numbers = found["parties"].as_array().into_iter().flatten().map(|party| &party["number"]);
            numbers.filter(|number| !number.is_null()).map(shown).collect()
        }
        "reference" => references(client, what).await.into_iter().find(|text| text == line.printed).unwrap_or_default(),
        "priorities" => count(client, what, "priorities(states: [PAST, CURRENT])").await,
        "seats" => count(client, what, "seats(filter: {roles: [MEMBER]})").await,
        other => panic!("{other}: what is this?"),
    }
}

/// A programme area is printed with its name, of which the number is a part.
fn agrees(phrase: &str, printed: &str, ours: &str) -> bool {
    let before = phrase.split(printed).next().unwrap_or_default().trim_end().to_lowercase();
    let stated = ["ca", "minst", "knappt"].into_iter().find(|word| before.trim_end_matches('.').ends_with(word));
    let stated = stated.map(|word| format!("{word} ")).unwrap_or_default();
    let plain = stated.is_empty() && ours.parse() == printed.parse::<f64>();
    let named = ours.split(' ').count() > 2 && ours.split(' ').any(|word| word == printed);
    format!("{stated}{}", said(printed)) == ours || plain || named
}

const HEAD: &str = "# The documents' figures

Every number that the three source documents print, in their order, and what of ours holds it. This page is written by a test, which compares the two:
`SAMVERKAN_WRITE=1 cargo test --test proof figure::printed`.

| document | phrase | printed | ours | where |
| --- | --- | --- | --- | --- |
";

#[tokio::test]
async fn every_number_that_the_documents_print_is_ours_or_states_nothing() {
    let app = TestApp::demo().await;
    let client = app.public();
    let (mut page, mut differ, mut silent) = (HEAD.to_owned(), Vec::new(), String::new());
    for line in lines() {
        if let Some(why) = line.ours.strip_prefix("- ") {
            silent += &format!("| {} | {} | {} | {why} |\n", line.document, line.phrase, line.printed);
            continue;
        }
        let ours = ours(&client, &line).await;
        if !agrees(line.phrase, line.printed, &ours) {
            differ.push(format!("{}: printed {}, ours {ours} ({})", line.phrase, line.printed, line.ours));
        }
        page += &format!("| {} | {} | {} | {ours} | {} |\n", line.document, line.phrase, line.printed, line.ours);
    }
    assert!(differ.is_empty(), "{differ:#?}");
    page +=
        "\n## Numbers that state nothing\n\n| document | phrase | printed | what it is |\n| --- | --- | --- | --- |\n";
    page += &silent;
    if std::env::var_os("SAMVERKAN_WRITE").is_some() {
        fs::write(PAGE, &page).expect("the page");
    }
    assert!(
        fs::read_to_string(PAGE).unwrap_or_default() == page,
        "docs/figures.md is out of date: see its first lines"
    );
}

#[test]
fn numbers_are_read_as_they_are_printed() {
    let read =
        [("sju", "7"), ("tvåårsperiod", "2"), ("2 245 345", "2245345"), ("5-6000", "5000–6000"), ("6–12", "6–12")];
    for (printed, number) in read {
        assert_eq!(said(printed), number);
    }
    assert!(agrees("", "2", "Programområde 2 Ökat") && agrees("", "40", "40.0") && !agrees("", "41", "40.0"));
    assert!(
        agrees("med ca. 65", "65", "ca 65") && !agrees("med ca. 65", "65", "65") && !agrees("med 65", "65", "ca 65")
    );
}
