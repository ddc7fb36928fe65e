//! Issuers of tokens in the settings file, and what is said of those that cannot be right.

use std::path::Path;

use entity::values::Role;
use jsonwebtoken::Algorithm;
use samverkan::config::{Flags, MappedRole, Settings};

use super::{Place, message, read};

fn settings(text: &str) -> Settings {
    let place = Place::new("issuers");
    read(&Flags::default(), &[], &place.file("samverkan.toml", text)).expect("settings")
}

const LEAST: &str = "[[issuers]]\nissuer = \"https://id.example\"\naudience = \"api\"\n";

#[test]
fn an_issuer_needs_a_name_and_an_audience() {
    let settings = settings(LEAST).tokens;
    assert!(!settings.own, "where there is an issuer, our own key is off");
    let issuer = &settings.issuers[0];
    assert_eq!((issuer.issuer.as_str(), issuer.audience.as_str()), ("https://id.example", "api"));
    assert_eq!(issuer.algorithms, [Algorithm::RS256]);
    assert_eq!((issuer.subject_claim.as_str(), &issuer.roles_claim, &issuer.jwks_url), ("sub", &None, &None));
}

#[test]
fn all_of_an_issuer_is_read() {
    let text = r#"
own_tokens = "on"

[[issuers]]
issuer = "http://127.0.0.1:8081/realms/samverkan"
audience = "samverkan"
jwks_url = "http://localhost:8081/keys"
algorithms = ["RS256", "ES384", "EdDSA"]
subject_claim = "oid"
roles_claim = "realm_access.roles"

[issuers.roles]
"Samverkan.Admin" = "ADMINISTRATOR"
run = { role = "COORDINATOR", group = "run" }
bracke = { role = "REPRESENTATIVE", organisation = "bracke" }

[[issuers]]
issuer = "https://id.example/"
audience = "api"
"#;
    let tokens = settings(text).tokens;
    assert!(tokens.own);
    assert_eq!(tokens.issuers.len(), 2);
    let issuer = &tokens.issuers[0];
    assert_eq!(issuer.algorithms, [Algorithm::RS256, Algorithm::ES384, Algorithm::EdDSA]);
    let mapped = |role, place: Option<&str>| MappedRole { role, place: place.map(str::to_owned) };
    assert_eq!(issuer.roles["Samverkan.Admin"], mapped(Role::Administrator, None));
    assert_eq!(issuer.roles["run"], mapped(Role::Coordinator, Some("run")));
    assert_eq!(issuer.roles["bracke"], mapped(Role::Representative, Some("bracke")));
    let off = [("SAMVERKAN_OWN_TOKENS", "off")];
    assert!(!read(&Flags::default(), &off, Path::new("none.toml")).expect("settings").tokens.own);
}

#[test]
fn what_cannot_be_right_is_refused_with_its_line() {
    let place = Place::new("wrong-issuers");
    for (line, text, said) in [
        (4, "jwks_uri = \"https://id.example/keys\"", "unknown field `jwks_uri`"),
        (4, "algorithms = [\"HS256\"]", "algorithms are some of RS256"),
        (4, "algorithms = [\"none\"]", "algorithms are some of RS256"),
        (4, "algorithms = []", "algorithms are some of RS256"),
        (4, "jwks_url = \"http://id.example/keys\"", "https:// URL"),
        (4, "jwks_url = \"http://127.0.0.1.example/keys\"", "https:// URL"),
        (4, "jwks_url = \"http://localhost@id.example/keys\"", "https:// URL"),
        (4, "jwks_url = \"file:///etc/passwd\"", "https:// URL"),
        (4, "subject_claim = \"\"", "must not be empty"),
        (4, "roles = { a = \"KING\" }", "a role such as"),
        (4, "roles = { a = { role = \"COORDINATOR\" } }", "name the group"),
        (4, "roles = { a = { role = \"COORDINATOR\", organisation = \"bracke\" } }", "name the group"),
        (4, "roles = { a = { role = \"ADMINISTRATOR\", group = \"run\" } }", "no group"),
        (4, "roles = { a = { role = \"COORDINATOR\", group = \"RUN!\" } }", "a slug has"),
        (4, "roles = { a = { role = \"COORDINATOR\", gruop = \"run\" } }", "a role such as"),
        (1, "[[issuers]]\nissuer = \"https://other.example\"", "missing field `audience`"),
    ] {
        let file = place.file("samverkan.toml", &format!("{LEAST}{text}\n"));
        let error = message(&Flags::default(), &[], &file);
        assert!(error.contains(said), "{text}: {error}");
        assert!(line == 1 || error.contains(&format!("samverkan.toml: line {line}: ")), "{text}: {error}");
    }
    let file = place.file("samverkan.toml", &format!("{LEAST}{LEAST}"));
    assert!(message(&Flags::default(), &[], &file).contains("https://id.example is there twice"));
    let file = place.file("samverkan.toml", "issuers = \"https://id.example\"");
    assert!(message(&Flags::default(), &[], &file).contains("samverkan.toml: line 1: "));
    let file = place.file("samverkan.toml", "own_tokens = true");
    assert!(message(&Flags::default(), &[], &file).ends_with("own_tokens is not a string"));
}
