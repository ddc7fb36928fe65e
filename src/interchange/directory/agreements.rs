use entity::values::{Period, ReferenceNumber};

use super::fields::Fields;
use super::nested::{audience, sources};
use super::people::below;
use super::{Agreement, Assignment, Owner, Party, Reference};

pub fn agreement(f: &mut Fields) -> Option<Agreement> {
    let key = f.whole_key();
    Some(Agreement {
        place: f.place(),
        name: f.required("name", Fields::text).unwrap_or_default(),
        purpose: f.text("purpose"),
        owner: f.reference("owner"),
        parent: f.reference("parent"),
        audience: audience(f),
        period: f.period(),
        references: references(f),
        parties: f.list("parties", parties),
        assignments: f.list("assignments", |f| Some(assignment(f, &key))),
        sources: sources(f),
        key,
    })
}

/// Under what something is kept: texts, or none.
pub fn references(f: &mut Fields) -> Vec<ReferenceNumber> {
    let references = f.texts("references", ReferenceNumber::parse);
    for (at, reference) in references.iter().enumerate() {
        if references[..at].contains(reference) {
            f.report_at("references", format!("{reference} stands twice in the list"));
        }
    }
    references
}

/// One party, or one for each of `organisations`.
fn parties(f: &mut Fields) -> Vec<Party> {
    let organisations = f.organisations();
    let party = Party {
        place: f.place(),
        organisation: None,
        description: f.text("description"),
        number: f.count("number"),
        period: f.period(),
        notice: f.parsed("notice", |text| Period::parse(Some(text), None, Some(text))),
    };
    if organisations.is_empty() {
        if !f.has("description") && !f.has("organisation") && !f.has("organisations") {
            f.missing("organisation", ": give it, or `organisations`, or what the source calls them as `description`");
        }
        return vec![party];
    }
    let of = |organisation: Reference| Party { organisation: Some(organisation), ..party.clone() };
    organisations.into_iter().map(of).collect()
}

fn assignment(f: &mut Fields, agreement: &str) -> Assignment {
    let own_key = f.required("key", |f, _| f.key()).unwrap_or_default();
    let key = below(agreement, &own_key);
    f.claim("key", &key, "key");
    Assignment {
        place: f.place(),
        key,
        name: f.required("name", Fields::text).unwrap_or_default(),
        description: f.text("description"),
        owner: owner(f),
    }
}

/// A `group` or an `organisation`, not both.
pub fn owner(f: &mut Fields) -> Option<Owner> {
    f.not_both("group", "organisation");
    let group = f.reference("group").map(Owner::Group);
    group.or(f.reference("organisation").map(Owner::Organisation))
}

/// The same where one must be there. Of a record without an owner nothing is loaded, so that any will do.
pub fn owned(f: &mut Fields) -> Owner {
    if !f.has("group") && !f.has("organisation") {
        f.missing("organisation", ": give it, or `group`: whose it is");
    }
    owner(f).unwrap_or(Owner::Organisation(Reference::default()))
}
