//! What comes with a period that becomes narrower: whatever lies in it ends, or begins, with it. Each step goes from the inside out, so that at
//! no moment something lies outside what it belongs to. What would have no day left is not taken away: it is a conflict.

use chrono::NaiveDate;
use entity::values::{Period, SubjectKind};
use entity::{Dated, agreement, agreement_party, contact_point, membership, position, seat, substitution, tenure};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::write::{Entry, Writer};
use crate::error::{Error, Rule, Subject};

/// Whether somebody who is to have `others` must wait until `was` has become `will_be`.
pub fn stands_in_the_way(was: Period, will_be: Period, others: &[Period]) -> bool {
    others.iter().any(|other| other.intersection(was).is_some() && other.intersection(will_be).is_none())
}

/// The rows of a table that do not lie inside a period.
macro_rules! outside {
    ($table:ident, $owner:ident = $id:expr, $within:expr) => {{
        let (from, until, _) = $within.columns();
        let starts_or_ends_outside =
            Condition::any().add($table::Column::ValidFrom.lt(from)).add($table::Column::ValidUntil.gt(until));
        // In order, so that which of several is in the way is always the same.
        let rows = $table::Entity::find().order_by_asc($table::Column::Id);
        rows.filter($table::Column::$owner.eq($id)).filter(starts_or_ends_outside)
    }};
}

/// What belongs to an organisation: its seats, those who sit for it elsewhere, its positions, and what it is party to.
pub async fn organisation(writer: &Writer, entry: &mut Entry, id: Uuid, within: Period) -> Result<(), Error> {
    if entry.makes(id) {
        return Ok(());
    }
    for row in outside!(seat, OrganisationId = id, within).all(writer.db()).await? {
        let period = row
            .period()
            .intersection(within)
            .ok_or_else(|| Error::conflict_on(Rule::SeatOutsideOrganisation, SubjectKind::Seat, row.id))?;
        seat(writer, entry, row, period).await?;
    }
    for row in outside!(membership, OnBehalfOfId = id, within).all(writer.db()).await? {
        let period = row
            .period()
            .intersection(within)
            .ok_or_else(|| Error::conflict_on(Rule::MembershipOutsideOrganisation, SubjectKind::Membership, row.id))?;
        membership(writer, entry, row, period).await?;
    }
    for mut row in outside!(position, OrganisationId = id, within).all(writer.db()).await? {
        let period = row
            .period()
            .intersection(within)
            .ok_or_else(|| Error::conflict_on(Rule::PositionOutsideOrganisation, SubjectKind::Position, row.id))?;
        tenures(writer, entry, row.id, period).await?;
        row.set_period(period);
        writer.put(entry, row).await?;
    }
    for mut row in outside!(agreement_party, OrganisationId = id, within).all(writer.db()).await? {
        let outlasts = Rule::AgreementPartyOutsideOrganisation;
        let period = row.period().intersection(within);
        row.set_period(period.ok_or_else(|| Error::conflict_on(outlasts, SubjectKind::Agreement, row.agreement_id))?);
        let agreement = row.agreement_id;
        writer.put(entry, row).await?;
        writer.touch::<agreement::Model>(entry, agreement).await?;
    }
    Ok(())
}

/// The contact points of something that ends on its own account; documents give them periods of their own.
pub async fn contact_points(
    writer: &Writer,
    entry: &mut Entry,
    (kind, id): Subject,
    until: NaiveDate,
) -> Result<(), Error> {
    let of_it = contact_point::Column::SubjectId.eq(id);
    let longer = contact_point::Entity::find().filter(of_it).filter(contact_point::Column::ValidUntil.gt(until));
    for mut row in longer.all(writer.db()).await? {
        let later = |_| Error::conflict_on(Rule::ContactPointOutsideSubject, kind, id);
        row.set_period(row.period().ending(Some(until)).map_err(later)?);
        writer.put(entry, row).await?;
    }
    Ok(())
}

/// The seats of a group.
pub async fn seats(writer: &Writer, entry: &mut Entry, group: Uuid, within: Period) -> Result<(), Error> {
    if entry.makes(group) {
        return Ok(());
    }
    for row in outside!(seat, GroupId = group, within).all(writer.db()).await? {
        let period = row
            .period()
            .intersection(within)
            .ok_or_else(|| Error::conflict_on(Rule::SeatOutsideGroup, SubjectKind::Seat, row.id))?;
        seat(writer, entry, row, period).await?;
    }
    Ok(())
}

/// A seat, and who sits on it.
pub async fn seat(writer: &Writer, entry: &mut Entry, mut row: seat::Model, period: Period) -> Result<(), Error> {
    memberships(writer, entry, row.id, period).await?;
    row.set_period(period);
    writer.put(entry, row).await
}

/// The memberships on a seat.
pub async fn memberships(writer: &Writer, entry: &mut Entry, seat: Uuid, within: Period) -> Result<(), Error> {
    if entry.makes(seat) {
        return Ok(());
    }
    for row in outside!(membership, SeatId = seat, within).all(writer.db()).await? {
        match row.period().intersection(within) {
            Some(period) => membership(writer, entry, row, period).await?,
            // It only follows a tenure, and there is nothing left of it here.
            None if row.tenure_id.is_some() => writer.remove(entry, row).await?,
            None => return Err(Error::conflict_on(Rule::MembershipOutsideSeat, SubjectKind::Membership, row.id)),
        }
    }
    Ok(())
}

/// A membership, and who stands in for it.
pub async fn membership(
    writer: &Writer,
    entry: &mut Entry,
    mut row: membership::Model,
    period: Period,
) -> Result<(), Error> {
    substitutions(writer, entry, row.id, period).await?;
    row.set_period(period);
    writer.put(entry, row).await
}

/// The substitutions for a membership.
pub async fn substitutions(writer: &Writer, entry: &mut Entry, membership: Uuid, within: Period) -> Result<(), Error> {
    if entry.makes(membership) {
        return Ok(());
    }
    for mut row in outside!(substitution, MembershipId = membership, within).all(writer.db()).await? {
        let outside = || Error::conflict_on(Rule::SubstitutionOutsideMembership, SubjectKind::Substitution, row.id);
        row.set_period(row.period().intersection(within).ok_or_else(outside)?);
        writer.put(entry, row).await?;
    }
    Ok(())
}

/// The tenures of a position.
pub async fn tenures(writer: &Writer, entry: &mut Entry, position: Uuid, within: Period) -> Result<(), Error> {
    if entry.makes(position) {
        return Ok(());
    }
    for row in outside!(tenure, PositionId = position, within).all(writer.db()).await? {
        let outside = || Error::conflict_on(Rule::TenureOutsidePosition, SubjectKind::Tenure, row.id);
        let period = row.period().intersection(within).ok_or_else(outside)?;
        tenure(writer, entry, row, period).await?;
    }
    Ok(())
}

/// A tenure, and the memberships that follow it.
pub async fn tenure(writer: &Writer, entry: &mut Entry, mut row: tenure::Model, period: Period) -> Result<(), Error> {
    for mut following in outside!(membership, TenureId = row.id, period).all(writer.db()).await? {
        following.end_reason.clone_from(&row.end_reason);
        match following.period().intersection(period) {
            Some(period) => membership(writer, entry, following, period).await?,
            // The seat was there only in days that the tenure loses.
            None => writer.remove(entry, following).await?,
        }
    }
    row.set_period(period);
    writer.put(entry, row).await
}
