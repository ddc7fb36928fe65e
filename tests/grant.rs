//! Grants: given, revoked, and never without an administrator.

use serde_json::{Value, json};

use crate::support::{Client, TestApp, all};

const WORLD: &str = r#"
[[organisation]]
key = "bracke"
kind = "MUNICIPALITY"
name = "Bräcke kommun"
[[group]]
key = "run"
name = "RUN"
kind = "NETWORK"
"#;

async fn place(client: &Client, query: &str, path: &str) -> Value {
    json!(all(&client.ask(query).await, path).remove(0))
}

async fn bracke(client: &Client) -> Value {
    place(client, r#"{ organisation(by: {slug: "bracke"}) { id } }"#, "organisation.id").await
}

async fn run(client: &Client) -> Value {
    place(client, r#"{ group(by: {slug: "run"}) { id } }"#, "group.id").await
}

fn whose(subject: &str) -> Value {
    json!({ "signIn": { "issuer": "https://login.example.org", "subject": subject } })
}

const GRANT: &str = "grant { id version role group { slug } organisation { slug } period { from until } identity { issuer subject grants { role } } }";

#[tokio::test]
async fn roles_are_given_to_sign_ins_that_have_never_been_here() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let input = json!({ "identity": whose("ann"), "role": "REPRESENTATIVE", "organisation": bracke(&client).await });
    let given = client.done("grantRole", input, GRANT).await["grant"].take();
    assert_eq!((&given["role"], &given["organisation"]["slug"]), (&json!("REPRESENTATIVE"), &json!("bracke")));
    assert_eq!(given["period"], json!({ "from": "2026-11-21", "until": null }));
    assert_eq!(
        given["identity"],
        json!({ "issuer": "https://login.example.org", "subject": "ann", "grants": [{ "role": "REPRESENTATIVE" }] })
    );
    let input =
        json!({ "identity": whose("ann"), "role": "COORDINATOR", "group": run(&client).await, "until": "2028-01-01" });
    client.done("grantRole", input, GRANT).await;
    let listed = client.ask("{ grants { nodes { role identity { subject } } } identities { totalCount } }").await;
    let mut roles = all(&listed, "grants.nodes.*.role");
    roles.sort();
    assert_eq!(roles, ["COORDINATOR", "REPRESENTATIVE"]);
    // The administrator who has changed something here is an identity, too.
    assert_eq!(listed["identities"]["totalCount"], json!(2));
}

#[tokio::test]
async fn a_grant_is_revoked_at_once_or_on_a_later_day_and_stays_on_record() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let input = json!({ "identity": whose("ann"), "role": "AUDITOR" });
    let given = client.done("grantRole", input, GRANT).await["grant"].take();
    let later = json!({ "grant": given["id"], "expectedVersion": 1, "until": "2027-01-01" });
    let later = client.done("revokeRole", later, GRANT).await["grant"].take();
    assert_eq!(later["period"]["until"], json!("2027-01-01"));
    let longer = json!({ "grant": given["id"], "expectedVersion": 2, "until": "2027-02-01" });
    assert_eq!(client.refused("revokeRole", longer).await["path"], json!(["input", "until"]));
    let now = json!({ "grant": given["id"], "expectedVersion": 2 });
    let gone = client.done("revokeRole", now, GRANT).await["grant"].take();
    assert_eq!(gone["period"], json!({ "from": "2026-11-21", "until": "2026-11-21" }));
    let lists = "{ held: grants { totalCount } all: grants(filter: {states: [PAST, CURRENT, FUTURE]}) { totalCount } }";
    let lists = client.ask(lists).await;
    assert_eq!((&lists["held"]["totalCount"], &lists["all"]["totalCount"]), (&json!(0), &json!(1)));
}

#[tokio::test]
async fn there_is_always_an_administrator() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let until = json!({ "identity": whose("ann"), "role": "ADMINISTRATOR", "until": "2028-01-01" });
    assert_eq!(client.refused("grantRole", until).await["rule"], json!("LAST_ADMINISTRATOR"));
    let give = |who: &str| json!({ "identity": whose(who), "role": "ADMINISTRATOR" });
    let ann = client.done("grantRole", give("ann"), GRANT).await["grant"]["id"].take();
    let revoke = |id: &Value| json!({ "grant": id, "expectedVersion": 1 });
    assert_eq!(client.refused("revokeRole", revoke(&ann)).await["rule"], json!("LAST_ADMINISTRATOR"));
    let bo = client.done("grantRole", give("bo"), GRANT).await["grant"]["id"].take();
    client.done("revokeRole", revoke(&ann), GRANT).await;
    assert_eq!(client.refused("revokeRole", revoke(&bo)).await["rule"], json!("LAST_ADMINISTRATOR"));
}

#[tokio::test]
async fn roles_have_their_places_and_nobody_the_same_one_twice() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let (bracke, run) = (bracke(&client).await, run(&client).await);
    for (role, group, organisation) in [
        ("COORDINATOR", Value::Null, Value::Null),
        ("COORDINATOR", Value::Null, bracke.clone()),
        ("REPRESENTATIVE", run.clone(), Value::Null),
        ("AUDITOR", run.clone(), Value::Null),
        ("ADMINISTRATOR", Value::Null, bracke.clone()),
    ] {
        let input = json!({ "identity": whose("ann"), "role": role, "group": group, "organisation": organisation });
        let error = client.refused("grantRole", input).await;
        assert_eq!((&error["rule"], &error["path"]), (&json!("GRANT_SCOPE"), &json!(["input", "role"])), "{role}");
    }
    let first = json!({ "identity": whose("ann"), "role": "COORDINATOR", "group": run, "until": "2027-01-01" });
    client.done("grantRole", first.clone(), GRANT).await;
    assert_eq!(client.refused("grantRole", first).await["rule"], json!("GRANT_TWICE"));
    let next = json!({ "identity": whose("ann"), "role": "COORDINATOR", "group": run, "from": "2027-01-01" });
    client.done("grantRole", next, GRANT).await;
}

#[tokio::test]
async fn only_administrators_give_and_only_they_and_auditors_read() {
    let app = TestApp::of(WORLD).await;
    let administrator = app.administrator();
    let input = json!({ "identity": whose("ann"), "role": "AUDITOR" });
    let given = administrator.done("grantRole", input.clone(), GRANT).await["grant"]["id"].take();
    let give = "mutation($input: GrantRoleInput!) { grantRole(input: $input) { grant { id } } }";
    let read = "{ grants { totalCount } }";
    let one = format!("{{ node(id: {given}) {{ id }} }}");
    for (client, may_read) in [
        (app.public(), false),
        (app.signed_in("bo", vec![]), false),
        (app.auditor(), true),
        (app.representative("bracke").await, false),
    ] {
        let answer = client.answer(give, json!({ "input": input })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], json!("FORBIDDEN"));
        let expected = if may_read { "" } else { "FORBIDDEN" };
        assert_eq!(client.code(read).await, expected);
        assert_eq!(client.ask(&one).await["node"].is_object(), may_read);
    }
}
