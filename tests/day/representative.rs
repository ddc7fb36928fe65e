//! Before noon: Bräcke's representative keeps what is Bräcke's, and nothing else.

use serde_json::{Value, json};

use super::Day;
use super::administrator::Hidden;
use crate::support::all;

/// Of the one who sat in RUN for Bräcke and of the one who does now.
pub async fn replaces_a_member(day: &Day) {
    let client = &day.representative;
    let old = client.members("run", "bracke").await.remove(0);
    assert_eq!(old["person"]["name"], "Pontus Påhittad");
    let ragna = client.person("Ragna Demoberg").await;
    let input = json!({ "membership": old["id"], "expectedVersion": old["version"], "person": ragna, "endReason": "Avsägelse",
        "decision": { "body": "Kommunstyrelsen", "reference": "KS 1/2026" }, "reason": "Beslut i dag" });
    let plan = client.planned("replaceMember", input.clone()).await;
    let expected = json!([{ "noun": "membership", "kind": "CHANGED" }, { "noun": "membership", "kind": "CREATED" }]);
    assert_eq!(plan, expected);
    assert_eq!(client.members("run", "bracke").await, std::slice::from_ref(&old), "nothing has changed");
    let fields = "membership { person { name } decision { body reference } replaces { id endReason period { state } } period { state } }
        change { effects { noun kind } }";
    let done = client.done("replaceMember", input.clone(), fields).await;
    let mut effects = done["change"]["effects"].clone();
    let last = effects.as_array_mut().and_then(Vec::pop);
    assert_eq!(last, Some(json!({ "noun": "identity", "kind": "CREATED" })), "it is their first change");
    assert_eq!(effects, plan, "and else as it was planned");
    let expected = json!({ "person": { "name": "Ragna Demoberg" }, "decision": { "body": "Kommunstyrelsen", "reference": "KS 1/2026" },
        "replaces": { "id": old["id"], "endReason": "Avsägelse", "period": { "state": "PAST" } }, "period": { "state": "CURRENT" } });
    assert_eq!(done["membership"], expected);
    let now = day.public.members("run", "bracke").await;
    assert_eq!(all(&json!(now), "*.person.name"), ["Ragna Demoberg"], "for everyone, at once");
    let stale = client.refused("replaceMember", &input).await;
    assert_eq!(
        json!([stale["__typename"], stale["currentVersion"], stale["current"]["id"]]),
        json!(["VersionConflict", 2, old["id"]])
    );
    reaches_her_otherwise(day, &ragna).await;
}

async fn reaches_her_otherwise(day: &Day, ragna: &Value) {
    let query = "query($id: ID!) { person(id: $id) { contactPoints { id kind value version } } }";
    let found = day.representative.ask(query, json!({ "id": ragna })).await["person"]["contactPoints"].take();
    assert_eq!(all(&found, "*.value"), ["ragna.demoberg@example.org", "+46980319219"]);
    let input =
        json!({ "contactPoint": found[1]["id"], "expectedVersion": found[1]["version"], "value": "0980-319 220 vx" });
    let done = day.representative.done("updateContactPoint", input, "contactPoint { value text version }").await;
    assert_eq!(done["contactPoint"], json!({ "value": "+46980319220", "text": "0980-31 92 20 vx", "version": 2 }));
    let found = day.public.ask(query, json!({ "id": ragna })).await;
    assert_eq!(all(&found, "person.contactPoints.*.value"), ["ragna.demoberg@example.org", "+46980319220"]);
}

/// Bräcke's socialchef, whose seat in FoU-rådet goes with the post.
pub async fn lets_a_post_change_hands(day: &Day) {
    let client = &day.representative;
    let old = client.members("fou-radet", "bracke").await;
    assert_eq!(all(&json!(old), "*.person.name"), ["Ragna Demoberg"]);
    let person = json!({ "givenName": "Nya", "familyName": "Chefsson" });
    let person = client.done("createPerson", person, "person { id }").await["person"]["id"].take();
    let input = json!({ "position": old[0]["seat"]["position"]["id"], "person": person, "takesOver": true, "endReason": "Ny tjänst",
        "reason": "Anställd i dag", "idempotencyKey": "the new one" });
    let fields =
        "tenure { person { name } position { organisation { slug } holder { person { name } } } period { state } }";
    let done = client.done("startTenure", input.clone(), fields).await;
    let expected = json!({ "person": { "name": "Nya Chefsson" }, "period": { "state": "CURRENT" },
        "position": { "organisation": { "slug": "bracke" }, "holder": { "person": { "name": "Nya Chefsson" } } } });
    assert_eq!(done["tenure"], expected);
    let now = day.public.members("fou-radet", "bracke").await;
    assert_eq!(all(&json!(now), "*.person.name"), ["Nya Chefsson"]);
    assert_eq!((&now[0]["seat"], &now[0]["replaces"]["id"]), (&old[0]["seat"], &old[0]["id"]));
    let again = client.change("startTenure", &input, &format!("{fields} change {{ id verb }}")).await;
    assert_eq!(again, done, "the same key does nothing again, on the other server");
}

pub async fn is_refused(day: &Day, hidden: &Hidden) {
    let client = &day.representative;
    let krokoms = client.members("run", "krokom").await.remove(0);
    let nya = client.person("Nya Chefsson").await;
    let input = json!({ "membership": krokoms["id"], "expectedVersion": krokoms["version"], "person": nya });
    client.not_allowed("replaceMember", input, "membership", &["ADMINISTRATOR", "COORDINATOR", "REPRESENTATIVE"]).await;
    let input = json!({ "person": krokoms["person"]["id"], "expectedVersion": 1, "familyName": "Annan" });
    client.not_allowed("updatePerson", input, "person", &["ADMINISTRATOR", "REPRESENTATIVE"]).await;
    let input = json!({ "of": krokoms["person"]["id"], "kind": "EMAIL", "value": "x@example.org" });
    client.not_allowed("addContactPoint", input, "of", &["ADMINISTRATOR", "COORDINATOR", "REPRESENTATIVE"]).await;
    for seat in [&hidden.seat, &json!("Seat:nothing")] {
        client.not_found("addMember", json!({ "seat": { "id": seat }, "person": nya }), "seat").await;
    }
    let place = json!({ "place": { "group": hidden.group, "role": "MEMBER", "organisation": client.organisation("bracke").await } });
    client.not_found("addMember", json!({ "seat": place, "person": nya }), "seat").await;
    client.forbidden("openSeat", json!({ "group": hidden.group, "role": "MEMBER" })).await;
    let whose = json!({ "signIn": { "issuer": "samverkan", "subject": "brackes-ombud" } });
    client.forbidden("grantRole", json!({ "identity": whose, "role": "ADMINISTRATOR" })).await;
}
