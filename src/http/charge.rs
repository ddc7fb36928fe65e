//! What an operation or a file costs its asker before it is worked out: too much for anybody is not answered, and too much for one waits.
//! What takes the database longer than its price pays for is charged afterwards, so that nobody gets more of it by asking for what is cheap.
//! What is refused before it has a price costs the network that it comes from a little, so that a flood of it ends.

use std::time::Duration;

use poem::http::{HeaderValue, StatusCode, header};
use uuid::Uuid;

use super::answer::Answer;
use super::guard::Refusal;
use super::network::Network;
use super::observe::RequestId;
use super::service::Service;
use crate::app::App;
use crate::config::MAX_POINTS;
use crate::domain::budget::{Exhausted, Standing};
use crate::error::{Code, Error};
use crate::graphql::Cost;
use crate::policy::Actor;

/// Asks what an operation costs, and for no answer, when it says [`VALIDATE`].
pub const HEADER: &str = "graphql-cost";
/// See [`HEADER`].
pub const VALIDATE: &str = "validate";

/// Points for a request that is refused before it has a price: of whoever fails to prove who they are, or for a document that is not let through.
const REFUSED: u64 = 100;

/// How much of the database's time a point pays for: a whole budget pays for 20 seconds of each minute.
const POINT: Duration = Duration::from_micros(10);

/// Why an operation is not run.
pub enum Unpaid {
    TooCostly,
    Exhausted(Duration),
    Failed(Error),
}

/// Whose budget pays: their own, for those who have signed in, or that of all who ask from the same network.
pub fn holder(actor: &Actor, network: Network) -> Uuid {
    actor.sign_in().map_or_else(|| network.name(), |sign_in| sign_in.identity())
}

/// Takes what the operation costs.
pub async fn charge(
    service: &Service,
    app: Option<&App>,
    holder: Uuid,
    cost: Cost,
) -> Result<Option<Standing>, Unpaid> {
    if cost.points() > MAX_POINTS {
        service.metrics.refused(Code::TooCostly);
        return Err(Unpaid::TooCostly);
    }
    match service.backend.pay(app, holder, cost.points()).await {
        Ok(Ok(standing)) => {
            service.metrics.charged(cost.points());
            Ok(standing)
        }
        Ok(Err(Exhausted(wait))) => {
            service.metrics.refused(Code::RateLimited);
            Err(Unpaid::Exhausted(wait))
        }
        Err(error) => Err(Unpaid::Failed(error)),
    }
}

/// Takes what the database took longer than was paid for. A price tells how long an answer can be, and not how many rows are counted or
/// looked through for it.
pub async fn settle(service: &Service, app: &App, holder: Uuid, cost: Cost) {
    let took = app.db.busy().as_micros() / POINT.as_micros();
    let owed = u64::try_from(took).unwrap_or(u64::MAX).saturating_sub(cost.points());
    if owed == 0 {
        return;
    }
    if let Err(error) = service.backend.owe(app, holder, owed).await {
        tracing::error!(?error, "what an operation took cannot be charged");
    }
}

/// The answer to a request that is refused before it has a price, for which its network pays; or that the network has nothing left.
pub async fn refused(service: &Service, network: Network, id: &RequestId, refusal: Answer) -> Answer {
    let cost = Cost { objects: 0, fields: REFUSED };
    match charge(service, None, network.name(), cost).await {
        Ok(_) => refusal,
        Err(why) => why.answer(id, cost),
    }
}

impl Unpaid {
    /// What is answered instead.
    pub fn answer(self, id: &RequestId, cost: Cost) -> Answer {
        match self {
            Self::TooCostly => {
                let points = cost.points();
                let message = format!("the operation can come to {points} points, and {MAX_POINTS} are answered");
                Answer::not_executed(&Refusal::new(Code::TooCostly, message)).costing(cost)
            }
            Self::Exhausted(wait) => {
                let seconds = wait.as_millis().div_ceil(1000).max(1);
                let message = format!("your budget is used up; try again in {seconds} s");
                let refusal = Refusal::new(Code::RateLimited, message);
                let seconds = HeaderValue::from(u64::try_from(seconds).unwrap_or(u64::MAX));
                let answer = Answer::refused(StatusCode::TOO_MANY_REQUESTS, &refusal).costing(cost);
                answer.with(header::RETRY_AFTER, seconds)
            }
            Self::Failed(Error::Busy) => {
                let refusal = Refusal::new(Code::Unavailable, "too much is under way; try again");
                Answer::refused(StatusCode::SERVICE_UNAVAILABLE, &refusal)
            }
            Self::Failed(error) => {
                tracing::error!(?error, request_id = id.as_str(), "a budget cannot be looked up");
                Answer::internal(id)
            }
        }
    }
}
