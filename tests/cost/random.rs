//! Random operations: what they come to is never more than what was foretold.

use std::collections::BTreeMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, FieldDefinition, TypeKind, TypeSystemDefinition};
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use samverkan::error::Code;
use samverkan::graphql;
use serde_json::{Value, json};

use crate::support::TestApp;

const OPERATIONS: u64 = 300;
/// Fields within fields.
const DEPTH: u32 = 7;

/// The types of the schema, by name.
struct Types(BTreeMap<String, TypeKind>);

impl Types {
    fn read() -> Self {
        let document = parse_schema(graphql::sdl()).expect("the schema");
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(kind) => Some((kind.node.name.node.to_string(), kind.node.kind)),
            _ => None,
        });
        Self(types.collect())
    }

    /// The fields of an object that can be asked without being told more.
    fn fields(&self, kind: &str) -> Vec<&FieldDefinition> {
        let TypeKind::Object(object) = &self.0[kind] else { return Vec::new() };
        let needs_nothing = |field: &&FieldDefinition| {
            field
                .arguments
                .iter()
                .all(|argument| argument.node.ty.node.nullable || argument.node.default_value.is_some())
        };
        object.fields.iter().map(|field| &field.node).filter(needs_nothing).collect()
    }

    /// The objects that something of this type can be.
    fn possible(&self, kind: &str) -> Vec<&str> {
        let is = |(name, possible): (_, &TypeKind)| {
            let TypeKind::Object(object) = possible else { return None };
            object.implements.iter().any(|interface| interface.node == kind).then_some(name)
        };
        match &self.0[kind] {
            TypeKind::Union(union) => union.members.iter().map(|member| member.node.as_str()).collect(),
            _ => self.0.iter().map(|(name, kind)| (name.as_str(), kind)).filter_map(is).collect(),
        }
    }

    fn selection(&self, rng: &mut impl Rng, kind: &str, depth: u32, aliased: bool) -> String {
        if matches!(self.0[kind], TypeKind::Object(_)) {
            let chosen = some(rng, self.fields(kind)).into_iter();
            let fields: Vec<String> = chosen.filter_map(|field| self.field(rng, field, depth, aliased)).collect();
            return format!("{{ __typename {} }}", fields.join(" "));
        }
        let possible = some(rng, self.possible(kind)).into_iter();
        let fragments = possible.map(|kind| format!("... on {kind} {}", self.selection(rng, kind, depth, true)));
        format!("{{ __typename {} }}", fragments.collect::<Vec<_>>().join(" "))
    }

    fn field(&self, rng: &mut impl Rng, field: &FieldDefinition, depth: u32, aliased: bool) -> Option<String> {
        let name = &field.name.node;
        // In fragments on different types, what is called the same must be the same.
        let alias =
            if aliased { format!("{name}{}: {name}", rng.random_range(0..1_000_000)) } else { name.to_string() };
        let pages = field.arguments.iter().any(|argument| argument.node.name.node == "first");
        let page = if pages && rng.random_bool(0.8) {
            format!("({}: {})", ["first", "last"].choose(rng)?, rng.random_range(0..8))
        } else {
            String::new()
        };
        let mut below = &field.ty.node.base;
        while let BaseType::List(of) = below {
            below = &of.base;
        }
        let BaseType::Named(below) = below else { return None };
        match self.0.get(below.as_str()) {
            Some(TypeKind::Scalar | TypeKind::Enum(_)) | None => Some(alias + &page),
            Some(_) if depth == 0 => None,
            Some(_) => Some(format!("{alias}{page} {}", self.selection(rng, below, depth - 1, false))),
        }
    }
}

/// Three of them, or all when there are fewer.
fn some<T>(rng: &mut impl Rng, mut all: Vec<T>) -> Vec<T> {
    let left = all.len().saturating_sub(3);
    all.partial_shuffle(rng, 3);
    all.split_off(left)
}

fn objects(value: &Value) -> u64 {
    match value {
        Value::Object(fields) => 1 + fields.values().map(objects).sum::<u64>(),
        Value::Array(items) => items.iter().map(objects).sum(),
        _ => 0,
    }
}

#[tokio::test]
async fn no_answer_has_more_objects_than_were_foretold() {
    let (types, client) = (Types::read(), TestApp::demo().await.administrator());
    let roots = [
        ("group", "Group", r#"(by: {slug: "socsam"})"#),
        ("group", "Group", r#"(by: {slug: "kommunchefgruppen"})"#),
        ("organisation", "Organisation", r#"(by: {slug: "region"})"#),
        ("organisation", "Organisation", r#"(by: {slug: "bracke"})"#),
        ("project", "Project", r#"(by: {reference: "23-032-S03"})"#),
        ("agreement", "Agreement", r#"(by: {reference: "RUN/659/2016"})"#),
        ("search", "SearchResultConnection", r#"(text: "ja", first: 5)"#),
    ];
    let (mut answered, mut most) = (0, 0);
    for seed in 0..OPERATIONS {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let query = if rng.random_bool(0.5) {
            types.selection(rng, "Query", DEPTH, false)
        } else {
            let (root, kind, arguments) = roots.choose(rng).expect("roots");
            format!("{{ {root}{arguments} {} }}", types.selection(rng, kind, DEPTH, false))
        };
        let answer = client.answer(&query, json!({})).await;
        if let Some(code) = answer["errors"][0]["extensions"]["code"].as_str() {
            let large = [Code::TooCostly, Code::TooManyAliases, Code::TooManyTokens, Code::TooManyRootFields];
            assert!(large.iter().any(|large| large.as_str() == code), "{query}\n{answer}");
            continue;
        }
        let came = objects(&answer["data"]) - 1;
        let foretold = answer["extensions"]["cost"]["objects"].as_u64().unwrap_or_default();
        assert!(came <= foretold, "{came} came, {foretold} were foretold: {query}");
        answered += 1;
        most = most.max(came);
    }
    assert!(answered > OPERATIONS / 2, "{answered} were answered");
    assert!(most > 300, "the largest answer had {most} objects");
}
