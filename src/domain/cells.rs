//! Lean rows: a projection of one or several tables, read by position.

use entity::values::Period;
use sea_orm::{DbErr, QueryResult, TryGetable};
use uuid::Uuid;

/// The cells of one row, read from left to right.
pub struct Cells<'a> {
    row: &'a QueryResult,
    next: usize,
}

impl<'a> Cells<'a> {
    /// From the first cell.
    pub fn new(row: &'a QueryResult) -> Self {
        Self { row, next: 0 }
    }

    /// The next cell.
    pub fn take<T: TryGetable>(&mut self) -> Result<T, DbErr> {
        self.next += 1;
        self.row.try_get_by_index(self.next - 1)
    }

    /// The next three cells, as a period.
    pub fn period(&mut self) -> Result<Period, DbErr> {
        Ok(Period::stored(self.take()?, self.take()?, self.take()?))
    }

    fn is_null(&self) -> Result<bool, DbErr> {
        Ok(self.row.try_get_by_index::<Option<Uuid>>(self.next)?.is_none())
    }
}

/// Something that is read from consecutive cells.
pub trait Columns: Sized {
    /// How many cells it takes.
    const WIDTH: usize;

    /// Reads it.
    fn read(cells: &mut Cells<'_>) -> Result<Self, DbErr>;
}

/// What a LEFT JOIN may not have found. The first cell is the id.
impl<T: Columns> Columns for Option<T> {
    const WIDTH: usize = T::WIDTH;

    fn read(cells: &mut Cells<'_>) -> Result<Self, DbErr> {
        if cells.is_null()? {
            cells.next += T::WIDTH;
            return Ok(None);
        }
        T::read(cells).map(Some)
    }
}

impl<A: Columns, B: Columns> Columns for (A, B) {
    const WIDTH: usize = A::WIDTH + B::WIDTH;

    fn read(cells: &mut Cells<'_>) -> Result<Self, DbErr> {
        Ok((A::read(cells)?, B::read(cells)?))
    }
}

impl Columns for Uuid {
    const WIDTH: usize = 1;

    fn read(cells: &mut Cells<'_>) -> Result<Self, DbErr> {
        cells.take()
    }
}

/// A row with an id.
pub trait Identified {
    /// The id.
    fn id(&self) -> Uuid;
}

/// Declares a lean row: its columns are read in the order in which they stand. `dated` adds the period.
macro_rules! row {
    (@one) => { 1 };
    (@one $($any:tt)*) => { 1 };
    (@period dated) => { 3 };
    (@period) => { 0 };
    ($(#[$doc:meta])* $name:ident { id $(, $column:ident: $kind:ty)* $(,)? } $($dated:ident)?) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            pub id: uuid::Uuid,
            $(pub $column: $kind,)*
            $(#[doc = stringify!($dated)] pub period: entity::values::Period,)?
        }

        impl $name {
            /// The columns, of the table that stands under the alias.
            pub fn columns(of: &str) -> String {
                let mut columns = format!("{of}.id");
                $(columns.push_str(&format!(", {of}.{}", stringify!($column)));)*
                $(
                    let _ = stringify!($dated);
                    columns.push_str(&format!(", {of}.valid_from, {of}.valid_until, {of}.valid_precision"));
                )?
                columns
            }
        }

        impl $crate::domain::cells::Columns for $name {
            const WIDTH: usize = 1 $(+ $crate::domain::cells::row!(@one $column))* + $crate::domain::cells::row!(@period $($dated)?);

            fn read(cells: &mut $crate::domain::cells::Cells<'_>) -> Result<Self, sea_orm::DbErr> {
                Ok(Self {
                    id: cells.take()?,
                    $($column: cells.take()?,)*
                    $(period: { let _ = stringify!($dated); cells.period()? },)?
                })
            }
        }

        impl $crate::domain::cells::Identified for $name {
            fn id(&self) -> uuid::Uuid {
                self.id
            }
        }
    };
}
pub(crate) use row;
