//! Ending an organisation, and with it what belongs to it.

use async_graphql::InputObject;
use chrono::NaiveDate;
use entity::values::{Date, GlobalId, SubjectKind};
use entity::{Dated, organisation};
use uuid::Uuid;

use super::belongings;
use super::commands::permit;
use crate::domain::narrow;
use crate::domain::view::View;
use crate::domain::write::{Command, Entry, Writer, how};
use crate::error::{Code, Error, Rule, Said};
use crate::policy::{Action, Permit};

/// Which organisation is to end, and when. Its seats, the memberships on its behalf, its positions with their tenures, its contact points and its units
/// end with it. What would begin only after that is in the way, and is named.
#[derive(Clone, Debug, InputObject)]
pub struct CloseOrganisationInput {
    /// Which.
    pub organisation: GlobalId,
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

impl Command for CloseOrganisationInput {
    how!(CloseOrganisation, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::CloseOrganisation, self.organisation).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.organisation.of(SubjectKind::Organisation);
        let until = self.until.map_or(writer.app().today(), |until| until.0);
        let units = belongings::units(writer, id, until).await?;
        let all: Vec<Uuid> = units.iter().map(|unit| unit.id).chain([id]).collect();
        belongings::lock(writer, &all).await?;
        let row: organisation::Model = writer.expect(SubjectKind::Organisation, id, self.expected_version).await?;
        if until > row.valid_until {
            return Err(over().at("until"));
        }
        let mut entry = writer.entry(SubjectKind::Organisation, id);
        // Again, now that no more can come; from the inside out.
        for unit in belongings::units(writer, id, until).await?.into_iter().rev() {
            if unit.valid_from >= until {
                return Err(Error::conflict_on(Rule::UnitOutlastsOrganisation, SubjectKind::Organisation, unit.id));
            }
            end(writer, &mut entry, unit, until).await?;
        }
        end(writer, &mut entry, row, until).await?;
        writer.finish::<organisation::Model>(entry).await?;
        Ok(id)
    }
}

/// Ends one organisation with everything in it but its units.
async fn end(writer: &Writer, entry: &mut Entry, mut row: organisation::Model, until: NaiveDate) -> Result<(), Error> {
    if row.valid_until == until {
        return Ok(());
    }
    let period = row.period().ending(Some(until)).map_err(|_| Error::conflict(Rule::PeriodEmpty).at("until"))?;
    narrow::organisation(writer, entry, row.id, period).await?;
    narrow::contact_points(writer, entry, (SubjectKind::Organisation, row.id), until).await?;
    row.set_period(period);
    writer.put(entry, row).await
}

fn over() -> Error {
    Error::invalid(
        Code::InvalidInput,
        Said::both("the organisation is over before that day", "organisationen är avslutad före den dagen"),
    )
}
