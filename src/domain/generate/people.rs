//! People, how to reach them, and the posts that they hold.

use chrono::NaiveDate;
use entity::values::{Audience, ContactPointKind, FOREVER, SubjectKind, search_key, sort_key};
use entity::{contact_point, position, tenure};
use uuid::Uuid;

use super::draw::earlier;
use super::{World, always, names};
use crate::domain::person;
use crate::error::Error;

/// A position that a seat may go with, and who holds it and has held it.
pub struct Post {
    pub position: position::Model,
    pub tenures: Vec<tenure::Model>,
}

impl World<'_> {
    pub(super) async fn people(&mut self) -> Result<(), Error> {
        for number in 0..self.size.people {
            let id = self.draw.id();
            let (given, family) = names::person(&mut self.draw);
            let audience = match self.draw.below(100) {
                0 => Audience::Administrators,
                1..5 => Audience::Coordinators,
                5..70 => Audience::SignedIn,
                _ => Audience::Public,
            };
            let protected = self.draw.below(1_000) == 0;
            let folded = search_key(&format!("{given} {family}")).replace(' ', ".");
            let row = entity::person::Model { version: 1, ..person::row(id, given, family, audience, protected) };
            self.sink.add(row).await?;
            let of = (SubjectKind::Person, id);
            self.contact(of, ContactPointKind::Email, format!("{folded}.{number}@example.org")).await?;
            if self.draw.percent(30) {
                self.phone(of).await?;
            }
            self.people.push(id);
            self.sink.made(1);
        }
        self.positions().await
    }

    /// A post for every second person. Each is held now, or was; some for the second time.
    async fn positions(&mut self) -> Result<(), Error> {
        let mut next = 0;
        let kept = self.size.groups / 3;
        for number in 0..self.size.people / 2 {
            let title = names::title(&mut self.draw);
            let (valid_from, valid_until, valid_precision) = always();
            let position = position::Model {
                id: self.draw.id(),
                organisation_id: *self.draw.one(&self.organisations),
                title: title.to_owned(),
                sort_key: sort_key(&[title]),
                search_key: search_key(title),
                valid_from,
                valid_until,
                valid_precision,
                version: 1,
            };
            let holders = 1 + self.draw.below(2);
            let tenures = self.tenures(position.id, holders, &mut next);
            self.sink.add(position.clone()).await?;
            for tenure in &tenures {
                self.sink.add(tenure.clone()).await?;
            }
            if self.draw.percent(10) {
                self.phone((SubjectKind::Position, position.id)).await?;
            }
            if number < kept {
                self.posts.push(Post { position, tenures });
            }
        }
        Ok(())
    }

    /// One after the other. One in ten posts is vacant now.
    fn tenures(&mut self, position_id: Uuid, holders: usize, next: &mut usize) -> Vec<tenure::Model> {
        let mut valid_from = earlier(self.today, 2_000 + self.draw.below(2_000) as u64);
        let mut tenures = Vec::with_capacity(holders);
        for number in 1..=holders {
            let valid_until = match number == holders {
                true if self.draw.percent(90) => FOREVER,
                true => earlier(self.today, 1 + self.draw.below(90) as u64),
                false => earlier(self.today, 100 + self.draw.below(1_400) as u64),
            };
            tenures.push(tenure::Model {
                id: self.draw.id(),
                position_id,
                person_id: self.people[*next % self.people.len()],
                end_reason: (valid_until != FOREVER).then(|| "Ny tjänst".to_owned()),
                valid_from,
                valid_until,
                valid_precision: 0,
                version: 1,
            });
            *next += 1;
            valid_from = valid_until;
        }
        tenures
    }

    /// Somebody. One in twenty is in many groups.
    pub(super) fn somebody(&mut self) -> Uuid {
        let among = if self.draw.percent(20) { self.people.len() / 20 } else { self.people.len() };
        self.people[self.draw.below(among)]
    }

    /// A number of those that nobody has (PTS: 070-1740605 to 070-1740699).
    pub(super) async fn phone(&mut self, of: (SubjectKind, Uuid)) -> Result<(), Error> {
        let number = 605 + self.draw.below(95);
        self.contact(of, ContactPointKind::Phone, format!("+46701740{number}")).await
    }

    pub(super) async fn contact(
        &mut self,
        (subject_kind, subject_id): (SubjectKind, Uuid),
        kind: ContactPointKind,
        value: String,
    ) -> Result<(), Error> {
        let (valid_from, valid_until, valid_precision): (NaiveDate, NaiveDate, i16) = always();
        let row = contact_point::Model {
            id: self.draw.id(),
            subject_kind,
            subject_id,
            kind,
            value,
            note: None,
            label: None,
            audience: if self.draw.percent(80) { Audience::SignedIn } else { Audience::Public },
            ordinal: 1,
            valid_from,
            valid_until,
            valid_precision,
            version: 1,
        };
        self.sink.add(row).await
    }
}
