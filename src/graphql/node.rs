//! Anything that has an id.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;

use async_graphql::Interface;
use chrono::NaiveDate;
use entity::values::{Date, GlobalId, SubjectKind};
use uuid::Uuid;

use super::activity::Activity;
use super::agreement::{Agreement, AgreementParty, Assignment};
use super::change::Change;
use super::event::Event;
use super::figure::Figure;
use super::follow_up_item::FollowUpItem;
use super::grant::Grant;
use super::group::{Group, GroupRelation};
use super::identity::Identity;
use super::meeting::Meeting;
use super::membership::Membership;
use super::organisation::Organisation;
use super::person::Person;
use super::position::Position;
use super::priority::Priority;
use super::project::Project;
use super::result::ResultItem;
use super::row::Row;
use super::schedule::Schedule;
use super::seat::Seat;
use super::source::Document;
use super::substitution::Substitution;
use super::tenure::Tenure;
use crate::domain;
use crate::domain::cells::Identified;
use crate::domain::view::View;
use crate::error::{Code, Error};

/// Anything that has an id by which it can be fetched again.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "GlobalId", desc = "Its id."))]
pub enum Node {
    /// An agreement.
    Agreement(Agreement),
    /// An activity.
    Activity(Activity),
    /// A party to an agreement.
    AgreementParty(AgreementParty),
    /// An assignment.
    Assignment(Assignment),
    /// A document.
    Document(Document),
    /// An event.
    Event(Event),
    /// A follow-up item.
    FollowUpItem(FollowUpItem),
    /// A priority.
    Priority(Priority),
    /// A project.
    Project(Project),
    /// A result.
    Result(ResultItem),
    /// A figure.
    Figure(Figure),
    /// An entry of the trail.
    Change(Change),
    /// A grant.
    Grant(Grant),
    /// A group.
    Group(Group),
    /// An identity.
    Identity(Identity),
    /// A relation of a group.
    GroupRelation(GroupRelation),
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
    /// A substitution.
    Substitution(Substitution),
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
    let found = makers(view, ids).await?;
    Ok(ids.iter().map(|id| found.get(id).map(|make| make())).collect())
}

/// What an id in a row names. One statement for each noun among the rows that came together.
pub async fn named<R>(row: &Row<R>, field: &'static str, id: fn(&R) -> GlobalId) -> Result<Option<Node>, Error>
where
    R: Identified + Clone + Send + Sync + 'static,
{
    let find = |view: View, rows: Vec<R>| async move {
        let ids: Vec<(Uuid, GlobalId)> = rows.iter().map(|row| (row.id(), id(row))).collect();
        let wanted: Vec<GlobalId> = ids.iter().map(|(_, id)| *id).collect();
        let found = makers(&view, &wanted).await?;
        Ok(ids.into_iter().filter_map(|(row, id)| Some((row, found.get(&id)?.clone()))).collect())
    };
    let maker: Option<Maker> = row.value_from_rows(field, find).await?;
    Ok(maker.map(|make| make()))
}

async fn makers(view: &View, ids: &[GlobalId]) -> Result<HashMap<GlobalId, Maker>, Error> {
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
    Ok(found)
}

type Maker = Arc<dyn Fn() -> Node + Send + Sync>;

async fn of_kind(view: View, kind: SubjectKind, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Maker)>, Error> {
    match kind {
        SubjectKind::Agreement => {
            rows(view, ids, domain::agreement::by_ids, |row| Node::Agreement(Agreement(row))).await
        }
        SubjectKind::Activity => rows(view, ids, domain::activity::by_ids, |row| Node::Activity(Activity(row))).await,
        SubjectKind::AgreementParty => {
            rows(view, ids, domain::agreement::parties_by_ids, |row| Node::AgreementParty(AgreementParty(row))).await
        }
        SubjectKind::Assignment => {
            rows(view, ids, domain::agreement::assignments_by_ids, |row| Node::Assignment(Assignment(row))).await
        }
        SubjectKind::Document => rows(view, ids, domain::source::documents, |row| Node::Document(Document(row))).await,
        SubjectKind::Event => rows(view, ids, domain::event::by_ids, |row| Node::Event(Event(row))).await,
        SubjectKind::FollowUpItem => {
            rows(view, ids, domain::follow_up_item::by_ids, |row| Node::FollowUpItem(FollowUpItem(row))).await
        }
        SubjectKind::Priority => rows(view, ids, domain::priority::by_ids, |row| Node::Priority(Priority(row))).await,
        SubjectKind::Project => rows(view, ids, domain::project::by_ids, |row| Node::Project(Project(row))).await,
        SubjectKind::Result => rows(view, ids, domain::result::by_ids, |row| Node::Result(ResultItem(row))).await,
        SubjectKind::Figure => rows(view, ids, domain::figure::by_ids, |row| Node::Figure(Figure(row))).await,
        SubjectKind::Change => rows(view, ids, domain::change::by_ids, |row| Node::Change(Change(row))).await,
        SubjectKind::Grant => rows(view, ids, domain::grant::by_ids, |row| Node::Grant(Grant(row))).await,
        SubjectKind::Identity => rows(view, ids, domain::identity::by_ids, |row| Node::Identity(Identity(row))).await,
        SubjectKind::Group => rows(view, ids, domain::group::by_ids, |row| Node::Group(Group(row))).await,
        SubjectKind::GroupRelation => {
            rows(view, ids, domain::group::relations_by_ids, |row| Node::GroupRelation(GroupRelation(row))).await
        }
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
        SubjectKind::Substitution => {
            rows(view, ids, domain::substitution::by_ids, |row| Node::Substitution(Substitution(row))).await
        }
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
    let rows = Row::batch(&view, find(view.clone(), ids).await?);
    Ok(rows.into_iter().map(|row| (row.id(), Arc::new(move || node(row.clone())) as Maker)).collect())
}
