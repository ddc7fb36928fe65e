//! The places of an actor: the groups that a coordinator keeps and those below them, the organisations that a representative keeps and
//! the units inside them. Each condition is `None` when the actor keeps no such place, so that nobody else's statements know of places.
//!
//! What is below a place is found by the statement itself, from the place down: it is as true as everything else that is read then.

use entity::values::Role;

use super::super::Actor;
use crate::db::Sql;

/// The condition that a column names a group that the actor coordinates, directly or from a group above it.
pub fn coordinated(actor: &Actor, column: &str) -> Option<Sql> {
    kept(actor, Role::Coordinator, "\"group\"", column)
}

/// The condition that a column names an organisation that the actor represents, or a unit inside one.
pub fn represented(actor: &Actor, column: &str) -> Option<Sql> {
    kept(actor, Role::Representative, "organisation", column)
}

fn kept(actor: &Actor, role: Role, table: &str, column: &str) -> Option<Sql> {
    let places = actor.places(role);
    let roots = Sql::from(format!("SELECT root.id FROM {table} root WHERE root.id IN"));
    let inside = || Sql::once(below(table, roots.then(Sql::list(places.clone()))));
    (!places.is_empty()).then(|| Sql::among(column, Sql::from("SELECT id FROM").then(inside())))
}

/// The statement that selects the ids of the roots, which another selects, and of all rows below them, however deep.
pub fn below(table: &str, roots: impl Into<Sql>) -> Sql {
    Sql::from("WITH RECURSIVE inside (id) AS (")
        .then(roots)
        .then(format!("UNION SELECT u.id FROM {table} u JOIN inside ON u.parent_id = inside.id) SELECT id FROM inside"))
}

/// Where the seat `ks` is in a group that the actor coordinates.
pub(super) fn in_group(actor: &Actor) -> Option<Sql> {
    coordinated(actor, "ks.group_id")
}

/// The same, or where somebody sits by the membership `km` on a seat of an organisation that the actor represents, or on its behalf.
pub(super) fn in_group_or_for(actor: &Actor) -> Option<Sql> {
    any([in_group(actor), represented(actor, "ks.organisation_id"), represented(actor, "km.on_behalf_of_id")])
}

/// Where the position `kp` is in an organisation that the actor represents.
pub(super) fn in_organisation(actor: &Actor) -> Option<Sql> {
    represented(actor, "kp.organisation_id")
}

/// That one of the conditions holds.
pub(super) fn any(conditions: impl IntoIterator<Item = Option<Sql>>) -> Option<Sql> {
    let either = conditions.into_iter().flatten().reduce(|one, other| one.then("OR").then(other))?;
    Some(Sql::from("(").then(either).then(")"))
}

/// That there is a row, given as what follows FROM, which ends in conditions, of which the condition holds. It is looked for anew for
/// each row of the statement, by index: the offset keeps PostgreSQL from reading all rows beforehand.
pub(super) fn there(rows: &str, condition: Option<Sql>) -> Option<Sql> {
    Some(Sql::from(format!("EXISTS (SELECT 1 FROM {rows}")).and(condition?).then("LIMIT 1 OFFSET 0)"))
}
