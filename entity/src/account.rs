//! What priorities, follow-up items, activities and results have in common: they are kept alike.

use sea_orm::prelude::Uuid;

use crate::Record;
use crate::values::Period;

/// One of the four, whichever it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub id: Uuid,
    /// The group whose it is, unless it is a unit's.
    pub group_id: Option<Uuid>,
    /// The unit whose it is, unless it is a group's.
    pub organisation_id: Option<Uuid>,
    /// The assignment of an agreement that it is part of.
    pub assignment_id: Option<Uuid>,
    /// Its place among those of its owner that begin on the same day.
    pub ordinal: i32,
    pub name: String,
    pub description: Option<String>,
    pub period: Period,
}

/// A row of one of the four tables.
pub trait Account: Record {
    /// The row of an item that is to be written; its version is counted by who writes it.
    fn of(item: Item, version: i32) -> Self;
    /// What the row says.
    fn item(self) -> Item;
}

/// Declares the entity of one of the four tables.
macro_rules! account {
    ($table:tt) => {
        use sea_orm::entity::prelude::*;
        use serde::{Deserialize, Serialize};

        #[sea_orm::model]
        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
        #[sea_orm(table_name = $table)]
        pub struct Model {
            #[sea_orm(primary_key, auto_increment = false)]
            pub id: Uuid,
            pub group_id: Option<Uuid>,
            pub organisation_id: Option<Uuid>,
            pub assignment_id: Option<Uuid>,
            pub ordinal: i32,
            pub name: String,
            pub description: Option<String>,
            pub sort_key: Vec<u8>,
            pub search_key: String,
            pub valid_from: Date,
            pub valid_until: Date,
            pub valid_precision: i16,
            pub version: i32,
        }

        impl ActiveModelBehavior for ActiveModel {}

        impl crate::account::Account for Model {
            fn of(item: crate::account::Item, version: i32) -> Self {
                let (valid_from, valid_until, valid_precision) = item.period.columns();
                Self {
                    id: item.id,
                    group_id: item.group_id,
                    organisation_id: item.organisation_id,
                    assignment_id: item.assignment_id,
                    ordinal: item.ordinal,
                    sort_key: crate::values::sort_key(&[&item.name]),
                    search_key: crate::values::search_key(&item.name),
                    name: item.name,
                    description: item.description,
                    valid_from,
                    valid_until,
                    valid_precision,
                    version,
                }
            }

            fn item(self) -> crate::account::Item {
                crate::account::Item {
                    period: crate::Dated::period(&self),
                    id: self.id,
                    group_id: self.group_id,
                    organisation_id: self.organisation_id,
                    assignment_id: self.assignment_id,
                    ordinal: self.ordinal,
                    name: self.name,
                    description: self.description,
                }
            }
        }

        crate::dated!();
        crate::record!(versioned, texts: name, description);
    };
}
pub(crate) use account;
