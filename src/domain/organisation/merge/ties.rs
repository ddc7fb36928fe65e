//! What else leads to organisations: contact points of what goes on, appointers, conveners, relations, units and representatives.

use chrono::NaiveDate;
use entity::values::{Period, RelationKind, SubjectKind};
use entity::{
    Dated, agreement, agreement_party, assignment, contact_point, grant, group, group_relation, organisation, project,
    seat,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use super::Merger;
use super::estate::lasting;
use crate::domain::write::{Entry, Writer};
use crate::error::{Error, Rule};

impl Merger {
    /// A seat, a position or a membership is reached as it was before. Organisations have contact points of their own.
    pub async fn pass_contact_points_on(&self, writer: &Writer, entry: &mut Entry) -> Result<(), Error> {
        let on = self.on;
        let passed = self.heirs.keys().copied().filter(|id| !self.merged.contains(id));
        for was in lasting!(writer, contact_point, on, contact_point::Column::SubjectId.is_in(passed)) {
            let mut next = was.clone();
            next.subject_id = self.heir(was.subject_id);
            if self.has_begun(was.period()) && next.subject_id != was.subject_id {
                let mut left = was.clone();
                left.set_period(self.before(was.period())?);
                writer.put(entry, left).await?;
                next.id = writer.app().new_id();
                next.set_period(self.later(was.period())?);
            }
            writer.put(entry, next).await?;
        }
        Ok(())
    }

    pub async fn tie(&self, writer: &Writer, entry: &mut Entry) -> Result<(), Error> {
        self.tie_seats_and_groups(writer, entry).await?;
        self.pass_relations_on(writer, entry).await?;
        self.pass_agreements_on(writer, entry).await?;
        self.move_units(writer, entry).await?;
        self.pass_grants_on(writer, entry).await
    }

    async fn tie_seats_and_groups(&self, writer: &Writer, entry: &mut Entry) -> Result<(), Error> {
        let (on, theirs) = (self.on, || self.merged.iter().copied());
        for mut row in lasting!(writer, seat, on, seat::Column::AppointerId.is_in(theirs())) {
            row.appointer_id = Some(self.into);
            writer.put(entry, row).await?;
        }
        for mut row in lasting!(writer, group, on, group::Column::ConvenerId.is_in(theirs())) {
            row.convener_id = Some(self.into);
            writer.put(entry, row).await?;
        }
        Ok(())
    }

    /// Whom a group serves goes on. Whom it took over from is a fact of the past, whatever became of them.
    async fn pass_relations_on(&self, writer: &Writer, entry: &mut Entry) -> Result<(), Error> {
        let on = self.on;
        let served = Condition::all()
            .add(group_relation::Column::ToOrganisationId.is_in(self.merged.iter().copied()))
            .add(group_relation::Column::Kind.eq(RelationKind::Serves));
        for was in lasting!(writer, group_relation, on, served) {
            let mut next = was.clone();
            next.to_organisation_id = Some(self.into);
            if self.has_begun(was.period()) {
                let mut left = was.clone();
                left.set_period(self.before(was.period())?);
                writer.put(entry, left).await?;
                next.id = writer.app().new_id();
                next.set_period(self.later(was.period())?);
            }
            writer.put(entry, next).await?;
        }
        Ok(())
    }

    /// What was agreed goes on with the new one, unless it is party itself by then; what was asked of them is asked of it, and what they owned
    /// and is not over is its own.
    async fn pass_agreements_on(&self, writer: &Writer, entry: &mut Entry) -> Result<(), Error> {
        let on = self.on;
        let theirs = agreement_party::Column::OrganisationId.is_in(self.merged.iter().copied());
        for was in lasting!(writer, agreement_party, on, theirs) {
            let same = Condition::all()
                .add(agreement_party::Column::AgreementId.eq(was.agreement_id))
                .add(agreement_party::Column::OrganisationId.eq(self.into));
            let held = lasting!(writer, agreement_party, on, same);
            if self.has_begun(was.period()) {
                let mut left = was.clone();
                left.set_period(self.before(was.period())?);
                writer.put(entry, left).await?;
            } else {
                writer.remove(entry, was.clone()).await?;
            }
            for free in without(self.later(was.period())?, held.iter().map(Dated::period)) {
                // Who gave notice was another; what follows from it stays.
                let mut next = agreement_party::Model {
                    id: writer.app().new_id(),
                    organisation_id: Some(self.into),
                    notice_from: None,
                    notice_until: None,
                    notice_precision: None,
                    ..was.clone()
                };
                next.set_period(free);
                writer.put(entry, next).await?;
            }
            writer.touch::<agreement::Model>(entry, was.agreement_id).await?;
        }
        let theirs = || self.merged.iter().copied();
        for mut row in lasting!(writer, agreement, on, agreement::Column::OwnerId.is_in(theirs())) {
            row.owner_id = Some(self.into);
            writer.put(entry, row).await?;
        }
        for mut row in lasting!(writer, project, on, project::Column::OwnerId.is_in(theirs())) {
            row.owner_id = self.into;
            writer.put(entry, row).await?;
        }
        let asked = assignment::Column::OrganisationId.is_in(self.merged.iter().copied());
        for mut row in assignment::Entity::find().filter(asked).all(writer.db()).await? {
            let agreement = row.agreement_id;
            row.organisation_id = Some(self.into);
            writer.put(entry, row).await?;
            writer.touch::<agreement::Model>(entry, agreement).await?;
        }
        Ok(())
    }

    async fn move_units(&self, writer: &Writer, entry: &mut Entry) -> Result<(), Error> {
        let on = self.on;
        let inside = Condition::all()
            .add(organisation::Column::ParentId.is_in(self.merged.iter().copied()))
            .add(organisation::Column::Id.is_not_in(self.merged.iter().copied()));
        for mut unit in lasting!(writer, organisation, on, inside) {
            if unit.valid_until > self.after.columns().1 {
                return Err(Error::conflict_on(Rule::UnitOutlastsOrganisation, SubjectKind::Organisation, unit.id));
            }
            unit.parent_id = Some(self.into);
            writer.put(entry, unit).await?;
        }
        Ok(())
    }

    /// Whoever represents one of them represents the new one instead, unless they do so already.
    async fn pass_grants_on(&self, writer: &Writer, entry: &mut Entry) -> Result<(), Error> {
        let on = self.on;
        for was in lasting!(writer, grant, on, grant::Column::OrganisationId.is_in(self.merged.iter().copied())) {
            let period = self.later(was.period())?;
            let mut left = was.clone();
            // One that would begin only later stays on record without a day.
            left.valid_until = on.max(was.valid_from);
            writer.put(entry, left).await?;
            let same = Condition::all()
                .add(grant::Column::IdentityId.eq(was.identity_id))
                .add(grant::Column::Role.eq(was.role))
                .add(grant::Column::OrganisationId.eq(self.into));
            let held = lasting!(writer, grant, on, same);
            for free in without(period, held.iter().map(Dated::period)) {
                let mut next =
                    grant::Model { id: writer.app().new_id(), organisation_id: Some(self.into), ..was.clone() };
                next.set_period(free);
                writer.put(entry, next).await?;
            }
        }
        Ok(())
    }
}

/// The parts of a period that lie in none of the others.
fn without(period: Period, others: impl Iterator<Item = Period>) -> Vec<Period> {
    others.fold(vec![period], |free, other| {
        let (from, until): (NaiveDate, NaiveDate) = (other.columns().0, other.columns().1);
        let split = |part: Period| match part.intersection(other) {
            None => vec![part],
            Some(_) => [part.ending(Some(from)), part.beginning(until)].into_iter().flatten().collect(),
        };
        free.into_iter().flat_map(split).collect()
    })
}
