//! Whose meetings there are: statements that select the ids of the meetings, or of the sittings, of a group, of a person, and of an
//! organisation, as far as the asker sees the group by which they are theirs.

use entity::values::{AttendanceMode, DateRange, Instant};

use super::earliest;
use crate::db::{Sql, sql};
use crate::domain::view::View;
use crate::policy::scope::{self, below};

/// What is looked for.
#[derive(Clone, Copy)]
pub enum What {
    /// Meetings `e`.
    Meetings,
    /// Sittings `i`.
    Sittings,
}

impl What {
    /// Its id, in the statement that lists it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Meetings => "e.id",
            Self::Sittings => "i.id",
        }
    }

    /// Its id, as a group's part `wi` in a sitting tells it.
    fn of_part(self) -> &'static str {
        match self {
            Self::Meetings => "wi.meeting_id",
            Self::Sittings => "wi.sitting_id",
        }
    }
}

/// The meetings of a group, given as SQL; those alone that can have a sitting on the days, if some are given.
pub fn of_group(view: &View, what: What, group: impl Into<Sql>, days: Option<DateRange>) -> Sql {
    let linked = Sql::from(format!("SELECT {}", what.of_part()))
        .then("FROM sitting_group wi JOIN \"group\" wg ON wg.id = wi.group_id WHERE wi.group_id =");
    linked.then(group).and(near(days)).and(scope::group(&view.actor, "wg"))
}

/// The meetings to which a person is called: of groups in which they sit on that day, those at which they are named to stand in, and those
/// that they attended.
pub fn of_person(view: &View, what: What, person: impl Into<Sql>, days: Option<DateRange>) -> Sql {
    let person = person.into();
    let select = || Sql::from(format!("SELECT {}", what.of_part()));
    let sits = select().then(
        "FROM membership wm JOIN seat ws ON ws.id = wm.seat_id JOIN \"group\" wg ON wg.id = ws.group_id
         JOIN sitting_group wi ON wi.group_id = ws.group_id AND wi.day >= wm.valid_from AND wi.day < wm.valid_until WHERE wm.person_id =",
    );
    let stands_in = select().then(
        "FROM substitution wx JOIN membership wm ON wm.id = wx.membership_id JOIN seat ws ON ws.id = wm.seat_id
         JOIN sitting_group wi ON wi.meeting_id = wx.meeting_id AND wi.group_id = ws.group_id JOIN \"group\" wg ON wg.id = ws.group_id JOIN person wh ON wh.id = wm.person_id WHERE wx.person_id =",
    );
    let there = [AttendanceMode::InRoom, AttendanceMode::Remote];
    let attended =
        select().then("FROM attendance wa JOIN sitting_group wi ON wi.meeting_id = wa.meeting_id WHERE wa.person_id =");
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
pub fn of_organisation(view: &View, what: What, organisation: impl Into<Sql>, days: Option<DateRange>) -> Sql {
    let seated = Sql::from(format!("SELECT {}", what.of_part())).then(
        "FROM seat ws JOIN \"group\" wg ON wg.id = ws.group_id
         JOIN sitting_group wi ON wi.group_id = ws.group_id AND wi.day >= ws.valid_from AND wi.day < ws.valid_until WHERE",
    );
    let inside = below("organisation", Sql::from("SELECT").then(organisation));
    seated.then(Sql::among("ws.organisation_id", inside)).and(near(days)).and(scope::group(&view.actor, "wg"))
}

/// That a sitting can be on the days, for the index on when the sittings of a group begin.
fn near(days: Option<DateRange>) -> Sql {
    Sql::default().and_some(days, |days| {
        let (from, until) = (Instant::start_of(days.from.0), Instant::start_of(days.until.0));
        sql!("wi.starts_at >= ? AND wi.starts_at < ?", earliest(from), until)
    })
}
