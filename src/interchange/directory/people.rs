use entity::values::Slug;

use super::fields::Fields;
use super::nested::{audience, contact_points, sources};
use super::{Person, Position, Reference, Tenure};

pub fn person(f: &mut Fields) -> Option<Person> {
    Some(Person {
        place: f.place(),
        key: f.whole_key(),
        given_name: f.required("givenName", Fields::text).unwrap_or_default(),
        family_name: f.required("familyName", Fields::text).unwrap_or_default(),
        audience: audience(f),
        contact_points: contact_points(f),
        sources: sources(f),
    })
}

/// One position, or one in each of `organisations`.
pub fn positions(f: &mut Fields) -> Vec<Position> {
    let title = f.required("title", Fields::text).unwrap_or_default();
    let key = f.key().or_else(|| from_title(f, &title)).unwrap_or_default();
    let organisations = f.organisations();
    if organisations.is_empty() && !f.has("organisation") && !f.has("organisations") {
        f.missing("organisation", ": give it, or `organisations` for the same post in each of several");
    }
    let position = Position {
        place: f.place(),
        key: String::new(),
        title,
        organisation: Reference::default(),
        period: f.period(),
        contact_points: contact_points(f),
        sources: sources(f),
    };
    let key_is_whole = f.has("key") && !f.has("organisations");
    let each = organisations.into_iter().map(|organisation| {
        let key = if key_is_whole { key.clone() } else { below(&organisation.key, &key) };
        f.claim("key", &key, "key");
        Position { key, organisation, ..position.clone() }
    });
    each.collect()
}

/// The key that follows from a title when none is given.
fn from_title(f: &Fields, title: &str) -> Option<String> {
    if f.has("key") || title.is_empty() {
        return None;
    }
    match Slug::from_name(title) {
        Ok(slug) => Some(slug.into()),
        Err(_) => {
            f.report_at("title", "gives no key: give one in `key`");
            None
        }
    }
}

/// A person holds a position.
pub fn tenure(f: &mut Fields) -> Option<Tenure> {
    let position = f.required("position", Fields::reference).unwrap_or_default();
    let person = f.required("person", Fields::reference).unwrap_or_default();
    Some(Tenure {
        place: f.place(),
        key: key_or(f, &position, &person),
        position,
        person,
        period: f.period(),
        end_reason: f.text("endReason"),
        sources: sources(f),
    })
}

/// The record's key; when it is left out, `<whole>/<part>`.
pub fn key_or(f: &mut Fields, whole: &Reference, part: &Reference) -> String {
    let key = match f.has("key") {
        true => f.key().unwrap_or_default(),
        false => below(&whole.key, &part.key),
    };
    f.claim("key", &key, "key");
    key
}

/// The key `<whole>/<part>`; none where one of the two is wrong.
pub fn below(whole: &str, part: &str) -> String {
    if whole.is_empty() || part.is_empty() { String::new() } else { format!("{whole}/{part}") }
}
