//! Seats of a group, and who sits on them and has sat.

use chrono::NaiveDate;
use entity::values::{FOREVER, SeatFill, SeatRole};
use entity::{membership, seat, substitution};
use uuid::Uuid;

use super::World;
use super::draw::{earlier, later};
use super::groups::{Group, within};
use crate::domain::membership::held_through;
use crate::error::Error;

/// The seats of which each group has one.
const LEADERS: [SeatRole; 4] = [SeatRole::Chair, SeatRole::ViceChair, SeatRole::Secretary, SeatRole::Contact];
/// What the other seats are for.
const ROLES: [SeatRole; 6] =
    [SeatRole::Member, SeatRole::Member, SeatRole::Member, SeatRole::Member, SeatRole::Substitute, SeatRole::Adjunct];
/// How many sit on a member seat at once.
const CAPACITY: usize = 2;

/// A place on a seat, on which one sits after the other.
struct Lane {
    seat: Uuid,
    on_behalf_of: Uuid,
    length: usize,
}

impl World<'_> {
    /// So many memberships, two thirds of them on lanes of one and the others before those. Those who sit today.
    pub(super) async fn members(&mut self, number: usize, group: &Group, wanted: usize) -> Result<Vec<Uuid>, Error> {
        let mut ordinals = [0; 16];
        let by_post =
            if number.is_multiple_of(3) && wanted >= 20 { self.ex_officio(group, &mut ordinals).await? } else { 0 };
        let wanted = wanted - by_post;
        let mut lanes = Vec::new();
        while lanes.len() < (wanted * 2).div_ceil(3) {
            let leader = LEADERS.get(lanes.len()).copied();
            let role = leader.unwrap_or_else(|| ROLES[(lanes.len() - LEADERS.len()) / CAPACITY % ROLES.len()]);
            let places = if leader.is_some() { 1 } else { CAPACITY };
            let seat = self.seat(group, role, places, &mut ordinals);
            let on_behalf_of = seat.organisation_id.unwrap_or(seat.id);
            lanes.extend((0..places).map(|_| Lane { seat: seat.id, on_behalf_of, length: 1 }));
            self.sink.add(seat).await?;
        }
        lanes.truncate(wanted);
        for _ in lanes.len()..wanted {
            let lane = self.draw.below(lanes.len());
            lanes[lane].length += 1;
        }
        let mut people: Vec<Uuid> = Vec::with_capacity(wanted);
        let mut sitting = Vec::new();
        for lane in lanes {
            sitting.extend(self.lane(group, &lane, &mut people).await?);
        }
        Ok(sitting)
    }

    fn seat(&mut self, group: &Group, role: SeatRole, places: usize, ordinals: &mut [i32; 16]) -> seat::Model {
        let ordinal = &mut ordinals[role as usize];
        *ordinal += 1;
        let organisation = *self.draw.one(&self.organisations);
        seat::Model {
            id: self.draw.id(),
            group_id: group.id,
            role,
            organisation_id: Some(organisation),
            appointer_id: Some(organisation),
            fill: SeatFill::Appointed,
            position_id: None,
            capacity: i32::try_from(places).ok(),
            voting: role.votes(),
            description: None,
            ordinal: *ordinal,
            valid_from: group.valid_from,
            valid_until: group.valid_until,
            valid_precision: 0,
            version: 1,
        }
    }

    /// A seat that goes with a position, and the memberships that follow from who holds it. How many.
    async fn ex_officio(&mut self, group: &Group, ordinals: &mut [i32; 16]) -> Result<usize, Error> {
        let Some(post) = self.posts.pop() else { return Ok(0) };
        let row = self.seat(group, SeatRole::Member, 1, ordinals);
        let organisation_id = Some(post.position.organisation_id);
        let position_id = Some(post.position.id);
        let row = seat::Model { fill: SeatFill::ExOfficio, organisation_id, position_id, ..row };
        let memberships = held_through(&row, &post.position, &post.tenures);
        self.sink.add(row).await?;
        let count = memberships.len();
        for membership in memberships {
            self.sink.add(membership::Model { version: 1, ..membership }).await?;
        }
        self.sink.made(count);
        Ok(count)
    }

    /// The memberships of a lane, none of the people in the group already. Who sits there today.
    async fn lane(&mut self, group: &Group, lane: &Lane, people: &mut Vec<Uuid>) -> Result<Option<Uuid>, Error> {
        let (mut valid_from, turns, last_day) = self.turns(group, lane.length);
        let mut replaces_id = None;
        let mut sitting = None;
        for place in 0..lane.length {
            let person_id = self.newcomer(people);
            let valid_until = turns.get(place).copied().unwrap_or(last_day);
            let id = self.draw.id();
            let row = membership::Model {
                id,
                seat_id: lane.seat,
                person_id,
                on_behalf_of_id: Some(lane.on_behalf_of),
                decision_body: None,
                decision_date: None,
                decision_reference: self.draw.percent(30).then(|| format!("GEN/{}/{}", self.draw.below(900), 2020)),
                end_reason: (place < turns.len()).then(|| "Avsägelse".to_owned()),
                replaces_id,
                tenure_id: None,
                valid_from,
                valid_until,
                valid_precision: 0,
                version: 1,
            };
            let current = valid_from <= self.today && self.today < valid_until;
            self.sink.add(row).await?;
            if current {
                sitting = Some(person_id);
                self.substitute(id, (valid_from, valid_until)).await?;
            }
            (valid_from, replaces_id) = (valid_until, Some(id));
            self.sink.made(1);
        }
        Ok(sitting)
    }

    /// When the first begins, when each hands over to the next, and when the last ends: not at all, with a term, or vacant now.
    fn turns(&mut self, group: &Group, length: usize) -> (NaiveDate, Vec<NaiveDate>, NaiveDate) {
        let from = later(group.valid_from, self.draw.below(200) as u64);
        let before = earlier(self.today.min(group.valid_until), 120);
        let mut turns: Vec<NaiveDate> = Vec::with_capacity(length);
        while turns.len() + 1 < length {
            let turn = within(&mut self.draw, from, before);
            if !turns.contains(&turn) {
                turns.push(turn);
            }
        }
        turns.sort_unstable();
        let ends = match self.draw.below(100) {
            0..70 => FOREVER,
            70..95 => later(self.today, 1 + self.draw.below(900) as u64),
            _ => earlier(self.today, self.draw.below(100) as u64),
        };
        (from, turns, ends.min(group.valid_until))
    }

    fn newcomer(&mut self, people: &mut Vec<Uuid>) -> Uuid {
        loop {
            let person = self.somebody();
            if !people.contains(&person) {
                people.push(person);
                return person;
            }
        }
    }

    async fn substitute(&mut self, membership_id: Uuid, period: (NaiveDate, NaiveDate)) -> Result<(), Error> {
        if !self.draw.percent(3) {
            return Ok(());
        }
        let row = substitution::Model {
            id: self.draw.id(),
            membership_id,
            person_id: self.somebody(),
            meeting_id: None,
            ordinal: 1,
            voting: self.draw.percent(70),
            valid_from: period.0,
            valid_until: period.1,
            valid_precision: 0,
            version: 1,
        };
        self.sink.add(row).await
    }
}
