//! What stands behind the doors: something that executes GraphQL, something that has files, something that knows whether it can,
//! something that knows who asks, and names for requests.
//!
//! Closures instead of the application itself, so that the doors are tested with a schema that panics, hangs and
//! mutates on demand.

use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::futures_util::Stream;
use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Request, Response, Variables};
use tokio::time::timeout;
use uuid::Uuid;

use super::file::{File, FileAsked};
use crate::app::{App, Usage};
use crate::auth::{Proof, Tokens, Unauthenticated};
use crate::domain::budget::{Budgets, Exhausted, Standing};
use crate::domain::change::{self, Feed};
use crate::domain::view::View;
use crate::error::Error;
use crate::graphql::{self, Caller, Cost, Schema};
use crate::policy::{self, Actor};

const MEASURED_WITHIN: Duration = Duration::from_secs(1);

/// Who asks, and the directory as this request reads it: with the connection by which they were looked up.
#[derive(Clone)]
pub struct Arrival {
    pub actor: Actor,
    pub app: Option<App>,
    /// For how long what they proved holds, from now.
    pub lasts: Option<Duration>,
}

impl From<Actor> for Arrival {
    fn from(actor: Actor) -> Self {
        Self { actor, app: None, lasts: None }
    }
}

/// Who it turns out to be.
type Known = Task<Result<Arrival, Unknown>>;
/// What it may have of a file; nothing, where there is none that it may see.
type Found = Task<Result<Option<File>, Error>>;
/// What an operation costs.
type Price = dyn Fn(&ExecutableDocument, Option<&str>, &Variables) -> Cost + Send + Sync;
/// How the database is.
type Measure = dyn Fn() -> Task<Measured> + Send + Sync;
type Task<T> = Pin<Box<dyn Future<Output = T> + Send>>;
/// What is answered more than once.
pub type Responses = Pin<Box<dyn Stream<Item = Response> + Send>>;

/// How the database is at this moment.
pub struct Measured {
    pub database: Usage,
    /// The number of the last change, unless it is long in coming.
    pub changes: Option<u64>,
}

/// Why it is not known who asks.
#[derive(Debug)]
pub enum Unknown {
    /// What the request proves is not enough.
    Unauthenticated(Unauthenticated),
    /// It is our fault.
    Failed(Error),
}

impl From<Unauthenticated> for Unknown {
    fn from(why: Unauthenticated) -> Self {
        Self::Unauthenticated(why)
    }
}

impl From<Error> for Unknown {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

#[derive(Clone)]
pub struct Backend {
    execute: Arc<dyn Fn(Caller, Request) -> Task<Response> + Send + Sync>,
    find: Arc<dyn Fn(Arrival, FileAsked) -> Found + Send + Sync>,
    sign_in: Arc<dyn Fn(Vec<u8>) -> Known + Send + Sync>,
    ready: Arc<dyn Fn() -> Task<bool> + Send + Sync>,
    new_id: Arc<dyn Fn() -> String + Send + Sync>,
    price: Option<Arc<Price>>,
    accounts: Option<Accounts>,
    live: Option<Live>,
    measure: Option<Arc<Measure>>,
}

/// Everybody's budget.
#[derive(Clone)]
struct Accounts {
    app: App,
    budgets: Arc<Budgets>,
    /// Whether they also pay for time.
    of_time: bool,
}

/// What can be followed.
#[derive(Clone)]
struct Live {
    subscribe: Arc<dyn Fn(Caller, Request) -> Responses + Send + Sync>,
    feed: Feed,
}

impl Backend {
    pub fn new(app: App, schema: Schema, tokens: Tokens) -> Self {
        let live = schema.data::<Feed>().cloned().map(|feed| {
            let schema = schema.clone();
            let subscribe = move |caller, request| Box::pin(graphql::subscribe(&schema, caller, request)) as Responses;
            Live { subscribe: Arc::new(subscribe), feed }
        });
        let execute = move |caller, request| {
            let schema = schema.clone();
            async move { graphql::execute(&schema, caller, request).await }
        };
        let directory = app.clone();
        let find = move |Arrival { actor, app, .. }, asked: FileAsked| {
            let view = View::today(app.unwrap_or_else(|| directory.for_request()), actor);
            async move { asked.find(view).await }
        };
        let directory = app.clone();
        let sign_in = move |authorization: Vec<u8>| {
            let (app, tokens) = (directory.for_request(), tokens.clone());
            async move {
                match tokens.sign_in(Some(&authorization)).await? {
                    Some(Proof { sign_in, until }) => {
                        let lasts = u64::try_from(until.0 - app.now().0).unwrap_or_default();
                        let actor = policy::actor(&app, sign_in).await?;
                        Ok(Arrival { actor, app: Some(app), lasts: Some(Duration::from_micros(lasts)) })
                    }
                    None => Ok(Actor::public().into()),
                }
            }
        };
        let (ids, measured) = (app.clone(), app.clone());
        let ready = move || {
            let app = app.clone();
            async move { app.ready().await.is_ok() }
        };
        let backend = Self::of(execute, find, sign_in, ready, move || ids.new_id().to_string());
        let measure: Arc<Measure> = Arc::new(move || Box::pin(measure(measured.clone())));
        Self { live, measure: Some(measure), ..backend.priced(graphql::cost) }
    }

    /// The same, where operations cost something.
    #[must_use]
    pub fn priced(
        mut self,
        price: impl Fn(&ExecutableDocument, Option<&str>, &Variables) -> Cost + Send + Sync + 'static,
    ) -> Self {
        self.price = Some(Arc::new(price));
        self
    }

    /// The same, where everybody has a budget of so many points in a minute.
    #[must_use]
    pub fn with_budgets(mut self, app: App, per_minute: u64) -> Self {
        self.accounts = Some(Accounts { app, budgets: Arc::new(Budgets::new(per_minute)), of_time: false });
        self
    }

    /// The same, where budgets pay afterwards for what the database has taken longer than was paid for.
    #[must_use]
    pub fn charging_time(mut self) -> Self {
        self.accounts.iter_mut().for_each(|accounts| accounts.of_time = true);
        self
    }

    pub fn of<E, F, S, R>(
        execute: impl Fn(Caller, Request) -> E + Send + Sync + 'static,
        find: impl Fn(Arrival, FileAsked) -> F + Send + Sync + 'static,
        sign_in: impl Fn(Vec<u8>) -> S + Send + Sync + 'static,
        ready: impl Fn() -> R + Send + Sync + 'static,
        new_id: impl Fn() -> String + Send + Sync + 'static,
    ) -> Self
    where
        E: Future<Output = Response> + Send + 'static,
        F: Future<Output = Result<Option<File>, Error>> + Send + 'static,
        S: Future<Output = Result<Arrival, Unknown>> + Send + 'static,
        R: Future<Output = bool> + Send + 'static,
    {
        Self {
            execute: Arc::new(move |caller, request| Box::pin(execute(caller, request))),
            find: Arc::new(move |arrival, asked| Box::pin(find(arrival, asked))),
            sign_in: Arc::new(move |authorization| Box::pin(sign_in(authorization))),
            ready: Arc::new(move || Box::pin(ready())),
            new_id: Arc::new(new_id),
            price: None,
            accounts: None,
            live: None,
            measure: None,
        }
    }

    pub(super) async fn execute(&self, caller: Caller, request: Request) -> Response {
        (self.execute)(caller, request).await
    }

    /// The answers of a subscription; none, where nothing can be followed.
    pub(super) fn subscribe(&self, caller: Caller, request: Request) -> Option<Responses> {
        self.live.as_ref().map(|live| (live.subscribe)(caller, request))
    }

    /// Returns when the actor may no longer all that they could.
    pub(super) async fn revoked(&self, actor: &Actor) {
        match &self.live {
            Some(live) if actor.sign_in().is_some() => live.feed.revoked(actor).await,
            _ => pending().await,
        }
    }

    /// What the operation costs; nothing, where nothing has a price.
    pub(super) fn cost(
        &self,
        document: &ExecutableDocument,
        name: Option<&str>,
        variables: &Variables,
    ) -> Option<Cost> {
        self.price.as_ref().map(|price| price(document, name, variables))
    }

    /// How the holder stands once the points have been taken from their budget; nothing is said where there are none.
    pub(super) async fn pay(
        &self,
        app: Option<&App>,
        holder: Uuid,
        points: u64,
    ) -> Result<Result<Option<Standing>, Exhausted>, Error> {
        let Some(Accounts { app: own, budgets, .. }) = &self.accounts else { return Ok(Ok(None)) };
        // With the connection that the request has: it is not to wait for a second one.
        Ok(budgets.spend(app.unwrap_or(own), holder, points).await?.map(Some))
    }

    /// The directory as a request reads it whose time is paid for.
    pub(super) fn timed(&self) -> Option<App> {
        self.accounts.as_ref().filter(|accounts| accounts.of_time).map(|accounts| accounts.app.for_request())
    }

    /// Takes points for time, where it is paid for.
    pub(super) async fn owe(&self, app: &App, holder: Uuid, points: u64) -> Result<(), Error> {
        match self.accounts.as_ref().filter(|accounts| accounts.of_time) {
            Some(accounts) => accounts.budgets.owe(app, holder, points).await,
            None => Ok(()),
        }
    }

    /// The file that is asked for.
    pub(super) async fn find(&self, arrival: Arrival, asked: FileAsked) -> Result<Option<File>, Error> {
        (self.find)(arrival, asked).await
    }

    /// Who sends this `Authorization`.
    pub(super) async fn sign_in(&self, authorization: Vec<u8>) -> Result<Arrival, Unknown> {
        (self.sign_in)(authorization).await
    }

    pub(super) async fn ready(&self) -> bool {
        (self.ready)().await
    }

    /// How the database is; nothing, where there is none.
    pub(super) async fn measure(&self) -> Option<Measured> {
        match &self.measure {
            Some(measure) => Some(measure().await),
            None => None,
        }
    }

    /// A name for a request that brings none.
    pub(super) fn new_id(&self) -> String {
        (self.new_id)()
    }
}

/// What is read of the database is not waited for as long as others wait: the rest is to be told even where it does not answer.
async fn measure(app: App) -> Measured {
    let database = app.usage();
    let last = timeout(MEASURED_WITHIN, change::end(&app)).await;
    Measured { database, changes: last.ok().and_then(Result::ok).map(i64::unsigned_abs) }
}
