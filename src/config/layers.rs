//! Where settings come from. Every value carries its origin, so that an error names it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use ::config::{ConfigError, Map, Source, Value, ValueKind};
use serde::Deserialize;

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
    "own_tokens",
    "log",
    "metrics_listen",
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

/// What is wrong with the settings, and where it was said.
#[derive(Debug)]
pub struct SettingsError(String);

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SettingsError {}

impl From<ConfigError> for SettingsError {
    fn from(error: ConfigError) -> Self {
        Self(error.to_string())
    }
}

/// A settings file.
#[derive(Deserialize)]
struct Contents {
    #[serde(default)]
    issuers: Vec<Issuer>,
    #[serde(flatten)]
    settings: toml::Table,
}

/// Settings from one source.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    values: BTreeMap<&'static str, Value>,
}

impl Layer {
    /// Ours among the variables, and the file that they name.
    pub fn environment(
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<(Self, Option<PathBuf>), SettingsError> {
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
                None => return Err(unknown_variable(&name)),
            }
        }
        Ok((layer, file))
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
    pub fn file(named: Option<&Path>, default: &Path) -> Result<Option<(Self, Vec<Issuer>)>, SettingsError> {
        let path = named.unwrap_or(default);
        let origin = path.display().to_string();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(SettingsError(format!("{origin}: {error}"))),
        };
        let contents = toml::from_str(&text).map_err(|error| unreadable(&origin, &text, &error))?;
        let Contents { issuers, settings } = contents;
        for (at, issuer) in issuers.iter().enumerate() {
            if issuers[..at].iter().any(|other| other.issuer == issuer.issuer) {
                return Err(SettingsError(format!("{origin}: the issuer {} is there twice", issuer.issuer)));
            }
        }
        Ok(Some((Self::known(settings, &origin)?, issuers)))
    }

    fn known(settings: toml::Table, origin: &str) -> Result<Self, SettingsError> {
        let mut layer = Self::default();
        let mut unknown = Vec::new();
        for (name, value) in settings {
            match (KEYS.iter().find(|key| **key == name), value) {
                (Some(key), toml::Value::String(text)) => layer.set(key, origin, text),
                (Some(key), _) => return Err(SettingsError(format!("{origin}: {key} is not a string"))),
                (None, _) => unknown.push(name),
            }
        }
        if unknown.is_empty() {
            return Ok(layer);
        }
        let (unknown, known) = (unknown.join(", "), KEYS.join(", "));
        Err(SettingsError(format!("{origin}: unknown setting {unknown}; known are {known}, {TABLES}")))
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

/// Where and why, without the line itself: it may hold a password.
fn unreadable(origin: &str, text: &str, error: &toml::de::Error) -> SettingsError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = 1 + before.matches('\n').count();
    SettingsError(format!("{origin}: line {line}: {}", error.message().replace('\n', " ")))
}

fn unknown_variable(name: &str) -> SettingsError {
    let known: Vec<String> = KEYS.iter().map(|key| format!("{PREFIX}{}", key.to_ascii_uppercase())).collect();
    let known = known.join(", ");
    SettingsError(format!("environment: unknown variable {name}; known are {known}, {CONFIG}"))
}

/// One setting and who said it.
pub struct Setting {
    key: &'static str,
    pub text: String,
    origin: String,
}

impl Setting {
    pub fn read(merged: &Merged, key: &'static str) -> Result<Self, SettingsError> {
        let missing = || SettingsError(format!("{key} is not set"));
        Self::find(merged, key)?.ok_or_else(missing)
    }

    pub fn find(merged: &Merged, key: &'static str) -> Result<Option<Self>, SettingsError> {
        let Some(value) = merged.get(key) else {
            return Ok(None);
        };
        let origin = value.origin().unwrap_or("default").to_owned();
        match &value.kind {
            ValueKind::String(text) => Ok(Some(Self { key, text: text.clone(), origin })),
            _ => Err(SettingsError(format!("{origin}: {key} is not a string"))),
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
        SettingsError(format!("{}: {} {why}", self.origin, self.key))
    }

    /// Said by a flag or a variable, not by default or by a file that lies about.
    pub fn is_of_this_run(&self) -> bool {
        THIS_RUN.iter().any(|mark| self.origin.starts_with(mark))
    }
}
