//! A token as it stands, and the checks that do not depend on who issued it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::values::Instant;
use jsonwebtoken::Algorithm;
use serde_json::{Map, Value};

use super::Unauthenticated;
use super::verifier::Verifier;

/// Longer ones are not read.
const MAX_TOKEN: usize = 8 * 1024;
const MAX_KID: usize = 128;
const MAX_SUBJECT: usize = 255;
/// How far clocks may be apart, in microseconds.
const LEEWAY: i64 = 30_000_000;

/// A signed token (JWS compact serialization of a JWT). Of its header only what is named here is looked at: keys and addresses of keys
/// that it brings along prove nothing.
pub struct Token<'a> {
    /// With what it says it is signed: a claim to be checked, not an instruction.
    pub algorithm: Algorithm,
    /// With which of the issuer's keys: an opaque name.
    pub kid: Option<String>,
    claims: Map<String, Value>,
    signed: &'a str,
    signature: &'a str,
}

impl<'a> Token<'a> {
    /// Reads a token without believing it. `none` and unknown algorithms do not get this far, nor does what names extensions in `crit`:
    /// none is understood here.
    pub fn parse(text: &'a str) -> Option<Self> {
        if text.len() > MAX_TOKEN {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header = part(header)?;
        if header.contains_key("crit") {
            return None;
        }
        let kid = match header.get("kid") {
            None => None,
            Some(Value::String(kid)) if kid.chars().count() <= MAX_KID => Some(kid.clone()),
            Some(_) => return None,
        };
        let algorithm = header.get("alg")?.as_str()?.parse().ok()?;
        Some(Self { algorithm, kid, claims: part(claims)?, signed, signature })
    }

    /// Whether the key signed it.
    pub fn is_signed_by(&self, key: &Verifier) -> bool {
        key.signed(self.signed, self.signature, self.algorithm)
    }

    /// A claim that is a text.
    pub fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim)?.as_str()
    }

    /// A claim, or what a path with dots leads to in one.
    pub fn claim(&self, path: &str) -> Option<&Value> {
        if let Some(value) = self.claims.get(path) {
            return Some(value);
        }
        let mut steps = path.split('.');
        let first = self.claims.get(steps.next()?)?;
        steps.try_fold(first, |value, step| value.get(step))
    }

    /// Whom the issuer means, by this claim; `sub` must be there in any case.
    pub fn subject(&self, claim: &str) -> Result<String, Unauthenticated> {
        let named = |claim| {
            let subject = self.text(claim)?;
            let fits = (1..=MAX_SUBJECT).contains(&subject.chars().count()) && !subject.contains(char::is_control);
            fits.then_some(subject)
        };
        match (named("sub"), named(claim)) {
            (Some(_), Some(subject)) => Ok(subject.to_owned()),
            _ => Err(Unauthenticated::Invalid),
        }
    }

    /// Whether it is from this issuer, for this audience, for now; and until when.
    pub fn check(&self, issuer: &str, audience: &str, now: Instant) -> Result<Instant, Unauthenticated> {
        if self.text("iss") != Some(issuer) || !self.is_for(audience) {
            return Err(Unauthenticated::Invalid);
        }
        let until = self.claims.get("exp").and_then(micros).ok_or(Unauthenticated::Invalid)?;
        let until = until.saturating_add(LEEWAY);
        if now.0 >= until {
            return Err(Unauthenticated::Expired);
        }
        match self.claims.get("nbf").map(micros) {
            Some(None) => Err(Unauthenticated::Invalid),
            Some(Some(from)) if now.0 < from.saturating_sub(LEEWAY) => Err(Unauthenticated::Early),
            _ => Ok(Instant(until)),
        }
    }

    /// `aud` is a text or a list of texts.
    fn is_for(&self, audience: &str) -> bool {
        match self.claims.get("aud") {
            Some(Value::String(one)) => one == audience,
            Some(Value::Array(list)) => list.iter().all(Value::is_string) && list.iter().any(|one| one == audience),
            _ => false,
        }
    }
}

/// A part of a token: an object.
fn part(text: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

/// Seconds since 1970, perhaps with a fraction, as microseconds.
fn micros(seconds: &Value) -> Option<i64> {
    seconds.as_f64().map(|seconds| (seconds * 1e6) as i64)
}
