//! Positions: posts in organisations.

mod commands;

use entity::values::{Period, SubjectKind, search_key, sort_key};
use uuid::Uuid;

use crate::db::Sql;
use crate::domain::cells::row;
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::source::{self, SourceInput};
use crate::domain::view::View;
use crate::domain::write::{Entry, Outcome, Verbs, Writer};
use crate::domain::{narrow, organisation};
use crate::error::Error;

pub use commands::{ClosePositionInput, OpenPositionInput, UpdatePositionInput};

row! {
    /// A position.
    Row { id, organisation_id: Uuid, title: String, version: i32 } dated
}

/// The positions with these ids.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    let query = Sql::from(format!("SELECT {} FROM position q WHERE q.id IN", Row::columns("q")));
    view.rows(query.then(Sql::list(ids))).await
}

/// The positions in each organisation that exist on the day, by title.
pub async fn of_organisations(view: View, ids: Vec<Uuid>, page: Page) -> Result<Vec<Slice<Row>>, Error> {
    let list = List {
        name: "position by title",
        columns: Row::columns("q").into(),
        main: "q",
        table: "position q",
        joins: Sql::default(),
        filter: view.current("q"),
        keys: &[Key::Bytes("q.sort_key"), Key::Id("q.id")],
        descending: false,
        veiled: None,
    };
    list.pages(&view, &Parent::new("organisation", "q.organisation_id = parent.id"), &ids, &page).await
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
