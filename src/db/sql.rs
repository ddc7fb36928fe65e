//! SQL that is put together from parts, with its values.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sea_orm::sea_query::{QueryBuilder as _, SqliteQueryBuilder};
use sea_orm::{ActiveEnum, DbBackend, Statement, Value};

/// Where the list of [`Sql::among`] begins and ends.
const AMONG: char = '\u{1}';
const AMONG_END: char = '\u{2}';

/// The name of the first of [`Sql::once`], a sign of no language; the next has the next sign.
const ONCE: char = '\u{e000}';

/// SQL under construction: text with a `?` for each value. The same text runs on both databases.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sql {
    text: String,
    values: Vec<Value>,
    /// What the text names by [`ONCE`] and the signs after it.
    once: Vec<Sql>,
}

impl Sql {
    /// SQL with its values, in order.
    pub fn new(text: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Self {
        Self { text: text.into(), values: values.into_iter().collect(), once: Vec::new() }
    }

    /// SQL without values.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(text, [])
    }

    /// `(?, ?, …)`, or a list that nothing is in. The last value is repeated until there are 1, 2, 4, 8 …, so that lists of all lengths
    /// make few different statements, and the databases need not plan each anew.
    pub fn list<V: Into<Value>>(values: impl IntoIterator<Item = V>) -> Self {
        let mut values: Vec<Value> = values.into_iter().map(Into::into).collect();
        let Some(last) = values.last().cloned() else { return Self::text("(NULL)") };
        values.resize(values.len().next_power_of_two(), last);
        Self::row(values)
    }

    /// `(…)`: terms of a vocabulary, written out: they are few, and PostgreSQL knows how many rows have which. Of a value it does not.
    pub fn terms<T: ActiveEnum>(terms: impl IntoIterator<Item = T>) -> Self
    where
        T::Value: Into<Value>,
    {
        let written = |term: T| SqliteQueryBuilder.value_to_string(&term.to_value().into());
        let terms: BTreeSet<String> = terms.into_iter().map(written).collect();
        let terms: Vec<String> = terms.into_iter().collect();
        Self::text(if terms.is_empty() { "(NULL)".to_owned() } else { format!("({})", terms.join(", ")) })
    }

    /// `(?, ?, …)`: values beside each other, to compare with as many columns.
    pub fn row(values: Vec<Value>) -> Self {
        let marks = vec!["?"; values.len()].join(",");
        Self::new(format!("({marks})"), values)
    }

    /// Whether there is nothing of it yet.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The condition that a column is among what a statement selects that is the same for every row.
    pub fn among(column: &str, statement: impl Into<Sql>) -> Self {
        Self::text(format!("{column} {AMONG}")).then(statement).then(AMONG_END.to_string())
    }

    /// A name to select `id` from, of what a statement selects that is run once, however often the name stands in another.
    pub fn once(statement: Sql) -> Self {
        Self { text: ONCE.to_string(), values: Vec::new(), once: vec![statement] }
    }

    /// This, then that, with a space between.
    #[must_use]
    pub fn then(mut self, next: impl Into<Sql>) -> Self {
        let next = next.into();
        self.text.push(' ');
        let names: Vec<char> = next.once.into_iter().map(|statement| self.name(statement)).collect();
        let renamed = |sign: char| place(sign).and_then(|place| names.get(place).copied()).unwrap_or(sign);
        self.text.extend(next.text.chars().map(renamed));
        self.values.extend(next.values);
        self
    }

    fn name(&mut self, statement: Sql) -> char {
        let place = self.once.iter().position(|other| *other == statement).unwrap_or_else(|| {
            self.once.push(statement);
            self.once.len() - 1
        });
        char::from_u32(ONCE as u32 + place as u32).unwrap_or(ONCE)
    }

    /// Both conditions.
    #[must_use]
    pub fn and(self, next: impl Into<Sql>) -> Self {
        let next = next.into();
        match (self.text.is_empty(), next.text.is_empty()) {
            (true, _) => next,
            (_, true) => self,
            _ => self.then("AND").then(next),
        }
    }

    /// The condition, to be asked of each row that others find: no index serves it, which would find most rows of the table.
    #[must_use]
    pub fn looked_at(self) -> Self {
        if self.is_empty() { self } else { Self::from("(").then(self).then(") IS TRUE") }
    }

    /// The condition too, when there is something to ask for.
    #[must_use]
    pub fn and_some<T>(self, wanted: Option<T>, condition: impl FnOnce(T) -> Sql) -> Self {
        match wanted {
            Some(wanted) => self.and(condition(wanted)),
            None => self,
        }
    }

    /// PostgreSQL numbers its placeholders. Our SQL holds no question mark in a literal. It also reckons the costs of a list anew for each
    /// row and rather reads whole tables, unless the list is an array, which it computes once.
    pub(super) fn into_statement(mut self, backend: DbBackend) -> Statement {
        let postgres = backend == DbBackend::Postgres;
        let once = std::mem::take(&mut self.once);
        let parts = once.into_iter().enumerate().map(|(place, statement)| {
            let name = if place == 0 { "WITH" } else { "," };
            Self::from(format!("{name} once_{place} (id) AS MATERIALIZED (")).then(statement).then(")")
        });
        let whole = match parts.reduce(Self::then) {
            Some(parts) => parts.then(self),
            None => self,
        };
        let mut text = String::with_capacity(whole.text.len() + 3 * whole.values.len());
        let mut number = 0;
        // Writing to a string does not fail.
        for sign in whole.text.chars() {
            match sign {
                sign if place(sign).is_some() => _ = write!(text, "once_{}", place(sign).unwrap_or_default()),
                AMONG => text.push_str(if postgres { "= ANY (ARRAY (" } else { "IN (" }),
                AMONG_END => text.push_str(if postgres { "))" } else { ")" }),
                '?' if postgres => {
                    number += 1;
                    _ = write!(text, "${number}");
                }
                sign => text.push(sign),
            }
        }
        Statement::from_sql_and_values(backend, text, whole.values)
    }
}

/// Which of the statements that are run once a sign names.
fn place(sign: char) -> Option<usize> {
    ('\u{e000}'..='\u{f8ff}').contains(&sign).then(|| (sign as u32 - ONCE as u32) as usize)
}

impl From<&str> for Sql {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Sql {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

/// `sql!("a = ? AND b < ?", a, b)`: SQL with its values.
macro_rules! sql {
    ($text:expr $(, $value:expr)* $(,)?) => {
        $crate::db::Sql::new($text, [$(sea_orm::Value::from($value)),*])
    };
}
pub(crate) use sql;
