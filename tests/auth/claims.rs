//! Who a token says its bearer is, and what an issuer's roles mean here.

use entity::values::Role;
use samverkan::auth::Unauthenticated;
use samverkan::policy::{self, Claim};
use serde_json::{Value, json};

use super::issuer::World;
use super::keys::USUAL;

async fn sign_in(world: &World, more: &[(&str, Value)]) -> Result<samverkan::policy::SignIn, Unauthenticated> {
    let mut claims = world.claims();
    for (name, value) in more {
        claims[*name] = value.clone();
    }
    world.sign_in(&USUAL.sign(&USUAL.header("usual"), &claims)).await
}

#[tokio::test]
async fn another_claim_may_say_who_it_is() {
    let world = World::with("subject_claim = \"oid\"").await;
    let anna = sign_in(&world, &[("oid", json!("0001"))]).await.expect("both claims");
    assert_eq!(anna.subject, "0001");
    for wrong in [json!(null), json!(""), json!(1), json!("a".repeat(256))] {
        assert!(sign_in(&world, &[("oid", wrong.clone())]).await.is_err(), "{wrong}");
    }
    assert!(sign_in(&world, &[]).await.is_err(), "the claim is missing");
    assert!(sign_in(&world, &[("oid", json!("1")), ("sub", json!(1))]).await.is_err(), "sub is required all the same");
}

const ROLES: &str = r#"
[roles]
"Samverkan.Admin" = "ADMINISTRATOR"
"reader" = { role = "AUDITOR" }
"bracke" = { role = "REPRESENTATIVE", organisation = "bracke" }
"run" = { role = "COORDINATOR", group = "run" }
"#;

fn claim(role: Role, place: &str) -> Claim {
    Claim { role, place: Some(place.to_owned()).filter(|place| !place.is_empty()) }
}

#[tokio::test]
async fn an_issuers_roles_mean_what_the_settings_say() {
    let flat = World::with(&format!("roles_claim = \"roles\"\n{ROLES}")).await;
    let nested = World::with(&format!("roles_claim = \"realm_access.roles\"\n{ROLES}")).await;
    let dotted = World::with(&format!("roles_claim = \"https://example.com/roles\"\n{ROLES}")).await;
    let values = json!(["bracke", "Samverkan.Admin", "run", "run", "samverkan.admin", "unknown", 7, null]);
    let meant =
        [claim(Role::Administrator, ""), claim(Role::Representative, "bracke"), claim(Role::Coordinator, "run")];
    for (world, name, value) in [
        (&flat, "roles", values.clone()),
        (&nested, "realm_access", json!({ "roles": values })),
        (&dotted, "https://example.com/roles", values.clone()),
    ] {
        assert_eq!(sign_in(world, &[(name, value)]).await.expect("a token").claims, meant, "{name}");
    }
    let one = sign_in(&flat, &[("roles", json!("reader"))]).await.expect("a token");
    assert_eq!(one.claims, [claim(Role::Auditor, "")]);
    for nothing in [json!(null), json!({ "reader": true }), json!(["reader admin"]), json!([["reader"]]), json!("")] {
        assert_eq!(sign_in(&flat, &[("roles", nothing)]).await.expect("a token").claims, []);
    }
    assert_eq!(sign_in(&nested, &[("roles", json!("reader"))]).await.expect("a token").claims, []);
    let unmapped = World::new().await;
    assert_eq!(sign_in(&unmapped, &[("roles", json!(["Samverkan.Admin"]))]).await.expect("a token").claims, []);
}

/// A token cannot speak our own tokens' language: only what the settings map counts.
#[tokio::test]
async fn an_issuer_cannot_hand_out_our_roles_by_itself() {
    let world = World::new().await;
    let anna = sign_in(&world, &[("role", json!("ADMINISTRATOR"))]).await.expect("a token");
    assert_eq!(anna.claims, []);
    let actor = policy::actor(&world.app, anna).await.expect("an actor");
    assert_eq!(actor.rights(), []);
}
