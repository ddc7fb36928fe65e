//! Who should come to a meeting: the members on its day, and for those who are excused whoever stands in.

use std::collections::HashSet;

use async_graphql::Enum;
use entity::values::{AttendanceMode, GlobalId, SeatRole, SubjectKind, sort_key};
use uuid::Uuid;

use super::attendance::{self, Attendance, BareAttendance};
use crate::db::Sql;
use crate::domain::cells::{Identified, row};
use crate::domain::page::{Page, Slice};
use crate::domain::selection::Selection;
use crate::domain::view::View;
use crate::domain::{membership, person, substitution};
use crate::error::Error;
use crate::policy::scope;

/// Memberships that are looked up in one statement: SQLite takes some thirty thousand values.
const AT_ONCE: usize = 10_000;

/// Why somebody is expected.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedReason {
    /// Ledamot: they sit in the group on that day.
    Member,
    /// Ersättare vid mötet: they are named to stand in at this meeting.
    SubstituteForMeeting,
    /// Personlig ersättare: they are named to stand in during that time.
    Substitute,
    /// Ersättare i gruppen: they sit on a substitute's seat for the same organisation.
    Pool,
    /// Närvarade: they are on record as having been there in the member's place, though nobody named them for it.
    Attended,
    /// Ingen: the member is excused, and nobody is left to stand in.
    Nobody,
}

/// A member's place at a meeting, and who should come to it.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Whose place it is.
    pub membership: membership::Row,
    /// Who should come.
    pub person: Option<person::Row>,
    pub reason: ExpectedReason,
    pub voting: bool,
    /// By which they stand in.
    pub substitution: Option<Uuid>,
    /// What is on record of the member.
    pub mode: Option<AttendanceMode>,
}

impl Identified for Expected {
    fn id(&self) -> Uuid {
        self.membership.membership.id
    }
}

row! {
    /// That a membership is one of a group of a meeting.
    Place { id, meeting_id: Uuid }
}

/// Who should come to each meeting: by role and name, for each group of it. With `of`, only the places of that person.
pub async fn expected(
    view: View,
    ids: Vec<Uuid>,
    of: Option<GlobalId>,
    page: Page,
) -> Result<Vec<Slice<Expected>>, Error> {
    let of = of.map(|person| person.of(SubjectKind::Person));
    let wanted = |row: &Expected| of.is_none_or(|person| row.membership.membership.person_id == person);
    let all = of_meetings(&view, &ids).await?;
    all.into_iter().map(|rows| page.cut(rows.into_iter().filter(wanted).collect())).collect()
}

/// The same, all of them.
pub async fn of_meetings(view: &View, ids: &[Uuid]) -> Result<Vec<Vec<Expected>>, Error> {
    let view = view.selecting(Selection::default());
    let places = places(&view, ids).await?;
    let memberships: HashSet<Uuid> = places.iter().map(|place| place.id).collect();
    let memberships: Vec<Uuid> = memberships.into_iter().collect();
    let (mut rows, mut standing_in) = (Vec::new(), Vec::new());
    for some in memberships.chunks(AT_ONCE) {
        rows.extend(membership::by_ids(view.clone(), some.to_vec()).await?);
        standing_in.extend(substitution::at_meetings(&view, some.to_vec(), ids).await?);
    }
    let presences = attendance::of_meetings(&view, ids).await?;
    let of_meeting = |id: &Uuid| {
        let own: HashSet<Uuid> = places.iter().filter(|place| place.meeting_id == *id).map(|place| place.id).collect();
        let meeting = Meeting {
            members: in_order(rows.iter().filter(|row| own.contains(&row.membership.id)).collect()),
            standing_in: standing_in.iter().filter(|(meeting, _)| meeting == id).map(|(_, row)| row).collect(),
            presences: presences.iter().filter(|row| row.attendance.meeting_id == *id).collect(),
        };
        meeting.expected()
    };
    Ok(ids.iter().map(of_meeting).collect())
}

/// The memberships of the groups of each meeting, on its day.
async fn places(view: &View, ids: &[Uuid]) -> Result<Vec<Place>, Error> {
    let query = Sql::from(
        "SELECT DISTINCT m.id, i.meeting_id FROM sitting_group i JOIN \"group\" g ON g.id = i.group_id
         JOIN seat s ON s.group_id = i.group_id
         JOIN membership m ON m.seat_id = s.id AND m.valid_from <= i.day AND m.valid_until > i.day WHERE i.meeting_id IN",
    );
    view.rows(query.then(Sql::list(ids.iter().copied())).and(scope::group(&view.actor, "g"))).await
}

/// By group, role and name; of somebody with several seats in a group, the first.
fn in_order(mut rows: Vec<&membership::Row>) -> Vec<&membership::Row> {
    let name = |row: &membership::Row| {
        row.person.as_ref().map(|person| sort_key(&[person.family_name.as_str(), person.given_name.as_str()]))
    };
    rows.sort_by_cached_key(|row| (row.seat.group_id, row.seat.role, name(row), row.membership.id));
    let mut seen = HashSet::new();
    rows.retain(|row| is_pool(row) || seen.insert((row.seat.group_id, row.membership.person_id)));
    rows
}

/// Whether somebody sits on a substitute's seat, and comes only for another.
fn is_pool(row: &membership::Row) -> bool {
    row.seat.role == SeatRole::Substitute
}

/// What is known of a meeting.
struct Meeting<'a> {
    members: Vec<&'a membership::Row>,
    /// In their order.
    standing_in: Vec<&'a substitution::Row>,
    presences: Vec<&'a Attendance>,
}

/// Somebody who may come.
struct Candidate<'a> {
    person: &'a person::Row,
    reason: ExpectedReason,
    voting: bool,
    substitution: Option<Uuid>,
}

impl Meeting<'_> {
    fn expected(&self) -> Vec<Expected> {
        let members = || self.members.iter().filter(|row| !is_pool(row));
        // Who comes for themselves, or is on record as there for another, stands in for nobody else.
        let mut taken: HashSet<Uuid> = members()
            .filter(|row| !self.is_away(row.membership.person_id))
            .map(|row| row.membership.person_id)
            .collect();
        let for_another = self.presences.iter().filter(|row| row.attendance.membership_id.is_some());
        taken.extend(for_another.map(|row| row.person.id));
        members().map(|row| self.place(row, &mut taken)).collect()
    }

    fn presence(&self, person: Uuid) -> Option<&BareAttendance> {
        self.presences.iter().map(|row| &row.attendance).find(|row| row.person_id == person)
    }

    /// Whether somebody does not come for themselves.
    fn is_away(&self, person: Uuid) -> bool {
        self.presence(person).is_some_and(|row| !row.mode.is_present() || row.membership_id.is_some())
    }

    fn place(&self, row: &membership::Row, taken: &mut HashSet<Uuid>) -> Expected {
        let (member, id) = (row.membership.person_id, row.membership.id);
        let mut candidates = self.candidates(row).into_iter();
        let came =
            |there: &&&Attendance| there.attendance.membership_id == Some(id) && there.attendance.mode.is_present();
        let comes = match self.presences.iter().find(came) {
            Some(there) => {
                let named = candidates.find(|candidate| candidate.person.id == there.person.id);
                Some(named.unwrap_or_else(|| Candidate::unnamed(&there.person)))
            }
            None if !self.is_away(member) => {
                row.person.as_ref().map(|person| Candidate::member(person, row.seat.voting))
            }
            None => candidates.find(|one| !taken.contains(&one.person.id) && !self.is_away(one.person.id)),
        };
        taken.extend(comes.as_ref().map(|candidate| candidate.person.id));
        Expected {
            membership: row.clone(),
            mode: self.presence(member).map(|presence| presence.mode),
            reason: comes.as_ref().map_or(ExpectedReason::Nobody, |comes| comes.reason),
            voting: comes.as_ref().is_some_and(|comes| comes.voting),
            substitution: comes.as_ref().and_then(|comes| comes.substitution),
            person: comes.map(|comes| comes.person.clone()),
        }
    }

    /// Who may stand in for a member: first who is named for the meeting, then who is named for the time, each in order, then the group's
    /// substitutes of the same organisation.
    fn candidates(&self, row: &membership::Row) -> Vec<Candidate<'_>> {
        let named = self.standing_in.iter().filter(|standing| standing.substitution.membership_id == row.membership.id);
        let mut named: Vec<Candidate<'_>> = named
            .map(|standing| Candidate {
                person: &standing.person,
                reason: match standing.substitution.meeting_id {
                    Some(_) => ExpectedReason::SubstituteForMeeting,
                    None => ExpectedReason::Substitute,
                },
                voting: standing.substitution.voting,
                substitution: Some(standing.substitution.id),
            })
            .collect();
        named.sort_by_key(|candidate| candidate.reason == ExpectedReason::Substitute);
        let same = |other: &&&membership::Row| {
            is_pool(other)
                && other.seat.group_id == row.seat.group_id
                && other.seat.organisation_id == row.seat.organisation_id
        };
        let pool = self.members.iter().filter(same).filter_map(|other| other.person.as_ref());
        named.extend(pool.map(|person| Candidate {
            person,
            reason: ExpectedReason::Pool,
            voting: row.seat.voting,
            substitution: None,
        }));
        named
    }
}

impl<'a> Candidate<'a> {
    fn member(person: &'a person::Row, voting: bool) -> Self {
        Self { person, reason: ExpectedReason::Member, voting, substitution: None }
    }

    fn unnamed(person: &'a person::Row) -> Self {
        Self { person, reason: ExpectedReason::Attended, voting: false, substitution: None }
    }
}
