//! Search results as the schema shows them.

use std::collections::HashMap;

use async_graphql::Union;
use uuid::Uuid;

use super::agreement::Agreement;
use super::connection::Connection;
use super::group::Group;
use super::organisation::Organisation;
use super::person::Person;
use super::position::Position;
use super::row::Row;
use crate::domain::cells::Identified;
use crate::domain::page::{Page, Slice};
use crate::domain::search::{Hit, SearchType};
use crate::domain::view::View;
use crate::domain::{self, search};
use crate::error::Error;

/// Something that search found.
#[derive(Union)]
pub enum SearchResult {
    /// An organisation.
    Organisation(Organisation),
    /// A group.
    Group(Group),
    /// A position.
    Position(Position),
    /// A person.
    Person(Person),
    /// An agreement.
    Agreement(Agreement),
}

/// A page of what search finds: one statement for the hits, one for each noun among them.
pub async fn results(
    view: &View,
    text: &str,
    types: Option<&[SearchType]>,
    page: &Page,
) -> Result<Connection<SearchResult>, Error> {
    let hits = search::search(view, text, types, page).await?;
    let of = |kind| hits.rows.iter().filter(|(_, hit)| hit.kind == kind).map(|(_, hit)| hit.id).collect::<Vec<Uuid>>();
    let organisations = found(view, of(SearchType::Organisation), domain::organisation::by_ids).await?;
    let groups = found(view, of(SearchType::Group), domain::group::by_ids).await?;
    let positions = found(view, of(SearchType::Position), domain::position::by_ids).await?;
    let people = found(view, of(SearchType::Person), domain::person::by_ids).await?;
    let agreements = found(view, of(SearchType::Agreement), domain::agreement::by_ids).await?;
    let object = |hit: &Hit| match hit.kind {
        SearchType::Organisation => {
            organisations.get(&hit.id).cloned().map(Organisation).map(SearchResult::Organisation)
        }
        SearchType::Group => groups.get(&hit.id).cloned().map(Group).map(SearchResult::Group),
        SearchType::Position => positions.get(&hit.id).cloned().map(Position).map(SearchResult::Position),
        SearchType::Person => people.get(&hit.id).cloned().map(Person).map(SearchResult::Person),
        SearchType::Agreement => agreements.get(&hit.id).cloned().map(Agreement).map(SearchResult::Agreement),
    };
    let rows = hits.rows.iter().filter_map(|(cursor, hit)| Some((cursor.clone(), object(hit)?))).collect();
    let slice = Slice { rows, has_previous: hits.has_previous, has_next: hits.has_next, total: hits.total };
    Ok(Connection::with(slice, |result| result))
}

async fn found<R, F, L>(view: &View, ids: Vec<Uuid>, find: F) -> Result<HashMap<Uuid, Row<R>>, Error>
where
    R: Identified + Clone + Send + Sync + 'static,
    F: FnOnce(View, Vec<Uuid>) -> L,
    L: Future<Output = Result<Vec<R>, Error>>,
{
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = find(view.clone(), ids).await?;
    Ok(Row::batch(view, rows).into_iter().map(|row| (row.id(), row)).collect())
}
