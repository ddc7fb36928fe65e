//! Memberships on seats that go with a position: they follow from who holds it.

use entity::Dated;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::domain::write::{Entry, Writer, derived};
use crate::error::Error;

/// Makes the memberships on the seats that go with a position follow its tenures, as part of the verb that the entry is of: each
/// holder sits for as long as both the tenure and the seat last, and takes over from the holder before.
pub async fn follow(writer: &Writer, entry: &mut Entry, position: &entity::position::Model) -> Result<(), Error> {
    let seats =
        entity::seat::Entity::find().filter(entity::seat::Column::PositionId.eq(position.id)).all(writer.db()).await?;
    let tenures = entity::tenure::Entity::find()
        .filter(entity::tenure::Column::PositionId.eq(position.id))
        .order_by_asc(entity::tenure::Column::ValidFrom)
        .all(writer.db())
        .await?;
    let written = entity::membership::Entity::find()
        .filter(entity::membership::Column::TenureId.is_in(tenures.iter().map(|tenure| tenure.id)))
        // Of those that go, whoever took over goes before whom they took over from.
        .order_by_desc(entity::membership::Column::ValidFrom)
        .all(writer.db())
        .await?;
    let wanted = seats.iter().flat_map(|seat| held_through(seat, position, &tenures)).collect();
    writer.replace(entry, written, wanted).await
}

/// The memberships that follow from who holds a position, for a seat that goes with it.
pub(in crate::domain) fn held_through(
    seat: &entity::seat::Model,
    position: &entity::position::Model,
    tenures: &[entity::tenure::Model],
) -> Vec<entity::membership::Model> {
    let mut rows: Vec<entity::membership::Model> = Vec::new();
    for tenure in tenures {
        let Some(period) = tenure.period().intersection(seat.period()) else { continue };
        let (valid_from, valid_until, valid_precision) = period.columns();
        rows.push(entity::membership::Model {
            id: derived(tenure.id, &seat.id.to_string()),
            seat_id: seat.id,
            person_id: tenure.person_id,
            on_behalf_of_id: Some(seat.organisation_id.unwrap_or(position.organisation_id)),
            decision_body: None,
            decision_date: None,
            decision_reference: None,
            end_reason: tenure.end_reason.clone(),
            replaces_id: rows.last().map(|before| before.id),
            tenure_id: Some(tenure.id),
            valid_from,
            valid_until,
            valid_precision,
            version: 0,
        });
    }
    rows
}
