//! What is asked about each noun, and what the model says that the answer is. `key` is the field that names the row's number.

use entity::values::SubjectKind;
use serde_json::{Value, json};

use super::model::{Eyes, Who};
use super::record::{self, Of};
use super::world::{Membership, Subject, When};

/// A noun, and how to ask for it.
pub struct Noun {
    pub kind: SubjectKind,
    pub name: &'static str,
    /// The column that names the row's number.
    pub label: (&'static str, &'static str),
    /// The list of all, without its page; for nouns that are listed.
    pub list: Option<(&'static str, &'static str)>,
    /// What a row shows of itself and of what is around it.
    pub fields: &'static str,
    /// What that is, when the row is seen.
    pub picture: fn(&Eyes, usize) -> Option<Value>,
}

/// All nouns: those of groups and people, and those of the record.
pub fn all() -> impl Iterator<Item = Noun> {
    NOUNS.into_iter().chain(record::nouns())
}

const NOUNS: [Noun; 9] = [
    Noun {
        kind: SubjectKind::Group,
        name: "Group",
        label: ("\"group\"", "slug"),
        list: Some(("groups", "")),
        fields: "key: slug contactPoints { value } parent { key: slug } subgroups(first: 100) { totalCount nodes { key: slug } }
            seats(first: 100) { totalCount nodes { key: description } }
            members(first: 100, filter: {states: [PAST, CURRENT, FUTURE]}) { totalCount nodes { key: endReason } }
            meetings(first: 100) { totalCount nodes { key: title } } schedules(first: 100) { totalCount nodes { key: description } }
            contacts { membership { key: endReason } contactPoints { value } } activities(first: 100) { totalCount nodes { key: name } }
            events(first: 100) { totalCount nodes { key: name } } agreements(first: 100) { totalCount nodes { key: name } }",
        picture: group,
    },
    Noun {
        kind: SubjectKind::Seat,
        name: "Seat",
        label: ("seat", "description"),
        list: Some(("seats", "")),
        fields: "key: description contactPoints { value } group { key: slug } state
            members(first: 100, filter: {states: [PAST, CURRENT, FUTURE]}) { totalCount nodes { key: endReason } }",
        picture: seat,
    },
    Noun {
        kind: SubjectKind::Membership,
        name: "Membership",
        label: ("membership", "end_reason"),
        list: Some(("memberships", "filter: {states: [PAST, CURRENT, FUTURE]},")),
        fields: "key: endReason contactPoints { value } group { key: slug } person { key: familyName contactPoints { value } }
            seat { key: description contactPoints { value } } substitutions { person { key: familyName } }",
        picture: membership,
    },
    Noun {
        kind: SubjectKind::Person,
        name: "Person",
        label: ("person", "family_name"),
        list: Some(("people", "")),
        fields: "key: familyName contactPoints { value } memberships(first: 100) { totalCount nodes { key: endReason } }
            tenures { key: endReason } meetings(first: 100) { totalCount nodes { key: title } } projects(first: 100) { totalCount nodes { key: name } }",
        picture: person,
    },
    Noun {
        kind: SubjectKind::Organisation,
        name: "Organisation",
        label: ("organisation", "slug"),
        list: Some(("organisations", "")),
        fields: "key: slug contactPoints { value } people(first: 100) { totalCount nodes { key: familyName contactPoints { value } } }
            representation(first: 100, filter: {states: [PAST, CURRENT, FUTURE]}) { totalCount nodes { key: endReason } }
            vacantSeats(first: 100) { totalCount nodes { key: description } } meetings(first: 100) { totalCount nodes { key: title } }
            positions(first: 100) { totalCount nodes { key: title contactPoints { value } } } activities(first: 100) { totalCount nodes { key: name } }
            events(first: 100) { totalCount nodes { key: name } } agreements(first: 100) { totalCount nodes { key: name } }
            projects(first: 100) { totalCount nodes { key: name } }",
        picture: organisation,
    },
    Noun {
        kind: SubjectKind::Position,
        name: "Position",
        label: ("position", "title"),
        list: None,
        fields: "key: title contactPoints { value } holder { key: endReason } tenures(first: 100) { totalCount nodes { key: endReason } }",
        picture: position,
    },
    Noun {
        kind: SubjectKind::Tenure,
        name: "Tenure",
        label: ("tenure", "end_reason"),
        list: None,
        fields: "key: endReason person { key: familyName contactPoints { value } }",
        picture: tenure,
    },
    Noun {
        kind: SubjectKind::Meeting,
        name: "Meeting",
        label: ("meeting", "title"),
        list: Some(("meetings", "between: {from: \"2026-12-01\", until: \"2027-01-01\"},")),
        fields: "key: title startsAt endsAt groups { key: slug } sittings { startsAt groups { key: slug } }
            attendance(first: 100) { totalCount nodes { person { key: familyName contactPoints { value } } } }",
        picture: meeting,
    },
    Noun {
        kind: SubjectKind::Schedule,
        name: "Schedule",
        label: ("schedule", "description"),
        list: None,
        fields: "key: description groups { key: slug }",
        picture: schedule,
    },
];

fn group(eyes: &Eyes, number: usize) -> Option<Value> {
    let world = eyes.world;
    let parent = world.groups[number].parent.filter(|parent| eyes.group(*parent));
    let subgroups = (0..world.groups.len()).filter(|other| world.groups[*other].parent == Some(number));
    let seats = (0..world.seats.len()).filter(|seat| world.seats[*seat].group == number);
    let members: Vec<usize> = memberships(eyes, |seat| world.seats[seat].group == number);
    let met = (0..world.meetings.len()).filter(|meeting| world.meetings[*meeting].groups.contains(&number));
    let meetings: Vec<usize> = met.filter(|meeting| eyes.meeting(*meeting)).collect();
    let sits = |membership: &&usize| {
        let membership = &world.memberships[**membership];
        membership.when == When::Now && world.seats[membership.seat].contact
    };
    let contact = |membership: &usize| json!({ "membership": named('m', *membership), "contactPoints": values(eyes.effective(*membership)) });
    let picture = || {
        json!({
            "key": format!("g{number}"), "contactPoints": values(eyes.points(Subject::Group(number))),
            "parent": parent.map(|parent| named('g', parent)), "subgroups": list('g', subgroups.filter(|other| eyes.group(*other))),
            "seats": list('s', seats), "members": list('m', members.iter().copied()),
            "meetings": list('e', meetings.iter().copied()), "schedules": list('e', meetings.iter().copied()),
            "contacts": members.iter().filter(sits).map(contact).collect::<Vec<_>>(),
        })
    };
    eyes.group(number).then(|| with(picture(), eyes.lists_of(Of::Group(number))))
}

/// A picture with more in it.
fn with(mut picture: Value, more: Vec<(&'static str, Value)>) -> Value {
    more.into_iter().for_each(|(name, value)| picture[name] = value);
    picture
}

fn seat(eyes: &Eyes, number: usize) -> Option<Value> {
    let members = memberships(eyes, |seat| seat == number);
    eyes.seat(number).then(|| {
        json!({
            "key": format!("s{number}"), "contactPoints": values(eyes.points(Subject::Seat(number))),
            "group": named('g', eyes.world.seats[number].group),
            "state": if is_vacant(eyes, number) { "VACANT" } else { "FILLED" }, "members": list('m', members),
        })
    })
}

fn membership(eyes: &Eyes, number: usize) -> Option<Value> {
    let row = &eyes.world.memberships[number];
    let of_this = eyes.world.substitutions.iter().filter(|(membership, _)| *membership == number);
    let standing_in = of_this.map(|(_, person)| *person).filter(|person| eyes.person_in_place(*person));
    let today = standing_in.filter(|_| row.when == When::Now);
    eyes.membership(number).then(|| {
        json!({
            "key": format!("m{number}"), "contactPoints": values(eyes.effective(number)),
            "group": named('g', eyes.world.seats[row.seat].group), "person": person_alone(eyes, row.person),
            "seat": { "key": format!("s{}", row.seat), "contactPoints": values(eyes.points(Subject::Seat(row.seat))) },
            "substitutions": today.map(|person| json!({ "person": named('P', person) })).collect::<Vec<_>>(),
        })
    })
}

fn person(eyes: &Eyes, number: usize) -> Option<Value> {
    let world = eyes.world;
    let sits = (0..world.memberships.len()).filter(|at| world.memberships[*at].person == number);
    let held = |position: &usize| world.positions[*position].tenure.is_some_and(|(holder, _)| holder == number);
    let tenures = (0..world.positions.len()).filter(held).map(|tenure| named('t', tenure));
    let sits_in = |group: usize| {
        let here =
            |membership: &Membership| world.seats[membership.seat].group == group && membership.when == When::Now;
        eyes.group(group) && world.memberships.iter().any(|membership| membership.person == number && here(membership))
    };
    let called = |meeting: &usize| {
        let meeting = &world.meetings[*meeting];
        meeting.present.contains(&number) || meeting.groups.iter().any(|group| sits_in(*group))
    };
    let meetings = (0..world.meetings.len()).filter(called).filter(|meeting| eyes.meeting(*meeting));
    eyes.person(number).then(|| {
        json!({
            "key": format!("P{number}"), "contactPoints": values(eyes.points(Subject::Person(number))),
            "memberships": list('m', sits.filter(|membership| eyes.membership(*membership))),
            "tenures": tenures.collect::<Vec<_>>(), "meetings": list('e', meetings),
            "projects": list('r', eyes.contact_of(number).filter(|project| eyes.project(*project))),
        })
    })
}

fn organisation(eyes: &Eyes, number: usize) -> Option<Value> {
    let world = eyes.world;
    let inside = |organisation: Option<usize>| is_inside(eyes, organisation, number);
    let holds = |person: usize| {
        let mut positions = world.positions.iter().filter(|position| inside(Some(position.organisation)));
        positions.any(|position| position.tenure == Some((person, When::Now)))
    };
    let people: Vec<usize> = (0..world.people.len()).filter(|at| holds(*at) && eyes.person(*at)).collect();
    let represents = |at: &usize| {
        let membership = &world.memberships[*at];
        let organisation = world.seats[membership.seat].organisation;
        inside(organisation) || inside(membership.on_behalf_of.or(organisation))
    };
    let representation = (0..world.memberships.len()).filter(represents).filter(|at| eyes.membership(*at));
    let seats = (0..world.seats.len()).filter(|seat| inside(world.seats[*seat].organisation) && eyes.seat(*seat));
    let seated = |group: usize| {
        eyes.group(group) && world.seats.iter().any(|seat| seat.group == group && inside(seat.organisation))
    };
    let met = |meeting: &usize| world.meetings[*meeting].groups.iter().any(|group| seated(*group));
    let meetings = (0..world.meetings.len()).filter(met);
    let positions: Vec<usize> =
        (0..world.positions.len()).filter(|at| world.positions[*at].organisation == number).collect();
    let position_alone =
        |at: &usize| json!({ "key": format!("Q{at}"), "contactPoints": values(eyes.points(Subject::Position(*at))) });
    let picture = json!({
        "key": format!("o{number}"), "contactPoints": values(eyes.points(Subject::Organisation(number))),
        "people": { "totalCount": people.len(), "nodes": people.iter().map(|at| person_alone(eyes, *at)).collect::<Vec<_>>() },
        "representation": list('m', representation), "vacantSeats": list('s', seats.filter(|seat| is_vacant(eyes, *seat))),
        "meetings": list('e', meetings),
        "positions": { "totalCount": positions.len(), "nodes": positions.iter().map(position_alone).collect::<Vec<_>>() },
    });
    Some(with(picture, eyes.lists_of(Of::Organisation(number))))
}

fn position(eyes: &Eyes, number: usize) -> Option<Value> {
    let seen = eyes.tenure(number);
    let now = eyes.world.positions[number].tenure.is_some_and(|(_, when)| when == When::Now);
    Some(json!({
        "key": format!("Q{number}"), "contactPoints": values(eyes.points(Subject::Position(number))),
        "holder": (seen && now).then(|| named('t', number)), "tenures": list('t', seen.then_some(number)),
    }))
}

fn tenure(eyes: &Eyes, number: usize) -> Option<Value> {
    let (person, _) = eyes.world.positions[number].tenure?;
    let seen = eyes.tenure(number);
    seen.then(|| json!({ "key": format!("t{number}"), "person": person_alone(eyes, person) }))
}

/// Its times are those of the sittings that are seen, and each group has one: an hour after the one before.
fn meeting(eyes: &Eyes, number: usize) -> Option<Value> {
    let meeting = &eyes.world.meetings[number];
    let at = |hour: usize| format!("2026-12-{:02}T{hour:02}:00:00+01:00", number + 1);
    let seen: Vec<(usize, usize)> =
        meeting.groups.iter().copied().enumerate().filter(|(_, group)| eyes.group(*group)).collect();
    let (first, last) = (seen.first()?.0, seen.last()?.0);
    let present = meeting.present.iter().filter(|person| eyes.person_in_place(**person));
    let present: Vec<_> = present.map(|person| json!({ "person": person_alone(eyes, *person) })).collect();
    let sitting =
        |(place, group): &(usize, usize)| json!({ "startsAt": at(9 + place), "groups": [named('g', *group)] });
    Some(json!({
        "key": format!("e{number}"), "startsAt": at(9 + first), "endsAt": at(10 + last),
        "groups": seen.iter().map(|(_, group)| named('g', *group)).collect::<Vec<_>>(),
        "sittings": seen.iter().map(sitting).collect::<Vec<_>>(),
        "attendance": { "totalCount": present.len(), "nodes": present },
    }))
}

fn schedule(eyes: &Eyes, number: usize) -> Option<Value> {
    let groups = eyes.world.meetings[number].groups.iter().filter(|group| eyes.group(**group));
    let groups: Vec<Value> = groups.map(|group| named('g', *group)).collect();
    (!groups.is_empty()).then(|| json!({ "key": format!("e{number}"), "groups": groups }))
}

fn memberships(eyes: &Eyes, on: impl Fn(usize) -> bool) -> Vec<usize> {
    let rows = 0..eyes.world.memberships.len();
    rows.filter(|at| on(eyes.world.memberships[*at].seat) && eyes.membership(*at)).collect()
}

/// These seats are unbounded: vacant while nobody who is seen sits there.
fn is_vacant(eyes: &Eyes, seat: usize) -> bool {
    let sits = |at: &usize| eyes.world.memberships[*at].when == When::Now;
    let rows = eyes.world.memberships.iter().enumerate().filter(|(_, row)| row.seat == seat);
    !rows.map(|(at, _)| at).any(|at| sits(&at) && eyes.person_in_place(eyes.world.memberships[at].person))
}

fn is_inside(eyes: &Eyes, organisation: Option<usize>, root: usize) -> bool {
    let Some(number) = organisation else { return false };
    number == root || is_inside(eyes, eyes.world.organisations[number].parent, root)
}

pub fn person_alone(eyes: &Eyes, number: usize) -> Value {
    json!({ "key": format!("P{number}"), "contactPoints": values(eyes.points(Subject::Person(number))) })
}

pub fn named(letter: char, number: usize) -> Value {
    json!({ "key": format!("{letter}{number}") })
}

pub fn list(letter: char, numbers: impl IntoIterator<Item = usize>) -> Value {
    let nodes: Vec<Value> = numbers.into_iter().map(|number| named(letter, number)).collect();
    json!({ "totalCount": nodes.len(), "nodes": nodes })
}

pub fn values(addresses: Vec<String>) -> Value {
    addresses.into_iter().map(|address| json!({ "value": address })).collect()
}

/// Whether somebody may list a noun at all.
pub fn lists(noun: &Noun, who: &Who) -> bool {
    noun.kind != SubjectKind::Person || *who != Who::Public
}
