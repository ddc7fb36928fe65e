//! Loading directory documents: each record is handed to the verb of its noun, in one transaction. What is wrong with one record does not
//! hide what is wrong with the next, and nothing stays if anything is wrong.

mod commands;
mod order;
mod references;

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use entity::values::{Period, SubjectKind};
use uuid::Uuid;

use crate::app::App;
use crate::db::sql;
use crate::domain::write::{Outcome, Writer};
use crate::domain::{
    contact_point, figure, group, meeting, membership, organisation, person, position, schedule, seat, source,
    substitution, tenure,
};
use crate::error::Error;
use crate::interchange::directory::{self, Directory, Place, Problem};
use crate::policy::{Actor, Permit};
pub use references::id;
use references::known;

/// What the trail calls it.
const COMMAND: &str = "load";
/// Parts that a document no longer lists.
const FORMER: &str = "former part";
/// A record that first gives up days, so that others can have them; it is counted when it gets its own.
const NARROWED: &str = "narrowed";

/// What loading changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    counts: BTreeMap<&'static str, [usize; 3]>,
}

impl Report {
    fn count(&mut self, noun: &'static str, outcome: Outcome) {
        if noun == FORMER && outcome == Outcome::Unchanged {
            return;
        }
        self.counts.entry(noun).or_default()[outcome as usize] += 1;
    }

    /// Whether the directory is as it was.
    pub fn changed_nothing(&self) -> bool {
        self.counts.values().all(|[created, changed, _]| *created == 0 && *changed == 0)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.changed_nothing() {
            return f.write_str("Everything was there already; nothing was changed.");
        }
        write!(f, "{:<14}{:>8}{:>9}{:>11}", "", "created", "changed", "unchanged")?;
        for (noun, [created, changed, unchanged]) in &self.counts {
            write!(f, "\n{noun:<14}{created:>8}{changed:>9}{unchanged:>11}")?;
        }
        Ok(())
    }
}

/// Loads documents; each is a name for messages, and the text.
///
/// # Errors
/// Everything that is wrong, by file and line. The directory is then as it was.
pub async fn files(app: &App, files: Vec<(String, String)>) -> Result<Report, Vec<Problem>> {
    let (directory, mut problems) = directory::read(&files);
    // Of text that is not TOML, who knows which records it holds.
    if problems.iter().all(|problem| !problem.field.is_empty()) {
        problems.extend(known(app, &directory).await.map_err(internal)?);
    }
    if !problems.is_empty() {
        return Err(directory::in_order(&files, problems));
    }
    let permit = Permit::everything(&Actor::operator(COMMAND)).map_err(internal)?;
    let writer = Writer::begin(app, permit).await.map_err(internal)?;
    let mut loading = Loading {
        writer,
        report: Report::default(),
        problems: Vec::new(),
        failed: HashSet::new(),
        narrowed: HashSet::new(),
    };
    match loading.directory(directory).await {
        Ok(()) if loading.problems.is_empty() => {
            loading.writer.commit().await.map_err(internal)?;
            Ok(loading.report)
        }
        outcome => {
            loading.problems.extend(outcome.err().map(problem));
            // The problems say more than a failure to roll back; closing the connection rolls back as well.
            let _ = loading.writer.rollback().await;
            Err(loading.problems)
        }
    }
}

/// Whether anybody has changed the directory otherwise than by loading documents: loading them again would undo it, or be refused for it.
pub async fn was_changed_since(app: &App) -> Result<bool, Error> {
    let others = sql!("SELECT c.seq FROM change c WHERE c.actor <> ? LIMIT 1", Actor::operator(COMMAND).name());
    Ok(!app.db.query(others).await?.is_empty())
}

fn internal(error: Error) -> Vec<Problem> {
    vec![problem(error)]
}

/// Whoever loads runs the command line, and may see what went wrong inside.
fn problem(error: Error) -> Problem {
    let message = match error {
        Error::Internal(detail) => detail,
        other => other.to_string(),
    };
    Problem { file: "database".into(), line: 0, field: String::new(), message }
}

struct Loading {
    writer: Writer,
    report: Report,
    problems: Vec<Problem>,
    /// Records that could not be written: what hangs on them is not tried.
    failed: HashSet<Uuid>,
    /// Records that gave up days.
    narrowed: HashSet<Uuid>,
}

/// Runs the verbs of one record between a savepoint and its release, so that a refusal undoes that record alone.
macro_rules! step {
    ($self:ident, $noun:expr, $place:expr, $id:expr, $needs:expr, $verbs:expr) => {
        if $self.possible($id, &$needs) {
            let savepoint = $self.writer.savepoint().await?;
            let done: Result<crate::domain::write::Outcome, Error> = $verbs.await;
            $self.settle($noun, $place, $id, savepoint, done).await?;
        }
    };
}

// Here, and not above: it uses the macro.
mod record;

impl Loading {
    /// In an order in which each record finds what it refers to.
    async fn directory(&mut self, directory: Directory) -> Result<(), Error> {
        for record in directory.documents {
            let (id, place, input) = (id("document", &record.key), record.place.clone(), commands::document(record));
            step!(self, "document", place, id, [], source::put_document(&mut self.writer, id, input));
            if self.failed.contains(&id)
                && let Some(input) = commands::stand_in(id)
            {
                source::put_document(&mut self.writer, id, input).await?;
            }
        }
        self.organisations(directory.organisations).await?;
        self.people(directory.people, directory.positions).await?;
        self.groups(directory.groups, directory.seats).await?;
        self.tenures(directory.tenures).await?;
        let substitutions = self.memberships(directory.memberships).await?;
        self.meetings(directory.schedules, directory.meetings).await?;
        self.agreements(directory.agreements).await?;
        self.projects(directory.projects).await?;
        self.events(directory.events).await?;
        self.items(("priority", "priority"), SubjectKind::Priority, directory.priorities).await?;
        let follow_ups = directory.follow_up_items;
        self.items(("follow_up_item", "follow-up item"), SubjectKind::FollowUpItem, follow_ups).await?;
        self.items(("activity", "activity"), SubjectKind::Activity, directory.activities).await?;
        self.items(("result", "result"), SubjectKind::Result, directory.results).await?;
        for (of, place, inputs) in substitutions {
            let noun = if inputs.is_empty() { FORMER } else { "substitution" };
            let needs: Vec<Uuid> =
                inputs.iter().flat_map(|input| [Some(input.person), input.meeting]).flatten().collect();
            step!(self, noun, place, of, needs, substitution::put(&mut self.writer, of, inputs));
        }
        Ok(())
    }

    async fn organisations(&mut self, records: Vec<directory::Organisation>) -> Result<(), Error> {
        let before = |record: &directory::Organisation| {
            [&record.parent, &record.successor].into_iter().flatten().map(|other| other.key.clone()).collect()
        };
        for mut record in self.ordered("organisation", records, |record| &record.key, before, |record| &record.place) {
            let (id, place) = (id("organisation", &record.key), record.place.clone());
            let of = (SubjectKind::Organisation, id);
            let contacts = commands::contact_points(std::mem::take(&mut record.contact_points));
            let figures = commands::figures(std::mem::take(&mut record.figures));
            let input = commands::organisation(record);
            let needs: Vec<Uuid> = [input.parent, input.successor].into_iter().flatten().collect();
            step!(self, "organisation", place, id, needs, async {
                let outcome = organisation::put(&mut self.writer, id, input).await?;
                let contacts = contact_point::put(&mut self.writer, of, contacts).await?;
                Ok(outcome.with(contacts).with(figure::put(&mut self.writer, of, figures).await?))
            });
        }
        Ok(())
    }

    async fn people(
        &mut self,
        people: Vec<directory::Person>,
        positions: Vec<directory::Position>,
    ) -> Result<(), Error> {
        for mut record in people {
            let (id, place) = (id("person", &record.key), record.place.clone());
            let contacts = commands::contact_points(std::mem::take(&mut record.contact_points));
            let input = commands::person(record);
            step!(self, "person", place, id, [], async {
                let outcome = person::put(&mut self.writer, id, input).await?;
                Ok(outcome.with(contact_point::put(&mut self.writer, (SubjectKind::Person, id), contacts).await?))
            });
        }
        for mut record in positions {
            let (id, place) = (id("position", &record.key), record.place.clone());
            let contacts = commands::contact_points(std::mem::take(&mut record.contact_points));
            let input = commands::position(record);
            step!(self, "position", place, id, [input.organisation], async {
                let outcome = position::put(&mut self.writer, id, input).await?;
                Ok(outcome.with(contact_point::put(&mut self.writer, (SubjectKind::Position, id), contacts).await?))
            });
        }
        Ok(())
    }

    async fn groups(&mut self, groups: Vec<directory::Group>, seats: Vec<directory::Seat>) -> Result<(), Error> {
        let before = |record: &directory::Group| record.parent.iter().map(|parent| parent.key.clone()).collect();
        let mut relations = Vec::new();
        for mut record in self.ordered("group", groups, |record| &record.key, before, |record| &record.place) {
            let (id, place) = (id("group", &record.key), record.place.clone());
            let of = (SubjectKind::Group, id);
            let contacts = commands::contact_points(std::mem::take(&mut record.contact_points));
            let figures = commands::figures(std::mem::take(&mut record.figures));
            relations.push((id, place.clone(), commands::relations(std::mem::take(&mut record.relations))));
            let input = commands::group(record);
            let needs: Vec<Uuid> = [input.parent, input.convener].into_iter().flatten().collect();
            step!(self, "group", place, id, needs, async {
                let outcome = group::put(&mut self.writer, id, input).await?;
                let contacts = contact_point::put(&mut self.writer, of, contacts).await?;
                Ok(outcome.with(contacts).with(figure::put(&mut self.writer, of, figures).await?))
            });
        }
        for (id, place, inputs) in relations {
            let noun = if inputs.is_empty() { FORMER } else { "relation" };
            let needs: Vec<Uuid> = inputs.iter().map(|input| input.to.id()).collect();
            step!(self, noun, place, id, needs, group::relate(&mut self.writer, id, inputs));
        }
        for mut record in seats {
            let (id, place) = (id("seat", &record.key), record.place.clone());
            let contacts = commands::contact_points(std::mem::take(&mut record.contact_points));
            let input = commands::seat(record);
            let needs = [Some(input.group), input.organisation, input.appointer, input.position];
            let needs: Vec<Uuid> = needs.into_iter().flatten().collect();
            step!(self, "seat", place, id, needs, async {
                let outcome = seat::put(&mut self.writer, id, input).await?;
                Ok(outcome.with(contact_point::put(&mut self.writer, (SubjectKind::Seat, id), contacts).await?))
            });
        }
        Ok(())
    }

    async fn tenures(&mut self, records: Vec<directory::Tenure>) -> Result<(), Error> {
        let command =
            |record: directory::Tenure| (id("tenure", &record.key), record.place.clone(), commands::tenure(record));
        let commands: Vec<_> = records.into_iter().map(command).collect();
        for (at, (id, place, input)) in commands.iter().enumerate() {
            let before = commands[..at].iter().filter(|(.., other)| other.position == input.position);
            let others: Vec<Period> = before.map(|(.., other)| other.period).collect();
            step!(self, NARROWED, place.clone(), *id, [], tenure::narrow(&mut self.writer, *id, input, &others));
        }
        for (id, place, input) in commands {
            let needs = [input.position, input.person];
            step!(self, "tenure", place, id, needs, tenure::put(&mut self.writer, id, input));
        }
        Ok(())
    }

    async fn memberships(
        &mut self,
        records: Vec<directory::Membership>,
    ) -> Result<Vec<(Uuid, Place, Vec<substitution::SubstitutionInput>)>, Error> {
        let before = |record: &directory::Membership| record.replaces.iter().map(|other| other.key.clone()).collect();
        let (mut commands, mut substitutions) = (Vec::new(), Vec::new());
        for mut record in self.ordered("membership", records, |record| &record.key, before, |record| &record.place) {
            let (id, place) = (id("membership", &record.key), record.place.clone());
            let contacts = commands::contact_points(std::mem::take(&mut record.contact_points));
            let inputs = commands::substitutions(std::mem::take(&mut record.substitutions));
            substitutions.push((id, place.clone(), inputs));
            commands.push((id, place, commands::membership(record), contacts));
        }
        for (at, (id, place, input, _)) in commands.iter().enumerate() {
            let before = commands[..at].iter().filter(|(_, _, other, _)| other.seat == input.seat);
            let others: Vec<Period> = before.map(|(_, _, other, _)| other.period).collect();
            step!(self, NARROWED, place.clone(), *id, [], membership::narrow(&mut self.writer, *id, input, &others));
        }
        for (id, place, input, contacts) in commands {
            let needs = [Some(input.seat), Some(input.person), input.on_behalf_of, input.replaces];
            let needs: Vec<Uuid> = needs.into_iter().flatten().collect();
            step!(self, "membership", place, id, needs, async {
                let outcome = membership::put(&mut self.writer, id, input).await?;
                Ok(outcome.with(contact_point::put(&mut self.writer, (SubjectKind::Membership, id), contacts).await?))
            });
        }
        Ok(substitutions)
    }

    async fn meetings(
        &mut self,
        schedules: Vec<directory::Schedule>,
        meetings: Vec<directory::Meeting>,
    ) -> Result<(), Error> {
        for record in schedules {
            let (id, place, input) = (id("schedule", &record.key), record.place.clone(), commands::schedule(record));
            let needs = input.groups.clone();
            step!(self, "schedule", place, id, needs, schedule::put(&mut self.writer, id, input));
        }
        for record in meetings {
            let (id, place, input) = (id("meeting", &record.key), record.place.clone(), commands::meeting(record));
            let groups = input.sittings.iter().flat_map(|sitting| sitting.groups.iter().copied());
            let present = input.attendance.iter().flat_map(|present| [Some(present.person), present.in_place_of]);
            let needs: Vec<Uuid> = groups.chain(input.schedule).chain(present.flatten()).collect();
            step!(self, "meeting", place, id, needs, meeting::put(&mut self.writer, id, input));
        }
        Ok(())
    }

    fn ordered<R>(
        &mut self,
        noun: &str,
        records: Vec<R>,
        key: impl Fn(&R) -> &str,
        before: impl Fn(&R) -> Vec<String>,
        place: impl Fn(&R) -> &Place,
    ) -> Vec<R> {
        let (ordered, rest) = order::after(records, &key, &before);
        let circular = order::circular(&rest, &key, &before);
        let message = "this record and others refer to each other in a circle";
        self.problems.extend(circular.into_iter().map(|record| place(record).problem("", message)));
        self.failed.extend(rest.iter().map(|record| id(noun, key(record))));
        ordered
    }

    /// What hangs on a record that could not be written could not be either, and would only repeat the complaint.
    fn possible(&mut self, id: Uuid, needs: &[Uuid]) -> bool {
        let possible = !self.failed.contains(&id) && needs.iter().all(|need| !self.failed.contains(need));
        if !possible {
            self.failed.insert(id);
        }
        possible
    }

    async fn settle(
        &mut self,
        noun: &'static str,
        place: Place,
        id: Uuid,
        savepoint: usize,
        done: Result<Outcome, Error>,
    ) -> Result<(), Error> {
        match done {
            Ok(Outcome::Unchanged) if noun == NARROWED => self.writer.keep().await,
            Ok(_) if noun == NARROWED => {
                self.narrowed.insert(id);
                self.writer.keep().await
            }
            Ok(outcome) => {
                let before = if self.narrowed.contains(&id) { Outcome::Changed } else { Outcome::Unchanged };
                self.report.count(noun, outcome.with(before));
                self.writer.keep().await
            }
            Err(Error::Internal(detail)) => Err(Error::Internal(format!("{place}: {detail}"))),
            // Whether the record can be as it should is for its own verb to say.
            Err(_) if noun == NARROWED => self.writer.undo(savepoint).await,
            Err(refusal) => {
                self.problems.push(place.problem(noun, refusal.to_string()));
                self.failed.insert(id);
                self.writer.undo(savepoint).await
            }
        }
    }
}
