//! Positions: posts in organisations.

use entity::values::{Period, SubjectKind, search_key, sort_key};
use uuid::Uuid;

use crate::db::Sql;
use crate::domain::cells::row;
use crate::domain::narrow;
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::source::{self, SourceInput};
use crate::domain::view::View;
use crate::domain::write::{Entry, Outcome, Verbs, Writer};
use crate::error::Error;

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
        veiled: false,
    };
    list.pages(&view, &Parent::new("organisation", "q.organisation_id = parent.id"), &ids, &page).await
}

/// A position, as a verb takes it.
#[derive(Clone, Debug)]
pub struct PositionInput {
    pub organisation: Uuid,
    pub title: String,
    pub period: Period,
    pub sources: Vec<SourceInput>,
}

const VERBS: Verbs = Verbs { new: "openPosition", changed: "updatePosition", gone: "removePosition" };

/// Makes a position what it should be.
pub async fn put(writer: &mut Writer, id: Uuid, input: PositionInput) -> Result<Outcome, Error> {
    let (valid_from, valid_until, valid_precision) = input.period.columns();
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
    let mut entry = Entry::new(VERBS, SubjectKind::Position, id);
    narrow::tenures(writer, &mut entry, id, input.period).await?;
    writer.put(&mut entry, row).await?;
    source::put(writer, &mut entry, (SubjectKind::Position, id), input.sources).await?;
    writer.finish::<entity::position::Model>(entry).await
}
