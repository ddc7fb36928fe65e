//! Tenures: who holds a position, and when.

mod commands;

use entity::Dated;
use entity::values::{Period, SubjectKind};
use uuid::Uuid;

use crate::db::Sql;
use crate::domain::cells::{Cells, Columns, Identified, Select, row};
use crate::domain::narrow;
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::source::{self, SourceInput};
use crate::domain::view::View;
use crate::domain::write::{Entry, Outcome, Verbs, Writer};
use crate::domain::{membership, person, position};
use crate::error::Error;
use crate::policy::scope;

pub use commands::{ChangeTenureInput, EndTenureInput, StartTenureInput};

row! {
    /// A tenure, alone.
    Bare { id, position_id: Uuid, person_id: Uuid, end_reason: Option<String>, version: i32 } dated
    ; needing nothing: position person sources history
}

/// A tenure; and its position and its holder, if they are wanted.
#[derive(Clone, Debug)]
pub struct Row {
    pub tenure: Bare,
    pub position: Option<position::Row>,
    pub person: Option<person::Row>,
}

impl Columns for Row {
    const WIDTH: usize = Bare::WIDTH + position::Row::WIDTH + person::Row::WIDTH;

    fn read(cells: &mut Cells<'_>) -> Result<Self, sea_orm::DbErr> {
        Ok(Self { tenure: Bare::read(cells)?, position: Columns::read(cells)?, person: Columns::read(cells)? })
    }
}

impl Identified for Row {
    fn id(&self) -> Uuid {
        self.tenure.id
    }
}

fn all(view: &View, filter: Sql) -> List {
    let wanted = &view.selection;
    let joins = Sql::from("JOIN position q ON q.id = t.position_id JOIN person h ON h.id = t.person_id");
    let (position, join) = match wanted.wants("position") {
        true => position::part(view, "q", &wanted.of("position")),
        false => (Select::default().without(position::Row::WIDTH), Sql::default()),
    };
    List {
        name: "tenure by start",
        columns: Select::default().row::<Bare>("t", wanted).followed_by(&position).row_if::<person::Row>(
            wanted.wants("person"),
            "h",
            &wanted.of("person"),
        ),
        main: "t",
        table: "tenure t",
        joins: joins.then(join),
        filter: filter.and(scope::person_in_place(&view.actor, "h")),
        keys: &[Key::Date("t.valid_from"), Key::Id("t.id")],
        descending: true,
        veiled: None,
    }
}

/// The tenures with these ids that the asker may see.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    all(&view, Sql::from("t.id IN").then(Sql::list(ids))).all(&view, "ORDER BY t.valid_from DESC, t.id").await
}

/// Tenures with whose they are, which nobody need have selected.
async fn owned(view: &View, owner: &'static str, condition: Sql) -> Result<Vec<(Uuid, Row)>, Error> {
    let list = all(view, condition);
    let columns = Select::default().column(true, owner).followed_by(&list.columns);
    List { columns, ..list }.all(view, "ORDER BY t.valid_from DESC, t.id").await
}

/// The tenures of each person that hold on the day.
pub async fn held_by(view: View, people: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    owned(&view, "t.person_id", Sql::from("t.person_id IN").then(Sql::list(people)).and(view.current("t"))).await
}

/// All tenures of each person, the latest first.
pub async fn of_people(view: View, people: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    owned(&view, "t.person_id", Sql::from("t.person_id IN").then(Sql::list(people))).await
}

/// The tenure of each position that holds on the day.
pub async fn holding(view: View, positions: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    owned(&view, "t.position_id", Sql::from("t.position_id IN").then(Sql::list(positions)).and(view.current("t"))).await
}

/// All tenures of each position, the latest first.
pub async fn of_positions(view: View, ids: Vec<Uuid>, page: Page) -> Result<Vec<Slice<Row>>, Error> {
    let parent = Parent::new("position", "t.position_id = parent.id");
    all(&view, Sql::default()).pages(&view, &parent, &ids, &page).await
}

/// A tenure, as a verb takes it.
#[derive(Clone, Debug)]
pub struct TenureInput {
    pub position: Uuid,
    pub person: Uuid,
    /// An open bound is that of the position.
    pub period: Period,
    pub end_reason: Option<String>,
    pub sources: Vec<SourceInput>,
}

const VERBS: Verbs = Verbs { new: "startTenure", changed: "changeTenure", gone: "removeTenure" };

/// Takes from a tenure the days that it should no longer have, if others are to have them first.
pub async fn narrow(writer: &mut Writer, id: Uuid, input: &TenureInput, others: &[Period]) -> Result<Outcome, Error> {
    let mut entry = Entry::new(VERBS, SubjectKind::Tenure, id);
    let position: Option<entity::position::Model> = writer.find(input.position).await?;
    if let (Some(was), Some(position)) = (writer.find::<entity::tenure::Model>(id).await?, position)
        && let Some(both) = was.period().intersection(input.period.within(position.period()))
        && narrow::stands_in_the_way(was.period(), both, others)
    {
        narrow::tenure(writer, &mut entry, was, both).await?;
    }
    Ok(writer.record(entry))
}

/// Makes a tenure what it should be. The memberships on the seats that go with the position follow in the same step.
pub async fn put(writer: &mut Writer, id: Uuid, input: TenureInput) -> Result<Outcome, Error> {
    let mut entry = Entry::new(VERBS, SubjectKind::Tenure, id);
    write(writer, &mut entry, id, input).await?;
    writer.finish::<entity::tenure::Model>(entry).await
}

/// The same as part of the verb that the entry is of.
async fn write(writer: &Writer, entry: &mut Entry, id: Uuid, input: TenureInput) -> Result<(), Error> {
    let position: entity::position::Model = writer.find(input.position).await?.ok_or(Error::NotFound)?;
    let (valid_from, valid_until, valid_precision) = input.period.within(position.period()).columns();
    let row = entity::tenure::Model {
        id,
        position_id: input.position,
        person_id: input.person,
        end_reason: input.end_reason,
        valid_from,
        valid_until,
        valid_precision,
        version: 0,
    };
    writer.put(entry, row).await?;
    membership::follow(writer, entry, &position).await?;
    source::put(writer, entry, (SubjectKind::Tenure, id), input.sources).await
}
