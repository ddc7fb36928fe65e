//! What the trail says since it was last read: which meetings may call others than before, or otherwise.

use std::collections::HashSet;

use entity::{change, change_value, trail_reader};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::wanted;
use crate::app::App;
use crate::db::{Sql, sql};
use crate::domain::meeting::earliest;
use crate::domain::view::View;
use crate::error::Error;

const NAME: &str = "invitations";
/// Entries that are read together, and ids that one statement looks up.
const ENTRIES: u64 = 100;
const IDS: usize = 1_000;

/// Reads on, and brings what is to be told to what is true now. Whether there was anything to read.
pub async fn read(app: &App) -> Result<bool, Error> {
    let db = app.db.reader().await;
    let reader = trail_reader::Entity::find_by_id(NAME).one(db).await?;
    let reader = reader.ok_or_else(|| Error::Internal("nobody has begun to read the trail".to_owned()))?;
    let entries = change::Entity::find().filter(change::Column::Seq.gt(reader.seq)).order_by_asc(change::Column::Seq);
    let entries: Vec<i64> =
        entries.select_only().column(change::Column::Seq).limit(ENTRIES).into_tuple().all(db).await?;
    let Some(last) = entries.last().copied() else { return Ok(false) };
    let values = change_value::Entity::find().filter(change_value::Column::Seq.between(reader.seq + 1, last));
    let ids = ids(&values.all(db).await?);
    let view = View::today(app.clone(), super::actor());
    let meetings = meetings(&view, ids.into_iter().collect()).await?;
    let wanted = wanted::of(&view, &meetings).await?;
    let transaction = app.db.begin().await?;
    // Or another instance has read on meanwhile.
    if step(&transaction, reader.seq, last).await? {
        wanted.settle(&transaction, &meetings).await?;
    }
    transaction.commit().await?;
    Ok(true)
}

/// Where invitations are sent for the first time, they are of what changes from now on: of what was planned before, people know otherwise.
pub async fn begin(app: &App) -> Result<(), Error> {
    let last = change::Entity::find().select_only().column_as(change::Column::Seq.max(), "seq");
    let last: Option<Option<i64>> = last.into_tuple().one(app.db.reader().await).await?;
    let row = trail_reader::ActiveModel { name: Set(NAME.to_owned()), seq: Set(last.flatten().unwrap_or_default()) };
    let known = OnConflict::column(trail_reader::Column::Name).do_nothing().to_owned();
    trail_reader::Entity::insert(row).on_conflict(known).exec_without_returning(app.db.writer()).await?;
    Ok(())
}

/// Takes the entries up to the last, unless another instance has.
async fn step(transaction: &DatabaseTransaction, from: i64, last: i64) -> Result<bool, Error> {
    let read = trail_reader::Entity::update_many()
        .col_expr(trail_reader::Column::Seq, Expr::value(last))
        .filter(trail_reader::Column::Name.eq(NAME))
        .filter(trail_reader::Column::Seq.eq(from));
    Ok(read.exec(transaction).await?.rows_affected == 1)
}

/// The rows that entries changed, and those that they belong to where they are gone or new.
fn ids(values: &[change_value::Model]) -> HashSet<Uuid> {
    let mut ids = HashSet::new();
    for value in values {
        let Some(columns) = belonging(&value.row_table) else { continue };
        ids.insert(value.row_id);
        for text in [&value.was, &value.now].into_iter().flatten() {
            let row: Map<String, Value> = serde_json::from_str(text).unwrap_or_default();
            let named = columns.iter().filter_map(|column| row.get(*column)?.as_str()?.parse::<Uuid>().ok());
            ids.extend(named);
        }
    }
    ids
}

/// The columns by which a row leads to meetings; none of a table that has nothing to do with who is called to what.
fn belonging(table: &str) -> Option<&'static [&'static str]> {
    match table {
        "meeting" | "seat" => Some(&[]),
        "sitting" | "sitting_group" | "attendance" => Some(&["meeting_id"]),
        "membership" => Some(&["seat_id"]),
        "substitution" => Some(&["membership_id", "meeting_id"]),
        "tenure" => Some(&["person_id"]),
        "contact_point" => Some(&["subject_id"]),
        _ => None,
    }
}

/// The meetings that are among the rows, and the coming ones of the seats to which they lead. Ids are unique over all tables.
async fn meetings(view: &View, rows: Vec<Uuid>) -> Result<Vec<Uuid>, Error> {
    let mut found: HashSet<Uuid> = rows.iter().copied().collect();
    for some in rows.chunks(IDS) {
        let list = || Sql::list(some.iter().copied());
        let within = |select: &str| Sql::from(select).then(list());
        // Whose contact points they are, and who holds the positions.
        let reached = within("SELECT c.subject_id FROM contact_point c WHERE c.id IN")
            .then(within("UNION SELECT t.person_id FROM tenure t WHERE t.id IN"))
            .then(within("UNION SELECT t.person_id FROM tenure t WHERE t.position_id IN"))
            .then(within("UNION SELECT t.person_id FROM contact_point c JOIN tenure t ON t.position_id = c.subject_id WHERE c.id IN"));
        let mut reached = found_by(view, reached).await?;
        reached.extend(some);
        let reached: Vec<Uuid> = reached.into_iter().collect();
        for some in reached.chunks(IDS) {
            found.extend(found_by(view, coming(view, some)).await?);
        }
    }
    Ok(found.into_iter().collect())
}

async fn found_by(view: &View, query: Sql) -> Result<HashSet<Uuid>, Error> {
    let found = view.app.db.query(query).await?;
    found.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// The coming meetings of groups with one of the seats, or a seat of one of the memberships, substitutions or people.
fn coming(view: &View, of: &[Uuid]) -> Sql {
    let within = |select: &str| Sql::from(select).then(Sql::list(of.iter().copied()));
    let stands_in = "SELECT m.seat_id FROM substitution x JOIN membership m ON m.id = x.membership_id WHERE";
    let seats = within("SELECT s.id FROM seat s WHERE s.id IN")
        .then(within("UNION SELECT m.seat_id FROM membership m WHERE m.id IN"))
        .then(within("UNION SELECT m.seat_id FROM membership m WHERE m.person_id IN"))
        .then(within(&format!("UNION {stands_in} x.id IN")))
        .then(within(&format!("UNION {stands_in} x.person_id IN")));
    let now = view.app.now();
    Sql::from("SELECT DISTINCT i.meeting_id FROM seat s JOIN sitting_group i ON i.group_id = s.group_id WHERE")
        .then(Sql::among("s.id", seats))
        .and(sql!("i.starts_at > ? AND i.ends_at > ?", earliest(now), now))
}
