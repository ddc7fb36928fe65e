//! The guard against random documents: it counts what a naive walk counts, sees the brackets that the parser sees, and
//! never panics.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use proptest::prelude::*;
use samverkan::http::guard::{self, Counts, MAX_NESTING};

/// Every path, walked: what [`guard::counts`] must come to without walking them.
fn expanded(document: &ExecutableDocument, set: &SelectionSet) -> Counts {
    let mut sum = Counts::default();
    for selection in &set.items {
        let directives = selection.node.directives().len() as u64;
        let (below, field) = match &selection.node {
            Selection::Field(field) => (expanded(document, &field.node.selection_set.node), Some(&field.node)),
            Selection::InlineFragment(inline) => (expanded(document, &inline.node.selection_set.node), None),
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                let Some(fragment) = document.fragments.get(name) else {
                    sum.directives += directives;
                    continue;
                };
                let mut below = expanded(document, &fragment.node.selection_set.node);
                below.directives += fragment.node.directives.len() as u64;
                (below, None)
            }
        };
        sum.nesting = sum.nesting.max(below.nesting);
        sum.fields += below.fields;
        sum.aliases += below.aliases;
        sum.directives += below.directives + directives;
        match field {
            Some(field) => {
                sum.fields += 1;
                sum.root_fields += 1;
                sum.data_fields += u64::from(!field.name.node.starts_with("__"));
                sum.schema_fields += u64::from(field.name.node == "__schema");
                sum.aliases += u64::from(field.alias.is_some());
                sum.depth = sum.depth.max(below.depth + 1);
            }
            None => {
                sum.root_fields += below.root_fields;
                sum.data_fields += below.data_fields;
                sum.schema_fields += below.schema_fields;
                sum.depth = sum.depth.max(below.depth);
            }
        }
    }
    sum.nesting += u64::from(!set.items.is_empty());
    sum
}

/// A selection set's text. It spreads only fragments with a number from `first`, so that there is no cycle.
fn selections(first: usize) -> impl Strategy<Value = String> {
    let directive = prop_oneof![3 => Just(""), 1 => Just(" @d"), 1 => Just(" @d @e(a: [1])")];
    let name = prop_oneof![Just("a"), Just("x: b"), Just("__typename"), Just("__schema")];
    let spread = (first..=4_usize).prop_map(|number| format!("...F{number}"));
    let leaf = prop_oneof![name.prop_map(str::to_owned), spread];
    let leaf = (leaf, directive).prop_map(|(leaf, directive)| leaf + directive);
    let set = |one| proptest::collection::vec(one, 1..4).prop_map(|all| format!("{{ {} }}", all.join(" ")));
    let tree = leaf.prop_recursive(3, 16, 3, move |inner| {
        let start = prop_oneof![Just("a"), Just("x: a(b: {c: \"}\"})"), Just("..."), Just("... on T @d")];
        prop_oneof![inner.clone(), (start, set(inner)).prop_map(|(start, set)| format!("{start} {set}"))]
    });
    set(tree.boxed())
}

/// F4 is never defined: an unknown fragment counts nothing.
fn documents() -> impl Strategy<Value = String> {
    let fragments = (selections(1), selections(2), selections(3), selections(4));
    (selections(0), fragments, selections(0)).prop_map(|(one, (f0, f1, f2, f3), other)| {
        format!(
            "query A($v: Int @d) @e {one} fragment F0 on T @d {f0} fragment F1 on T {f1} query B {other} \
             fragment F2 on T {f2} fragment F3 on T @d @e {f3}"
        )
    })
}

/// What a document might be made of, and what it might be broken with.
fn scraps() -> impl Strategy<Value = String> {
    let scrap = prop_oneof![
        8 => prop::sample::select(vec![
            "{", "}", "[", "]", "(", ")", "\"", "\"\"\"", "\\", "\\\"", "\\\"\"\"", "#", "\n", "\r", " ", ",", "...",
            ":", "$", "@", "!", "=", "|", "&", "-1.5e3", "query", "fragment", "on", "a", "b", "å", "\u{feff}", "\0", "💥",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(scrap, 0..60).prop_map(|scraps| scraps.concat())
}

proptest! {
    #[test]
    fn counts_equal_a_naive_expansion(text in documents()) {
        let document = parse_query(&text).expect("the generator writes GraphQL");
        let counted = guard::counts(&document).expect("the generator writes no cycles");
        let naive = document.operations.iter().map(|(_, operation)| {
            let mut naive = expanded(&document, &operation.node.selection_set.node);
            let variables = &operation.node.variable_definitions;
            let own = variables.iter().map(|variable| variable.node.directives.len()).sum::<usize>();
            naive.directives += (own + operation.node.directives.len()) as u64;
            naive
        });
        prop_assert_eq!(counted, naive.collect::<Vec<_>>());
    }

    #[test]
    fn no_scraps_make_it_panic(text in scraps()) {
        let _ = guard::check(&text, None);
        let _ = guard::check_json(text.as_bytes());
    }

    /// The scan sees every bracket that the parser sees: what has a nested list too deep for the scan is refused,
    /// whatever strings and comments stand around it.
    #[test]
    fn strings_and_comments_never_hide_what_the_parser_reads(
        depth in 1_usize..120,
        noise in prop::sample::select(vec![
            "", "\"[[[\"", "\"\\\"[\"", "\"\"\"[\"[\"\"\"", "\"\"", "#[[\"\n", "#\"\"\"\r", "\"\"\"\\\"\"\"[\"\"\"", "{a:\"}\"}",
        ]),
    ) {
        let nested = format!("{noise} [").repeat(depth) + noise + &"]".repeat(depth);
        let text = format!("{{ a(b: [{nested}]) }}");
        let extra = if noise.starts_with('{') { 1 } else { 0 };
        let fits = depth + 3 + extra <= MAX_NESTING;
        prop_assert_eq!(guard::scan(&text).is_ok(), fits, "{}", text);
        if fits {
            prop_assert!(parse_query(&text).is_ok(), "{}", text);
        }
    }
}
