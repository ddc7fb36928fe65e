//! An issuer of tokens on this machine, which does what a test wants, and a directory that trusts it, with a clock that can be moved.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use entity::values::Instant;
use poem::http::{StatusCode, header};
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{Endpoint, Request, Response, Server};
use samverkan::app::App;
use samverkan::auth::{Tokens, Unauthenticated};
use samverkan::config;
use samverkan::policy::SignIn;
use serde_json::{Value, json};

use super::keys::USUAL;
use crate::support;

pub const AUDIENCE: &str = "api://samverkan";

/// What the issuer answers.
#[derive(Clone)]
pub enum Answer {
    Body(String),
    Status(u16),
    Redirect(String),
    Never,
}

/// An issuer: where it is, what it answers for its keys and about itself, and how often it was asked for keys.
#[derive(Clone)]
pub struct TestIssuer {
    pub url: String,
    keys: Arc<Mutex<Answer>>,
    discovery: Arc<Mutex<Answer>>,
    fetches: Arc<AtomicUsize>,
}

impl Endpoint for TestIssuer {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let answer = match request.uri().path() {
            "/keys" => {
                self.fetches.fetch_add(1, Ordering::SeqCst);
                self.keys.lock().expect("no panic").clone()
            }
            "/.well-known/openid-configuration" => self.discovery.lock().expect("no panic").clone(),
            _ => Answer::Status(404),
        };
        // Long enough for requests that come together to meet.
        tokio::time::sleep(Duration::from_millis(30)).await;
        Ok(match answer {
            Answer::Body(body) => body.into(),
            Answer::Status(status) => StatusCode::from_u16(status).expect("a status").into(),
            Answer::Redirect(to) => Response::builder().status(StatusCode::FOUND).header(header::LOCATION, to).finish(),
            Answer::Never => std::future::pending().await,
        })
    }
}

impl TestIssuer {
    pub async fn start() -> Self {
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.expect("a port");
        let address = acceptor.local_addr()[0].as_socket_addr().expect("an address").to_string();
        let url = format!("http://{address}");
        let itself = json!({ "issuer": url, "jwks_uri": format!("{url}/keys") });
        let issuer = Self {
            url,
            keys: Arc::new(Mutex::new(Answer::Status(500))),
            discovery: Arc::new(Mutex::new(Answer::Body(itself.to_string()))),
            fetches: Arc::default(),
        };
        tokio::spawn(Server::new_with_acceptor(acceptor).run(issuer.clone()));
        issuer
    }

    /// These are its keys from now on.
    pub fn publish(&self, keys: &[Value]) {
        self.answer(Answer::Body(json!({ "keys": keys }).to_string()));
    }

    pub fn answer(&self, answer: Answer) {
        *self.keys.lock().expect("no panic") = answer;
    }

    pub fn describe(&self, answer: Answer) {
        *self.discovery.lock().expect("no panic") = answer;
    }

    /// How often it was asked for its keys.
    pub fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }
}

/// A directory that trusts an issuer.
pub struct World {
    pub issuer: TestIssuer,
    pub app: App,
    pub tokens: Tokens,
    now: Arc<AtomicI64>,
}

impl World {
    /// It publishes its usual key as `usual`.
    pub async fn new() -> Self {
        Self::with("").await
    }

    /// The same with more settings of the issuer.
    pub async fn with(settings: &str) -> Self {
        let issuer = TestIssuer::start().await;
        issuer.publish(&[USUAL.jwk("usual")]);
        let now = Arc::new(AtomicI64::new(support::clock()().0));
        let time = now.clone();
        let clock = Arc::new(move || Instant(time.load(Ordering::SeqCst)));
        let app = App::open(&support::fresh_database().await, clock).await.expect("a directory");
        let jwks = format!("jwks_url = \"{}/keys\"", issuer.url);
        // A setting that is there already is not said twice.
        let jwks = if settings.contains("discover") { String::new() } else { jwks };
        let written = format!("issuer = \"{}\"\naudience = \"{AUDIENCE}\"\n{jwks}\n{settings}", issuer.url);
        let settings: config::Issuer = toml::from_str(&written).expect("settings");
        let settings = config::Tokens { own: false, issuers: vec![settings] };
        let tokens = Tokens::new(app.clone(), &settings).expect("settings that hold");
        Self { issuer, app, tokens, now }
    }

    pub fn seconds(&self) -> i64 {
        self.now.load(Ordering::SeqCst) / 1_000_000
    }

    /// Time goes by.
    pub fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// Claims that hold, for an hour.
    pub fn claims(&self) -> Value {
        json!({ "iss": self.issuer.url, "aud": AUDIENCE, "sub": "anna", "exp": self.seconds() + 3600 })
    }

    /// Claims that hold for years.
    pub fn long_claims(&self) -> Value {
        let mut claims = self.claims();
        claims["exp"] = (self.seconds() + 1_000_000_000).into();
        claims
    }

    pub async fn sign_in(&self, token: &str) -> Result<SignIn, Unauthenticated> {
        let header = format!("Bearer {token}");
        Ok(self.tokens.sign_in(Some(header.as_bytes())).await?.expect("a header proves something or fails").sign_in)
    }

    pub async fn accepts(&self, token: &str) -> bool {
        self.sign_in(token).await.is_ok()
    }
}
