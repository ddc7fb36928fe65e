//! What stands behind the doors: something that executes GraphQL, and something that knows whether it can, and names for requests.
//!
//! Closures instead of the application itself, so that the doors are tested with a schema that panics, hangs and
//! mutates on demand.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use async_graphql::{Request, Response};

use crate::app::App;
use crate::graphql::{self, Schema};
use crate::policy::Actor;

type Task<T> = Pin<Box<dyn Future<Output = T> + Send>>;

#[derive(Clone)]
pub struct Backend {
    execute: Arc<dyn Fn(Actor, Request) -> Task<Response> + Send + Sync>,
    ready: Arc<dyn Fn() -> Task<bool> + Send + Sync>,
    new_id: Arc<dyn Fn() -> String + Send + Sync>,
}

impl Backend {
    pub fn new(app: App, schema: Schema) -> Self {
        let execute = move |actor, request| {
            let schema = schema.clone();
            async move { graphql::execute(&schema, actor, request).await }
        };
        let ids = app.clone();
        let ready = move || {
            let app = app.clone();
            async move { app.ready().await.is_ok() }
        };
        Self::of(execute, ready, move || ids.new_id().to_string())
    }

    pub fn of<E, R>(
        execute: impl Fn(Actor, Request) -> E + Send + Sync + 'static,
        ready: impl Fn() -> R + Send + Sync + 'static,
        new_id: impl Fn() -> String + Send + Sync + 'static,
    ) -> Self
    where
        E: Future<Output = Response> + Send + 'static,
        R: Future<Output = bool> + Send + 'static,
    {
        Self {
            execute: Arc::new(move |actor, request| Box::pin(execute(actor, request))),
            ready: Arc::new(move || Box::pin(ready())),
            new_id: Arc::new(new_id),
        }
    }

    pub(super) async fn execute(&self, actor: Actor, request: Request) -> Response {
        (self.execute)(actor, request).await
    }

    pub(super) async fn ready(&self) -> bool {
        (self.ready)().await
    }

    /// A name for a request that brings none.
    pub(super) fn new_id(&self) -> String {
        (self.new_id)()
    }
}
