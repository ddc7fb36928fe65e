//! Whose meetings there are: statements that select the ids of the meetings of a group, of a person, and of an organisation, as far as the
//! asker sees the group by which they are theirs.

use entity::values::{AttendanceMode, DateRange, Instant};

use super::earliest;
use crate::db::{Sql, sql};
use crate::domain::organisation::inside;
use crate::domain::view::View;
use crate::policy::scope;

/// The meetings of a group, given as SQL; those alone that can have a sitting on the days, if some are given.
pub fn of_group(view: &View, group: impl Into<Sql>, days: Option<DateRange>) -> Sql {
    let linked = Sql::from(
        "SELECT wi.meeting_id FROM sitting_group wi JOIN \"group\" wg ON wg.id = wi.group_id WHERE wi.group_id =",
    );
    linked.then(group).and(near(days)).and(scope::group(&view.actor, "wg"))
}

/// The meetings to which a person is called: of groups in which they sit on that day, those at which they are named to stand in, and those
/// that they attended.
pub fn of_person(view: &View, person: impl Into<Sql>, days: Option<DateRange>) -> Sql {
    let person = person.into();
    let sits = Sql::from(
        "SELECT wi.meeting_id FROM membership wm JOIN seat ws ON ws.id = wm.seat_id JOIN \"group\" wg ON wg.id = ws.group_id
         JOIN sitting_group wi ON wi.group_id = ws.group_id AND wi.day >= wm.valid_from AND wi.day < wm.valid_until WHERE wm.person_id =",
    );
    let stands_in = Sql::from(
        "SELECT wx.meeting_id FROM substitution wx JOIN membership wm ON wm.id = wx.membership_id JOIN seat ws ON ws.id = wm.seat_id
         JOIN \"group\" wg ON wg.id = ws.group_id JOIN person wh ON wh.id = wm.person_id WHERE wx.meeting_id IS NOT NULL AND wx.person_id =",
    );
    let there = [AttendanceMode::InRoom, AttendanceMode::Remote];
    let attended = Sql::from("SELECT wa.meeting_id FROM attendance wa WHERE wa.person_id =");
    sits.then(person.clone())
        .and(near(days))
        .and(scope::group(&view.actor, "wg"))
        .then("UNION")
        .then(stands_in)
        .then(person.clone())
        .and(scope::group(&view.actor, "wg"))
        .and(scope::person_in_place(&view.actor, "wh"))
        .then("UNION")
        .then(attended)
        .then(person)
        .and(Sql::from("wa.mode IN").then(Sql::terms(there)))
}

/// The meetings of groups in which an organisation, or a unit inside it, has a seat on that day.
pub fn of_organisation(view: &View, organisation: impl Into<Sql>, days: Option<DateRange>) -> Sql {
    let seated = Sql::from(
        "SELECT wi.meeting_id FROM seat ws JOIN \"group\" wg ON wg.id = ws.group_id
         JOIN sitting_group wi ON wi.group_id = ws.group_id AND wi.day >= ws.valid_from AND wi.day < ws.valid_until WHERE",
    );
    seated.then(inside("ws.organisation_id", organisation)).and(near(days)).and(scope::group(&view.actor, "wg"))
}

/// That a sitting can be on the days, for the index on when the sittings of a group begin.
fn near(days: Option<DateRange>) -> Sql {
    Sql::default().and_some(days, |days| {
        let (from, until) = (Instant::start_of(days.from.0), Instant::start_of(days.until.0));
        sql!("wi.starts_at >= ? AND wi.starts_at < ?", earliest(from), until)
    })
}
