use entity::values::{GroupKind, RelationKind, SeatFill, SeatRole};

use super::fields::Fields;
use super::nested::{audience, contact_points, figures, sources};
use super::people::below;
use super::{Group, Reference, Relation, RelationTo, Seat};

/// A group and its seats.
pub fn group(f: &mut Fields) -> Option<(Group, Vec<Seat>)> {
    let key = f.whole_key();
    let slug = f.slug(&key);
    let seats = seats(f, &key);
    let group = Group {
        place: f.place(),
        name: f.required("name", Fields::text).unwrap_or_default(),
        short_name: f.text("shortName"),
        kind: f.required("kind", Fields::term).unwrap_or(GroupKind::Other),
        purpose: f.text("purpose"),
        parent: f.reference("parent"),
        convener: f.reference("convener"),
        audience: audience(f),
        period: f.period(),
        relations: f.list("relations", relation),
        contact_points: contact_points(f),
        figures: figures(f, &key),
        sources: sources(f),
        key,
        // The last field: nothing is left unread when it fails.
        slug: slug?,
    };
    Some((group, seats))
}

fn relation(f: &mut Fields) -> Option<Relation> {
    f.not_both("group", "organisation");
    let group = f.reference("group").map(RelationTo::Group);
    let organisation = f.reference("organisation").map(RelationTo::Organisation);
    if !f.has("group") && !f.has("organisation") {
        f.missing("group", ": give it, or `organisation`");
    }
    Some(Relation {
        place: f.place(),
        kind: f.required("kind", Fields::term).unwrap_or(RelationKind::Serves),
        period: f.period(),
        sources: sources(f),
        // The last field: nothing is left unread when it fails.
        to: group.or(organisation)?,
    })
}

fn seats(f: &mut Fields, group: &str) -> Vec<Seat> {
    let mut seats = f.list("seats", |f| {
        let group = Reference { key: group.to_owned(), place: f.place(), field: f.path("key") };
        seats_of_one_entry(f, group)
    });
    for (ordinal, seat) in (1..).zip(&mut seats) {
        seat.ordinal = ordinal;
    }
    seats
}

/// One seat, or one for each of `organisations`.
fn seats_of_one_entry(f: &mut Fields, group: Reference) -> Vec<Seat> {
    let own_key = f.required("key", |f, _| f.key()).unwrap_or_default();
    let own_key = below(&group.key, &own_key);
    let organisations = f.organisations();
    let (fill, position) = fill(f);
    let role = f.required("role", Fields::term).unwrap_or(SeatRole::Member);
    let seat = Seat {
        place: f.place(),
        key: own_key,
        group,
        ordinal: 0,
        role,
        organisation: None,
        appointer: f.reference("appointer"),
        fill,
        position,
        capacity: capacity(f),
        voting: f.flag("voting").unwrap_or_else(|| role.votes()),
        description: f.text("description"),
        period: f.period(),
        contact_points: contact_points(f),
        sources: sources(f),
    };
    let seats: Vec<Seat> = match f.has("organisations") {
        true => organisations.into_iter().map(|organisation| seat.of_each(organisation)).collect(),
        false => vec![seat.of(organisations.into_iter().next())],
    };
    seats.iter().for_each(|seat| f.claim("key", &seat.key, "key"));
    seats
}

/// How the seat is filled, and the position that fills it.
fn fill(f: &mut Fields) -> (SeatFill, Option<Reference>) {
    let fill = f.term("fill");
    let position = f.reference("position");
    match (fill, f.has("position")) {
        (Some(SeatFill::ExOfficio), false) => {
            f.missing("position", ": a seat that is filled EX_OFFICIO names the position");
        }
        // Of a fill that is no term there is nothing more to say.
        (None, true) if f.has("fill") => {}
        (None | Some(SeatFill::Appointed | SeatFill::Elected), true) => {
            f.report_at("position", "only a seat that is filled EX_OFFICIO has a position");
        }
        _ => {}
    }
    (fill.unwrap_or(SeatFill::Appointed), position)
}

/// A number, or `"unbounded"`; 1 when left out.
fn capacity(f: &mut Fields) -> Option<i32> {
    if f.written("capacity").is_none() {
        return f.count("capacity").or(Some(1));
    }
    f.parsed("capacity", |word| match word {
        "unbounded" => Ok(()),
        _ => Err(format!("must be a number or \"unbounded\", not {word:?}")),
    });
    None
}

impl Seat {
    /// The seat as an organisation's, or as nobody's.
    fn of(&self, organisation: Option<Reference>) -> Self {
        let appointer = self.appointer.clone().or_else(|| organisation.clone());
        Self { organisation, appointer, ..self.clone() }
    }

    /// The seat as that of one of several organisations, each with its own key and its own position.
    fn of_each(&self, organisation: Reference) -> Self {
        let key = below(&self.key, &organisation.key);
        let own = |position: &Reference| Reference { key: below(&organisation.key, &position.key), ..position.clone() };
        let position = self.position.as_ref().map(own);
        Self { key, position, ..self.of(Some(organisation)) }
    }
}
