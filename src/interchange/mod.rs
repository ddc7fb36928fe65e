//! Formats: text in, text out, no database.

pub mod card;
pub mod directory;
