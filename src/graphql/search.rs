//! Search results as the schema shows them.

use std::collections::HashMap;

use async_graphql::Union;
use uuid::Uuid;

use super::activity::Activity;
use super::agreement::Agreement;
use super::connection::Connection;
use super::event::Event;
use super::follow_up_item::FollowUpItem;
use super::group::Group;
use super::organisation::Organisation;
use super::person::Person;
use super::position::Position;
use super::priority::Priority;
use super::project::Project;
use super::result::ResultItem;
use super::row::Row;
use crate::domain::cells::Identified;
use crate::domain::page::{Page, Slice};
use crate::domain::search::SearchType;
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
    /// A project.
    Project(Project),
    /// An event.
    Event(Event),
    /// A priority.
    Priority(Priority),
    /// A follow-up item.
    FollowUpItem(FollowUpItem),
    /// An activity.
    Activity(Activity),
    /// A result.
    Result(ResultItem),
}

/// A page of what search finds: one statement for the hits, one for each noun among them.
pub async fn results(
    view: &View,
    text: &str,
    types: Option<&[SearchType]>,
    page: &Page,
) -> Result<Connection<SearchResult>, Error> {
    let hits = search::search(view, text, types, page).await?;
    let mut objects: HashMap<Uuid, SearchResult> = HashMap::new();
    macro_rules! found {
        ($($kind:ident: $noun:ident $object:ident;)+) => {$(
            let of_kind = hits.rows.iter().filter(|(_, hit)| hit.kind == SearchType::$kind);
            let rows = found(view, of_kind.map(|(_, hit)| hit.id).collect(), domain::$noun::by_ids).await?;
            objects.extend(rows.into_iter().map(|(id, row)| (id, SearchResult::$kind($object(row)))));
        )+};
    }
    found! {
        Organisation: organisation Organisation;
        Group: group Group;
        Position: position Position;
        Person: person Person;
        Agreement: agreement Agreement;
        Project: project Project;
        Event: event Event;
        Priority: priority Priority;
        FollowUpItem: follow_up_item FollowUpItem;
        Activity: activity Activity;
        Result: result ResultItem;
    }
    // An organisation is found once by each of its names on the day, of which there is one: no hit wants another's object.
    let rows = hits.rows.iter().filter_map(|(cursor, hit)| Some((cursor.clone(), objects.remove(&hit.id)?))).collect();
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
