//! Agreements, projects, events and activities of random directories: as they are drawn, written, and seen.

use std::fmt::Write;

use entity::values::{Audience, SubjectKind, Term};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::subsequence;
use serde_json::{Value, json};

use super::model::Eyes;
use super::nouns::{Noun, list, named, person_alone, values};
use super::world::{GROUPS, ORGANISATIONS, PEOPLE, Subject, World, audience, points};

/// Whose something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Group(usize),
    Organisation(usize),
}

#[derive(Clone, Debug)]
pub struct Agreement {
    pub owner: Option<usize>,
    pub parties: Vec<usize>,
    /// On whom its one assignment falls.
    pub asked: Option<Of>,
    pub audience: Audience,
}

#[derive(Clone, Debug)]
pub struct Project {
    pub owner: usize,
    pub partner: Option<usize>,
    pub contact: Option<usize>,
    pub audience: Audience,
    pub points: Vec<Audience>,
}

#[derive(Clone, Debug)]
pub struct Event {
    pub of: Of,
    pub with: Option<Of>,
    pub audience: Audience,
}

#[derive(Clone, Debug)]
pub struct Record {
    pub agreements: Vec<Agreement>,
    pub projects: Vec<Project>,
    pub events: Vec<Event>,
    /// Whose each activity is.
    pub activities: Vec<Of>,
}

fn of() -> impl Strategy<Value = Of> {
    prop_oneof![(0..GROUPS).prop_map(Of::Group), (0..ORGANISATIONS).prop_map(Of::Organisation)]
}

pub fn records() -> impl Strategy<Value = Record> {
    let organisation = || option::of(0..ORGANISATIONS);
    let parties = subsequence((0..ORGANISATIONS).collect::<Vec<_>>(), 0..=2);
    let agreements = vec((organisation(), parties, option::of(of()), audience()), 4);
    let projects = vec((0..ORGANISATIONS, organisation(), option::of(0..PEOPLE), audience(), points()), 4);
    let events = vec((of(), option::of(of()), audience()), 4);
    (agreements, projects, events, vec(of(), 4)).prop_map(|(agreements, projects, events, activities)| Record {
        agreements: agreements
            .into_iter()
            .map(|(owner, parties, asked, audience)| Agreement { owner, parties, asked, audience })
            .collect(),
        projects: projects
            .into_iter()
            .map(|(owner, partner, contact, audience, points)| Project { owner, partner, contact, audience, points })
            .collect(),
        events: events
            .into_iter()
            .map(|(of, with, audience)| Event { of, with: with.filter(|with| *with != of), audience })
            .collect(),
        activities,
    })
}

fn written(of: Of) -> String {
    match of {
        Of::Group(number) => format!("group = \"g{number}\""),
        Of::Organisation(number) => format!("organisation = \"o{number}\""),
    }
}

impl World {
    pub fn write_record(&self, text: &mut String) {
        let record = &self.record;
        let mut line = |line: String| writeln!(text, "{line}").expect("text takes lines");
        for (number, agreement) in record.agreements.iter().enumerate() {
            line(format!("[[agreement]]\nkey = \"a{number}\"\nname = \"a{number}\""));
            line(format!("audience = \"{}\"", agreement.audience.word()));
            let parties = agreement.parties.iter().map(|party| format!("{{ organisation = \"o{party}\" }}"));
            line(format!("parties = [{}]", parties.collect::<Vec<_>>().join(", ")));
            agreement.owner.iter().for_each(|owner| line(format!("owner = \"o{owner}\"")));
            let asked =
                agreement.asked.map(|of| format!("assignments = [{{ key = \"u\", name = \"U\", {} }}]", written(of)));
            asked.into_iter().for_each(&mut line);
        }
        for (number, project) in record.projects.iter().enumerate() {
            line(format!("[[project]]\nkey = \"r{number}\"\nname = \"r{number}\"\nowner = \"o{}\"", project.owner));
            line(format!("audience = \"{}\"", project.audience.word()));
            project
                .partner
                .iter()
                .for_each(|partner| line(format!("partners = [{{ organisation = \"o{partner}\" }}]")));
            project.contact.iter().for_each(|contact| line(format!("contact = \"p{contact}\"")));
            line(self.points_of(Subject::Project(number)));
        }
        for (number, event) in record.events.iter().enumerate() {
            line(format!(
                "[[event]]\nkey = \"v{number}\"\nname = \"v{number}\"\nfrom = \"2026\"\n{}",
                written(event.of)
            ));
            line(format!("audience = \"{}\"", event.audience.word()));
            event.with.iter().for_each(|with| line(format!("organisers = [{{ {} }}]", written(*with))));
        }
        for (number, of) in record.activities.iter().enumerate() {
            line(format!("[[activity]]\nkey = \"y{number}\"\nname = \"y{number}\"\n{}", written(*of)));
        }
    }
}

impl Eyes<'_> {
    /// Whether somebody keeps a group, or an organisation.
    fn keeps_it(&self, of: Of) -> bool {
        match of {
            Of::Group(number) => self.coordinates(number),
            Of::Organisation(number) => self.represents(number),
        }
    }

    fn owner(&self, of: Of) -> bool {
        !matches!(of, Of::Group(number) if !self.group(number))
    }

    pub fn agreement(&self, number: usize) -> bool {
        let agreement = &self.world.record.agreements[number];
        let organisations = agreement.owner.iter().chain(&agreement.parties);
        let in_place = organisations.copied().any(|organisation| self.represents(organisation))
            || agreement.asked.is_some_and(|of| self.keeps_it(of));
        self.reads(agreement.audience, in_place)
    }

    pub fn project(&self, number: usize) -> bool {
        let project = &self.world.record.projects[number];
        self.reads(project.audience, self.represents_any([Some(project.owner), project.partner]))
    }

    pub fn event(&self, number: usize) -> bool {
        let event = &self.world.record.events[number];
        self.reads(event.audience, self.keeps_it(event.of)) && self.owner(event.of)
    }

    pub fn activity(&self, number: usize) -> bool {
        self.owner(self.world.record.activities[number])
    }

    /// The projects that somebody is the contact of.
    pub fn contact_of(&self, person: usize) -> impl Iterator<Item = usize> {
        let projects = self.world.record.projects.iter().enumerate();
        projects.filter(move |(_, project)| project.contact == Some(person)).map(|(number, _)| number)
    }

    /// What a group or an organisation has of the record, as its lists show it.
    pub fn lists_of(&self, of: Of) -> Vec<(&'static str, Value)> {
        let record = &self.world.record;
        let activities = (0..record.activities.len()).filter(|at| record.activities[*at] == of && self.activity(*at));
        let arranged = |event: &Event| event.of == of || event.with == Some(of);
        let events = (0..record.events.len()).filter(|at| arranged(&record.events[*at]) && self.event(*at));
        let agreed = |agreement: &Agreement| match of {
            Of::Group(_) => agreement.asked == Some(of),
            Of::Organisation(number) => agreement.parties.contains(&number),
        };
        let agreements =
            (0..record.agreements.len()).filter(|at| agreed(&record.agreements[*at]) && self.agreement(*at));
        let mut lists = vec![
            ("activities", list('y', activities)),
            ("events", list('v', events)),
            ("agreements", list('a', agreements)),
        ];
        if let Of::Organisation(number) = of {
            let takes_part = |project: &Project| project.owner == number || project.partner == Some(number);
            let projects =
                (0..record.projects.len()).filter(|at| takes_part(&record.projects[*at]) && self.project(*at));
            lists.push(("projects", list('r', projects)));
        }
        lists
    }
}

const OWNER: &str = "... on Group { key: slug } ... on Organisation { key: slug }";

/// The nouns of the record.
pub fn nouns() -> [Noun; 4] {
    let fields = |fields: &str| -> &'static str { fields.replace("OWNER", OWNER).leak() };
    [
        Noun {
            kind: SubjectKind::Agreement,
            name: "Agreement",
            label: ("agreement", "name"),
            list: Some(("agreements", "")),
            fields: fields(
                "key: name owner { key: slug } parties { organisation { key: slug } }
                assignments(first: 100) { totalCount nodes { owner { OWNER } } }",
            ),
            picture: agreement,
        },
        Noun {
            kind: SubjectKind::Project,
            name: "Project",
            label: ("project", "name"),
            list: Some(("projects", "")),
            fields: "key: name owner { key: slug } contact { person { key: familyName contactPoints { value } } }
                contactPoints { value } partners { organisation { key: slug } }",
            picture: project,
        },
        Noun {
            kind: SubjectKind::Event,
            name: "Event",
            label: ("event", "name"),
            list: Some(("events", "")),
            fields: fields("key: name owner { OWNER } organisers { OWNER }"),
            picture: event,
        },
        Noun {
            kind: SubjectKind::Activity,
            name: "Activity",
            label: ("activity", "name"),
            list: None,
            fields: fields("key: name owner { OWNER }"),
            picture: activity,
        },
    ]
}

fn shown(eyes: &Eyes, of: Of) -> Option<Value> {
    eyes.owner(of).then(|| match of {
        Of::Group(number) => named('g', number),
        Of::Organisation(number) => named('o', number),
    })
}

fn agreement(eyes: &Eyes, number: usize) -> Option<Value> {
    let agreement = &eyes.world.record.agreements[number];
    let assignments: Vec<Value> = agreement.asked.iter().map(|of| json!({ "owner": shown(eyes, *of) })).collect();
    let party = |party: &usize| json!({ "organisation": named('o', *party) });
    eyes.agreement(number).then(|| {
        json!({
            "key": format!("a{number}"), "owner": agreement.owner.map(|owner| named('o', owner)),
            "parties": agreement.parties.iter().map(party).collect::<Vec<_>>(),
            "assignments": { "totalCount": assignments.len(), "nodes": assignments },
        })
    })
}

fn project(eyes: &Eyes, number: usize) -> Option<Value> {
    let project = &eyes.world.record.projects[number];
    let contact = project.contact.filter(|contact| eyes.person(*contact));
    let partners = project.partner.iter().map(|partner| json!({ "organisation": named('o', *partner) }));
    eyes.project(number).then(|| {
        json!({
            "key": format!("r{number}"), "owner": named('o', project.owner),
            "contact": contact.map(|contact| json!({ "person": person_alone(eyes, contact) })),
            "contactPoints": values(eyes.points(Subject::Project(number))), "partners": partners.collect::<Vec<_>>(),
        })
    })
}

fn event(eyes: &Eyes, number: usize) -> Option<Value> {
    let event = &eyes.world.record.events[number];
    let organisers = [Some(event.of), event.with].into_iter().flatten().filter_map(|of| shown(eyes, of));
    eyes.event(number).then(|| {
        json!({
            "key": format!("v{number}"), "owner": shown(eyes, event.of), "organisers": organisers.collect::<Vec<_>>(),
        })
    })
}

fn activity(eyes: &Eyes, number: usize) -> Option<Value> {
    let of = eyes.world.record.activities[number];
    eyes.activity(number).then(|| json!({ "key": format!("y{number}"), "owner": shown(eyes, of) }))
}
