//! Figures: what a source states, beside what is recorded and never added to it.

mod changes;
mod printed;

use serde_json::{Value, json};

use crate::support::TestApp;

async fn count(app: &TestApp, group: &str, year: i32) -> Value {
    let query =
        format!("{{ group(by: {{slug: \"{group}\"}}) {{ meetingCount(year: {year}) {{ recorded stated held }} }} }}");
    app.public().ask(&query).await["group"]["meetingCount"].take()
}

#[tokio::test]
async fn meetings_of_2019_are_those_that_the_report_states() {
    let app = TestApp::demo().await;
    for (group, recorded, stated) in [("kommunchefgruppen", 0, 6), ("samverkansradet", 1, 7), ("barnarenan", 0, 2)] {
        let expected = json!({ "recorded": recorded, "stated": stated, "held": stated });
        assert_eq!(count(&app, group, 2019).await, expected, "{group}");
    }
}

#[tokio::test]
async fn a_year_without_a_figure_is_answered_from_what_is_recorded() {
    let app = TestApp::demo().await;
    // In 2020 three of four joint days were held.
    for group in ["kommunchefgruppen", "samverkansradet"] {
        assert_eq!(count(&app, group, 2020).await, json!({ "recorded": 3, "stated": null, "held": 3 }), "{group}");
    }
    assert_eq!(count(&app, "nitus", 2019).await, json!({ "recorded": 0, "stated": null, "held": 0 }));
}

const COUNTED: &str = r#"
[[group]]
key = "g"
name = "Grupp"
kind = "NETWORK"
figures = [
  { measure = "MEETINGS_HELD", value = 5, from = "2020", lastDay = "2020" },
  { measure = "FORMAL_MEETINGS_HELD", value = 3, from = "2020", lastDay = "2020" },
  { measure = "PARTICIPANTS", value = 4600, exactness = "ABOUT", unit = "deltagare", from = "2020", lastDay = "2020" },
  { measure = "FORMAL_MEETINGS_HELD", value = 2, from = "2021", lastDay = "2021" },
  { measure = "MEETINGS_HELD", value = 40, from = "2010", lastDay = "2019" },
  { measure = "MEETINGS_HELD", value = 0, from = "2022", lastDay = "2022", note = "Inga." },
]
[[meeting]]
key = "held"
state = "HELD"
sittings = [
  { starts = "2020-03-02T09:00", ends = "2020-03-02T10:00", groups = ["g"] },
  { starts = "2020-03-02T10:00", ends = "2020-03-02T11:00", groups = ["g"] },
]
[[meeting]]
key = "inside"
kind = "INTERNAL"
state = "HELD"
sittings = [{ starts = "2020-12-31T23:30", ends = "2021-01-01T00:30", groups = ["g"] }]
[[meeting]]
key = "planned"
sittings = [{ starts = "2020-05-02T09:00", ends = "2020-05-02T10:00", groups = ["g"] }]
[[meeting]]
key = "cancelled"
state = "CANCELLED"
sittings = [{ starts = "2020-06-02T09:00", ends = "2020-06-02T10:00", groups = ["g"] }]
[[meeting]]
key = "next-year"
state = "HELD"
sittings = [{ starts = "2021-01-01T00:30", ends = "2021-01-01T01:00", groups = ["g"] }]
[[meeting]]
key = "in-2022"
state = "HELD"
sittings = [{ starts = "2022-05", groups = ["g"] }]
"#;

#[tokio::test]
async fn only_held_meetings_of_the_year_in_stockholm_are_recorded_and_figures_stand_beside_them() {
    let app = TestApp::of(COUNTED).await;
    for (year, recorded, stated, held) in [
        (2019, 0, json!(null), 0),
        (2020, 2, json!(5), 5),
        (2021, 1, json!(2), 2),
        (2022, 1, json!(0), 0),
        (2023, 0, json!(null), 0),
    ] {
        let expected = json!({ "recorded": recorded, "stated": stated, "held": held });
        assert_eq!(count(&app, "g", year).await, expected, "{year}");
    }
}

#[tokio::test]
async fn a_year_outside_the_calendar_is_refused() {
    let app = TestApp::of(COUNTED).await;
    for year in [1899, 2200, -1, i32::MAX, i32::MIN] {
        for field in ["meetingCount(year: YEAR) { held }", "figures(year: YEAR) { totalCount }"] {
            let query = format!("{{ group(by: {{slug: \"g\"}}) {{ {} }} }}", field.replace("YEAR", &year.to_string()));
            assert_eq!(app.public().code(&query).await, "INVALID_YEAR", "{query}");
        }
    }
}

#[tokio::test]
async fn figures_of_a_year_are_those_whose_period_lies_in_it() {
    let app = TestApp::of(COUNTED).await;
    let client = app.public();
    for (argument, values) in [
        ("", vec![40, 5, 3, 4600, 2, 0]),
        ("(year: 2020)", vec![5, 3, 4600]),
        ("(year: 2021)", vec![2]),
        ("(year: 2015)", vec![]),
    ] {
        let query =
            format!("{{ group(by: {{slug: \"g\"}}) {{ figures{argument} {{ totalCount nodes {{ value }} }} }} }}");
        let figures = client.ask(&query).await["group"]["figures"].take();
        let mut found: Vec<i64> =
            figures["nodes"].as_array().into_iter().flatten().filter_map(|f| f["value"].as_i64()).collect();
        let mut expected = values.clone();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{argument}");
        assert_eq!(figures["totalCount"], values.len(), "{argument}");
    }
}

#[tokio::test]
async fn a_figure_says_what_it_counts_how_exactly_and_when() {
    let app = TestApp::of(COUNTED).await;
    let query = r#"{ group(by: {slug: "g"}) { figures(year: 2020) { nodes {
        measure value unit exactness note period { from lastDay fromPrecision untilPrecision }
    } } } }"#;
    let answer = app.public().ask(query).await;
    let about = answer["group"]["figures"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|figure| figure["exactness"] == "ABOUT");
    let period =
        json!({ "from": "2020-01-01", "lastDay": "2020-12-31", "fromPrecision": "YEAR", "untilPrecision": "YEAR" });
    let expected = json!({ "measure": "PARTICIPANTS", "value": 4600, "unit": "deltagare", "exactness": "ABOUT", "note": null, "period": period });
    assert_eq!(about, Some(&expected));
}

#[tokio::test]
async fn the_one_meeting_without_digital_offer_is_stated_for_both_groups_with_a_warning() {
    let app = TestApp::demo().await;
    for group in ["buz", "barnarenan"] {
        let query = format!(
            "{{ group(by: {{slug: \"{group}\"}}) {{ figures(year: 2019) {{ nodes {{ measure value note sources {{ unclear quote }} }} }} }} }}"
        );
        let answer = app.public().ask(&query).await;
        let figures = answer["group"]["figures"]["nodes"].as_array().cloned().unwrap_or_default();
        let figure = figures.iter().find(|figure| figure["measure"] == "MEETINGS_WITHOUT_DIGITAL_OFFER").expect(group);
        assert_eq!((&figure["value"], &figure["sources"][0]["unclear"]), (&json!(1), &json!(true)), "{group}");
        assert!(figure["note"].as_str().is_some_and(|note| note.contains("ska inte summeras")), "{group}");
    }
}
