//! Positions: posts that exist also when nobody holds them.

use serde_json::{Value, json};

use crate::support::{Client, TestApp, all};

const WORLD: &str = r#"
[[organisation]]
key = "berg"
kind = "MUNICIPALITY"
name = "Berg"
[[organisation]]
key = "berg-skola"
kind = "UNIT"
parent = "berg"
name = "Skolan"
[[person]]
key = "anna"
givenName = "Anna"
familyName = "Alm"
[[person]]
key = "bo"
givenName = "Bo"
familyName = "Berg"
[[position]]
title = "Ärendechef"
organisation = "berg"
[[position]]
title = "Åldermansassistent"
organisation = "berg"
[[position]]
title = "Ekonomichef"
organisation = "berg"
from = "2018-01-01"
sources = [{ document = "plan" }]
[[position]]
title = "Zonchef"
organisation = "berg"
lastDay = "2020-12-31"
[[position]]
title = "Rektor"
organisation = "berg-skola"
[[tenure]]
position = "berg/ekonomichef"
person = "anna"
from = "2018-01-01"
lastDay = "2020-06-30"
[[tenure]]
position = "berg/ekonomichef"
person = "bo"
from = "2021-01-01"
[[document]]
key = "plan"
title = "Planen"
[[group]]
key = "radet"
name = "Rådet"
kind = "COUNCIL"
seats = [{ key = "ekonomi", role = "MEMBER", organisation = "berg", fill = "EX_OFFICIO", position = "berg/ekonomichef" }]
"#;

/// The positions of the municipality on a day, with what is asked of them.
async fn positions(client: &Client, day: &str, fields: &str) -> Value {
    let list = format!("positions {{ totalCount nodes {{ {fields} }} }}");
    let query = format!(r#"{{ organisation(by: {{slug: "berg"}}, asOf: "{day}") {{ {list} }} }}"#);
    client.ask(&query).await["organisation"]["positions"].take()
}

#[tokio::test]
async fn an_organisations_own_positions_of_the_day_are_listed_by_title_in_swedish_order() {
    let public = TestApp::of(WORLD).await.public();
    let now = positions(&public, "2026-11-21", "title").await;
    assert_eq!(all(&now, "nodes.*.title"), ["Ekonomichef", "Åldermansassistent", "Ärendechef"]);
    assert_eq!(now["totalCount"], 3);
    let then = positions(&public, "2017-12-31", "title").await;
    assert_eq!(all(&then, "nodes.*.title"), ["Zonchef", "Åldermansassistent", "Ärendechef"]);
}

#[tokio::test]
async fn a_position_says_who_holds_it_on_the_day_or_that_nobody_does() {
    let public = TestApp::of(WORLD).await.public();
    let holder = async |day: &str| {
        let found = positions(&public, day, "holder { person { name } period { from } }").await;
        found["nodes"][0]["holder"].clone()
    };
    let anna = json!({ "person": { "name": "Anna Alm" }, "period": { "from": "2018-01-01" } });
    assert_eq!(holder("2018-01-01").await, anna);
    assert_eq!(holder("2020-06-30").await, anna);
    assert_eq!(holder("2020-07-01").await, Value::Null, "vacant");
    assert_eq!(holder("2020-12-31").await, Value::Null);
    assert_eq!(holder("2021-01-01").await["person"]["name"], "Bo Berg");
}

#[tokio::test]
async fn a_position_knows_its_organisation_its_seats_and_its_sources() {
    let public = TestApp::of(WORLD).await.public();
    let fields = "id title version period { from until } organisation { slug } seats { totalCount nodes { group { slug } } } sources { document { title } }";
    let mut found = positions(&public, "2026-11-21", fields).await["nodes"][0].take();
    let again = public.ask(&format!("{{ node(id: {}) {{ ... on Position {{ {fields} }} }} }}", found["id"])).await;
    assert_eq!(again["node"], found);
    found["id"].take();
    let expected = json!({
        "id": null, "title": "Ekonomichef", "version": 1, "period": { "from": "2018-01-01", "until": null },
        "organisation": { "slug": "berg" }, "seats": { "totalCount": 1, "nodes": [{ "group": { "slug": "radet" } }] },
        "sources": [{ "document": { "title": "Planen" } }]
    });
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_seat_that_goes_with_a_position_is_vacant_when_the_position_is() {
    let public = TestApp::of(WORLD).await.public();
    let seat = async |day: &str| {
        let seats = "seats { nodes { state vacantSince position { title } } }";
        let query = format!(r#"{{ group(by: {{slug: "radet"}}, asOf: "{day}") {{ {seats} }} }}"#);
        public.ask(&query).await["group"]["seats"]["nodes"][0].take()
    };
    let position = json!({ "title": "Ekonomichef" });
    let vacant = json!({ "state": "VACANT", "vacantSince": "2020-07-01", "position": position });
    assert_eq!(seat("2020-08-01").await, vacant);
    assert_eq!(seat("2021-01-01").await, json!({ "state": "FILLED", "vacantSince": null, "position": position }));
}

#[tokio::test]
async fn a_seat_can_come_to_go_with_another_position_or_with_none() {
    let group = &WORLD[WORLD.find("[[group]]").expect("the group")..];
    let tenure = "[[tenure]]\nposition = \"berg/arendechef\"\nperson = \"anna\"\n";
    for (becomes, sitting) in
        [("fill = \"EX_OFFICIO\", position = \"berg/arendechef\"", &["Anna Alm"][..]), ("fill = \"ELECTED\"", &[])]
    {
        let app = TestApp::of(&(WORLD.to_owned() + tenure)).await;
        let changed = group.replace("fill = \"EX_OFFICIO\", position = \"berg/ekonomichef\"", becomes);
        app.load(&changed).await.expect(becomes);
        let members = "members(filter: {states: [PAST, CURRENT, FUTURE]}) { nodes { person { name } } }";
        let answer = app.public().ask(&format!(r#"{{ group(by: {{slug: "radet"}}) {{ {members} }} }}"#)).await;
        assert_eq!(all(&answer, "group.members.nodes.*.person.name"), sitting, "{becomes}");
    }
}

#[tokio::test]
async fn the_posts_of_the_documents_are_there_also_when_nobody_holds_them() {
    let public = TestApp::demo().await.public();
    let nodes = "nodes { organisation { slug } seats { nodes { group { slug } } } holder { person { name } } }";
    let query = format!(
        r#"{{ search(text: "socialchef", types: [POSITION]) {{ totalCount nodes {{ ... on Position {{ title }} }} }}
             organisation(by: {{slug: "bracke"}}) {{ positions {{ {nodes} }} }} }}"#
    );
    let answer = public.ask(&query).await;
    assert_eq!(answer["search"]["totalCount"], 8);
    let groups = all(&answer, "organisation.positions.nodes.*.seats.nodes.*.group.slug");
    for group in ["kommunchefgruppen", "fou-radet", "vagen-till-arbete"] {
        assert!(groups.iter().any(|slug| slug == group), "{groups:?}");
    }
}
