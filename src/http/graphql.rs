//! The GraphQL endpoint: GraphQL over HTTP around the engine, and nothing of the schema.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use poem::http::{Method, StatusCode, header};
use poem::{Body, Endpoint, Request, Response, Result};

use super::accept::{MediaType, negotiate, takes_events};
use super::answer::Answer;
use super::caller::Sender;
use super::charge;
use super::events;
use super::guard::Refusal;
use super::kept::Kept;
use super::network::Network;
use super::observe::RequestId;
use super::operation::Outcome;
use super::plain::Plain;
use super::receive::{self, Asked, Refused, refuse};
use super::service::Service;
use super::socket;
use crate::error::Code;

const METHODS: &str = "GET, HEAD, POST, OPTIONS";
/// How long anybody may keep the answer to a stored document that was asked for by GET without a token: a minute, after which it may have
/// changed.
const KEPT_BY_ANYBODY: &str = "public, max-age=60";

/// Answers `/graphql`.
pub struct Graphql {
    pub service: Arc<Service>,
}

impl Endpoint for Graphql {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let head = *request.method() == Method::HEAD;
        let mut response = self.answer(request).await;
        if head {
            response.set_body(Body::empty());
        }
        Ok(response)
    }
}

impl Graphql {
    async fn answer(&self, mut request: Request) -> Response {
        if *request.method() == Method::OPTIONS {
            return allow(StatusCode::NO_CONTENT.into());
        }
        let plain = Plain::of(&mut request);
        if socket::is_wanted(&request) {
            return plain.leave(socket::open(self.service.clone(), &request).await);
        }
        let Some(media) = negotiate(request.header(header::ACCEPT)) else {
            let refusal =
                Refusal::new(Code::NotAcceptable, "answers are application/graphql-response+json or application/json");
            return self.refused(StatusCode::NOT_ACCEPTABLE, MediaType::Json, &refusal);
        };
        let asked = match self.receive(&mut request).await {
            Ok(asked) => asked,
            Err((status, refusal)) => return decorate(self.refused(status, media, &refusal)),
        };
        let call = Call {
            service: self.service.clone(),
            sender: Sender::of(&request),
            asked,
            media,
            id: RequestId::of(&request),
            reads_only: *request.method() != Method::POST,
            only_price: request.header(charge::HEADER) == Some(charge::VALIDATE),
            network: Network::of(&request, &self.service.proxies),
            kept: Kept::of(&request),
            takes_events: takes_events(request.header(header::ACCEPT)),
            plain,
        };
        decorate(call.run().await)
    }

    fn refused(&self, status: StatusCode, media: MediaType, refusal: &Refusal) -> Response {
        let answer = Answer::refused(status, refusal);
        self.service.count(&answer);
        answer.over_http(media)
    }

    async fn receive(&self, request: &mut Request) -> Result<Asked, Refused> {
        match *request.method() {
            Method::GET | Method::HEAD => receive::from_url(request),
            Method::POST => {
                let body = request.take_body();
                receive::from_body(request, body, self.service.patience).await
            }
            _ => Err(refuse(StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed, "use GET or POST")),
        }
    }
}

/// The header that HTTP wants with this status.
fn decorate(response: Response) -> Response {
    match response.status() {
        StatusCode::METHOD_NOT_ALLOWED if !response.headers().contains_key(header::ALLOW) => allow(response),
        _ => response,
    }
}

fn allow(mut response: Response) -> Response {
    let methods = header::HeaderValue::from_static(METHODS);
    response.headers_mut().insert(header::ALLOW, methods);
    response
}

/// One operation, on its way through guard and engine.
struct Call {
    service: Arc<Service>,
    sender: Sender,
    asked: Asked,
    media: MediaType,
    id: RequestId,
    /// By GET nothing may change.
    reads_only: bool,
    /// Whether only what it costs is asked.
    only_price: bool,
    network: Network,
    /// The answers that the client has kept.
    kept: Kept,
    /// Whether it can be told more than one thing.
    takes_events: bool,
    plain: Plain,
}

impl Call {
    /// Asks, in a task of its own.
    async fn run(self) -> Response {
        let (service, id, media) = (self.service.clone(), self.id.clone(), self.media);
        let (kept, plain) = (self.kept.clone(), self.plain.clone());
        match service.outcome(&id, self.execute()).await {
            Ok(Outcome::Followed(followed)) => {
                let (operation, arrival) = *followed;
                let ended = service.clone().ended(arrival);
                plain.leave(events::told(service.follow(operation, id), Box::pin(ended)))
            }
            Ok(Outcome::Answered(answer)) | Err(answer)
                if media == MediaType::EventStream && (answer.is_executed() || answer.is_request_error()) =>
            {
                plain.leave(events::once(&answer))
            }
            Ok(Outcome::Answered(answer)) | Err(answer) => kept.unless_known(answer.over_http(media)),
        }
    }

    async fn execute(self) -> Result<Outcome, Answer> {
        let Self { service, sender, asked, id, network, .. } = self;
        // A CDN keeps an answer under the request's URL, which is the same for whoever may see everything that is public.
        let anybodys = self.reads_only && sender.is_anybody() && asked.stored().is_some();
        let (asker, priced) = service.admit(sender, asked, self.reads_only, network, &id).await?;
        if self.only_price {
            return Ok(Outcome::Answered(Answer::priced(priced.cost.unwrap_or_default())));
        }
        let follows = priced.kind == OperationType::Subscription;
        if follows && !self.takes_events {
            let refusal =
                Refusal::new(Code::NotAcceptable, "a subscription is answered as text/event-stream, or over a socket");
            return Err(Answer::refused(StatusCode::NOT_ACCEPTABLE, &refusal).to(priced.kind));
        }
        let mut operation = service.charge(&asker, priced).await?;
        if follows {
            return Ok(Outcome::Followed(Box::new((operation, asker.arrival))));
        }
        if anybodys {
            // What is left of one network's budget is nothing to tell others.
            operation.caller.standing = None;
        }
        let answer = service.execute(operation, &id).await;
        Ok(Outcome::Answered(if anybodys { answer.kept(KEPT_BY_ANYBODY) } else { answer }))
    }
}
