//! Bytes as hexadecimal text, for rows in the Change trail.

use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// Writes bytes as hexadecimal text.
pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

/// Reads hexadecimal text.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let pairs = text
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|p| u8::from_str_radix(p, 16).ok()));
    pairs.collect::<Option<_>>().ok_or_else(|| D::Error::custom("not hexadecimal"))
}
