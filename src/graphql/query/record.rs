//! The root of the schema: the record, what was agreed, run and arranged, and the documents that all of it is taken from.

use async_graphql::{Context, Object};
use entity::values::Date;

use super::{found, listed};
use crate::domain::agreement::{self, AgreementBy, AgreementFilter};
use crate::domain::event::{self, EventFilter};
use crate::domain::project::{self, ProjectBy, ProjectFilter};
use crate::domain::source::{self, DocumentBy};
use crate::error::Error;
use crate::graphql::agreement::Agreement;
use crate::graphql::connection::{Connection, page};
use crate::graphql::event::Event;
use crate::graphql::project::Project;
use crate::graphql::row::{Row, root};
use crate::graphql::source::Document;

/// The record, part of the root.
pub struct RecordQuery;

#[Object]
impl RecordQuery {
    /// One agreement.
    async fn agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: AgreementBy,
        #[graphql(desc = "The day as of which everything in the answer is seen; today when left out.")] as_of: Option<
            Date,
        >,
    ) -> Result<Option<Agreement>, Error> {
        let view = found(ctx, as_of)?;
        Ok(agreement::find(&view, by).await?.map(|row| Agreement(Row::single(&view, row))))
    }

    /// Agreements, by name.
    async fn agreements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<AgreementFilter>,
        #[graphql(desc = "The day as of which everything in the answer is seen; today when left out.")] as_of: Option<
            Date,
        >,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Agreement>, Error> {
        let (view, page) = (listed(ctx, as_of)?, page(ctx, ((first, after), (last, before)))?);
        Ok(root(&view, agreement::list(&view, &filter.unwrap_or_default(), &page).await?))
    }

    /// One project.
    async fn project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: ProjectBy,
        #[graphql(desc = "The day as of which everything in the answer is seen; today when left out.")] as_of: Option<
            Date,
        >,
    ) -> Result<Option<Project>, Error> {
        let view = found(ctx, as_of)?;
        Ok(project::find(&view, by).await?.map(|row| Project(Row::single(&view, row))))
    }

    /// Projects, by name.
    async fn projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<ProjectFilter>,
        #[graphql(desc = "The day as of which everything in the answer is seen; today when left out.")] as_of: Option<
            Date,
        >,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Project>, Error> {
        let (view, page) = (listed(ctx, as_of)?, page(ctx, ((first, after), (last, before)))?);
        Ok(root(&view, project::list(&view, &filter.unwrap_or_default(), &page).await?))
    }

    /// Events, the latest first.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<EventFilter>,
        #[graphql(desc = "The day as of which everything in the answer is seen; today when left out.")] as_of: Option<
            Date,
        >,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Event>, Error> {
        let (view, page) = (listed(ctx, as_of)?, page(ctx, ((first, after), (last, before)))?);
        Ok(root(&view, event::list(&view, &filter.unwrap_or_default(), &page).await?))
    }

    /// One of the documents that sources quote.
    async fn document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: DocumentBy,
    ) -> Result<Option<Document>, Error> {
        let view = found(ctx, None)?;
        Ok(source::find(&view, by).await?.map(|row| Document(Row::single(&view, row))))
    }

    /// The documents that sources quote, by their names in addresses.
    async fn documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Document>, Error> {
        let (view, page) = (listed(ctx, None)?, page(ctx, ((first, after), (last, before)))?);
        Ok(root(&view, source::list(&view, &page).await?))
    }
}
