//! Tokens of the directory's own key.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use entity::values::{Instant, Role};
use samverkan::app::App;
use samverkan::auth::{self, Tokens, Unauthenticated};
use samverkan::config;
use samverkan::error::Error;
use samverkan::policy::{Claim, SignIn};
use serde_json::{Value, json};

use super::keys::{Key, USUAL};
use crate::support::{self, TestApp};

fn tokens(app: &App, own: bool) -> Tokens {
    Tokens::new(app.clone(), &config::Tokens { own, issuers: Vec::new() }).expect("settings")
}

async fn sign_in(tokens: &Tokens, token: &str) -> Result<SignIn, Unauthenticated> {
    let proof = tokens.sign_in(Some(format!("Bearer {token}").as_bytes())).await?;
    Ok(proof.expect("a header proves something or fails").sign_in)
}

fn at(role: Role, place: &str) -> Claim {
    Claim { role, place: Some(place.to_owned()) }
}

#[tokio::test]
async fn what_is_issued_is_accepted_and_says_the_same() {
    let test = TestApp::demo().await;
    let tokens = tokens(&test.app, true);
    for claim in [
        None,
        Some(Claim { role: Role::Administrator, place: None }),
        Some(Claim { role: Role::Auditor, place: None }),
        Some(at(Role::Coordinator, "run")),
        Some(at(Role::Representative, "bracke")),
    ] {
        let token = auth::issue(&test.app, "anna", claim.clone(), 12).await.expect("a token");
        let sign_in = sign_in(&tokens, &token).await.expect("it is ours");
        assert_eq!((sign_in.issuer.as_str(), sign_in.subject.as_str()), ("samverkan", "anna"));
        assert_eq!(sign_in.claims, claim.into_iter().collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn nothing_is_issued_for_a_place_that_is_not_there() {
    let test = TestApp::demo().await;
    for claim in [
        at(Role::Coordinator, "bracke"),
        at(Role::Representative, "run"),
        at(Role::Administrator, "run"),
        Claim { role: Role::Coordinator, place: None },
    ] {
        let issued = auth::issue(&test.app, "anna", Some(claim.clone()), 12).await;
        assert_eq!(issued, Err(Error::NotFound), "{claim:?}");
    }
}

#[tokio::test]
async fn they_hold_for_their_hours_and_only_where_they_are_on() {
    let now = Arc::new(AtomicI64::new(support::clock()().0));
    let time = now.clone();
    let clock = Arc::new(move || Instant(time.load(Ordering::SeqCst)));
    let url = support::fresh_database().await;
    let app = App::open(&url, clock.clone()).await.expect("a directory");
    let on = tokens(&app, true);
    let token = auth::issue(&app, "anna", None, 2).await.expect("a token");
    assert_eq!(sign_in(&tokens(&app, false), &token).await, Err(Unauthenticated::Invalid));
    now.fetch_add(2 * 3_600_000_000 + 29_000_000, Ordering::SeqCst);
    assert!(sign_in(&on, &token).await.is_ok());
    let again = App::open(&url, clock).await.expect("a restart");
    assert!(sign_in(&tokens(&again, true), &token).await.is_ok(), "the key outlives the process");
    now.fetch_add(1_000_000, Ordering::SeqCst);
    assert_eq!(sign_in(&on, &token).await, Err(Unauthenticated::Expired));
}

#[tokio::test]
async fn they_are_checked_like_any_other() {
    let test = TestApp::demo().await;
    let tokens = tokens(&test.app, true);
    let own = Key::own(test.app.signing_key());
    let until = support::clock()().0 / 1_000_000 + 3600;
    let good = json!({ "iss": "samverkan", "aud": "samverkan", "sub": "anna", "exp": until, "role": "ADMINISTRATOR" });
    let header = json!({ "alg": "EdDSA" });
    let with = |key: &str, value: Value| {
        let mut claims = good.clone();
        claims[key] = value;
        claims
    };
    assert!(sign_in(&tokens, &own.sign(&header, &good)).await.is_ok());
    let secret = Key::hs256(&own.public());
    for (what, token) in [
        ("another's key", Key::eddsa().sign(&header, &good)),
        ("another kind of key", USUAL.sign(&json!({ "alg": "RS256" }), &good)),
        ("the public key as a secret", secret.sign(&json!({ "alg": "HS256" }), &good)),
        ("crit", own.sign(&json!({ "alg": "EdDSA", "crit": ["x"] }), &good)),
        ("another audience", own.sign(&header, &with("aud", json!("api")))),
        ("no audience", own.sign(&header, &with("aud", json!(null)))),
        ("no end", own.sign(&header, &with("exp", json!(null)))),
        ("no subject", own.sign(&header, &with("sub", json!("")))),
        ("another issuer", own.sign(&header, &with("iss", json!("https://samverkan.example")))),
    ] {
        assert_eq!(sign_in(&tokens, &token).await, Err(Unauthenticated::Invalid), "{what}");
    }
    for (name, value) in [("role", json!("KING")), ("role", json!(1)), ("group", json!("run"))] {
        let token = own.sign(&header, &with(name, value.clone()));
        assert_eq!(sign_in(&tokens, &token).await.expect("a sign-in").claims, [], "{name}: {value}");
    }
}
