//! Seats: whether there is room, whose they are, and that nobody sits on a seat that is full.

mod changes;

use sea_orm::ConnectionTrait;
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
[[organisation]]
key = "are"
kind = "MUNICIPALITY"
name = "Åre"

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

[[group]]
key = "radet"
name = "Rådet"
kind = "COUNCIL"
from = "2018-01-01"
seats = [
  { key = "taken", description = "taken", role = "CHAIR", organisation = "berg" },
  { key = "never", description = "never", role = "MEMBER", organisation = "berg-skola", appointer = "are" },
  { key = "left", description = "left", role = "MEMBER", organisation = "are" },
  { key = "pair", description = "pair", role = "MEMBER", organisation = "are", capacity = 2, from = "2019-01-01" },
  { key = "open", description = "open", role = "MEMBER", capacity = "unbounded" },
  { key = "empty", description = "empty", role = "ADJUNCT", capacity = "unbounded" },
  { key = "gone", description = "gone", role = "OBSERVER", organisation = "berg", lastDay = "2019-12-31" },
]

[[group]]
key = "gamla"
name = "Gamla"
kind = "NETWORK"
seats = [
  { key = "since", description = "since", role = "MEMBER" },
  { key = "always", description = "always", role = "MEMBER", capacity = 2 },
  { key = "first", description = "first", role = "MEMBER" },
]

[[membership]]
seat = "radet/taken"
person = "anna"
[[membership]]
seat = "radet/left"
person = "anna"
from = "2019-01-01"
lastDay = "2020-12-31"
[[membership]]
seat = "radet/left"
person = "bo"
from = "2021-01-01"
lastDay = "2021-12-31"
[[membership]]
seat = "radet/pair"
person = "anna"
[[membership]]
seat = "radet/pair"
person = "bo"
from = "2019-07-01"
lastDay = "2022-06-30"
[[membership]]
seat = "radet/open"
person = "bo"
from = "2020-01-01"
[[membership]]
seat = "gamla/always"
person = "bo"
lastDay = "2020-12-31"
[[membership]]
seat = "gamla/first"
person = "bo"
lastDay = "2020-12-31"
"#;

/// State and first day of the vacancy of each seat, by its description.
async fn vacancies(client: &Client, day: &str) -> Vec<(String, String, Option<String>)> {
    let query = format!(r#"{{ seats(asOf: "{day}") {{ nodes {{ description state vacantSince }} }} }}"#);
    let answer = client.ask(&query).await;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let seat = |seat: &Value| {
        let state = text(&seat["state"]).expect("a state");
        (text(&seat["description"]).expect("a description"), state, text(&seat["vacantSince"]))
    };
    answer["seats"]["nodes"].as_array().expect("seats").iter().map(seat).collect()
}

async fn descriptions(client: &Client, arguments: &str) -> Vec<String> {
    let answer = client.ask(&format!("{{ seats({arguments}) {{ totalCount nodes {{ description }} }} }}")).await;
    let found = all(&answer, "seats.nodes.*.description");
    assert_eq!(answer["seats"]["totalCount"], found.len(), "{arguments}");
    found
}

fn vacant(seat: &str, since: Option<&str>) -> (String, String, Option<String>) {
    (seat.to_owned(), "VACANT".to_owned(), since.map(str::to_owned))
}

fn filled(seat: &str) -> (String, String, Option<String>) {
    (seat.to_owned(), "FILLED".to_owned(), None)
}

#[tokio::test]
async fn a_seat_says_whether_there_is_room_and_since_when() {
    let public = TestApp::of(WORLD).await.public();
    let today = [
        vacant("since", None),
        vacant("always", None),
        vacant("first", Some("2021-01-01")),
        filled("taken"),
        vacant("never", Some("2018-01-01")),
        vacant("left", Some("2022-01-01")),
        vacant("pair", Some("2022-07-01")),
        filled("open"),
        vacant("empty", Some("2018-01-01")),
    ];
    assert_eq!(vacancies(&public, "2026-11-21").await, today);
    let then = [
        vacant("since", None),
        vacant("always", None),
        filled("first"),
        filled("taken"),
        vacant("never", Some("2018-01-01")),
        filled("left"),
        vacant("pair", Some("2019-01-01")),
        vacant("open", Some("2018-01-01")),
        vacant("empty", Some("2018-01-01")),
        vacant("gone", Some("2018-01-01")),
    ];
    assert_eq!(vacancies(&public, "2019-06-30").await, then);
    let handover = vacancies(&public, "2021-01-01").await;
    assert!(handover.contains(&filled("left")), "{handover:?}");
    assert!(handover.contains(&filled("pair")), "{handover:?}");
}

#[tokio::test]
async fn a_filter_gives_the_seats_that_fit_everything_in_it() {
    let public = TestApp::of(WORLD).await.public();
    let id = async |query: &str| all(&public.ask(query).await, "it.id").remove(0);
    let radet = id(r#"{ it: group(by: {slug: "radet"}) { id } }"#).await;
    let berg = id(r#"{ it: organisation(by: {slug: "berg"}) { id } }"#).await;
    let are = id(r#"{ it: organisation(by: {slug: "are"}) { id } }"#).await;
    let expected: &[(&str, &[&str])] = &[
        ("state: FILLED", &["taken", "open"]),
        (&format!("state: VACANT, group: \"{radet}\""), &["never", "left", "pair", "empty"]),
        ("roles: [CHAIR, ADJUNCT]", &["taken", "empty"]),
        (&format!("organisation: \"{berg}\""), &["taken", "never"]),
        (&format!("organisation: \"{radet}\""), &[]),
        (&format!("appointer: \"{are}\""), &["never", "left", "pair"]),
        (&format!("appointer: \"{berg}\""), &["taken"]),
        ("states: [PAST]", &["gone"]),
        ("states: [PAST, CURRENT], roles: [OBSERVER, CHAIR]", &["taken", "gone"]),
        ("during: {from: \"2019-12-31\", until: \"2020-01-01\"}, roles: [OBSERVER]", &["gone"]),
        ("during: {from: \"2020-01-01\", until: \"2021-01-01\"}, roles: [OBSERVER]", &[]),
    ];
    for (filter, wanted) in expected {
        assert_eq!(descriptions(&public, &format!("filter: {{{filter}}}")).await, *wanted, "{filter}");
    }
    let then = "filter: {state: FILLED}, asOf: \"2019-07-01\"";
    assert_eq!(descriptions(&public, then).await, ["first", "taken", "left", "pair"]);
    let vacant = public
        .ask(r#"{ organisation(by: {slug: "berg"}) { vacantSeats { totalCount nodes { description } } } }"#)
        .await;
    assert_eq!(all(&vacant, "organisation.vacantSeats.nodes.*.description"), ["never"]);
    assert_eq!(vacant["organisation"]["vacantSeats"]["totalCount"], 1);
}

#[tokio::test]
async fn a_seat_is_its_organisations_to_fill_unless_another_appoints() {
    let public = TestApp::of(WORLD).await.public();
    let fields = "description capacity voting fill organisation { slug } appointer { slug } group { slug }";
    let query = format!("{{ seats(filter: {{roles: [CHAIR, MEMBER, ADJUNCT]}}) {{ nodes {{ {fields} }} }} }}");
    let answer = public.ask(&query).await;
    let seat = |name: &str| {
        let seats = answer["seats"]["nodes"].as_array().expect("seats");
        seats.iter().find(|seat| seat["description"] == name).cloned().expect("the seat")
    };
    let expected = json!({ "description": "taken", "capacity": 1, "voting": true, "fill": "APPOINTED",
        "organisation": { "slug": "berg" }, "appointer": { "slug": "berg" }, "group": { "slug": "radet" } });
    assert_eq!(seat("taken"), expected);
    assert_eq!(seat("never")["organisation"]["slug"], "berg-skola");
    assert_eq!(seat("never")["appointer"]["slug"], "are");
    assert_eq!((&seat("empty")["capacity"], &seat("empty")["voting"]), (&Value::Null, &json!(false)));
    assert_eq!((&seat("open")["organisation"], &seat("open")["appointer"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn the_members_of_a_seat_can_be_asked_for_by_what_they_are() {
    let public = TestApp::of(WORLD).await.public();
    let berg = all(&public.ask(r#"{ organisation(by: {slug: "berg"}) { id } }"#).await, "organisation.id").remove(0);
    let counted = async |filter: &str| {
        let seat = format!("nodes {{ description members(filter: {{{filter}}}) {{ totalCount }} }}");
        let answer = public.ask(&format!("{{ seats(filter: {{roles: [CHAIR]}}) {{ {seat} }} }}")).await;
        all(&answer, "seats.nodes.*.members.totalCount")
    };
    assert_eq!(counted("").await, ["1"]);
    assert_eq!(counted("roles: [CHAIR], voting: true").await, ["1"]);
    assert_eq!(counted(&format!("organisation: \"{berg}\"")).await, ["1"]);
    assert_eq!(counted("roles: [MEMBER]").await, ["0"]);
    assert_eq!(counted("voting: false").await, ["0"]);
    assert_eq!(counted("organisation: \"x\"").await, ["0"]);
    assert_eq!(counted("states: [PAST]").await, ["0"]);
}

const FULL: &str = "on some day the seat would have more members than its capacity";

fn sits(seat: &str, person: &str, period: &str) -> String {
    format!("[[membership]]\nseat = \"{seat}\"\nperson = \"{person}\"\n{period}\n")
}

/// Memberships and their periods on a seat, whatever the day.
async fn sat(client: &Client, seat: &str) -> Vec<String> {
    let period = "period { from lastDay }";
    let members =
        format!("members(filter: {{states: [PAST, CURRENT, FUTURE]}}) {{ nodes {{ person {{ name }} {period} }} }}");
    let answer = client.ask(&format!("{{ seats {{ nodes {{ description {members} }} }} }}")).await;
    let seats = answer["seats"]["nodes"].as_array().expect("seats").clone();
    let found = seats.into_iter().find(|found| found["description"] == seat).expect("the seat");
    all(&found, "members.nodes.*")
}

#[tokio::test]
async fn no_document_overfills_a_seat_on_any_day() {
    let app = TestApp::of(WORLD).await;
    let before = sat(&app.public(), "pair").await;
    for period in [
        "",
        "from = \"2022-06-30\"",
        "from = \"2019-01-01\"\nlastDay = \"2019-07-01\"",
        "from = \"2020\"\nlastDay = \"2020\"",
    ] {
        let document = sits("radet/left", "cia", "from = \"2023-01-01\"") + &sits("radet/pair", "cia", period);
        let problems = app.load(&document).await.expect_err(period);
        assert_eq!(problems, [format!("test.toml:5: membership: {FULL}")], "{period}");
        assert_eq!(sat(&app.public(), "pair").await, before, "{period}");
        assert_eq!(sat(&app.public(), "left").await.len(), 2, "the good record goes with the bad one");
    }
    app.load(&sits("radet/pair", "cia", "from = \"2022-07-01\"")).await.expect("there is room from July on");
    let both = sits("radet/never", "anna", "") + &sits("radet/never", "bo", "from = \"2030-01-01\"");
    let problems = app.load(&both).await.expect_err("two at once from 2030 on");
    assert_eq!(problems, [format!("test.toml:5: membership: {FULL}")]);
}

#[tokio::test]
async fn a_seat_does_not_shrink_under_those_who_sit_or_have_sat() {
    let app = TestApp::of(WORLD).await;
    let shrunk = WORLD.replace("capacity = 2, from = \"2019-01-01\"", "capacity = 1, from = \"2019-01-01\"");
    assert_ne!(shrunk, WORLD);
    let problems = app.load(&shrunk).await.expect_err("two sat there from 2019 to 2022");
    let line = 1 + shrunk.lines().position(|line| line.contains("key = \"pair\"")).expect("the seat");
    assert_eq!(problems, [format!("test.toml:{line}: seat: {FULL}")]);
    assert_eq!(sat(&app.public(), "pair").await.len(), 2);
}

#[tokio::test]
async fn a_seat_that_begins_later_or_ends_takes_its_open_memberships_with_it() {
    for (was, now) in [
        ("from = \"2019-01-01\" },", "from = \"2019-02-01\" },"),
        ("role = \"CHAIR\",", "role = \"CHAIR\", lastDay = \"2025-12-31\","),
    ] {
        let app = TestApp::of(WORLD).await;
        let changed = WORLD.replace(was, now);
        assert_ne!(changed, WORLD);
        app.load(&changed).await.expect("an open bound of a membership is that of its seat");
    }
}

#[tokio::test]
async fn the_database_itself_holds_the_capacity() {
    let app = TestApp::of(WORLD).await;
    let breaks = [
        "UPDATE seat SET capacity = 1 WHERE description = 'pair'",
        "UPDATE seat SET capacity = 0 WHERE description = 'never'",
        "UPDATE membership SET valid_from = '2020-12-31' WHERE valid_from = '2021-01-01'",
        "UPDATE membership SET seat_id = (SELECT id FROM seat WHERE description = 'taken') WHERE valid_from = '2020-01-01'",
    ];
    for statement in breaks {
        let refused = app.app.db.writer().execute_unprepared(statement).await.expect_err(statement).to_string();
        assert!(refused.contains("seat_capacity"), "{statement}: {refused}");
    }
    let allowed = "UPDATE seat SET capacity = 3 WHERE description = 'pair'";
    app.app.db.writer().execute_unprepared(allowed).await.expect("more room");
}

#[tokio::test]
async fn of_two_who_take_the_last_place_at_the_same_time_one_gets_it() {
    for _ in 0..5 {
        let app = TestApp::of(WORLD).await;
        let (bo, cia) = (sits("radet/never", "bo", ""), sits("radet/never", "cia", ""));
        let (bo, cia) = tokio::join!(app.load(&bo), app.load(&cia));
        let (winners, losers): (Vec<_>, Vec<_>) = [bo, cia].into_iter().partition(Result::is_ok);
        assert_eq!((winners.len(), losers), (1, vec![Err(vec![format!("test.toml:1: membership: {FULL}")])]));
        assert_eq!(sat(&app.public(), "never").await.len(), 1);
    }
}

#[tokio::test]
async fn a_seat_lies_inside_its_group() {
    let app = TestApp::of(WORLD).await;
    let seat = |period: &str| {
        format!(
            "[[group]]\nkey = \"radet\"\nname = \"Rådet\"\nkind = \"COUNCIL\"\nfrom = \"2018-01-01\"\n[[group.seats]]\nkey = \"ny\"\nrole = \"MEMBER\"\n{period}"
        )
    };
    let problems = app.load(&seat("from = \"2017-12-31\"")).await.expect_err("before the group");
    assert_eq!(problems, ["test.toml:6: seat: a seat lies inside the period of its group"]);
    app.load(&seat("from = \"2018-01-01\"")).await.expect("from the group's first day");
}
