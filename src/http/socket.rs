//! Sockets: operations over one WebSocket, by
//! [graphql-transport-ws](https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md).
//!
//! Each operation is a task that waits until what it has to say has been sent, so that who reads slowly is told things late, and who does not
//! read at all is dropped: nothing piles up.

mod message;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::futures_util::{SinkExt as _, StreamExt as _};
use async_graphql::parser::types::OperationType;
use poem::http::{StatusCode, header};
use poem::web::websocket::{Message, WebSocket, WebSocketConfig, WebSocketStream};
use poem::{FromRequest as _, IntoResponse as _, Request, RequestBody, Response};
use serde_json::{Map, Value};
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinError, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::accept::MediaType;
use super::answer::{self, Answer};
use super::backend::Arrival;
use super::caller::{self, Sender};
use super::guard::Refusal;
use super::network::Network;
use super::observe::RequestId;
use super::operation::Outcome;
use super::receive::{Asked, MAX_BODY};
use super::service::Service;
use super::session::Ending;
use crate::error::Code;
use message::{Bye, Said, complete, error, next};

const PROTOCOL: &str = "graphql-transport-ws";
/// From opening to `connection_init`.
const PATIENCE: Duration = Duration::from_secs(3);
/// Operations at once.
const MAX_OPERATIONS: usize = 20;
/// How often the other end is asked whether it is there, and how long it may say nothing.
const PING: Duration = Duration::from_secs(25);
const SILENCE: Duration = Duration::from_secs(60);
/// Messages that wait to be sent.
const QUEUE: usize = 4;
/// Bytes that wait to be taken by the other end before nothing more is written.
const MAX_UNSENT: usize = 4 * 1024 * 1024;

/// Whether a request asks for a socket.
pub fn is_wanted(request: &Request) -> bool {
    request.header(header::UPGRADE).is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
}

/// Opens one.
pub async fn open(service: Arc<Service>, request: &Request) -> Response {
    let refused = |status, code, message: &str| answer::refused(status, MediaType::Json, &Refusal::new(code, message));
    if !service.origins.lets_in(request) {
        return refused(StatusCode::FORBIDDEN, Code::Forbidden, "pages of this origin may open no socket");
    }
    let spoken = request.header(header::SEC_WEBSOCKET_PROTOCOL).unwrap_or_default();
    if !spoken.split(',').any(|protocol| protocol.trim() == PROTOCOL) {
        let message = format!("sockets speak {PROTOCOL}: name it in Sec-WebSocket-Protocol");
        return refused(StatusCode::BAD_REQUEST, Code::BadRequest, &message);
    }
    let Ok(socket) = WebSocket::from_request(request, &mut RequestBody::default()).await else {
        return refused(StatusCode::BAD_REQUEST, Code::BadRequest, "the request opens no socket (RFC 6455)");
    };
    let limits = WebSocketConfig::default()
        .max_message_size(Some(MAX_BODY))
        .max_frame_size(Some(MAX_BODY))
        .max_write_buffer_size(MAX_UNSENT);
    let peer = Peer {
        sender: Sender::of(request),
        id: RequestId::of(request),
        network: Network::of(request, &service.proxies),
        service,
    };
    socket.protocols([PROTOCOL]).config(limits).on_upgrade(|socket| peer.serve(socket)).into_response()
}

/// Who has opened a socket.
#[derive(Clone)]
struct Peer {
    service: Arc<Service>,
    sender: Sender,
    id: RequestId,
    network: Network,
}

impl Peer {
    async fn serve(mut self, socket: WebSocketStream) {
        let mut line = Line { socket, stall: self.service.stall };
        let why = match timeout(PATIENCE, self.greeted(&mut line)).await {
            Ok(Ok(arrival)) => self.talk(&mut line, arrival).await,
            Ok(Err(why)) => why,
            Err(_) => Bye::Close(4408, "Connection initialisation timeout"),
        };
        line.close(why).await;
    }

    /// Waits for `connection_init`, and for who it is. Browsers send no headers with a socket: the token comes with that message.
    async fn greeted(&mut self, line: &mut Line) -> Result<Arrival, Bye> {
        loop {
            match line.heard().await? {
                Some(Said::ConnectionInit { payload }) => {
                    self.sender.says(payload.as_ref());
                    let arrival = caller::arrival(&self.service, self.sender.clone(), self.network, &self.id).await;
                    let arrival = arrival.map_err(|answer| match answer.error() {
                        Some(Code::Unauthenticated) => Bye::Close(4403, "Forbidden"),
                        // Clients come back after this one, not after 1011.
                        _ => Bye::Close(1013, "Try again later"),
                    })?;
                    line.say(message::ACKNOWLEDGED.to_owned()).await?;
                    // Nobody keeps a connection to the database while they wait.
                    return Ok(Arrival { app: None, ..arrival });
                }
                Some(Said::Subscribe { .. }) => return Err(Bye::Close(4401, "Unauthorized")),
                Some(Said::Ping { .. }) => line.say(message::PONG.to_owned()).await?,
                Some(Said::Pong { .. } | Said::Complete { .. }) | None => {}
            }
        }
    }

    async fn talk(self, line: &mut Line, arrival: Arrival) -> Bye {
        let (says, mut said) = mpsc::channel(QUEUE);
        let mut operations = Operations::new(self.clone(), says);
        let mut ended = Box::pin(self.service.clone().ended(arrival));
        let mut ping = interval_at(Instant::now() + PING, PING);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        loop {
            let done = tokio::select! {
                biased;
                ending = &mut ended => Err(match ending {
                    // Clients take 4401 for final; after 4403 they come back with another token, or what is left of their rights.
                    Ending::Expired | Ending::Revoked => Bye::Close(4403, "Forbidden"),
                    Ending::Stopping => Bye::Close(1001, "Going away"),
                }),
                // Before anything is said: who wants no more of an operation is not first told all that waits.
                message = line.heard() => {
                    heard = Instant::now();
                    match message {
                        Ok(Some(Said::Ping { .. })) => line.say(message::PONG.to_owned()).await,
                        Ok(Some(said)) => operations.heard(said),
                        Ok(None) => Ok(()),
                        Err(why) => Err(why),
                    }
                }
                Some(saying) = said.recv() => match operations.sent(saying) {
                    Some(text) => line.say(text).await,
                    None => Ok(()),
                },
                Some(ended) = operations.tasks.join_next_with_id() => match operations.failed(ended) {
                    Some(text) => line.say(text).await,
                    None => Ok(()),
                },
                _ = ping.tick() => if heard.elapsed() > SILENCE { Err(Bye::Gone) } else { line.ping().await },
            };
            if let Err(why) = done {
                return why;
            }
        }
    }

    /// Runs one operation, and says what comes of it.
    async fn run(self, asked: Asked, voice: Voice) {
        let (service, id) = (self.service.clone(), self.id.clone());
        match service.outcome(&id, self.ask(asked)).await {
            Ok(Outcome::Answered(answer)) | Err(answer) => {
                if voice.says(&answer).await {
                    voice.completes().await;
                }
            }
            Ok(Outcome::Followed(followed)) => {
                let (operation, _) = *followed;
                let mut answers = service.follow(operation, id);
                while let Some(answer) = answers.next().await {
                    if !voice.says(&answer).await {
                        return;
                    }
                }
                voice.completes().await;
            }
        }
    }

    /// Each operation is asked by the rights of its own moment.
    async fn ask(self, asked: Asked) -> Result<Outcome, Answer> {
        let Self { service, sender, id, network } = self;
        let (asker, priced) = service.admit(sender, asked, false, network, &id).await?;
        let follows = priced.kind == OperationType::Subscription;
        let operation = service.charge(&asker, priced).await?;
        Ok(match follows {
            true => Outcome::Followed(Box::new((operation, asker.arrival))),
            false => Outcome::Answered(service.execute(operation, &id).await),
        })
    }
}

/// What an operation has to say.
struct Saying {
    name: String,
    /// Which of those that had the name one after the other it is of.
    number: u64,
    text: String,
    /// Whether it is the last.
    is_last: bool,
}

/// How one operation says something.
struct Voice {
    name: String,
    number: u64,
    says: mpsc::Sender<Saying>,
}

impl Voice {
    /// Says an answer. Whether more may follow: nothing does after what is not executed.
    async fn says(&self, answer: &Answer) -> bool {
        let executed = answer.is_executed();
        let text = if executed { next(&self.name, answer) } else { error(&self.name, answer) };
        self.say(text, !executed).await;
        executed
    }

    async fn completes(&self) {
        self.say(complete(&self.name), true).await;
    }

    async fn say(&self, text: String, is_last: bool) {
        let saying = Saying { name: self.name.clone(), number: self.number, text, is_last };
        // It fails when the socket is closed, and this task with it.
        let _ = self.says.send(saying).await;
    }
}

/// The operations of a socket.
struct Operations {
    peer: Peer,
    says: mpsc::Sender<Saying>,
    tasks: JoinSet<()>,
    /// By the name that the other end has given them.
    running: HashMap<String, (u64, AbortHandle)>,
    begun: u64,
}

impl Operations {
    fn new(peer: Peer, says: mpsc::Sender<Saying>) -> Self {
        Self { peer, says, tasks: JoinSet::new(), running: HashMap::new(), begun: 0 }
    }

    fn heard(&mut self, said: Said) -> Result<(), Bye> {
        match said {
            Said::ConnectionInit { .. } => return Err(Bye::Close(4429, "Too many initialisation requests")),
            Said::Subscribe { id, .. } if self.running.contains_key(&id) => return Err(Bye::Subscribed(id)),
            Said::Subscribe { .. } if self.running.len() >= MAX_OPERATIONS => {
                return Err(Bye::Close(4429, "Too many operations"));
            }
            Said::Subscribe { id, payload } => self.begin(id, payload),
            Said::Complete { id } => {
                if let Some((_, task)) = self.running.remove(&id) {
                    task.abort();
                }
            }
            Said::Ping {} | Said::Pong {} => {}
        }
        Ok(())
    }

    fn begin(&mut self, name: String, payload: Map<String, Value>) {
        self.begun += 1;
        let voice = Voice { name: name.clone(), number: self.begun, says: self.says.clone() };
        let task = match Asked::new(payload) {
            Ok(asked) => self.tasks.spawn(self.peer.clone().run(asked, voice)),
            Err((status, refusal)) => {
                self.tasks.spawn(async move { _ = voice.says(&Answer::refused(status, &refusal)).await })
            }
        };
        self.running.insert(name, (self.begun, task));
    }

    /// What is sent of what an operation says: nothing, once the other end wants no more of it. After its last word, its name is free.
    fn sent(&mut self, saying: Saying) -> Option<String> {
        let (number, _) = self.running.get(&saying.name)?;
        if *number != saying.number {
            return None;
        }
        if saying.is_last {
            self.running.remove(&saying.name);
        }
        Some(saying.text)
    }

    /// What is said of an operation that ended by a panic.
    fn failed(&mut self, ended: Result<(tokio::task::Id, ()), JoinError>) -> Option<String> {
        let failed = ended.err().filter(JoinError::is_panic)?;
        let name = self.running.iter().find(|(_, (_, task))| task.id() == failed.id())?.0.clone();
        self.running.remove(&name);
        let id = &self.peer.id;
        tracing::error!(request_id = id.as_str(), "an operation on a socket panicked");
        Some(error(&name, &Answer::internal(id)))
    }
}

/// The socket, and how long the other end may take over what is sent.
struct Line {
    socket: WebSocketStream,
    stall: Duration,
}

impl Line {
    /// The next message; nothing, where it is the library's own.
    async fn heard(&mut self) -> Result<Option<Said>, Bye> {
        match self.socket.next().await {
            Some(Ok(Message::Text(text))) => Said::read(&text).map(Some),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None),
            Some(Ok(Message::Binary(_))) => Err(Bye::Close(4400, "Invalid message")),
            Some(Ok(Message::Close(_))) => Err(Bye::Left),
            Some(Err(_)) | None => Err(Bye::Gone),
        }
    }

    async fn say(&mut self, text: String) -> Result<(), Bye> {
        self.send(Message::Text(text)).await
    }

    async fn ping(&mut self) -> Result<(), Bye> {
        self.send(Message::Ping(Vec::new())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), Bye> {
        match timeout(self.stall, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Bye::Gone),
        }
    }

    async fn close(mut self, why: Bye) {
        let closing = match why {
            Bye::Gone => return,
            Bye::Left => None,
            Bye::Close(code, reason) => Some((code, reason.to_owned())),
            Bye::Subscribed(id) => Some((4409, format!("Subscriber for {id} already exists"))),
        };
        let said = match closing {
            Some((code, reason)) => self.send(Message::Close(Some((code.into(), reason)))).await.is_ok(),
            // The library answers for us, as soon as somebody reads on.
            None => true,
        };
        if said {
            // The other end answers it, or has gone.
            let _ = timeout(PATIENCE, async { while let Some(Ok(_)) = self.socket.next().await {} }).await;
        }
    }
}
