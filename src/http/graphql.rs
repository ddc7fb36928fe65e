//! The GraphQL endpoint: GraphQL over HTTP around the engine, and nothing of the schema.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use poem::http::{Method, StatusCode, header};
use poem::{Body, Endpoint, Request, Response, Result};
use tokio::time::timeout;

use super::accept::{MediaType, negotiate};
use super::answer;
use super::backend::Arrival;
use super::caller::{self, Sender};
use super::charge;
use super::guard::Refusal;
use super::network::Network;
use super::observe::RequestId;
use super::receive::{self, Asked, Refused, refuse};
use super::service::Service;
use crate::error::Code;
use crate::graphql::Caller;
use crate::policy::{self, Action};

const METHODS: &str = "GET, HEAD, POST, OPTIONS";

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
        let Some(media) = negotiate(request.header(header::ACCEPT)) else {
            let refusal =
                Refusal::new(Code::NotAcceptable, "answers are application/graphql-response+json or application/json");
            return answer::refused(StatusCode::NOT_ACCEPTABLE, MediaType::Json, &refusal);
        };
        let asked = match self.receive(&mut request).await {
            Ok(asked) => asked,
            Err((status, refusal)) => return decorate(answer::refused(status, media, &refusal)),
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
        };
        let (media, id) = (call.media, call.id.clone());
        decorate(self.service.run(media, &id, call.execute()).await)
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
}

impl Call {
    async fn execute(self) -> Response {
        let language = self.sender.language;
        let Arrival { actor, app } = match self.sender.arrival(&self.service.backend).await {
            Ok(arrival) => arrival,
            Err(why) => return caller::unknown(self.media, &self.id, &why),
        };
        let name = self.asked.operation_name.as_deref();
        let checked = match self.service.documents.check(&self.asked.query, name) {
            Ok(checked) => checked,
            Err(refusal) => return answer::not_executed(self.media, &refusal),
        };
        if checked.introspects && self.service.production && policy::callable(&actor, Action::ReadSchema).is_err() {
            let refusal = Refusal::new(Code::Forbidden, "introspection is for administrators and auditors");
            return answer::not_executed(self.media, &refusal);
        }
        if self.reads_only && checked.operation != OperationType::Query {
            return only_by_post(self.media);
        }
        if let Err(refusal) = self.asked.require(&checked.required) {
            return answer::not_executed(self.media, &refusal);
        }
        let mut execution = match self.asked.into_execution() {
            Ok(execution) => execution,
            Err((status, refusal)) => return answer::refused(status, self.media, &refusal),
        };
        for (name, value) in checked.defaults {
            execution.variables.entry(name).or_insert(value);
        }
        let name = execution.operation_name.as_deref();
        let cost = self.service.backend.cost(&checked.document, name, &execution.variables);
        let foretold = cost.unwrap_or_default();
        if self.only_price {
            return answer::priced(self.media, foretold);
        }
        let holder = charge::holder(&actor, self.network);
        let standing = match charge::charge(&self.service.backend, app.as_ref(), holder, foretold).await {
            Ok(standing) => standing,
            Err(why) => return why.answer(self.media, &self.id, foretold),
        };
        execution.set_parsed_query(checked.document);
        let caller = Caller { actor, app, language, request_id: self.id.as_str().to_owned(), standing };
        let answered = self.service.backend.execute(caller, execution);
        let response = match checked.operation {
            OperationType::Query => timeout(self.service.deadline, answered).await,
            // The database limits each statement of a change: nobody cuts it in two.
            _ => Ok(answered.await),
        };
        match response {
            Ok(response) => answer::executed(self.media, language, &self.id, cost, response),
            Err(_) => too_slow(self.media),
        }
    }
}

fn too_slow(media: MediaType) -> Response {
    let refusal = Refusal::new(Code::TimedOut, "the answer took too long; ask for less");
    answer::refused(StatusCode::SERVICE_UNAVAILABLE, media, &refusal)
}

fn only_by_post(media: MediaType) -> Response {
    let refusal = Refusal::new(Code::MethodNotAllowed, "a mutation or subscription by GET is not executed: use POST");
    let mut response = answer::refused(StatusCode::METHOD_NOT_ALLOWED, media, &refusal);
    let post = header::HeaderValue::from_static("POST");
    response.headers_mut().insert(header::ALLOW, post);
    response
}
