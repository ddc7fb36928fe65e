//! Seats, who sits on them, and who stands in.

use entity::values::SubjectKind;
use entity::{Dated, membership, seat, substitution};

use super::{Estate, MERGER, Merger};
use crate::domain::narrow;
use crate::domain::write::{Entry, Writer, derived};
use crate::error::{Error, Rule};

impl Merger {
    pub async fn open_seats(&mut self, writer: &Writer, entry: &mut Entry, estate: &Estate) -> Result<(), Error> {
        for was in &estate.seats {
            let mut next = seat::Model {
                organisation_id: was.organisation_id.map(|id| self.heir(id)),
                appointer_id: was.appointer_id.map(|id| self.heir(id)),
                position_id: was.position_id.map(|id| self.heir(id)),
                ..was.clone()
            };
            next.set_period(if self.is_merged(was.organisation_id) {
                self.rest(was.period(), (Rule::SeatOutsideOrganisation, SubjectKind::Seat, was.id))?
            } else {
                self.later(was.period())?
            });
            if self.has_begun(was.period()) {
                next.id = self.inherit(writer, was.id);
            } else {
                narrow::memberships(writer, entry, was.id, next.period()).await?;
            }
            writer.put(entry, next).await?;
        }
        Ok(())
    }

    /// Who sits by a position is not passed on here: the seats go with the position.
    pub async fn pass_memberships_on(
        &mut self,
        writer: &Writer,
        entry: &mut Entry,
        estate: &Estate,
    ) -> Result<(), Error> {
        for was in estate.memberships.iter().filter(|was| was.tenure_id.is_none()) {
            let mut next = membership::Model {
                seat_id: self.heir(was.seat_id),
                on_behalf_of_id: was.on_behalf_of_id.map(|id| self.heir(id)),
                replaces_id: was.replaces_id.map(|id| self.heir(id)),
                ..was.clone()
            };
            let outside = (Rule::MembershipOutsideOrganisation, SubjectKind::Membership, was.id);
            let rest = self.rest(was.period(), outside)?;
            if !self.has_begun(was.period()) {
                narrow::membership(writer, entry, next, rest).await?;
                continue;
            }
            let mut left = was.clone();
            left.end_reason.get_or_insert_with(|| MERGER.to_owned());
            narrow::membership(writer, entry, left, self.before(was.period())?).await?;
            next.id = self.inherit(writer, was.id);
            next.replaces_id = Some(was.id);
            next.set_period(rest);
            writer.put(entry, next).await?;
        }
        // Their ids follow from what they rest on.
        for was in &estate.memberships {
            if let Some(tenure) = was.tenure_id {
                self.heirs.insert(was.id, derived(self.heir(tenure), &self.heir(was.seat_id).to_string()));
            }
        }
        Ok(())
    }

    pub async fn close_seats(&self, writer: &Writer, entry: &mut Entry, estate: &Estate) -> Result<(), Error> {
        for was in estate.seats.iter().filter(|was| self.has_begun(was.period())) {
            narrow::seat(writer, entry, was.clone(), self.before(was.period())?).await?;
        }
        Ok(())
    }

    /// Substitutions that begin only after the merger would be in the way when the membership ends: they wait until its heir is there.
    pub async fn set_substitutions_aside(
        &self,
        writer: &Writer,
        entry: &mut Entry,
        estate: &Estate,
    ) -> Result<Vec<substitution::Model>, Error> {
        let passes_as_it_is = |was: &membership::Model| was.tenure_id.is_none() && !self.has_begun(was.period());
        let stays: Vec<_> = estate.memberships.iter().filter(|was| passes_as_it_is(was)).map(|was| was.id).collect();
        let waits = |row: &&substitution::Model| !self.has_begun(row.period()) && !stays.contains(&row.membership_id);
        let waiting: Vec<substitution::Model> = estate.substitutions.iter().filter(waits).cloned().collect();
        writer.rewrite(entry, waiting.clone(), Vec::new()).await?;
        Ok(waiting)
    }

    pub async fn pass_substitutions_on(
        &self,
        writer: &Writer,
        entry: &mut Entry,
        estate: &Estate,
        waiting: Vec<substitution::Model>,
    ) -> Result<(), Error> {
        let begun = estate.substitutions.iter().filter(|row| self.has_begun(row.period())).cloned();
        for was in begun.chain(waiting) {
            let mut next = was.clone();
            next.membership_id = self.heir(was.membership_id);
            if self.has_begun(was.period()) {
                next.id = writer.app().new_id();
            }
            let outside = (Rule::SubstitutionOutsideMembership, SubjectKind::Substitution, was.id);
            next.set_period(self.rest(was.period(), outside)?);
            writer.put(entry, next).await?;
        }
        Ok(())
    }
}
