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

use sea_orm::DatabaseTransaction;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::app::App;
use crate::error::Error;
use crate::mail::Mail;
use crate::policy::Actor;

/// How long nothing may be due before it is looked again.
const PAUSE: Duration = Duration::from_secs(5);

pub use trail::begin;

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

/// Commits what was done, or nothing of it.
async fn end<T>(transaction: DatabaseTransaction, done: Result<T, Error>) -> Result<T, Error> {
    match done {
        Ok(done) => {
            transaction.commit().await?;
            Ok(done)
        }
        Err(error) => {
            // What went wrong says more than a failure to roll back.
            let _ = transaction.rollback().await;
            Err(error)
        }
    }
}
