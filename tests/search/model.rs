//! What a text finds, compared with a look at every name.

use entity::values::search_key;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::changes::{KINDS, Kind};
use super::index;
use crate::support::{Client, TestApp, all};

/// What names and texts are made of: little, so that texts are found; with signs that fold away and signs that databases know.
const PARTS: [&str; 16] = ["rå", "ra", "d", "Råd", "an", "ÅN", "s", "ö", "é", "b", "er", "-", " ", "%", "_", "'"];

fn text(parts: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    vec(select(&PARTS[..]), parts).prop_map(|parts| parts.concat())
}

/// A name and, for some, a short one.
type Name = (String, Option<String>);

fn name() -> impl Strategy<Value = Name> {
    let name = text(1..6).prop_map(|name| format!("a{name}").trim().to_owned());
    let short = text(1..3).prop_map(|short| format!("k{short}").trim().to_owned());
    (name, option::of(short))
}

/// Things of a kind, each with its name and the one that it gets later.
type Things = [(Name, Name); 3];

/// Things of each kind.
fn worlds() -> impl Strategy<Value = Vec<Things>> {
    let thing = || (name(), name());
    vec([thing(), thing(), thing()], KINDS.len())
}

/// A world with texts: some that stand in a name, and some that may not.
fn questions() -> impl Strategy<Value = (Vec<Things>, Vec<String>)> {
    worlds().prop_flat_map(|world| {
        let names: Vec<Name> = world.iter().flatten().flat_map(|(now, then)| [now.clone(), then.clone()]).collect();
        let part = (select(names), any::<bool>(), any::<Index>(), 1usize..7);
        let part = part.prop_map(|((name, short), of_short, at, length)| {
            let signs: Vec<char> = short.filter(|_| of_short).unwrap_or(name).chars().collect();
            signs.iter().skip(at.index(signs.len())).take(length).collect()
        });
        (Just(world), vec(prop_oneof![text(1..4), part], 12))
    })
}

fn document(world: &[Things]) -> String {
    let mut document = String::new();
    for (kind, things) in KINDS.iter().zip(world) {
        for (number, ((name, short), _)) in things.iter().enumerate() {
            let short = short.as_ref().map_or(String::new(), |short| format!("shortName = \"{short}\"\n"));
            document += &match kind.name {
                "ORGANISATION" => {
                    format!("[[organisation]]\nkey = \"o{number}\"\nkind = \"OTHER\"\nname = \"{name}\"\n{short}")
                }
                "GROUP" => format!("[[group]]\nkey = \"g{number}\"\nkind = \"NETWORK\"\nname = \"{name}\"\n{short}"),
                "POSITION" => {
                    format!("[[position]]\nkey = \"o0/q{number}\"\norganisation = \"o0\"\ntitle = \"{name}\"\n")
                }
                _ => format!("[[person]]\nkey = \"h{number}\"\ngivenName = \"Bo\"\nfamilyName = \"{name}\"\n"),
            };
        }
    }
    document
}

/// The name that is shown.
fn shown(kind: &Kind, (name, _): &Name) -> String {
    if kind.name == "PERSON" { format!("Bo {name}") } else { name.clone() }
}

/// Whether one who looks at the names sees the text: a short text at the beginning of the name, another anywhere.
fn fits(kind: &Kind, name: &Name, text: &str) -> bool {
    let (text, long) = (search_key(text), search_key(&shown(kind, name)));
    let short = name.1.as_deref().filter(|_| kind.short).map(search_key);
    match text.chars().count() {
        0 => false,
        1 | 2 => long.starts_with(&text),
        _ => long.contains(&text) || short.is_some_and(|short| short.contains(&text)),
    }
}

/// The names in a list, in an order of their own.
fn listed(list: &Value) -> Vec<String> {
    let mut names = all(list, "nodes.*.name");
    assert_eq!(list["totalCount"], names.len());
    names.sort();
    names
}

const SEARCH: &str =
    "query ($text: String!, $types: [SearchType!]) { search(text: $text, types: $types) { totalCount nodes {
    ... on Organisation { id version name } ... on Group { id version name } ... on Position { id version name: title }
    ... on Person { id version name }
} } }";

/// The text finds those names, in a search and in the list of the kind.
async fn finds(client: &Client, kind: &Kind, names: &[&Name], text: &str) {
    let fitting = names.iter().filter(|name| fits(kind, name, text));
    let mut expected: Vec<String> = fitting.map(|name| shown(kind, name)).collect();
    expected.sort();
    if let Some((list, filter)) = kind.list {
        let query =
            format!("query ($filter: {filter}) {{ {list}(filter: $filter) {{ totalCount nodes {{ name }} }} }}");
        let found = client.ask_with(&query, json!({ "filter": { "text": text } })).await;
        assert_eq!(listed(&found[list]), expected, "{text:?} in {list}: {names:?}");
    }
    if !search_key(text).is_empty() {
        let found = client.ask_with(SEARCH, json!({ "text": text, "types": [kind.name] })).await;
        assert_eq!(listed(&found["search"]), expected, "{text:?} in a search for {}: {names:?}", kind.name);
    }
}

/// Gives each thing of the kind its later name.
async fn rename(client: &Client, kind: &Kind, things: &Things) {
    let mut left: Vec<&(Name, Name)> = things.iter().collect();
    let first = if kind.name == "PERSON" { "bo" } else { "a" };
    let found = client.ask_with(SEARCH, json!({ "text": first, "types": [kind.name] })).await;
    for node in found["search"]["nodes"].as_array().into_iter().flatten() {
        let at = left.iter().position(|(now, _)| node["name"] == shown(kind, now)).expect("a name of the world");
        let (_, (name, short)) = left.swap_remove(at);
        let which = json!({ kind.which: node["id"], "expectedVersion": node["version"] });
        kind.rename(client, which, name, short.as_deref()).await;
    }
    assert!(left.is_empty(), "not renamed: {left:?}");
}

async fn agrees(world: &[Things], texts: &[String]) {
    let app = TestApp::of(&document(world)).await;
    let client = app.administrator();
    for later in [false, true] {
        for (kind, things) in KINDS.iter().zip(world) {
            if later {
                rename(&client, kind, things).await;
            }
            let names = things.each_ref().map(|(now, then)| if later { then } else { now });
            for text in texts {
                finds(&client, kind, &names, text).await;
            }
        }
    }
    index::in_step(&app).await;
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 60, ..ProptestConfig::with_cases(12) })]

    #[test]
    fn a_text_finds_what_a_look_at_every_name_finds((world, texts) in questions()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(agrees(&world, &texts));
    }
}
