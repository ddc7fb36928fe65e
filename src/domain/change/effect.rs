//! What a change did to each row, field by field, as far as the asker may know.

use std::collections::HashSet;

use entity::values::{Audience, GlobalId, SubjectKind, Term};
use sea_orm::QueryResult;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Row;
use crate::app::App;
use crate::db::Sql;
use crate::domain::cells::Identified;
use crate::domain::view::View;
use crate::domain::write::RowChange;
use crate::error::{Error, Subject};
use crate::policy;

/// What a change did to one row.
#[derive(Clone, Debug)]
pub struct Effect {
    id: Uuid,
    /// The row's table.
    pub table: String,
    /// The row.
    pub row_id: Uuid,
    was: Option<Map<String, Value>>,
    now: Option<Map<String, Value>>,
    /// Whether it is about somebody with protected personal data, and what it says is withheld.
    pub masked: bool,
}

/// A field before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Columns that say nothing that another does not say better.
const UNSAID: [&str; 7] =
    ["id", "version", "sort_key", "search_key", "subject_area_key", "valid_precision", "code_hash"];

impl Identified for Effect {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl Effect {
    /// The noun of the row, if it has one of its own.
    pub fn kind(&self) -> Option<SubjectKind> {
        SubjectKind::parse(&self.table.to_uppercase())
    }

    /// Whether the row is new.
    pub fn is_new(&self) -> bool {
        self.was.is_none() && self.now.is_some()
    }

    /// Whether the row is gone.
    pub fn is_gone(&self) -> bool {
        self.now.is_none() && self.was.is_some()
    }

    /// The fields that changed; none when they are withheld or have been erased.
    pub fn fields(&self) -> Vec<FieldChange> {
        let empty = Map::new();
        let (was, now) = (self.was.as_ref().unwrap_or(&empty), self.now.as_ref().unwrap_or(&empty));
        let mut names: Vec<&String> = was.keys().chain(now.keys()).collect();
        names.sort();
        names.dedup();
        let said = names.into_iter().filter(|name| !self.masked && !UNSAID.contains(&name.as_str()));
        let change = |name: &String| FieldChange {
            name: field(name),
            before: was.get(name).and_then(|value| text(self.kind(), name, value)),
            after: now.get(name).and_then(|value| text(self.kind(), name, value)),
        };
        said.map(change).filter(|change| change.before != change.after).collect()
    }

    fn columns(&self) -> impl Iterator<Item = &Map<String, Value>> {
        self.was.iter().chain(self.now.iter())
    }

    /// What the row is: its noun, or all that a row without one names.
    pub(super) fn subjects(&self) -> Vec<Subject> {
        self.kind().map_or_else(|| self.named(), |kind| vec![(kind, self.row_id)])
    }

    /// All that what is kept of the row names, before and after.
    pub(super) fn named(&self) -> Vec<Subject> {
        let id = |value: &Value| value.as_str().and_then(|id| Uuid::parse_str(id).ok());
        let kind_of = |columns: &Map<String, Value>| columns.get("subject_kind")?.as_str().and_then(SubjectKind::parse);
        let subject = |columns: &Map<String, Value>| Some((kind_of(columns)?, id(columns.get("subject_id")?)?));
        let names = |(column, value): (&String, &Value)| Some((reference(self.kind(), column)?, id(value)?));
        self.columns().flat_map(|columns| columns.iter().filter_map(names).chain(subject(columns))).collect()
    }

    /// For whom a row was that is gone.
    pub(super) fn audience(&self) -> Option<Audience> {
        self.was.as_ref()?.get("audience")?.as_str().and_then(Audience::parse)
    }

    /// Whether it is about one of these people.
    fn is_about(&self, people: &HashSet<Uuid>) -> bool {
        let named = |column: &str| {
            let values = self.columns().filter_map(|columns| columns.get(column)?.as_str());
            values.filter_map(|id| Uuid::parse_str(id).ok()).any(|id| people.contains(&id))
        };
        let itself = self.columns().any(|columns| columns.get("protected") == Some(&Value::Bool(true)));
        itself || people.contains(&self.row_id) || named("person_id") || named("contact_id") || named("subject_id")
    }
}

/// What each change did, as far as the asker may know: administrators know all, auditors all but what is about protected people, and others
/// what was done to things that they see.
pub async fn effects(view: View, changes: Vec<Row>) -> Result<Vec<(Uuid, Effect)>, Error> {
    let (owners, effects): (Vec<i64>, Vec<Effect>) = of_entries(&view.app, &changes).await?.into_iter().unzip();
    let known = known(&view, effects).await?;
    Ok(owners.into_iter().zip(known).filter_map(|(owner, effect)| Some((super::id(owner), effect?))).collect())
}

/// All that these entries did, each with its entry's place, for nobody in particular.
pub(super) async fn of_entries(app: &App, changes: &[Row]) -> Result<Vec<(i64, Effect)>, Error> {
    let select = "SELECT v.seq, v.id, v.row_table, v.row_id, v.was, v.now FROM change_value v WHERE v.seq IN";
    let seqs = Sql::list(changes.iter().map(|change| change.seq));
    let found = app.db.query(Sql::text(select).then(seqs).then("ORDER BY v.id")).await?;
    let effect = |row: &QueryResult| {
        let columns = |at| {
            let text = row.try_get_by_index::<Option<String>>(at)?;
            Ok::<_, Error>(text.and_then(|text| serde_json::from_str(&text).ok()))
        };
        let effect = Effect {
            id: super::id(row.try_get_by_index(1)?),
            table: row.try_get_by_index(2)?,
            row_id: row.try_get_by_index(3)?,
            was: columns(4)?,
            now: columns(5)?,
            masked: false,
        };
        Ok((row.try_get_by_index(0)?, effect))
    };
    found.iter().map(effect).collect()
}

/// What a dry run would do, as far as the asker may know.
pub async fn planned(view: &View, rows: &[RowChange]) -> Result<Vec<Effect>, Error> {
    let effect = |(number, row): (i64, &RowChange)| Effect {
        id: super::id(number),
        table: row.table.to_owned(),
        row_id: row.id,
        was: row.was.clone(),
        now: row.now.clone(),
        masked: false,
    };
    let effects: Vec<Effect> = (1..).zip(rows).map(effect).collect();
    let new: Vec<bool> = effects.iter().map(Effect::is_new).collect();
    let known = known(view, effects.clone()).await?;
    // What is not there yet hides nothing from whoever would make it.
    let shown = known.into_iter().zip(effects).zip(new);
    Ok(shown.filter_map(|((known, effect), new)| known.or(new.then_some(effect))).collect())
}

async fn known(view: &View, effects: Vec<Effect>) -> Result<Vec<Option<Effect>>, Error> {
    if policy::callable(&view.actor, policy::Action::ReadChanges).is_err() {
        return seen(view, effects).await;
    }
    let mut masked = effects;
    if !view.actor.sees_protected() {
        let protected = view.rows::<Uuid>(Sql::text("SELECT h.id FROM person h WHERE h.protected")).await?;
        let protected: HashSet<Uuid> = protected.into_iter().collect();
        for effect in &mut masked {
            effect.masked = effect.is_about(&protected);
        }
    }
    Ok(masked.into_iter().map(Some).collect())
}

/// Those on rows that the asker sees. A part that is no noun of its own is seen by who sees all that it names: what it is a part of, and whom.
async fn seen(view: &View, effects: Vec<Effect>) -> Result<Vec<Option<Effect>>, Error> {
    let named: Vec<Vec<Subject>> = effects.iter().map(Effect::subjects).collect();
    let visible = policy::visible_of(&view.app, &view.actor, named.iter().flatten().copied()).await?;
    let seen = |named: &[Subject]| !named.is_empty() && named.iter().all(|(_, id)| visible.contains(id));
    Ok(effects.into_iter().zip(named).map(|(effect, named)| Some(effect).filter(|_| seen(&named))).collect())
}

/// The column as the API names it.
fn field(column: &str) -> String {
    let name = match column {
        "valid_from" => "from",
        "valid_until" => "until",
        other => other.strip_suffix("_id").unwrap_or(other),
    };
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| name + &part[..1].to_uppercase() + &part[1..])
}

fn text(table: Option<SubjectKind>, column: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => match (column, reference(table, column)) {
            ("valid_from", _) if text == "0001-01-01" => None,
            ("valid_until", _) if text == "9999-12-31" => None,
            (_, Some(kind)) => {
                let id = Uuid::parse_str(text).ok()?;
                Some(GlobalId { kind: Some(kind), id, lens: None }.to_string())
            }
            _ => Some(text.clone()),
        },
        other => Some(other.to_string()),
    }
}

/// The noun that a column names a row of.
fn reference(table: Option<SubjectKind>, column: &str) -> Option<SubjectKind> {
    Some(match column {
        "parent_id" => return table,
        "person_id" => SubjectKind::Person,
        "seat_id" => SubjectKind::Seat,
        "group_id" | "to_group_id" => SubjectKind::Group,
        "organisation_id" | "appointer_id" | "on_behalf_of_id" | "convener_id" | "successor_id"
        | "to_organisation_id" | "owner_id" => SubjectKind::Organisation,
        "contact_id" => SubjectKind::Person,
        "agreement_id" => SubjectKind::Agreement,
        "assignment_id" => SubjectKind::Assignment,
        "project_id" => SubjectKind::Project,
        "event_id" => SubjectKind::Event,
        "position_id" => SubjectKind::Position,
        "membership_id" | "replaces_id" => SubjectKind::Membership,
        "tenure_id" => SubjectKind::Tenure,
        "identity_id" => SubjectKind::Identity,
        "meeting_id" => SubjectKind::Meeting,
        "schedule_id" => SubjectKind::Schedule,
        "sitting_id" => SubjectKind::Sitting,
        "document_id" => SubjectKind::Document,
        _ => return None,
    })
}
