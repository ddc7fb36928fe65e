//! Random directories: who is whose, in which group, seen by whom.

use entity::values::{Audience, Term};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::record::{Record, records};

/// When something holds, seen from the day of all tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Past,
    Now,
    Future,
}

/// What a contact point is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Organisation(usize),
    Person(usize),
    Position(usize),
    Group(usize),
    Seat(usize),
    Membership(usize),
    Project(usize),
}

/// Rows refer to each other by their number. The lists of audiences are those of a row's contact points.
#[derive(Clone, Debug)]
pub struct World {
    pub organisations: Vec<Organisation>,
    pub groups: Vec<Group>,
    pub people: Vec<Person>,
    pub positions: Vec<Position>,
    pub seats: Vec<Seat>,
    pub memberships: Vec<Membership>,
    /// Which membership, and who stands in.
    pub substitutions: Vec<(usize, usize)>,
    pub meetings: Vec<Meeting>,
    pub record: Record,
}

#[derive(Clone, Debug)]
pub struct Organisation {
    pub parent: Option<usize>,
    pub points: Vec<Audience>,
}

#[derive(Clone, Debug)]
pub struct Group {
    pub parent: Option<usize>,
    pub audience: Audience,
    pub points: Vec<Audience>,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub audience: Audience,
    pub protected: bool,
    pub points: Vec<Audience>,
}

/// A position, and who holds it when.
#[derive(Clone, Debug)]
pub struct Position {
    pub organisation: usize,
    pub tenure: Option<(usize, When)>,
    pub points: Vec<Audience>,
}

#[derive(Clone, Debug)]
pub struct Seat {
    pub group: usize,
    pub organisation: Option<usize>,
    pub appointer: Option<usize>,
    pub contact: bool,
    pub points: Vec<Audience>,
}

#[derive(Clone, Debug)]
pub struct Membership {
    pub seat: usize,
    pub person: usize,
    pub on_behalf_of: Option<usize>,
    pub when: When,
    pub points: Vec<Audience>,
}

/// A meeting and plan of these groups, one sitting each, an hour after the other; and who was there.
#[derive(Clone, Debug)]
pub struct Meeting {
    pub groups: Vec<usize>,
    pub present: Vec<usize>,
}

pub const ORGANISATIONS: usize = 5;
pub const GROUPS: usize = 6;
pub const PEOPLE: usize = 7;
const POSITIONS: usize = 5;
const SEATS: usize = 7;
const MEMBERSHIPS: usize = 8;

pub const LEVELS: [Audience; 4] =
    [Audience::Public, Audience::SignedIn, Audience::Coordinators, Audience::Administrators];

pub fn points() -> impl Strategy<Value = Vec<Audience>> {
    // What every level has, or few, so that what is nearest is often hidden.
    prop_oneof![Just(LEVELS.to_vec()), subsequence(LEVELS.to_vec(), 0..=1), Just(vec![Audience::Coordinators])]
}

pub fn audience() -> impl Strategy<Value = Audience> {
    prop_oneof![3 => Just(Audience::Public), 2 => Just(Audience::SignedIn), 5 => Just(Audience::Coordinators), 1 => Just(Audience::Administrators)]
}

fn when() -> impl Strategy<Value = When> {
    select(vec![When::Past, When::Now, When::Now, When::Future])
}

/// A number below each row's own, so that nothing is above itself.
fn above(parents: &mut [Option<usize>]) {
    for (own, parent) in parents.iter_mut().enumerate() {
        *parent = parent.filter(|parent| *parent < own);
    }
}

/// Each with its parent, or none.
fn tree<P: Strategy>(size: usize, part: P) -> impl Strategy<Value = Vec<(Option<usize>, P::Value)>>
where
    P::Value: Clone,
{
    (vec(option::of(0..size), size), vec(part, size)).prop_map(|(mut parents, parts)| {
        above(&mut parents);
        parents.into_iter().zip(parts).collect()
    })
}

/// Any directory of this size.
pub fn worlds() -> impl Strategy<Value = World> {
    let organisations = tree(ORGANISATIONS, points());
    let groups = tree(GROUPS, (audience(), points()));
    let people = vec((audience(), prop::bool::weighted(0.2), points()), PEOPLE);
    let positions = vec((0..ORGANISATIONS, option::of((0..PEOPLE, when())), points()), POSITIONS);
    let organisation = || option::of(0..ORGANISATIONS);
    let seats = vec((0..GROUPS, organisation(), organisation(), any::<bool>(), points()), SEATS);
    let memberships = vec((0..SEATS, 0..PEOPLE, organisation(), when(), points()), MEMBERSHIPS);
    let substitutions = vec((0..MEMBERSHIPS, 0..PEOPLE), 3);
    let groups_of = subsequence((0..GROUPS).collect::<Vec<_>>(), 1..=2).prop_shuffle();
    let meetings = vec((groups_of, subsequence((0..PEOPLE).collect::<Vec<_>>(), 0..=2)), 4);
    let parts = (organisations, groups, people, positions, seats, memberships, substitutions, meetings, records());
    parts.prop_map(|(organisations, groups, people, positions, seats, memberships, substitutions, meetings, record)| {
        World {
            organisations: each(organisations, |(parent, points)| Organisation { parent, points }),
            groups: each(groups, |(parent, (audience, points))| Group { parent, audience, points }),
            people: each(people, |(audience, protected, points)| Person { audience, protected, points }),
            positions: each(positions, |(organisation, tenure, points)| Position { organisation, tenure, points }),
            seats: each(seats, |(group, organisation, appointer, contact, points)| Seat {
                group,
                organisation,
                // Without one, its organisation appoints to it.
                appointer: appointer.or(organisation),
                contact,
                points,
            }),
            memberships: once_on_each_seat(each(memberships, |(seat, person, on_behalf_of, when, points)| {
                Membership { seat, person, on_behalf_of, when, points }
            })),
            substitutions,
            meetings: each(meetings, |(groups, present)| Meeting { groups, present }),
            record,
        }
    })
}

fn each<T, U>(parts: Vec<T>, make: impl FnMut(T) -> U) -> Vec<U> {
    parts.into_iter().map(make).collect()
}

/// Nobody sits twice on a seat; whoever would, sits on the next seat where they do not yet.
fn once_on_each_seat(mut memberships: Vec<Membership>) -> Vec<Membership> {
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for membership in &mut memberships {
        while taken.contains(&(membership.seat, membership.person)) {
            membership.seat = (membership.seat + 1) % SEATS;
        }
        taken.push((membership.seat, membership.person));
    }
    memberships
}

impl Subject {
    /// The beginning of its contact points' addresses, and its key in a document.
    pub fn key(self) -> String {
        match self {
            Self::Organisation(number) => format!("o{number}"),
            Self::Person(number) => format!("p{number}"),
            Self::Position(number) => format!("q{number}"),
            Self::Group(number) => format!("g{number}"),
            Self::Seat(number) => format!("s{number}"),
            Self::Membership(number) => format!("m{number}"),
            Self::Project(number) => format!("r{number}"),
        }
    }
}

/// The address of a contact point.
pub fn address(of: Subject, audience: Audience) -> String {
    format!("{}-{}@example.org", of.key(), audience.word().to_lowercase().replace('_', "-"))
}

impl World {
    /// Everything that has contact points.
    pub fn subjects(&self) -> Vec<Subject> {
        let numbers = |rows: usize, subject: fn(usize) -> Subject| (0..rows).map(subject);
        numbers(self.organisations.len(), Subject::Organisation)
            .chain(numbers(self.people.len(), Subject::Person))
            .chain(numbers(self.positions.len(), Subject::Position))
            .chain(numbers(self.groups.len(), Subject::Group))
            .chain(numbers(self.seats.len(), Subject::Seat))
            .chain(numbers(self.memberships.len(), Subject::Membership))
            .chain(numbers(self.record.projects.len(), Subject::Project))
            .collect()
    }

    /// Who may see each contact point of something.
    pub fn points(&self, of: Subject) -> &[Audience] {
        match of {
            Subject::Organisation(number) => &self.organisations[number].points,
            Subject::Person(number) => &self.people[number].points,
            Subject::Position(number) => &self.positions[number].points,
            Subject::Group(number) => &self.groups[number].points,
            Subject::Seat(number) => &self.seats[number].points,
            Subject::Membership(number) => &self.memberships[number].points,
            Subject::Project(number) => &self.record.projects[number].points,
        }
    }
}
