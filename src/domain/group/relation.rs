//! Relations: whom a group serves, and whom it took over from.

use async_graphql::{InputObject, MaybeUndefined, OneofObject};
use entity::values::{Date, GlobalId, Period, RelationKind, SubjectKind};
use entity::{Dated, group, group_relation};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::db::Sql;
use crate::domain::cells::row;
use crate::domain::input::{self, seen};
use crate::domain::source::{self, SourceInput};
use crate::domain::view::View;
use crate::domain::write::{Command, Entry, Outcome, Verbs, Writer, derived, how, is_derived};
use crate::error::{Error, Rule};
use crate::policy::{self, Action, Permit, scope};

row! {
    /// How a group relates to another group or to an organisation.
    Relation {
        id, group_id: Uuid, kind: RelationKind, to_group_id: Option<Uuid>, to_organisation_id: Option<Uuid>, version: i32,
    } dated
}

/// The relations of each group, in either direction, that hold on the day and whose other end the asker may see.
pub async fn relations(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Relation)>, Error> {
    let either = Sql::from("(r.group_id IN").then(Sql::list(ids.iter().copied())).then("OR r.to_group_id IN");
    let either = either.then(Sql::list(ids.iter().copied())).then(")");
    let found = related(&view, either.and(view.current("r"))).await?;
    let ends = found.into_iter().flat_map(|relation| {
        let ends = [Some(relation.group_id), relation.to_group_id];
        ends.into_iter().flatten().map(move |end| (end, relation.clone()))
    });
    Ok(ends.filter(|(end, _)| ids.contains(end)).collect())
}

/// The relations of groups to each organisation that hold on the day and whose group the asker may see.
pub async fn relations_to_organisations(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Relation)>, Error> {
    let to = Sql::from("r.to_organisation_id IN").then(Sql::list(ids));
    let found = related(&view, to.and(view.current("r"))).await?;
    Ok(found.into_iter().filter_map(|relation| Some((relation.to_organisation_id?, relation))).collect())
}

/// The relations with these ids, of any time, both ends of which the asker may see.
pub async fn relations_by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Relation>, Error> {
    related(&view, Sql::from("r.id IN").then(Sql::list(ids))).await
}

async fn related(view: &View, wanted: Sql) -> Result<Vec<Relation>, Error> {
    let query = Sql::from(format!(
        "SELECT {} FROM group_relation r JOIN \"group\" g ON g.id = r.group_id WHERE",
        Relation::columns("r")
    ))
    .then(wanted)
    .and(scope::group(&view.actor, "g"))
    .and("(r.to_group_id IS NULL OR EXISTS (SELECT 1 FROM \"group\" t WHERE t.id = r.to_group_id")
    // One by one: the offset keeps PostgreSQL from reading all groups beforehand.
    .and(scope::group(&view.actor, "t"))
    .then("LIMIT 1 OFFSET 0))")
    .then("ORDER BY r.kind, g.sort_key, r.id");
    view.rows::<Relation>(query).await
}

/// A relation of a group, as a verb takes it.
#[derive(Clone, Debug)]
pub struct RelationInput {
    pub kind: RelationKind,
    pub to: RelationTarget,
    pub period: Period,
    pub sources: Vec<SourceInput>,
}

/// What a group relates to.
#[derive(Clone, Copy, Debug)]
pub enum RelationTarget {
    Group(Uuid),
    Organisation(Uuid),
}

/// Whom a group is to relate to, and how.
#[derive(Clone, Debug, InputObject)]
pub struct RelateGroupsInput {
    /// The group that serves, or that took over.
    pub group: GlobalId,
    /// How it relates to the target.
    pub kind: RelationKind,
    /// What it serves, or took over from.
    pub to: RelationTargetInput,
    /// From which day on; today when left out, null when nobody knows.
    pub from: MaybeUndefined<Date>,
    /// The day after the last; when left out without an end, or as long as both serve and are served.
    pub until: Option<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Names what a group relates to.
#[derive(Clone, Copy, Debug, OneofObject)]
pub enum RelationTargetInput {
    /// Another group.
    Group(GlobalId),
    /// An organisation, or a unit of one.
    Organisation(GlobalId),
}

/// Which relation is to end, and when.
#[derive(Clone, Debug, InputObject)]
pub struct EndRelationInput {
    /// Which.
    pub relation: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The day after the last; today when left out.
    pub until: Option<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for RelateGroupsInput {
    how!(RelateGroups);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let group = (SubjectKind::Group, self.group.of(SubjectKind::Group));
        let permit = policy::permit_on(&view.app, &view.actor, Action::RelateGroups, group).await;
        let permit = permit.map_err(|error| error.at("group"))?;
        let target = match self.to {
            RelationTargetInput::Group(id) => seen(view, id, SubjectKind::Group, "group").await,
            RelationTargetInput::Organisation(id) => seen(view, id, SubjectKind::Organisation, "organisation").await,
        };
        target.map_err(|error| error.at("to"))?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (id, group) = (writer.app().new_id(), self.group.of(SubjectKind::Group));
        // Two who relate the group at the same time come one after the other.
        let locked = writer.lock::<group::Model>(group).await?.ok_or(Error::NotFound)?;
        let period = input::begun(&self.from, self.until, writer.app().today())?;
        let input = RelationInput { kind: self.kind, to: self.to.target(), period, sources: Vec::new() };
        let period = if self.kind == RelationKind::Serves { serving(writer, locked, &input).await? } else { period };
        let row = relation(id, group, &RelationInput { period, ..input });
        once(writer, &row).await?;
        let mut entry = writer.entry(SubjectKind::GroupRelation, id);
        writer.put(&mut entry, row).await?;
        writer.finish::<group_relation::Model>(entry).await?;
        Ok(id)
    }
}

impl RelationTargetInput {
    fn target(self) -> RelationTarget {
        match self {
            Self::Group(id) => RelationTarget::Group(id.of(SubjectKind::Group)),
            Self::Organisation(id) => RelationTarget::Organisation(id.of(SubjectKind::Organisation)),
        }
    }
}

/// A group serves, and is served, while it exists: an open bound is that of the groups.
async fn serving(writer: &Writer, group: group::Model, input: &RelationInput) -> Result<Period, Error> {
    let mut ends = vec![group];
    if let RelationTarget::Group(id) = input.to {
        ends.push(writer.find(id).await?.ok_or(Error::NotFound)?);
    }
    let outer = ends.iter().try_fold(Period::ALWAYS, |outer, end| outer.intersection(end.period()));
    let period = outer.map_or(input.period, |outer| input.period.within(outer));
    let outside =
        |end: &&group::Model| end.period().intersection(input.period).is_none() || !end.period().contains(period);
    match ends.iter().find(outside) {
        Some(end) => Err(Error::conflict_on(Rule::GroupRelationOutsideGroup, SubjectKind::Group, end.id)),
        None => Ok(period),
    }
}

/// No relation twice at once, and none of a group to itself.
async fn once(writer: &Writer, row: &group_relation::Model) -> Result<(), Error> {
    if row.to_group_id == Some(row.group_id) {
        return Err(Error::conflict_on(Rule::GroupRelationToItself, SubjectKind::Group, row.group_id).at("to"));
    }
    let there = group_relation::Entity::find()
        .filter(group_relation::Column::GroupId.eq(row.group_id))
        .filter(group_relation::Column::Kind.eq(row.kind))
        .all(writer.db())
        .await?;
    let target = |row: &group_relation::Model| (row.to_group_id, row.to_organisation_id);
    let same = |other: &&group_relation::Model| {
        target(other) == target(row) && other.period().intersection(row.period()).is_some()
    };
    match there.iter().find(same) {
        Some(same) => Err(Error::conflict_on(Rule::GroupRelationTwice, SubjectKind::GroupRelation, same.id)),
        None => Ok(()),
    }
}

impl Command for EndRelationInput {
    how!(EndRelation);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let id = self.relation.of(SubjectKind::GroupRelation);
        // Who does not see where it leads does not see the relation.
        if relations_by_ids(view.clone(), vec![id]).await?.is_empty() {
            return Err(Error::NotFound.at("relation"));
        }
        let permit =
            policy::permit_on(&view.app, &view.actor, Action::EndRelation, (SubjectKind::GroupRelation, id)).await;
        permit.map_err(|error| error.at("relation"))
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.relation.of(SubjectKind::GroupRelation);
        let mut row: group_relation::Model =
            writer.expect(SubjectKind::GroupRelation, id, self.expected_version).await?;
        row.set_period(input::ended(row.period(), self.until, writer.app().today())?);
        let mut entry = writer.entry(SubjectKind::GroupRelation, id);
        writer.put(&mut entry, row).await?;
        writer.finish::<group_relation::Model>(entry).await?;
        Ok(id)
    }
}

const RELATE: Verbs = Verbs { new: "relateGroups", changed: "relateGroups", gone: "relateGroups" };

impl RelationTarget {
    /// The target's id.
    pub fn id(self) -> Uuid {
        match self {
            Self::Group(id) | Self::Organisation(id) => id,
        }
    }
}

/// Makes the relations that documents gave a group what they should be. Those that were added otherwise stay. Each has a version of
/// its own.
pub async fn relate(writer: &mut Writer, id: Uuid, relations: Vec<RelationInput>) -> Result<Outcome, Error> {
    let mut entry = Entry::new(RELATE, SubjectKind::Group, id);
    let mut were =
        group_relation::Entity::find().filter(group_relation::Column::GroupId.eq(id)).all(writer.db()).await?;
    were.retain(|row| is_derived(row.id));
    let wanted: Vec<_> = (1..)
        .zip(relations)
        .map(|(ordinal, input)| (relation(derived(id, &format!("relation/{ordinal}")), id, &input), input.sources))
        .collect();
    writer.replace(&mut entry, were, wanted.iter().map(|(row, _)| row.clone()).collect()).await?;
    for (row, sources) in wanted {
        source::put(writer, &mut entry, (SubjectKind::GroupRelation, row.id), sources).await?;
    }
    Ok(writer.record(entry))
}

fn relation(id: Uuid, group: Uuid, input: &RelationInput) -> group_relation::Model {
    let (valid_from, valid_until, valid_precision) = input.period.columns();
    let (to_group_id, to_organisation_id) = match input.to {
        RelationTarget::Group(id) => (Some(id), None),
        RelationTarget::Organisation(id) => (None, Some(id)),
    };
    group_relation::Model {
        id,
        group_id: group,
        kind: input.kind,
        to_group_id,
        to_organisation_id,
        valid_from,
        valid_until,
        valid_precision,
        version: 0,
    }
}
