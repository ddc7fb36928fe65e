//! Positions: posts in organisations.

mod commands;

use entity::values::{Period, SubjectKind, search_key, sort_key};
use uuid::Uuid;

use crate::db::Sql;
use crate::domain::cells::{Cells, Columns, Identified, Select, row};
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::selection::Selection;
use crate::domain::source::{self, SourceInput};
use crate::domain::view::View;
use crate::domain::write::{Entry, Outcome, Verbs, Writer};
use crate::domain::{narrow, organisation};
use crate::error::Error;

pub use commands::{ClosePositionInput, OpenPositionInput, UpdatePositionInput};

row! {
    /// A position, alone.
    Bare { id, organisation_id: Uuid => [contact_points], title: String, version: i32 } dated
    ; needing nothing: organisation holder tenures seats sources history
}

/// A position; and the organisation that has it, if it is wanted.
#[derive(Clone, Debug)]
pub struct Row {
    pub position: Bare,
    pub organisation: Option<organisation::Row>,
}

impl Columns for Row {
    const WIDTH: usize = Bare::WIDTH + organisation::Row::WIDTH;

    fn read(cells: &mut Cells<'_>) -> Result<Self, sea_orm::DbErr> {
        Ok(Self { position: Bare::read(cells)?, organisation: Columns::read(cells)? })
    }
}

impl Identified for Row {
    fn id(&self) -> Uuid {
        self.position.id
    }
}

/// The columns of the position under an alias, as far as they are wanted, and the join that they need.
pub fn part(view: &View, of: &str, wanted: &Selection) -> (Select, Sql) {
    let bare = Select::default().row::<Bare>(of, wanted);
    if !wanted.wants("organisation") {
        return (bare.without(organisation::Row::WIDTH), Sql::default());
    }
    let key = format!("{of}.organisation_id");
    let (columns, join) = organisation::part(view, &format!("{of}_o"), &key, &wanted.of("organisation"));
    (bare.followed_by(&columns), join)
}

fn all(view: &View, filter: Sql) -> List {
    let (columns, joins) = part(view, "q", &view.selection);
    List {
        name: "position by title",
        columns,
        main: "q",
        table: "position q",
        joins,
        filter,
        keys: &[Key::Bytes("q.sort_key"), Key::Id("q.id")],
        descending: false,
        veiled: None,
    }
}

/// The positions with these ids.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    all(&view, Sql::from("q.id IN").then(Sql::list(ids))).all(&view, "").await
}

/// The positions in each organisation that exist on the day, by title.
pub async fn of_organisations(view: View, ids: Vec<Uuid>, page: Page) -> Result<Vec<Slice<Row>>, Error> {
    let parent = Parent::new("organisation", "q.organisation_id = parent.id");
    all(&view, view.current("q")).pages(&view, &parent, &ids, &page).await
}

/// A position, as a verb takes it.
#[derive(Clone, Debug)]
pub struct PositionInput {
    pub organisation: Uuid,
    pub title: String,
    /// An open bound is that of the organisation.
    pub period: Period,
    pub sources: Vec<SourceInput>,
}

const VERBS: Verbs = Verbs { new: "openPosition", changed: "updatePosition", gone: "removePosition" };

/// Makes a position what it should be.
pub async fn put(writer: &mut Writer, id: Uuid, input: PositionInput) -> Result<Outcome, Error> {
    let mut entry = Entry::new(VERBS, SubjectKind::Position, id);
    write(writer, &mut entry, id, input).await?;
    writer.finish::<entity::position::Model>(entry).await
}

/// The same as part of the verb that the entry is of.
async fn write(writer: &Writer, entry: &mut Entry, id: Uuid, input: PositionInput) -> Result<(), Error> {
    let outer = organisation::lasting(writer, Some(input.organisation), Period::ALWAYS).await?;
    let period = input.period.within(outer);
    let (valid_from, valid_until, valid_precision) = period.columns();
    let row = entity::position::Model {
        id,
        organisation_id: input.organisation,
        sort_key: sort_key(&[&input.title]),
        search_key: search_key(&input.title),
        title: input.title,
        valid_from,
        valid_until,
        valid_precision,
        version: 0,
    };
    narrow::tenures(writer, entry, id, period).await?;
    writer.put(entry, row).await?;
    source::put(writer, entry, (SubjectKind::Position, id), input.sources).await
}
