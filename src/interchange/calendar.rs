//! iCalendar (RFC 5545, RFC 7986): meetings as a calendar that others subscribe to. Each sitting is an event of its own, in UTC.

use chrono::Duration;
use entity::values::Instant;
use icalendar::{Calendar as Text, Component, Event as Entry, EventLike, EventStatus, Property};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How often a subscriber should look again.
const REFRESH: Duration = Duration::hours(1);
const PRODUCT: &str = "-//Samverkan//Samverkan//SV";

/// A calendar.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// What it is called.
    pub name: String,
    /// Where it is found.
    pub url: String,
    pub events: Vec<Event>,
}

/// A sitting, as a calendar shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The sitting's, for good.
    pub id: Uuid,
    pub starts_at: Instant,
    pub ends_at: Instant,
    /// Only the days are known.
    pub whole_days: bool,
    /// Rises with each change.
    pub sequence: i32,
    pub changed_at: Instant,
    pub title: String,
    pub description: Option<String>,
    pub place: Option<String>,
    pub digital_url: Option<String>,
    /// What sort of meeting it is.
    pub category: String,
    pub cancelled: bool,
}

impl Calendar {
    /// The calendar as text.
    pub fn text(&self) -> String {
        let mut text = begun("PUBLISH");
        text.append_property(written("NAME", &self.name)).append_property(written("X-WR-CALNAME", &self.name));
        text.append_property(uri("SOURCE", &self.url)).ttl(&REFRESH);
        text.extend(self.events.iter().map(Event::entry));
        text.to_string()
    }
}

/// Who calls to an event, and who is called.
#[derive(Clone, Copy, Debug)]
pub struct Parties<'a> {
    /// The name of who calls, if there is one.
    pub organizer: Option<&'a str>,
    /// Where answers go.
    pub from: &'a str,
    pub to: &'a str,
}

impl Event {
    /// The event as a message to somebody who is called to it (iTIP, RFC 5546): `REQUEST`, or `CANCEL` when it is cancelled. Nobody learns
    /// who else is called, and an answer is not asked for.
    pub fn message(&self, parties: Parties<'_>) -> String {
        let mut entry = self.entry();
        let mut organizer = Property::new("ORGANIZER", format!("mailto:{}", parties.from));
        if let Some(name) = parties.organizer {
            // A quotation mark cannot stand in a parameter.
            organizer.add_parameter("CN", &name.replace('"', "'"));
        }
        entry.append_property(organizer.done());
        let mut attendee = Property::new("ATTENDEE", format!("mailto:{}", parties.to));
        for (name, value) in [("ROLE", "REQ-PARTICIPANT"), ("PARTSTAT", "NEEDS-ACTION"), ("RSVP", "FALSE")] {
            attendee.add_parameter(name, value);
        }
        entry.append_property(attendee.done());
        let mut text = begun(self.method());
        text.push(entry.done());
        text.to_string()
    }

    /// Whether two versions of an event are the same in all that people read.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let Self { sequence, changed_at, .. } = *other;
        Self { sequence, changed_at, ..self.clone() } == *other
    }

    /// What a message about the event asks of a calendar.
    pub fn method(&self) -> &'static str {
        if self.cancelled { "CANCEL" } else { "REQUEST" }
    }

    fn entry(&self) -> Entry {
        let mut entry = Entry::new();
        entry.uid(&self.id.to_string()).sequence(u32::try_from(self.sequence).unwrap_or_default());
        entry.timestamp(self.changed_at.utc()).last_modified(self.changed_at.utc());
        if self.whole_days {
            entry.starts(self.starts_at.day()).ends(self.ends_at.day());
        } else {
            entry.starts(self.starts_at.utc()).ends(self.ends_at.utc());
        }
        entry.summary(&self.title).add_property("CATEGORIES", &self.category);
        entry.status(if self.cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed });
        // A meeting that is not held takes nobody's time.
        entry.add_property("TRANSP", if self.cancelled { "TRANSPARENT" } else { "OPAQUE" });
        if let Some(description) = &self.description {
            entry.description(description);
        }
        if let Some(place) = &self.place {
            entry.location(place);
        }
        if let Some(url) = &self.digital_url {
            entry.append_property(uri("CONFERENCE", url).add_parameter("FEATURE", "VIDEO").done());
        }
        entry.done()
    }
}

fn begun(method: &str) -> Text {
    let mut text = Text::empty();
    for (name, value) in [("VERSION", "2.0"), ("PRODID", PRODUCT), ("CALSCALE", "GREGORIAN"), ("METHOD", method)] {
        text.append_property(Property::new(name, value));
    }
    text
}

/// A text, which is escaped whatever the property is called.
fn written(name: &str, value: &str) -> Property {
    Property::new(name, value).add_parameter("VALUE", "TEXT").done()
}

fn uri(name: &str, value: &str) -> Property {
    Property::new(name, value).add_parameter("VALUE", "URI").done()
}
