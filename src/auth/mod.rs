//! Who asks: from an `Authorization` header to a sign-in. Tokens are of this directory's own key, or of an issuer that the settings name.
//! Nothing that a token says decides how it is checked: the algorithm is bound to the key and to the settings, the key to the issuer.

mod cache;
mod issuer;
mod jwks;
mod own;
mod token;
mod verifier;

use std::sync::Arc;

use entity::values::Instant;
pub use own::{ISSUER, issue};

use crate::app::App;
use crate::config;
use crate::error::Error;
use crate::policy::SignIn;
use issuer::Issuer;
use own::OwnKey;
use token::Token;

/// The credentials cannot be checked, or do not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unauthenticated {
    /// There is something, and it is not one bearer token.
    NotBearer,
    /// The token does not hold here.
    Invalid,
    /// It did.
    Expired,
    /// It will.
    Early,
}

impl Unauthenticated {
    /// What `WWW-Authenticate` says of it (RFC 6750).
    pub fn challenge(self) -> &'static str {
        match self {
            Self::NotBearer => "Bearer",
            Self::Invalid => r#"Bearer error="invalid_token", error_description="the token does not hold here""#,
            Self::Expired => r#"Bearer error="invalid_token", error_description="the token has expired""#,
            Self::Early => r#"Bearer error="invalid_token", error_description="the token does not hold yet""#,
        }
    }

    /// The same for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::NotBearer => "send one token, as Authorization: Bearer TOKEN, or no Authorization at all",
            Self::Invalid => "the token does not hold here",
            Self::Expired => "the token has expired: sign in again",
            Self::Early => "the token does not hold yet",
        }
    }
}

/// What an `Authorization` proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Who it is.
    pub sign_in: SignIn,
    /// Until when.
    pub until: Instant,
}

/// Whose tokens prove something here.
#[derive(Clone)]
pub struct Tokens {
    app: App,
    own: Option<OwnKey>,
    issuers: Vec<Arc<Issuer>>,
}

impl Tokens {
    /// As the settings say. Keys of issuers are fetched when the first token comes.
    pub fn new(app: App, settings: &config::Tokens) -> Result<Self, Error> {
        let own = settings.own.then(|| OwnKey::of(&app)).transpose()?;
        let issuers = Issuer::all(&app, &settings.issuers)?;
        Ok(Self { app, own, issuers })
    }

    /// What an `Authorization` header proves; nothing is proved without one.
    pub async fn sign_in(&self, authorization: Option<&[u8]>) -> Result<Option<Proof>, Unauthenticated> {
        let Some(authorization) = authorization else { return Ok(None) };
        let text = bearer(authorization).ok_or(Unauthenticated::NotBearer)?;
        let token = Token::parse(text).ok_or(Unauthenticated::Invalid)?;
        let now = self.app.now();
        // Read before anything is proved, only to choose who must have signed it.
        let issuer = token.text("iss").ok_or(Unauthenticated::Invalid)?;
        if let Some(own) = self.own.as_ref().filter(|_| issuer == own::ISSUER) {
            return own.sign_in(&token, now).map(Some);
        }
        match self.issuers.iter().find(|known| known.is(issuer)) {
            Some(known) => known.sign_in(&token, now).await.map(Some),
            None => Err(Unauthenticated::Invalid),
        }
    }
}

/// The token of `Bearer TOKEN`.
fn bearer(authorization: &[u8]) -> Option<&str> {
    let (scheme, token) = std::str::from_utf8(authorization).ok()?.split_once(' ')?;
    let token = token.trim_start_matches(' ');
    // What RFC 6750 lets a token be made of. Two headers joined into one have a comma and a space.
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    let whole = !token.is_empty() && token.bytes().all(fits);
    (scheme.eq_ignore_ascii_case("bearer") && whole).then_some(token)
}
