//! What is asked of organisations: create, update. Renaming, closing and merging have files of their own.

use async_graphql::{InputObject, MaybeUndefined};
use entity::values::{
    Date, GlobalId, MunicipalityCode, OrganisationKind, OrganisationNumber, Period, Role, Slug, SubjectKind,
};
use entity::{Dated, organisation};
use uuid::Uuid;

use super::belongings::lock_in_order;
use super::{NameInput, OrganisationInput, write};
use crate::domain::input;
use crate::domain::narrow;
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::error::{Code, Error, Rule, Said};
use crate::policy::{self, Action, Permit};

/// Which organisation is to be there.
#[derive(Clone, Debug, InputObject)]
pub struct CreateOrganisationInput {
    /// Its name in addresses; made from the name when left out.
    pub slug: Option<String>,
    /// What sort of organisation it is; of a representative always a unit.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: String,
    /// The short form of the name.
    pub short_name: Option<String>,
    /// Its organisation number, `NNNNNN-NNNN` or ten digits.
    pub organisation_number: Option<String>,
    /// Its municipality code in SCB's list, four digits.
    pub municipality_code: Option<String>,
    /// The organisation that it is part of.
    pub parent: Option<GlobalId>,
    /// The first day; when left out nobody knows since when.
    pub from: Option<Date>,
    /// The day after the last; that of the parent when left out.
    pub until: Option<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// What is to be different about an organisation; what is left out stays.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateOrganisationInput {
    /// Which.
    pub organisation: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// Its name in addresses. Links to the old one lead nowhere.
    pub slug: Option<String>,
    /// What sort of organisation it is; of a representative always a unit.
    pub kind: Option<OrganisationKind>,
    /// Its organisation number, `NNNNNN-NNNN` or ten digits; null for none.
    pub organisation_number: MaybeUndefined<String>,
    /// Its municipality code in SCB's list, four digits; null for none.
    pub municipality_code: MaybeUndefined<String>,
    /// The organisation that it is part of, in which the asker may make organisations; null for none.
    pub parent: MaybeUndefined<GlobalId>,
    /// The first day; null when nobody knows. What belongs to it and began earlier begins then, too.
    pub from: MaybeUndefined<Date>,
    /// A later day after the last, when it was closed too early; null for no end.
    pub until: MaybeUndefined<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for CreateOrganisationInput {
    how!(CreateOrganisation);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = to_create(view, self.parent).await?;
        units_only(&permit, self.kind)?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (id, mut entry) = writer.entry_of_new(SubjectKind::Organisation);
        let name = input::name(&self.name, "name")?;
        let parent = self.parent.map(|id| id.of(SubjectKind::Organisation));
        let period = Period::new(self.from.map(|day| day.0), self.until.map(|day| day.0))
            .map_err(|_| Error::conflict(Rule::PeriodEmpty).at("until"))?;
        let input = OrganisationInput {
            slug: match &self.slug {
                Some(slug) => parsed(slug)?,
                None => Slug::from_name(&name).map_err(|_| no_slug())?,
            },
            kind: self.kind,
            names: vec![NameInput {
                name,
                short_name: self.short_name.as_deref().map(|short| input::name(short, "shortName")).transpose()?,
                period: Period::ALWAYS,
            }],
            organisation_number: self.organisation_number.as_deref().map(number).transpose()?,
            municipality_code: self.municipality_code.as_deref().map(code).transpose()?,
            parent,
            successor: None,
            period: not_outlasting(writer, parent, period).await?,
            sources: Vec::new(),
        };
        write(writer, &mut entry, id, input).await?;
        writer.finish::<organisation::Model>(entry).await?;
        Ok(id)
    }
}

impl Command for UpdateOrganisationInput {
    how!(UpdateOrganisation);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = permit(view, Action::UpdateOrganisation, self.organisation).await?;
        if let Some(kind) = self.kind {
            units_only(&permit, kind)?;
        }
        if !self.parent.is_undefined() {
            to_create(view, self.parent.value().copied()).await?;
        }
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.organisation.of(SubjectKind::Organisation);
        let parent = self.parent.map_value(|id| id.of(SubjectKind::Organisation));
        lock_in_order(writer, &[Some(id), parent.value().copied()]).await?;
        let was: organisation::Model = writer.expect(SubjectKind::Organisation, id, self.expected_version).await?;
        let mut row = was.clone();
        if let Some(slug) = &self.slug {
            row.slug = parsed(slug)?.into();
        }
        row.kind = self.kind.unwrap_or(was.kind);
        row.organisation_number = match &self.organisation_number {
            MaybeUndefined::Value(text) => Some(number(text)?.digits().to_owned()),
            other => input::changed(other, was.organisation_number.clone()),
        };
        row.municipality_code = match &self.municipality_code {
            MaybeUndefined::Value(text) => Some(code(text)?.into()),
            other => input::changed(other, was.municipality_code.clone()),
        };
        row.parent_id = input::changed(&parent, was.parent_id);
        let mut period = input::prolonged(was.period(), &self.from, &self.until)?;
        if row.parent_id != was.parent_id || period.columns().1 > was.valid_until {
            period = not_outlasting(writer, row.parent_id, period).await?;
        }
        row.set_period(period);
        let mut entry = writer.entry(SubjectKind::Organisation, id);
        narrow::organisation(writer, &mut entry, id, period).await?;
        writer.put(&mut entry, row).await?;
        writer.finish::<organisation::Model>(entry).await?;
        Ok(id)
    }
}

/// To do something to an organisation.
pub(super) async fn permit(view: &View, action: Action, organisation: GlobalId) -> Result<Permit, Error> {
    let subject = (SubjectKind::Organisation, organisation.of(SubjectKind::Organisation));
    policy::permit_on(&view.app, &view.actor, action, subject).await.map_err(|error| error.at("organisation"))
}

/// To make an organisation there, or to move one there.
async fn to_create(view: &View, parent: Option<GlobalId>) -> Result<Permit, Error> {
    let permit = match parent {
        Some(parent) => {
            let subject = (SubjectKind::Organisation, parent.of(SubjectKind::Organisation));
            policy::permit_on(&view.app, &view.actor, Action::CreateOrganisation, subject).await
        }
        None => policy::permit(&view.actor, Action::CreateOrganisation),
    };
    permit.map_err(|error| match error {
        Error::Denied(_) => error,
        other => other.at("parent"),
    })
}

/// A representative makes units inside their organisation and nothing else: what is no unit an administrator enters.
fn units_only(permit: &Permit, kind: OrganisationKind) -> Result<(), Error> {
    let represents = permit.on_behalf_of().is_some() && !permit.actor().has(Role::Administrator);
    if represents && kind != OrganisationKind::Unit {
        return Err(Error::NotAllowed(vec![Role::Administrator]).at("kind"));
    }
    Ok(())
}

/// The period of a unit: an open end is that of the organisation which it is part of, and which it never outlasts.
async fn not_outlasting(writer: &Writer, parent: Option<Uuid>, period: Period) -> Result<Period, Error> {
    let Some(parent) = parent else { return Ok(period) };
    let outer: organisation::Model = writer.lock(parent).await?.ok_or(Error::NotFound.at("parent"))?;
    let outlasts =
        || Error::conflict_on(Rule::UnitOutlastsOrganisation, SubjectKind::Organisation, parent).at("parent");
    match (period.until(), outer.period().until()) {
        (None, Some(end)) => period.ending(Some(end.0)).map_err(|_| outlasts()),
        (Some(own), Some(end)) if own > end => Err(outlasts()),
        _ => Ok(period),
    }
}

fn parsed(slug: &str) -> Result<Slug, Error> {
    let said = Said::both(
        "a slug has lower-case letters a–z, digits and single hyphens, at most 80 characters",
        "ett adressnamn har små bokstäver a–z, siffror och enkla bindestreck, högst 80 tecken",
    );
    Slug::parse(slug).map_err(|_| Error::invalid(Code::InvalidInput, said).at("slug"))
}

fn no_slug() -> Error {
    let said = Said::both(
        "this name makes no name in addresses: give a slug",
        "av namnet går det inte att göra ett adressnamn: ange slug",
    );
    Error::invalid(Code::InvalidInput, said).at("slug")
}

fn number(text: &str) -> Result<OrganisationNumber, Error> {
    let said = Said::both(
        "an organisation number has ten digits, NNNNNN-NNNN, and a valid check digit",
        "ett organisationsnummer har tio siffror, NNNNNN-NNNN, och en giltig kontrollsiffra",
    );
    OrganisationNumber::parse(text).map_err(|_| Error::invalid(Code::InvalidInput, said).at("organisationNumber"))
}

fn code(text: &str) -> Result<MunicipalityCode, Error> {
    let said = Said::both("a municipality code has four digits", "en kommunkod har fyra siffror");
    MunicipalityCode::parse(text).ok_or_else(|| Error::invalid(Code::InvalidInput, said).at("municipalityCode"))
}
