//! From what a client asks to an operation that may run: found, checked, allowed, priced and paid for. The same for every way in.

use async_graphql::parser::types::OperationType;
use async_graphql::{Request as Execution, Response as Executed};
use poem::http::{HeaderValue, StatusCode, header};
use tokio::time::timeout;
use tracing::Instrument as _;
use uuid::Uuid;

use super::answer::Answer;
use super::backend::Arrival;
use super::caller::{self, Sender};
use super::charge;
use super::guard::Refusal;
use super::network::Network;
use super::observe::RequestId;
use super::receive::Asked;
use super::service::Service;
use super::trace;
use crate::error::{Code, Language};
use crate::graphql::{Caller, Cost};
use crate::policy::{self, Action, Actor};

/// Who asks, and from where.
#[derive(Clone)]
pub struct Asker {
    pub arrival: Arrival,
    pub language: Language,
    pub id: RequestId,
    pub network: Network,
}

/// An operation that fits what may be asked, and has not been paid for.
pub struct Priced {
    pub kind: OperationType,
    /// Nothing, where nothing has a price.
    pub cost: Option<Cost>,
    execution: Execution,
    stored: Option<String>,
}

/// What becomes of an operation.
pub enum Outcome {
    Answered(Answer),
    /// It is answered more than once, to somebody.
    Followed(Box<(Operation, Arrival)>),
}

/// An operation that may run.
pub struct Operation {
    pub kind: OperationType,
    pub cost: Option<Cost>,
    /// Whose budget pays.
    pub holder: Uuid,
    pub caller: Caller,
    pub execution: Execution,
    /// What the document is called, if it is stored here.
    stored: Option<String>,
}

impl Service {
    /// Who asks, and what is asked, looked at from all sides; or the answer to what is not run, for which the network pays.
    pub async fn admit(
        &self,
        sender: Sender,
        asked: Asked,
        reads_only: bool,
        network: Network,
        id: &RequestId,
    ) -> Result<(Asker, Priced), Answer> {
        let language = sender.language;
        let arrival = caller::arrival(self, sender, network, id).await?;
        match self.price(&arrival.actor, asked, reads_only) {
            Ok(priced) => Ok((Asker { arrival, language, id: id.clone(), network }, priced)),
            Err(refusal) => Err(charge::refused(self, network, id, refusal).await),
        }
    }

    fn price(&self, actor: &Actor, asked: Asked, reads_only: bool) -> Result<Priced, Answer> {
        let refused = |refusal: Refusal| Answer::not_executed(&refusal);
        let text = self.stored.text(&asked.document).map_err(refused)?;
        let stored = asked.stored().map(str::to_owned);
        let checked = self.documents.check(&text, asked.operation_name.as_deref()).map_err(refused)?;
        let kind = checked.operation;
        if checked.introspects && self.production && policy::callable(actor, Action::ReadSchema).is_err() {
            let refusal = Refusal::new(Code::Forbidden, "introspection is for administrators and auditors");
            return Err(Answer::not_executed(&refusal).to(kind));
        }
        if reads_only && kind != OperationType::Query {
            return Err(only_by_post().to(kind));
        }
        asked.require(&checked.required).map_err(|refusal| refused(refusal).to(kind))?;
        let mut execution = asked.into_execution().map_err(|(status, why)| Answer::refused(status, &why).to(kind))?;
        let document = checked.filled_in(&mut execution.variables);
        let name = execution.operation_name.as_deref();
        let cost = self.backend.cost(&document, name, &execution.variables);
        execution.set_parsed_query(document);
        Ok(Priced { kind, cost, execution, stored })
    }

    /// Takes what it costs from the asker's budget.
    pub async fn charge(&self, asker: &Asker, priced: Priced) -> Result<Operation, Answer> {
        let Asker { arrival: Arrival { actor, app, .. }, language, id, network } = asker.clone();
        let Priced { kind, cost, execution, stored } = priced;
        let foretold = cost.unwrap_or_default();
        let holder = charge::holder(&actor, network);
        let charged = charge::charge(self, app.as_ref(), holder, foretold).await;
        let standing = charged.map_err(|why| why.answer(&id, foretold).to(kind))?;
        // Who follows something waits, and keeps no connection to the database meanwhile.
        let app = app.or_else(|| self.backend.timed()).filter(|_| kind != OperationType::Subscription);
        let caller = Caller { actor, app, language, request_id: id.as_str().to_owned(), standing };
        Ok(Operation { kind, cost, holder, caller, execution, stored })
    }

    /// What becomes of an operation that is asked in a task of its own. An answer is counted.
    pub async fn outcome(
        &self,
        id: &RequestId,
        asked: impl Future<Output = Result<Outcome, Answer>> + Send + 'static,
    ) -> Result<Outcome, Answer> {
        let outcome = self.run(id, asked).await.flatten();
        if let Ok(Outcome::Answered(answer)) | Err(answer) = &outcome {
            self.count(answer);
        }
        outcome
    }

    /// The answer to a query or a mutation.
    pub async fn execute(&self, operation: Operation, id: &RequestId) -> Answer {
        let Operation { kind, cost, holder, caller, execution, stored } = operation;
        let (language, app) = (caller.language, caller.app.clone());
        let span = trace::operation(kind, stored.as_deref());
        let answered = self.backend.execute(caller, execution).instrument(span.clone());
        let executed: Result<Executed, _> = match kind {
            OperationType::Query => timeout(self.deadline, answered).await,
            // The database limits each statement of a change: nobody cuts it in two.
            _ => Ok(answered.await),
        };
        let answer =
            executed.map_or_else(|_| Answer::too_slow(), |answer| Answer::executed(language, id, cost, answer));
        if let Some(app) = app {
            charge::settle(self, &app, holder, cost.unwrap_or_default()).await;
        }
        trace::done(&span, &answer);
        answer.to(kind)
    }
}

fn only_by_post() -> Answer {
    let refusal = Refusal::new(Code::MethodNotAllowed, "a mutation or subscription by GET is not executed: use POST");
    let answer = Answer::refused(StatusCode::METHOD_NOT_ALLOWED, &refusal);
    answer.with(header::ALLOW, HeaderValue::from_static("POST"))
}
