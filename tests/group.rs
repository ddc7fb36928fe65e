//! Groups: what they are, who is in them, and whom to call.

use crate::support::{TestApp, all};

#[tokio::test]
async fn kommunchefgruppen_has_a_seat_for_each_municipality_and_a_contact() {
    let app = TestApp::demo().await;
    let answer = app
        .public()
        .ask(
            r#"{ group(by: {slug: "kommunchefgruppen"}) {
                name
                seats(filter: {roles: [MEMBER]}) { totalCount nodes { fill state organisation { name } position { title } } }
                contacts { role person { name } contactPoints { kind text } }
            } }"#,
        )
        .await;
    let group = &answer["group"];
    assert_eq!(group["name"], "Kommunchefgruppen");
    assert_eq!(group["seats"]["totalCount"], 8);
    assert_eq!(all(group, "seats.nodes.*.organisation.name").last().map(String::as_str), Some("Östersunds kommun"));
    assert!(all(group, "seats.nodes.*.position.title").iter().all(|title| title == "Kommunchef"));
    assert!(!all(group, "contacts.*.person.name").is_empty());
}
