//! Positions as the schema shows them.

use async_graphql::{Context, Description, Object};
use entity::values::{GlobalId, SubjectKind};

use super::change::Change;
use super::connection::connections;
use super::contact_point::ContactPoint;
use super::organisation::Organisation;
use super::period::Period;
use super::row::Row;
use super::seat::Seat;
use super::source::Source;
use super::tenure::Tenure;
use crate::domain::position;
use crate::error::Error;

/// Befattning: a post in an organisation, such as socialchef, which exists also when nobody holds it.
#[derive(Description)]
pub struct Position(pub Row<position::Row>);

impl From<Row<position::Row>> for Position {
    fn from(row: Row<position::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Position {
    /// The position's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Position)
    }

    /// The title that goes with the position.
    async fn title(&self) -> &str {
        &self.0.position.title
    }

    /// Counts the changes of the position, from 1.
    async fn version(&self) -> i32 {
        self.0.position.version
    }

    /// How long the position exists.
    async fn period(&self) -> Period {
        Period::new(self.0.position.period, self.0.view().on())
    }

    /// The organisation that has the position.
    async fn organisation(&self) -> Result<Option<Organisation>, Error> {
        Ok(self.0.part("organisation", |row| row.organisation.as_ref())?.map(Organisation))
    }

    /// Who holds the position on the day.
    async fn holder(&self, ctx: &Context<'_>) -> Result<Option<Tenure>, Error> {
        let held = self.0.many(ctx, crate::domain::tenure::holding).await?;
        Ok(held.into_iter().next().map(Tenure))
    }

    /// The lists that belong to it.
    #[graphql(flatten)]
    async fn lists(&self) -> PositionLists {
        PositionLists(self.0.clone())
    }

    /// How to reach whoever holds the position: what holds on the day and the asker may see.
    async fn contact_points(&self, ctx: &Context<'_>) -> Result<Vec<ContactPoint>, Error> {
        super::contact_point::of(ctx, &self.0).await
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }
}

connections! {
    PositionLists of position::Row {
        /// Who holds and has held the position, the latest first.
        tenures() -> Tenure by crate::domain::tenure::of_positions;
        /// The seats that go with the position on the day.
        seats() -> Seat by crate::domain::seat::of_positions;
        /// What has been changed of it, the latest first, for who may change it, auditors and administrators; empty for others.
        history() -> Change by crate::domain::change::of_positions;
    }
}
