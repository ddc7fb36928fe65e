//! Merging organisations: each ends on a day, and what is theirs goes on under another. What was before that day stays as it was.
//!
//! What has a period and has begun by then ends, and another begins in its place: its heir. What begins only later has no past to keep, and
//! passes as it is. Parents, appointers and conveners have no period: they change at once, on record.

mod estate;
mod posts;
mod seats;
mod ties;

use std::collections::HashMap;

use async_graphql::InputObject;
use chrono::NaiveDate;
use entity::values::{Date, FOREVER, GlobalId, Period, PeriodState, SubjectKind};
use entity::{Dated, organisation};
use uuid::Uuid;

use super::belongings;
use crate::domain::narrow;
use crate::domain::view::View;
use crate::domain::write::{Command, Entry, Writer, how};
use crate::error::{Code, Error, Rule, Said};
use crate::policy::{self, Action, Permit};
use estate::Estate;

/// Why memberships and tenures end, unless they have a reason of their own.
const MERGER: &str = "Sammanslagning";

/// Which organisations are to go up in which other, and when. Their seats, memberships, positions, tenures, contact points in these, relations
/// and units go on under it; a seat stays a seat of its own, with its capacity, also where the other has one in the same group. Their
/// representatives come to represent it.
#[derive(Clone, Debug, InputObject)]
pub struct MergeOrganisationsInput {
    /// The organisation that takes over.
    pub into: GlobalId,
    /// The version of it that was seen.
    pub expected_version: i32,
    /// Those that end.
    pub organisations: Vec<MergedInput>,
    /// The first day on which they are one; today when left out. Who appoints, who convenes and what a unit is part of have no days, and change at once.
    pub on: Option<Date>,
    /// Whether to say only what would change, and change nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// An organisation that goes up in another.
#[derive(Clone, Debug, InputObject)]
pub struct MergedInput {
    /// Which.
    pub organisation: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
}

impl Command for MergeOrganisationsInput {
    how!(MergeOrganisations, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        for merged in &self.organisations {
            permit(view, merged.organisation, "organisations").await?;
        }
        permit(view, self.into, "into").await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let into = self.into.of(SubjectKind::Organisation);
        let merged = self.merged()?;
        belongings::lock(writer, &merged.iter().copied().chain([into]).collect::<Vec<_>>()).await?;
        let on = self.on.map_or(writer.app().today(), |on| on.0);
        let next: organisation::Model = writer.expect(SubjectKind::Organisation, into, self.expected_version).await?;
        if next.period().state(on) != PeriodState::Current {
            return Err(outside(into));
        }
        let mut rows = Vec::new();
        for (id, named) in merged.iter().zip(&self.organisations) {
            let seen = writer.expect(SubjectKind::Organisation, *id, named.expected_version).await;
            let row: organisation::Model = seen.map_err(|error| error.at("organisations"))?;
            if row.valid_from >= on || row.valid_until < on {
                return Err(outside(*id));
            }
            rows.push(row);
        }
        let mut entry = writer.entry(SubjectKind::Organisation, into);
        Merger::new(into, on, next.period(), merged).carry_out(writer, &mut entry, rows).await?;
        writer.finish::<organisation::Model>(entry).await?;
        Ok(into)
    }
}

impl MergeOrganisationsInput {
    /// The organisations that end, each once and none the one that takes over.
    fn merged(&self) -> Result<Vec<Uuid>, Error> {
        let merged: Vec<Uuid> =
            self.organisations.iter().map(|merged| merged.organisation.of(SubjectKind::Organisation)).collect();
        let into = self.into.of(SubjectKind::Organisation);
        if merged.contains(&into) {
            let itself = Error::conflict_on(Rule::MergeWithItself, SubjectKind::Organisation, into);
            return Err(itself.at("organisations"));
        }
        let twice = (1..merged.len()).any(|place| merged[..place].contains(&merged[place]));
        if merged.is_empty() || twice {
            let said = Said::both(
                "name at least one organisation, and each once",
                "ange minst en organisation, och varje en gång",
            );
            return Err(Error::invalid(Code::InvalidInput, said).at("organisations"));
        }
        Ok(merged)
    }
}

async fn permit(view: &View, organisation: GlobalId, field: &'static str) -> Result<Permit, Error> {
    let subject = (SubjectKind::Organisation, organisation.of(SubjectKind::Organisation));
    let permit = policy::permit_on(&view.app, &view.actor, Action::MergeOrganisations, subject).await;
    permit.map_err(|error| match error {
        Error::Denied(_) => error,
        other => other.at(field),
    })
}

fn outside(organisation: Uuid) -> Error {
    Error::conflict_on(Rule::MergeOutsidePeriod, SubjectKind::Organisation, organisation).at("on")
}

/// A merger under way.
struct Merger {
    into: Uuid,
    on: NaiveDate,
    /// The days of the organisation that takes over, from the merger on.
    after: Period,
    merged: Vec<Uuid>,
    /// What goes on in the place of what ends.
    heirs: HashMap<Uuid, Uuid>,
}

impl Merger {
    fn new(into: Uuid, on: NaiveDate, period: Period, merged: Vec<Uuid>) -> Self {
        // It exists on the day, so there is something after it.
        let after = period.beginning(on).unwrap_or(period);
        let heirs = merged.iter().map(|id| (*id, into)).collect();
        Self { into, on, after, merged, heirs }
    }

    /// From the inside out, and each new thing before what is to be in it.
    async fn carry_out(
        mut self,
        writer: &Writer,
        entry: &mut Entry,
        merged: Vec<organisation::Model>,
    ) -> Result<(), Error> {
        let estate = Estate::of(writer, &self.merged, self.on).await?;
        let waiting = self.set_substitutions_aside(writer, entry, &estate).await?;
        self.open_positions(writer, entry, &estate).await?;
        self.pass_tenures_on(writer, entry, &estate).await?;
        self.open_seats(writer, entry, &estate).await?;
        self.pass_memberships_on(writer, entry, &estate).await?;
        self.close_seats(writer, entry, &estate).await?;
        self.close_positions(writer, entry, &estate).await?;
        self.seat_holders(writer, entry, &estate).await?;
        self.pass_substitutions_on(writer, entry, &estate, waiting).await?;
        self.pass_contact_points_on(writer, entry).await?;
        self.tie(writer, entry).await?;
        for row in merged {
            self.end(writer, entry, row).await?;
        }
        Ok(())
    }

    async fn end(&self, writer: &Writer, entry: &mut Entry, mut row: organisation::Model) -> Result<(), Error> {
        narrow::contact_points(writer, entry, (SubjectKind::Organisation, row.id), self.on).await?;
        if row.valid_until > self.on {
            row.set_period(self.before(row.period())?);
        }
        row.successor_id = Some(self.into);
        writer.put(entry, row).await
    }

    /// What goes on in the place of a thing: the thing itself unless it ends.
    fn heir(&self, id: Uuid) -> Uuid {
        self.heirs.get(&id).copied().unwrap_or(id)
    }

    /// Makes a new thing the heir of one that ends.
    fn inherit(&mut self, writer: &Writer, from: Uuid) -> Uuid {
        let heir = writer.app().new_id();
        self.heirs.insert(from, heir);
        heir
    }

    fn is_merged(&self, organisation: Option<Uuid>) -> bool {
        organisation.is_some_and(|id| self.merged.contains(&id))
    }

    /// Whether a thing has begun by then, and therefore ends.
    fn has_begun(&self, period: Period) -> bool {
        period.columns().0 < self.on
    }

    /// The part of a period before the merger, of what has begun by then.
    fn before(&self, period: Period) -> Result<Period, Error> {
        period.ending(Some(self.on)).map_err(|_| Error::conflict(Rule::PeriodEmpty))
    }

    /// The part of a period after the merger, of what is no organisation's that ends.
    fn later(&self, period: Period) -> Result<Period, Error> {
        let always = Period::stored(self.on, FOREVER, 0);
        period.intersection(always).ok_or_else(|| Error::conflict(Rule::PeriodEmpty))
    }

    /// The part of a period after the merger, in which the organisation that takes over exists.
    fn rest(&self, period: Period, (rule, kind, id): (Rule, SubjectKind, Uuid)) -> Result<Period, Error> {
        period.intersection(self.after).ok_or_else(|| Error::conflict_on(rule, kind, id))
    }
}
