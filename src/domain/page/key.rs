//! What lists are ordered by, and how a cursor holds it.

use chrono::NaiveDate;
use sea_orm::Value;
use uuid::Uuid;

use crate::domain::cells::Cells;
use crate::error::Error;

/// A column that a list is ordered by. It is never null.
#[derive(Clone, Copy, Debug)]
pub enum Key {
    /// Bytes: a sort key.
    Bytes(&'static str),
    /// A whole number.
    Number(&'static str),
    /// A date.
    Date(&'static str),
    /// A text whose order is that of its bytes: a slug.
    Text(&'static str),
    /// An id; the last key of every list.
    Id(&'static str),
}

impl Key {
    pub(super) fn column(self) -> &'static str {
        match self {
            Self::Bytes(column) | Self::Number(column) | Self::Date(column) | Self::Text(column) | Self::Id(column) => {
                column
            }
        }
    }

    pub(super) fn read(self, cells: &mut Cells<'_>, cursor: &mut Vec<u8>) -> Result<(), Error> {
        let bytes = match self {
            Self::Bytes(_) => cells.take::<Vec<u8>>()?,
            Self::Number(_) => number(cells)?.to_be_bytes().to_vec(),
            Self::Date(_) => cells.take::<NaiveDate>()?.to_string().into_bytes(),
            Self::Text(_) => cells.take::<String>()?.into_bytes(),
            Self::Id(_) => cells.take::<Uuid>()?.as_bytes().to_vec(),
        };
        let length = u16::try_from(bytes.len()).map_err(|_| Error::Internal("a key too long for a cursor".into()))?;
        cursor.extend(length.to_be_bytes());
        cursor.extend(bytes);
        Ok(())
    }

    pub(super) fn value(self, bytes: &[u8]) -> Option<Value> {
        Some(match self {
            Self::Bytes(_) => bytes.to_vec().into(),
            Self::Number(_) => i64::from_be_bytes(bytes.try_into().ok()?).into(),
            Self::Date(_) => std::str::from_utf8(bytes).ok()?.parse::<NaiveDate>().ok()?.into(),
            Self::Text(_) => std::str::from_utf8(bytes).ok()?.into(),
            Self::Id(_) => Uuid::from_slice(bytes).ok()?.into(),
        })
    }
}

/// Whole numbers come in the width that the column has on PostgreSQL.
fn number(cells: &mut Cells<'_>) -> Result<i64, Error> {
    Ok(cells.take::<i64>()?)
}
