//! People: found by id, listed and searched by those who have signed in.

pub mod changes;

use entity::values::Audience;
use serde_json::json;

use crate::support::{Client, TestApp, all};

/// People with these names, given name first; each has a post in the municipality, except the last.
fn world() -> String {
    let names = [
        ("Anna", "Öberg"),
        ("Bo", "Ängquist"),
        ("Cia", "Åkesson"),
        ("Örjan", "Alm"),
        ("Dan", "Zetterlund"),
        ("Anders", "Alm"),
        ("Élise", "von Oberg"),
    ];
    let mut world = String::from(
        r#"
[[organisation]]
key = "berg"
kind = "MUNICIPALITY"
name = "Berg"
[[organisation]]
key = "skola"
kind = "UNIT"
parent = "berg"
name = "Skolan"
"#,
    );
    for (at, (given, family)) in names.iter().enumerate() {
        let organisation = if at % 2 == 0 { "berg" } else { "skola" };
        world += &format!("[[person]]\nkey = \"p{at}\"\ngivenName = \"{given}\"\nfamilyName = \"{family}\"\n");
        world += &format!(
            "[[position]]\nkey = \"{organisation}/t{at}\"\ntitle = \"T{at}\"\norganisation = \"{organisation}\"\n"
        );
        if at < 6 {
            let from = if at == 4 { "2030-01-01" } else { "2020-01-01" };
            world +=
                &format!("[[tenure]]\nposition = \"{organisation}/t{at}\"\nperson = \"p{at}\"\nfrom = \"{from}\"\n");
        }
    }
    world
}

async fn names(client: &Client, arguments: &str) -> Vec<String> {
    let arguments = if arguments.is_empty() { String::new() } else { format!("({arguments})") };
    let answer = client.ask(&format!("{{ people{arguments} {{ totalCount nodes {{ name }} }} }}")).await;
    let names = all(&answer, "people.nodes.*.name");
    assert_eq!(answer["people"]["totalCount"], names.len(), "{arguments}");
    names
}

#[tokio::test]
async fn listing_people_takes_a_sign_in() {
    let app = TestApp::of(&world()).await;
    for query in [
        "{ people { totalCount } }",
        "{ people(first: 0) { nodes { id } } }",
        "{ people(filter: {text: \"x\"}) { pageInfo { hasNextPage } } }",
    ] {
        assert_eq!(app.public().code(query).await, "FORBIDDEN", "{query}");
        app.seeing(Audience::SignedIn).ask(query).await;
    }
    let search = app.public().ask(r#"{ search(text: "Anna") { totalCount } }"#).await;
    assert_eq!(search["search"]["totalCount"], 0);
    let of_people =
        app.public().ask(r#"{ search(text: "Anna", types: [PERSON]) { totalCount nodes { __typename } } }"#).await;
    assert_eq!(of_people["search"], json!({ "totalCount": 0, "nodes": [] }));
    let signed_in = app.seeing(Audience::SignedIn).ask(r#"{ search(text: "Anna") { totalCount } }"#).await;
    assert_eq!(signed_in["search"]["totalCount"], 1);
}

#[tokio::test]
async fn people_are_listed_by_family_name_in_swedish_order() {
    let client = TestApp::of(&world()).await.seeing(Audience::SignedIn);
    let mut order =
        ["Anders Alm", "Örjan Alm", "Élise von Oberg", "Dan Zetterlund", "Cia Åkesson", "Bo Ängquist", "Anna Öberg"];
    assert_eq!(names(&client, "").await, order);
    order.reverse();
    assert_eq!(names(&client, "orderBy: {direction: DESC}").await, order);
}

#[tokio::test]
async fn people_are_found_by_parts_of_their_names_however_they_are_spelt() {
    let client = TestApp::of(&world()).await.seeing(Audience::SignedIn);
    let expected: &[(&str, &[&str])] = &[
        ("text: \"oberg\"", &["Élise von Oberg", "Anna Öberg"]),
        ("text: \"ÖBERG\"", &["Élise von Oberg", "Anna Öberg"]),
        ("text: \"anna o\"", &["Anna Öberg"]),
        ("text: \"elise\"", &["Élise von Oberg"]),
        ("text: \"öberg anna\"", &[]),
        ("text: \"an\"", &["Anders Alm", "Anna Öberg"]),
        ("text: \"%\"", &[]),
        ("familyNameStartsWith: \"a\"", &["Anders Alm", "Örjan Alm"]),
        ("familyNameStartsWith: \"Å\"", &["Cia Åkesson"]),
        ("familyNameStartsWith: \"äng\"", &["Bo Ängquist"]),
        ("familyNameStartsWith: \"Öberg\"", &["Anna Öberg"]),
        ("familyNameStartsWith: \"Oberg\"", &[]),
        ("familyNameStartsWith: \"Almqvist\"", &[]),
        ("familyNameStartsWith: \"\", text: \"oberg\"", &["Élise von Oberg", "Anna Öberg"]),
        ("familyNameStartsWith: \"alm\", text: \"örj\"", &["Örjan Alm"]),
        ("familyNameStartsWith: \"b\"", &[]),
    ];
    for (filter, wanted) in expected {
        assert_eq!(names(&client, &format!("filter: {{{filter}}}")).await, *wanted, "{filter}");
    }
}

#[tokio::test]
async fn the_people_of_an_organisation_are_those_who_hold_a_post_in_it_or_in_a_unit_of_it_on_the_day() {
    let app = TestApp::of(&world()).await;
    let client = app.seeing(Audience::SignedIn);
    let id = async |slug: &str| {
        let answer = client.ask(&format!(r#"{{ organisation(by: {{slug: "{slug}"}}) {{ id }} }}"#)).await;
        all(&answer, "organisation.id").remove(0)
    };
    let (berg, skola) = (id("berg").await, id("skola").await);
    let of_unit = ["Anders Alm", "Örjan Alm", "Bo Ängquist"];
    let of_all = ["Anders Alm", "Örjan Alm", "Cia Åkesson", "Bo Ängquist", "Anna Öberg"];
    assert_eq!(names(&client, &format!("filter: {{organisation: \"{skola}\"}}")).await, of_unit);
    assert_eq!(names(&client, &format!("filter: {{organisation: \"{berg}\"}}")).await, of_all);
    let later = names(&client, &format!("filter: {{organisation: \"{berg}\"}}, asOf: \"2030-01-01\"")).await;
    assert_eq!(later.len(), 6);
    assert!(names(&client, &format!("filter: {{organisation: \"{berg}\"}}, asOf: \"2019-12-31\"")).await.is_empty());
    assert!(names(&client, "filter: {organisation: \"x\"}").await.is_empty());
    let people = "people { totalCount nodes { name } }";
    let answer = app.public().ask(&format!(r#"{{ organisation(by: {{slug: "skola"}}) {{ {people} }} }}"#)).await;
    assert_eq!(all(&answer, "organisation.people.nodes.*.name"), of_unit);
    assert_eq!(answer["organisation"]["people"]["totalCount"], 3);
}

#[tokio::test]
async fn a_person_is_found_by_id_by_the_public_only_through_a_seat_or_a_post() {
    let app = TestApp::of(&world()).await;
    let client = app.seeing(Audience::SignedIn);
    let listed = client.ask("{ people { nodes { id name } } }").await;
    let found = listed["people"]["nodes"].as_array().expect("people").iter();
    for person in found {
        let query = format!("{{ person(id: {}) {{ name givenName familyName audience version }} }}", person["id"]);
        let seen = client.ask(&query).await;
        let (given, family) = (seen["person"]["givenName"].as_str(), seen["person"]["familyName"].as_str());
        assert_eq!(
            given.zip(family).map(|(given, family)| format!("{given} {family}")).as_deref(),
            person["name"].as_str()
        );
        assert_eq!((&seen["person"]["audience"], &seen["person"]["version"]), (&json!("PUBLIC"), &json!(1)));
        let to_public = app.public().ask(&query).await;
        let without_a_post = person["name"] == "Élise von Oberg";
        assert_eq!(to_public["person"].is_null(), without_a_post, "{person}");
        assert!(without_a_post || to_public == seen);
    }
}

#[tokio::test]
async fn the_demo_has_people_with_posts_and_seats() {
    let app = TestApp::demo().await;
    let answer = app
        .seeing(Audience::SignedIn)
        .ask(r#"{ people(filter: {text: "Östen Provström"}) { nodes { name sources { document { slug } } tenures { position { title organisation { slug } } } memberships(first: 100) { totalCount } } } }"#)
        .await;
    assert_eq!(all(&answer, "people.nodes.*.name"), ["Östen Provström"]);
    assert!(all(&answer, "people.nodes.*.sources.*.document.slug").contains(&"demo".to_owned()));
    assert!(all(&answer, "people.nodes.*.tenures.*.position.title").contains(&"kommunchef".to_owned()));
    assert_ne!(answer["people"]["nodes"][0]["memberships"]["totalCount"], 0);
}
