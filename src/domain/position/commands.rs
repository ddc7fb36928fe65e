//! What is asked of positions: open, update, close.

use async_graphql::{InputObject, MaybeUndefined};
use entity::values::{Date, GlobalId, Period, SubjectKind, search_key, sort_key};
use entity::{Dated, organisation, position};
use uuid::Uuid;

use super::{PositionInput, write};
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::domain::{input, narrow};
use crate::error::Error;
use crate::policy::{self, Action, Permit};

/// Which position is to be, and where.
#[derive(Clone, Debug, InputObject)]
pub struct OpenPositionInput {
    /// In which organisation.
    pub organisation: GlobalId,
    /// The title that goes with it.
    pub title: String,
    /// The first day; today when left out, and null for as far back as the organisation.
    pub from: MaybeUndefined<Date>,
    /// The day after the last; as long as the organisation when left out.
    pub until: Option<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// What is to be different about a position; what is left out stays.
#[derive(Clone, Debug, InputObject)]
pub struct UpdatePositionInput {
    /// Which.
    pub position: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The title that goes with it.
    pub title: Option<String>,
    /// The first day; null for as far back as the organisation.
    pub from: MaybeUndefined<Date>,
    /// A later day after the last, when it was closed too early; null for no end.
    pub until: MaybeUndefined<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which position is to end, and when. Whoever holds it leaves it then; the seats that go with it stay, and are vacant.
#[derive(Clone, Debug, InputObject)]
pub struct ClosePositionInput {
    /// Which.
    pub position: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The day after the last; today when left out.
    pub until: Option<Date>,
    /// Whether to say only what would change, and change nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for OpenPositionInput {
    how!(OpenPosition);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let subject = (SubjectKind::Organisation, self.organisation.of(SubjectKind::Organisation));
        let permit = policy::permit_on(&view.app, &view.actor, Action::OpenPosition, subject).await;
        permit.map_err(|error| error.at("organisation"))
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let organisation = self.organisation.of(SubjectKind::Organisation);
        let place: organisation::Model = writer.find(organisation).await?.ok_or(Error::NotFound)?;
        let input = PositionInput {
            organisation,
            title: input::name(&self.title, "title")?,
            period: input::begun(&self.from, self.until, writer.app().today().max(place.valid_from))?,
            sources: Vec::new(),
        };
        let (id, mut entry) = writer.entry_of_new(SubjectKind::Position);
        write(writer, &mut entry, id, input).await?;
        writer.finish::<position::Model>(entry).await?;
        Ok(id)
    }
}

impl Command for UpdatePositionInput {
    how!(UpdatePosition);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::UpdatePosition, self.position).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.position.of(SubjectKind::Position);
        let mut row: position::Model = writer.expect(SubjectKind::Position, id, self.expected_version).await?;
        if let Some(title) = &self.title {
            row.title = input::name(title, "title")?;
            row.sort_key = sort_key(&[&row.title]);
            row.search_key = search_key(&row.title);
        }
        let place: organisation::Model = writer.find(row.organisation_id).await?.ok_or(Error::NotFound)?;
        let period = input::prolonged(row.period(), &self.from, &self.until)?.within(place.period());
        settle(writer, row, period).await
    }
}

impl Command for ClosePositionInput {
    how!(ClosePosition, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::ClosePosition, self.position).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.position.of(SubjectKind::Position);
        let row: position::Model = writer.expect(SubjectKind::Position, id, self.expected_version).await?;
        let period = input::ended(row.period(), self.until, writer.app().today())?;
        settle(writer, row, period).await
    }
}

async fn permit(view: &View, action: Action, position: GlobalId) -> Result<Permit, Error> {
    let subject = (SubjectKind::Position, position.of(SubjectKind::Position));
    policy::permit_on(&view.app, &view.actor, action, subject).await.map_err(|error| error.at("position"))
}

/// Gives a position another period, and with it whoever holds it and sits by it.
async fn settle(writer: &mut Writer, mut row: position::Model, period: Period) -> Result<Uuid, Error> {
    let id = row.id;
    let mut entry = writer.entry(SubjectKind::Position, id);
    narrow::tenures(writer, &mut entry, id, period).await?;
    row.set_period(period);
    writer.put(&mut entry, row).await?;
    writer.finish::<position::Model>(entry).await?;
    Ok(id)
}
