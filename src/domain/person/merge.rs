//! Two entries of one person become one. Everything of the one that goes becomes that of the one that stays; then nothing refers to the row
//! that goes, and the Change holds what it was. What both have is there once:
//!
//! - at a meeting that both attended they were once, as the one who stays did; which membership they stood in for is taken from either;
//! - a source, or a contact point, that says the same of both is kept once;
//! - on a seat nobody sits twice at once: where both did, the rule says on which seat, and nothing is merged.
//!
//! Whoever is protected, or hidden from some, stays so. The trail keeps saying who acted at the time.

use std::collections::BTreeSet;

use entity::values::{ContactPointKind, SubjectKind};
use entity::{
    Dated, attendance, contact_point, identity, invitation, membership, person, position, project, seat, source,
};
use entity::{substitution, tenure};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::domain::write::{Entry, Writer};
use crate::error::Error;

/// Takes both for this transaction alone, in the order of their ids: whoever is about to refer to one of them has done so before, or waits.
pub async fn claim(writer: &Writer, kept: Uuid, gone: Uuid) -> Result<(), Error> {
    for id in BTreeSet::from([kept, gone]) {
        person::Entity::find_by_id(id).lock_exclusive().one(writer.db()).await?;
    }
    Ok(())
}

/// The rows of a table that are of a person, in the order of their ids.
macro_rules! of {
    ($writer:ident, $table:ident, $person:expr) => {
        $table::Entity::find()
            .filter($table::Column::PersonId.eq($person))
            .order_by_asc($table::Column::Id)
            .all($writer.db())
            .await?
    };
}

/// Makes the rows of the tables that are of one person those of another.
macro_rules! hand_over {
    ($writer:ident, $entry:ident, $from:expr => $to:expr; $($table:ident)+) => {$(
        for mut row in of!($writer, $table, $from) {
            row.person_id = $to.into();
            $writer.put($entry, row).await?;
        }
    )+};
}

/// Merges the one into the other; both are claimed and as the asker has seen them.
pub async fn merge(writer: &mut Writer, kept: person::Model, gone: person::Model) -> Result<Uuid, Error> {
    let id = kept.id;
    let mut of_kept = writer.entry(SubjectKind::Person, id);
    let entry = &mut of_kept;
    lock_places(writer, gone.id).await?;
    // The memberships that follow a tenure are among them, so that they need not follow it once more.
    hand_over!(writer, entry, gone.id => id; tenure membership substitution identity invitation);
    attendance(writer, entry, id, gone.id).await?;
    contact_points(writer, entry, id, gone.id).await?;
    projects(writer, entry, id, gone.id).await?;
    sources(writer, entry, id, gone.id).await?;
    let audience = kept.audience.max(gone.audience);
    let protected = kept.protected || gone.protected;
    writer.put(entry, person::Model { audience, protected, ..kept }).await?;
    writer.remove(entry, gone).await?;
    writer.finish::<person::Model>(of_kept).await?;
    Ok(id)
}

/// Locks the positions and the seats that are concerned, each in the order of their ids, as all verbs do.
async fn lock_places(writer: &Writer, gone: Uuid) -> Result<(), Error> {
    let held: BTreeSet<Uuid> = of!(writer, tenure, gone).iter().map(|row| row.position_id).collect();
    for id in held {
        writer.lock::<position::Model>(id).await?;
    }
    let sat_on: BTreeSet<Uuid> = of!(writer, membership, gone).iter().map(|row| row.seat_id).collect();
    for id in sat_on {
        writer.lock::<seat::Model>(id).await?;
    }
    Ok(())
}

async fn attendance(writer: &Writer, entry: &mut Entry, kept: Uuid, gone: Uuid) -> Result<(), Error> {
    let attended = of!(writer, attendance, kept);
    for mut row in of!(writer, attendance, gone) {
        if let Some(same) = attended.iter().find(|other| other.meeting_id == row.meeting_id) {
            let membership_id = same.membership_id.or(row.membership_id);
            writer.remove(entry, row).await?;
            writer.put(entry, attendance::Model { membership_id, ..same.clone() }).await?;
            continue;
        }
        row.person_id = kept;
        writer.put(entry, row).await?;
    }
    Ok(())
}

async fn contact_points(writer: &Writer, entry: &mut Entry, kept: Uuid, gone: Uuid) -> Result<(), Error> {
    let of = |id: Uuid| contact_point::Entity::find().filter(contact_point::Column::SubjectId.eq(id));
    let has = of(kept).all(writer.db()).await?;
    let last = |kind: ContactPointKind| has.iter().filter(|row| row.kind == kind).map(|row| row.ordinal).max();
    for mut row in of(gone).order_by_asc(contact_point::Column::Id).all(writer.db()).await? {
        let says = |row: &contact_point::Model| {
            (row.kind, row.value.clone(), row.note.clone(), row.label.clone(), row.audience, row.period())
        };
        if has.iter().any(|other| says(other) == says(&row)) {
            writer.remove(entry, row).await?;
            continue;
        }
        row.subject_id = kept;
        row.ordinal += last(row.kind).unwrap_or_default();
        writer.put(entry, row).await?;
    }
    Ok(())
}

/// Whoever is called about a project is called by the name that stays.
async fn projects(writer: &Writer, entry: &mut Entry, kept: Uuid, gone: Uuid) -> Result<(), Error> {
    let theirs = project::Entity::find().filter(project::Column::ContactId.eq(gone));
    for mut row in theirs.order_by_asc(project::Column::Id).all(writer.db()).await? {
        row.contact_id = Some(kept);
        writer.put(entry, row).await?;
    }
    Ok(())
}

async fn sources(writer: &Writer, entry: &mut Entry, kept: Uuid, gone: Uuid) -> Result<(), Error> {
    let of = |id: Uuid| source::Entity::find().filter(source::Column::SubjectId.eq(id));
    let has = of(kept).all(writer.db()).await?;
    let last = has.iter().map(|row| row.ordinal).max().unwrap_or_default();
    for mut row in of(gone).order_by_asc(source::Column::Id).all(writer.db()).await? {
        let says = |row: &source::Model| (row.document_id, row.quote.clone(), row.note.clone(), row.unclear);
        if has.iter().any(|other| says(other) == says(&row)) {
            writer.remove(entry, row).await?;
            continue;
        }
        row.subject_id = kept;
        row.ordinal += last;
        writer.put(entry, row).await?;
    }
    Ok(())
}
