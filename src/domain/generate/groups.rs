//! Groups, and what hangs on each: who to reach, how it relates to others, what sources say of it.

use chrono::{Datelike, NaiveDate};
use entity::values::{
    Audience, ContactPointKind, Exactness, FOREVER, GroupKind, Measure, Period, RelationKind, SubjectKind, sort_key,
};
use entity::{document, figure, group, group_relation, source};
use uuid::Uuid;

use super::draw::{earlier, later};
use super::organisations::slug;
use super::{World, names};
use crate::domain::filter;
use crate::error::Error;

const KINDS: [(GroupKind, &str); 8] = [
    (GroupKind::Network, "Nätverket för"),
    (GroupKind::WorkingGroup, "Arbetsgruppen för"),
    (GroupKind::SteeringGroup, "Styrgruppen för"),
    (GroupKind::Council, "Rådet för"),
    (GroupKind::ManagementGroup, "Ledningsgruppen för"),
    (GroupKind::ReferenceGroup, "Referensgruppen för"),
    (GroupKind::PoliticalArena, "Beredningen för"),
    (GroupKind::Forum, "Forum för"),
];

/// A group in the making.
pub struct Group {
    pub id: Uuid,
    pub valid_from: NaiveDate,
    pub valid_until: NaiveDate,
}

impl World<'_> {
    pub(super) async fn groups(&mut self) -> Result<(), Error> {
        let document_id = self.document().await?;
        let groups = self.size.groups;
        let members = shares(self.size.memberships, groups, &[10, 20, 30, 40, 60, 80]);
        let meetings = shares(self.size.meetings, groups, &[1]);
        for number in 0..groups {
            let group = self.group(number).await?;
            self.beside(&group, document_id).await?;
            let members = self.members(number, &group, members[number]).await?;
            self.meetings(&group, meetings[number], &members).await?;
            self.groups.push(group.id);
            self.neighbour = (self.today < group.valid_until).then_some(group.id);
            self.sink.made(1);
        }
        Ok(())
    }

    async fn group(&mut self, number: usize) -> Result<Group, Error> {
        let (kind, before) = KINDS[self.draw.below(KINDS.len())];
        let name = format!("{before} {} i {}", names::theme(&mut self.draw), names::place(&mut self.draw));
        let ended = self.draw.percent(8);
        let valid_from = earlier(self.today, 1_500 + self.draw.below(6_000) as u64);
        let valid_until = if ended { earlier(self.today, self.draw.below(300) as u64) } else { FOREVER };
        let audience = match self.draw.below(100) {
            0 => Audience::Administrators,
            1..4 => Audience::Coordinators,
            4..15 => Audience::SignedIn,
            _ => Audience::Public,
        };
        let below = self.draw.percent(40) && !self.groups.is_empty();
        let row = group::Model {
            id: self.draw.id(),
            slug: format!("{}-{number}", slug(&name)),
            short_name: self.draw.percent(20).then(|| format!("G{number}")),
            kind,
            purpose: Some(format!(
                "{name} samlar dem som arbetar med frågan och följer upp vad de har kommit överens om."
            )),
            parent_id: below.then(|| *self.draw.one(&self.groups)),
            convener_id: Some(*self.draw.one(&self.organisations)),
            audience,
            sort_key: sort_key(&[&name]),
            search_key: String::new(),
            name,
            valid_from,
            valid_until,
            valid_precision: 0,
            version: 1,
        };
        let row = group::Model { search_key: filter::name_key(&row.name, row.short_name.as_deref()), ..row };
        let id = row.id;
        self.sink.add_on_record("createGroup", SubjectKind::Group, row).await?;
        Ok(Group { id, valid_from, valid_until })
    }

    async fn document(&mut self) -> Result<Uuid, Error> {
        let row = document::Model {
            id: self.draw.id(),
            slug: "genererad".to_owned(),
            title: "Genererad katalog".to_owned(),
            publisher: None,
            published_on: Some(self.today),
            url: None,
            note: None,
            version: 1,
        };
        let id = row.id;
        self.sink.add(row).await?;
        Ok(id)
    }

    async fn beside(&mut self, group: &Group, document_id: Uuid) -> Result<(), Error> {
        let of = (SubjectKind::Group, group.id);
        if self.draw.percent(50) {
            self.contact(of, ContactPointKind::Email, format!("grupp.{}@example.org", group.id.simple())).await?;
        }
        if self.draw.percent(5) && !self.groups.is_empty() {
            let row = group_relation::Model {
                id: self.draw.id(),
                group_id: group.id,
                kind: RelationKind::Serves,
                to_group_id: Some(*self.draw.one(&self.groups)),
                to_organisation_id: None,
                valid_from: group.valid_from,
                valid_until: group.valid_until,
                valid_precision: 0,
                version: 1,
            };
            self.sink.add(row).await?;
        }
        if self.draw.percent(20) {
            self.figures(group.id).await?;
            let row = source::Model {
                id: self.draw.id(),
                subject_kind: SubjectKind::Group,
                subject_id: group.id,
                document_id,
                quote: Some("Gruppen har träffats regelbundet under året.".to_owned()),
                note: None,
                unclear: false,
                ordinal: 1,
            };
            self.sink.add(row).await?;
        }
        Ok(())
    }

    /// What a yearly account says of each of three years.
    async fn figures(&mut self, subject_id: Uuid) -> Result<(), Error> {
        for year in (self.today.year() - 3)..self.today.year() {
            let Some((valid_from, valid_until, valid_precision)) = Period::year(year).map(Period::columns) else {
                continue;
            };
            let row = figure::Model {
                id: self.draw.id(),
                subject_kind: SubjectKind::Group,
                subject_id,
                measure: Measure::MeetingsHeld,
                value: 2 + self.draw.below(10) as i64,
                value_to: None,
                unit: None,
                exactness: Exactness::Exact,
                note: None,
                valid_from,
                valid_until,
                valid_precision,
                version: 1,
            };
            self.sink.add(row).await?;
        }
        Ok(())
    }
}

/// A whole number of things for each of so many, in these proportions, one after the other and over again; in all exactly the total.
fn shares(total: usize, among: usize, proportions: &[usize]) -> Vec<usize> {
    let weights: Vec<usize> = proportions.iter().copied().cycle().take(among).collect();
    let whole: usize = weights.iter().sum::<usize>().max(1);
    let (mut so_far, mut given) = (0, 0);
    let mut share = |weight: &usize| {
        so_far += weight;
        let until = total * so_far / whole;
        let share = until - given;
        given = until;
        share
    };
    weights.iter().map(&mut share).collect()
}

/// The days between two.
pub fn days(from: NaiveDate, until: NaiveDate) -> usize {
    usize::try_from((until - from).num_days()).unwrap_or_default()
}

/// The middle of a range of days, or anywhere else in it.
pub fn within(draw: &mut super::draw::Draw, from: NaiveDate, until: NaiveDate) -> NaiveDate {
    later(from, 1 + draw.below(days(from, until).saturating_sub(1)) as u64)
}
