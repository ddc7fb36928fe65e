//! Positions and tenures: the same posts in another organisation, held by the same people.

use entity::Dated;
use entity::values::SubjectKind;

use super::{Estate, MERGER, Merger};
use crate::domain::write::{Entry, Writer};
use crate::domain::{membership, narrow};
use crate::error::{Error, Rule};

impl Merger {
    pub async fn open_positions(&mut self, writer: &Writer, entry: &mut Entry, estate: &Estate) -> Result<(), Error> {
        for was in &estate.positions {
            let mut next = was.clone();
            next.organisation_id = self.into;
            next.set_period(
                self.rest(was.period(), (Rule::PositionOutsideOrganisation, SubjectKind::Position, was.id))?,
            );
            if self.has_begun(was.period()) {
                next.id = self.inherit(writer, was.id);
            } else {
                narrow::tenures(writer, entry, was.id, next.period()).await?;
            }
            writer.put(entry, next).await?;
        }
        Ok(())
    }

    pub async fn pass_tenures_on(&mut self, writer: &Writer, entry: &mut Entry, estate: &Estate) -> Result<(), Error> {
        for was in &estate.tenures {
            let mut next = was.clone();
            next.position_id = self.heir(was.position_id);
            let rest = self.rest(was.period(), (Rule::TenureOutsidePosition, SubjectKind::Tenure, was.id))?;
            if !self.has_begun(was.period()) {
                narrow::tenure(writer, entry, next, rest).await?;
                continue;
            }
            let mut left = was.clone();
            left.end_reason.get_or_insert_with(|| MERGER.to_owned());
            narrow::tenure(writer, entry, left, self.before(was.period())?).await?;
            next.id = self.inherit(writer, was.id);
            next.set_period(rest);
            writer.put(entry, next).await?;
        }
        Ok(())
    }

    pub async fn close_positions(&self, writer: &Writer, entry: &mut Entry, estate: &Estate) -> Result<(), Error> {
        for was in estate.positions.iter().filter(|was| self.has_begun(was.period())) {
            let mut left = was.clone();
            left.set_period(self.before(was.period())?);
            writer.put(entry, left).await?;
        }
        Ok(())
    }

    /// Whoever holds a position sits on the seats that go with it: first those who leave, then those who come.
    pub async fn seat_holders(&self, writer: &Writer, entry: &mut Entry, estate: &Estate) -> Result<(), Error> {
        let of_seats = estate.seats.iter().filter_map(|seat| seat.position_id);
        let mut left: Vec<_> = estate.positions.iter().map(|position| position.id).chain(of_seats).collect();
        left.sort_unstable();
        left.dedup();
        let heirs = left.iter().map(|id| self.heir(*id)).filter(|id| !left.contains(id));
        for id in left.iter().copied().chain(heirs) {
            let position = writer.find(id).await?.ok_or(Error::NotFound)?;
            membership::follow(writer, entry, &position).await?;
        }
        Ok(())
    }
}
