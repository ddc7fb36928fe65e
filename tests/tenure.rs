//! Tenures: who holds a position, and what follows from it on the seats that go with the position.

mod changes;

use serde_json::{Value, json};

use crate::support::{Client, TestApp, all};

const WORLD: &str = r#"
[[organisation]]
key = "berg"
kind = "MUNICIPALITY"
name = "Berg"
[[person]]
key = "anna"
givenName = "Anna"
familyName = "Alm"
[[person]]
key = "bo"
givenName = "Bo"
familyName = "Berg"
[[person]]
key = "cia"
givenName = "Cia"
familyName = "Ceder"
[[position]]
title = "Chef"
organisation = "berg"
from = "2018-01-01"
[[group]]
key = "radet"
name = "Rådet"
kind = "COUNCIL"
from = "2019-01-01"
seats = [{ key = "chef", role = "MEMBER", organisation = "berg", fill = "EX_OFFICIO", position = "berg/chef" }]
[[group]]
key = "natverket"
name = "Nätverket"
kind = "NETWORK"
seats = [{ key = "chef", role = "MEMBER", fill = "EX_OFFICIO", position = "berg/chef" }]
"#;

const FIRST: &str = "[[tenure]]\nposition = \"berg/chef\"\nperson = \"anna\"\n";

fn tenure(person: &str, period: &str) -> String {
    format!("[[tenure]]\nposition = \"berg/chef\"\nperson = \"{person}\"\n{period}\n")
}

/// Anna until the end of June 2021, for a reason, then Bo.
fn replaced() -> String {
    tenure("anna", "lastDay = \"2021-06-30\"\nendReason = \"Pension\"") + &tenure("bo", "from = \"2021-07-01\"")
}

/// The members of a group that there have ever been, by first day.
async fn sat(client: &Client, group: &str) -> Vec<Value> {
    let fields =
        "person { name } onBehalfOf { slug } period { from lastDay } endReason replaces { person { name } } version";
    let list = format!("members(filter: {{states: [PAST, CURRENT, FUTURE]}}) {{ nodes {{ {fields} }} }}");
    let mut answer = client.ask(&format!(r#"{{ group(by: {{slug: "{group}"}}) {{ {list} }} }}"#)).await;
    let mut found: Vec<Value> = serde_json::from_value(answer["group"]["members"]["nodes"].take()).expect("members");
    found.sort_by_key(|member| member["period"]["from"].to_string());
    found
}

#[tokio::test]
async fn whoever_holds_the_position_sits_on_every_seat_that_goes_with_it() {
    let public = TestApp::of(&(WORLD.to_owned() + FIRST)).await.public();
    let member = |from: &str| {
        json!({ "person": { "name": "Anna Alm" }, "onBehalfOf": { "slug": "berg" }, "endReason": null,
            "period": { "from": from, "lastDay": null }, "replaces": null, "version": 1 })
    };
    assert_eq!(sat(&public, "radet").await, [member("2019-01-01")], "from when the group is there");
    assert_eq!(sat(&public, "natverket").await, [member("2018-01-01")], "from when the position is there");
}

#[tokio::test]
async fn a_new_holder_takes_over_the_seats_from_the_old_one() {
    let app = TestApp::of(&(WORLD.to_owned() + FIRST)).await;
    app.load(&replaced()).await.expect("a replacement");
    for (group, from) in [("radet", "2019-01-01"), ("natverket", "2018-01-01")] {
        let old = json!({ "person": { "name": "Anna Alm" }, "onBehalfOf": { "slug": "berg" }, "endReason": "Pension",
            "period": { "from": from, "lastDay": "2021-06-30" }, "replaces": null, "version": 2 });
        let new = json!({ "person": { "name": "Bo Berg" }, "onBehalfOf": { "slug": "berg" }, "endReason": null,
            "period": { "from": "2021-07-01", "lastDay": null }, "replaces": { "person": { "name": "Anna Alm" } }, "version": 1 });
        assert_eq!(sat(&app.public(), group).await, [old, new], "{group}");
    }
    let again = app.load(&replaced()).await.expect("the same");
    assert_eq!(again, "Everything was there already; nothing was changed.");
}

#[tokio::test]
async fn a_tenure_before_the_group_gives_no_seat_in_it() {
    let document =
        WORLD.to_owned() + &tenure("anna", "lastDay = \"2018-12-31\"") + &tenure("bo", "from = \"2019-01-01\"");
    let public = TestApp::of(&document).await.public();
    let found = sat(&public, "radet").await;
    let names: Vec<&Value> = found.iter().map(|member| &member["person"]["name"]).collect();
    assert_eq!(names, ["Bo Berg"]);
    assert!(found[0]["replaces"].is_null(), "nobody sat there before");
}

#[tokio::test]
async fn tenures_come_latest_first_for_the_position_and_for_the_person() {
    let document = WORLD.to_owned()
        + &replaced()
        + "[[position]]\ntitle = \"Rådgivare\"\norganisation = \"berg\"\n"
        + "[[tenure]]\nposition = \"berg/radgivare\"\nperson = \"anna\"\nfrom = \"2022-02\"\n";
    let public = TestApp::of(&document).await.public();
    let tenures = "tenures { totalCount nodes { person { name tenures { position { title organisation { slug } } period { from fromPrecision state } } } endReason version } }";
    let answer = public
        .ask(&format!(
            r#"{{ organisation(by: {{slug: "berg"}}) {{ positions(first: 1) {{ nodes {{ {tenures} }} }} }} }}"#
        ))
        .await;
    let held = &answer["organisation"]["positions"]["nodes"][0]["tenures"];
    assert_eq!(all(held, "nodes.*.person.name"), ["Bo Berg", "Anna Alm"]);
    assert_eq!(held["totalCount"], 2);
    assert_eq!((&held["nodes"][1]["endReason"], &held["nodes"][1]["version"]), (&json!("Pension"), &json!(1)));
    let of = |title: &str, from: &str, precision: &str, state: &str| {
        json!({ "position": { "title": title, "organisation": { "slug": "berg" } },
            "period": { "from": from, "fromPrecision": precision, "state": state } })
    };
    let of_anna = [of("Rådgivare", "2022-02-01", "MONTH", "CURRENT"), of("Chef", "2018-01-01", "DAY", "PAST")];
    assert_eq!(held["nodes"][1]["person"]["tenures"], json!(of_anna));
}

#[tokio::test]
async fn two_people_never_hold_one_position_at_once() {
    let app = TestApp::of(&(WORLD.to_owned() + &replaced())).await;
    let refused = "test.toml:1: tenure: somebody else holds the position during that time";
    for period in
        ["", "lastDay = \"2018-01-01\"", "from = \"2021-06-30\"\nlastDay = \"2021-06-30\"", "from = \"2030-01-01\""]
    {
        assert_eq!(app.load(&tenure("cia", period)).await, Err(vec![refused.to_owned()]), "{period}");
    }
    assert_eq!(sat(&app.public(), "natverket").await.len(), 2);
}

#[tokio::test]
async fn a_tenure_lies_inside_its_position() {
    let app = TestApp::of(WORLD).await;
    let refused = "test.toml:1: tenure: a tenure lies inside the period of its position";
    assert_eq!(app.load(&tenure("anna", "from = \"2017-12-31\"")).await, Err(vec![refused.to_owned()]));
    app.load(&tenure("anna", "from = \"2018-01-01\"")).await.expect("from the first day on");
}

#[tokio::test]
async fn a_change_of_holder_can_be_moved_either_way() {
    for day in ["2021-05-01", "2021-09-01"] {
        let app = TestApp::of(&(WORLD.to_owned() + &replaced())).await;
        let moved = tenure("anna", &format!("until = \"{day}\"")) + &tenure("bo", &format!("from = \"{day}\""));
        app.load(&moved).await.expect(day);
        assert_eq!(sat(&app.public(), "radet").await[1]["period"]["from"], day);
    }
}

#[tokio::test]
async fn a_tenure_that_turns_out_to_end_before_the_group_leaves_the_seat_to_the_next() {
    let app = TestApp::of(&(WORLD.to_owned() + &replaced())).await;
    let corrected = tenure("anna", "lastDay = \"2018-06-30\"") + &tenure("bo", "from = \"2021-07-01\"");
    app.load(&corrected).await.expect("a correction");
    let found = sat(&app.public(), "radet").await;
    assert_eq!((found.len(), &found[0]["person"]["name"]), (1, &json!("Bo Berg")));
    assert!(found[0]["replaces"].is_null());
}

#[tokio::test]
async fn a_position_that_ends_takes_tenures_and_memberships_with_it() {
    let document = WORLD.to_owned() + FIRST;
    let app = TestApp::of(&document).await;
    let ended = document.replace("from = \"2018-01-01\"", "from = \"2018-01-01\"\nlastDay = \"2025-12-31\"");
    app.load(&ended).await.expect("the open end is that of the position");
    assert_eq!(sat(&app.public(), "radet").await[0]["period"]["lastDay"], "2025-12-31");
}

#[tokio::test]
async fn a_seat_that_ends_ends_what_goes_with_the_position() {
    let document = WORLD.to_owned() + FIRST;
    let app = TestApp::of(&document).await;
    let ended = document.replace("position = \"berg/chef\" }", "position = \"berg/chef\", lastDay = \"2025-12-31\" }");
    app.load(&ended).await.expect("whoever holds the position sits as long as there is a seat");
    assert_eq!(sat(&app.public(), "natverket").await[0]["period"]["lastDay"], "2025-12-31");
}
