//! Identities, invitations, and who the viewer is.

use serde_json::{Value, json};

use crate::support::{Client, TestApp};

const WORLD: &str = r#"
[[organisation]]
key = "bracke"
kind = "MUNICIPALITY"
name = "Bräcke kommun"
[[position]]
key = "chef"
organisation = "bracke"
title = "Kommunchef"
[[person]]
key = "ann"
givenName = "Ann"
familyName = "Ek"
[[person]]
key = "bo"
givenName = "Bo"
familyName = "Ask"
[[tenure]]
position = "chef"
person = "ann"
from = "2020-01-01"
[[group]]
key = "run"
name = "RUN"
kind = "NETWORK"
[[group]]
key = "hidden"
name = "Dold"
kind = "NETWORK"
audience = "ADMINISTRATORS"
"#;

async fn person(client: &Client, name: &str) -> Value {
    client
        .ask_with("query($text: String!) { people(filter: {text: $text}) { nodes { id } } }", json!({ "text": name }))
        .await["people"]["nodes"][0]["id"]
        .take()
}

const LINKED: &str = "identity { id version subject person { name } }";

#[tokio::test]
async fn an_invitation_links_a_sign_in_once_and_in_time() {
    let app = TestApp::of(WORLD).await;
    let (administrator, ann, bo) = (app.administrator(), app.signed_in("ann", vec![]), app.signed_in("bo", vec![]));
    let input = json!({ "person": person(&administrator, "Ann Ek").await, "idempotencyKey": "once" });
    let fields = "invitation { code expiresAt accepted person { name } } change { id }";
    let made = administrator.done("invitePerson", input.clone(), fields).await;
    assert_eq!(made["invitation"]["expiresAt"], json!("2026-12-05T12:00:00+01:00"));
    assert_eq!(
        administrator.done("invitePerson", input, fields).await,
        made,
        "asked again: the same code, one invitation"
    );
    let code = &made["invitation"]["code"];
    let wrong = ann.refused("acceptInvitation", json!({ "code": "AAAAAAAAAAAAAAAAAAAAAA" })).await;
    assert_eq!((&wrong["code"], &wrong["path"]), (&json!("NOT_FOUND"), &json!(["input", "code"])));
    let linked = ann.done("acceptInvitation", json!({ "code": code }), LINKED).await;
    assert_eq!(
        (&linked["identity"]["subject"], &linked["identity"]["person"]["name"]),
        (&json!("ann"), &json!("Ann Ek"))
    );
    for client in [&bo, &ann] {
        assert_eq!(
            client.refused("acceptInvitation", json!({ "code": code })).await["rule"],
            json!("INVITATION_SPENT")
        );
    }
    let other = json!({ "person": person(&administrator, "Bo Ask").await });
    let other = administrator.done("invitePerson", other, fields).await["invitation"]["code"].take();
    assert_eq!(ann.refused("acceptInvitation", json!({ "code": other })).await["rule"], json!("IDENTITY_LINKED"));
}

#[tokio::test]
async fn a_representative_invites_their_own_people_alone() {
    let app = TestApp::of(WORLD).await;
    let (client, administrator) = (app.representative("bracke").await, app.administrator());
    let ann = person(&administrator, "Ann Ek").await;
    assert!(
        client.done("invitePerson", json!({ "person": ann }), "invitation { code }").await["invitation"]["code"]
            .is_string()
    );
    let error = client.refused("invitePerson", json!({ "person": person(&administrator, "Bo Ask").await })).await;
    assert_eq!(
        (&error["__typename"], &error["roles"]),
        (&json!("NotAllowed"), &json!(["ADMINISTRATOR", "REPRESENTATIVE"]))
    );
    for days in [0, 91] {
        assert_eq!(
            client.refused("invitePerson", json!({ "person": ann, "days": days })).await["path"],
            json!(["input", "days"])
        );
    }
}

#[tokio::test]
async fn an_administrator_says_whose_an_identity_is() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let give = json!({ "identity": { "signIn": { "issuer": "test", "subject": "ann" } }, "role": "AUDITOR" });
    let identity =
        client.done("grantRole", give, "grant { identity { id version } }").await["grant"]["identity"].take();
    let link = json!({ "identity": identity["id"], "expectedVersion": identity["version"], "person": person(&client, "Ann Ek").await });
    let linked = client.done("linkIdentity", link.clone(), LINKED).await["identity"].take();
    assert_eq!(linked["person"]["name"], json!("Ann Ek"));
    assert_eq!(client.refused("linkIdentity", link).await["__typename"], json!("VersionConflict"));
    let unlink = json!({ "identity": identity["id"], "expectedVersion": linked["version"] });
    assert_eq!(client.done("linkIdentity", unlink, LINKED).await["identity"]["person"], Value::Null);
}

#[tokio::test]
async fn the_viewer_knows_who_they_are_and_what_they_can() {
    let app = TestApp::of(WORLD).await;
    let viewer = "{ viewer { signedIn issuer subject identity { id } person { name } grants { role group { slug } organisation { slug } byToken } } }";
    let nobody =
        json!({ "signedIn": false, "issuer": null, "subject": null, "identity": null, "person": null, "grants": [] });
    assert_eq!(app.public().ask(viewer).await["viewer"], nobody);
    let client = app.representative("bracke").await;
    let who = client.ask(viewer).await["viewer"].take();
    assert_eq!(
        who["grants"],
        json!([{ "role": "REPRESENTATIVE", "group": null, "organisation": { "slug": "bracke" }, "byToken": true }])
    );
    let administrator = app.administrator();
    let (ann, bo) = (person(&administrator, "Ann Ek").await, person(&administrator, "Bo Ask").await);
    let hidden = administrator.ask(r#"{ group(by: {slug: "hidden"}) { id } }"#).await["group"]["id"].take();
    let can = "query($ann: ID!, $bo: ID!, $hidden: ID!) { viewer { own: can(action: UPDATE_PERSON, on: $ann) other: can(action: UPDATE_PERSON, on: $bo)
        anywhere: can(action: ADD_MEMBER) never: can(action: GRANT_ROLE) unseen: can(action: ADD_MEMBER, on: $hidden) nothing: can(action: UPDATE_PERSON, on: \"x\") } }";
    let ids = json!({ "ann": ann, "bo": bo, "hidden": hidden });
    let answer = client.ask_with(can, ids.clone()).await;
    let expected =
        json!({ "own": true, "other": false, "anywhere": true, "never": false, "unseen": false, "nothing": false });
    assert_eq!(answer["viewer"], expected);
    let all = administrator.ask_with(can, ids).await;
    let expected =
        json!({ "own": true, "other": true, "anywhere": true, "never": true, "unseen": true, "nothing": false });
    assert_eq!(all["viewer"], expected);
}
