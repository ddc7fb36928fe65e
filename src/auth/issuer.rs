//! Tokens of somebody else: an OpenID Connect issuer such as Entra ID or Keycloak.

use std::sync::Arc;

use entity::values::Instant;
use reqwest::Client;
use reqwest::redirect::Policy;
use serde_json::Value;

use super::cache::Keys;
use super::token::Token;
use super::{Proof, Unauthenticated};
use crate::app::App;
use crate::config;
use crate::error::Error;
use crate::policy::{Claim, SignIn};

/// An issuer that is trusted.
pub struct Issuer {
    settings: config::Issuer,
    keys: Arc<Keys>,
}

impl Issuer {
    /// All that the settings name. They share a client, which follows no redirect.
    pub fn all(app: &App, settings: &[config::Issuer]) -> Result<Vec<Arc<Self>>, Error> {
        if settings.is_empty() {
            return Ok(Vec::new());
        }
        let client = Client::builder().redirect(Policy::none()).build();
        let client = client.map_err(|error| Error::Internal(format!("TLS cannot be set up: {error}")))?;
        let of = |settings: &config::Issuer| {
            let keys = Arc::new(Keys::new(app.clone(), client.clone(), settings.clone()));
            Arc::new(Self { settings: settings.clone(), keys })
        };
        Ok(settings.iter().map(of).collect())
    }

    /// Whether it goes by this name.
    pub fn is(&self, issuer: &str) -> bool {
        self.settings.issuer == issuer
    }

    /// What a token proves. Keys are looked at last: what is wrong in itself is no reason to fetch any.
    pub async fn sign_in(&self, token: &Token<'_>, now: Instant) -> Result<Proof, Unauthenticated> {
        let settings = &self.settings;
        if !settings.algorithms.contains(&token.algorithm) {
            return Err(Unauthenticated::Invalid);
        }
        let until = token.check(&settings.issuer, &settings.audience, now)?;
        let subject = token.subject(&settings.subject_claim)?;
        if !self.keys.signed(token).await {
            return Err(Unauthenticated::Invalid);
        }
        let sign_in = SignIn { issuer: settings.issuer.clone(), subject, claims: self.claims(token) };
        Ok(Proof { sign_in, until })
    }

    /// What the values of the roles' claim, a list or a single one, stand for here.
    fn claims(&self, token: &Token<'_>) -> Vec<Claim> {
        let listed = self.settings.roles_claim.as_ref().and_then(|path| token.claim(path));
        let values = match listed {
            Some(Value::Array(values)) => values.as_slice(),
            Some(value) => std::slice::from_ref(value),
            None => &[],
        };
        let named = |value: &str| values.iter().any(|listed| listed.as_str() == Some(value));
        let meant = self.settings.roles.iter().filter(|(value, _)| named(value));
        meant.map(|(_, mapped)| Claim { role: mapped.role, place: mapped.place.clone() }).collect()
    }
}
