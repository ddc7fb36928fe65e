//! Substitutions: who stands in for a membership.

mod commands;

use chrono::NaiveDate;
use entity::Dated;
use entity::values::{Period, SubjectKind};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::db::Sql;
use crate::domain::cells::{Cells, Columns, Identified, row};
use crate::domain::person;
use crate::domain::source::{self, SourceInput};
use crate::domain::view::View;
use crate::domain::write::{Entry, Outcome, Verbs, Writer, derived};
use crate::error::Error;
use crate::policy::scope;

pub use commands::{AddSubstitutionInput, EndSubstitutionInput};

row! {
    /// A substitution, alone.
    Bare { id, membership_id: Uuid, person_id: Uuid, meeting_id: Option<Uuid>, ordinal: i32, voting: bool, version: i32 } dated
}

row! {
    /// The day of a meeting.
    Day { id, day: NaiveDate }
}

/// A substitution with the person who stands in.
#[derive(Clone, Debug)]
pub struct Row {
    pub substitution: Bare,
    pub person: person::Row,
}

impl Columns for Row {
    const WIDTH: usize = Bare::WIDTH + person::Row::WIDTH;

    fn read(cells: &mut Cells<'_>) -> Result<Self, sea_orm::DbErr> {
        Ok(Self { substitution: Bare::read(cells)?, person: person::Row::read(cells)? })
    }
}

impl Identified for Row {
    fn id(&self) -> Uuid {
        self.substitution.id
    }
}

/// The substitutions that fit, of members and by people whom the asker may see.
async fn select(view: &View, condition: Sql) -> Result<Vec<Row>, Error> {
    let query = Sql::from(format!(
        "SELECT {}, {} FROM substitution x JOIN person h ON h.id = x.person_id JOIN membership m ON m.id = x.membership_id
         JOIN person mh ON mh.id = m.person_id JOIN seat s ON s.id = m.seat_id JOIN \"group\" g ON g.id = s.group_id WHERE",
        Bare::columns("x"),
        person::Row::columns("h")
    ))
    .then(condition)
    .and(scope::person_in_place(&view.actor, "h"))
    .and(scope::person_in_place(&view.actor, "mh"))
    .and(scope::group(&view.actor, "g"))
    .then("ORDER BY x.ordinal, x.id");
    view.rows(query).await
}

/// The substitutions with these ids that the asker may see.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    select(&view, Sql::from("x.id IN").then(Sql::list(ids))).await
}

/// Who may stand in for each membership on the day, in order.
pub async fn of_memberships(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    let found = select(&view, Sql::from("x.membership_id IN").then(Sql::list(ids)).and(view.current("x"))).await?;
    Ok(found.into_iter().map(|row| (row.substitution.membership_id, row)).collect())
}

/// Who may stand in for the memberships at each of the meetings, in order: who is named for the meeting, and who is named for its day.
pub async fn at_meetings(view: &View, memberships: Vec<Uuid>, meetings: &[Uuid]) -> Result<Vec<(Uuid, Row)>, Error> {
    let named = select(view, Sql::from("x.membership_id IN").then(Sql::list(memberships))).await?;
    let days = Sql::from("SELECT e.meeting_id, min(e.day) FROM sitting_group e WHERE e.meeting_id IN");
    let days = days.then(Sql::list(meetings.iter().copied())).then("GROUP BY e.meeting_id");
    let days = view.rows::<Day>(days).await?;
    let fits = |row: &Row, day: &Day| match row.substitution.meeting_id {
        Some(meeting) => meeting == day.id,
        None => {
            let (from, until, _) = row.substitution.period.columns();
            (from..until).contains(&day.day)
        }
    };
    let of = |day: &Day| named.iter().filter(|row| fits(row, day)).map(|row| (day.id, row.clone())).collect::<Vec<_>>();
    Ok(days.iter().flat_map(of).collect())
}

/// Who stands in at one meeting does so on its days, wherever they move; not beyond the membership, outside which there is nothing to stand
/// in for.
pub async fn follow(
    writer: &Writer,
    entry: &mut Entry,
    meeting: Uuid,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<(), Error> {
    let standing_in = entity::substitution::Entity::find()
        .filter(entity::substitution::Column::MeetingId.eq(meeting))
        .order_by_asc(entity::substitution::Column::Id);
    for mut row in standing_in.all(writer.db()).await? {
        let membership: entity::membership::Model = writer.find(row.membership_id).await?.ok_or(Error::NotFound)?;
        let days = Period::new(Some(first), last.succ_opt()).ok();
        match days.and_then(|days| days.intersection(membership.period())) {
            Some(period) => {
                row.set_period(period);
                writer.put(entry, row).await?;
            }
            None => writer.remove(entry, row).await?,
        }
    }
    Ok(())
}

/// A substitution, as a verb takes it.
#[derive(Clone, Debug)]
pub struct SubstitutionInput {
    pub person: Uuid,
    pub meeting: Option<Uuid>,
    /// 1 stands in first.
    pub order: i32,
    /// As on the seat when absent.
    pub voting: Option<bool>,
    /// An open bound is that of the membership.
    pub period: Period,
    pub sources: Vec<SourceInput>,
}

const VERBS: Verbs = Verbs { new: "addSubstitution", changed: "changeSubstitution", gone: "removeSubstitution" };

/// Makes the substitutions that documents give for a membership what they should be. Those that were added otherwise stay.
pub async fn put(writer: &mut Writer, membership: Uuid, inputs: Vec<SubstitutionInput>) -> Result<Outcome, Error> {
    let stood_in_for: entity::membership::Model = writer.find(membership).await?.ok_or(Error::NotFound)?;
    let seat: entity::seat::Model = writer.find(stood_in_for.seat_id).await?.ok_or(Error::NotFound)?;
    let row = |(ordinal, input): (i32, &SubstitutionInput)| {
        let (valid_from, valid_until, valid_precision) = input.period.within(stood_in_for.period()).columns();
        entity::substitution::Model {
            id: derived(membership, &format!("substitution/{ordinal}")),
            membership_id: membership,
            person_id: input.person,
            meeting_id: input.meeting,
            ordinal: input.order,
            voting: input.voting.unwrap_or(seat.voting),
            valid_from,
            valid_until,
            valid_precision,
            version: 0,
        }
    };
    let wanted: Vec<_> = (1..).zip(&inputs).map(row).collect();
    let ids: Vec<Uuid> = wanted.iter().map(|row| row.id).collect();
    let were = entity::substitution::Entity::find().filter(entity::substitution::Column::MembershipId.eq(membership));
    let were = were.all(writer.db()).await?;
    let mut outcome = writer.replace_each((VERBS, SubjectKind::Substitution), were, wanted).await?;
    for (id, input) in ids.into_iter().zip(inputs) {
        let mut entry = Entry::new(VERBS, SubjectKind::Substitution, id);
        source::put(writer, &mut entry, (SubjectKind::Substitution, id), input.sources).await?;
        outcome = outcome.with(writer.finish::<entity::substitution::Model>(entry).await?);
    }
    Ok(outcome)
}
