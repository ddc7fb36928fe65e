//! A random directory as the document that it is loaded from.

use std::fmt::Write;

use entity::values::{Audience, Term};

use super::world::{Meeting, Membership, Subject, When, World, address};

impl World {
    /// The directory as a document. Of what it says nothing, the protection of people, `protected` has the names.
    pub fn document(&self) -> String {
        let mut text = String::new();
        self.write_organisations(&mut text);
        self.write_groups(&mut text);
        self.write_memberships(&mut text);
        self.write_record(&mut text);
        text
    }

    /// The family names of people with protected personal data.
    pub fn protected(&self) -> Vec<String> {
        let numbers = (0..self.people.len()).filter(|number| self.people[*number].protected);
        numbers.map(|number| format!("P{number}")).collect()
    }

    fn write_points(&self, text: &mut String, of: Subject) {
        line(text, self.points_of(of));
    }

    /// The contact points of something.
    pub fn points_of(&self, of: Subject) -> String {
        let point = |audience: &Audience| {
            format!(
                "{{ kind = \"EMAIL\", value = \"{}\", audience = \"{}\" }}",
                address(of, *audience),
                audience.word()
            )
        };
        let points: Vec<String> = self.points(of).iter().map(point).collect();
        format!("contactPoints = [{}]", points.join(", "))
    }

    fn write_organisations(&self, text: &mut String) {
        for (number, organisation) in self.organisations.iter().enumerate() {
            let kind = if organisation.parent.is_some() { "UNIT" } else { "MUNICIPALITY" };
            line(text, format!("[[organisation]]\nkey = \"o{number}\"\nname = \"O{number}\"\nkind = \"{kind}\""));
            reference(text, "parent", 'o', organisation.parent);
            self.write_points(text, Subject::Organisation(number));
        }
        for (number, person) in self.people.iter().enumerate() {
            line(text, format!("[[person]]\nkey = \"p{number}\"\ngivenName = \"Person\"\nfamilyName = \"P{number}\""));
            line(text, format!("audience = \"{}\"", person.audience.word()));
            self.write_points(text, Subject::Person(number));
        }
        for (number, position) in self.positions.iter().enumerate() {
            line(text, format!("[[position]]\nkey = \"q{number}\"\ntitle = \"Q{number}\""));
            reference(text, "organisation", 'o', Some(position.organisation));
            self.write_points(text, Subject::Position(number));
            if let Some((person, when)) = position.tenure {
                line(text, format!("[[tenure]]\nposition = \"q{number}\"\nendReason = \"t{number}\""));
                reference(text, "person", 'p', Some(person));
                line(text, when.period().to_owned());
            }
        }
    }

    fn write_groups(&self, text: &mut String) {
        for (number, group) in self.groups.iter().enumerate() {
            line(text, format!("[[group]]\nkey = \"g{number}\"\nname = \"Grupp {number}\"\nkind = \"NETWORK\""));
            line(text, format!("audience = \"{}\"", group.audience.word()));
            reference(text, "parent", 'g', group.parent);
            self.write_points(text, Subject::Group(number));
            for (number, seat) in self.seats.iter().enumerate().filter(|(_, seat)| seat.group == number) {
                let role = if seat.contact { "CONTACT" } else { "MEMBER" };
                line(
                    text,
                    format!("[[group.seats]]\nkey = \"s{number}\"\nrole = \"{role}\"\ncapacity = \"unbounded\""),
                );
                line(text, format!("description = \"s{number}\""));
                reference(text, "organisation", 'o', seat.organisation);
                reference(text, "appointer", 'o', seat.appointer);
                self.write_points(text, Subject::Seat(number));
            }
        }
        for (number, Meeting { groups, present }) in self.meetings.iter().enumerate() {
            let day = format!("2026-12-{:02}", number + 1);
            let sitting = |(place, group): (usize, &usize)| {
                let (starts, ends) = (9 + place, 10 + place);
                format!(
                    "{{ starts = \"{day}T{starts:02}:00\", ends = \"{day}T{ends:02}:00\", groups = [\"g{group}\"] }}"
                )
            };
            let sittings: Vec<String> = groups.iter().enumerate().map(sitting).collect();
            let present: Vec<String> =
                present.iter().map(|person| format!("{{ person = \"p{person}\", mode = \"REMOTE\" }}")).collect();
            line(text, format!("[[meeting]]\nkey = \"e{number}\"\ntitle = \"e{number}\""));
            line(text, format!("sittings = [{}]\nattendance = [{}]", sittings.join(", "), present.join(", ")));
            let groups: Vec<String> = groups.iter().map(|group| format!("\"g{group}\"")).collect();
            line(text, format!("[[schedule]]\nkey = \"e{number}\"\ndescription = \"e{number}\"\nperYear = 4"));
            line(text, format!("groups = [{}]", groups.join(", ")));
        }
    }

    fn write_memberships(&self, text: &mut String) {
        for (number, membership) in self.memberships.iter().enumerate() {
            let Membership { seat, person, when, .. } = membership;
            let group = self.seats[*seat].group;
            line(
                text,
                format!("[[membership]]\nkey = \"m{number}\"\nseat = \"g{group}/s{seat}\"\nperson = \"p{person}\""),
            );
            line(text, format!("endReason = \"m{number}\"\n{}", when.period()));
            reference(text, "onBehalfOf", 'o', membership.on_behalf_of);
            let standing_in = self.substitutions.iter().filter(|(of, _)| *of == number);
            let standing_in: Vec<String> =
                standing_in.map(|(_, person)| format!("{{ person = \"p{person}\" }}")).collect();
            line(text, format!("substitutions = [{}]", standing_in.join(", ")));
            self.write_points(text, Subject::Membership(number));
        }
    }
}

impl When {
    fn period(self) -> &'static str {
        match self {
            Self::Past => "from = \"2020-01-01\"\nuntil = \"2022-01-01\"",
            Self::Now => "from = \"2022-01-01\"",
            Self::Future => "from = \"2028-01-01\"",
        }
    }
}

fn line(text: &mut String, line: String) {
    writeln!(text, "{line}").expect("text takes lines");
}

fn reference(text: &mut String, field: &str, letter: char, to: Option<usize>) {
    if let Some(number) = to {
        line(text, format!("{field} = \"{letter}{number}\""));
    }
}
