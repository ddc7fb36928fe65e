//! What is asked of contact points: add, update, remove. Whoever may not see a contact point may not change it either, though they may change
//! what it belongs to.

use async_graphql::{InputObject, MaybeUndefined};
use entity::values::{Audience, ContactPointKind, ContactValue, Date, GlobalId, SubjectKind};
use entity::{Dated, contact_point};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::by_ids;
use crate::domain::input;
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::error::{Code, Error, Said, Subject};
use crate::policy::{self, Action, Permit};

/// How somebody or something is to be reached.
#[derive(Clone, Debug, InputObject)]
pub struct AddContactPointInput {
    /// Who or what: a person, an organisation, a position, a membership, a seat, a group or a project.
    pub of: GlobalId,
    /// What it is.
    pub kind: ContactPointKind,
    /// The number or the address. A phone number without a country is Swedish; what stands after it becomes the note.
    pub value: String,
    /// What it is for, such as "växel".
    pub label: Option<String>,
    /// What is printed after it, such as "vx".
    pub note: Option<String>,
    /// Who may see it.
    #[graphql(default_with = "Audience::Public")]
    pub audience: Audience,
    /// The first day; today when left out.
    pub from: Option<Date>,
    /// The day after the last; open when left out.
    pub until: Option<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// What is to be different about a contact point; what is left out stays.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateContactPointInput {
    /// Which.
    pub contact_point: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The number or the address, of the same kind as before.
    pub value: Option<String>,
    /// What it is for; null for nothing in particular.
    pub label: MaybeUndefined<String>,
    /// What is printed after it; null for nothing.
    pub note: MaybeUndefined<String>,
    /// Who may see it.
    pub audience: Option<Audience>,
    /// The first day.
    pub from: Option<Date>,
    /// The day after the last; null for open.
    pub until: MaybeUndefined<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which contact point is to end, and when. One that has not begun, or begins today, is taken away.
#[derive(Clone, Debug, InputObject)]
pub struct RemoveContactPointInput {
    /// Which.
    pub contact_point: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The day after the last; today when left out.
    pub until: Option<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for AddContactPointInput {
    how!(AddContactPoint);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let subject = self.subject().map_err(|error| error.at("of"))?;
        let permit = policy::permit_on(&view.app, &view.actor, Action::AddContactPoint, subject).await;
        let permit = permit.map_err(|error| error.at("of"))?;
        input::audience(view, self.audience)?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (subject_kind, subject_id) = self.subject()?;
        let value = parsed(self.kind, &self.value)?;
        let note = self.note.as_deref().map(|note| input::text(note, "note")).transpose()?;
        let from = self.from.unwrap_or(Date(writer.app().today()));
        let (valid_from, valid_until, valid_precision) = input::period(from, self.until)?.columns();
        let row = contact_point::Model {
            id: writer.app().new_id(),
            subject_kind,
            subject_id,
            kind: value.kind,
            value: value.value,
            note: note.or(value.note),
            label: self.label.as_deref().map(|label| input::name(label, "label")).transpose()?,
            audience: self.audience,
            ordinal: self.next(writer, subject_id).await?,
            valid_from,
            valid_until,
            valid_precision,
            version: 0,
        };
        settle(writer, row).await
    }
}

impl AddContactPointInput {
    fn subject(&self) -> Result<Subject, Error> {
        Ok((self.of.kind.ok_or(Error::NotFound)?, self.of.id))
    }

    /// The place after the last of its kind.
    async fn next(&self, writer: &Writer, subject: Uuid) -> Result<i32, Error> {
        let all = contact_point::Entity::find().filter(contact_point::Column::SubjectId.eq(subject));
        let of_kind = all.filter(contact_point::Column::Kind.eq(self.kind)).all(writer.db()).await?;
        Ok(of_kind.iter().map(|row| row.ordinal).max().unwrap_or_default() + 1)
    }
}

impl Command for UpdateContactPointInput {
    how!(UpdateContactPoint);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = permit(view, Action::UpdateContactPoint, self.contact_point).await?;
        if let Some(wanted) = self.audience {
            input::audience(view, wanted)?;
        }
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let mut row = expected(writer, self.contact_point, self.expected_version).await?;
        if let Some(value) = &self.value {
            let value = parsed(row.kind, value)?;
            row.value = value.value;
            row.note = value.note.or(row.note);
        }
        row.note = input::changed_text(&self.note, row.note, "note")?;
        row.label = match &self.label {
            MaybeUndefined::Value(label) => Some(input::name(label, "label")?),
            other => input::changed(other, row.label),
        };
        row.audience = self.audience.unwrap_or(row.audience);
        row.set_period(input::moved(row.period(), self.from, &self.until)?);
        settle(writer, row).await
    }
}

impl Command for RemoveContactPointInput {
    how!(RemoveContactPoint);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::RemoveContactPoint, self.contact_point).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let mut row = expected(writer, self.contact_point, self.expected_version).await?;
        let today = writer.app().today();
        let until = self.until.map_or(today, |date| date.0);
        if row.valid_from < today || until > row.valid_from {
            row.set_period(input::ended(row.period(), Some(Date(until)), today)?);
            return settle(writer, row).await;
        }
        // Nobody could have used it on any day before.
        let id = row.id;
        let mut entry = writer.entry(SubjectKind::ContactPoint, id);
        writer.remove(&mut entry, row).await?;
        writer.finish::<contact_point::Model>(entry).await?;
        Ok(id)
    }
}

/// The permit for what the contact point belongs to, for those who may see the contact point itself.
async fn permit(view: &View, action: Action, id: GlobalId) -> Result<Permit, Error> {
    let found = by_ids(view.clone(), vec![id.of(SubjectKind::ContactPoint)]).await?.pop();
    let row = found.ok_or_else(|| Error::NotFound.at("contactPoint"))?;
    let subject = (row.subject_kind, row.subject_id);
    policy::permit_on(&view.app, &view.actor, action, subject).await.map_err(|error| error.at("contactPoint"))
}

async fn expected(writer: &Writer, id: GlobalId, version: i32) -> Result<contact_point::Model, Error> {
    writer.expect(SubjectKind::ContactPoint, id.of(SubjectKind::ContactPoint), version).await
}

fn parsed(kind: ContactPointKind, text: &str) -> Result<ContactValue, Error> {
    let swedish = match kind {
        ContactPointKind::Email => "detta är ingen e-postadress",
        ContactPointKind::Phone => "detta är inget telefonnummer som går att ringa",
        ContactPointKind::Address => "en adress har mellan 1 och 500 tecken",
        ContactPointKind::Web => "en webbadress börjar med https:// eller http:// och anger en värd",
    };
    ContactValue::parse(kind, text)
        .map_err(|error| Error::invalid(Code::InvalidInput, Said::both(error.to_string(), swedish)).at("value"))
}

async fn settle(writer: &mut Writer, row: contact_point::Model) -> Result<Uuid, Error> {
    let id = row.id;
    let mut entry = writer.entry(SubjectKind::ContactPoint, id);
    writer.put(&mut entry, row).await?;
    writer.finish::<contact_point::Model>(entry).await?;
    Ok(id)
}
