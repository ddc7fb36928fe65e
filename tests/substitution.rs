//! Substitutions: who stands in for a member, in which order, with the vote or without.

mod changes;

use serde_json::{Value, json};

use crate::support::TestApp;

const PEOPLE: &str = r#"
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
[[person]]
key = "dan"
givenName = "Dan"
familyName = "Dahl"

[[group]]
key = "radet"
name = "Rådet"
kind = "COUNCIL"
seats = [
  { key = "ledamot", role = "MEMBER" },
  { key = "observator", role = "OBSERVER" },
]

[[meeting]]
key = "radet/mote"
sittings = [{ starts = "2026-12-01T09:00", ends = "2026-12-01T12:00", groups = ["radet"] }]
"#;

/// The people, and a member of the council who is stood in for.
fn world(seat: &str, substitutions: &str) -> String {
    let period = "from = \"2020-01-01\"\nlastDay = \"2027-12-31\"";
    let member = format!("[[membership]]\nseat = \"radet/{seat}\"\nperson = \"anna\"\n{period}");
    format!("{PEOPLE}\n{member}\nsubstitutions = [{substitutions}]\n")
}

/// Who stands in for the member on a day.
async fn stand_ins(app: &TestApp, day: &str) -> Value {
    let fields = "person { name } order voting period { from lastDay state } meeting { startsAt }";
    let members = format!("members {{ nodes {{ substitutions {{ {fields} }} }} }}");
    let query = format!(r#"{{ group(by: {{slug: "radet"}}, asOf: "{day}") {{ {members} }} }}"#);
    app.public().ask(&query).await["group"]["members"]["nodes"][0]["substitutions"].take()
}

fn names(stand_ins: &Value) -> Vec<&str> {
    let list = stand_ins.as_array().expect("substitutions");
    list.iter().map(|one| one["person"]["name"].as_str().expect("a name")).collect()
}

const THREE: &str = r#"
  { person = "bo", order = 2 },
  { person = "cia", order = 1, voting = false, from = "2021-01-01", until = "2027-01-01" },
  { person = "dan", order = 3, meeting = "radet/mote", lastDay = "2026-12-01" },
"#;

#[tokio::test]
async fn those_who_stand_in_come_in_their_order_and_only_those_of_the_day() {
    let app = TestApp::of(&world("ledamot", THREE)).await;
    assert_eq!(names(&stand_ins(&app, "2020-06-01").await), ["Bo Berg", "Dan Dahl"]);
    assert_eq!(names(&stand_ins(&app, "2021-01-01").await), ["Cia Ceder", "Bo Berg", "Dan Dahl"]);
    assert_eq!(names(&stand_ins(&app, "2026-12-31").await), ["Cia Ceder", "Bo Berg"]);
    assert_eq!(names(&stand_ins(&app, "2027-01-01").await), ["Bo Berg"]);
}

#[tokio::test]
async fn a_substitution_says_order_vote_meeting_and_period() {
    let app = TestApp::of(&world("ledamot", THREE)).await;
    let found = stand_ins(&app, "2026-11-21").await;
    let cia = json!({ "person": { "name": "Cia Ceder" }, "order": 1, "voting": false, "meeting": null,
        "period": { "from": "2021-01-01", "lastDay": "2026-12-31", "state": "CURRENT" } });
    assert_eq!(found[0], cia);
    assert_eq!((&found[1]["order"], &found[1]["voting"]), (&json!(2), &json!(true)), "the seat votes");
    assert_eq!(found[2]["meeting"]["startsAt"], "2026-12-01T09:00:00+01:00");
    let lasts = json!({ "from": "2020-01-01", "lastDay": "2027-12-31", "state": "CURRENT" });
    assert_eq!(found[1]["period"], lasts, "an open bound is that of the membership");
}

#[tokio::test]
async fn the_vote_goes_with_the_seat_and_the_order_with_the_list_unless_said() {
    let app = TestApp::of(&world("observator", r#"{ person = "cia" }, { person = "bo", voting = true }"#)).await;
    let found = stand_ins(&app, "2026-11-21").await;
    assert_eq!(names(&found), ["Cia Ceder", "Bo Berg"]);
    assert_eq!((&found[0]["order"], &found[0]["voting"]), (&json!(1), &json!(false)));
    assert_eq!((&found[1]["order"], &found[1]["voting"]), (&json!(2), &json!(true)));
}

#[tokio::test]
async fn nobody_stands_in_outside_the_membership() {
    let app = TestApp::of(&world("ledamot", "")).await;
    for period in [r#"from = "2019-12-31""#, r#"until = "2028-01-02""#] {
        let document = world("ledamot", &format!(r#"{{ person = "bo", {period} }}"#));
        let problems = app.load(&document).await.expect_err(period);
        let [problem] = &problems[..] else { panic!("{problems:?}") };
        let line = 1 + document.lines().position(|line| line == "[[membership]]").expect("the membership");
        assert!(problem.starts_with(&format!("test.toml:{line}: substitution")), "{problem}");
        assert!(problem.ends_with("inside the period of the membership it stands in for"), "{problem}");
        assert!(names(&stand_ins(&app, "2026-11-21").await).is_empty());
    }
}

#[tokio::test]
async fn a_substitution_ends_with_its_membership() {
    let open = r#"{ person = "bo" }"#;
    let app = TestApp::of(&world("ledamot", open)).await;
    let ended = world("ledamot", open).replace("2027-12-31", "2026-06-30");
    app.load(&ended).await.expect("the open end is that of the membership");
    assert_eq!(stand_ins(&app, "2026-06-30").await[0]["period"]["lastDay"], "2026-06-30");
}

#[tokio::test]
async fn a_substitution_that_the_document_no_longer_names_is_gone() {
    let app = TestApp::of(&world("ledamot", THREE)).await;
    app.load(&world("ledamot", r#"{ person = "bo" }"#)).await.expect("the document");
    assert_eq!(names(&stand_ins(&app, "2026-11-21").await), ["Bo Berg"]);
}
