//! Schedules: plans of meetings, for one group or several.

mod changes;
mod recurrence;

use serde_json::json;

use crate::support::{TestApp, all};

#[tokio::test]
async fn two_groups_meet_by_one_plan() {
    let app = TestApp::demo().await;
    let plan = "schedules { nodes { id description groups { slug } period { from fromPrecision until } recurrence perYear digitalOffered } }";
    let query = format!(
        "{{ a: group(by: {{slug: \"samverkansradet\"}}) {{ {plan} }} b: group(by: {{slug: \"kommunchefgruppen\"}}) {{ {plan} }} }}"
    );
    let answer = app.public().ask(&query).await;
    assert_eq!(answer["a"], answer["b"]);
    let plan = &answer["a"]["schedules"]["nodes"][0];
    assert_eq!(all(plan, "groups.*.slug"), ["kommunchefgruppen", "samverkansradet"]);
    assert_eq!(plan["period"], json!({ "from": "2020-02-01", "fromPrecision": "MONTH", "until": null }));
    // The report says neither how often nor whether one can take part remotely.
    assert_eq!([&plan["recurrence"], &plan["perYear"], &plan["digitalOffered"]], [&json!(null); 3]);
}

#[tokio::test]
async fn the_digital_offer_of_2019_is_kept_with_its_doubt() {
    let app = TestApp::demo().await;
    for group in ["buz", "barnarenan"] {
        let query = format!(
            "{{ group(by: {{slug: \"{group}\"}}) {{ schedules {{ nodes {{ digitalOffered period {{ lastDay state }} sources {{ unclear }} }} }} }} }}"
        );
        let answer = app.public().ask(&query).await;
        let plans = answer["group"]["schedules"]["nodes"].as_array().cloned().unwrap_or_default();
        let of_2019 = plans.iter().find(|plan| plan["period"]["lastDay"] == "2019-12-31").expect(group);
        assert_eq!(
            (&of_2019["digitalOffered"], &of_2019["period"]["state"]),
            (&json!(true), &json!("PAST")),
            "{group}"
        );
        assert_eq!(of_2019["sources"][0]["unclear"], true, "{group}");
    }
}

#[tokio::test]
async fn plans_stand_with_the_latest_first() {
    let app = TestApp::demo().await;
    let query = r#"{ group(by: {slug: "buz"}) { schedules { nodes { period { from } recurrence } } } }"#;
    let answer = app.public().ask(query).await;
    assert_eq!(all(&answer, "group.schedules.nodes.*.period.from"), ["2026-01-01", "2019-01-01"]);
    assert_eq!(
        all(&answer, "group.schedules.nodes.*.recurrence"),
        ["FREQ=MONTHLY;BYMONTH=1,3,5,9,11;BYDAY=2TH", "null"]
    );
}

#[tokio::test]
async fn a_plan_has_its_rule_its_exceptions_and_its_hours() {
    let app = TestApp::demo().await;
    let query = r#"{ group(by: {slug: "socsam"}) { schedules { nodes {
        recurrence perYear except extra startTime minutes place digitalOffered digitalUrl
    } } } }"#;
    let answer = app.public().ask(query).await;
    assert_eq!(
        answer["group"]["schedules"]["nodes"][0],
        json!({
            "recurrence": "FREQ=MONTHLY;INTERVAL=2;BYDAY=1FR", "perYear": null, "except": ["2026-07-03"], "extra": ["2026-08-21"],
            "startTime": "13:00", "minutes": 120, "place": "Digitalt", "digitalOffered": true,
            "digitalUrl": "https://mote.example.com/socsam",
        })
    );
}

#[tokio::test]
async fn a_plan_that_cannot_be_is_refused() {
    let group = "[[group]]\nkey = \"g\"\nname = \"Grupp\"\nkind = \"NETWORK\"\n";
    for wrong in [
        "recurrence = \"FREQ=MONTHLY;BYDAY=1FR\"\nperYear = 4",
        "recurrence = \"every now and then\"",
        "perYear = 0",
        "minutes = 0",
        "startTime = \"25:00\"",
        "except = [\"2026-02-30\"]",
    ] {
        let app = TestApp::of(group).await;
        let problems =
            app.load(&format!("[[schedule]]\nkey = \"p\"\ngroups = [\"g\"]\n{wrong}\n")).await.expect_err(wrong);
        assert!(problems.len() == 1 && problems[0].starts_with("test.toml:"), "{wrong}: {problems:?}");
        assert!(!problems[0].contains("breaks a rule of the directory"), "{wrong}: say which: {problems:?}");
    }
}
