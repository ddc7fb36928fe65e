//! Settings: defaults, then a file, then the environment, then flags; whoever says it last decides.
//!
//! | setting | environment | flag | default |
//! | --- | --- | --- | --- |
//! | `database_url` | `SAMVERKAN_DATABASE_URL` | `--database-url` | `sqlite://samverkan.db` |
//! | `listen` | `SAMVERKAN_LISTEN` | `--listen` | `127.0.0.1:8080` |
//! | `public_url` | `SAMVERKAN_PUBLIC_URL` | | `http://` and what it listens on |
//! | `mode` | `SAMVERKAN_MODE` | | `development`, or `production` |
//! | `allowed_origins` | `SAMVERKAN_ALLOWED_ORIGINS` | | none |
//! | `points_per_minute` | `SAMVERKAN_POINTS_PER_MINUTE` | | `2000000`, or `off` |
//! | `trusted_proxies` | `SAMVERKAN_TRUSTED_PROXIES` | | none |
//! | `stored_documents` | `SAMVERKAN_STORED_DOCUMENTS` | | none |
//! | `only_stored_documents` | `SAMVERKAN_ONLY_STORED_DOCUMENTS` | | `off`, or `on` |
//! | `graphiql_assets` | `SAMVERKAN_GRAPHIQL_ASSETS` | `--graphiql-assets` | GraphiQL from its CDN |
//! | `smtp_url` | `SAMVERKAN_SMTP_URL` | | none: no invitations by e-mail |
//! | `mail_from` | `SAMVERKAN_MAIL_FROM` | | none |
//! | `metrics_listen` | `SAMVERKAN_METRICS_LISTEN` | | none: no metrics |
//! | `own_tokens` | `SAMVERKAN_OWN_TOKENS` | | `on`, or `off` when there are issuers |
//! | `issuers` | | | none; tables in the file |
//! | `log` | `SAMVERKAN_LOG` | | `samverkan=info,warn` |
//! | `log_format` | `SAMVERKAN_LOG_FORMAT` | | `text`, or `json` |
//!
//! The file is `samverkan.toml` in the working directory, if it is there, or `--config FILE`, or `SAMVERKAN_CONFIG`.
//! A key or a variable that is not in this table is an error: a misspelt setting must not be a default.

mod edge;
mod issuer;
mod layers;
mod mail;

use std::fmt;
use std::path::{Path, PathBuf};

use ::config::{Config, ConfigError, Source, Value};
use reqwest::Url;

pub use edge::{Connections, Http, MAX_POINTS};
pub use issuer::{Issuer, MappedRole, is_safe_url};
use layers::{Layer, Merged, Setting};
pub use layers::{SettingsError, SettingsErrors};
pub use mail::Mail;

/// Where the server listens when nobody says otherwise.
pub const LISTEN: &str = "127.0.0.1:8080";

const DEFAULTS: [(&str, &str); 7] = [
    ("database_url", "sqlite://samverkan.db"),
    ("listen", LISTEN),
    ("mode", "development"),
    ("points_per_minute", "2000000"),
    ("only_stored_documents", "off"),
    ("log", "samverkan=info,warn"),
    ("log_format", "text"),
];
/// In the place of a setting that is wrong, so that the one that wants its company is not said to be wrong, too.
const STAND_INS: [(&str, &str); 2] = [("smtp_url", "smtps://localhost"), ("mail_from", "nobody@localhost")];
const FILE: &str = "samverkan.toml";

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Settings {
    pub database: Database,
    /// Where clients find the server, for links to it.
    pub public_url: String,
    pub http: Http,
    pub tokens: Tokens,
    /// How invitations are sent; `None` when none are.
    pub mail: Option<Mail>,
    pub log: Log,
}

/// Where the directory is kept.
#[derive(Clone)]
pub struct Database {
    pub url: String,
    /// Named by a flag or the environment for this very run, not by default or by a file that lies about.
    pub chosen: bool,
}

/// Whose tokens are accepted.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Those that this directory signs with its own key.
    pub own: bool,
    /// Those of others.
    pub issuers: Vec<Issuer>,
}

#[derive(Debug, Clone)]
pub struct Log {
    /// What is logged, as `RUST_LOG` writes it.
    pub filter: String,
    pub json: bool,
}

/// What the command line says; it decides over everything else.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    pub config: Option<PathBuf>,
    pub database_url: Option<String>,
    pub listen: Option<String>,
    pub graphiql_assets: Option<String>,
}

impl Settings {
    /// The settings of this process.
    pub fn read(flags: &Flags) -> Result<Settings, SettingsErrors> {
        Self::from(flags, variables(), Path::new(FILE))
    }

    /// The same from given parts, so that it can be tried without a process of its own.
    pub fn from(
        flags: &Flags,
        environment: impl IntoIterator<Item = (String, String)>,
        default_file: &Path,
    ) -> Result<Settings, SettingsErrors> {
        match Self::look(flags, environment, default_file) {
            (Some(settings), wrong) if wrong.is_empty() => Ok(settings),
            (_, wrong) => Err(SettingsErrors(wrong)),
        }
    }

    /// All that is wrong with the settings of this process. What is not, is in the settings that come with it, unless it is not known which
    /// settings are meant.
    pub fn check(flags: &Flags) -> (Option<Settings>, Vec<SettingsError>) {
        let (settings, wrong) = Self::look(flags, variables(), Path::new(FILE));
        (settings.filter(|_| wrong.iter().all(|error| error.setting.is_some())), wrong)
    }

    fn look(
        flags: &Flags,
        environment: impl IntoIterator<Item = (String, String)>,
        default_file: &Path,
    ) -> (Option<Settings>, Vec<SettingsError>) {
        let mut wrong = Vec::new();
        let (environment, named) = Layer::environment(environment, &mut wrong);
        let named = flags.config.clone().or(named);
        let (file, issuers) = Layer::file(named.as_deref(), default_file, &mut wrong);
        let settings = match merge([file, environment, Layer::flags(flags)]) {
            Ok(merged) => Self::parse_all(merged, &issuers, &mut wrong),
            Err(error) => {
                wrong.push(error.into());
                None
            }
        };
        (settings, wrong)
    }

    /// Sets aside what is wrong, so that what else is wrong comes to light.
    fn parse_all(mut merged: Merged, issuers: &[Issuer], wrong: &mut Vec<SettingsError>) -> Option<Settings> {
        let mut aside = Vec::new();
        loop {
            let error = match Self::parse(&merged, issuers.to_vec()) {
                Ok(settings) => return Some(settings),
                Err(error) => error,
            };
            let setting = error.setting.filter(|setting| merged.remove(*setting).is_some());
            // What stood in for it is wrong there, too: nothing does.
            let again = setting.is_some_and(|setting| aside.contains(&setting));
            if !again {
                wrong.push(error);
            }
            let setting = setting?;
            let stands_in = DEFAULTS.iter().chain(&STAND_INS).find(|(name, _)| *name == setting);
            if let Some((_, value)) = stands_in.filter(|_| !again) {
                merged.insert(setting.to_owned(), Value::from(*value));
            }
            aside.push(setting);
        }
    }

    fn parse(merged: &Merged, issuers: Vec<Issuer>) -> Result<Settings, SettingsError> {
        let url = Setting::read(merged, "database_url")?;
        let url = url.check(is_database_url, "a URL that begins with sqlite: or postgres:")?;
        let http = Http::read(merged)?;
        let public = Setting::find(merged, "public_url")?;
        let public =
            public.map(|url| url.check(is_public_url, "an https:// or http:// URL without ? and #")).transpose()?;
        let format = Setting::read(merged, "log_format")?;
        let format = format.check(|text| matches!(text, "text" | "json"), "text or json")?;
        let own = Setting::find(merged, "own_tokens")?;
        let own = own.map(|own| own.check(|text| matches!(text, "on" | "off"), "on or off")).transpose()?;
        // Where others say who somebody is, our own key is one more thing to lose.
        let own = own.map_or(issuers.is_empty(), |own| own.text == "on");
        Ok(Settings {
            database: Database { chosen: url.is_of_this_run(), url: url.text },
            public_url: public.map_or_else(|| at(&http.listen), |url| url.text),
            http,
            tokens: Tokens { own, issuers },
            mail: Mail::read(merged)?,
            log: Log { filter: Setting::read(merged, "log")?.text, json: format.text == "json" },
        })
    }
}

/// A variable that is not Unicode cannot be one of ours, whose names and values are.
fn variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok()?;
        Some((name, value.to_string_lossy().into_owned()))
    })
}

/// The defaults, and over them what the layers say, the last above all.
fn merge(layers: [Layer; 3]) -> Result<Merged, ConfigError> {
    let mut merged = Config::builder();
    for (key, value) in DEFAULTS {
        merged = merged.set_default(key, value)?;
    }
    layers.into_iter().fold(merged, |merged, layer| merged.add_source(layer)).build()?.collect()
}

impl Database {
    /// The URL without its password, for eyes and logs.
    pub fn masked(&self) -> String {
        masked(&self.url)
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Database({})", self.masked())
    }
}

/// Hides what stands between the user's name and the last `@`, and every parameter whose name speaks of a password.
fn masked(url: &str) -> String {
    let start = url.find("://").map_or(0, |scheme| scheme + 3);
    let (scheme, rest) = url.split_at(start);
    let (user, place) = match rest.rsplit_once('@') {
        Some((user, place)) => {
            let name = user.split(':').next().unwrap_or_default();
            let password = if user.contains(':') { ":***" } else { "" };
            (format!("{name}{password}@"), place)
        }
        None => (String::new(), rest),
    };
    let (address, parameters) = place.split_once('?').unwrap_or((place, ""));
    let parameters: Vec<String> = parameters.split('&').map(masked_parameter).collect();
    let question = if place.contains('?') { "?" } else { "" };
    format!("{scheme}{user}{address}{question}{}", parameters.join("&"))
}

fn masked_parameter(parameter: &str) -> String {
    match parameter.split_once('=') {
        Some((key, _)) if key.to_ascii_lowercase().contains("pass") => format!("{key}=***"),
        _ => parameter.to_owned(),
    }
}

/// Where a server is that listens on HOST:PORT, for who is near.
pub fn at(listen: &str) -> String {
    format!("http://{listen}")
}

/// Whether links can begin with a URL.
fn is_public_url(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let plain = url.username().is_empty() && url.password().is_none();
    let bare = url.query().is_none() && url.fragment().is_none();
    plain && bare && url.host_str().is_some() && matches!(url.scheme(), "https" | "http")
}

fn is_database_url(text: &str) -> bool {
    ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| text.starts_with(scheme))
}
