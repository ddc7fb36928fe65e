//! How often groups met: what is on record, beside what a source states.

use serde_json::{Value, json};

use super::world::{MEETING, WORLD, joint_day, keeper, person, plan, seen, with};
use crate::support::TestApp;

const COUNT: &str = "recorded formal digital digitalShare joint attendance remote stated measure held";

#[tokio::test]
async fn what_is_on_record_is_counted_by_group_and_year() {
    let app = TestApp::of(WORLD).await;
    let client = keeper(&app).await;
    let (eva, gro, fia, bo) =
        (person(&app, "Ek").await, person(&app, "Gran").await, person(&app, "Fors").await, person(&app, "Berg").await);
    let members = "{ group(by: {slug: \"svom\"}) { members(filter: {roles: [MEMBER]}) { nodes { id } } } }";
    let anna = client.ask(members).await["group"]["members"]["nodes"][0]["id"].take();
    let digital = json!({ "digitalUrl": "https://mote.example.com/", "digitalOffered": true });
    let held = plan(&client, "svom", "2026-11-19").await;
    let held = client.done("moveMeeting", with(seen(&held), digital), MEETING).await["meeting"].take();
    let there = json!([
        { "person": eva, "mode": "IN_ROOM" },
        { "person": bo, "mode": "REMOTE", "inPlaceOf": anna },
        { "person": gro, "mode": "EXCUSED" },
        // A guest.
        { "person": fia, "mode": "REMOTE" },
    ]);
    client.done("recordMeeting", with(seen(&held), json!({ "attendance": there })), "meeting { id }").await;
    let other = plan(&client, "svom", "2026-11-20").await;
    let other = client.done("moveMeeting", with(seen(&other), json!({ "digitalOffered": false })), MEETING).await;
    client.done("recordMeeting", seen(&other["meeting"]), "meeting { id }").await;
    let cancelled = plan(&client, "svom", "2026-11-18").await;
    client.done("cancelMeeting", seen(&cancelled), "meeting { id }").await;
    joint_day(&client).await;
    let query = format!("{{ group(by: {{slug: \"svom\"}}) {{ meetingCount(year: 2026) {{ {COUNT} }} }} }}");
    let counted = json!({
        "recorded": 2, "formal": 2, "digital": 1, "digitalShare": 0.5, "joint": 0, "attendance": 2, "remote": 1,
        "stated": null, "measure": null, "held": 2,
    });
    assert_eq!(client.ask(&query).await["group"]["meetingCount"], counted);
    let never = format!("{{ group(by: {{slug: \"buz\"}}) {{ meetingCount(year: 2026) {{ {COUNT} }} }} }}");
    let none = client.ask(&never).await["group"]["meetingCount"].take();
    assert_eq!((&none["recorded"], &none["digitalShare"]), (&json!(0), &Value::Null));
}

#[tokio::test]
async fn joint_sittings_and_attendance_of_2020_and_what_is_stated_of_2019() {
    let app = TestApp::demo().await;
    let query = format!(
        "{{ kommunchefgruppen: group(by: {{slug: \"kommunchefgruppen\"}}) {{ before: meetingCount(year: 2019) {{ {COUNT} }} after: meetingCount(year: 2020) {{ {COUNT} }} }}
         samverkansradet: group(by: {{slug: \"samverkansradet\"}}) {{ before: meetingCount(year: 2019) {{ {COUNT} }} after: meetingCount(year: 2020) {{ {COUNT} }} }} }}"
    );
    let counted = app.public().ask(&query).await;
    let of = |slug: &str, when: &str, what: &str| counted[slug][when][what].clone();
    assert_eq!(of("kommunchefgruppen", "before", "stated"), 6);
    assert_eq!(of("samverkansradet", "before", "stated"), 7);
    assert_eq!(of("samverkansradet", "before", "measure"), "FORMAL_MEETINGS_HELD");
    for slug in ["kommunchefgruppen", "samverkansradet"] {
        let after = [of(slug, "after", "recorded"), of(slug, "after", "joint"), of(slug, "after", "held")];
        assert_eq!(after, [json!(3), json!(3), json!(3)], "{slug}: three joint days, and one that was cancelled");
        assert_eq!(of(slug, "after", "stated"), Value::Null);
        assert!(of(slug, "after", "attendance").as_i64() > Some(0), "{slug}");
    }
}
