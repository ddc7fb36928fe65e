//! Groups: what they are, which are listed, how they relate, and whom to call.

mod changes;
mod closing;
mod relations;

use serde_json::json;

use crate::support::{Client, TestApp, all};

const WORLD: &str = r#"
[[organisation]]
key = "berg"
kind = "MUNICIPALITY"
name = "Bergs kommun"
[[organisation]]
key = "berg-social"
kind = "UNIT"
parent = "berg"
name = "Socialförvaltningen"
[[organisation]]
key = "regionen"
kind = "REGION"
name = "Regionen"
[[organisation]]
key = "kansliet"
kind = "UNIT"
parent = "regionen"
name = "Kansliet"

[[group]]
key = "ostgruppen"
name = "Östgruppen"
kind = "NETWORK"
from = "2018-01-01"
convener = "kansliet"
[[group]]
key = "angsradet"
name = "Ängsrådet"
shortName = "ÄR-2"
kind = "COUNCIL"
from = "2020-01-01"
convener = "berg"
[[group.seats]]
key = "berg"
role = "MEMBER"
organisation = "berg-social"
[[group]]
key = "akergruppen"
name = "Åkergruppen"
kind = "WORKING_GROUP"
from = "2019-01-01"
parent = "ostgruppen"
[[group.seats]]
key = "berg"
role = "MEMBER"
organisation = "berg"
lastDay = "2020-12-31"
[[group]]
key = "zebran"
name = "Zebran"
kind = "WORKING_GROUP"
from = "2018-01-01"
parent = "ostgruppen"
[[group]]
key = "alfa"
name = "Alfa"
kind = "FORUM"
lastDay = "2019-12-31"
[[group]]
key = "framtiden"
name = "Framtiden"
kind = "FORUM"
from = "2030-01-01"
"#;

/// The slugs of the groups that a list has, as often as the list says that it has any.
async fn slugs(client: &Client, arguments: &str) -> Vec<String> {
    let arguments = if arguments.is_empty() { String::new() } else { format!("({arguments})") };
    let answer = client.ask(&format!("{{ groups{arguments} {{ totalCount nodes {{ slug }} }} }}")).await;
    let slugs = all(&answer, "groups.nodes.*.slug");
    assert_eq!(answer["groups"]["totalCount"], slugs.len(), "{arguments}");
    slugs
}

async fn id(client: &Client, field: &str, slug: &str) -> String {
    let answer = client.ask(&format!("{{ {field}(by: {{slug: \"{slug}\"}}) {{ id }} }}")).await;
    answer[field]["id"].as_str().unwrap_or_else(|| panic!("no {field} {slug}")).to_owned()
}

#[tokio::test]
async fn a_group_is_found_by_slug_and_by_id() {
    let public = TestApp::of(WORLD).await.public();
    let fields = "{ slug name shortName kind version audience purpose convener { slug } parent { slug } }";
    let by_slug = public.ask(&format!(r#"{{ group(by: {{slug: "angsradet"}}) {fields} }}"#)).await;
    let angsradet = id(&public, "group", "angsradet").await;
    let by_id = public.ask(&format!(r#"{{ group(by: {{id: "{angsradet}"}}) {fields} }}"#)).await;
    assert_eq!(by_slug, by_id);
    let expected = json!({
        "slug": "angsradet", "name": "Ängsrådet", "shortName": "ÄR-2", "kind": "COUNCIL", "version": 1,
        "audience": "PUBLIC", "purpose": null, "convener": { "slug": "berg" }, "parent": null
    });
    assert_eq!(by_id["group"], expected);
    let other = public.ask(r#"{ group(by: {slug: "angs"}) { name } }"#).await;
    assert!(other["group"].is_null(), "a part of a slug is no slug");
}

#[tokio::test]
async fn a_filter_gives_the_groups_that_fit_everything_in_it() {
    let public = TestApp::of(WORLD).await.public();
    let ostgruppen = id(&public, "group", "ostgruppen").await;
    let (berg, regionen) = (id(&public, "organisation", "berg").await, id(&public, "organisation", "regionen").await);
    let expected: &[(&str, &[&str])] = &[
        ("kinds: [WORKING_GROUP]", &["zebran", "akergruppen"]),
        ("kinds: [COUNCIL, NETWORK]", &["angsradet", "ostgruppen"]),
        ("kinds: []", &[]),
        (&format!("parent: \"{ostgruppen}\""), &["zebran", "akergruppen"]),
        ("top: true", &["angsradet", "ostgruppen"]),
        ("top: false", &["zebran", "akergruppen"]),
        (&format!("organisation: \"{berg}\""), &["angsradet"]),
        (&format!("organisation: \"{ostgruppen}\""), &[]),
        (&format!("convener: \"{regionen}\""), &["ostgruppen"]),
        (&format!("convener: \"{berg}\""), &["angsradet"]),
        ("text: \"OSTGR\"", &["ostgruppen"]),
        ("text: \"ängsr\"", &["angsradet"]),
        ("text: \"ar 2\"", &["angsradet"]),
        ("text: \"%\"", &[]),
        ("kinds: [WORKING_GROUP], text: \"åker\"", &["akergruppen"]),
        ("kinds: [COUNCIL], text: \"åker\"", &[]),
    ];
    for (filter, slugs_expected) in expected {
        assert_eq!(slugs(&public, &format!("filter: {{{filter}}}")).await, *slugs_expected, "{filter}");
    }
}

#[tokio::test]
async fn groups_are_listed_by_where_they_stand_in_time() {
    let public = TestApp::of(WORLD).await.public();
    let expected: &[(&str, &[&str])] = &[
        ("", &["zebran", "akergruppen", "angsradet", "ostgruppen"]),
        ("asOf: \"2019-12-31\"", &["alfa", "zebran", "akergruppen", "ostgruppen"]),
        ("asOf: \"2020-01-01\"", &["zebran", "akergruppen", "angsradet", "ostgruppen"]),
        ("filter: {states: [PAST]}", &["alfa"]),
        ("filter: {states: [FUTURE, PAST]}", &["alfa", "framtiden"]),
        ("filter: {states: []}", &[]),
        ("filter: {states: [CURRENT]}, asOf: \"2017-12-31\"", &["alfa"]),
        ("filter: {during: {from: \"2019-12-31\", until: \"2020-01-01\"}, kinds: [FORUM]}", &["alfa"]),
        ("filter: {during: {from: \"2020-01-01\", until: \"2029-12-31\"}, kinds: [FORUM]}", &[]),
        ("filter: {during: {from: \"2020-01-01\", until: \"2030-01-02\"}, kinds: [FORUM]}", &["framtiden"]),
        ("filter: {during: {from: \"1950-01-01\", until: \"2100-01-01\"}, states: [PAST]}", &["alfa"]),
    ];
    for (arguments, slugs_expected) in expected {
        assert_eq!(slugs(&public, arguments).await, *slugs_expected, "{arguments}");
    }
}

#[tokio::test]
async fn groups_are_ordered_by_name_in_swedish_and_by_beginning_both_ways() {
    let public = TestApp::of(WORLD).await.public();
    let names = ["zebran", "akergruppen", "angsradet", "ostgruppen"];
    let starts = ["zebran", "ostgruppen", "akergruppen", "angsradet"];
    for (field, mut expected) in [("NAME", names), ("FROM", starts)] {
        let ordered = async |way| slugs(&public, &format!("orderBy: {{field: {field}, direction: {way}}}")).await;
        assert_eq!(ordered("ASC").await, expected);
        expected.reverse();
        assert_eq!(ordered("DESC").await, expected);
    }
}

#[tokio::test]
async fn the_day_on_which_a_group_is_seen_goes_through_the_answer_and_with_its_id() {
    let public = TestApp::of(WORLD).await.public();
    let fields = "id period { state from lastDay } organisations { nodes { id slug } } parent { id period { state } }";
    let then =
        public.ask(&format!(r#"{{ group(by: {{slug: "akergruppen"}}, asOf: "2020-12-31") {{ {fields} }} }}"#)).await;
    let now = public.ask(&format!(r#"{{ group(by: {{slug: "akergruppen"}}) {{ {fields} }} }}"#)).await;
    assert_eq!(all(&then, "group.organisations.nodes.*.slug"), ["berg"]);
    assert!(all(&now, "group.organisations.nodes.*.slug").is_empty(), "the seat ended with 2020");
    assert_ne!(then["group"]["id"], now["group"]["id"], "a client's cache keeps the two days apart");
    for answer in [then, now] {
        let id = &answer["group"]["id"];
        let again = public.ask(&format!("{{ node(id: {id}) {{ ... on Group {{ {fields} }} }} }}")).await;
        assert_eq!(again["node"], answer["group"]);
    }
    let future = public.ask(r#"{ group(by: {slug: "framtiden"}) { period { state } } }"#).await;
    assert_eq!(future["group"]["period"]["state"], "FUTURE", "by its name a group is found before it begins");
}

#[tokio::test]
async fn a_group_cannot_lie_below_itself() {
    let app = TestApp::of(WORLD).await;
    let below = |group: &str, name: &str, parent: &str| {
        format!("[[group]]\nkey = \"{group}\"\nname = \"{name}\"\nkind = \"OTHER\"\nparent = \"{parent}\"\n")
    };
    let loaded = app.load(&below("ostgruppen", "Östgruppen", "akergruppen")).await;
    assert_eq!(loaded, Err(vec!["test.toml:1: group: a group cannot lie below itself".to_owned()]));
    let loaded = app.load(&below("ostgruppen", "Östgruppen", "ostgruppen")).await;
    assert!(loaded.is_err(), "{loaded:?}");
    let problems = app.load(&(below("x", "X", "y") + &below("y", "Y", "x"))).await.expect_err("a circle");
    assert!(problems.iter().all(|problem| problem.contains("in a circle")), "{problems:?}");
    assert_eq!(problems.len(), 2);
    assert_eq!(slugs(&app.public(), "filter: {kinds: [NETWORK]}").await, ["ostgruppen"]);
}

#[tokio::test]
async fn ending_a_group_ends_what_is_in_it() {
    let app = TestApp::of(WORLD).await;
    let ended = WORLD.replace("from = \"2020-01-01\"", "from = \"2020-01-01\"\nlastDay = \"2024-12-31\"");
    assert_ne!(ended, WORLD);
    app.load(&ended).await.expect("the seat's open end is that of the group");
    let answer = app
        .public()
        .ask(r#"{ group(by: {slug: "angsradet"}) { period { lastDay } seats(filter: {states: [PAST]}) { nodes { period { lastDay } } } } }"#)
        .await;
    assert_eq!(answer["group"]["period"]["lastDay"], "2024-12-31");
    assert_eq!(all(&answer, "group.seats.nodes.*.period.lastDay"), ["2024-12-31"]);
}

const CONTACTS: &str = r#"
[[person]]
key = "a"
givenName = "Anna"
familyName = "Alm"
contactPoints = [{ kind = "EMAIL", value = "anna@example.org" }]
[[person]]
key = "o"
givenName = "Orvar"
familyName = "Östh"
[[person]]
key = "z"
givenName = "Zelda"
familyName = "Ask"

[[group]]
key = "radet"
name = "Rådet"
kind = "COUNCIL"
contactPoints = [{ kind = "WEB", value = "https://example.org/radet" }]
seats = [
  { key = "ordforande", role = "CHAIR", from = "2018-01-01" },
  { key = "vice", role = "VICE_CHAIR" },
  { key = "sekreterare", role = "SECRETARY", contactPoints = [{ kind = "EMAIL", value = "sekreteraren@example.org" }] },
  { key = "sammankallande", role = "CONVENER" },
  { key = "kontakt", role = "CONTACT", capacity = 2 },
]
[[membership]]
seat = "radet/ordforande"
person = "o"
lastDay = "2020-12-31"
[[membership]]
seat = "radet/ordforande"
person = "z"
from = "2021-01-01"
[[membership]]
seat = "radet/vice"
person = "o"
from = "2021-01-01"
[[membership]]
seat = "radet/sekreterare"
person = "a"
[[membership]]
seat = "radet/sammankallande"
person = "z"
[[membership]]
seat = "radet/kontakt"
person = "o"
[[membership]]
seat = "radet/kontakt"
person = "a"
contactPoints = [{ kind = "PHONE", value = "063-14 66 19" }]
"#;

#[tokio::test]
async fn whom_to_call_comes_in_the_order_contact_convener_secretary_each_reached_in_that_role() {
    let public = TestApp::of(CONTACTS).await.public();
    let fields =
        "contacts { role person { name } membership { role } contactPoints { value } } contactPoints { value }";
    let answer = public.ask(&format!(r#"{{ group(by: {{slug: "radet"}}) {{ {fields} }} }}"#)).await;
    let contact = |role: &str, name: &str, values: &[&str]| {
        let points: Vec<_> = values.iter().map(|value| json!({ "value": value })).collect();
        json!({ "role": role, "person": { "name": name }, "membership": { "role": role }, "contactPoints": points })
    };
    let expected = json!([
        contact("CONTACT", "Anna Alm", &["anna@example.org", "+4663146619"]),
        contact("CONTACT", "Orvar Östh", &[]),
        contact("CONVENER", "Zelda Ask", &[]),
        contact("SECRETARY", "Anna Alm", &["sekreteraren@example.org"]),
    ]);
    assert_eq!(answer["group"]["contacts"], expected);
    assert_eq!(all(&answer, "group.contactPoints.*.value"), ["https://example.org/radet"], "the group's own");
}

#[tokio::test]
async fn chair_and_vice_chair_are_those_of_the_day() {
    let public = TestApp::of(CONTACTS).await.public();
    let leaders = async |day: &str| {
        let fields = "chair { person { name } } viceChair { person { name } }";
        let answer = public.ask(&format!(r#"{{ group(by: {{slug: "radet"}}, asOf: "{day}") {{ {fields} }} }}"#)).await;
        ["chair", "viceChair"].map(|role| answer["group"][role]["person"]["name"].as_str().map(str::to_owned))
    };
    let named = |name: &str| Some(name.to_owned());
    assert_eq!(leaders("2017-12-31").await, [None, None]);
    assert_eq!(leaders("2020-12-31").await, [named("Orvar Östh"), None]);
    assert_eq!(leaders("2021-01-01").await, [named("Zelda Ask"), named("Orvar Östh")]);
}

#[tokio::test]
async fn one_steering_group_serves_a_unit_and_a_group_and_the_group_knows() {
    let public = TestApp::demo().await.public();
    let answer = public
        .ask(
            "query { styr: group(by: {slug: \"energikontorets-styrgrupp\"}) { ...related }
                     klimat: group(by: {slug: \"klimatradet\"}) { ...related } }
             fragment related on Group { relations { kind group { slug } sources { unclear }
                target { ... on Group { slug } ... on Organisation { slug kind } } } }",
        )
        .await;
    let from = "energikontorets-styrgrupp";
    assert_eq!(all(&answer, "styr.relations.*.kind"), ["SERVES", "SERVES"]);
    assert_eq!(all(&answer, "styr.relations.*.group.slug"), [from, from]);
    let mut targets = all(&answer, "styr.relations.*.target.slug");
    targets.sort();
    assert_eq!(targets, ["energikontoret", "klimatradet"]);
    assert!(all(&answer, "styr.relations.*.target.kind").contains(&"UNIT".to_owned()));
    assert_eq!(all(&answer, "klimat.relations.*.group.slug"), [from]);
    assert_eq!(all(&answer, "klimat.relations.*.target.slug"), ["klimatradet"]);
}

#[tokio::test]
async fn the_groups_of_the_documents_have_the_parts_that_the_documents_name() {
    let public = TestApp::demo().await.public();
    let answer = public
        .ask(
            r#"{ college: group(by: {slug: "vard-och-omsorgscollege"}) { subgroups { totalCount nodes { slug parent { slug } } } }
                 run: group(by: {slug: "run"}) { organisations { totalCount nodes { slug } } }
                 chefer: group(by: {slug: "kommunchefgruppen"}) {
                    seats(filter: {roles: [MEMBER]}) { totalCount nodes { fill organisation { slug } position { title } } }
                    contacts { role contactPoints { kind } } } }"#,
        )
        .await;
    let styrgrupper = ["vo-c-lokal-styrgrupp-2", "vo-c-lokal-styrgrupp-1", "vo-c-regional-styrgrupp"];
    assert_eq!(all(&answer, "college.subgroups.nodes.*.slug"), styrgrupper);
    assert_eq!(answer["college"]["subgroups"]["totalCount"], 3);
    let municipalities = ["berg", "bracke", "harjedalen", "krokom", "ragunda", "stromsund", "are", "ostersund"];
    let run = all(&answer, "run.organisations.nodes.*.slug");
    assert_eq!(answer["run"]["organisations"]["totalCount"], run.len());
    assert_eq!(run.iter().filter(|slug| municipalities.contains(&slug.as_str())).count(), 8);
    for member in ["mittuniversitetet-lararutbildningen", "specialpedagogiska-skolmyndigheten"] {
        assert!(run.iter().any(|slug| slug == member), "{run:?}");
    }
    assert_eq!(all(&answer, "chefer.seats.nodes.*.organisation.slug"), municipalities);
    assert_eq!(all(&answer, "chefer.seats.nodes.*.fill"), ["EX_OFFICIO"; 8]);
    assert_eq!(all(&answer, "chefer.seats.nodes.*.position.title"), ["kommunchef"; 8]);
    assert_eq!(all(&answer, "chefer.contacts.*.role"), ["CONVENER"]);
    assert!(!all(&answer, "chefer.contacts.*.contactPoints.*.kind").is_empty());
}
