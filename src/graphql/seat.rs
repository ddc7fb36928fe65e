//! Seats as the schema shows them.

use async_graphql::{Context, Description, Object};
use entity::values::{Date, GlobalId, SeatFill, SeatRole, SeatState, SubjectKind};

use super::change::Change;
use super::connection::connections;
use super::contact_point::ContactPoint;
use super::group::Group;
use super::membership::Membership;
use super::organisation::Organisation;
use super::period::Period;
use super::position::Position;
use super::row::Row;
use super::source::Source;
use crate::domain::membership::MemberFilter;
use crate::domain::seat;
use crate::error::Error;

/// Plats: a place in a group.
#[derive(Description)]
pub struct Seat(pub Row<seat::Row>);

impl From<Row<seat::Row>> for Seat {
    fn from(row: Row<seat::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Seat {
    /// The seat's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Seat)
    }

    /// What the seat is for.
    async fn role(&self) -> SeatRole {
        self.0.role
    }

    /// How the seat is filled.
    async fn fill(&self) -> SeatFill {
        self.0.fill
    }

    /// How many may sit on it at once; unbounded when absent.
    async fn capacity(&self) -> Option<i32> {
        self.0.capacity
    }

    /// Whether those who sit on it may vote.
    async fn voting(&self) -> bool {
        self.0.voting
    }

    /// The class of members that a source names, such as "fackliga företrädare".
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// How long the seat exists.
    async fn period(&self) -> Period {
        Period::new(self.0.period, self.0.view().on())
    }

    /// Counts the changes of the seat, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Whether the seat is vacant on the day. Only people whom the asker may see count.
    async fn state(&self) -> Result<SeatState, Error> {
        Ok(self.0.state(&self.occupied().await?, self.0.view().on()))
    }

    /// Since when the seat has been vacant without a break; absent when it is filled, or when nobody knows since when.
    async fn vacant_since(&self) -> Result<Option<Date>, Error> {
        Ok(self.0.vacant_since(&self.occupied().await?, self.0.view().on()).map(Date))
    }

    /// The group that the seat is in.
    async fn group(&self) -> Result<Option<Group>, Error> {
        Ok(self.0.one("group", |row| Some(row.group_id), crate::domain::group::by_ids).await?.map(Group))
    }

    /// Whose seat it is.
    async fn organisation(&self) -> Result<Option<Organisation>, Error> {
        Ok(self
            .0
            .one("organisation", |row| row.organisation_id, crate::domain::organisation::by_ids)
            .await?
            .map(Organisation))
    }

    /// Who names the members on it.
    async fn appointer(&self) -> Result<Option<Organisation>, Error> {
        Ok(self
            .0
            .one("appointer", |row| row.appointer_id, crate::domain::organisation::by_ids)
            .await?
            .map(Organisation))
    }

    /// The position that goes with an ex-officio seat.
    async fn position(&self) -> Result<Option<Position>, Error> {
        Ok(self.0.one("position", |row| row.position_id, crate::domain::position::by_ids).await?.map(Position))
    }

    /// The lists that belong to it.
    #[graphql(flatten)]
    async fn lists(&self) -> SeatLists {
        SeatLists(self.0.clone())
    }

    /// How to reach whoever sits on the seat: what holds on the day and the asker may see.
    async fn contact_points(&self, ctx: &Context<'_>) -> Result<Vec<ContactPoint>, Error> {
        super::contact_point::of(ctx, &self.0).await
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }
}

connections! {
    SeatLists of seat::Row {
        /// Who sits on the seat; on the day, unless the filter says otherwise.
        members(filter: MemberFilter = "Which of them.") -> Membership by crate::domain::membership::of_seats;
        /// What has been changed of it, the latest first, for who may change it, auditors and administrators; empty for others.
        history() -> Change by crate::domain::change::of_seats;
    }
}

impl Seat {
    async fn occupied(&self) -> Result<Vec<entity::values::Period>, Error> {
        Ok(self.0.many("occupied", seat::occupied).await?.iter().map(|row| row.period).collect())
    }
}
