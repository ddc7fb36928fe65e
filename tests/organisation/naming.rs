//! Renaming: one name on every day.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use samverkan::db::Sql;
use serde_json::{Value, json};

use super::world::{WORLD, about, uuid};
use crate::support::TestApp;

async fn rename(app: &TestApp, slug: &str, more: Value) -> Value {
    app.administrator()
        .done(
            "renameOrganisation",
            about(app, slug, more).await,
            "organisation { name shortName version } change { verb }",
        )
        .await
}

async fn name_on(app: &TestApp, slug: &str, day: &str) -> Value {
    let query = format!("{{ organisation(by: {{slug: \"{slug}\"}}, asOf: \"{day}\") {{ name shortName }} }}");
    let found = app.public().ask(&query).await;
    json!([found["organisation"]["name"], found["organisation"]["shortName"]])
}

#[tokio::test]
async fn each_side_of_the_day_has_its_name() {
    let app = TestApp::of(WORLD).await;
    let today = rename(&app, "bracke", json!({ "name": "Nya Bräcke" })).await;
    assert_eq!(today["organisation"], json!({ "name": "Nya Bräcke", "shortName": null, "version": 2 }));
    rename(&app, "bracke", json!({ "name": "Framtidens Bräcke", "shortName": "FB", "from": "2030-01-01" })).await;
    // In the past, in front of a later name: exactly the days until that.
    rename(&app, "bracke", json!({ "name": "Gamla Bräcke", "from": "2000-01-01" })).await;
    for (day, name, short) in [
        ("1999-12-31", "Bräcke kommun", json!("Bräcke")),
        ("2000-01-01", "Gamla Bräcke", json!(null)),
        ("2026-11-20", "Gamla Bräcke", json!(null)),
        ("2026-11-21", "Nya Bräcke", json!(null)),
        ("2029-12-31", "Nya Bräcke", json!(null)),
        ("2030-01-01", "Framtidens Bräcke", json!("FB")),
    ] {
        assert_eq!(name_on(&app, "bracke", day).await, json!([name, short]), "{day}");
    }
    let found = app.public().ask(r#"{ search(text: "framtidens", asOf: "2031-01-01") { totalCount } }"#).await;
    assert_eq!(found["search"]["totalCount"], 1);
}

#[tokio::test]
async fn a_correction_begins_no_new_name() {
    let app = TestApp::of(WORLD).await;
    rename(&app, "bracke", json!({ "name": "Nya Bräke", "shortName": "NB", "from": "2020-01-01" })).await;
    rename(&app, "bracke", json!({ "name": "Nya Bräcke", "correction": true })).await;
    assert_eq!(name_on(&app, "bracke", "2020-01-01").await, json!(["Nya Bräcke", "NB"]));
    // On the day on which the name began.
    rename(&app, "bracke", json!({ "name": "Bräcke", "shortName": null, "from": "2020-01-01" })).await;
    assert_eq!(name_on(&app, "bracke", "2020-01-01").await, json!(["Bräcke", null]));
    assert_eq!(name_on(&app, "bracke", "2019-12-31").await, json!(["Bräcke kommun", "Bräcke"]));
    // The first name begins with the organisation.
    rename(&app, "nya", json!({ "name": "Nyast", "from": "2020-01-01" })).await;
    let names = app.public().ask(r#"{ organisation(by: {slug: "nya"}) { names { name } } }"#).await;
    assert_eq!(names["organisation"]["names"], json!([{ "name": "Nyast" }]));
    let same = rename(&app, "nya", json!({ "name": "Nyast", "from": "2025-01-01" })).await;
    assert_eq!(same["change"], Value::Null, "it has this name already");
}

#[tokio::test]
async fn a_name_begins_while_the_organisation_exists() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    for day in ["2019-12-31", "1950-01-01"] {
        let error =
            client.refused("renameOrganisation", about(&app, "nya", json!({ "name": "X", "from": day })).await).await;
        assert_eq!((&error["rule"], &error["path"]), (&json!("NAME_OUTSIDE_ORGANISATION"), &json!(["input", "from"])));
    }
    client.done("closeOrganisation", about(&app, "nya", json!({ "until": "2025-01-01" })).await, "change { id }").await;
    let late = about(&app, "nya", json!({ "name": "X" })).await;
    assert_eq!(client.refused("renameOrganisation", late).await["rule"], "NAME_OUTSIDE_ORGANISATION");
    rename(&app, "nya", json!({ "name": "Rättad", "correction": true })).await;
    assert_eq!(name_on(&app, "nya", "2024-01-01").await[0], "Rättad");
    let stale = json!({ "organisation": super::world::id(&app, "nya").await, "expectedVersion": 1, "name": "X" });
    assert_eq!(client.refused("renameOrganisation", stale).await["__typename"], "VersionConflict");
}

/// Renames on random days, some of them corrections; on every day the name is what a list of days and names says.
#[test]
fn random_renames_leave_exactly_one_name_on_every_day() {
    let renames = proptest::collection::vec((0u64..60, 0u8..6, prop::bool::weighted(0.3)), 1..12);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let app = runtime.block_on(TestApp::of(WORLD));
    let mut runner = TestRunner::new(Config { cases: 8, failure_persistence: None, ..Config::default() });
    runner
        .run(&renames, |renames| {
            runtime.block_on(all_days(&app, &renames));
            Ok(())
        })
        .expect("one name on every day");
}

async fn all_days(app: &TestApp, renames: &[(u64, u8, bool)]) {
    let start = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day");
    let made = app
        .administrator()
        .done("createOrganisation", json!({ "kind": "OTHER", "name": "N", "slug": "n" }), "organisation { id }")
        .await;
    // Each day with its name and which one that is; the first stands for all before.
    let mut days = vec![(0, "N".to_owned()); 62];
    for (turn, (day, name, correction)) in (1..).zip(renames) {
        let name = format!("N{name}");
        let at = usize::try_from(*day).expect("a day") + 1;
        let held = days[at].clone();
        let first = days.iter().position(|other| other.0 == held.0).expect("a day");
        if *correction || first == at {
            days.iter_mut().filter(|other| other.0 == held.0).for_each(|other| other.1.clone_from(&name));
        } else if held.1 != name {
            days[at..].iter_mut().filter(|other| other.0 == held.0).for_each(|other| *other = (turn, name.clone()));
        }
        let from = start.checked_add_days(Days::new(*day)).expect("a day").to_string();
        rename(app, "n", json!({ "name": name, "from": from, "correction": correction })).await;
    }
    let id = uuid(&made["organisation"]["id"]);
    let sql = "SELECT name, valid_from, valid_until, organisation_id FROM organisation_name ORDER BY valid_from";
    let rows = app.app.db.query(Sql::text(sql)).await.expect("names");
    let names: Vec<(String, NaiveDate, NaiveDate)> = rows
        .iter()
        .filter(|row| row.try_get_by_index::<uuid::Uuid>(3).expect("an id") == id)
        .map(|row| {
            (
                row.try_get_by_index(0).expect("a name"),
                row.try_get_by_index(1).expect("a day"),
                row.try_get_by_index(2).expect("a day"),
            )
        })
        .collect();
    for (place, (_, expected)) in days.iter().enumerate() {
        let day = start
            .checked_add_days(Days::new(u64::try_from(place).expect("a day")))
            .and_then(|day| day.pred_opt())
            .expect("a day");
        let held: Vec<&String> =
            names.iter().filter(|(_, from, until)| *from <= day && day < *until).map(|(name, ..)| name).collect();
        assert_eq!(held, [expected], "{day} {renames:?}");
    }
    assert_eq!(
        (names[0].1.to_string(), names[names.len() - 1].2.to_string()),
        ("0001-01-01".to_owned(), "9999-12-31".to_owned())
    );
    let away = json!({ "slug": format!("n-{}", id.simple()) });
    app.administrator().done("updateOrganisation", about(app, "n", away).await, "change { id }").await;
}
