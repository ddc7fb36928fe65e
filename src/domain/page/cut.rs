//! Pages of lists that are computed rather than read: the whole list is there, and a part of it is told.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::{Page, Slice};
use crate::domain::cells::Identified;
use crate::error::{Code, Error};

impl Page {
    /// The page of a whole list in its order, in which no id is twice. Cursors are the rows' ids.
    pub fn cut<R: Identified>(&self, mut rows: Vec<R>) -> Result<Slice<R>, Error> {
        let total = self.count.then_some(rows.len() as u64);
        if let Some(end) = place(self.before.as_deref(), &rows)? {
            rows.truncate(end);
        }
        if let Some(start) = place(self.after.as_deref(), &rows)? {
            rows.drain(..=start);
        }
        if self.backward {
            rows.reverse();
        }
        rows.truncate(self.limit as usize + 1);
        let cursor = |row: R| (URL_SAFE_NO_PAD.encode(row.id().as_bytes()), row);
        Ok(Slice::of(rows.into_iter().map(cursor).collect(), self, total))
    }
}

/// Where the row that a cursor names stands; nowhere when it has left the list since.
fn place<R: Identified>(cursor: Option<&str>, rows: &[R]) -> Result<Option<usize>, Error> {
    let Some(cursor) = cursor else { return Ok(None) };
    let wrong = || Error::invalid(Code::InvalidCursor, "this cursor was not given out by this list in this order");
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?;
    let id = Uuid::from_slice(&bytes).map_err(|_| wrong())?;
    Ok(rows.iter().position(|row| row.id() == id))
}
