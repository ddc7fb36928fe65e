//! Contact points: how to reach someone in the capacity in which one wants to reach them, as far as one may see.

mod changes;

use entity::values::Audience;
use serde_json::json;

use crate::support::{Client, TestApp, all};

/// A member who can be reached as what is given: the contact points of membership, seat, position and person.
fn world([membership, seat, position, person]: [&str; 4]) -> String {
    format!(
        r#"
[[organisation]]
key = "berg"
kind = "MUNICIPALITY"
name = "Berg"
[[organisation]]
key = "are"
kind = "MUNICIPALITY"
name = "Åre"
[[person]]
key = "anna"
givenName = "Anna"
familyName = "Alm"
contactPoints = [{person}]
[[position]]
key = "berg/chef"
title = "Chef"
organisation = "berg"
contactPoints = [{position}]
[[position]]
key = "are/chef"
title = "Chef"
organisation = "are"
contactPoints = [{{ kind = "EMAIL", value = "are@example.org" }}, {{ kind = "WEB", value = "https://example.org/are" }}]
[[tenure]]
position = "berg/chef"
person = "anna"
from = "2020-01-01"
[[tenure]]
position = "are/chef"
person = "anna"
[[group]]
key = "radet"
name = "Rådet"
kind = "COUNCIL"
[[group.seats]]
key = "ledamot"
role = "MEMBER"
organisation = "berg"
contactPoints = [{seat}]
[[membership]]
seat = "radet/ledamot"
person = "anna"
contactPoints = [{membership}]
"#
    )
}

fn email(name: &str, more: &str) -> String {
    format!(r#"{{ kind = "EMAIL", value = "{name}@example.org"{more} }},"#)
}

/// The values by which the one member of the council is reached on a day.
async fn reached(client: &Client, day: &str) -> Vec<String> {
    let members = "members { nodes { contactPoints { kind value } } }";
    let answer = client.ask(&format!(r#"{{ group(by: {{slug: "radet"}}, asOf: "{day}") {{ {members} }} }}"#)).await;
    all(&answer, "group.members.nodes.*.contactPoints.*.value")
}

const TODAY: &str = "2026-11-21";

#[tokio::test]
async fn the_membership_is_nearer_than_the_seat_the_position_and_the_person() {
    let names = ["membership", "seat", "position", "person"];
    let points = names.map(|name| email(name, ""));
    for (nearest, name) in names.iter().enumerate() {
        let given: [&str; 4] = std::array::from_fn(|at| if at < nearest { "" } else { points[at].as_str() });
        let public = TestApp::of(&world(given)).await.public();
        assert_eq!(reached(&public, TODAY).await, [format!("{name}@example.org")]);
    }
}

#[tokio::test]
async fn each_kind_of_contact_point_comes_from_the_nearest_that_has_it() {
    let phone = r#"{ kind = "PHONE", value = "063-14 66 19" }, { kind = "PHONE", value = "063-14 66 20" },"#;
    let web = r#"{ kind = "WEB", value = "https://example.org/anna" }"#;
    let of_person = format!("{}{phone}{web}", email("person", ""));
    let given = [&email("membership", ""), phone, r#"{ kind = "PHONE", value = "063-10 00 00" }"#, &of_person];
    let public = TestApp::of(&world(given)).await.public();
    let expected = ["membership@example.org", "+4663146619", "+4663146620", "https://example.org/anna"];
    assert_eq!(reached(&public, TODAY).await, expected, "all of the nearest, nothing of those further away");
}

#[tokio::test]
async fn a_position_counts_while_it_is_held_and_for_the_organisation_that_one_sits_for() {
    let given = ["", "", &email("position", ""), &email("person", "")];
    let public = TestApp::of(&world(given)).await.public();
    assert_eq!(reached(&public, "2019-12-31").await, ["person@example.org"], "before the tenure");
    assert_eq!(reached(&public, "2020-01-01").await, ["position@example.org"]);
    let for_another =
        world(given).replace("person = \"anna\"\ncontact", "person = \"anna\"\nonBehalfOf = \"are\"\ncontact");
    let public = TestApp::of(&for_another).await.public();
    assert_eq!(reached(&public, TODAY).await, ["are@example.org", "https://example.org/are"]);
}

#[tokio::test]
async fn what_one_may_not_see_hides_nothing() {
    let audience = |word: &str| format!(r#", audience = "{word}""#);
    let membership = email("membership", &audience("COORDINATORS"));
    let seat = email("seat", &audience("SIGNED_IN"));
    let position = email("position", &audience("ADMINISTRATORS"));
    let app = TestApp::of(&world([&membership, &seat, &position, &email("person", "")])).await;
    assert_eq!(reached(&app.public(), TODAY).await, ["person@example.org"]);
    for (who, client, expected) in [
        ("somebody", app.seeing(Audience::SignedIn), "seat"),
        ("the representative of another", app.representative("are").await, "seat"),
        ("the representative", app.representative("berg").await, "membership"),
        ("the coordinator", app.coordinator("radet").await, "membership"),
        ("an auditor", app.auditor(), "membership"),
        ("an administrator", app.administrator(), "membership"),
    ] {
        assert_eq!(reached(&client, TODAY).await, [format!("{expected}@example.org")], "{who}");
    }
    let nobody = TestApp::of(&world([&membership, "", "", ""])).await.public();
    assert!(reached(&nobody, TODAY).await.is_empty());
}

#[tokio::test]
async fn a_contact_point_holds_for_its_period() {
    let membership = email("old", r#", until = "2025-01-01""#) + &email("new", r#", from = "2026-01-01""#);
    let public = TestApp::of(&world([&membership, "", "", &email("person", "")])).await.public();
    for (day, expected) in
        [("2024-12-31", "old"), ("2025-01-01", "person"), ("2025-12-31", "person"), ("2026-01-01", "new")]
    {
        assert_eq!(reached(&public, day).await, [format!("{expected}@example.org")], "{day}");
    }
}

#[tokio::test]
async fn a_phone_number_is_dialled_in_one_form_and_read_in_another() {
    let phones = [
        ("063-14 66 19 vx", "+4663146619", "063-14 66 19 vx"),
        ("+46 (0)70-174 06 05", "+46701740605", "070-174 06 05"),
        ("08-7971800", "+4687971800", "08-797 18 00"),
        ("+47 22 00 00 00", "+4722000000", "+47 22 00 00 00"),
        ("112", "112", "112"),
    ];
    let points: String =
        phones.iter().map(|(given, ..)| format!(r#"{{ kind = "PHONE", value = "{given}" }},"#)).collect();
    let app = TestApp::of(&world([&points, "", "", ""])).await;
    let members = "members { nodes { contactPoints { kind value text label audience version period { state } } } }";
    let answer = app.public().ask(&format!(r#"{{ group(by: {{slug: "radet"}}) {{ {members} }} }}"#)).await;
    let found = &answer["group"]["members"]["nodes"][0]["contactPoints"];
    let expected = phones.map(|(_, value, text)| {
        json!({ "kind": "PHONE", "value": value, "text": text, "label": null, "audience": "PUBLIC", "version": 1,
            "period": { "state": "CURRENT" } })
    });
    assert_eq!(*found, json!(expected));
    let problems =
        app.load(&world([r#"{ kind = "PHONE", value = "063-14" }"#, "", "", ""])).await.expect_err("a number");
    assert!(problems[0].contains("membership.contactPoints.value"), "{problems:?}");
}

#[tokio::test]
async fn what_is_a_groups_an_organisations_or_a_persons_own_is_shown_as_such() {
    let own = email("person", "") + &email("hidden", r#", audience = "SIGNED_IN""#);
    let app = TestApp::of(&world([&email("membership", ""), "", &email("position", ""), &own])).await;
    let member = "members { nodes { seat { contactPoints { value } } person { contactPoints { value } tenures { position { contactPoints { value } } } } } }";
    let answer = app
        .public()
        .ask(&format!(r#"{{ group(by: {{slug: "radet"}}) {{ {member} contactPoints {{ value }} }} }}"#))
        .await;
    let nodes = "group.members.nodes.*";
    assert_eq!(all(&answer, &format!("{nodes}.person.contactPoints.*.value")), ["person@example.org"]);
    let positions = all(&answer, &format!("{nodes}.person.tenures.*.position.contactPoints.*.value"));
    assert_eq!(positions, ["position@example.org", "are@example.org", "https://example.org/are"]);
    assert!(all(&answer, &format!("{nodes}.seat.contactPoints.*.value")).is_empty());
    assert!(all(&answer, "group.contactPoints.*.value").is_empty(), "nothing goes up from the members");
}
