//! What a token must be.

use samverkan::auth::Unauthenticated::{self, Early, Expired, Invalid, NotBearer};
use samverkan::config;
use serde_json::{Value, json};

use super::issuer::{AUDIENCE, World};
use super::keys::{Key, OTHER, USUAL, base64};

fn with(mut object: Value, key: &str, value: Value) -> Value {
    object[key] = value;
    object
}

fn without(mut object: Value, key: &str) -> Value {
    object.as_object_mut().expect("an object").remove(key);
    object
}

/// A token with these claims, otherwise as it should be.
fn token(claims: &Value) -> String {
    USUAL.sign(&USUAL.header("usual"), claims)
}

#[tokio::test]
async fn a_token_of_the_issuer_says_who_it_is() {
    let world = World::new().await;
    let sign_in = world.sign_in(&token(&world.claims())).await.expect("a good token");
    assert_eq!((sign_in.issuer, sign_in.subject.as_str()), (world.issuer.url.clone(), "anna"));
    assert_eq!(sign_in.claims, []);
    assert_eq!(world.tokens.sign_in(None).await, Ok(None));
}

#[tokio::test]
async fn claims_are_required_and_of_the_right_type() {
    let world = World::new().await;
    let good = world.claims();
    let (issuer, now) = (&world.issuer.url, world.seconds());
    for name in ["iss", "aud", "exp", "sub"] {
        assert_eq!(world.sign_in(&token(&without(good.clone(), name))).await, Err(Invalid), "without {name}");
        for wrong in [Value::Null, json!(true), json!({}), json!([]), json!("x"), json!([1]), json!("")] {
            if name == "sub" && wrong == "x" {
                continue;
            }
            let claims = with(good.clone(), name, wrong.clone());
            assert_eq!(world.sign_in(&token(&claims)).await, Err(Invalid), "{name}: {wrong}");
        }
    }
    for (name, value) in [
        ("iss", json!([issuer])),
        ("iss", json!(format!("{issuer}/"))),
        ("aud", json!(format!("{AUDIENCE}/"))),
        ("aud", json!(["other", "another"])),
        ("aud", json!([AUDIENCE, 1])),
        ("exp", json!((now + 3600).to_string())),
        ("nbf", json!("0")),
        ("nbf", Value::Null),
        ("sub", json!(7)),
        ("sub", json!("a".repeat(256))),
        ("sub", json!("a\u{0}b")),
    ] {
        let claims = with(good.clone(), name, value.clone());
        assert_eq!(world.sign_in(&token(&claims)).await, Err(Invalid), "{name}: {value}");
    }
    for (name, value) in [
        ("aud", json!(["other", AUDIENCE])),
        ("sub", json!("å".repeat(255))),
        ("exp", json!(now as f64 + 0.5)),
        ("nbf", json!(now)),
    ] {
        let claims = with(good.clone(), name, value.clone());
        assert!(world.accepts(&token(&claims)).await, "{name}: {value}");
    }
}

#[tokio::test]
async fn clocks_may_be_thirty_seconds_apart() {
    let world = World::new().await;
    let at = |name: &str, seconds: i64| token(&with(world.claims(), name, json!(world.seconds() + seconds)));
    assert!(world.accepts(&at("exp", -29)).await);
    assert_eq!(world.sign_in(&at("exp", -30)).await, Err(Expired));
    assert_eq!(world.sign_in(&at("exp", -1_000_000_000_000)).await, Err(Expired));
    assert!(world.accepts(&at("nbf", 30)).await);
    assert_eq!(world.sign_in(&at("nbf", 31)).await, Err(Early));
    let token = at("exp", 10);
    assert!(world.accepts(&token).await);
    world.pass(41);
    assert_eq!(world.sign_in(&token).await, Err(Expired), "time is the application's");
}

#[tokio::test]
async fn nothing_but_the_issuers_key_proves_anything() {
    let world = World::new().await;
    let (claims, header) = (world.claims(), USUAL.header("usual"));
    let good = token(&claims);
    let (signed, signature) = good.rsplit_once('.').expect("a signature");
    let (_, body) = signed.split_once('.').expect("a body");
    let forged = base64(with(claims.clone(), "sub", json!("bo")).to_string());
    let none = base64(json!({ "alg": "none" }).to_string());
    let secret = Key::hs256(&USUAL.public());
    let named = USUAL.jwk("usual")["n"].as_str().expect("a modulus").to_owned();
    for (what, token) in [
        ("another's key", OTHER.sign(&header, &claims)),
        ("another's key, unnamed", OTHER.sign(&without(header.clone(), "kid"), &claims)),
        ("another name", USUAL.sign(&with(header.clone(), "kid", json!("other")), &claims)),
        ("other claims", format!("{}.{forged}.{signature}", base64(header.to_string()))),
        ("another header", format!("{}.{body}.{signature}", base64(with(header.clone(), "x", json!(1)).to_string()))),
        ("alg none", format!("{none}.{body}.")),
        ("alg none with a signature", format!("{none}.{body}.{signature}")),
        ("no signature", format!("{signed}.")),
        ("the public key as a secret", secret.sign(&secret.header("usual"), &claims)),
        ("its modulus as a secret", Key::hs256(named.as_bytes()).sign(&secret.header("usual"), &claims)),
        ("another algorithm of the key", USUAL.sign(&with(header.clone(), "alg", json!("PS256")), &claims)),
        ("an algorithm that is not allowed", USUAL.sign(&with(header.clone(), "alg", json!("RS512")), &claims)),
        ("an algorithm that is none", USUAL.sign(&with(header.clone(), "alg", json!("rs256")), &claims)),
        ("no algorithm", USUAL.sign(&without(header.clone(), "alg"), &claims)),
        ("padding", format!("{good}=")),
        ("two parts", signed.to_owned()),
        ("five parts", format!("{good}.a.b")),
        ("no JSON", format!("e30.e30e.{signature}")),
        ("lists", format!("W10.W10.{signature}")),
    ] {
        assert_eq!(world.sign_in(&token).await, Err(Invalid), "{what}");
    }
    assert!(world.accepts(&good).await);
    assert!(world.accepts(&USUAL.sign(&without(header, "kid"), &claims)).await, "a token need not name its key");
}

/// An allowed algorithm of the same family, with a key that was published for another.
#[tokio::test]
async fn a_key_is_for_the_algorithm_that_it_was_published_for() {
    let world = World::with("algorithms = [\"RS256\", \"RS384\"]").await;
    let key = Key::rs384();
    let named = |algorithm: &str| with(key.jwk("k"), "alg", json!(algorithm));
    let token = key.sign(&key.header("k"), &world.claims());
    for (jwk, accepted) in [
        (named("RS256"), false),
        (named("HS256"), false),
        (with(key.jwk("k"), "use", json!("enc")), false),
        (with(key.jwk("k"), "key_ops", json!(["encrypt"])), false),
        (json!({ "kty": "oct", "kid": "k", "k": base64(key.public()) }), false),
        (named("RS384"), true),
        (with(key.jwk("k"), "use", json!("sig")), true),
        (with(key.jwk("k"), "key_ops", json!(["verify"])), true),
        (key.jwk("k"), true),
    ] {
        world.issuer.publish(std::slice::from_ref(&jwk));
        world.pass(300);
        assert_eq!(world.accepts(&token).await, accepted, "{jwk}");
    }
}

#[tokio::test]
async fn every_algorithm_is_checked_when_the_settings_allow_it() {
    let all = World::with("algorithms = [\"RS256\", \"RS384\", \"PS256\", \"ES256\", \"ES384\", \"EdDSA\"]").await;
    let one = World::with("algorithms = [\"RS256\"]").await;
    let keys = [Key::rs384(), Key::ps256(), Key::es256(), Key::es384(), Key::eddsa()];
    let published: Vec<Value> = keys.iter().map(|key| key.jwk("same")).collect();
    for world in [&all, &one] {
        world.issuer.publish(&published);
    }
    for key in &keys {
        let header = key.header("same");
        assert!(all.accepts(&key.sign(&header, &all.claims())).await, "{header}");
        assert_eq!(one.sign_in(&key.sign(&header, &one.claims())).await, Err(Invalid), "{header}");
        let secret = Key::hs256(&key.public());
        assert_eq!(all.sign_in(&secret.sign(&secret.header("same"), &all.claims())).await, Err(Invalid), "{header}");
    }
}

#[tokio::test]
async fn of_the_header_nothing_else_is_believed() {
    let world = World::new().await;
    let header = USUAL.header("usual");
    let good = |key: &str, value: Value| USUAL.sign(&with(header.clone(), key, value), &world.claims());
    for crit in [json!(["b64"]), json!([]), json!(["exp"]), json!(null), json!("exp")] {
        assert_eq!(world.sign_in(&good("crit", crit.clone())).await, Err(Invalid), "{crit}");
    }
    // A key that the token brings along is no key; whether it fits or is nonsense makes no difference.
    let brought = [
        ("jwk", OTHER.jwk("usual")),
        ("jku", json!("http://127.0.0.1:1/keys")),
        ("x5u", json!("http://127.0.0.1:1/keys")),
        ("x5c", json!([base64(OTHER.public())])),
        ("jwk", json!(7)),
        ("x5c", json!({})),
    ];
    for (key, value) in brought {
        let forged = OTHER.sign(&with(header.clone(), key, value.clone()), &world.claims());
        assert_eq!(world.sign_in(&forged).await, Err(Invalid), "{key}: {value}");
        assert!(world.accepts(&good(key, value.clone())).await, "{key}: {value}");
    }
    let names = [("a".repeat(128), true), ("å".repeat(128), true), ("a".repeat(129), false)];
    let names = names.into_iter().chain([("../../keys?a=b#\u{1b}[31m' OR 1=1".to_owned(), true)]);
    for (kid, accepted) in names {
        world.issuer.publish(&[USUAL.jwk(&kid)]);
        world.pass(300);
        assert_eq!(world.accepts(&good("kid", json!(kid))).await, accepted, "{kid}");
    }
    for kid in [json!(1), json!(null), json!(["usual"])] {
        assert_eq!(world.sign_in(&good("kid", kid.clone())).await, Err(Invalid), "{kid}");
    }
}

#[tokio::test]
async fn a_header_is_one_bearer_token_of_eight_kibibytes() {
    let world = World::new().await;
    let good = token(&world.claims());
    let ask = async |header: String| world.tokens.sign_in(Some(header.as_bytes())).await;
    for header in [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        good.clone(),
        format!("Basic {good}"),
        format!("Bearer:{good}"),
        format!("Bearer {good}, Bearer {good}"),
        format!("Bearer {good} {good}"),
        format!("Bearer {good}\t"),
        format!(" Bearer {good}"),
    ] {
        assert_eq!(ask(header.clone()).await, Err(NotBearer), "{header}");
    }
    assert_eq!(world.tokens.sign_in(Some(b"Bearer \xff\xfe")).await, Err(NotBearer));
    assert!(ask(format!("bEARER  {good}")).await.is_ok(), "RFC 9110: schemes know no case");
    let padded = |length: usize| token(&with(world.claims(), "padding", json!("a".repeat(length))));
    // Three bytes of padding are four of base64.
    let room = 8 * 1024 - padded(0).len();
    let longest = padded(room / 4 * 3);
    assert!(longest.len() <= 8 * 1024 && world.accepts(&longest).await, "{}", longest.len());
    assert_eq!(world.sign_in(&padded(room / 4 * 3 + 6)).await, Err(Invalid));
}

#[tokio::test]
async fn a_token_counts_only_for_the_issuer_that_it_names() {
    let (here, there) = (World::new().await, World::new().await);
    there.issuer.publish(&[OTHER.jwk("usual")]);
    let both = config::Tokens { own: false, issuers: vec![setting(&here), setting(&there)] };
    let both = samverkan::auth::Tokens::new(here.app.clone(), &both).expect("settings");
    let ask = async |key: &Key, world: &World| {
        let header = format!("Bearer {}", key.sign(&key.header("usual"), &world.claims()));
        both.sign_in(Some(header.as_bytes())).await.map(|proof| proof.map(|proof| proof.sign_in.issuer))
    };
    assert_eq!(ask(&USUAL, &here).await, Ok(Some(here.issuer.url.clone())));
    assert_eq!(ask(&OTHER, &there).await, Ok(Some(there.issuer.url.clone())));
    assert_eq!(ask(&OTHER, &here).await, Err(Invalid));
    assert_eq!(ask(&USUAL, &there).await, Err(Invalid));
    let stranger = with(here.claims(), "iss", json!("https://stranger.example"));
    assert_eq!(here.sign_in(&token(&stranger)).await, Err(Invalid));
}

fn setting(world: &World) -> config::Issuer {
    let url = &world.issuer.url;
    let text = format!("issuer = \"{url}\"\naudience = \"{AUDIENCE}\"\njwks_url = \"{url}/keys\"");
    toml::from_str(&text).expect("settings")
}

#[test]
fn what_is_wrong_with_a_token_is_said_as_rfc_6750_wants_it() {
    assert_eq!(NotBearer.challenge(), "Bearer");
    for why in [Invalid, Expired, Early] {
        let challenge = Unauthenticated::challenge(why);
        assert!(challenge.starts_with("Bearer error=\"invalid_token\", error_description=\""), "{challenge}");
    }
}
