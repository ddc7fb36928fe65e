//! The record: agreements, projects, events, and what owners say of their work.

use super::super::Actor;
use super::places::{any, coordinated, represented, there};
use super::{audience, group, sees_all};
use crate::db::Sql;

/// Agreements, and what they ask. Whoever keeps its owner, a party to it, or a group or unit that something falls on, keeps the agreement.
pub fn agreement(actor: &Actor, of: &str) -> Sql {
    let asked = any([coordinated(actor, "ka.group_id"), represented(actor, "ka.organisation_id")]);
    let kept = [
        represented(actor, &format!("{of}.owner_id")),
        there(&format!("agreement_party kp WHERE kp.agreement_id = {of}.id"), represented(actor, "kp.organisation_id")),
        there(&format!("assignment ka WHERE ka.agreement_id = {of}.id"), asked),
    ];
    audience(actor, of, any(kept))
}

/// Projects. Whoever keeps its owner, or somebody who takes part, keeps the project.
pub fn project(actor: &Actor, of: &str) -> Sql {
    let kept = [
        represented(actor, &format!("{of}.owner_id")),
        there(&format!("project_partner kp WHERE kp.project_id = {of}.id"), represented(actor, "kp.organisation_id")),
    ];
    audience(actor, of, any(kept))
}

/// Events: those of organisations, and of groups that the actor sees.
pub fn event(actor: &Actor, of: &str) -> Sql {
    let kept = [coordinated(actor, &format!("{of}.group_id")), represented(actor, &format!("{of}.organisation_id"))];
    audience(actor, of, any(kept)).and(owned(actor, of))
}

/// What is an organisation's, or a group's that the actor sees.
pub fn owned(actor: &Actor, of: &str) -> Sql {
    if sees_all(actor) {
        return Sql::text("1 = 1");
    }
    Sql::from(format!("({of}.group_id IS NULL OR EXISTS (SELECT 1 FROM \"group\" vg WHERE vg.id = {of}.group_id"))
        .and(group(actor, "vg"))
        .then("LIMIT 1 OFFSET 0))")
}
