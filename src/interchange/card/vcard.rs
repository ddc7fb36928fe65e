//! vCards. The library escapes, and folds lines at 75 octets between characters.

use calcard::vcard::{
    VCard, VCardEntry, VCardParameter, VCardParameterName, VCardProperty, VCardType, VCardValue, VCardValueType,
};
use entity::values::ContactPointKind;

use super::{Card, ContactPoint, Format, Group, PRODUCT, Person, Post, Subject, uid};

/// One vCard. In 3.0 nothing is grouped: labels and whose title belongs where are left out for programs that pass over grouped lines.
pub fn text(card: &Card, format: Format) -> String {
    let newer = format == Format::Vcard4;
    let mut lines = Lines { newer, groups: 0, entries: Vec::new() };
    lines.text(VCardProperty::Version, if newer { "4.0" } else { "3.0" });
    lines.text(VCardProperty::Prodid, PRODUCT);
    lines.text(VCardProperty::Uid, &card.uid());
    lines.text(VCardProperty::Fn, card.name());
    match &card.of {
        Subject::Person(person) => lines.person(person),
        Subject::Group(group) => lines.group(group),
    }
    for point in &card.contact_points {
        lines.contact_point(point);
    }
    VCard { entries: lines.entries }.to_string()
}

/// A vCard under construction.
struct Lines {
    /// 4.0 and not 3.0.
    newer: bool,
    /// How many groups of lines there are.
    groups: usize,
    entries: Vec<VCardEntry>,
}

impl Lines {
    fn text(&mut self, name: VCardProperty, text: &str) {
        self.entries.push(VCardEntry::new(name).with_value(clean(text)));
    }

    fn parts<'a>(&mut self, name: VCardProperty, parts: impl IntoIterator<Item = &'a str>) {
        let values = parts.into_iter().map(|part| VCardValue::Text(clean(part))).collect();
        self.entries.push(VCardEntry::new(name).with_values(values));
    }

    /// Lines that belong to each other; not in 3.0.
    fn together(&mut self, entries: Vec<VCardEntry>) {
        self.groups += 1;
        let group = self.newer.then(|| format!("item{}", self.groups));
        self.entries.extend(entries.into_iter().map(|entry| entry.with_group(group.clone())));
    }

    fn person(&mut self, person: &Person) {
        self.parts(VCardProperty::N, [person.family_name.as_str(), &person.given_name, "", "", ""]);
        match person.posts.as_slice() {
            [only] => self.entries.extend(post(only)),
            several => several.iter().for_each(|one| self.together(post(one))),
        }
        let groups = person.groups();
        if !groups.is_empty() {
            self.parts(VCardProperty::Categories, groups);
        }
        if let Some(note) = person.note() {
            self.text(VCardProperty::Note, &note);
        }
    }

    /// 3.0 knows no groups, but Apple's address book and those that follow it do, and others show the group as somebody to write to.
    fn group(&mut self, group: &Group) {
        if let Some(short) = &group.short_name {
            self.text(VCardProperty::Nickname, short);
        }
        let member = if self.newer {
            self.text(VCardProperty::Kind, "group");
            VCardProperty::Member
        } else {
            self.parts(VCardProperty::N, [group.name.as_str(), "", "", "", ""]);
            self.text(VCardProperty::Other("X-ADDRESSBOOKSERVER-KIND".to_owned()), "group");
            VCardProperty::Other("X-ADDRESSBOOKSERVER-MEMBER".to_owned())
        };
        for id in &group.members {
            self.text(member.clone(), &uid(*id));
        }
    }

    fn contact_point(&mut self, point: &ContactPoint) {
        let entry = match point.kind {
            ContactPointKind::Email => self.work(VCardProperty::Email, &["INTERNET"]).with_value(clean(&point.value)),
            ContactPointKind::Phone => self.phone(point),
            ContactPointKind::Address => self.address(&point.value),
            ContactPointKind::Web => VCardEntry::new(VCardProperty::Url).with_value(clean(&point.value)),
        };
        match point.label.as_deref().filter(|_| self.newer) {
            Some(label) => {
                let name = VCardProperty::Other("X-ABLabel".to_owned());
                self.together(vec![entry, VCardEntry::new(name).with_value(clean(label))]);
            }
            None => self.entries.push(entry),
        }
    }

    fn phone(&self, point: &ContactPoint) -> VCardEntry {
        let entry = self.work(VCardProperty::Tel, &["VOICE"]);
        match point.tel().filter(|_| self.newer) {
            Some(uri) => entry.with_param(VCardParameter::value(VCardValueType::Uri)).with_value(uri),
            None => entry.with_value(clean(&point.value)),
        }
    }

    /// Addresses are kept as text, which goes into the street: that is where programs show all of it.
    fn address(&self, text: &str) -> VCardEntry {
        let parts = ["", "", text, "", "", "", ""];
        self.work(VCardProperty::Adr, &[]).with_values(parts.map(|part| VCardValue::Text(clean(part))).into())
    }

    /// What is used at work. 3.0 wants to be told more.
    fn work(&self, name: VCardProperty, in_older: &[&str]) -> VCardEntry {
        let entry = VCardEntry::new(name);
        if self.newer {
            return entry.with_param(VCardParameter::typ(VCardType::Work));
        }
        let types = in_older.iter().chain(&["WORK"]);
        let types = types.map(|word| VCardParameter::new(VCardParameterName::Type, (*word).to_owned()));
        entry.with_params(types.collect())
    }
}

fn post(post: &Post) -> Vec<VCardEntry> {
    let line = |name, text: &str| VCardEntry::new(name).with_value(clean(text));
    vec![line(VCardProperty::Title, &post.title), line(VCardProperty::Org, &post.organisation)]
}

/// Without control characters: a card has no way to write them, but for the end of a line.
fn clean(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|sign| *sign == '\n' || !sign.is_control()).collect()
}
