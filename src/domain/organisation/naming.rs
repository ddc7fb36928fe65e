//! Giving an organisation another name. Its names cover all time: where one ends the next begins, and so it stays.

use async_graphql::{InputObject, MaybeUndefined};
use chrono::NaiveDate;
use entity::values::{Date, FOREVER, GlobalId, PeriodState, START_OF_TIME, SubjectKind, sort_key};
use entity::{Dated, organisation, organisation_name};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::NameInput;
use super::commands::permit;
use crate::domain::filter;
use crate::domain::input;
use crate::domain::view::View;
use crate::domain::write::{Command, Entry, Writer, derived, how};
use crate::error::{Error, Rule};
use crate::policy::{Action, Permit};

/// What an organisation is to be called, and from when on.
#[derive(Clone, Debug, InputObject)]
pub struct RenameOrganisationInput {
    /// Which.
    pub organisation: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The new name.
    pub name: String,
    /// The short form of the name; null for none. When left out a new name has none, and a corrected one the same as before.
    pub short_name: MaybeUndefined<String>,
    /// The first day of the name, in the past, today or in the future; today when left out. The name of that day ends then; names that begin later stay.
    pub from: Option<Date>,
    /// Whether the name that holds on the day was written wrong: it is corrected for as long as it holds, and no new one begins. The same
    /// happens when the name began on just that day.
    #[graphql(default)]
    pub correction: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for RenameOrganisationInput {
    how!(RenameOrganisation);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::RenameOrganisation, self.organisation).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.organisation.of(SubjectKind::Organisation);
        let named: organisation::Model = writer.expect(SubjectKind::Organisation, id, self.expected_version).await?;
        let day = self.from.map_or(writer.app().today(), |from| from.0);
        if !self.correction && named.period().state(day) != PeriodState::Current {
            let outside = Error::conflict_on(Rule::NameOutsideOrganisation, SubjectKind::Organisation, id);
            return Err(outside.at("from"));
        }
        let held = on(writer, id, day).await?;
        let name = input::name(&self.name, "name")?;
        let mut entry = writer.entry(SubjectKind::Organisation, id);
        if self.correction || held.valid_from.max(named.valid_from) == day {
            let short_name = self.short_name(held.short_name.clone())?;
            writer.put(&mut entry, called(held, name, short_name)).await?;
        } else {
            let short_name = self.short_name(None)?;
            follow(writer, &mut entry, held, day, (name, short_name)).await?;
        }
        writer.finish::<organisation::Model>(entry).await?;
        Ok(id)
    }
}

impl RenameOrganisationInput {
    fn short_name(&self, was: Option<String>) -> Result<Option<String>, Error> {
        match &self.short_name {
            MaybeUndefined::Value(short) => input::name(short, "shortName").map(Some),
            other => Ok(input::changed(other, was)),
        }
    }
}

/// The name that an organisation has on a day.
async fn on(writer: &Writer, id: Uuid, day: NaiveDate) -> Result<organisation_name::Model, Error> {
    let held = organisation_name::Entity::find()
        .filter(organisation_name::Column::OrganisationId.eq(id))
        .filter(organisation_name::Column::ValidFrom.lte(day))
        .filter(organisation_name::Column::ValidUntil.gt(day));
    held.one(writer.db()).await?.ok_or_else(|| Error::Internal("an organisation without a name".to_owned()))
}

/// Ends a name on a day and opens the next, which lasts for as long as the old one would have.
async fn follow(
    writer: &Writer,
    entry: &mut Entry,
    mut held: organisation_name::Model,
    day: NaiveDate,
    (name, short_name): (String, Option<String>),
) -> Result<(), Error> {
    if (&held.name, &held.short_name) == (&name, &short_name) {
        return Ok(());
    }
    let empty = |_| Error::conflict(Rule::PeriodEmpty).at("from");
    let mut next = called(held.clone(), name, short_name);
    next.id = writer.app().new_id();
    next.set_period(held.period().beginning(day).map_err(empty)?);
    held.set_period(held.period().ending(Some(day)).map_err(empty)?);
    writer.put(entry, held).await?;
    writer.put(entry, next).await
}

fn called(row: organisation_name::Model, name: String, short_name: Option<String>) -> organisation_name::Model {
    organisation_name::Model {
        sort_key: sort_key(&[&name]),
        search_key: filter::name_key(&name, short_name.as_deref()),
        name,
        short_name,
        ..row
    }
}

/// The first name counts from the beginning of time and the last for ever, so that on every day there is exactly one.
pub(super) fn of_all_time(id: Uuid, names: &[NameInput]) -> Result<Vec<organisation_name::Model>, Error> {
    let mut rows: Vec<organisation_name::Model> = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let (from, until, precision) = name.period.columns();
        if rows.last().is_some_and(|before| before.valid_until != from) {
            return Err(Error::conflict(Rule::OrganisationNamesWithGaps));
        }
        let (first, last) = (place == 0, place + 1 == names.len());
        rows.push(organisation_name::Model {
            id: derived(id, &format!("name/{}", place + 1)),
            organisation_id: id,
            sort_key: sort_key(&[&name.name]),
            search_key: filter::name_key(&name.name, name.short_name.as_deref()),
            name: name.name.clone(),
            short_name: name.short_name.clone(),
            valid_from: if first { START_OF_TIME } else { from },
            valid_until: if last { FOREVER } else { until },
            valid_precision: precision,
        });
    }
    if rows.is_empty() { Err(Error::conflict(Rule::OrganisationNameMissing)) } else { Ok(rows) }
}
