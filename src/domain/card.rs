//! Cards: what address books are told of people and groups, as the asker sees them on the day.

use entity::values::{ContactPointKind, GlobalId};
use uuid::Uuid;

use crate::domain::group::{self, GroupBy};
use crate::domain::view::View;
use crate::domain::{contact_point, membership, person, tenure};
use crate::error::Error;
use crate::interchange::card::{Card, ContactPoint, Group, Person, Post, Seat, Subject};

/// Where the cards of people are, below the directory's address; each under the person's id.
pub const PEOPLE: &str = "/people/";
/// Where the cards of groups are; each under the group's slug, or under its id.
pub const GROUPS: &str = "/groups/";

/// People who are looked up at once: a statement takes only so many values.
const AT_ONCE: usize = 1_000;

/// Where the card of a person is.
pub fn path_of_person(id: GlobalId) -> String {
    format!("{PEOPLE}{id}.vcf")
}

/// Where the card of a group is: under its slug, and of a chosen day under the id that holds the day.
pub fn path_of_group(slug: &str, id: GlobalId) -> String {
    id.lens.map_or(format!("{GROUPS}{slug}.vcf"), |_| format!("{GROUPS}{id}.vcf"))
}

/// The card of a person: with their own contact points and then those of the positions that they hold.
pub async fn of_person(view: &View, id: Uuid) -> Result<Option<Card>, Error> {
    let Some(person) = person::by_ids(view.clone(), vec![id]).await?.pop() else { return Ok(None) };
    let facts = Facts::of(view, vec![id]).await?;
    let places: Vec<Uuid> = [id].into_iter().chain(facts.positions(id)).collect();
    let mut found = contact_point::of_subjects(view.clone(), places.clone()).await?;
    found.sort_by_key(|(subject, _)| places.iter().position(|place| place == subject));
    Ok(Some(facts.card(&person, contact_points(found.into_iter().map(|(_, row)| row)))))
}

/// The card of a group, and one for each person who sits in it, by role and name: with the contact points by which they are reached as
/// members.
pub async fn of_group(view: &View, by: GroupBy) -> Result<Option<Vec<Card>>, Error> {
    let Some(group) = group::find(view, by).await? else { return Ok(None) };
    let own = contact_point::of_subjects(view.clone(), vec![group.id]).await?;
    let members = membership::sitting_in(view.clone(), group.id).await?;
    let mut people: Vec<&person::Row> = Vec::new();
    for person in members.iter().filter_map(|member| member.person.as_ref()) {
        if !people.iter().any(|other| other.id == person.id) {
            people.push(person);
        }
    }
    let contact_points = contact_points(own.into_iter().map(|(_, row)| row));
    let mut cards = vec![Card {
        id: group.id,
        of: Subject::Group(Group {
            name: group.name,
            short_name: group.short_name,
            members: people.iter().map(|person| person.id).collect(),
        }),
        contact_points,
    }];
    for some in people.chunks(AT_ONCE) {
        cards.extend(of_members(view, some, &members).await?);
    }
    Ok(Some(cards))
}

/// The cards of people who are some of the members of a group.
async fn of_members(view: &View, people: &[&person::Row], members: &[membership::Row]) -> Result<Vec<Card>, Error> {
    let facts = Facts::of(view, people.iter().map(|person| person.id).collect()).await?;
    let theirs = |member: &&membership::Row| people.iter().any(|person| person.id == member.membership.person_id);
    let members: Vec<membership::Row> = members.iter().filter(theirs).cloned().collect();
    let found = contact_point::effective(view.clone(), members.clone()).await?;
    let card = |person: &&person::Row| {
        let of_person = members.iter().filter(|member| member.membership.person_id == person.id);
        let reached = of_person.flat_map(|member| found.iter().filter(|(id, _)| *id == member.membership.id));
        facts.card(person, contact_points(reached.map(|(_, row)| row.clone())))
    };
    Ok(people.iter().map(card).collect())
}

/// What there is to say of people on the day.
struct Facts {
    /// Whose they are, and what they hold.
    tenures: Vec<(Uuid, tenure::Row)>,
    memberships: Vec<membership::Row>,
}

impl Facts {
    async fn of(view: &View, people: Vec<Uuid>) -> Result<Self, Error> {
        let tenures = tenure::held_by(view.clone(), people.clone()).await?;
        let memberships = membership::held_by(view.clone(), people).await?;
        Ok(Self { tenures, memberships })
    }

    /// The positions that a person holds.
    fn positions(&self, person: Uuid) -> impl Iterator<Item = Uuid> {
        self.tenures.iter().filter(move |(holder, _)| *holder == person).map(|(_, row)| row.tenure.position_id)
    }

    fn card(&self, person: &person::Row, contact_points: Vec<ContactPoint>) -> Card {
        let held = self.tenures.iter().filter(|(holder, _)| *holder == person.id);
        let taken = self.memberships.iter().filter(|row| row.membership.person_id == person.id);
        let of = Person {
            given_name: person.given_name.clone(),
            family_name: person.family_name.clone(),
            name: person.name(),
            posts: held.filter_map(|(_, row)| post(row)).collect(),
            seats: taken.filter_map(seat).collect(),
        };
        Card { id: person.id, of: Subject::Person(of), contact_points }
    }
}

fn post(row: &tenure::Row) -> Option<Post> {
    let position = row.position.as_ref()?;
    let organisation = position.organisation.as_ref()?.name.clone();
    Some(Post { title: position.position.title.clone(), organisation })
}

fn seat(row: &membership::Row) -> Option<Seat> {
    Some(Seat {
        role: row.seat.role,
        group: row.group.as_ref()?.name.clone(),
        organisation: row.on_behalf_of.as_ref().map(|organisation| organisation.name.clone()),
    })
}

/// Contact points as cards have them, each value once.
fn contact_points(rows: impl Iterator<Item = contact_point::Row>) -> Vec<ContactPoint> {
    let mut points: Vec<ContactPoint> = Vec::new();
    for row in rows {
        let known =
            |kind: ContactPointKind, value: &str| points.iter().any(|own| own.kind == kind && own.value == value);
        if !known(row.kind, &row.value) {
            points.push(ContactPoint { kind: row.kind, value: row.value, label: row.label.or(row.note) });
        }
    }
    points
}
