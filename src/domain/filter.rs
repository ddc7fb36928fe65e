//! Parts that the filters of several nouns share.

use entity::values::{DateRange, PeriodState, search_key};

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

/// Rows of which the folded column contains the text. Under three signs, those that begin with it: no index finds shorter parts.
pub fn text(column: &str, text: &str) -> Sql {
    let key = search_key(text);
    match key.chars().count() {
        0 => Sql::text("1 = 0"),
        1 | 2 => begins_with(column, &key),
        _ => sql!(format!("{column} LIKE ?"), format!("%{key}%")),
    }
}

/// Rows of which the folded column begins with the key, as a range, which every index serves.
pub fn begins_with(column: &str, key: &str) -> Sql {
    sql!(format!("{column} >= ? AND {column} < ?"), key, format!("{key}\u{10ffff}"))
}
