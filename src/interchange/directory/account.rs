use entity::values::{Exactness, Period};

use super::agreements::{owned, owner};
use super::fields::Fields;
use super::nested::{audience, figures, sources};
use super::{Event, Item};

pub fn event(f: &mut Fields) -> Option<Event> {
    let key = f.whole_key();
    let exactness = f.term("exactness");
    Some(Event {
        place: f.place(),
        name: f.required("name", Fields::text).unwrap_or_default(),
        description: f.text("description"),
        owner: owned(f),
        organisers: f.list("organisers", |f| {
            if !f.has("group") && !f.has("organisation") {
                f.missing("organisation", ": give it, or `group`");
            }
            owner(f)
        }),
        assignment: f.reference("assignment"),
        subject_area: f.text("subjectArea"),
        meeting_place: f.text("place"),
        participants: f.amount("participants").map(|number| (number, exactness.unwrap_or(Exactness::Exact))),
        audience: audience(f),
        period: occasion(f),
        figures: figures(f, &key),
        sources: sources(f),
        key,
    })
}

/// When it is: `from` must be there, and what it names is all of it when no end is given.
fn occasion(f: &mut Fields) -> Period {
    if !f.has("from") {
        f.missing("from", "");
    }
    let from = f.written("from");
    let period = f.period();
    let whole = from.filter(|_| !f.has("until") && !f.has("lastDay"));
    whole.and_then(|from| Period::parse(Some(from), None, Some(from)).ok()).unwrap_or(period)
}

/// One of the four nouns that are kept alike.
pub fn item(f: &mut Fields) -> Option<Item> {
    let key = f.whole_key();
    Some(Item {
        place: f.place(),
        ordinal: 0,
        name: f.required("name", Fields::text).unwrap_or_default(),
        description: f.text("description"),
        owner: owned(f),
        assignment: f.reference("assignment"),
        period: f.period(),
        figures: figures(f, &key),
        sources: sources(f),
        key,
    })
}
