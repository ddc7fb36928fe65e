//! What organisations leave: everything of theirs that lasts longer than they do.

use chrono::NaiveDate;
use entity::{membership, position, seat, substitution, tenure};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::domain::write::Writer;
use crate::error::Error;

/// Everything that goes on under another organisation, each as it was, in order of time.
pub struct Estate {
    pub positions: Vec<position::Model>,
    pub tenures: Vec<tenure::Model>,
    /// Their own, and those that go with their positions.
    pub seats: Vec<seat::Model>,
    /// On these seats, and on their behalf elsewhere.
    pub memberships: Vec<membership::Model>,
    pub substitutions: Vec<substitution::Model>,
}

/// The rows of a table that fit and last longer than a day, in order of time.
macro_rules! lasting {
    ($writer:ident, $table:ident, $on:ident, $condition:expr) => {
        $table::Entity::find()
            .filter($condition)
            .filter($table::Column::ValidUntil.gt($on))
            .order_by_asc($table::Column::ValidFrom)
            .order_by_asc($table::Column::Id)
            .all($writer.db())
            .await?
    };
}
pub(super) use lasting;

impl Estate {
    pub async fn of(writer: &Writer, merged: &[Uuid], on: NaiveDate) -> Result<Self, Error> {
        let theirs = || merged.iter().copied();
        let positions = lasting!(writer, position, on, position::Column::OrganisationId.is_in(theirs()));
        let posts = || positions.iter().map(|position| position.id);
        let tenures = lasting!(writer, tenure, on, tenure::Column::PositionId.is_in(posts()));
        let of_theirs = Condition::any()
            .add(seat::Column::OrganisationId.is_in(theirs()))
            .add(seat::Column::PositionId.is_in(posts()));
        let seats = lasting!(writer, seat, on, of_theirs);
        let of_theirs = Condition::any()
            .add(membership::Column::OnBehalfOfId.is_in(theirs()))
            .add(membership::Column::SeatId.is_in(seats.iter().map(|seat| seat.id)));
        let memberships = lasting!(writer, membership, on, of_theirs);
        let for_these = substitution::Column::MembershipId.is_in(memberships.iter().map(|membership| membership.id));
        let substitutions = lasting!(writer, substitution, on, for_these);
        Ok(Self { positions, tenures, seats, memberships, substitutions })
    }
}
