//! What a request may take, and whose word counts for where it comes from.

use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use reqwest::Url;

use super::LISTEN;
use super::layers::{Merged, Setting, SettingsError};

/// An operation of more points is not answered, whoever asks.
pub const MAX_POINTS: u64 = 200_000;
const PATIENCE: Duration = Duration::from_secs(10);
const DEADLINE: Duration = Duration::from_secs(10);

/// How requests come in.
#[derive(Debug, Clone)]
pub struct Http {
    /// Host and port.
    pub listen: String,
    /// Host and port at which metrics are told, if they are.
    pub metrics_listen: Option<String>,
    /// Where `npm install` put GraphiQL, for networks that do not reach its CDN.
    pub graphiql_assets: Option<PathBuf>,
    /// Manifests of documents that clients mean by their names.
    pub stored_documents: Vec<PathBuf>,
    /// Whether no others are run.
    pub only_stored_documents: bool,
    /// Whether the schema is told only to whom it concerns: no introspection and no GraphiQL for others.
    pub production: bool,
    /// Origins whose pages may ask from the browser, beside the server's own.
    pub allowed_origins: Vec<String>,
    /// Proxies that say truly, in `X-Forwarded-For`, where a request comes from.
    pub trusted_proxies: Vec<IpNet>,
    /// What operations may cost everybody in a minute; nobody counts when there is none.
    pub points_per_minute: Option<u64>,
    /// How long a request's body may take to arrive. Not for anyone to set but the tests.
    pub patience: Duration,
    /// How long the answer to a query may take. Not for anyone to set but the tests.
    pub deadline: Duration,
    /// Nor these.
    pub connections: Connections,
}

/// How many connections there may be, and how long the other end may take over its part.
#[derive(Debug, Clone, Copy)]
pub struct Connections {
    /// Open at once; the next is turned away.
    pub most: usize,
    /// From opening the connection to the end of the first request's head, and from the first byte of any other's to its end.
    pub head: Duration,
    /// From an answer to the next request. Longer than proxies keep theirs, so that they are the first to close.
    pub idle: Duration,
    /// With an answer to be taken, and none of it being taken.
    pub stall: Duration,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            most: 10_000,
            head: Duration::from_secs(5),
            idle: Duration::from_secs(75),
            stall: Duration::from_secs(30),
        }
    }
}

impl Default for Http {
    /// Without budgets.
    fn default() -> Self {
        Self {
            listen: LISTEN.into(),
            metrics_listen: None,
            graphiql_assets: None,
            stored_documents: Vec::new(),
            only_stored_documents: false,
            production: false,
            allowed_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            points_per_minute: None,
            patience: PATIENCE,
            deadline: DEADLINE,
            connections: Connections::default(),
        }
    }
}

impl Http {
    pub(super) fn read(merged: &Merged) -> Result<Self, SettingsError> {
        let listen = Setting::read(merged, "listen")?.check(is_address, "HOST:PORT")?;
        let metrics = Setting::find(merged, "metrics_listen")?;
        let metrics = metrics.map(|metrics| metrics.check(is_address, "HOST:PORT")).transpose()?;
        let assets = Setting::find(merged, "graphiql_assets")?;
        let assets = assets.map(|assets| assets.check(|path| !path.is_empty(), "a directory")).transpose()?;
        let stored = Setting::find(merged, "stored_documents")?;
        let what = "files, with commas between them";
        let stored =
            stored.map(|stored| stored.check(|text| parts(text).all(|file| !file.is_empty()), what)).transpose()?;
        let only = Setting::read(merged, "only_stored_documents")?;
        let what = "off, or on where there are stored_documents";
        let only = only.check(|text| text == "off" || text == "on" && stored.is_some(), what)?;
        let mode = Setting::read(merged, "mode")?;
        let mode = mode.check(|text| matches!(text, "development" | "production"), "development or production")?;
        let origins = Setting::find(merged, "allowed_origins")?;
        let what = "origins such as https://www.example.org, with commas between them";
        let origins = origins.map(|origins| origins.check(|text| parts(text).all(is_origin), what)).transpose()?;
        let points = Setting::read(merged, "points_per_minute")?;
        let what = format!("off, or a number of at least {MAX_POINTS}, which one operation may cost");
        let points = points.check(|text| text == "off" || points_of(text).is_some(), &what)?;
        let proxies = Setting::find(merged, "trusted_proxies")?;
        let what = "addresses or networks, such as 10.0.0.0/8, with commas between them";
        let proxies = proxies.map(|proxies| proxies.check(|text| networks_of(text).is_some(), what)).transpose()?;
        Ok(Self {
            listen: listen.text,
            metrics_listen: metrics.map(|metrics| metrics.text),
            graphiql_assets: assets.map(|assets| assets.text.into()),
            stored_documents: stored.iter().flat_map(|stored| parts(&stored.text)).map(PathBuf::from).collect(),
            only_stored_documents: only.text == "on",
            production: mode.text == "production",
            allowed_origins: origins.iter().flat_map(|origins| parts(&origins.text)).map(str::to_owned).collect(),
            trusted_proxies: proxies.and_then(|proxies| networks_of(&proxies.text)).unwrap_or_default(),
            points_per_minute: points_of(&points.text),
            ..Self::default()
        })
    }
}

fn points_of(text: &str) -> Option<u64> {
    text.parse().ok().filter(|points| *points >= MAX_POINTS)
}

fn networks_of(text: &str) -> Option<Vec<IpNet>> {
    let network = |text: &str| text.parse().ok().or_else(|| Some(IpNet::from(text.parse::<std::net::IpAddr>().ok()?)));
    parts(text).map(network).collect()
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim)
}

/// Whether a browser writes an origin so: scheme, host and port, and nothing that goes without saying.
fn is_origin(text: &str) -> bool {
    Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.origin().ascii_serialization() == text)
}

fn is_address(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}
