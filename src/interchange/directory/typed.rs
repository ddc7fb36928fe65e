//! The values that fields hold: texts, terms, numbers, dates, keys.

use std::fmt::Display;
use std::ops::RangeInclusive;

use entity::values::{ContactPointKind, ContactValue, Date, Period, Slug, Term};
use toml::de::DeValue;

use super::Reference;
use super::fields::{At, Fields};

impl<'a> Fields<'a> {
    /// A text that is not empty.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        self.text_at(name).map(|text| text.value.to_owned())
    }

    /// A text that says something else.
    pub fn parsed<T, E: Display>(&mut self, name: &'static str, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        let text = self.text_at(name)?;
        parse(text.value).map_err(|wrong| self.report(&text.place, name, wrong.to_string())).ok()
    }

    /// One of a closed list of terms.
    pub fn term<T: Term>(&mut self, name: &'static str) -> Option<T> {
        self.parsed(name, |word| T::parse(word).ok_or_else(|| format!("{word:?} is not one of {}", T::words())))
    }

    /// `true` or `false`.
    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        let value = self.value(name)?;
        value.value.as_bool().or_else(|| self.wrong(name, &value, "true or false"))
    }

    /// A whole number.
    pub fn number(&mut self, name: &'static str, range: RangeInclusive<i64>) -> Option<i64> {
        let value = self.value(name)?;
        let Some(number) = value.value.as_integer() else { return self.wrong(name, &value, "a whole number") };
        match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) if range.contains(&number) => return Some(number),
            Ok(number) if number < *range.start() => {
                self.report(&value.place, name, format!("must be at least {}", range.start()));
            }
            _ => self.report(&value.place, name, "is too large a number"),
        }
        None
    }

    /// A number of things of which there is at least one.
    pub fn count(&mut self, name: &'static str) -> Option<i32> {
        self.number(name, 1..=i32::MAX.into()).and_then(|number| number.try_into().ok())
    }

    /// A number of things, or of kronor, of which there may be none.
    pub fn amount(&mut self, name: &'static str) -> Option<i32> {
        self.number(name, 0..=i32::MAX.into()).and_then(|number| number.try_into().ok())
    }

    /// A number that may have decimals.
    pub fn decimal(&mut self, name: &'static str) -> Option<f64> {
        let value = self.value(name)?;
        let text = match value.value {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => return self.wrong(name, &value, "a number"),
        };
        text.parse().map_err(|_| self.report(&value.place, name, "is no number")).ok()
    }

    /// A day.
    pub fn date(&mut self, name: &'static str) -> Option<Date> {
        self.parsed(name, Date::parse)
    }

    /// A list of days.
    pub fn dates(&mut self, name: &'static str) -> Vec<Date> {
        self.texts(name, Date::parse)
    }

    /// A list of texts that say something else.
    pub fn texts<T, E: Display>(&mut self, name: &'static str, parse: impl Fn(&str) -> Result<T, E>) -> Vec<T> {
        let items = self.array(name).unwrap_or_default();
        let texts = items.into_iter().filter_map(|item| self.as_text(name, item));
        let parse =
            |text: At<&str>| parse(text.value).map_err(|wrong| self.report(&text.place, name, wrong.to_string())).ok();
        texts.filter_map(parse).collect()
    }

    /// A web address, kept as it is written.
    pub fn web(&mut self, name: &'static str) -> Option<String> {
        self.parsed(name, |text| ContactValue::parse(ContactPointKind::Web, text).map(|_| text.to_owned()))
    }

    /// `from`, and `until` or `lastDay`. All time where nothing is said.
    pub fn period(&mut self) -> Period {
        self.not_both("until", "lastDay");
        let (from, until, last_day) = (self.bound("from"), self.bound("until"), self.bound("lastDay"));
        Period::parse(from.as_deref(), until.as_deref(), last_day.as_deref()).unwrap_or_else(|wrong| {
            let end = if until.is_some() { "until" } else { "lastDay" };
            self.report_at(end, wrong.to_string());
            Period::ALWAYS
        })
    }

    /// A bound that has been checked by itself, so that what is wrong with it is said where it stands.
    fn bound(&mut self, name: &'static str) -> Option<String> {
        self.parsed(name, |text| Period::parse(Some(text), None, None).map(|_| text.to_owned()))
    }

    /// The record's own key, as it is written.
    pub fn key(&mut self) -> Option<String> {
        self.parsed("key", |text| check_key(text).map(|()| text.to_owned()))
    }

    /// The record's key, which must be there and is the whole key.
    pub fn whole_key(&mut self) -> String {
        let key = self.required("key", |fields, _| fields.key()).unwrap_or_default();
        self.claim("key", &key, "key");
        key
    }

    /// The field `slug`; when it is left out, the key.
    pub fn slug(&mut self, key: &str) -> Option<Slug> {
        let own = self.parsed("slug", Slug::parse);
        if !self.has("slug") {
            return self.key_as_slug(key);
        }
        own.inspect(|slug| self.claim("slug", slug.as_str(), "slug"))
    }

    /// The key, which is also the record's slug.
    pub fn key_as_slug(&mut self, key: &str) -> Option<Slug> {
        if key.is_empty() {
            return None;
        }
        match Slug::parse(key) {
            Ok(slug) => {
                self.claim("slug", key, "key");
                Some(slug)
            }
            Err(wrong) => {
                self.report_at("key", format!("is also the slug: {wrong}"));
                None
            }
        }
    }

    /// The key of another record.
    pub fn reference(&mut self, name: &'static str) -> Option<Reference> {
        let text = self.text_at(name)?;
        self.as_reference(name, text)
    }

    /// The keys of several other records, each once; at least one where the field is there.
    pub fn references(&mut self, name: &'static str) -> Option<Vec<Reference>> {
        let items = self.array(name)?;
        if items.is_empty() {
            self.report_at(name, "is an empty list");
        }
        let mut references: Vec<Reference> = Vec::new();
        for item in items {
            let Some(reference) = self.as_text(name, item).and_then(|text| self.as_reference(name, text)) else {
                continue;
            };
            match references.iter().any(|known| known.key == reference.key) {
                true => self.report(&reference.place, name, format!("{:?} stands twice in the list", reference.key)),
                false => references.push(reference),
            }
        }
        Some(references)
    }

    /// `organisation`, or `organisations` for one such record for each.
    pub fn organisations(&mut self) -> Vec<Reference> {
        self.not_both("organisation", "organisations");
        let one = self.reference("organisation");
        self.references("organisations").unwrap_or_else(|| one.into_iter().collect())
    }

    fn as_reference(&self, name: &str, text: At<&str>) -> Option<Reference> {
        match check_key(text.value) {
            Ok(()) => Some(Reference { key: text.value.to_owned(), place: text.place, field: self.path(name) }),
            Err(wrong) => {
                self.report(&text.place, name, wrong);
                None
            }
        }
    }

    fn text_at(&mut self, name: &'static str) -> Option<At<&'a str>> {
        let value = self.value(name)?;
        self.as_text(name, value)
    }

    fn as_text(&self, name: &str, value: At<&'a DeValue<'a>>) -> Option<At<&'a str>> {
        let Some(text) = value.value.as_str() else { return self.wrong(name, &value, "a text in quotes") };
        // A zero byte can't be stored; the others are slips that nobody would see.
        let control = |sign: char| sign.is_control() && !matches!(sign, '\n' | '\r' | '\t');
        let wrong = match text {
            _ if text.trim().is_empty() => "is empty",
            _ if text.contains(control) => "has a control character in it",
            _ => return Some(At { value: text, place: value.place }),
        };
        self.report(&value.place, name, wrong);
        None
    }
}

fn check_key(text: &str) -> Result<(), String> {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    match text.split('/').all(part) {
        true => Ok(()),
        false => {
            Err(format!("{text:?} is not a key: a key has letters a–z, digits and hyphens, in parts separated by /"))
        }
    }
}
