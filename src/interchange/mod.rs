//! Formats: text in, text out, no database.

pub mod calendar;
pub mod card;
pub mod directory;
pub mod invitation;
