//! What tests about planning share: a directory of its own, and short ways to say what is asked for.

use entity::values::Role;
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

pub const WORLD: &str = include_str!("world.toml");

/// All that is asked of a meeting.
pub const MEETING: &str = "meeting { id version state kind title startsAt endsAt movedFrom
    sittings { id startsAt endsAt place digitalOffered digitalUrl joint groups { slug } } }";

/// Somebody who keeps both groups.
pub async fn keeper(app: &TestApp) -> Client {
    let rights = vec![app.right(Role::Coordinator, "svom").await, app.right(Role::Coordinator, "buz").await];
    app.signed_in("keeper", rights)
}

/// A group's id.
pub async fn group(client: &Client, slug: &str) -> Value {
    client.ask(&format!("{{ group(by: {{slug: {slug:?}}}) {{ id version }} }}")).await["group"]["id"].take()
}

/// Somebody's id.
pub async fn person(app: &TestApp, family_name: &str) -> Value {
    let query = format!("{{ people(filter: {{familyNameStartsWith: {family_name:?}}}) {{ nodes {{ id }} }} }}");
    app.administrator().ask(&query).await["people"]["nodes"][0]["id"].take()
}

/// A sitting, on the clock of Stockholm in winter.
pub fn sitting(day: &str, from: &str, until: &str, groups: &[&Value]) -> Value {
    json!({ "startsAt": format!("{day}T{from}:00+01:00"), "endsAt": format!("{day}T{until}:00+01:00"), "groups": groups })
}

/// A day with a joint opening, and then a sitting of each group, on 4 December 2026.
pub async fn joint_day(client: &Client) -> Value {
    let (svom, buz) = (group(client, "svom").await, group(client, "buz").await);
    let day = "2026-12-04";
    let sittings = json!([
        sitting(day, "09:00", "10:00", &[&svom, &buz]),
        sitting(day, "10:15", "12:00", &[&svom]),
        sitting(day, "10:15", "15:00", &[&buz]),
    ]);
    let input = json!({ "title": "Gemensam mötesdag", "sittings": sittings });
    client.done("planMeeting", input, MEETING).await["meeting"].take()
}

/// A meeting of one group, of an hour from nine on a winter's day.
pub async fn plan(client: &Client, slug: &str, day: &str) -> Value {
    let group = group(client, slug).await;
    let input = json!({ "sittings": [sitting(day, "09:00", "10:00", &[&group])] });
    client.done("planMeeting", input, MEETING).await["meeting"].take()
}

/// What names a meeting as it was seen.
pub fn seen(meeting: &Value) -> Value {
    json!({ "meeting": meeting["id"], "expectedVersion": meeting["version"] })
}

/// The same with more.
pub fn with(mut input: Value, more: Value) -> Value {
    input.as_object_mut().expect("an input").extend(more.as_object().expect("more").clone());
    input
}
