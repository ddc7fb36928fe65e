//! Tokens of this directory's own key: for development, for demonstrations, and for the first day.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use entity::values::{Instant, Role, SubjectKind, Term as _};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde::Serialize;

use super::token::Token;
use super::verifier::Verifier;
use super::{Proof, Unauthenticated};
use crate::app::App;
use crate::error::Error;
use crate::policy::{self, Claim, SignIn};

/// `iss` of our own tokens. No other issuer can have this name: theirs are URLs.
pub const ISSUER: &str = "samverkan";
const AUDIENCE: &str = "samverkan";

/// The public half of the key.
#[derive(Clone)]
pub struct OwnKey(Verifier);

impl OwnKey {
    /// The application's.
    pub fn of(app: &App) -> Result<Self, Error> {
        let pair = Ed25519KeyPair::from_pkcs8(app.signing_key());
        let pair = pair.map_err(|_| Error::Internal("the database's signing key is not an Ed25519 key".to_owned()))?;
        Ok(Self(Verifier::new(DecodingKey::from_ed_der(pair.public_key().as_ref()))))
    }

    /// What a token proves.
    pub fn sign_in(&self, token: &Token<'_>, now: Instant) -> Result<Proof, Unauthenticated> {
        if token.algorithm != Algorithm::EdDSA || !token.is_signed_by(&self.0) {
            return Err(Unauthenticated::Invalid);
        }
        let until = token.check(ISSUER, AUDIENCE, now)?;
        let claims = claim(token).into_iter().collect();
        let sign_in = SignIn { issuer: ISSUER.to_owned(), subject: token.subject("sub")?, claims };
        Ok(Proof { sign_in, until })
    }
}

fn claim(token: &Token<'_>) -> Option<Claim> {
    let role = Role::parse(token.text("role")?)?;
    let place = role.at(token.text("group"), token.text("organisation")).ok()?;
    Some(Claim { role, place: place.map(str::to_owned) })
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    iat: i64,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<&'a str>,
}

/// A token for somebody, with a role or with none, for some hours. [`Error::NotFound`] when the role is for a place that is not there.
pub async fn issue(app: &App, subject: &str, claim: Option<Claim>, hours: u16) -> Result<String, Error> {
    if let Some(claim) = &claim {
        policy::locate(app, claim).await?;
    }
    let now = app.now().0.div_euclid(1_000_000);
    let place = |kind| claim.as_ref().filter(|claim| claim.role.place() == Some(kind))?.place.as_deref();
    let claims = Claims {
        iss: ISSUER,
        aud: AUDIENCE,
        sub: subject,
        iat: now,
        exp: now + i64::from(hours) * 3600,
        role: claim.as_ref().map(|claim| claim.role),
        group: place(SubjectKind::Group),
        organisation: place(SubjectKind::Organisation),
    };
    let key = EncodingKey::from_ed_der(app.signing_key());
    let signed = jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &key);
    signed.map_err(|_| Error::Internal("the database's signing key does not sign".to_owned()))
}
