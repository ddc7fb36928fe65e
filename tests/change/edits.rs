//! Random edits of a small directory, by an administrator: some go well, some break a rule.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

pub const WORLD: &str = r#"
[[organisation]]
key = "one"
kind = "MUNICIPALITY"
name = "Ett"
[[organisation]]
key = "two"
kind = "MUNICIPALITY"
name = "Två"
[[person]]
key = "ann"
givenName = "Ann"
familyName = "Ek"
[[person]]
key = "bo"
givenName = "Bo"
familyName = "Ask"
[[person]]
key = "cia"
givenName = "Cia"
familyName = "Alm"
[[position]]
key = "chef"
organisation = "one"
title = "Chef"
[[tenure]]
position = "chef"
person = "ann"
from = "2019-01-01"
[[group]]
key = "g"
name = "Grupp"
kind = "NETWORK"
[[group.contactPoints]]
kind = "EMAIL"
value = "g@example.org"
[[group.seats]]
key = "open"
role = "MEMBER"
organisation = "one"
[[group.seats]]
key = "chair"
role = "CHAIR"
organisation = "two"
capacity = 1
[[group.seats]]
key = "post"
role = "CONVENER"
fill = "EX_OFFICIO"
position = "chef"
[[membership]]
seat = "g/chair"
person = "bo"
from = "2018-01-01"
[[membership.substitutions]]
person = "cia"
"#;

/// What to edit and how: numbers that choose.
pub type Edit = (u8, u8, u8, u8);

pub fn edits() -> impl Strategy<Value = Vec<Edit>> {
    proptest::collection::vec(any::<Edit>(), 8..24)
}

const EVERYTHING: &str = "{ people(first: 100) { nodes { id version tenures { id version } } }
    organisations(first: 100) { nodes { id version positions { nodes { id version } } } }
    groups(first: 100) { nodes { id version seats(first: 20, filter: {states: [PAST, CURRENT, FUTURE]}) { nodes { id version
      members(first: 10, filter: {states: [PAST, CURRENT, FUTURE]}) { nodes { id version } } } } } } }";

struct Things(Value);

impl Things {
    fn all(&self, path: &[&str]) -> Vec<Value> {
        let mut found = vec![self.0.clone()];
        for step in path {
            found = found.iter().map(|value| value[*step].clone()).collect();
            found =
                found.into_iter().flat_map(|value| value.as_array().cloned().unwrap_or_else(|| vec![value])).collect();
        }
        found
    }

    fn any(&self, path: &[&str], number: u8) -> Value {
        let all = self.all(path);
        if all.is_empty() {
            json!({ "id": "none", "version": 1 })
        } else {
            all[usize::from(number) % all.len()].clone()
        }
    }

    fn person(&self, number: u8) -> Value {
        self.any(&["people", "nodes"], number)
    }

    fn organisation(&self, number: u8) -> Value {
        self.any(&["organisations", "nodes"], number)
    }

    fn group(&self, number: u8) -> Value {
        self.any(&["groups", "nodes"], number)
    }

    fn seat(&self, number: u8) -> Value {
        self.any(&["groups", "nodes", "seats", "nodes"], number)
    }

    fn membership(&self, number: u8) -> Value {
        self.any(&["groups", "nodes", "seats", "nodes", "members", "nodes"], number)
    }

    fn position(&self, number: u8) -> Value {
        self.any(&["organisations", "nodes", "positions", "nodes"], number)
    }

    fn tenure(&self, number: u8) -> Value {
        self.any(&["people", "nodes", "tenures"], number)
    }
}

/// A day between 2016 and 2035.
fn day(number: u8) -> String {
    format!("{}-{:02}-01", 2016 + u32::from(number) % 20, 1 + u32::from(number) / 25)
}

/// Makes one edit; whether it went well.
pub async fn make(client: &Client, edit: Edit, number: usize) -> bool {
    let things = Things(client.ask(EVERYTHING).await);
    let (mutation, input) = mutation(&things, edit, &format!("Ny {number}"), number);
    client.change(mutation, input, "change { id }").await["change"]["id"].is_string()
}

/// The rest of an input, with the thing that is to change and the version that was seen.
fn with(field: &str, thing: Value, mut rest: Value) -> Value {
    rest[field] = thing["id"].clone();
    rest["expectedVersion"] = thing["version"].clone();
    rest
}

/// Half of the edits are of members and seats, half of everything else.
fn mutation(things: &Things, edit: Edit, name: &str, number: usize) -> (&'static str, Value) {
    if edit.0.is_multiple_of(2) { of_seats(things, edit, name) } else { of_others(things, edit, name, number) }
}

fn of_seats(things: &Things, (what, a, b, c): Edit, name: &str) -> (&'static str, Value) {
    let (on, person) = (day(c), things.person(b)["id"].clone());
    match what / 2 % 7 {
        0 => ("addMember", json!({ "seat": { "id": things.seat(a)["id"] }, "person": person, "from": on })),
        1 => {
            let place = json!({ "group": things.group(a)["id"], "role": "SECRETARY" });
            ("addMember", json!({ "seat": { "place": place }, "person": person }))
        }
        2 => {
            let rest = json!({ "until": on, "decision": { "reference": name } });
            ("changeMembership", with("membership", things.membership(a), rest))
        }
        3 => ("endMembership", with("membership", things.membership(a), json!({ "until": on, "endReason": "Slut" }))),
        4 => ("replaceMember", with("membership", things.membership(a), json!({ "person": person, "on": on }))),
        5 => {
            let (group, organisation) = (things.group(a)["id"].clone(), things.organisation(b)["id"].clone());
            ("openSeat", json!({ "group": group, "role": "MEMBER", "organisation": organisation, "capacity": 2 }))
        }
        _ => ("closeSeat", with("seat", things.seat(a), json!({ "until": on }))),
    }
}

fn of_others(things: &Things, (what, a, b, c): Edit, name: &str, number: usize) -> (&'static str, Value) {
    let (on, person, group) = (day(c), things.person(b)["id"].clone(), things.group(a)["id"].clone());
    match what / 2 % 11 {
        0 => ("createPerson", json!({ "givenName": "Ny", "familyName": name })),
        1 => ("updatePerson", with("person", things.person(a), json!({ "familyName": name }))),
        2 => {
            let position = things.position(a)["id"].clone();
            ("startTenure", json!({ "position": position, "person": person, "from": on, "takesOver": true }))
        }
        3 => ("endTenure", with("tenure", things.tenure(a), json!({ "until": on }))),
        4 => {
            let slug = format!("g{number}");
            ("createGroup", json!({ "slug": slug, "name": name, "kind": "WORKING_GROUP", "parent": group }))
        }
        5 => ("updateGroup", with("group", things.group(a), json!({ "name": name, "purpose": "Att pröva" }))),
        6 => ("renameOrganisation", with("organisation", things.organisation(a), json!({ "name": name, "from": on }))),
        7 => {
            let value = format!("p{number}@example.org");
            ("addContactPoint", json!({ "of": things.person(a)["id"], "kind": "EMAIL", "value": value }))
        }
        8 => ("openPosition", json!({ "organisation": things.organisation(a)["id"], "title": name })),
        9 => {
            let duplicate = things.person(a.wrapping_add(1));
            let rest = json!({ "duplicate": duplicate["id"], "duplicateExpectedVersion": duplicate["version"] });
            ("mergePeople", with("keep", things.person(a), rest))
        }
        _ => {
            let identity = json!({ "signIn": { "issuer": "i", "subject": name } });
            ("grantRole", json!({ "identity": identity, "role": "COORDINATOR", "group": group }))
        }
    }
}

/// A directory after all edits, and how many of them went well.
pub async fn edited(edits: &[Edit]) -> (TestApp, usize) {
    let app = TestApp::of(WORLD).await;
    let (client, mut well) = (app.administrator(), 0);
    for (number, edit) in edits.iter().enumerate() {
        well += usize::from(make(&client, *edit, number).await);
    }
    (app, well)
}
