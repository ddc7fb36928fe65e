//! A server on a port of its own, sockets to it, and streams of events from it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_graphql::futures_util::{SinkExt as _, StreamExt as _};
use entity::values::{Instant, Role};
use samverkan::app::App;
use samverkan::auth::{self, Tokens};
use samverkan::config::{self, Http};
use samverkan::graphql;
use samverkan::http::{Backend, serve};
use samverkan::policy::Claim;
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::Request;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async, connect_async};

use crate::support::clock;

/// Nobody waits longer for anything.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server, and what time it is there.
pub(super) struct Live {
    pub(super) app: App,
    pub(super) time: Arc<AtomicI64>,
    pub(super) address: String,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<std::io::Result<()>>,
}

impl Live {
    pub(super) async fn on(database: &str) -> Self {
        Self::with(database, Http::default(), None).await
    }

    /// The same with settings, and with so many points in a minute.
    pub(super) async fn with(database: &str, settings: Http, points: Option<u64>) -> Self {
        let time = Arc::new(AtomicI64::new(clock()().0));
        let now = time.clone();
        let app = App::open(database, Arc::new(move || Instant(now.load(Ordering::SeqCst)))).await;
        let app = app.expect("a database");
        let tokens = Tokens::new(app.clone(), &config::Tokens { own: true, issuers: Vec::new() }).expect("a key");
        let backend = Backend::new(app.clone(), graphql::schema(app.clone()), tokens);
        let backend = match points {
            Some(points) => backend.with_budgets(app.clone(), points),
            None => backend,
        };
        let settings = Http { listen: "127.0.0.1:0".into(), ..settings };
        let ((stop, stopped), (tell, told)) = (oneshot::channel(), oneshot::channel());
        let served = tokio::spawn(async move {
            let announce = move |address| tell.send(address).expect("somebody listens");
            serve(backend, &settings, announce, async { _ = stopped.await }).await
        });
        let address = told.await.expect("it listens").to_string();
        Self { app, time, address, stop: Some(stop), served }
    }

    /// Waits until it has stopped.
    pub(super) async fn ended(self) {
        timeout(PATIENCE, self.served).await.expect("in time").expect("no panic").expect("it ends well");
    }

    pub(super) fn tell_to_stop(&mut self) {
        self.stop.take().expect("once").send(()).expect("the server waits for it");
    }

    /// A token for an hour.
    pub(super) async fn token(&self, subject: &str, claim: Option<Claim>) -> String {
        auth::issue(&self.app, subject, claim, 1).await.expect("a token")
    }

    /// A token for a hundred days.
    pub(super) async fn long_token(&self, subject: &str, claim: Option<Claim>) -> String {
        auth::issue(&self.app, subject, claim, 2_400).await.expect("a token")
    }

    pub(super) async fn administrator(&self) -> String {
        self.token("administrator", Some(Claim { role: Role::Administrator, place: None })).await
    }

    /// The answer to what is sent by POST.
    pub(super) async fn post(&self, token: Option<&str>, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = reqwest::Client::new().post(format!("http://{}/graphql", self.address));
        let request = request.header("content-type", "application/json").body(body);
        let request = token.into_iter().fold(request, |request, token| request.bearer_auth(token));
        let answer = request.send().await.expect("an answer").bytes().await.expect("a body");
        serde_json::from_slice(&answer).expect("JSON")
    }

    /// A change that must go well.
    pub(super) async fn done(&self, token: &str, mutation: &str, input: Value) -> Value {
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!(
            "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ change {{ id }} errors {{ ... on UserError {{ message }} }} }} }}"
        );
        let answer = self.post(Some(token), &query, json!({ "input": input })).await;
        let payload = &answer["data"][mutation];
        assert_eq!(payload["errors"], json!([]), "{answer:#}");
        payload["change"]["id"].clone()
    }

    /// A stream of events.
    pub(super) async fn events(&self, token: Option<&str>, query: &str) -> Events {
        let request = reqwest::Client::new().post(format!("http://{}/graphql", self.address));
        let request = request.header("content-type", "application/json").header("accept", "text/event-stream");
        let request = request.header("accept-encoding", "gzip, br").body(json!({ "query": query }).to_string());
        let request = token.into_iter().fold(request, |request, token| request.bearer_auth(token));
        Events { response: request.send().await.expect("an answer"), text: String::new() }
    }

    fn upgrade(&self) -> Request<()> {
        let mut request = format!("ws://{}/graphql", self.address).into_client_request().expect("a request");
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("a header"));
        request.headers_mut().insert("accept-encoding", "gzip, deflate, br".parse().expect("a header"));
        request
    }

    /// A socket on which nothing has been said, of a page of an origin if one is given.
    pub(super) async fn open(&self, origin: Option<&str>) -> Result<Socket, u16> {
        let mut request = self.upgrade();
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().expect("a header"));
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Socket(socket)),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// A socket on which somebody has said who they are.
    pub(super) async fn socket(&self, token: Option<&str>) -> Socket {
        let mut socket = self.open(None).await.expect("a socket");
        socket.greet(token).await;
        socket
    }

    /// The same, whose system takes little before it is read.
    pub(super) async fn narrow_socket(&self, token: Option<&str>) -> Socket {
        let stream = TcpSocket::new_v4().expect("a socket");
        stream.set_recv_buffer_size(16 * 1024).expect("a size");
        let stream = stream.connect(self.address.parse().expect("an address")).await.expect("a connection");
        let (socket, _) = client_async(self.upgrade(), MaybeTlsStream::Plain(stream)).await.expect("a socket");
        let mut socket = Socket(socket);
        socket.greet(token).await;
        socket
    }
}

/// A socket.
pub(super) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn greet(&mut self, token: Option<&str>) {
        let payload = token.map(|token| json!({ "Authorization": format!("Bearer {token}") }));
        self.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(self.heard().await, Ok(json!({ "type": "connection_ack" })));
    }

    pub(super) async fn say(&mut self, message: Value) {
        self.text(message.to_string()).await;
    }

    pub(super) async fn text(&mut self, text: String) {
        self.0.send(Message::text(text)).await.expect("a socket");
    }

    /// Whether the other end still takes what is said.
    pub(super) async fn try_text(&mut self, text: &str) -> bool {
        self.0.send(Message::text(text)).await.is_ok()
    }

    /// Whether the other end has closed it.
    pub(super) async fn is_gone(&mut self) -> bool {
        let next = timeout(PATIENCE, self.0.next()).await.expect("in time");
        matches!(next, None | Some(Err(_) | Ok(Message::Close(_))))
    }

    pub(super) async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }

    /// The next message, or with what code the socket was closed.
    pub(super) async fn heard(&mut self) -> Result<Value, u16> {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("in time") {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("JSON")),
                Some(Ok(Message::Close(Some(frame)))) => return Err(frame.code.into()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The data of the next event.
    pub(super) async fn event(&mut self) -> Value {
        let mut message = self.heard().await.expect("a message");
        assert_eq!(message["type"], "next", "{message:#}");
        assert!(message["payload"].get("errors").is_none(), "{message:#}");
        message["payload"]["data"]["changed"].take()
    }

    /// That nothing comes for a while: what is told is told within a quarter of a second, even if nobody wakes the server.
    pub(super) async fn nothing(&mut self) {
        let heard = timeout(Duration::from_millis(700), self.0.next()).await;
        assert!(heard.is_err(), "{heard:?}");
    }
}

/// A stream of events.
pub(super) struct Events {
    pub(super) response: reqwest::Response,
    text: String,
}

impl Events {
    /// The next event and its data; none, when the stream has ended.
    pub(super) async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let named =
                    |name: &str| event.lines().find_map(|line| Some(line.strip_prefix(name)?.trim().to_owned()));
                let found = named("event:").map(|name| (name, named("data:").unwrap_or_default()));
                self.text = rest.to_owned();
                match found {
                    Some((name, data)) => return Some((name, serde_json::from_str(&data).unwrap_or_default())),
                    None => continue,
                }
            }
            let chunk = timeout(PATIENCE * 2, self.response.chunk()).await.expect("in time").ok()??;
            self.text.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
        }
    }
}
