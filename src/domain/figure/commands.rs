//! What is asked of figures: record, change, remove. Whoever may change what a figure is about states it.

use async_graphql::{InputObject, MaybeUndefined};
use entity::values::{Date, Exactness, GlobalId, Measure, SubjectKind};
use entity::{Dated, figure};
use uuid::Uuid;

use super::by_ids;
use crate::domain::input;
use crate::domain::source::{self, QuotedInput};
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::error::Error;
use crate::policy::{self, Action, Permit};

/// A number that a source states.
#[derive(Clone, Debug, InputObject)]
pub struct RecordFigureInput {
    /// What it is about: a group, an organisation, a project, an event, an activity or a result.
    pub of: GlobalId,
    /// What it counts.
    pub measure: Measure,
    /// The number; of a range, where it begins.
    pub value: i32,
    /// Where the range ends.
    pub value_to: Option<i32>,
    /// What the number is of, where the measure does not say it.
    pub unit: Option<String>,
    /// How exactly the source states it.
    #[graphql(default_with = "Exactness::Exact")]
    pub exactness: Exactness,
    /// The first day that it is about.
    pub from: Date,
    /// The day after the last that it is about.
    pub until: Date,
    /// What a reader must know about it.
    pub note: Option<String>,
    /// Where this is taken from.
    #[graphql(default)]
    pub sources: Vec<QuotedInput>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// What is to be different about a figure; what is left out stays.
#[derive(Clone, Debug, InputObject)]
pub struct ChangeFigureInput {
    /// Which.
    pub figure: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The number; of a range, where it begins.
    pub value: Option<i32>,
    /// Where the range ends; null for no range.
    pub value_to: MaybeUndefined<i32>,
    /// What the number is of; null where the measure says it.
    pub unit: MaybeUndefined<String>,
    /// How exactly the source states it.
    pub exactness: Option<Exactness>,
    /// The first day that it is about.
    pub from: Option<Date>,
    /// The day after the last that it is about.
    pub until: Option<Date>,
    /// What a reader must know about it; null for nothing.
    pub note: MaybeUndefined<String>,
    /// Where this is taken from: all of it.
    pub sources: Option<Vec<QuotedInput>>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which figure is not to be stated. The trail holds what it was.
#[derive(Clone, Debug, InputObject)]
pub struct RemoveFigureInput {
    /// Which.
    pub figure: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for RecordFigureInput {
    how!(RecordFigure);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let kind = self.of.kind.ok_or_else(|| Error::NotFound.at("of"))?;
        let permit = policy::permit_on(&view.app, &view.actor, Action::RecordFigure, (kind, self.of.id)).await;
        permit.map_err(|error| error.at("of"))
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (id, mut entry) = writer.entry_of_new(SubjectKind::Figure);
        let period = input::period(self.from, Some(self.until)).map_err(|error| error.at("until"))?;
        let (valid_from, valid_until, valid_precision) = period.columns();
        let row = figure::Model {
            id,
            subject_kind: self.of.kind.ok_or(Error::NotFound)?,
            subject_id: self.of.id,
            measure: self.measure,
            value: i64::from(input::amount(Some(self.value), "value")?.unwrap_or_default()),
            value_to: self.value_to.map(i64::from),
            unit: input::name_if_given(self.unit.as_ref(), "unit")?,
            exactness: self.exactness,
            note: input::text_if_given(self.note.as_ref(), "note")?,
            valid_from,
            valid_until,
            valid_precision,
            version: 0,
        };
        writer.put(&mut entry, row).await?;
        source::put(writer, &mut entry, (SubjectKind::Figure, id), source::quoted(&self.sources)?).await?;
        writer.finish::<figure::Model>(entry).await?;
        Ok(id)
    }
}

impl Command for ChangeFigureInput {
    how!(ChangeFigure);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::ChangeFigure, self.figure).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.figure.of(SubjectKind::Figure);
        let mut row: figure::Model = writer.expect(SubjectKind::Figure, id, self.expected_version).await?;
        row.value = input::amount(self.value, "value")?.map_or(row.value, i64::from);
        row.value_to = input::changed(&self.value_to.map_value(i64::from), row.value_to);
        row.unit = input::changed_name(&self.unit, row.unit, "unit")?;
        row.exactness = self.exactness.unwrap_or(row.exactness);
        row.note = input::changed_text(&self.note, row.note, "note")?;
        let until = self.until.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value);
        let period = input::moved(row.period(), self.from, &until).map_err(|error| error.at("until"))?;
        row.set_period(period);
        let mut entry = writer.entry(SubjectKind::Figure, id);
        writer.put(&mut entry, row).await?;
        if let Some(quoted) = &self.sources {
            source::put(writer, &mut entry, (SubjectKind::Figure, id), source::quoted(quoted)?).await?;
        }
        writer.finish::<figure::Model>(entry).await?;
        Ok(id)
    }
}

impl Command for RemoveFigureInput {
    how!(RemoveFigure);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::RemoveFigure, self.figure).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.figure.of(SubjectKind::Figure);
        let row: figure::Model = writer.expect(SubjectKind::Figure, id, self.expected_version).await?;
        let mut entry = writer.entry(SubjectKind::Figure, id);
        writer.remove(&mut entry, row).await?;
        writer.record(entry);
        Ok(id)
    }
}

/// The permit for what the figure is about.
async fn permit(view: &View, action: Action, figure: GlobalId) -> Result<Permit, Error> {
    let found = by_ids(view.clone(), vec![figure.of(SubjectKind::Figure)]).await?.pop();
    let about = found.map(|row| (row.subject_kind, row.subject_id)).ok_or_else(|| Error::NotFound.at("figure"))?;
    policy::permit_on(&view.app, &view.actor, action, about).await.map_err(|error| error.at("figure"))
}
