//! A set of keys as an issuer publishes it (RFC 7517).

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};
use serde_json::Value;

use super::token::Token;
use super::verifier::Verifier;

/// More keys are not read.
const MAX_KEYS: usize = 100;

/// A key, and what it may sign with: what fits the key, the key allows and the settings allow.
pub struct Key {
    kid: Option<String>,
    algorithms: Vec<Algorithm>,
    key: Verifier,
}

impl Key {
    /// Whether the key signed the token. A name on either side must be the other's.
    pub fn signed(&self, token: &Token<'_>) -> bool {
        let named = token.kid.is_none() || token.kid == self.kid;
        named && self.algorithms.contains(&token.algorithm) && token.is_signed_by(&self.key)
    }

    fn read(value: &Value, allowed: &[Algorithm]) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(value.clone()).ok()?;
        let verifies = match (&jwk.common.public_key_use, &jwk.common.key_operations) {
            (Some(purpose), _) => *purpose == PublicKeyUse::Signature,
            (None, Some(operations)) => operations.contains(&KeyOperations::Verify),
            (None, None) => true,
        };
        let algorithms: Vec<Algorithm> = allowed.iter().copied().filter(|one| fits(&jwk, *one)).collect();
        if !verifies || algorithms.is_empty() {
            return None;
        }
        let key = Verifier::new(DecodingKey::from_jwk(&jwk).ok()?);
        Some(Self { kid: jwk.common.key_id, algorithms, key })
    }
}

/// The keys of a set that can prove something; `None` when it is no set. Keys of other kinds are passed over.
pub fn read(set: &Value, allowed: &[Algorithm]) -> Option<Vec<Key>> {
    let keys = set.get("keys")?.as_array()?;
    Some(keys.iter().take(MAX_KEYS).filter_map(|key| Key::read(key, allowed)).collect())
}

fn fits(jwk: &Jwk, algorithm: Algorithm) -> bool {
    let of_kind = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => algorithm.family() == AlgorithmFamily::Rsa,
        AlgorithmParameters::EllipticCurve(key) => match key.curve {
            EllipticCurve::P256 => algorithm == Algorithm::ES256,
            EllipticCurve::P384 => algorithm == Algorithm::ES384,
            _ => false,
        },
        AlgorithmParameters::OctetKeyPair(key) => key.curve == EllipticCurve::Ed25519 && algorithm == Algorithm::EdDSA,
        _ => false,
    };
    of_kind && jwk.common.key_algorithm.is_none_or(|named| named == KeyAlgorithm::from(algorithm))
}
