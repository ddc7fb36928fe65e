//! The schema as text: current, described to the last argument, and the same for everybody.

use samverkan::graphql;
use serde_json::Value;

use crate::support::{TestApp, all};

#[test]
fn the_committed_schema_is_what_the_binary_prints() {
    let printed = graphql::sdl();
    let committed = include_str!("../schema.graphql");
    assert!(printed == committed, "schema.graphql is not current: run `cargo run -- schema > schema.graphql`");
}

/// What the specification itself defines is described by the engine.
fn ours(types: &Value) -> Vec<&Value> {
    let builtin = ["Int", "String", "Boolean", "ID", "Float"];
    let of_us = |name: &str| !name.starts_with("__") && !builtin.contains(&name);
    types.as_array().into_iter().flatten().filter(|kind| kind["name"].as_str().is_some_and(of_us)).collect()
}

async fn types() -> Value {
    let query = "{ __schema { types { name description
        fields { name description args { name description } }
        inputFields { name description } enumValues { name description } } } }";
    TestApp::demo().await.public().ask(query).await["__schema"]["types"].take()
}

#[tokio::test]
async fn everything_in_the_schema_is_described() {
    let types = types().await;
    let described = |value: &Value| value["description"].as_str().is_some_and(|text| !text.trim().is_empty());
    let mut bare = Vec::new();
    for kind in ours(&types) {
        let mut parts = vec![(kind["name"].to_string(), kind)];
        for list in ["fields", "inputFields", "enumValues"] {
            for part in kind[list].as_array().into_iter().flatten() {
                parts.push((format!("{}.{}", kind["name"], part["name"]), part));
                let arguments = part["args"].as_array().into_iter().flatten();
                parts.extend(arguments.map(|a| (format!("{}.{}({})", kind["name"], part["name"], a["name"]), a)));
            }
        }
        bare.extend(parts.into_iter().filter(|(_, part)| !described(part)).map(|(name, _)| name));
    }
    assert!(bare.is_empty(), "without a description: {bare:#?}");
}

#[tokio::test]
async fn every_value_of_an_enum_begins_with_its_swedish_term() {
    let types = types().await;
    for kind in ours(&types) {
        for description in all(kind, "enumValues.*.description") {
            let term = description.split_once(": ").map(|(term, _)| term);
            assert!(term.is_some_and(|term| term.chars().count() < 40), "{}: {description}", kind["name"]);
        }
    }
}
