//! The shapes: one file a noun, whose resolvers say which finder answers a field, and the paging and batching that they share.

mod connection;
mod contact_point;
mod figure;
mod group;
mod meeting;
mod membership;
mod node;
mod organisation;
mod period;
mod person;
mod position;
mod query;
mod row;
mod schedule;
mod search;
mod seat;
mod source;
mod substitution;
mod tenure;

use async_graphql::{
    EmptyMutation, EmptySubscription, Request, Response, SDLExportOptions, SchemaBuilder, ServerError,
};

use crate::app::App;
use crate::domain::view::View;
use crate::error::{Code, Error};
use crate::policy::Actor;
pub use query::Query;

/// The schema.
pub type Schema = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

/// The schema, over an application.
pub fn schema(app: App) -> Schema {
    builder().data(app).finish()
}

/// Clients branch on error codes, so their list is in the schema, though no field gives one.
fn builder() -> SchemaBuilder<Query, EmptyMutation, EmptySubscription> {
    Schema::build(Query, EmptyMutation, EmptySubscription).register_output_type::<Code>()
}

/// The schema as text, in the schema definition language.
pub fn sdl() -> String {
    let schema = builder().finish();
    let options = SDLExportOptions::new().include_specified_by();
    schema.sdl_with_options(options)
}

/// Runs a request as an actor.
pub async fn execute(schema: &Schema, actor: Actor, request: Request) -> Response {
    let Some(app) = schema.data::<App>() else {
        return Response::from_errors(vec![ServerError::new("the schema has no application", None)]);
    };
    let view = View::today(app.clone(), actor);
    let mut response = schema.execute(request.data(view)).await;
    for error in &mut response.errors {
        code(error);
    }
    response
}

/// Gives an error of ours its code. What is our fault goes to the log, and the client learns no more than that.
fn code(error: &mut ServerError) {
    let Some(ours) = error.source::<Error>().cloned() else {
        // The engine's own: an argument or a variable that does not fit, found only when the field was reached.
        if !error.path.is_empty() {
            error.extensions.get_or_insert_default().set("code", Code::ValidationFailed.as_str());
        }
        return;
    };
    if let Error::Internal(detail) = &ours {
        tracing::error!(%detail, "a field failed");
    }
    error.extensions.get_or_insert_default().set("code", ours.code().as_str());
}
