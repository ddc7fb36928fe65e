//! The nouns: one file a table, and the value types that their columns and the API's inputs are made of. No I/O.

pub mod account;
pub mod activity;
pub mod agreement;
pub mod agreement_party;
pub mod assignment;
pub mod attendance;
pub mod calendar;
pub mod change;
pub mod change_value;
pub mod contact_point;
pub mod document;
pub mod event;
pub mod event_organiser;
pub mod figure;
pub mod follow_up_item;
pub mod grant;
pub mod group;
pub mod group_relation;
pub mod idempotency;
pub mod identity;
pub mod indicator;
pub mod invitation;
pub mod meeting;
pub mod meeting_invitation;
pub mod membership;
pub mod organisation;
pub mod organisation_name;
pub mod person;
pub mod position;
pub mod priority;
pub mod project;
pub mod project_municipality;
pub mod project_partner;
pub mod reference;
pub mod result;
pub mod schedule;
pub mod schedule_group;
pub mod seat;
pub mod signing_key;
pub mod sitting;
pub mod sitting_group;
pub mod source;
pub mod substitution;
pub mod tenure;
pub mod trail_reader;
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
    /// What people have written freely in the row, each text with its field's name in the API. What has a form of its own is not
    /// free: slugs, keys, numbers and references, sort and search keys, recurrence rules, web addresses, and phone numbers.
    fn texts(&self) -> Vec<(&'static str, &str)>;
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

/// Implements [`Record`] for the entity module in which it stands, with the free texts among its columns: `as` the API names them
/// where it does so differently, and only `if` the row is one in which the column is free.
macro_rules! record {
    (versioned $(, texts: $($texts:tt)+)?) => { crate::record!(@ |row| Some(&mut row.version), $($($texts)+)?); };
    ($(texts: $($texts:tt)+)?) => { crate::record!(@ |_| None, $($($texts)+)?); };
    (@ $version:expr, $($column:ident $(as $name:literal)? $(if $free:ident)?),*) => {
        impl crate::Record for Model {
            fn id(&self) -> Uuid {
                self.id
            }

            fn version(&mut self) -> Option<&mut i32> {
                let version: fn(&mut Self) -> Option<&mut i32> = $version;
                version(self)
            }

            fn texts(&self) -> Vec<(&'static str, &str)> {
                let columns: &[(&'static str, Option<&String>)] = &[$((
                    [$($name,)? stringify!($column)][0],
                    Option::from(&self.$column)$(.filter(|_| self.$free()))?,
                )),*];
                columns.iter().filter_map(|(name, text)| text.map(|text| (*name, text.as_str()))).collect()
            }
        }
    };
}

use account::account;
use {dated, record};
