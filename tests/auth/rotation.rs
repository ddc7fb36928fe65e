//! An issuer's keys come, go, and cannot be reached.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::issuer::{Answer, World};
use super::keys::{Key, OTHER, USUAL};

fn usual(world: &World) -> String {
    USUAL.sign(&USUAL.header("usual"), &world.long_claims())
}

fn new(world: &World) -> String {
    OTHER.sign(&OTHER.header("new"), &world.long_claims())
}

#[tokio::test]
async fn a_new_key_works_within_a_minute() {
    let world = World::new().await;
    assert!(world.accepts(&usual(&world)).await);
    world.pass(10);
    world.issuer.publish(&[USUAL.jwk("usual"), OTHER.jwk("new")]);
    assert!(!world.accepts(&new(&world)).await, "keys were fetched ten seconds ago");
    world.pass(30);
    assert!(world.accepts(&new(&world)).await);
    assert!(world.accepts(&usual(&world)).await);
    assert_eq!(world.issuer.fetches(), 2);
}

/// A key without a name, or under the name of the one before.
#[tokio::test]
async fn a_key_that_takes_anothers_place_works_too() {
    let world = World::new().await;
    assert!(world.accepts(&usual(&world)).await);
    let reused = OTHER.sign(&OTHER.header("usual"), &world.long_claims());
    let unnamed = OTHER.sign(&json!({ "alg": "RS256" }), &world.long_claims());
    world.issuer.publish(&[OTHER.jwk("usual")]);
    world.pass(30);
    assert!(world.accepts(&reused).await);
    assert!(world.accepts(&unnamed).await);
    assert!(!world.accepts(&usual(&world)).await);
}

#[tokio::test]
async fn a_withdrawn_key_stops_within_five_minutes() {
    let world = World::new().await;
    assert!(world.accepts(&usual(&world)).await);
    world.issuer.publish(&[]);
    world.pass(200);
    assert!(world.accepts(&usual(&world)).await, "what is kept is used");
    assert_eq!(world.issuer.fetches(), 1);
    world.pass(99);
    assert!(!world.accepts(&usual(&world)).await);
    world.issuer.publish(&[USUAL.jwk("usual")]);
    world.pass(30);
    assert!(world.accepts(&usual(&world)).await, "and is back when it is back");
}

#[tokio::test]
async fn a_flood_of_unknown_keys_causes_two_fetches_a_minute() {
    let world = World::new().await;
    assert!(world.accepts(&usual(&world)).await);
    let key = Key::es256();
    let header = |number: i64| json!({ "alg": "RS256", "kid": format!("k{number}") });
    for second in 0..120 {
        world.pass(1);
        let token = key.sign(&header(second), &world.long_claims());
        assert!(!world.accepts(&token).await);
        assert!(world.accepts(&usual(&world)).await, "others are not disturbed");
        // The first was before the flood.
        let allowed = 2 * (1 + usize::try_from(second).expect("small") / 60);
        assert!(world.issuer.fetches() <= 1 + allowed, "{} after {second} s", world.issuer.fetches());
    }
    assert_eq!(world.issuer.fetches(), 5);
    let before = world.issuer.fetches();
    let mut wrong = world.long_claims();
    wrong["aud"] = json!("other");
    world.pass(60);
    assert!(!world.accepts(&key.sign(&header(0), &wrong)).await);
    assert!(!world.accepts(&key.sign(&json!({ "alg": "ES256", "kid": "k" }), &world.long_claims())).await);
    assert_eq!(world.issuer.fetches(), before, "what is wrong in itself is no reason to fetch");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_come_together_share_a_fetch() {
    let world = Arc::new(World::new().await);
    let token = usual(&world);
    let asked = (0..50).map(|_| {
        let (world, token) = (world.clone(), token.clone());
        tokio::spawn(async move { world.accepts(&token).await })
    });
    for asked in asked.collect::<Vec<_>>() {
        assert!(asked.await.expect("no panic"));
    }
    assert_eq!(world.issuer.fetches(), 1);
}

#[tokio::test]
async fn who_hangs_up_does_not_end_the_fetch() {
    let world = World::new().await;
    let token = usual(&world);
    let hung_up = tokio::time::timeout(Duration::from_millis(10), world.accepts(&token)).await;
    assert!(hung_up.is_err(), "the issuer takes longer than that");
    assert!(world.accepts(&token).await);
    assert_eq!(world.issuer.fetches(), 1);
}

#[tokio::test]
async fn the_keys_of_a_dead_issuer_live_for_a_day() {
    let world = World::new().await;
    let token = usual(&world);
    assert!(world.accepts(&token).await);
    world.issuer.answer(Answer::Status(503));
    for hour in 1..24 {
        world.pass(3600);
        assert!(world.accepts(&token).await, "hour {hour}");
    }
    world.pass(3599);
    assert!(world.accepts(&token).await, "a second is left");
    world.pass(1);
    assert!(!world.accepts(&token).await, "a day has gone");
    assert!(world.issuer.fetches() > 20, "it is asked again and again");
    world.issuer.publish(&[USUAL.jwk("usual")]);
    world.pass(30);
    assert!(world.accepts(&token).await, "it is alive again");
}

/// The last fetch failed long ago: what is kept is not used before the issuer was asked again.
#[tokio::test]
async fn an_old_failure_does_not_keep_a_withdrawn_key_alive() {
    let world = World::new().await;
    let token = usual(&world);
    assert!(world.accepts(&token).await);
    world.issuer.answer(Answer::Status(503));
    world.pass(600);
    assert!(world.accepts(&token).await, "nobody says otherwise");
    world.issuer.publish(&[]);
    world.pass(600);
    assert!(!world.accepts(&token).await);
}

#[tokio::test]
async fn an_issuer_that_never_was_there_opens_nothing() {
    let world = World::new().await;
    world.issuer.answer(Answer::Status(500));
    for _ in 0..10 {
        assert!(!world.accepts(&usual(&world)).await);
    }
    assert_eq!(world.issuer.fetches(), 1);
}

#[tokio::test]
async fn an_issuer_that_hangs_is_waited_for_once() {
    let world = World::new().await;
    let token = usual(&world);
    assert!(world.accepts(&token).await);
    world.issuer.answer(Answer::Never);
    world.pass(250);
    let started = std::time::Instant::now();
    assert!(world.accepts(&token).await, "what is kept holds");
    let waited = started.elapsed();
    assert!((Duration::from_secs(4)..Duration::from_secs(20)).contains(&waited), "{waited:?}");
    world.pass(60);
    let started = std::time::Instant::now();
    assert!(world.accepts(&token).await);
    assert!(started.elapsed() < Duration::from_secs(3), "nobody waits for it again");
}

#[tokio::test]
async fn what_is_no_set_of_keys_changes_nothing() {
    let world = World::new().await;
    let token = usual(&world);
    assert!(world.accepts(&token).await);
    let elsewhere = World::new().await;
    elsewhere.issuer.publish(&[OTHER.jwk("new")]);
    let padded = json!({ "keys": [OTHER.jwk("new")], "padding": "a".repeat(300_000) });
    for answer in [
        Answer::Body("keys".to_owned()),
        Answer::Body(json!({ "keys": {} }).to_string()),
        Answer::Body(json!([OTHER.jwk("new")]).to_string()),
        Answer::Body(padded.to_string()),
        Answer::Redirect(format!("{}/keys", elsewhere.issuer.url)),
    ] {
        world.issuer.answer(answer);
        world.pass(300);
        assert!(world.accepts(&token).await);
        assert!(!world.accepts(&new(&world)).await);
    }
    assert_eq!(elsewhere.issuer.fetches(), 0, "no redirect is followed");
    world.issuer.answer(Answer::Body(json!({ "keys": [7, { "kty": "?" }, OTHER.jwk("new"), null] }).to_string()));
    world.pass(300);
    assert!(world.accepts(&new(&world)).await, "keys that are not understood are passed over");
}

#[tokio::test]
async fn discovery_leads_to_the_keys() {
    let world = World::with("# discover").await;
    assert!(world.accepts(&usual(&world)).await);
    let url = world.issuer.url.clone();
    for document in [
        json!({ "issuer": format!("{url}/"), "jwks_uri": format!("{url}/keys") }),
        json!({ "issuer": "https://other.example", "jwks_uri": format!("{url}/keys") }),
        json!({ "jwks_uri": format!("{url}/keys") }),
        json!({ "issuer": url, "jwks_uri": "http://keys.example/keys" }),
        json!({ "issuer": url, "jwks_uri": "file:///etc/passwd" }),
        json!({ "issuer": url }),
    ] {
        let world = World::with("# discover").await;
        let itself = document.to_string().replace(&url, &world.issuer.url);
        world.issuer.describe(Answer::Body(itself));
        assert!(!world.accepts(&usual(&world)).await, "{document}");
        assert_eq!(world.issuer.fetches(), 0, "{document}");
    }
}
