use std::collections::HashMap;

use super::{Place, Problem};

/// A key or slug that a record takes for itself.
pub struct Claim {
    /// Among which records it must be alone.
    pub noun: String,
    /// "key" or "slug".
    pub what: &'static str,
    pub text: String,
    pub place: Place,
    pub field: String,
    /// It is a slug that follows from the key, so that a clash of two such has already been told.
    pub follows: bool,
    /// What to do about a clash, where that is not plain.
    pub hint: &'static str,
}

/// The keys that are taken twice; each after the first is a problem that names the first.
pub fn clashes(claims: &[Claim]) -> Vec<Problem> {
    let mut first: HashMap<(&str, &str, &str), &Claim> = HashMap::new();
    let mut problems = Vec::new();
    for claim in claims {
        let taken = *first.entry((&claim.noun, claim.what, &claim.text)).or_insert(claim);
        let told = taken.follows && claim.follows;
        if !told && !std::ptr::eq(taken, claim) {
            let Claim { what, text, hint, .. } = claim;
            let message = format!("the {what} {text:?} is already taken at {}{hint}", taken.place);
            problems.push(claim.place.problem(claim.field.clone(), message));
        }
    }
    problems
}
