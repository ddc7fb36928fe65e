//! What closing and merging organisations takes in: their units, and everything that nobody else may change meanwhile.

use chrono::NaiveDate;
use entity::{group, organisation, position, seat};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::domain::write::Writer;
use crate::error::Error;

/// The units inside an organisation, however deep, that are there after a day; those inside come after those around them.
pub async fn units(writer: &Writer, root: Uuid, on: NaiveDate) -> Result<Vec<organisation::Model>, Error> {
    let mut found: Vec<organisation::Model> = Vec::new();
    let mut around = vec![root];
    while !around.is_empty() {
        let inside = organisation::Entity::find()
            .filter(organisation::Column::ParentId.is_in(around))
            .order_by_asc(organisation::Column::Id)
            .all(writer.db())
            .await?;
        around = inside.iter().map(|unit| unit.id).collect();
        found.extend(inside);
    }
    // A unit that has ended may have one in it that has not.
    found.retain(|unit| unit.valid_until > on);
    Ok(found)
}

/// Locks what organisations have to do with: groups, then positions, then seats, then the organisations, each in the order of ids. Whoever
/// seats somebody locks in the same order.
pub async fn lock(writer: &Writer, organisations: &[Uuid]) -> Result<(), Error> {
    let ours = || organisations.iter().copied();
    let of_ours =
        Condition::any().add(seat::Column::OrganisationId.is_in(ours())).add(seat::Column::AppointerId.is_in(ours()));
    let seats = seat::Entity::find().filter(of_ours.clone()).all(writer.db()).await?;
    let their_groups = Condition::any()
        .add(group::Column::Id.is_in(seats.iter().map(|seat| seat.group_id)))
        .add(group::Column::ConvenerId.is_in(ours()));
    let groups = group::Entity::find().filter(their_groups).order_by_asc(group::Column::Id);
    groups.lock(LockType::NoKeyUpdate).all(writer.db()).await?;
    let positions = position::Entity::find().filter(position::Column::OrganisationId.is_in(ours()));
    let positions = positions.order_by_asc(position::Column::Id).lock(LockType::NoKeyUpdate).all(writer.db()).await?;
    let filled = seat::Column::PositionId.is_in(positions.iter().map(|position| position.id));
    let seats = seat::Entity::find().filter(of_ours.add(filled)).order_by_asc(seat::Column::Id);
    seats.lock(LockType::NoKeyUpdate).all(writer.db()).await?;
    lock_in_order(writer, &ours().map(Some).collect::<Vec<_>>()).await
}

/// Locks organisations in the order of their ids.
pub async fn lock_in_order(writer: &Writer, organisations: &[Option<Uuid>]) -> Result<(), Error> {
    let wanted = organisation::Column::Id.is_in(organisations.iter().flatten().copied());
    let found = organisation::Entity::find().filter(wanted).order_by_asc(organisation::Column::Id);
    found.lock(LockType::NoKeyUpdate).all(writer.db()).await?;
    Ok(())
}
