//! What is asked of tenures: start, change, end. In the same step the seats that go with the position change hands.

use async_graphql::{InputObject, MaybeUndefined};
use chrono::NaiveDate;
use entity::values::{Date, GlobalId, Period, SubjectKind};
use entity::{Dated, position, tenure};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{TenureInput, write};
use crate::domain::input::{self, seen};
use crate::domain::view::View;
use crate::domain::write::{Command, Entry, Writer, how};
use crate::domain::{membership, narrow};
use crate::error::Error;
use crate::policy::{self, Action, Permit};

/// Who is to hold a position.
#[derive(Clone, Debug, InputObject)]
pub struct StartTenureInput {
    /// Which position.
    pub position: GlobalId,
    /// Who.
    pub person: GlobalId,
    /// The first day; today when left out.
    pub from: Option<Date>,
    /// The day after the last; as long as the position when left out.
    pub until: Option<Date>,
    /// Whether to end the tenure of whoever holds the position on the day on which this one begins.
    #[graphql(default)]
    pub takes_over: bool,
    /// Why that tenure ends.
    pub end_reason: Option<String>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// What is to be different about a tenure; what is left out stays.
#[derive(Clone, Debug, InputObject)]
pub struct ChangeTenureInput {
    /// Which.
    pub tenure: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The first day.
    pub from: Option<Date>,
    /// The day after the last; null for as long as the position.
    pub until: MaybeUndefined<Date>,
    /// Why it ended; null for no reason.
    pub end_reason: MaybeUndefined<String>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which tenure is to end, and when.
#[derive(Clone, Debug, InputObject)]
pub struct EndTenureInput {
    /// Which.
    pub tenure: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The day after the last; today when left out.
    pub until: Option<Date>,
    /// Why it ends.
    pub end_reason: Option<String>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for StartTenureInput {
    how!(StartTenure);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let subject = (SubjectKind::Position, self.position.of(SubjectKind::Position));
        let permit = policy::permit_on(&view.app, &view.actor, Action::StartTenure, subject).await;
        let permit = permit.map_err(|error| error.at("position"))?;
        seen(view, self.person, SubjectKind::Person, "person").await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let position = self.position.of(SubjectKind::Position);
        writer.lock::<position::Model>(position).await?.ok_or(Error::NotFound)?;
        let (id, mut entry) = writer.entry_of_new(SubjectKind::Tenure);
        let from = self.from.unwrap_or(Date(writer.app().today()));
        let input = TenureInput {
            position,
            person: self.person.of(SubjectKind::Person),
            period: input::period(from, self.until)?,
            end_reason: None,
            sources: Vec::new(),
        };
        if self.takes_over {
            self.end_the_one_before(writer, &mut entry, from.0).await?;
        }
        write(writer, &mut entry, id, input).await?;
        writer.finish::<tenure::Model>(entry).await?;
        Ok(id)
    }
}

impl StartTenureInput {
    /// Whoever began on that very day, or later, is in the way: of their tenure nothing would be left.
    async fn end_the_one_before(&self, writer: &Writer, entry: &mut Entry, on: NaiveDate) -> Result<(), Error> {
        let held = tenure::Entity::find()
            .filter(tenure::Column::PositionId.eq(self.position.of(SubjectKind::Position)))
            .filter(tenure::Column::ValidFrom.lt(on))
            .filter(tenure::Column::ValidUntil.gt(on));
        let Some(mut held) = held.one(writer.db()).await? else { return Ok(()) };
        if let Some(why) = &self.end_reason {
            held.end_reason = Some(input::text(why, "endReason")?);
        }
        let left = input::moved(held.period(), None, &MaybeUndefined::Value(Date(on)))?;
        narrow::tenure(writer, entry, held, left).await
    }
}

impl Command for ChangeTenureInput {
    how!(ChangeTenure);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::ChangeTenure, self.tenure).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (mut row, position) = held(writer, self.tenure, self.expected_version).await?;
        row.end_reason = input::changed_text(&self.end_reason, row.end_reason.take(), "endReason")?;
        let period = input::moved(row.period(), self.from, &self.until)?.within(position.period());
        settle(writer, row, &position, period).await
    }
}

impl Command for EndTenureInput {
    how!(EndTenure);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::EndTenure, self.tenure).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (mut row, position) = held(writer, self.tenure, self.expected_version).await?;
        let period = input::ended(row.period(), self.until, writer.app().today())?;
        if let Some(why) = &self.end_reason {
            row.end_reason = Some(input::text(why, "endReason")?);
        }
        settle(writer, row, &position, period).await
    }
}

async fn permit(view: &View, action: Action, tenure: GlobalId) -> Result<Permit, Error> {
    let subject = (SubjectKind::Tenure, tenure.of(SubjectKind::Tenure));
    policy::permit_on(&view.app, &view.actor, action, subject).await.map_err(|error| error.at("tenure"))
}

/// The tenure as the asker has seen it, and its position; both locked, the position first.
async fn held(writer: &Writer, id: GlobalId, version: i32) -> Result<(tenure::Model, position::Model), Error> {
    let id = id.of(SubjectKind::Tenure);
    let found: tenure::Model = writer.find(id).await?.ok_or(Error::NotFound)?;
    let position = writer.lock(found.position_id).await?.ok_or(Error::NotFound)?;
    Ok((writer.expect(SubjectKind::Tenure, id, version).await?, position))
}

/// Gives a tenure another period, and with it the seats that go with the position.
async fn settle(
    writer: &mut Writer,
    row: tenure::Model,
    position: &position::Model,
    period: Period,
) -> Result<Uuid, Error> {
    let id = row.id;
    let mut entry = writer.entry(SubjectKind::Tenure, id);
    narrow::tenure(writer, &mut entry, row, period).await?;
    membership::follow(writer, &mut entry, position).await?;
    writer.finish::<tenure::Model>(entry).await?;
    Ok(id)
}
