//! A public key, and the signatures of it that have been found right: the same token comes with request after request.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use sha2::{Digest, Sha256};

/// Signatures that are remembered at most; then all are forgotten.
const MOST: usize = 10_000;

/// Checks signatures by one key. Clones remember together.
#[derive(Clone)]
pub struct Verifier {
    key: DecodingKey,
    seen: Arc<Mutex<HashSet<[u8; 32]>>>,
}

impl Verifier {
    /// By this key.
    pub fn new(key: DecodingKey) -> Self {
        Self { key, seen: Arc::default() }
    }

    /// Whether the key signed the message, which says itself with what algorithm. What else it says is nobody's business here, and is
    /// checked each time.
    pub fn signed(&self, message: &str, signature: &str, algorithm: Algorithm) -> bool {
        let mark: [u8; 32] =
            Sha256::new().chain_update(message).chain_update(".").chain_update(signature).finalize().into();
        if self.seen.lock().unwrap_or_else(PoisonError::into_inner).contains(&mark) {
            return true;
        }
        let right = crypto::verify(signature, message.as_bytes(), &self.key, algorithm).unwrap_or(false);
        if right {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.len() >= MOST {
                seen.clear();
            }
            seen.insert(mark);
        }
        right
    }
}
