//! Columns are fetched for the fields that are selected. A field must therefore say the same alone as among all others of its type.

use serde_json::Value;

use crate::support::{Client, TestApp};

/// Where rows are fetched as far as they are selected: the type, and a document with `$` for its fields.
const PLACES: [(&str, &str); 17] = [
    ("Group", "{ groups(first: 15) { nodes { $ } } }"),
    ("Group", r#"{ group(by: {slug: "kommunchefgruppen"}) { $ } }"#),
    ("Group", "{ groups(first: 60) { nodes { subgroups(first: 2) { nodes { $ } } } } }"),
    ("Group", "{ memberships(first: 15) { nodes { group { $ } } } }"),
    ("Organisation", "{ organisations(first: 15) { nodes { $ } } }"),
    ("Organisation", r#"{ organisation(by: {slug: "bracke"}) { $ } }"#),
    ("Organisation", "{ memberships(first: 15) { nodes { onBehalfOf { $ } } } }"),
    ("Person", "{ people(first: 15) { edges { node { $ } } } }"),
    ("Person", "{ memberships(first: 15) { nodes { person { $ } } } }"),
    ("Membership", "{ memberships(first: 15) { nodes { $ } } }"),
    ("Membership", r#"{ group(by: {slug: "run"}) { members { nodes { ...M } } } } fragment M on Membership { $ }"#),
    ("Membership", "{ people(first: 5) { nodes { memberships { nodes { $ } } } } }"),
    ("Seat", "{ seats(first: 15) { nodes { $ } } }"),
    ("Seat", "{ memberships(first: 15) { nodes { seat { $ } } } }"),
    ("Meeting", r#"{ meetings(between: {from: "2019-01-01", until: "2030-01-01"}, first: 15) { nodes { $ } } }"#),
    ("Meeting", "{ groups(first: 15) { nodes { nextMeeting { $ } } } }"),
    ("Tenure", "{ people(first: 15) { nodes { tenures { $ } } } }"),
];

/// A field as a document selects it, with what it needs below it.
fn selected(field: &Value) -> String {
    let name = field["name"].as_str().expect("a name");
    let mut kind = &field["type"];
    while !kind["ofType"].is_null() {
        kind = &kind["ofType"];
    }
    let arguments = if name == "meetingCount" { "(year: 2019)" } else { "" };
    let below = match (kind["kind"].as_str(), kind["name"].as_str().unwrap_or_default()) {
        (Some("SCALAR" | "ENUM"), _) => "",
        (_, connection) if connection.ends_with("Connection") => "{ nodes { __typename } totalCount }",
        (_, "Period") => "{ from until state }",
        (_, "Decision") => "{ body date reference }",
        (_, "MeetingCount") => "{ held }",
        (_, "Source") => "{ quote }",
        (_, "Contact") => "{ role person { name } }",
        (_, "DayWarning") => "{ day name alternatives }",
        (_, "DoubleBooking") => "{ person { name } other { id } }",
        (_, "RelationTarget" | "OrganisationName" | "Sitting") => "{ __typename }",
        _ => "{ id }",
    };
    format!("{name}{arguments} {below}")
}

async fn fields(client: &Client, kind: &str) -> Vec<(String, String)> {
    let asked = format!(
        r#"{{ __type(name: "{kind}") {{ fields {{ name type {{ kind name ofType {{ kind name ofType {{ kind name ofType {{ kind name }} }} }} }} }} }} }}"#
    );
    let answer = client.ask(&asked).await;
    let fields = answer["__type"]["fields"].as_array().expect("fields").iter();
    fields.map(|field| (field["name"].as_str().expect("a name").to_owned(), selected(field))).collect()
}

/// Every object at the place of the `$`, in order: those that have the field.
fn found(answer: &Value, field: &str, values: &mut Vec<Value>) {
    match answer {
        Value::Array(several) => several.iter().for_each(|one| found(one, field, values)),
        Value::Object(object) => match object.get(field) {
            Some(value) => values.push(value.clone()),
            None => object.values().for_each(|one| found(one, field, values)),
        },
        _ => {}
    }
}

async fn ask(client: &Client, place: &str, fields: &str) -> Value {
    client.ask(&place.replace('$', fields)).await
}

#[tokio::test]
async fn a_field_says_the_same_alone_as_among_all_others() {
    let app = TestApp::demo().await;
    let client = app.administrator();
    for (kind, place) in PLACES {
        let fields = fields(&client, kind).await;
        let every: Vec<String> = fields.iter().enumerate().map(|(at, (_, text))| format!("f{at}: {text}")).collect();
        let together = ask(&client, place, &every.join(" ")).await;
        let mut seen = 0;
        for (at, (name, text)) in fields.iter().enumerate() {
            let alone = ask(&client, place, &format!("f{at}: {text}")).await;
            let (mut one, mut among) = (Vec::new(), Vec::new());
            found(&alone, &format!("f{at}"), &mut one);
            found(&together, &format!("f{at}"), &mut among);
            assert_eq!(one, among, "{kind}.{name} in {place}");
            seen += one.len();
        }
        assert!(seen > 0, "nothing at {place}");
    }
}
