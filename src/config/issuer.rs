//! Issuers of tokens, as the settings file names them. What cannot be right is refused where it is read, with its line.

use std::collections::BTreeMap;
use std::net::IpAddr;

use entity::values::{Role, Slug};
use jsonwebtoken::{Algorithm, AlgorithmFamily};
use reqwest::Url;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// An issuer of tokens that is trusted, and what its tokens mean here.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// What its tokens say in `iss`, to the letter.
    #[serde(deserialize_with = "url")]
    pub issuer: String,
    /// What must be in their `aud`.
    #[serde(deserialize_with = "name")]
    pub audience: String,
    /// Where its keys are; when left out, its discovery document says.
    #[serde(default, deserialize_with = "some_url")]
    pub jwks_url: Option<String>,
    /// With what its tokens may be signed.
    #[serde(default = "rs256", deserialize_with = "algorithms")]
    pub algorithms: Vec<Algorithm>,
    /// Which claim says who it is.
    #[serde(default = "sub", deserialize_with = "name")]
    pub subject_claim: String,
    /// Which claim lists roles; dots lead into objects.
    pub roles_claim: Option<String>,
    /// What each value in it means here. Others mean nothing.
    #[serde(default)]
    pub roles: BTreeMap<String, MappedRole>,
}

/// A role here, that a value of an issuer's claim stands for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct MappedRole {
    /// What the bearer may do.
    pub role: Role,
    /// Where: the slug of a coordinator's group or of a representative's organisation.
    pub place: Option<String>,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a role such as \"ADMINISTRATOR\", or { role = \"COORDINATOR\", group = \"SLUG\" }, \
                               or { role = \"REPRESENTATIVE\", organisation = \"SLUG\" }"
)]
enum Written {
    Everywhere(Role),
    Somewhere(Somewhere),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Somewhere {
    role: Role,
    group: Option<String>,
    organisation: Option<String>,
}

impl TryFrom<Written> for MappedRole {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let (role, group, organisation) = match written {
            Written::Everywhere(role) => (role, None, None),
            Written::Somewhere(Somewhere { role, group, organisation }) => (role, group, organisation),
        };
        let place = role.at(group, organisation).map_err(|wrong| wrong.to_string())?;
        if let Some(Err(wrong)) = place.as_deref().map(Slug::parse) {
            return Err(wrong.to_string());
        }
        Ok(Self { role, place })
    }
}

/// Whether keys may be fetched from a URL: over TLS, or from this very machine.
pub fn is_safe_url(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let host = url.host_str().unwrap_or_default();
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    plain && !host.is_empty() && (url.scheme() == "https" || (url.scheme() == "http" && is_here(host)))
}

/// Whether a host is this machine.
pub(super) fn is_here(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn rs256() -> Vec<Algorithm> {
    vec![Algorithm::RS256]
}

fn sub() -> String {
    "sub".to_owned()
}

fn name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let name = String::deserialize(from)?;
    if name.is_empty() { Err(D::Error::custom("it must not be empty")) } else { Ok(name) }
}

fn url<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let url = String::deserialize(from)?;
    let wrong = || D::Error::custom("it must be an https:// URL; http:// is for this machine only");
    if is_safe_url(&url) { Ok(url) } else { Err(wrong()) }
}

fn some_url<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    url(from).map(Some)
}

/// Never with a shared secret: whoever can check such a token can also write one.
fn algorithms<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Algorithm>, D::Error> {
    let names = Vec::<String>::deserialize(from)?;
    let known = |name: &String| name.parse().ok().filter(|known: &Algorithm| known.family() != AlgorithmFamily::Hmac);
    let known: Option<Vec<Algorithm>> = names.iter().map(known).collect();
    let wrong = "algorithms are some of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA";
    known.filter(|list| !list.is_empty()).ok_or_else(|| D::Error::custom(wrong))
}
