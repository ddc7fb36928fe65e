//! Cards for address books: what a card says of a person or a group, and its text as vCard 4.0 (RFC 6350), vCard 3.0 (RFC 2426) or
//! JSContact (RFC 9553).

mod jscontact;
mod vcard;

use entity::values::{ContactPointKind, SeatRole, Term};
use uuid::Uuid;

/// A card.
#[derive(Clone, Debug)]
pub struct Card {
    /// The id of whom it is of: the same in every file, so that an address book knows whom it has.
    pub id: Uuid,
    /// Whom it is of.
    pub of: Subject,
    /// How to reach them, the best way of each kind first.
    pub contact_points: Vec<ContactPoint>,
}

/// Whom a card is of.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A person.
    Person(Person),
    /// A group.
    Group(Group),
}

/// What a card says of a person.
#[derive(Clone, Debug)]
pub struct Person {
    pub given_name: String,
    pub family_name: String,
    /// The name as it is read.
    pub name: String,
    /// What they work as.
    pub posts: Vec<Post>,
    /// Where they sit.
    pub seats: Vec<Seat>,
}

/// What a card says of a group.
#[derive(Clone, Debug)]
pub struct Group {
    pub name: String,
    pub short_name: Option<String>,
    /// The ids of the members' cards.
    pub members: Vec<Uuid>,
}

/// What somebody works as, and where.
#[derive(Clone, Debug)]
pub struct Post {
    pub title: String,
    pub organisation: String,
}

/// Where somebody sits, and for whom.
#[derive(Clone, Debug)]
pub struct Seat {
    pub role: SeatRole,
    pub group: String,
    pub organisation: Option<String>,
}

/// A way to reach somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactPoint {
    pub kind: ContactPointKind,
    /// As it is stored: a phone number in E.164.
    pub value: String,
    /// What it is for: "växel".
    pub label: Option<String>,
}

/// How cards are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// vCard 4.0.
    Vcard4,
    /// vCard 3.0, for programs that read no newer one, such as Outlook.
    Vcard3,
    /// JSContact.
    JsContact,
}

impl Format {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Vcard4 | Self::Vcard3 => "text/vcard; charset=utf-8",
            Self::JsContact => "application/jscontact+json",
        }
    }

    /// What the names of files end in, after the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Vcard4 | Self::Vcard3 => "vcf",
            Self::JsContact => "json",
        }
    }
}

/// A card as text.
pub fn one(card: &Card, format: Format) -> String {
    match format {
        Format::JsContact => jscontact::one(card),
        vcard => vcard::text(card, vcard),
    }
}

/// Cards in one text: vCards after each other, in JSContact an array of cards, which has no other word for several.
pub fn all(cards: &[Card], format: Format) -> String {
    match format {
        Format::JsContact => jscontact::all(cards),
        vcard => cards.iter().map(|card| vcard::text(card, vcard)).collect(),
    }
}

/// Who made the card.
const PRODUCT: &str = "-//Samverkan//Samverkan//SV";

impl Card {
    /// The card's name among all cards.
    fn uid(&self) -> String {
        uid(self.id)
    }

    /// The name under which the card is shown.
    fn name(&self) -> &str {
        match &self.of {
            Subject::Person(person) => &person.name,
            Subject::Group(group) => &group.name,
        }
    }
}

fn uid(id: Uuid) -> String {
    format!("urn:uuid:{id}")
}

impl Person {
    /// The names of the groups, each once.
    fn groups(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for seat in &self.seats {
            if !names.contains(&seat.group.as_str()) {
                names.push(&seat.group);
            }
        }
        names
    }

    /// Where the person sits, in a line for each seat.
    fn note(&self) -> Option<String> {
        let lines: Vec<String> = self.seats.iter().map(Seat::line).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

impl Seat {
    /// "Ledamot i FoU-rådet för Bräcke kommun".
    fn line(&self) -> String {
        let Self { role, group, organisation } = self;
        let sits = format!("{} i {group}", role.swedish());
        organisation.as_ref().map_or(sits.clone(), |organisation| format!("{sits} för {organisation}"))
    }
}

impl ContactPoint {
    /// The number as a URI; emergency and other short numbers have none that holds everywhere.
    fn tel(&self) -> Option<String> {
        self.value.starts_with('+').then(|| format!("tel:{}", self.value))
    }
}
