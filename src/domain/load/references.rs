//! Keys of documents and ids of rows, and whether what a document names is there.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::app::App;
use crate::db::Sql;
use crate::error::Error;
use crate::interchange::directory::{Directory, Figure, Item, Owner, Problem, Reference, RelationTo, Source};

/// Under which ids are derived from keys; made for this purpose, once.
const NAMESPACE: Uuid = Uuid::from_u128(0x1f0b_7a5e_52d1_5c0a_9b1e_6b8f_3c7d_2a94);

/// The id of the record of a noun that has this key.
pub fn id(noun: &str, key: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, format!("{noun}/{key}").as_bytes())
}

/// Problems for all references to records that are neither in the documents nor in the database.
pub async fn known(app: &App, directory: &Directory) -> Result<Vec<Problem>, Error> {
    let written = keys(directory);
    let mut missing: HashMap<&'static str, Vec<&Reference>> = HashMap::new();
    for (noun, reference) in references(directory) {
        // What could not be read names nothing, and has been complained of.
        if !reference.key.is_empty() && !written.contains(&id(noun, &reference.key)) {
            missing.entry(noun).or_default().push(reference);
        }
    }
    let mut problems = Vec::new();
    for (noun, references) in missing {
        let there = in_database(app, noun, &references).await?;
        let unknown = references.into_iter().filter(|reference| !there.contains(&id(noun, &reference.key)));
        problems
            .extend(unknown.map(|reference| reference.problem(format!("there is no {noun} \"{}\"", reference.key))));
    }
    problems.sort_by(|a, b| (&a.file, a.line, &a.field).cmp(&(&b.file, b.line, &b.field)));
    // A reference that another one follows from, as a seat's appointer from its organisation, is named once.
    problems.dedup();
    Ok(problems)
}

async fn in_database(app: &App, noun: &str, references: &[&Reference]) -> Result<HashSet<Uuid>, Error> {
    let ids: HashSet<Uuid> = references.iter().map(|reference| id(noun, &reference.key)).collect();
    let query = Sql::from(format!("SELECT id FROM \"{noun}\" WHERE id IN")).then(Sql::list(ids));
    let rows = app.db.query(query).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

fn keys(directory: &Directory) -> HashSet<Uuid> {
    let mut keys = HashSet::new();
    keys.extend(directory.documents.iter().map(|record| id("document", &record.key)));
    keys.extend(directory.organisations.iter().map(|record| id("organisation", &record.key)));
    keys.extend(directory.people.iter().map(|record| id("person", &record.key)));
    keys.extend(directory.positions.iter().map(|record| id("position", &record.key)));
    keys.extend(directory.groups.iter().map(|record| id("group", &record.key)));
    keys.extend(directory.seats.iter().map(|record| id("seat", &record.key)));
    keys.extend(directory.memberships.iter().map(|record| id("membership", &record.key)));
    keys.extend(directory.schedules.iter().map(|record| id("schedule", &record.key)));
    keys.extend(directory.meetings.iter().map(|record| id("meeting", &record.key)));
    keys.extend(directory.agreements.iter().map(|record| id("agreement", &record.key)));
    let assignments = directory.agreements.iter().flat_map(|record| &record.assignments);
    keys.extend(assignments.map(|assignment| id("assignment", &assignment.key)));
    keys
}

/// Every reference in the documents, with the noun that it names.
fn references(directory: &Directory) -> Vec<(&'static str, &Reference)> {
    let mut found = Found::default();
    found.organisations_and_people(directory);
    found.groups_and_seats(directory);
    found.memberships_and_meetings(directory);
    found.agreements(directory);
    found.projects_and_events(directory);
    [&directory.priorities, &directory.follow_up_items, &directory.activities, &directory.results]
        .into_iter()
        .for_each(|items| found.items(items));
    found.0
}

#[derive(Default)]
struct Found<'a>(Vec<(&'static str, &'a Reference)>);

impl<'a> Found<'a> {
    fn add(&mut self, noun: &'static str, references: impl IntoIterator<Item = &'a Reference>) {
        self.0.extend(references.into_iter().map(|reference| (noun, reference)));
    }

    fn sources(&mut self, sources: &'a [Source]) {
        self.add("document", sources.iter().map(|source| &source.document));
    }

    fn figures(&mut self, figures: &'a [Figure]) {
        figures.iter().for_each(|figure| self.sources(&figure.sources));
    }

    fn owners(&mut self, owners: impl IntoIterator<Item = &'a Owner>) {
        for owner in owners {
            match owner {
                Owner::Group(group) => self.add("group", [group]),
                Owner::Organisation(organisation) => self.add("organisation", [organisation]),
            }
        }
    }

    fn organisations_and_people(&mut self, directory: &'a Directory) {
        for record in &directory.organisations {
            self.add("organisation", record.parent.iter().chain(&record.successor));
            self.sources(&record.sources);
            self.figures(&record.figures);
        }
        directory.people.iter().for_each(|record| self.sources(&record.sources));
        for record in &directory.positions {
            self.add("organisation", [&record.organisation]);
            self.sources(&record.sources);
        }
        for record in &directory.tenures {
            self.add("position", [&record.position]);
            self.add("person", [&record.person]);
            self.sources(&record.sources);
        }
    }

    fn groups_and_seats(&mut self, directory: &'a Directory) {
        for record in &directory.groups {
            self.add("group", &record.parent);
            self.add("organisation", &record.convener);
            self.sources(&record.sources);
            self.figures(&record.figures);
            for relation in &record.relations {
                match &relation.to {
                    RelationTo::Group(to) => self.add("group", [to]),
                    RelationTo::Organisation(to) => self.add("organisation", [to]),
                }
                self.sources(&relation.sources);
            }
        }
        for record in &directory.seats {
            self.add("group", [&record.group]);
            self.add("organisation", record.organisation.iter().chain(&record.appointer));
            self.add("position", &record.position);
            self.sources(&record.sources);
        }
    }

    fn agreements(&mut self, directory: &'a Directory) {
        for record in &directory.agreements {
            self.add("agreement", &record.parent);
            self.add("organisation", record.parties.iter().filter_map(|party| party.organisation.as_ref()));
            self.add("organisation", &record.owner);
            self.owners(record.assignments.iter().filter_map(|assignment| assignment.owner.as_ref()));
            self.sources(&record.sources);
        }
    }

    fn projects_and_events(&mut self, directory: &'a Directory) {
        for record in &directory.projects {
            self.add("organisation", [&record.owner]);
            self.add("organisation", record.partners.iter().filter_map(|partner| partner.organisation.as_ref()));
            self.add("organisation", &record.municipalities);
            self.add("person", &record.contact);
            self.add("assignment", &record.assignment);
            self.figures(&record.figures);
            self.sources(&record.sources);
        }
        for record in &directory.events {
            self.owners(record.organisers.iter().chain([&record.owner]));
            self.add("assignment", &record.assignment);
            self.figures(&record.figures);
            self.sources(&record.sources);
        }
    }

    fn items(&mut self, items: &'a [Item]) {
        for record in items {
            self.owners([&record.owner]);
            self.add("assignment", &record.assignment);
            self.figures(&record.figures);
            self.sources(&record.sources);
        }
    }

    fn memberships_and_meetings(&mut self, directory: &'a Directory) {
        for record in &directory.memberships {
            self.add("seat", [&record.seat]);
            self.add("person", std::iter::once(&record.person).chain(record.substitutions.iter().map(|s| &s.person)));
            self.add("organisation", &record.on_behalf_of);
            self.add("membership", &record.replaces);
            self.add("meeting", record.substitutions.iter().filter_map(|s| s.meeting.as_ref()));
            self.sources(&record.sources);
        }
        for record in &directory.schedules {
            self.add("group", &record.groups);
            self.add("group", record.sittings.iter().flat_map(|sitting| &sitting.groups));
            self.sources(&record.sources);
        }
        for record in &directory.meetings {
            self.add("schedule", &record.schedule);
            self.add("group", record.sittings.iter().flat_map(|sitting| &sitting.groups));
            self.add("person", record.attendance.iter().map(|present| &present.person));
            self.add("membership", record.attendance.iter().filter_map(|present| present.membership.as_ref()));
            self.sources(&record.sources);
        }
    }
}
