//! Drawing what to ask for: the same at every run on the same data.

use chrono::{Days, NaiveDate};
use entity::values::{GlobalId, Instant, SubjectKind, search_key, sort_key_range};
use samverkan::db::{Db, Sql};
use sea_orm::TryGetable;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ask::{Argument, Ask};
use crate::driver::{Connection, Target};
use crate::workload::Workload;
use crate::{Outcome, calendar, record};

/// How many of each question there are; then they begin again.
pub const ASKS: usize = 1_000;
/// Where the 400th page of 50 begins.
const DEEP: usize = 19_950;
const PAGE: usize = 50;

/// Numbers that look random: splitmix64.
pub struct Draw(u64);

impl Draw {
    /// From the same start come the same numbers.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below another.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap_or(0)
    }

    /// At most this many of them, in random order.
    pub fn some<T>(&mut self, mut all: Vec<T>, wanted: usize) -> Vec<T> {
        let wanted = wanted.min(all.len());
        for place in 0..wanted {
            let other = place + self.below(all.len() - place);
            all.swap(place, other);
        }
        all.truncate(wanted);
        all
    }
}

/// The day and the moment of the run.
#[derive(Clone, Copy)]
pub struct Now {
    pub today: NaiveDate,
    pub instant: Instant,
}

impl Now {
    /// As the clock says.
    #[expect(clippy::disallowed_methods, reason = "a program of its own")]
    pub fn read() -> Self {
        let instant = Instant::from(chrono::Utc::now());
        Self { today: instant.day(), instant }
    }
}

/// What is asked of a workload that reads.
pub async fn asks(workload: Workload, db: &Db, server: &Target, now: Now) -> Outcome<Vec<Ask>> {
    let mut draw = Draw::new(1);
    let asks = match workload {
        Workload::W1 => groups(db, &mut draw, now).await?,
        Workload::W2 => pages_of_groups(db, server, &mut draw, now).await?,
        Workload::W3 => beginnings(db, &mut draw).await?,
        Workload::W4 => people(db, &mut draw, now).await?,
        Workload::W5 => texts(db, &mut draw, now).await?,
        Workload::W6 => pages_of_people(db, server, &mut draw).await?,
        Workload::W7 => Vec::new(),
        Workload::W8 => calendar::asks(db, server, &mut draw, now).await?,
        Workload::W9 => record::agreements(db, &mut draw, now).await?,
        Workload::W10 => record::projects(db, &mut draw, now).await?,
    };
    if asks.is_empty() { Err(format!("there is nothing to ask of {workload:?}").into()) } else { Ok(asks) }
}

async fn column<T: TryGetable>(db: &Db, sql: &str) -> Outcome<Vec<T>> {
    Ok(db.query(Sql::text(sql)).await?.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

async fn groups(db: &Db, draw: &mut Draw, now: Now) -> Outcome<Vec<Ask>> {
    let sql = "SELECT slug FROM \"group\" WHERE valid_from <= ? AND valid_until > ? ORDER BY slug";
    let rows = db.query(Sql::new(sql, [now.today.into(), now.today.into()])).await?;
    let slugs: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?;
    let ask = |slug: String| {
        Ask::new(Workload::W1, json!({ "slug": slug }), &[Argument::Text(slug.clone()), Argument::Day(now.today)])
    };
    Ok(draw.some(slugs, ASKS).into_iter().map(ask).collect())
}

async fn pages_of_groups(db: &Db, server: &Target, draw: &mut Draw, now: Now) -> Outcome<Vec<Ask>> {
    let mut rows = walk(server, "groups", usize::MAX).await?;
    rows.truncate(rows.len().saturating_sub(PAGE));
    let first = [Argument::Bytes(Vec::new()), Argument::Id(Uuid::nil())];
    let mut starts = vec![(None, first)];
    for (cursor, id) in draw.some(rows, ASKS - 1) {
        starts.push((Some(cursor), place(db, "\"group\"", id).await?));
    }
    let ask = |(cursor, [key, id]): (Option<String>, [Argument; 2])| {
        let arguments = [Argument::Day(now.today), Argument::Number(now.instant.0), key, id];
        Ask::new(Workload::W2, json!({ "after": cursor }), &arguments)
    };
    Ok(starts.into_iter().map(ask).collect())
}

/// The first three letters of the family names of random people, so that common names come often.
async fn beginnings(db: &Db, draw: &mut Draw) -> Outcome<Vec<Ask>> {
    let names: Vec<String> = column(db, "SELECT family_name FROM person ORDER BY id").await?;
    let ask = |name: String| {
        let start: String = name.chars().take(3).collect();
        let (from, until) = sort_key_range(&start);
        let range = [from, until.unwrap_or_default()].map(Argument::Bytes);
        Ask::new(Workload::W3, json!({ "start": start }), &range)
    };
    Ok(draw.some(names, ASKS).into_iter().map(ask).collect())
}

async fn people(db: &Db, draw: &mut Draw, now: Now) -> Outcome<Vec<Ask>> {
    let sql = "SELECT id FROM person h WHERE EXISTS (SELECT 1 FROM membership m WHERE m.person_id = h.id) ORDER BY id";
    let ids: Vec<Uuid> = column(db, sql).await?;
    let until = now.today.checked_add_days(Days::new(730)).ok_or("the end of the calendar")?;
    let days = json!({ "from": now.today.to_string(), "until": until.to_string() });
    let range = [now.today, until].map(|day| Argument::Number(Instant::start_of(day).0));
    let ask = |id| {
        let global = GlobalId { kind: Some(SubjectKind::Person), id, lens: None };
        let arguments = [[Argument::Id(id), Argument::Day(now.today)], range.clone()].concat();
        Ask::new(Workload::W4, json!({ "id": global.to_string(), "days": days }), &arguments)
    };
    Ok(draw.some(ids, ASKS).into_iter().map(ask).collect())
}

/// The first four or more letters of a word in the name of something, of each kind as often.
async fn texts(db: &Db, draw: &mut Draw, now: Now) -> Outcome<Vec<Ask>> {
    let mut texts = Vec::new();
    for names in [
        "SELECT name FROM organisation_name ORDER BY id",
        "SELECT name FROM \"group\" ORDER BY id",
        "SELECT title FROM position ORDER BY id",
        "SELECT family_name FROM person ORDER BY id",
        "SELECT name FROM project ORDER BY id",
    ] {
        for name in draw.some(column::<String>(db, names).await?, ASKS / 5) {
            let words: Vec<&str> = name.split_whitespace().filter(|word| word.chars().count() >= 4).collect();
            if !words.is_empty() {
                let word = words[draw.below(words.len())];
                texts.push(word.chars().take(4 + draw.below(5)).collect());
            }
        }
    }
    let ask = |text: String| {
        let arguments = [Argument::Day(now.today), Argument::Text(search_key(&text))];
        Ask::new(Workload::W5, json!({ "text": text }), &arguments)
    };
    Ok(draw.some(texts, ASKS).into_iter().map(ask).collect())
}

/// Pages that begin about where the 400th does; the last pages where there are fewer people.
async fn pages_of_people(db: &Db, server: &Target, draw: &mut Draw) -> Outcome<Vec<Ask>> {
    let mut rows = walk(server, "people", DEEP + ASKS / 2 + PAGE).await?;
    rows.truncate(rows.len().saturating_sub(PAGE));
    let around = rows.split_off(rows.len().saturating_sub(ASKS));
    let mut asks = Vec::new();
    for (cursor, id) in draw.some(around, ASKS) {
        asks.push(Ask::new(Workload::W6, json!({ "after": cursor }), &place(db, "person", id).await?));
    }
    Ok(asks)
}

/// The cursors and ids of the first rows of a list.
async fn walk(server: &Target, list: &str, wanted: usize) -> Outcome<Vec<(String, Uuid)>> {
    let query = format!(
        "query($after: String) {{ {list}(first: 100, after: $after) {{ edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage }} }} }}"
    );
    let mut server = Connection::open(server).await?;
    let mut rows: Vec<(String, Uuid)> = Vec::new();
    loop {
        let after = rows.last().map(|(cursor, _)| cursor);
        let body = json!({ "query": query, "variables": { "after": after } }).to_string();
        let answer: Value = server.json(&body).await?;
        let list = &answer["data"][list];
        for edge in list["edges"].as_array().ok_or_else(|| format!("no edges: {answer}"))? {
            let text = |value: &Value| value.as_str().map(str::to_owned).ok_or("no text");
            rows.push((text(&edge["cursor"])?, GlobalId::parse(&text(&edge["node"]["id"])?).id));
        }
        if rows.len() >= wanted || list["pageInfo"]["hasNextPage"] != Value::Bool(true) {
            rows.truncate(wanted);
            return Ok(rows);
        }
    }
}

/// Where a row stands in its list.
async fn place(db: &Db, table: &str, id: Uuid) -> Outcome<[Argument; 2]> {
    let rows = db.query(Sql::new(format!("SELECT sort_key FROM {table} WHERE id = ?"), [id.into()])).await?;
    let key = rows.first().ok_or("a row that is not there")?.try_get_by_index(0)?;
    Ok([Argument::Bytes(key), Argument::Id(id)])
}
