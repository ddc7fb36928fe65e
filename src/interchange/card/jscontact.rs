//! JSContact. Written here and not converted from vCard by the library: a conversion keeps what JSContact has no word for in
//! properties of its own, and its order changes from one time to the next, while the same card must be the same bytes.

use std::collections::BTreeMap;

use entity::values::ContactPointKind;
use serde_json::{Map, Value, json};

use super::{Card, ContactPoint, PRODUCT, Subject, uid};

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
    let mut object = Map::new();
    let mut set = |name: &str, value: Value| object.insert(name.to_owned(), value);
    set("@type", json!("Card"));
    set("version", json!("1.0"));
    set("prodId", json!(PRODUCT));
    set("uid", json!(card.uid()));
    match &card.of {
        Subject::Person(person) => {
            let part = |kind: &str, value: &str| json!({ "kind": kind, "value": value });
            let parts = [part("given", &person.given_name), part("surname", &person.family_name)];
            set("kind", json!("individual"));
            set("name", json!({ "full": person.name, "components": parts, "isOrdered": true }));
            let organisations = person.posts.iter().map(|post| json!({ "name": post.organisation }));
            set("organizations", numbered("org", organisations));
            let title =
                |(at, title): (usize, &str)| json!({ "name": title, "organizationId": format!("org{}", at + 1) });
            let titles = person.posts.iter().map(|post| post.title.as_str());
            set("titles", numbered("title", titles.enumerate().map(title)));
            set("keywords", named(person.groups()));
            set("notes", numbered("note", person.note().into_iter().map(|note| json!({ "note": note }))));
        }
        Subject::Group(group) => {
            set("kind", json!("group"));
            set("name", json!({ "full": group.name }));
            set("nicknames", numbered("nickname", group.short_name.iter().map(|name| json!({ "name": name }))));
            // What makes it a group: there even if nobody is in it.
            set("members", json!(group.members.iter().map(|id| (uid(*id), true)).collect::<BTreeMap<_, _>>()));
        }
    }
    for (kind, name, prefix) in [
        (ContactPointKind::Email, "emails", "email"),
        (ContactPointKind::Phone, "phones", "phone"),
        (ContactPointKind::Address, "addresses", "address"),
        (ContactPointKind::Web, "links", "link"),
    ] {
        let of_kind = card.contact_points.iter().filter(|point| point.kind == kind);
        set(name, numbered(prefix, of_kind.map(contact_point)));
    }
    object.retain(|name, value| name == "members" || *value != json!({}));
    Value::Object(object)
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
