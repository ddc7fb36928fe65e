//! Keys made for the tests, and tokens written by hand, so that they can say anything.

use std::sync::LazyLock;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

pub fn base64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

enum Pair {
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Secret(Box<hmac::Key>),
}

/// A key that signs.
pub struct Key {
    pair: Pair,
    algorithm: &'static str,
}

impl Key {
    pub fn rs256() -> Self {
        Self::rsa("RS256", &RSA_PKCS1_SHA256)
    }

    pub fn rs384() -> Self {
        Self::rsa("RS384", &RSA_PKCS1_SHA384)
    }

    pub fn ps256() -> Self {
        Self::rsa("PS256", &RSA_PSS_SHA256)
    }

    fn rsa(algorithm: &'static str, encoding: &'static dyn RsaEncoding) -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        Self { pair: Pair::Rsa(pair, encoding), algorithm }
    }

    pub fn es256() -> Self {
        Self::ec("ES256", &ECDSA_P256_SHA256_FIXED_SIGNING)
    }

    pub fn es384() -> Self {
        Self::ec("ES384", &ECDSA_P384_SHA384_FIXED_SIGNING)
    }

    fn ec(algorithm: &'static str, signing: &'static EcdsaSigningAlgorithm) -> Self {
        Self { pair: Pair::Ec(EcdsaKeyPair::generate(signing).expect("a key")), algorithm }
    }

    pub fn eddsa() -> Self {
        Self { pair: Pair::Ed(Ed25519KeyPair::generate().expect("a key")), algorithm: "EdDSA" }
    }

    /// The directory's own.
    pub fn own(pkcs8: &[u8]) -> Self {
        Self { pair: Pair::Ed(Ed25519KeyPair::from_pkcs8(pkcs8).expect("a key")), algorithm: "EdDSA" }
    }

    /// A shared secret.
    pub fn hs256(secret: &[u8]) -> Self {
        Self { pair: Pair::Secret(Box::new(hmac::Key::new(hmac::HMAC_SHA256, secret))), algorithm: "HS256" }
    }

    /// The public half, as it is written down: what a careless server would take for a secret.
    pub fn public(&self) -> Vec<u8> {
        match &self.pair {
            Pair::Rsa(pair, _) => pair.public_key().as_ref().to_vec(),
            Pair::Ec(pair) => pair.public_key().as_ref().to_vec(),
            Pair::Ed(pair) => pair.public_key().as_ref().to_vec(),
            Pair::Secret(_) => panic!("a secret has no public half"),
        }
    }

    /// The public half as an issuer publishes it.
    pub fn jwk(&self, kid: &str) -> Value {
        let public = self.public();
        let mut jwk = match &self.pair {
            // RSAPublicKey in DER: a header of nine bytes, 256 bytes of modulus, and the exponent 65537.
            Pair::Rsa(..) => json!({ "kty": "RSA", "n": base64(&public[9..265]), "e": "AQAB" }),
            Pair::Ec(_) => {
                // An uncompressed point: 4, x, y.
                let (x, y) = public[1..].split_at((public.len() - 1) / 2);
                let curve = if self.algorithm == "ES256" { "P-256" } else { "P-384" };
                json!({ "kty": "EC", "crv": curve, "x": base64(x), "y": base64(y) })
            }
            Pair::Ed(_) => json!({ "kty": "OKP", "crv": "Ed25519", "x": base64(public) }),
            Pair::Secret(_) => panic!("a secret is not published"),
        };
        jwk["kid"] = kid.into();
        jwk
    }

    /// The header that goes with the key.
    pub fn header(&self, kid: &str) -> Value {
        json!({ "alg": self.algorithm, "typ": "JWT", "kid": kid })
    }

    /// A token that says this, signed.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", base64(header.to_string()), base64(claims.to_string()));
        let signature = self.signature(signed.as_bytes());
        format!("{signed}.{}", base64(signature))
    }

    fn signature(&self, text: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &random, text, &mut signature).expect("a signature");
                signature
            }
            Pair::Ec(pair) => pair.sign(&random, text).expect("a signature").as_ref().to_vec(),
            Pair::Ed(pair) => pair.sign(text).as_ref().to_vec(),
            Pair::Secret(key) => hmac::sign(key, text).as_ref().to_vec(),
        }
    }
}

/// The issuer's usual key. RSA keys take a while to make.
pub static USUAL: LazyLock<Key> = LazyLock::new(Key::rs256);

/// Somebody else's.
pub static OTHER: LazyLock<Key> = LazyLock::new(Key::rs256);
