//! Agreements: who is party to what, until when, under which diary number, and what it asks of whom.

mod changes;
mod parties;

use serde_json::{Value, json};

use crate::support::{Client, TestApp, all};

async fn agreement(client: &Client, reference: &str, fields: &str) -> Value {
    let query = format!("{{ agreement(by: {{reference: {reference:?}}}) {{ {fields} }} }}");
    client.ask(&query).await["agreement"].take()
}

async fn names(client: &Client, filter: &str) -> Vec<String> {
    let query = format!("{{ agreements(filter: {{{filter}}}, first: 100) {{ nodes {{ name }} }} }}");
    all(&client.ask(&query).await, "agreements.nodes.*.name")
}

#[tokio::test]
async fn who_has_given_notice_is_party_until_they_leave() {
    let app = TestApp::demo().await;
    let fields =
        "name references parties { organisation { slug } description period { lastDay state } notice { from until } }";
    let zappa = agreement(&app.public(), "RUN/659/2016", fields).await;
    assert_eq!((&zappa["name"], &zappa["references"]), (&json!("Skol IT Zappa Zonline"), &json!(["RUN/659/2016"])));
    let leaving = json!({
        "organisation": { "slug": "ostersund" }, "description": null, "period": { "lastDay": "2020-12-31", "state": "PAST" },
        "notice": { "from": "2019-01-01", "until": "2020-01-01" },
    });
    assert!(zappa["parties"].as_array().expect("parties").contains(&leaving), "{zappa:#}");
    // Letters and spaces around it make no difference; what is no reference names nothing.
    assert_eq!(agreement(&app.public(), " run/659/2016", "name").await["name"], zappa["name"]);
    for nothing in ["RUN/1/1900", "", "RUN", "x' OR 1=1"] {
        assert_eq!(agreement(&app.public(), nothing, "name").await, Value::Null, "{nothing}");
    }
    let noticed = "noticed: {from: \"2019-01-01\", until: \"2020-01-01\"}";
    assert_eq!(names(&app.public(), noticed).await, ["Skol IT Zappa Zonline"]);
    assert!(names(&app.public(), "noticed: {from: \"2020-01-01\", until: \"2021-01-01\"}").await.is_empty());
}

#[tokio::test]
async fn agreements_are_found_by_what_is_known_of_them() {
    let app = TestApp::demo().await;
    let client = app.public();
    let vo_c = "Avtal om Vård- och omsorgscollege i Jämtlands län";
    assert_eq!(names(&client, "ending: {from: \"2023-01-01\", until: \"2024-01-01\"}").await, [vo_c]);
    assert_eq!(
        names(&client, "ending: {from: \"2023-07-01\", until: \"2024-01-01\"}").await,
        [""; 0],
        "it ended in June"
    );
    assert_eq!(names(&client, "ending: {from: \"2023-06-30\", until: \"2023-07-01\"}").await, [vo_c]);
    assert_eq!(
        names(&client, "during: {from: \"2020-01-01\", until: \"2020-01-02\"}, text: \"omsorgscollege\"").await,
        [vo_c]
    );
    assert!(!names(&client, "").await.contains(&vo_c.to_owned()), "without a word about time, those that hold");
    assert_eq!(names(&client, "reference: \"RUN/423/2019\"").await, ["Föreningsarkivet"]);
    let query = "{ organisation(by: {slug: \"foreningsarkivet\"}) { id } group(by: {slug: \"fastighetsnatverket\"}) { id agreements { nodes { name } } }
        agreement(by: {reference: \"RUN/504/2018\"}) { references parent { id children { nodes { name } } } } }";
    let found = client.ask(query).await;
    assert_eq!(names(&client, &format!("party: {}", found["organisation"]["id"])).await, ["Föreningsarkivet"]);
    assert_eq!(names(&client, &format!("group: {}", found["group"]["id"])).await, ["Fastighetsnätverk"]);
    assert_eq!(all(&found, "group.agreements.nodes.*.name"), ["Fastighetsnätverk"]);
    assert_eq!(all(&found, "agreement.references.*"), ["RUN/504/2018", "RUN/423/2019"]);
    assert_eq!(all(&found, "agreement.parent.children.nodes.*.name"), ["Föreningsarkivet"]);
    assert_eq!(names(&client, &format!("parent: {}", found["agreement"]["parent"]["id"])).await, ["Föreningsarkivet"]);
    let found = client
        .ask("{ search(text: \"zonline\", types: [AGREEMENT]) { nodes { ... on Agreement { name references } } } }")
        .await;
    assert_eq!(found["search"]["nodes"], json!([{ "name": "Skol IT Zappa Zonline", "references": ["RUN/659/2016"] }]));
}

#[tokio::test]
async fn an_organisation_tells_what_it_is_party_to_and_an_agreement_what_it_asks() {
    let app = TestApp::demo().await;
    let query = "{ organisation(by: {slug: \"bracke\"}) { agreements { nodes { name } } ever: agreements(states: [PAST, CURRENT]) { totalCount } }
        agreement(by: {reference: \"RUN/658/2017\"}) { parties { organisation { slug } description number }
            assignments { totalCount nodes { name owner { __typename ... on Organisation { slug } } agreement { name } } } } }";
    let found = app.public().ask(query).await;
    assert_eq!(found["organisation"]["agreements"]["nodes"].as_array().map(Vec::len), Some(1));
    assert_eq!(found["organisation"]["ever"]["totalCount"], 2);
    let described = json!({ "organisation": null, "description": "sex av länets kommuner", "number": 6 });
    assert!(found["agreement"]["parties"].as_array().expect("parties").contains(&described));
    let assigned = json!([{
        "name": "Att samordna den kommunala energi- och klimatrådgivningen", "owner": { "__typename": "Organisation", "slug": "energikontoret" },
        "agreement": { "name": "Överenskommelse kommunal Energi- och klimatrådgivning" },
    }]);
    assert_eq!(found["agreement"]["assignments"], json!({ "totalCount": 1, "nodes": assigned }));
}

const KROKOM: &str = "
[[organisation]]
key = \"krokom\"
name = \"Krokoms kommun\"
kind = \"MUNICIPALITY\"
from = \"2000-01-01\"
[[organisation]]
key = \"bracke\"
name = \"Bräcke kommun\"
kind = \"MUNICIPALITY\"
";

fn agreed(more: &str) -> String {
    format!(
        "{KROKOM}\n[[agreement]]\nkey = \"a\"\nname = \"Avtal\"\nfrom = \"2010-01-01\"\nuntil = \"2020-01-01\"\n{more}"
    )
}

#[tokio::test]
async fn what_an_agreement_cannot_be_is_refused_with_why() {
    for (wrong, why) in [
        ("parties = [{ organisation = \"krokom\", from = \"2009-01-01\" }]", "only while it holds"),
        ("parties = [{ organisation = \"krokom\", from = \"2015-01-01\", until = \"2015-01-01\" }]", "parties.until"),
        ("parties = [{ organisation = \"krokom\", until = \"2015-01-01\", notice = \"2016\" }]", "joined and not left"),
        (
            "parties = [{ organisation = \"krokom\" }, { organisation = \"krokom\", from = \"2015-01-01\" }]",
            "party to the agreement already",
        ),
        ("parties = [{ from = \"2015-01-01\" }]", "parties.organisation"),
        ("parties = [{ organisation = \"nobody\" }]", "there is no organisation"),
        ("references = [\"RUN\"]", "references"),
        ("references = [\"RUN/1/2010\", \"run/1/2010\"]", "reference"),
        ("parent = \"a\"", "circle"),
    ] {
        let app = TestApp::empty().await;
        let problems = app.load(&agreed(wrong)).await.expect_err(wrong).join("\n");
        assert!(problems.contains(why), "{wrong}: {problems}");
    }
    let taken = agreed(
        "references = [\"RUN/1/2010\"]\n[[agreement]]\nkey = \"b\"\nname = \"Annat\"\nreferences = [\"RUN/1/2010\"]",
    );
    let problems = TestApp::empty().await.load(&taken).await.expect_err("a reference twice").join("\n");
    assert!(problems.contains("something else has this reference"), "{problems}");
}

#[tokio::test]
async fn an_agreement_is_seen_by_its_audience_and_by_who_is_party_to_it() {
    let hidden =
        "audience = \"COORDINATORS\"\nreferences = [\"RUN/1/2010\"]\nparties = [{ organisation = \"krokom\" }]";
    let app = TestApp::of(&agreed(hidden)).await;
    let query = "{ agreement(by: {reference: \"RUN/1/2010\"}) { name }
        agreements(filter: {during: {from: \"2015-01-01\", until: \"2016-01-01\"}}) { totalCount } }";
    let seen = json!({ "agreement": { "name": "Avtal" }, "agreements": { "totalCount": 1 } });
    let unseen = json!({ "agreement": null, "agreements": { "totalCount": 0 } });
    let (krokom, bracke) = (app.representative("krokom").await, app.representative("bracke").await);
    for (client, sees) in [(app.public(), &unseen), (bracke, &unseen), (krokom, &seen), (app.administrator(), &seen)] {
        assert_eq!(client.ask(query).await, *sees);
    }
}

async fn parties(client: &Client) -> Value {
    let fields = "version parties { organisation { slug } period { from until } }";
    agreement(client, "RUN/1/2010", fields).await
}

async fn organisation(client: &Client, slug: &str) -> Value {
    client.ask(&format!("{{ organisation(by: {{slug: {slug:?}}}) {{ id version }} }}")).await["organisation"].take()
}

fn party(slug: &str, from: &str, until: &str) -> Value {
    json!({ "organisation": { "slug": slug }, "period": { "from": from, "until": until } })
}

#[tokio::test]
async fn what_an_organisation_is_party_to_ends_with_it_or_passes_to_whom_it_merges_into() {
    let agreed = "\n[[agreement]]\nkey = \"a\"\nname = \"Avtal\"\nfrom = \"2010-01-01\"\nuntil = \"2040-01-01\"
        references = [\"RUN/1/2010\"]\nparties = [{ organisation = \"krokom\" }]\n";
    let app = TestApp::of(&format!("{KROKOM}{agreed}")).await;
    let admin = app.administrator();
    let (krokom, bracke) = (organisation(&admin, "krokom").await, organisation(&admin, "bracke").await);
    let merged = json!({
        "organisations": [{ "organisation": krokom["id"], "expectedVersion": krokom["version"] }],
        "into": bracke["id"], "expectedVersion": bracke["version"], "on": "2027-01-01",
    });
    admin.done("mergeOrganisations", merged, "organisation { id }").await;
    let now = parties(&admin).await;
    assert_eq!(
        now,
        json!({
            "version": 2,
            "parties": [party("krokom", "2010-01-01", "2027-01-01"), party("bracke", "2027-01-01", "2040-01-01")],
        })
    );
    let bracke = organisation(&admin, "bracke").await;
    let closed = json!({ "organisation": bracke["id"], "expectedVersion": bracke["version"], "until": "2030-01-01" });
    admin.done("closeOrganisation", closed, "organisation { id }").await;
    assert_eq!(parties(&admin).await["parties"][1], party("bracke", "2027-01-01", "2030-01-01"));
}
