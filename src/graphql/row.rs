//! Rows as the schema's objects hold them: shared, and aware of the others that came in the same statement.
//!
//! A field that needs more of the database asks for all rows of its batch at once, the first time any of them asks, and the others
//! find the answer there. So the number of statements follows the shape of the query: no timers, no queue of keys, and nothing
//! that is shared between requests or between actors.

use std::any::Any;
use std::collections::HashMap;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use entity::values::{GlobalId, SubjectKind};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::connection::Connection;
use crate::domain::cells::Identified;
use crate::domain::page::{Page, Slice};
use crate::domain::view::View;
use crate::error::Error;

type Load<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;
type Loaded = Arc<OnceCell<Arc<dyn Any + Send + Sync>>>;

/// Rows that came together, and what has been loaded for all of them since.
struct Batch<R> {
    view: View,
    rows: Vec<R>,
    loaded: Mutex<HashMap<String, Loaded>>,
}

/// One row of a batch.
pub struct Row<R> {
    batch: Arc<Batch<R>>,
    place: usize,
}

impl<R> Clone for Row<R> {
    fn clone(&self) -> Self {
        Self { batch: self.batch.clone(), place: self.place }
    }
}

impl<R> Deref for Row<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.batch.rows[self.place]
    }
}

impl<R: Identified + Clone + Send + Sync + 'static> Row<R> {
    /// Rows that came together.
    pub fn batch(view: View, rows: Vec<R>) -> Vec<Self> {
        let count = rows.len();
        let batch = Arc::new(Batch { view, rows, loaded: Mutex::default() });
        (0..count).map(|place| Self { batch: batch.clone(), place }).collect()
    }

    /// A row that came alone.
    pub fn single(view: View, row: R) -> Self {
        let batch = Arc::new(Batch { view, rows: vec![row], loaded: Mutex::default() });
        Self { batch, place: 0 }
    }

    /// Through whose eyes, and as of which day, the row is seen.
    pub fn view(&self) -> &View {
        &self.batch.view
    }

    /// The row's id in the API. It carries the day when one was chosen.
    pub fn global_id(&self, kind: SubjectKind) -> GlobalId {
        GlobalId { kind: Some(kind), id: self.id(), lens: self.view().lens.chosen() }
    }

    /// What `load` gives for the whole batch, loaded once. `field` names it, arguments included. The load is boxed: it would otherwise
    /// be part of every resolver's frame, and frames add up with the depth of a query.
    async fn shared<T>(&self, field: String, load: Load<'_, T>) -> Result<Arc<T>, Error>
    where
        T: Send + Sync + 'static,
    {
        let cell = {
            let mut loaded = self.batch.loaded.lock().unwrap_or_else(PoisonError::into_inner);
            loaded.entry(field).or_default().clone()
        };
        let any =
            cell.get_or_try_init(|| async { Ok::<_, Error>(Arc::new(load.await?) as Arc<dyn Any + Send + Sync>) });
        any.await?.clone().downcast().map_err(|_| Error::Internal("two fields load under one name".to_owned()))
    }

    fn ids(&self) -> Vec<Uuid> {
        distinct(self.batch.rows.iter().map(Identified::id))
    }

    /// The row that another one's id in this row names, if the asker may see it.
    pub async fn one<S, F, L>(&self, field: &str, key: fn(&R) -> Option<Uuid>, find: F) -> Result<Option<Row<S>>, Error>
    where
        S: Identified + Clone + Send + Sync + 'static,
        F: FnOnce(View, Vec<Uuid>) -> L + Send,
        L: Future<Output = Result<Vec<S>, Error>> + Send,
    {
        let Some(wanted) = key(self) else { return Ok(None) };
        let load = Box::pin(async {
            let keys = distinct(self.batch.rows.iter().filter_map(key));
            let found = find(self.view().clone(), keys).await?;
            Ok(by_id(Row::batch(self.view().clone(), found)))
        });
        Ok(self.shared::<HashMap<Uuid, Row<S>>>(field.to_owned(), load).await?.get(&wanted).cloned())
    }

    /// The part of this row that is a row of its own, joined in the same statement.
    pub async fn part<S>(&self, field: &str, part: fn(&R) -> Option<&S>) -> Result<Option<Row<S>>, Error>
    where
        S: Identified + Clone + Send + Sync + 'static,
    {
        let Some(wanted) = part(self).map(Identified::id) else { return Ok(None) };
        let load = Box::pin(async {
            let mut parts: Vec<S> = Vec::new();
            let mut seen = std::collections::HashSet::new();
            parts.extend(self.batch.rows.iter().filter_map(part).filter(|row| seen.insert(row.id())).cloned());
            Ok(by_id(Row::batch(self.view().clone(), parts)))
        });
        Ok(self.shared::<HashMap<Uuid, Row<S>>>(field.to_owned(), load).await?.get(&wanted).cloned())
    }

    /// The rows that belong to this one, where the schema gives them whole.
    pub async fn many<S, F, L>(&self, field: String, find: F) -> Result<Vec<Row<S>>, Error>
    where
        S: Identified + Clone + Send + Sync + 'static,
        F: FnOnce(View, Vec<Uuid>) -> L + Send,
        L: Future<Output = Result<Vec<(Uuid, S)>, Error>> + Send,
    {
        let load = Box::pin(async { Ok(grouped(self.view(), find(self.view().clone(), self.ids()).await?)) });
        let found = self.shared::<HashMap<Uuid, Vec<Row<S>>>>(field, load).await?;
        Ok(found.get(&self.id()).cloned().unwrap_or_default())
    }

    /// The rows that belong to this one, found from all rows of the batch rather than from their ids alone.
    pub async fn many_from_rows<S, F, L>(&self, field: &str, find: F) -> Result<Vec<Row<S>>, Error>
    where
        S: Identified + Clone + Send + Sync + 'static,
        F: FnOnce(View, Vec<R>) -> L + Send,
        L: Future<Output = Result<Vec<(Uuid, S)>, Error>> + Send,
    {
        let load =
            Box::pin(async { Ok(grouped(self.view(), find(self.view().clone(), self.batch.rows.clone()).await?)) });
        let found = self.shared::<HashMap<Uuid, Vec<Row<S>>>>(field.to_owned(), load).await?;
        Ok(found.get(&self.id()).cloned().unwrap_or_default())
    }

    /// A value for each row of the batch.
    pub async fn value<V, F, L>(&self, field: String, find: F) -> Result<Option<V>, Error>
    where
        V: Clone + Send + Sync + 'static,
        F: FnOnce(View, Vec<Uuid>) -> L + Send,
        L: Future<Output = Result<Vec<(Uuid, V)>, Error>> + Send,
    {
        let load = Box::pin(async { Ok(find(self.view().clone(), self.ids()).await?.into_iter().collect()) });
        Ok(self.shared::<HashMap<Uuid, V>>(field, load).await?.get(&self.id()).cloned())
    }

    /// A value for each row of the batch, found from all of them rather than from their ids alone.
    pub async fn value_from_rows<V, F, L>(&self, field: &str, find: F) -> Result<Option<V>, Error>
    where
        V: Clone + Send + Sync + 'static,
        F: FnOnce(View, Vec<R>) -> L + Send,
        L: Future<Output = Result<Vec<(Uuid, V)>, Error>> + Send,
    {
        let load =
            Box::pin(async { Ok(find(self.view().clone(), self.batch.rows.clone()).await?.into_iter().collect()) });
        Ok(self.shared::<HashMap<Uuid, V>>(field.to_owned(), load).await?.get(&self.id()).cloned())
    }

    /// A page of the rows that belong to this one. `arguments` are all arguments of the field, as they change what is found.
    pub async fn page<S, T, F, L>(
        &self,
        field: &str,
        arguments: &str,
        page: Page,
        find: F,
    ) -> Result<Connection<T>, Error>
    where
        S: Identified + Clone + Send + Sync + 'static,
        T: From<Row<S>> + async_graphql::OutputType,
        F: FnOnce(View, Vec<Uuid>, Page) -> L + Send,
        L: Future<Output = Result<Vec<Slice<S>>, Error>> + Send,
    {
        let name = format!("{field} {arguments} {page:?}");
        let load = Box::pin(async {
            let ids = self.ids();
            let slices = find(self.view().clone(), ids.clone(), page).await?;
            Ok(ids.into_iter().zip(together(self.view(), slices)).collect())
        });
        let found = self.shared::<HashMap<Uuid, Slice<Row<S>>>>(name, load).await?;
        let slice = found.get(&self.id()).ok_or_else(|| Error::Internal("a parent without its page".to_owned()))?;
        Ok(Connection::of(slice.clone()))
    }
}

/// Makes the rows of several pages one batch.
fn together<S: Identified + Clone + Send + Sync + 'static>(view: &View, slices: Vec<Slice<S>>) -> Vec<Slice<Row<S>>> {
    let all = slices.iter().flat_map(|slice| slice.rows.iter().map(|(_, row)| row.clone())).collect();
    let mut rows = Row::batch(view.clone(), all).into_iter();
    let page = |slice: Slice<S>| Slice {
        rows: slice.rows.into_iter().zip(rows.by_ref()).map(|((cursor, _), row)| (cursor, row)).collect(),
        has_previous: slice.has_previous,
        has_next: slice.has_next,
        total: slice.total,
    };
    slices.into_iter().map(page).collect()
}

/// A page of a list at the root, as a batch.
pub fn root<S, T>(view: &View, slice: Slice<S>) -> Connection<T>
where
    S: Identified + Clone + Send + Sync + 'static,
    T: From<Row<S>> + async_graphql::OutputType,
{
    let mut pages = together(view, vec![slice]);
    Connection::of(pages.remove(0))
}

fn grouped<S: Identified + Clone + Send + Sync + 'static>(
    view: &View,
    found: Vec<(Uuid, S)>,
) -> HashMap<Uuid, Vec<Row<S>>> {
    let (owners, rows): (Vec<Uuid>, Vec<S>) = found.into_iter().unzip();
    let mut by_owner: HashMap<Uuid, Vec<Row<S>>> = HashMap::new();
    for (owner, row) in owners.into_iter().zip(Row::batch(view.clone(), rows)) {
        by_owner.entry(owner).or_default().push(row);
    }
    by_owner
}

fn by_id<S: Identified + Clone + Send + Sync + 'static>(rows: Vec<Row<S>>) -> HashMap<Uuid, Row<S>> {
    rows.into_iter().map(|row| (row.id(), row)).collect()
}

fn distinct(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
