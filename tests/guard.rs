//! The guard: what it refuses, and that it can neither be fooled nor felled.

mod counting;
mod linear;
mod unset;

use std::time::{Duration, Instant};

use async_graphql::parser::parse_query;
use samverkan::error::Code;
use samverkan::http::guard::{
    self, MAX_ALIASES, MAX_DEPTH, MAX_DIRECTIVES, MAX_FIELDS, MAX_FRAGMENTS, MAX_INTROSPECTION_DEPTH, MAX_LENGTH,
    MAX_NESTING, MAX_ROOT_FIELDS, MAX_SELECTION_NESTING, MAX_TOKENS,
};

/// What introspection tools send (graphql-js 16, `getIntrospectionQuery`).
const INTROSPECTION: &str = "query IntrospectionQuery { __schema { queryType { name kind } mutationType { name kind }
  subscriptionType { name kind } types { ...FullType } directives { name description isRepeatable locations
  args(includeDeprecated: true) { ...InputValue } } } }
fragment FullType on __Type { kind name description specifiedByURL
  fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef }
    isDeprecated deprecationReason }
  inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";

fn verdict(query: &str) -> Result<(), Code> {
    match guard::check(query, None) {
        Ok(_) => Ok(()),
        Err(refusal) => Err(refusal.code),
    }
}

/// `before`, `count` times `piece`, `after`.
fn repeated(before: &str, piece: &str, count: u64, after: &str) -> String {
    format!("{before}{}{after}", piece.repeat(count as usize))
}

/// Fields within fields, this many.
fn deep(field: &str, depth: u64) -> String {
    let (open, close) = ("{ ".to_owned() + field + " ", "} ");
    repeated(&open.repeat(depth as usize), close, depth, "")
}

/// Fragments that each spread the next one twice. Thirty are a killer.
pub fn fragment_bomb(length: u32) -> String {
    let fragment = |i: u32| format!("fragment f{i} on Query {{ ...f{0} ...f{0} }} ", i + 1);
    let chain: String = (0..length).map(fragment).collect();
    format!("{{ ...f0 }} {chain} fragment f{length} on Query {{ __typename }}")
}

/// A list literal nested 1,500 deep.
pub fn list_bomb() -> String {
    format!("{{ a(b: {}{}) }}", "[".repeat(1500), "]".repeat(1500))
}

#[test]
fn both_killers_are_refused_at_once() {
    for (killer, code) in [
        (list_bomb(), Code::NestedTooDeep),
        (fragment_bomb(30), Code::TooManyRootFields),
        (fragment_bomb(49), Code::NestedTooDeep),
        (fragment_bomb(29).replace("{ ...f0 }", "{ a { ...f0 } }"), Code::TooManyFields),
    ] {
        let started = Instant::now();
        assert_eq!(verdict(&killer), Err(code));
        let took = started.elapsed();
        assert!(took < Duration::from_millis(50), "{code:?} took {took:?}");
    }
}

#[test]
fn every_limit_admits_its_number_and_refuses_one_more() {
    let roots = |n| repeated("{ ", "a ", n, "}");
    let aliases = |n| repeated("{ f { ", "a: b ", n, "} }");
    let directives = |n| repeated("{ f { a ", "@d ", n, "} }");
    let fields = |n| format!("{{ f {{ {}}} }} fragment F on T {{ {}}}", "...F ".repeat(50), "a ".repeat(n as usize));
    let nested = |n: u64| {
        let (open, close) = ("{ ... ".repeat(n as usize - 1), "} ".repeat(n as usize - 1));
        format!("{open}{{ a }}{close}")
    };
    let fragments = |n: u64| {
        let defined = (0..n).map(|i| format!("fragment F{i} on T {{ a }} "));
        format!("{{ a }} {}", defined.collect::<String>())
    };
    let inside = (MAX_FIELDS - 1) / 50;
    let brackets = |n: usize| format!("{{ a(b: {}{}) }}", "[".repeat(n), "]".repeat(n));
    let length = |n: usize| format!("{{ a }} #{}", "x".repeat(n - 7));
    for (name, within, beyond, code) in [
        ("roots", roots(MAX_ROOT_FIELDS), roots(MAX_ROOT_FIELDS + 1), Code::TooManyRootFields),
        ("aliases", aliases(MAX_ALIASES), aliases(MAX_ALIASES + 1), Code::TooManyAliases),
        ("directives", directives(MAX_DIRECTIVES), directives(MAX_DIRECTIVES + 1), Code::TooManyDirectives),
        ("fields", fields(inside), fields(inside + 1), Code::TooManyFields),
        ("depth", deep("a", MAX_DEPTH), deep("a", MAX_DEPTH + 1), Code::TooDeep),
        ("selections", nested(MAX_SELECTION_NESTING), nested(MAX_SELECTION_NESTING + 1), Code::NestedTooDeep),
        ("fragments", fragments(MAX_FRAGMENTS), fragments(MAX_FRAGMENTS + 1), Code::TooManyFragments),
        ("length", length(MAX_LENGTH), length(MAX_LENGTH + 1), Code::DocumentTooLong),
        ("brackets", brackets(MAX_NESTING - 2), brackets(MAX_NESTING - 1), Code::NestedTooDeep),
    ] {
        assert_eq!(verdict(&within), Ok(()), "{name}: {within}");
        assert_eq!(verdict(&beyond), Err(code), "{name}: {beyond}");
    }
}

#[test]
fn tokens_are_counted_one_by_one() {
    // Four brackets and two names besides the list's elements.
    let list = |n: usize| format!("{{ a(b: [{}]) }}", "1 ".repeat(n));
    assert_eq!(verdict(&list(MAX_TOKENS - 9)), Ok(()));
    assert_eq!(verdict(&list(MAX_TOKENS - 8)), Err(Code::TooManyTokens));
}

#[test]
fn introspection_may_go_deeper_and_what_tools_send_passes() {
    assert_eq!(verdict(INTROSPECTION), Ok(()));
    let introspection = |depth: u64| {
        let below = deep("ofType", depth - 2);
        format!("{{ __typename __schema {} }}", below.replacen('{', "{ types {", 1) + "}")
    };
    let document = parse_query(introspection(MAX_INTROSPECTION_DEPTH)).expect("well-formed");
    assert_eq!(guard::counts(&document).expect("no cycle")[0].depth, MAX_INTROSPECTION_DEPTH);
    assert_eq!(verdict(&introspection(MAX_INTROSPECTION_DEPTH)), Ok(()));
    assert_eq!(verdict(&introspection(MAX_INTROSPECTION_DEPTH + 1)), Err(Code::TooDeep));
    // A single field of data, and the limit is that of data.
    let mixed = introspection(MAX_DEPTH + 1).replacen("__typename", "a", 1);
    assert_eq!(verdict(&mixed), Err(Code::TooDeep));
}

#[test]
fn cycles_are_refused_also_where_nobody_spreads_them() {
    for cycle in [
        "{ ...A } fragment A on T { ...A }",
        "{ ...A } fragment A on T { a { ...B } } fragment B on T { ... { ...A } }",
        "{ a } fragment A on T { ...B } fragment B on T { ...A }",
    ] {
        assert_eq!(verdict(cycle), Err(Code::FragmentCycle), "{cycle}");
    }
}

#[test]
fn limits_hold_for_the_sum_of_all_operations() {
    let one = |name: &str| repeated(&format!("query {name} {{ f {{ "), "a: b ", 30, "} } ");
    let both = one("A") + &one("B");
    let refusal = guard::check(&both, Some("A")).expect_err("60 aliases");
    assert_eq!(refusal.code, Code::TooManyAliases);
}

#[test]
fn the_operation_must_be_named_where_there_are_several() {
    let two = "query A { a } mutation B { b }";
    for (name, expected) in [(None, false), (Some("A"), true), (Some("B"), true), (Some("C"), false)] {
        let checked = guard::check(two, name);
        assert_eq!(checked.is_ok(), expected, "{name:?}");
        if let Err(refusal) = checked {
            assert_eq!(refusal.code, Code::UnknownOperation);
        }
    }
    assert!(guard::check("query A { a }", None).is_ok());
    assert!(guard::check("{ a }", Some("A")).is_err());
}

#[test]
fn strings_and_comments_hide_brackets_and_nothing_else_does() {
    let many = "[".repeat(100);
    for hidden in [
        format!("{{ a(b: \"{many}\") }}"),
        format!("{{ a(b: \"\\\"{many}\\\\\") }}"),
        format!("{{ a(b: \"\"\"{many}\n\\\"\"\" {many} \" \"\" \"\"\") }}"),
        format!("{{ a #{many}\n }}"),
        format!("{{ a #\"{many}\r }}"),
    ] {
        assert_eq!(verdict(&hidden), Ok(()), "{hidden}");
    }
    for seen in [
        format!("{{ a(b: \"\" {many}"),
        format!("{{ a(b: \"\"\"\"\"\" {many}"),
        format!("{{ a(b: \"\\\\\" {many}"),
        format!("# \" \n{{ a(b: {many}"),
    ] {
        assert_eq!(verdict(&seen), Err(Code::NestedTooDeep), "{seen}");
    }
    for open in ["{ a(b: \"x\n\") }", "{ a(b: \"\"\"x\"\") }", "{ a(b: \"x\\\") }", "\""] {
        assert_eq!(verdict(open), Err(Code::SyntaxError), "{open}");
    }
}

#[test]
fn json_is_measured_before_it_is_parsed() {
    let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    assert!(guard::check_json(nested(MAX_NESTING).as_bytes()).is_ok());
    assert!(guard::check_json(nested(MAX_NESTING + 1).as_bytes()).is_err());
    let quoted = format!("{{\"a\\\"\": \"{}\"}}", "[".repeat(100));
    assert!(guard::check_json(quoted.as_bytes()).is_ok());
}

/// Whatever the scan lets through, the recursive parser must survive, in an unoptimised build on half of the stack
/// that a server's thread has.
#[test]
fn nothing_that_passes_the_scan_overflows_the_parser() {
    let nest = |open: &str, close: &str, n: usize| open.repeat(n) + "1" + &close.repeat(n);
    let worst = [
        format!("{{ a(b: {}) }}", nest("[", "]", MAX_NESTING - 2)),
        format!("{{ a(b: {}) }}", nest("{c:", "}", MAX_NESTING - 2)),
        format!("query($v: T = {}) {{ a }}", nest("{c:[", "]}", 31)),
        format!("query($v: {}) {{ a }}", nest("[", "]", MAX_NESTING - 1).replace('1', "T")),
        "{a".repeat(MAX_NESTING) + &"}".repeat(MAX_NESTING),
        "{...".repeat(MAX_NESTING - 1) + "{a}" + &"}".repeat(MAX_NESTING - 1),
        "{...@d(a:[{b:[1]}])".repeat(MAX_NESTING - 5) + "{a}" + &"}".repeat(MAX_NESTING - 5),
        "{a".repeat(MAX_NESTING - 2) + "(b:[1",
        "[".repeat(MAX_NESTING),
        "{".repeat(MAX_NESTING),
        "a: ".repeat(MAX_TOKENS / 2),
        "@d".repeat(MAX_TOKENS / 2),
        "...".repeat(MAX_TOKENS),
        format!("{{ a {} }}", "... on T @d ".repeat(MAX_TOKENS / 5)),
        format!("{{ a(b: \"{}\") }}", "\\u00e5".repeat(40_000)),
        format!("{{ a(b: \"\"\"{}\"\"\") }}", "\\\"\"\" \n".repeat(40_000)),
        format!("{{ a(b: {}) }}", "9".repeat(250_000)),
        format!("{{ {} }}", "#\n".repeat(100_000)),
    ];
    let thread = std::thread::Builder::new().stack_size(1024 * 1024);
    let parsed = thread.spawn(move || {
        for query in worst {
            let started = Instant::now();
            if guard::scan(&query).is_ok() {
                let _ = parse_query(&query);
            }
            let took = started.elapsed();
            assert!(took < Duration::from_secs(2), "{:.60} took {took:?}", query);
        }
    });
    parsed.expect("a thread").join().expect("no panic");
}
