//! Rows as the schema's objects hold them: shared, and aware of the others that came in the same statement.
//!
//! A field that needs more of the database asks for all rows of its batch at once, the first time any of them asks, and the others
//! find the answer there. So the number of statements follows the shape of the query: no timers, no queue of keys, and nothing
//! that is shared between requests or between actors.

use std::any::Any;
use std::borrow::Cow;
use std::collections::HashMap;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{Context, Pos};
use entity::values::{GlobalId, SubjectKind};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::connection::{self, Connection, Ways};
use super::selection;
use crate::domain::cells::Identified;
use crate::domain::page::{Page, Slice};
use crate::domain::selection::Selection;
use crate::domain::view::View;
use crate::error::Error;

type Load<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;
type Loaded = Arc<OnceCell<Arc<dyn Any + Send + Sync>>>;

/// Rows that came together, and what has been loaded for all of them since.
struct Batch<R> {
    view: View,
    rows: Vec<R>,
    loaded: Mutex<Vec<(Key, Loaded)>>,
}

/// What is loaded for a batch.
#[derive(PartialEq, Eq)]
enum Key {
    Named(Cow<'static, str>),
    At(Pos),
}

/// What a resolver asks its row for.
pub enum Asked<'a> {
    /// A field by its name and arguments, with everything that is to be known: the same wherever it is asked for.
    Named(Cow<'static, str>),
    /// The field that is being resolved, with what the document selects of it: the same for all rows of a batch.
    At(&'a Context<'a>),
}

impl Asked<'_> {
    fn key(&self) -> Key {
        match self {
            Self::Named(name) => Key::Named(name.clone()),
            Self::At(ctx) => Key::At(ctx.item.pos),
        }
    }

    fn selection(&self) -> Selection {
        match self {
            Self::Named(_) => Selection::default(),
            Self::At(ctx) => selection::of_object(ctx),
        }
    }
}

impl From<&'static str> for Asked<'_> {
    fn from(name: &'static str) -> Self {
        Self::Named(Cow::Borrowed(name))
    }
}

impl From<String> for Asked<'_> {
    fn from(name: String) -> Self {
        Self::Named(Cow::Owned(name))
    }
}

impl<'a> From<&'a Context<'a>> for Asked<'a> {
    fn from(ctx: &'a Context<'a>) -> Self {
        Self::At(ctx)
    }
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
    /// Rows that came together. What was wanted of them is no matter for what they lead to.
    pub fn batch(view: &View, rows: Vec<R>) -> Vec<Self> {
        let count = rows.len();
        let view = view.selecting(Selection::default());
        let batch = Arc::new(Batch { view, rows, loaded: Mutex::default() });
        (0..count).map(|place| Self { batch: batch.clone(), place }).collect()
    }

    /// A row that came alone.
    pub fn single(view: &View, row: R) -> Self {
        let view = view.selecting(Selection::default());
        Self { batch: Arc::new(Batch { view, rows: vec![row], loaded: Mutex::default() }), place: 0 }
    }

    /// Through whose eyes, and as of which day, the row is seen.
    pub fn view(&self) -> &View {
        &self.batch.view
    }

    /// The row's id in the API. It carries the day when one was chosen.
    pub fn global_id(&self, kind: SubjectKind) -> GlobalId {
        GlobalId { kind: Some(kind), id: self.id(), lens: self.view().lens.chosen() }
    }

    /// Where what is loaded under a key is kept for the batch.
    fn kept(&self, key: Key) -> Loaded {
        let mut loaded = self.batch.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, cell)) = loaded.iter().find(|(known, _)| *known == key) {
            return cell.clone();
        }
        let cell = Loaded::default();
        loaded.push((key, cell.clone()));
        cell
    }

    /// What `load` gives for the whole batch, loaded once. The load is boxed, and made for the first row that asks: it would otherwise be
    /// part of every resolver's frame, and frames add up with the depth of a query.
    async fn shared<'a, T, L>(&'a self, key: Key, load: L) -> Result<Arc<T>, Error>
    where
        T: Send + Sync + 'static,
        L: FnOnce() -> Load<'a, T> + Send,
    {
        let cell = self.kept(key);
        let any =
            cell.get_or_try_init(|| async { Ok::<_, Error>(Arc::new(load().await?) as Arc<dyn Any + Send + Sync>) });
        downcast(any.await?.clone())
    }

    fn ids(&self) -> Vec<Uuid> {
        distinct(self.batch.rows.iter().map(Identified::id))
    }

    /// The row that another one's id in this row names, if the asker may see it.
    pub async fn one<'a, S, F, L>(
        &self,
        asked: impl Into<Asked<'a>>,
        key: fn(&R) -> Option<Uuid>,
        find: F,
    ) -> Result<Option<Row<S>>, Error>
    where
        S: Identified + Clone + Send + Sync + 'static,
        F: FnOnce(View, Vec<Uuid>) -> L + Send,
        L: Future<Output = Result<Vec<S>, Error>> + Send,
    {
        let Some(wanted) = key(self) else { return Ok(None) };
        let asked = asked.into();
        let named = asked.key();
        let load = || -> Load<'_, HashMap<Uuid, Row<S>>> {
            Box::pin(async {
                let keys = distinct(self.batch.rows.iter().filter_map(key));
                let found = find(self.view().selecting(asked.selection()), keys).await?;
                Ok(by_id(Row::batch(self.view(), found)))
            })
        };
        let found = self.shared(named, load).await?;
        Ok(found.get(&wanted).cloned())
    }

    /// The part of this row that is a row of its own, joined in the same statement.
    pub fn part<S>(&self, field: &'static str, part: fn(&R) -> Option<&S>) -> Result<Option<Row<S>>, Error>
    where
        S: Identified + Clone + Send + Sync + 'static,
    {
        if part(self).is_none() {
            return Ok(None);
        }
        let cell = self.kept(Asked::from(field).key());
        if cell.get().is_none() {
            let parts = self.batch.rows.iter().filter_map(part).cloned().collect();
            let mut parts = Row::batch(self.view(), parts).into_iter();
            let parts: Vec<Option<Row<S>>> =
                self.batch.rows.iter().map(|row| part(row).and_then(|_| parts.next())).collect();
            // Another row may have been quicker: then its batch is the one.
            let _ = cell.set(Arc::new(parts));
        }
        let parts: Arc<Vec<Option<Row<S>>>> = cell.get().cloned().map(downcast).transpose()?.unwrap_or_default();
        Ok(parts.get(self.place).cloned().flatten())
    }

    /// The rows that belong to this one, where the schema gives them whole.
    pub async fn many<'a, S, F, L>(&self, asked: impl Into<Asked<'a>>, find: F) -> Result<Vec<Row<S>>, Error>
    where
        S: Identified + Clone + Send + Sync + 'static,
        F: FnOnce(View, Vec<Uuid>) -> L + Send,
        L: Future<Output = Result<Vec<(Uuid, S)>, Error>> + Send,
    {
        let asked = asked.into();
        let named = asked.key();
        let load = || -> Load<'_, HashMap<Uuid, Vec<Row<S>>>> {
            Box::pin(async {
                let view = self.view().selecting(asked.selection());
                Ok(grouped(self.view(), find(view, self.ids()).await?))
            })
        };
        let found = self.shared(named, load).await?;
        Ok(found.get(&self.id()).cloned().unwrap_or_default())
    }

    /// The rows that belong to this one, found from all rows of the batch rather than from their ids alone.
    pub async fn many_from_rows<S, F, L>(&self, field: &'static str, find: F) -> Result<Vec<Row<S>>, Error>
    where
        S: Identified + Clone + Send + Sync + 'static,
        F: FnOnce(View, Vec<R>) -> L + Send,
        L: Future<Output = Result<Vec<(Uuid, S)>, Error>> + Send,
    {
        let load = || -> Load<'_, HashMap<Uuid, Vec<Row<S>>>> {
            Box::pin(async { Ok(grouped(self.view(), find(self.view().clone(), self.batch.rows.clone()).await?)) })
        };
        let found = self.shared(Asked::from(field).key(), load).await?;
        Ok(found.get(&self.id()).cloned().unwrap_or_default())
    }

    /// A value for each row of the batch.
    pub async fn value<'a, V, F, L>(&self, asked: impl Into<Asked<'a>>, find: F) -> Result<Option<V>, Error>
    where
        V: Clone + Send + Sync + 'static,
        F: FnOnce(View, Vec<Uuid>) -> L + Send,
        L: Future<Output = Result<Vec<(Uuid, V)>, Error>> + Send,
    {
        let load = || -> Load<'_, HashMap<Uuid, V>> {
            Box::pin(async { Ok(find(self.view().clone(), self.ids()).await?.into_iter().collect()) })
        };
        Ok(self.shared(asked.into().key(), load).await?.get(&self.id()).cloned())
    }

    /// A value for each row of the batch, found from all of them rather than from their ids alone.
    pub async fn value_from_rows<V, F, L>(&self, field: &'static str, find: F) -> Result<Option<V>, Error>
    where
        V: Clone + Send + Sync + 'static,
        F: FnOnce(View, Vec<R>) -> L + Send,
        L: Future<Output = Result<Vec<(Uuid, V)>, Error>> + Send,
    {
        let load = || -> Load<'_, HashMap<Uuid, V>> {
            Box::pin(async { Ok(find(self.view().clone(), self.batch.rows.clone()).await?.into_iter().collect()) })
        };
        Ok(self.shared(Asked::from(field).key(), load).await?.get(&self.id()).cloned())
    }

    /// A page of the rows that belong to this one, as the field that is being resolved asks for it: by its arguments, and with what is
    /// selected of it.
    pub async fn page<S, T, F, L>(&self, ctx: &Context<'_>, ways: Ways, find: F) -> Result<Connection<T>, Error>
    where
        S: Identified + Clone + Send + Sync + 'static,
        T: From<Row<S>> + async_graphql::OutputType,
        F: FnOnce(View, Vec<Uuid>, Page) -> L + Send,
        L: Future<Output = Result<Vec<Slice<S>>, Error>> + Send,
    {
        let load = || -> Load<'_, HashMap<Uuid, Slice<Row<S>>>> {
            Box::pin(async {
                let ids = self.ids();
                let view = self.view().selecting(selection::of_page(ctx));
                let slices = find(view, ids.clone(), connection::page(ctx, ways)?).await?;
                Ok(ids.into_iter().zip(together(self.view(), slices)).collect())
            })
        };
        let found = self.shared(Key::At(ctx.item.pos), load).await?;
        let slice = found.get(&self.id()).ok_or_else(|| Error::Internal("a parent without its page".to_owned()))?;
        Ok(Connection::of(slice.clone()))
    }
}

fn downcast<T: Send + Sync + 'static>(loaded: Arc<dyn Any + Send + Sync>) -> Result<Arc<T>, Error> {
    loaded.downcast().map_err(|_| Error::Internal("two fields load under one name".to_owned()))
}

/// Makes the rows of several pages one batch.
fn together<S: Identified + Clone + Send + Sync + 'static>(view: &View, slices: Vec<Slice<S>>) -> Vec<Slice<Row<S>>> {
    let all = slices.iter().flat_map(|slice| slice.rows.iter().map(|(_, row)| row.clone())).collect();
    let mut rows = Row::batch(view, all).into_iter();
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
    for (owner, row) in owners.into_iter().zip(Row::batch(view, rows)) {
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
