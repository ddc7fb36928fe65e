//! Contact points: which of them the actor may see depends on what they are of.

use chrono::NaiveDate;

use super::super::Actor;
use super::places::{any, coordinated, in_group, in_group_or_for, in_organisation, represented, there};
use super::{audience, group, person, person_in_place, project};
use crate::db::{Sql, sql};

/// Contact points of something that the actor sees. Those of a person that are for coordinators are seen by whoever has to do with the
/// person today or later; that they once had is no reason to call.
pub fn contact_point(actor: &Actor, of: &str, today: NaiveDate) -> Sql {
    audience(actor, of, any(kept(actor, &format!("{of}.subject_id"), today)))
}

/// Contact points that are looked up by id: their subject may be hidden. Organisations and positions never are.
pub fn contact_point_by_id(actor: &Actor, of: &str, today: NaiveDate) -> Sql {
    let subject = format!("{of}.subject_id");
    let seat = "seat ss JOIN \"group\" sg ON sg.id = ss.group_id";
    let membership = format!(
        "{seat} JOIN membership sm ON sm.seat_id = ss.id JOIN person sh ON sh.id = sm.person_id WHERE sm.id = {subject}"
    );
    let seated = group(actor, "sg").and(person_in_place(actor, "sh"));
    let subject_is_seen = any([
        Some(Sql::from(format!("{of}.subject_kind IN ('ORGANISATION', 'POSITION')"))),
        there(&format!("\"group\" sg WHERE sg.id = {subject}"), Some(group(actor, "sg"))),
        there(&format!("{seat} WHERE ss.id = {subject}"), Some(group(actor, "sg"))),
        there(&membership, Some(seated)),
        there(&format!("person sh WHERE sh.id = {subject}"), Some(person(actor, "sh"))),
        there(&format!("project sp WHERE sp.id = {subject}"), Some(project(actor, "sp"))),
    ]);
    contact_point(actor, of, today).and(subject_is_seen.unwrap_or_default())
}

/// Where the subject is in a place of the actor. Ids are unique over all tables, so each condition finds its own kind alone.
fn kept(actor: &Actor, subject: &str, today: NaiveDate) -> [Option<Sql>; 8] {
    let from_today = |table: &str| sql!(format!("{table}.valid_until > ?"), today);
    let seated = format!("membership km JOIN seat ks ON ks.id = km.seat_id WHERE km.person_id = {subject}");
    let employed = format!("tenure kt JOIN position kp ON kp.id = kt.position_id WHERE kt.person_id = {subject}");
    let sits = any([in_group(actor), represented(actor, "km.on_behalf_of_id")]);
    [
        coordinated(actor, subject),
        represented(actor, subject),
        there(&format!("position kp WHERE kp.id = {subject}"), in_organisation(actor)),
        there(
            &format!("seat ks WHERE ks.id = {subject}"),
            any([in_group(actor), represented(actor, "ks.organisation_id")]),
        ),
        there(
            &format!("membership km JOIN seat ks ON ks.id = km.seat_id WHERE km.id = {subject}"),
            in_group_or_for(actor),
        ),
        there(&format!("project kr WHERE kr.id = {subject}"), represented(actor, "kr.owner_id")),
        there(&seated, sits.map(|sits| sits.and(from_today("km")))),
        there(&employed, in_organisation(actor).map(|employed| employed.and(from_today("kt")))),
    ]
}
