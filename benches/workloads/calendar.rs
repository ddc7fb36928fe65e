//! A year's calendar: of whom, made how, and what its file says in the floor's words.

use std::collections::HashMap;

use chrono::Days;
use entity::values::{Audience, GlobalId, Instant, SubjectKind};
use samverkan::db::{Db, Sql};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::Outcome;
use crate::ask::{Argument, Ask};
use crate::draw::{Draw, Now};
use crate::driver::{Connection, Target};
use crate::workload::Workload;

/// How many groups somebody sits in at most.
const GROUPS: i64 = 20;
/// How many people there are.
const PEOPLE: i64 = 50;
/// How many years are asked of each; they begin on some day of the last half year.
const YEARS: usize = 20;
const BACK: usize = 183;
const YEAR: Days = Days::new(365);

/// What is told of an event; the rest of it follows from this.
const PROPERTIES: [&str; 11] = [
    "UID",
    "SEQUENCE",
    "LAST-MODIFIED",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "DESCRIPTION",
    "LOCATION",
    "CONFERENCE",
    "CATEGORIES",
    "STATUS",
];

/// Years of those who sit in the most groups. Their calendars are made by the server. A token's rights do not pass to a calendar, so that
/// each shows what everybody sees who has signed in.
pub async fn asks(db: &Db, server: &Target, draw: &mut Draw, now: Now) -> Outcome<Vec<Ask>> {
    let seen = Audience::SignedIn;
    let people = busy(db, now, seen).await?;
    // Not before: the server waits for a first request no longer than it has to.
    let mut server = Connection::open(server).await?;
    let mut asks = Vec::new();
    for person in people {
        let path = made(&mut server, person).await?;
        for _ in 0..YEARS {
            let from = now.today.checked_sub_days(Days::new(draw.below(BACK) as u64)).ok_or("the first day")?;
            let until = from.checked_add_days(YEAR).ok_or("the last day")?;
            let [first, after] = [from, until].map(|day| Argument::Number(Instant::start_of(day).0));
            let arguments = [Argument::Id(person), first, after, Argument::Number(seen as i64)];
            asks.push(Ask::file(format!("{path}?from={from}&until={until}"), &arguments));
        }
    }
    let wanted = asks.len();
    Ok(draw.some(asks, wanted))
}

/// Those who sit in the most groups, as far as everybody sees it who has signed in.
async fn busy(db: &Db, now: Now, seen: Audience) -> Outcome<Vec<Uuid>> {
    let sql = "SELECT m.person_id FROM membership m JOIN person h ON h.id = m.person_id
         JOIN seat s ON s.id = m.seat_id JOIN \"group\" g ON g.id = s.group_id
         WHERE m.valid_from <= ? AND m.valid_until > ? AND g.audience <= ? AND h.audience <= ? AND NOT h.protected
         GROUP BY m.person_id HAVING count(DISTINCT s.group_id) <= ?
         ORDER BY count(DISTINCT s.group_id) DESC, m.person_id LIMIT ?";
    let values = [now.today.into(), now.today.into(), seen.into(), seen.into(), GROUPS.into(), PEOPLE.into()];
    let rows = db.query(Sql::new(sql, values)).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

/// The path of a new calendar of somebody's meetings.
async fn made(server: &mut Connection, person: Uuid) -> Outcome<String> {
    let person = GlobalId { kind: Some(SubjectKind::Person), id: person, lens: None }.to_string();
    let variables = json!({ "input": { "name": "Möten", "filter": { "person": person } } });
    let body = json!({ "query": Workload::W8.query(), "variables": variables });
    let answer = server.json(&body.to_string()).await?;
    let url = answer["data"]["createCalendar"]["calendar"]["url"].as_str();
    let secret = url.and_then(|url| url.rsplit_once('/')).ok_or_else(|| format!("no calendar: {answer}"))?.1;
    Ok(format!("/calendars/{secret}"))
}

/// The events of a file, as the floor tells them.
pub fn events(text: &str) -> Outcome<Value> {
    let whole = text.replace("\r\n ", "");
    let mut events = Vec::new();
    for event in whole.split("BEGIN:VEVENT\r\n").skip(1) {
        let told: HashMap<&str, &str> = event.split("\r\n").filter_map(property).collect();
        let value = |name| (name, told.get(name).map(|value| json!(plain(value))).unwrap_or_default());
        events.push(json!(PROPERTIES.map(value).into_iter().collect::<HashMap<_, _>>()));
    }
    if events.is_empty() {
        Err(format!("a calendar without events: {text}").into())
    } else {
        Ok(json!({ "events": events }))
    }
}

/// The name and the value of a line, without parameters.
fn property(line: &str) -> Option<(&str, &str)> {
    let (head, value) = line.split_once(':')?;
    Some((head.split(';').next()?, value))
}

/// A text without its escapes.
fn plain(value: &str) -> String {
    value.replace("\\,", ",").replace("\\;", ";").replace("\\n", "\n").replace("\\\\", "\\")
}
