//! The morning: the administrator makes an organisation, a person, a position and a group, and lets somebody in.

use serde_json::{Value, json};

use super::Day;

/// What the administrator has made: ids, and a seat for one on which Dagny sits.
pub struct Made {
    pub organisation: Value,
    pub person: Value,
    pub position: Value,
    pub group: Value,
    pub seat: Value,
    pub ex_officio: Value,
}

/// The number of the association.
pub const NUMBER: &str = "802499-1237";

pub async fn makes_a_group(day: &Day) -> Made {
    let client = &day.administrator;
    let input = json!({ "slug": "dagforeningen", "kind": "ASSOCIATION", "name": "Dagföreningen", "organisationNumber": NUMBER,
        "from": "2020-01-01", "reason": "Ny förening" });
    let organisation =
        client.done("createOrganisation", input, "organisation { id version name organisationNumber }").await;
    let organisation = organisation["organisation"].clone();
    let expected =
        json!({ "id": organisation["id"], "version": 1, "name": "Dagföreningen", "organisationNumber": NUMBER });
    assert_eq!(organisation, expected);
    let organisation = &organisation["id"];
    let input = json!({ "givenName": "Dagny", "familyName": "Dagsdotter" });
    let person = client.done("createPerson", input, "person { id name version }").await["person"].take();
    assert_eq!((&person["name"], &person["version"]), (&json!("Dagny Dagsdotter"), &json!(1)));
    let person = &person["id"];
    let input = json!({ "organisation": organisation, "title": "Ordförande", "from": "2020-01-01" });
    let position = client.done("openPosition", input, "position { id title holder { id } }").await["position"].take();
    assert_eq!((&position["title"], &position["holder"]), (&json!("Ordförande"), &Value::Null));
    let position = &position["id"];
    let input = json!({ "position": position, "person": person, "from": "2021-01-01", "reason": "Årsmötet 2020" });
    let tenure = client.done("startTenure", input, "tenure { person { name } period { from state } }").await;
    let expected =
        json!({ "person": { "name": "Dagny Dagsdotter" }, "period": { "from": "2021-01-01", "state": "CURRENT" } });
    assert_eq!(tenure["tenure"], expected);
    let college = client.group("vard-och-omsorgscollege").await["id"].take();
    let input = json!({ "slug": "dagens-arbetsgrupp", "name": "Dagens arbetsgrupp", "kind": "WORKING_GROUP", "parent": college,
        "convener": organisation, "from": "2020-01-01" });
    let group =
        client.done("createGroup", input, "group { id parent { slug } convener { slug } }").await["group"].take();
    assert_eq!(group["parent"]["slug"], "vard-och-omsorgscollege");
    assert_eq!(group["convener"]["slug"], "dagforeningen");
    let (seat, ex_officio) = opens_seats(day, organisation, person, position, &group["id"]).await;
    Made {
        organisation: organisation.clone(),
        person: person.clone(),
        position: position.clone(),
        group: group["id"].clone(),
        seat,
        ex_officio,
    }
}

/// One to which somebody is appointed, and one that goes with the position.
async fn opens_seats(
    day: &Day,
    organisation: &Value,
    person: &Value,
    position: &Value,
    group: &Value,
) -> (Value, Value) {
    let client = &day.administrator;
    let input = json!({ "group": group, "role": "MEMBER", "organisation": organisation, "from": "2020-01-01" });
    let fields =
        "seat { id capacity voting state appointer { slug } members { nodes { person { name } period { from } } } }";
    let seat = client.done("openSeat", input, fields).await["seat"].take();
    let expected = json!({ "id": seat["id"], "capacity": 1, "voting": true, "state": "VACANT", "appointer": { "slug": "dagforeningen" },
        "members": { "nodes": [] } });
    assert_eq!(seat, expected);
    let input = json!({ "group": group, "role": "CHAIR", "organisation": organisation, "fill": "EX_OFFICIO", "position": position,
        "from": "2022-01-01" });
    let chair = client.done("openSeat", input, fields).await["seat"].take();
    assert_eq!(chair["state"], "FILLED");
    let sits = json!([{ "person": { "name": "Dagny Dagsdotter" }, "period": { "from": "2022-01-01" } }]);
    assert_eq!(chair["members"]["nodes"], sits, "who holds the position");
    let input = json!({ "seat": { "id": seat["id"] }, "person": person, "from": "2023-01-01" });
    let member = client.done("addMember", input, "membership { onBehalfOf { slug } seat { id state } }").await;
    let expected =
        json!({ "onBehalfOf": { "slug": "dagforeningen" }, "seat": { "id": seat["id"], "state": "FILLED" } });
    assert_eq!(member["membership"], expected);
    (seat["id"].clone(), chair["id"].clone())
}

/// A role for her sign-in, and then her name for it, which she takes by the code.
pub async fn invites_dagny(day: &Day, made: &Made) {
    let rename = json!({ "group": made.group, "expectedVersion": 1, "shortName": "Dagen" });
    day.dagny.forbidden("updateGroup", rename.clone()).await;
    let whose = json!({ "signIn": { "issuer": "samverkan", "subject": "dagny" } });
    let input = json!({ "identity": whose, "role": "COORDINATOR", "group": made.group, "reason": "Håller gruppen" });
    let grant = day
        .administrator
        .done("grantRole", input, "grant { role group { slug } identity { subject person { id } } }")
        .await;
    let expected = json!({ "role": "COORDINATOR", "group": { "slug": "dagens-arbetsgrupp" }, "identity": { "subject": "dagny", "person": null } });
    assert_eq!(grant["grant"], expected);
    let input = json!({ "person": made.person, "days": 3 });
    let made_code = day.administrator.done("invitePerson", input, "invitation { code accepted person { name } }").await;
    let code = json!({ "code": made_code["invitation"]["code"] });
    let accepted = day.dagny.done("acceptInvitation", code.clone(), "identity { subject person { name } }").await;
    assert_eq!(accepted["identity"], json!({ "subject": "dagny", "person": { "name": "Dagny Dagsdotter" } }));
    let again = day.signed_in.refused("acceptInvitation", &code).await;
    assert_eq!(
        json!([again["__typename"], again["rule"], again["code"]]),
        json!(["RuleBroken", "INVITATION_SPENT", "CONFLICT"])
    );
    let query =
        "{ viewer { signedIn person { name } grants { role group { slug } byToken } can(action: CREATE_GROUP) } }";
    let expected = json!({ "signedIn": true, "person": { "name": "Dagny Dagsdotter" }, "can": true,
        "grants": [{ "role": "COORDINATOR", "group": { "slug": "dagens-arbetsgrupp" }, "byToken": false }] });
    assert_eq!(day.dagny.ask(query, json!({})).await["viewer"], expected);
    let renamed = day.dagny.done("updateGroup", rename, "group { shortName version }").await;
    assert_eq!(renamed["group"], json!({ "shortName": "Dagen", "version": 2 }), "with the role that the grant gives");
}

/// A group that only administrators see, and Bräcke's seat in it.
pub struct Hidden {
    pub group: Value,
    pub seat: Value,
}

pub async fn hides_a_group(day: &Day) -> Hidden {
    let client = &day.administrator;
    let input = json!({ "slug": "dold", "name": "Dold grupp", "kind": "OTHER", "audience": "ADMINISTRATORS" });
    let group = client.done("createGroup", input, "group { id audience }").await["group"]["id"].take();
    let bracke = client.organisation("bracke").await;
    // Bräcke's own seat, of which its representative does not know either.
    let input = json!({ "group": group, "role": "MEMBER", "organisation": bracke });
    let seat = client.done("openSeat", input, "seat { id }").await["seat"]["id"].take();
    Hidden { group, seat }
}
