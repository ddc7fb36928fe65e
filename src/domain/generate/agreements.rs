//! Agreements: who is party to each, from when until when, and what it asks of groups and units.

use chrono::{Datelike, NaiveDate};
use entity::values::{FOREVER, Period, SubjectKind, search_key, sort_key};
use entity::{agreement, agreement_party, assignment};
use uuid::Uuid;

use super::draw::{earlier, later};
use super::record::Asked;
use super::{World, names};
use crate::domain::owner::Owner;
use crate::domain::write::derived;
use crate::error::Error;

const AGREEMENTS: [&str; 4] = ["Avtal om", "Överenskommelse om", "Samverkansavtal för", "Avsiktsförklaring om"];
/// What an agreement asks, or somebody is to come back to.
pub const ASSIGNMENTS: [&str; 5] = ["Samordna arbetet med", "Följa", "Ta fram en plan för", "Utbilda i", "Utveckla"];

impl World<'_> {
    /// So many, each with what it asks. Some belong under another.
    pub(super) async fn agreements(&mut self, wanted: usize) -> Result<Asked, Error> {
        let mut asked = Asked::default();
        let mut above: Vec<Uuid> = Vec::new();
        for number in 1..=wanted {
            let under = self.draw.percent(20) && !above.is_empty();
            let parent_id = under.then(|| *self.draw.one(&above));
            let row = self.agreement(parent_id);
            let (id, from, until) = (row.id, row.valid_from, row.valid_until);
            self.sink.add(row).await?;
            let of = (SubjectKind::Agreement, id);
            self.kept_as(of, 1, "RUN", format!("{number}/{}", from.year())).await?;
            if self.draw.percent(10) {
                self.kept_as(of, 2, "KS", format!("{number}/{}", from.year())).await?;
            }
            self.parties(id, (from, until)).await?;
            self.assignments(id, &mut asked).await?;
            if !under {
                above.push(id);
            }
        }
        Ok(asked)
    }

    /// For some years, until further notice, or yet to come.
    fn agreement(&mut self, parent_id: Option<Uuid>) -> agreement::Model {
        let name = self.name(&AGREEMENTS);
        let valid_from = match self.draw.percent(2) {
            true => later(self.today, 1 + self.draw.below(200) as u64),
            false => earlier(self.today, self.draw.below(4_400) as u64),
        };
        let years = 1 + self.draw.below(8) as u64;
        agreement::Model {
            id: self.draw.id(),
            purpose: Some(format!("{name} ska ge invånarna i länet samma stöd, var de än bor.")),
            owner_id: self.draw.percent(90).then(|| *self.draw.one(&self.organisations)),
            parent_id,
            audience: self.seen_by(),
            sort_key: sort_key(&[&name]),
            search_key: search_key(&name),
            name,
            valid_from,
            valid_until: if self.draw.percent(40) { FOREVER } else { later(valid_from, years * 365) },
            valid_precision: 0,
            version: 1,
        }
    }

    /// Two to twelve organisations; now and then some whom nobody has named.
    async fn parties(&mut self, agreement_id: Uuid, within: (NaiveDate, NaiveDate)) -> Result<(), Error> {
        let more = if self.draw.percent(15) { self.draw.below(9) } else { 0 };
        let mut organisations = Vec::new();
        let wanted = 2 + self.draw.below(3) + more;
        while organisations.len() < wanted.min(self.organisations.len()) {
            let one = *self.draw.one(&self.organisations);
            if !organisations.contains(&one) {
                organisations.push(one);
            }
        }
        for organisation_id in organisations {
            let row = self.party(agreement_id, within);
            let id = derived(agreement_id, &format!("party/{organisation_id}/0"));
            self.sink.add(agreement_party::Model { id, organisation_id: Some(organisation_id), ..row }).await?;
        }
        if self.draw.percent(5) {
            let row = self.party(agreement_id, within);
            let description = Some("några av länets kommuner".to_owned());
            self.sink.add(agreement_party::Model { description, number: Some(4), ..row }).await?;
        }
        Ok(())
    }

    /// From the first day or joining later, to the end or leaving half a year after notice. No agreement is shorter than a year.
    fn party(&mut self, agreement_id: Uuid, (from, until): (NaiveDate, NaiveDate)) -> agreement_party::Model {
        let valid_from = if self.draw.percent(10) { later(from, 1 + self.draw.below(150) as u64) } else { from };
        let noticed = self.draw.percent(8).then(|| later(valid_from, 1 + self.draw.below(200) as u64));
        let notice = noticed.map(|day| match self.draw.percent(30) {
            true => Period::year(day.year()).map_or((day, later(day, 1), 0), Period::columns),
            false => (day, later(day, 1), 0),
        });
        agreement_party::Model {
            id: derived(agreement_id, "party/described/0"),
            agreement_id,
            organisation_id: None,
            description: None,
            number: None,
            notice_from: notice.map(|(from, ..)| from),
            notice_until: notice.map(|(_, until, _)| until),
            notice_precision: notice.map(|(.., precision)| precision),
            valid_from,
            valid_until: noticed.map_or(until, |day| until.min(later(day, 183))),
            valid_precision: 0,
        }
    }

    async fn assignments(&mut self, agreement_id: Uuid, asked: &mut Asked) -> Result<(), Error> {
        let more = if self.draw.percent(10) { 2 } else { 0 };
        for ordinal in 1..=1 + self.draw.below(3) + more {
            let owner = match self.draw.below(10) {
                0 => None,
                1..4 => Some(Owner::Organisation(*self.draw.one(&self.organisations))),
                _ => Some(Owner::Group(*self.draw.one(&self.groups))),
            };
            let (group_id, organisation_id) = Owner::columns(owner);
            let row = assignment::Model {
                id: self.draw.id(),
                agreement_id,
                ordinal: i32::try_from(ordinal).unwrap_or_default(),
                name: format!("{} {}", self.draw.one(&ASSIGNMENTS), names::theme(&mut self.draw)),
                description: None,
                group_id,
                organisation_id,
            };
            asked.all.push(row.id);
            if let Some(owner) = owner {
                asked.of.entry(owner.id()).or_default().push(row.id);
            }
            self.sink.add(row).await?;
        }
        Ok(())
    }
}
