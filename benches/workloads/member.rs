//! `addMember`: who can be added where, what the floor inserts, and whether both leave the same rows.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::Dated;
use entity::values::{GlobalId, Instant, Period, SubjectKind};
use entity::{change, change_value, membership, organisation, seat};
use samverkan::db::{Db, Sql};
use samverkan::policy::SignIn;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Value};
use serde_json::json;
use uuid::Uuid;

use crate::Outcome;
use crate::ask::{Argument, Ask};
use crate::draw::Draw;
use crate::workload::Workload;

/// At most this many seats take turns.
const SEATS: usize = 5_000;
/// At most this many people do.
const PEOPLE: usize = 5_000;
/// How many more than before may sit on a seat.
const ROOM: usize = 1_000;

/// Whose token the server is sent.
pub fn administrator() -> String {
    let sign_in = SignIn { issuer: "samverkan".to_owned(), subject: "administrator".to_owned(), claims: Vec::new() };
    sign_in.identity().to_string()
}

/// Members that can be added one after the other, nobody twice. The database must be a copy: its seats get room for them.
pub async fn asks(db: &Db, draw: &mut Draw, today: NaiveDate, wanted: usize) -> Outcome<Vec<Ask>> {
    let seats = draw.some(open_seats(db, today).await?, SEATS);
    let people = draw.some(ids(db, Sql::text("SELECT id FROM person ORDER BY id")).await?, PEOPLE);
    make_room(db, &seats).await?;
    let mut taken = sitting(db, &seats, today).await?;
    let mut asks = Vec::new();
    for pass in 0..people.len().min(ROOM) {
        for (place, seat) in seats.iter().enumerate() {
            let person = people[(place * 7 + pass) % people.len()];
            if taken.insert((*seat, person)) {
                asks.push(ask(*seat, person, today));
            }
            if asks.len() == wanted {
                return Ok(asks);
            }
        }
    }
    Ok(asks)
}

fn ask(seat: Uuid, person: Uuid, today: NaiveDate) -> Ask {
    let global = |kind, id| GlobalId { kind: Some(kind), id, lens: None }.to_string();
    let input =
        json!({ "seat": { "id": global(SubjectKind::Seat, seat) }, "person": global(SubjectKind::Person, person) });
    let arguments = [Argument::Id(seat), Argument::Id(person), Argument::Day(today), Argument::Text(administrator())];
    Ask::new(Workload::W7, json!({ "input": input }), &arguments)
}

/// Seats of which one names the members.
async fn open_seats(db: &Db, today: NaiveDate) -> Outcome<Vec<Uuid>> {
    let sql = "SELECT s.id FROM seat s LEFT JOIN organisation o ON o.id = s.organisation_id
         WHERE s.position_id IS NULL AND s.valid_from <= ? AND s.valid_until > ?
            AND (o.id IS NULL OR (o.valid_from <= ? AND o.valid_until > ?))
         ORDER BY s.id";
    ids(db, Sql::new(sql, [today; 4].map(Value::from))).await
}

/// Most seats are taken. They keep a capacity, so that its rule has as much to do as ever.
async fn make_room(db: &Db, seats: &[Uuid]) -> Outcome<()> {
    let more = seat::Entity::update_many()
        .col_expr(seat::Column::Capacity, Expr::col(seat::Column::Capacity).add(ROOM as i32))
        .filter(seat::Column::Capacity.is_not_null())
        .filter(seat::Column::Id.is_in(seats.iter().copied()));
    more.exec(db.writer()).await?;
    Ok(())
}

async fn sitting(db: &Db, seats: &[Uuid], today: NaiveDate) -> Outcome<HashSet<(Uuid, Uuid)>> {
    let sql =
        Sql::new("SELECT seat_id, person_id FROM membership WHERE valid_until > ? AND seat_id IN", [today.into()]);
    let rows = db.query(sql.then(Sql::list(seats.iter().copied()))).await?;
    Ok(rows.iter().map(|row| row.try_get_many_by_index()).collect::<Result<_, _>>()?)
}

async fn ids(db: &Db, sql: Sql) -> Outcome<Vec<Uuid>> {
    Ok(db.query(sql).await?.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

/// A membership that the floor is to insert.
pub struct New {
    id: Uuid,
    seat: Uuid,
    person: Uuid,
    today: NaiveDate,
    now: i64,
    actor: String,
    request: String,
}

impl New {
    /// The one that the arguments ask for.
    #[expect(clippy::disallowed_methods, reason = "the floor is a program of its own")]
    pub fn of(arguments: Vec<Argument>) -> poem::Result<Self> {
        match <[Argument; 4]>::try_from(arguments) {
            Ok([Argument::Id(seat), Argument::Id(person), Argument::Day(today), Argument::Text(actor)]) => Ok(Self {
                id: Uuid::now_v7(),
                seat,
                person,
                today,
                now: Instant::from(chrono::Utc::now()).0,
                actor,
                request: Uuid::now_v7().to_string(),
            }),
            _ => Err(poem::Error::from_string("seat, person, day and actor", poem::http::StatusCode::BAD_REQUEST)),
        }
    }

    fn global(&self) -> String {
        GlobalId { kind: Some(SubjectKind::Membership), id: self.id, lens: None }.to_string()
    }

    /// For the one statement of PostgreSQL.
    pub fn values(self) -> Vec<Value> {
        let global = self.global();
        let Self { id, seat, person, today, now, actor, request } = self;
        vec![
            id.into(),
            global.into(),
            seat.into(),
            person.into(),
            today.into(),
            now.into(),
            actor.into(),
            request.into(),
        ]
    }

    /// The three statements of SQLite.
    pub fn inserts(&self) -> [(&'static str, Vec<Value>); 3] {
        let Self { id, seat, person, today, now, actor, request } = self;
        let texts = [self.global(), id.to_string(), seat.to_string(), person.to_string()].map(Value::from);
        [
            (
                include_str!("floor/sqlite/w7_membership.sql"),
                vec![(*id).into(), (*seat).into(), (*person).into(), (*today).into()],
            ),
            (
                include_str!("floor/sqlite/w7_change.sql"),
                vec![(*id).into(), (*now).into(), actor.clone().into(), request.clone().into()],
            ),
            (include_str!("floor/sqlite/w7_change_value.sql"), std::iter::once((*id).into()).chain(texts).collect()),
        ]
    }
}

/// Whether an answer tells of a membership that is there as it was asked for, with its entry in the trail.
pub async fn check(db: &Db, ask: &Ask, answer: &serde_json::Value) -> Outcome<()> {
    let told = answer["addMember"]["membership"]["id"].as_str().unwrap_or_default();
    let id = GlobalId::parse(told).of(SubjectKind::Membership);
    let found = membership::Entity::find_by_id(id).one(db.writer()).await?;
    let found = found.ok_or_else(|| format!("there is no membership {told}: {answer}"))?;
    let wanted = wanted(db, id, &ask.floor).await?;
    if found != wanted {
        return Err(format!("the membership is not as it was asked for:\n{found:?}\n{wanted:?}").into());
    }
    let changes = change::Entity::find().filter(change::Column::SubjectId.eq(id)).all(db.writer()).await?;
    let [entry] = changes.as_slice() else { return Err(format!("{} changes of {told}", changes.len()).into()) };
    let as_it_should_be = change::Model {
        seq: entry.seq,
        at: entry.at,
        actor: administrator(),
        verb: "addMember".to_owned(),
        subject_kind: SubjectKind::Membership,
        subject_id: id,
        reason: None,
        person_id: None,
        on_behalf_of_id: None,
        request_id: entry.request_id.clone(),
    };
    if *entry != as_it_should_be || entry.request_id.is_none() {
        return Err(format!("the change is not as it should be: {entry:?}").into());
    }
    let values = change_value::Entity::find()
        .filter(change_value::Column::Seq.eq(entry.seq))
        .filter(change_value::Column::RowTable.eq("membership"));
    let values = values.all(db.writer()).await?;
    let [value] = values.as_slice() else { return Err(format!("{} values of {told}", values.len()).into()) };
    let now: serde_json::Value = serde_json::from_str(value.now.as_deref().unwrap_or_default())?;
    if value.row_id != id || value.was.is_some() || now != serde_json::to_value(&found)? {
        return Err(format!("the trail does not hold the row: {value:?}").into());
    }
    Ok(())
}

/// The row that the arguments ask for, reckoned in Rust.
async fn wanted(db: &Db, id: Uuid, arguments: &str) -> Outcome<membership::Model> {
    let new = New::of(serde_json::from_str(arguments)?)?;
    let seat = seat::Entity::find_by_id(new.seat).one(db.writer()).await?.ok_or("no seat")?;
    let organisation = match seat.organisation_id {
        Some(id) => organisation::Entity::find_by_id(id).one(db.writer()).await?,
        None => None,
    };
    let outer = organisation.map_or(Some(seat.period()), |row| row.period().intersection(seat.period()));
    let period = Period::new(Some(new.today), None).map_err(|wrong| wrong.to_string())?;
    let (valid_from, valid_until, valid_precision) = period.within(outer.ok_or("no common day")?).columns();
    Ok(membership::Model {
        id,
        seat_id: new.seat,
        person_id: new.person,
        on_behalf_of_id: seat.organisation_id,
        decision_body: None,
        decision_date: None,
        decision_reference: None,
        end_reason: None,
        replaces_id: None,
        tenure_id: None,
        valid_from,
        valid_until,
        valid_precision,
        version: 1,
    })
}
