//! Pages of lists by keyset: a page goes on after a row, not after a number of rows, so that it stays right while rows come and go.

mod changeable;
mod cut;
mod key;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::{DbBackend, QueryResult, Value};
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::{Cells, Columns, Select};
use crate::domain::view::View;
use crate::error::{Code, Error};

pub use key::Key;

/// Rows on a page when the asker names no number.
pub const DEFAULT_LIMIT: u32 = 25;
/// Most rows on a page.
pub const MAX_LIMIT: u32 = 100;

/// The part of a list that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Page {
    limit: u32,
    backward: bool,
    after: Option<String>,
    before: Option<String>,
    /// Whether the asker wants the number of all rows.
    pub count: bool,
    /// Whether the asker wants to know where rows stand in the list: their cursors, and whether there are more.
    pub placed: bool,
}

impl Page {
    /// A page as Relay's arguments name it.
    pub fn new(
        (first, after): (Option<i32>, Option<String>),
        (last, before): (Option<i32>, Option<String>),
    ) -> Result<Self, Error> {
        let (wanted, backward) = match (first, last) {
            (Some(_), Some(_)) => return Err(Error::invalid(Code::InvalidPage, "give first or last, not both")),
            (None, Some(last)) => (last, true),
            (first, None) => (first.unwrap_or(DEFAULT_LIMIT as i32), false),
        };
        let limit = u32::try_from(wanted).ok().filter(|limit| *limit <= MAX_LIMIT);
        let wrong = || Error::invalid(Code::InvalidPage, format!("first and last take a number from 0 to {MAX_LIMIT}"));
        Ok(Self { limit: limit.ok_or_else(wrong)?, backward, after, before, count: false, placed: false })
    }

    /// The first rows, for lists that the schema gives whole.
    pub fn first(limit: u32) -> Self {
        Self { limit, backward: false, after: None, before: None, count: false, placed: false }
    }
}

/// A list: where its rows come from, which of them, and in what order.
pub struct List {
    /// Names the list and its order, so that a cursor of one is not taken for a cursor of another.
    pub name: &'static str,
    /// The row's columns.
    pub columns: Select,
    /// The main table's alias; its id is the last key.
    pub main: &'static str,
    /// The main table: `membership m`.
    pub table: &'static str,
    /// What is joined to it: `JOIN seat s ON s.id = m.seat_id …`.
    pub joins: Sql,
    /// Which rows: filter and scope.
    pub filter: Sql,
    /// The order.
    pub keys: &'static [Key],
    /// Last first.
    pub descending: bool,
    /// Cursors hold the row's id alone, and its keys are looked up when one comes back: for lists whose order the asker may feel but not
    /// read. The condition says which rows the asker may see: a cursor can be made up, and is not to tell of a hidden row.
    pub veiled: Option<Sql>,
}

/// What the rows of a list belong to: the parent's table, and when a row is one of the row `parent`.
pub struct Parent {
    /// The table: `"group"`.
    pub table: &'static str,
    /// The condition: `s.group_id = parent.id`.
    pub owns: Sql,
    /// Whether the rows are found by their ids. Then each is looked at for whether it is beyond a cursor.
    found: bool,
}

impl Parent {
    /// A parent and what it owns.
    pub fn new(table: &'static str, owns: impl Into<Sql>) -> Self {
        Self { table, owns: owns.into(), found: false }
    }

    /// A parent, and what selects the ids of what it owns.
    pub fn of_found(table: &'static str, id: &str, selected: impl Into<Sql>) -> Self {
        Self { table, owns: Sql::among(id, selected), found: true }
    }
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Slice<R> {
    /// The rows, each with its cursor, which is empty when nobody wants it.
    pub rows: Vec<(String, R)>,
    /// Whether there are rows before these.
    pub has_previous: bool,
    /// Whether there are rows after these.
    pub has_next: bool,
    /// How many there are in all, when asked for.
    pub total: Option<u64>,
}

impl<R> Slice<R> {
    /// A page of a list in which nothing is.
    pub fn empty(page: &Page) -> Self {
        Self { rows: Vec::new(), has_previous: false, has_next: false, total: page.count.then_some(0) }
    }

    fn of(mut rows: Vec<(String, R)>, page: &Page, total: Option<u64>) -> Self {
        let more = rows.len() > page.limit as usize;
        rows.truncate(page.limit as usize);
        if page.backward {
            rows.reverse();
            return Self { rows, has_previous: more, has_next: page.before.is_some(), total };
        }
        Self { rows, has_previous: page.after.is_some(), has_next: more, total }
    }
}

impl List {
    /// One page of the whole list.
    pub async fn page<R: Columns>(&self, view: &View, page: &Page) -> Result<Slice<R>, Error> {
        let query = self.part(Sql::from(self.table), None, page)?;
        let rows = self.rows(view.app.db.query(query).await?, page)?;
        let total = if page.count { Some(self.count(view).await?) } else { None };
        Ok(Slice::of(rows, page, total))
    }

    /// The statement that selects a page of what stands after FROM.
    fn part(&self, from: Sql, parent: Option<&Parent>, page: &Page) -> Result<Sql, Error> {
        let filter = self.wanted(parent, page)?;
        Ok(Sql::from("SELECT")
            .then(self.columns.sql())
            .then(self.key_columns(page))
            .then("FROM")
            .then(from)
            .then(self.joins.clone())
            .then(filtered(filter))
            .then(self.order(page, ""))
            .then(limit(page)))
    }

    /// The rows of a page. What the cursors say comes first: of two bounds of one column SQLite takes an index to the first.
    fn wanted(&self, parent: Option<&Parent>, page: &Page) -> Result<Sql, Error> {
        let beyond = self.beyond(page)?;
        let beyond = if parent.is_some_and(|parent| parent.found) { beyond.looked_at() } else { beyond };
        Ok(beyond.and(self.filter.clone()).and_some(parent, |parent| parent.owns.clone()))
    }

    fn rows<R: Columns>(&self, rows: Vec<QueryResult>, page: &Page) -> Result<Vec<(String, R)>, Error> {
        rows.iter().map(|row| self.read(&mut Cells::of(row, self.columns.present()), page)).collect()
    }

    /// All rows of the list, in an order.
    pub async fn all<R: Columns>(self, view: &View, order: &str) -> Result<Vec<R>, Error> {
        let from = Sql::from(format!("FROM {}", self.table)).then(self.joins).then(filtered(self.filter));
        view.select(&self.columns, from.then(order)).await
    }

    async fn count(&self, view: &View) -> Result<u64, Error> {
        let query = Sql::from(format!("SELECT count(*) FROM {}", self.table)).then(self.joins.clone());
        let rows = view.app.db.query(query.then(filtered(self.filter.clone()))).await?;
        let count: i64 = rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(count.unsigned_abs())
    }

    /// A page of each parent's part of the list, all in one statement. The answer is in the order of `parents`.
    pub async fn pages<R: Columns>(
        &self,
        view: &View,
        parent: &Parent,
        parents: &[Uuid],
        page: &Page,
    ) -> Result<Vec<Slice<R>>, Error> {
        let mut found: Vec<Vec<(String, R)>> = parents.iter().map(|_| Vec::new()).collect();
        if let [only] = parents {
            let from = sql!(format!("(SELECT ? AS id) parent CROSS JOIN {}", self.table), *only);
            let rows = view.app.db.query(self.part(from, Some(parent), page)?).await?;
            found[0] = self.rows(rows, page)?;
        } else if !parents.is_empty() {
            for row in view.app.db.query(self.of_several(view, parent, parents, page)?).await? {
                let owner: Uuid = row.try_get_by_index(0)?;
                if let Some(place) = parents.iter().position(|id| *id == owner) {
                    found[place].push(self.read(&mut Cells::after_owner(&row, self.columns.present()), page)?);
                }
            }
        }
        let totals = if page.count { self.counts(view, parent, parents).await? } else { Vec::new() };
        let total = |id: &Uuid| page.count.then(|| totals.iter().find(|(owner, _)| owner == id).map_or(0, |(_, n)| *n));
        Ok(parents.iter().zip(found).map(|(id, rows)| Slice::of(rows, page, total(id))).collect())
    }

    /// The first rows of each parent, those of one in their order. PostgreSQL does it by a lateral join, which takes one parent after the
    /// other. SQLite, which has none, by `IN` a limited list; PostgreSQL would read the whole table for that.
    fn of_several(&self, view: &View, parent: &Parent, parents: &[Uuid], page: &Page) -> Result<Sql, Error> {
        let parents = Sql::from("WHERE parent.id IN").then(Sql::list(parents.iter().copied()));
        let Self { table, .. } = self;
        if view.app.db.backend() == DbBackend::Postgres {
            return Ok(Sql::from(format!("SELECT parent.id, picked.* FROM {} parent JOIN LATERAL (", parent.table))
                .then(self.part(Sql::from(*table), Some(parent), page)?)
                .then(") picked ON TRUE")
                .then(parents));
        }
        let id = self.keys.last().map_or("id", |key| key.column());
        let filter = self.wanted(Some(parent), page)?;
        let picked = Sql::from(format!("SELECT {id} FROM {table}"))
            .then(self.joins.clone())
            .then(filtered(filter))
            .then(self.order(page, ""))
            .then(limit(page));
        Ok(Sql::from("SELECT parent.id,")
            .then(self.columns.sql())
            .then(self.key_columns(page))
            .then(format!("FROM {} parent CROSS JOIN {table} ON {id} IN (", parent.table))
            .then(picked)
            .then(")")
            .then(self.joins.clone())
            .then(parents)
            .then(self.order(page, "parent.id, ")))
    }

    async fn counts(&self, view: &View, parent: &Parent, parents: &[Uuid]) -> Result<Vec<(Uuid, u64)>, Error> {
        let query = Sql::from(format!("SELECT parent.id, (SELECT count(*) FROM {}", self.table))
            .then(self.joins.clone())
            .then(filtered(self.filter.clone().and(parent.owns.clone())))
            .then(format!(") FROM {} parent WHERE parent.id IN", parent.table))
            .then(Sql::list(parents.iter().copied()));
        let rows = view.app.db.query(query).await?;
        let pair =
            |row: &sea_orm::QueryResult| Ok((row.try_get_by_index(0)?, row.try_get_by_index::<i64>(1)?.unsigned_abs()));
        rows.iter().map(pair).collect()
    }

    /// What a cursor is made of, where one is wanted.
    fn key_columns(&self, page: &Page) -> String {
        let mut columns = String::new();
        if !page.placed {
            return columns;
        }
        for key in self.shown() {
            columns.push_str(", ");
            // One width for all whole numbers, whatever the column's.
            match key {
                Key::Number(column) => columns.push_str(&format!("CAST({column} AS bigint)")),
                other => columns.push_str(other.column()),
            }
        }
        columns
    }

    fn order(&self, page: &Page, first: &str) -> String {
        let way = if self.descending == page.backward { "" } else { " DESC" };
        let keys: Vec<String> = self.keys.iter().map(|key| format!("{}{way}", key.column())).collect();
        format!("ORDER BY {first}{}", keys.join(", "))
    }

    /// The rows on the far side of the page's cursors.
    fn beyond(&self, page: &Page) -> Result<Sql, Error> {
        let columns: Vec<&str> = self.keys.iter().map(|key| key.column()).collect();
        let mut condition = Sql::default();
        for (cursor, later) in [(&page.after, true), (&page.before, false)] {
            let Some(cursor) = cursor else { continue };
            let compare = if later != self.descending { ">" } else { "<" };
            let values = self.parse(cursor)?;
            let leading = self.leading();
            if self.veiled.is_none() && leading < columns.len() {
                // It follows from what comes next. PostgreSQL's indexes serve it, and no comparison with columns of several tables.
                let first = Sql::row(values[..leading].to_vec());
                condition = condition.and(sql!(format!("({}) {compare}=", columns[..leading].join(", "))).then(first));
            }
            let values = Sql::row(values);
            let bound = match &self.veiled {
                Some(seen) => self.keys_of(values, seen.clone()),
                None => values,
            };
            condition = condition.and(sql!(format!("({}) {compare}", columns.join(", "))).then(bound));
        }
        Ok(condition)
    }

    /// How many keys are of the table that the first key is of.
    fn leading(&self) -> usize {
        let of = |key: &Key| key.column().split('.').next();
        self.keys.iter().take_while(|key| of(key) == self.keys.first().and_then(of)).count()
    }

    /// The keys of the row whose id stands in the list, if the asker may see it.
    fn keys_of(&self, id: Sql, seen: Sql) -> Sql {
        let columns: Vec<&str> = self.keys.iter().map(|key| key.column()).collect();
        let select = format!("(SELECT {} FROM {}", columns.join(", "), self.table);
        Sql::from(select)
            .then(self.joins.clone())
            .then(format!("WHERE {}.id IN", self.main))
            .then(id)
            .and(seen)
            .then(")")
    }

    /// The keys that a cursor holds.
    fn shown(&self) -> &[Key] {
        if self.veiled.is_some() { &self.keys[self.keys.len() - 1..] } else { self.keys }
    }

    fn read<R: Columns>(&self, cells: &mut Cells<'_>, page: &Page) -> Result<(String, R), Error> {
        let row = R::read(cells)?;
        if !page.placed {
            return Ok((String::new(), row));
        }
        let mut cursor = self.tag().to_be_bytes().to_vec();
        for key in self.shown() {
            key.read(cells, &mut cursor)?;
        }
        Ok((URL_SAFE_NO_PAD.encode(cursor), row))
    }

    fn parse(&self, cursor: &str) -> Result<Vec<Value>, Error> {
        self.parsed(cursor).ok_or_else(|| {
            Error::invalid(Code::InvalidCursor, "this cursor was not given out by this list in this order")
        })
    }

    fn parsed(&self, cursor: &str) -> Option<Vec<Value>> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let mut rest = bytes.strip_prefix(&self.tag().to_be_bytes())?;
        let mut values = Vec::with_capacity(self.keys.len());
        for key in self.shown() {
            let (length, after) = rest.split_at_checked(2)?;
            let (value, after) = after.split_at_checked(usize::from(u16::from_be_bytes(length.try_into().ok()?)))?;
            values.push(key.value(value)?);
            rest = after;
        }
        rest.is_empty().then_some(values)
    }

    /// FNV-1a of the list's name: tells one list's cursors from another's.
    fn tag(&self) -> u32 {
        self.name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }
}

fn filtered(filter: Sql) -> Sql {
    Sql::from("WHERE 1 = 1").and(filter)
}

/// One more than asked for where somebody wants to know whether there are more. It stands in the text: PostgreSQL plans by it.
fn limit(page: &Page) -> String {
    format!("LIMIT {}", page.limit + u32::from(page.placed))
}
