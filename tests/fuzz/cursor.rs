//! Cursors: whatever comes back as one, a list answers with a page or says that it is none of its own.

use std::panic::AssertUnwindSafe;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bolero::check;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::TIME;
use crate::support::{Client, TestApp};

const QUERY: &str = "query($after: String, $before: String) {
    organisations(first: 2, after: $after) { pageInfo { endCursor } }
    groups(last: 2, before: $before) { pageInfo { startCursor } }
}";

/// Somebody who sees everything. A panic ends the test, so that nobody sees what it leaves.
struct Asker(AssertUnwindSafe<(Runtime, Client)>);

impl Asker {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = runtime.block_on(async { TestApp::demo().await.administrator() });
        Self(AssertUnwindSafe((runtime, client)))
    }

    fn answer(&self, variables: Value) -> Value {
        let (runtime, client) = &*self.0;
        runtime.block_on(client.answer(QUERY, variables))
    }

    /// A page, or the one code for cursors that are none.
    fn assert_sane(&self, side: &str, cursor: &str) {
        let answer = self.answer(json!({ side: cursor }));
        for error in answer["errors"].as_array().into_iter().flatten() {
            assert_eq!(error["extensions"]["code"], "INVALID_CURSOR", "{cursor}: {error}");
        }
        assert!(answer["errors"].is_array() || answer["data"].is_object(), "{cursor}: {answer}");
    }
}

#[test]
fn no_text_as_a_cursor_is_more_than_invalid() {
    let asker = Asker::new();
    check!().with_test_time(TIME).with_max_len(512).for_each(|bytes: &[u8]| {
        for text in [String::from_utf8_lossy(bytes).into_owned(), URL_SAFE_NO_PAD.encode(bytes)] {
            asker.assert_sane("after", &text);
            asker.assert_sane("before", &text);
        }
    });
}

/// Beyond the list's name, which comes first: keys of other lengths, of other kinds, cut off, and too many.
#[test]
fn a_cursor_that_was_touched_is_a_place_or_invalid() {
    let asker = Asker::new();
    let first = asker.answer(json!({}));
    let sides = [
        ("after", &first["data"]["organisations"]["pageInfo"]["endCursor"]),
        ("before", &first["data"]["groups"]["pageInfo"]["startCursor"]),
    ];
    let given =
        sides.map(|(side, cursor)| (side, URL_SAFE_NO_PAD.decode(cursor.as_str().expect("a cursor")).expect("base64")));
    check!().with_test_time(TIME).with_type::<(u8, u8, u8, Vec<u8>)>().for_each(|(at, byte, how, more)| {
        for (side, cursor) in &given {
            let (mut touched, at) = (cursor.clone(), usize::from(*at) % cursor.len());
            match how % 5 {
                0 => touched[at] = *byte,
                1 => touched.truncate(at),
                2 => touched.extend(more),
                3 => touched.insert(at, *byte),
                _ => _ = touched.splice(at.., more.iter().copied()),
            }
            asker.assert_sane(side, &URL_SAFE_NO_PAD.encode(&touched));
        }
    });
}
