//! JSContact. Written here and not converted from vCard by the library: a conversion keeps what JSContact has no word for in
//! properties of its own, and its order changes from one time to the next, while the same card must be the same bytes.

use entity::values::ContactPointKind;
use serde_json::{Map, Value, json};

use super::{Card, ContactPoint, Group, PRODUCT, Person, Post, Subject, uid};

/// One card.
pub fn one(card: &Card) -> String {
    written(&object(card))
}

/// An array of cards.
pub fn all(cards: &[Card]) -> String {
    written(&Value::Array(cards.iter().map(object).collect()))
}

fn written(value: &Value) -> String {
    format!("{value:#}\n")
}

fn object(card: &Card) -> Value {
    let mut properties = vec![
        ("@type", json!("Card")),
        ("version", json!("1.0")),
        ("prodId", json!(PRODUCT)),
        ("uid", json!(card.uid())),
    ];
    properties.extend(match &card.of {
        Subject::Person(person) => of_person(person),
        Subject::Group(group) => of_group(group),
    });
    for (kind, name, prefix) in [
        (ContactPointKind::Email, "emails", "email"),
        (ContactPointKind::Phone, "phones", "phone"),
        (ContactPointKind::Address, "addresses", "address"),
        (ContactPointKind::Web, "links", "link"),
    ] {
        let of_kind = card.contact_points.iter().filter(|point| point.kind == kind);
        properties.push((name, numbered(prefix, of_kind.map(contact_point))));
    }
    // The members make it a group, even if nobody is in it.
    properties.retain(|(name, value)| *name == "members" || *value != json!({}));
    properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}

fn of_person(person: &Person) -> Vec<(&'static str, Value)> {
    let part = |kind: &str, value: &str| json!({ "kind": kind, "value": value });
    let parts = [part("given", &person.given_name), part("surname", &person.family_name)];
    let organisations = person.posts.iter().map(|post| json!({ "name": post.organisation }));
    let title = |(at, post): (usize, &Post)| json!({ "name": post.title, "organizationId": format!("org{}", at + 1) });
    vec![
        ("kind", json!("individual")),
        ("name", json!({ "full": person.name, "components": parts, "isOrdered": true })),
        ("organizations", numbered("org", organisations)),
        ("titles", numbered("title", person.posts.iter().enumerate().map(title))),
        ("keywords", named(person.groups())),
        ("notes", numbered("note", person.note().into_iter().map(|note| json!({ "note": note })))),
    ]
}

fn of_group(group: &Group) -> Vec<(&'static str, Value)> {
    vec![
        ("kind", json!("group")),
        ("name", json!({ "full": group.name })),
        ("nicknames", numbered("nickname", group.short_name.iter().map(|name| json!({ "name": name })))),
        ("members", group.members.iter().map(|id| (uid(*id), json!(true))).collect::<Map<_, _>>().into()),
    ]
}

fn contact_point(point: &ContactPoint) -> Value {
    let value = point.value.as_str();
    let mut object = match point.kind {
        ContactPointKind::Email => json!({ "address": value, "contexts": { "work": true } }),
        ContactPointKind::Phone => {
            let number = point.tel().unwrap_or_else(|| value.to_owned());
            json!({ "number": number, "features": { "voice": true }, "contexts": { "work": true } })
        }
        ContactPointKind::Address => json!({ "full": value, "contexts": { "work": true } }),
        ContactPointKind::Web => json!({ "uri": value }),
    };
    // Addresses have no labels.
    if let Some(label) = point.label.as_ref().filter(|_| point.kind != ContactPointKind::Address) {
        object["label"] = json!(label);
    }
    object
}

/// Objects by names that they are given in order.
fn numbered(prefix: &str, values: impl Iterator<Item = Value>) -> Value {
    values.enumerate().map(|(at, value)| (format!("{prefix}{}", at + 1), value)).collect::<Map<_, _>>().into()
}

/// A set.
fn named(names: Vec<&str>) -> Value {
    names.into_iter().map(|name| (name.to_owned(), json!(true))).collect::<Map<_, _>>().into()
}
