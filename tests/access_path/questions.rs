//! What is asked: every field of the schema that sends statements, with every argument alone. They follow from the schema, so that what is
//! new in it is asked, too.

use std::collections::BTreeMap;

use entity::values::{GlobalId, SubjectKind};
use sea_orm::Iterable;
use serde_json::{Value, json};
use uuid::Uuid;

use super::schema::{Field, Schema};
use super::values::Values;

/// A question, with `$page` where a list takes its page.
pub struct Question {
    pub name: String,
    pub text: String,
    pub variables: Value,
    /// The same for how many rows there are in all, where they belong to something.
    pub total: Option<String>,
    /// Whether its list is walked on from page to page.
    pub walked: bool,
}

impl Question {
    /// Of which list it is, whatever the arguments.
    pub fn list(&self) -> &str {
        self.name.split('(').next().unwrap_or_default()
    }
}

/// All questions that follow from the schema.
pub fn all(schema: &Schema, rows: &BTreeMap<SubjectKind, Vec<Uuid>>, references: &[String]) -> Vec<Question> {
    let values = Values { schema, rows, references };
    let mut questions = Vec::new();
    for field in &schema.kind("Query").fields {
        questions.extend(of(&values, "Query", field, |text| (text, json!({}))));
    }
    for (kind, ids) in nodes(schema, rows) {
        let name = format!("{kind:?}");
        let ids: Vec<String> =
            ids.iter().map(|id| GlobalId { kind: Some(kind), id: *id, lens: None }.to_string()).collect();
        for (several, ids) in [("", &ids[..1]), ("s", &ids[..])] {
            let within = |text| {
                let text = format!("query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {name} {text} }} }}");
                (text, json!({ "ids": ids }))
            };
            let fields = schema.kind(&name).fields.iter().filter(|field| !is_leaf(schema, field));
            questions.extend(fields.flat_map(|field| of(&values, &format!("{name}{several}"), field, within)));
        }
    }
    questions
}

/// The kinds that can be found by id, each with some rows. None has a connection that is left out.
fn nodes<'a>(
    schema: &Schema,
    rows: &'a BTreeMap<SubjectKind, Vec<Uuid>>,
) -> impl Iterator<Item = (SubjectKind, &'a Vec<Uuid>)> {
    let nodes = &schema.kind("Node").possible;
    for (of, field) in schema.connections() {
        let asked = of == "Query" || nodes.iter().any(|node| node == of);
        assert!(asked, "{of}.{} is a list of what cannot be found by id: nothing asks for its plan", field.name);
    }
    let kinds = SubjectKind::iter().filter(|kind| nodes.contains(&format!("{kind:?}")));
    let found: Vec<_> = kinds.map(|kind| (kind, &rows[&kind])).collect();
    assert_eq!(found.len(), nodes.len(), "{nodes:?}");
    for (kind, rows) in &found {
        assert!(!rows.is_empty(), "there is no {kind:?} to ask for");
    }
    found.into_iter()
}

fn is_leaf(schema: &Schema, field: &Field) -> bool {
    matches!(schema.kind(&field.kind).kind.as_str(), "SCALAR" | "ENUM")
}

/// The questions for a field. Of lists, the first asks for all that there is of each row; the others are about finding the rows.
fn of(values: &Values, of: &str, field: &Field, within: impl Fn(String) -> (String, Value)) -> Vec<Question> {
    let (schema, name) = (values.schema, &field.name);
    let list = field.kind.ends_with("Connection");
    let mut questions = Vec::new();
    let mut ask = |arguments: &str, selection: &str, walked| {
        let all = [arguments, if list { "$page" } else { "" }].into_iter().filter(|part| !part.is_empty());
        let given = all.collect::<Vec<_>>().join(", ");
        let given = if given.is_empty() { given } else { format!("({given})") };
        let (text, variables) = within(format!("{{ {name}{given} {selection} }}"));
        let total = (list && of != "Query").then(|| within(format!("{{ {name}{given} {{ totalCount }} }}")).0);
        questions.push(Question { name: format!("{of}.{name}({arguments})"), text, variables, total, walked });
    };
    for (number, arguments) in values.arguments(&format!("{of}.{name}"), &field.arguments).iter().enumerate() {
        if number == 0 || !list {
            ask(arguments, &schema.selection(&field.kind, 2), false);
        }
        if list {
            ask(arguments, "{ nodes { __typename } pageInfo { startCursor endCursor } }", number == 0);
        }
    }
    questions
}
