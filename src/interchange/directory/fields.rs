//! A table of a document, read field by field.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Place;
use super::clash::Claim;
use super::part::Part;

/// A table whose fields are asked for by name. Whatever is wrong is reported to the part and answered with nothing, so that
/// a reader goes on to the next field. When the reader is done, fields that it never asked for are reported as unknown.
///
/// A record that is read wrong is never loaded, as [`super::read`] then answers with problems. So readers put any
/// value in the place of a required one that isn't there.
pub struct Fields<'a> {
    part: &'a Part<'a>,
    table: &'a DeTable<'a>,
    place: Place,
    path: String,
    asked: Vec<&'static str>,
}

/// A value and where it stands.
pub struct At<T> {
    pub value: T,
    pub place: Place,
}

impl<'a> Fields<'a> {
    /// Reads the part's nouns.
    pub fn of_root(part: &'a Part<'a>, read: impl FnOnce(&mut Self)) {
        Self::of(part, part.root(), part.place(&(0..0)), String::new(), read);
    }

    fn of<T>(
        part: &'a Part<'a>,
        table: &'a DeTable<'a>,
        place: Place,
        path: String,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let mut fields = Self { part, table, place, path, asked: Vec::new() };
        let value = read(&mut fields);
        fields.report_unknown();
        value
    }

    /// Where the table begins.
    pub fn place(&self) -> Place {
        self.place.clone()
    }

    /// A field of this table by its path.
    pub fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Whether the field is there, right or wrong.
    pub fn has(&self, name: &str) -> bool {
        self.table.contains_key(name)
    }

    /// The field as it was written, without a check and without counting as asked for.
    pub fn written(&self, name: &str) -> Option<&'a str> {
        self.table.get(name).and_then(|value| value.get_ref().as_str())
    }

    /// The field's value.
    pub fn value(&mut self, name: &'static str) -> Option<At<&'a DeValue<'a>>> {
        self.asked.push(name);
        self.table.get(name).map(|value| self.at(value))
    }

    /// Counts the fields as asked for, where it has been said that they should not be there.
    pub fn pass_over(&mut self, names: &[&'static str]) {
        self.asked.extend(names);
    }

    /// Reads a field that must be there.
    pub fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self, &'static str) -> Option<T>,
    ) -> Option<T> {
        if !self.has(name) {
            self.missing(name, "");
        }
        read(self, name)
    }

    /// A list of tables, each read into a value, several, or none.
    pub fn list<T: IntoIterator>(&mut self, name: &'static str, mut read: impl FnMut(&mut Self) -> T) -> Vec<T::Item> {
        let path = self.path(name);
        let Some(value) = self.value(name) else { return Vec::new() };
        let Some(items) = value.value.as_array() else {
            self.wrong::<()>(name, &value, &format!("a list of tables, [[{path}]]"));
            return Vec::new();
        };
        let mut values = Vec::new();
        for item in items.iter().map(|item| self.at(item)) {
            match item.value.as_table() {
                Some(table) => values.extend(Self::of(self.part, table, item.place, path.clone(), &mut read)),
                None => self.wrong(name, &item, "a table, { … }").unwrap_or_default(),
            }
        }
        values
    }

    /// A table in the field.
    pub fn table<T>(&mut self, name: &'static str, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let value = self.value(name)?;
        match value.value.as_table() {
            Some(table) => Self::of(self.part, table, value.place, self.path(name), read),
            None => self.wrong(name, &value, "a table, { … }"),
        }
    }

    /// A list of values.
    pub fn array(&mut self, name: &'static str) -> Option<Vec<At<&'a DeValue<'a>>>> {
        let value = self.value(name)?;
        match value.value.as_array() {
            Some(items) => Some(items.iter().map(|item| self.at(item)).collect()),
            None => self.wrong(name, &value, "a list, [ … ]"),
        }
    }

    /// Of two fields that say the same, only one may be there.
    pub fn not_both(&self, one: &str, other: &'static str) {
        if self.has(one) && self.has(other) {
            self.report_at(other, format!("says the same as `{one}`: leave one of them out"));
        }
    }

    /// Reports a field that should be there.
    pub fn missing(&self, name: &str, why: &str) {
        self.part.report_missing(&self.place, self.path(name), format!("is missing{why}"));
    }

    /// Reports what is wrong with the field, where it stands.
    pub fn report_at(&self, name: &str, message: impl Into<String>) {
        self.report(&self.place_of(name), name, message);
    }

    /// Reports what is wrong with something in the field.
    pub fn report(&self, place: &Place, name: &str, message: impl Into<String>) {
        self.part.report(place, self.path(name), message.into());
    }

    /// Reports a value of the wrong sort.
    pub fn wrong<T>(&self, name: &str, value: &At<&DeValue<'_>>, right: &str) -> Option<T> {
        self.report(&value.place, name, format!("must be {right}, not {}", sort(value.value)));
        None
    }

    /// Takes a key or slug for this record, by reason of the named field: no other record of its noun may have the same.
    pub fn claim(&self, what: &'static str, text: &str, name: &str) {
        if text.is_empty() {
            return;
        }
        let hint = if name == "key" && !self.has("key") { ": give this one a `key` of its own" } else { "" };
        self.part.claim(Claim {
            // Parts of one sort have keys of their own, whatever they are parts of.
            noun: self.path.rsplit('.').next().unwrap_or_default().to_owned(),
            what,
            text: text.to_owned(),
            place: self.place_of(name),
            field: self.path(name),
            follows: what != name && name == "key",
            hint,
        });
    }

    /// Where the field stands; where the table begins when it doesn't.
    fn place_of(&self, name: &str) -> Place {
        self.table.get(name).map_or_else(|| self.place(), |value| self.at(value).place)
    }

    fn at<T>(&self, value: &'a Spanned<T>) -> At<&'a T> {
        At { value: value.get_ref(), place: self.part.place(&value.span()) }
    }

    fn report_unknown(&self) {
        for (name, _) in self.table.iter().filter(|(name, _)| !self.asked.contains(&name.get_ref().as_ref())) {
            let what = if self.path.is_empty() { "noun" } else { "field" };
            let message = format!("unknown {what}; {}", self.known(name.get_ref()));
            let span: Range<usize> = name.span();
            self.report(&self.part.place(&span), name.get_ref(), message);
        }
    }

    /// What could have been meant: the field that looks most like it, else all when they are few.
    fn known(&self, name: &str) -> String {
        match self.asked.iter().map(|known| (distance(name, known), known)).min() {
            Some((slips, known)) if slips <= 2 && 2 * slips <= known.len() => format!("did you mean `{known}`?"),
            _ => format!("known are {}", self.asked.join(", ")),
        }
    }
}

/// What sort of value it is, in words.
fn sort(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a number with decimals",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// How many signs must be added, dropped or changed to make one word of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, sign) in one.chars().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (column, known) in other.iter().enumerate() {
            let change = diagonal + usize::from(sign != *known);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}
