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
    let on_a_seat = format!(
        "EXISTS (SELECT 1 FROM membership vm JOIN seat vs ON vs.id = vm.seat_id JOIN \"group\" vg ON vg.id = vs.group_id
         WHERE vm.person_id = {of}.id AND vg.audience <= ?)"
    );
    let in_a_position = format!("EXISTS (SELECT 1 FROM tenure vt WHERE vt.person_id = {of}.id)");
    seen.and(sql!(format!("({on_a_seat} OR {in_a_position})"), actor.sees()))
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
