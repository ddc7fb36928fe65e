//! The schema, as it tells of itself.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::Client;

const INTROSPECTION: &str = "{ __schema { types {
    name kind
    fields { name args { name type { ...T } } type { ...T } }
    inputFields { name type { ...T } }
    enumValues { name }
    possibleTypes { name }
} } }
fragment T on __Type { name kind ofType { name kind ofType { name kind ofType { name kind } } } }";

/// All types by name.
pub struct Schema(BTreeMap<String, Type>);

/// A type, with whatever its kind has.
#[derive(Default)]
pub struct Type {
    pub kind: String,
    pub fields: Vec<Field>,
    pub inputs: Vec<Input>,
    pub words: Vec<String>,
    pub possible: Vec<String>,
}

/// A field of an object.
pub struct Field {
    pub name: String,
    pub kind: String,
    pub arguments: Vec<Input>,
}

/// An argument, or a field of an input object.
pub struct Input {
    pub name: String,
    pub kind: String,
    pub list: bool,
    pub required: bool,
}

fn each<T>(list: &Value, read: impl Fn(&Value) -> T) -> Vec<T> {
    list.as_array().into_iter().flatten().map(read).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The name inside all wrappers, whether there is a list among them, and whether null is none of the values.
fn unwrapped(kind: &Value) -> (String, bool, bool) {
    let required = kind["kind"] == "NON_NULL";
    let (mut inner, mut list) = (kind, false);
    while inner["name"].is_null() {
        list |= inner["kind"] == "LIST";
        inner = &inner["ofType"];
    }
    (text(&inner["name"]), list, required)
}

fn input(value: &Value) -> Input {
    let (kind, list, required) = unwrapped(&value["type"]);
    Input { name: text(&value["name"]), kind, list, required }
}

fn field(value: &Value) -> Field {
    Field { name: text(&value["name"]), kind: unwrapped(&value["type"]).0, arguments: each(&value["args"], input) }
}

/// Fields that are asked for alone: what they have to look at would hide what else is read.
const ALONE: [&str; 1] = ["doubleBookings"];

impl Schema {
    /// What the server says.
    pub async fn ask(client: &Client) -> Self {
        let answer = client.ask(INTROSPECTION).await;
        let read = |kind: &Value| {
            let read = Type {
                kind: text(&kind["kind"]),
                fields: each(&kind["fields"], field),
                inputs: each(&kind["inputFields"], input),
                words: each(&kind["enumValues"], |word| text(&word["name"])),
                possible: each(&kind["possibleTypes"], |possible| text(&possible["name"])),
            };
            (text(&kind["name"]), read)
        };
        Self(each(&answer["__schema"]["types"], read).into_iter().collect())
    }

    /// A type.
    pub fn kind(&self, name: &str) -> &Type {
        &self.0[name]
    }

    /// The objects with connections, each with those.
    pub fn connections(&self) -> impl Iterator<Item = (&str, &Field)> {
        let fields = self.0.iter().flat_map(|(name, kind)| kind.fields.iter().map(|field| (name.as_str(), field)));
        fields.filter(|(_, field)| field.kind.ends_with("Connection"))
    }

    /// What can be asked of a type so many levels down, without arguments and without lists that have pages.
    pub fn selection(&self, name: &str, depth: usize) -> String {
        let kind = self.kind(name);
        if name.ends_with("Connection") {
            let node = kind.fields.iter().find(|field| field.name == "nodes").expect("a connection has nodes");
            return format!("{{ nodes {} }}", self.selection(&node.kind, depth));
        }
        if kind.kind != "OBJECT" {
            return "{ __typename }".to_owned();
        }
        let mut fields = vec!["__typename".to_owned()];
        for field in
            kind.fields.iter().filter(|field| field.arguments.is_empty() && !ALONE.contains(&field.name.as_str()))
        {
            let leaf = matches!(self.kind(&field.kind).kind.as_str(), "SCALAR" | "ENUM");
            match (leaf, depth) {
                (true, _) => fields.push(field.name.clone()),
                (false, 0) => {}
                (false, _) => fields.push(format!("{} {}", field.name, self.selection(&field.kind, depth - 1))),
            }
        }
        format!("{{ {} }}", fields.join(" "))
    }
}
