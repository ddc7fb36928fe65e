//! Which rows an actor may see, as SQL conditions. Single look-ups and lists use the same ones; what they leave out does not exist
//! for the actor. The argument `of` is the alias under which the row stands in the statement.

use entity::values::Audience;

use super::Actor;
use crate::db::{Sql, sql};
use crate::error::Error;

/// Groups, and what hangs on them: seats, schedules, meetings.
pub fn group(actor: &Actor, of: &str) -> Sql {
    audience(actor, of)
}

/// A person who is reached through a membership, a tenure or an attendance that the actor sees.
pub fn person_in_place(actor: &Actor, of: &str) -> Sql {
    let seen = audience(actor, of);
    // Skyddade personuppgifter: nobody but administrators learns that the person exists.
    if actor.sees() >= Audience::Administrators { seen } else { seen.and(format!("NOT {of}.protected")) }
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
    Err(Error::Denied("listing people takes a sign-in".to_owned()))
}

/// Contact points of something that the actor sees.
pub fn contact_point(actor: &Actor, of: &str) -> Sql {
    audience(actor, of)
}

/// Meetings: those with a sitting of a group that the actor sees.
pub fn meeting(actor: &Actor, of: &str) -> Sql {
    sql!(
        format!(
            "EXISTS (SELECT 1 FROM sitting_group vsg JOIN \"group\" vg ON vg.id = vsg.group_id
             WHERE vsg.meeting_id = {of}.id AND vg.audience <= ?)"
        ),
        actor.sees()
    )
}

fn audience(actor: &Actor, of: &str) -> Sql {
    sql!(format!("{of}.audience <= ?"), actor.sees())
}
