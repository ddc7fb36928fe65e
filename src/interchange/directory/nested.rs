use entity::values::{Audience, ContactValue, Exactness, Measure, Term};

use super::fields::Fields;
use super::people::below;
use super::{ContactPoint, Figure, Source};

pub fn sources(f: &mut Fields) -> Vec<Source> {
    f.list("sources", |f| {
        let source = Source {
            place: f.place(),
            document: f.required("document", Fields::reference).unwrap_or_default(),
            quote: f.text("quote"),
            note: f.text("note"),
            unclear: f.flag("unclear").unwrap_or(false),
        };
        if source.unclear && !f.has("note") {
            f.missing("note", ": an unclear source says why");
        }
        Some(source)
    })
}

pub fn contact_points(f: &mut Fields) -> Vec<ContactPoint> {
    f.list("contactPoints", |f| {
        let kind = f.required("kind", Fields::term);
        // Of an unknown kind, any text will do.
        let value = f.required("value", |f, name| match kind {
            Some(kind) => f.parsed(name, |text| ContactValue::parse(kind, text)),
            None => f.text(name).and(None),
        });
        let (place, label) = (f.place(), f.text("label"));
        let (audience, period) = (audience(f), f.period());
        value.map(|value| ContactPoint { place, value, label, audience, period })
    })
}

pub fn audience(f: &mut Fields) -> Audience {
    f.term("audience").unwrap_or(Audience::Public)
}

/// The figures of the record with this key.
pub fn figures(f: &mut Fields, owner: &str) -> Vec<Figure> {
    f.list("figures", |f| {
        let measure = f.required("measure", Fields::term::<Measure>);
        Some(Figure {
            place: f.place(),
            key: figure_key(f, owner, measure),
            measure: measure.unwrap_or(Measure::MeetingsHeld),
            value: f.required("value", |f, name| f.number(name, 0..=i64::MAX)).unwrap_or_default(),
            value_to: f.number("valueTo", 0..=i64::MAX),
            unit: f.text("unit"),
            exactness: f.term("exactness").unwrap_or(Exactness::Exact),
            period: f.period(),
            note: f.text("note"),
            sources: sources(f),
        })
    })
}

fn figure_key(f: &mut Fields, owner: &str, measure: Option<Measure>) -> String {
    if let Some(own) = f.key() {
        let key = below(owner, &own);
        f.claim("key", &key, "key");
        return key;
    }
    let Some(measure) = measure.filter(|_| !owner.is_empty()) else { return String::new() };
    let measure = measure.word().to_lowercase().replace('_', "-");
    let from = f.written("from").map(|from| format!("/{from}"));
    let key = format!("{owner}/{measure}{}", from.unwrap_or_default());
    f.claim("key", &key, "measure");
    key
}
