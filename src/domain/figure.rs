//! Figures: numbers that sources state.

mod commands;

use entity::values::{Exactness, Measure, Period, SubjectKind};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::row;
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::source::{self, SourceInput};
use crate::domain::view::View;
use crate::domain::write::{Entry, Outcome, Verbs, Writer};
use crate::error::{Code, Error};
use crate::policy;

pub use commands::{ChangeFigureInput, RecordFigureInput, RemoveFigureInput};

row! {
    /// A figure.
    Row {
        id, subject_kind: SubjectKind, subject_id: Uuid, measure: Measure, value: i64, value_to: Option<i64>, unit: Option<String>,
        exactness: Exactness, note: Option<String>, version: i32,
    } dated
}

/// The figures of each subject whose period lies in a year.
pub async fn of_year(view: View, ids: Vec<Uuid>, year: i32) -> Result<Vec<(Uuid, Row)>, Error> {
    let query = Sql::from(format!("SELECT {} FROM figure f WHERE f.subject_id IN", Row::columns("f")))
        .then(Sql::list(ids))
        .and(within(year)?);
    Ok(view.rows::<Row>(query).await?.into_iter().map(|row| (row.subject_id, row)).collect())
}

macro_rules! about {
    ($($name:ident $table:literal;)+) => {$(
        #[doc = concat!("The figures about each row of ", $table, ", of all time or of a year.")]
        pub async fn $name(view: View, ids: Vec<Uuid>, year: Option<i32>, page: Page) -> Result<Vec<Slice<Row>>, Error> {
            of_owners(&view, $table, &ids, year, &page).await
        }
    )+};
}

about! {
    of_groups "\"group\"";
    of_organisations "organisation";
    of_projects "project";
    of_events "event";
    of_activities "activity";
    of_results "result";
}

/// The figures with these ids, about what the asker may see.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    let query = Sql::from(format!("SELECT {} FROM figure f WHERE f.id IN", Row::columns("f"))).then(Sql::list(ids));
    let found = view.rows::<Row>(query).await?;
    let subjects = found.iter().map(|row| (row.subject_kind, row.subject_id));
    let seen = policy::visible_of(&view.app, &view.actor, subjects).await?;
    Ok(found.into_iter().filter(|row| seen.contains(&row.subject_id)).collect())
}

async fn of_owners(
    view: &View,
    table: &'static str,
    ids: &[Uuid],
    year: Option<i32>,
    page: &Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let list = List {
        name: "figure by time",
        columns: Row::columns("f").into(),
        main: "f",
        table: "figure f",
        joins: Sql::default(),
        filter: year.map(within).transpose()?.unwrap_or_default(),
        keys: &[Key::Date("f.valid_from"), Key::Id("f.id")],
        descending: false,
        veiled: None,
    };
    list.pages(view, &Parent::new(table, "f.subject_id = parent.id"), ids, page).await
}

fn within(year: i32) -> Result<Sql, Error> {
    let (from, until, _) = self::year(year)?.columns();
    Ok(sql!("f.valid_from >= ? AND f.valid_until <= ?", from, until))
}

/// A year of the calendar.
pub fn year(year: i32) -> Result<Period, Error> {
    let known = Some(year).filter(|year| (1900..2200).contains(year)).and_then(Period::year);
    known.ok_or_else(|| Error::invalid(Code::InvalidYear, "a year lies between 1900 and 2199"))
}

/// A figure, as a verb takes it.
#[derive(Clone, Debug)]
pub struct FigureInput {
    pub id: Uuid,
    pub measure: Measure,
    pub value: i64,
    /// The upper end of a range.
    pub value_to: Option<i64>,
    pub unit: Option<String>,
    pub exactness: Exactness,
    pub period: Period,
    pub note: Option<String>,
    pub sources: Vec<SourceInput>,
}

const VERBS: Verbs = Verbs { new: "recordFigure", changed: "changeFigure", gone: "removeFigure" };

/// Makes the figures that documents state about a subject what they should be. Those that were recorded otherwise stay.
pub async fn put(
    writer: &mut Writer,
    (subject_kind, subject_id): (SubjectKind, Uuid),
    inputs: Vec<FigureInput>,
) -> Result<Outcome, Error> {
    let row = |input: &FigureInput| {
        let (valid_from, valid_until, valid_precision) = input.period.columns();
        entity::figure::Model {
            id: input.id,
            subject_kind,
            subject_id,
            measure: input.measure,
            value: input.value,
            value_to: input.value_to,
            unit: input.unit.clone(),
            exactness: input.exactness,
            note: input.note.clone(),
            valid_from,
            valid_until,
            valid_precision,
            version: 0,
        }
    };
    let wanted = inputs.iter().map(row).collect();
    let were = entity::figure::Entity::find().filter(entity::figure::Column::SubjectId.eq(subject_id));
    let were = were.all(writer.db()).await?;
    let mut outcome = writer.replace_each((VERBS, SubjectKind::Figure), were, wanted).await?;
    for input in inputs {
        let mut entry = Entry::new(VERBS, SubjectKind::Figure, input.id);
        source::put(writer, &mut entry, (SubjectKind::Figure, input.id), input.sources).await?;
        outcome = outcome.with(writer.finish::<entity::figure::Model>(entry).await?);
    }
    Ok(outcome)
}

/// Takes away the figures about something that goes, as part of the verb that the entry is of.
pub async fn remove_of(writer: &Writer, entry: &mut Entry, subject: Uuid) -> Result<(), Error> {
    let figures = entity::figure::Entity::find().filter(entity::figure::Column::SubjectId.eq(subject));
    for figure in figures.all(writer.db()).await? {
        writer.remove(entry, figure).await?;
    }
    Ok(())
}
