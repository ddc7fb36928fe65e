//! What is asked of events: record, update, remove.

use async_graphql::{InputObject, MaybeUndefined};
use entity::values::{Audience, Date, Exactness, GlobalId, Period, SubjectKind};
use entity::{Dated, event, event_organiser};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::EventInput;
use super::record::{arrange, arranging, settle, write};
use crate::domain::figure;
use crate::domain::input::{self, seen_if_given};
use crate::domain::owner::{Owner, OwnerInput};
use crate::domain::source::{self, QuotedInput};
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::error::{Code, Error, Said};
use crate::policy::{self, Action, Permit};

/// The most who arrange one event.
const MOST: usize = 50;

/// An event that has been, or is to be.
#[derive(Clone, Debug, InputObject)]
pub struct RecordEventInput {
    /// Whose it is: who arranges it, and changes what is on record.
    pub owner: OwnerInput,
    /// What it is called.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// Who else arranges it.
    #[graphql(default)]
    pub organisers: Vec<OwnerInput>,
    /// The assignment of an agreement under which it is arranged.
    pub assignment: Option<GlobalId>,
    /// What it is about, in a word or two, such as "Skola & förskola".
    pub subject_area: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// How many took part.
    pub participants: Option<i32>,
    /// How exactly that is known.
    #[graphql(default_with = "Exactness::Exact")]
    pub exactness: Exactness,
    /// Who may see it.
    #[graphql(default_with = "Audience::Public")]
    pub audience: Audience,
    /// The first day.
    pub from: Date,
    /// The day after the last; one day when left out.
    pub until: Option<Date>,
    /// Where this is taken from.
    #[graphql(default)]
    pub sources: Vec<QuotedInput>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// What is to be different about an event; what is left out stays.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateEventInput {
    /// Which.
    pub event: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// Whose it is: somebody for whom the asker may record events.
    pub owner: Option<OwnerInput>,
    /// What it is called.
    pub name: Option<String>,
    /// What it is about; null for nothing more.
    pub description: MaybeUndefined<String>,
    /// Who else arranges it: all of them.
    pub organisers: Option<Vec<OwnerInput>>,
    /// The assignment of an agreement under which it is arranged; null for none.
    pub assignment: MaybeUndefined<GlobalId>,
    /// What it is about, in a word or two; null for nothing.
    pub subject_area: MaybeUndefined<String>,
    /// Where; null for unknown.
    pub place: MaybeUndefined<String>,
    /// How many took part; null for unknown.
    pub participants: MaybeUndefined<i32>,
    /// How exactly that is known.
    pub exactness: Option<Exactness>,
    /// Who may see it.
    pub audience: Option<Audience>,
    /// The first day.
    pub from: Option<Date>,
    /// The day after the last.
    pub until: Option<Date>,
    /// Where this is taken from: all of it.
    pub sources: Option<Vec<QuotedInput>>,
    /// Whether to say only what would change, and change nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which event was not to be. The trail holds what it was.
#[derive(Clone, Debug, InputObject)]
pub struct RemoveEventInput {
    /// Which.
    pub event: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for RecordEventInput {
    how!(RecordEvent);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = self.owner.permit(view, Action::RecordEvent).await?;
        input::audience(view, self.audience)?;
        seen_if_given(view, self.assignment, SubjectKind::Assignment, "assignment").await?;
        organisers_seen(view, &self.organisers).await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (id, mut entry) = writer.entry_of_new(SubjectKind::Event);
        let until = self.until.or(self.from.0.succ_opt().map(Date));
        let participants = input::amount(self.participants, "participants")?;
        let input = EventInput {
            name: input::name(&self.name, "name")?,
            description: input::text_if_given(self.description.as_ref(), "description")?,
            owner: self.owner.into(),
            organisers: others(self.organisers.iter().map(|given| Owner::from(*given)), self.owner.into())?,
            assignment: self.assignment.map(|id| id.of(SubjectKind::Assignment)),
            subject_area: input::name_if_given(self.subject_area.as_ref(), "subjectArea")?,
            place: input::name_if_given(self.place.as_ref(), "place")?,
            participants: participants.map(|number| (number, self.exactness)),
            audience: self.audience,
            period: input::period(self.from, until).map_err(|error| error.at("until"))?,
            sources: source::quoted(&self.sources)?,
        };
        write(writer, &mut entry, id, input).await?;
        writer.finish::<event::Model>(entry).await?;
        Ok(id)
    }
}

impl Command for UpdateEventInput {
    how!(UpdateEvent, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = permit(view, Action::UpdateEvent, self.event).await?;
        if let Some(owner) = self.owner {
            owner.permit(view, Action::RecordEvent).await?;
        }
        if let Some(audience) = self.audience {
            input::audience(view, audience)?;
        }
        seen_if_given(view, self.assignment.value().copied(), SubjectKind::Assignment, "assignment").await?;
        organisers_seen(view, self.organisers.as_deref().unwrap_or_default()).await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.event.of(SubjectKind::Event);
        let was: event::Model = writer.expect(SubjectKind::Event, id, self.expected_version).await?;
        let mut entry = writer.entry(SubjectKind::Event, id);
        let row = self.changed(was)?;
        let owner = Owner::of(row.group_id, row.organisation_id);
        settle(writer, &mut entry, row).await?;
        let organisers = match &self.organisers {
            Some(given) => given.iter().map(|given| Owner::from(*given)).collect(),
            None => arranging(writer, id).await?,
        };
        arrange(writer, &mut entry, id, &others(organisers.into_iter(), owner)?).await?;
        if let Some(quoted) = &self.sources {
            source::put(writer, &mut entry, (SubjectKind::Event, id), source::quoted(quoted)?).await?;
        }
        writer.finish::<event::Model>(entry).await?;
        Ok(id)
    }
}

impl UpdateEventInput {
    fn changed(&self, mut row: event::Model) -> Result<event::Model, Error> {
        if let Some(owner) = self.owner {
            (row.group_id, row.organisation_id) = Owner::columns(Some(owner.into()));
        }
        if let Some(name) = &self.name {
            row.name = input::name(name, "name")?;
        }
        row.description = input::changed_text(&self.description, row.description, "description")?;
        let assignment = self.assignment.map_value(|id| id.of(SubjectKind::Assignment));
        row.assignment_id = input::changed(&assignment, row.assignment_id);
        row.subject_area = input::changed_name(&self.subject_area, row.subject_area, "subjectArea")?;
        row.place = input::changed_name(&self.place, row.place, "place")?;
        row.participants = input::amount(input::changed(&self.participants, row.participants), "participants")?;
        let exactness = self.exactness.or(row.exactness).unwrap_or(Exactness::Exact);
        row.exactness = row.participants.map(|_| exactness);
        row.audience = self.audience.unwrap_or(row.audience);
        let until = self.until.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value);
        let period: Period = input::moved(row.period(), self.from, &until).map_err(|error| error.at("until"))?;
        row.set_period(period);
        Ok(row)
    }
}

impl Command for RemoveEventInput {
    how!(RemoveEvent);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::RemoveEvent, self.event).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.event.of(SubjectKind::Event);
        let row: event::Model = writer.expect(SubjectKind::Event, id, self.expected_version).await?;
        let mut entry = writer.entry(SubjectKind::Event, id);
        let organisers = event_organiser::Entity::find().filter(event_organiser::Column::EventId.eq(id));
        let organisers = organisers.all(writer.db()).await?;
        writer.replace(&mut entry, organisers, Vec::new()).await?;
        figure::remove_of(writer, &mut entry, id).await?;
        writer.remove(&mut entry, row).await?;
        writer.record(entry);
        Ok(id)
    }
}

async fn permit(view: &View, action: Action, event: GlobalId) -> Result<Permit, Error> {
    let subject = (SubjectKind::Event, event.of(SubjectKind::Event));
    policy::permit_on(&view.app, &view.actor, action, subject).await.map_err(|error| error.at("event"))
}

async fn organisers_seen(view: &View, organisers: &[OwnerInput]) -> Result<(), Error> {
    input::at_most(organisers.len(), MOST, "organisers")?;
    input::subjects_seen(view, organisers.iter().map(|organiser| organiser.subject()), "organisers").await
}

/// Who arranges an event beside the one whose it is.
fn others(organisers: impl Iterator<Item = Owner>, owner: Owner) -> Result<Vec<Owner>, Error> {
    let mut others = Vec::new();
    for organiser in organisers {
        if organiser == owner || others.contains(&organiser) {
            let twice = Said::both("this names somebody twice", "detta anger någon två gånger");
            return Err(Error::invalid(Code::InvalidInput, twice).at("organisers"));
        }
        others.push(organiser);
    }
    Ok(others)
}
