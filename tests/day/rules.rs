//! Each rule, once: which it is, of which part of the input, and where.

use serde_json::{Value, json};

use super::Day;
use super::administrator::{Made, NUMBER};

/// A mutation by the administrator breaks a rule.
async fn broken(day: &Day, mutation: &str, input: Value, rule: &str, on: Value) {
    let error = day.administrator.refused(mutation, &input).await;
    let path = match rule {
        "SLUG_TAKEN" => json!(["input", "slug"]),
        "ORGANISATION_NUMBER_TAKEN" => json!(["input", "organisationNumber"]),
        "GROUP_CYCLE" => json!(["input", "parent"]),
        _ => json!(["input"]),
    };
    let said = json!([error["__typename"], error["code"], error["rule"], error["path"], error["on"]]);
    assert_eq!(said, json!(["RuleBroken", "CONFLICT", rule, path, on]), "{mutation}: {error:#}");
    assert!(error["remedy"].as_str().is_some_and(|remedy| remedy.len() > 5), "{error:#}");
}

pub async fn of_members(day: &Day, made: &Made) {
    let other = day.administrator.person("Obs Ervatör").await;
    let seat = json!([{ "__typename": "Seat", "id": made.seat }]);
    let adding = |person: &Value, from: &str, until: Option<&str>| json!({ "seat": { "id": made.seat }, "person": person, "from": from, "until": until });
    broken(day, "addMember", adding(&other, "2024-01-01", None), "SEAT_CAPACITY", seat.clone()).await;
    broken(day, "addMember", adding(&made.person, "2024-01-01", None), "MEMBERSHIP_TWICE", seat.clone()).await;
    let outside = adding(&other, "2019-01-01", Some("2019-06-01"));
    broken(day, "addMember", outside, "MEMBERSHIP_OUTSIDE_SEAT", seat).await;
    let empty = adding(&other, "2021-01-01", Some("2021-01-01"));
    broken(day, "addMember", empty, "PERIOD_EMPTY", json!([])).await;
    let position = json!([{ "__typename": "Position", "id": made.position }]);
    let input = json!({ "seat": { "id": made.ex_officio }, "person": other });
    broken(day, "addMember", input, "SEAT_GOES_WITH_POSITION", position.clone()).await;
    let input = json!({ "position": made.position, "person": other });
    broken(day, "startTenure", input, "POSITION_ONE_HOLDER", position).await;
}

pub async fn of_what_there_is(day: &Day, made: &Made) {
    let college = day.administrator.group("vard-och-omsorgscollege").await;
    let input = json!({ "group": college["id"], "expectedVersion": college["version"], "parent": made.group });
    let on = json!([{ "__typename": "Group", "id": made.group }]);
    broken(day, "updateGroup", input, "GROUP_CYCLE", on).await;
    let organisation = |slug: &str, number: Option<&str>| json!({ "slug": slug, "kind": "ASSOCIATION", "name": "Kvällsföreningen", "organisationNumber": number });
    let taken = organisation("kvallsforeningen", Some(NUMBER));
    broken(day, "createOrganisation", taken, "ORGANISATION_NUMBER_TAKEN", json!([])).await;
    broken(day, "createOrganisation", organisation("bracke", None), "SLUG_TAKEN", json!([])).await;
    let group = json!({ "slug": "run", "name": "Ett till", "kind": "NETWORK" });
    broken(day, "createGroup", group, "SLUG_TAKEN", json!([])).await;
}

pub async fn of_administrators(day: &Day) {
    let whose = json!({ "signIn": { "issuer": "samverkan", "subject": "the-administrator" } });
    let input = json!({ "identity": whose, "role": "ADMINISTRATOR" });
    let grant =
        day.administrator.done("grantRole", input.clone(), "grant { id version identity { id } }").await["grant"]
            .take();
    let on = json!([{ "__typename": "Identity", "id": grant["identity"]["id"] }]);
    broken(day, "grantRole", input, "GRANT_TWICE", on).await;
    let input = json!({ "grant": grant["id"], "expectedVersion": grant["version"] });
    let on = json!([{ "__typename": "Grant", "id": grant["id"] }]);
    broken(day, "revokeRole", input, "LAST_ADMINISTRATOR", on).await;
}

pub async fn of_requests(day: &Day, made: &Made) {
    let client = &day.administrator;
    let stale = json!({ "group": made.group, "expectedVersion": 1, "shortName": "Natten" });
    let error = client.refused("updateGroup", &stale).await;
    let said = json!([error["__typename"], error["code"], error["currentVersion"], error["current"]["id"]]);
    assert_eq!(said, json!(["VersionConflict", "VERSION_CONFLICT", 2, made.group]));
    let keyed = |purpose: &str| json!({ "group": made.group, "expectedVersion": 2, "purpose": purpose, "idempotencyKey": "once" });
    let first = client.done("updateGroup", keyed("Dagen"), "group { purpose version }").await;
    assert_eq!(first["group"], json!({ "purpose": "Dagen", "version": 3 }));
    let again = client.change("updateGroup", &keyed("Dagen"), "group { purpose version } change { id verb }").await;
    assert_eq!(again, first);
    let error = client.refused("updateGroup", &keyed("Natten")).await;
    let said = json!([error["__typename"], error["code"], error["path"]]);
    assert_eq!(said, json!(["KeyReused", "KEY_REUSED", ["input", "idempotencyKey"]]));
}

pub async fn of_what_is_written(day: &Day) {
    let client = &day.administrator;
    let person = |family: &str| json!({ "givenName": "Anna", "familyName": family });
    let organisation =
        |number: &str| json!({ "kind": "ASSOCIATION", "name": "Nattföreningen", "organisationNumber": number });
    for (mutation, input, code, path) in [
        ("createPerson", person("Ek 900101-0017"), "PERSONAL_NUMBER", "familyName"),
        ("createPerson", person("  "), "INVALID_INPUT", "familyName"),
        ("createOrganisation", organisation("802499-1238"), "INVALID_INPUT", "organisationNumber"),
        ("createOrganisation", organisation("12"), "INVALID_INPUT", "organisationNumber"),
    ] {
        let error = client.refused(mutation, &input).await;
        assert_eq!(
            json!([error["__typename"], error["code"], error["path"]]),
            json!(["InvalidInput", code, ["input", path]])
        );
        assert!(!error["message"].to_string().contains("0017"), "{error:#}");
    }
    let taken = json!({ "input": { "slug": "run", "name": "Ett till", "kind": "NETWORK" } });
    let query = super::written("createGroup", "change { id }");
    for (language, message, remedy) in
        [("sv", "adressnamnet är upptaget", "välj ett annat"), ("en", "the slug is taken", "choose another")]
    {
        let (_, answer) =
            client.send(&query, taken.clone(), |request| request.header("accept-language", language)).await;
        let error = &answer["data"]["createGroup"]["errors"][0];
        assert_eq!((&error["message"], &error["remedy"]), (&json!(message), &json!(remedy)));
    }
    let mutation = json!({ "input": { "identity": { "id": "x" }, "role": "AUDITOR" } });
    let query = super::written("grantRole", "change { id }");
    let (_, answer) = day.signed_in.send(&query, mutation, |request| request.header("accept-language", "sv")).await;
    assert_eq!(answer["errors"][0]["message"], "grantRole kräver en annan roll");
}
