//! Lean rows: a projection of one or several tables, read by position. Columns that nobody wants are not fetched.

use chrono::NaiveDate;
use entity::values::{
    AttendanceMode, Audience, ContactPointKind, Exactness, GroupKind, Instant, InvitationStanding, Measure,
    MeetingKind, MeetingState, OrganisationKind, Period, RelationKind, Role, SeatFill, SeatRole, SubjectKind,
    TimePrecision,
};
use sea_orm::{DbErr, QueryResult, TryGetable};
use uuid::Uuid;

use crate::db::Sql;
use crate::domain::selection::Selection;

/// What a statement selects: the columns of the rows that are read from it, in their order, and which of them are there.
#[derive(Clone, Default)]
pub struct Select {
    sql: Sql,
    present: Vec<bool>,
}

impl Select {
    /// The columns of a row, under an alias, as far as they are wanted.
    #[must_use]
    pub fn row<R: Chosen>(mut self, of: &str, wanted: &Selection) -> Self {
        R::select(of, wanted, &mut self);
        self
    }

    /// The same of a row that may not be wanted at all.
    #[must_use]
    pub fn row_if<R: Chosen>(self, there: bool, of: &str, wanted: &Selection) -> Self {
        if there { self.row::<R>(of, wanted) } else { self.without(R::WIDTH) }
    }

    /// So many columns that are not there.
    #[must_use]
    pub fn without(mut self, columns: usize) -> Self {
        self.present.extend(std::iter::repeat_n(false, columns));
        self
    }

    /// A column.
    #[must_use]
    pub fn column(mut self, wanted: bool, column: impl Into<Sql>) -> Self {
        self.push(wanted, column);
        self
    }

    /// A column.
    pub fn push(&mut self, wanted: bool, column: impl Into<Sql>) {
        self.present.push(wanted);
        if wanted {
            self.sql = listed(std::mem::take(&mut self.sql), column.into());
        }
    }

    /// These columns, then those.
    #[must_use]
    pub fn followed_by(mut self, next: &Self) -> Self {
        self.sql = listed(self.sql, next.sql());
        self.present.extend(&next.present);
        self
    }

    /// What follows SELECT.
    pub fn sql(&self) -> Sql {
        self.sql.clone()
    }

    /// Which of the columns are there; empty when all are.
    pub fn present(&self) -> &[bool] {
        &self.present
    }
}

fn listed(before: Sql, next: Sql) -> Sql {
    match (before.is_empty(), next.is_empty()) {
        (true, _) => next,
        (_, true) => before,
        _ => before.then(",").then(next),
    }
}

/// Columns that are all there.
impl<T: Into<Sql>> From<T> for Select {
    fn from(columns: T) -> Self {
        Self { sql: columns.into(), present: Vec::new() }
    }
}

/// The cells of one row, read from left to right.
pub struct Cells<'a> {
    row: &'a QueryResult,
    present: &'a [bool],
    /// The next column.
    column: usize,
    /// The next cell: columns that were not fetched have none.
    cell: usize,
}

impl<'a> Cells<'a> {
    /// From the first cell, where all columns are there.
    pub fn new(row: &'a QueryResult) -> Self {
        Self::of(row, &[])
    }

    /// From the first cell. `present` says which columns are there; all, when it is empty.
    pub fn of(row: &'a QueryResult, present: &'a [bool]) -> Self {
        Self { row, present, column: 0, cell: 0 }
    }

    /// The same after a first cell that says whose the row is.
    pub fn after_owner(row: &'a QueryResult, present: &'a [bool]) -> Self {
        Self { cell: 1, ..Self::of(row, present) }
    }

    /// The next cell, or what stands for one that was not fetched.
    pub fn take<T: Cell>(&mut self) -> Result<T, DbErr> {
        if !self.step() {
            return Ok(T::absent());
        }
        self.cell += 1;
        self.row.try_get_by_index(self.cell - 1)
    }

    /// The next three cells, as a period.
    pub fn period(&mut self) -> Result<Period, DbErr> {
        Ok(Period::stored(self.take()?, self.take()?, self.take()?))
    }

    /// Passes over the next columns.
    fn skip(&mut self, columns: usize) {
        for _ in 0..columns {
            if self.step() {
                self.cell += 1;
            }
        }
    }

    /// Goes on to the next column; whether this one is there.
    fn step(&mut self) -> bool {
        self.column += 1;
        self.present.get(self.column - 1).copied().unwrap_or(true)
    }

    /// Whether the id that comes next is null, or not there.
    fn is_null(&self) -> Result<bool, DbErr> {
        let there = self.present.get(self.column).copied().unwrap_or(true);
        Ok(!there || self.row.try_get_by_index::<Option<Uuid>>(self.cell)?.is_none())
    }
}

/// A value of a column.
pub trait Cell: TryGetable {
    /// What stands where the column was not fetched. Nobody reads it: only what no selected field needs is left out.
    fn absent() -> Self;
}

impl<T: TryGetable> Cell for Option<T> {
    fn absent() -> Self {
        None
    }
}

macro_rules! cells {
    ($($kind:ty = $absent:expr;)+) => {
        $(impl Cell for $kind {
            fn absent() -> Self {
                $absent
            }
        })+
    };
}

cells! {
    bool = false;
    i16 = 0;
    i32 = 0;
    i64 = 0;
    String = String::new();
    Vec<u8> = Vec::new();
    sea_orm::JsonValue = sea_orm::JsonValue::Null;
    Uuid = Uuid::nil();
    NaiveDate = NaiveDate::MIN;
    Instant = Instant(0);
    AttendanceMode = AttendanceMode::InRoom;
    // What nobody looks at is for nobody.
    Audience = Audience::Administrators;
    ContactPointKind = ContactPointKind::Web;
    Exactness = Exactness::About;
    GroupKind = GroupKind::Other;
    InvitationStanding = InvitationStanding::Withdrawn;
    Measure = Measure::Members;
    MeetingKind = MeetingKind::Internal;
    MeetingState = MeetingState::Cancelled;
    OrganisationKind = OrganisationKind::Other;
    RelationKind = RelationKind::Serves;
    Role = Role::Auditor;
    SeatFill = SeatFill::Appointed;
    SeatRole = SeatRole::Observer;
    SubjectKind = SubjectKind::Change;
    TimePrecision = TimePrecision::Month;
}

/// Something that is read from consecutive cells.
pub trait Columns: Sized {
    /// How many columns it takes.
    const WIDTH: usize;

    /// Reads it.
    fn read(cells: &mut Cells<'_>) -> Result<Self, DbErr>;
}

/// A row of which columns can be left out.
pub trait Chosen: Columns {
    /// Fields that need no more of the row than its id.
    const NOTHING: &'static [&'static str];

    /// Adds the columns that the wanted fields need, of what stands under an alias.
    fn select(of: &str, wanted: &Selection, select: &mut Select);
}

/// What a LEFT JOIN may not have found, or what nobody wanted. The first column is the id.
impl<T: Columns> Columns for Option<T> {
    const WIDTH: usize = T::WIDTH;

    fn read(cells: &mut Cells<'_>) -> Result<Self, DbErr> {
        if cells.is_null()? {
            cells.skip(T::WIDTH);
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
///
/// A column `as "_name"` is that of the table that stands under the alias with this ending.
///
/// A column is fetched for the field of its own name and for those that it is said to be for (`=> [parent]`); `needing nothing` are the fields that need no
/// more than the id. When a field is selected that is in none of these, everything is fetched.
macro_rules! row {
    (@one) => { 1 };
    (@one $($any:tt)*) => { 1 };
    (@period dated) => { 3 };
    (@period) => { 0 };
    (
        $(#[$doc:meta])*
        $name:ident { id $(, $column:ident: $kind:ty $(as $other:literal)? $(=> [$($field:ident)+])?)* $(,)? } $($dated:ident $(=> [$($within:ident)+])?)?
        $(; needing nothing: $($nothing:ident)+)?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            pub id: uuid::Uuid,
            $(pub $column: $kind,)*
            $(#[doc = stringify!($dated)] pub period: entity::values::Period,)?
        }

        impl $name {
            /// The columns, of the table that stands under the alias.
            #[allow(dead_code, reason = "of some rows only what is wanted is ever fetched")]
            pub fn columns(of: &str) -> String {
                let mut columns = format!("{of}.id");
                $(columns.push_str(&format!(", {of}{}.{}", concat!($($other)?), stringify!($column)));)*
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

        impl $crate::domain::cells::Chosen for $name {
            const NOTHING: &'static [&'static str] = &["id" $($(, stringify!($nothing))+)?];

            fn select(of: &str, wanted: &$crate::domain::selection::Selection, select: &mut $crate::domain::cells::Select) {
                let known: &[&[&str]] = &[
                    Self::NOTHING,
                    $(&[stringify!($column) $($(, stringify!($field))+)?],)*
                    $(&["period" $($(, stringify!($within))+)?], &[stringify!($dated)],)?
                ];
                let all = !wanted.is_among(known);
                select.push(true, format!("{of}.id"));
                $(
                    let needed = all || wanted.wants(stringify!($column)) $($(|| wanted.wants(stringify!($field)))+)?;
                    select.push(needed, format!("{of}{}.{}", concat!($($other)?), stringify!($column)));
                )*
                $(
                    let _ = stringify!($dated);
                    let needed = all || wanted.wants("period") $($(|| wanted.wants(stringify!($within)))+)?;
                    for column in ["valid_from", "valid_until", "valid_precision"] {
                        select.push(needed, format!("{of}.{column}"));
                    }
                )?
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
