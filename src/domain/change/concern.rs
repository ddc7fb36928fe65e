//! Which groups, organisations and people a change concerns: those that it changes, and those to whom belongs what it changes.

use std::collections::{BTreeMap, HashMap, HashSet};

use SubjectKind::{
    Activity, Agreement, AgreementParty, Assignment, ContactPoint, Event, Figure, FollowUpItem, Group, GroupRelation,
    Meeting, Membership, Organisation, Person, Position, Priority, Project, Result as ResultItem, Schedule, Seat,
    Sitting, Substitution, Tenure,
};
use entity::values::{SubjectKind, Term};
use uuid::Uuid;

use crate::app::App;
use crate::db::Sql;
use crate::error::{Error, Subject};

/// What can be followed.
pub const FOLLOWED: [SubjectKind; 3] = [Group, Organisation, Person];

/// From a thing one step to what it belongs to: the rows of a table, the column by which they are the thing's, and the column that names what
/// it belongs to.
const STEPS: [(SubjectKind, &str, &str, SubjectKind, &str); 38] = [
    (Activity, "activity", "id", Group, "group_id"),
    (Activity, "activity", "id", Organisation, "organisation_id"),
    (Agreement, "agreement", "id", Organisation, "owner_id"),
    (Agreement, "agreement_party", "agreement_id", Organisation, "organisation_id"),
    (Agreement, "assignment", "agreement_id", Group, "group_id"),
    (Agreement, "assignment", "agreement_id", Organisation, "organisation_id"),
    (AgreementParty, "agreement_party", "id", Agreement, "agreement_id"),
    (Assignment, "assignment", "id", Agreement, "agreement_id"),
    (Event, "event", "id", Group, "group_id"),
    (Event, "event", "id", Organisation, "organisation_id"),
    (Event, "event_organiser", "event_id", Group, "group_id"),
    (Event, "event_organiser", "event_id", Organisation, "organisation_id"),
    (FollowUpItem, "follow_up_item", "id", Group, "group_id"),
    (FollowUpItem, "follow_up_item", "id", Organisation, "organisation_id"),
    (GroupRelation, "group_relation", "id", Group, "group_id"),
    (GroupRelation, "group_relation", "id", Group, "to_group_id"),
    (GroupRelation, "group_relation", "id", Organisation, "to_organisation_id"),
    (Meeting, "sitting_group", "meeting_id", Group, "group_id"),
    (Membership, "membership", "id", Seat, "seat_id"),
    (Membership, "membership", "id", Person, "person_id"),
    (Membership, "membership", "id", Organisation, "on_behalf_of_id"),
    (Position, "position", "id", Organisation, "organisation_id"),
    (Priority, "priority", "id", Group, "group_id"),
    (Priority, "priority", "id", Organisation, "organisation_id"),
    (Project, "project", "id", Organisation, "owner_id"),
    (Project, "project", "id", Person, "contact_id"),
    (Project, "project_partner", "project_id", Organisation, "organisation_id"),
    (Project, "project_municipality", "project_id", Organisation, "organisation_id"),
    (ResultItem, "result", "id", Group, "group_id"),
    (ResultItem, "result", "id", Organisation, "organisation_id"),
    (Schedule, "schedule_group", "schedule_id", Group, "group_id"),
    (Seat, "seat", "id", Group, "group_id"),
    (Seat, "seat", "id", Organisation, "organisation_id"),
    (Sitting, "sitting_group", "sitting_id", Group, "group_id"),
    (Substitution, "substitution", "id", Membership, "membership_id"),
    (Substitution, "substitution", "id", Person, "person_id"),
    (Tenure, "tenure", "id", Position, "position_id"),
    (Tenure, "tenure", "id", Person, "person_id"),
];
/// What is of something of any kind, which stands in its own columns.
const OF_ANYTHING: [(SubjectKind, &str); 2] = [(ContactPoint, "contact_point"), (Figure, "figure")];

/// What things belong to.
#[derive(Default)]
pub struct Belongings(HashMap<Subject, HashSet<Subject>>);

impl Belongings {
    /// Of these things, as they are now: one statement for each step, whatever there is.
    pub async fn of(app: &App, things: impl IntoIterator<Item = Subject>) -> Result<Self, Error> {
        let mut all = Self::default();
        let mut next: HashSet<Subject> = things.into_iter().collect();
        while let Some(statement) = steps(&next) {
            let mut found = HashSet::new();
            for row in app.db.query(statement).await? {
                let kind = |at| Ok::<_, Error>(SubjectKind::parse(&row.try_get_by_index::<String>(at)?));
                let (Some(from), Some(to)) = (kind(0)?, kind(2)?) else { continue };
                let (thing, whole) = ((from, row.try_get_by_index(1)?), (to, row.try_get_by_index(3)?));
                all.0.entry(thing).or_default().insert(whole);
                found.insert(whole);
            }
            found.retain(|thing| !all.0.contains_key(thing));
            next = found;
        }
        Ok(all)
    }

    /// What the thing belongs to in one step.
    pub fn wholes(&self, thing: Subject) -> impl Iterator<Item = Subject> {
        self.0.get(&thing).into_iter().flatten().copied()
    }

    /// Which of what can be followed things are, or belong to.
    pub fn concerned(&self, things: impl IntoIterator<Item = Subject>) -> HashSet<Subject> {
        let mut seen: HashSet<Subject> = HashSet::new();
        let mut next: Vec<Subject> = things.into_iter().collect();
        while let Some(thing) = next.pop() {
            // A person is no part of the groups in which they sit, nor an organisation of another.
            if seen.insert(thing) && !FOLLOWED.contains(&thing.0) {
                next.extend(self.wholes(thing));
            }
        }
        seen.retain(|(kind, _)| FOLLOWED.contains(kind));
        seen
    }
}

/// The statement that takes all of these one step further; none when nothing leads further.
fn steps(things: &HashSet<Subject>) -> Option<Sql> {
    let mut by_kind: BTreeMap<SubjectKind, Vec<Uuid>> = BTreeMap::new();
    for (kind, id) in things {
        by_kind.entry(*kind).or_default().push(*id);
    }
    let named = STEPS.iter().map(|(from, table, key, to, column)| (*from, *table, *key, Some(*to), *column));
    let own = OF_ANYTHING.iter().map(|(from, table)| (*from, *table, "id", None, "subject_id"));
    let selects = named.chain(own).filter_map(|(from, table, key, to, column)| {
        let ids = by_kind.get(&from)?.iter().copied();
        let to = to.map_or("x.subject_kind".to_owned(), |to| format!("'{}'", to.word()));
        let select = format!(
            "SELECT '{}', x.{key}, {to}, x.{column} FROM {table} x WHERE x.{column} IS NOT NULL AND x.{key} IN",
            from.word()
        );
        Some(Sql::from(select).then(Sql::list(ids)))
    });
    selects.reduce(|all, next| all.then("UNION ALL").then(next))
}
