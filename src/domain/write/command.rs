//! Commands: what the mutations of the API ask for. Each is carried out in one transaction with one Change, or not at all.

use std::future::Future;
use std::time::Duration;

use async_graphql::InputType;
use entity::idempotency;
use entity::values::Instant;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{RowChange, Writer, text};
use crate::domain::view::View;
use crate::error::{Code, Error, Said};
use crate::policy::{self, Action, Permit};

/// How long a key is remembered, in microseconds: 24 hours.
const REMEMBERED: i64 = 24 * 3600 * 1_000_000;
/// How often a command is tried when others are in its way.
const TRIES: u32 = 6;
const LONGEST_KEY: usize = 100;
const LONGEST_REASON: usize = 1000;

/// Who asks for a change, and by which request.
#[derive(Clone)]
pub struct Asked {
    /// What the asker sees.
    pub view: View,
    /// What the log calls the request.
    pub request_id: String,
}

/// What commands have in common beside what they ask for.
#[derive(Clone, Copy, Debug, Default)]
pub struct How<'a> {
    /// Names the command, so that sending it again does nothing again.
    pub key: Option<&'a str>,
    /// Why, for the trail.
    pub reason: Option<&'a str>,
    /// Whether to say only what would change.
    pub dry_run: bool,
}

/// A change that somebody asks for: the input of a mutation.
pub trait Command: InputType + Sync {
    /// What is to be done.
    const ACTION: Action;

    /// Key, reason and dry run.
    fn how(&self) -> How<'_>;

    /// Whether the asker may.
    fn permit(&self, view: &View) -> impl Future<Output = Result<Permit, Error>> + Send;

    /// Does it, and says to what.
    fn perform(&self, writer: &mut Writer) -> impl Future<Output = Result<Uuid, Error>> + Send;
}

/// Declares the part of a command that is the same in all: its action, key and reason, and its dry run where it has one.
macro_rules! how {
    ($action:ident $(, $dry_run:ident)?) => {
        const ACTION: crate::policy::Action = crate::policy::Action::$action;

        // With a dry run all parts are said.
        #[allow(clippy::needless_update)]
        fn how(&self) -> crate::domain::write::How<'_> {
            crate::domain::write::How {
                key: self.idempotency_key.as_deref(),
                reason: self.reason.as_deref(),
                $($dry_run: self.$dry_run,)?
                ..Default::default()
            }
        }
    };
}
pub(crate) use how;

/// What came of a command.
#[derive(Clone, Debug)]
pub struct Done {
    /// What it was done to: the new thing, or the one that changed.
    pub subject: Uuid,
    /// Its place in the trail; `None` when everything was as wanted already, and of a dry run.
    pub change: Option<i64>,
    /// Of a dry run: what would change.
    pub plan: Option<Vec<RowChange>>,
}

/// Carries a command out.
pub async fn run<C: Command>(asked: &Asked, command: &C) -> Result<Done, Error> {
    policy::callable(&asked.view.actor, C::ACTION)?;
    let how = command.how();
    let length = |text: Option<&str>| text.map_or(1, |text| text.chars().count());
    if !(1..=LONGEST_KEY).contains(&length(how.key)) {
        return Err(too_long(LONGEST_KEY).at("idempotencyKey"));
    }
    if length(how.reason) > LONGEST_REASON {
        return Err(too_long(LONGEST_REASON).at("reason"));
    }
    text::without_personal_numbers(how.reason.map(|reason| ("reason", reason)))?;
    let mut tries = 1;
    loop {
        match attempt(asked, command).await {
            Err(Error::Busy) if tries < TRIES => {
                // Others finish first, and not all who wait come back at once.
                let spread = u64::from(asked.view.app.random::<1>()?[0] % 16);
                tokio::time::sleep(Duration::from_millis((4 << tries) + spread)).await;
                tries += 1;
            }
            done => return done,
        }
    }
}

fn too_long(most: usize) -> Error {
    Error::invalid(
        Code::InvalidInput,
        Said::both(format!("this takes 1 to {most} characters"), format!("detta tar 1 till {most} tecken")),
    )
}

async fn attempt<C: Command>(asked: &Asked, command: &C) -> Result<Done, Error> {
    let how = command.how();
    let memory = how.key.filter(|_| !how.dry_run).map(|key| Memory::of(asked, key, command));
    if let Some(memory) = &memory
        && let Some(done) = memory.recall(asked).await?
    {
        return Ok(done);
    }
    let permit = command.permit(&asked.view).await?;
    let mut writer = Writer::begin(&asked.view.app, permit).await?;
    writer.because(how.reason, &asked.request_id);
    match perform(&mut writer, command, memory.as_ref()).await {
        Ok(subject) if how.dry_run => {
            let plan = Some(writer.effects());
            writer.rollback().await?;
            Ok(Done { subject, change: None, plan })
        }
        Ok(subject) => {
            let change = writer.commit_as(memory.as_ref().map(|memory| (memory, subject))).await?;
            Ok(Done { subject, change, plan: None })
        }
        Err(error) => {
            // What went wrong says more than a failure to roll back; closing the connection rolls back as well.
            let _ = writer.rollback().await;
            Err(error)
        }
    }
}

async fn perform<C: Command>(writer: &mut Writer, command: &C, memory: Option<&Memory>) -> Result<Uuid, Error> {
    if let Some(memory) = memory {
        memory.claim(writer).await?;
    }
    command.perform(writer).await
}

/// That a command with a key was carried out: kept in the transaction of the command, so that both hold or neither.
pub struct Memory {
    id: Uuid,
    input_hash: Vec<u8>,
    at: Instant,
}

impl Memory {
    fn of<C: Command>(asked: &Asked, key: &str, command: &C) -> Self {
        let whose = Uuid::new_v5(&Uuid::NAMESPACE_OID, asked.view.actor.name().as_bytes());
        let input = format!("{} {}", C::ACTION.verb(), command.to_value());
        Self {
            id: Uuid::new_v5(&whose, key.as_bytes()),
            input_hash: Sha256::digest(input).to_vec(),
            at: asked.view.app.now(),
        }
    }

    /// What came of the command before, on any instance.
    async fn recall(&self, asked: &Asked) -> Result<Option<Done>, Error> {
        let found = idempotency::Entity::find_by_id(self.id).one(asked.view.app.db.reader().await).await?;
        let Some(found) = found.filter(|found| found.at.0 > self.at.0 - REMEMBERED) else { return Ok(None) };
        if found.input_hash != self.input_hash {
            return Err(Error::KeyReused.at("idempotencyKey"));
        }
        Ok(Some(Done { subject: found.subject_id, change: found.change_seq, plan: None }))
    }

    /// Takes the key. Whoever took it at the same time finishes first, and is then recalled.
    async fn claim(&self, writer: &Writer) -> Result<(), Error> {
        let old = idempotency::Column::At.lte(Instant(self.at.0 - REMEMBERED));
        idempotency::Entity::delete_many().filter(old).exec(writer.db()).await?;
        let row = idempotency::ActiveModel {
            id: Set(self.id),
            input_hash: Set(self.input_hash.clone()),
            subject_id: Set(Uuid::nil()),
            change_seq: Set(None),
            at: Set(self.at),
        };
        let taken = OnConflict::column(idempotency::Column::Id).do_nothing().to_owned();
        let inserted = idempotency::Entity::insert(row).on_conflict(taken).exec_without_returning(writer.db()).await?;
        if inserted == 0 { Err(Error::Busy) } else { Ok(()) }
    }

    pub(super) fn outcome(&self, subject: Uuid, change: Option<i64>) -> idempotency::ActiveModel {
        idempotency::ActiveModel {
            id: Set(self.id),
            subject_id: Set(subject),
            change_seq: Set(change),
            ..Default::default()
        }
    }
}
