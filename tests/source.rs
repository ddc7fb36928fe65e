//! Sources: where everything was taken from, and what the documents leave unclear.

mod documents;

use serde_json::{Value, json};

use samverkan::{demo, domain};

use crate::support::{Client, TestApp, all};

/// The sources of a group, as (quote, unclear) pairs.
async fn of_group(slug: &str) -> Vec<(String, bool, String)> {
    let query = format!(
        "{{ group(by: {{slug: \"{slug}\"}}) {{ sources {{ quote unclear note document {{ slug title }} }} }} }}"
    );
    let answer = TestApp::demo().await.public().ask(&query).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let sources = answer["group"]["sources"].as_array().cloned().unwrap_or_default();
    sources.iter().map(|source| (text(&source["quote"]), source["unclear"] == true, text(&source["note"]))).collect()
}

#[tokio::test]
async fn larcentrums_fourth_municipality_is_quoted_as_it_stands_and_flagged() {
    let sources = of_group("larcentrum-ledningsgrupp").await;
    let (quote, unclear, note) = &sources[0];
    assert!(quote.ends_with("rektorer från 4 kommuner, Östersund, Krokom, Åre och Östersund"), "{quote}");
    assert!(*unclear && note.contains("Östersund nämns två gånger"), "{note}");
    let seats = r#"{ group(by: {slug: "larcentrum-ledningsgrupp"}) { seats(filter: {roles: [MEMBER]}) { nodes { organisation { name } description sources { unclear } } } } }"#;
    let answer = TestApp::demo().await.public().ask(seats).await;
    let seats = &answer["group"]["seats"];
    assert_eq!(all(seats, "nodes.*.organisation.name"), ["Östersunds kommun", "Krokoms kommun", "Åre kommun", "null"]);
    assert!(all(seats, "nodes.*.sources.*.unclear").iter().all(|unclear| unclear == "true"));
}

#[tokio::test]
async fn whether_the_regions_samverkansrad_is_the_primarkommunala_is_left_open() {
    for slug in ["regionens-samverkansrad", "samverkansradet"] {
        let open = of_group(slug)
            .await
            .into_iter()
            .find(|(quote, ..)| quote.starts_with("Enligt beslut i Regionens samverkansråd"));
        let (_, unclear, note) = open.expect(slug);
        assert!(unclear && !note.is_empty(), "{slug}");
    }
}

#[tokio::test]
async fn run_the_network_is_told_from_run_the_diary_series() {
    let sources = of_group("run").await;
    let series = sources.iter().find(|(quote, ..)| quote == "Dnr: RUN/659/2016").expect("the diary series");
    assert!(series.1 && series.2.contains("diarieserie"), "{series:?}");
    let answer = TestApp::demo()
        .await
        .public()
        .ask(r#"{ group(by: {slug: "run"}) { shortName sources { document { title date publisher } } } }"#)
        .await;
    assert_eq!(answer["group"]["shortName"], "RUN");
    assert_eq!(answer["group"]["sources"][0]["document"]["date"], "2020-02-17");
    assert_eq!(answer["group"]["sources"][0]["document"]["publisher"], "Region Jämtland Härjedalen");
}

#[tokio::test]
async fn what_stands_in_no_document_says_so() {
    let query =
        r#"{ organisation(by: {slug: "region-jamtland-harjedalen"}) { sources { document { slug } note quote } } }"#;
    let answer = TestApp::demo().await.public().ask(query).await;
    let known = answer["organisation"]["sources"].as_array().into_iter().flatten();
    let known: Vec<_> = known.filter(|source| source["document"]["slug"] == "allmant-kant").collect();
    assert_eq!(known.len(), 1);
    assert!(known[0]["note"].as_str().is_some_and(|note| note.starts_with("Regionen bildades 2015-01-01")));
    assert!(known[0]["quote"].is_null());
}

/// All rows of a list at the root, page by page.
async fn rows(client: &Client, field: &str, arguments: &str, node: &str) -> Vec<Value> {
    let (mut rows, mut after) = (Vec::new(), Value::Null);
    loop {
        let query = format!(
            "query ($after: String) {{ list: {field}({arguments} first: 40, after: $after) {{ nodes {{ {node} sources {{ quote note unclear }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let answer = client.ask_with(&query, json!({ "after": after })).await;
        rows.extend(answer["list"]["nodes"].as_array().cloned().unwrap_or_default());
        after = answer["list"]["pageInfo"]["endCursor"].clone();
        if answer["list"]["pageInfo"]["hasNextPage"] != true {
            return rows;
        }
    }
}

#[tokio::test]
async fn everything_in_the_real_data_has_a_source_and_what_is_unclear_says_why() {
    let app = TestApp::empty().await;
    let files = demo::DIRECTORY.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    assert!(domain::load::files(&app.app, files).await.is_ok());
    let client = app.seeing(entity::values::Audience::SignedIn);
    let ever = "filter: {states: [FUTURE, CURRENT, PAST]},";
    for (field, arguments, node, at_least) in [
        ("groups", ever, "slug", 30),
        ("organisations", ever, "slug", 50),
        ("seats", ever, "id group { slug } organisation { slug } role", 100),
        ("people", "", "name", 3),
        ("meetings", "between: {from: \"2000-01-01\", until: \"2100-01-01\"},", "title", 2),
    ] {
        let rows = rows(&client, field, arguments, node).await;
        assert!(rows.len() >= at_least, "{field}: {}", rows.len());
        for row in rows {
            let sources = row["sources"].as_array().expect("sources");
            assert!(!sources.is_empty(), "{field} without a source: {row}");
            let says = |source: &Value| {
                source["note"].is_string() || (source["unclear"] == false && source["quote"].is_string())
            };
            assert!(sources.iter().all(says), "{field}: unclear without a reason, or neither quote nor note: {row}");
        }
    }
}

#[tokio::test]
async fn the_real_data_alone_names_no_fictional_holder() {
    let app = TestApp::empty().await;
    let files = demo::DIRECTORY.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    assert!(domain::load::files(&app.app, files).await.is_ok());
    let client = app.seeing(entity::values::Audience::Administrators);
    let query = "{ people { nodes { name } } memberships(filter: {states: [FUTURE, CURRENT, PAST]}) { totalCount } }";
    let answer = client.ask(query).await;
    assert_eq!(all(&answer, "people.nodes.*.name"), ["Anders Byström", "Susanne Edfeldt Sjöling", "Marina Gregorsson"]);
    assert_eq!(answer["memberships"]["totalCount"], 0);
}
