//! References: under what things are kept in registers.

use entity::values::{ReferenceNumber, SubjectKind};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::row;
use crate::domain::input;
use crate::domain::view::View;
use crate::domain::write::{Entry, Writer, derived};
use crate::error::{Code, Error, Said};

row! {
    /// A reference.
    Row { id, subject_id: Uuid, series: String, number: String }
}

impl Row {
    /// As it is written.
    pub fn text(&self) -> String {
        ReferenceNumber { series: self.series.clone(), number: self.number.clone() }.to_string()
    }
}

/// The references of each subject, in the order in which they were given.
pub async fn of_subjects(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    let query = Sql::from(format!("SELECT {} FROM reference r WHERE r.subject_id IN", Row::columns("r")));
    let found = view.rows::<Row>(query.then(Sql::list(ids)).then("ORDER BY r.subject_id, r.ordinal, r.id")).await?;
    Ok(found.into_iter().map(|row| (row.subject_id, row)).collect())
}

/// The condition that a column names what is kept under this; nothing is kept under what is no reference.
pub fn names(column: &str, text: &str) -> Sql {
    match ReferenceNumber::parse(text) {
        Ok(ReferenceNumber { series, number }) => Sql::among(
            column,
            sql!("SELECT r.subject_id FROM reference r WHERE r.series = ? AND r.number = ?", series, number),
        ),
        Err(_) => Sql::text("1 = 0"),
    }
}

/// The most references of one thing.
const MOST: usize = 50;

/// References as a command gives them.
pub fn parsed(texts: &[String]) -> Result<Vec<ReferenceNumber>, Error> {
    input::at_most(texts.len(), MOST, "references")?;
    let mut references = Vec::new();
    for text in texts {
        let wrong = |english: String, swedish: &'static str| {
            Error::invalid(Code::InvalidInput, Said::both(english, swedish)).at("references")
        };
        let says = "en beteckning har siffror, efter en serie som RUN/ om den har någon, och högst 60 tecken";
        let reference = ReferenceNumber::parse(text).map_err(|error| wrong(error.to_string(), says))?;
        if references.contains(&reference) {
            return Err(wrong("this names something twice".to_owned(), "detta anger något två gånger"));
        }
        references.push(reference);
    }
    Ok(references)
}

/// Makes the references of a subject what they should be, as part of the verb that the entry is of.
pub async fn put(
    writer: &Writer,
    entry: &mut Entry,
    (subject_kind, subject_id): (SubjectKind, Uuid),
    references: Vec<ReferenceNumber>,
) -> Result<(), Error> {
    let were = entity::reference::Entity::find().filter(entity::reference::Column::SubjectId.eq(subject_id));
    let were = were.all(writer.db()).await?;
    let wanted = (1..).zip(references).map(|(ordinal, reference)| entity::reference::Model {
        id: derived(subject_id, &format!("reference/{reference}")),
        subject_kind,
        subject_id,
        ordinal,
        series: reference.series,
        number: reference.number,
    });
    writer.replace(entry, were, wanted.collect()).await
}
