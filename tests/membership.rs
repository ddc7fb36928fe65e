//! Memberships: who sits where, when, on whose behalf, and who took over from whom.

mod changes;

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
key = "asa"
givenName = "Åsa"
familyName = "Åberg"
[[person]]
key = "zelda"
givenName = "Zelda"
familyName = "Zetterberg"
[[person]]
key = "orjan"
givenName = "Örjan"
familyName = "Östh"

[[position]]
key = "are/chef"
title = "Chef"
organisation = "are"
from = "2018-01-01"

[[group]]
key = "radet"
name = "Rådet"
kind = "COUNCIL"
from = "2018-01-01"
seats = [
  { key = "adjungerad", role = "ADJUNCT", organisation = "are" },
  { key = "ledamot", role = "MEMBER", organisation = "berg-skola", capacity = 4 },
  { key = "ordforande", role = "CHAIR", organisation = "berg" },
  { key = "chef", role = "SECRETARY", organisation = "are", fill = "EX_OFFICIO", position = "are/chef" },
]

[[membership]]
seat = "radet/ledamot"
person = "orjan"
[[membership]]
seat = "radet/ledamot"
person = "zelda"
from = "2020-01-01"
onBehalfOf = "are"
[[membership]]
seat = "radet/ledamot"
person = "asa"
from = "2020-01-01"
lastDay = "2026-12-31"
[[membership]]
key = "anna-1"
seat = "radet/ordforande"
person = "anna"
lastDay = "2019-03-31"
endReason = "Avsägelse"
[[membership]]
key = "asa-2"
seat = "radet/ordforande"
person = "asa"
from = "2019-04-01"
lastDay = "2022"
replaces = "anna-1"
decision = { body = "Fullmäktige", date = "2019-03-28", reference = "KS/1/2019" }
[[membership]]
key = "anna-3"
seat = "radet/ordforande"
person = "anna"
from = "2023-01-01"
lastDay = "2027-06-30"
replaces = "asa-2"
[[membership]]
seat = "radet/adjungerad"
person = "anna"
from = "2027-01-01"
"#;

/// Role and name of the members of the group, on a day and by a filter.
async fn members(client: &Client, slug: &str, day: &str, filter: &str) -> Vec<String> {
    let list = format!("members(filter: {{{filter}}}) {{ totalCount nodes {{ role person {{ name }} }} }}");
    let answer = client.ask(&format!(r#"{{ group(by: {{slug: "{slug}"}}, asOf: "{day}") {{ {list} }} }}"#)).await;
    let nodes = answer["group"]["members"]["nodes"].as_array().expect("members").clone();
    assert_eq!(answer["group"]["members"]["totalCount"], nodes.len());
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    nodes.iter().map(|node| format!("{} {}", text(&node["role"]), text(&node["person"]["name"]))).collect()
}

/// Name and first day of memberships of the whole directory.
async fn memberships(client: &Client, arguments: &str) -> Vec<String> {
    let list = "{ totalCount nodes { person { name } period { from } } }";
    let answer = client.ask(&format!("{{ memberships({arguments}) {list} }}")).await;
    let nodes = answer["memberships"]["nodes"].as_array().expect("memberships").clone();
    assert_eq!(answer["memberships"]["totalCount"], nodes.len(), "{arguments}");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    nodes.iter().map(|node| format!("{} {}", text(&node["person"]["name"]), text(&node["period"]["from"]))).collect()
}

async fn id(client: &Client, field: &str, slug: &str) -> String {
    let query = format!(r#"{{ it: {field}(by: {{slug: "{slug}"}}) {{ id }} }}"#);
    all(&client.ask(&query).await, "it.id").remove(0)
}

#[tokio::test]
async fn members_are_those_who_sit_on_the_day_by_role_and_swedish_name() {
    let public = TestApp::of(WORLD).await.public();
    let today = ["CHAIR Anna Alm", "MEMBER Zelda Zetterberg", "MEMBER Åsa Åberg", "MEMBER Örjan Östh"];
    assert_eq!(members(&public, "radet", "2026-11-21", "").await, today);
    assert_eq!(members(&public, "radet", "2019-03-31", "").await, ["CHAIR Anna Alm", "MEMBER Örjan Östh"]);
    assert_eq!(members(&public, "radet", "2019-04-01", "").await, ["CHAIR Åsa Åberg", "MEMBER Örjan Östh"]);
    assert_eq!(members(&public, "radet", "2017-12-31", "").await, Vec::<String>::new());
    let last = ["MEMBER Zelda Zetterberg", "MEMBER Örjan Östh", "ADJUNCT Anna Alm"];
    assert_eq!(members(&public, "radet", "2027-07-01", "").await, last);
}

#[tokio::test]
async fn a_filter_gives_the_members_that_fit_everything_in_it() {
    let public = TestApp::of(WORLD).await.public();
    let (berg, are) = (id(&public, "organisation", "berg").await, id(&public, "organisation", "are").await);
    let (chair, zelda) = ("CHAIR Anna Alm", "MEMBER Zelda Zetterberg");
    let (asa, orjan) = ("MEMBER Åsa Åberg", "MEMBER Örjan Östh");
    let expected: &[(&str, &[&str])] = &[
        ("roles: [CHAIR, ADJUNCT]", &[chair]),
        ("voting: true", &[chair, zelda, asa, orjan]),
        ("voting: false", &[]),
        (&format!("organisation: \"{are}\""), &[zelda]),
        (&format!("organisation: \"{berg}\""), &[chair, zelda, asa, orjan]),
        ("states: [FUTURE]", &["ADJUNCT Anna Alm"]),
        ("states: [PAST]", &[chair, "CHAIR Åsa Åberg"]),
        ("during: {from: \"2019-03-31\", until: \"2019-04-02\"}, roles: [CHAIR]", &[chair, "CHAIR Åsa Åberg"]),
        ("during: {from: \"2019-03-31\", until: \"2019-04-01\"}, roles: [CHAIR]", &[chair]),
    ];
    for (filter, wanted) in expected {
        assert_eq!(members(&public, "radet", "2026-11-21", filter).await, *wanted, "{filter}");
    }
}

#[tokio::test]
async fn memberships_are_found_by_when_they_end_and_for_whom_they_are() {
    let public = TestApp::of(WORLD).await.public();
    let (berg, are) = (id(&public, "organisation", "berg").await, id(&public, "organisation", "are").await);
    let radet = id(&public, "group", "radet").await;
    let (asa, anna, zelda) = ("Åsa Åberg 2020-01-01", "Anna Alm 2023-01-01", "Zelda Zetterberg 2020-01-01");
    let expected: &[(&str, &[&str])] = &[
        ("filter: {endingBefore: \"2027-01-01\"}", &[asa]),
        ("filter: {endingBefore: \"2026-12-31\"}", &[]),
        ("filter: {endingBefore: \"2027-07-01\"}", &[asa, anna]),
        ("filter: {endingBefore: \"2027-07-01\", roles: [CHAIR]}", &[anna]),
        (&format!("filter: {{organisation: \"{are}\"}}"), &[zelda]),
        (&format!("filter: {{organisation: \"{berg}\", roles: [CHAIR]}}"), &[anna]),
        (&format!("filter: {{group: \"{radet}\", roles: [CHAIR]}}"), &[anna]),
        (&format!("filter: {{group: \"{are}\"}}"), &[]),
        ("filter: {states: [FUTURE]}", &["Anna Alm 2027-01-01"]),
        ("filter: {states: [PAST]}", &["Anna Alm 2018-01-01", "Åsa Åberg 2019-04-01"]),
        ("filter: {during: {from: \"2018-06-01\", until: \"2018-06-02\"}, roles: [CHAIR]}", &["Anna Alm 2018-01-01"]),
        ("filter: {roles: [CHAIR]}, asOf: \"2020-06-01\"", &["Åsa Åberg 2019-04-01"]),
    ];
    for (arguments, wanted) in expected {
        assert_eq!(memberships(&public, arguments).await, *wanted, "{arguments}");
    }
}

#[tokio::test]
async fn whoever_took_over_from_whom_can_be_followed_both_ways() {
    let public = TestApp::of(WORLD).await.public();
    let link = "person { name } period { from lastDay untilPrecision }";
    let fields = format!(
        "{link} endReason decision {{ body date reference }} replaces {{ {link} replaces {{ {link} }} }} replacedBy {{ {link} }}"
    );
    let chair = async |day: &str| {
        let query = format!(r#"{{ group(by: {{slug: "radet"}}, asOf: "{day}") {{ chair {{ {fields} }} }} }}"#);
        public.ask(&query).await["group"]["chair"].take()
    };
    let (first, second, third) = (chair("2019-03-31").await, chair("2019-04-01").await, chair("2026-01-01").await);
    assert_eq!((&first["endReason"], &first["decision"]), (&json!("Avsägelse"), &Value::Null));
    assert_eq!((&first["replaces"], &first["replacedBy"]["person"]["name"]), (&Value::Null, &json!("Åsa Åberg")));
    let decision = json!({ "body": "Fullmäktige", "date": "2019-03-28", "reference": "KS/1/2019" });
    assert_eq!((&second["decision"], &second["endReason"]), (&decision, &Value::Null));
    let period = json!({ "from": "2019-04-01", "lastDay": "2022-12-31", "untilPrecision": "YEAR" });
    assert_eq!(second["period"], period);
    assert_eq!(second["replacedBy"]["period"]["from"], "2023-01-01");
    assert_eq!(third["replaces"]["person"]["name"], "Åsa Åberg");
    assert_eq!(third["replaces"]["replaces"]["person"]["name"], "Anna Alm");
    assert_eq!(third["replaces"]["replaces"]["period"]["lastDay"], "2019-03-31");
    assert!(third["replacedBy"].is_null());
}

#[tokio::test]
async fn a_member_sits_for_the_organisation_of_the_seat_unless_for_another() {
    let public = TestApp::of(WORLD).await.public();
    let nodes = "nodes { person { name } onBehalfOf { slug } seat { organisation { slug } } }";
    let answer = public.ask(&format!("{{ memberships(filter: {{roles: [MEMBER]}}) {{ {nodes} }} }}")).await;
    let mut found = all(&answer, "memberships.nodes.*");
    found.sort();
    let sits = |name: &str, on_behalf_of: &str| {
        let seat = json!({ "organisation": { "slug": "berg-skola" } });
        json!({ "onBehalfOf": { "slug": on_behalf_of }, "person": { "name": name }, "seat": seat }).to_string()
    };
    let expected = [sits("Zelda Zetterberg", "are"), sits("Åsa Åberg", "berg-skola"), sits("Örjan Östh", "berg-skola")];
    assert_eq!(found, expected);
    let representation = "representation { totalCount nodes { person { givenName } } }";
    let answer = public.ask(&format!(r#"{{ organisation(by: {{slug: "are"}}) {{ {representation} }} }}"#)).await;
    assert_eq!(all(&answer, "organisation.representation.nodes.*.person.givenName"), ["Zelda"]);
}

#[tokio::test]
async fn an_organisation_asks_who_sits_for_it_as_what_when_and_for_which_part() {
    let public = TestApp::of(WORLD).await.public();
    let (unit, are) = (id(&public, "organisation", "berg-skola").await, id(&public, "organisation", "are").await);
    let expected: &[(&str, &[&str])] = &[
        ("", &["Anna", "Zelda", "Åsa", "Örjan"]),
        ("roles: [MEMBER]", &["Zelda", "Åsa", "Örjan"]),
        ("voting: false", &[]),
        ("states: [PAST]", &["Anna", "Åsa"]),
        (&format!("organisation: \"{unit}\""), &["Zelda", "Åsa", "Örjan"]),
        (&format!("organisation: \"{are}\""), &["Zelda"]),
    ];
    for (filter, wanted) in expected {
        let list = format!("representation(filter: {{{filter}}}) {{ nodes {{ person {{ givenName }} }} }}");
        let answer = public.ask(&format!(r#"{{ organisation(by: {{slug: "berg"}}) {{ {list} }} }}"#)).await;
        assert_eq!(all(&answer, "organisation.representation.nodes.*.person.givenName"), *wanted, "{filter}");
    }
}

#[tokio::test]
async fn what_a_person_has_sat_on_is_all_there_the_latest_first() {
    let public = TestApp::of(WORLD).await.public();
    let chair = public.ask(r#"{ group(by: {slug: "radet"}) { chair { person { id } } } }"#).await;
    let person = all(&chair, "group.chair.person.id").remove(0);
    let starts = async |filter: &str| {
        let list = format!("memberships{filter} {{ totalCount nodes {{ period {{ from }} }} }}");
        let answer = public.ask(&format!("{{ person(id: \"{person}\") {{ {list} }} }}")).await;
        (all(&answer, "person.memberships.nodes.*.period.from"), answer["person"]["memberships"]["totalCount"].clone())
    };
    for (arguments, expected, count) in [
        ("", &["2027-01-01", "2023-01-01", "2018-01-01"][..], 3),
        ("(last: 1)", &["2018-01-01"], 3),
        ("(filter: {states: [CURRENT]})", &["2023-01-01"], 1),
        ("(filter: {roles: [CHAIR]})", &["2023-01-01", "2018-01-01"], 2),
    ] {
        let (found, counted) = starts(arguments).await;
        assert_eq!(found, expected, "{arguments}");
        assert_eq!(counted, count, "{arguments}");
    }
}

fn record(seat: &str, person: &str, more: &str) -> String {
    format!("[[membership]]\nkey = \"ny\"\nseat = \"{seat}\"\nperson = \"{person}\"\n{more}\n")
}

#[tokio::test]
async fn a_membership_that_cannot_be_is_refused_where_it_is_written() {
    let app = TestApp::of(WORLD).await;
    let twice = "the person already sits on this seat during that time";
    let outside = "a membership lies inside the period of its seat";
    let ex_officio = "the seat goes with a position: who holds the position sits on it";
    let before = members(&app.public(), "radet", "2026-11-21", "states: [PAST, CURRENT, FUTURE]").await;
    for (document, reason) in [
        (record("radet/ledamot", "orjan", ""), twice),
        (record("radet/ledamot", "asa", "from = \"2026-12-31\""), twice),
        (record("radet/ledamot", "anna", "from = \"2017-12-31\""), outside),
        (record("radet/chef", "anna", ""), ex_officio),
    ] {
        let problems = app.load(&document).await.expect_err(reason);
        assert_eq!(problems, [format!("test.toml:1: membership: {reason}")]);
    }
    assert_eq!(members(&app.public(), "radet", "2026-11-21", "states: [PAST, CURRENT, FUTURE]").await, before);
    app.load(&record("radet/ledamot", "asa", "from = \"2027-01-01\"")).await.expect("again, the day after");
}

#[tokio::test]
async fn a_handover_can_be_moved_either_way() {
    for day in ["2019-02-01", "2019-06-01"] {
        let app = TestApp::of(WORLD).await;
        let until = WORLD.replace("lastDay = \"2019-03-31\"", &format!("until = \"{day}\""));
        app.load(&until.replace("from = \"2019-04-01\"", &format!("from = \"{day}\""))).await.expect(day);
        assert_eq!(members(&app.public(), "radet", day, "roles: [CHAIR]").await, ["CHAIR Åsa Åberg"]);
    }
}

#[tokio::test]
async fn in_the_demo_the_council_changed_its_chair_in_2019() {
    let public = TestApp::demo().await.public();
    assert_eq!(members(&public, "samverkansradet", "2019-02-28", "roles: [CHAIR]").await, ["CHAIR Birgit Demoström"]);
    let leaders = ["CHAIR Knut Exempelgren", "VICE_CHAIR Calle Låtsasdotter"];
    for day in ["2019-03-01", "2019-06-01"] {
        assert_eq!(members(&public, "samverkansradet", day, "roles: [CHAIR, VICE_CHAIR]").await, leaders, "{day}");
    }
    let fields = "onBehalfOf { slug } decision { date reference } replaces { endReason onBehalfOf { slug } replacedBy { role } } replacedBy { person { name } }";
    let query =
        format!(r#"{{ group(by: {{slug: "samverkansradet"}}, asOf: "2019-06-01") {{ chair {{ {fields} }} }} }}"#);
    let expected = json!({
        "onBehalfOf": { "slug": "krokom" },
        "decision": { "date": "2019-02-25", "reference": "DEMO/12/2019" },
        "replaces": { "endReason": "Avsägelse", "onBehalfOf": { "slug": "ostersund" }, "replacedBy": { "role": "CHAIR" } },
        "replacedBy": { "person": { "name": "Curt Låtsasdotter" } },
    });
    assert_eq!(public.ask(&query).await["group"]["chair"], expected);
}
