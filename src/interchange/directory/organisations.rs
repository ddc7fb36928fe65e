use entity::values::{MunicipalityCode, OrganisationKind, OrganisationNumber, Period};

use super::fields::Fields;
use super::nested::{contact_points, figures, sources};
use super::{Document, Name, Organisation};

pub fn document(f: &mut Fields) -> Option<Document> {
    let key = f.whole_key();
    let slug = f.key_as_slug(&key);
    Some(Document {
        place: f.place(),
        title: f.required("title", Fields::text).unwrap_or_default(),
        publisher: f.text("publisher"),
        date: f.date("date"),
        url: f.web("url"),
        note: f.text("note"),
        key,
        // The last field: nothing is left unread when it fails.
        slug: slug?,
    })
}

pub fn organisation(f: &mut Fields) -> Option<Organisation> {
    let key = f.whole_key();
    let slug = f.slug(&key);
    let kind = f.required("kind", Fields::term).unwrap_or(OrganisationKind::Other);
    if kind == OrganisationKind::Unit && !f.has("parent") {
        f.missing("parent", ": a UNIT is a part of another organisation");
    }
    Some(Organisation {
        place: f.place(),
        kind,
        names: names(f),
        organisation_number: f.parsed("organisationNumber", OrganisationNumber::parse),
        municipality_code: f.parsed("municipalityCode", |code| {
            MunicipalityCode::parse(code).ok_or("a municipality code has four digits")
        }),
        parent: f.reference("parent"),
        successor: f.reference("successor"),
        period: f.period(),
        contact_points: contact_points(f),
        figures: figures(f, &key),
        sources: sources(f),
        key,
        // The last field: nothing is left unread when it fails.
        slug: slug?,
    })
}

/// `names`; or `name` and `shortName`, which then are of all time.
fn names(f: &mut Fields) -> Vec<Name> {
    let names = f.list("names", |f| Some(name(f, |f| f.period())));
    if !f.has("names") {
        return vec![name(f, |_| Period::ALWAYS)];
    }
    f.pass_over(&["name", "shortName"]);
    f.not_both("names", "name");
    f.not_both("names", "shortName");
    if names.is_empty() {
        f.report_at("names", "names nothing");
    }
    for pair in names.windows(2) {
        check_order(f, &pair[0], &pair[1]);
    }
    names
}

/// Each name follows upon the one before it.
fn check_order(f: &Fields, before: &Name, name: &Name) {
    let follows = name.period.from().is_some_and(|from| {
        before.period.from().is_none_or(|begin| begin < from) && before.period.until().is_none_or(|end| end <= from)
    });
    if !follows {
        f.report(&name.place, "names", "must begin (`from`) when the name before it ends, or later");
    }
}

fn name(f: &mut Fields, period: impl FnOnce(&mut Fields) -> Period) -> Name {
    Name {
        place: f.place(),
        name: f.required("name", Fields::text).unwrap_or_default(),
        short_name: f.text("shortName"),
        period: period(f),
    }
}
