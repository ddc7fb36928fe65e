use super::fields::Fields;
use super::nested::{contact_points, sources};
use super::people::key_or;
use super::{Decision, Membership, Substitution};

pub fn membership(f: &mut Fields) -> Option<Membership> {
    let seat = f.required("seat", Fields::reference).unwrap_or_default();
    let person = f.required("person", Fields::reference).unwrap_or_default();
    Some(Membership {
        place: f.place(),
        key: key_or(f, &seat, &person),
        seat,
        person,
        on_behalf_of: f.reference("onBehalfOf"),
        period: f.period(),
        decision: f.table("decision", decision),
        end_reason: f.text("endReason"),
        replaces: f.reference("replaces"),
        substitutions: substitutions(f),
        contact_points: contact_points(f),
        sources: sources(f),
    })
}

fn decision(f: &mut Fields) -> Option<Decision> {
    let decision = Decision { body: f.text("body"), date: f.date("date"), reference: f.text("reference") };
    if !["body", "date", "reference"].into_iter().any(|name| f.has(name)) {
        f.missing("body", ": a decision says at least one of body, date and reference");
    }
    Some(decision)
}

fn substitutions(f: &mut Fields) -> Vec<Substitution> {
    let mut before = 0;
    f.list("substitutions", |f| {
        before += 1;
        Some(Substitution {
            place: f.place(),
            person: f.required("person", Fields::reference).unwrap_or_default(),
            period: f.period(),
            meeting: f.reference("meeting"),
            order: f.count("order").unwrap_or(before),
            voting: f.flag("voting"),
            sources: sources(f),
        })
    })
}
