//! The committed table of who may do and see what is what the rules and the schema say.

use std::fs;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use entity::values::Term;
use samverkan::graphql;
use samverkan::policy::action::{RULES, Rule};
use samverkan::policy::sight::{ROLES, sight};

const TABLE: &str = "docs/policy.md";

/// The object types of the schema, each with its fields, in order.
fn objects() -> Vec<(String, Vec<String>)> {
    let schema = parse_schema(graphql::sdl()).expect("the schema");
    let mut objects = Vec::new();
    for definition in schema.definitions {
        let TypeSystemDefinition::Type(kind) = definition else { continue };
        let name = kind.node.name.node.to_string();
        if let TypeKind::Object(object) = kind.node.kind {
            objects.push((name, object.fields.iter().map(|field| field.node.name.node.to_string()).collect()));
        }
    }
    objects.sort();
    objects
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn head(first: &[&str]) -> String {
    let names: Vec<String> = first.iter().chain(ROLES.iter()).map(|name| (*name).to_owned()).collect();
    row(&names) + &row(&vec!["---".to_owned(); names.len()])
}

fn action(rule: &Rule) -> String {
    let subject = rule.on.map_or("–".to_owned(), |kind| kind.word().to_lowercase().replace('_', " "));
    let yes = |may: bool| if may { "yes" } else { "–" }.to_owned();
    row(&[
        rule.action.verb().to_owned(),
        subject,
        "–".to_owned(),
        yes(rule.anyone),
        if rule.anyone { "yes".to_owned() } else { rule.coordinator.words().to_owned() },
        if rule.anyone { "yes".to_owned() } else { rule.representative.words().to_owned() },
        yes(rule.anyone || rule.auditor),
        "yes".to_owned(),
    ])
}

/// Fields of a type that are seen alike share a line.
fn lines(object: &str, fields: &[String]) -> String {
    let mut seen: Vec<(_, Vec<&str>)> = Vec::new();
    for field in fields {
        let sight = sight(object, field)
            .unwrap_or_else(|| panic!("{object}.{field}: nobody has said who sees it (src/policy/sight.rs)"));
        match seen.iter_mut().find(|(other, _)| *other == sight) {
            Some((_, names)) => names.push(field),
            None => seen.push((sight, vec![field])),
        }
    }
    let line = |(sight, names): &(samverkan::policy::sight::Sight, Vec<&str>)| {
        let mut cells = vec![object.to_owned(), names.join(" ")];
        cells.extend(sight.cells().map(str::to_owned));
        row(&cells)
    };
    seen.iter().map(line).collect()
}

fn table() -> String {
    let mut text = "# Who may do and see what\n\nPrinted from `src/policy/action.rs`, `src/policy/sight.rs` and the schema; a test compares. Mend it with \
        `SAMVERKAN_WRITE=1 cargo test --test proof policy`.\n\n\
        A coordinator's *theirs* are their group and those below it; a representative's, their organisation and its units. Whoever does not see a thing \
        gets the answer for what is not there; whoever sees it and may not do this, `NotAllowed` with the roles that may; whoever may never, `FORBIDDEN`.\n\n\
        ## Doing\n\n".to_owned();
    text += &head(&["action", "on"]);
    text += &RULES.iter().map(action).collect::<String>();
    text += "\n## Seeing\n\n";
    text += &head(&["type", "fields"]);
    text += &objects().iter().map(|(object, fields)| lines(object, fields)).collect::<String>();
    text
}

#[test]
fn the_committed_table_is_what_the_rules_and_the_schema_say() {
    let table = table();
    if std::env::var_os("SAMVERKAN_WRITE").is_some() {
        fs::write(TABLE, &table).expect("the table");
    }
    let committed = fs::read_to_string(TABLE).unwrap_or_default();
    assert!(
        committed == table,
        "{TABLE} is out of date. Mend it with: SAMVERKAN_WRITE=1 cargo test --test proof policy"
    );
}

#[test]
fn every_mutation_has_its_rule_and_every_rule_its_mutation() {
    let objects = objects();
    let (_, mutations) = objects.iter().find(|(name, _)| name == "Mutation").expect("mutations");
    let reads = ["changes", "__schema", "grants"];
    let mut verbs: Vec<&str> =
        RULES.iter().map(|rule| rule.action.verb()).filter(|verb| !reads.contains(verb)).collect();
    verbs.sort_unstable();
    verbs.dedup();
    let mut mutations: Vec<&str> = mutations.iter().map(String::as_str).collect();
    mutations.sort_unstable();
    assert_eq!(mutations, verbs);
}

#[test]
#[should_panic(expected = "nobody has said who sees it")]
fn a_type_without_a_rule_fails() {
    lines("Unheard", &["of".to_owned()]);
}
