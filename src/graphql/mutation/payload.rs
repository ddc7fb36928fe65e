//! What all payloads are made of.

use async_graphql::Context;
use uuid::Uuid;

use super::error::{MutationError, told};
use crate::domain::cells::Identified;
use crate::domain::change;
use crate::domain::view::View;
use crate::domain::write::{self, Asked, Command, Done, RowChange};
use crate::error::Error;
use crate::graphql::Caller;
use crate::graphql::change::{Change, Effect};
use crate::graphql::row::Row;

/// What came of a mutation.
pub struct Outcome {
    view: View,
    done: Option<Done>,
    errors: Vec<MutationError>,
}

/// Carries a command out. What was expected to be possible and is not becomes part of the outcome.
pub async fn outcome<C: Command>(ctx: &Context<'_>, command: C) -> Result<Outcome, Error> {
    let missing = || Error::Internal("a request without its caller".to_owned());
    let view = ctx.data_opt::<View>().ok_or_else(missing)?.clone();
    let caller = ctx.data_opt::<Caller>().ok_or_else(missing)?;
    let asked = Asked { view: view.clone(), request_id: caller.request_id.clone() };
    match Box::pin(write::run(&asked, &command)).await {
        Ok(done) => Ok(Outcome { view, done: Some(done), errors: Vec::new() }),
        Err(error) => Ok(Outcome { errors: vec![told(error, &view, caller.language)?], view, done: None }),
    }
}

impl Outcome {
    /// The object that the command was done to, as it is now. Of a dry run there is none.
    pub async fn object<R, F, L>(&self, find: F) -> Result<Option<Row<R>>, Error>
    where
        R: Identified + Clone + Send + Sync + 'static,
        F: FnOnce(View, Vec<Uuid>) -> L,
        L: Future<Output = Result<Vec<R>, Error>>,
    {
        let Some(done) = self.done.as_ref().filter(|done| done.plan.is_none()) else { return Ok(None) };
        let found = find(self.view.clone(), vec![done.subject]).await?.pop();
        Ok(found.map(|row| Row::single(&self.view, row)))
    }

    /// Things that the change touched, as they are now.
    pub async fn touched<R, F, L>(&self, find: F) -> Result<Vec<Row<R>>, Error>
    where
        R: Identified + Clone + Send + Sync + 'static,
        F: FnOnce(View, i64) -> L,
        L: Future<Output = Result<Vec<R>, Error>>,
    {
        let Some(seq) = self.done.as_ref().and_then(|done| done.change) else { return Ok(Vec::new()) };
        Ok(Row::batch(&self.view, find(self.view.clone(), seq).await?))
    }

    /// The entry in the trail.
    pub async fn change(&self) -> Result<Option<Change>, Error> {
        let Some(seq) = self.done.as_ref().and_then(|done| done.change) else { return Ok(None) };
        let found = change::by_ids(self.view.clone(), vec![change::id(seq)]).await?.pop();
        Ok(found.map(|row| Change(Row::single(&self.view, row))))
    }

    /// What a dry run would change.
    pub async fn plan(&self) -> Result<Option<Vec<Effect>>, Error> {
        let plan: Option<&Vec<RowChange>> = self.done.as_ref().and_then(|done| done.plan.as_ref());
        match plan {
            Some(rows) => Ok(Some(Effect::planned(&self.view, rows).await?)),
            None => Ok(None),
        }
    }

    /// Why nothing was done.
    pub fn errors(&self) -> &[MutationError] {
        &self.errors
    }
}

/// Declares payloads: the object that the mutation was done to, under its name; with `(plan)`, what a dry run would change; and lists of what
/// else it changed.
macro_rules! payloads {
    ($($(#[doc = $doc:literal])+ $payload:ident $(($plan:ident))? {
        $(#[doc = $about:literal])+ $field:ident: $object:ident by $find:path;
        $($(#[doc = $else:literal])+ $touched:ident: [$item:ident] by $find_touched:path;)*
    })+) => {$(
        $(#[doc = $doc])+
        #[derive(async_graphql::Description)]
        pub struct $payload(pub crate::graphql::mutation::payload::Outcome);

        #[async_graphql::Object(use_type_description)]
        impl $payload {
            $(#[doc = $about])+
            async fn $field(&self) -> Result<Option<$object>, crate::error::Error> {
                Ok(self.0.object($find).await?.map($object))
            }

            $(
                $(#[doc = $else])+
                async fn $touched(&self) -> Result<Vec<$item>, crate::error::Error> {
                    Ok(self.0.touched($find_touched).await?.into_iter().map($item).collect())
                }
            )*

            /// The entry in the trail; none when nothing was changed.
            async fn change(&self) -> Result<Option<crate::graphql::change::Change>, crate::error::Error> {
                self.0.change().await
            }

            $(
                /// Of a dry run: what would change. Nothing has been changed.
                async fn $plan(&self) -> Result<Option<Vec<crate::graphql::change::Effect>>, crate::error::Error> {
                    self.0.plan().await
                }
            )?

            /// Why nothing was changed; empty when all went well.
            async fn errors(&self) -> &[crate::graphql::mutation::error::MutationError] {
                self.0.errors()
            }
        }
    )+};
}
pub(super) use payloads;

/// Declares the mutations of a noun: each hands its input, a command of the domain, to be carried out.
macro_rules! mutations {
    ($holder:ident { $($(#[doc = $doc:literal])+ $name:ident($input:ident) -> $payload:ident;)+ }) => {
        /// The noun's mutations, part of the root.
        #[derive(Default)]
        pub struct $holder;

        #[async_graphql::Object]
        impl $holder {
            $(
                $(#[doc = $doc])+
                async fn $name(
                    &self,
                    ctx: &async_graphql::Context<'_>,
                    #[graphql(desc = "What is asked for.")] input: $input,
                ) -> Result<$payload, crate::error::Error> {
                    Ok($payload(crate::graphql::mutation::payload::outcome(ctx, input).await?))
                }
            )+
        }
    };
}
pub(super) use mutations;
