//! Parts that the filters of several nouns share.

use entity::values::{Date, DateRange, PeriodState, search_key};
use sea_orm::DbBackend;

use crate::db::{Sql, sql};
use crate::domain::figure;
use crate::domain::view::View;
use crate::error::Error;

/// Which rows of those that hold for a time: by where they stand on the day of the view, or by a range that they touch.
/// Unless the asker says otherwise, those that hold on the day.
pub fn period(view: &View, of: &str, states: Option<&[PeriodState]>, during: Option<DateRange>) -> Sql {
    match (states, during.map(|range| touching(of, range))) {
        (None, None) => view.current(of),
        (None, Some(touched)) => touched,
        (Some(states), None) => view.in_states(of, states),
        (Some(states), Some(touched)) => view.in_states(of, states).and(touched),
    }
}

/// The same where a year can be given as well. Nearly all rows have begun, or have not ended: PostgreSQL would take an index of days, if
/// there is one, beside that of whatever else is asked for, to be spared looking at who may see a row.
pub fn period_or_year(
    view: &View,
    of: &str,
    states: Option<&[PeriodState]>,
    during: Option<DateRange>,
    year: Option<i32>,
) -> Result<Sql, Error> {
    let year = year.map(self::year).transpose()?;
    let both = year.filter(|_| during.is_some()).map(|year| touching(of, year)).unwrap_or_default();
    Ok(period(view, of, states, during.or(year)).and(both).looked_at())
}

/// Which rows of all: those in one of the states, and those of a year, as far as these are given. They are looked at, too.
pub fn states_or_year(view: &View, of: &str, states: Option<&[PeriodState]>, year: Option<i32>) -> Result<Sql, Error> {
    let year = year.map(self::year).transpose()?;
    let held = Sql::default().and_some(states, |states| view.in_states(of, states));
    Ok(held.and_some(year, |year| touching(of, year)).looked_at())
}

/// That some day of the row's period lies in a range.
pub fn touching(of: &str, range: DateRange) -> Sql {
    sql!(format!("{of}.valid_from < ? AND {of}.valid_until > ?"), range.until.0, range.from.0)
}

/// The days of a year.
pub fn year(year: i32) -> Result<DateRange, Error> {
    let (from, until, _) = figure::year(year)?.columns();
    Ok(DateRange { from: Date(from), until: Date(until) })
}

/// In a list of all rows of the table: those that are still to come, when only they are wanted. They are few, and found first.
pub fn to_come(view: &View, table: &str, of: &str, states: Option<&[PeriodState]>) -> Sql {
    match states {
        Some(states @ [PeriodState::Future]) => found(table, of, view.in_states("f", states)),
        _ => Sql::default(),
    }
}

/// Rows of the table, under the alias, that fit a condition on the same row as `f`. They are found first, by the condition's index, and
/// sorted then. Told the condition itself, a database that plans for all values walks a whole list in its order, in the hope that enough fit.
pub fn found(table: &str, of: &str, condition: impl Into<Sql>) -> Sql {
    Sql::among(&format!("{of}.id"), Sql::from(format!("SELECT f.id FROM \"{table}\" f WHERE")).then(condition))
}

/// Rows of a list of all that contain a text: as [`containing`] finds them, and then in the list's order.
pub fn text(view: &View, table: &str, of: &str, text: &str) -> Sql {
    found(table, of, containing(view, table, "f", text))
}

/// A text column in a list of few, of which each row is looked at: no index of the column, which would find rows of other parents, is used.
pub fn looked_at(column: &str) -> String {
    format!("COALESCE({column}, '')")
}

/// Rows of a list of few of which the folded column contains the text: each is looked at.
pub fn text_among_few(column: &str, text: &str) -> Sql {
    let key = search_key(text);
    match key.chars().count() {
        0 => Sql::text("1 = 0"),
        1 | 2 => begins_with(column, &key),
        _ => sql!(format!("{column} LIKE ?"), format!("%{key}%")),
    }
}

/// Rows of the table, under the alias, of which the folded column contains the text. Under three signs, those that begin with it: no
/// index finds shorter parts. From three on, an index of trigrams serves LIKE. SQLite keeps it as a table with the rows' ids.
pub fn containing(view: &View, table: &str, of: &str, text: &str) -> Sql {
    let key = search_key(text);
    if view.app.db.backend() != DbBackend::Sqlite || key.chars().count() < 3 {
        return text_among_few(&format!("{of}.search_key"), text);
    }
    sql!(format!("{of}.id IN (SELECT row_id FROM {table}_search WHERE search_key LIKE ?)"), format!("%{key}%"))
}

/// Rows of which the folded column begins with the key, as a range, which every index serves.
pub fn begins_with(column: &str, key: &str) -> Sql {
    sql!(format!("{column} >= ? AND {column} < ?"), key, format!("{key}\u{10ffff}"))
}

/// The folded column of something with a name and a short one: each on a line of its own, which no folded text has.
pub fn name_key(name: &str, short_name: Option<&str>) -> String {
    let short = short_name.map(|short| format!("\n{}", search_key(short))).unwrap_or_default();
    search_key(name) + &short
}

/// How well the folded column fits the key, the less the better: it, or its second line, is the key; it begins with it; it has a word
/// that begins with it; it contains it.
pub fn place(column: &str, key: &str) -> Sql {
    sql!(
        format!(
            "CASE WHEN {column} = ? OR {column} LIKE ? OR {column} LIKE ? THEN 0 WHEN {column} LIKE ? OR {column} LIKE ? THEN 1
             WHEN {column} LIKE ? THEN 2 ELSE 3 END"
        ),
        key,
        format!("{key}\n%"),
        format!("%\n{key}"),
        format!("{key}%"),
        format!("%\n{key}%"),
        format!("% {key}%")
    )
}
