//! A directory for a test, and clients that ask it as different actors through `POST /graphql`.

pub mod database;
pub mod mail;
pub mod record;
pub mod server;

use std::sync::{Arc, LazyLock, OnceLock};

use chrono::NaiveDate;
use entity::values::{Audience, Instant, Role};
use poem::EndpointExt;
use poem::endpoint::BoxEndpoint;
use poem::test::{TestClient, TestRequestBuilder};
use samverkan::app::{App, Clock};
use samverkan::auth::Tokens;
use samverkan::domain::view::View;
use samverkan::http::{self, Backend};
use samverkan::policy::{Actor, Right, SignIn};
use samverkan::{config, domain, graphql};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use database::{DEMO, copy_of};
pub use database::{fresh_database, on_postgres};

/// Noon on the day on which all tests happen.
pub fn clock() -> Clock {
    let noon = NaiveDate::from_ymd_opt(2026, 11, 21).and_then(|day| day.and_hms_opt(11, 0, 0)).expect("a day");
    let noon = Instant::from(noon.and_utc());
    Arc::new(move || noon)
}

/// A directory that answers.
pub struct TestApp {
    /// What it is made of.
    pub app: App,
    /// Where it is kept.
    pub url: String,
    /// The way in of all its clients. To make one takes longer than most answers.
    door: OnceLock<Door>,
}

type Door = Arc<TestClient<BoxEndpoint<'static>>>;

impl TestApp {
    /// What is kept here.
    pub fn new(app: App, url: String) -> Self {
        Self { app, url, door: OnceLock::new() }
    }

    /// The demonstration. Read only: other tests look at the same.
    pub async fn demo() -> Self {
        let url = tokio::task::spawn_blocking(|| DEMO.clone()).await.expect("the demonstration");
        Self::new(App::open(&url, clock()).await.expect("the demonstration"), url)
    }

    /// An empty directory of one's own.
    pub async fn empty() -> Self {
        let url = fresh_database().await;
        Self::new(App::open(&url, clock()).await.expect("a database"), url)
    }

    /// A copy of the demonstration, of one's own.
    pub async fn demo_copy() -> Self {
        tokio::task::spawn_blocking(|| LazyLock::force(&DEMO)).await.expect("the demonstration");
        let url = copy_of("demo_original").await;
        Self::new(App::open(&url, clock()).await.expect("a database"), url)
    }

    /// Removes a directory of one's own from the disk, where it is large.
    pub async fn remove(self) {
        self.app.close().await.expect("closing");
        database::remove(&self.url).await;
    }

    /// A directory of one's own that holds these documents.
    pub async fn of(documents: &str) -> Self {
        let app = Self::empty().await;
        if let Err(problems) = app.load(documents).await {
            panic!("{}", problems.join("\n"));
        }
        app
    }

    /// Loads a document; what the command line would print.
    pub async fn load(&self, document: &str) -> Result<String, Vec<String>> {
        let files = vec![("test.toml".to_owned(), document.to_owned())];
        match domain::load::files(&self.app, files).await {
            Ok(report) => Ok(report.to_string()),
            Err(problems) => Err(problems.iter().map(ToString::to_string).collect()),
        }
    }

    /// Anyone, without a token.
    pub fn public(&self) -> Client {
        self.client(Actor::public())
    }

    /// Somebody who has signed in, and has these rights.
    pub fn signed_in(&self, subject: &str, rights: Vec<Right>) -> Client {
        let sign_in = SignIn { issuer: "test".to_owned(), subject: subject.to_owned(), claims: Vec::new() };
        self.client(Actor::signed_in(sign_in, None, rights))
    }

    /// Somebody who may everything.
    pub fn administrator(&self) -> Client {
        self.signed_in("administrator", vec![Right { role: Role::Administrator, place: None, grant: None }])
    }

    /// Somebody who sees everything but protected people, and changes nothing.
    pub fn auditor(&self) -> Client {
        self.signed_in("auditor", vec![Right { role: Role::Auditor, place: None, grant: None }])
    }

    /// Somebody who keeps a group, and those below it.
    pub async fn coordinator(&self, slug: &str) -> Client {
        self.signed_in("coordinator", vec![self.right(Role::Coordinator, slug).await])
    }

    /// Somebody who keeps an organisation, and its units.
    pub async fn representative(&self, slug: &str) -> Client {
        self.signed_in("representative", vec![self.right(Role::Representative, slug).await])
    }

    /// The right of a coordinator to a group, or of a representative to an organisation, by its slug.
    pub async fn right(&self, role: Role, slug: &str) -> Right {
        let db = self.app.db.writer();
        let place = if role == Role::Coordinator {
            let group = entity::group::Entity::find().filter(entity::group::Column::Slug.eq(slug)).one(db);
            group.await.expect("groups").map(|row| row.id)
        } else {
            let organisation = entity::organisation::Entity::find();
            let organisation = organisation.filter(entity::organisation::Column::Slug.eq(slug)).one(db);
            organisation.await.expect("organisations").map(|row| row.id)
        };
        Right { role, place: Some(place.expect("the place of a right")), grant: None }
    }

    /// Somebody who sees this much, everywhere.
    pub fn seeing(&self, audience: Audience) -> Client {
        match audience {
            Audience::Public => self.public(),
            Audience::SignedIn => self.signed_in("reader", Vec::new()),
            Audience::Coordinators => panic!("coordinators see further in some places only"),
            Audience::Administrators => self.administrator(),
        }
    }

    fn client(&self, actor: Actor) -> Client {
        let door = self.door.get_or_init(|| door(&self.app, |backend| backend)).clone();
        Client { door, app: self.app.clone(), actor }
    }
}

/// A way in, of what stands behind it.
fn door(app: &App, behind: impl FnOnce(Backend) -> Backend) -> Door {
    let tokens = Tokens::new(app.clone(), &config::Tokens { own: true, issuers: Vec::new() }).expect("a key");
    let backend = behind(Backend::new(app.clone(), graphql::schema(app.clone()), tokens));
    let routes = http::routes_to(backend, &config::Http::default()).expect("routes");
    Arc::new(TestClient::new(routes.map_to_response().boxed()))
}

/// All that failures tell.
pub const ERRORS: &str = "__typename ... on UserError { message path code } ... on NotAllowed { roles } ... on RuleBroken { rule remedy on { __typename id } }
     ... on VersionConflict { currentVersion current { id } }";

/// An actor's way in.
pub struct Client {
    app: App,
    actor: Actor,
    door: Door,
}

impl Client {
    /// The same, for whom nothing costs anything: to ask for more at once than anybody may.
    pub fn for_free(mut self) -> Self {
        self.door = door(&self.app, |backend| backend.priced(|_, _, _| graphql::Cost::default()));
        self
    }

    /// The `data` of an answer that has no errors.
    pub async fn ask(&self, query: &str) -> Value {
        self.ask_with(query, json!({})).await
    }

    /// The same with variables.
    pub async fn ask_with(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.answer(query, variables).await;
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// The whole answer, errors included.
    pub async fn answer(&self, query: &str, variables: Value) -> Value {
        serde_json::from_str(&self.text(query, variables).await).expect("JSON")
    }

    /// What a mutation's payload says: `add_member(input)` asks for the fields and everything that failures tell.
    pub async fn change(&self, mutation: &str, input: Value, fields: &str) -> Value {
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query =
            format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} errors {{ {ERRORS} }} }} }}");
        self.ask_with(&query, json!({ "input": input })).await[mutation].take()
    }

    /// The same, for what must go well.
    pub async fn done(&self, mutation: &str, input: Value, fields: &str) -> Value {
        let payload = self.change(mutation, input, fields).await;
        assert_eq!(payload["errors"], json!([]), "{mutation}");
        payload
    }

    /// The only failure of what must not go well.
    pub async fn refused(&self, mutation: &str, input: Value) -> Value {
        let mut payload = self.change(mutation, input, "change { id }").await;
        assert_eq!(payload["change"], Value::Null, "{mutation}");
        assert_eq!(payload["errors"].as_array().map(Vec::len), Some(1), "{mutation}: {payload:#}");
        payload["errors"][0].take()
    }

    /// The code of the first error.
    pub async fn code(&self, query: &str) -> String {
        let answer = self.answer(query, json!({})).await;
        answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The answer's body, to the byte.
    pub async fn text(&self, query: &str, variables: Value) -> String {
        let request = self.post(&json!({ "query": query, "variables": variables }));
        request.send().await.0.into_body().into_string().await.expect("a body")
    }

    /// A request that asks this.
    pub fn post(&self, body: &Value) -> TestRequestBuilder<'_, BoxEndpoint<'static>> {
        self.door.post("/graphql").data(self.actor.clone()).body_json(body)
    }

    /// A request for a path.
    pub fn get(&self, path: impl Into<String>) -> TestRequestBuilder<'_, BoxEndpoint<'static>> {
        self.door.get(path).data(self.actor.clone())
    }

    /// Who it is.
    pub fn actor(&self) -> Actor {
        self.actor.clone()
    }

    /// The directory as the actor sees it today, below the doors.
    pub fn view(&self) -> View {
        View::today(self.app.clone(), self.actor.clone())
    }

    /// How many SQL statements an answer takes.
    pub async fn statements(&self, query: &str) -> u64 {
        let before = self.app.db.statements();
        self.ask(query).await;
        self.app.db.statements() - before
    }
}

/// The values at a path such as `groups.nodes.*.name`, as text, in order.
pub fn all(value: &Value, path: &str) -> Vec<String> {
    let mut found = vec![value];
    for step in path.split('.') {
        found = match step {
            "*" => found.into_iter().flat_map(|value| value.as_array().into_iter().flatten()).collect(),
            name => found.into_iter().map(|value| &value[name]).collect(),
        };
    }
    found.into_iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect()
}
