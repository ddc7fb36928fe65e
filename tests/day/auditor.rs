//! The evening: the auditor reads what everybody did, and nobody without a role does anything.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::Day;
use super::administrator::Made;
use crate::support::all;

/// Each change of the day is in the trail once, in order, and nothing else is.
pub async fn reads_the_day(day: &Day) {
    let expected = day.building.expected.lock().expect("the trail").clone();
    let entry = "id verb reason command identity { issuer subject } onBehalfOf { slug }";
    let query = format!(
        "query($first: Int) {{ changes(first: $first) {{ nodes {{ {entry} person {{ name }} effects {{ noun }} }} }} }}"
    );
    let mut found = day.auditor.ask(&query, json!({ "first": expected.len() + 1 })).await["changes"]["nodes"].take();
    let found = found.as_array_mut().expect("entries");
    assert_eq!(found.pop().expect("the demonstration")["command"], "load", "before the day");
    found.reverse();
    for (entry, expected) in found.iter().zip(&expected) {
        let mut said = entry.clone();
        let said = said.as_object_mut().expect("an entry");
        let (person, effects) = (said.remove("person").expect("who"), said.remove("effects").expect("what"));
        assert_eq!(*said, *expected.as_object().expect("an entry"));
        assert!(!effects.as_array().expect("effects").is_empty(), "{entry:#}");
        // Since she took the code.
        let linked = entry["identity"]["subject"] == "dagny" && entry["verb"] != "acceptInvitation";
        assert_eq!(person, if linked { json!({ "name": "Dagny Dagsdotter" }) } else { Value::Null }, "{entry:#}");
    }
    assert_eq!(found.len(), expected.len());
    let bracke = day.auditor.organisation("bracke").await;
    let query = "query($of: ID!) { changes(filter: {onBehalfOf: $of}) { nodes { verb } } }";
    let verbs = day.auditor.ask(query, json!({ "of": bracke })).await;
    assert_eq!(
        all(&verbs, "changes.nodes.*.verb"),
        ["startTenure", "createPerson", "updateContactPoint", "replaceMember"]
    );
}

pub async fn changes_nothing_nor_do_others(day: &Day, made: &Made) {
    let somebody = json!({ "givenName": "Anna", "familyName": "Ek" });
    let whose = json!({ "signIn": { "issuer": "samverkan", "subject": "the-auditor" } });
    for client in [&day.auditor, &day.signed_in, &day.public] {
        client.forbidden("createPerson", somebody.clone()).await;
        client.forbidden("addMember", json!({ "seat": { "id": made.seat }, "person": made.person })).await;
        client.forbidden("updateGroup", json!({ "group": made.group, "expectedVersion": 3, "name": "X" })).await;
        client
            .forbidden(
                "closeOrganisation",
                json!({ "organisation": made.organisation, "expectedVersion": 1, "dryRun": true }),
            )
            .await;
        client.forbidden("grantRole", json!({ "identity": whose, "role": "ADMINISTRATOR" })).await;
    }
    day.public.forbidden("acceptInvitation", json!({ "code": "AAAAAAAAAAAAAAAAAAAAAA" })).await;
    for client in [&day.signed_in, &day.public, &day.representative, &day.coordinator] {
        let answer = client.answer("{ changes { totalCount } }", json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer:#}");
    }
    for query in [
        "{ viewer { signedIn } }",
        "mutation { createPerson(input: {givenName: \"A\", familyName: \"B\"}) { change { id } } }",
    ] {
        let (status, answer) = day.garbage.send(query, json!({}), |request| request).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{answer:#}");
        assert_eq!(answer.get("data"), None);
    }
    let expected = day.building.expected.lock().expect("the trail").last().expect("the last change")["id"].clone();
    let last = day.administrator.ask("{ changes(first: 1) { nodes { id } } }", json!({})).await;
    assert_eq!(last["changes"]["nodes"][0]["id"], expected, "nothing has been changed since");
}
