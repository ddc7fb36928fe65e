//! The record: agreements and projects, what groups and units arrange, and the account that some give of their work.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use entity::account::{Account, Item};
use entity::values::{Audience, Exactness, Period, SubjectKind, search_key, sort_key};
use entity::{activity, event, event_organiser, follow_up_item, priority, reference, result};
use sea_orm::{EntityTrait, IntoActiveModel, ModelTrait};
use uuid::Uuid;

use super::agreements::ASSIGNMENTS;
use super::draw::{earlier, later};
use super::{World, names};
use crate::domain::owner::Owner;
use crate::domain::write::derived;
use crate::error::Error;

const EVENTS: [&str; 4] = ["Kurs i", "Konferens om", "Utbildningsdag om", "Seminarium om"];
const PRIORITIES: [&str; 3] = ["Mer", "Likvärdig", "Gemensam syn på"];
const ACTIVITIES: [&str; 4] = ["Kartläggning av", "Studiebesök om", "Remissvar om", "Handledning i"];
const RESULTS: [&str; 3] = ["En gemensam plan för", "Kortare väg till", "Fler som arbetar med"];

/// What agreements ask.
#[derive(Default)]
pub struct Asked {
    /// All of it.
    pub all: Vec<Uuid>,
    /// What falls on each group and each unit.
    pub of: BTreeMap<Uuid, Vec<Uuid>>,
}

impl World<'_> {
    /// In proportion to groups. Every fourth group and every tenth organisation gives account of what it does.
    pub(super) async fn record(&mut self) -> Result<(), Error> {
        let groups = self.size.groups;
        let asked = self.agreements(groups / 5).await?;
        for number in 1..=groups * 2 / 5 {
            self.project(number, &asked).await?;
        }
        for _ in 0..groups * 4 / 5 {
            self.event(&asked).await?;
        }
        let of_groups: Vec<Owner> = self.groups.iter().step_by(4).copied().map(Owner::Group).collect();
        let others: Vec<Owner> = self.organisations.iter().step_by(10).copied().map(Owner::Organisation).collect();
        for owner in of_groups.into_iter().chain(others) {
            self.account(owner, &asked).await?;
        }
        Ok(())
    }

    async fn event(&mut self, asked: &Asked) -> Result<(), Error> {
        let owner = self.owner();
        let row = self.event_row(owner, asked);
        let event_id = row.id;
        self.sink.add(row).await?;
        for ordinal in 1..=i32::from(self.draw.percent(20)) {
            let other = self.owner();
            let (group_id, organisation_id) = Owner::columns(Some(other).filter(|other| *other != owner));
            if group_id.or(organisation_id).is_some() {
                let id = derived(event_id, &format!("organiser/{}", other.id()));
                let row = event_organiser::Model { id, event_id, ordinal, group_id, organisation_id };
                self.sink.add(row).await?;
            }
        }
        Ok(())
    }

    /// A day of the last six years or to come; of some, no more than the year is known.
    fn event_row(&mut self, owner: Owner, asked: &Asked) -> event::Model {
        let name = self.name(&EVENTS);
        let theme = names::theme(&mut self.draw);
        let day = later(earlier(self.today, 2_200), self.draw.below(2_400) as u64);
        let year = Period::year(day.year()).filter(|_| day < self.today && self.draw.percent(10));
        let (valid_from, valid_until, valid_precision) = year.map_or((day, later(day, 1), 0), Period::columns);
        let participants = (day < self.today && self.draw.percent(70)).then(|| 5 + self.draw.below(200));
        let exactness = if self.draw.percent(80) { Exactness::Exact } else { Exactness::About };
        let (group_id, organisation_id) = Owner::columns(Some(owner));
        event::Model {
            id: self.draw.id(),
            description: Some("Föreläsningar på förmiddagen, samtal i grupper efter lunch.".to_owned()),
            group_id,
            organisation_id,
            assignment_id: self.under(owner, asked),
            subject_area: Some(theme.to_owned()),
            subject_area_key: Some(search_key(theme)),
            place: Some(names::place(&mut self.draw)),
            participants: participants.and_then(|participants| i32::try_from(participants).ok()),
            exactness: participants.map(|_| exactness),
            audience: self.seen_by(),
            sort_key: sort_key(&[&name]),
            search_key: search_key(&name),
            name,
            valid_from,
            valid_until,
            valid_precision,
            version: 1,
        }
    }

    /// What an owner puts first in these years and is to come back to, and what it did in each year and what came of it.
    async fn account(&mut self, owner: Owner, asked: &Asked) -> Result<(), Error> {
        let year = self.today.year();
        let term = [year - 2, year + 2].map(|year| NaiveDate::from_ymd_opt(year, 1, 1));
        let term = Period::new(term[0], term[1]).unwrap_or(Period::ALWAYS);
        for ordinal in 1..=1 + self.draw.below(3) {
            let item = self.item(owner, asked, ordinal, &PRIORITIES, term);
            self.add_item::<priority::Model>(item).await?;
        }
        for ordinal in 1..=1 + self.draw.below(3) {
            let day = earlier(self.today, 30 + self.draw.below(900) as u64);
            let until = self.draw.percent(30).then(|| later(day, 20 + self.draw.below(400) as u64));
            let on_list = Period::new(Some(day), until).unwrap_or(Period::ALWAYS);
            let item = self.item(owner, asked, ordinal, &ASSIGNMENTS, on_list);
            self.add_item::<follow_up_item::Model>(item).await?;
        }
        for period in (year - 3..year).filter_map(Period::year) {
            for ordinal in 1..=1 + self.draw.below(2) {
                let item = self.item(owner, asked, ordinal, &ACTIVITIES, period);
                self.add_item::<activity::Model>(item).await?;
            }
            if self.draw.percent(60) {
                let item = self.item(owner, asked, 1, &RESULTS, period);
                self.add_item::<result::Model>(item).await?;
            }
        }
        Ok(())
    }

    fn item(&mut self, owner: Owner, asked: &Asked, ordinal: usize, before: &[&str], period: Period) -> Item {
        let (group_id, organisation_id) = Owner::columns(Some(owner));
        Item {
            id: self.draw.id(),
            group_id,
            organisation_id,
            assignment_id: self.under(owner, asked),
            ordinal: i32::try_from(ordinal).unwrap_or_default(),
            name: format!("{} {}", self.draw.one(before), names::theme(&mut self.draw)),
            description: None,
            period,
        }
    }

    async fn add_item<M>(&mut self, item: Item) -> Result<(), Error>
    where
        M: Account + IntoActiveModel<<<M as ModelTrait>::Entity as EntityTrait>::ActiveModel>,
    {
        self.sink.add(M::of(item, 1)).await
    }

    /// Under what something is kept in a register.
    pub(super) async fn kept_as(
        &mut self,
        (subject_kind, subject_id): (SubjectKind, Uuid),
        ordinal: i32,
        series: &str,
        number: String,
    ) -> Result<(), Error> {
        let id = derived(subject_id, &format!("reference/{ordinal}"));
        let row = reference::Model { id, subject_kind, subject_id, ordinal, series: series.to_owned(), number };
        self.sink.add(row).await
    }

    /// Something about a theme somewhere.
    pub(super) fn name(&mut self, before: &[&str]) -> String {
        let before = *self.draw.one(before);
        format!("{before} {} i {}", names::theme(&mut self.draw), names::place(&mut self.draw))
    }

    /// Most of it by everybody.
    pub(super) fn seen_by(&mut self) -> Audience {
        match self.draw.below(100) {
            0 => Audience::Administrators,
            1..4 => Audience::Coordinators,
            4..12 => Audience::SignedIn,
            _ => Audience::Public,
        }
    }

    /// A group, or now and then an organisation.
    fn owner(&mut self) -> Owner {
        match self.draw.percent(75) {
            true => Owner::Group(*self.draw.one(&self.groups)),
            false => Owner::Organisation(*self.draw.one(&self.organisations)),
        }
    }

    /// One of what agreements ask of an owner, of half that it does.
    fn under(&mut self, owner: Owner, asked: &Asked) -> Option<Uuid> {
        let asked = asked.of.get(&owner.id()).filter(|_| self.draw.percent(50))?;
        Some(*self.draw.one(asked))
    }
}
