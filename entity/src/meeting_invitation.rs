//! What somebody is to be told by e-mail of a sitting to which they are called, and what they have been told. It names no rows by foreign
//! keys: who has been told of a meeting that is gone is still to be told that it is.

use sea_orm::entity::prelude::*;

use crate::values::{Instant, InvitationStanding};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "meeting_invitation")]
pub struct Model {
    /// Derived from the sitting and the address: a mailbox gets one invitation, whoever reads it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub meeting_id: Uuid,
    pub sitting_id: Uuid,
    /// Who is called; the first where several share the address.
    pub person_id: Uuid,
    /// In which group they are called; of several, the one that most people see.
    pub group_id: Uuid,
    pub address: String,
    /// What they are to know.
    pub standing: InvitationStanding,
    /// What they know, unless they have been told nothing.
    pub told: Option<InvitationStanding>,
    pub told_at: Option<Instant>,
    /// The event that they are told of, as it was when it last changed.
    pub event: Json,
    /// When the event ends: afterwards there is nothing to tell.
    pub ends_at: Instant,
    /// Rises with each change of what they are to know.
    pub revision: i32,
    /// When a message is to be sent; absent when there is nothing to send.
    pub due_at: Option<Instant>,
    /// How often a message was handed to the mail server, or is being; of earlier revisions one counts at most.
    pub attempts: i32,
    /// What the mail server said when it last refused.
    pub failure: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
