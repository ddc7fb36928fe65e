//! Which rows an actor may see, as SQL conditions. Single look-ups and lists use the same ones; what they leave out does not exist
//! for the actor. The argument `of` is the alias under which the row stands in the statement.
//!
//! Everywhere an actor sees up to an audience. In the places that a coordinator or a representative keeps they see as far as
//! coordinators do; which rows are in their places, `places.rs` says.

mod contact_point;
mod places;
mod record;

use entity::values::{Audience, Role};

use super::Actor;
use crate::db::{Sql, sql};
use crate::error::{Error, Said};

pub use contact_point::{contact_point, contact_point_by_id};
use places::{any, in_group, in_group_or_for, in_organisation, there};
pub use places::{below, coordinated, represented};
pub use record::{agreement, event, owned, project};

/// Groups, and what hangs on them: seats, schedules, meetings.
pub fn group(actor: &Actor, of: &str) -> Sql {
    let seat = format!("seat ks WHERE ks.group_id = {of}.id");
    let kept = [
        coordinated(actor, &format!("{of}.id")),
        there(&seat, any([represented(actor, "ks.organisation_id"), represented(actor, "ks.appointer_id")])),
    ];
    audience(actor, of, any(kept))
}

/// A person who is reached through a membership, a tenure or an attendance that the actor sees.
pub fn person_in_place(actor: &Actor, of: &str) -> Sql {
    let seated = format!("membership km JOIN seat ks ON ks.id = km.seat_id WHERE km.person_id = {of}.id");
    let standing_in = format!(
        "substitution kx JOIN membership km ON km.id = kx.membership_id JOIN seat ks ON ks.id = km.seat_id
         WHERE kx.person_id = {of}.id"
    );
    let employed = format!("tenure kt JOIN position kp ON kp.id = kt.position_id WHERE kt.person_id = {of}.id");
    let contacts = there(&format!("project kr WHERE kr.contact_id = {of}.id"), represented(actor, "kr.owner_id"));
    let kept = [
        there(&seated, in_group_or_for(actor)),
        there(&standing_in, in_group(actor)),
        there(&employed, in_organisation(actor)),
    ];
    let kept = any(kept.into_iter().chain([contacts]));
    let seen = audience(actor, of, kept);
    // Skyddade personuppgifter: nobody but administrators learns that the person exists.
    if actor.sees_protected() { seen } else { seen.and(format!("NOT {of}.protected")) }
}

/// A person who is looked up by id. Without signing in people are found only through what is public.
pub fn person(actor: &Actor, of: &str) -> Sql {
    let seen = person_in_place(actor, of);
    if actor.sees() > Audience::Public {
        return seen;
    }
    let seat = "JOIN seat vs ON vs.id = vm.seat_id JOIN \"group\" vg ON vg.id = vs.group_id";
    let places = [
        format!("membership vm {seat} WHERE vm.person_id = {of}.id"),
        format!("substitution vx JOIN membership vm ON vm.id = vx.membership_id {seat} WHERE vx.person_id = {of}.id"),
        format!(
            "attendance va JOIN sitting_group vi ON vi.meeting_id = va.meeting_id JOIN \"group\" vg ON vg.id = vi.group_id
             WHERE va.person_id = {of}.id"
        ),
    ];
    let in_a_position = Sql::from(format!("(EXISTS (SELECT 1 FROM tenure vt WHERE vt.person_id = {of}.id)"));
    let of_a_project = Sql::from(format!("OR EXISTS (SELECT 1 FROM project vr WHERE vr.contact_id = {of}.id"));
    let in_a_position = in_a_position.then(of_a_project.and(project(actor, "vr"))).then(")");
    let anywhere = places.into_iter().fold(in_a_position, |found, place| {
        found.then(format!("OR EXISTS (SELECT 1 FROM {place}")).and(group(actor, "vg")).then(")")
    });
    seen.and(anywhere.then(")"))
}

/// Whether the actor may list and search people at all.
pub fn may_list_people(actor: &Actor) -> Result<(), Error> {
    if actor.sees() > Audience::Public {
        return Ok(());
    }
    Err(Error::Denied(Said::both("listing people takes a sign-in", "att lista personer kräver inloggning")))
}

/// Whether no audience hides anything from the actor. Protected people are hidden by another rule.
pub fn sees_all(actor: &Actor) -> bool {
    actor.sees() >= Audience::Administrators
}

/// Schedules: those of a group that the actor sees.
pub fn schedule(actor: &Actor, of: &str) -> Sql {
    if sees_all(actor) {
        return Sql::text("1 = 1");
    }
    Sql::from(format!(
        "EXISTS (SELECT 1 FROM schedule_group vsg JOIN \"group\" vg ON vg.id = vsg.group_id WHERE vsg.schedule_id = {of}.id"
    ))
    .and(group(actor, "vg"))
    .then(")")
}

/// Meetings: those with a sitting of a group that the actor sees.
pub fn meeting(actor: &Actor, of: &str) -> Sql {
    if sees_all(actor) {
        return Sql::text("1 = 1");
    }
    Sql::from(format!(
        "EXISTS (SELECT 1 FROM sitting_group vsg JOIN \"group\" vg ON vg.id = vsg.group_id WHERE vsg.meeting_id = {of}.id"
    ))
    .and(group(actor, "vg"))
    .then(")")
}

/// Sittings: those of a group that the actor sees.
pub fn sitting(actor: &Actor, of: &str) -> Sql {
    if sees_all(actor) {
        return Sql::text("1 = 1");
    }
    Sql::from(format!(
        "EXISTS (SELECT 1 FROM sitting_group vsg JOIN \"group\" vg ON vg.id = vsg.group_id WHERE vsg.sitting_id = {of}.id"
    ))
    .and(group(actor, "vg"))
    .then(")")
}

/// Calendars: one's own. Administrators see all, to revoke one whose address has got about.
pub fn calendar(actor: &Actor, of: &str) -> Sql {
    if actor.has(Role::Administrator) {
        return Sql::text("1 = 1");
    }
    let identity = actor.sign_in().map(super::SignIn::identity);
    identity.map_or_else(|| Sql::text("1 = 0"), |id| sql!(format!("{of}.identity_id = ?"), id))
}

/// What the actor sees everywhere, and what coordinators see where the actor is one.
fn audience(actor: &Actor, of: &str, kept: Option<Sql>) -> Sql {
    if sees_all(actor) {
        return Sql::text("1 = 1");
    }
    let everywhere = sql!(format!("{of}.audience <= ?"), actor.sees());
    match kept {
        Some(kept) if actor.sees() < Audience::Coordinators => Sql::from("(")
            .then(everywhere)
            .then(sql!(format!("OR ({of}.audience <= ?"), Audience::Coordinators))
            .and(kept)
            .then("))"),
        _ => everywhere,
    }
}

/// Identities: one's own; auditors and administrators see all.
pub fn identity(actor: &Actor, of: &str) -> Sql {
    own(actor, &format!("{of}.id"))
}

/// Grants: one's own; auditors and administrators see all.
pub fn grant(actor: &Actor, of: &str) -> Sql {
    own(actor, &format!("{of}.identity_id"))
}

fn own(actor: &Actor, column: &str) -> Sql {
    if sees_all(actor) {
        return Sql::text("1 = 1");
    }
    let identity = actor.sign_in().map(super::SignIn::identity);
    identity.map_or_else(|| Sql::text("1 = 0"), |id| sql!(format!("{column} = ?"), id))
}

/// Entries of the trail: one's own; auditors and administrators see all.
pub fn change(actor: &Actor, of: &str) -> Sql {
    if sees_all(actor) {
        return Sql::text("1 = 1");
    }
    sql!(format!("{of}.actor = ?"), actor.name())
}
