//! Many new rows at once.

use sea_orm::{ActiveModelTrait, EntityTrait};

use super::entry::columns;
use super::{ById, Entry, RowChange, Writable, Writer, place, text};
use crate::error::Error;

/// Rows in a statement: SQLite takes some thirty thousand values in one.
const AT_ONCE: usize = 500;

impl Writer {
    /// Adds rows of which none is there yet, and notes them in the entry. What is wrong with one of them is told as of the first.
    pub async fn add<M>(&self, entry: &mut Entry, mut rows: Vec<M>) -> Result<(), Error>
    where
        M: Writable,
        M::Entity: ById + EntityTrait<Model = M>,
    {
        for row in &mut rows {
            text::without_personal_numbers(row.texts())?;
            if let Some(version) = row.version() {
                *version = 1;
            }
        }
        for some in rows.chunks(AT_ONCE) {
            let active = some.iter().map(|row| row.clone().into_active_model().reset_all());
            let added = M::Entity::insert_many(active).exec_without_returning(self.db()).await;
            added.map_err(|error| place::explained(error.into(), &some[0]))?;
        }
        for row in rows {
            entry.rows.push(RowChange { table: M::TABLE, id: row.id(), was: None, now: Some(columns(&row)?) });
        }
        Ok(())
    }
}
