//! Organisations: their names and numbers through time, their units, and who sits where for them.

mod changes;
mod closing;
mod merging;
mod naming;
mod world;

use serde_json::json;

use crate::support::{TestApp, all};

const TWO_WITH_A_NUMBER: &str = r#"
[[organisation]]
key = "old"
kind = "MUNICIPAL_ASSOCIATION"
name = "Det gamla förbundet"
organisationNumber = "222000-1990"
until = "2015-01-01"
successor = "new"
[[organisation]]
key = "new"
kind = "MUNICIPAL_ASSOCIATION"
organisationNumber = "2220001990"
from = "2015-01-01"
names = [
  { name = "Det nya förbundet", shortName = "DNF", until = "2020-07-01" },
  { name = "Det nyaste förbundet", from = "2020-07-01" },
]
[[organisation]]
key = "unit"
kind = "UNIT"
name = "Enheten"
parent = "new"
[[organisation]]
key = "room"
kind = "UNIT"
name = "Rummet"
parent = "unit"
"#;

#[tokio::test]
async fn an_organisation_is_found_by_id_slug_number_and_municipality_code() {
    let app = TestApp::demo().await;
    let client = app.public();
    let answer = client.ask(r#"{ organisation(by: {slug: "bracke"}) { id name } }"#).await;
    let id = all(&answer, "organisation.id").remove(0);
    for by in [
        format!("id: \"{id}\""),
        "organisationNumber: \"212000-2460\"".to_owned(),
        "organisationNumber: \"2120002460\"".to_owned(),
        "municipalityCode: \"2305\"".to_owned(),
    ] {
        assert_eq!(client.ask(&format!("{{ organisation(by: {{{by}}}) {{ id name }} }}")).await, answer, "{by}");
    }
    for by in [
        "slug: \"Bracke\"",
        "organisationNumber: \"212000-2461\"",
        "organisationNumber: \"\"",
        "municipalityCode: \"305\"",
    ] {
        let answer = client.ask(&format!("{{ organisation(by: {{{by}}}) {{ id }} }}")).await;
        assert_eq!(answer, json!({ "organisation": null }), "{by}");
    }
}

#[tokio::test]
async fn of_two_that_had_a_number_the_one_of_the_day_is_found() {
    let app = TestApp::of(TWO_WITH_A_NUMBER).await;
    let client = app.public();
    for (day, slug) in [("2014-12-31", "old"), ("2015-01-01", "new"), ("2026-01-01", "new"), ("1999-01-01", "old")] {
        for number in ["222000-1990", "2220001990"] {
            let query = format!(
                "{{ organisation(by: {{organisationNumber: \"{number}\"}}, asOf: \"{day}\") {{ slug organisationNumber }} }}"
            );
            let answer = client.ask(&query).await;
            assert_eq!(answer["organisation"], json!({ "slug": slug, "organisationNumber": "222000-1990" }), "{day}");
        }
    }
}

#[tokio::test]
async fn a_name_holds_for_its_time() {
    let app = TestApp::of(TWO_WITH_A_NUMBER).await;
    let client = app.public();
    for (as_of, name, short) in [
        ("", "Det nyaste förbundet", json!(null)),
        (", asOf: \"2020-06-30\"", "Det nya förbundet", json!("DNF")),
        (", asOf: \"2020-07-01\"", "Det nyaste förbundet", json!(null)),
        (", asOf: \"1950-01-01\"", "Det nya förbundet", json!("DNF")),
    ] {
        let query = format!(
            "{{ organisation(by: {{slug: \"new\"}}{as_of}) {{ name shortName units {{ nodes {{ parent {{ name }} }} }} }} }}"
        );
        let organisation = client.ask(&query).await["organisation"].take();
        assert_eq!((&organisation["name"], &organisation["shortName"]), (&json!(name), &short), "{as_of}");
        assert_eq!(all(&organisation, "units.nodes.*.parent.name"), [name], "{as_of}");
    }
    let names = client
        .ask(r#"{ organisation(by: {slug: "new"}) { names { name period { from until lastDay state } } } }"#)
        .await;
    assert_eq!(
        names["organisation"]["names"],
        json!([
            { "name": "Det nya förbundet", "period": { "from": "2015-01-01", "until": "2020-07-01", "lastDay": "2020-06-30", "state": "PAST" } },
            { "name": "Det nyaste förbundet", "period": { "from": "2020-07-01", "until": null, "lastDay": null, "state": "CURRENT" } },
        ])
    );
}

#[tokio::test]
async fn the_region_succeeded_the_regional_association_in_2015() {
    let app = TestApp::demo().await;
    let query = r#"{
        region: organisation(by: {slug: "region-jamtland-harjedalen"}) { name period { from } predecessors { name period { until lastDay } sources { note } } }
        before: organisation(by: {slug: "regionforbundet-jamtlands-lan"}) { period { state } successor { slug } sources { document { slug } note } }
    }"#;
    let answer = app.public().ask(query).await;
    assert_eq!(answer["region"]["period"]["from"], "2015-01-01");
    assert_eq!(
        all(&answer, "region.predecessors.*.name"),
        ["Jämtlands läns landsting", "Regionförbundet Jämtlands län"]
    );
    assert_eq!(all(&answer, "region.predecessors.*.period.lastDay"), ["2014-12-31", "2014-12-31"]);
    assert_eq!(answer["before"]["successor"]["slug"], "region-jamtland-harjedalen");
    assert_eq!(answer["before"]["period"]["state"], "PAST");
    let known = answer["before"]["sources"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|source| source["document"]["slug"] == "allmant-kant");
    assert_eq!(known.map(|source| &source["note"]), Some(&json!("Uppgick i Region Jämtland Härjedalen 2015-01-01.")));
}

#[tokio::test]
async fn brackes_representation_says_who_sits_where_as_what_and_until_when() {
    let app = TestApp::demo().await;
    let query = r#"{ organisation(by: {slug: "bracke"}) { representation(first: 100) { totalCount nodes {
        role group { slug } person { name } onBehalfOf { slug } seat { organisation { slug } } period { until state }
    } } } }"#;
    let answer = app.public().ask(query).await;
    let sits = &answer["organisation"]["representation"];
    let rows = sits["nodes"].as_array().expect("memberships");
    let of: Vec<_> = rows.iter().filter(|row| row["group"]["slug"] == "samverkansradet").collect();
    assert!(
        !of.is_empty() && of.iter().all(|row| row["role"] == "MEMBER" && row["period"]["until"].is_string()),
        "{of:#?}"
    );
    assert!(rows.iter().all(|row| row["period"]["state"] == "CURRENT" && row["onBehalfOf"]["slug"] == "bracke"));
    let mut groups = all(sits, "nodes.*.group.slug");
    groups.dedup();
    let mut distinct = groups.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(groups.len(), distinct.len(), "by group");
    assert_eq!(groups, ["buz", "fou-radet", "kommunchefgruppen", "samverkansradet", "run", "socsam", "svom"]);
}

#[tokio::test]
async fn brackes_vacant_seats_say_since_when() {
    let app = TestApp::demo().await;
    let query =
        r#"{ organisation(by: {slug: "bracke"}) { vacantSeats { nodes { group { slug } vacantSince state } } } }"#;
    let answer = app.public().ask(query).await;
    let seats = &answer["organisation"]["vacantSeats"];
    let groups = ["barnarenan", "demonstrationsnatverket", "nitus", "samverkansradet", "vagen-till-arbete"];
    assert_eq!(all(seats, "nodes.*.group.slug"), groups);
    assert_eq!(all(seats, "nodes.*.vacantSince"), ["2025-05-01", "2020-01-01", "null", "2025-05-01", "2026-06-01"]);
    assert!(all(seats, "nodes.*.state").iter().all(|state| state == "VACANT"));
}

const SEATS_OF_UNITS: &str = r#"
[[organisation]]
key = "lender"
kind = "ASSOCIATION"
name = "Utlånaren"
[[person]]
key = "ann"
givenName = "Ann"
familyName = "Ek"
[[person]]
key = "bo"
givenName = "Bo"
familyName = "Ask"
[[group]]
key = "g"
name = "Grupp"
kind = "NETWORK"
[[group.seats]]
key = "room"
role = "MEMBER"
organisation = "room"
capacity = 2
[[group.seats]]
key = "nobody"
role = "MEMBER"
organisation = "unit"
[[group.seats]]
key = "lent"
role = "CHAIR"
organisation = "lender"
[[membership]]
seat = "g/room"
person = "ann"
from = "2020-01-01"
until = "2024-01-01"
[[membership]]
seat = "g/lent"
person = "bo"
onBehalfOf = "unit"
from = "2010-01-01"
"#;

#[tokio::test]
async fn units_count_in_representation_and_in_vacant_seats() {
    let app = TestApp::of(&format!("{TWO_WITH_A_NUMBER}{SEATS_OF_UNITS}")).await;
    let client = app.public();
    for (day, sits, vacant) in [
        ("2019-12-31", vec!["Bo Ask"], vec!["room", "unit"]),
        ("2020-01-01", vec!["Bo Ask", "Ann Ek"], vec!["room", "unit"]),
        ("2024-01-01", vec!["Bo Ask"], vec!["room", "unit"]),
    ] {
        let query = format!(
            "{{ organisation(by: {{slug: \"new\"}}, asOf: \"{day}\") {{ representation {{ nodes {{ person {{ name }} }} }} vacantSeats {{ nodes {{ organisation {{ slug }} }} }} }} }}"
        );
        let answer = client.ask(&query).await;
        assert_eq!(all(&answer, "organisation.representation.nodes.*.person.name"), sits, "{day}");
        assert_eq!(all(&answer, "organisation.vacantSeats.nodes.*.organisation.slug"), vacant, "{day}");
    }
    let whose = client
        .ask(r#"{ organisation(by: {slug: "lender"}) { representation { nodes { role onBehalfOf { slug } } } } }"#)
        .await;
    assert_eq!(
        whose["organisation"]["representation"]["nodes"],
        json!([{ "role": "CHAIR", "onBehalfOf": { "slug": "unit" } }])
    );
}

#[tokio::test]
async fn organisations_are_filtered_by_kind_parent_text_state_and_time() {
    let app = TestApp::of(TWO_WITH_A_NUMBER).await;
    let client = app.public();
    let new = all(&client.ask(r#"{ organisation(by: {slug: "new"}) { id } }"#).await, "organisation.id").remove(0);
    for (filter, slugs) in [
        ("".to_owned(), vec!["new", "unit", "room"]),
        ("kinds: [UNIT]".to_owned(), vec!["unit", "room"]),
        ("kinds: []".to_owned(), vec![]),
        (format!("parent: \"{new}\""), vec!["unit"]),
        ("text: \"NYÁSTE\"".to_owned(), vec!["new"]),
        ("text: \"dnf\"".to_owned(), vec![]),
        ("states: [PAST]".to_owned(), vec!["old"]),
        ("states: [PAST, CURRENT], kinds: [MUNICIPAL_ASSOCIATION]".to_owned(), vec!["old", "new"]),
        (
            "during: {from: \"2014-12-31\", until: \"2015-01-01\"}, kinds: [MUNICIPAL_ASSOCIATION]".to_owned(),
            vec!["old"],
        ),
        (
            "during: {from: \"2014-12-31\", until: \"2015-01-02\"}, kinds: [MUNICIPAL_ASSOCIATION]".to_owned(),
            vec!["old", "new"],
        ),
    ] {
        let answer =
            client.ask(&format!("{{ organisations(filter: {{{filter}}}) {{ totalCount nodes {{ slug }} }} }}")).await;
        assert_eq!(all(&answer, "organisations.nodes.*.slug"), slugs, "{filter}");
        assert_eq!(answer["organisations"]["totalCount"], slugs.len(), "{filter}");
    }
}

#[tokio::test]
async fn an_organisation_that_breaks_a_rule_is_refused_with_the_rule() {
    for (document, complaint) in [
        (
            "[[organisation]]\nkey = \"x\"\nkind = \"UNIT\"\nname = \"X\"\n",
            "test.toml:1: organisation.parent: is missing: a UNIT is a part of another organisation",
        ),
        (
            "[[organisation]]\nkey = \"x\"\nkind = \"OTHER\"\nname = \"X\"\norganisationNumber = \"222000-1990\"\n",
            "test.toml:1: organisation: another organisation has this number at the same time",
        ),
        (
            "[[organisation]]\nkey = \"x\"\nkind = \"OTHER\"\nname = \"X\"\norganisationNumber = \"222000-1990\"\nuntil = \"2000\"\n",
            "test.toml:1: organisation: another organisation has this number at the same time",
        ),
        (
            "[[organisation]]\nkey = \"x\"\nkind = \"OTHER\"\nname = \"X\"\nslug = \"new\"\n",
            "test.toml:1: organisation: the slug is taken",
        ),
        (
            "[[organisation]]\nkey = \"new\"\nkind = \"OTHER\"\nname = \"X\"\nparent = \"room\"\n",
            "test.toml:1: organisation: an organisation cannot be part of itself",
        ),
        (
            "[[organisation]]\nkey = \"new\"\nkind = \"OTHER\"\nname = \"X\"\nsuccessor = \"old\"\n",
            "test.toml:1: organisation: an organisation cannot succeed itself",
        ),
        (
            "[[organisation]]\nkey = \"x\"\nkind = \"OTHER\"\nnames = [{ name = \"A\", until = \"2020\" }, { name = \"B\", from = \"2021\" }]\n",
            "test.toml:1: organisation: each name of an organisation ends on the day on which the next begins",
        ),
    ] {
        let app = TestApp::of(TWO_WITH_A_NUMBER).await;
        assert_eq!(app.load(document).await, Err(vec![complaint.to_owned()]), "{document}");
    }
}
