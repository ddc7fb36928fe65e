//! Invitations to meetings by e-mail (iMIP, RFC 6047): who is called to a sitting is told so, told again when it changes, and told when it is
//! cancelled or they are called no longer.
//!
//! The trail of changes is the outbox: it is written in the transaction that changes anything, and no change is without it. It is read in its
//! order, and for each meeting that an entry may have to do with, what each address is to know is computed anew and compared with what it was
//! to know before. What differs is due. So it does not matter how something changed, how often, or how long nobody looked.

mod post;
mod trail;
mod wanted;

use std::time::Duration;

use async_graphql::Enum;
use entity::values::{Instant, InvitationStanding, SubjectKind};
use tokio::sync::watch;
use tokio::time::sleep;
use uuid::Uuid;

use crate::app::App;
use crate::domain::cells::{Cells, Columns, Identified, row};
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::person;
use crate::domain::view::View;
use crate::error::Error;
use crate::mail::Mail;
use crate::policy::{Actor, scope};

pub use trail::begin;

/// How long nothing may be due before it is looked again.
const PAUSE: Duration = Duration::from_secs(5);

row! {
    /// An invitation, alone.
    Bare {
        id, sitting_id: Uuid, group_id: Uuid, standing: InvitationStanding, told: Option<InvitationStanding>, told_at: Option<Instant>,
        due_at: Option<Instant>, failure: Option<String>,
    }
}

/// An invitation and who is called by it.
#[derive(Clone, Debug)]
pub struct Row {
    pub invitation: Bare,
    pub person: person::Row,
}

/// What has become of the latest message to somebody who gets invitations.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationDelivery {
    /// Väntar: it is to be sent, for the first time or again.
    Waiting,
    /// Skickat: the mail server has taken it.
    Sent,
    /// Avvisat: the mail server has refused it for good, or too often.
    Refused,
}

impl Row {
    pub fn delivery(&self) -> InvitationDelivery {
        match (self.invitation.due_at, &self.invitation.failure) {
            (Some(_), _) => InvitationDelivery::Waiting,
            (None, None) => InvitationDelivery::Sent,
            (None, Some(_)) => InvitationDelivery::Refused,
        }
    }
}

impl Columns for Row {
    const WIDTH: usize = Bare::WIDTH + person::Row::WIDTH;

    fn read(cells: &mut Cells<'_>) -> Result<Self, sea_orm::DbErr> {
        Ok(Self { invitation: Bare::read(cells)?, person: person::Row::read(cells)? })
    }
}

impl Identified for Row {
    fn id(&self) -> Uuid {
        self.invitation.id
    }
}

/// The invitations to each meeting, for who may change it: of people and in groups that they see, by name. Addresses have audiences of
/// their own, and what mail servers say names them; neither is told.
pub async fn of_meetings(view: View, ids: Vec<Uuid>, page: Page) -> Result<Vec<Slice<Row>>, Error> {
    let list = List {
        name: "invitation by name",
        columns: format!("{}, {}", Bare::columns("mi"), person::Row::columns("h")).into(),
        main: "mi",
        table: "meeting_invitation mi",
        joins: "JOIN person h ON h.id = mi.person_id JOIN \"group\" g ON g.id = mi.group_id".into(),
        filter: scope::person_in_place(&view.actor, "h").and(scope::group(&view.actor, "g")),
        keys: &[Key::Bytes("h.sort_key"), Key::Id("mi.id")],
        descending: false,
        veiled: None,
    };
    let parent = Parent::new("meeting", "mi.meeting_id = parent.id");
    list.pages_of_changeable(&view, (SubjectKind::Meeting, &parent), &ids, &page).await
}

/// Reads the trail and sends what is due until told to stop. Every instance may: what one has taken up, no other does.
pub async fn work(app: App, mail: Mail, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = round(&app, &mail, &|| *stop.borrow()).await {
            tracing::warn!(%error, "invitations wait");
        }
        tokio::select! {
            () = sleep(PAUSE) => {}
            // It changes once, and who could change it goes with the server.
            _ = stop.changed() => return,
        }
    }
}

/// Reads what is new in the trail and sends what is due, unless told to stop.
pub async fn round(app: &App, mail: &Mail, stopped: &(dyn Fn() -> bool + Send + Sync)) -> Result<(), Error> {
    while !stopped() && trail::read(app).await? {}
    post::send(app, mail, stopped).await
}

/// Who looks: the directory itself, for those whom it calls.
fn actor() -> Actor {
    Actor::operator("invitations")
}
