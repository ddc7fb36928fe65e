//! Parts that the filters of several nouns share.

use entity::values::{DateRange, PeriodState, search_key};
use sea_orm::DbBackend;

use crate::db::{Sql, sql};
use crate::domain::view::View;

/// Which rows of those that hold for a time: by where they stand on the day of the view, or by a range that they touch.
/// Unless the asker says otherwise, those that hold on the day.
pub fn period(view: &View, of: &str, states: Option<&[PeriodState]>, during: Option<DateRange>) -> Sql {
    let touched =
        during.map(|range| sql!(format!("{of}.valid_from < ? AND {of}.valid_until > ?"), range.until.0, range.from.0));
    match (states, touched) {
        (None, None) => view.current(of),
        (None, Some(touched)) => touched,
        (Some(states), None) => view.in_states(of, states),
        (Some(states), Some(touched)) => view.in_states(of, states).and(touched),
    }
}

/// Rows of the table, under the alias, of which the folded column contains the text. Under three signs, those that begin with it: no
/// index finds shorter parts. From three on, an index of trigrams serves LIKE. SQLite keeps it as a table with the rows' ids.
pub fn text(view: &View, table: &str, of: &str, text: &str) -> Sql {
    let key = search_key(text);
    match (key.chars().count(), view.app.db.backend()) {
        (0, _) => Sql::text("1 = 0"),
        (1 | 2, _) => begins_with(&format!("{of}.search_key"), &key),
        (_, DbBackend::Sqlite) => {
            sql!(format!("{of}.id IN (SELECT row_id FROM {table}_search WHERE search_key LIKE ?)"), format!("%{key}%"))
        }
        _ => sql!(format!("{of}.search_key LIKE ?"), format!("%{key}%")),
    }
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
