//! Directory documents: TOML text in, checked records out. The format is described in `docs/directory-format.md`.
//!
//! [`read`] looks up nothing and changes nothing. It says everything that is wrong with the text at once; whether a [`Reference`]
//! names something that exists is for whoever has the database to say, and the reference knows where it stands.

mod account;
mod agreements;
mod clash;
mod fields;
mod groups;
mod meetings;
mod memberships;
mod nested;
mod organisations;
mod part;
mod people;
mod problem;
mod projects;
mod record;
mod records;
mod times;
mod typed;

use std::collections::HashMap;

use fields::Fields;
use part::Part;
pub use problem::{Place, Problem, Reference};
pub use record::*;
pub use records::*;

/// What the files say, each noun in the order in which it stands there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Directory {
    pub documents: Vec<Document>,
    pub organisations: Vec<Organisation>,
    pub people: Vec<Person>,
    pub positions: Vec<Position>,
    pub tenures: Vec<Tenure>,
    pub groups: Vec<Group>,
    pub seats: Vec<Seat>,
    pub memberships: Vec<Membership>,
    pub schedules: Vec<Schedule>,
    pub meetings: Vec<Meeting>,
    pub agreements: Vec<Agreement>,
    pub projects: Vec<Project>,
    pub events: Vec<Event>,
    pub priorities: Vec<Item>,
    pub follow_up_items: Vec<Item>,
    pub activities: Vec<Item>,
    pub results: Vec<Item>,
}

/// Reads directory documents that belong together; each is a name for messages, and the text. With the records comes everything that is
/// wrong, by file and line. Where anything is, the records are only good for looking for more that is wrong: what could not be read is
/// missing or empty in them.
pub fn read(files: &[(String, String)]) -> (Directory, Vec<Problem>) {
    let mut directory = Directory::default();
    let mut claims = Vec::new();
    let mut problems = Vec::new();
    for (name, text) in files {
        for part in part::parts(name, text) {
            directory.add(&part);
            let (part_problems, part_claims) = part.into_findings();
            problems.extend(part_problems);
            claims.extend(part_claims);
        }
    }
    directory.place_items();
    problems.extend(clash::clashes(&claims));
    (directory, in_order(files, problems))
}

/// Problems in the order of the files and their lines.
pub fn in_order(files: &[(String, String)], mut problems: Vec<Problem>) -> Vec<Problem> {
    let file = |problem: &Problem| files.iter().position(|(name, _)| **name == *problem.file);
    problems.sort_by_cached_key(|problem| (file(problem), problem.line));
    problems
}

impl Directory {
    /// Those of one owner stand in the order of the documents.
    fn place_items(&mut self) {
        for items in [&mut self.priorities, &mut self.follow_up_items, &mut self.activities, &mut self.results] {
            let mut last: HashMap<String, i32> = HashMap::new();
            for item in items {
                let (Owner::Group(owner) | Owner::Organisation(owner)) = &item.owner;
                let noun = matches!(item.owner, Owner::Group(_));
                let place = last.entry(format!("{noun} {}", owner.key)).or_default();
                *place += 1;
                item.ordinal = *place;
            }
        }
    }

    fn add(&mut self, part: &Part) {
        Fields::of_root(part, |root| {
            self.documents.extend(root.list("document", organisations::document));
            self.organisations.extend(root.list("organisation", organisations::organisation));
            self.people.extend(root.list("person", people::person));
            self.positions.extend(root.list("position", people::positions));
            self.tenures.extend(root.list("tenure", people::tenure));
            for (group, seats) in root.list("group", groups::group) {
                self.groups.push(group);
                self.seats.extend(seats);
            }
            self.memberships.extend(root.list("membership", memberships::membership));
            self.schedules.extend(root.list("schedule", meetings::schedule));
            self.meetings.extend(root.list("meeting", meetings::meeting));
            self.agreements.extend(root.list("agreement", agreements::agreement));
            self.projects.extend(root.list("project", projects::project));
            self.events.extend(root.list("event", account::event));
            self.priorities.extend(root.list("priority", account::item));
            self.follow_up_items.extend(root.list("followUpItem", account::item));
            self.activities.extend(root.list("activity", account::item));
            self.results.extend(root.list("result", account::item));
        });
    }
}
