//! Anything that has an id.

use std::collections::HashMap;
use std::future::Future;

use async_graphql::Interface;
use chrono::NaiveDate;
use entity::values::{Date, GlobalId, SubjectKind};
use uuid::Uuid;

use super::group::Group;
use super::meeting::Meeting;
use super::membership::Membership;
use super::organisation::Organisation;
use super::person::Person;
use super::position::Position;
use super::row::Row;
use super::schedule::Schedule;
use super::seat::Seat;
use super::tenure::Tenure;
use crate::domain;
use crate::domain::cells::Identified;
use crate::domain::view::View;
use crate::error::{Code, Error};

/// Anything that has an id by which it can be fetched again.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "GlobalId", desc = "Its id."))]
pub enum Node {
    /// A group.
    Group(Group),
    /// A meeting.
    Meeting(Meeting),
    /// A membership.
    Membership(Membership),
    /// An organisation.
    Organisation(Organisation),
    /// A person.
    Person(Person),
    /// A position.
    Position(Position),
    /// A schedule.
    Schedule(Schedule),
    /// A seat.
    Seat(Seat),
    /// A tenure.
    Tenure(Tenure),
}

/// Most ids in one request for nodes.
const MAX_IDS: usize = 100;

/// What has these ids, in their order. One statement for each noun and day among them.
pub async fn find(view: &View, ids: &[GlobalId]) -> Result<Vec<Option<Node>>, Error> {
    if ids.len() > MAX_IDS {
        return Err(Error::invalid(Code::TooManyIds, format!("nodes takes at most {MAX_IDS} ids")));
    }
    let mut wanted: HashMap<(SubjectKind, Option<NaiveDate>), Vec<Uuid>> = HashMap::new();
    for id in ids {
        if let Some(kind) = id.kind {
            wanted.entry((kind, id.lens)).or_default().push(id.id);
        }
    }
    let mut found: HashMap<GlobalId, Maker> = HashMap::new();
    for ((kind, lens), ids) in wanted {
        let view = view.as_of(lens.map(Date));
        for (id, node) in of_kind(view, kind, ids).await? {
            found.insert(GlobalId { kind: Some(kind), id, lens }, node);
        }
    }
    Ok(ids.iter().map(|id| found.get(id).map(|make| make())).collect())
}

type Maker = Box<dyn Fn() -> Node + Send>;

async fn of_kind(view: View, kind: SubjectKind, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Maker)>, Error> {
    match kind {
        SubjectKind::Group => rows(view, ids, domain::group::by_ids, |row| Node::Group(Group(row))).await,
        SubjectKind::Meeting => rows(view, ids, domain::meeting::by_ids, |row| Node::Meeting(Meeting(row))).await,
        SubjectKind::Membership => {
            rows(view, ids, domain::membership::by_ids, |row| Node::Membership(Membership(row))).await
        }
        SubjectKind::Organisation => {
            rows(view, ids, domain::organisation::by_ids, |row| Node::Organisation(Organisation(row))).await
        }
        SubjectKind::Person => rows(view, ids, domain::person::by_ids, |row| Node::Person(Person(row))).await,
        SubjectKind::Position => rows(view, ids, domain::position::by_ids, |row| Node::Position(Position(row))).await,
        SubjectKind::Schedule => rows(view, ids, domain::schedule::by_ids, |row| Node::Schedule(Schedule(row))).await,
        SubjectKind::Seat => rows(view, ids, domain::seat::by_ids, |row| Node::Seat(Seat(row))).await,
        SubjectKind::Tenure => rows(view, ids, domain::tenure::by_ids, |row| Node::Tenure(Tenure(row))).await,
        _ => Ok(Vec::new()),
    }
}

async fn rows<R, F, L>(
    view: View,
    ids: Vec<Uuid>,
    find: F,
    node: fn(Row<R>) -> Node,
) -> Result<Vec<(Uuid, Maker)>, Error>
where
    R: Identified + Clone + Send + Sync + 'static,
    F: FnOnce(View, Vec<Uuid>) -> L,
    L: Future<Output = Result<Vec<R>, Error>>,
{
    let rows = Row::batch(view.clone(), find(view, ids).await?);
    Ok(rows.into_iter().map(|row| (row.id(), Box::new(move || node(row.clone())) as Maker)).collect())
}
