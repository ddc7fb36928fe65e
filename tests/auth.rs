//! Who asks: tokens of issuers and of our own, and what their bearers may.

mod arrive;
mod claims;
mod issuer;
mod keys;
mod own;
mod process;
mod rotation;
mod tokens;
