//! Who sends a request, and in which language they want their answer.

use poem::http::{StatusCode, header};
use poem::{Request, Response};

use super::accept::MediaType;
use super::answer;
use super::backend::{Arrival, Backend, Unknown};
use super::guard::Refusal;
use super::language;
use super::observe::RequestId;
use crate::auth::Unauthenticated;
use crate::error::{Code, Error, Language};
use crate::policy::Actor;

/// What a request says of its sender, before anyone has looked into it.
pub struct Sender {
    pub language: Language,
    credentials: Credentials,
}

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

    /// Whether the request says nothing at all of who sends it.
    pub fn is_anybody(&self) -> bool {
        match &self.credentials {
            Credentials::None => true,
            Credentials::One(_) | Credentials::Several => false,
            Credentials::Known(actor) => !actor.is_known(),
        }
    }

    /// Who it is. Whoever fails to prove it, or cannot be looked up, is nobody, and never the public.
    pub async fn arrival(self, backend: &Backend) -> Result<Arrival, Unknown> {
        match self.credentials {
            Credentials::None => Ok(Actor::public().into()),
            Credentials::One(authorization) => backend.sign_in(authorization).await,
            Credentials::Several => Err(Unauthenticated::NotBearer.into()),
            Credentials::Known(actor) => Ok(actor.into()),
        }
    }
}

/// The answer to somebody who remains unknown.
pub fn unknown(media: MediaType, id: &RequestId, why: &Unknown) -> Response {
    match why {
        Unknown::Unauthenticated(why) => {
            let refusal = Refusal::new(Code::Unauthenticated, why.message());
            let mut response = answer::refused(StatusCode::UNAUTHORIZED, media, &refusal);
            let challenge = header::HeaderValue::from_static(why.challenge());
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            response
        }
        Unknown::Failed(Error::Unready(_)) => {
            let refusal = Refusal::new(Code::Unavailable, "nobody can be looked up right now; try again");
            answer::refused(StatusCode::SERVICE_UNAVAILABLE, media, &refusal)
        }
        Unknown::Failed(error) => {
            tracing::error!(?error, request_id = id.as_str(), "a sign-in cannot be looked up");
            answer::internal(media, id)
        }
    }
}
