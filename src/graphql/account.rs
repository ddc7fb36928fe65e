//! Priorities, follow-up items, activities and results as the schema shows them: alike.

/// Declares the object of one of the four nouns, with the lists that it has of its own.
macro_rules! account {
    (
        $(#[doc = $doc:literal])+
        $object:ident ($name:literal) of $noun:ident as $kind:ident, $lists:ident {
            $( $(#[doc = $list_doc:literal])+ $list:ident ( $($argument:ident : $argument_kind:ty = $about:literal)? ) -> $node:ident by $find:path; )+
        }
    ) => {
        use async_graphql::{Description, Object};
        use entity::values::{GlobalId, SubjectKind};

        use crate::domain::$noun;
        use crate::error::Error;
        use crate::graphql::agreement::Assignment;
        use crate::graphql::connection::connections;
        use crate::graphql::owner::{Owner, owner};
        use crate::graphql::period::Period;
        use crate::graphql::row::Row;
        use crate::graphql::source::Source;

        $(#[doc = $doc])+
        #[derive(Description)]
        pub struct $object(pub Row<$noun::Row>);

        impl From<Row<$noun::Row>> for $object {
            fn from(row: Row<$noun::Row>) -> Self {
                Self(row)
            }
        }

        #[Object(use_type_description, name = $name)]
        impl $object {
            /// Its id.
            pub async fn id(&self) -> GlobalId {
                self.0.global_id(SubjectKind::$kind)
            }

            /// Whose it is.
            async fn owner(&self) -> Result<Option<Owner>, Error> {
                owner(&self.0, |row| row.group_id, |row| row.organisation_id).await
            }

            /// The assignment of an agreement that it is part of.
            async fn assignment(&self) -> Result<Option<Assignment>, Error> {
                let find = crate::domain::agreement::assignments_by_ids;
                Ok(self.0.one("assignment", |row| row.assignment_id, find).await?.map(Assignment))
            }

            /// What it is, in few words.
            async fn name(&self) -> &str {
                &self.0.name
            }

            /// What more there is to say of it.
            async fn description(&self) -> Result<Option<String>, Error> {
                let found = self.0.many("description", $noun::descriptions).await?;
                Ok(found.first().map(|row| row.description.clone()))
            }

            /// When.
            async fn period(&self) -> Period {
                Period::new(self.0.period, self.0.view().on())
            }

            /// The lists that belong to it.
            #[graphql(flatten)]
            async fn lists(&self) -> $lists {
                $lists(self.0.clone())
            }

            /// Counts its changes, from 1.
            async fn version(&self) -> i32 {
                self.0.version
            }

            /// Where this was taken from.
            async fn sources(&self) -> Result<Vec<Source>, Error> {
                crate::graphql::source::sources(&self.0).await
            }
        }

        connections! {
            $lists of $noun::Row {
                $( $(#[doc = $list_doc])+ $list ( $($argument : $argument_kind = $about)? ) -> $node by $find; )+
            }
        }
    };
}
pub(super) use account;
