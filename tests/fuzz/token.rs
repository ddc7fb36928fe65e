//! The `Authorization` header: no bytes make it panic, and none prove anything but those of a token that was signed.

use std::panic::AssertUnwindSafe;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bolero::check;
use samverkan::auth::{self, Tokens};
use samverkan::config;
use serde_json::json;
use tokio::runtime::Runtime;

use super::TIME;
use crate::support::TestApp;

/// Who reads headers. A panic ends the test, so that nobody sees what it leaves.
struct Reader(AssertUnwindSafe<(Runtime, Tokens)>);

impl Reader {
    /// With a token that holds.
    fn new() -> (Self, String) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (tokens, token) = runtime.block_on(async {
            let test = TestApp::demo().await;
            let own = config::Tokens { own: true, issuers: Vec::new() };
            let token = auth::issue(&test.app, "anna", None, 12).await.expect("a token");
            (Tokens::new(test.app.clone(), &own).expect("a key"), token)
        });
        (Self(AssertUnwindSafe((runtime, tokens))), token)
    }

    fn believes(&self, header: &[u8]) -> bool {
        let (runtime, tokens) = &*self.0;
        runtime.block_on(tokens.sign_in(Some(header))).is_ok()
    }
}

#[test]
fn no_bytes_prove_anything() {
    let (reader, _) = Reader::new();
    check!().with_test_time(TIME).with_max_len(10_000).for_each(|bytes: &[u8]| {
        assert!(!reader.believes(bytes));
        assert!(!reader.believes(&[b"Bearer ", bytes].concat()));
        // Well-formed to the eye: parts of base64 with dots between them.
        let parts: Vec<String> = bytes.chunks(bytes.len() / 3 + 1).map(|part| URL_SAFE_NO_PAD.encode(part)).collect();
        assert!(!reader.believes(format!("Bearer {}", parts.join(".")).as_bytes()));
    });
}

#[test]
fn no_claims_prove_anything_without_a_signature() {
    let (reader, _) = Reader::new();
    let names = ["alg", "kid", "crit", "iss", "aud", "sub", "exp", "nbf", "role"];
    let values = ["EdDSA", "none", "HS256", "RS256", "samverkan", "", "b64"];
    check!().with_test_time(TIME).with_max_len(256).for_each(|bytes: &[u8]| {
        let object = |bytes: &[u8]| {
            let pairs = bytes.chunks_exact(2).map(|pair| {
                let (name, value) = (names[usize::from(pair[0]) % names.len()], usize::from(pair[1]));
                let value = match value % 9 {
                    7 => json!(value * 100_000_000),
                    8 => json!([values[value % values.len()], value]),
                    other => json!(values[other]),
                };
                (name.to_owned(), value)
            });
            URL_SAFE_NO_PAD.encode(json!(pairs.collect::<serde_json::Map<_, _>>()).to_string())
        };
        let (header, rest) = bytes.split_at(bytes.len() / 3);
        let (claims, signature) = rest.split_at(rest.len() / 2);
        let token = format!("Bearer {}.{}.{}", object(header), object(claims), URL_SAFE_NO_PAD.encode(signature));
        assert!(!reader.believes(token.as_bytes()), "{token}");
    });
}

#[test]
fn a_token_that_was_touched_proves_nothing() {
    let (reader, token) = Reader::new();
    assert!(reader.believes(format!("Bearer {token}").as_bytes()));
    check!().with_test_time(TIME).with_type::<(u16, u8, bool)>().for_each(|(at, byte, insert)| {
        let mut touched = token.clone().into_bytes();
        let at = usize::from(*at) % touched.len();
        match insert {
            true => touched.insert(at, *byte),
            false => touched[at] = *byte,
        }
        // Spaces before a token are no part of it.
        let spaces = touched.iter().take_while(|byte| **byte == b' ').count();
        let same = touched[spaces..] == *token.as_bytes();
        assert_eq!(
            reader.believes(&[b"Bearer ", touched.as_slice()].concat()),
            same,
            "{}",
            String::from_utf8_lossy(&touched)
        );
    });
}
