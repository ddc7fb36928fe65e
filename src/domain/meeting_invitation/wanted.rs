//! Who is to be told what of meetings, and what of that is new.

use std::collections::{BTreeMap, HashMap, HashSet};

use entity::meeting_invitation::{ActiveModel, Column, Entity, Model};
use entity::values::{Audience, ContactPointKind, Instant, InvitationStanding, MeetingState};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::domain::calendar::{self, Sitting};
use crate::domain::meeting::{self, Expected};
use crate::domain::view::View;
use crate::domain::write::derived;
use crate::domain::{contact_point, membership};
use crate::error::Error;
use crate::interchange::calendar::Event;

/// Meetings that are looked at together, and rows that are written together.
const AT_ONCE: usize = 500;
/// How long it is remembered who was called, once the meeting is over: 30 days, in microseconds.
const REMEMBERED: i64 = 30 * 24 * 3600 * 1_000_000;

/// What is to be known of meetings.
pub struct Wanted {
    now: Instant,
    invitations: BTreeMap<Uuid, Invitation>,
    /// Those that there are, cancelled ones and past ones too.
    sittings: HashMap<Uuid, Sitting>,
}

/// What an address is to know of a sitting.
struct Invitation {
    sitting: Uuid,
    meeting: Uuid,
    person: Uuid,
    group: Uuid,
    address: String,
    event: Event,
}

/// What is to be known of these meetings now.
pub async fn of(view: &View, meetings: &[Uuid]) -> Result<Wanted, Error> {
    let mut wanted = Wanted { now: view.app.now(), invitations: BTreeMap::new(), sittings: HashMap::new() };
    for some in meetings.chunks(AT_ONCE) {
        let mut sittings: Vec<Sitting> = view.rows(meeting::sittings_of(view, some)).await?;
        wanted.sittings.extend(sittings.iter().map(|sitting| (sitting.id, sitting.clone())));
        sittings.retain(|sitting| wanted.is_coming(sitting));
        wanted.call(view, &sittings).await?;
    }
    Ok(wanted)
}

impl Wanted {
    /// Whether people can still come.
    fn is_coming(&self, sitting: &Sitting) -> bool {
        sitting.state != MeetingState::Cancelled && sitting.ends_at > self.now
    }

    /// Calls whoever should come to the sittings, by the address at which they are reached in that capacity.
    async fn call(&mut self, view: &View, coming: &[Sitting]) -> Result<(), Error> {
        let meetings: HashSet<Uuid> = coming.iter().map(|sitting| sitting.meeting_id).collect();
        let meetings: Vec<Uuid> = meetings.into_iter().collect();
        let expected = meeting::of_meetings(view, &meetings).await?;
        let addresses = addresses(view, expected.iter().flatten()).await?;
        let expected: HashMap<Uuid, Vec<Expected>> = meetings.into_iter().zip(expected).collect();
        for sitting in coming.chunk_by(|one, other| one.id == other.id) {
            let places = expected.get(&sitting[0].meeting_id).into_iter().flatten();
            let mut called: BTreeMap<&str, Vec<&Expected>> = BTreeMap::new();
            for place in places.filter(|place| sitting.iter().any(|row| row.group_id == place.membership.seat.group_id))
            {
                if let Some(address) = seated(place).and_then(|row| addresses.get(&row.membership.id)) {
                    called.entry(address).or_default().push(place);
                }
            }
            let invitations =
                called.into_iter().filter_map(|(address, places)| self.invitation(sitting, address, &places));
            let invitations: Vec<_> =
                invitations.map(|wanted| (derived(wanted.sitting, &wanted.address), wanted)).collect();
            self.invitations.extend(invitations);
        }
        Ok(())
    }

    /// What somebody is told of a sitting: of its groups, those in which they are called and those that everybody sees.
    fn invitation(&self, sitting: &[Sitting], address: &str, places: &[&Expected]) -> Option<Invitation> {
        let calls = |row: &&Sitting| places.iter().any(|place| place.membership.seat.group_id == row.group_id);
        let seen = sitting.iter().filter(|row| row.audience == Audience::Public || calls(row));
        let first = sitting.iter().filter(calls).min_by_key(|row| row.audience)?;
        Some(Invitation {
            sitting: first.id,
            meeting: first.meeting_id,
            person: places.first()?.person.as_ref()?.id,
            group: first.group_id,
            address: address.to_owned(),
            event: Event { changed_at: self.now, ..calendar::shown(seen.cloned().collect()).pop()? },
        })
    }

    /// Brings what the meetings' invitations say to what is wanted. What differs is due at once.
    pub async fn settle(mut self, transaction: &DatabaseTransaction, meetings: &[Uuid]) -> Result<(), Error> {
        for some in meetings.chunks(AT_ONCE) {
            let were = Entity::find().filter(Column::MeetingId.is_in(some.iter().copied())).order_by_asc(Column::Id);
            for row in were.lock(LockType::NoKeyUpdate).all(transaction).await? {
                let changed = match self.invitations.remove(&row.id) {
                    Some(wanted) => self.called(row, wanted)?,
                    None if self.knows_nothing(&row) => {
                        Entity::delete_by_id(row.id).exec(transaction).await?;
                        None
                    }
                    None => self.called_no_longer(row)?,
                };
                if let Some(row) = changed {
                    row.into_active_model().reset_all().update(transaction).await?;
                }
            }
        }
        let now = self.now;
        let new = self.invitations.into_iter().map(|(id, wanted)| wanted.row(id, now));
        let new = new.collect::<Result<Vec<_>, _>>()?;
        for some in new.chunks(AT_ONCE) {
            Entity::insert_many(some.to_vec()).exec_without_returning(transaction).await?;
        }
        let over = Column::EndsAt.lt(Instant(now.0 - REMEMBERED));
        Entity::delete_many().filter(over).exec(transaction).await?;
        Ok(())
    }

    /// Whether somebody is not called any more who never learned that they were.
    fn knows_nothing(&self, row: &Model) -> bool {
        row.told.is_none() && row.attempts == 0 && row.ends_at > self.now
    }

    fn called(&self, row: Model, wanted: Invitation) -> Result<Option<Model>, Error> {
        let standing = InvitationStanding::Invited;
        let now = Model { person_id: wanted.person, group_id: wanted.group, standing, ..row.clone() };
        if row.standing == standing && event(&row).is_ok_and(|was| was.says_the_same(&wanted.event)) {
            // Whose mailbox it is may differ all the same.
            return Ok((now != row).then_some(now));
        }
        self.due(now, wanted.event).map(Some)
    }

    /// What is over needs no word any more.
    fn called_no_longer(&self, row: Model) -> Result<Option<Model>, Error> {
        let sitting = self.sittings.get(&row.sitting_id);
        let held = sitting.is_some_and(|sitting| sitting.state != MeetingState::Cancelled);
        let over = row.ends_at <= self.now || (held && sitting.is_some_and(|sitting| sitting.ends_at <= self.now));
        if over || row.standing != InvitationStanding::Invited {
            return Ok(None);
        }
        let standing = if held { InvitationStanding::Withdrawn } else { InvitationStanding::Cancelled };
        let was = event(&row)?;
        let sequence = sitting.map_or(was.sequence + 1, |sitting| was.sequence.max(sitting.version - 1));
        let event = Event { sequence, changed_at: self.now, cancelled: true, ..was };
        self.due(Model { standing, ..row }, event).map(Some)
    }

    fn due(&self, row: Model, event: Event) -> Result<Model, Error> {
        Ok(Model {
            ends_at: event.ends_at,
            event: json(&event)?,
            revision: row.revision + 1,
            due_at: Some(self.now),
            // Whether anything was handed over is not forgotten: it may be on its way.
            attempts: row.attempts.min(1),
            failure: None,
            ..row
        })
    }
}

impl Invitation {
    fn row(self, id: Uuid, now: Instant) -> Result<ActiveModel, Error> {
        let row = Model {
            id,
            meeting_id: self.meeting,
            sitting_id: self.sitting,
            person_id: self.person,
            group_id: self.group,
            address: self.address,
            standing: InvitationStanding::Invited,
            told: None,
            told_at: None,
            ends_at: self.event.ends_at,
            event: json(&self.event)?,
            revision: 1,
            due_at: Some(now),
            attempts: 0,
            failure: None,
        };
        Ok(row.into_active_model().reset_all())
    }
}

/// The event that a row tells of.
pub fn event(row: &Model) -> Result<Event, Error> {
    serde_json::from_value(row.event.clone()).map_err(|error| Error::Internal(error.to_string()))
}

fn json(event: &Event) -> Result<serde_json::Value, Error> {
    serde_json::to_value(event).map_err(|error| Error::Internal(error.to_string()))
}

/// Where whoever should come gets mail: by the id that [`seated`] gives their place.
async fn addresses<'a>(
    view: &View,
    places: impl Iterator<Item = &'a Expected>,
) -> Result<HashMap<Uuid, String>, Error> {
    let members: HashMap<Uuid, membership::Row> =
        places.filter_map(seated).map(|row| (row.membership.id, row)).collect();
    let found = contact_point::effective(view.clone(), members.into_values().collect()).await?;
    let mut addresses = HashMap::new();
    for (member, row) in found.into_iter().filter(|(_, row)| row.kind == ContactPointKind::Email) {
        addresses.entry(member).or_insert(row.value);
    }
    Ok(addresses)
}

/// A place as if whoever comes to it sat there; but of what belongs to the place itself, nobody who stands in is reached by it.
fn seated(place: &Expected) -> Option<membership::Row> {
    let (comes, mut row) = (place.person.as_ref()?.id, place.membership.clone());
    if comes != row.membership.person_id {
        row.membership.id = derived(row.membership.id, &comes.to_string());
        row.membership.person_id = comes;
        row.seat.id = Uuid::nil();
        row.seat.position_id = None;
    }
    Some(row)
}
