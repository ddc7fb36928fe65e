//! Organisations and their units, some renamed, some closed.

use chrono::NaiveDate;
use entity::values::{FOREVER, OrganisationKind, START_OF_TIME, SubjectKind, search_key, sort_key};
use entity::{organisation, organisation_name};
use uuid::Uuid;

use super::{World, always, names};
use crate::domain::filter;
use crate::error::Error;

/// What kinds there are, and how they are named after their place.
const KINDS: [(OrganisationKind, &str, &str); 9] = [
    (OrganisationKind::Municipality, "", " kommun"),
    (OrganisationKind::Company, "", " Utveckling AB"),
    (OrganisationKind::StateAgency, "Länsstyrelsen i ", ""),
    (OrganisationKind::Association, "Föreningen ", " framåt"),
    (OrganisationKind::EducationProvider, "", " folkhögskola"),
    (OrganisationKind::Region, "Region ", ""),
    (OrganisationKind::MunicipalAssociation, "Kommunalförbundet ", ""),
    (OrganisationKind::University, "Högskolan i ", ""),
    (OrganisationKind::Union, "Facket i ", ""),
];
/// When those that are renamed, or closed, were.
const TURN: NaiveDate = NaiveDate::from_ymd_opt(2019, 1, 1).unwrap();

impl World<'_> {
    pub(super) async fn organisations(&mut self) -> Result<(), Error> {
        let tops = self.size.organisations * 3 / 5;
        let mut places: Vec<(Uuid, String)> = Vec::with_capacity(tops);
        for number in 0..self.size.organisations {
            let id = self.draw.id();
            let (kind, name, parent_id) = if number < tops {
                let (kind, before, after) = KINDS[number % KINDS.len()];
                let place = names::place(&mut self.draw);
                let name = format!("{before}{place}{after}");
                places.push((id, place));
                (kind, name, None)
            } else {
                let (parent, place) = places[self.draw.below(tops)].clone();
                (OrganisationKind::Unit, format!("{} i {place}", names::unit(&mut self.draw)), Some(parent))
            };
            // Only those without units: what lies in an organisation that is closed is closed, too.
            let closed = parent_id.is_some() && self.draw.percent(5);
            let (valid_from, valid_until, valid_precision) = always();
            let row = organisation::Model {
                id,
                slug: format!("{}-{number}", slug(&name)),
                kind,
                organisation_number: None,
                municipality_code: None,
                parent_id,
                successor_id: self.organisations.last().copied().filter(|_| closed),
                valid_from,
                valid_until: if closed { TURN } else { valid_until },
                valid_precision,
                version: 1,
            };
            self.sink.add_on_record("createOrganisation", SubjectKind::Organisation, row).await?;
            self.names(id, &name).await?;
            if !closed {
                self.organisations.push(id);
            }
            if kind == OrganisationKind::Municipality {
                self.municipalities.push(id);
            }
            self.sink.made(1);
        }
        Ok(())
    }

    /// One name for all time, or two.
    async fn names(&mut self, organisation_id: Uuid, name: &str) -> Result<(), Error> {
        let before = format!("Gamla {name}");
        let renamed = [(before.as_str(), START_OF_TIME, TURN), (name, TURN, FOREVER)];
        let kept = [(name, START_OF_TIME, FOREVER)];
        let names: &[_] = if self.draw.percent(10) { &renamed } else { &kept };
        for (name, valid_from, valid_until) in names {
            let row = organisation_name::Model {
                id: self.draw.id(),
                organisation_id,
                name: (*name).to_owned(),
                short_name: None,
                sort_key: sort_key(&[name]),
                search_key: filter::name_key(name, None),
                valid_from: *valid_from,
                valid_until: *valid_until,
                valid_precision: 0,
            };
            self.sink.add(row).await?;
        }
        Ok(())
    }
}

/// A name as it stands in addresses.
pub fn slug(name: &str) -> String {
    search_key(name).replace(' ', "-")
}
