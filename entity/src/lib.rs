//! The nouns: one file a table, and the value types that their columns and the API's inputs are made of. No I/O.

pub mod attendance;
pub mod change;
pub mod change_value;
pub mod contact_point;
pub mod document;
pub mod figure;
pub mod group;
pub mod group_relation;
pub mod meeting;
pub mod membership;
pub mod organisation;
pub mod organisation_name;
pub mod person;
pub mod position;
pub mod schedule;
pub mod schedule_group;
pub mod seat;
pub mod sitting;
pub mod sitting_group;
pub mod source;
pub mod substitution;
pub mod tenure;
pub mod values;

use sea_orm::entity::prelude::*;
use values::Period;

/// A row that holds for a period.
pub trait Dated {
    /// The period.
    fn period(&self) -> Period;
    /// The same row for another period.
    fn set_period(&mut self, period: Period);
}

/// A row that verbs write and the Change trail records.
pub trait Record: ModelTrait + serde::Serialize + PartialEq + Clone + Send + Sync {
    /// The row's primary key.
    fn id(&self) -> Uuid;
    /// Counts the row's changes from 1; `None` for rows that belong to another row and change with it.
    fn version(&mut self) -> Option<&mut i32>;
}

/// Implements [`Dated`] for the entity module in which it stands.
macro_rules! dated {
    () => {
        impl crate::Dated for Model {
            fn period(&self) -> crate::values::Period {
                crate::values::Period::stored(self.valid_from, self.valid_until, self.valid_precision)
            }

            fn set_period(&mut self, period: crate::values::Period) {
                (self.valid_from, self.valid_until, self.valid_precision) = period.columns();
            }
        }
    };
}

/// Implements [`Record`] for the entity module in which it stands.
macro_rules! record {
    (versioned) => {
        impl crate::Record for Model {
            fn id(&self) -> Uuid {
                self.id
            }

            fn version(&mut self) -> Option<&mut i32> {
                Some(&mut self.version)
            }
        }
    };
    () => {
        impl crate::Record for Model {
            fn id(&self) -> Uuid {
                self.id
            }

            fn version(&mut self) -> Option<&mut i32> {
                None
            }
        }
    };
}

use {dated, record};
