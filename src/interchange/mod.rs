//! Formats: text in, text out, no database.

pub mod directory;
