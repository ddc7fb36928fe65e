//! Where settings come from. Every value carries its origin, so that an error names it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use ::config::{ConfigError, Map, Source, Value, ValueKind};
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::{Flags, Issuer};

/// The known keys, in the file as they are, in the environment in capitals after the prefix.
const KEYS: [&str; 16] = [
    "database_url",
    "listen",
    "public_url",
    "mode",
    "allowed_origins",
    "points_per_minute",
    "trusted_proxies",
    "stored_documents",
    "only_stored_documents",
    "graphiql_assets",
    "smtp_url",
    "mail_from",
    "metrics_listen",
    "own_tokens",
    "log",
    "log_format",
];
/// Tables, which only a file can hold.
const TABLES: &str = "issuers";
const PREFIX: &str = "SAMVERKAN_";
/// Names the file; cannot itself stand in it.
const CONFIG: &str = "SAMVERKAN_CONFIG";
/// Variables of the tests are theirs.
const OF_TESTS: &str = "SAMVERKAN_TEST_";
/// The mark of an origin that belongs to this run: a flag or a variable.
const THIS_RUN: [&str; 2] = ["--", PREFIX];

/// What all sources together say, each value with its origin.
pub type Merged = Map<String, Value>;

/// Something that is wrong with the settings, and where it was said.
#[derive(Debug)]
pub struct SettingsError {
    /// Which setting is wrong, where it is one.
    pub setting: Option<&'static str>,
    message: String,
}

impl SettingsError {
    fn new(message: String) -> Self {
        Self { setting: None, message }
    }

    fn of(setting: &'static str, message: String) -> Self {
        Self { setting: Some(setting), message }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<ConfigError> for SettingsError {
    fn from(error: ConfigError) -> Self {
        Self::new(error.to_string())
    }
}

/// All that is wrong with the settings: a line each.
#[derive(Debug)]
pub struct SettingsErrors(pub Vec<SettingsError>);

impl fmt::Display for SettingsErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for SettingsErrors {}

/// Settings from one source.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    values: BTreeMap<&'static str, Value>,
}

impl Layer {
    /// Ours among the variables, and the file that they name.
    pub fn environment(
        variables: impl IntoIterator<Item = (String, String)>,
        wrong: &mut Vec<SettingsError>,
    ) -> (Self, Option<PathBuf>) {
        let (mut layer, mut file) = (Self::default(), None);
        for (name, value) in variables {
            let Some(rest) = name.strip_prefix(PREFIX) else {
                continue;
            };
            let known = |key: &&&str| rest == key.to_ascii_uppercase();
            match KEYS.iter().find(known) {
                Some(key) => layer.set(key, &name, value),
                None if name == CONFIG => file = Some(value.into()),
                None if name.starts_with(OF_TESTS) => {}
                None => wrong.push(unknown_variable(&name)),
            }
        }
        (layer, file)
    }

    pub fn flags(flags: &Flags) -> Self {
        let mut layer = Self::default();
        let given = [
            ("database_url", "--database-url", &flags.database_url),
            ("listen", "--listen", &flags.listen),
            ("graphiql_assets", "--graphiql-assets", &flags.graphiql_assets),
        ];
        for (key, flag, value) in given {
            if let Some(value) = value {
                layer.set(key, flag, value.clone());
            }
        }
        layer
    }

    /// The named file, which must be there, or the default one, which need not; and the issuers that it names.
    pub fn file(named: Option<&Path>, default: &Path, wrong: &mut Vec<SettingsError>) -> (Self, Vec<Issuer>) {
        let path = named.unwrap_or(default);
        let origin = path.display().to_string();
        let mut read = (Self::default(), Vec::new());
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => return read,
            Err(error) => {
                wrong.push(SettingsError::new(format!("{origin}: {error}")));
                return read;
            }
        };
        let (contents, errors) = DeTable::parse_recoverable(&text);
        if !errors.is_empty() {
            wrong.extend(errors.iter().map(|error| SettingsError::new(unreadable(&origin, &text, error))));
            return read;
        }
        let mut unknown = Vec::new();
        for (name, value) in contents.into_inner() {
            let name = name.into_inner();
            match (KEYS.iter().find(|key| **key == name), value.get_ref().as_str()) {
                (Some(key), Some(text)) => read.0.set(key, &origin, text.to_owned()),
                (Some(key), None) => wrong.push(SettingsError::of(key, format!("{origin}: {key} is not a string"))),
                (None, _) if name == TABLES => read.1 = issuers(value, &origin, &text, wrong),
                (None, _) => unknown.push(name),
            }
        }
        if !unknown.is_empty() {
            let (unknown, known) = (unknown.join(", "), KEYS.join(", "));
            let message = format!("{origin}: unknown setting {unknown}; known are {known}, {TABLES}");
            wrong.push(SettingsError::new(message));
        }
        read
    }

    fn set(&mut self, key: &'static str, origin: &str, value: String) {
        let value = Value::new(Some(&origin.to_owned()), ValueKind::String(value));
        self.values.insert(key, value);
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        let values = self.values.iter();
        Ok(values.map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    }
}

/// The issuers, each read by itself, so that what is wrong with one hides nothing of another.
fn issuers(value: Spanned<DeValue<'_>>, origin: &str, text: &str, wrong: &mut Vec<SettingsError>) -> Vec<Issuer> {
    let mut error = |message| wrong.push(SettingsError::of(TABLES, message));
    let each = match value.get_ref().as_array() {
        Some(each) => each.to_vec(),
        None => {
            error(format!("{}: {TABLES} are tables: [[{TABLES}]]", at_line(origin, text, value.span().start)));
            Vec::new()
        }
    };
    let mut read: Vec<Issuer> = Vec::new();
    for issuer in each {
        match Issuer::deserialize(ValueDeserializer::from(issuer)) {
            Ok(issuer) if read.iter().any(|other| other.issuer == issuer.issuer) => {
                error(format!("{origin}: the issuer {} is there twice", issuer.issuer));
            }
            Ok(issuer) => read.push(issuer),
            Err(unread) => error(unreadable(origin, text, &unread)),
        }
    }
    read
}

/// Where and why, without the line itself: it may hold a password.
fn unreadable(origin: &str, text: &str, error: &toml::de::Error) -> String {
    let place = at_line(origin, text, error.span().map_or(0, |span| span.start));
    format!("{place}: {}", error.message().replace('\n', " "))
}

fn at_line(origin: &str, text: &str, place: usize) -> String {
    let before = text.get(..place).unwrap_or_default();
    format!("{origin}: line {}", 1 + before.matches('\n').count())
}

fn unknown_variable(name: &str) -> SettingsError {
    let known: Vec<String> = KEYS.iter().map(|key| format!("{PREFIX}{}", key.to_ascii_uppercase())).collect();
    let known = known.join(", ");
    SettingsError::new(format!("environment: unknown variable {name}; known are {known}, {CONFIG}"))
}

/// One setting and who said it.
pub struct Setting {
    key: &'static str,
    pub text: String,
    origin: String,
}

impl Setting {
    pub fn read(merged: &Merged, key: &'static str) -> Result<Self, SettingsError> {
        let missing = || SettingsError::of(key, format!("{key} is not set"));
        Self::find(merged, key)?.ok_or_else(missing)
    }

    pub fn find(merged: &Merged, key: &'static str) -> Result<Option<Self>, SettingsError> {
        let Some(value) = merged.get(key) else {
            return Ok(None);
        };
        let origin = value.origin().unwrap_or("default").to_owned();
        match &value.kind {
            ValueKind::String(text) => Ok(Some(Self { key, text: text.clone(), origin })),
            _ => Err(SettingsError::of(key, format!("{origin}: {key} is not a string"))),
        }
    }

    /// The setting, if it is what it must be. The error does not repeat it: it may hold a password.
    pub fn check(self, holds: impl Fn(&str) -> bool, what: &str) -> Result<Self, SettingsError> {
        if holds(&self.text) {
            return Ok(self);
        }
        Err(self.wrong(&format!("is not {what}")))
    }

    /// The mistake that the setting is there, or as it is.
    pub fn wrong(&self, why: &str) -> SettingsError {
        SettingsError::of(self.key, format!("{}: {} {why}", self.origin, self.key))
    }

    /// Said by a flag or a variable, not by default or by a file that lies about.
    pub fn is_of_this_run(&self) -> bool {
        THIS_RUN.iter().any(|mark| self.origin.starts_with(mark))
    }
}
