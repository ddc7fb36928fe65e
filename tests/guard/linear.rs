//! A text that is four times as long takes four times as long, and not sixteen times.

use std::time::{Duration, Instant};

use samverkan::http::guard::{self, MAX_LENGTH};
use serde_json::json;

use crate::support::TestApp;

const KILOBYTE: usize = 1024;
/// Of times, where one is what is right, and four what is feared.
const RATIO: u32 = 2;
/// For a mebibyte in an unoptimised build, some ten times what it takes. What is looked at anew for each token is linear, too, and a
/// thousand times as much; optimised, all this is a few milliseconds.
const SCANNED: Duration = Duration::from_millis(400);
const CHECKED: Duration = Duration::from_secs(10);
/// What the machine does besides is in most times, seldom in all of them.
const TRIES: usize = 15;

/// Texts of so many bytes, each of another kind.
fn texts(bytes: usize) -> Vec<(&'static str, String)> {
    let filled = |before: &str, piece: &str, after: &str| {
        let room = bytes - before.len() - after.len();
        format!("{before}{}{after}", piece.repeat(room / piece.len()))
    };
    // As many strings as there may be tokens, behind a text that hides from the count.
    let strings = "\"\" ".repeat(1900);
    let (open, close) = (format!("{{ a(b: [{strings}"), "]) }");
    vec![
        ("a comment", filled("#", "x", "\n{ a }")),
        ("comments", filled("", "#\n", "{ a }")),
        ("spaces", filled("", " ", "{ a }")),
        ("lines", filled("", "\r\n", "{ a }")),
        ("commas", filled("{ a", ",", "}")),
        ("byte order marks", filled("", "\u{feff}", "{ a }")),
        ("a name", filled("{ ", "x", " }")),
        ("a number", filled("{ a(b: ", "9", ") }")),
        ("a string", filled("{ a(b: \"", "x", "\") }")),
        ("escapes", filled("{ a(b: \"", "\\u00e5", "\") }")),
        ("a block string", filled("{ a(b: \"\"\"", "x\n", "\"\"\") }")),
        ("escaped quotes", filled("{ a(b: \"\"\"", "\\\"\"\"", "\"\"\") }")),
        ("a string that is not closed", filled("{ a(b: \"", "x", "")),
        ("a block string that is not closed", filled("{ a(b: \"\"\"", "\"\" ", "")),
        ("strings before", filled(&open, ",", close)),
        ("strings after", filled("", "#\n", &format!("{open}{close}"))),
        ("spaces between", filled("", &format!("a{}", " ".repeat(bytes / 900)), "")),
        ("comments between", filled("{", &format!("a #{}\n", "x".repeat(bytes / 900)), "}")),
    ]
}

fn json(bytes: usize) -> Vec<(&'static str, String)> {
    let filled = |piece: &str| piece.repeat(bytes / piece.len());
    vec![
        ("lists", filled("[],")),
        ("objects", filled("{\"a\":{}},")),
        ("a string", format!("\"{}", filled("x"))),
        ("escapes", format!("\"{}", filled("\\\""))),
        ("backslashes", filled("\\")),
        ("closing brackets", filled("]")),
        ("numbers", filled("1,")),
    ]
}

fn time(work: impl Fn()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}

/// Compares the time of a text with that of four texts of a quarter of its size, which is about the same for the machine.
fn assert_linear(
    what: &str,
    texts: fn(usize) -> Vec<(&'static str, String)>,
    size: usize,
    limit: Duration,
    work: fn(&str),
) {
    for ((kind, short), (_, long)) in texts(size / 4).into_iter().zip(texts(size)) {
        let (mut four, mut one) = (Duration::MAX, Duration::MAX);
        for _ in 0..TRIES {
            four = four.min(time(|| (0..4).for_each(|_| work(&short))));
            one = one.min(time(|| work(&long)));
            if one <= RATIO * four && one <= limit {
                break;
            }
        }
        println!("{what} of {kind}: {one:?} for {} bytes, {four:?} for a quarter four times", long.len());
        assert!(one <= limit, "{what} of {kind}: {one:?}");
        assert!(one <= RATIO * four, "{what} of {kind}: {one:?}, but {four:?} for as much in four parts");
    }
}

#[test]
fn the_scan_is_linear() {
    let work = |text: &str| _ = guard::scan(text);
    assert_linear("a scan", texts, 1024 * KILOBYTE, SCANNED, work);
}

#[test]
fn the_check_is_linear() {
    let work = |text: &str| _ = guard::check(text, None);
    assert_linear("a check", texts, MAX_LENGTH, CHECKED / 16, work);
}

#[test]
fn the_look_at_json_is_linear() {
    let work = |text: &str| _ = guard::check_json(text.as_bytes());
    assert_linear("a look", json, 1024 * KILOBYTE, SCANNED, work);
}

/// Unknown names, all of which the validator tells. It would compare each with all that it knows, to guess what was meant.
#[tokio::test]
async fn names_that_nobody_knows_are_told_at_once() {
    let anyone = TestApp::demo().await.public();
    let names: String = (0..900).map(|number| format!("{}{number} ", "organisation".repeat(5))).collect();
    let query = format!("{{ group(by: {{ slug: \"run\" }}) {{ nam {names} }} }}");
    let started = Instant::now();
    let answer = anyone.answer(&query, json!({})).await;
    let took = started.elapsed();
    println!("{} bytes of unknown names: {took:?}", query.len());
    assert_eq!(answer["errors"][0]["extensions"]["code"], "VALIDATION_FAILED");
    assert!(!answer.to_string().contains("Did you mean"), "{answer:.500}");
    assert!(took < CHECKED / 4, "{took:?}");
}
