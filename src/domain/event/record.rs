//! An event as it is on record: its row and who arranges it.

use entity::values::{Audience, Exactness, Period, SubjectKind, search_key, sort_key};
use entity::{event, event_organiser};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::domain::owner::Owner;
use crate::domain::source::{self, SourceInput};
use crate::domain::write::{Entry, Outcome, Verbs, Writer, derived};
use crate::error::Error;

/// An event, as a verb takes it.
#[derive(Clone, Debug)]
pub struct EventInput {
    pub name: String,
    pub description: Option<String>,
    pub owner: Owner,
    /// Who else arranges it.
    pub organisers: Vec<Owner>,
    pub assignment: Option<Uuid>,
    pub subject_area: Option<String>,
    pub place: Option<String>,
    /// How many took part, and how exactly that is known.
    pub participants: Option<(i32, Exactness)>,
    pub audience: Audience,
    pub period: Period,
    pub sources: Vec<SourceInput>,
}

const VERBS: Verbs = Verbs { new: "recordEvent", changed: "updateEvent", gone: "removeEvent" };

/// Makes an event what it should be.
pub async fn put(writer: &mut Writer, id: Uuid, input: EventInput) -> Result<Outcome, Error> {
    let mut entry = Entry::new(VERBS, SubjectKind::Event, id);
    write(writer, &mut entry, id, input).await?;
    writer.finish::<event::Model>(entry).await
}

/// The same as part of the verb that the entry is of.
pub async fn write(writer: &Writer, entry: &mut Entry, id: Uuid, input: EventInput) -> Result<(), Error> {
    let (valid_from, valid_until, valid_precision) = input.period.columns();
    let (group_id, organisation_id) = Owner::columns(Some(input.owner));
    let row = event::Model {
        id,
        name: input.name,
        description: input.description,
        group_id,
        organisation_id,
        assignment_id: input.assignment,
        subject_area: input.subject_area,
        subject_area_key: None,
        place: input.place,
        participants: input.participants.map(|(number, _)| number),
        exactness: input.participants.map(|(_, exactness)| exactness),
        audience: input.audience,
        sort_key: Vec::new(),
        search_key: String::new(),
        valid_from,
        valid_until,
        valid_precision,
        version: 0,
    };
    settle(writer, entry, row).await?;
    arrange(writer, entry, id, &input.organisers).await?;
    source::put(writer, entry, (SubjectKind::Event, id), input.sources).await
}

/// Writes an event's row, with the keys that follow from its name and its subject area.
pub async fn settle(writer: &Writer, entry: &mut Entry, mut row: event::Model) -> Result<(), Error> {
    row.sort_key = sort_key(&[&row.name]);
    row.search_key = search_key(&row.name);
    row.subject_area_key = row.subject_area.as_deref().map(search_key);
    writer.put(entry, row).await
}

/// Brings those who arrange an event with the one whose it is to what they should be.
pub async fn arrange(writer: &Writer, entry: &mut Entry, id: Uuid, organisers: &[Owner]) -> Result<(), Error> {
    let were = event_organiser::Entity::find().filter(event_organiser::Column::EventId.eq(id));
    let were = were.all(writer.db()).await?;
    let wanted = (1..).zip(organisers).map(|(ordinal, organiser)| {
        let (group_id, organisation_id) = Owner::columns(Some(*organiser));
        let id_of_it = derived(id, &format!("organiser/{}", organiser.id()));
        event_organiser::Model { id: id_of_it, event_id: id, ordinal, group_id, organisation_id }
    });
    writer.replace(entry, were, wanted.collect()).await
}

/// Who arranges an event with the one whose it is, in the order in which they were given.
pub async fn arranging(writer: &Writer, id: Uuid) -> Result<Vec<Owner>, Error> {
    let organisers = event_organiser::Entity::find().filter(event_organiser::Column::EventId.eq(id));
    let organisers = organisers.order_by_asc(event_organiser::Column::Ordinal).all(writer.db()).await?;
    Ok(organisers.iter().map(|row| Owner::of(row.group_id, row.organisation_id)).collect())
}
