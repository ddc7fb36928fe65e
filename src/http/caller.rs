//! Who sends a request, and in which language they want their answer.

use poem::Request;
use poem::http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value};

use super::answer::Answer;
use super::backend::{Arrival, Backend, Unknown};
use super::charge;
use super::guard::Refusal;
use super::language;
use super::network::Network;
use super::observe::RequestId;
use super::service::Service;
use crate::auth::Unauthenticated;
use crate::error::{Code, Error, Language};
use crate::policy::Actor;

/// What a request says of its sender, before anyone has looked into it.
#[derive(Clone)]
pub struct Sender {
    pub language: Language,
    credentials: Credentials,
}

#[derive(Clone)]
enum Credentials {
    None,
    /// One `Authorization`.
    One(Vec<u8>),
    /// More than one: which of them should count?
    Several,
    /// Somebody in this process, a test say, has answered the question already.
    Known(Actor),
}

impl Sender {
    pub fn of(request: &Request) -> Self {
        let mut authorizations = request.headers().get_all(header::AUTHORIZATION).iter();
        let known = request.extensions().get::<Actor>();
        let credentials = match (known, authorizations.next(), authorizations.next()) {
            (Some(actor), ..) => Credentials::Known(actor.clone()),
            (None, None, _) => Credentials::None,
            (None, Some(one), None) => Credentials::One(one.as_bytes().to_vec()),
            (None, Some(_), Some(_)) => Credentials::Several,
        };
        Self { language: language::preferred(request.header(header::ACCEPT_LANGUAGE)), credentials }
    }

    /// Adds what a socket's first message says: `Authorization`, or in small letters, as the header would.
    pub fn says(&mut self, first: Option<&Map<String, Value>>) {
        let names = ["Authorization", "authorization"];
        let said = names.into_iter().filter_map(|name| first?.get(name)).filter(|said| !said.is_null());
        for said in said {
            self.credentials = match (&self.credentials, said.as_str()) {
                (Credentials::None, Some(authorization)) => Credentials::One(authorization.as_bytes().to_vec()),
                (Credentials::Known(actor), _) => Credentials::Known(actor.clone()),
                _ => Credentials::Several,
            };
        }
    }

    /// Whether the request says nothing at all of who sends it.
    pub fn is_anybody(&self) -> bool {
        match &self.credentials {
            Credentials::None => true,
            Credentials::One(_) | Credentials::Several => false,
            Credentials::Known(actor) => !actor.is_known(),
        }
    }

    /// Who it is. Whoever fails to prove it, or cannot be looked up, is nobody, and never the public.
    async fn arrival(self, backend: &Backend) -> Result<Arrival, Unknown> {
        match self.credentials {
            Credentials::None => Ok(Actor::public().into()),
            Credentials::One(authorization) => backend.sign_in(authorization).await,
            Credentials::Several => Err(Unauthenticated::NotBearer.into()),
            Credentials::Known(actor) => Ok(actor.into()),
        }
    }
}

/// Who it is; or the answer to somebody who remains unknown, for which their network pays.
pub async fn arrival(service: &Service, sender: Sender, network: Network, id: &RequestId) -> Result<Arrival, Answer> {
    match sender.arrival(&service.backend).await {
        Ok(arrival) => Ok(arrival),
        Err(Unknown::Unauthenticated(why)) => {
            let refusal = Refusal::new(Code::Unauthenticated, why.message());
            let challenge = HeaderValue::from_static(why.challenge());
            let refused = Answer::refused(StatusCode::UNAUTHORIZED, &refusal).with(header::WWW_AUTHENTICATE, challenge);
            Err(charge::refused(service, network, id, refused).await)
        }
        Err(Unknown::Failed(Error::Unready(_))) => {
            let refusal = Refusal::new(Code::Unavailable, "nobody can be looked up right now; try again");
            Err(Answer::refused(StatusCode::SERVICE_UNAVAILABLE, &refusal))
        }
        Err(Unknown::Failed(error)) => {
            tracing::error!(?error, request_id = id.as_str(), "a sign-in cannot be looked up");
            Err(Answer::internal(id))
        }
    }
}
