//! Files: paths that answer with a text for whoever asks, as it is now and as far as they may see it.

use std::sync::Arc;

use entity::values::GlobalId;
use poem::http::{StatusCode, header};
use poem::{Endpoint, Request, Response, Result};
use tokio::time::timeout;

use super::accept::MediaType;
use super::answer::{self, Answer};
use super::calendar::{self, Whose};
use super::caller::{self, Sender};
use super::card;
use super::charge;
use super::guard::Refusal;
use super::kept::{self, Kept};
use super::network::Network;
use super::observe::RequestId;
use super::receive::Refused;
use super::service::Service;
use crate::domain::calendar::{Bounds, CALENDARS, ORGANISATIONS};
use crate::domain::card::{GROUPS, PEOPLE};
use crate::domain::group::GroupBy;
use crate::domain::view::View;
use crate::error::{Code, Error};
use crate::graphql::Cost;
use crate::interchange::card::Format;

/// Where files are.
pub const FOLDERS: [&str; 4] = [PEOPLE, GROUPS, ORGANISATIONS, CALENDARS];
/// What stands for the name of a file in a route, and in the log, where names of files have no place.
pub const NAME: &str = ":file";

/// Points for a person's card: for the person, whose posts and seats, and how to reach them.
const PERSON_CARD: u64 = 100;
/// Points for a group's cards: what an operation for a hundred members with all that comes to.
const GROUP_CARD: u64 = 2_000;
/// Points for a calendar: as for a list of a thousand sittings with their groups.
const CALENDAR: u64 = 2_000;

/// A file.
#[derive(Clone, Debug)]
pub struct File {
    pub media_type: &'static str,
    /// Under which name it is kept: ASCII without quotes.
    pub name: String,
    pub text: String,
    /// Meant for one reader alone, whoever asks for it.
    pub personal: bool,
}

/// What file is asked for.
#[derive(Clone, Debug)]
pub enum FileAsked {
    /// A person's card.
    PersonCard { id: GlobalId, format: Format },
    /// The cards of a group and its members.
    GroupCard { group: GroupBy, format: Format },
    /// A calendar, of these days.
    Calendar { whose: Whose, bounds: Bounds },
}

impl FileAsked {
    /// What it is taken to hold, before anything is read.
    fn cost(&self) -> Cost {
        let objects = match self {
            Self::PersonCard { .. } => PERSON_CARD,
            Self::GroupCard { .. } => GROUP_CARD,
            Self::Calendar { .. } => CALENDAR,
        };
        Cost { objects, fields: 0 }
    }

    /// The file, if there is one that the asker may see.
    pub async fn find(self, view: View) -> Result<Option<File>, Error> {
        match self {
            Self::PersonCard { id, format } => card::person(&view, id, format).await,
            Self::GroupCard { group, format } => card::group(&view, group, format).await,
            Self::Calendar { whose, bounds } => calendar::find(&view, whose, bounds).await,
        }
    }
}

/// Answers the paths of one folder. Stands behind `get`, which sees to methods.
pub struct Files {
    pub service: Arc<Service>,
    /// What a request asks for, if it is anything that could be there.
    pub asked: fn(&Request) -> Result<Option<FileAsked>, Refused>,
}

impl Endpoint for Files {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let asked = match (self.asked)(&request) {
            Ok(Some(asked)) => asked,
            Ok(None) => return Ok(answer::nothing()),
            Err((status, refusal)) => return Ok(answer::refused(status, MediaType::Json, &refusal)),
        };
        let id = RequestId::of(&request);
        let work = answered(self.service.clone(), request, asked, id.clone());
        Ok(self.service.run(&id, work).await.unwrap_or_else(|answer| answer.over_http(MediaType::Json)))
    }
}

async fn answered(service: Arc<Service>, request: Request, asked: FileAsked, id: RequestId) -> Response {
    let (sender, network) = (Sender::of(&request), Network::of(&request, &service.proxies));
    let public = sender.is_anybody();
    match found(&service, sender, network, asked, &id).await {
        Ok(file) => {
            let public = public && !file.personal;
            Kept::of(&request).unless_known(sent(file, public))
        }
        Err(answer) => answer.over_http(MediaType::Json),
    }
}

async fn found(
    service: &Service,
    sender: Sender,
    network: Network,
    asked: FileAsked,
    id: &RequestId,
) -> Result<File, Answer> {
    let mut arrival = caller::arrival(service, sender, network, id).await?;
    let (holder, cost) = (charge::holder(&arrival.actor, network), asked.cost());
    let charged = charge::charge(service, arrival.app.as_ref(), holder, cost).await;
    charged.map_err(|why| why.answer(id, cost))?;
    arrival.app = arrival.app.or_else(|| service.backend.timed());
    let app = arrival.app.clone();
    let found = timeout(service.deadline, service.backend.find(arrival, asked)).await;
    if let Some(app) = app {
        charge::settle(service, &app, holder, cost).await;
    }
    match found {
        Ok(Ok(file)) => file.ok_or_else(Answer::nothing),
        Ok(Err(error)) => Err(failed(&error, id)),
        Err(_) => Err(Answer::too_slow()),
    }
}

fn sent(file: File, public: bool) -> Response {
    Response::builder()
        // Files are not compressed, so that their bytes are always the same.
        .header(header::ETAG, kept::tag(&file.text))
        .header(header::VARY, "authorization")
        .header(header::CACHE_CONTROL, if public { "public, max-age=300" } else { "private, no-cache" })
        .header(header::CONTENT_TYPE, file.media_type)
        .header(header::CONTENT_DISPOSITION, format!("inline; filename=\"{}\"", file.name))
        .body(file.text)
}

fn failed(error: &Error, id: &RequestId) -> Answer {
    let status = match error.code() {
        Code::NotFound => return Answer::nothing(),
        Code::TimedOut => return Answer::too_slow(),
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Forbidden | Code::NotAllowed => StatusCode::FORBIDDEN,
        Code::Internal => {
            tracing::error!(?error, request_id = id.as_str(), "a file failed");
            return Answer::internal(id);
        }
        _ => StatusCode::BAD_REQUEST,
    };
    Answer::refused(status, &Refusal::new(error.code(), error.to_string()))
}
