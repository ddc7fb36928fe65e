//! The shapes: one file a noun, whose resolvers say which finder answers a field, and the paging and batching that they share.

mod account;
mod activity;
mod agreement;
mod attendance;
mod calendar;
mod change;
mod connection;
mod contact_point;
mod cost;
mod event;
mod figure;
mod follow_up_item;
mod grant;
mod group;
mod identity;
mod invitation;
mod meeting;
mod meeting_invitation;
mod membership;
mod mutation;
mod node;
mod organisation;
mod owner;
mod period;
mod person;
mod position;
mod priority;
mod project;
mod query;
mod result;
mod row;
mod schedule;
mod search;
mod seat;
mod selection;
mod source;
mod subscription;
mod substitution;
mod tenure;
mod viewer;

use async_graphql::futures_util::stream::{self, Stream, StreamExt as _};
use async_graphql::{Request, Response, SDLExportOptions, SchemaBuilder, ServerError};

use crate::app::App;
use crate::domain::budget::Standing;
use crate::domain::change::Feed;
use crate::domain::view::View;
use crate::error::{Code, Error, Language};
use crate::policy::Actor;
pub use cost::{Cost, cost};
pub use mutation::Mutation;
use mutation::UserError;
pub use query::Query;
pub use subscription::Subscription;

/// The schema.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// The schema, over an application.
pub fn schema(app: App) -> Schema {
    builder().data(Feed::new(app.clone())).data(app).finish()
}

/// The schema with its price list. Clients branch on error codes, so their list is in it, though no field gives one.
fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query, Mutation::default(), Subscription)
        // To guess what was meant, each unknown name would be compared with all that are known: seconds for some requests.
        .disable_suggestions()
        .register_output_type::<Code>()
        .register_output_type::<UserError>()
        .directive(cost::Priced)
}

/// The schema as text, in the schema definition language.
pub fn sdl() -> String {
    let schema = builder().finish();
    let options = SDLExportOptions::new().include_specified_by();
    schema.sdl_with_options(options)
}

/// Who sends a request.
#[derive(Clone)]
pub struct Caller {
    /// Who asks.
    pub actor: Actor,
    /// The directory as this request reads it, if something has been read for it before.
    pub app: Option<App>,
    /// In which language failures are told.
    pub language: Language,
    /// What the log and the trail call the request.
    pub request_id: String,
    /// What may be asked for after this operation, where there are budgets.
    pub standing: Option<Standing>,
}

/// Runs a request for its caller.
pub async fn execute(schema: &Schema, caller: Caller, request: Request) -> Response {
    let language = caller.language;
    match prepared(schema, caller, request) {
        Some(request) => coded(schema.execute(request).await, language),
        None => without_app(),
    }
}

/// The same for what is answered more than once.
pub fn subscribe(schema: &Schema, caller: Caller, request: Request) -> impl Stream<Item = Response> + Send + use<> {
    let language = caller.language;
    match prepared(schema, caller, request) {
        Some(request) => schema.execute_stream(request).map(move |response| coded(response, language)).boxed(),
        None => stream::once(async { without_app() }).boxed(),
    }
}

fn prepared(schema: &Schema, caller: Caller, request: Request) -> Option<Request> {
    let app = caller.app.clone().or_else(|| schema.data::<App>().map(App::for_request))?;
    let view = View::today(app, caller.actor.clone());
    Some(request.data(view).data(caller))
}

fn without_app() -> Response {
    Response::from_errors(vec![ServerError::new("the schema has no application", None)])
}

fn coded(mut response: Response, language: Language) -> Response {
    for error in &mut response.errors {
        code(error, language);
    }
    response
}

/// Gives an error of ours its code. What is our fault goes to the log, and the client learns no more than that.
fn code(error: &mut ServerError, language: Language) {
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
    error.message = ours.said().in_language(language).to_owned();
    error.extensions.get_or_insert_default().set("code", ours.code().as_str());
}
