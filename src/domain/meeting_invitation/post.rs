//! What is due is sent: at least once, and again later when the mail server does not take it.

use entity::meeting_invitation::{Column, Entity, Model};
use entity::values::{Instant, InvitationStanding};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany,
};

use super::wanted;
use crate::app::App;
use crate::error::Error;
use crate::interchange::calendar::Parties;
use crate::interchange::invitation::{News, subject, text};
use crate::mail::{Letter, Mail, Undelivered};

/// Messages that one instance takes up together.
const AT_ONCE: u64 = 20;
/// In microseconds: how long others leave alone what one has taken up. It is longer than all of that takes to send, or to fail.
const TAKEN: i64 = 15 * MINUTE;
/// The first wait after a failure; each is twice as long as the one before.
const MINUTE: i64 = 60_000_000;
const LONGEST: i64 = 4 * 60 * MINUTE;
/// So often a message is tried: for two days.
const TRIES: i32 = 20;
/// What is kept of what a mail server says.
const KEPT: usize = 500;

/// Sends what is due, unless told to stop.
pub async fn send(app: &App, mail: &Mail, stopped: &(dyn Fn() -> bool + Send + Sync)) -> Result<(), Error> {
    loop {
        let taken = take(app).await?;
        let mut left = taken.as_slice();
        while let [row, later @ ..] = left {
            if stopped() {
                return leave(app, left, 0).await;
            }
            left = later;
            if !deliver(app, mail, row).await? {
                return leave(app, left, MINUTE).await;
            }
        }
        if taken.is_empty() {
            return Ok(());
        }
    }
}

/// Leaves what was taken up and not tried to whoever comes after some time, in microseconds.
async fn leave(app: &App, rows: &[Model], wait: i64) -> Result<(), Error> {
    let transaction = app.db.begin().await?;
    let left = Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(app.now().0 + wait))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1));
    for row in rows {
        this(left.clone(), row).exec(&transaction).await?;
    }
    Ok(transaction.commit().await?)
}

fn due(now: Instant) -> Condition {
    Condition::all().add(Column::DueAt.lte(now)).add(Column::EndsAt.gt(now))
}

/// Takes up what is due. If this instance stops here, it is due again later.
async fn take(app: &App) -> Result<Vec<Model>, Error> {
    let now = app.now();
    // Nobody waits for a transaction in which there is nothing to do.
    if Entity::find().filter(due(now)).one(app.db.reader().await).await?.is_none() {
        return Ok(Vec::new());
    }
    let transaction = app.db.begin().await?;
    let rows = Entity::find().filter(due(now)).order_by_asc(Column::DueAt).order_by_asc(Column::Id).limit(AT_ONCE);
    let rows = rows.lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked).all(&transaction).await?;
    Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(now.0 + TAKEN))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(rows)
}

/// Sends one message. Whether the mail server is there to take another.
async fn deliver(app: &App, mail: &Mail, row: &Model) -> Result<bool, Error> {
    let sent = mail.send(&letter(app, mail, row)?).await;
    let transaction = app.db.begin().await?;
    match &sent {
        Ok(()) => told(app, &transaction, row).await?,
        Err(failure) => failed(app, &transaction, row, failure).await?,
    }
    transaction.commit().await?;
    Ok(sent.map_or_else(|failure| failure.answered, |()| true))
}

fn letter(app: &App, mail: &Mail, row: &Model) -> Result<Letter, Error> {
    let event = wanted::event(row)?;
    let news = match (row.standing, row.told) {
        (InvitationStanding::Invited, Some(InvitationStanding::Invited)) => News::Changed,
        (InvitationStanding::Invited, _) => News::Invited,
        (InvitationStanding::Cancelled, _) => News::Cancelled,
        (InvitationStanding::Withdrawn, _) => News::Withdrawn,
    };
    let parties = Parties { organizer: mail.name(), from: mail.address(), to: &row.address };
    Ok(Letter {
        id: format!("{}.{}", row.id, row.revision),
        to: row.address.clone(),
        at: app.now(),
        subject: subject(news, &event),
        text: text(news, &event),
        method: event.method(),
        calendar: event.message(parties),
    })
}

/// They know it now. If something has changed while it was sent, that is still due.
async fn told(app: &App, transaction: &DatabaseTransaction, row: &Model) -> Result<(), Error> {
    let known = Entity::update_many()
        .col_expr(Column::Told, Expr::value(row.standing))
        .col_expr(Column::ToldAt, Expr::value(app.now().0))
        .filter(Column::Id.eq(row.id));
    known.exec(transaction).await?;
    let done = Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(None::<i64>))
        .col_expr(Column::Failure, Expr::value(None::<String>));
    this(done, row).exec(transaction).await?;
    Ok(())
}

async fn failed(app: &App, transaction: &DatabaseTransaction, row: &Model, failure: &Undelivered) -> Result<(), Error> {
    let tried = row.attempts + 1;
    let given_up = failure.for_good || tried >= TRIES;
    let wait = (MINUTE << row.attempts.clamp(0, 8)).clamp(MINUTE, LONGEST);
    let due_at = (!given_up).then(|| app.now().0 + wait);
    tracing::warn!(invitation = %row.id, tried, given_up, "the mail server did not take an invitation");
    let reason: String = failure.reason.chars().take(KEPT).collect();
    let noted = Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(due_at))
        .col_expr(Column::Failure, Expr::value(reason));
    this(noted, row).exec(transaction).await?;
    Ok(())
}

/// The row, unless something has changed since it was taken up.
fn this(update: UpdateMany<Entity>, row: &Model) -> UpdateMany<Entity> {
    update.filter(Column::Id.eq(row.id)).filter(Column::Revision.eq(row.revision))
}
