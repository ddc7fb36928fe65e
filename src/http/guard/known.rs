//! Documents that have been let through before: pages send the same ones over and over.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{Checked, Refusal, check};

/// Documents that are kept at most; then all are let go.
const MOST: usize = 100;
/// A longer document is looked at each time.
const LONGEST: usize = 4 * 1024;

/// What documents came to, by text and operation.
#[derive(Default)]
pub struct Known(Mutex<HashMap<(String, Option<String>), Checked>>);

impl Known {
    /// What [`check`] says of the document.
    pub fn check(&self, query: &str, operation_name: Option<&str>) -> Result<Checked, Refusal> {
        if query.len() > LONGEST {
            return check(query, operation_name);
        }
        let key = (query.to_owned(), operation_name.map(str::to_owned));
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(known.clone());
        }
        let checked = check(query, operation_name)?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, checked.clone());
        Ok(checked)
    }
}
