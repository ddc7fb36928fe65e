//! The guard: it never panics, and what it lets through is parsed, small, and validated soon.

use std::ops::Deref;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use async_graphql::parser::parse_query;
use async_graphql::{EmptyMutation, EmptySubscription, Object, Request, Schema};
use bolero::check;
use samverkan::http::guard::{
    self, MAX_ALIASES, MAX_DEPTH, MAX_DIRECTIVES, MAX_FIELDS, MAX_FRAGMENTS, MAX_INTROSPECTION_DEPTH, MAX_NESTING,
    MAX_ROOT_FIELDS,
};

use super::TIME;

/// For a document that has passed, in an unoptimised build on a busy machine.
const SOON: Duration = Duration::from_secs(2);

const SCRAPS: [&str; 48] = [
    "{",
    "}",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "\"\"\"",
    "\\",
    "\\\"",
    "\\\"\"\"",
    "#",
    "\n",
    "\r",
    " ",
    " ",
    ",",
    "...",
    ":",
    "$",
    "@",
    "!",
    "=",
    "|",
    "&",
    "-1.5e3",
    "query ",
    "mutation ",
    "fragment ",
    "on ",
    "a ",
    "b",
    "a",
    "A",
    "å",
    "\u{feff}",
    "\0",
    "💥",
    "1",
    "0",
    "null",
    "true",
    "\\u00e5",
    "...A ",
    "@d",
    "__typename ",
];

/// Bytes as decisions: what a document is made of. Every fragment that is spread is there, so that many are valid.
struct Writer<'a> {
    decisions: std::slice::Iter<'a, u8>,
    text: String,
    /// Fragments in the order in which they were first spread.
    spread: Vec<u8>,
}

impl Writer<'_> {
    fn document(bytes: &[u8]) -> String {
        let mut writer = Writer { decisions: bytes.iter(), text: String::new(), spread: Vec::new() };
        writer.set(0);
        let mut defined = 0;
        while let Some(number) = writer.spread.get(defined) {
            writer.text.push_str(&format!("fragment F{number} on Query "));
            writer.set(0);
            defined += 1;
        }
        writer.text
    }

    /// A number below this one; 0 when there are no decisions left.
    fn choose(&mut self, below: u8) -> u8 {
        self.decisions.next().map_or(0, |byte| byte % below)
    }

    fn set(&mut self, depth: usize) {
        self.text.push_str("{ ");
        for _ in 0..=self.choose(4) {
            self.selection(depth);
        }
        self.text.push_str("} ");
    }

    fn selection(&mut self, depth: usize) {
        let below = depth < 40;
        match self.choose(12) {
            0 => self.text.push_str("n "),
            1 => self.text.push_str("x: n "),
            2 => self.text.push_str("n @skip(if: false) "),
            3 => self.text.push_str("y: n(v: 1) "),
            4 => self.text.push_str("z: q(w: [[{a: \"}\"}]]) { n } "),
            5 | 6 => {
                let number = self.choose(40);
                if !self.spread.contains(&number) {
                    self.spread.push(number);
                }
                self.text.push_str(&format!("...F{number} "));
            }
            7 | 8 if below => {
                self.text.push_str("q ");
                self.set(depth + 1);
            }
            9 if below => {
                self.text.push_str("... ");
                self.set(depth + 1);
            }
            10 if below => {
                self.text.push_str("... on Query @include(if: true) ");
                self.set(depth + 1);
            }
            _ => self.text.push_str("__typename "),
        }
    }
}

/// Everything that must be true of a document that passes.
fn assert_small(text: &str) -> bool {
    let Ok(checked) = guard::check(text, None) else { return false };
    guard::scan(text).expect("what passes has been scanned");
    let document = parse_query(text).expect("what passes parses");
    assert!(document.fragments.len() as u64 <= MAX_FRAGMENTS);
    for counts in guard::counts(&checked.document).expect("what passes has no circles") {
        let depth = if counts.data_fields == 0 { MAX_INTROSPECTION_DEPTH } else { MAX_DEPTH };
        assert!(counts.depth <= depth && counts.root_fields <= MAX_ROOT_FIELDS, "{counts:?}: {text}");
        assert!(counts.fields <= MAX_FIELDS && counts.aliases <= MAX_ALIASES, "{counts:?}: {text}");
        assert!(counts.directives <= MAX_DIRECTIVES, "{counts:?}: {text}");
    }
    true
}

#[test]
fn any_text_is_refused_or_small() {
    check!().with_test_time(TIME).with_max_len(4096).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        assert_small(&text);
        let scraps: String = bytes.iter().map(|byte| SCRAPS[usize::from(*byte) % SCRAPS.len()]).collect();
        assert_small(&scraps);
        assert_small(&format!("{{ a(b: {scraps}) }}"));
    });
}

#[test]
fn any_json_is_refused_or_shallow() {
    check!().with_test_time(TIME).with_max_len(4096).for_each(|bytes: &[u8]| {
        let scraps = b"[]{}[[{{\"\"\\:,1e-.tn \n";
        let json: Vec<u8> = bytes.iter().map(|byte| scraps[usize::from(*byte) % scraps.len()]).collect();
        for text in [bytes, &json] {
            if guard::check_json(text).is_ok()
                && let Ok(value) = serde_json::from_slice::<serde_json::Value>(text)
            {
                assert!(depth(&value) <= MAX_NESTING, "{value}");
            }
        }
    });
}

fn depth(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Array(list) => 1 + list.iter().map(depth).max().unwrap_or(0),
        serde_json::Value::Object(object) => 1 + object.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

struct Query;

#[Object]
impl Query {
    async fn n(&self, v: Option<i32>) -> Option<i32> {
        v
    }

    async fn q(&self) -> Query {
        Query
    }
}

#[test]
fn a_document_that_passes_is_validated_and_answered_soon() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
    // A panic ends the test, so that nobody sees what it leaves.
    let answer = AssertUnwindSafe(|request| runtime.block_on(schema.execute(request)));
    let (passed, answered) = (AtomicU32::new(0), AtomicU32::new(0));
    check!().with_test_time(2 * TIME).with_max_len(2048).for_each(|bytes: &[u8]| {
        let text = Writer::document(bytes);
        if !assert_small(&text) {
            return;
        }
        passed.fetch_add(1, Ordering::Relaxed);
        let checked = guard::check(&text, None).expect("as before");
        let mut request = Request::new(text.clone());
        request.set_parsed_query(checked.document);
        let started = Instant::now();
        let response = answer.deref()(request);
        assert!(started.elapsed() < SOON, "{:?}: {text}", started.elapsed());
        answered.fetch_add(u32::from(response.errors.is_empty()), Ordering::Relaxed);
    });
    println!("{passed:?} passed, {answered:?} were answered");
}
