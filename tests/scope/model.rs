//! Who sees what, from DESIGN.md's table of roles, without any thought for speed.

use entity::values::Audience;

use super::world::{Seat, Subject, When, World, address};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    Public,
    /// Somebody who keeps these groups and these organisations, perhaps none.
    SignedIn {
        groups: Vec<usize>,
        organisations: Vec<usize>,
    },
    Auditor,
    Administrator,
}

/// The directory as somebody sees it.
pub struct Eyes<'a> {
    pub world: &'a World,
    pub who: &'a Who,
}

impl Eyes<'_> {
    pub fn coordinates(&self, group: usize) -> bool {
        let Who::SignedIn { groups, .. } = self.who else { return false };
        groups.contains(&group) || self.world.groups[group].parent.is_some_and(|parent| self.coordinates(parent))
    }

    pub fn represents(&self, organisation: usize) -> bool {
        let Who::SignedIn { organisations, .. } = self.who else { return false };
        let parent = self.world.organisations[organisation].parent;
        organisations.contains(&organisation) || parent.is_some_and(|parent| self.represents(parent))
    }

    pub fn represents_any(&self, organisations: [Option<usize>; 2]) -> bool {
        organisations.into_iter().flatten().any(|organisation| self.represents(organisation))
    }

    pub fn reads(&self, audience: Audience, in_place: bool) -> bool {
        match self.who {
            Who::Public => audience == Audience::Public,
            Who::SignedIn { .. } => audience <= Audience::SignedIn || (audience == Audience::Coordinators && in_place),
            Who::Auditor | Who::Administrator => true,
        }
    }

    /// Whether somebody lists and searches people.
    pub fn lists_people(&self) -> bool {
        *self.who != Who::Public
    }

    pub fn group(&self, number: usize) -> bool {
        let seated = |seat: &Seat| seat.group == number && self.represents_any([seat.organisation, seat.appointer]);
        let in_place = self.coordinates(number) || self.world.seats.iter().any(seated);
        self.reads(self.world.groups[number].audience, in_place)
    }

    pub fn seat(&self, number: usize) -> bool {
        self.group(self.world.seats[number].group)
    }

    pub fn membership(&self, number: usize) -> bool {
        let membership = &self.world.memberships[number];
        self.seat(membership.seat) && self.person_in_place(membership.person)
    }

    pub fn tenure(&self, position: usize) -> bool {
        self.world.positions[position].tenure.is_some_and(|(person, _)| self.person_in_place(person))
    }

    pub fn meeting(&self, number: usize) -> bool {
        self.world.meetings[number].groups.iter().any(|group| self.group(*group))
    }

    /// The group of a membership's seat, whose seat it is, and on whose behalf the person sits.
    fn place(&self, membership: usize) -> (usize, Option<usize>, Option<usize>) {
        let membership = &self.world.memberships[membership];
        let seat = &self.world.seats[membership.seat];
        (seat.group, seat.organisation, membership.on_behalf_of.or(seat.organisation))
    }

    /// A person who is found at the other end of something that is seen.
    pub fn person_in_place(&self, number: usize) -> bool {
        let sits = |membership| {
            let (group, organisation, on_behalf_of) = self.place(membership);
            self.coordinates(group) || self.represents_any([organisation, on_behalf_of])
        };
        let stands_in = |membership| self.coordinates(self.place(membership).0);
        let employed = self.posts(number).any(|(organisation, _)| self.represents(organisation));
        let called = self.contact_of(number).any(|project| self.represents(self.world.record.projects[project].owner));
        let in_place = self.sits(number).any(sits) || self.stands_in(number).any(stands_in) || employed || called;
        let person = &self.world.people[number];
        self.reads(person.audience, in_place) && (!person.protected || *self.who == Who::Administrator)
    }

    /// A person, by id.
    pub fn person(&self, number: usize) -> bool {
        let seen_in_group = |membership| self.group(self.place(membership).0);
        let found = self.lists_people()
            || self.posts(number).next().is_some()
            || self.sits(number).chain(self.stands_in(number)).any(seen_in_group)
            || (0..self.world.meetings.len()).any(|meeting| self.present(meeting, number) && self.meeting(meeting))
            || self.contact_of(number).any(|project| self.project(project));
        found && self.person_in_place(number)
    }

    fn present(&self, meeting: usize, person: usize) -> bool {
        self.world.meetings[meeting].present.contains(&person)
    }

    /// The memberships of a person.
    fn sits(&self, person: usize) -> impl Iterator<Item = usize> {
        let memberships = self.world.memberships.iter().enumerate();
        memberships.filter(move |(_, membership)| membership.person == person).map(|(number, _)| number)
    }

    /// The memberships that a person stands in for.
    fn stands_in(&self, person: usize) -> impl Iterator<Item = usize> {
        self.world.substitutions.iter().filter(move |(_, other)| *other == person).map(|(membership, _)| *membership)
    }

    /// Where a person has, had or will have a post, and when.
    fn posts(&self, person: usize) -> impl Iterator<Item = (usize, When)> {
        let held = self.world.positions.iter().filter_map(|position| Some((position.organisation, position.tenure?)));
        held.filter(move |(_, (holder, _))| *holder == person).map(|(organisation, (_, when))| (organisation, when))
    }

    /// Whether something with contact points is seen itself.
    pub fn subject(&self, of: Subject) -> bool {
        match of {
            Subject::Organisation(_) | Subject::Position(_) => true,
            Subject::Person(number) => self.person(number),
            Subject::Group(number) => self.group(number),
            Subject::Seat(number) => self.seat(number),
            Subject::Membership(number) => self.membership(number),
            Subject::Project(number) => self.project(number),
        }
    }

    /// The addresses of something that is seen.
    pub fn points(&self, of: Subject) -> Vec<String> {
        let in_place = self.keeps(of);
        let points = self.world.points(of).iter().filter(|audience| self.reads(**audience, in_place));
        points.map(|audience| address(of, *audience)).collect()
    }

    /// Whether contact points for coordinators are for this one.
    fn keeps(&self, of: Subject) -> bool {
        match of {
            Subject::Organisation(number) => self.represents(number),
            Subject::Position(number) => self.represents(self.world.positions[number].organisation),
            Subject::Group(number) => self.coordinates(number),
            Subject::Project(number) => self.represents(self.world.record.projects[number].owner),
            Subject::Seat(number) => {
                let seat = &self.world.seats[number];
                self.coordinates(seat.group) || self.represents_any([seat.organisation, None])
            }
            Subject::Membership(number) => {
                let (group, organisation, on_behalf_of) = self.place(number);
                self.coordinates(group) || self.represents_any([organisation, on_behalf_of])
            }
            Subject::Person(number) => {
                let lasting = self.sits(number).filter(|sits| self.world.memberships[*sits].when != When::Past);
                let mut places = lasting.map(|membership| self.place(membership));
                let mut posts = self.posts(number).filter(|(_, when)| *when != When::Past);
                places.any(|(group, _, for_whom)| self.coordinates(group) || self.represents_any([for_whom, None]))
                    || posts.any(|(organisation, _)| self.represents(organisation))
            }
        }
    }

    /// How to reach a member: by what is nearest of what is seen.
    pub fn effective(&self, membership: usize) -> Vec<String> {
        let (_, _, on_behalf_of) = self.place(membership);
        let row = &self.world.memberships[membership];
        let holds = |position: &usize| {
            let position = &self.world.positions[*position];
            position.tenure == Some((row.person, When::Now)) && Some(position.organisation) == on_behalf_of
        };
        let positions = (0..self.world.positions.len()).filter(holds).flat_map(|at| self.points(Subject::Position(at)));
        let places = [
            self.points(Subject::Membership(membership)),
            self.points(Subject::Seat(row.seat)),
            positions.collect(),
            self.points(Subject::Person(row.person)),
        ];
        places.into_iter().find(|points| !points.is_empty()).unwrap_or_default()
    }
}
