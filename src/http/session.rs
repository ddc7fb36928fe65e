//! Following something: the answers of a subscription one after the other, and when there are to be no more of them.

use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;

use async_graphql::futures_util::stream::{Stream, StreamExt as _, unfold};
use async_graphql::parser::types::OperationType;
use async_graphql::{Response, Value};
use tokio::time::sleep;

use super::answer::Answer;
use super::backend::{Arrival, Responses};
use super::charge;
use super::guard::Refusal;
use super::metrics::One;
use super::observe::RequestId;
use super::operation::Operation;
use super::service::Service;
use crate::error::Code;

/// Why nothing more is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The token has expired.
    Expired,
    /// Something that was granted is not any more.
    Revoked,
    /// The server stops.
    Stopping,
}

impl Ending {
    /// What is told to who may try again with another token; nothing to who need only come back.
    pub fn answer(self) -> Option<Answer> {
        let refusal = match self {
            Self::Expired => Refusal::new(Code::Unauthenticated, "the token has expired: sign in again"),
            Self::Revoked => Refusal::new(Code::Forbidden, "what was granted to you has changed: begin again"),
            Self::Stopping => return None,
        };
        Some(Answer::not_executed(&refusal))
    }
}

impl Service {
    /// Returns when whoever arrived is to be told nothing more.
    pub async fn ended(self: Arc<Self>, arrival: Arrival) -> Ending {
        let Arrival { actor, lasts, app } = arrival;
        // Who waits keeps no connection to the database.
        drop(app);
        let mut closing = self.closing();
        let expired = async {
            match lasts {
                Some(lasts) => sleep(lasts).await,
                None => pending().await,
            }
        };
        tokio::select! {
            () = expired => Ending::Expired,
            () = self.backend.revoked(&actor) => Ending::Revoked,
            // It fails when the service is gone, which comes to the same.
            _ = closing.wait_for(|closing| *closing) => Ending::Stopping,
        }
    }

    /// The answers of a subscription. Each is paid for when it comes; the first has been.
    pub fn follow(self: Arc<Self>, operation: Operation, id: RequestId) -> Pin<Box<dyn Stream<Item = Answer> + Send>> {
        let Operation { cost, holder, caller, execution, .. } = operation;
        let language = caller.language;
        let Some(answers) = self.backend.subscribe(caller, execution) else {
            let refusal = Refusal::new(Code::ValidationFailed, "nothing can be followed here");
            return Box::pin(unfold(Some(Answer::not_executed(&refusal)), |answer| async {
                answer.map(|answer| (answer, None))
            }));
        };
        let listening = One::of(&self.metrics.subscriptions);
        let state = Following { service: self, answers: Some(answers), paid: true, _listening: listening };
        Box::pin(unfold(state, move |mut state| {
            let id = id.clone();
            async move {
                let response = state.answers.as_mut()?.next().await?;
                let cost = cost.unwrap_or_default();
                let answer = match std::mem::take(&mut state.paid) {
                    true => Ok(None),
                    false => charge::charge(&state.service, None, holder, cost).await,
                };
                let answer = match answer {
                    Ok(_) => Answer::executed(language, &id, None, refused_or_told(response)),
                    Err(why) => {
                        state.answers = None;
                        why.answer(&id, cost)
                    }
                };
                let answer = answer.to(OperationType::Subscription);
                state.service.count(&answer);
                Some((answer, state))
            }
        }))
    }
}

/// What goes wrong with following itself, rather than with an event, is an error of the request: nothing was executed.
fn refused_or_told(mut response: Response) -> Response {
    if response.data == Value::Null && response.errors.iter().all(|error| error.path.len() <= 1) {
        response.errors.iter_mut().for_each(|error| error.path.clear());
    }
    response
}

struct Following {
    service: Arc<Service>,
    /// None, once nothing more is told.
    answers: Option<Responses>,
    /// Whether the next answer has been paid for.
    paid: bool,
    _listening: One,
}
