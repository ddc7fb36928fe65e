//! The page that everybody reads first is true: its answers, its settings, its commands.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use samverkan::config::{Flags, Settings};
use serde_json::{Value, json};

use crate::config::Place;
use crate::support::TestApp;

const PAGE: &str = include_str!("../README.md");

/// A block of code on the page.
struct Block {
    language: &'static str,
    /// The number of its first line.
    line: usize,
    text: String,
}

fn blocks() -> Vec<Block> {
    let (mut blocks, mut open) = (Vec::new(), None::<Block>);
    for (number, line) in (1..).zip(PAGE.lines()) {
        match (open.take(), line.strip_prefix("```")) {
            (None, Some(language)) => open = Some(Block { language, line: number + 1, text: String::new() }),
            (Some(block), Some(_)) => blocks.push(block),
            (Some(block), None) => open = Some(Block { text: block.text + line + "\n", ..block }),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "README.md: a block of code does not end");
    blocks
}

/// Each query with the answer that the page gives.
fn queries() -> Vec<(Block, Value)> {
    let mut blocks = blocks().into_iter().peekable();
    let mut queries = Vec::new();
    while let Some(query) = blocks.next() {
        if query.language != "graphql" {
            continue;
        }
        let answer = blocks.next_if(|block| block.language == "json");
        let answer = answer.unwrap_or_else(|| panic!("README.md:{}: the query has no answer", query.line));
        let parsed = serde_json::from_str(&answer.text);
        queries.push((query, parsed.unwrap_or_else(|error| panic!("README.md:{}: {error}", answer.line))));
    }
    queries
}

/// Every place where two values are not the same.
fn differences(place: &str, page: &Value, server: &Value) -> Vec<String> {
    let absent = Value::Null;
    match (page, server) {
        (Value::Object(left), Value::Object(right)) => {
            let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            let missing = |name: &&String| left.contains_key(*name) != right.contains_key(*name);
            let only = names.iter().copied().filter(missing).map(|name| {
                let side = if left.contains_key(name) { "the page" } else { "the server" };
                format!("  {place}.{name}: only {side} has it")
            });
            let both = names.iter().copied().filter(|name| !missing(name));
            let get = |side: &Value, name: &String| side.get(name).unwrap_or(&absent).clone();
            let below =
                both.flat_map(|name| differences(&format!("{place}.{name}"), &get(page, name), &get(server, name)));
            only.chain(below).collect()
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            let pairs = left.iter().zip(right).enumerate();
            pairs.flat_map(|(at, (page, server))| differences(&format!("{place}[{at}]"), page, server)).collect()
        }
        _ if page == server => Vec::new(),
        _ => vec![format!("  {place}:\n    the page    {page}\n    the server  {server}")],
    }
}

#[tokio::test]
async fn the_answers_are_what_the_server_says() {
    let queries = queries();
    assert!(queries.len() >= 5, "README.md shows {} queries, and should show at least five", queries.len());
    let anyone = TestApp::demo().await.public();
    let mut wrong = Vec::new();
    for (query, page) in &queries {
        // The page says of all answers at once that they tell their cost.
        let mut server = anyone.answer(&query.text, json!({})).await;
        assert!(server.get("errors").is_none(), "README.md:{}: {server:#}", query.line);
        server.as_object_mut().and_then(|answer| answer.remove("extensions")).expect("the cost");
        let differences = differences("", page, &server);
        if !differences.is_empty() {
            wrong.push(format!("README.md:{}: another answer\n{}", query.line, differences.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n\n"));
}

/// What follows a flag of a command on the page, in quotes, each time.
fn quoted<'a>(command: &'a str, flag: &str) -> Vec<&'a str> {
    let parts: Vec<&str> = command.split('\'').collect();
    parts.chunks_exact(2).filter(|pair| pair[0].trim_end().ends_with(flag)).map(|pair| pair[1]).collect()
}

#[tokio::test]
async fn the_command_that_asks_for_a_price_is_told_it() {
    let asks = |block: &Block| block.language == "sh" && block.text.contains("graphql-cost: validate");
    let blocks = blocks();
    let at = blocks.iter().position(asks).expect("README.md: how to ask for a price");
    let command = blocks[at].text.as_str();
    let anyone = TestApp::demo().await.public();
    let body: Value = serde_json::from_str(quoted(command, "-d")[0]).expect("JSON");
    let mut request = anyone.post(&body);
    for header in quoted(command, "-H") {
        let (name, value) = header.split_once(": ").expect("a header");
        request = request.header(name, value);
    }
    let answer: Value = serde_json::from_str(&blocks[at + 1].text).expect("JSON");
    request.send().await.assert_json(answer).await;
}

#[test]
fn differences_name_their_place() {
    let page = json!({ "a": [{ "b": 1, "c": null }], "d": [1], "e": "x" });
    assert_eq!(differences("", &page, &page), Vec::<String>::new());
    let server = json!({ "a": [{ "b": 2 }], "d": [1, 2], "e": "x", "f": 0 });
    assert_eq!(
        differences("", &page, &server),
        [
            "  .f: only the server has it",
            "  .a[0].c: only the page has it",
            "  .a[0].b:\n    the page    1\n    the server  2",
            "  .d:\n    the page    [1]\n    the server  [1,2]",
        ]
    );
}

/// The rows of the table of settings: setting, variable, flag, default; of each cell what stands in backticks first, if anything.
fn settings() -> Vec<[Option<&'static str>; 4]> {
    let table = PAGE.lines().skip_while(|line| !line.starts_with("| setting | environment | flag | default |"));
    let rows = table.skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells = row.trim_matches('|').split('|').map(|cell| cell.split('`').nth(1));
        cells.collect::<Vec<_>>().try_into().unwrap_or_else(|_| panic!("README.md: not four cells: {row}"))
    })
    .collect()
}

/// What the message about something unknown says is known.
fn known(variables: &[(&str, &str)], file: &Path) -> Vec<String> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let error = Settings::from(&Flags::default(), variables, file).expect_err("something unknown").to_string();
    let (_, known) = error.rsplit_once("known are ").unwrap_or_else(|| panic!("{error}"));
    known.trim().split(", ").map(str::to_owned).collect()
}

#[test]
fn the_table_of_settings_is_the_whole_truth() {
    let rows = settings();
    let column = |number: usize| rows.iter().map(|row| row[number]).collect::<Vec<_>>();
    let named = |number: usize| column(number).into_iter().flatten().map(str::to_owned).collect::<Vec<_>>();
    // The manifest is a file in TOML that has no setting of ours.
    assert_eq!(named(0), known(&[], &Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")));
    let variables = known(&[("SAMVERKAN_NO_SUCH_THING", "")], Path::new("none.toml"));
    let (file, variables): (Vec<_>, _) = variables.into_iter().partition(|name| name == "SAMVERKAN_CONFIG");
    assert!(file.len() == 1 && PAGE.contains("`SAMVERKAN_CONFIG`"), "the text says what names the file");
    assert_eq!(named(1), variables);
    assert_eq!(named(2).into_iter().collect::<BTreeSet<_>>(), flags());
    let defaults = Settings::from(&Flags::default(), [], Path::new("none.toml")).expect("defaults");
    let format = if defaults.log.json { "json" } else { "text" };
    let assets = defaults.http.graphiql_assets.as_deref().and_then(Path::to_str);
    let (url, listen, log) = (&defaults.database.url, &defaults.http.listen, &defaults.log.filter);
    let own = if defaults.tokens.own { "on" } else { "off" };
    let public = Some(defaults.public_url.as_str());
    let points = defaults.http.points_per_minute.map(|points| points.to_string());
    let points = points.as_deref();
    let (url, own, log, format) = (Some(url.as_str()), Some(own), Some(log.as_str()), Some(format));
    let mode = Some(if defaults.http.production { "production" } else { "development" });
    assert!(defaults.http.allowed_origins.is_empty());
    let only = Some(if defaults.http.only_stored_documents { "on" } else { "off" });
    let doors = [url, Some(listen), public, mode, None, points, None, None, only, assets];
    let row = [doors.as_slice(), &[None, None, None, own, log, format, None]].concat();
    assert!(defaults.http.trusted_proxies.is_empty() && defaults.http.metrics_listen.is_none());
    assert!(defaults.http.stored_documents.is_empty());
    assert_eq!(column(3), row);
    assert!(defaults.mail.is_none());
    assert!(defaults.tokens.issuers.is_empty());
}

#[test]
fn settings_files_on_the_page_are_read_as_they_stand() {
    let examples: Vec<Block> = blocks().into_iter().filter(|block| block.language == "toml").collect();
    assert!(examples.len() >= 3, "a file, Entra ID and Keycloak");
    let place = Place::new("readme");
    for example in examples {
        let file = place.file("samverkan.toml", &example.text);
        let read = Settings::from(&Flags::default(), [], &file);
        let settings = read.unwrap_or_else(|error| panic!("README.md:{}: {error}", example.line));
        for issuer in settings.tokens.issuers {
            assert!(issuer.roles_claim.is_some() && !issuer.roles.is_empty(), "README.md:{}", example.line);
        }
    }
}

/// The flags that set something: those of `serve` that take a value, without the one that names the file.
fn flags() -> BTreeSet<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_samverkan")).args(["serve", "--help"]).output().expect("the binary");
    let help = String::from_utf8(output.stdout).expect("text");
    let options = help.lines().filter_map(|line| line.trim_start().strip_prefix("--"));
    let valued = options.filter_map(|option| option.split_once(" <")).map(|(name, _)| format!("--{name}"));
    valued.filter(|flag| flag != "--config").collect()
}

#[test]
fn both_commands_stand_alone_in_a_block() {
    for command in ["cargo run --release -- serve --demo", "cargo test --workspace"] {
        let alone =
            blocks().iter().any(|block| block.language == "sh" && block.text.lines().any(|line| line == command));
        assert!(alone, "README.md: `{command}` is not a line of a block of shell commands");
    }
}

#[test]
fn no_path_of_any_machine_is_on_the_page() {
    let private = ["/work/", "/home/", "/root/", "/tmp/", "/Users/"];
    let lines = PAGE.lines().filter(|line| private.iter().any(|path| line.contains(path)));
    assert_eq!(lines.collect::<Vec<_>>(), Vec::<&str>::new());
}
